"""The differ: every rule fires, its mirror fires backwards, and nothing fires on nothing."""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from concertpitch_codegen.cli import main
from concertpitch_codegen.diff.approvals import Approval, approved
from concertpitch_codegen.diff.compare import compare
from concertpitch_codegen.diff.patterns import relation
from concertpitch_codegen.diff.rules import RULES, Severity
from concertpitch_codegen.diff.run import diff
from concertpitch_codegen.document import Document, LongRunning, Message, Oneof, Origin
from concertpitch_codegen.readers import discovery

if TYPE_CHECKING:
    from pathlib import Path

Raw = dict[str, Any]
Edit = Callable[[Raw], Any]


def shop(raw: Raw) -> Raw:
    return raw["schemas"]["Shop"]


def field(raw: Raw, name: str = "note") -> Raw:
    return shop(raw)["properties"][name]


def method(raw: Raw) -> Raw:
    return raw["resources"]["shops"]["methods"]["create"]


@pytest.fixture
def raw(toy: Raw) -> Raw:
    """The toy API with a method that sends shops, and a field that has everything to change."""
    toy["resources"]["shops"]["methods"]["create"] = {
        "id": "toy.shops.create",
        "path": "v1/shops",
        "httpMethod": "POST",
        "parameters": {"dry": {"type": "boolean", "location": "query"}},
        "request": {"$ref": "Shop"},
        "response": {"$ref": "Shop"},
        "scopes": ["https://toy.example/auth"],
        "description": "Opens a shop.",
    }
    shop(toy)["properties"]["note"] = {"type": "string", "description": "A note, up to 128 characters."}
    shop(toy)["properties"]["size"] = {"type": "integer", "minimum": "1", "default": "5"}
    shop(toy)["properties"]["code"] = {"type": "string", "pattern": "^a$"}
    toy["resources"]["shops"]["methods"]["swap"] = {
        "id": "toy.shops.swap",
        "path": "v1/{one}:swap/{other}",
        "httpMethod": "POST",
        "parameters": {name: {"type": "string", "location": "path", "required": True} for name in ("one", "other")},
        "parameterOrder": ["one", "other"],
    }
    return toy


CASES: dict[str, Edit] = {
    "operation-added": lambda raw: raw["resources"]["shops"]["methods"].update(
        open={"id": "toy.shops.open", "path": "v1/shops:open", "httpMethod": "POST"}
    ),
    "operation-deprecated": lambda raw: method(raw).update(deprecated=True),
    "scope-added": lambda raw: method(raw)["scopes"].append("https://toy.example/more"),
    "service-moved": lambda raw: raw.update(rootUrl="https://toys.example/"),
    "media-added": lambda raw: method(raw).update(supportsMediaUpload=True),
    "parameters-reordered": lambda raw: raw["resources"]["shops"]["methods"]["swap"]["parameterOrder"].reverse(),
    "operation-moved": lambda raw: method(raw).update(path="v1/shops:create"),
    "operation-body-changed": lambda raw: method(raw).update(request={"$ref": "Toy"}),
    "operation-answer-changed": lambda raw: method(raw).update(response={"$ref": "Toy"}),
    "parameter-added": lambda raw: method(raw)["parameters"].update(wet={"type": "boolean", "location": "query"}),
    "required-parameter-added": lambda raw: method(raw)["parameters"].update(
        wet={"type": "boolean", "location": "query", "required": True}
    ),
    "parameter-became-required": lambda raw: method(raw)["parameters"]["dry"].update(required=True),
    "parameter-type-changed": lambda raw: method(raw)["parameters"]["dry"].update(type="string"),
    "schema-added": lambda raw: raw["schemas"].update(Other={"id": "Other", "type": "object"}),
    "schema-deprecated": lambda raw: shop(raw).update(deprecated=True),
    "field-added": lambda raw: shop(raw)["properties"].update(more={"type": "string"}),
    "required-field-added": lambda raw: shop(raw)["properties"].update(
        more={"type": "string", "description": "Required. More."}
    ),
    "field-type-changed": lambda raw: field(raw).update(type="integer", format="int32"),
    "field-became-required": lambda raw: field(raw).update(description="Required. " + field(raw)["description"]),
    "field-became-output-only": lambda raw: field(raw).update(readOnly=True),
    "field-became-input-only": lambda raw: field(raw).update(description="Input only. " + field(raw)["description"]),
    "field-became-immutable": lambda raw: field(raw).update(description="Immutable. " + field(raw)["description"]),
    "field-became-identifier": lambda raw: field(raw).update(description="Identifier. " + field(raw)["description"]),
    "field-deprecated": lambda raw: field(raw).update(deprecated=True),
    "enum-value-added": lambda raw: field(raw, "kind")["enum"].append("HUGE"),
    "enum-value-deprecated": lambda raw: field(raw, "kind").update(enumDeprecated=[True, True]),
    "limit-narrowed": lambda raw: field(raw, "size").update(minimum="2"),
    "pattern-narrowed": lambda raw: field(raw).update(pattern="^a$"),
    "pattern-changed": lambda raw: field(raw, "code").update(pattern="^b$"),
    "default-stated": lambda raw: field(raw).update(default="none"),
    "default-changed": lambda raw: field(raw, "size").update(default="6"),
    "field-became-enum": lambda raw: field(raw).update(enum=["A"]),
    "text-changed": lambda raw: method(raw).update(description="Opens a new shop."),
}


