"""What is wrong with a request of tuningJobs, as far as the documents tell."""

from __future__ import annotations

from collections.abc import Sequence

from concertpitch.reading.mistakes import of_create, of_operation, of_page
from concertpitch.subjects import OperationCall, Page
from concertpitch.subjects.vertex import Cancellation, Creation, JobRetrieval, Rebase


def mistakes_of(
    creations: list[Creation],
    pages: Sequence[Page],
    named: list[JobRetrieval | Cancellation],
    operations: list[OperationCall],
    rebases: list[Rebase],
) -> dict[int, str]:
    """The mistake of each wrong request, by the number of its exchange."""
    judged = (
        *((creation.call, of_create(creation)) for creation in creations),
        *((page.call, of_page(page)) for page in pages),
        *((one.call, _of_name(one)) for one in named),
        *((one.call, of_operation(one)) for one in operations),
        *((one.call, _of_rebase(one)) for one in rebases),
    )
    return {call.exchange.number: fault for call, fault in judged if fault}


def _of_rebase(rebase: Rebase) -> str:
    if rebase.stranger:
        return "the name of a job to rebase that does not exist"
    faults = ", ".join(sorted(rebase.request.faults)).replace("_", " ")
    return f"a rebase with members that are: {faults}" if faults else ""


def _of_name(one: JobRetrieval | Cancellation) -> str:
    if not one.known:
        return "the name of a job that does not exist"
    if isinstance(one, Cancellation) and one.before is not None:
        return "a job that has ended" if one.before.ended else "a job that is being cancelled" if one.repeated else ""
    return ""
