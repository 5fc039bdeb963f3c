"""Reads request bodies by the pinned Discovery document, as ProtoJSON, into plain lowerCamelCase dictionaries.

Owns syntax, types, required members and the documented limits of a message; knows nothing of jobs or HTTP.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

DOCUMENTS = Path(__file__).resolve().parents[2] / "specs" / "documents"
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
ADAPTERS = {1: "ONE", 2: "FOUR", 3: "EIGHT", 4: "SIXTEEN", 5: "THIRTY_TWO", 6: "TWO"}
LIMITS = {"int32": 2**31, "uint32": 2**32, "int64": 2**63}


class Refused(Exception):
    """An error answer: HTTP status, name of the google.rpc.Code, message and violated fields (snake_case paths)."""

    def __init__(self, status: int, code: str, message: str, fields: tuple[str, ...] = ()):
        super().__init__(message)
        self.status, self.code, self.message, self.fields = status, code, message, fields


def invalid(message: str, *fields: str) -> Refused:
    return Refused(400, "INVALID_ARGUMENT", message, fields)


@cache
def schemas(version: str) -> dict[str, Any]:
    """The schemas of a version, their names without the version's prefix."""
    document = json.loads((DOCUMENTS / f"aiplatform.{version}.json").read_text("utf-8"))
    prefix = f"GoogleCloudAiplatform{version.capitalize()}"
    return {name.removeprefix(prefix): schema for name, schema in document["schemas"].items()}


