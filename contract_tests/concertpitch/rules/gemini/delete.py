"""What a delete leaves."""

from __future__ import annotations

from concertpitch.catalogue import ADVISED, CONVENTION, Findings, rule
from concertpitch.protojson import message
from concertpitch.sources import aip
from concertpitch.subjects.gemini import Deletion, Heir, Lookup


@rule(
    "delete/is-gone",
    CONVENTION,
    on=Deletion,
    when=lambda deletion: deletion.call is not None and deletion.call.method.endswith(".get"),
    cite=aip(
        121, "Strong Consistency", says="Following a successful delete that is the latest mutation on a resource, a get"
    ),
    probe="delete",
)
def is_gone(deletion: Deletion) -> Findings:
    """What was deleted cannot be read any more."""
    if deletion.call and deletion.call.succeeded:
        yield f"{deletion.delete.resource} was deleted, and a get was answered {deletion.call.status}"


@rule(
    "delete/is-not-listed",
    ADVISED,
    on=Deletion,
    when=lambda deletion: deletion.walk is not None,
    cite=aip(
        121, "Strong Consistency", says="Following a successful delete that is the latest mutation on a resource, a get"
    ),
    probe="delete",
)
def is_not_listed(deletion: Deletion) -> Findings:
    """What was deleted is not listed any more (AIP-121 promises it of get only, so this only warns)."""
    if deletion.listed:
        yield f"{deletion.delete.resource} was deleted and is still listed"


@rule(
    "delete/not-twice",
    ADVISED,
    on=Deletion,
    when=lambda deletion: deletion.call is not None and deletion.call.method.endswith(".delete"),
    cite=aip(135, "Guidance", says="The Delete method **should** succeed if and only if a resource was present and"),
    probe="delete",
)
def not_twice(deletion: Deletion) -> Findings:
    """What was deleted cannot be deleted again."""
    if deletion.call and deletion.call.succeeded:
        yield f"{deletion.delete.resource} was deleted, and a second delete was answered {deletion.call.status}"


@rule(
    "delete/answers-empty",
    ADVISED,
    on=Lookup,
    when=lambda it: it.call.method.endswith(".delete") and it.call.succeeded and it.call.exchange.answer.error is None,
    cite=aip(135, "Guidance", says="The response message **should** be `google.protobuf.Empty`."),
    probe="delete",
)
def answers_empty(it: Lookup) -> Findings:
    """A delete answers an empty object."""
    body = message(it.call.exchange.answer.value)
    if body:
        yield f"{it.call.method} answered {', '.join(sorted(body))}"


@rule(
    "delete/takes-permissions",
    ADVISED,
    on=Deletion,
    when=lambda deletion: deletion.call is not None and deletion.call.method.endswith(".permissions.list"),
    cite=aip(193, "Permission Denied", says="parent does not exist, the service **must** error with `NOT_FOUND` (HTTP"),
    probe="delete",
)
def takes_permissions(deletion: Deletion) -> Findings:
    """The permissions of a tuned model that was deleted cannot be listed any more."""
    if deletion.call and deletion.call.succeeded:
        yield f"{deletion.delete.resource} was deleted, and its permissions were answered {deletion.call.status}"


@rule(
    "delete/ends-permissions",
    CONVENTION,
    on=Heir,
    cite=aip(
        121, "Strong Consistency", says="Following a successful delete that is the latest mutation on a resource, a get"
    ),
    probe="delete",
)
def ends_permissions(heir: Heir) -> Findings:
    """A tuned model made under the id of a deleted one has none of the permissions that were granted on that."""
    for one in heir.kept:
        yield f"{one.shown} was granted on a model that is deleted, and the new model of that id has it"
