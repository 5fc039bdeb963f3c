"""Pages and filters of the Gemini API."""

from __future__ import annotations

from itertools import chain

import pytest
from concertpitch_emulator.gemini.base_models import BASE_MODELS

ME, OTHER = "me@example.com", "other@example.com"


def names(body: dict, member: str = "tunedModels") -> list[str]:
    return [item["name"] for item in body.get(member, ())]


def walk(gemini, path: str, member: str, query: str = "") -> list[list[str]]:
    pages, token = [], ""
    while True:
        body = gemini.get(path, f"{query}&pageToken={token}")
        pages.append(names(body, member))
        token = body.get("nextPageToken", "")
        if not token:
            return pages


def test_no_models(gemini) -> None:
    assert gemini.get("tunedModels") == {}
    assert gemini.get("corpora") == {}


def test_oldest_first_and_ten_a_page(gemini) -> None:
    made = [gemini.create() for _ in range(23)]
    assert [len(page) for page in walk(gemini, "tunedModels", "tunedModels")] == [10, 10, 3]
    for size in (1, 7, 23, 1000, 5000):
        pages = walk(gemini, "tunedModels", "tunedModels", f"pageSize={size}")
        assert list(chain(*pages)) == made
        assert all(len(page) == size for page in pages[:-1])


def test_never_more_than_a_thousand(start_gemini) -> None:
    gemini = start_gemini()
    for _ in range(1001):
        gemini.create(count=1, hyperparameters={"epochCount": 1})
    assert [len(page) for page in walk(gemini, "tunedModels", "tunedModels", "pageSize=2000")] == [1000, 1]


def test_deleting_between_pages_disturbs_no_other_model(gemini) -> None:
    made = [gemini.create() for _ in range(6)]
    first = gemini.get("tunedModels", "pageSize=3")
    for gone in (made[0], made[3]):
        gemini.ask("DELETE", gone)
    second = gemini.get("tunedModels", f"pageSize=3&pageToken={first['nextPageToken']}")
    assert names(second) == made[4:]


def test_token_is_bound_to_the_filter(gemini) -> None:
    for _ in range(3):
        gemini.create()
    token = gemini.get("tunedModels", "pageSize=1")["nextPageToken"]
    assert gemini.ask("GET", "tunedModels", query=f"filter=owner%3Ame&pageToken={token}").status == 400
    assert gemini.ask("GET", "models", query=f"pageToken={token}").status == 400


def test_permissions_are_paged(gemini) -> None:
    made = gemini.create()
    path = f"{made}/permissions"
    for number in range(12):
        body = {"granteeType": "USER", "emailAddress": f"user{number}@example.com", "role": "READER"}
        assert gemini.ask("POST", path, body).status == 200
    assert [len(page) for page in walk(gemini, path, "permissions")] == [10, 3]
    assert len(list(chain(*walk(gemini, path, "permissions", "pageSize=4")))) == 13


def test_corpora_are_paged(gemini) -> None:
    made = [gemini.ask("POST", "corpora", {"displayName": "a corpus"}).json["name"] for _ in range(22)]
    assert [len(page) for page in walk(gemini, "corpora", "corpora")] == [10, 10, 2]
    assert [len(page) for page in walk(gemini, "corpora", "corpora", "pageSize=100")] == [20, 2]
    assert list(chain(*walk(gemini, "corpora", "corpora"))) == made


@pytest.mark.parametrize("version", ["v1beta", "v1beta3"])
def test_base_models(start_gemini, version: str) -> None:
    gemini = start_gemini()
    gemini.version = version
    pages = walk(gemini, "models", "models")
    assert len(pages[0]) == 50
    assert len(list(chain(*pages))) == len(BASE_MODELS) > 50
    tunable = []
    for name in chain(*pages):
        model = gemini.get(name)
        assert {"name", "baseModelId", "version"} <= model.keys()
        assert model["name"] == name == f"models/{model['baseModelId']}"
        assert len(model["displayName"]) <= 128
        assert 0 <= model.get("temperature", 0) <= model.get("maxTemperature", 1)
        tunable += [name] if "createTunedModel" in model["supportedGenerationMethods"] else []
    assert "models/gemini-1.5-flash-001" in tunable


FILTERS = {
    "": ["mine", "written", "read"],
    "owner:me": ["mine", "mine for everyone"],
    "writers:me": ["mine", "mine for everyone", "written"],
    "readers:me": ["mine", "mine for everyone", "written", "read"],
    "readers:everyone": ["mine for everyone", "for everyone"],
    "readers:everyone owner:me": ["mine for everyone"],
    "WRITTEN": ["written"],
    "en by": ["written"],
    '"en by"': [],
    "owner:me mine": ["mine", "mine for everyone"],
    "secret": [],
    "nowhere": [],
}


@pytest.fixture(scope="module")
def shared(start_gemini):
    """Six models: what `ME` may do with each is its display name."""
    gemini = start_gemini()
    rows = {
        "mine": (ME, None),
        "mine for everyone": (ME, "EVERYONE"),
        "written": (OTHER, "WRITER"),
        "read": (OTHER, "READER"),
        "for everyone": (OTHER, "EVERYONE"),
        "secret": (OTHER, None),
    }
    for name, (owner, role) in rows.items():
        with gemini.caller(owner):
            made = gemini.create(displayName=name, description=f"by {owner}")
            if role == "EVERYONE":
                gemini.ask("POST", f"{made}/permissions", {"granteeType": "EVERYONE", "role": "READER"})
            elif role:
                body = {"granteeType": "USER", "emailAddress": ME.upper(), "role": role}
                gemini.ask("POST", f"{made}/permissions", body)
    return gemini


@pytest.mark.parametrize("text", FILTERS)
def test_filters(shared, text: str) -> None:
    quoted = text.replace(" ", "%20").replace(":", "%3A").replace('"', "%22")
    with shared.caller(ME):
        body = shared.get("tunedModels", f"filter={quoted}")
    assert [model["displayName"] for model in body.get("tunedModels", ())] == FILTERS[text]
