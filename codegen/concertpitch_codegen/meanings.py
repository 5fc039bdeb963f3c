"""Names that keep their meaning: a generated class stands for the same place from one run to the next.

Owns the comparison of two generations of `models.py`. A class that kept its name and changed its meaning
breaks its users without a type error, so it is refused unless accepted. Must not know how models are
written, but for the `Source:` line each class cites.
"""

from __future__ import annotations

import re

from concertpitch_codegen.problems import CodegenError

_CITED = re.compile(r"^class (\w+)\(.*?^    .*?Source: (\S+) \S+(?: (/\S*?))?(?:\"\"\"|\s)", re.DOTALL | re.MULTILINE)

_PLACES = {"", "actions", "components", "enums", "items", "messages", "properties", "schemas", "update"}


def meanings(models: str) -> dict[str, str]:
    """Give the document and pointer each class of a `models.py` cites."""
    return {name: f"{document}#{pointer}" for name, document, pointer in _CITED.findall(models)}


def new_meanings(before: str, after: str) -> list[str]:
    """Say in sentences which classes of the module `before` stand for something else in `after`."""
    old, new = meanings(before), meanings(after)
    return [
        f"the class {name} meant {old[name]}, now it would mean {new[name]}"
        for name in sorted(old.keys() & new.keys())
        if not _same(old[name], new[name])
    ]


def check_meanings(changed: list[str]) -> None:
    """Raise `CodegenError` when there are new meanings."""
    if changed:
        found = "; ".join(changed)
        raise CodegenError(f"{found}: pass --accept-new-meanings if users of the old classes are warned")


def _same(before: str, after: str) -> bool:
    """Compare two citations; where another document tells of a class now, by the name the thing has in each."""
    old, new = before.partition("#"), after.partition("#")
    if old[0] == new[0]:
        return old[2] == new[2]
    names = _name(old[2]), _name(new[2])
    return names[0].endswith(names[1]) or names[1].endswith(names[0])


def _name(pointer: str) -> str:
    """Make a name of a pointer, as one is made for what has none.

    ``/messages/google.ai.v1.Model``, ``/components/schemas/Model`` and ``/schemas/GoogleAiV1Model`` end alike.
    """
    steps = [each for each in pointer.split("/") if each not in _PLACES and not each.isdigit()]
    parts = [part for each in steps for part in (re.findall(r"\.([A-Z]\w*)", each) or [each])]
    return "".join(part[:1].upper() + part[1:] for part in parts)
