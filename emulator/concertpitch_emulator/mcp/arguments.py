"""The arguments of a tool call against the tool's input schema, and the parts of the names in them.

Owns the sentences for what is wrong. It must not know what a tool does with them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from concertpitch_emulator.errors import Violation, unreadable

_PARENT = r"projects/(?P<project>[^/]+)/locations/(?P<location>[^/]+)"
_TYPES = {"string": str, "integer": int}


@dataclass(frozen=True, slots=True)
class Name:
    """A kind of resource name: the form as printed in refusals, and how it is taken apart."""

    form: str
    pattern: re.Pattern[str]

    def parts(self, argument: str, value: str) -> dict[str, str]:
        match = self.pattern.fullmatch(value)
        if match is None:
            text = f"Invalid value at '{argument}': {value[:300]!r} does not have the form {self.form}."
            raise unreadable([Violation("malformed-name", argument, text)])
        return {part: found for part, found in match.groupdict().items() if found is not None}


PARENT = Name("projects/{project}/locations/{location}", re.compile(_PARENT))
JOB = Name(
    "projects/{project}/locations/{location}/tuningJobs/{tuning_job}",
    re.compile(rf"{_PARENT}/tuningJobs/(?P<job>[^/]+)"),
)
OPERATION = Name(
    "projects/{project}/locations/{location}/operations/{operation}",
    re.compile(rf"{_PARENT}(?:/tuningJobs/(?P<job>[^/]+))?/operations/(?P<operation>[^/]+)"),
)


def violations(arguments: dict[str, Any], schema: dict[str, Any]) -> list[Violation]:
    """What is wrong with arguments; a null is an argument that was not given."""
    found = [
        Violation("missing-argument", name, f"Required argument {name} is missing.")
        for name in schema.get("required", ())
        if arguments.get(name) in (None, "")
    ]
    for name, value in arguments.items():
        known = schema["properties"].get(name)
        if known is None:
            found.append(Violation("unknown-argument", "", f"Unknown argument {name[:200]!r}: Cannot find field."))
        elif value is not None and (not isinstance(value, _TYPES[known["type"]]) or isinstance(value, bool)):
            found.append(Violation("argument-type", name, f"Argument {name} must be of type {known['type']}."))
    return found
