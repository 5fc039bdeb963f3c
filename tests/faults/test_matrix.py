"""Every rule has a fault, every fault is caught by its rules and by no other, and honesty breaks none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest
from concertpitch.campaigns import CAMPAIGNS, NAMES
from concertpitch.catalogue import Rule
from concertpitch.configure import configure
from concertpitch.credentials import Credentials
from concertpitch.embedded import SPEED, TOKEN
from concertpitch.rules import FOLDERS, RULES
from concertpitch.run import Result, run
from concertpitch.verdicts import Kind
from concertpitch_emulator.config import Config
from concertpitch_emulator.faults import FAULTS
from concertpitch_emulator.server import start

FAST = 300.0
SLOW = {
    "life/never-starts": 12.0,
    "life/cancelling-forever": 12.0,
    "wire/enum-number": 4.0,
    "model/never-ends": 12.0,
    "model/waits-for-a-poller": 12.0,
}
"""Faults whose jobs do not end: seconds to wait for them."""

MANY = 4
"""Broken rules beyond which a fault has a run of its own."""

NEAR = {
    "auth": "refuse",
    "life": "job",
    "tuning": "model",
    "accepts": "refuses",
    "rebase": "operation",
    "list": "filter",
    "pages": "filter",
    "delete": "filter",
    "progress": "lro",
    "transfer": "permission",
    "argument": "name",
    "page": "input",
}
"""Nouns whose faults hide one another: a page that leaves jobs out says nothing of a filter."""

ALONE = frozenset(
    {
        "accepts/no-tuning-task",
        "auth/creates-anyway",
        "cancel/by-get",
        "cancel/deletes",
        "create/answers-operation",
        "create/display-name-unique",
        "create/not-readable-at-once",
        "create/refuses-int64-string",
        "job/failed-without-error",
        "job/get-returns-another",
        "job/no-end-time",
        "job/no-name",
        "lro/no-name",
        "model/display-name-lost",
        "model/get-answers-another",
        "refuse/unmapped-status",
        "wire/enum-without-prefix",
        "mcp/cursor-refused",
        "mcp/empty-stream",
        "mcp/no-hints",
        "mcp/no-structured-content",
        "mcp/tools-by-name",
        "pages/old-states",
        "refuses/no-display-name",
    }
)
"""Faults that leave little for others to show in: what has no name has no history."""

APART = (
    {"cancel/no-effect", "job/cancelled-without-error"},
    {"cancel/wrong-job", "job/error-code-500", "stable/error-changes"},
    {"life/succeeded-runs-again", "operation/wrong-type"},
    {"list/stale-state", "operation/wait-sits-out"},
    {"delete/keeps", "json/enum-number"},
    {"lro/not-listed", "model/active-creates-again"},
    {"lro/unknown-200", "model/active-creates-again"},
    {"mcp/cancel-of-the-ended", "mcp/cancel-deletes"},
    {"mcp/cursor-number", "mcp/unknown-tool-succeeds"},
    {"mcp/cursor-number", "mcp/unknown-tool-is-a-result"},
    {"mcp/id-as-text", "mcp/newest-whatever-asked"},
    {"mcp/id-as-text", "mcp/initialize-wants-header"},
    {"mcp/initialize-wants-header", "mcp/ping-answered-twice"},
    {"mcp/list-ends-early", "mcp/page-token-overlooked"},
)
"""Faults that break different rules and hide one another, or together lie in a way that neither does."""

HONEST_WITHOUT = {
    "vertex": set(),
    "gemini": {"wire/map-is-object"},
    "mcp": {"mcp/session-id-visible", "mcp/session-missing-400", "mcp/session-gone-404"},
}
"""Rules on what the honest emulator rightly does not have: sessions."""


GIVEN_AWAY = {"vertex": 0, "gemini": 2, "mcp": 0}
"""Resources whose ownership a run gives away, which are not its own to delete any more."""


@dataclass(frozen=True)
class Drawn:
    """What a whole run of the matrix is made with, by the options of conftest.py."""

    seed: int = 0
    versions: Mapping[str, str] = field(default_factory=dict)


@pytest.fixture(scope="session")
def drawn(pytestconfig: pytest.Config) -> Drawn:
    versions = dict(each.split("=") for each in pytestconfig.getoption("--version-of"))
    return Drawn(pytestconfig.getoption("--seed"), versions)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "faults" in metafunc.fixturenames:
        groups = groups_of(metafunc.config.getoption("--together"))
        metafunc.parametrize("faults", groups, ids=" ".join)


def noun_of(name: str) -> str:
    """What a fault or rule has to do with: its noun, of MCP's the word that follows, as nearly all begin alike."""
    noun, _, words = name.partition("/")
    told = words.partition("-")[0] if noun in {"mcp", "tool"} else noun
    return NEAR.get(told, told)


