"""The base of all generated messages: ProtoJSON in, ProtoJSON out, nothing lost.

Owns how a message meets the wire: names in lowerCamelCase there and snake_case here, unknown fields kept,
only what was set sent. Reading is lenient; what code constructs is checked. Must not know any particular
API.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

if TYPE_CHECKING:
    # A type checker takes the signature of a constructor from the fields alone.
    from pydantic._internal._model_construction import ModelMetaclass as _Constructed
else:

    class _Constructed(type(BaseModel)):
        """Checks what code constructs; messages read from the wire are made another way."""

        def __call__(cls, *args: Any, **values: Any) -> Any:
            made = super().__call__(*args, **values)
            made._check_oneofs()  # noqa: SLF001
            return made


class Message(BaseModel, metaclass=_Constructed):
    """A message. Every field may be absent (None), as proto3 servers leave out what is unset.

    Fields this version of the API did not know are kept: they are in `model_extra` and go back to the wire.
    Constructing a message with two members of one oneof raises `ValueError`; reading one does not.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        arbitrary_types_allowed=False,
        defer_build=True,  # who needs one message does not wait for hundreds
        extra="allow",
        protected_namespaces=(),
        ser_json_inf_nan="strings",
        serialize_by_alias=True,
        validate_by_alias=True,
        validate_by_name=True,
    )

    # Facts of the documents, by wire name.
    __oneofs__: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    __required__: ClassVar[frozenset[str]] = frozenset()
    __output_only__: ClassVar[frozenset[str]] = frozenset()
    __immutable__: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def from_wire(cls, body: bytes | str) -> Self:
        """Read a JSON body. Raises `pydantic.ValidationError` for what is not JSON or has a wrong type."""
        collecting = gc.isenabled()
        gc.disable()  # a message has no cycles, and looking for some while it is read takes a tenth of the time
        try:
            return cls.model_validate_json(body)
        finally:
            if collecting:
                gc.enable()

    def to_wire(self) -> bytes:
        """Write the JSON body to send: the fields that were set or received, under their wire names."""
        return self.model_dump_json(exclude_unset=True).encode()

    def request_problems(self) -> list[str]:
        """Say what a server may refuse or ignore if this is sent: one sentence a field, with its path.

        Required fields that are missing, output-only fields that are set, and oneofs with several members.
        """
        return list(self._problems(""))

    def _problems(self, path: str) -> Iterator[str]:
        present = self._present()
        yield from (f"{path}{name} is required" for name in sorted(self.__required__ - present.keys()))
        yield from (f"{path}{name} is output only" for name in sorted(self.__output_only__ & present.keys()))
        yield from (f"{path}{sentence}" for sentence in self._oneof_problems(present))
        for name, value in present.items():
            for step, each in _messages(value):
                yield from each._problems(f"{path}{name}{step}.")  # noqa: SLF001

    def _present(self) -> dict[str, Any]:
        """Give the declared fields that have a value, by wire name."""
        fields = type(self).model_fields
        named = ((fields[name], getattr(self, name)) for name in fields if name in self.model_fields_set)
        return {str(field.serialization_alias or field.alias): value for field, value in named if value is not None}

    def _oneof_problems(self, present: Mapping[str, Any]) -> Iterator[str]:
        for oneof, members in self.__oneofs__.items():
            found = [member for member in members if member in present]
            if len(found) > 1:
                yield f"{' and '.join(found)} exclude each other: at most one of {oneof} may be set"

    def _check_oneofs(self) -> None:
        for sentence in self._oneof_problems(self._present()) if self.__oneofs__ else ():
            raise ValueError(sentence)


def _messages(value: Any) -> Iterator[tuple[str, Message]]:
    """Yield the messages in a field's value, each with the step that leads to it."""
    if isinstance(value, Message):
        yield "", value
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from ((f"[{index}]{step}", inner) for step, inner in _messages(each))
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from ((f"[{key}]{step}", inner) for step, inner in _messages(each))
