"""Names in Python for names in documents.

Owns which part of a name is dropped and what is done where that would be ambiguous. Must not know any
artefact.
"""

from __future__ import annotations

import keyword
import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


# Names that modules of models import or spell themselves.
# fmt: off
_TAKEN = frozenset({
    "Annotated", "Any", "Base64", "BaseModel", "ConfigDict", "Duration", "Enum", "False", "Field",
    "FieldMask", "Int64", "Literal", "Message", "Model", "None", "OpenEnum", "RootModel", "StrEnum",
    "Timestamp", "True", "TypeAlias",
})
# fmt: on


def class_names(names: Iterable[str], namespaces: Iterable[str]) -> dict[str, str]:
    """Strip the API's own namespaces: `GoogleCloudAiplatformV1TuningJob` is `TuningJob`.

    A name stays whole where its short form belongs to another schema too, so adding a schema can lengthen a
    name but never give it to something else.
    """
    whole = list(names)
    prefixes = sorted(namespaces, key=len, reverse=True)
    short = {name: _strip(name, prefixes) for name in whole}
    uses = Counter(_folded(each) for each in short.values())
    return {name: short[name] if uses[_folded(short[name])] == 1 else _identifier(name) for name in whole}


def snake_case(name: str) -> str:
    """Write a wire name as a Python variable: ``projectsId`` is ``projects_id``, ``from`` is ``from_``."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    plain = re.sub(r"[^A-Za-z0-9]+", "_", spaced).strip("_").lower() or "field"
    safe = f"field_{plain}" if plain[0].isdigit() else plain
    return f"{safe}_" if keyword.iskeyword(safe) else safe


def constant_name(value: str) -> str:
    """Name a constant of an enum as the API does, as far as Python lets it."""
    name = re.sub(r"\W", "_", value)
    return name if name.isidentifier() and not name.startswith("_") else f"VALUE_{name.lstrip('_')}"


def _strip(name: str, prefixes: list[str]) -> str:
    for prefix in prefixes:
        rest = name.removeprefix(prefix)
        if rest != name and rest[:1].isupper():
            return _identifier(rest)
    return _identifier(name)


def _identifier(name: str) -> str:
    """Drop what no class name has: ``Foo.bar_baz`` is ``FooBarBaz``; a name that is taken gets ``Model``."""
    plain = "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))
    return f"{plain}Model" if plain in _TAKEN or not plain.isidentifier() else plain


def _folded(name: str) -> str:
    """Compare names as file systems that ignore case do."""
    return name.lower()
