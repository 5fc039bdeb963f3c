"""Overlays: what they add, and that one that does nothing is an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from concertpitch_codegen.build import build_files
from concertpitch_codegen.document import Behavior, Document, Enum, Evidence, Message, Origin
from concertpitch_codegen.overlaid import overlaid
from concertpitch_codegen.overlay import Overlay, apply
from concertpitch_codegen.problems import DocumentError
from concertpitch_codegen.readers import discovery, openapi
from concertpitch_codegen.show import show
from concertpitch_codegen.slicing import cut
from concertpitch_codegen.writers.openapi import openapi as write

if TYPE_CHECKING:
    from collections.abc import Callable


DOCUMENT = {
    "paths": {"/a": {"get": {"responses": {}}, "parameters": []}, "/b": {"post": {"responses": {}}}},
    "components": {"schemas": {"Job": {"type": "object", "x-google-oneof": {"spec": ["one"]}}}},
}
SCHEMAS = "$.components.schemas"
CLOSE = {
    "/v1/shops/{shopsId}:close": {
        "post": {
            "operationId": "toy.shops.close",
            "description": "Closes a shop.",
            "x-google-path": "v1/{+name}:close",
            "x-google-path-parameters": [{"name": "name", "type": "string", "description": "Required. Which."}],
            "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/CloseShop"}}}},
            "responses": {
                "200": {
                    "description": "ok",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Shop"}}},
                }
            },
        }
    }
}
CLOSE_SHOP = {
    "type": "object",
    "description": "Asks for the end.",
    "properties": {
        "reason": {"type": "string", "enum": ["MOVED", "BROKE"], "x-google-field-behavior": ["REQUIRED"]},
        "until": {"type": "string", "format": "google-datetime"},
        "days": {"type": "array", "items": {"type": "string", "format": "int64"}},
    },
    "x-google-oneof": {"end": ["until", "days"]},
}


def action(target: str, update: Any = None, **more: Any) -> dict[str, Any]:
    """Make an action; without an update it removes."""
    change = {"update": update} if update is not None else {"remove": True}
    return {"target": target, "x-concertpitch-cite": "a letter", "description": "They wrote.", **change, **more}


def overlay(*actions: dict[str, Any]) -> Overlay:
    return Overlay("toy.json", {"overlay": "1.0.0", "info": {"title": "", "version": "7"}, "actions": list(actions)})


def test_updates_merge_and_tell_what_they_touched() -> None:
    done = apply(DOCUMENT, [overlay(action(f"{SCHEMAS}.Job", {"x-google-oneof": {"spec": ["two"]}}))])
    job = done.document["components"]["schemas"]["Job"]
    assert job == {"type": "object", "x-google-oneof": {"spec": ["one", "two"]}}
    assert [each.at for each in done.touched] == ["/components/schemas/Job/x-google-oneof/spec"]
    assert DOCUMENT["components"]["schemas"]["Job"]["x-google-oneof"] == {"spec": ["one"]}  # type: ignore[index]


def test_a_wildcard_reaches_every_operation() -> None:
    done = apply(DOCUMENT, [overlay(action("$.paths.*.*.responses", {"default": {}}))]).document
    assert done["paths"]["/a"]["get"]["responses"] == {"default": {}}
    assert done["paths"]["/b"]["post"]["responses"] == {"default": {}}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"target": f"{SCHEMAS}.Jbo"}, "matches nothing"),
        ({"target": "$..schemas"}, "a target is made of names"),
        ({"x-concertpitch-cite": ""}, "has no x-concertpitch-cite"),
        ({"update": None}, "has neither an object to update with nor"),
        ({"remove": True}, "or both"),
    ],
)
def test_an_action_that_cannot_be_right_is_refused(change: dict[str, Any], sentence: str) -> None:
    good = action(f"{SCHEMAS}.Job", {"a": 1})
    apply(DOCUMENT, [overlay(good)])
    with pytest.raises(DocumentError, match=sentence):
        apply(DOCUMENT, [overlay(good | change)])


@pytest.fixture
def shop(toy: dict[str, Any]) -> Callable[..., Document]:
    """Give the toy document after some actions, cut as a surface is."""

    def make(*actions: dict[str, Any]) -> Document:
        return cut(overlaid(discovery.read(toy, "toy.v1"), [overlay(*actions)]), ("shops",)).document

    return make


def test_what_no_overlay_touched_stays_the_same(shop: Callable[..., Document], toy: dict[str, Any]) -> None:
    before = cut(discovery.read(toy, "toy.v1"), ("shops",)).document
    after = shop(action(f"{SCHEMAS}.Toy.properties.price", {"description": "In cents."}))
    assert after.operations == before.operations
    assert {name: each for name, each in after.definitions.items() if name != "Toy"} == {
        name: each for name, each in before.definitions.items() if name != "Toy"
    }
    assert after.others == {"toy.json": "7"}


def test_behaviours_come_and_go_with_their_evidence(shop: Callable[..., Document]) -> None:
    after = shop(
        action(f"{SCHEMAS}.Toy.properties.parts", {"x-google-field-behavior": ["IMMUTABLE"]}),
        action(f"{SCHEMAS}.Shop.properties.name['x-google-field-behavior']"),
        action(f"{SCHEMAS}.Shop.properties.name", {"readOnly": False, "description": "Required. The shop."}),
    )
    toy, shops = after.definitions["Toy"], after.definitions["Shop"]
    assert isinstance(toy, Message)
    assert isinstance(shops, Message)
    immutable = toy.fields["parts"].behaviors[-1]
    assert (immutable.behavior, immutable.evidence) == (Behavior.IMMUTABLE, Evidence.OVERLAY)
    assert immutable.origin == Origin("toy.json", "/actions/0/update")
    assert {fact.behavior for fact in toy.fields["parts"].behaviors} == {Behavior.OPTIONAL, Behavior.IMMUTABLE}
    assert {fact.behavior for fact in shops.fields["name"].behaviors} == {Behavior.REQUIRED}


def test_constants_get_numbers(shop: Callable[..., Document]) -> None:
    kind = shop(
        action(f"{SCHEMAS}.ShopKind", {"enum": ["HUGE"], "x-google-enum-numbers": {"BIG": 3, "HUGE": 9}})
    ).definitions["ShopKind"]
    assert isinstance(kind, Enum)
    assert [(each.name, each.number) for each in kind.values] == [("KIND_UNSPECIFIED", None), ("BIG", 3), ("HUGE", 9)]
    assert kind.numbers_from == Origin("toy.json", "/actions/0/update")


def test_every_writer_sees_an_overlay(shop: Callable[..., Document]) -> None:
    document = shop(
        action("$.paths", CLOSE),
        action(SCHEMAS, {"CloseShop": CLOSE_SHOP}),
        action(f"{SCHEMAS}.Shop.properties", {"closed": {"type": "boolean", "readOnly": True}}),
        action(f"{SCHEMAS}.Toy.properties.anything"),
    )
    written = {name: data.decode() for name, data in build_files(document, (), "acme.shop").items()}
    assert "def close(self, name: str, body: models.CloseShop) -> models.Shop:" in written["client.py"]
    assert '"POST", f"v1/{_resource(name)}:close"' in written["client.py"]
    assert "async def close(self, name: str, body: models.CloseShop) -> models.Shop:" in written["service.py"]
    assert '"/v1/shops/{shopsId}:close"' in written["service.py"]
    assert "class CloseShopReason(OpenEnum):" in written["models.py"]
    assert '__oneofs__ = {"end": ("until", "days")}' in written["models.py"]
    assert '__required__ = frozenset({"reason"})' in written["models.py"]
    assert '__output_only__ = frozenset({"closed", "name"})' in written["models.py"]
    assert "Source: toy.json 7 /actions/1/update/CloseShop" in written["models.py"]
    assert "anything" not in written["models.py"] + written["pages/Toy.md"] + written["schemas.json"]
    assert "| **closed** | **Boolean** |  | [optional] [readonly] |" in written["pages/Shop.md"]
    assert "Overlay: **closed**: They wrote. (a letter; `toy.json#/actions/2`)" in written["pages/Shop.md"]
    for name in ("openapi.json", "schemas.json"):
        assert '"overlay": "toy.json#/actions/2"' in written[name]
        assert '"CloseShopReason"' in written[name]
    shown = list(show(document, "CloseShop"))
    assert "      REQUIRED by overlay  toy.json#/actions/1/update/CloseShop/properties/reason" in shown
    assert "  at most one of until, days  (end)  toy.json#/actions/1/update/CloseShop" in shown


@pytest.mark.parametrize(
    ("update", "sentence"),
    [
        ({"description": "Which."}, "changes no fact"),
        ({"x-google-oneof": {"a": ["nmae"]}}, "has the member 'nmae'"),
        ({"properties": {"name": {"x-google-field-behavior": ["ALWAYS"]}}}, "has the behaviour 'ALWAYS'"),
        ({"properties": {"new": {"$ref": "#/components/schemas/Nothing"}}}, "refers to the schema 'Nothing'"),
        ({"x-concertpitch-note": 1}, "changes no fact"),
    ],
)
def test_an_action_without_a_fact_is_refused(
    shop: Callable[..., Document], toy: dict[str, Any], update: dict[str, Any], sentence: str
) -> None:
    toy["schemas"]["Shop"]["description"] = "Which."
    with pytest.raises(DocumentError, match=sentence):
        shop(action(f"{SCHEMAS}.Shop", update))


def test_our_own_form_reads_back_with_its_facts(shop: Callable[..., Document]) -> None:
    document = shop(action("$.paths", CLOSE), action(SCHEMAS, {"CloseShop": CLOSE_SHOP}))
    again = openapi.read(write(document), "again")
    asked, answered = document.operations["toy.shops.close"], again.operations["toy.shops.close"]
    assert (asked.template, asked.order) == (answered.template, answered.order)
    assert [each.name for each in answered.parameters] == ["name"]
    read = again.definitions["CloseShop"]
    assert isinstance(read, Message)
    assert [(each.name, each.members) for each in read.oneofs] == [("end", ("until", "days"))]
    assert {(fact.behavior, fact.evidence) for fact in read.fields["reason"].behaviors} == {
        (Behavior.REQUIRED, Evidence.OVERLAY)
    }
