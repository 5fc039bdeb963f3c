"""The suite as pytest tests, one per rule: `pytest -p concertpitch.pytest_plugin --pyargs concertpitch.pytest_rules`.

The run happens once, when the first test asks for it; rules that met nothing are skipped with their reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from concertpitch.configure import configure
from concertpitch.credentials import Credentials, Identity, from_environment
from concertpitch.embedded import TOKEN, emulator
from concertpitch.errors import ConcertpitchError
from concertpitch.rules import rules_of
from concertpitch.run import Result, run
from concertpitch.verdicts import Kind, Verdict

_OPTIONS = ("target", "surface", "project", "location", "profile")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("concertpitch")
    for name in _OPTIONS:
        group.addoption(f"--concertpitch-{name}", default=None, help=f"as `concertpitch check --{name}`")


@pytest.fixture(scope="session")
def concertpitch_result(request: pytest.FixtureRequest) -> Iterator[Result]:
    """The one run that all rules are judged by."""
    given = {name: request.config.getoption(f"--concertpitch-{name}") for name in _OPTIONS}
    chosen = {name: value for name, value in given.items() if value is not None}
    try:
        with ExitStack() as stack:
            identity: Identity = from_environment()
            target = chosen.pop("target", None)
            if target is None:
                target, identity = stack.enter_context(emulator(token=TOKEN)), Credentials(TOKEN)
            yield run(configure(target, **chosen), identity, lambda *_: None)
    except ConcertpitchError as error:
        pytest.exit(f"concertpitch: {error}", returncode=error.exit_code)


@pytest.fixture
def concertpitch_verdict(concertpitch_result: Result, rule_id: str) -> Verdict:
    """The verdict on one rule."""
    return next(verdict for verdict in concertpitch_result.verdicts if verdict.rule.id == rule_id)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "concertpitch_verdict" in metafunc.fixturenames:
        surface = metafunc.config.getoption("--concertpitch-surface") or "vertex"
        metafunc.parametrize("rule_id", list(rules_of(surface)))


def judge_rule(verdict: Verdict) -> None:
    """Pass, fail or skip the running test by a verdict."""
    if verdict.kind in {Kind.NOT_EXERCISED, Kind.NOT_APPLICABLE}:
        pytest.skip(f"{verdict.kind}: {verdict.reason}")
    if verdict.fails:
        lines = "\n".join(finding.message for finding in verdict.findings)
        pytest.fail(f"{verdict.rule.sentence}\n{verdict.rule.cite}\n{lines}", pytrace=False)
