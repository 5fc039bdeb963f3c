"""Names in Python for names in documents.

Owns which part of a name is dropped and what is done where that would be ambiguous. Must not know any
artefact.
"""

from __future__ import annotations

import keyword
import re
from collections import Counter
from itertools import chain
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
# Names that modules of clients and servers import or define themselves.
_TAKEN_BY_CLIENTS = frozenset({
    "ABC", "ATTEMPTS", "BASE_URL", "AsyncClient", "AsyncDownload", "AsyncItems", "AsyncPages", "AsyncResource",
    "AsyncUpload", "AsyncWait", "Awaited", "Callable", "Client", "Download", "False", "Items", "Message", "NamedTuple",
    "None", "Pages", "ROUTES", "Resource", "Route", "Self", "Sequence", "Sub", "TYPE_CHECKING", "True", "Upload",
    "Wait", "_resource", "_segment",
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


def resource_class_names(paths: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """Name the class of each resource by its path: ``("projects", "tuningJobs")`` is `ProjectsTuningJobs`.

    Where two paths would be one name their parts are kept apart; a name that a client needs itself gets ``Resource``.
    """
    whole = list(paths)
    joined = Counter(_parts(path, "") for path in whole)
    taken = set(_TAKEN_BY_CLIENTS)
    names = {}
    for path in whole:
        plain = _parts(path, "_" if joined[_parts(path, "")] > 1 else "")
        first = f"_{plain}" if not plain or plain[0].isdigit() else plain
        tries = chain((first,), (f"{first}Resource{'_' * more}" for more in range(len(whole) + 1)))
        named = next(each for each in tries if taken.isdisjoint({each, f"Async{each}"}))
        taken |= {named, f"Async{named}"}
        names[path] = named
    return names


def _parts(path: tuple[str, ...], between: str) -> str:
    return between.join(re.sub(r"\W", "", part[:1].upper() + part[1:]) for part in path)


def constant_name(value: str) -> str:
    """Name a constant of an enum as the API does, as far as Python lets it, and in capitals."""
    name = re.sub(r"\W", "_", value).upper()
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
    if plain[:1].isdigit():
        return f"Model{plain}"
    return f"{plain}Model" if plain in _TAKEN or not plain.isidentifier() else plain


def _folded(name: str) -> str:
    """Compare names as file systems that ignore case do."""
    return name.lower()
