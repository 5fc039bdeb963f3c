"""Creates, what followed them, and the names they gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from concertpitch.exchange import Exchange
from concertpitch.schema import Request
from concertpitch.subjects.calls import Call
from concertpitch.subjects.vertex.jobs import Job
from concertpitch.subjects.vertex.lists import Walk

_INTERNAL = 500


@dataclass(frozen=True)
class Creation:
    """A create call. `job` is what the answer shows when it succeeded.

    `alike` is an earlier accepted creation with the same canonical body; `akin` one whose body differs in
    display name, labels and description at most. `unreadable`: the request body is no JSON at all.
    """

    call: Call
    request: Request
    job: Job | None
    unreadable: bool
    alike: Creation | None = None
    akin: Creation | None = None

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.call.exchanges

    @property
    def accepted(self) -> bool:
        return self.call.succeeded

    @property
    def refused(self) -> bool:
        return self.call.refused

    @property
    def sent(self) -> dict[str, Any]:
        return self.request.canonical


@dataclass(frozen=True)
class FirstRead:
    """The first get of a job after its create was answered."""

    creation: Creation
    read: Call

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.creation.call.exchange, self.read.exchange


@dataclass(frozen=True)
class Kept:
    """A job as a get showed it after its create had been answered, beside what was sent."""

    creation: Creation
    job: Job

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.creation.call.exchange, self.job.exchange


@dataclass(frozen=True)
class Names:
    """All jobs created in one location during the run, in the order of the answers."""

    jobs: tuple[Job, ...]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return tuple(job.exchange for job in self.jobs)


@dataclass(frozen=True)
class Aftermath:
    """A refused create with a display name that no other create used, and the next whole walk of its location."""

    creation: Creation
    walk: Walk

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.creation.call.exchange, *self.walk.exchanges[:1]

    @property
    def stored(self) -> Job | None:
        """The job that the refused create left behind, if any."""
        name = self.creation.sent["tunedModelDisplayName"]
        return next((job for job in self.walk.jobs if job.display_name == name), None)


@dataclass(frozen=True)
class Intrusion:
    """A create that was refused for want of credentials, and the lists before the run itself sent its display name.

    `shown` is the list that shows a job of that name, None where none does.
    """

    call: Call
    lists: tuple[Call, ...]
    shown: Call | None

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (self.call.exchange, self.shown.exchange) if self.shown else (self.call.exchange,)


@dataclass(frozen=True)
class Attempts:
    """All creates of one location with the same body, that nothing is wrong with, in the order they left.

    `akin`: a body that differs in display name, labels and description at most was accepted.
    """

    creations: tuple[Creation, ...]
    akin: bool

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return tuple(creation.call.exchange for creation in self.creations[:3])

    @property
    def failed(self) -> bool:
        """Whether every one of them was answered as an internal error."""
        return all(creation.call.status == _INTERNAL for creation in self.creations)
