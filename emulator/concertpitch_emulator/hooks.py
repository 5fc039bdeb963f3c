"""Where a lie can be told: the points at which an active fault sees and changes what passes.

Owns the form of a fault and the chain of the active ones. Every point is an edge of the honest service,
which therefore holds no line of any lie. It must not know which faults exist.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from concertpitch_emulator.calls import Call, Reply
    from concertpitch_emulator.errors import ApiError, Violation
    from concertpitch_emulator.paging import Page, Window
    from concertpitch_emulator.vertex.records import JobRecord, OperationRecord
    from concertpitch_emulator.vertex.service import TuningService
    from concertpitch_emulator.vertex.timeline import Phase


@dataclass(frozen=True, slots=True)
class JobView:
    """A job on its way out: what is stored, the phase shown, the instant, and the call it answers."""

    record: JobRecord
    phase: Phase
    now: int
    call: Call


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One lie: its id, the lie in one sentence, the rule it breaks, and where it is told.

    A hook that is not given leaves that point honest. Hooks keep what they remember in `Call.service.lore`
    (per server) or in the `marks` of a record.
    """

    id: str
    lie: str
    breaks: tuple[str, ...]
    path: Callable[[str, TuningService], str] | None = None
    """The request path, before routing."""
    admission: Callable[[ApiError, Call], ApiError | None] | None = None
    """The refusal of a call without the token demanded, or None to let it pass."""
    enter: Callable[[Call], Awaitable[None]] | None = None
    """A routed call, before anything is done; may wait."""
    request: Callable[[Call], None] | None = None
    """The query and raw content, before they are read; may refuse."""
    body: Callable[[Any, Call], Any] | None = None
    """The JSON value of a request body, before it is read as a message; may refuse."""
    draft: Callable[[dict[str, Any], Call], dict[str, Any]] | None = None
    """A create request in canonical form, after it was found right; may refuse."""
    forgives: frozenset[str] = frozenset()
    """Kinds of violations that are overlooked."""
    collection: Callable[[list[JobRecord], Call], list[JobRecord]] | None = None
    """The jobs that a list walks over, oldest first."""
    page: Callable[[Page[Any], Window, Call], Page[Any]] | None = None
    """One page of a list, before it is printed."""
    job: Callable[[dict[str, Any], JobView], dict[str, Any]] | None = None
    """A job in any answer."""
    operation: Callable[[dict[str, Any], OperationRecord, Call], dict[str, Any]] | None = None
    """An operation in any answer."""
    answer: Callable[[Any, Call], Any] | None = None
    """The body of a successful answer; may refuse."""
    refusal: Callable[[ApiError, Call], ApiError | Reply] | None = None
    """A refusal, or a reply in its place."""
    wire: Callable[[Reply, Call], Reply] | None = None
    """The bytes of any reply."""


class Hooks:
    """The active faults, asked at each point in the order they were named."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self._path = [fault.path for fault in faults if fault.path]
        self._admission = [fault.admission for fault in faults if fault.admission]
        self._enter = [fault.enter for fault in faults if fault.enter]
        self._request = [fault.request for fault in faults if fault.request]
        self._body = [fault.body for fault in faults if fault.body]
        self._draft = [fault.draft for fault in faults if fault.draft]
        self._forgiven = frozenset(kind for fault in faults for kind in fault.forgives)
        self._collection = [fault.collection for fault in faults if fault.collection]
        self._page = [fault.page for fault in faults if fault.page]
        self._job = [fault.job for fault in faults if fault.job]
        self._operation = [fault.operation for fault in faults if fault.operation]
        self._answer = [fault.answer for fault in faults if fault.answer]
        self._refusal = [fault.refusal for fault in faults if fault.refusal]
        self._wire = [fault.wire for fault in faults if fault.wire]

    @property
    def rewrites_paths(self) -> bool:
        return bool(self._path)

    def path(self, path: str, service: TuningService) -> str:
        for hook in self._path:
            path = hook(path, service)
        return path

    def admission(self, error: ApiError, call: Call) -> ApiError | None:
        refused: ApiError | None = error
        for hook in self._admission:
            refused = hook(error, call) if refused is not None else None
        return refused

    async def enter(self, call: Call) -> None:
        for hook in self._enter:
            await hook(call)

    def request(self, call: Call) -> None:
        for hook in self._request:
            hook(call)

    def body(self, value: Any, call: Call) -> Any:
        for hook in self._body:
            value = hook(value, call)
        return value

    def draft(self, message: dict[str, Any], call: Call) -> dict[str, Any]:
        for hook in self._draft:
            message = hook(message, call)
        return message

    def unforgiven(self, violations: list[Violation]) -> list[Violation]:
        if not self._forgiven:
            return violations
        return [violation for violation in violations if violation.kind not in self._forgiven]

    def collection(self, jobs: list[JobRecord], call: Call) -> list[JobRecord]:
        for hook in self._collection:
            jobs = hook(jobs, call)
        return jobs

    def page(self, page: Page[Any], asked: Window, call: Call) -> Page[Any]:
        for hook in self._page:
            page = hook(page, asked, call)
        return page

    def job(self, job: dict[str, Any], view: JobView) -> dict[str, Any]:
        if self._job:
            # Answers share parts with what is stored.
            job = copy.deepcopy(job)
        for hook in self._job:
            job = hook(job, view)
        return job

    def operation(self, operation: dict[str, Any], record: OperationRecord, call: Call) -> dict[str, Any]:
        for hook in self._operation:
            operation = hook(operation, record, call)
        return operation

    def answer(self, body: Any, call: Call) -> Any:
        for hook in self._answer:
            body = hook(body, call)
        return body

    def refusal(self, error: ApiError, call: Call) -> ApiError | Reply:
        for hook in self._refusal:
            changed = hook(error, call)
            if not isinstance(changed, Exception):
                return changed
            error = changed
        return error

    def wire(self, reply: Reply, call: Call) -> Reply:
        for hook in self._wire:
            reply = hook(reply, call)
        return reply
