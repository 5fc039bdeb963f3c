"""The ledger: every sentence and fact in scope, each ruled, silent with a reason, descriptive, or open.

Rule 1: words decide. A sentence is ruled when words that a rule quotes stand in it, or when `covered` names rules for
its words; silent when `silences` quotes it. Only then do `standing`'s classes and groups speak.
Rule 2: what is left and binds somebody is open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from concertpitch.catalogue import Rule
from concertpitch.ledger import observed
from concertpitch.ledger.clauses import AIPS, Clause
from concertpitch.ledger.covered import COVERED
from concertpitch.ledger.criterion import is_normative
from concertpitch.ledger.documents import DISCOVERY, PROTOS, passages
from concertpitch.ledger.entries import Entry, Standing
from concertpitch.ledger.gemini import kinds as gemini_kinds
from concertpitch.ledger.gemini import scope as gemini_scope
from concertpitch.ledger.gemini import standing as gemini_standing
from concertpitch.ledger.guides import GUIDES
from concertpitch.ledger.protocol_clauses import PROTOCOL
from concertpitch.ledger.protos import Fact, beyond_discovery, facts
from concertpitch.ledger.quiet import ALL
from concertpitch.ledger.sentences import Sentence, split
from concertpitch.ledger.vertex import kinds, standing
from concertpitch.rules import RULES
from concertpitch.silences import Silence

_NEWER, _OLDER = "V1beta1", "V1"


@cache
def book() -> tuple[Entry, ...]:
    """Every entry: Vertex's documents, the Gemini API's, the conventions, the guides, the records."""
    entries = [*_vertex(), *_gemini()]
    entries += [_clause(clause) for clause in (*AIPS, *PROTOCOL, *GUIDES)]
    entries += observed.entries(RULES)
    return tuple(entries)


def _vertex() -> list[Entry]:
    """v1, what v1beta1 adds, and the protos of both."""
    v1, v1beta1 = DISCOVERY
    older = [sentence for passage in passages(v1) for sentence in split(passage)]
    newer = {_folded(sentence): sentence for passage in passages(v1beta1) for sentence in split(passage)}
    entries = [entry(one, also=v1beta1 if _folded(one) in newer else "") for one in older]
    known = {_folded(one) for one in older}
    entries += [entry(one) for key, one in newer.items() if key not in known]
    entries += [one for document in DISCOVERY for one in kinds.entries(document)]
    return [*entries, *_protos()]


def _gemini() -> Iterator[Entry]:
    """v1beta, and what v1beta3 says in older words."""
    newer, older = gemini_scope.DOCUMENTS
    entries: dict[tuple[str, str], Entry] = {}
    for document in (newer, older):
        for passage in gemini_scope.passages(document):
            for sentence in split(passage):
                _add(entries, entry(sentence), "v1beta3", "v1beta")
        for fact in gemini_scope.facts_of(document):
            _add(entries, _fact(fact), "v1beta3", "v1beta")
    yield from entries.values()
    for document in gemini_scope.DOCUMENTS:
        yield from gemini_kinds.entries(document)


def _add(entries: dict[tuple[str, str], Entry], made: Entry, version: str, first: str) -> None:
    """Add an entry, or note at the one of another version that this document says the same."""
    key = (made.where.replace(version, first), made.says.replace(version, first))
    known = entries.get(key)
    if known is None:
        entries[key] = made
    elif known.source != made.source:
        entries[key] = replace(known, also=made.source)


def _folded(sentence: Sentence) -> tuple[str, str]:
    """A sentence's place and words without the version."""
    return (
        sentence.passage.where.replace(_NEWER, _OLDER).replace("v1beta1", "v1"),
        sentence.text.replace("v1beta1", "v1"),
    )


def _protos() -> Iterator[Entry]:
    seen: dict[tuple[str, str], Entry] = {}
    for document in PROTOS:
        found: list[Sentence | Fact] = [*beyond_discovery(document), *facts(document)]
        for one in found:
            _add(seen, entry(one) if isinstance(one, Sentence) else _fact(one), "v1beta1", "v1")
    yield from seen.values()


def entry(sentence: Sentence, *, also: str = "") -> Entry:
    """Where a sentence of a pinned document stands."""
    document, where = sentence.passage.document, sentence.passage.where

    def told(status: Standing, rules: tuple[str, ...] = (), why: str = "") -> Entry:
        return Entry(document, where, sentence.text, status, rules, why, also)

    why = " ".join(one.why for one in silences_of(sentence))
    rules = tuple(rule.id for rule in citing(sentence)) + tuple(
        rule for one in COVERED if _stands(one.source, one.says, sentence) for rule in one.rules
    )
    if rules:
        return told(Standing.RULED, tuple(dict.fromkeys(rules)), why)
    if why:
        return told(Standing.SILENT, why=why)
    if not is_normative(sentence):
        return told(Standing.DESCRIPTIVE)
    found = (gemini_standing if document in gemini_scope.DOCUMENTS else standing).of(where, sentence.text)
    if found is None:
        return told(Standing.OPEN)
    return told(Standing.RULED if found.rules else Standing.SILENT, found.rules, found.why)


def citing(sentence: Sentence) -> list[Rule]:
    """The rules that quote words of a sentence."""
    passage = sentence.passage
    return [
        rule
        for rule in RULES.values()
        if rule.cite.document == passage.document
        and rule.cite.where == passage.where
        and sentence.holds(rule.cite.says)
    ]


def silences_of(sentence: Sentence) -> list[Silence]:
    """The silences that quote words of a sentence."""
    return [one for one in ALL if _stands(one.source, one.says, sentence)]


def _stands(source: str, says: str, sentence: Sentence) -> bool:
    passage = sentence.passage
    return source == f"{passage.document} {passage.where}" and sentence.holds(says)


def _fact(fact: Fact) -> Entry:
    found = (gemini_standing if fact.document in gemini_scope.DOCUMENTS else standing).of_fact(fact)
    if found is None:
        return Entry(fact.document, fact.where, fact.says, Standing.OPEN)
    status = Standing.RULED if found.rules else Standing.SILENT
    return Entry(fact.document, fact.where, fact.says, status, found.rules, found.why)


def _clause(clause: Clause) -> Entry:
    cited = tuple(
        rule.id
        for rule in RULES.values()
        if rule.cite.document == clause.document and _same(rule.cite.says, clause.says)
    )
    silent = " ".join(one.why for one in ALL if one.source == clause.source and _same(one.says, clause.says))
    rules, why = tuple(dict.fromkeys((*cited, *clause.rules))), clause.why or silent
    status = Standing.RULED if rules else Standing.SILENT if why else Standing.OPEN
    return Entry(clause.document, clause.section, clause.says, status, rules, why)


def _same(one: str, other: str) -> bool:
    """Whether two quotes are of the same words: what stands in the conventions is quoted more or less fully."""
    return one in other or other in one
