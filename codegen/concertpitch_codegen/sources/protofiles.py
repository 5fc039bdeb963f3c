"""`.proto` files in a user's own tree as a protoset: one file, or the folder of one package.

Owns how the root of the tree and the closure of imports are found, and what is said of an import that is missing.
Must not know how the files are compiled, nor what they say.
"""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from concertpitch_codegen.jsontext import MAX_BYTES, sha256
from concertpitch_codegen.problems import CodegenError, DocumentError, Problem
from concertpitch_codegen.sources.protos import compile_protos

_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_PACKAGE = re.compile(r"(?:^|(?<=[;}]))\s*package\s+([\w.]+)\s*;", re.MULTILINE)
_IMPORT = re.compile(r"""(?:^|(?<=[;}]))\s*import\s+(?:public\s+|weak\s+)?["']([^"']+)["']\s*;""", re.MULTILINE)


def load_protos(where: str) -> tuple[str, dict[str, Any]]:
    """Compile a file, or the files of a folder, with all they import; give the package's name and the protoset.

    Imports are looked for below the folder whose subfolders spell the package (`google/cloud/x/v1`), else beside the
    files. The revision is made of the contents. Raises `CodegenError` or `DocumentError`.
    """
    if where.startswith(("http://", "https://")):
        raise CodegenError(f"{where} cannot be compiled without what it imports: download the tree it stands in")
    path = Path(where)
    wanted = sorted(path.glob("*.proto")) if path.is_dir() else [path]
    if not wanted:
        raise CodegenError(f"{where} holds no .proto files: name the folder in which those of one package stand")
    packages = {found[1] if (found := _PACKAGE.search(_COMMENT.sub("", _text(each)))) else "" for each in wanted}
    if packages == {""}:
        raise CodegenError(f"{where} declares no package: only what belongs to one has names of its own")
    if len(packages) > 1:
        raise CodegenError(f"{where} has not one package but {sorted(packages)}: name files that declare the same one")
    package = packages.pop()
    folder = wanted[0].resolve().parent
    steps = tuple(package.split("."))
    placed = folder.parts[-len(steps) :] == steps
    root = folder.parents[len(steps) - 1] if placed else folder
    prefix = "/".join(steps) if placed else ""
    tree = _closure(root, [f"{prefix}/{each.name}".lstrip("/") for each in wanted])
    described = compile_protos([tree], prefix, package=package)
    contents = b"".join(name.encode() + b"\0" + data for name, data in sorted(tree.items()))
    return package, {"package": package, "revision": sha256(contents)[:12], **described}


def _closure(root: Path, names: list[str]) -> dict[str, bytes]:
    """Read files by their import paths, and all that they import but protobuf's own."""
    own = files("grpc_tools") / "_proto"
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    queue = list(names)
    while queue:
        name = queue.pop()
        text = _text(root / name)
        found[name] = text.encode()
        if sum(map(len, found.values())) > MAX_BYTES:
            raise CodegenError(f"{names[0]} imports more than {MAX_BYTES} bytes of .proto files")
        for imported in sorted(set(_IMPORT.findall(_COMMENT.sub("", text))) - found.keys() - set(queue)):
            if not (root / imported).is_file():
                if not (own / imported).is_file():
                    problems.append(Problem(name, "", f"imports {imported}: put that file below {root}"))
            elif root in (root / imported).resolve().parents:
                queue.append(imported)
            else:
                problems.append(Problem(name, "", f"imports {imported}, which is outside of {root}"))
    if problems:
        raise DocumentError(sorted(problems))
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise CodegenError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise CodegenError(f"{path} is not UTF-8: byte {error.start} cannot be decoded") from None
