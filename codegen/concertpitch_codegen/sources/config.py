"""`specs/sources.toml`: which documents are pinned, where each is published, what is kept of it.

Owns the file's form. Must not fetch anything.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from concertpitch_codegen.problems import CodegenError

if TYPE_CHECKING:
    from pathlib import Path

_MIXIN_PARTS = 3
_ID = re.compile(r"[a-z][a-z0-9_.\-]*\Z")


@dataclass(frozen=True, slots=True)
class Package:
    """A package of a registry, pinned by version and by the sha256 of its one file."""

    registry: str
    name: str
    version: str
    sha256: str

    def __str__(self) -> str:
        return f"{self.name} {self.version} ({self.registry})"

    @property
    def pin(self) -> dict[str, str]:
        """Say what it is as the lock does."""
        return {
            "registry": self.registry,
            "package": self.name,
            "version": self.version,
            "sha256": self.sha256,
        }


@dataclass(frozen=True, slots=True)
class Source:
    """One document. It must call itself `identity` (``aiplatform:v1``) and is served at `live`.

    One that no package has is served live only; until it is locked, the overlay `stand_in` does for it.
    """

    id: str
    identity: str
    live: str
    package: Package | None
    member: str
    select: tuple[str, ...]
    messages: tuple[str, ...]
    stand_in: str | None

    @property
    def selection(self) -> dict[str, list[str]]:
        return {"select": list(self.select), "messages": list(self.messages)}

    @property
    def taken_from(self) -> dict[str, str]:
        return {**self.package.pin, "member": self.member} if self.package else {"url": self.live}


@dataclass(frozen=True, slots=True)
class ProtoSource:
    """The protos of some services. They stand under `root` in the package, what they import in `imports`.

    `mixins` are methods of shared services that the API's service configuration maps to paths of its own:
    ``google.longrunning.Operations.GetOperation GET /v1beta/{name=tunedModels/*/operations/*}``.
    """

    id: str
    package: Package
    imports: tuple[Package, ...]
    root: str
    services: tuple[str, ...]
    mixins: tuple[str, ...]

    @property
    def selection(self) -> dict[str, list[str]]:
        return {"services": list(self.services), "mixins": list(self.mixins)}

    @property
    def taken_from(self) -> dict[str, str]:
        imports = {f"imports {each.name}": f"{each.version} {each.sha256}" for each in self.imports}
        return {**self.package.pin, **imports, "root": self.root}


AnySource = Source | ProtoSource


@dataclass(frozen=True, slots=True)
class Surface:
    """One package below generated/, and what it is made of.

    The first document says what there is, the others add facts to it, then overlays do, then `select` cuts it.
    """

    id: str
    documents: tuple[str, ...]
    select: tuple[str, ...]
    overlays: tuple[str, ...]
    namespaces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything sources.toml names, by id."""

    documents: dict[str, AnySource]
    surfaces: dict[str, Surface]


def load_sources(specs: Path) -> Sources:
    """Read `specs/sources.toml`. Raises `CodegenError` with the table and the key that are wrong."""
    path = specs / "sources.toml"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CodegenError(f"there is no {path.name} in {specs}: run this in a checkout, or pass --root") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CodegenError(f"{path.name} is not TOML: {error}") from None
    packages = {
        name: Package(_text(each, "registry"), name, _text(each, "version"), _text(each, "sha256"))
        for name, each in _tables(raw, "packages")
    }
    documents: dict[str, AnySource] = {name: _source(name, each, packages) for name, each in _tables(raw, "documents")}
    documents |= {name: _proto_source(name, each, packages) for name, each in _tables(raw, "protos")}
    surfaces = {name: _surface(name, each, documents) for name, each in _tables(raw, "surfaces")}
    return Sources(documents, surfaces)


class _Table(dict[str, Any]):
    """A TOML table that knows its name, for messages."""

    def __init__(self, name: str, members: dict[str, Any]) -> None:
        super().__init__(members)
        self.name = name


def _source(name: str, table: _Table, packages: dict[str, Package]) -> Source:
    packaged = "stand_in" not in table
    return Source(
        id=name,
        identity=_text(table, "id"),
        live=_text(table, "live"),
        package=_package(table, _text(table, "package"), packages) if packaged else None,
        member=_text(table, "member") if packaged else "",
        select=_texts(table, "select"),
        messages=_texts(table, "messages"),
        stand_in=None if packaged else _text(table, "stand_in"),
    )


def _proto_source(name: str, table: _Table, packages: dict[str, Package]) -> ProtoSource:
    return ProtoSource(
        id=name,
        package=_package(table, _text(table, "package"), packages),
        imports=tuple(_package(table, each, packages) for each in _texts(table, "imports")),
        root=_text(table, "root"),
        services=_texts(table, "services"),
        mixins=_mixins(table),
    )


def _mixins(table: _Table) -> tuple[str, ...]:
    mixins = _texts(table, "mixins")
    if wrong := [each for each in mixins if len(each.split()) != _MIXIN_PARTS]:
        raise CodegenError(f"sources.toml: {table.name} has the mixin {wrong[0]!r}, write METHOD VERB PATH")
    return mixins


def _package(table: _Table, name: str, packages: dict[str, Package]) -> Package:
    if name not in packages:
        raise CodegenError(f"sources.toml: {table.name} names the package {name!r}, which is not listed")
    return packages[name]


def _surface(name: str, table: _Table, documents: dict[str, AnySource]) -> Surface:
    named = _texts(table, "documents")
    if not named:
        raise CodegenError(f"sources.toml: {table.name} has no documents")
    if unknown := [each for each in named if each not in documents]:
        raise CodegenError(f"sources.toml: {table.name} names the document {unknown[0]!r}, which is not listed")
    if not name.isidentifier():
        raise CodegenError(f"sources.toml: {table.name} cannot be the name of a Python package")
    return Surface(
        id=name,
        documents=named,
        select=_texts(table, "select") or ("*",),
        overlays=_texts(table, "overlays"),
        namespaces=_texts(table, "namespaces"),
    )


def _tables(raw: dict[str, Any], key: str) -> list[tuple[str, _Table]]:
    tables = raw.get(key, {})
    if not isinstance(tables, dict) or not all(isinstance(each, dict) for each in tables.values()):
        raise CodegenError(f"sources.toml: {key} is not a table of tables")
    if key != "packages" and (bad := [name for name in tables if not _ID.match(name)]):
        raise CodegenError(f"sources.toml: {key} has the name {bad[0]!r}, use small letters, digits, dots and _")
    return [(name, _Table(f"[{key}.{name}]", tables[name])) for name in sorted(tables)]


def _text(table: _Table, key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise CodegenError(f"sources.toml: {table.name} has no text {key!r}")
    return value


def _texts(table: _Table, key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise CodegenError(f"sources.toml: {table.name} has {key!r}, which is not a list of texts")
    return tuple(value)
