"""Every rule's words stand where it says they stand."""

from __future__ import annotations

import json
import pkgutil
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from concertpitch import rules
from concertpitch.catalogue import Rule
from concertpitch.rules import RULES
from concertpitch.silences import SILENCES, Silence

ROOT = Path(__file__).parents[2]
PINNED = {path.stem: json.loads(path.read_text()) for path in (ROOT / "specs/documents").glob("*.json")}
OURS = {"real records", "RFC 8259", "advice"}
QUOTES = json.loads((Path(__file__).parent / "data/quotes.json").read_text())
"""Single lines of public files, each with the repository, file and commit where it was read."""


def quoted(rule: Rule) -> bool:
    """Whether the rule's words stand in a line that was read in its document."""
    lines = [line for source in QUOTES if source["document"] == rule.cite.document for line in source["lines"]]
    return any(rule.cite.says in line for line in lines)


def shared() -> Path | None:
    """The folder of shared facts beside the checkout, where there is one."""
    return next((found for parent in ROOT.parents if (found := parent / "shared" / "conventions.md").exists()), None)


def resolve(document: Any, pointer: str) -> Any:
    for step in pointer.strip("/").split("/"):
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document


DOCUMENTED = [rule for rule in RULES.values() if rule.cite.document in PINNED]
CONVENTIONS = [rule for rule in RULES.values() if rule.cite.document not in PINNED | dict.fromkeys(OURS)]


@pytest.mark.parametrize("rule", DOCUMENTED, ids=lambda rule: rule.id)
def test_pinned_documents_say_what_rules_quote(rule: Rule) -> None:
    assert rule.cite.says in str(resolve(PINNED[rule.cite.document], rule.cite.where))


@pytest.mark.parametrize("rule", CONVENTIONS, ids=lambda rule: rule.id)
def test_conventions_are_named_by_their_standard_names(rule: Rule) -> None:
    assert rule.cite.document.startswith(("AIP-", "ProtoJSON", "google.", "Google API", "MCP ", "JSON-RPC 2.0"))


@pytest.mark.parametrize("rule", CONVENTIONS, ids=lambda rule: rule.id)
def test_conventions_say_what_rules_quote(rule: Rule) -> None:
    facts = shared()
    if quoted(rule):
        return
    if facts is None:
        pytest.skip("the copies of the conventions are not here: they are not part of the repository")
    copies = [facts, *sorted((facts.parent / "seeds").glob("003*"))]
    assert any(rule.cite.says in copy.read_text() for copy in copies)


@pytest.mark.parametrize("silence", SILENCES, ids=lambda silence: silence.says[:40])
def test_silences_quote_pinned_documents(silence: Silence) -> None:
    document, _, pointer = silence.source.partition(" ")
    if document in PINNED:
        assert silence.says in str(resolve(PINNED[document], pointer))
    assert silence.why


def test_quotes_say_where_they_were_read() -> None:
    assert all(len(source["commit"]) == 40 and source["repository"] and source["file"] for source in QUOTES)


def test_there_are_silences() -> None:
    assert SILENCES


def test_opinions_only_warn() -> None:
    assert not [rule.id for rule in RULES.values() if rule.cite.document == "advice" and rule.level.fails]


@pytest.mark.parametrize("folder", [rules.client, rules.gemini, rules.mcp, rules.rest, rules.vertex])
def test_every_module_of_rules_is_in_the_catalogue(folder: ModuleType) -> None:
    modules = {module.name for module in pkgutil.iter_modules(folder.__path__)}
    assert modules == set(folder.__all__)
