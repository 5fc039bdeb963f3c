"""Whatever a target answers, and whatever a client sends, judging it ends in verdicts and never in a traceback.

Real traffic of a run is spoiled one value at a time.
"""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from concertpitch import recordings
from concertpitch.exchange import Exchange
from concertpitch.reading import subjects_of
from concertpitch.rules import rules_of
from concertpitch.surfaces import CLIENT, GEMINI_V1BETA, MCP, VERTEX_V1, Surface
from concertpitch.verdicts import judge

JUNK: tuple[Any, ...] = (None, True, -1, 2**70, 1.5, float("nan"), "", "junk", "1e400", [], [[]], [1], {}, {"a": [{}]})
OF_A_KIND, MUTATIONS = 2, 100
"""Exchanges kept of each path's form and status, and values spoiled per surface."""


@pytest.fixture(scope="module")
def traffic(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Exchange]]:
    """Some exchanges of every kind that a quick run has, by surface."""
    folder = tmp_path_factory.mktemp("report")
    command = [sys.executable, "-m", "concertpitch", "check", "--quick", "--report-dir", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return {path.parent.name: few(recordings.load(path)) for path in folder.glob("*/trace.har")}


def few(exchanges: list[Exchange]) -> list[Exchange]:
    kinds: Counter[tuple[str, str, int | None]] = Counter()
    kept = []
    for exchange in exchanges:
        form = "/".join(part if part.isalpha() else "*" for part in Path(exchange.path).parts)
        kinds[exchange.method, form, exchange.status] += 1
        if kinds[exchange.method, form, exchange.status] <= OF_A_KIND:
            kept.append(exchange)
    return kept


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where a JSON value can be spoiled: itself and everything in it."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*path, key))


def spoiled(body: bytes, path: tuple[str | int, ...], junk: Any) -> bytes:
    value = copy.deepcopy(json.loads(body))
    if not path:
        return json.dumps(junk).encode()
    holder = value
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = junk
    return json.dumps(value).encode()


@pytest.mark.parametrize("surface", [VERTEX_V1, GEMINI_V1BETA, MCP, CLIENT], ids=lambda surface: surface.name)
def test_spoiled_traffic_is_judged_without_a_traceback(traffic: dict[str, list[Exchange]], surface: Surface) -> None:
    exchanges = traffic["vertex" if surface == CLIENT else surface.name]
    chances = [
        (index, part, path)
        for index, exchange in enumerate(exchanges)
        for part, reading in (("body", exchange.answer), ("request_body", exchange.request))
        if reading.error is None
        for path in places(reading.value)
    ]
    draw = random.Random(0)
    assert len(chances) > MUTATIONS
    for index, part, path in draw.sample(chances, MUTATIONS):
        body = spoiled(getattr(exchanges[index], part), path, draw.choice(JUNK))
        changed = [*exchanges[:index], replace(exchanges[index], **{part: body}), *exchanges[index + 1 :]]
        verdicts = judge(rules_of(surface.name), subjects_of(changed, surface), {})
        assert len(verdicts) == len(rules_of(surface.name)), (part, path)
