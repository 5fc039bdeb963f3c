"""Permissions on a tuned model and on a corpus, and a transfer of ownership."""

from __future__ import annotations

from typing import Any

from concertpitch.exchange import Exchange
from concertpitch.probes.gemini import bodies
from concertpitch.probes.gemini.lab import GeminiLab
from concertpitch.probes.gemini.lists import changing_sizes
from concertpitch.protojson import items, message, text

_OK = 200
_UNSERVED = frozenset({404, 405, 501})
_MANY = 10
"""So many grants, beside the owner's, do not fit on a page of ten."""
_AWKWARD = "first.last+tuning@mail.example.org"
"""An address that is easily taken for a shorter one."""
_USER, _GROUP, _WRITER_NUMBER = 1, 2, 2


def sharing(lab: GeminiLab) -> None:
    """Grant, read, change and take away permissions on a tuned model."""
    for model_id in lab.active()[:1]:
        parent = f"tunedModels/{model_id}"
        first = lab.page(f"{parent}/permissions", probe="permissions")
        if first.status in _UNSERVED:
            lab.missing["permissions"] = f"the target answers the list of permissions with {first.status}"
            return
        _around(lab, parent)
        _next_door(lab, parent)
        for number in range(_MANY):
            grant(lab, parent, user(f"reader{number}"))
        grant(lab, parent, user("awkward") | {"emailAddress": _AWKWARD})
        lists(lab, parent)


def shared_with_everyone(lab: GeminiLab) -> None:
    """Share one more tuned model with everyone, so that filters have something to tell apart."""
    for model_id in lab.active()[2:3]:
        parent = f"tunedModels/{model_id}"
        grant(lab, parent, {"granteeType": "EVERYONE", "role": "READER"})
        lab.walk(f"{parent}/permissions", probe="permissions", limit=5)
        lab.get(model_id, probe="filters")
    for model_id in lab.active()[3:5]:
        lab.walk(f"tunedModels/{model_id}/permissions", probe="permissions", limit=5)
        lab.get(model_id, probe="filters")


def corpora(lab: GeminiLab) -> None:
    """The same on a corpus, where there are corpora."""
    if lab.settings.surface.version != "v1beta":
        return
    made = lab.send("POST", "corpora", probe="corpora", body={"displayName": f"Concertpitch {lab.run_id}"})
    name = text(message(made.answer.value).get("name"))
    if made.status != _OK or not name.startswith("corpora/"):
        lab.missing["corpora"] = f"the target answers the create of a corpus with {made.status}"
        return
    lab.corpora.append(name)
    lab.send("GET", name, probe="corpora")
    _around(lab, name)
    lab.walk("corpora", probe="corpora", limit=5)
    if lab.send("DELETE", name, probe="corpora", query={"force": "true"}).status == _OK:
        lab.corpora.remove(name)
        lab.send("GET", name, probe="corpora")


def user(name: str) -> dict[str, Any]:
    """A permission to read for a user of that name."""
    return {"granteeType": "USER", "emailAddress": f"{name}@example.com", "role": "READER"}


def grant(lab: GeminiLab, parent: str, body: Any) -> str:
    """Grant and read; the permission's name, '' when there is none."""
    exchange = lab.send("POST", f"{parent}/permissions", probe="permissions", body=body)
    name = text(message(exchange.answer.value).get("name"))
    if exchange.status != _OK or "/permissions/" not in name:
        return ""
    lab.send("GET", name, probe="permissions")
    return name


def _patch(lab: GeminiLab, name: str, body: Any, mask: str | None) -> Exchange:
    query = None if mask is None else {"updateMask": mask}
    return lab.send("PATCH", name, probe="permissions", query=query, body=body)


