"""The Discovery reader: what it understands, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from concertpitch_codegen.document import Behavior, Enum, Evidence, Map, Message, Ref
from concertpitch_codegen.problems import DocumentError
from concertpitch_codegen.readers import discovery


def test_every_fact_knows_where_it_was_read(toy: dict[str, Any]) -> None:
    document = discovery.read(toy, "toy.v1")
    shop = document.definitions["Shop"]
    assert isinstance(shop, Message)
    name = shop.fields["name"]
    assert str(name.origin) == "toy.v1#/schemas/Shop/properties/name"
    assert [(fact.behavior, fact.evidence, fact.origin.pointer) for fact in name.behaviors] == [
        (Behavior.OUTPUT_ONLY, Evidence.FLAG, "/schemas/Shop/properties/name/readOnly"),
        (Behavior.OUTPUT_ONLY, Evidence.TEXT, "/schemas/Shop/properties/name/description"),
        (Behavior.IDENTIFIER, Evidence.TEXT, "/schemas/Shop/properties/name/description"),
    ]


def test_unnamed_enums_and_objects_are_named_by_their_place(toy: dict[str, Any]) -> None:
    document = discovery.read(toy, "toy.v1")
    kind = document.definitions["ShopKind"]
    assert isinstance(kind, Enum)
    assert [(each.name, each.description, each.deprecated) for each in kind.values] == [
        ("KIND_UNSPECIFIED", None, False),
        ("BIG", "Big.", True),
    ]
    assert isinstance(document.definitions["ShopAddress"], Message)
    assert document.named() == len(toy["schemas"])


def test_a_hoisted_name_never_takes_a_declared_one(toy: dict[str, Any]) -> None:
    toy["schemas"]["ShopKind"] = {"id": "ShopKind", "type": "object"}
    document = discovery.read(toy, "toy.v1")
    assert isinstance(document.definitions["ShopKind"], Message)
    assert isinstance(document.definitions["ShopKindValue"], Enum)


def test_limits_have_the_declared_type(toy: dict[str, Any]) -> None:
    document = discovery.read(toy, "toy.v1")
    (size,) = [each for each in document.operations["toy.shops.toys.list"].parameters if each.name == "pageSize"]
    toy_message = document.definitions["Toy"]
    assert isinstance(toy_message, Message)
    assert size.schema.limits == {"default": 10, "maximum": 100}
    assert toy_message.fields["price"].limits == {"minimum": 1}
    assert isinstance(toy_message.fields["labels"].type, Map)


def test_an_inline_request_body_becomes_a_message(toy: dict[str, Any]) -> None:
    method = toy["resources"]["shops"]["methods"]["get"]
    method["request"] = {"type": "object", "properties": {"why": {"type": "string"}}}
    operation = discovery.read(toy, "toy.v1").operations["toy.shops.get"]
    assert operation.request is not None
    assert operation.request.type == Ref("ShopsGetRequest")


def test_all_problems_are_reported_together(toy: dict[str, Any]) -> None:
    toy["schemas"]["Shop"]["properties"]["owner"] = {"$ref": "Nobody"}
    toy["schemas"]["Toy"]["properties"]["parts"].pop("items")
    toy["schemas"]["../../etc/passwd"] = {"type": "object"}
    toy["schemas"]["Toy"]["properties"]["price"]["minimum"] = "lots"
    toy["schemas"]["Toy"]["properties"]["anything"]["type"] = "quaternion"
    toy["resources"]["shops"]["methods"]["get"]["path"] = "v1/{+nom}"
    with pytest.raises(DocumentError) as caught:
        discovery.read(toy, "toy.v1")
    assert [each.pointer for each in caught.value.problems] == [
        "/resources/shops/methods/get",
        "/schemas/..~1..~1etc~1passwd",
        "/schemas/Shop/properties/owner",
        "/schemas/Toy/properties/anything",
        "/schemas/Toy/properties/parts",
        "/schemas/Toy/properties/price/minimum",
    ]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: raw.update(schemas=[]),
        lambda raw: raw["schemas"].update(Shop=7),
        lambda raw: raw["schemas"]["Shop"].update(properties="none"),
        lambda raw: raw["schemas"]["Shop"]["properties"]["kind"].update(enum=[1]),
        lambda raw: raw["schemas"]["Shop"].update(description=["x"]),
        lambda raw: raw["resources"]["shops"]["methods"]["get"].update(parameters={"name": None}),
        lambda raw: raw["resources"].update(shops=True),
    ],
)
def test_wrong_types_are_problems_not_tracebacks(toy: dict[str, Any], spoil: Any) -> None:
    spoil(toy)
    with pytest.raises(DocumentError):
        discovery.read(toy, "toy.v1")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"id": "toy:v2"}, "is 'toy:v2', 'toy:v1' was asked for"),
        ({"kind": "urlshortener#url"}, "is not a Discovery document"),
        ({"version": "v2"}, "its id says 'toy:v1'"),
        ({"revision": None}, "has no revision date"),
    ],
)
def test_a_document_is_what_it_claims(toy: dict[str, Any], change: dict[str, Any], sentence: str) -> None:
    assert discovery.identify(toy, "toy.v1", "toy:v1") == "20260102"
    with pytest.raises(DocumentError, match=sentence):
        discovery.identify(toy | change, "toy.v1", "toy:v1")
