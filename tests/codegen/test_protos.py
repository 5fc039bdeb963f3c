"""`.proto` files that cannot be compiled are refused with the place that is wrong."""

from __future__ import annotations

import pytest
from concertpitch_codegen.problems import DocumentError
from concertpitch_codegen.sources.protos import compile_protos

HEAD = 'syntax = "proto3";\npackage acme.v1;\n'
NESTED = "".join(f"message M{number} {{\n" for number in range(200)) + "}\n" * 200
ANNOTATIONS = """
syntax = "proto3";
package google.api;
import "google/protobuf/descriptor.proto";
extend google.protobuf.FieldOptions { repeated int32 field_behavior = 1052; }
"""


def compiled(text: str) -> None:
    tree = {"acme/v1/toys.proto": (HEAD + text).encode(), "google/api/x.proto": ANNOTATIONS.encode()}
    compile_protos([tree], "acme/v1", ("acme.v1.Toys",))


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("message A {\n  string a = 1;\n  string a = 2;\n}\n", "5:10", '"a" is already defined in "acme.v1.A"'),
        ("message A {\n  string a = 1;\n  string b = 1;\n}\n", "5:14", "Field number 1 has already been used"),
        ("message A {}\nmessage A {}\n", "4:9", '"A" is already defined'),
        (NESTED, "34:1", "Reached maximum recursion limit for nested messages"),
        ("message A {\n  Nothing a = 1;\n}\n", "4:3", '"Nothing" is not defined'),
        ("message A {\n", "4:1", "Reached end of input"),
    ],
)
def test_what_does_not_compile_has_a_place(text: str, place: str, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        compiled(text)
    first = min(caught.value.problems, key=lambda each: [int(part) for part in each.pointer.split(":")])
    assert (first.document, first.pointer) == ("acme/v1/toys.proto", place)
    assert message in first.message
