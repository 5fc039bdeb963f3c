"""Operations arranged as the methods of classes, for the templates of clients and services.

Owns what a method looks like in Python: path parameters by position, the body next, query parameters by
keyword. Must not know what a template makes of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from concertpitch_codegen.document import Array, Enum, Message, Ref, Scalar
from concertpitch_codegen.leftout import downloads, left_out_of, resumable, uploads
from concertpitch_codegen.writers.naming import resource_class_names, snake_case
from concertpitch_codegen.writers.shapes import Ending, Pages, ending_of, pages_of
from concertpitch_codegen.writers.templates import WIDTH, literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from concertpitch_codegen.document import Document, Operation, Parameter, Schema

_VARIABLE = re.compile(r"\{(\+?)([^}*]+)\*?\}")
_EMPTY = "GoogleProtobufEmpty"
ANY = "Message"
_PYTHON = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}


@dataclass(frozen=True, slots=True)
class Argument:
    name: str
    wire: str
    type: str
    description: str


@dataclass(frozen=True, slots=True)
class Method:
    id: str
    name: str
    verb: str
    path: str
    flat_path: str
    description: str
    source: str
    positional: tuple[Argument, ...]
    keyword: tuple[Argument, ...]
    body: str | None
    body_is_empty: bool
    answer: str
    returns_nothing: bool
    deprecated: bool
    pages: Pages | None
    ending: Ending | None
    uploads: bool
    resumable: bool
    downloads: bool

    def brings(self) -> set[str]:
        """List the names that the method and what is made of it have in its class."""
        paged = {f"{self.name}_pages", f"{self.name}_all"} if self.pages else set()  # the second is kept free
        return {self.name, *paged, *[f"{self.name}_media"] * (self.uploads or self.downloads)}

    def signature(self, *, serving: bool = False) -> list[str]:
        """List the parameters as they are declared; a server is always given a body where the method has one."""
        declared = ["self", *(f"{each.name}: {each.type}" for each in self.positional)]
        if self.body:
            declared.append(f"body: {self.body}{' | None = None' * (self.body_is_empty and not serving)}")
        return (
            declared + ["*"] * bool(self.keyword) + [f"{each.name}: {each.type} | None = None" for each in self.keyword]
        )

    def exchange(self) -> list[str]:
        """List the arguments of the transport's call."""
        path = f"{'f' * ('{' in self.path)}{literal(self.path)}"
        made = [literal(self.verb), path, *([] if self.returns_nothing else [self.answer])]
        pairs = [f"{literal(each.wire)}: {each.name}" for each in self.keyword]
        if len(one := f"query={{{', '.join(pairs)}}},") > WIDTH - 12:
            together = ", ".join(pairs)
            lines = [together] if len(together) <= WIDTH - 16 else [f"{pair}," for pair in pairs]
            one = "query={\n" + "".join(f"{' ' * 16}{line}\n" for line in lines) + " " * 12 + "},"
        body = f"body=body or {self.body}()" if self.body_is_empty else "body=body"
        return made + [one.removesuffix(",")] * bool(pairs) + [body] * bool(self.body)


@dataclass(slots=True)
class Resource:
    """One class. `path` is the resource's place in the document, such as ``("projects", "tuningJobs")``."""

    path: tuple[str, ...]
    class_name: str
    attribute: str
    methods: list[Method] = field(default_factory=list)
    children: list[Resource] = field(default_factory=list)


def tree(document: Document, names: dict[str, str]) -> Resource:
    """Arrange the methods by resource; what all of them have in front is left out."""
    paths = {each.id: tuple(each.id.split(".")) for each in document.operations.values()}
    depth = _common([path[:-1] for path in paths.values()])
    root = Resource((), "Client", "")
    for operation in document.operations.values():
        path = paths[operation.id]
        node = root
        for end in range(depth + 1, len(path)):
            node = _child(node, path[depth:end])
        node.methods.append(_named_apart(_method(operation, document, names), node))
    _part(root)
    below = [each for each in walk(root) if each is not root]
    class_names = resource_class_names(each.path for each in below)
    for each in below:
        each.class_name = class_names[each.path]
    return root


def _named_apart(method: Method, node: Resource) -> Method:
    """Give a method a number where what it brings into its class is there already."""
    taken = {name for each in node.methods for name in each.brings()}
    taken |= {"close"} if not node.path else set()  # the client itself is closed
    numbered = (replace(method, name=f"{method.name}_{number}") for number in range(2, len(taken) + 3))
    return next(each for each in (method, *numbered) if taken.isdisjoint(each.brings()))


def _part(node: Resource) -> None:
    """Give a resource another attribute than the methods beside it.

    ``attributes_`` beside ``attributes()``.
    """
    taken = {name for each in node.methods for name in each.brings()} | {"close", "wait_for"}
    for child in node.children:
        if child.attribute in taken:
            child.attribute += "_"
        _part(child)


def _common(paths: list[tuple[str, ...]]) -> int:
    """Count the leading parts all paths share, but leave every path one part to be called by."""
    shortest = min(map(len, paths), default=1)
    shared = next((i for i in range(shortest) if len({path[i] for path in paths}) > 1), shortest)
    return max(min(shared, shortest - 1), 0)


