"""HTTP rules of protobuf services (google.api.http) as Discovery would publish them.

Owns the transcoding of AIP-127: paths, the resource names in them, names of methods. Must not know messages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_VARIABLE = re.compile(r"\{([^={}]+)(?:=([^{}]*))?\}")
_STANDARD = {"POST": "create", "PATCH": "patch", "PUT": "update", "DELETE": "delete"}


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a path: the field it fills, by its proto path, and the pattern of its value."""

    field: str
    pattern: str

    @property
    def name(self) -> str:
        """The parameter's name.

        The last part of the field's path, `name` of `tuned_model.name`, in camelCase.
        """
        return camel(self.field.rpartition(".")[2])

    @property
    def regex(self) -> str:
        parts = (
            "[^/]+" if part == "*" else ".*" if part == "**" else re.escape(part) for part in self.pattern.split("/")
        )
        return f"^{'/'.join(parts)}$"


@dataclass(frozen=True, slots=True)
class HttpRule:
    """One binding: ``PATCH v1/{tuned_model.name=tunedModels/*}``.

    `path` names each segment (``v1/tunedModels/{tunedModelsId}``), `template` each field (``v1/{+name}``),
    `resource` the collections on the way (``tunedModels``), `method` what is done there (``patch``).
    """

    verb: str
    path: str
    template: str
    resource: tuple[str, ...]
    method: str
    variables: tuple[Variable, ...]


def read_rule(verb: str, pattern: str) -> HttpRule:
    """Read one rule."""
    pattern = pattern.lstrip("/")
    variables = tuple(Variable(match[1], match[2] or "*") for match in _VARIABLE.finditer(pattern))
    flat = _VARIABLE.sub(lambda match: match[2] or "*", pattern)
    body, _, custom = flat.partition(":")
    segments = body.split("/")
    named = [
        f"{{{segments[index - 1]}Id}}" if segment in {"*", "**"} and index else segment
        for index, segment in enumerate(segments)
    ]
    template = _VARIABLE.sub(lambda match: f"{{{'+' * bool(match[2])}{Variable(match[1], '').name}}}", pattern)
    if custom:
        method = custom
    elif verb == "GET":
        method = "get" if segments[-1] in {"*", "**"} else "list"
    else:
        method = _STANDARD.get(verb, verb.lower())
    return HttpRule(
        verb=verb,
        path="/".join(named) + (f":{custom}" if custom else ""),
        template=template,
        resource=tuple(each for each in segments[1:] if each not in {"*", "**"}),
        method=method,
        variables=variables,
    )


def camel(name: str) -> str:
    """Write a proto field's name as ProtoJSON does: ``page_size`` is ``pageSize``."""
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)
