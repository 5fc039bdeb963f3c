"""What is not JSON as the project reads it is refused with a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from concertpitch_codegen import jsontext
from concertpitch_codegen.problems import DocumentError


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<!DOCTYPE html><html>Error 404</html>", "is an HTML or XML page"),
        (b'{"a": {"b": 1', "the text ends early"),
        (b'{"a": 1, "a": 2}', "has the key 'a' twice in one object"),
        (b'{"a": NaN}', "NaN is not a JSON value"),
        (b'{"a": -1e400}', "has the number -1e400, which is too large for a double"),
        (b"[1]", "is a JSON list, an object was expected"),
        (b'{"a": "\xff"}', "is not UTF-8: byte 7"),
        (b"", "is not JSON"),
        (b'{"a": "\\ud83d"}', "has half of a surrogate pair"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "is nested deeper than 200 levels"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "is nested deeper than 200 levels"),
    ],
)
def test_refusals(data: bytes, sentence: str) -> None:
    with pytest.raises(DocumentError) as caught:
        jsontext.parse(data, "toy.v1")
    (problem,) = caught.value.problems
    assert problem.document == "toy.v1"
    assert sentence in problem.message


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        (b'{"a": [0, {"x/y": {"b": 1, "b": 2}}]}', "/a/1/x~1y"),
        (b'{"a": 1, "b": {}, "a": {"c": 1, "c": 2}, "a": 3}', ""),
        (b'{"s": "{[", "l": [1, {"a":' * 150 + b"1" + b"}]}" * 150, "/l/1/a" * 66 + "/l/1"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "/a" * 200),
        (b'{"a":' + b"[" * 100_000, "/a" + "/0" * 199),
    ],
)
def test_what_is_wrong_has_a_pointer(data: bytes, pointer: str) -> None:
    with pytest.raises(DocumentError) as caught:
        jsontext.parse(data, "toy.v1")
    assert [problem.pointer for problem in caught.value.problems] == [pointer]


def test_an_enormous_text_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsontext, "MAX_BYTES", 10)
    with pytest.raises(DocumentError, match="has 11 bytes, the limit is 10"):
        jsontext.parse(b"x" * 11, "toy.v1")


def test_the_canonical_digest_ignores_spacing_order_etag_and_revision() -> None:
    one = jsontext.parse(b'{"revision": "1", "etag": "x", "a": [1], "b": 2}', "toy")
    two = jsontext.parse(b'{"b":2,"a":[1],"revision":"2"}', "toy")
    other = jsontext.parse(b'{"b":3,"a":[1]}', "toy")
    assert jsontext.canonical_sha256(one) == jsontext.canonical_sha256(two)
    assert jsontext.canonical_sha256(one) != jsontext.canonical_sha256(other)


def test_what_is_read_can_be_written() -> None:
    value = {"b": [1.5, -0.0, 2**70, "\u2028 \U0001f600"], "a": {}, "c": [], "": None}
    assert jsontext.parse(jsontext.dump(value), "toy") == value
    assert jsontext.parse(b'{"a": "\\ud83d\\ude00"}', "toy") == {"a": "\U0001f600"}


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 18446744073709551616}',
        '{"a":-9223372036854775809,"b":[1,\t18446744073709551616]}',
        '{"a": [\n123456789012345678901234567890\n]}',
        '{"a": 9223372036854775807, "b": "?uid=123456789012345678901", "c": 0.10000000000000000000000001}',
        '{"a\\u0022": "\\u0022", "b": "\\\\u0022"}',
        '{"a":' * 198 + "[1, {}]" + "}" * 198,
    ],
)
def test_sound_text_is_read_as_it_stands(text: str) -> None:
    """However it is read: an integer of more than 64 bits is no float, and nothing at the limits is lost."""
    read = jsontext.parse(text.encode(), "toy")
    assert repr(read) == repr(json.loads(text))


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def fail(self: Path, target: Path) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        jsontext.write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