def _around(lab: GeminiLab, parent: str) -> None:
    """Every kind of grantee, every mistake, every spelling, every change of one permission."""
    listed = f"{parent}/permissions"
    everyone = {"granteeType": "EVERYONE", "role": "READER"}
    group = user("group") | {"granteeType": "GROUP", "role": "WRITER"}
    names = {}
    for who, body in (("user", user("user")), ("group", group), ("everyone", everyone)):
        names[who] = grant(lab, parent, body)
        lab.walk(listed, probe="permissions", limit=5)
    for wrong in (
        user("no-role") | {"role": None},
        {"granteeType": "USER", "role": "READER"},
        user("unknown-role") | {"role": "BANANA"},
        user("unspecified-role") | {"role": "ROLE_UNSPECIFIED"},
        user("wrong-type") | {"role": {"name": "READER"}},
        user("owner") | {"role": "OWNER"},
        everyone | {"emailAddress": "everyone@example.com"},
    ):
        lab.send("POST", listed, probe="permissions", body={k: v for k, v in wrong.items() if v is not None})
    lab.walk(listed, probe="permissions", limit=5)
    if names["everyone"]:
        lab.send("DELETE", names["everyone"], probe="permissions")
        lab.send("GET", names["everyone"], probe="permissions")
        lab.send("POST", listed, probe="permissions", body=everyone | {"emailAddress": "everyone@example.com"})
        lab.walk(listed, probe="permissions", limit=5)
    if names["group"]:
        lab.send("GET", names["group"], probe="permissions")
        for role in ("READER", "WRITER"):
            _patch(lab, names["group"], {"role": role}, "role")
            lab.send("GET", names["group"], probe="permissions")
    if names["user"]:
        _change(lab, names["user"])
        lab.walk(listed, probe="permissions", limit=5)
        _respell(lab, parent, names["user"])


def _next_door(lab: GeminiLab, parent: str) -> None:
    """Ask for a permission below another tuned model; two grants of one role, of which one is taken away."""
    one, two = (grant(lab, parent, user(name)) for name in ("stays", "goes"))
    if not one or not two:
        return
    for model_id in [other for other in lab.active() if not parent.endswith(f"/{other}")][:1]:
        lab.walk(f"tunedModels/{model_id}/permissions", probe="permissions", limit=5)
        lab.send("GET", f"tunedModels/{model_id}/permissions/{one.rpartition('/')[2]}", probe="permissions")
    lab.send("GET", one, probe="permissions")
    lab.send("DELETE", two, probe="permissions")
    lab.send("GET", one, probe="permissions")
    lab.send("DELETE", one, probe="permissions")


def _change(lab: GeminiLab, name: str) -> None:
    """Patches of one permission, each followed by a read."""
    for mask, body in (
        ("role", {"role": "WRITER"}),
        ("role", {"role": "READER", "emailAddress": "another@example.com", "granteeType": "GROUP"}),
        (None, {"role": "WRITER"}),
        ("emailAddress", {"emailAddress": "another@example.com", "role": "READER"}),
        ("granteeType", {"granteeType": "GROUP", "role": "READER"}),
        ("role", {"role": "OWNER"}),
        ("role", {"role": "READER"}),
    ):
        _patch(lab, name, body, mask)
        lab.send("GET", name, probe="permissions")


def _respell(lab: GeminiLab, parent: str, name: str) -> None:
    """Take a permission away and grant it anew in each spelling, then take it away for good."""
    listed, plain = f"{parent}/permissions", user("user")
    snake = {"grantee_type": "USER", "email_address": plain["emailAddress"], "role": "READER"}
    for body in (plain, snake, plain | {"granteeType": _USER, "role": 3}, plain | {"name": f"{listed}/made-up"}):
        lab.send("DELETE", name, probe="permissions")
        lab.send("POST", listed, probe="spellings", body=body)
    lab.send("DELETE", name, probe="permissions")
    lab.send("GET", name, probe="permissions")
    lab.walk(listed, probe="permissions", limit=5)
    lab.send("DELETE", name, probe="permissions")
    last = name.rpartition("/")[2]
    lab.send("GET", f"{listed}/{lab.unknown_like(last, {last})}", probe="refusals")


