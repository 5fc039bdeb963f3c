"""Messages posted to an MCP endpoint, each with what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from concertpitch.exchange import Exchange
from concertpitch.protojson import message, text
from concertpitch.subjects.mcp import envelopes
from concertpitch.subjects.mcp.revisions import HANDSHAKE, STATELESS

_OK, _INTERNAL = range(200, 300), 500


@dataclass(frozen=True)
class Turn:
    """A well-formed request, alone in its POST, and its answer.

    `revision` is what its header says, '' without one. `speaks` are the revisions this endpoint answered in.
    `reply` is the response message, None when the answer holds none.
    """

    exchange: Exchange
    endpoint: str
    request: dict[str, Any]
    revision: str
    speaks: frozenset[str]
    reply: dict[str, Any] | None

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (self.exchange,)

    @property
    def id(self) -> Any:
        return self.request.get("id")

    @property
    def method(self) -> str:
        return text(self.request.get("method"))

    @property
    def params(self) -> dict[str, Any]:
        return message(self.request.get("params"))

    @property
    def meta(self) -> dict[str, Any]:
        return message(self.params.get("_meta"))

    @property
    def accepted(self) -> bool:
        """Whether HTTP says that all went well."""
        return (self.exchange.status or 0) in _OK

    @property
    def result(self) -> dict[str, Any] | None:
        """The result, if it is an object and no error stands beside it."""
        found = None if self.reply is None or self.error is not None else self.reply.get("result")
        return found if isinstance(found, dict) else None

    @property
    def error(self) -> dict[str, Any] | None:
        found = None if self.reply is None else self.reply.get("error")
        return found if isinstance(found, dict) else None

    @property
    def code(self) -> Any:
        return None if self.error is None else self.error.get("code")

    @property
    def refused(self) -> bool:
        """Whether it was answered with an error, of JSON-RPC or of HTTP."""
        return self.error is not None or not self.accepted

    @property
    def modern(self) -> bool:
        """Whether it was asked in the way of the revision without a handshake, at an endpoint that speaks it."""
        return STATELESS in self.speaks and self.revision not in {"", *HANDSHAKE}

    @property
    def flaw(self) -> str:
        """What is wrong with a modern request's `_meta` and headers: 'meta', 'mismatch', 'version' or ''."""
        return envelopes.flaw(self.exchange, self.request)

    @property
    def stateless(self) -> bool:
        """Whether it is a modern request with nothing wrong in its `_meta` and headers."""
        return self.modern and not self.flaw

    @property
    def name_encoded(self) -> bool:
        """Whether the header Mcp-Name is written in base64."""
        sent = {name.lower(): value for name, value in self.exchange.request_headers}
        return envelopes.is_encoded(sent.get("mcp-name", ""))

    @property
    def shown(self) -> str:
        return f"{self.method} at {self.endpoint}"


@dataclass(frozen=True)
class Handshake:
    """An initialize request: the revision asked for, and the one in the result ('' without a result).

    `taken`: requests whose header names the revision asked for are served here, and one whose header names none that
    there is was refused. `named_only`: only requests whose header names a revision are answered with a result.
    """

    turn: Turn
    asked: str
    answered: str
    taken: bool = False
    named_only: bool = False

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.turn.exchanges


@dataclass(frozen=True)
class Discovery:
    """A server/discover request that was answered with a result."""

    turn: Turn
    result: dict[str, Any]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.turn.exchanges


@dataclass(frozen=True)
class Notice:
    """A message that asks for no response: a notification or a response. `replies` are responses sent all the same."""

    exchange: Exchange
    endpoint: str
    replies: tuple[dict[str, Any], ...]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (self.exchange,)

    @property
    def accepted(self) -> bool:
        return (self.exchange.status or 0) in _OK


@dataclass(frozen=True)
class Malformed:
    """A POST whose body is no request: `kind` is 'json' (not JSON), 'request' (no Request object) or 'version'."""

    exchange: Exchange
    endpoint: str
    kind: str
    reply: dict[str, Any] | None

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (self.exchange,)

    @property
    def code(self) -> Any:
        return message(message(self.reply).get("error")).get("code")

    @property
    def served(self) -> bool:
        return (self.exchange.status or 0) in _OK and "error" not in message(self.reply)

    @property
    def crashed(self) -> bool:
        """Whether it was answered as an internal error, and by no error of JSON-RPC."""
        return self.exchange.status == _INTERNAL and self.code is None


@dataclass(frozen=True)
class Batch:
    """A POST of an array with requests of the ids `asked`.

    `answered` are the ids of the results, `replied` those of results and errors. `speaks` as in `Turn`.
    """

    exchange: Exchange
    endpoint: str
    revision: str
    speaks: frozenset[str]
    asked: tuple[Any, ...]
    answered: tuple[Any, ...]
    replied: tuple[Any, ...]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (self.exchange,)
