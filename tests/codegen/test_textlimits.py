"""Limits that stand only in prose are facts with the evidence `text`, and bind nobody's answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from concertpitch_codegen.build import build_files
from concertpitch_codegen.document import Anything, Evidence, Map, Message, Origin, Ref, Scalar, Schema
from concertpitch_codegen.generate import surface_document
from concertpitch_codegen.readers import discovery
from concertpitch_codegen.show import show
from concertpitch_codegen.textlimits import text_limits
from concertpitch_codegen.writers.jsonschema import element_schema

if TYPE_CHECKING:
    from pathlib import Path

    from concertpitch_codegen.document import Type

TEXT = Scalar("string")


def limits(description: str | None, kind: Type = TEXT) -> dict[str, Any]:
    schema = Schema(Origin("toy", "/schemas/Toy/properties/name"), kind, description)
    return {each.name: each.value for each in text_limits(schema)}


@pytest.mark.parametrize(
    ("description", "said"),
    [
        ("The name can be up to 128 characters long and can hold any UTF-8 characters.", {"maxLength": 128}),
        ("The display name must be up to 40 characters including spaces.", {"maxLength": 40}),
        ("Max 1,000 characters.", {"maxLength": 1000}),
        ("Must not exceed 512 bytes.", {"maxBytes": 512}),
        ("This value should be 1-128 characters.", {"minLength": 1, "maxLength": 128}),
        ("Between 1 and 255 characters.", {"minLength": 1, "maxLength": 255}),
        (
            "up to 40 characters. The id must match the regular expression: `[a-z]([a-z0-9-]{0,38}[a-z0-9])?`.",
            {"maxLength": 40, "pattern": "[a-z]([a-z0-9-]{0,38}[a-z0-9])?"},
        ),
        (
            "must match the regular expression: [a-z]([a-z0-9]{0,38}[a-z0-9])?.",
            {"pattern": "[a-z]([a-z0-9]{0,38}[a-z0-9])?"},
        ),
        ("Format: `projects/{project}/toys/{toy}`", {"resourceFormat": "projects/{project}/toys/{toy}"}),
        ("The resource name pattern is `toys/{toy}`", {"resourceFormat": "toys/{toy}"}),
        ("Values can range over `[0.0,1.0]`, inclusive.", {"minimum": 0.0, "maximum": 1.0}),
        ("Values can range over `[0.0,max_temperature]`, inclusive.", {}),
        ("A pattern like `(` is no regular expression: `[a-`.", {}),
        ("A dataset of up to 128 examples, in the format of your choice.", {}),
        (None, {}),
    ],
)
def test_phrases(description: str | None, said: dict[str, Any]) -> None:
    assert limits(description) == said


def test_a_limit_says_where_it_stands() -> None:
    (fact,) = text_limits(Schema(Origin("toy", "/a"), TEXT, "Up to 3 characters."))
    assert (fact.evidence, fact.origin) == (Evidence.TEXT, Origin("toy", "/a/description"))


def test_what_is_said_of_a_message_limits_no_field() -> None:
    text = "Keys are no longer than 64 characters."
    assert limits(text, Map(Schema(Origin("toy", "/a/b"), Anything()))) == {"maxLength": 64}
    assert limits(text, Ref("Toy")) == {}


def test_answers_stay_free() -> None:
    written = element_schema(Schema(Origin("toy", "/a"), TEXT, "Up to 3 characters."), None, "#/$defs/")
    assert written["x-concertpitch-text-limits"] == {"maxLength": 3}
    jsonschema.Draft202012Validator(written).validate("four")


def test_writers_show_them(toy: dict[str, Any]) -> None:
    toy["schemas"]["Shop"]["properties"]["name"]["description"] = "Up to 64 characters. Format: `shops/{shop}`."
    document = discovery.read(toy, "toy.v1")
    shop = document.definitions["Shop"]
    assert isinstance(shop, Message)
    written = build_files(document, (), "acme.shop")
    page = written["pages/Shop.md"].decode()
    assert "| [optional] [readonly] [maxLength `64`] [resourceFormat `shops/{shop}`] |" in page
    assert "      maxLength: 64 by text  toy.v1#/schemas/Shop/properties/name/description" in list(
        show(document, "Shop")
    )


def test_the_gemini_surfaces_know_theirs(checkout: Path) -> None:
    document = surface_document(checkout, "gemini_v1beta3")
    model = document.definitions["GoogleAiGenerativelanguageV1beta3TunedModel"]
    assert isinstance(model, Message)
    assert {name: {each.name: each.value for each in text_limits(field)} for name, field in model.fields.items()} == {
        **{name: {} for name in model.fields},
        "displayName": {"maxLength": 40},
        "temperature": {"minimum": 0.0, "maximum": 1.0},
    }
    create = document.operations["generativelanguage.tunedModels.create"]
    (identity,) = [each.schema for each in create.parameters if each.name == "tunedModelId"]
    assert {each.name: each.value for each in text_limits(identity)} == {
        "maxLength": 40,
        "pattern": "[a-z]([a-z0-9-]{0,38}[a-z0-9])?",
    }