def lists(lab: GeminiLab, parent: str) -> None:
    """Pages of permissions of every size."""
    listed = f"{parent}/permissions"
    lab.page(listed, probe="paging")
    for size in ("1", "3", "5000"):
        lab.walk(listed, probe="paging", limit=40, pageSize=size)
    lab.walk(listed, probe="paging", limit=40)
    changing_sizes(lab, listed, probe="paging")
    for query in ({"pageSize": "0"}, {"pageToken": ""}, {"pageSize": "-1"}, {"pageToken": "concertpitch-made-this-up"}):
        lab.page(listed, probe="paging", **query)


def transfer(lab: GeminiLab) -> None:
    """Give tuned models away, which cannot be taken back: only where the target is near, or all is allowed."""
    known = set(lab.made)
    for number in range(2):
        lab.create(bodies.plain(lab, displayName=f"Concertpitch transfer {number}"), probe="transfer")
    lab.await_rest(probe="transfer")
    for number, model_id in enumerate(sorted(lab.made.keys() - known)):
        made = lab.made[model_id]
        listed = f"{made.name}/permissions"
        lab.get(model_id, probe="transfer")
        before = lab.page(listed, probe="transfer")
        if before.status in _UNSERVED:
            lab.missing["transfer"] = "the target serves no permissions to see owners in"
            return
        bystander = grant(lab, made.name, user("bystander"))
        grant(lab, made.name, user("writing-bystander") | {"role": "WRITER"})
        grant(lab, made.name, user("heir"))
        _without_transfer(lab, made.name, before)
        done = _give(lab, made.name, {"emailAddress": f"{'heir' if number else 'new-owner'}@example.com"})
        lab.walk(listed, probe="transfer", limit=5)
        if done.status in _UNSERVED:
            lab.missing["transfer"] = f"the target answers transferOwnership with {done.status}"
            return
        if done.status == _OK:
            made.given_away = True
            if bystander:
                lab.send("GET", bystander, probe="transfer")
            _as_lesser(lab, model_id, before, demoted=number > 0)


def _give(lab: GeminiLab, name: str, body: Any) -> Exchange:
    return lab.send("POST", f"{name}:transferOwnership", probe="transfer", body=body)


def _owner(roster: Exchange) -> str:
    """The name of the owner's permission, '' where none is shown."""
    shown = [message(one) for one in items(message(roster.answer.value).get("permissions"))]
    return next((text(one.get("name")) for one in shown if one.get("role") == "OWNER"), "")


def _without_transfer(lab: GeminiLab, name: str, roster: Exchange) -> None:
    """Try to end ownership by a patch, by a delete, and by a transfer to nobody; look at the owner after each."""
    owner = _owner(roster)
    if owner:
        _patch(lab, owner, {"role": "READER"}, "role")
        lab.walk(f"{name}/permissions", probe="transfer", limit=5)
        lab.send("DELETE", owner, probe="transfer")
        lab.walk(f"{name}/permissions", probe="transfer", limit=5)
    _give(lab, name, {})
    lab.walk(f"{name}/permissions", probe="transfer", limit=5)


def _as_lesser(lab: GeminiLab, model_id: str, roster: Exchange, *, demoted: bool) -> None:
    """Do what a writer may not, and if `demoted` become a reader and do what a reader may not."""
    name, own = f"tunedModels/{model_id}", _owner(roster)
    lab.get(model_id, probe="transfer")
    if not demoted:
        lab.patch(model_id, {"description": f"By a writer {lab.mark}"}, probe="transfer", mask="description")
    if demoted and own:
        _patch(lab, own, {"role": "READER"}, "role")
        lab.walk(f"{name}/permissions", probe="transfer", limit=5)
        lab.patch(model_id, {"description": f"By a reader {lab.mark}"}, probe="transfer", mask="description")
    _give(lab, name, {"emailAddress": "third-owner@example.com"})
    lab.walk(f"{name}/permissions", probe="transfer", limit=5)
    lab.get(model_id, probe="transfer")


def trespass(lab: GeminiLab) -> None:
    """Delete what was given away, which only its new owner may."""
    for made in [one for one in lab.made.values() if one.given_away]:
        lab.delete(made.model_id, probe="transfer")
