"""Every sentence in scope is ruled, or silent for a reason, and nothing in the ledger is made up."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from concertpitch.cli import main
from concertpitch.ledger.book import book, citing, silences_of
from concertpitch.ledger.clauses import AIPS, Clause
from concertpitch.ledger.contradictions import CONTRADICTIONS, misprints
from concertpitch.ledger.covered import COVERED
from concertpitch.ledger.criterion import is_normative
from concertpitch.ledger.documents import DISCOVERY, PROTOS, load, passages, resolve
from concertpitch.ledger.entries import Standing
from concertpitch.ledger.gemini import scope
from concertpitch.ledger.guides import CLIENT_PAGE, GUIDE, GUIDES, MODEL_PAGE, TOOL_PAGE
from concertpitch.ledger.protocol_clauses import PROTOCOL
from concertpitch.ledger.protos import comments, words
from concertpitch.ledger.quiet import ALL
from concertpitch.ledger.sentences import Passage, Sentence, split
from concertpitch.ledger.tables import Covered
from concertpitch.rules import RULES
from concertpitch.silences import Silence

ROOT = Path(__file__).parents[2]
SEEDS = {CLIENT_PAGE: "000_*", MODEL_PAGE: "001_*", TOOL_PAGE: "003_*", GUIDE: "004_*"}
PINNED = (*DISCOVERY, *PROTOS, *scope.DOCUMENTS)
CONVENTIONS = (*AIPS, *PROTOCOL)
WORDS = ("/comment", "/description", *(f"/enumDescriptions/{index}" for index in range(12)))
BOUND = ("AIP-122", "AIP-131", "AIP-132", "AIP-133", "AIP-151", "AIP-158", "AIP-160", "AIP-193", "AIP-203", "AIP-216")
"""The AIPs whose every clause on servers is in the ledger, with ProtoJSON and google.longrunning."""


def shared(pattern: str) -> str:
    """A text of the facts beside the checkout, on one line."""
    for parent in ROOT.parents:
        for found in (parent / "shared").glob(pattern):
            return re.sub(r"\s+", " ", found.read_text(encoding="utf-8"))
    pytest.skip("the copies of the pages are not here: they are not part of the repository")


def told(says: str, where: str = "/x/description") -> Sentence:
    passage = Passage("x", where, says)
    return Sentence(passage, 0, len(says))


# ---- the ledger


def test_nothing_is_open() -> None:
    assert [f"{entry.source} {entry.where}: {entry.says}" for entry in book() if entry.standing is Standing.OPEN] == []


def test_every_description_of_the_documents_is_in_the_ledger() -> None:
    kept = {(entry.source, entry.where, entry.says) for entry in book()}
    for document in DISCOVERY:
        for passage in passages(document):
            for sentence in split(passage):
                older = (
                    "aiplatform.v1",
                    passage.where.replace("V1beta1", "V1"),
                    sentence.text.replace("v1beta1", "v1"),
                )
                assert (document, passage.where, sentence.text) in kept or older in kept


def test_every_comment_in_scope_of_the_gemini_api_is_in_the_ledger() -> None:
    newer, older = scope.DOCUMENTS
    kept = {(entry.source, entry.where, entry.says) for entry in book()}
    for passage in scope.passages(newer):
        assert all((newer, passage.where, sentence.text) in kept for sentence in split(passage))
    for passage in scope.passages(older):
        for sentence in split(passage):
            same = (newer, passage.where.replace("v1beta3", "v1beta"), sentence.text.replace("v1beta3", "v1beta"))
            assert (older, passage.where, sentence.text) in kept or same in kept


@pytest.mark.parametrize(("document", "corpora"), list(zip(scope.DOCUMENTS, [True, False], strict=True)))
def test_the_scope_is_what_tuning_reaches(document: str, corpora: bool) -> None:
    reached = {name.rpartition(".")[2] for name in scope.names(document)}
    assert {"TuningSnapshot", "CreateTunedModelMetadata", "Role", "TransferOwnership", "ListModels"} <= reached
    assert not {"Chunk", "Document", "QueryCorpus", "UpdateCorpus"} & reached
    assert ("Corpus" in reached) is corpora


def test_rules_named_in_the_ledger_exist() -> None:
    assert sorted({rule for entry in book() for rule in entry.rules} - RULES.keys()) == []


def test_what_is_silent_says_why() -> None:
    assert [entry for entry in book() if entry.standing is Standing.SILENT and not entry.why] == []


def test_every_rule_of_a_pinned_document_stands_in_the_ledger() -> None:
    named = {rule for entry in book() for rule in entry.rules}
    quoting = {
        rule.id
        for rule in RULES.values()
        if rule.cite.document in {*DISCOVERY, *scope.DOCUMENTS} and rule.cite.where.endswith(WORDS)
    }
    assert sorted(quoting - named) == []


@pytest.mark.parametrize("one", COVERED, ids=lambda one: one.says[:40])
def test_covered_sentences_stand_in_the_documents(one: Covered) -> None:
    document, _, pointer = one.source.partition(" ")
    assert one.says in str(resolve(load(document), pointer))
    assert one.rules


@pytest.mark.parametrize("silence", ALL, ids=lambda silence: silence.says[:40])
def test_silences_stand_in_the_documents(silence: Silence) -> None:
    document, _, where = silence.source.partition(" ")
    if document in PINNED:
        assert silence.says in str(resolve(load(document), where))
    elif document == "MCP":
        assert silence.says in shared("conventions.md")
    else:
        clauses = [one for one in CONVENTIONS if one.source == silence.source]
        assert [one for one in clauses if one.says in silence.says or silence.says in one.says]
    assert silence.why


def test_no_silence_for_words_that_a_rule_quotes() -> None:
    for texts in (*map(passages, DISCOVERY), *map(scope.passages, scope.DOCUMENTS)):
        for passage in texts:
            for sentence in split(passage):
                for silence in silences_of(sentence):
                    quoted = [
                        rule.id
                        for rule in citing(sentence)
                        if rule.folder != "mcp" and _overlap(passage.text, rule.cite.says, silence.says)
                    ]
                    assert silence.contradicted or not quoted, (silence.says, quoted)


def _overlap(text: str, one: str, other: str) -> bool:
    first, second = text.find(one), text.find(other)
    return first < second + len(other) and second < first + len(one)


# ---- sources that are not part of the repository


@pytest.mark.parametrize("clause", CONVENTIONS, ids=lambda clause: f"{clause.document} {clause.says[:40]}")
def test_clauses_stand_in_the_conventions(clause: Clause) -> None:
    assert clause.says in shared("conventions.md")


def test_no_clause_of_the_conventions_is_left_out() -> None:
    facts = shared("conventions.md").replace(" | ", "\n| ")
    quoted = re.findall(r"\| (aip|protojson|lro)-?(\d*)/\S+\n\| [^\n]+\n\| ([SCD ]+)\n\| [^\n]+\n\| «([^»\n]+)»", facts)
    bound = [
        quote for source, number, who, quote in quoted if "S" in who and (source != "aip" or f"AIP-{number}" in BOUND)
    ]
    assert len(bound) > 60
    held = [one.says for one in CONVENTIONS]
    assert [quote for quote in bound if not any(says in quote or quote in says for says in held)] == []


@pytest.mark.parametrize("clause", GUIDES, ids=lambda clause: f"{clause.document} {clause.says[:40]}")
def test_sentences_of_the_guides_stand_there(clause: Clause) -> None:
    assert clause.says in shared(f"seeds/{SEEDS[clause.document]}")


def test_the_client_page_says_nothing_else() -> None:
    shared("seeds/000_*")
    page = next(found for parent in ROOT.parents for found in (parent / "shared/seeds").glob("000_*"))
    known = {words(one.text) for document in DISCOVERY for passage in passages(document) for one in split(passage)}
    known |= {words(one.text) for document in PROTOS for passage in comments(document) for one in split(passage)}
    ours = [words(clause.says) for clause in GUIDES if clause.document == CLIENT_PAGE]
    left = set()
    for line in page.read_text(encoding="utf-8").splitlines():
        for part in re.findall(r"# (.*?)(?= # |$)", line):
            for sentence in split(Passage("", "", part)):
                spoken = words(sentence.text).replace("assiociated", "associated")
                if spoken and spoken not in known and not any(one in spoken for one in ours):
                    left.add(sentence.text)
    assert left == {'The base model that is being tuned, e.g., "gemini-1.0-pro-002". .'}


# ---- the machine


@pytest.mark.parametrize(
    ("text", "normative"),
    [
        ("Required.", True),
        ("Output only.", True),
        ("The name can be up to 128 characters long.", True),
        ("Only populated when the job has ended.", True),
        ("Time when the TuningJob was created.", True),
        ("Default is false.", True),
        ("The description of the TuningJob.", False),
        ("Request message for GenAiTuningService.CancelTuningJob.", False),
        ("Tuning Spec for Supervised Fine Tuning.", False),
    ],
)
def test_the_criterion(text: str, normative: bool) -> None:
    assert is_normative(told(text)) is normative


def test_what_a_method_does_and_a_state_means_is_normative() -> None:
    assert is_normative(told("Gets a tuning job.", "/methods/get/description"))
    assert is_normative(told("The job failed.", "/properties/state/enumDescriptions/5"))


def test_splitting_loses_nothing() -> None:
    text = "Optional. E.g. a `name`. See https://goo.gl/xmQnxf i.e. Labels. Format: `a/b`\n\nNew one (or not.) End"
    passage = Passage("x", "/", text)
    pieces = [sentence.text for sentence in split(passage)]
    assert " ".join(pieces).split() == text.split()
    assert pieces[0] == "Optional."
    assert pieces[1] == "E.g. a `name`."
    assert pieces[-1] == "End"


def test_a_quote_across_two_sentences_stands_in_both() -> None:
    first, second = split(Passage("x", "/", "One is here. Two is there."))
    assert first.holds("here. Two")
    assert second.holds("here. Two")
    assert not second.holds("One is")
    assert not first.holds("")


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_the_command_prints_the_ledger(form: str) -> None:
    printed = CliRunner().invoke(main, ["rules", "--coverage", "--format", form])
    assert printed.exit_code == 0
    assert "job/error-only-when-failed-or-cancelled" in printed.output
    if form == "json":
        told_of = json.loads(printed.output)
        assert told_of["summary"]["all"]["OPEN"] == 0
        assert sum(told_of["summary"]["all"].values()) == len(told_of["entries"]) == len(book())


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_the_command_prints_the_contradictions(form: str) -> None:
    printed = CliRunner().invoke(main, ["rules", "--contradictions", "--format", form])
    assert printed.exit_code == 0
    assert "tuninDatasetExampleCount" in printed.output


def test_two_lists_at_once_are_refused() -> None:
    printed = CliRunner().invoke(main, ["rules", "--coverage", "--contradictions"])
    assert printed.exit_code == 2
    assert "give one of them" in printed.output


def test_the_page_of_contradictions_is_up_to_date() -> None:
    printed = CliRunner().invoke(main, ["rules", "--contradictions", "--format", "markdown"])
    assert (ROOT / "docs/contradictions.md").read_text(encoding="utf-8") == printed.output


def test_misprints_are_no_members_of_a_job() -> None:
    members = load("aiplatform.v1")["schemas"]["GoogleCloudAiplatformV1TuningJob"]["properties"]
    assert not misprints().keys() & members.keys()
    assert len({(one.one, one.says) for one in CONTRADICTIONS}) == len(CONTRADICTIONS)


@pytest.mark.parametrize("misprint", misprints())
def test_misprints_stand_in_the_guide(misprint: str) -> None:
    assert misprint in shared("seeds/004_*")
