"""Permissions, roles and the transfer of ownership."""

from __future__ import annotations

from typing import Any

import pytest

ANYBODY = "tuner@example.com"
READER, WRITER, OTHER = "reader@example.com", "writer@example.com", "other@example.com"


def share(gemini, name: str, role: str, email: str | None = OTHER, kind: str = "USER", **more: Any) -> Any:
    body = {"granteeType": kind, "emailAddress": email, "role": role, **more}
    return gemini.ask("POST", f"{name}/permissions", body)


def roles(gemini, name: str) -> dict[str, str]:
    permissions = gemini.get(f"{name}/permissions", "pageSize=1000")["permissions"]
    return {one.get("emailAddress", one["granteeType"]): one["role"] for one in permissions}


def corpus(gemini) -> str:
    return gemini.ask("POST", "corpora", {"displayName": "Test corpus"}).json["name"]


@pytest.fixture(params=["tunedModels", "corpora"])
def resource(request, gemini) -> str:
    return gemini.create() if request.param == "tunedModels" else corpus(gemini)


@pytest.mark.parametrize("parent", ["tunedModels", "corpora"])
def test_permissions_look_like_records(gemini, record, parent: str) -> None:
    name = gemini.create() if parent == "tunedModels" else corpus(gemini)
    recorded = {
        method: record(f"gemini/derrickob_{parent}_permissions_{method}.json")
        for method in ("create", "get", "list", "patch", "delete")
    }
    made = share(gemini, name, "READER", kind="GROUP").json
    seen = {
        "create": made,
        "get": gemini.get(made["name"]),
        "list": gemini.get(f"{name}/permissions"),
        "patch": gemini.ask("PATCH", made["name"], {"role": "WRITER"}, "updateMask=role").json,
        "delete": gemini.ask("DELETE", made["name"]).json,
    }
    for method, body in recorded.items():
        assert list(seen[method]) == list(body)
    for method in ("create", "get", "patch"):
        for member in ("granteeType", "role"):
            assert seen[method][member] == recorded[method][member]
        assert len(seen[method]["name"].rpartition("/")[2]) == 21
    assert [list(one) for one in seen["list"]["permissions"]] == [list(one) for one in recorded["list"]["permissions"]]
    assert gemini.ask("GET", made["name"]).status == 404


def test_a_new_resource_has_one_owner(gemini, resource: str) -> None:
    assert roles(gemini, resource) == {ANYBODY: "OWNER"}


@pytest.mark.parametrize("version", ["v1beta", "v1beta3"])
def test_everyone(gemini, resource: str, version: str) -> None:
    gemini.version = version
    body = {"granteeType": 3, "role": 3}
    made = gemini.ask("POST", f"{resource}/permissions", body).json
    assert made == {"name": f"{resource}/permissions/everyone", "granteeType": "EVERYONE", "role": "READER"}
    with gemini.caller(OTHER):
        assert gemini.get(f"{resource}/permissions/everyone") == made


WRONG: dict[str, tuple[dict[str, Any], int]] = {
    "nothing": ({}, 400),
    "no role": ({"granteeType": "USER", "emailAddress": OTHER}, 400),
    "unspecified role": ({"granteeType": "USER", "emailAddress": OTHER, "role": "ROLE_UNSPECIFIED"}, 400),
    "second owner": ({"granteeType": "USER", "emailAddress": OTHER, "role": "OWNER"}, 400),
    "user without address": ({"granteeType": "USER", "role": "READER"}, 400),
    "group without address": ({"granteeType": "GROUP", "role": "READER"}, 400),
    "group with a bad address": ({"granteeType": "GROUP", "emailAddress": "x", "role": "READER"}, 400),
    "nobody": ({"role": "READER"}, 400),
    "everyone with an address": ({"granteeType": "EVERYONE", "emailAddress": OTHER, "role": "READER"}, 400),
    "unknown role": ({"granteeType": "USER", "emailAddress": OTHER, "role": "BOSS"}, 400),
    "unknown member": ({"granteeType": "USER", "emailAddress": OTHER, "role": "READER", "x": 1}, 400),
    "again": ({"granteeType": "USER", "emailAddress": ANYBODY.upper(), "role": "READER"}, 409),
}


@pytest.mark.parametrize("row", WRONG)
def test_wrong_permission(gemini, resource: str, row: str) -> None:
    body, code = WRONG[row]
    answer = gemini.ask("POST", f"{resource}/permissions", body)
    assert answer.status == answer.json["error"]["code"] == code
    assert roles(gemini, resource) == {ANYBODY: "OWNER"}


def test_grantee_type_is_optional(gemini, resource: str) -> None:
    assert share(gemini, resource, "READER", kind=None).json["granteeType"] == "USER"