def read(raw: Raw) -> Document:
    return discovery.read(raw, "toy.v1")


@pytest.mark.parametrize("rule", CASES)
def test_each_rule_fires_forwards_and_its_mirror_backwards(raw: Raw, rule: str) -> None:
    changed = copy.deepcopy(raw)
    CASES[rule](changed)
    assert {each.rule for each in compare(read(raw), read(changed))} == {rule}
    assert {each.rule for each in compare(read(changed), read(raw))} == {RULES[rule].mirror}


def test_facts_of_the_protos_are_compared_too(raw: Raw) -> None:
    def with_oneof(*members: str, number: int = 1, metadata: str = "Toy") -> Document:
        document = read(raw)
        origin = Origin("protos", "")
        definitions = dict(document.definitions)
        message, kind = definitions["Shop"], definitions["ShopKind"]
        assert isinstance(message, Message)
        definitions["Shop"] = replaced(message, oneofs=(Oneof("what", members, origin),))
        values = tuple(replaced(each, number=number) for each in kind.values)  # type: ignore[union-attr]
        definitions["ShopKind"] = replaced(kind, values=values)
        operations = dict(document.operations)
        operations["toy.shops.create"] = replaced(
            operations["toy.shops.create"], long_running=LongRunning("Shop", metadata, origin)
        )
        return replaced(document, definitions=definitions, operations=operations)

    def rules(old: Document, new: Document) -> set[str]:
        return {each.rule for each in compare(old, new)}

    assert rules(with_oneof("note"), with_oneof("note", "size")) == {"oneof-member-added"}
    assert rules(with_oneof("note", "size"), with_oneof("note")) == {"oneof-member-removed"}
    assert rules(with_oneof("note"), with_oneof("note", number=2)) == {"enum-number-changed"}
    assert rules(with_oneof("note"), with_oneof("note", metadata="Unused")) == {"operation-result-changed"}


def replaced(value: Any, **changes: Any) -> Any:
    return value.__class__(**{name: getattr(value, name) for name in value.__slots__} | changes)


def test_rules_mirror_each_other_and_each_is_tested() -> None:
    assert {RULES[rule.mirror].mirror for rule in RULES.values()} == set(RULES)
    tested = set(CASES) | {"oneof-member-added", "enum-number-changed", "operation-result-changed"}
    tested |= {"schema-entered-slice"}
    assert {each for rule in tested for each in (rule, RULES[rule].mirror)} == set(RULES)


@pytest.mark.parametrize(
    "edit",
    [
        lambda raw: raw.update(revision="20270101", etag="x"),
        lambda raw: raw.update(title="Toys and Games API", description="Everything."),
        lambda raw: raw.update(schemas=dict(reversed(raw["schemas"].items()))),
        lambda raw: field(raw, "name").pop("readOnly"),
        lambda raw: raw["resources"]["shops"]["methods"]["get"].update(flatPath="v1/shops/{shop}"),
    ],
)
def test_what_is_no_change_gives_none(raw: Raw, edit: Edit) -> None:
    changed = copy.deepcopy(raw)
    edit(changed)
    assert compare(read(raw), read(changed)) == []


def test_direction_decides_how_bad_it_is(raw: Raw) -> None:
    changed = copy.deepcopy(raw)
    for name in ("Shop", "ListToysResponse"):
        changed["schemas"][name]["properties"]["more"] = {"type": "string", "description": "Required. More."}
    found = {each.subject: (each.direction, each.severity) for each in compare(read(raw), read(changed))}
    assert found == {
        "Shop.more": ("both", Severity.WIRE),
        "ListToysResponse.more": ("response", Severity.COMPATIBLE),
    }


def test_what_hangs_on_an_output_only_field_is_not_sent(raw: Raw) -> None:
    field(raw, "address").update(readOnly=True)
    changed = copy.deepcopy(raw)
    field(changed, "address")["properties"]["zip"] = {"type": "string", "description": "Required. Zip."}
    (change,) = compare(read(raw), read(changed))
    assert (change.subject, change.direction) == ("ShopAddress.zip", "response")


