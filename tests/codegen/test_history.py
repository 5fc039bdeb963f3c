"""The differ on what Google really changed: revisions of the tuning surface, old and new.

`history/` holds parts of old documents. The whole ones are compared too where CONCERTPITCH_HISTORY names a
folder with the documents of google-api-python-client's versions, `<version>/aiplatform.v1.json`.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import re
import runpy
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from concertpitch_codegen.diff.compare import compare
from concertpitch_codegen.jsontext import parse
from concertpitch_codegen.readers.formats import read
from concertpitch_codegen.slicing import cut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from concertpitch_codegen.diff.change import Change
    from concertpitch_codegen.document import Document

HISTORY = Path(__file__).parent / "history"
REVISIONS = json.loads((HISTORY / "revisions.json").read_text())
Found = set[tuple[str, str, str]]
Table = dict[tuple[str, str, str], list[tuple[str, str]]]


def part(version: str, package: str) -> Document:
    name = f"aiplatform.{version}"
    return read(parse((HISTORY / f"{name}.{package}.json").read_bytes(), name), name)


def short(subject: str) -> str:
    return re.sub(r"GoogleCloudAiplatformV1(beta1)?", "", subject)


def found(changes: list[Change]) -> Found:
    return {(each.severity.label, each.rule, short(each.subject)) for each in changes}


def removed(*names: str) -> Found:
    return {("source", "field-removed" if "." in name else "schema-removed", name) for name in names}


def added(*names: str) -> Found:
    return {("compatible", "field-added" if "." in name else "schema-added", name) for name in names}


LEARNING = (
    "TuningDataStats.distillationDataStats",
    "TuningDataStats.reinforcementLearningDataStats",
    "DatasetStats",
    "DistillationDataStats",
    "ReinforcementLearningDataStats",
)
SPECS = ("TuningJob.distillationSpec", "TuningJob.reinforcementLearningSpec", "ReinforcementLearningSpec")
HISTOGRAM = ("DatasetDistribution", "DatasetDistributionDistributionBucket")
DISTILLATION = ("DistillationSpec", "TuningJob.distillationSpec")
PAIRS: list[tuple[str, str, str, Found]] = [
    ("v1", "2.132.0", "2.133.0", set()),  # another revision date, nothing else
    ("v1", "2.133.0", "2.134.0", removed(*LEARNING, *HISTOGRAM)),
    (
        "v1",
        "2.159.0",
        "2.160.0",
        {
            # Only ever read, inside the output-only tuningDataStats: nobody could send them before.
            ("compatible", "field-became-output-only", "SupervisedTuningDataStats.totalTruncatedExampleCount"),
            ("compatible", "field-became-output-only", "SupervisedTuningDataStats.truncatedExampleIndices"),
            *added("SupervisedTuningDataStats.droppedExampleReasons"),
        },
    ),
    (
        "v1",
        "2.163.0",
        "2.164.0",
        {("compatible", "enum-value-added", "SupervisedHyperParametersAdapterSize.ADAPTER_SIZE_TWO")},
    ),
    (
        "v1",
        "2.172.0",
        "2.173.0",
        {("compatible", "field-became-writable", "Part.thought"), *added("Part.thoughtSignature")},
    ),
    ("v1beta1", "2.131.0", "2.132.0", added(*LEARNING, *SPECS, *DISTILLATION, "TuningJob.pipelineJob")),
    ("v1beta1", "2.132.0", "2.133.0", set()),
    ("v1beta1", "2.133.0", "2.134.0", removed(*LEARNING, *SPECS, *DISTILLATION)),
    ("v1beta1", "2.134.0", "2.135.0", removed("TuningJob.pipelineJob")),
    (
        "v1beta1",
        "2.139.0",
        "2.140.0",
        added(*DISTILLATION, *LEARNING[::2], "DistillationDataStats", "TuningJob.pipelineJob")
        - added("ReinforcementLearningDataStats"),
    ),
    (
        "v1beta1",
        "2.156.0",
        "2.157.0",
        {
            ("compatible", "field-deprecated", "TuningJob.pipelineJob"),
            ("compatible", "field-became-optional", "DistillationSpec.trainingDatasetUri"),
            ("compatible", "field-became-optional", "DistillationSpec.pipelineRootDirectory"),
        },
    ),
    ("v1beta1", "2.186.0", "2.187.0", removed("PreferenceOptimizationSpec.evaluationConfig")),
    (
        "v1beta1",
        "2.193.0",
        "2.194.0",
        removed("TuningJob.distillationSamplingSpec", "DistillationSamplingSpec")
        | added("DistillationSpec.promptDatasetUri", "DistillationSpec.tuningMode"),
    ),
]


@pytest.mark.parametrize(("version", "old", "new", "expected"), PAIRS)
def test_what_happened_is_found_and_nothing_else(version: str, old: str, new: str, expected: Found) -> None:
    before, after = part(version, old), part(version, new)
    assert {each for each in found(compare(before, after)) if each[0] != "text"} == expected


def test_every_part_that_lies_here_is_compared() -> None:
    compared = {(version, package) for version, *pair, _ in PAIRS for package in pair}
    assert compared == {(version, package) for version, packages in REVISIONS.items() for package in packages}


# -- whole documents, where they are


@pytest.fixture
def whole() -> Path:
    folder = os.environ.get("CONCERTPITCH_HISTORY")
    if not folder:
        pytest.skip("no documents of the package's older versions: name their folder in CONCERTPITCH_HISTORY")
    return Path(folder)


def test_the_parts_are_cut_from_the_documents_of_the_package(whole: Path) -> None:
    cut_again = runpy.run_path(str(HISTORY / "cut.py"))["cut"]
    for version, packages in REVISIONS.items():
        for package, digest in packages.items():
            data = (whole / package / f"aiplatform.{version}.json").read_bytes()
            assert hashlib.sha256(data).hexdigest() == digest
            here = HISTORY / f"aiplatform.{version}.{package}.json"
            assert cut_again(json.loads(data), version) == json.loads(here.read_text())


def shared() -> list[Path]:
    named = os.environ.get("CONCERTPITCH_SHARED")
    return [Path(named)] if named else [each / "shared" for each in Path(__file__).parents]


def table() -> Table:
    """Read the changes that were listed by hand, by version and pair of packages: their class and their text."""
    paths = [each / "upstream" / "aiplatform-revisions.md" for each in shared()]
    text = next((path.read_text() for path in paths if path.is_file()), "")
    rows: Table = {}
    for section in re.split(r"\n## ", text):
        if match := re.match(r"(v1\w*): every non-description change", section):
            for old, new, kind, change in re.findall(
                r"^\| (\S+) -> (\S+) \| \d+ -> \d+ \| ([BN]) \| (.*?) \|$", section, re.MULTILINE
            ):
                rows.setdefault((match[1], old, new), []).append((kind, change))
    return rows


@lru_cache(maxsize=2)
def tuning(path: Path, version: str) -> tuple[Document, frozenset[str]]:
    document = read(parse(path.read_bytes(), f"aiplatform.{version}"), f"aiplatform.{version}")
    jobs = "projects.locations.tuningJobs"
    selected = cut(document, (jobs,)).document if any(f".{jobs}." in each for each in document.operations) else None
    empty = {"operations": {}, "definitions": {}}
    return selected or replaced(document, **empty), frozenset(document.definitions)


def replaced(value: Any, **changes: Any) -> Any:
    return value.__class__(**{name: getattr(value, name) for name in value.__slots__} | changes)


def expected_of(change: str) -> Iterator[tuple[set[str], str]]:
    """Give the rules, one of which must have fired, and the subject, for each thing a row names."""
    what, _, rest = change.partition(": ")
    names = [re.sub(r" \(.*\)$", "", each) for each in rest.split("; ") if not re.fullmatch(r"and \d+ more", each)]
    rules = {
        "method added": {"operation-added"},
        "schema added": {"schema-added"},
        "schema REMOVED": {"schema-removed"},
        "now reachable": {"schema-entered-slice"},
        "property added": {"field-added", "required-field-added"},
        "property REMOVED": {"field-removed", "required-field-removed"},
    }
    for name in names:
        if what in rules:
            yield rules[what], name
        elif what in {"readOnly", "deprecated"}:
            subject, _, _, now = name.split()
            flags = {
                "readOnly": ("field-became-writable", "field-became-output-only"),
                "deprecated": ("field-restored", "field-deprecated"),
            }
            yield {flags[what][now == "True"]}, subject
        elif what == "enum":
            place, plus, _ = name.split()
            owner, field = place.split(".")
            for value in plus.removeprefix("+").split(","):
                yield {"enum-value-added"}, f"{owner}{field[:1].upper()}{field[1:]}.{value}"
        elif what == "method signature":
            method, parameter = re.fullmatch(r"(\S+)\.params: parameter (\w+) added", rest).groups()  # type: ignore[union-attr]
            yield {"parameter-added"}, f"{method}({parameter})"
        else:
            assert what == "descriptions changed", f"a row of another form: {change}"


@pytest.fixture
def listed() -> Table:
    rows = table()
    if not rows:
        pytest.skip("the table of revisions is not here: set CONCERTPITCH_SHARED")
    return rows


def test_every_row_of_the_table_is_found_and_only_its_breaks_break(whole: Path, listed: Table) -> None:
    missed: list[tuple[str, str, str]] = []
    for (version, old, new), rows in sorted(listed.items()):
        changes = changes_of(whole, version, old, new)
        fired: dict[str, set[str]] = {}
        for each in changes:
            subject = short(each.subject).removeprefix("aiplatform.projects.locations.tuningJobs.")
            fired.setdefault(subject, set()).add(each.rule)
        named = [(kind, rules, subject) for kind, change in rows for rules, subject in expected_of(change)]
        missed += [(version, new, subject) for _, rules, subject in named if not rules & fired.get(subject, set())]
        # A field that was only ever read can become output-only without breaking anyone.
        harmless = {
            short(each.subject)
            for each in changes
            if each.rule == "field-became-output-only" and each.direction == "response"
        }
        breaking = {short(each.subject) for each in changes if each.severity.breaks}
        assert breaking == {subject for kind, _, subject in named if kind == "B"} - harmless
    assert missed == []


def test_pairs_without_a_row_have_no_change_but_texts(whole: Path, listed: Table) -> None:
    packages = sorted(each.name for each in whole.iterdir())
    pairs = [(version, *pair) for version in ("v1", "v1beta1") for pair in itertools.pairwise(packages)]
    wrong = [
        (*pair, str(each))
        for pair in pairs
        if pair not in listed
        for each in changes_of(whole, *pair)
        if each.rule != "text-changed"
    ]
    assert wrong == []


def changes_of(whole: Path, version: str, old: str, new: str) -> list[Change]:
    paths = [whole / package / f"aiplatform.{version}.json" for package in (old, new)]
    (before, in_old), (after, in_new) = (tuning(path, version) for path in paths)
    return compare(before, after, in_old=in_old, in_new=in_new)


# -- the official OpenAPI documents, where they are

OPENAPI_PAIRS: list[tuple[str, str, str, Found]] = [
    ("v1beta3", "20260710", "20260717", set()),  # the revision date alone
    ("v1beta3", "20260320", "20260410", set()),  # the title alone
    ("v1beta3", "20260410", "20260710", {("compatible", "enum-value-added", "HarmCategory.HARM_CATEGORY_JAILBREAK")}),
    ("v1beta", "20250606", "20250612", set()),
    (
        "v1beta",
        "20250624",
        "20250701",
        {("compatible", "operation-added", "DeleteOperation"), *added("Model.thinking")},
    ),
    (
        "v1beta",
        "20250529",
        "20250606",
        {
            *removed("Candidate.urlRetrievalMetadata", "UrlRetrievalContext", "UrlRetrievalMetadata"),
            *added("FunctionDeclaration.parametersJsonSchema", "FunctionDeclaration.responseJsonSchema"),
            *added("GenerationConfig.responseJsonSchema"),
        },
    ),
]


@pytest.mark.parametrize(("version", "old", "new", "expected"), OPENAPI_PAIRS)
def test_openapi_pairs(version: str, old: str, new: str, expected: Found) -> None:
    folder = next((each / "upstream" / "openapi" for each in shared() if (each / "upstream/openapi").is_dir()), None)
    if folder is None:
        pytest.skip("the published documents are not here: set CONCERTPITCH_SHARED")
    before, after = (
        read(parse(path.read_bytes(), path.stem), path.stem)
        for path in (folder / f"generativelanguage.{version}.openapi3_0.{each}.json" for each in (old, new))
    )
    assert found(compare(before, after)) == expected
