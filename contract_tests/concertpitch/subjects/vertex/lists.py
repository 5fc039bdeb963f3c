"""Pages of lists, and walks from page to page."""

from __future__ import annotations

from dataclasses import dataclass

from concertpitch.exchange import Exchange
from concertpitch.protojson import integer, message, text
from concertpitch.subjects.calls import Call
from concertpitch.subjects.vertex.jobs import LIST_LAG, Job, JobKey


@dataclass(frozen=True)
class Page:
    """One list call.

    `giver` is the page that had given the token it sent. `bare_accepted`: a list of the same parent without any
    parameter was answered, so a refusal is about the parameters. `strangers` are jobs of this run that were
    created under another parent. `spent`: an earlier call had sent the same token.
    """

    call: Call
    jobs: tuple[Job, ...]
    giver: Page | None
    bare_accepted: bool
    strangers: tuple[Job, ...]
    spent: bool

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.call.exchanges

    @property
    def token(self) -> str:
        return self.call.query.get("pageToken", "")

    @property
    def filter(self) -> str:
        return self.call.query.get("filter", "")

    @property
    def filter_broken(self) -> bool:
        """Whether the filter cannot be read by any grammar of AIP-160: a quotation mark is left open."""
        return self.filter.count('"') % 2 == 1

    @property
    def token_known(self) -> bool:
        """Whether the token it sent came from the target; an empty one always did."""
        return not self.token or self.giver is not None

    @property
    def of_another_list(self) -> bool:
        """Whether its token was given by lists of another parent or filter only."""
        giver = self.giver
        return giver is not None and (giver.call.parent, giver.filter) != (self.call.parent, self.filter)

    @property
    def size(self) -> int | None:
        """The page size asked for, None when absent or no integer."""
        return integer(self.call.query.get("pageSize"))

    @property
    def next_token(self) -> str:
        token = message(self.call.exchange.answer.value).get("nextPageToken")
        return str(token) if isinstance(token, int) else text(token)

    @property
    def readable(self) -> bool:
        """Whether the page is JSON with its jobs where they belong, each with a name; if not, other rules say so."""
        answer = self.call.exchange.answer
        body = message(answer.value)
        elsewhere = "tuningJobs" not in body and any(isinstance(value, list) and value for value in body.values())
        listed = isinstance(body.get("tuningJobs", []), list) and not elsewhere
        return answer.error is None and listed and all(job.key[2] for job in self.jobs)


@dataclass(frozen=True)
class Walk:
    """One chain of pages from the first, followed by tokens.

    `whole`: it has no filter and ends without a token. `quiet`: meanwhile this run wrote nothing, no listed job
    changed its state and no stranger's job appeared. `expected` are the jobs of this run that a get had shown
    before the walk began; `settled` those of them that an earlier list had shown, or a get so long before that no lag
    of lists explains their absence. `looped` is a token that was given twice, or ''.
    """

    pages: tuple[Page, ...]
    whole: bool
    quiet: bool
    expected: tuple[Job, ...]
    settled: frozenset[JobKey]
    looped: str

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return tuple(page.call.exchange for page in self.pages)

    @property
    def ended(self) -> bool:
        """Whether its last page gives no token."""
        return not self.pages[-1].next_token

    @property
    def readable(self) -> bool:
        return all(page.readable for page in self.pages)

    @property
    def jobs(self) -> tuple[Job, ...]:
        return tuple(job for page in self.pages for job in page.jobs)


@dataclass(frozen=True)
class Sameness:
    """An ended job that a list shows, and the gets of it before and after: three views of one resting thing."""

    before: Job
    listed: Job
    read: Job

    @property
    def lagging(self) -> bool:
        """Whether the list may not yet show what the get before it did."""
        return self.listed.exchange.sent - self.before.exchange.answered < LIST_LAG

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.before.exchange, self.listed.exchange, self.read.exchange