def _child(node: Resource, path: tuple[str, ...]) -> Resource:
    for child in node.children:
        if child.path == path:
            return child
    made = Resource(path, "", snake_case(path[-1]))
    node.children.append(made)
    return made


def walk(node: Resource) -> Iterable[Resource]:
    """Yield children before parents, so that a class is defined before it is used."""
    for child in node.children:
        yield from walk(child)
    yield node


def _method(operation: Operation, document: Document, names: dict[str, str]) -> Method:
    placed = {each.name: each for each in operation.parameters if each.location == "path"}
    order = [name for name in operation.order if name in placed]
    order += [name for name in placed if name not in order]
    query = [each for each in operation.parameters if each.location == "query"]
    query.sort(key=lambda each: (not each.required, each.name))
    positional = tuple(_argument(placed[name], names, document) for name in order)
    answer = _body(operation.response, names, document) if operation.response else None
    return Method(
        id=operation.id,
        name=snake_case(operation.id.rpartition(".")[2]),
        verb=operation.http_method,
        path=_VARIABLE.sub(_expression, operation.template.lstrip("/")),
        flat_path="/" + operation.path.lstrip("/"),
        description=_description(operation, document, names),
        source=f"{operation.origin.document} {document.revision_of(operation.origin)} {operation.origin.pointer}",
        positional=positional,
        keyword=_keyword(query, positional, names, document),
        body=_body(operation.request, names, document) if operation.request else None,
        body_is_empty=_has_no_fields(operation.request, document),
        answer=answer or ANY,
        returns_nothing=answer in {None, names.get(_EMPTY)},
        deprecated=operation.deprecated,
        pages=pages_of(operation, document),
        ending=ending_of(operation, document, names),
        uploads=uploads(operation, document),
        resumable=resumable(operation),
        downloads=downloads(operation),
    )


def _description(operation: Operation, document: Document, names: dict[str, str]) -> str:
    """Describe a method: what its Operation carries, how it carries files, and what the client leaves out."""
    carried = operation.long_running
    name = snake_case(operation.id.rpartition(".")[2])
    told = [operation.description or f"Sends {operation.http_method} to `{operation.template}`."]
    told += [f"`{name}_media` sends a file with it."] * uploads(operation, document)
    told += [f"`{name}_media` gives the file itself."] * downloads(operation)
    told += [f"This {each}." for each in left_out_of(operation, document)]
    text = " ".join(told).strip()
    if carried is None or carried.response_type not in names:
        return text
    metadata = names.get(carried.metadata_type)
    result = f"The operation's result is a `{names[carried.response_type]}`"
    return f"{text} {result}{f', its metadata a `{metadata}`' if metadata else ''}.".strip()


def _expression(match: re.Match[str]) -> str:
    """Turn ``{+parent}`` into the expression that fills it: slashes stay only after a plus."""
    return f"{{{'_resource' if match[1] else '_segment'}({_safe(match[2])})}}"


def _argument(parameter: Parameter, names: dict[str, str], document: Document) -> Argument:
    return Argument(
        name=_safe(parameter.name),
        wire=parameter.name,
        type=f"Sequence[{_type(parameter.schema, names, document)}]"
        if parameter.repeated
        else _type(parameter.schema, names, document),
        description=parameter.schema.description or "",
    )


def _keyword(
    query: list[Parameter], positional: tuple[Argument, ...], names: dict[str, str], document: Document
) -> tuple[Argument, ...]:
    """List the arguments given by keyword; where two names are one in Python, the later one gets a number."""
    taken = {each.name for each in positional}
    found = []
    for each in query:
        argument = _argument(each, names, document)
        number = 1
        while argument.name in taken:
            number += 1
            argument = replace(argument, name=f"{_safe(each.name).rstrip('_')}_{number}")
        taken.add(argument.name)
        found.append(argument)
    return tuple(found)


def _safe(name: str) -> str:
    """Name an argument; some names are taken by what surrounds it."""
    plain = snake_case(name)
    return f"{plain}_" if plain in {"self", "body", "models"} else plain


def _type(schema: Schema, names: dict[str, str], document: Document) -> str:
    match schema.type:
        case Scalar("string", "int64" | "uint64"):
            return "int"
        case Scalar(json_type):
            return _PYTHON[json_type]
        case Ref(name) if isinstance(document.definitions.get(name), Enum):
            return names[name]
    return "str"


def _body(schema: Schema, names: dict[str, str], document: Document) -> str:
    """Give the type of a body; `Message` keeps whatever an object holds."""
    match schema.type:
        case Ref(name):
            return names[name]
        case Array(items):
            return f"{_list(document)}[{_body(items, names, document)}]"
        case Scalar():
            return _type(schema, names, document)
    return ANY


def _list(document: Document) -> str:
    """Name Python's list where a method called `list` does not hide it."""
    hidden = any(snake_case(each.rpartition(".")[2]) == "list" for each in document.operations)
    return "builtins.list" if hidden else "list"


def _has_no_fields(schema: Schema | None, document: Document) -> bool:
    """Say whether there is nothing to put into a body, so that callers need not give one."""
    if not schema or not isinstance(schema.type, Ref):
        return False
    message = document.definitions.get(schema.type.name)
    return isinstance(message, Message) and not message.fields
