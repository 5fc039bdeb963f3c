"""YAML is read as the JSON it stands for, or refused with a pointer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click.testing import CliRunner
from concertpitch_codegen import yamltext
from concertpitch_codegen.cli import main
from concertpitch_codegen.problems import DocumentError
from concertpitch_codegen.yamltext import parse_yaml

if TYPE_CHECKING:
    from pathlib import Path


def test_scalars_are_those_of_json() -> None:
    text = b"""
    on: no
    when: 2024-01-01
    version: 1.0
    count: 12
    octal: 012
    quoted: "12"
    tagged: !!str 12
    off: 1e3
    empty:
    none: ~
    yes: true
    404: [a, 1, {b: c}]
    folded: >
      one
      two
    """
    assert parse_yaml(text, "toy") == {
        "on": "no",
        "when": "2024-01-01",
        "version": 1.0,
        "count": 12,
        "octal": "012",
        "quoted": "12",
        "tagged": "12",
        "off": 1000.0,
        "empty": None,
        "none": None,
        "yes": True,
        "404": ["a", 1, {"b": "c"}],
        "folded": "one two\n",
    }


def test_aliases_are_followed() -> None:
    assert parse_yaml(b"a: &x {b: 1}\nc: [*x, *x]", "toy") == {"a": {"b": 1}, "c": [{"b": 1}, {"b": 1}]}


LAUGHS = b"a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"a%d: &a%d [%s]\n" % (number, number, b", ".join([b"*a%d" % (number - 1)] * 10)) for number in range(1, 12)
)


@pytest.mark.parametrize(
    ("data", "pointer", "sentence"),
    [
        (b"a:\n  - 0\n  - x/y:\n      b: 1\n      b: 2", "/a/1/x~1y", "has the key 'b' twice in one object"),
        (b"a: " + b"[" * 300 + b"]" * 300, "/a" + "/0" * 199, "is nested deeper than 200 levels"),
        (b"a: " + b"[" * 10_000, "/a" + "/0" * 199, "is nested deeper than 200 levels"),
        (LAUGHS, "/a6", "grows to more than 2000000 values by its aliases"),
        (b"a: &x [*x]", "/a/0", "uses the alias 'x', which stands for nothing, or for what it is in"),
        (b"a: !!python/object/apply:os.system [x]", "/a", "has the tag tag:yaml.org,2002:python"),
        (b"a: !secret x", "/a", "has the tag !secret"),
        (b"a: !!python/name:os.system x", "/a", "has the tag tag:yaml.org,2002:python/name:os.system"),
        (b"a: &x {b: 1}\nc: {<<: *x}", "/c", "has a merge key"),
        (b"? [a]\n: 1", "", "has a key that is no text"),
        (b"a: 1\n---\nb: 2", "", "holds several YAML documents"),
        (b"a: [1, 2", "", "is not YAML: did not find expected"),
        (b"a: \xff", "", "is not UTF-8: byte 3"),
        (b"- 1", "", "is a YAML list, a mapping was expected"),
        (b"", "", "is a YAML NoneType, a mapping was expected"),
    ],
)
def test_refusals(data: bytes, pointer: str, sentence: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_yaml(data, "toy")
    (problem, *_) = caught.value.problems
    assert sentence in problem.message
    assert problem.pointer == pointer


def test_an_enormous_text_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yamltext, "MAX_BYTES", 10)
    with pytest.raises(DocumentError, match="has 11 bytes, the limit is 10"):
        parse_yaml(b"x" * 11, "toy")


@pytest.mark.parametrize("ending", ["yaml", "yml"])
def test_a_yaml_document_converts_as_its_json_does(tmp_path: Path, form: dict[str, Any], ending: str) -> None:
    (tmp_path / "toy.json").write_text(json.dumps(form))
    (tmp_path / f"toy.{ending}").write_text(yaml.safe_dump(form))
    written = [
        CliRunner().invoke(main, ["convert", str(tmp_path / name)]).stdout for name in ("toy.json", f"toy.{ending}")
    ]
    assert written[0].replace('"toy"', f'"toy.{ending}"') == written[1]
    assert written[0]
