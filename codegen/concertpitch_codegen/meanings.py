"""Names that keep their meaning: a generated class stands for the same place from one run to the next.

Owns the comparison of two generations of `models.py`. A class that kept its name and changed its meaning
breaks its users without a type error, so it is refused unless accepted. Must not know how models are
written, but for the `Source:` line each class cites.
"""

from __future__ import annotations

import re

from concertpitch_codegen.problems import CodegenError

_CITED = re.compile(r"^class (\w+)\(.*?^    .*?Source: (\S+) \S+(?: (/\S*?))?(?:\"\"\"|\s)", re.DOTALL | re.MULTILINE)


def meanings(models: str) -> dict[str, str]:
    """Give the document and pointer each class of a `models.py` cites."""
    return {name: f"{document}#{pointer}" for name, document, pointer in _CITED.findall(models)}


def check_meanings(before: str, after: str) -> None:
    """Raise `CodegenError` when a class of `before` stands for something else in `after`."""
    old, new = meanings(before), meanings(after)
    changed = [
        f"the class {name} meant {old[name]}, now it would mean {new[name]}"
        for name in sorted(old.keys() & new.keys())
        if old[name] != new[name]
    ]
    if changed:
        found = "; ".join(changed)
        raise CodegenError(f"{found}: pass --accept-new-meanings if users of the old classes are warned")