def snake(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def parsed(raw: bytes, on: frozenset[str]) -> Any:
    """The JSON value of a body; no body is an empty message."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(items)) < len(items) and "duplicate-keys-refused" in on:
            raise invalid("A key occurs twice.")
        return dict(items)

    def constant(word: str) -> Any:
        raise invalid(f"Unexpected token {word}.")

    if not raw.strip():
        return {}
    try:
        value = json.loads(raw.decode(), object_pairs_hook=pairs, parse_constant=constant)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise invalid("Invalid JSON payload received.") from None
    return value


@dataclass(frozen=True)
class Reader:
    """Reads messages of one version under some choices and faults."""

    version: str
    on: frozenset[str]

    def message(self, name: str, value: Any, path: str = "") -> dict[str, Any]:
        """A message by its schema name; raises Refused."""
        if not isinstance(value, dict):
            raise invalid(f"{path or 'The body'} must be an object.", path)
        known = schemas(self.version)[name].get("properties", {})
        by_name = {spelling: member for member in known for spelling in (member, snake(member))}
        if "snake-case-refused" in self.on:
            by_name = {member: member for member in known}
        read: dict[str, Any] = {}
        for key, item in value.items():
            if key in by_name:
                self.member(known[by_name[key]], by_name[key], item, path, read)
            elif "unknown-fields-ignored" not in self.on:
                raise invalid(f'Invalid JSON payload received. Unknown name "{key}": Cannot find field.', path)
        for member, schema in known.items():
            required = schema.get("description", "").startswith("Required.")
            if required and read.get(member) in (None, "", {}, []) and not self.lets_pass(member, read):
                where = f"{path}.{snake(member)}".lstrip(".")
                raise invalid(f"{where} is required.", where)
        return read

    def member(self, schema: dict[str, Any], name: str, item: Any, path: str, read: dict[str, Any]) -> None:
        """Reads one known member into the message; output-only ones and nulls are dropped."""
        where = f"{path}.{snake(name)}".lstrip(".")
        if schema.get("readOnly"):
            if "output-only-input-refused" in self.on:
                raise invalid(f"{where} is output only.", where)
            return
        if item is None:
            if "null-refused" in self.on:
                raise invalid(f"{where} must not be null.", where)
            return
        value = self.value(schema, item, where)
        default = value in (False, 0, "0", "", [], {}) or str(value).endswith("_UNSPECIFIED")
        if not (default and "defaults-dropped" in self.on):
            read[name] = value

    def lets_pass(self, member: str, read: dict[str, Any]) -> bool:
        return (
            (member == "trainingDatasetUri" and "missing-dataset-accepted" in self.on and member not in read)
            or (member == "trainingDatasetUri" and "empty-dataset-accepted" in self.on and member in read)
            or (member == "kmsKeyName" and "missing-kms-key-accepted" in self.on)
            or (member == "tunedModelRef" and "rebase-without-reference-accepted" in self.on)
        )

    def value(self, schema: dict[str, Any], item: Any, where: str) -> Any:
        kind = schema.get("type")
        if "$ref" in schema:
            name = schema["$ref"].removeprefix(f"GoogleCloudAiplatform{self.version.capitalize()}")
            return self.message(name, item, where)
        if kind == "array":
            if not isinstance(item, list):
                raise invalid(f"{where} must be a list.", where)
            if any(entry is None for entry in item):
                raise invalid(f"{where} holds null.", where)
            return [self.value(schema["items"], entry, f"{where}[{n}]") for n, entry in enumerate(item)]
        if kind == "object":
            return self.map(schema, item, where)
        if "enum" in schema:
            return self.enum(schema["enum"], item, where)
        if schema.get("format") in LIMITS:
            return self.integer(schema["format"], item, where)
        return self.scalar(kind, item, where)

    def map(self, schema: dict[str, Any], item: Any, where: str) -> dict[str, Any]:
        if not isinstance(item, dict):
            raise invalid(f"{where} must be an object.", where)
        inner = schema.get("additionalProperties", {"type": "any"})
        if any(entry is None for entry in item.values()):
            raise invalid(f"{where} holds null.", where)
        return {key: self.value(inner, entry, f"{where}.{key}") for key, entry in item.items()}

    def enum(self, names: list[str], item: Any, where: str) -> Any:
        if isinstance(item, int) and not isinstance(item, bool) and "enum-numbers-refused" not in self.on:
            if "enum-numbers-by-position" in self.on and 0 <= item < len(names):
                return names[item]
            if any(name.startswith("ADAPTER_SIZE_FOUR") for name in names):
                if item == 0:
                    return names[0]
                if item in ADAPTERS:
                    return f"ADAPTER_SIZE_{ADAPTERS[item]}"
            elif 0 <= item < len(names):
                return names[item]
        if isinstance(item, str) and item in names:
            return item
        if "bad-enum-is-500" in self.on:
            raise Refused(500, "INTERNAL", "Internal error encountered.")
        if "bad-enum-accepted" in self.on:
            return names[0]
        raise invalid(f"Invalid value at '{where}'.", where)

    def integer(self, form: str, item: Any, where: str) -> Any:
        if "int64-number-refused" in self.on and not isinstance(item, str):
            raise invalid(f"{where} must be a string.", where)
        if "int64-string-refused" in self.on and isinstance(item, str):
            raise invalid(f"{where} must be a number.", where)
        number = self.exact(item)
        if number is None:
            if "bad-int64-accepted" in self.on:
                return "1"
            raise invalid(f"Invalid value at '{where}' (TYPE_{form.upper()}).", where)
        if "fractions-truncated" in self.on:
            number = number // 1
        if number.adjusted() > 20 or number != number // 1 or not -LIMITS[form] <= number < LIMITS[form]:
            raise invalid(f"Invalid value at '{where}' (TYPE_{form.upper()}).", where)
        if "int64-through-double" in self.on:
            number = Decimal(float(number))
        return str(int(number)) if form == "int64" else int(number)

    def exact(self, item: Any) -> Decimal | None:
        """The number an integer member was given, if it is one at all."""
        if isinstance(item, bool) or not isinstance(item, int | float | str):
            return None
        if isinstance(item, str) and not NUMBER.fullmatch(item):
            return None
        if "exponents-refused" in self.on and isinstance(item, str) and "e" in item.lower():
            return None
        if "integral-floats-refused" in self.on and isinstance(item, float):
            return None
        return Decimal(str(item))

    def scalar(self, kind: str | None, item: Any, where: str) -> Any:
        if kind == "number":
            if isinstance(item, str) and NUMBER.fullmatch(item):
                return float(item)
            if item in ("NaN", "Infinity", "-Infinity"):
                return item
            good = isinstance(item, int | float) and not isinstance(item, bool) and abs(item) < 1e308
        elif kind == "boolean":
            if "bool-strings-accepted" in self.on and isinstance(item, str):
                return True
            good = isinstance(item, bool)
        else:
            good = kind == "any" or isinstance(item, str)
            if "numbers-as-strings-accepted" in self.on and isinstance(item, int):
                return str(item)
        if not good:
            raise invalid(f"Invalid value at '{where}'.", where)
        return item


def length(text: str, on: frozenset[str]) -> int:
    if "lengths-in-utf16" in on:
        return len(text.encode("utf-16-le")) // 2
    return len(text.encode()) if "lengths-in-bytes" in on else len(text)


def check_job(job: dict[str, Any], on: frozenset[str]) -> None:
    """The documented limits of a TuningJob sent by a client; raises Refused."""
    name = job.get("tunedModelDisplayName", "")
    if length(name, on) > 128 and "long-display-name-accepted" not in on:
        raise invalid("tuned_model_display_name is too long.", "tuning_job.tuned_model_display_name")
    if "emoji-is-500" in on and any(ord(letter) > 0xFFFF for letter in name):
        raise Refused(500, "INTERNAL", "Internal error encountered.")
    check_labels(job.get("labels", {}), on)
    if "texts-limited" in on and (len(job.get("description", "")) > 1999 or len(job.get("labels", {})) > 64):
        raise invalid("Too long.", "tuning_job.description")
    if "values-checked" in on:
        for spec in (job.get("supervisedTuningSpec", {}), job.get("preferenceOptimizationSpec", {})):
            check_values(spec.get("hyperParameters", {}))
    check_unions(job, on)


def check_labels(labels: dict[str, str], on: frozenset[str]) -> None:
    for word in [*labels, *labels.values()]:
        if length(word, on) > 64 and "long-labels-accepted" not in on:
            raise invalid("A label is too long.", "tuning_job.labels")
        wrong = any(c.isupper() or not (c.isalnum() or c in "_-" or ord(c) > 127) for c in word)
        if "international-labels-refused" in on and not word.isascii():
            wrong = True
        if wrong and "label-characters-unchecked" not in on:
            raise invalid("A label has a forbidden character.", "tuning_job.labels")
    if "" in labels:
        raise invalid("A label key is empty.", "tuning_job.labels")


def check_values(hyper: dict[str, Any]) -> None:
    if not 1 <= int(hyper.get("epochCount", 1)) <= 100 or not 0 < float(hyper.get("learningRateMultiplier", 1)) <= 10:
        raise invalid("A hyperparameter is out of range.", "tuning_job.supervised_tuning_spec.hyper_parameters")


def check_unions(job: dict[str, Any], on: frozenset[str]) -> None:
    if "baseModel" in job and "preTunedModel" in job and "two-sources-accepted" not in on:
        raise invalid("oneof field 'source_model' is already set.", "tuning_job")
    specs = [member for member in job if member.endswith("Spec") and member != "encryptionSpec"]
    if len(specs) > 1 and "two-specs-accepted" not in on:
        raise invalid("oneof field 'tuning_spec' is already set.", "tuning_job")
    if "empty-body-accepted" in on:
        return
    if not (job.get("baseModel") or job.get("preTunedModel")):
        raise invalid("base_model is required.", "tuning_job.base_model")
    if not specs:
        raise invalid("A tuning spec is required.", "tuning_job")
