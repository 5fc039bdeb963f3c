"""Exploration: schemathesis makes up requests for every method, valid ones and invalid ones.

Rule 1: names in paths are mostly real, or nothing behind them would ever be reached.
Rule 2: system parameters are left out: `fields`, `alt=media` or `callback` may rightly change any answer.
It judges nothing: what it sends is recorded and judged with everything else.
"""

from __future__ import annotations

import json
import time
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from concertpitch.lab import Lab
from concertpitch.protojson import message

_PROBE = "fuzz"
_EXAMPLES = 8
_SECONDS = 20.0
"""After this time nothing more is sent, so that a slow target does not pay for exploration."""
_QUERY = frozenset({"pageSize", "pageToken", "filter", "returnPartialSuccess"})
_OPAQUE = frozenset({"evaluationConfig"})
"""Configuration of other services that an implementation may store without looking into it."""


def fuzz(lab: Lab) -> None:
    """Send some requests of each kind to each method, with the run's seed."""
    import schemathesis  # noqa: PLC0415 - takes a second that only this step should pay
    from schemathesis import GenerationMode  # noqa: PLC0415
    from schemathesis.core.result import Ok  # noqa: PLC0415

    schema = schemathesis.openapi.from_dict(dict(lab.settings.surface.schemas.openapi))
    deadline = time.monotonic() + _SECONDS
    known = st.sampled_from(lab.ids()[:5] or ["1111111111111111111"])
    for found in schema.get_all_operations():
        operation: Any = found.ok() if isinstance(found, Ok) else None
        if operation is None:
            continue
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            if time.monotonic() > deadline:
                return

            @settings(
                max_examples=_EXAMPLES,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @seed(lab.settings.seed)
            @given(case=operation.as_strategy(generation_mode=mode), job_id=known)
            def send(case: Any, job_id: str) -> None:
                _send(lab, case, job_id)

            send()


def _send(lab: Lab, case: Any, job_id: str) -> None:
    settings = lab.settings
    place = {"projectsId": settings.project, "locationsId": settings.location}
    if "tuningJobsId" in case.path_parameters:
        place["tuningJobsId"] = job_id
    case.path_parameters = {**case.path_parameters, **place}
    sent = case.as_transport_kwargs(base_url=settings.target)
    path = sent["url"].removeprefix(settings.target).removeprefix(f"/{settings.surface.version}/")
    query = {name: str(value) for name, value in (sent.get("params") or {}).items() if name in _QUERY}
    body = _body(sent)
    if sent["method"] == "POST" and path.endswith("/tuningJobs"):
        lab.create(body, probe=_PROBE)
    elif not path.endswith(":wait"):
        lab.send(sent["method"], path, probe=_PROBE, query=query, body=body)


def _body(sent: dict[str, Any]) -> Any:
    """The JSON body of a generated request, without members that are another service's business."""
    raw = sent.get("json", sent.get("data"))
    if isinstance(raw, bytes):
        return raw
    if isinstance(raw, str):
        return raw.encode("utf-8", "replace")
    if isinstance(raw, dict):
        try:
            raw = json.loads(json.dumps(raw))
        except (TypeError, ValueError):
            return None
        for spec in raw.values():
            for name in _OPAQUE:
                message(spec).pop(name, None)
    return raw
