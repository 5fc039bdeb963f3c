"""The jobs of the plain server: how they are named, what they live through and what they show.

Owns lives, cancels and the honest view of a job; knows nothing of HTTP, bodies or lists.
"""

from __future__ import annotations

import hashlib
import random
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from plain_input import Refused
from plain_stats import stats

ENDED = {"SUCCEEDED", "FAILED", "CANCELLED", "EXPIRED", "PARTIALLY_SUCCEEDED"}
ABSENT = ("missing", "no-such", "nonexist", "not-exist", "does-not", "absent", "nowhere")
KNOWN_LOCATIONS = ("us-central1", "europe-west4", "us-east1")


AFTER_CANCEL: dict[str, list[tuple[float, str]]] = {
    "cancel-direct": [(0, "CANCELLED")],
    "cancel-slow": [(0, "CANCELLING"), (2, "CANCELLED")],
    "cancel-late": [(0, "CANCELLING"), (0.25, "SUCCEEDED")],
    "cancel-fails-job": [(0, "CANCELLING"), (0.25, "FAILED")],
    "cancelling-for-ever": [(0, "CANCELLING")],
    "cancelling-back-to-running": [(0, "CANCELLING"), (0.2, "RUNNING"), (0.9, "SUCCEEDED")],
    "cancelling-to-paused": [(0, "CANCELLING"), (0.2, "PAUSED"), (0.9, "CANCELLED")],
    "cancelling-to-expired": [(0, "CANCELLING"), (0.25, "EXPIRED")],
    "cancelled-then-succeeded": [(0, "CANCELLING"), (0.25, "CANCELLED"), (1, "SUCCEEDED")],
    "cancelled-then-queued-again": [(0, "CANCELLING"), (0.25, "CANCELLED"), (1, "QUEUED"), (2, "CANCELLED")],
}
# Shares of a life at which a job enters its states; the last may be replaced by another end.
PATHS: dict[str, list[tuple[float, str]]] = {
    "life-skips": [(0, "QUEUED"), (1, "SUCCEEDED")],
    "life-running-at-once": [(0, "RUNNING"), (1, "SUCCEEDED")],
    "life-paused": [
        (0, "PENDING"),
        (0.2, "RUNNING"),
        (0.4, "PAUSED"),
        (0.6, "QUEUED"),
        (0.8, "RUNNING"),
        (1.2, "SUCCEEDED"),
    ],
    "life-updating": [(0, "PENDING"), (0.2, "RUNNING"), (0.5, "UPDATING"), (0.8, "RUNNING"), (1.2, "SUCCEEDED")],
    "life-instant": [(0, "SUCCEEDED")],
    "life-new-state": [(0, "PENDING"), (0.2, "WARMING_UP"), (0.5, "RUNNING"), (1, "SUCCEEDED")],
}
ENDS = {"life-failing": "FAILED", "life-expiring": "EXPIRED", "life-partial": "PARTIALLY_SUCCEEDED"}


@dataclass
class Job:
    """A job: `plan` lists (instant, state) in order, and is rewritten by a cancel."""

    project: str
    location: str
    ident: str
    seq: int
    spec: dict[str, Any]
    created: float
    plan: list[tuple[float, str]]
    cancels: int = 0
    cancelled_at: float | None = None
    memory: dict[str, Any] = field(default_factory=dict)

    def past(self, now: float) -> list[tuple[float, str]]:
        return [step for step in self.plan if step[0] <= now] or self.plan[:1]

    def state(self, now: float) -> str:
        return self.past(now)[-1][1]

    def first(self, now: float, states: set[str]) -> float | None:
        return next((at for at, state in self.past(now) if state in states), None)

    @property
    def missing_data(self) -> bool:
        texts = [str(value) for spec in self.spec.values() if isinstance(spec, dict) for value in spec.values()]
        return any(word in text for text in texts for word in ABSENT)


