"""`.proto` files of a package as one JSON text: protoc compiles them, the descriptors are written down.

Owns that JSON form (`protoset`), in which every fact has a readable JSON pointer, such as
``/messages/google.cloud.aiplatform.v1.TuningJob/oneofs/source_model``. Must not know what other documents
say.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from google.protobuf import (
    descriptor_pb2,
    descriptor_pool,
    message_factory,
)

from concertpitch_codegen.problems import CodegenError, DocumentError, Problem
from concertpitch_codegen.sources.descriptors import DescriptorReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


_PLACED = re.compile(r"(?P<file>[^:]+):(?P<place>\d+:\d+): (?P<message>.*)")
_OPTIONS = "google/protobuf/descriptor.proto"
_OPERATIONS = "google/longrunning/operations.proto"  # the shared service that APIs map to paths of their own


def compile_protos(
    trees: Iterable[Mapping[str, bytes]],
    prefix: str,
    services: tuple[str, ...] = (),
    mixins: tuple[str, ...] = (),
    *,
    package: str = "",
) -> dict[str, Any]:
    """Compile all files under `prefix`, with imports from every tree; describe what `services` reach.

    Without `services` all those of `package` are described.

    A tree maps import paths (``google/api/http.proto``) to contents; earlier trees win. Raises
    `DocumentError` with all that protoc finds wrong, each with its line and column, when the files do not compile.
    """
    with tempfile.TemporaryDirectory(prefix="concertpitch-") as directory:
        root = Path(directory)
        for tree in reversed(list(trees)):
            for name, data in tree.items():
                _check_import_path(name)
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_bytes(data)
        wanted = sorted(path.relative_to(root).as_posix() for path in (root / prefix).glob("*.proto"))
        if not wanted:
            raise CodegenError(f"the package has no .proto files under {prefix}")
        _protoc(root, [*wanted, _OPTIONS, *[_OPERATIONS] * bool(mixins)])
        descriptors = descriptor_pb2.FileDescriptorSet.FromString((root / "descriptors.pb").read_bytes())
    pool = descriptor_pool.DescriptorPool()
    for file in descriptors.file:
        pool.Add(file)
    options = {
        kind: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"google.protobuf.{kind}"))
        for kind in ("FieldOptions", "MessageOptions", "MethodOptions", "ServiceOptions")
    }
    reader = DescriptorReader(descriptors, pool, options)
    return reader.describe(services or reader.services_of(package), mixins)


def _check_import_path(name: str) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise CodegenError(f"the package holds a file outside its own tree: {name}")


def _protoc(root: Path, wanted: list[str]) -> None:
    well_known = files("grpc_tools") / "_proto"
    command = [sys.executable, "-m", "grpc_tools.protoc", "-I.", f"-I{well_known}", "--include_imports"]
    command += ["--include_source_info", "--descriptor_set_out=descriptors.pb", *wanted]
    done = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True, timeout=120)  # noqa: S603
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if "warning:" not in line] or ["no message"]
        if placed := [match for each in errors if (match := _PLACED.match(each))]:
            raise DocumentError(Problem(match["file"], match["place"], match["message"]) for match in placed)
        raise CodegenError(f"protoc refuses the package's files: {errors[0]}")
