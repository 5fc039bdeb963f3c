"""generated/ is what specs/ make, every time and everywhere."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from concertpitch_codegen import generate as module
from concertpitch_codegen.generate import Change, check, generate
from concertpitch_codegen.meanings import meanings, new_meanings
from concertpitch_codegen.problems import CodegenError, DocumentError

MODELS = Path("generated/concertpitch_models")
DIGEST = """
import hashlib, sys
from pathlib import Path
from concertpitch_codegen import generate
root = Path(sys.argv[1])
inputs = generate._inputs(root)
files = generate._build(inputs, generate._input_bytes(root, inputs))
print(hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest())
"""


def test_generated_is_up_to_date(checkout: Path) -> None:
    assert check(checkout) == ([], [])


def test_bytes_do_not_depend_on_the_hash_seed_or_the_place(checkout: Path, copied: Path) -> None:
    digests = set()
    for root, seed in ((checkout, "0"), (copied, "4711")):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", DIGEST, str(root)],
            env=environment,
            capture_output=True,
            check=True,
            cwd=root,
        )
        digests.add(done.stdout)
    assert len(digests) == 1


def test_an_edited_lost_or_forgotten_file_is_found_and_repaired(copied: Path) -> None:
    client = copied / MODELS / "vertex_v1" / "client.py"
    before = client.read_bytes()
    client.write_bytes(before + b"# mine\n")
    (copied / MODELS / "documents.py").unlink()
    found = [Change("documents.py", "missing"), Change("vertex_v1/client.py", "differs")]
    assert check(copied) == ([], found)
    assert generate(copied) == found
    assert client.read_bytes() == before
    assert check(copied) == ([], [])


def test_a_surface_that_is_no_longer_named_goes(copied: Path) -> None:
    sources = copied / "specs" / "sources.toml"
    sources.write_text(sources.read_text().partition("[surfaces.vertex_v1beta1]")[0])
    changes = generate(copied)
    assert Change("vertex_v1beta1/models.py", "left over") in changes
    assert not (copied / MODELS / "vertex_v1beta1" / "models.py").exists()
    assert (copied / MODELS / "vertex_v1" / "models.py").exists()


def test_nothing_is_built_when_nothing_changed(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def build(*_: object) -> dict[str, bytes]:
        raise AssertionError("built although nothing changed")

    monkeypatch.setattr(module, "_build", build)
    assert generate(copied) == []
    (copied / "specs/overlays/vertex_v1.json").write_text("{}")
    with pytest.raises(AssertionError):
        generate(copied)


def test_a_slice_that_is_not_the_locked_one_is_refused(copied: Path) -> None:
    path = copied / "specs/documents/aiplatform.v1.json"
    path.write_text(path.read_text().replace("128 characters", "129 characters"))
    stale, _ = check(copied)
    assert stale == ["aiplatform.v1: aiplatform.v1.json is not the locked slice: run concertpitch-codegen fetch"]
    with pytest.raises(CodegenError, match="is not the locked slice"):
        generate(copied)


def test_a_class_does_not_change_its_meaning_unnoticed(copied: Path) -> None:
    path = copied / MODELS / "vertex_v1" / "models.py"
    text = path.read_text()
    assert len(meanings(text)) > 130
    assert meanings(text)["TuningJobState"] == (
        "aiplatform.v1#/schemas/GoogleCloudAiplatformV1TuningJob/properties/state"
    )
    path.write_text(text.replace("V1TuningJob/properties/state", "V1CustomJob/properties/state"))
    told = r"the class TuningJobState meant .*V1CustomJob/.* now it would mean"
    with pytest.raises(CodegenError, match=told):
        generate(copied)
    (sentence,), changes = check(copied)
    assert re.match(told, sentence)
    assert changes == [Change("vertex_v1/models.py", "differs")]
    assert "V1CustomJob/properties/state" in path.read_text()
    assert generate(copied, accept_new_meanings=True) == [Change("vertex_v1/models.py", "differs")]


def test_a_wrong_overlay_stops_everything(copied: Path) -> None:
    digest = tree_digest(copied / MODELS)
    path = copied / "specs/overlays/vertex_v1.json"
    path.write_text(path.read_text().replace("V1TuningDataStats", "V1TuningDataStat"))
    with pytest.raises(DocumentError, match="matches nothing"):
        generate(copied)
    assert tree_digest(copied / MODELS) == digest


def tree_digest(root: Path) -> str:
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def test_another_document_may_tell_of_the_same_class() -> None:
    text = 'class {}(Message):\n    """A thing.\n\n    Source: {} {} {}\n    """\n'
    proto = "/messages/google.ai.v1.Model", "/enums/google.ai.v1.Model.State"
    form = "/components/schemas/Model", "/components/schemas/Model/properties/state"
    for old, new in zip(proto, form, strict=True):
        assert new_meanings(text.format("Model", "protos", "1", old), text.format("Model", "live", "2", new)) == []
    after = text.format("Model", "live", "2", form[1])
    assert new_meanings(text.format("Model", "protos", "1", proto[0]), after) == [
        f"the class Model meant protos#{proto[0]}, now it would mean live#{form[1]}"
    ]
    assert new_meanings(text.format("Model", "live", "1", form[0]), after) == [
        f"the class Model meant live#{form[0]}, now it would mean live#{form[1]}"
    ]