class World:
    """All jobs and operations behind one lock, under some choices and faults."""

    def __init__(self, on: frozenset[str], seed: int, life: float):
        self.on, self.life = on, life
        self.lock = threading.RLock()
        self.random = random.Random(seed)
        self.jobs: dict[tuple[str, str, str], Job] = {}
        self.operations: dict[str, dict[str, Any]] = {}
        self.used_tokens: set[str] = set()
        self.projects: dict[str, str] = {}
        self.seq = 0
        self.cursor = 0
        self.skew = 3600.0 * (("clock-ahead" in on) - ("clock-behind" in on))
        if on & {"foreign-jobs", "read-only"}:
            self.foreign(25)

    def now(self) -> float:
        return time.time() + self.skew

    def project(self, text: str) -> str:
        """The canonical form of a project, from its id or its number."""
        number = text if text.isdigit() else str(int(hashlib.sha256(text.encode()).hexdigest()[:10], 16) + 10**11)
        if not text.isdigit():
            self.projects[number] = text
        return self.projects.get(number, text) if "names-with-project-id" in self.on else number

    def ident(self) -> str:
        if "ids-uuid" in self.on:
            return str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        if "ids-sequential" in self.on:
            return str(self.seq)
        if "ids-19-digits" in self.on:
            return str(self.random.randrange(10**18, 10**19))
        return str(self.random.randrange(10**11, 10**12))

    def create(self, project: str, location: str, spec: dict[str, Any], age: float = 0) -> Job:
        with self.lock:
            if "create-is-idempotent" in self.on:
                for job in self.jobs.values():
                    if (job.project, job.location, job.spec) == (project, location, spec):
                        return job
            self.seq += 1
            ident, seq = self.ident(), self.seq
            if "ids-collide" in self.on and seq % 7 == 0 and self.jobs:
                ident = list(self.jobs.values())[-1].ident
            created = self.now() - age
            job = Job(project, location, ident, seq, spec, created, [])
            job.plan = self.plan(job)
        if "ids-race" in self.on:
            ident = job.ident = f"5{len(self.jobs):011}"
            time.sleep(0.03)
        with self.lock:
            self.jobs[project, location, ident] = job
        return job

    def plan(self, job: Job) -> list[tuple[float, str]]:
        on, life = self.on, self.life
        usual = [(0.0, "PENDING"), (0.3, "RUNNING"), (1.0, "SUCCEEDED")]
        path = list(next((path for name, path in PATHS.items() if name in on), usual))
        last = next((state for name, state in ENDS.items() if name in on), path[-1][1])
        path[-1] = (path[-1][0], "FAILED" if job.missing_data or not job.spec else last)
        if "never-ending" in on:
            path = path[:-1]
        return [(job.created + share * life, state) for share, state in path]

    def foreign(self, count: int) -> None:
        spec = {
            "baseModel": "gemini-2.0-flash-001",
            "supervisedTuningSpec": {"trainingDatasetUri": "gs://theirs/t.jsonl"},
        }
        for number in range(count):
            self.create(self.project("concertpitch"), "us-central1", dict(spec), age=number * 0.2)

    def cancel(self, job: Job) -> None:
        """Acts on a cancel request; raises Refused."""
        with self.lock:
            now, on = self.now(), self.on
            state = job.state(now)
            if state in ENDED:
                self.cancel_ended(job, state, now)
                return
            if "cancel-waiting-refused" in on and state in {"QUEUED", "PENDING"}:
                raise Refused(400, "FAILED_PRECONDITION", "The job has not started yet.")
            job.cancels += 1
            if state == "CANCELLING":
                if "second-cancel-is-500" in on:
                    raise Refused(500, "INTERNAL", "Internal error encountered.")
                return
            past, soon = job.past(now), [step for step in job.plan if step[0] > now]
            if "never-ending" in on and not soon:
                soon = [(now + 0.3, "SUCCEEDED")]
            if "cancel-loses" in on or ("cancel-loses-half" in on and job.seq % 2):
                job.plan = [*past, *soon]
                return
            job.cancelled_at = now
            after = [(now + wait, step) for wait, step in self.after_cancel(job)]
            job.plan = [*past, *after]
            self.cancel_others(job, now, after, soon)

    def cancel_others(
        self, job: Job, now: float, after: list[tuple[float, str]], soon: list[tuple[float, str]]
    ) -> None:
        """What two faults do beside, or instead of, a cancel."""
        if "cancel-hits-the-newest" in self.on:
            newest = max(self.jobs.values(), key=lambda one: one.seq)
            job.plan, newest.plan = [*job.plan[: -len(after)], *soon], [*newest.past(now), *after]
        if "cancel-hits-the-neighbour" in self.on:
            for other in self.jobs.values():
                if other.seq == job.seq - 1 and other.state(now) not in ENDED:
                    other.plan = [*other.past(now), *after]
                    other.cancelled_at = now

    def cancel_ended(self, job: Job, state: str, now: float) -> None:
        on = self.on
        if "cancel-turns-ended-into-cancelled" in on and state == "SUCCEEDED":
            job.plan = [*job.past(now), (now, "CANCELLED")]
        if "cancel-restamps-ended" in on:
            job.memory["restamped"] = now
        if not on & {"cancel-of-ended-is-no-op", "cancel-turns-ended-into-cancelled", "cancel-restamps-ended"}:
            raise Refused(400, "FAILED_PRECONDITION", f"The job is already in state JOB_STATE_{state}.")

    def after_cancel(self, job: Job) -> list[tuple[float, str]]:
        """Seconds after an effective cancel, with the states entered."""
        for name, steps in AFTER_CANCEL.items():
            if name in self.on and not (name == "cancelled-then-queued-again" and job.seq % 2 == 0):
                return steps
        return [(0, "CANCELLING"), (0.25, "CANCELLED")]

    def stamp(self, at: float, key: str = "") -> str:
        moment = datetime.fromtimestamp(at, UTC)
        on = self.on
        digits = 0 if "digits-0" in on else 3 if "digits-3" in on else 9 if "digits-9" in on else 6
        if "digits-mixed" in on:
            digits = 9 if key == "startTime" else 6 if moment.microsecond % 1000 else 3
        fraction = f"{moment.microsecond:06}000"[:digits]
        return moment.strftime("%Y-%m-%dT%H:%M:%S") + (f".{fraction}" if digits else "") + "Z"

    def name(self, job: Job) -> str:
        return f"projects/{job.project}/locations/{job.location}/tuningJobs/{job.ident}"

    def view(self, job: Job, now: float) -> dict[str, Any]:
        """The whole job as its honest JSON value at an instant."""
        on, state, place = self.on, job.state(now), f"projects/{job.project}/locations/{job.location}"
        few = bool(on & {"members-few", "members-few-no-display-name"})
        seen: dict[str, Any] = {"name": self.name(job), **job.spec, "state": f"JOB_STATE_{state}"}
        if not seen.get("tunedModelDisplayName") and "members-few-no-display-name" not in on:
            seen["tunedModelDisplayName"] = f"{job.spec.get('baseModel', 'model')}-{uuid.UUID(int=job.seq * 7919)}"
        if "labels-added" in on:
            seen["labels"] = {**seen.get("labels", {}), "goog-tuning-origin": "api"}
        seen["createTime"] = self.stamp(job.created, "createTime")
        if not few:
            seen |= self.times(job, now, state, place)
        if state == "FAILED":
            seen["error"] = {"code": 3 if job.missing_data else 13, "message": "The tuning job failed."}
        elif state == "CANCELLED":
            seen["error"] = {"code": 1, "message": "The tuning job was cancelled."}
        if state in ENDED and "supervisedTuningSpec" in job.spec and "startTime" in seen and state != "CANCELLED":
            seen["tuningDataStats"] = {"supervisedTuningDataStats": stats(job.seq, whole="stats-whole" in on)}
        if state in {"SUCCEEDED", "PARTIALLY_SUCCEEDED"} or ("model-while-running" in on and state == "RUNNING"):
            seen["tunedModel"] = self.tuned_model(job, place)
        self.fill(seen, job, state)
        self.decorate(seen)
        return seen

    def times(self, job: Job, now: float, state: str, place: str) -> dict[str, Any]:
        """updateTime, and what a job has from its start and from its end."""
        on, seen = self.on, {}
        ended, running = job.first(now, ENDED - {"PARTIALLY_SUCCEEDED"}), job.first(now, {"RUNNING"})
        moved = job.past(now)[-1][0]
        if "updated-after-end" in on and ended is not None and now > ended + 0.4:
            moved = ended + 0.4
        if "start-before-state" in on and running is None and state == "PENDING" and now > job.created + 0.04:
            job.memory["started"] = job.created + 0.037
        running = job.memory.get("started", running)
        if "update-time-stands" in on:
            moved = job.cancelled_at or job.created
        seen["updateTime"] = self.stamp(moved, "updateTime")
        if running is not None:
            seen["startTime"] = self.stamp(running, "startTime")
            day = datetime.fromtimestamp(job.created, UTC) - timedelta(hours=8)
            seen["experiment"] = (
                f"{place}/metadataStores/default/contexts/tuning-experiment-{day:%Y%m%d%H%M%S}{job.seq:06}"
            )
        if ended is not None:
            seen["endTime"] = self.stamp(ended, "endTime")
        return seen

    def tuned_model(self, job: Job, place: str) -> dict[str, Any]:
        model = {
            "model": f"{place}/models/{4_596_184_003_987_374_080 + job.seq}@1",
            "endpoint": f"{place}/endpoints/{4_867_904_113_536_401_408 + job.seq}",
        }
        pre = job.spec.get("preTunedModel", {}).get("tunedModelName")
        if pre and not job.spec.get("tunedModelDisplayName"):
            model["model"] = f"{place}/models/{pre.split('/models/')[-1].split('@')[0]}@2"
        if "model-without-endpoint" in self.on:
            del model["endpoint"]
        spec = job.spec.get("supervisedTuningSpec", {})
        if spec and not spec.get("exportLastCheckpointOnly") and "members-few" not in self.on:
            first = 4_867_904_113_536_401_408 + job.seq * 1000
            model["checkpoints"] = [
                {
                    "checkpointId": str(n),
                    "epoch": str(n),
                    "step": str(4 * n),
                    "endpoint": f"{place}/endpoints/{first + n}",
                }
                for n in (1, 2)
            ]
        return model

    def fill(self, seen: dict[str, Any], job: Job, state: str) -> None:
        """The hyperparameters the service chooses where the user left them open."""
        if "hyper-never" in self.on or ("hyper-at-create" not in self.on and state not in ENDED):
            return
        for member in ("supervisedTuningSpec", "preferenceOptimizationSpec"):
            if member in job.spec:
                chosen = {"epochCount": "2", "learningRateMultiplier": 1, "adapterSize": "ADAPTER_SIZE_FOUR"}
                spec = seen[member] = dict(job.spec[member])
                spec["hyperParameters"] = chosen | job.spec[member].get("hyperParameters", {})

    def decorate(self, seen: dict[str, Any]) -> None:
        if "members-extra" in self.on:
            seen["tuningMood"] = {"mood": "calm"}
            seen["satisfiesEverything"] = True
        if "members-defaults" in self.on:
            for member, default in (("description", ""), ("experiment", ""), ("serviceAccount", ""), ("labels", {})):
                seen.setdefault(member, default)
