"""Client and service stubs: `client.py` and `service.py` of a surface.

Owns how calls and signatures are laid out. Must not know source formats, nor how requests are sent.
"""

from __future__ import annotations

import re
from collections import defaultdict
from posixpath import commonpath
from typing import TYPE_CHECKING

from concertpitch_codegen.leftout import service_of
from concertpitch_codegen.writers.methods import ANY, tree, walk
from concertpitch_codegen.writers.naming import class_names
from concertpitch_codegen.writers.sharing import shared
from concertpitch_codegen.writers.templates import WIDTH, docstring, render

if TYPE_CHECKING:
    from collections.abc import Iterable

    from concertpitch_codegen.document import Document
    from concertpitch_codegen.writers.methods import Method, Resource
    from concertpitch_codegen.writers.shapes import Ending


def write_client(document: Document, namespaces: Iterable[str], package: str) -> bytes:
    """Write the Python module with `Client` and `AsyncClient`."""
    return _write("client.py.jinja", document, namespaces, package)


def write_service(document: Document, namespaces: Iterable[str], package: str) -> bytes:
    """Write the Python module with what a server implements: abstract classes, and the routes to them."""
    return _write("service.py.jinja", document, namespaces, package)


def _write(template: str, document: Document, namespaces: Iterable[str], package: str) -> bytes:
    short = class_names(document.definitions, namespaces)
    module = _module(document)
    names = {name: f"{module}.{each}" for name, each in short.items()}
    root = tree(document, names)
    resources = list(walk(root))
    methods = [method for resource in resources for method in resource.methods]
    uses = {
        "media": _media(methods),
        "builtins": any("builtins." in f"{each.body} {each.answer}" for each in methods),
        "message": any(_mentions_any(each) for each in methods),
        "parts": _parts(root, methods),
        "resource": any("{_resource(" in each.path for each in methods),
        "segment": any("{_segment(" in each.path for each in methods),
        "sequence": any("Sequence[" in each.type for method in methods for each in method.keyword),
    }
    beside = [each for each in resources if each is not root]
    return render(
        template,
        call=call,
        ended=ended,
        imported=imported,
        document=document,
        module=module,
        service=service_of(document),
        uses=uses,
        package=package,
        resources=beside,
        shared=defaultdict(lambda: None, shared(beside)),
        cited=cited,
        root=root,
    )


def _module(document: Document) -> str:
    """Name the module of the messages so that no resource `models` hides it from the methods beside it."""
    paths = [tuple(each.split(".")) for each in document.operations]
    hiding = {path[:index] for path in paths for index, part in enumerate(path) if part == "models"}
    return "_models" if hiding & {path[:-1] for path in paths} else "models"


def _parts(root: Resource, methods: list[Method]) -> list[str]:
    """List what a client imports from the runtime's `resource`."""
    paged = [each.pages for each in methods if each.pages]
    used = ["ATTEMPTS", "AsyncResource", "Resource", *["Awaited"] * bool(methods), *["Sub"] * bool(root.children)]
    used += ["AsyncPages", "Pages"] * bool(paged)
    used += ["AsyncItems", "Items"] * any(each.items for each in paged)
    used += ["AsyncWait", "Wait"] * any(each.ending for each in methods)
    return sorted(used)


def _mentions_any(method: Method) -> bool:
    answer = "" if method.returns_nothing else method.answer
    return ANY in re.findall(r"[\w.]+", f"{method.body} {answer}")


def _media(methods: list[Method]) -> list[str]:
    """List what a client imports from the runtime's `media`."""
    used = ["AsyncDownload", "Download"] * any(each.downloads for each in methods)
    return sorted(used + ["AsyncUpload", "Upload"] * any(each.uploads for each in methods))


def cited(resource: Resource) -> str:
    """Describe a resource whose methods another one describes: by where they stand, if they stand together."""
    place = commonpath([each.source for each in resource.methods])
    if place.count("/") > 1:
        return f"Source: {' '.join(docstring(word, 4) for word in place.split())}"
    return f"The methods of `{docstring('.'.join(resource.path), 4)}`."


def ended(ending: Ending) -> str:
    """Write the function that says whether something has ended."""
    if not ending.states:
        return "lambda seen: bool(seen.done)"
    states = f"{{{', '.join(ending.states)}}}"
    if len(states) > WIDTH - 40:
        states = "{\n" + "".join(f"{' ' * 12}{each},\n" for each in ending.states) + f"{' ' * 8}}}"
    return f"lambda seen: seen.state in {states}"


def imported(module: str, names: list[str]) -> str:
    """Write an import: on one line if it fits, else one name a line."""
    one = f"from {module} import {', '.join(names)}"
    return one if _fits(one) else "\n".join([f"from {module} import (", *(f"    {each}," for each in names), ")"])


def call(indent: int, name: str, arguments: list[str], tail: str = "") -> str:
    """Lay out a call or a signature as formatters do: on one line, with the arguments on one, or each on its own."""
    one = f"{' ' * indent}{name}({', '.join(arguments)}){tail}"
    if _fits(one):
        return one
    inner = " " * (indent + 4)
    together = inner + ", ".join(arguments)
    lines = f"{together}\n" if _fits(together) else "".join(f"{inner}{each},\n" for each in arguments)
    return f"{' ' * indent}{name}(\n{lines}{' ' * indent}){tail}"


def _fits(line: str) -> bool:
    return len(line) <= WIDTH and "\n" not in line
