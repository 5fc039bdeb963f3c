"""The jinja2 environment of all templates.

Owns how templates are found and how text enters Python source. Must not know what any template makes.
"""

from __future__ import annotations

import re
import textwrap
from functools import lru_cache
from typing import Any

import jinja2

WIDTH = 120  # of generated lines


@lru_cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("concertpitch_codegen"),
        autoescape=False,  # noqa: S701 - Python is written, not HTML; every value goes through a filter below
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["literal"] = literal
    environment.filters["docstring"] = docstring
    environment.filters["sentence"] = sentence
    return environment


def render(template: str, **values: Any) -> bytes:
    """Fill one template of `templates/`."""
    return _environment().get_template(template).render(**values).encode()


def literal(text: str) -> str:
    """Write text as a Python string literal in double quotes; nothing in it can end the literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else repr(char)[1:-1] for char in escaped) + '"'


def sentence(text: str) -> str:
    """Take the first sentence."""
    return re.split(r"(?<=[.!?])\s", text.strip(), maxsplit=1)[0] or "See the client."


def wrapped(text: str, indent: int, quotes: int = 3) -> list[str]:
    """Break one paragraph into lines; on the first one so many quotes fit too."""
    room = " " * quotes
    lines = textwrap.wrap(text, WIDTH - indent, initial_indent=room, break_on_hyphens=False, break_long_words=False)
    return [lines[0].removeprefix(room), *lines[1:]] if lines else []


def docstring(text: str, indent: int, quotes: int = 3) -> str:
    """Write text inside a docstring, wrapped, all lines but the first indented.

    Nothing in it can end the string; on the first line so many quotes fit too.
    """
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    plain = "".join(char if char.isprintable() else " " for char in escaped)
    written = f"\n{' ' * indent}".join(wrapped(plain, indent, quotes))
    return f'{written[:-1]}\\"' if written.endswith('"') else written
