"""Packages: the pinned file or none, and nothing outside its own tree."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from concertpitch_codegen.jsontext import sha256
from concertpitch_codegen.problems import CodegenError, DocumentError
from concertpitch_codegen.sources import packages
from concertpitch_codegen.sources.config import Package
from concertpitch_codegen.sources.packages import Downloads, PackageFile, UnreachableError
from concertpitch_codegen.sources.protos import compile_protos


def wheel(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def tarball(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path


PACKAGE = Package("pypi", "toys", "1", "0")


def test_members_are_read_without_unpacking(tmp_path: Path) -> None:
    members = {"package/protos/a.proto": b"a", "package/protos/b.json": b"b", "package/c.proto": b"c"}
    assert PackageFile(PACKAGE, wheel(tmp_path / "w", members)).read("package/c.proto") == b"c"
    archive = PackageFile(PACKAGE, tarball(tmp_path / "t", members))
    assert archive.read("package/c.proto") == b"c"
    assert archive.tree("package/protos", ".proto") == {"a.proto": b"a"}


def test_a_missing_member_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CodegenError, match=r"toys 1 \(pypi\) has no readable member x"):
        PackageFile(PACKAGE, wheel(tmp_path / "w", {"a": b""})).read("x")
    with pytest.raises(CodegenError, match="has no readable member x"):
        PackageFile(PACKAGE, tarball(tmp_path / "t", {"a": b""})).read("x")


def test_a_member_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "MAX_BYTES", 3)
    with pytest.raises(CodegenError, match=r"a of toys 1 .* has 4 bytes, the limit is 3"):
        PackageFile(PACKAGE, wheel(tmp_path / "w", {"a": b"1234"})).read("a")


def test_another_file_than_the_pinned_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = wheel(tmp_path / "w", {"a": b"1"}).read_bytes()

    def download(command: list[str], _: Package) -> None:
        Path(command[-2], "toys.whl").write_bytes(data)

    monkeypatch.setattr(packages, "_run", download)
    with Downloads() as downloads:
        with pytest.raises(CodegenError, match=r"sources\.toml pins 0"):
            downloads.get(PACKAGE)
        good = Package("pypi", "toys", "1", sha256(data))
        assert downloads.get(good).read("a") == b"1"


def test_a_registry_that_fails_says_what_its_client_said(monkeypatch: pytest.MonkeyPatch) -> None:
    script = "import sys; print('ERROR: no route to index', file=sys.stderr); sys.exit(1)"
    monkeypatch.setattr(packages, "_command", lambda *_: ["python3", "-c", script])
    with Downloads() as downloads, pytest.raises(UnreachableError, match="ERROR: no route to index"):
        downloads.get(PACKAGE)


def test_a_proto_tree_cannot_write_outside_itself() -> None:
    with pytest.raises(CodegenError, match="outside its own tree"):
        compile_protos([{"../evil.proto": b""}], "google", ("google.X",))


def test_protos_that_do_not_compile_are_refused() -> None:
    with pytest.raises(DocumentError, match=r"toy/a\.proto#1:28: Expected message name"):
        compile_protos([{"toy/a.proto": b"syntax = 'proto3'; message {"}], "toy", ("toy.X",))
    with pytest.raises(CodegenError, match=r"has no .proto files under toy"):
        compile_protos([{}], "toy", ("toy.X",))
