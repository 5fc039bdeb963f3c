"""How a client goes on after an answer."""

from __future__ import annotations

from concertpitch.catalogue import ADVISED, Findings, rule
from concertpitch.sources import advice, aip
from concertpitch.subjects.client import Cancelled, Given, Poll

_PAGING = "Implementing pagination"


@rule(
    "client/follows-page-tokens",
    ADVISED,
    on=Given,
    cite=aip(
        4233, "Implementing pagination", says="continuing indefinitely until the `next_page_token` value is empty."
    ),
    probe="client",
)
def follows_page_tokens(given: Given) -> Findings:
    """A page token is used: what follows on later pages is not overlooked (a caller may want the first page only)."""
    if given.following is None:
        yield f"{given.page.method} gave a next page token that no later request sent"


@rule(
    "client/same-query-on-every-page",
    ADVISED,
    on=Given,
    when=lambda given: given.following is not None,
    cite=aip(158, "Guidance", says="any arguments are different, the API **should** send an `INVALID_ARGUMENT`"),
    probe="client",
)
def same_query_on_every_page(given: Given) -> Findings:
    """The request for the next page has the parameters of the first; the page size may change."""
    for name in given.changed:
        if name not in {"pageSize", "page_size"}:
            yield f"{given.page.method}: {name} is another on the next page"


@rule(
    "client/no-cancel-after-the-end",
    ADVISED,
    on=Cancelled,
    cite=advice("A cancel of what has ended does nothing, and is refused by some servers."),
    probe="client",
)
def no_cancel_after_the_end(cancelled: Cancelled) -> Findings:
    """A client does not cancel what it was shown to have ended."""
    if cancelled.shown is not None:
        yield f"{cancelled.cancel.exchange.path} was cancelled after it was shown as {cancelled.state}"


@rule(
    "client/polls-no-faster-than-stated",
    ADVISED,
    on=Poll,
    cite=advice("The pause between two polls is the user's to state: --poll-interval."),
    probe="client",
)
def polls_no_faster_than_stated(poll: Poll) -> Findings:
    """Between two reads of what has not ended lies at least the stated pause."""
    if poll.seconds < poll.least:
        yield f"{poll.after.exchange.path} was read again after {poll.seconds:.2f} s; stated are {poll.least:g} s"
