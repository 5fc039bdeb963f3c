"""What the protos add to the Discovery documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from concertpitch_codegen.document import (
    Behavior,
    BehaviorFact,
    Document,
    Enum,
    Evidence,
    Message,
    Origin,
    Scalar,
    Schema,
)
from concertpitch_codegen.jsontext import parse
from concertpitch_codegen.merge import merge
from concertpitch_codegen.readers import discovery, protoset
from concertpitch_codegen.readers.http_rules import read_rule
from concertpitch_codegen.readers.protoset import schema_name

if TYPE_CHECKING:
    from pathlib import Path

    from concertpitch_codegen.problems import Problem

PREFIX = "GoogleCloudAiplatformV1"


@pytest.fixture
def merged(checkout: Path) -> tuple[Document, list[Problem]]:
    documents = checkout / "specs" / "documents"
    base = parse((documents / "aiplatform.v1.json").read_bytes(), "aiplatform.v1")
    protos = parse((documents / "aiplatform.v1.protos.json").read_bytes(), "aiplatform.v1.protos")
    return merge(
        discovery.read(base, "aiplatform.v1"),
        [protoset.read(protos, "aiplatform.v1.protos")],
    )


def test_the_two_formats_do_not_contradict_each_other(merged: tuple[Document, list[Problem]]) -> None:
    assert merged[1] == []


def test_oneofs_come_from_the_protos(merged: tuple[Document, list[Problem]]) -> None:
    job = merged[0].definitions[f"{PREFIX}TuningJob"]
    assert isinstance(job, Message)
    assert {each.name: each.members for each in job.oneofs} == {
        "source_model": ("baseModel", "preTunedModel"),
        "tuning_spec": ("supervisedTuningSpec",),
    }
    assert job.oneofs[0].origin.pointer == "/messages/google.cloud.aiplatform.v1.TuningJob/oneofs/source_model"


def test_enum_numbers_are_not_the_order_of_declaration(merged: tuple[Document, list[Problem]]) -> None:
    size = merged[0].definitions[f"{PREFIX}SupervisedHyperParametersAdapterSize"]
    assert isinstance(size, Enum)
    numbers = {each.name: each.number for each in size.values}
    assert (numbers["ADAPTER_SIZE_ONE"], numbers["ADAPTER_SIZE_TWO"]) == (1, 6)


def test_field_behaviour_keeps_all_its_witnesses(merged: tuple[Document, list[Problem]]) -> None:
    spec = merged[0].definitions[f"{PREFIX}SupervisedTuningSpec"]
    assert isinstance(spec, Message)
    required = [fact for fact in spec.fields["trainingDatasetUri"].behaviors if fact.behavior is Behavior.REQUIRED]
    assert {fact.evidence for fact in required} == {Evidence.TEXT, Evidence.PROTO}


def test_an_operation_says_what_it_will_carry(merged: tuple[Document, list[Problem]]) -> None:
    rebase = merged[0].operations["aiplatform.projects.locations.tuningJobs.rebaseTunedModel"]
    assert rebase.long_running is not None
    assert rebase.long_running.response_type == f"{PREFIX}TuningJob"
    metadata = merged[0].definitions[rebase.long_running.metadata_type]
    assert isinstance(metadata, Message)
    assert list(metadata.fields) == ["genericMetadata"]


def test_a_contradiction_is_reported_and_the_first_document_wins(checkout: Path) -> None:
    raw = parse((checkout / "specs/documents/aiplatform.v1.protos.json").read_bytes(), "protos")
    raw["messages"]["google.cloud.aiplatform.v1.TuningJob"]["fields"]["baseModel"]["type"] = "int64"
    base = parse((checkout / "specs/documents/aiplatform.v1.json").read_bytes(), "aiplatform.v1")
    document, conflicts = merge(discovery.read(base, "aiplatform.v1"), [protoset.read(raw, "protos")])
    (conflict,) = conflicts
    assert conflict.pointer == "/messages/google.cloud.aiplatform.v1.TuningJob/fields/baseModel"
    assert "has the type string (int64)" in conflict.message
    job = document.definitions[f"{PREFIX}TuningJob"]
    assert isinstance(job, Message)
    assert job.fields["baseModel"].type == discovery.read(base, "x").definitions[job.name].fields["baseModel"].type  # type: ignore[union-attr]


def test_names_and_paths_of_the_two_formats_meet() -> None:
    assert schema_name("google.cloud.aiplatform.v1.TuningJob.AdapterSize") == f"{PREFIX}TuningJobAdapterSize"
    rule = read_rule("POST", "/v1/{name=projects/*/locations/*}:cancel")
    assert (rule.path, rule.template) == (
        "v1/projects/{projectsId}/locations/{locationsId}:cancel",
        "v1/{+name}:cancel",
    )
    assert (rule.resource, rule.method) == (("projects", "locations"), "cancel")
    assert rule.variables[0].regex == "^projects/[^/]+/locations/[^/]+$"
    patch = read_rule("PATCH", "/v1beta/{tuned_model.name=tunedModels/*}")
    assert (patch.path, patch.template, patch.method) == (
        "v1beta/tunedModels/{tunedModelsId}",
        "v1beta/{+name}",
        "patch",
    )
    assert read_rule("GET", "/v1/shops").method == "list"


def small(document: str, evidence: Evidence, states: dict[str, Behavior], *, complete: bool = False) -> Document:
    """Make a document of one message, whose fields each state one behaviour."""
    origin = Origin(document, "/schemas/Toy")
    fields = {
        name: Schema(origin, Scalar("string"), behaviors=(BehaviorFact(behavior, evidence, origin),))
        for name, behavior in states.items()
    }
    fields.setdefault("silent", Schema(origin, Scalar("string")))
    toy = Message("Toy", origin, fields)
    return Document(document, "toy", "v1", "1", "Toy", None, "", {}, (), {}, {"Toy": toy}, states_behavior=complete)


@pytest.mark.parametrize("complete", [False, True])
def test_the_first_document_outranks_the_next(complete: bool) -> None:
    live = small("live", Evidence.FLAG, {"kept": Behavior.OPTIONAL, "both": Behavior.REQUIRED}, complete=complete)
    frozen = small(
        "frozen",
        Evidence.PROTO,
        {"kept": Behavior.REQUIRED, "both": Behavior.REQUIRED, "silent": Behavior.IMMUTABLE},
    )
    document, conflicts = merge(live, [frozen])
    toy = document.definitions["Toy"]
    assert isinstance(toy, Message)
    assert {
        name: [(fact.behavior, fact.evidence) for fact in field.behaviors] for name, field in toy.fields.items()
    } == {
        "kept": [(Behavior.OPTIONAL, Evidence.FLAG)],
        "both": [(Behavior.REQUIRED, Evidence.FLAG), (Behavior.REQUIRED, Evidence.PROTO)],
        # A format that has a word for all behaviour means none by silence; others lost what they do not say.
        "silent": [] if complete else [(Behavior.IMMUTABLE, Evidence.PROTO)],
    }
    silence = ["is IMMUTABLE, live#/schemas/Toy does not say so"] if complete else []
    opposed = "does not say so" if complete else "says OPTIONAL"
    assert [each.message for each in conflicts] == [*silence, f"is REQUIRED, live#/schemas/Toy {opposed}"]
    assert {each.document for each in conflicts} == {"frozen"}
    assert document.revision_of(Origin("frozen", "")) == "1"
