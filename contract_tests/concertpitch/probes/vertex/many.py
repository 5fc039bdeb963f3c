"""Creates and cancels that overlap in time."""

from __future__ import annotations

from collections import defaultdict
from functools import partial

from concertpitch.probes.together import at_once
from concertpitch.probes.vertex import bodies
from concertpitch.probes.vertex.lab import VertexLab

_AT_ONCE, _OF_EACH_END = 8, 2


def parallel(lab: VertexLab) -> None:
    """Create jobs at the same moment, read each, list, then cancel each twice at the same moment."""
    before = set(lab.made)
    at_once([partial(lab.create, bodies.plain(lab), probe="parallel") for _ in range(_AT_ONCE)])
    fresh = [lab.made[key].job_id for key in lab.made.keys() - before]
    for job_id in fresh:
        lab.get(job_id, probe="parallel")
    lab.walk(probe="parallel", limit=50)
    at_once([partial(lab.cancel, job_id, probe="parallel") for job_id in fresh for _ in range(2)])
    for job_id in fresh:
        lab.get(job_id, probe="parallel")


def cancel_ended(lab: VertexLab) -> None:
    """Cancel jobs that have ended, two of each end, and read them again."""
    ends: dict[str, list[str]] = defaultdict(list)
    for made in lab.made.values():
        if made.ended and made.parent == lab.parent():
            ends[made.state].append(made.job_id)
    for job_id in [job_id for jobs in ends.values() for job_id in jobs[:_OF_EACH_END]]:
        lab.get(job_id, probe="cancel")
        lab.cancel(job_id, probe="cancel", body={})
        lab.get(job_id, probe="cancel")
