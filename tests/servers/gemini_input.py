"""Reads requests of the Gemini API by the tables of its documents: members, types, behaviours.

Owns what is right and wrong in a body; knows no state. Raises Refused.
"""

from __future__ import annotations

import json
import re
from typing import Any

ID = re.compile(r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?")
_INTEGER = re.compile(r"-?\d{1,18}")
_STATES = {"STATE_UNSPECIFIED": 0, "CREATING": 1, "ACTIVE": 2, "FAILED": 3}
_ROLES = {"ROLE_UNSPECIFIED": 0, "OWNER": 1, "WRITER": 2, "READER": 3}
_GRANTEES = {"GRANTEE_TYPE_UNSPECIFIED": 0, "USER": 1, "GROUP": 2, "EVERYONE": 3}
OUT = "output only"

MESSAGES: dict[str, dict[str, Any]] = {
    "TunedModel": {
        "name": OUT,
        "state": OUT,
        "createTime": OUT,
        "updateTime": OUT,
        "baseModel": str,
        "tunedModelSource": "TunedModelSource",
        "displayName": str,
        "description": str,
        "temperature": float,
        "topP": float,
        "topK": int,
        "readerProjectNumbers": [int],
        "tuningTask": "TuningTask",
    },
    "TunedModelSource": {"tunedModel": str, "baseModel": OUT},
    "TuningTask": {
        "startTime": OUT,
        "completeTime": OUT,
        "snapshots": OUT,
        "trainingData": "Dataset",
        "hyperparameters": "Hyperparameters",
    },
    "Hyperparameters": {"epochCount": int, "batchSize": int, "learningRate": float, "learningRateMultiplier": float},
    "Dataset": {"examples": "TuningExamples"},
    "TuningExamples": {"examples": ["TuningExample"]},
    "TuningExample": {"textInput": str, "output": str},
    "Permission": {"name": OUT, "granteeType": _GRANTEES, "emailAddress": str, "role": _ROLES},
    "TransferOwnershipRequest": {"emailAddress": str},
    "Corpus": {"name": str, "displayName": str, "createTime": OUT, "updateTime": OUT},
}


class Refused(Exception):
    """A refusal: HTTP status, code and message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def invalid(message: str) -> Refused:
    return Refused(400, "INVALID_ARGUMENT", message)


def parsed(raw: bytes) -> dict[str, Any]:
    """The JSON object of a body; no body is an empty one."""
    if not raw.strip():
        return {}
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise invalid("The body is not JSON.") from error
    if not isinstance(body, dict):
        raise invalid("The body is no object.")
    return body


def camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


class Reader:
    """Reads messages under the choices that are on."""

    def __init__(self, on: frozenset[str]) -> None:
        self.on = on

    def message(self, name: str, body: Any, at: str = "") -> dict[str, Any]:
        if not isinstance(body, dict):
            raise invalid(f"{at or 'The body'} is no object.")
        read: dict[str, Any] = {}
        members = MESSAGES[name]
        for sent, value in body.items():
            member = sent if sent in members else camel(sent)
            if member not in members:
                if "unknown-fields-ignored" in self.on:
                    continue
                raise invalid(f"Unknown name \"{sent}\" at '{at}': Cannot find field.")
            if value is None:
                if "null-refused" in self.on:
                    raise invalid(f"{at}.{sent} is null.")
            elif members[member] != OUT:
                read[member] = self.value(members[member], value, f"{at}.{member}")
        return read

    def value(self, kind: Any, value: Any, at: str) -> Any:
        if isinstance(kind, str):
            return self.message(kind, value, at)
        if isinstance(kind, list):
            if not isinstance(value, list) or None in value:
                raise invalid(f"{at} is no list.")
            wide = kind[0] is int  # the one list of integers holds 64-bit ones
            return [self.integer(one, at, bits=64) if wide else self.value(kind[0], one, at) for one in value]
        if isinstance(kind, dict):
            return self.enum(kind, value, at)
        if kind is int:
            return self.integer(value, at)
        if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        if kind is str and isinstance(value, str):
            return value
        raise invalid(f"Invalid value at '{at}'.")

    def enum(self, names: dict[str, int], value: Any, at: str) -> str:
        for name, number in names.items():
            if value == name or (value == number and not isinstance(value, bool)):
                return name
        raise invalid(f"Invalid value at '{at}'.")

    def integer(self, value: Any, at: str, bits: int = 32) -> int:
        if isinstance(value, str):
            try:
                value = int(value) if _INTEGER.fullmatch(value) else float(value)
            except ValueError:
                raise invalid(f"Invalid value at '{at}'.") from None
        if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
            raise invalid(f"Invalid value at '{at}'.")
        if not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1):
            raise invalid(f"Invalid value at '{at}'.")
        return int(value)


def check_settings(model: dict[str, Any]) -> None:
    """The documented limits of what create and patch share."""
    if len(model.get("displayName") or "") > 40:
        raise invalid("Request contains an invalid argument.")
    for name in ("temperature", "topP"):
        if model.get(name) is not None and not 0 <= model[name] <= 1:
            raise invalid(f"{name} is out of range.")


def check_new(model: dict[str, Any]) -> None:
    """What a tuned model needs to be made."""
    check_settings(model)
    if ("baseModel" in model) == ("tunedModelSource" in model):
        raise invalid("One source model is needed.")
    data = model.get("tuningTask", {}).get("trainingData", {}).get("examples", {}).get("examples", [])
    if not data:
        raise invalid("Training data is needed.")
    if any(not one.get("output") for one in data):
        raise invalid("Every example needs an output.")
    hyper = model["tuningTask"].get("hyperparameters", {})
    if "learningRate" in hyper and "learningRateMultiplier" in hyper:
        raise invalid("oneof field 'learning_rate_option' is already set.")
    if min(hyper.get("epochCount", 1), hyper.get("batchSize", 1)) < 1:
        raise invalid("A hyperparameter is out of range.")
