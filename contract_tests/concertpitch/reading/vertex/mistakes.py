"""What is wrong with a request of tuningJobs, as far as the documents tell."""

from __future__ import annotations

from concertpitch.subjects.vertex import Cancellation, Creation, OperationCall, Page, Retrieval


def mistakes_of(
    creations: list[Creation],
    pages: list[Page],
    named: list[Retrieval | Cancellation],
    operations: list[OperationCall],
) -> dict[int, str]:
    """The mistake of each wrong request, by the number of its exchange."""
    judged = (
        *((creation.call, _of_creation(creation)) for creation in creations),
        *((page.call, _of_page(page)) for page in pages),
        *((one.call, _of_name(one)) for one in named),
        *((one.call, _of_operation(one)) for one in operations),
    )
    return {call.exchange.number: fault for call, fault in judged if fault}


def _of_creation(creation: Creation) -> str:
    if creation.unreadable:
        return "a body that is no JSON"
    faults = ", ".join(sorted(creation.request.faults)).replace("_", " ")
    return f"a body with members that are: {faults}" if faults else ""


def _of_page(page: Page) -> str:
    if not page.token_known:
        return "a page token the target never gave"
    if page.of_another_list:
        return "a page token of another list"
    if page.filter_broken:
        return f"the filter {page.filter}"
    if "pageSize" in page.call.query and (page.size is None or page.size < 0):
        return f"pageSize={page.call.query['pageSize']}"
    return ""


def _of_name(one: Retrieval | Cancellation) -> str:
    if not one.known and one.lookalike:
        return "the name of a job that does not exist"
    if isinstance(one, Cancellation) and one.before is not None:
        return "a job that has ended" if one.before.ended else "a job that is being cancelled" if one.repeated else ""
    return ""


def _of_operation(one: OperationCall) -> str:
    return "the name of an operation that does not exist" if not one.given and one.lookalike else ""
