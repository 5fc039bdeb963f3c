"""What a method is, by the shape of what it takes and gives."""

from __future__ import annotations

from typing import Any

import pytest
from concertpitch_codegen.readers import discovery
from concertpitch_codegen.writers.shapes import Pages, pages_of


@pytest.mark.parametrize(
    ("resource", "method", "lists", "items"),
    [
        ("toys", "list", ["parts"], "parts"),
        ("events", "list", ["defaultReminders", "items"], "items"),
        ("spaces", "search", ["results", "spaces"], "spaces"),
        ("jobs", "list", ["failedLocation", "jobs"], "jobs"),
        ("messages", "list", ["autoscalingEvents", "jobMessages"], "job_messages"),
        ("results", "fetchRows", ["dateRanges", "rows"], "rows"),
        ("sessions", "list", ["deletedSession", "session"], "session"),
        ("usageReport", "get", ["reportWarnings", "usageReports"], "usage_reports"),
        ("changes", "list", ["deletedPoint", "insertedPoint"], None),
    ],
)
def test_the_list_that_is_walked_is_the_one_a_method_is_about(
    toy: dict[str, Any], resource: str, method: str, lists: list[str], items: str | None
) -> None:
    answer = {name: {"type": "array", "items": {"$ref": "Toy"}} for name in lists}
    answer |= {"nextPageToken": {"type": "string"}, "words": {"type": "array", "items": {"type": "string"}}}
    toy["schemas"]["Answer"] = {"id": "Answer", "type": "object", "properties": answer}
    identity = f"toy.{resource}.{method}"
    token = {"pageToken": {"type": "string", "location": "query"}}
    called = {"id": identity, "path": "v1/x", "httpMethod": "GET", "parameters": token, "response": {"$ref": "Answer"}}
    toy["resources"][resource] = {"methods": {method: called}}
    document = discovery.read(toy, "toy")
    assert pages_of(document.operations[identity], document) == Pages(items)
