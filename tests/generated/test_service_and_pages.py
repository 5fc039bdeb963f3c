"""The serving side and the model pages say the same as the documents."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

import pytest
from concertpitch_models import documents
from concertpitch_models.vertex_v1 import models, service

PAGES = Path(documents.__file__).parent


@pytest.mark.parametrize("surface", documents.SURFACES)
def test_every_operation_has_a_route_to_an_abstract_method(surface: str) -> None:
    module = importlib.import_module(f"concertpitch_models.{surface}.service")
    paths = documents.openapi(surface)["paths"]
    expected = {
        (verb.upper(), path, operation["operationId"])
        for path, item in paths.items()
        for verb, operation in item.items()
        if verb != "parameters"
    }
    assert {(route.verb, route.path, route.operation) for route in module.ROUTES} == expected
    for route in module.ROUTES:
        method = getattr(getattr(module, route.service), route.method)
        assert method.__isabstractmethod__
        assert inspect.iscoroutinefunction(method)


def test_a_service_cannot_forget_a_method() -> None:
    class Forgetful(service.TuningJobsService):
        async def get(self, name: str) -> models.TuningJob:
            return models.TuningJob(name=name)

    with pytest.raises(TypeError, match="abstract"):
        Forgetful()  # type: ignore[abstract]


@pytest.mark.parametrize("surface", documents.SURFACES)
def test_every_message_has_a_page_with_all_its_fields(surface: str) -> None:
    pages = PAGES / surface / "pages"
    schemas = {
        name: schema for name, schema in documents.schemas(surface)["$defs"].items() if schema.get("type") == "object"
    }
    assert {path.stem for path in pages.glob("*.md")} == {*schemas, "README"}
    for name, schema in schemas.items():
        rows = re.findall(r"^\| \*\*(.+?)\*\* \|", (pages / f"{name}.md").read_text(), re.MULTILINE)
        assert sorted(rows) == sorted(schema.get("properties", {}))


def test_links_between_pages_lead_somewhere() -> None:
    pages = PAGES / "vertex_v1" / "pages"
    for page in pages.glob("*.md"):
        text = page.read_text()
        for target in re.findall(r"\]\((\w+\.md)\)", text):
            assert (pages / target).is_file()
        for anchor in re.findall(r"\]\(#enum-(\w+)\)", text):
            assert f"## enum: {anchor}\n" in text.lower()


def test_a_page_has_the_table_of_an_api_reference() -> None:
    page = (PAGES / "vertex_v1/pages/GoogleCloudAiplatformV1TuningJob.md").read_text()
    assert "| Name | Type | Description | Notes |" in page
    assert "| **createTime** | **String** (google-datetime) |" in page
    assert "[optional] [readonly] |" in page
    assert "| JOB_STATE_SUCCEEDED | 4 | The job completed successfully. |" in page
