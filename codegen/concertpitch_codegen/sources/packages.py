"""Documents that travel in packages: the registry's own client downloads one file, members are read from it.

Owns the calls of pip and npm, so that the user's own index, proxy and credentials are used and no host is
named here. Nothing is installed and no code of a package runs. Must not know what the members mean.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Self

from concertpitch_codegen.jsontext import MAX_BYTES, sha256
from concertpitch_codegen.problems import CodegenError

if TYPE_CHECKING:
    from concertpitch_codegen.sources.config import Package

_TIMEOUT = 300  # seconds; the largest package is 17 MB


class UnreachableError(CodegenError):
    """A source did not answer; a good lock can stand in for it."""


class PackageFile:
    """One downloaded package file, in memory of the run only, with its sha256 already checked."""

    def __init__(self, package: Package, path: Path) -> None:
        self.package = package
        self._path = path

    def read(self, member: str) -> bytes:
        """Read one member by its path within the package. Raises `CodegenError` where there is none."""
        try:
            return self._read_zip(member) if zipfile.is_zipfile(self._path) else self._read_tar(member)
        except (KeyError, zipfile.BadZipFile, tarfile.TarError, OSError) as error:
            raise CodegenError(f"{self.package} has no readable member {member}: {error}") from None

    def tree(self, root: str, suffix: str) -> dict[str, bytes]:
        """Read the members of a tar package that end in `suffix`, by their path below `root`."""
        found: dict[str, bytes] = {}
        try:
            with tarfile.open(self._path) as archive:
                for member in archive:
                    if member.isfile() and member.name.startswith(f"{root}/") and member.name.endswith(suffix):
                        self._check_size(member.name, member.size)
                        file = archive.extractfile(member)
                        found[member.name.removeprefix(f"{root}/")] = file.read() if file else b""
        except (tarfile.TarError, OSError) as error:
            raise CodegenError(f"{self.package} cannot be read: {error}") from None
        return found

    def _read_zip(self, member: str) -> bytes:
        with zipfile.ZipFile(self._path) as archive:
            self._check_size(member, archive.getinfo(member).file_size)
            return archive.read(member)

    def _read_tar(self, member: str) -> bytes:
        with tarfile.open(self._path) as archive:
            file = archive.extractfile(member)
            if file is None:
                raise KeyError(member)
            self._check_size(member, archive.getmember(member).size)
            return file.read()

    def _check_size(self, member: str, size: int) -> None:
        if size > MAX_BYTES:
            raise CodegenError(f"{member} of {self.package} has {size} bytes, the limit is {MAX_BYTES}")


class Downloads:
    """The packages of one run, each downloaded once, gone when the run ends."""

    def __init__(self) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="concertpitch-")
        self._files: dict[Package, PackageFile] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._directory.cleanup()

    def get(self, package: Package) -> PackageFile:
        """Download a package's file.

        Raises `UnreachableError`, or `CodegenError` if it is not the pinned file.
        """
        if package not in self._files:
            target = Path(tempfile.mkdtemp(dir=self._directory.name))
            _run(_command(package, target), package)
            path = next(target.iterdir(), None)
            if path is None:
                raise UnreachableError(f"{package}: the download left no file")
            if (found := sha256(path.read_bytes())) != package.sha256:
                raise CodegenError(
                    f"{package}: the file has the sha256 {found}, sources.toml pins {package.sha256};"
                    " compare the two before pinning another"
                )
            self._files[package] = PackageFile(package, path)
        return self._files[package]


def _command(package: Package, target: Path) -> list[str]:
    match package.registry:
        case "pypi":
            options = ["--no-deps", "--only-binary", ":all:", "--quiet", "--disable-pip-version-check"]
            wanted = f"{package.name}=={package.version}"
            return [sys.executable, "-m", "pip", "download", *options, "--dest", str(target), wanted]
        case "npm":
            npm = shutil.which("npm")
            if npm is None:
                raise UnreachableError(f"{package}: npm is needed to download it, install Node.js")
            wanted = f"{package.name}@{package.version}"
            return [npm, "pack", wanted, "--ignore-scripts", "--silent", "--pack-destination", str(target)]
    raise CodegenError(f"{package}: the registry must be pypi or npm")


def _run(command: list[str], package: Package) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_TIMEOUT)  # noqa: S603 - no shell, own arguments
    except subprocess.TimeoutExpired:
        raise UnreachableError(f"{package}: the download took longer than {_TIMEOUT} s") from None
    except subprocess.CalledProcessError as error:
        lines = error.stderr.decode(errors="replace").strip().splitlines() or ["no message"]
        raise UnreachableError(f"{package} could not be downloaded: {lines[-1]}") from None
