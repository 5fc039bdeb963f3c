"""Bring `specs/documents/` and the lock up to date with what `specs/sources.toml` names.

Owns the order of sources and what may replace what. The pinned package comes first, because everyone gets
the same bytes from it; `live` asks the service itself. All documents are judged before the first file is
written. Must not know what is generated from a slice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from concertpitch_codegen.jsontext import canonical_sha256, dump, parse, sha256, write_atomically
from concertpitch_codegen.problems import CodegenError, DocumentError, Problem, refuse
from concertpitch_codegen.readers import discovery, openapi, protoset
from concertpitch_codegen.readers.discovery_slice import cut_source
from concertpitch_codegen.slicing import cut
from concertpitch_codegen.sources.config import AnySource, ProtoSource, Source, load_sources
from concertpitch_codegen.sources.live import download
from concertpitch_codegen.sources.lock import (
    Pin,
    disagreements,
    load_lock,
    slice_path,
    write_lock,
)
from concertpitch_codegen.sources.packages import Downloads, UnreachableError
from concertpitch_codegen.sources.protos import compile_protos

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class _Fetched:
    pin: Pin
    slice: bytes


def fetch(specs: Path, *, live: bool = False, allow_older: bool = False) -> Iterator[str]:
    """Fetch what is not locked yet, or with `live` ask every service; yield one sentence per document.

    Raises `DocumentError` or `CodegenError`, and then nothing was written. A source that cannot be reached
    is no error while the lock and the committed slice agree.
    """
    sources = load_sources(specs).documents
    pins = load_lock(specs)
    new: dict[str, _Fetched] = {}
    said: list[str] = []
    problems: list[Problem] = []
    with Downloads() as downloads:
        for source in sources.values():
            pin = pins.get(source.id)
            stale = disagreements(specs, source, pin)
            if settled := _settled(source, pin, stale=bool(stale), live=live):
                said.append(settled)
                continue
            try:
                fetched = _fetch(source, downloads, live=live)
                _check_age(source, pin, fetched.pin, allow_older=allow_older)
            except UnreachableError as error:
                if stale:
                    raise
                kept = f"{source.id} {pin.revision}: kept as locked" if pin else f"{source.id}: an overlay stands in"
                said.append(f"{kept}, because {error}")
            except DocumentError as error:
                problems += error.problems
            else:
                said.append(_compare(source, pin, fetched.pin, stale=bool(stale)))
                if stale or pin is None or fetched.pin.canonical_sha256 != pin.canonical_sha256:
                    new[source.id] = fetched
    if problems:
        raise DocumentError(problems)
    _write(
        specs,
        {name: pin for name, pin in pins.items() if name in sources},
        new,
        removed=set(pins) - set(sources),
    )
    yield from said


def _settled(source: AnySource, pin: Pin | None, *, stale: bool, live: bool) -> str | None:
    """Say why a document need not be fetched, None if it must be."""
    if isinstance(source, Source) and live:
        return None
    if pin is None and not stale:
        return f"{source.id}: is served live only, an overlay stands in for it; fetch --live takes it"
    return f"{source.id} {pin.revision}: locked, the slice agrees, nothing to fetch" if pin and not stale else None


def _fetch(source: AnySource, downloads: Downloads, *, live: bool) -> _Fetched:
    if isinstance(source, ProtoSource):
        return _fetch_protos(source, downloads)
    if live:
        data, origin = download(source.live, source.id), {"url": source.live}
    elif source.package is None:
        raise CodegenError(f"{source.id} is served live only: run concertpitch-codegen fetch --live")
    else:
        data, origin = downloads.get(source.package).read(source.member), source.taken_from
    raw = parse(data, source.id)
    if "openapi" in raw:
        return _whole(source, raw, data, origin)
    revision = discovery.identify(raw, source.id, source.identity)
    whole = discovery.read(raw, source.id)
    part = cut(whole, source.select, source.messages)
    kept = cut_source(raw, part.document)
    again = discovery.read(kept, source.id)
    if set(again.operations) != set(part.document.operations) or again.named() != part.document.named():
        raise refuse(source.id, "loses operations or schemas when it is cut; this is a fault of the cutter")
    text = dump(kept)
    return _Fetched(
        Pin(
            revision=revision,
            raw_sha256=sha256(data),
            canonical_sha256=canonical_sha256(raw),
            source=origin,
            selection=source.selection,
            counts={
                "operations": [len(again.operations), len(whole.operations)],
                "schemas": [again.named(), whole.named()],
            },
            slice_sha256=sha256(text),
            reasons=dict(part.reasons),
        ),
        text,
    )


def _whole(source: Source, raw: dict[str, Any], data: bytes, origin: dict[str, str]) -> _Fetched:
    """Keep an OPENAPI3_0 document as it is: its method ids do not tell resources by which it could be cut."""
    revision = openapi.identify(raw, source.id, source.identity)
    whole = openapi.read(raw, source.id)
    part = cut(whole, ("*",))
    text = dump(raw)
    return _Fetched(
        Pin(
            revision=revision,
            raw_sha256=sha256(data),
            canonical_sha256=canonical_sha256(raw),
            source=origin,
            selection=source.selection,
            counts={"operations": [len(whole.operations)] * 2, "schemas": [whole.named()] * 2},
            slice_sha256=sha256(text),
            reasons=dict(part.reasons),
        ),
        text,
    )


def _fetch_protos(source: ProtoSource, downloads: Downloads) -> _Fetched:
    packages = (source.package, *source.imports)
    trees = [downloads.get(each).tree(source.root, ".proto") for each in packages]
    package = source.services[0].rpartition(".")[0]
    described = compile_protos(trees, package.replace(".", "/"), source.services, source.mixins)
    raw = {"package": package, "revision": source.package.version, **described}
    whole = protoset.read(raw, source.id)
    part = cut(whole, ("*",))
    text = dump(raw)
    return _Fetched(
        Pin(
            revision=source.package.version,
            raw_sha256=source.package.sha256,
            canonical_sha256=canonical_sha256(raw),
            source=source.taken_from,
            selection=source.selection,
            counts={each: [len(raw[each])] * 2 for each in ("methods", "messages", "enums")},
            slice_sha256=sha256(text),
            reasons=dict(part.reasons),
        ),
        text,
    )


def _check_age(source: AnySource, old: Pin | None, new: Pin, *, allow_older: bool) -> None:
    if not isinstance(source, Source) or old is None or allow_older:
        return
    if new.revision < old.revision:
        raise refuse(
            source.id,
            f"revision {new.revision} is older than the locked {old.revision}, --allow-older takes it",
        )


def _compare(source: AnySource, old: Pin | None, new: Pin, *, stale: bool) -> str:
    size = ", ".join(f"{kept} of {total} {what}" for what, (kept, total) in new.counts.items())
    if old is None:
        return f"{source.id} {new.revision}: locked, {size}"
    if new.canonical_sha256 == old.canonical_sha256:
        same = "the slice was cut again" if stale else "nothing to write"
        return f"{source.id} {old.revision}: says the same as revision {new.revision}, {same}"
    return f"{source.id} {old.revision} -> {new.revision}: {size}"


def _write(specs: Path, pins: dict[str, Pin], new: dict[str, _Fetched], *, removed: set[str]) -> None:
    if not new and not removed:
        return
    for name, fetched in new.items():
        write_atomically(slice_path(specs, name), fetched.slice)
    write_lock(specs, pins | {name: fetched.pin for name, fetched in new.items()})
