"""Client and service stubs: `client.py` and `service.py` of a surface.

Owns how calls and signatures are laid out. Must not know source formats, nor how requests are sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from concertpitch_codegen.writers.methods import ANY, WIDTH, tree, walk
from concertpitch_codegen.writers.naming import class_names
from concertpitch_codegen.writers.templates import render

if TYPE_CHECKING:
    from collections.abc import Iterable

    from concertpitch_codegen.document import Document


def write_client(document: Document, namespaces: Iterable[str], package: str) -> bytes:
    """Write the Python module with `Client` and `AsyncClient`."""
    return _write("client.py.jinja", document, namespaces, package)


def write_service(document: Document, namespaces: Iterable[str], package: str) -> bytes:
    """Write the Python module with what a server implements: abstract classes, and the routes to them."""
    return _write("service.py.jinja", document, namespaces, package)


def _write(template: str, document: Document, namespaces: Iterable[str], package: str) -> bytes:
    short = class_names(document.definitions, namespaces)
    names = {name: f"models.{each}" for name, each in short.items()}
    root = tree(document, names)
    resources = list(walk(root))
    methods = [method for resource in resources for method in resource.methods]
    uses = {
        "message": any(ANY in {each.body, each.answer} for each in methods),
        "pages": any(each.pages for each in methods),
        "polling": any(each.ending for each in methods),
        "resource": any("{_resource(" in each.path for each in methods),
        "segment": any("{_segment(" in each.path for each in methods),
        "sequence": any("Sequence[" in each.type for method in methods for each in method.keyword),
    }
    return render(
        template,
        call=call,
        document=document,
        uses=uses,
        package=package,
        resources=[each for each in resources if each is not root],
        root=root,
    )


def call(indent: int, name: str, arguments: list[str], tail: str = "") -> str:
    """Lay out a call or a signature: on one line if it fits, else one argument a line."""
    one = f"{' ' * indent}{name}({', '.join(arguments)}){tail}"
    if len(one) <= WIDTH:
        return one
    lines = "".join(f"{' ' * (indent + 4)}{each},\n" for each in arguments)
    return f"{' ' * indent}{name}(\n{lines}{' ' * indent}){tail}"
