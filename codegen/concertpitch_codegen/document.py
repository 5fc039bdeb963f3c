"""What an API's documents say, whatever format they came in.

Owns the types between readers and writers: every fact keeps the place it was read from. Must not know
Discovery, OpenAPI, protobuf, or any artefact made from a document.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_T = TypeVar("_T")
SECURITY, SCHEMES = "security", "securitySchemes"  # of extras: what OpenAPI says of credentials, as it stands there
RPC_ONLY = "x-concertpitch-rpc-only"  # of a document's extras: the methods that no HTTP rule gives a path


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(*, order: bool = False) -> Callable[[type[_T]], type[_T]]:
    """Make a dataclass that type checkers hold to be frozen.

    Python itself would freeze it with a slower `__init__`, which is a fifth of the time it takes to read a whole API.
    """
    return dataclass(slots=True, order=order, unsafe_hash=True)


@record(order=True)
class Origin:
    """Where a fact stands: a document's id in sources.toml and a JSON pointer into it."""

    document: str
    pointer: str

    def __str__(self) -> str:
        return f"{self.document}#{self.pointer}"


@record(order=True)
class Note:
    """What an overlay did at one place: the action, the document it cites, and why."""

    origin: Origin
    cite: str
    says: str


class Evidence(StrEnum):
    """How a document states a fact: a field of the format made for it, or a word of its prose."""

    FLAG = "flag"
    TEXT = "text"
    PROTO = "proto"
    OVERLAY = "overlay"


class Behavior(StrEnum):
    """google.api.FieldBehavior, AIP-203."""

    REQUIRED = "REQUIRED"
    OPTIONAL = "OPTIONAL"
    OUTPUT_ONLY = "OUTPUT_ONLY"
    INPUT_ONLY = "INPUT_ONLY"
    IMMUTABLE = "IMMUTABLE"
    IDENTIFIER = "IDENTIFIER"


@record(order=True)
class BehaviorFact:
    """One behaviour of a field, and who says so."""

    behavior: Behavior
    evidence: Evidence
    origin: Origin


@record()
class Scalar:
    """A JSON string, integer, number or boolean, with the API's own format, such as `int64`."""

    json_type: str
    format: str | None = None

    def __str__(self) -> str:
        return f"{self.json_type} ({self.format})" if self.format else self.json_type


@record()
class Ref:
    """A use of a named definition."""

    name: str

    def __str__(self) -> str:
        return self.name


@record()
class Array:
    """A list; `items` describes one element."""

    items: Schema

    def __str__(self) -> str:
        return f"list of {self.items.type}"


@record()
class Map:
    """An object used as a map from any string; `values` describes one value."""

    values: Schema

    def __str__(self) -> str:
        return f"map to {self.values.type}"


@record()
class Anything:
    """Any JSON value."""

    def __str__(self) -> str:
        return "any value"


Type = Scalar | Ref | Array | Map | Anything


@record()
class Schema:
    """A type at one place, with everything said there and nowhere else.

    `limits` holds `default`, `minimum`, `maximum` and `pattern` as JSON values of the declared type;
    `extras` holds members of the source format that have no counterpart here, by their source names.
    """

    origin: Origin
    type: Type
    description: str | None = None
    behaviors: tuple[BehaviorFact, ...] = ()
    deprecated: bool = False
    limits: Mapping[str, Any] = field(default_factory=dict)
    extras: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    def has(self, behavior: Behavior) -> bool:
        return any(fact.behavior is behavior for fact in self.behaviors)


@record()
class EnumValue:
    """One constant. `number` is known from protobuf only."""

    name: str
    description: str | None = None
    deprecated: bool = False
    number: int | None = None


@record()
class Enum:
    """A named set of constants, in the order of their declaration."""

    name: str
    origin: Origin
    values: tuple[EnumValue, ...]
    description: str | None = None
    numbers_from: Origin | None = None
    hoisted: bool = False
    notes: tuple[Note, ...] = ()


@record()
class Oneof:
    """Fields of which at most one may be set, by their JSON names."""

    name: str
    members: tuple[str, ...]
    origin: Origin


@record()
class Message:
    """An object with declared fields. `hoisted` marks one that the document leaves without a name."""

    name: str
    origin: Origin
    fields: Mapping[str, Schema] = field(default_factory=dict)
    description: str | None = None
    deprecated: bool = False
    oneofs: tuple[Oneof, ...] = ()
    hoisted: bool = False
    extras: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


@record()
class Alias:
    """A named schema that is not an object with fields: a list, a map, a scalar or any value."""

    name: str
    origin: Origin
    schema: Schema
    description: str | None = None
    deprecated: bool = False
    hoisted: bool = False
    extras: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


Definition = Message | Enum | Alias


@record()
class Parameter:
    """One path or query parameter, under its name on the wire."""

    name: str
    location: str
    schema: Schema
    required: bool = False
    repeated: bool = False


@record()
class LongRunning:
    """What an Operation of one method carries, by definition name; google.longrunning.operation_info."""

    response_type: str
    metadata_type: str
    origin: Origin


@record()
class Operation:
    """One method. `path` has one variable per segment; `template` is the form that builds URIs from names.

    `error` describes the body of every answer that is not `response`.
    """

    id: str
    origin: Origin
    http_method: str
    path: str
    template: str
    description: str | None = None
    parameters: tuple[Parameter, ...] = ()
    order: tuple[str, ...] = ()
    request: Schema | None = None
    response: Schema | None = None
    error: Schema | None = None
    scopes: tuple[str, ...] = ()
    deprecated: bool = False
    long_running: LongRunning | None = None
    extras: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


@record()
class Document:
    """Everything one document, or several merged ones, say about one version of one API.

    `others` gives the revisions of the documents that added facts, by their ids. `states_behavior` says that the
    format has a word for all field behaviour, so that silence means none.
    """

    id: str
    api: str
    version: str
    revision: str
    title: str
    description: str | None
    base_url: str
    scopes: Mapping[str, str]
    parameters: tuple[Parameter, ...]
    operations: Mapping[str, Operation]
    definitions: Mapping[str, Definition]
    extras: Mapping[str, Any] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    states_behavior: bool = False

    def revision_of(self, origin: Origin) -> str:
        """Give the revision of the document a fact was read from."""
        return self.others.get(origin.document, self.revision)

    def named(self) -> int:
        """Count the schemas the document itself names."""
        return sum(not each.hoisted for each in self.definitions.values())
