"""What lasts of tuned models: lists after a delete, permissions of an id that is used again, patches of nothing new."""

from __future__ import annotations

from typing import Any

import pytest
from concertpitch.exchange import Exchange
from concertpitch.reading import subjects_of
from concertpitch.rules import RULES
from concertpitch.surfaces import GEMINI_V1BETA
from concertpitch.verdicts import Kind, judge

from .test_gemini_reading import DATA, create, model, operation, sent

READER = {"granteeType": "USER", "emailAddress": "reader@example.com", "role": "READER"}
OWNER = {"granteeType": "USER", "emailAddress": "me@example.com", "role": "OWNER"}


def verdict(rule: str, *exchanges: Exchange) -> Kind:
    (found,) = judge({rule: RULES[rule]}, subjects_of(exchanges, GEMINI_V1BETA), {})
    return found.kind


def named(parent: str, permission: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"name": f"tunedModels/{parent}/permissions/{permission}", **body}


def walk(last: Exchange) -> list[Exchange]:
    """Three models, a page with the first of them, its delete, and the page that follows."""
    known = ["a", "b", "c"]
    made = [create(number, one, one) for number, one in enumerate(known, 1)]
    reads = [sent(number, "GET", f"tunedModels/{one}", model(one)) for number, one in enumerate(known, 4)]
    page = sent(20, "GET", "tunedModels?pageSize=1", {"tunedModels": [model("a")], "nextPageToken": "t"})
    return [*made, *reads, page, sent(21, "DELETE", "tunedModels/a", {}), last]


@pytest.mark.parametrize(
    ("shown", "kind"), [([], Kind.BROKEN), (["c"], Kind.HELD), (["b", "c"], Kind.HELD)], ids=["none", "one", "all"]
)
def test_a_list_does_not_end_with_a_deleted_model(shown: list[str], kind: Kind) -> None:
    last = sent(22, "GET", "tunedModels?pageSize=9&pageToken=t", {"tunedModels": [model(one) for one in shown]})
    assert verdict("tuned-list/goes-on-after-a-delete", *walk(last)) is kind


@pytest.mark.parametrize("size", ["1", "9"])
def test_the_token_of_a_deleted_model_may_be_refused(size: str) -> None:
    last = sent(22, "GET", f"tunedModels?pageSize={size}&pageToken=t", {"error": {"code": 400}}, status=400)
    for rule in ("tuned-list/goes-on-after-a-delete", "listing/token-leads-on", "listing/page-size-may-change"):
        assert verdict(rule, *walk(last)) is Kind.NOT_EXERCISED


def used_again(*later: Exchange, status: int = 200) -> list[Exchange]:
    granted = sent(2, "POST", "tunedModels/a/permissions", named("a", "1", READER), body=READER)
    return [create(1, "a", "a"), granted, sent(3, "DELETE", "tunedModels/a", {}), create(4, "a", "a", status), *later]


@pytest.mark.parametrize(("kept", "kind"), [([READER], Kind.BROKEN), ([], Kind.HELD)], ids=["kept", "gone"])
def test_a_new_model_begins_without_the_grants_of_an_old_one(kept: list[dict[str, Any]], kind: Kind) -> None:
    shown = [named("a", str(number), one) for number, one in enumerate([OWNER, *kept])]
    roster = sent(9, "GET", "tunedModels/a/permissions", {"permissions": shown})
    assert verdict("delete/ends-permissions", *used_again(roster)) is kind
    again = sent(5, "POST", "tunedModels/a/permissions", named("a", "2", READER), body=READER)
    assert verdict("delete/ends-permissions", *used_again(again, roster)) is Kind.NOT_EXERCISED


def test_an_id_that_was_used_may_be_refused() -> None:
    plain = create(5, "b")
    assert verdict("tuned-model/accepts-documented-id", create(4, "a", "a", 400), plain) is Kind.BROKEN
    assert verdict("tuned-model/accepts-documented-id", *used_again(plain, status=400)) is Kind.HELD


@pytest.mark.parametrize(
    ("mask", "body", "kind"),
    [
        ("temperature", {"temperature": 0.5}, Kind.BROKEN),
        ("state", {"state": "FAILED"}, Kind.BROKEN),
        ("temperature", {"temperature": 0.25}, Kind.NOT_EXERCISED),
        ("name", {"name": "tunedModels/b"}, Kind.NOT_EXERCISED),
    ],
)
def test_a_patch_that_changes_nothing_is_no_conflict(mask: str, body: dict[str, Any], kind: Kind) -> None:
    read = sent(2, "GET", "tunedModels/a", model("a", temperature=0.5))
    patch = sent(3, "PATCH", f"tunedModels/a?updateMask={mask}", {"error": {"code": 409}}, status=409, body=body)
    assert verdict("patch/no-conflict-with-itself", create(1, "a"), read, patch) is kind


@pytest.mark.parametrize(("plain", "kind"), [("CREATING", Kind.BROKEN), ("FAILED", Kind.HELD)])
def test_a_state_is_adopted_where_the_same_create_without_it_shows_another(plain: str, kind: Kind) -> None:
    body = {"baseModel": "models/b", "tuningTask": {"trainingData": DATA}}
    made = [
        sent(number, "POST", "tunedModels", operation(one), body=body | more)
        for number, (one, more) in enumerate((("a", {}), ("b", {"state": "FAILED"})), 1)
    ]
    reads = [
        sent(number, "GET", f"tunedModels/{one}", model(one, state=state))
        for number, (one, state) in enumerate((("a", plain), ("b", "FAILED")), 3)
    ]
    assert verdict("tuned-model/ignores-output-only", *made, *reads) is kind


@pytest.mark.parametrize(("moments", "kind"), [((1, 2, 3), Kind.BROKEN), ((1, 2, 2), Kind.HELD)])
def test_an_update_time_that_moves_at_every_look_is_told(moments: tuple[int, ...], kind: Kind) -> None:
    looks = [
        sent(number, "GET", "tunedModels/a", model("a", updateTime=f"2026-11-06T19:30:0{moment}Z"))
        for number, moment in enumerate(moments, 2)
    ]
    assert verdict("tuned-model/update-time-rests", create(1, "a"), *looks) is kind
    patch = sent(9, "PATCH", "tunedModels/a?updateMask=topK", {}, body={"topK": 3})
    assert verdict("tuned-model/update-time-rests", create(1, "a"), *looks, patch) is Kind.NOT_EXERCISED
