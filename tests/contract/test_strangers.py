"""From exchanges to what strangers were told, what a filter should show, and how far a list may lag."""

from __future__ import annotations

import json
from typing import Any

import pytest
from concertpitch.exchange import REDACTED, Exchange
from concertpitch.reading import subjects_of
from concertpitch.reading.credentials import presented
from concertpitch.reading.vertex.filters import terms_of
from concertpitch.rules import RULES
from concertpitch.subjects import Admission, Page, Presented, Walk
from concertpitch.subjects.vertex import Filtered, Job, Term
from concertpitch.surfaces import VERTEX_V1

PARENT = "projects/p/locations/l"
JOBS = f"/v1/{PARENT}/tuningJobs"
OWN = (("authorization", REDACTED),)
WRONG = (("authorization", "Bearer made-up"),)


def sent(
    number: int,
    path: str,
    answer: Any,
    *,
    status: int = 200,
    headers: tuple[tuple[str, str], ...] = OWN,
    method: str = "GET",
    body: Any = None,
) -> Exchange:
    """An exchange that left at second `number` and took half a second."""
    return Exchange(
        number=number,
        probe="test",
        method=method,
        url=f"http://t.example{path}",
        request_headers=headers,
        request_body=b"" if body is None else json.dumps(body).encode(),
        sent=float(number),
        sent_at=0.0,
        answered=number + 0.5,
        status=status,
        headers=(("content-type", "application/json"),),
        body=json.dumps(answer).encode(),
    )


def job(job_id: str, name: str = "one", state: str = "RUNNING") -> dict[str, Any]:
    return {
        "name": f"{PARENT}/tuningJobs/{job_id}",
        "state": f"JOB_STATE_{state}",
        "tunedModelDisplayName": name,
        "labels": {"team": name},
    }


def subjects(kind: type, *exchanges: Exchange) -> list[Any]:
    return [one for one in subjects_of(exchanges, VERTEX_V1) if isinstance(one, kind)]


def breaches(rule_id: str, *exchanges: Exchange) -> list[str]:
    rule = RULES[rule_id]
    return [line for one in subjects(rule.on, *exchanges) if rule.applies(one) for line in rule.check(one)]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (OWN, Presented.OWN),
        ((("x-goog-api-key", REDACTED),), Presented.OWN),
        ((), Presented.NONE),
        (WRONG, Presented.WRONG),
        ((("authorization", "Bearer"),), Presented.MALFORMED),
        ((("Authorization", "Basic x"),), Presented.MALFORMED),
    ],
)
def test_what_a_request_presents(headers: tuple[tuple[str, str], ...], expected: Presented) -> None:
    assert presented(sent(1, JOBS, {}, headers=headers)) is expected


def test_strangers_are_judged_where_credentials_are_demanded() -> None:
    ours, nobody = sent(1, JOBS, {}), sent(2, JOBS, {"error": {}}, status=401, headers=())
    guest = sent(3, JOBS, {}, headers=WRONG)
    assert [one.presented for one in subjects(Admission, ours, nobody, guest)] == [Presented.NONE, Presented.WRONG]
    assert breaches("auth/wrong-token-is-refused", ours, nobody, guest)
    assert not breaches("auth/none-is-refused", ours, nobody, guest)


def test_an_open_target_and_a_run_without_credentials_make_no_strangers() -> None:
    assert not subjects(Admission, sent(1, JOBS, {}), sent(2, JOBS, {}, headers=()))
    anonymous = (sent(1, JOBS, {}, headers=()), sent(2, JOBS, {}, status=401, headers=()))
    assert not subjects(Admission, *anonymous)


def test_what_a_stranger_made_is_no_job_of_the_run() -> None:
    made = sent(1, JOBS, job("1111111111"), method="POST", body={}, headers=WRONG)
    assert not subjects(Job, sent(2, JOBS, {}), made)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ('labels.team="a" AND state="S"', (Term("labels.team", "a"), Term("state", "S"))),
        ('tunedModelDisplayName = "a b"', (Term("tunedModelDisplayName", "a b"),)),
        ('labels.team="a" OR state="S"', (Term("labels.team", "a"), Term("state", "S"))),
        ('labels.team="a" AND state="S" OR state="T"', ()),
        ('state="', ()),
    ],
)
def test_filters_that_are_understood(text: str, terms: tuple[Term, ...]) -> None:
    assert terms_of(text) == terms


def filtered(*listed: dict[str, Any]) -> tuple[Exchange, ...]:
    """Two jobs made and read, then a list with a filter on the first one's display name."""
    made = [sent(n, JOBS, job(i, name), method="POST", body={}) for n, i, name in ((1, "11", "one"), (2, "22", "two"))]
    read = [sent(n, f"{JOBS}/{i}", job(i, name)) for n, i, name in ((3, "11", "one"), (4, "22", "two"))]
    return *made, *read, sent(9, f"{JOBS}?filter=tunedModelDisplayName%3D%22one%22", {"tuningJobs": list(listed)})


def test_a_filter_that_works_is_held_to_what_it_says() -> None:
    assert subjects(Filtered, *filtered(job("11")))[0].works
    assert not breaches("filter/shows-only-matching", *filtered(job("11")))
    assert breaches("filter/shows-only-matching", *filtered(job("22", "two")))
    assert breaches("filter/shows-all-matching", *filtered(job("22", "two")))


def test_a_filter_that_is_ignored_only_warns() -> None:
    ignored = filtered(job("11"), job("22", "two"))
    assert not subjects(Filtered, *ignored)[0].works
    assert not breaches("filter/shows-only-matching", *ignored)
    assert breaches("filter/is-not-ignored", *ignored)


def test_a_job_that_a_list_does_not_show_yet_is_forgiven_for_some_seconds() -> None:
    made, read = sent(1, JOBS, job("11"), method="POST", body={}), sent(2, f"{JOBS}/11", job("11"))
    soon, late = sent(3, JOBS, {}), sent(30, JOBS, {})
    assert not breaches("listing/complete", made, read, soon)
    assert breaches("listing/is-up-to-date", made, read, soon)
    assert breaches("listing/complete", made, read, late)
    listed = sent(3, JOBS, {"tuningJobs": [job("11")]})
    assert breaches("listing/complete", made, read, listed, sent(4, JOBS, {}))
    assert subjects(Walk, made, read, listed)[0].expected


def test_an_equal_token_of_another_list_is_not_taken_for_it() -> None:
    first = sent(1, f"{JOBS}?filter=a&pageSize=1", {"tuningJobs": [job("11")], "nextPageToken": "1"})
    second = sent(2, f"{JOBS}?filter=b&pageSize=1", {"tuningJobs": [job("22")], "nextPageToken": "1"})
    third = sent(3, f"{JOBS}?filter=b&pageSize=1&pageToken=1", {})
    assert [page.of_another_list for page in subjects(Page, first, second, third)] == [False, False, False]
    assert subjects(Page, first, sent(3, f"{JOBS}?filter=b&pageToken=1", {}))[1].of_another_list