def test_what_no_method_mentions_is_only_read(raw: Raw) -> None:
    changed = copy.deepcopy(raw)
    changed["schemas"]["Unused"]["properties"] = {"more": {"type": "string", "description": "Required. More."}}
    (change,) = compare(read(raw), read(changed))
    assert (change.rule, change.direction, change.severity) == ("required-field-added", "unused", Severity.COMPATIBLE)


def test_a_required_field_that_the_path_gives_breaks_no_caller(raw: Raw) -> None:
    swap = raw["resources"]["shops"]["methods"]["swap"]
    swap["request"] = {"$ref": "Swap"}
    raw["schemas"]["Swap"] = {"id": "Swap", "type": "object", "properties": {"other": {"type": "string"}}}
    changed = copy.deepcopy(raw)
    fields = changed["schemas"]["Swap"]["properties"]
    fields["one"] = {"type": "string", "description": "Required. One."}
    fields["other"]["description"] = "Required. Other."
    fields["third"] = {"type": "string", "description": "Required. Third."}
    found = {each.subject: each.rule for each in compare(read(raw), read(changed)) if each.severity.breaks}
    assert found == {"Swap.third": "required-field-added"}
    batch = {"type": "object", "properties": {"swaps": {"type": "array", "items": {"$ref": "Swap"}}}}
    for each in (raw, changed):
        each["schemas"]["Batch"] = {"id": "Batch", **batch}
        method(each)["request"] = {"$ref": "Batch"}
    found = {each.subject: each.rule for each in compare(read(raw), read(changed)) if each.severity.breaks}
    assert found["Swap.one"] == "required-field-added"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (None, "^a$", "narrowed"),
        ("^a$|^b$", "^a$", "narrowed"),
        ("(a)|(b|c)", "(a)|(b|c)|(d)", "widened"),
        ("^shops/[^/]+/toys/[^/]+$", "^shops/[^/]+/toys/.*$", "widened"),
        ("^shops/[^/]+/toys/[^/]+$", "^shops/-/toys/[^/]+$", "narrowed"),
        ("^shops/[^/]+$", "^stores/[^/]+$", "changed"),
        ("^shops/[^/]+$", "^shops/[^/]+/toys/[^/]+$", "changed"),
        (r"\S{1,66}", r"\S{1,67}", "changed"),
    ],
)
def test_patterns_widen_and_narrow(old: str | None, new: str, expected: str) -> None:
    mirrored = {"narrowed": "widened", "widened": "narrowed", "changed": "changed"}
    assert relation(old, new) == expected
    assert relation(new, old) == mirrored[expected]


@pytest.mark.parametrize(
    ("text", "other", "expected"),
    [
        ("A note, up to 128 characters.", "A note, at most 64 characters.", "limit-narrowed"),
        ("Of at most 1,024 bytes.", "Of at most 2,048 bytes.", "limit-widened"),
        ("Between 4 and 63 characters.", "Between 6 and 63 characters.", "limit-narrowed"),
        ("Has the pattern `a|b`.", "Has the pattern `a`.", "pattern-narrowed"),
        ("A note, up to 128 characters.", "A note, no more than 128 characters.", None),
        ("A note.", "A note, up to 128 characters.", None),
    ],
)
def test_limits_that_stand_in_prose_are_compared(raw: Raw, text: str, other: str, expected: str | None) -> None:
    field(raw)["description"] = text
    changed = copy.deepcopy(raw)
    field(changed)["description"] = other
    found = {each.rule for each in compare(read(raw), read(changed))}
    assert found == {"text-changed", *filter(None, [expected])}


def test_a_schema_that_leaves_the_slice_is_not_removed(raw: Raw, tmp_path: Path) -> None:
    changed = copy.deepcopy(raw)
    changed["schemas"]["ListToysResponse"]["properties"]["toys"] = {"type": "array", "items": {"type": "string"}}
    paths = tmp_path / "old.json", tmp_path / "new.json"
    for path, content in zip(paths, (raw, changed), strict=True):
        path.write_text(json.dumps(content))
    old, new = map(str, paths)
    select = ("shops.toys",)
    left = {each.subject: each.rule for each in diff(old, new, select, None).changes}
    assert left == {"ListToysResponse.toys": "field-type-changed", "Toy": "schema-left-slice"}
    entered = {each.subject: each.rule for each in diff(new, old, select, None).changes}
    assert entered == {"ListToysResponse.toys": "field-type-changed", "Toy": "schema-entered-slice"}


def test_approvals_end(raw: Raw) -> None:
    changed = copy.deepcopy(raw)
    shop(changed)["properties"].pop("note")
    (change,) = compare(read(raw), read(changed))
    today = dt.date(2026, 6, 1)
    good = {change.fingerprint: Approval(change.fingerprint, "planned", dt.date(2026, 6, 1))}
    ended = {change.fingerprint: Approval(change.fingerprint, "planned", dt.date(2026, 5, 31))}
    assert approved(change, good, today)
    assert not approved(change, ended, today)
    assert not approved(change, {}, today)


