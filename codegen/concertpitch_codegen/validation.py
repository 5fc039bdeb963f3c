"""Whether what was written is valid OpenAPI 3.1 and JSON Schema 2020-12.

Owns the vendored meta-schema of the OpenAPI Initiative and the wording of what breaks it. Must not know how
the documents were made.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from concertpitch_codegen.problems import DocumentError, Problem, pointer

_META_SCHEMA = Path(__file__).parent / "data" / "openapi-3.1.schema.json"


def validate(name: str, openapi: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Raise `DocumentError` with every place that the meta-schemas of the two documents forbid."""
    validator = _openapi_validator()
    if validator.is_valid(openapi) and jsonschema_rs.meta.is_valid(schemas):
        return  # without gathering errors it is quicker
    errors = [
        *(("openapi.json", error) for error in validator.iter_errors(openapi)),
        *(("schemas.json", error) for error in _schema_errors(schemas)),
    ]
    if errors:
        raise DocumentError(
            Problem(f"{name}/{file}", pointer(*error.instance_path), error.message) for file, error in errors
        )


@lru_cache
def _openapi_validator() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(json.loads(_META_SCHEMA.read_bytes()))


def _schema_errors(schemas: dict[str, Any]) -> list[jsonschema_rs.ValidationError]:
    try:
        jsonschema_rs.meta.validate(schemas)
    except jsonschema_rs.ValidationError as error:
        return [error]
    return []
