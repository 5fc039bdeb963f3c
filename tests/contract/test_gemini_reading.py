"""From exchanges of the Gemini API to subjects: who was created, masks, owners, what filters should find."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from concertpitch.exchange import Exchange
from concertpitch.reading import subjects_of
from concertpitch.reading.gemini.edits import paths_of
from concertpitch.rules import RULES
from concertpitch.subjects import FirstRead, Page, Walk
from concertpitch.subjects.gemini import (
    Deletion,
    Filtered,
    Kept,
    Lookup,
    ModelChange,
    NextDoor,
    Patch,
    Progress,
    Roster,
    Tuning,
)
from concertpitch.surfaces import GEMINI_V1BETA, GEMINI_V1BETA3, routes
from concertpitch.verdicts import Kind, judge

MODEL = GEMINI_V1BETA.schemas.message("GoogleAiGenerativelanguageV1betaTunedModel")
TYPE = "type.googleapis.com/google.ai.generativelanguage.v1beta"
DATA = {"examples": {"examples": [{"textInput": "1", "output": "2"}]}}


def sent(
    number: int, method: str, path: str, answer: Any, *, took: float = 0.5, status: int = 200, body: Any = None
) -> Exchange:
    """An exchange that left at second `number`."""
    return Exchange(
        number=number,
        probe="test",
        method=method,
        url=f"http://t.example/v1beta/{path}",
        request_headers=(),
        request_body=b"" if body is None else json.dumps(body).encode(),
        sent=float(number),
        sent_at=0.0,
        answered=number + took,
        status=status,
        headers=(("content-type", "application/json"),),
        body=json.dumps(answer).encode(),
    )


def operation(model_id: str, **members: Any) -> dict[str, Any]:
    metadata = {"@type": f"{TYPE}.CreateTunedModelMetadata", "tunedModel": f"tunedModels/{model_id}", "totalSteps": 2}
    return {"name": f"tunedModels/{model_id}/operations/1a", "metadata": metadata} | members


def model(model_id: str, **members: Any) -> dict[str, Any]:
    return {"name": f"tunedModels/{model_id}", "state": "ACTIVE"} | members


def subjects(kind: type, *exchanges: Exchange) -> list[Any]:
    return [one for one in subjects_of(exchanges, GEMINI_V1BETA) if isinstance(one, kind)]


def create(number: int, model_id: str, asked: str = "", status: int = 200) -> Exchange:
    query = f"?tunedModelId={asked}" if asked else ""
    body = {"baseModel": "models/b", "tuningTask": {"trainingData": DATA}}
    return sent(number, "POST", f"tunedModels{query}", operation(model_id), status=status, body=body)


def test_a_create_names_its_model() -> None:
    (tuning,) = subjects(Tuning, create(1, "a-1"))
    assert (tuning.model_id, tuning.examples, tuning.request.faults) == ("a-1", 1, frozenset())


def test_a_name_tells_more_than_metadata() -> None:
    lying = operation("a-1") | {"name": "tunedModels/b-2/operations/1a"}
    (progress,) = subjects(Progress, sent(1, "POST", "tunedModels", lying, body={}))
    assert (progress.owner, progress.model_name) == ("tunedModels/b-2", "tunedModels/a-1")
    assert subjects(Tuning, sent(1, "POST", "tunedModels", lying, body={}))[0].model_id == "b-2"


def test_an_id_is_taken_until_its_model_is_deleted() -> None:
    first, delete = create(1, "mine", "mine"), sent(2, "DELETE", "tunedModels/mine", {})
    assert [one.id_taken for one in subjects(Tuning, first, create(3, "mine", "mine", 409))] == [False, True]
    assert [one.id_taken for one in subjects(Tuning, first, delete, create(3, "mine", "mine"))] == [False, False]


@pytest.mark.parametrize(
    ("mask", "paths", "unknown"),
    [
        ("display_name,topK", ("displayName", "topK"), ()),
        ("tuningTask.hyperparameters.epochCount", ("tuningTask.hyperparameters.epochCount",), ()),
        ("noSuch, displayName", ("noSuch", "displayName"), ("noSuch",)),
        ("displayName.deeper", ("displayName.deeper",), ("displayName.deeper",)),
        ("*", ("*",), ()),
    ],
)
def test_masks(mask: str, paths: tuple[str, ...], unknown: tuple[str, ...]) -> None:
    assert paths_of(GEMINI_V1BETA.schemas, MODEL, mask) == (paths, unknown)


def test_a_patch_stands_between_the_gets_next_to_it() -> None:
    before, after = sent(1, "GET", "tunedModels/a", model("a")), sent(3, "GET", "tunedModels/a", model("a"))
    patch = sent(2, "PATCH", "tunedModels/a?updateMask=displayName", {}, body={"displayName": "x"})
    (one,) = subjects(Patch, before, patch, after)
    assert (one.before is not None, one.after is not None, one.plain) == (True, True, True)
    other = sent(4, "PATCH", "tunedModels/a?updateMask=displayName", {}, body={"displayName": "y"})
    late = sent(5, "GET", "tunedModels/a", model("a"))
    assert [one.after is not None for one in subjects(Patch, before, patch, other, late)] == [False, True]


def test_what_was_patched_is_not_held_against_its_create() -> None:
    get = sent(4, "GET", "tunedModels/a-1", model("a-1", displayName="other"))
    patch = sent(3, "PATCH", "tunedModels/a-1?updateMask=displayName", {}, body={"displayName": "other"})
    first = sent(2, "GET", "tunedModels/a-1", model("a-1"))
    assert len(subjects(Kept, create(1, "a-1"), first, patch, get)) == 1
    assert [change.touched for change in subjects(ModelChange, create(1, "a-1"), first, patch, get)] == [True]


def test_models_of_others_may_change() -> None:
    seen = [sent(number, "GET", "tunedModels/b", model("b", displayName=str(number))) for number in (1, 2)]
    assert subjects(ModelChange, *seen) == []


def test_a_read_after_a_delete_is_no_first_read() -> None:
    gone = sent(3, "GET", "tunedModels/a-1", {}, status=404)
    assert len(subjects(FirstRead, create(1, "a-1"), gone)) == 1
    assert subjects(FirstRead, create(1, "a-1"), sent(2, "DELETE", "tunedModels/a-1", {}), gone) == []
    (deletion,) = subjects(Deletion, create(1, "a-1"), sent(2, "DELETE", "tunedModels/a-1", {}), gone)
    assert deletion.call is not None


def test_a_name_is_made_up_only_if_nobody_showed_it() -> None:
    known, stranger = sent(2, "GET", "tunedModels/a-1", model("a-1")), sent(3, "GET", "tunedModels/c-3", {}, status=404)
    assert [one.made_up for one in subjects(Lookup, create(1, "a-1"), known, stranger)] == [False, True]


def test_lists_of_permissions_are_walks_of_their_own() -> None:
    owner = {"name": "tunedModels/a/permissions/1", "role": "OWNER", "granteeType": "USER", "emailAddress": "o@x.y"}
    listed = sent(1, "GET", "tunedModels/a/permissions", {"permissions": [owner]})
    (roster,) = subjects(Roster, listed)
    assert (roster.parent, [one.email for one in roster.owners]) == ("tunedModels/a", ["o@x.y"])
    models = sent(2, "GET", "tunedModels", {"tunedModels": [model("a")]})
    assert sorted(page.member for page in subjects(Page, listed, models)) == ["permissions", "tunedModels"]
    assert all(walk.whole for walk in subjects(Walk, listed, models))


@pytest.mark.parametrize("surface", [GEMINI_V1BETA, GEMINI_V1BETA3], ids=lambda surface: surface.version)
def test_operations_are_read_at_v1_too(surface: Any) -> None:
    found = {
        route.method: route.promised
        for route in routes(surface)
        if route.pattern.fullmatch(f"/{surface.version}/tunedModels/a/operations/b")
        or route.pattern.fullmatch("/v1/tunedModels/a/operations/b")
    }
    promised = surface is GEMINI_V1BETA
    assert found == {"tunedModels.operations.get": promised, "v1.tunedModels.operations.get": False}


def test_a_patch_that_cannot_be_read_is_not_a_plain_one() -> None:
    patch = sent(2, "PATCH", "tunedModels/a?updateMask=topK", {}, body={})
    (one,) = subjects(Patch, replace(patch, request_body=b"not json at all"))
    assert (one.unreadable, one.plain) == (True, False)
    assert subjects(Patch, patch)[0].plain


def test_a_permission_is_next_door_where_a_settled_list_lacks_it() -> None:
    granted = sent(1, "POST", "tunedModels/a/permissions", {"name": "tunedModels/a/permissions/7"}, body={})
    roster = sent(10, "GET", "tunedModels/b/permissions", {"permissions": []})
    read = sent(20, "GET", "tunedModels/b/permissions/7", {"role": "READER"})
    (one,) = subjects(NextDoor, granted, roster, read)
    assert one.home == "tunedModels/a/permissions/7"
    for number in (8, 15):  # just before the list, which may lag, and after it
        write = sent(number, "POST", "tunedModels/b/permissions", {}, body={}, status=500)
        assert subjects(NextDoor, granted, roster, write, read) == []


@pytest.mark.parametrize(("hour", "kind"), [("07", Kind.BROKEN), ("18", Kind.HELD), ("22", Kind.HELD)])
def test_a_clock_may_be_an_hour_behind_and_no_half_day(hour: str, kind: Kind) -> None:
    made = create(1, "a-1")
    made = replace(made, headers=(*made.headers, ("date", "Fri, 06 Nov 2026 19:30:00 GMT")))
    read = sent(2, "GET", "tunedModels/a-1", model("a-1", createTime=f"2026-11-06T{hour}:30:00Z"))
    rule = {"tuned-model/created-now": RULES["tuned-model/created-now"]}
    (verdict,) = judge(rule, subjects_of([made, read], GEMINI_V1BETA), {})
    assert verdict.kind is kind


def test_a_filter_without_an_end_can_only_show_too_much() -> None:
    reads = [
        sent(n, "GET", f"tunedModels/{one}", model(one, displayName=one)) for n, one in ((3, "alpha"), (4, "beta"))
    ]
    page = {"tunedModels": [model("beta", displayName="beta")], "nextPageToken": "more"}
    listed = sent(5, "GET", "tunedModels?filter=alpha", page)
    (found,) = subjects(Filtered, create(1, "alpha"), create(2, "beta"), *reads, listed)
    assert (found.wanted, found.unwanted) == ((), ("beta",))
