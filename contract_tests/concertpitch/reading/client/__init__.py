"""Exchanges of a client -> what the rules for clients judge, and how much of a surface the client touched.

Rule 1: only requests about resources of a surface are read; what else a client talks to is its own business.
Rule 2: `/ui/` is another spelling of the version in paths of operations (aiplatform's first binding of
google.longrunning.Operations, which generated REST clients take), and any surface may read an operation under `/v1/`.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from concertpitch.exchange import Exchange
from concertpitch.protojson import camel, message, text
from concertpitch.reading.calls import calls_of
from concertpitch.schema import Node, Request, Schemas, read_answer, read_request
from concertpitch.subjects import Call
from concertpitch.subjects.client import Asked, Cancelled, Coverage, Given, Poll, Sent
from concertpitch.surfaces import Surface, routes

_RESOURCES = re.compile(r"/(tuningJobs|tunedModels|corpora)\b")
_OPERATION = re.compile(r"/(ui|v1)/.*/operations(/|$)")
_SYSTEM = frozenset({
    "access_token", "alt", "callback", "fields", "key", "oauth_token", "prettyPrint", "quotaUser", "uploadType",
    "upload_protocol", "userProject", "userIp", ".xgafv", "apiVersion",
})  # fmt: skip
_ENDED = frozenset({
    "JOB_STATE_SUCCEEDED", "JOB_STATE_FAILED", "JOB_STATE_CANCELLED", "JOB_STATE_EXPIRED",
    "JOB_STATE_PARTIALLY_SUCCEEDED", "ACTIVE", "FAILED",
})  # fmt: skip


def client_subjects(
    exchanges: Sequence[Exchange], surfaces: Iterable[Surface], base_path: str = "", least_pause: float = 0.0
) -> Iterator[object]:
    """Everything the rules for clients can judge; `least_pause`: stated seconds between polls, or 0."""
    known: dict[int, Call] = {}
    for surface in surfaces:
        calls = _calls(exchanges, surface, base_path)
        known |= {call.exchange.number: call for call in calls}
        yield from _requests(calls, surface.schemas)
        yield from _cancelled(calls, surface.schemas)
        if least_pause:
            yield from _polls(calls, surface.schemas, least_pause)
    yield from _given([known[number] for number in sorted(known)])  # pages below `/ui/` may be of several versions
    for exchange in exchanges:
        path = exchange.path.removeprefix(base_path)
        if _RESOURCES.search(path):
            yield Asked(exchange, exchange.number in known or bool(_OPERATION.match(path)))


def _calls(exchanges: Sequence[Exchange], surface: Surface, base_path: str) -> list[Call]:
    """The calls of a surface; an operation below `/ui/` is of the version that the type of its metadata names."""
    own, sent = f".{surface.version}.".encode(), {one.number: one for one in exchanges}
    spelled = [
        replace(one, url=one.url.replace("/ui/", f"/{surface.version}/", 1)) if own in one.body else one
        for one in exchanges
    ]
    return [replace(call, exchange=sent[call.exchange.number]) for call in calls_of(spelled, surface, base_path)]


def _requests(calls: list[Call], schemas: Schemas) -> Iterator[Sent]:
    """Every request, with what of its resource the client had been shown before."""
    shown: dict[str, dict[str, Any]] = {}
    for call in calls:
        yield _sent(call, schemas, next((shown[name] for name in shown if call.exchange.path.endswith(f"/{name}")), {}))
        if call.succeeded:
            body = _answer(call, schemas)
            for one in [body, *(item for value in body.values() if isinstance(value, list) for item in value)]:
                name = text(message(one).get("name"))
                if name:
                    shown[name] = shown.get(name, {}) | one


def _sent(call: Call, schemas: Schemas, shown: Mapping[str, Any]) -> Sent:
    strange, missing = _query(call)
    node, reading = call.route.request, call.exchange.request
    if node is None or not call.exchange.request_body.strip():
        empty = read_request(schemas, node, {}) if node is not None else None
        return Sent(call, empty, "", {}, strange, missing)
    if reading.error:
        return Sent(call, None, reading.error, {}, strange, missing)
    request = read_request(schemas, node, reading.value)
    meant = {path: _nearest(path, schemas, node) for path in request.unknown}
    fixed: tuple[str, ...] = ()
    mask = call.query.get("updateMask", call.query.get("update_mask", ""))
    if call.exchange.method == "PATCH":
        request = _updating(request, mask)
        named = _flagged(schemas, node, request.canonical, "IMMUTABLE")
        fixed = tuple(path for path in named if _at(request.canonical, path) != _at(shown, path))
    deprecated = tuple(_flagged(schemas, node, request.canonical, ""))
    return Sent(call, request, "", meant, strange, missing, deprecated, fixed)


def _at(value: Any, path: str) -> Any:
    """The value at a dotted path, None where there is none."""
    for name in path.split("."):
        value = message(value).get(name)
    return value


def _nearest(path: str, schemas: Schemas, node: Node) -> str:
    """The member that an unknown one was probably meant to be, '' for none."""
    *holders, name = path.split(".")
    for holder in holders:
        node = schemas.members(node).get(camel(holder.partition("[")[0]), node)
        if node.kind == "list":
            node = schemas.node(node.schema.get("items", {}))
    return next(iter(difflib.get_close_matches(camel(name), schemas.members(node), n=1)), "")


def _updating(request: Request, mask: str) -> Request:
    """What counts of an update: nothing in it is required, and with a mask only the members that it names."""
    paths = [camel(path.strip()) for path in mask.split(",") if path.strip()]

    def counts(path: str) -> bool:
        return not paths or any(camel(path) == one or camel(path).startswith(f"{one}.") for one in paths)

    request.missing.clear()
    request.empty.clear()
    request.output_only = {path: value for path, value in request.output_only.items() if paths and counts(path)}
    tops = {path.partition(".")[0] for path in paths}
    if paths:
        request.canonical = {name: value for name, value in request.canonical.items() if name in tops}
    return request


def _query(call: Call) -> tuple[dict[str, str], tuple[str, ...]]:
    """Unknown parameters, each with the nearest known one, and required ones that were not sent."""
    known = {camel(name): required for name, required in call.route.query.items()}
    sent = {camel(name) for name in call.query}
    strange = {
        name: next(iter(difflib.get_close_matches(camel(name), known, n=1)), "")
        for name in call.query
        if camel(name) not in known and name.removeprefix("$") not in _SYSTEM
    }
    return strange, tuple(name for name, required in known.items() if required and name not in sent)


def _flagged(schemas: Schemas, node: Node, value: Mapping[str, Any], behaviour: str, path: str = "") -> Iterator[str]:
    """Paths of set members with a field behaviour, or the deprecated ones for ''."""
    for name, inner in value.items():
        if name not in schemas.members(node):
            continue
        of = schemas.members(node)[name]
        schema = node.schema["properties"][name]
        deprecated = bool(schema.get("deprecated")) or bool(of.schema.get("deprecated"))
        if behaviour in schemas.behaviour(node, name) or (not behaviour and deprecated):
            yield path + name
        if of.kind == "message" and isinstance(inner, dict):
            yield from _flagged(schemas, of, inner, behaviour, f"{path}{name}.")


def _given(calls: list[Call]) -> Iterator[Given]:
    """Each page that gave a token, with the first later request that sent it to the same path."""
    pages = [call for call in calls if call.method.endswith("list")]
    for number, page in enumerate(pages):
        token = text(message(page.exchange.answer.value).get("nextPageToken"))
        if page.succeeded and token:
            later = (one for one in pages[number + 1 :] if one.exchange.path == page.exchange.path)
            yield Given(page, token, next((one for one in later if token in _tokens(one)), None))


def _tokens(call: Call) -> list[str]:
    return [value for name, value in call.query.items() if camel(name) == "pageToken"]


def _cancelled(calls: list[Call], schemas: Schemas) -> Iterator[Cancelled]:
    shown: dict[str, tuple[Exchange, str]] = {}
    for call in calls:
        name = _resource(call)
        if call.method.endswith(".cancel"):
            yield Cancelled(call, *shown.get(name, (None, "")))
        elif call.method.endswith(".get") and call.succeeded:
            body = _answer(call, schemas)
            state = "done" if body.get("done") is True else text(body.get("state"))
            if state in _ENDED or state == "done":
                shown[name] = (call.exchange, state)


def _polls(calls: list[Call], schemas: Schemas, least: float) -> Iterator[Poll]:
    """Each get of what the get before had shown not to be at its end, when nothing was asked of it in between."""
    last: dict[str, Call] = {}
    for call in calls:
        before = last.pop(_resource(call), None)
        if call.method.endswith(".get"):
            if before is not None and _running(_answer(before, schemas)):
                yield Poll(before, call, call.exchange.sent - before.exchange.answered, least)
            last[_resource(call)] = call


def _running(body: Mapping[str, Any]) -> bool:
    if "/operations/" in text(body.get("name")):
        return body.get("done") is not True
    return "state" in body and text(body["state"]) not in _ENDED


def _resource(call: Call) -> str:
    """The path without a verb of its own."""
    return call.exchange.path.partition(":")[0]


def _answer(call: Call, schemas: Schemas) -> dict[str, Any]:
    """What a client was answered; enums are named, though clients may ask for their numbers."""
    return read_answer(schemas, call.route.response, message(call.exchange.answer.value))


def coverage_of(exchanges: Sequence[Exchange], surfaces: Iterable[Surface], base_path: str = "") -> list[Coverage]:
    """What of each surface the traffic touched, for the surfaces it touched at all."""
    found = []
    for surface in surfaces:
        calls = _calls(exchanges, surface, base_path)
        if not calls:
            continue
        members: set[str] = set()
        states: set[str] = set()
        for call in calls:
            sent = _sent(call, surface.schemas, {})
            if sent.request is not None:
                members |= set(_paths(sent.request.canonical))
            body = _answer(call, surface.schemas)
            listed = [item for value in body.values() if isinstance(value, list) for item in value]
            states |= {text(message(one).get("state")) for one in [body, *listed]} - {""}
        found.append(
            Coverage(
                f"{surface.name} {surface.version}",
                tuple(dict.fromkeys(route.method for route in routes(surface))),
                dict(sorted(Counter(call.method for call in calls).items())),
                tuple(sorted(members)),
                tuple(sorted(states)),
            )
        )
    return found


def _paths(value: Mapping[str, Any], path: str = "") -> Iterator[str]:
    for name, inner in value.items():
        yield path + name
        if isinstance(inner, dict) and name != "labels":
            yield from _paths(inner, f"{path}{name}.")
