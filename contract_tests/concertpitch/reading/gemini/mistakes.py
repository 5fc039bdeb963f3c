"""What is wrong with a request of the Gemini API, as far as the documents tell."""

from __future__ import annotations

from collections.abc import Iterable

from concertpitch.reading.mistakes import of_create, of_operation, of_page
from concertpitch.subjects import Create, OperationCall, Page
from concertpitch.subjects.gemini import Lookup, Patch, Transfer, Tuning


def mistakes_of(
    creates: Iterable[Create],
    pages: Iterable[Page],
    lookups: Iterable[Lookup],
    operations: Iterable[OperationCall],
    patches: Iterable[Patch],
    transfers: Iterable[Transfer],
) -> dict[int, str]:
    """The mistake of each wrong request, by the number of its exchange."""
    judged = (
        *((create.call, of_create(create) or _of_id(create)) for create in creates),
        *((page.call, of_page(page)) for page in pages),
        *((one.call, f"the name of a {one.kind} that does not exist" if one.made_up else "") for one in lookups),
        *((one.call, of_operation(one)) for one in operations),
        *((patch.call, _of_patch(patch)) for patch in patches),
        *((one.call, "no e-mail address" if one.request.faults else "") for one in transfers),
    )
    found: dict[int, str] = {}
    for call, fault in judged:
        if fault:
            found.setdefault(call.exchange.number, fault)
    return found


def _of_patch(patch: Patch) -> str:
    if patch.unreadable:
        return "a body that is no JSON"
    return "a mask with a path that leads nowhere" if patch.unknown else ""


def _of_id(create: Create) -> str:
    return "an id that is taken" if isinstance(create, Tuning) and create.id_taken else ""
