"""Calls -> refusals, each with what is wrong with its request as far as the documents tell."""

from __future__ import annotations

from collections.abc import Iterator

from concertpitch.subjects import Call, Cancellation, Creation, OperationCall, Page, Refusal, Retrieval

_FIRST_ERROR = 400


def refusals_of(
    calls: list[Call],
    creations: list[Creation],
    pages: list[Page],
    named: list[Retrieval | Cancellation],
    operations: list[OperationCall],
) -> Iterator[Refusal]:
    """Every answer of 400 and above."""
    faults: dict[int, str] = {}
    for creation in creations:
        if creation.unreadable:
            faults[creation.call.exchange.number] = "a body that is no JSON"
        elif creation.request.faults:
            faults[creation.call.exchange.number] = f"a body with {', '.join(sorted(creation.request.faults))} members"
    for page in pages:
        if not page.token_known:
            faults[page.call.exchange.number] = "a page token the target never gave"
        elif "pageSize" in page.call.query and (page.size is None or page.size < 0):
            faults[page.call.exchange.number] = f"pageSize={page.call.query['pageSize']}"
    for one in named:
        if not one.known and one.lookalike:
            faults[one.call.exchange.number] = "the name of a job that does not exist"
        elif isinstance(one, Cancellation) and one.before is not None and one.before.ended:
            faults[one.call.exchange.number] = "a job that has ended"
    for operation in operations:
        if not operation.given and operation.lookalike:
            faults[operation.call.exchange.number] = "the name of an operation that does not exist"
    for call in calls:
        if call.status >= _FIRST_ERROR:
            yield Refusal(call, faults.get(call.exchange.number, ""))


