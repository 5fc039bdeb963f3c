"""Enums that stay open: a constant the API adds later is a value, not an error.

Owns the pseudo-members for such constants. Must not know any particular enum.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class OpenEnum(StrEnum):
    """Constants known when the code was generated; any other text makes a member that is not listed."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member

    @property
    def is_known(self) -> bool:
        """Whether the constant was listed when the code was generated."""
        return self.value in type(self)._value2member_map_
