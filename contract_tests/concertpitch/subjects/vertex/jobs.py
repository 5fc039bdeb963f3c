"""Jobs as answers showed them, the same job seen twice, and the statistics they hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from concertpitch import protojson
from concertpitch.exchange import Exchange
from concertpitch.protojson import instant, integer, items, message, text
from concertpitch.subjects.lists import LIST_LAG

ENDED = frozenset(
    {
        "JOB_STATE_SUCCEEDED",
        "JOB_STATE_FAILED",
        "JOB_STATE_CANCELLED",
        "JOB_STATE_EXPIRED",
        "JOB_STATE_PARTIALLY_SUCCEEDED",
    }
)

LIVE = frozenset(
    {"JOB_STATE_QUEUED", "JOB_STATE_PENDING", "JOB_STATE_RUNNING", "JOB_STATE_PAUSED", "JOB_STATE_UPDATING"}
)
"""The documented states that neither end a job nor lead to its end; a state of no document is in no set."""
JobKey = tuple[str, str, str]


@dataclass(frozen=True)
class Job:
    """A tuning job as one answer showed it.

    `key` is project and location as asked, and the id; `source` is create, get or list. Times are nanoseconds
    since 1970, None when absent or unreadable.
    """

    exchange: Exchange
    source: str
    key: JobKey
    body: dict[str, Any]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (self.exchange,)

    @property
    def name(self) -> str:
        return text(self.body.get("name"))

    @property
    def named(self) -> bool:
        """Whether it shows a name."""
        return bool(self.key[2])

    @property
    def shown(self) -> str:
        """A short name for messages: the last two segments."""
        return "/".join(self.name.split("/")[-2:]) or f"tuningJobs/{self.key[2]}"

    @cached_property
    def state(self) -> str:
        """The state's name; '' when absent, unspecified or no name."""
        state = text(self.body.get("state"))
        return "" if state == "JOB_STATE_UNSPECIFIED" else state

    @property
    def short_state(self) -> str:
        return self.state.removeprefix("JOB_STATE_") or "no state"

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    @property
    def alive(self) -> bool:
        """Whether the job is in a state that is known to have neither ended it nor begun its cancellation."""
        return self.state in LIVE

    @property
    def unended(self) -> bool:
        """Whether the job is in a documented state that does not end it."""
        return self.alive or self.state == "JOB_STATE_CANCELLING"

    @cached_property
    def create_time(self) -> int | None:
        return instant(self.body.get("createTime"))

    @cached_property
    def start_time(self) -> int | None:
        return instant(self.body.get("startTime"))

    @cached_property
    def end_time(self) -> int | None:
        return instant(self.body.get("endTime"))

    @cached_property
    def update_time(self) -> int | None:
        return instant(self.body.get("updateTime"))

    @property
    def error(self) -> dict[str, Any] | None:
        error = self.body.get("error")
        return error if isinstance(error, dict) else None

    @property
    def error_code(self) -> int | None:
        return integer((self.error or {}).get("code"))

    @property
    def display_name(self) -> str:
        return text(self.body.get("tunedModelDisplayName"))

    @property
    def labels(self) -> dict[str, Any]:
        return message(self.body.get("labels"))

    @property
    def tuned_model(self) -> dict[str, Any]:
        return message(self.body.get("tunedModel"))

    @property
    def checkpoints(self) -> list[dict[str, Any]]:
        return [message(item) for item in items(self.tuned_model.get("checkpoints"))]

    @property
    def has_spec(self) -> bool:
        """Whether any member is a tuning spec, readable or not."""
        return any(name.endswith("Spec") and name != "encryptionSpec" for name in self.body)

    @property
    def spec(self) -> dict[str, Any]:
        """The tuning spec, whichever member holds it."""
        return next(
            (message(self.body[name]) for name in self.body if name.endswith("Spec") and name != "encryptionSpec"),
            {},
        )


@dataclass(frozen=True)
class Change:
    """The same job seen twice, `before` answered before the request of `after` left."""

    before: Job
    after: Job

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.before.exchange, self.after.exchange

    @property
    def lagging(self) -> bool:
        """Whether the second sight is a list that may not yet show what the first did."""
        return self.after.source == "list" and self.after.exchange.sent - self.before.exchange.answered < LIST_LAG


@dataclass(frozen=True)
class Trail:
    """Every sight of one job that this run made, in the order the requests left.

    `asked_to_cancel`: this run sent a cancel for it; `untouched` are the sights from before. `pace`: the seconds
    that the slowest job of the run took from its first sight to its end, None when none was seen to end by itself.
    """

    sightings: tuple[Job, ...]
    untouched: tuple[Job, ...]
    asked_to_cancel: bool
    pace: float | None

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.sightings[0].exchange, self.sightings[-1].exchange

    @staticmethod
    def lasted(sightings: tuple[Job, ...], states: frozenset[str]) -> float:
        """Seconds between the first and the last of the latest sights that are all in one of `states`."""
        ending = beginning = sightings[-1].exchange.sent if sightings else 0.0
        for job in reversed(sightings):
            if job.state not in states:
                break
            beginning = job.exchange.sent
        return ending - beginning


@dataclass(frozen=True)
class Makers:
    """The jobs that were tuned from a base model and show one tuned model, each by its first sight of it."""

    model: str
    jobs: tuple[Job, ...]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return tuple(job.exchange for job in self.jobs[:2])


@dataclass(frozen=True)
class Stats:
    """The tuning data statistics of one kind in an answer: `kind` is the member of tuningDataStats."""

    job: Job
    kind: str
    body: dict[str, Any]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.job.exchanges

    @property
    def examples(self) -> int | None:
        return integer(self.body.get("tuningDatasetExampleCount"))


@dataclass(frozen=True)
class Distribution:
    """One distribution of the statistics: `at` names it, numbers are None where absent or unreadable."""

    stats: Stats
    at: str
    body: dict[str, Any]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.stats.exchanges

    def number(self, name: str) -> float | None:
        return protojson.number(self.body.get(name))

    @property
    def buckets(self) -> list[dict[str, Any]]:
        return [message(item) for item in items(self.body.get("buckets"))]
