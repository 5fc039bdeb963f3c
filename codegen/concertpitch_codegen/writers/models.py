"""Pydantic models: `models.py` of a surface, written by datamodel-code-generator.

Owns the schemas it is given: short stable names, types that keep what the wire says, docstrings that cite.
Must not know source formats.
"""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from concertpitch_codegen.problems import CodegenError
from concertpitch_codegen.writers.naming import class_names, constant_name, snake_case
from concertpitch_codegen.writers.templates import WIDTH, literal, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable

_REF = "#/$defs/"
_SCALARS = {
    "int64": "Int64",
    "uint64": "Int64",
    "google-datetime": "Timestamp",
    "date-time": "Timestamp",
    "google-duration": "Duration",
    "google-fieldmask": "FieldMask",
    "byte": "Base64",
}
_BEHAVIORS = {
    "IMMUTABLE": "__immutable__",
    "OUTPUT_ONLY": "__output_only__",
    "REQUIRED": "__required__",
}
_METHODS = frozenset({"from_wire", "request_problems", "to_wire"})  # of the runtime's Message
_KEPT = ("type", "minItems", "maxItems")


def write_models(schemas: dict[str, Any], namespaces: Iterable[str], package: str) -> bytes:
    """Write the Python module of all `$defs` of a JSON Schema.

    `package` is where `runtime` can be imported from.
    """
    names = class_names(schemas["$defs"], namespaces)
    prepared = {
        "$schema": schemas["$schema"],
        "$defs": {names[name]: _definition(schema, names, package) for name, schema in schemas["$defs"].items()},
    }
    facts = {names[name]: {"facts": _facts(schema)} for name, schema in schemas["$defs"].items()}
    return _tidy(_generate(prepared, facts, package), package).encode()


def _definition(schema: dict[str, Any], names: dict[str, str], package: str) -> dict[str, Any]:
    """Prepare one named schema; its docstring ends with the place it was read from."""
    prepared = _schema(schema, names, package)
    source = schema.get("x-concertpitch-source", {})
    cited = f"Source: {source.get('document')} {source.get('revision')} {source.get('pointer')}".rstrip()
    prepared["description"] = "\n\n".join(filter(None, [_wrapped(schema.get("description")), cited]))
    return prepared


def _schema(schema: dict[str, Any], names: dict[str, str], package: str) -> dict[str, Any]:
    prepared: dict[str, Any] = {key: schema[key] for key in _KEPT if key in schema}
    for each in (schema, *schema.get("anyOf", ())):  # a reference, or one that may be null, as every field may
        if "$ref" in each and (each is schema or {"type": "null"} in schema["anyOf"]):
            prepared["$ref"] = _REF + names[each["$ref"].rpartition("/")[2]]
    if scalar := _SCALARS.get(schema.get("format", "")):
        prepared = {"customTypePath": f"{package}.runtime.scalars.{scalar}"}
    if text := _wrapped(schema.get("description")):
        prepared["description"] = text
    if "enum" in schema and schema.get("type") == "string":
        prepared |= _constants(schema)
    if "items" in schema:
        prepared["items"] = _schema(schema["items"], names, package)
    if isinstance(schema.get("additionalProperties"), dict):
        prepared["additionalProperties"] = _schema(schema["additionalProperties"], names, package)
    if "properties" in schema:
        prepared["properties"] = {name: _schema(each, names, package) for name, each in schema["properties"].items()}
    return prepared


def _facts(schema: dict[str, Any]) -> dict[str, str]:
    """Write as Python what pydantic has no word for: oneofs and field behaviour, by wire name."""
    facts: dict[str, str] = {}
    if oneofs := {name: tuple(members) for name, members in schema.get("x-google-oneof", {}).items()}:
        pairs = [f"{literal(name)}: {_tuple(members)}" for name, members in sorted(oneofs.items())]
        facts["__oneofs__"] = _braced(pairs)
    for behavior, attribute in _BEHAVIORS.items():
        names = sorted(
            name
            for name, each in schema.get("properties", {}).items()
            if behavior in each.get("x-google-field-behavior", ())
        )
        if names:
            facts[attribute] = f"frozenset({_braced([literal(name) for name in names])})"
    return facts


