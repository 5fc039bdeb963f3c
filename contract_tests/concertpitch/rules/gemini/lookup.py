"""Calls that name one resource: what was asked for, what does not exist, and what stays until it is deleted."""

from __future__ import annotations

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, Findings, rule
from concertpitch.protojson import message
from concertpitch.sources import aip, gemini_method
from concertpitch.subjects.gemini import Lookup

_NO = frozenset({404, 410, 403, 401, 429})
_INTERNAL = 500
_BENEATH = (".permissions.list", ".permissions.create", ".operations.list")


@rule(
    "get/returns-what-was-asked",
    DOCUMENTED,
    on=Lookup,
    when=lambda it: it.call.method.endswith(".get") and bool(it.name_shown),
    cite=gemini_method("ModelService.GetTunedModel", says="Gets information about a specific TunedModel."),
    probe="watch",
)
def returns_what_was_asked(it: Lookup) -> Findings:
    """A get answers the tuned model, base model or permission that was asked for."""
    if it.name_shown.rpartition("/")[2] != it.call.resource.rpartition("/")[2]:
        yield f"asked for {it.call.resource}, got {it.name_shown}"


def _no_operations(it: Lookup) -> bool:
    """Whether it is an empty list of operations, which may outlive what they were for, and never have been."""
    listed = it.call.method.endswith("operations.list") and it.call.succeeded
    return listed and not message(it.call.exchange.answer.value).get("operations")


@rule(
    "refuse/unknown-name",
    CONVENTION,
    on=Lookup,
    when=lambda it: (
        it.made_up
        and it.call.served
        and it.call.method.endswith((".get", ".patch", "transferOwnership", *_BENEATH))
        and it.call.status < _INTERNAL
        and (
            it.call.method.endswith(_BENEATH)
            or it.name_shown.rpartition("/")[2] in {"", it.call.resource.rpartition("/")[2]}
        )
        and not _no_operations(it)
    ),
    cite=aip(193, "Permission Denied", says="parent does not exist, the service **must** error with `NOT_FOUND` (HTTP"),
    probe="refusals",
)
def unknown_name(it: Lookup) -> Findings:
    """What does not exist answers 404 to get, patch, transfer and to what is beneath it (or 403, as if hidden)."""
    if it.call.status not in _NO:
        yield f"{it.call.method} of a {it.kind} that does not exist was answered {it.call.status}"


@rule(
    "refuse/delete-unknown-name",
    ADVISED,
    on=Lookup,
    when=lambda it: it.made_up and it.call.served and it.call.method.endswith(".delete") and it.call.status < _INTERNAL,
    cite=aip(135, "Guidance", says="The Delete method **should** succeed if and only if a resource was present and"),
    probe="refusals",
)
def delete_unknown_name(it: Lookup) -> Findings:
    """A delete of what does not exist is refused."""
    if it.call.succeeded:
        yield f"{it.call.method} of a {it.kind} that does not exist was answered {it.call.status}"


@rule(
    "tuned-model/stays-until-deleted",
    CONVENTION,
    on=Lookup,
    when=lambda it: it.known and not it.gone and it.kind == "tuned model" and it.call.method == "tunedModels.get",
    cite=aip(
        121, "Strong Consistency", says="Following a successful create that is the latest mutation on a resource, a get"
    ),
    probe="delete",
)
def stays_until_deleted(it: Lookup) -> Findings:
    """A tuned model that was shown can be read until it is deleted."""
    if it.call.status in {404, 410}:
        yield f"{it.call.resource} had been shown, nobody deleted it, and a get was answered {it.call.status}"


@rule(
    "permission/stays-until-revoked",
    CONVENTION,
    on=Lookup,
    when=lambda it: it.known and not it.gone and it.kind == "permission" and it.call.method.endswith(".get"),
    cite=aip(
        121, "Strong Consistency", says="Following a successful create that is the latest mutation on a resource, a get"
    ),
    probe="permissions",
)
def stays_until_revoked(it: Lookup) -> Findings:
    """A permission that was shown can be read until somebody takes it away."""
    if it.call.status in {404, 410}:
        yield f"{it.call.resource} had been shown, nobody took it away, and a get was answered {it.call.status}"
