"""The generated documents are valid, complete, and cite what they say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from concertpitch_models import documents
from openapi_spec_validator import validate

CHECKOUT = Path(__file__).parents[2]


@pytest.mark.parametrize("surface", documents.SURFACES)
def test_openapi_is_valid(surface: str) -> None:
    validate(documents.openapi(surface))
    jsonschema.Draft202012Validator.check_schema(documents.schemas(surface))


@pytest.mark.parametrize("surface", documents.SURFACES)
def test_every_citation_points_at_something(surface: str) -> None:
    pinned = {
        name: json.loads((CHECKOUT / "specs" / "documents" / f"{name}.json").read_text())
        for name in documents.SOURCES[surface]
    }
    pinned |= {path.name: json.loads(path.read_text()) for path in (CHECKOUT / "specs" / "overlays").iterdir()}
    for schema in documents.openapi(surface)["components"]["schemas"].values():
        source = schema["x-concertpitch-source"]
        assert follow(pinned[source["document"]], source["pointer"]) is not None


def follow(value: Any, pointer: str) -> Any:
    for token in pointer.split("/")[1:]:
        value = value[int(token) if isinstance(value, list) else token.replace("~1", "/").replace("~0", "~")]
    return value


@pytest.mark.parametrize("surface", documents.SURFACES)
def test_both_documents_have_the_same_schemas(surface: str) -> None:
    assert documents.schemas(surface)["$defs"].keys() == documents.openapi(surface)["components"]["schemas"].keys()
    assert '"$ref": "#/components/schemas/' not in json.dumps(documents.schemas(surface))


def test_facts_that_discovery_loses_are_there() -> None:
    schemas = documents.schemas("vertex_v1")["$defs"]
    job = schemas["GoogleCloudAiplatformV1TuningJob"]
    assert job["x-google-oneof"] == {
        "source_model": ["baseModel", "preTunedModel"],
        "tuning_spec": ["supervisedTuningSpec", "preferenceOptimizationSpec"],
    }
    assert [each["cite"] for each in job["x-concertpitch-overlay"]] == ["assumed"]
    assert job["properties"]["state"]["readOnly"] is True
    assert job["properties"]["name"]["x-google-field-behavior"] == ["IDENTIFIER", "OUTPUT_ONLY"]
    assert job["properties"]["state"]["x-concertpitch-evidence"] == {"OUTPUT_ONLY": ["flag", "proto", "text"]}
    states = schemas["GoogleCloudAiplatformV1TuningJobState"]
    assert list(states["x-google-enum-numbers"].values()) == [
        states["enum"].index(s) for s in states["x-google-enum-numbers"]
    ]
    dataset = schemas["GoogleCloudAiplatformV1SupervisedTuningSpec"]["properties"]["trainingDatasetUri"]
    assert dataset["x-google-field-behavior"] == ["REQUIRED"]
    assert all("required" not in schema for schema in schemas.values())


def test_operations_are_keyed_by_flat_path() -> None:
    paths = documents.openapi("vertex_v1")["paths"]
    cancel = paths["/v1/projects/{projectsId}/locations/{locationsId}/tuningJobs/{tuningJobsId}:cancel"]["post"]
    assert cancel["operationId"] == "aiplatform.projects.locations.tuningJobs.cancel"
    assert [each["name"] for each in cancel["parameters"]] == ["projectsId", "locationsId", "tuningJobsId"]
    assert cancel["x-google-path"] == "v1/{+name}:cancel"
    rebase = paths["/v1/projects/{projectsId}/locations/{locationsId}/tuningJobs:rebaseTunedModel"]["post"]
    assert rebase["x-google-operation-info"]["response_type"] == "GoogleCloudAiplatformV1TuningJob"


def test_an_unknown_surface_is_named() -> None:
    with pytest.raises(ValueError, match="there is no surface 'gemini'; there are gemini_v1beta, gemini_v1beta3"):
        documents.openapi("gemini")


def test_importing_the_package_costs_nothing() -> None:
    script = "import sys, concertpitch_models.vertex_v1; print({'pydantic', 'httpx', 'orjson'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_models_do_not_need_http() -> None:
    script = "import sys, concertpitch_models.vertex_v1.models; print('httpx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
