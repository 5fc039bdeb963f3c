"""Operations and their parameters, before and after.

Owns what of a method counts: where and how it is called, with what, and what it answers. Names of variables
in a flat path are not seen by callers. Must not know how bad a change is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from concertpitch_codegen.diff.change import Change
from concertpitch_codegen.diff.fields import compare_schema
from concertpitch_codegen.document import Behavior

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from concertpitch_codegen.document import Document, Operation, Origin, Parameter, Schema

_VARIABLE = re.compile(r"\{[^}]*\}")
_MEDIA = ("supportsMediaUpload", "supportsMediaDownload")


def compare_operations(old: Document, new: Document) -> Iterator[Change]:
    """Yield what changed for callers: the service, every operation, the parameters that all share."""
    origin = next((each.origin for each in new.operations.values()), None)
    if origin and old.base_url.rstrip("/") != new.base_url.rstrip("/"):
        yield Change("service-moved", new.api, "request", origin, old.base_url, new.base_url)
    yield from _parameters(new.api, old.parameters, new.parameters)
    for name in sorted(old.operations.keys() | new.operations.keys()):
        was, now = old.operations.get(name), new.operations.get(name)
        if was is None and now is not None:
            yield Change("operation-added", name, "request", now.origin)
        elif was is not None and now is None:
            yield Change("operation-removed", name, "request", was.origin)
        elif was is not None and now is not None:
            yield from _operation(was, now)


def _operation(was: Operation, now: Operation) -> Iterator[Change]:
    def changed(rule: str, before: object, after: object) -> Iterator[Change]:
        if before != after:
            yield Change(rule, now.id, "request", now.origin, str(before or ""), str(after or ""))

    if _VARIABLE.sub("{}", f"{was.http_method} {was.path}") != _VARIABLE.sub("{}", f"{now.http_method} {now.path}"):
        yield from changed("operation-moved", f"{was.http_method} {was.path}", f"{now.http_method} {now.path}")
    yield from changed("operation-body-changed", _shown(was.request), _shown(now.request))
    yield from changed("operation-answer-changed", _shown(was.response), _shown(now.response))
    yield from changed("text-changed", was.description or "", now.description or "")
    if was.long_running and now.long_running:
        before, after = was.long_running, now.long_running
        yield from changed(
            "operation-result-changed",
            f"{before.response_type}, {before.metadata_type}",
            f"{after.response_type}, {after.metadata_type}",
        )
    if was.deprecated != now.deprecated:
        rule = "operation-deprecated" if now.deprecated else "operation-restored"
        yield Change(rule, now.id, "request", now.origin)
    for scope in sorted(set(was.scopes) ^ set(now.scopes)):
        rule = "scope-added" if scope in now.scopes else "scope-removed"
        yield Change(rule, now.id, "request", now.origin, new=scope)
    for media in _MEDIA:
        if bool(was.extras.get(media)) != bool(now.extras.get(media)):
            rule = "media-added" if now.extras.get(media) else "media-removed"
            yield Change(rule, now.id, "request", now.origin, new=media)
    yield from _order(was, now)
    yield from _parameters(now.id, was.parameters, now.parameters)


def _order(was: Operation, now: Operation) -> Iterator[Change]:
    """Compare the order of the parameters that are given by position, those of the path."""
    shared = {each.name for each in was.parameters if each.location == "path"}
    shared &= {each.name for each in now.parameters if each.location == "path"}
    before, after = (", ".join(name for name in each.order if name in shared) for each in (was, now))
    if before != after and before and after:
        yield Change("parameters-reordered", now.id, "request", now.origin, before, after)


def _parameters(owner: str, was: Iterable[Parameter], now: Iterable[Parameter]) -> Iterator[Change]:
    before = {each.name: each for each in was}
    after = {each.name: each for each in now}
    for name in sorted(before.keys() | after.keys()):
        subject = f"{owner}({name})"
        if name not in before:
            rule = "required-parameter-added" if _needed(after[name]) else "parameter-added"
            yield Change(rule, subject, "request", _origin(after[name]))
        elif name not in after:
            rule = "required-parameter-removed" if _needed(before[name]) else "parameter-removed"
            yield Change(rule, subject, "request", _origin(before[name]))
        else:
            yield from _parameter(subject, before[name], after[name])


def _parameter(subject: str, was: Parameter, now: Parameter) -> Iterator[Change]:
    if (was.location, was.repeated) != (now.location, now.repeated):
        before, after = (f"{each.location}{' repeated' * each.repeated}" for each in (was, now))
        yield Change("parameter-type-changed", subject, "request", _origin(now), before, after)
    if _needed(was) != _needed(now):
        rule = "parameter-became-required" if _needed(now) else "parameter-became-optional"
        yield Change(rule, subject, "request", _origin(now))
    # Requiredness was compared above, where the flag counts as much as the text.
    for change in compare_schema(subject, was.schema, now.schema, "request"):
        if change.rule == "field-type-changed":
            yield Change("parameter-type-changed", subject, "request", change.origin, change.old, change.new)
        elif change.rule not in {"field-became-required", "field-became-optional"}:
            yield change


def _needed(parameter: Parameter) -> bool:
    return parameter.required or parameter.schema.has(Behavior.REQUIRED)


def _origin(parameter: Parameter) -> Origin:
    return parameter.schema.origin


def _shown(schema: Schema | None) -> str:
    return str(schema.type) if schema else ""
