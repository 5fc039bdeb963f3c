"""What protobuf descriptors say, as plain JSON values with names instead of numbers for pointers.

Owns the reading of descriptors and of Google's own options in them: field behaviour, resources, HTTP rules,
what a long-running operation carries. Must not know where the descriptors came from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
    MethodDescriptorProto,
    ServiceDescriptorProto,
    SourceCodeInfo,
)

from concertpitch_codegen.problems import CodegenError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from google.protobuf.descriptor_pool import DescriptorPool

_MESSAGE, _NESTED, _ENUM, _NESTED_ENUM, _FIELD, _VALUE, _SERVICE, _METHOD = 4, 3, 5, 4, 2, 2, 6, 2
_WELL_KNOWN = "google.protobuf."


class DescriptorReader:
    """One compiled set of files, and the option classes that know its extensions."""

    def __init__(self, descriptors: FileDescriptorSet, pool: DescriptorPool, options: Mapping[str, Any]) -> None:
        self._pool = pool
        self._options = options
        self._comments: dict[tuple[str, tuple[int, ...]], str] = {}
        self._messages: dict[str, tuple[DescriptorProto, FileDescriptorProto, tuple[int, ...]]] = {}
        self._enums: dict[str, tuple[EnumDescriptorProto, FileDescriptorProto, tuple[int, ...]]] = {}
        self._methods: dict[str, tuple[MethodDescriptorProto, FileDescriptorProto, tuple[int, ...]]] = {}
        self._services: dict[str, ServiceDescriptorProto] = {}
        for file in descriptors.file:
            self._index(file)

    def _service(self, name: str) -> dict[str, Any]:
        service = self._services[name]
        scopes = self._extension(service, "ServiceOptions", "google.api.oauth_scopes") or ""
        return _said(
            host=self._extension(service, "ServiceOptions", "google.api.default_host"),
            scopes=[scope.strip() for scope in scopes.split(",") if scope.strip()],
        )

    def services_of(self, package: str) -> tuple[str, ...]:
        """List the services of one package. Raises `CodegenError` where there is none to describe."""
        found = tuple(sorted(name for name in self._services if name.rpartition(".")[0] == package))
        if not found:
            raise CodegenError(f"the package {package} has no service, and only what services reach is described")
        return found

    def describe(self, services: tuple[str, ...], mixins: tuple[str, ...]) -> dict[str, Any]:
        """Describe the methods of the services and the mixins, and every message and enum they reach."""
        methods = {name: self._method(name) for name in sorted(self._methods) if name.rpartition(".")[0] in services}
        if missing := [name for name in services if not any(method.startswith(f"{name}.") for method in methods)]:
            raise CodegenError(f"the package's protos have no service {missing[0]}")
        for mixin in mixins:
            name, verb, path = mixin.split()
            if name not in self._methods:
                raise CodegenError(f"the package's protos have no method {name}")
            rules = methods[name]["http"] if name in methods else []
            methods[name] = self._method(name) | {"http": [*rules, {"verb": verb, "path": path}]}
        queue = [name for method in methods.values() for name in _method_types(method)]
        messages: dict[str, Any] = {}
        enums: dict[str, Any] = {}
        while queue:
            name = queue.pop()
            if name in self._enums and name not in enums:
                enums[name] = self._enum(name)
            elif name in self._messages and name not in messages and not name.startswith(_WELL_KNOWN):
                messages[name] = self._message(name)
                queue += [each["refers_to"] for each in messages[name]["fields"].values() if "refers_to" in each]
        return {
            "services": {name: self._service(name) for name in services},
            "methods": methods,
            "messages": dict(sorted(messages.items())),
            "enums": dict(sorted(enums.items())),
        }

    # -- index

    def _index(self, file: FileDescriptorProto) -> None:
        for location in file.source_code_info.location:
            if text := _comment(location):
                self._comments[file.name, tuple(location.path)] = text
        for index, message in enumerate(file.message_type):
            self._index_message(f"{file.package}.{message.name}", message, file, (_MESSAGE, index))
        for index, enum in enumerate(file.enum_type):
            self._enums[f"{file.package}.{enum.name}"] = (enum, file, (_ENUM, index))
        for index, service in enumerate(file.service):
            self._services[f"{file.package}.{service.name}"] = service
            for number, method in enumerate(service.method):
                place = (_SERVICE, index, _METHOD, number)
                self._methods[f"{file.package}.{service.name}.{method.name}"] = (method, file, place)

    def _index_message(
        self, name: str, message: DescriptorProto, file: FileDescriptorProto, place: tuple[int, ...]
    ) -> None:
        self._messages[name] = (message, file, place)
        for index, nested in enumerate(message.nested_type):
            self._index_message(f"{name}.{nested.name}", nested, file, (*place, _NESTED, index))
        for index, enum in enumerate(message.enum_type):
            self._enums[f"{name}.{enum.name}"] = (enum, file, (*place, _NESTED_ENUM, index))

    # -- descriptions

    def _message(self, name: str) -> dict[str, Any]:
        message, file, place = self._messages[name]
        oneofs: dict[str, list[str]] = {}
        for field in message.field:
            if field.HasField("oneof_index") and not field.proto3_optional:
                oneofs.setdefault(message.oneof_decl[field.oneof_index].name, []).append(field.json_name)
        resource = self._extension(message, "MessageOptions", "google.api.resource")
        return _said(
            file=file.name,
            comment=self._comments.get((file.name, place)),
            deprecated=message.options.deprecated,
            oneofs=oneofs,
            resource={"type": resource.type, "pattern": list(resource.pattern)} if resource else None,
        ) | {
            "fields": {
                field.json_name: self._field(field, file, (*place, _FIELD, index))
                for index, field in enumerate(message.field)
            }
        }

    def _field(self, field: FieldDescriptorProto, file: FileDescriptorProto, place: tuple[int, ...]) -> dict[str, Any]:
        reference = self._extension(field, "FieldOptions", "google.api.resource_reference")
        behaviors = self._extension(field, "FieldOptions", "google.api.field_behavior") or ()
        named = self._pool.FindEnumTypeByName("google.api.FieldBehavior").values_by_number if behaviors else {}
        kind, refers_to, shape = self._type(field)
        return _said(
            name=field.name,
            number=field.number,
            type=kind,
            refers_to=refers_to,
            shape=shape,
            explicit_presence=field.proto3_optional,
            behaviors=[named[number].name for number in behaviors],
            deprecated=field.options.deprecated,
            resource_reference=(reference.type or reference.child_type) if reference else None,
            comment=self._comments.get((file.name, place)),
        )

    def _type(self, field: FieldDescriptorProto) -> tuple[str, str | None, str | None]:
        """Give the proto type, the full name it refers to, and `list` or `map` where it is repeated."""
        repeated = field.label == FieldDescriptorProto.LABEL_REPEATED
        target = field.type_name.lstrip(".")
        if target in self._messages and self._messages[target][0].options.map_entry:
            kind, refers_to, _ = self._type(self._messages[target][0].field[1])
            return kind, refers_to, "map"
        kind = FieldDescriptorProto.Type.Name(field.type).removeprefix("TYPE_").lower()
        return kind, target or None, "list" if repeated else None

    def _enum(self, name: str) -> dict[str, Any]:
        enum, file, place = self._enums[name]
        return _said(
            file=file.name,
            comment=self._comments.get((file.name, place)),
            values={
                value.name: _said(
                    number=value.number,
                    deprecated=value.options.deprecated,
                    comment=self._comments.get((file.name, (*place, _VALUE, index))),
                )
                | {"number": value.number}
                for index, value in enumerate(enum.value)
            },
        )

    def _method(self, name: str) -> dict[str, Any]:
        method, file, place = self._methods[name]
        rule = self._extension(method, "MethodOptions", "google.api.http")
        operation = self._extension(method, "MethodOptions", "google.longrunning.operation_info")
        return _said(
            file=file.name,
            comment=self._comments.get((file.name, place)),
            input=method.input_type.lstrip("."),
            output=method.output_type.lstrip("."),
            http=[_rule(each) for each in (rule, *rule.additional_bindings)] if rule else [],
            operation={
                "response": self._resolve(operation.response_type, file),
                "metadata": self._resolve(operation.metadata_type, file),
            }
            if operation
            else None,
        )

    def _resolve(self, name: str, file: FileDescriptorProto) -> str:
        return name if name in self._messages else f"{file.package}.{name}"

    def _extension(self, described: Any, kind: str, name: str) -> Any:
        """Read an option that protobuf itself does not know; None where it is not set."""
        raw = described.options.SerializeToString()
        if not raw:
            return None
        try:
            extension = self._pool.FindExtensionByName(name)
        except KeyError:
            return None
        value = self._options[kind].FromString(raw).Extensions[extension]
        return value if not hasattr(value, "ByteSize") or value.ByteSize() else None


def _rule(rule: Any) -> dict[str, str]:
    verb = rule.WhichOneof("pattern")
    path = rule.custom.path if verb == "custom" else getattr(rule, verb)
    return _said(verb=rule.custom.kind if verb == "custom" else verb.upper(), path=path, body=rule.body)


def _method_types(method: dict[str, Any]) -> Iterator[str]:
    yield method["input"]
    yield method["output"]
    yield from method.get("operation", {}).values()


def _comment(location: SourceCodeInfo.Location) -> str:
    """Join a leading comment's lines; an empty line stays a paragraph break."""
    paragraphs = (location.leading_comments or location.trailing_comments).split("\n\n")
    return "\n\n".join(" ".join(each.split()) for each in paragraphs).strip()


def _said(**members: Any) -> dict[str, Any]:
    """Keep what was said: no empty text, list or object, no false flag."""
    return {key: value for key, value in members.items() if value}