@pytest.fixture
def files(tmp_path: Path, raw: Raw) -> tuple[str, str]:
    changed = copy.deepcopy(raw)
    shop(changed)["properties"].pop("note")
    field(changed, "size")["description"] = "A | pipe."
    paths = tmp_path / "old.json", tmp_path / "new.json"
    for path, content in zip(paths, (raw, changed), strict=True):
        path.write_text(json.dumps(content))
    return str(paths[0]), str(paths[1])


def test_exit_codes(files: tuple[str, str], tmp_path: Path) -> None:
    def run(*arguments: str) -> int:
        return CliRunner().invoke(main, ["diff", *arguments]).exit_code

    old, new = files
    assert run(old, old) == 0
    assert run(old, new) == 1
    assert run(old, new, "--fail-on", "none") == 0
    assert run(new, old) == 0
    assert run(old, str(tmp_path / "nothing.json")) == 100
    assert run(old, new, "--select", "nothing") == 100
    other = json.loads((tmp_path / "old.json").read_text().replace("toy.", "game.").replace("toy", "game"))
    (tmp_path / "other.json").write_text(json.dumps(other))
    assert run(old, str(tmp_path / "other.json")) == 100
    (tmp_path / "html.json").write_text("<html>")
    assert run(old, str(tmp_path / "html.json")) == 100
    approvals = tmp_path / "approvals.toml"
    approvals.write_text('[[approved]]\nfingerprint = "x"\n')
    assert run(old, new, "--approvals", str(approvals)) == 100


def test_an_approved_change_passes(files: tuple[str, str], tmp_path: Path) -> None:
    report = CliRunner().invoke(main, ["diff", *files, "--format", "json"])
    (removed,) = [each for each in json.loads(report.stdout)["changes"] if each["rule"] == "field-removed"]
    assert removed["severity"] == "source"
    assert removed["pointer"] == "/schemas/Shop/properties/note"
    approvals = tmp_path / "approvals.toml"
    approvals.write_text(
        f'[[approved]]\nfingerprint = "{removed["fingerprint"]}"\nreason = "planned"\nuntil = 9999-12-31\n'
    )
    result = CliRunner().invoke(main, ["diff", *files, "--approvals", str(approvals)])
    assert result.exit_code == 0
    assert "1 source, 1 text (1 approved)" in result.stdout


def test_an_approval_that_ended_fails_and_is_told(files: tuple[str, str], tmp_path: Path) -> None:
    report = CliRunner().invoke(main, ["diff", *files, "--format", "json"])
    (removed,) = [each for each in json.loads(report.stdout)["changes"] if each["rule"] == "field-removed"]
    approvals = tmp_path / "approvals.toml"
    approvals.write_text(
        f'[[approved]]\nfingerprint = "{removed["fingerprint"]}"\nreason = "planned"\nuntil = 2020-01-31\n'
    )
    result = CliRunner().invoke(main, ["diff", *files, "--approvals", str(approvals)])
    assert result.exit_code == 1
    assert "approval ended 2020-01-31" in result.stdout


@pytest.mark.parametrize(("fail_on", "expected"), [("source", 0), ("wire", 1), ("semantic", 1), ("none", 0)])
def test_fail_on_names_the_least_that_fails(raw: Raw, tmp_path: Path, fail_on: str, expected: int) -> None:
    changed = copy.deepcopy(raw)
    CASES["operation-moved"](changed)
    paths = tmp_path / "old.json", tmp_path / "new.json"
    for path, content in zip(paths, (raw, changed), strict=True):
        path.write_text(json.dumps(content))
    assert CliRunner().invoke(main, ["diff", *map(str, paths), "--fail-on", fail_on]).exit_code == expected


def test_a_fault_of_the_differ_is_no_answer(files: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("concertpitch_codegen.diff.run.compare", lambda *_, **__: 1 / 0)
    result = CliRunner().invoke(main, ["diff", *files])
    assert result.exit_code == 101
    assert "ZeroDivisionError" in result.stderr


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("text", "Shop.note field-removed: string  [both]"),
        ("markdown", "| field-removed | `Shop.note` string | both |"),
        ("github", "::error title=field-removed::Shop.note field-removed%3A string"),
        ("json", '"subject": "Shop.note"'),
    ],
)
def test_forms(files: tuple[str, str], form: str, expected: str) -> None:
    result = CliRunner().invoke(main, ["diff", *files, "--format", form])
    assert expected.replace("%3A", ":") in result.stdout


def test_an_interrupt_is_no_answer(files: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("concertpitch_codegen.diff.run.diff", interrupted)
    result = CliRunner().invoke(main, ["diff", *files])
    assert (result.exit_code, result.stderr) == (130, "concertpitch-codegen: interrupted\n")