def _braced(items: list[str]) -> str:
    """Lay out a set or a dictionary: on one line if it fits, else its items on one, else one item a line."""
    together = ", ".join(items)
    if len(together) <= WIDTH - 40:
        return f"{{{together}}}"
    lines = [together] if len(together) <= WIDTH - 8 else [f"{each}," for each in items]
    return "{\n" + "".join(f"        {each}\n" for each in lines) + "    }"


def _tuple(members: tuple[str, ...]) -> str:
    return f"({', '.join(map(literal, members))}{',' * (len(members) == 1)})"


def _constants(schema: dict[str, Any]) -> dict[str, Any]:
    descriptions = schema.get("x-google-enum-descriptions") or [""] * len(schema["enum"])
    return {
        "enum": schema["enum"],
        "x-enum-varnames": [constant_name(value) for value in schema["enum"]],
        "x-enum-descriptions": [_wrapped(text) or None for text in descriptions],
    }


def _wrapped(text: str | None) -> str:
    lines = (text or "").strip().splitlines()
    return "\n".join(part for line in lines for part in wrapped(line, 4, 4) or [""])


def warm_up() -> None:
    """Import the generator, so that processes forked from this one need not."""
    import datamodel_code_generator.parser.jsonschema  # noqa: F401, PLC0415


def _generate(schemas: dict[str, Any], facts: dict[str, dict[str, Any]], package: str) -> str:
    # These imports take 0.4 s, and only generation needs them.
    import datamodel_code_generator as dmcg  # noqa: PLC0415
    from datamodel_code_generator.enums import AliasGenerator, DataModelType  # noqa: PLC0415

    with as_file(files("concertpitch_codegen") / "templates" / "models") as templates:
        result = dmcg.generate(
            json.dumps(schemas),
            aliases=_kept_apart(schemas),
            additional_imports=[f"{package}.runtime.enums.OpenEnum"],
            alias_generator=AliasGenerator.ToCamel,
            capitalise_enum_members=True,
            base_class=f"{package}.runtime.message.Message",
            custom_file_header="#",
            custom_template_dir=templates,
            disable_timestamp=True,
            extra_template_data=defaultdict(dict, facts),
            force_optional_for_required_fields=True,
            formatters=[],
            input_file_type=dmcg.InputFileType.JsonSchema,
            output_model_type=DataModelType.PydanticV2BaseModel,
            skip_root_model=True,
            snake_case_field=True,
            target_python_version=dmcg.PythonVersion.PY_311,
            use_double_quotes=True,
            use_exact_imports=True,
            use_field_description=True,
            use_schema_description=True,
            use_specialized_enum=True,
            use_standard_collections=True,
            use_union_operator=True,
        )
    if not isinstance(result, str):
        raise CodegenError("datamodel-code-generator wrote several modules, one was expected")
    return result


def _kept_apart(schemas: dict[str, Any]) -> dict[str, str]:
    """Name the fields that would hide a method of the runtime's messages, by their names on the wire."""
    fields = {name for each in schemas["$defs"].values() for name in each.get("properties", ())}
    return {name: f"{snake_case(name)}_" for name in sorted(fields) if snake_case(name) in _METHODS}


def _tidy(source: str, package: str) -> str:
    """Import only what is used, sorted; close the file with one newline."""
    tree = ast.parse(source)
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    # Python's lines end at line feeds alone; strings may hold what `splitlines` takes for an end.
    body = "\n".join(source.split("\n")[max(node.end_lineno or 0 for node in imports) :])
    # Messages are built when they are first used, those that refer to themselves too.
    body = re.sub(r"^\w+\.model_rebuild\(\)$", "", body, flags=re.MULTILINE).strip("\n")
    used = set(re.findall(r"\w+", body))
    groups: dict[tuple[int, str], list[str]] = {}
    for node in imports:
        module = node.module or ""
        group = 2 if module.startswith(f"{package}.") else 1 if module == "pydantic" else 0
        for name in node.names:
            if module != "__future__" and (name.asname or name.name) in used:
                text = f"{name.name} as {name.asname}" if name.asname else name.name
                groups.setdefault((group, module), []).append(text)
    blocks = [
        "\n".join(
            f"from {module} import {', '.join(sorted(names))}"
            for (group, module), names in sorted(groups.items())
            if group == wanted
        )
        for wanted in range(3)
    ]
    header = '"""Messages and enums. Generated by concertpitch-codegen; do not edit."""'
    parts = [header, "from __future__ import annotations", *filter(None, blocks), f"\n{body}"]
    return "\n\n".join(parts) + "\n"