PATCHES: dict[str, tuple[str, dict[str, Any], int]] = {
    "role": ("updateMask=role", {"role": 2}, 200),
    "whole permission": (
        "update_mask=role",
        {"name": "x", "granteeType": "EVERYONE", "emailAddress": "else@example.com", "role": "WRITER"},
        200,
    ),
    "no mask": ("", {"role": "WRITER"}, 400),
    "empty mask": ("updateMask=", {"role": "WRITER"}, 400),
    "other member": ("updateMask=emailAddress", {"emailAddress": "else@example.com"}, 400),
    "role and more": ("updateMask=role,granteeType", {"role": "WRITER"}, 400),
    "all": ("updateMask=*", {"role": "WRITER"}, 400),
    "unknown member": ("updateMask=nonsense", {"role": "WRITER"}, 400),
    "no role": ("updateMask=role", {}, 400),
    "owner": ("updateMask=role", {"role": "OWNER"}, 400),
}


@pytest.mark.parametrize("row", PATCHES)
def test_patch(gemini, resource: str, row: str) -> None:
    query, body, code = PATCHES[row]
    made = share(gemini, resource, "READER", kind="GROUP").json
    answer = gemini.ask("PATCH", made["name"], body, query)
    assert answer.status == code, answer.content
    after = {**made, "role": "WRITER"} if code == 200 else made
    assert gemini.get(made["name"]) == after
    assert code != 200 or answer.json == after


def test_the_owner_stays(gemini, resource: str) -> None:
    owner = gemini.get(f"{resource}/permissions")["permissions"][0]
    assert gemini.ask("PATCH", owner["name"], {"role": "READER"}, "updateMask=role").status == 400
    assert gemini.ask("DELETE", owner["name"]).status == 400
    assert gemini.ask("PATCH", owner["name"], {"role": "OWNER"}, "updateMask=role").json == owner
    assert roles(gemini, resource) == {ANYBODY: "OWNER"}


@pytest.mark.parametrize("held", [None, "READER", "WRITER"])
def test_transfer(gemini, held: str | None) -> None:
    name = gemini.create()
    if held:
        share(gemini, name, held)
    assert gemini.ask("POST", f"{name}:transferOwnership", {"email_address": OTHER}).json == {}
    assert roles(gemini, name) == {ANYBODY: "WRITER", OTHER: "OWNER"}
    again = gemini.ask("POST", f"{name}:transferOwnership", {"emailAddress": OTHER})
    assert again.status == 403
    assert again.json["error"]["message"] == "You need to be the owner of the resource to transfer ownership"
    assert gemini.ask("DELETE", name).status == 403
    with gemini.caller(OTHER):
        assert gemini.ask("POST", f"{name}:transferOwnership", {"emailAddress": OTHER}).json == {}
        assert roles(gemini, name) == {ANYBODY: "WRITER", OTHER: "OWNER"}
        assert gemini.ask("DELETE", name).json == {}


@pytest.mark.parametrize("body", [{}, {"emailAddress": ""}, {"emailAddress": "x"}, {"email": OTHER}, []])
def test_wrong_transfer(gemini, body: Any) -> None:
    name = gemini.create()
    assert gemini.ask("POST", f"{name}:transferOwnership", body).status == 400
    assert roles(gemini, name) == {ANYBODY: "OWNER"}


NEEDS: dict[str, tuple[str, Any, str, str]] = {
    "tunedModels/x": ("GET", None, "", "read"),
    "tunedModels/x/permissions": ("GET", None, "", "read"),
    "tunedModels/x/operations": ("GET", None, "", "read"),
    "tunedModels/x?patch": ("PATCH", {"displayName": "y"}, "", "write"),
    "tunedModels/x/permissions?create": (
        "POST",
        {"granteeType": "USER", "emailAddress": "third@example.com", "role": "READER"},
        "",
        "write",
    ),
    "tunedModels/x:transferOwnership": ("POST", {"emailAddress": OTHER}, "", "own"),
    "tunedModels/x?delete": ("DELETE", None, "", "own"),
}


@pytest.mark.parametrize("row", NEEDS)
@pytest.mark.parametrize(
    ("who", "may"), [(OTHER, ""), (READER, "read"), (WRITER, "read write"), (ANYBODY, "read write own")]
)
def test_roles(gemini, row: str, who: str, may: str) -> None:
    verb, body, query, needed = NEEDS[row]
    name = gemini.create("tunedModelId=x")
    share(gemini, name, "READER", READER)
    share(gemini, name, "WRITER", WRITER)
    with gemini.caller(who):
        answer = gemini.ask(verb, row.partition("?")[0], body, query)
    assert answer.status == (200 if needed in may.split() else 403)


def test_stranger_is_refused_in_the_recorded_words(gemini, record) -> None:
    recorded = record("errors/jssdk240_403_tuned_model.json")["error"]["message"]
    gemini.create("tunedModelId=mymodel")
    with gemini.caller(OTHER):
        error = gemini.ask("GET", "tunedModels/mymodel").json["error"]
    assert (error["message"], error["status"]) == (recorded, "PERMISSION_DENIED")


def test_who_calls(gemini) -> None:
    """Any credential that is no address, and none, are one person; an address is its owner's."""
    name = gemini.create()
    for token in ("ya29.token", "AIza-key"):
        for key in (True, False):
            with gemini.caller(token, key=key):
                assert gemini.ask("GET", name).status == 200
    for key in (True, False):
        with gemini.caller(OTHER, key=key):
            assert gemini.ask("GET", name).status == 403
    assert gemini.ask("GET", name, query=f"key={OTHER}").status == 403
