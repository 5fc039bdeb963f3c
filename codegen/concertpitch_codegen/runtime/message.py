"""The base of all generated messages: ProtoJSON in, ProtoJSON out, nothing lost.

Owns how a message meets the wire: names in lowerCamelCase there and snake_case here, unknown fields kept,
only what was set sent. Must not know any particular API.
"""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Message(BaseModel):
    """A message. Every field may be absent (None), as proto3 servers leave out what is unset.

    Fields this version of the API did not know are kept: they are in `model_extra` and go back to the wire.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        arbitrary_types_allowed=False,
        extra="allow",
        protected_namespaces=(),
        ser_json_inf_nan="strings",
        serialize_by_alias=True,
        validate_by_alias=True,
        validate_by_name=True,
    )

    @classmethod
    def from_wire(cls, body: bytes | str) -> Self:
        """Read a JSON body. Raises `pydantic.ValidationError` for what is not JSON or has a wrong type."""
        return cls.model_validate_json(body)

    def to_wire(self) -> bytes:
        """Write the JSON body to send: the fields that were set or received, under their wire names."""
        return self.model_dump_json(exclude_unset=True).encode()
