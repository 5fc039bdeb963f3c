"""Where a lie can be told: the points at which an active fault sees and changes what passes.

Owns the form of a fault and the chain of the active ones. Every point is an edge of the honest service,
which therefore holds no line of any lie. It must not know which faults exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar, Generic

from concertpitch_emulator.calls import CallT
from concertpitch_emulator.errors import MOST_VIOLATIONS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from concertpitch_emulator.calls import Reply
    from concertpitch_emulator.errors import ApiError, Violation
    from concertpitch_emulator.paging import Page, Window


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault(Generic[CallT]):
    """One lie: its id, the lie in one sentence, the rules it breaks, and where it is told.

    `also` are rules that it breaks too where the moment is right. A hook that is not given leaves that point honest.
    `surface` names the surface it is told on.
    """

    surface: ClassVar[str]

    id: str
    lie: str
    breaks: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    path: Callable[[str, Any], str] | None = None
    """The request path, before routing; sees the service of its surface."""
    admission: Callable[[ApiError, CallT], ApiError | None] | None = None
    """The refusal of a call without the token demanded, or None to let it pass."""
    enter: Callable[[CallT], Awaitable[None]] | None = None
    """A routed call, before anything is done; may wait."""
    request: Callable[[CallT], None] | None = None
    """The query and raw content, before they are read; may refuse."""
    body: Callable[[Any, CallT], Any] | None = None
    """The JSON value of a request body, before it is read as a message; may refuse."""
    draft: Callable[[dict[str, Any], CallT], dict[str, Any]] | None = None
    """A create request in canonical form, after it was found right; may refuse."""
    forgives: frozenset[str] = frozenset()
    """Kinds of violations that are overlooked."""
    collection: Callable[[list[Any], CallT], list[Any]] | None = None
    """What a list walks over, oldest first."""
    page: Callable[[Page[Any], Window, CallT], Page[Any]] | None = None
    """One page of a list, before it is printed."""
    answer: Callable[[Any, CallT], Any] | None = None
    """The body of a successful answer; may refuse."""
    refusal: Callable[[ApiError, CallT], ApiError | Reply] | None = None
    """A refusal, or a reply in its place."""
    wire: Callable[[Reply, CallT], Reply] | None = None
    """The bytes of any reply."""


class Hooks(Generic[CallT]):
    """The active faults, asked at each point in the order they were named."""

    def __init__(self, faults: Sequence[Fault[CallT]]) -> None:
        self._path = [fault.path for fault in faults if fault.path]
        self._admission = [fault.admission for fault in faults if fault.admission]
        self._enter = [fault.enter for fault in faults if fault.enter]
        self._request = [fault.request for fault in faults if fault.request]
        self._body = [fault.body for fault in faults if fault.body]
        self._draft = [fault.draft for fault in faults if fault.draft]
        self._forgiven = frozenset(kind for fault in faults for kind in fault.forgives)
        self._collection = [fault.collection for fault in faults if fault.collection]
        self._page = [fault.page for fault in faults if fault.page]
        self._answer = [fault.answer for fault in faults if fault.answer]
        self._refusal = [fault.refusal for fault in faults if fault.refusal]
        self._wire = [fault.wire for fault in faults if fault.wire]

    @property
    def rewrites_paths(self) -> bool:
        return bool(self._path)

    def path(self, path: str, service: Any) -> str:
        for hook in self._path:
            path = hook(path, service)
        return path

    def admission(self, error: ApiError, call: CallT) -> ApiError | None:
        refused: ApiError | None = error
        for hook in self._admission:
            refused = hook(error, call) if refused is not None else None
        return refused

    async def enter(self, call: CallT) -> None:
        for hook in self._enter:
            await hook(call)

    def request(self, call: CallT) -> None:
        for hook in self._request:
            hook(call)

    def body(self, value: Any, call: CallT) -> Any:
        for hook in self._body:
            value = hook(value, call)
        return value

    def draft(self, message: dict[str, Any], call: CallT) -> dict[str, Any]:
        for hook in self._draft:
            message = hook(message, call)
        return message

    def unforgiven(self, violations: Iterable[Violation]) -> list[Violation]:
        """The first of those that are not overlooked."""
        found = (violation for violation in violations if violation.kind not in self._forgiven)
        return list(islice(found, MOST_VIOLATIONS))

    def forgives(self, kind: str) -> bool:
        """Whether that kind of violation is overlooked."""
        return kind in self._forgiven

    def collection(self, items: list[Any], call: CallT) -> list[Any]:
        for hook in self._collection:
            items = hook(items, call)
        return items

    def page(self, page: Page[Any], asked: Window, call: CallT) -> Page[Any]:
        for hook in self._page:
            page = hook(page, asked, call)
        return page

    def answer(self, body: Any, call: CallT) -> Any:
        for hook in self._answer:
            body = hook(body, call)
        return body

    def refusal(self, error: ApiError, call: CallT) -> ApiError | Reply:
        for hook in self._refusal:
            changed = hook(error, call)
            if not isinstance(changed, Exception):
                return changed
            error = changed
        return error

    def wire(self, reply: Reply, call: CallT) -> Reply:
        for hook in self._wire:
            reply = hook(reply, call)
        return reply
