"""The shortest chain of exchanges that still shows a breach, found by judging fewer and fewer of them.

Rule 1: a chain is evidence by itself: the rule, given nothing but the chain, finds the breach again.
Rule 2: nothing is sent; the time spent is bounded, and a chain that was not shortened to the end is still one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from concertpitch.catalogue import Rule
from concertpitch.exchange import Exchange
from concertpitch.protojson import message, text
from concertpitch.verdicts import Finding, Verdict

_PER_RULE, _IN_ALL = 3.0, 12.0
"""Seconds of processor spent on one rule, and on all rules of a run: a machine that is busy shortens no less."""

_OF_A_LIST = 5
"""Creations of listed resources that make a list long enough to be cut into pages."""
_TOP_LEVEL_OPERATION = 4
"""Segments of `tunedModels/ID/operations/ID`."""

Subjects = Callable[[Sequence[Exchange]], "Sequence[object]"]
"""Exchanges -> what can be judged in them."""


def shorten(verdicts: Sequence[Verdict], exchanges: Sequence[Exchange], subjects_of: Subjects) -> None:
    """Give the first finding of each broken rule its shortest chain, with the creation of its resources."""
    end = time.process_time() + _IN_ALL
    for verdict in verdicts:
        if verdict.findings:
            deadline = min(end, time.process_time() + _PER_RULE)
            verdict.findings[0] = _shortest(verdict.rule, verdict.findings[0], exchanges, subjects_of, deadline)


def _shortest(
    rule: Rule, finding: Finding, exchanges: Sequence[Exchange], subjects_of: Subjects, deadline: float
) -> Finding:
    own = list(finding.exchanges)
    accused = own[-1].number if own else 0

    def breach(chain: Sequence[Exchange]) -> str:
        return first_breach(rule, subjects_of(chain), accused)

    kin = _with_kin(own, exchanges)
    wider = [_with_probe(chain, own[0].probe, exchanges) for chain in (own, kin)] if own else []
    for chain in (own, kin, *wider, list(exchanges)):
        if time.process_time() > deadline:
            break
        if breach(chain):
            least = _reduce(chain, lambda fewer: bool(breach(fewer)), deadline)
            return Finding(breach(least), tuple(_with_origins(least, exchanges)))
    return finding


def first_breach(rule: Rule, subjects: Sequence[object], accused: int = 0) -> str:
    """What a rule says of the first subject that breaks it, '' when none does.

    `accused` is the number of an exchange that the subject must hold, 0 when any will do: with the creation of a
    resource cut away, what is right of it may look wrong.
    """
    for subject in subjects:
        if accused and all(one.number != accused for one in getattr(subject, "exchanges", ())):
            continue
        if isinstance(subject, rule.on) and rule.applies(subject):
            for line in rule.check(subject):
                return line
    return ""


def _reduce(chain: list[Exchange], broken: Callable[[list[Exchange]], bool], deadline: float) -> list[Exchange]:
    """Delta debugging (Zeller and Hildebrandt's ddmin, without its first test of parts alone)."""
    parts = 2
    while len(chain) > 1 and time.process_time() < deadline:
        size = -(-len(chain) // parts)
        for start in range(0, len(chain), size):
            fewer = chain[:start] + chain[start + size :]
            if fewer and broken(fewer):
                chain, parts = fewer, max(parts - 1, 2)
                break
            if time.process_time() > deadline:
                return chain
        else:
            if size == 1:
                return chain
            parts = min(parts * 2, len(chain))
    return chain


def _with_kin(own: list[Exchange], exchanges: Sequence[Exchange]) -> list[Exchange]:
    """The exchanges that share a resource with those, the first accepted of each method, and those themselves."""
    numbers = {one.number for one in own}
    names = {segment for one in own for segment in _ids(one)}
    return [one for one in exchanges if one.number in numbers or not names.isdisjoint(_ids(one))]


def _with_probe(chain: Sequence[Exchange], probe: str, exchanges: Sequence[Exchange]) -> list[Exchange]:
    """A chain, and whatever else a probe had sent."""
    numbers = {one.number for one in chain}
    return [one for one in exchanges if one.number in numbers or one.probe == probe]


def _with_origins(chain: list[Exchange], exchanges: Sequence[Exchange]) -> list[Exchange]:
    """A chain, and before it the creation of each resource that its paths name, and of some that its lists show."""
    numbers = {one.number for one in chain}
    earlier = [one for one in exchanges if one.method == "POST" and one.number < min(numbers)]
    named = {segment for one in chain for segment in one.path.replace(":", "/").split("/")}
    listed = {segment for one in chain for segment in _listed(one)}
    made = {one.number: one for one in [one for one in earlier if listed & _given(one)][-_OF_A_LIST:]}
    made |= {one.number: one for one in earlier if named & _given(one)}
    return sorted([*made.values(), *chain], key=lambda one: one.number)


def _listed(exchange: Exchange) -> set[str]:
    """The ids of the resources on a page."""
    lists = [value for value in message(exchange.answer.value).values() if isinstance(value, list)]
    return {text(message(item).get("name")).rpartition("/")[2] for listed in lists for item in listed} - {""}


def _ids(exchange: Exchange) -> set[str]:
    """The last path segment, without a custom verb, and the ids that the answer gives."""
    return {exchange.path.rpartition("/")[2].partition(":")[0]} | _given(exchange)


def _given(exchange: Exchange) -> set[str]:
    """The ids that an answer's name gives: its resource's, and that of the model which an operation makes."""
    parts = text(message(exchange.answer.value).get("name")).split("/")
    given = {parts[-1]}
    if len(parts) == _TOP_LEVEL_OPERATION and parts[2] == "operations":
        given.add(parts[1])
    return given - {""}
