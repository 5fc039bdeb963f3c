"""Patches and deletes of tuned models, with what was seen before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from concertpitch.exchange import Exchange
from concertpitch.protojson import message
from concertpitch.schema import Request
from concertpitch.subjects.calls import Call
from concertpitch.subjects.gemini.models import TunedModel
from concertpitch.subjects.lists import Walk

SETTINGS = ("displayName", "description", "temperature", "topP", "topK", "readerProjectNumbers")
"""The members of a tuned model that a caller may change."""


@dataclass(frozen=True)
class Patch:
    """A patch of a tuned model. `mask` holds its paths in lowerCamelCase, `unknown` those that lead nowhere.

    `sent` is the body's canonical form; `raw` has the output-only members too. `before` and `after` are the gets next
    to it, None where there is none or something else may have changed the model between. `unreadable`: the body is no
    JSON at all.
    """

    call: Call
    request: Request
    mask: tuple[str, ...]
    unknown: tuple[str, ...]
    before: TunedModel | None
    after: TunedModel | None
    answer: dict[str, Any]
    unreadable: bool = False

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        first = (self.before.exchange,) if self.before else ()
        last = (self.after.exchange,) if self.after else ()
        return (*first, self.call.exchange, *last)

    @property
    def sent(self) -> dict[str, Any]:
        return self.request.canonical

    @property
    def raw(self) -> dict[str, Any]:
        return message(self.call.exchange.request.value)

    @property
    def named(self) -> tuple[str, ...]:
        """The settings that the mask names, each of which the patch sets or clears."""
        return tuple(path for path in self.mask if path in SETTINGS)

    @property
    def plain(self) -> bool:
        """Whether the mask names settings only, and nothing is wrong with what is sent."""
        right = not self.unreadable and not self.request.faults - {"missing", "empty"}
        return right and bool(self.mask) and self.named == self.mask


@dataclass(frozen=True)
class PatchedTogether:
    """A patch that was under way together with others of other members, and the first get after them all."""

    patch: Patch
    others: tuple[Patch, ...]
    after: TunedModel

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (self.patch.call.exchange, *(one.call.exchange for one in self.others), self.after.exchange)


@dataclass(frozen=True)
class Deletion:
    """A delete of a tuned model or permission that succeeded, and a later call on what it deleted.

    `call` is a get of it, or another delete; `walk` is a later whole walk of its collection that shows it, or should
    not.
    """

    delete: Call
    kind: str
    call: Call | None
    walk: Walk | None
    listed: bool

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        later = (self.call.exchange,) if self.call else self.walk.exchanges[:1] if self.walk else ()
        return (self.delete.exchange, *later)
