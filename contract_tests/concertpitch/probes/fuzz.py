"""Exploration: schemathesis makes up requests for every method of a surface, valid ones and invalid ones.

Rule 1: system parameters are left out: `fields`, `alt=media` or `callback` may rightly change any answer.
It judges nothing: what it sends is recorded and judged with everything else.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from concertpitch.lab import Lab

PROBE = "fuzz"
_EXAMPLES = 8
_SECONDS = 20.0
"""After this time nothing more is sent, so that a slow target does not pay for exploration."""
_SYSTEM = frozenset({"alt", "$alt", "callback", "fields", "key", "access_token", "oauth_token", "$.xgafv"})

Send = Callable[[str, str, dict[str, str], Any], None]
"""Called with the verb, the resource name (and `:verb`), the query, and the body: JSON, bytes or None."""


def fuzz(lab: Lab, places: Mapping[str, list[str]], send: Send) -> None:
    """Send some requests of each kind to each method, with the run's seed.

    `places` gives path variables their values: names in paths are mostly real, or nothing behind them would ever be
    reached.
    """
    import schemathesis  # noqa: PLC0415 - takes a second that only this step should pay
    from schemathesis import GenerationMode  # noqa: PLC0415
    from schemathesis.core.result import Ok  # noqa: PLC0415

    schema = schemathesis.openapi.from_dict(dict(lab.settings.surface.schemas.openapi))
    deadline = time.monotonic() + _SECONDS
    known = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in places.items()})
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
            @given(case=operation.as_strategy(generation_mode=mode), place=known)
            def one(case: Any, place: dict[str, str]) -> None:
                _send(lab, case, place, send)

            with suppress(Unsatisfiable):  # nothing invalid can be made up for some methods
                one()


def _send(lab: Lab, case: Any, place: Mapping[str, str], send: Send) -> None:
    target, version = lab.settings.target, lab.settings.surface.version
    real = {name: value for name, value in place.items() if name in case.path_parameters}
    case.path_parameters = {**case.path_parameters, **real}
    sent = case.as_transport_kwargs(base_url=target)
    path = sent["url"].removeprefix(target).removeprefix(f"/{version}/")
    query = {name: str(value) for name, value in (sent.get("params") or {}).items() if name not in _SYSTEM}
    send(sent["method"], path, query, _body(sent))


def _body(sent: dict[str, Any]) -> Any:
    """The JSON body of a generated request; None for what is no JSON value."""
    raw = sent.get("json", sent.get("data"))
    if isinstance(raw, bytes):
        return raw
    if isinstance(raw, str):
        return raw.encode("utf-8", "replace")
    if isinstance(raw, dict):
        try:
            return json.loads(json.dumps(raw))
        except (TypeError, ValueError):
            return None
    return raw
