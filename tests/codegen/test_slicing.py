"""Slices: what is in, why, and that nothing is lost on the way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from concertpitch_codegen.counting import check_counts
from concertpitch_codegen.problems import DocumentError
from concertpitch_codegen.readers import discovery
from concertpitch_codegen.readers.discovery_slice import cut_source
from concertpitch_codegen.slicing import cut
from concertpitch_codegen.writers.openapi import openapi

if TYPE_CHECKING:
    from pathlib import Path


def test_a_slice_is_the_closure_with_reasons(toy: dict[str, Any]) -> None:
    part = cut(discovery.read(toy, "toy.v1"), ("shops.toys",))
    assert list(part.document.operations) == ["toy.shops.toys.list"]
    assert part.reasons == {
        "ListToysResponse": "toy.shops.toys.list response",
        "Toy": "ListToysResponse.toys",
    }


def test_a_cut_source_keeps_every_pointer(toy: dict[str, Any]) -> None:
    part = cut(discovery.read(toy, "toy.v1"), ("shops.toys",))
    kept = cut_source(toy, part.document)
    assert kept["schemas"]["Toy"] == toy["schemas"]["Toy"]
    assert set(kept["schemas"]) == {"ListToysResponse", "Toy"}
    assert "methods" not in kept["resources"]["shops"]
    assert kept["resources"]["shops"]["resources"] == toy["resources"]["shops"]["resources"]
    assert discovery.read(kept, "toy.v1").operations == part.document.operations


def test_without_methods_there_is_nothing_to_select(toy: dict[str, Any]) -> None:
    del toy["resources"]
    with pytest.raises(DocumentError, match="has no method that is called over HTTP"):
        cut(discovery.read(toy, "toy.v1"), ("*",))


def test_selecting_nothing_is_a_problem(toy: dict[str, Any]) -> None:
    with pytest.raises(DocumentError) as caught:
        cut(discovery.read(toy, "toy.v1"), ("shop",), ("Nothing",))
    assert [each.message for each in caught.value.problems] == [
        "has no method 'shop' and none under it; it has shops, shops.get",
        "has no schema 'Nothing'",
    ]


@pytest.mark.parametrize("lose", ["operation", "schema", "field"])
def test_a_loss_on_the_way_is_an_error(toy: dict[str, Any], lose: str) -> None:
    document = discovery.read(toy, "toy.v1")
    written = openapi(document)
    check_counts(document, written)
    if lose == "operation":
        written["paths"].pop("/v1/shops/{shopsId}")
    elif lose == "schema":
        written["components"]["schemas"].pop("Toy")
    else:
        written["components"]["schemas"]["Toy"]["properties"].pop("price")
    with pytest.raises(DocumentError, match="was lost"):
        check_counts(document, written)


@pytest.mark.parametrize(("version", "operations"), [("v1", 10), ("v1beta1", 12)])
def test_the_committed_slices_hold_what_the_lock_counts(checkout: Path, version: str, operations: int) -> None:
    document = f"aiplatform.{version}"
    pin = json.loads((checkout / "specs/specs.lock.json").read_text())["documents"][document]
    raw = json.loads((checkout / f"specs/documents/{document}.json").read_text())
    read = discovery.read(raw, document)
    assert len(read.operations) == pin["counts"]["operations"][0] == operations
    assert read.named() == pin["counts"]["schemas"][0] == len(raw["schemas"])
    assert set(raw["schemas"]) <= set(pin["reasons"])
    job = f"GoogleCloudAiplatform{version.capitalize()}TuningJob"
    assert pin["reasons"][job] == "aiplatform.projects.locations.tuningJobs.create request"