def groups_of(size: int) -> list[tuple[str, ...]]:
    """Every fault once, with others of its surface that have to do with other things: no noun of their ids is shared.

    A fault that breaks many rules, or hides others, is alone. What is left over goes by twos.
    """
    groups: list[tuple[str, ...]] = []
    for surface in CAMPAIGNS:
        open_groups: list[tuple[list[str], set[str]]] = []
        for fault in (fault for fault in FAULTS.values() if fault.surface == surface):
            nouns, apart = {noun_of(each) for each in (fault.id, *rules_of(fault.id))}, apart_from(fault.id)
            if fault.id in ALONE or fault.id in SLOW or len(fault.breaks) > MANY or size == 1:
                groups.append((fault.id,))
                continue
            group = next((group for group in open_groups if not nouns & group[1] and apart.isdisjoint(group[0])), None)
            if group is None:
                open_groups.append(group := ([], set()))
            group[0].append(fault.id)
            group[1].update(nouns)
            if len(group[0]) == size:
                groups.append(tuple(group[0]))
                open_groups.remove(group)
        groups += [tuple(names) for names, _ in open_groups if len(names) > 1]
        groups += paired([names[0] for names, _ in open_groups if len(names) == 1])
    return groups


def paired(left: list[str]) -> list[tuple[str, ...]]:
    """What found no group, by twos that may be of one noun, but break no rule in common."""
    pairs: list[tuple[str, ...]] = []
    while left:
        first, *rest = left
        rules, apart = rules_of(first), apart_from(first)
        other = next((name for name in rest if rules.isdisjoint(rules_of(name)) and name not in apart), "")
        pairs.append((first, other) if other else (first,))
        left = [name for name in rest if name != other]
    return pairs


def apart_from(fault: str) -> set[str]:
    return {other for names in APART if fault in names for other in names}


def rules_of(fault: str) -> set[str]:
    return {*FAULTS[fault].breaks, *FAULTS[fault].also}


def check(drawn: Drawn, surface: str, *faults: str, quick: bool = True) -> Result:
    """One run of the deterministic probes; a job takes a second or two, and is read often meanwhile."""
    speed = FAST if quick else SPEED
    with start(Config(speed=speed, seed=drawn.seed, faults=faults, token=TOKEN)) as target:
        patience = max((SLOW.get(fault, 6.0) for fault in faults), default=6.0) * (1 if quick else 3)
        options = configure(
            target,
            surface=surface,
            api_version=drawn.versions.get(surface, ""),
            profile="exercise",
            patience=patience,
            quick=quick,
            seed=drawn.seed,
        )
        settings = replace(options, pause=0.1)
        return run(settings, Credentials(TOKEN), lambda *_: None)


def told(result: Result) -> dict[str, str]:
    """The rules that were broken, each with its first finding."""
    return {verdict.rule.id: verdict.findings[0].message for verdict in result.verdicts if verdict.broken}


def as_promised(result: Result, *faults: str) -> bool:
    """Whether the rules were broken that the faults say they break, and no other."""
    breaks = {rule for fault in faults for rule in FAULTS[fault].breaks}
    also = {rule for fault in faults for rule in FAULTS[fault].also}
    return breaks <= told(result).keys() <= breaks | also


def test_a_fault_is_caught_by_its_rules_and_no_other(drawn: Drawn, faults: tuple[str, ...]) -> None:
    """Faults that share a run break the rules of each, and no other; where that is not so, each half has its own."""
    result = check(drawn, FAULTS[faults[0]].surface, *faults)
    if len(faults) == 1:
        for _ in range(2):  # some lies take jobs that live longer, and a machine that is not overloaded
            if not as_promised(result, *faults):
                result = check(drawn, FAULTS[faults[0]].surface, *faults, quick=False)
        assert as_promised(result, *faults), told(result)
    elif not as_promised(result, *faults):
        middle = len(faults) // 2
        test_a_fault_is_caught_by_its_rules_and_no_other(drawn, faults[:middle])
        test_a_fault_is_caught_by_its_rules_and_no_other(drawn, faults[middle:])
    assert not result.interrupted


@pytest.mark.parametrize("surface", CAMPAIGNS)
def test_the_honest_emulator_breaks_nothing_and_exercises_everything(drawn: Drawn, surface: str) -> None:
    result = check(drawn, surface, quick=False)
    assert told(result) == {}
    assert {verdict.rule.id for verdict in result.verdicts if verdict.kind is not Kind.HELD} == HONEST_WITHOUT[surface]
    assert len(result.left_over) <= GIVEN_AWAY[surface]


def test_every_rule_has_a_fault() -> None:
    of_targets = {
        rule.id for rule in RULES.values() if rule.folder != "client"
    }  # tests/contract/test_judge.py has those
    assert sorted(of_targets - {rule for fault in FAULTS.values() for rule in fault.breaks}) == []


def test_every_fault_breaks_rules_that_exist() -> None:
    assert sorted({rule for fault in FAULTS.values() for rule in fault.breaks + fault.also} - RULES.keys()) == []


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_rule_is_named_and_exercised(rule: Rule) -> None:
    noun, _, words = rule.id.partition("/")
    assert noun
    assert rule.check.__name__.startswith(words.replace("-", "_"))
    assert rule.sentence.endswith(".")
    assert all(rule.probe in NAMES[surface] for surface, folders in FOLDERS.items() if rule.folder in folders)
