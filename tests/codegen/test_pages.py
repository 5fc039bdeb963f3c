"""Model pages read well, whatever is known and whatever it is called."""

from __future__ import annotations

from typing import Any

from concertpitch_codegen.readers import discovery
from concertpitch_codegen.writers.pages import write_pages


def pages(raw: dict[str, Any]) -> dict[str, str]:
    return {name: page.decode() for name, page in write_pages(discovery.read(raw, "toy.v1")).items()}


def test_an_enum_has_the_columns_that_something_is_known_for(toy: dict[str, Any]) -> None:
    assert (
        "| Value | Description |\n| --- | --- |\n| KIND_UNSPECIFIED |  |\n| BIG | Deprecated. Big. |"
        in (pages(toy)["Shop.md"])
    )
    del toy["schemas"]["Shop"]["properties"]["kind"]["enumDescriptions"]
    del toy["schemas"]["Shop"]["properties"]["kind"]["enumDeprecated"]
    assert "| Value |\n| --- |\n| KIND_UNSPECIFIED |\n| BIG |\n" in pages(toy)["Shop.md"]


def test_the_index_says_in_a_sentence_what_each_message_is(toy: dict[str, Any]) -> None:
    toy["schemas"]["Toy"]["description"] = "A thing to play with, e.g. `Lego`. It may have parts."
    index = pages(toy)["README.md"].splitlines()
    assert "- [Toy](Toy.md): A thing to play with, e.g. `Lego`." in index
    assert "- [Shop](Shop.md)" in index


def test_what_is_no_message_has_a_page_too(toy: dict[str, Any]) -> None:
    toy["schemas"]["Anything"] = {"id": "Anything", "type": "any", "description": "Any JSON value."}
    toy["schemas"]["Toy"]["properties"]["anything"] = {"$ref": "Anything"}
    written = pages(toy)
    assert "Any JSON value.\n\nType: **any**\n" in written["Anything.md"]
    assert "| **anything** | [**Anything**](Anything.md) |" in written["Toy.md"]


def test_names_that_are_one_for_some_file_systems_are_kept_apart(toy: dict[str, Any]) -> None:
    for name in ("README", "toy"):
        toy["schemas"][name] = {"id": name, "type": "object", "properties": {"toy": {"$ref": "toy"}}}
    written = pages(toy)
    assert len({name.lower() for name in written}) == len(written)
    assert written["README_.md"].startswith("# README\n")
    assert "[**toy**](toy_.md)" in written["README_.md"]
    assert written["Toy.md"].startswith("# Toy\n")


def test_markup_is_shown_and_not_done(toy: dict[str, Any]) -> None:
    toy["schemas"]["Toy"]["description"] = "Reads `Map<K, V>` <script>alert(1)</script> and `a` & `b`."
    page = pages(toy)["Toy.md"]
    assert "Reads <code>Map&lt;K, V&gt;</code> &lt;script&gt;alert(1)&lt;/script&gt; and `a` &amp; `b`." in page


def test_enums_of_odd_names_are_linked_as_headings_are(toy: dict[str, Any]) -> None:
    toy["schemas"]["A.b-C"] = {"id": "A.b-C", "type": "object", "properties": {"d": {"type": "string", "enum": ["E"]}}}
    page = pages(toy)["A.b-C.md"]
    assert "(#enum-ab-cd)" in page
    assert "## Enum: A.b-CD\n" in page
