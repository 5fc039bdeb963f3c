"""Requests that are about the endpoint itself: who may ask, in which revision and session, with which verb."""

from __future__ import annotations

from dataclasses import dataclass

from concertpitch.exchange import Exchange
from concertpitch.subjects.credentials import Presented


@dataclass(frozen=True)
class _Door:
    """An answered request; `speaks` are the revisions this endpoint answered in."""

    exchange: Exchange
    endpoint: str
    speaks: frozenset[str]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (self.exchange,)

    @property
    def status(self) -> int:
        return self.exchange.status or 0


@dataclass(frozen=True)
class Knock(_Door):
    """A GET. What a stream that it opened brings is not read."""


@dataclass(frozen=True)
class Foreign(_Door):
    """A POST to a server on loopback with a foreign Origin or Host (`header`), like one that was served without it."""

    header: str


@dataclass(frozen=True)
class StrangeRevision(_Door):
    """A POST whose MCP-Protocol-Version no server can know, like one that was served without it."""

    header: str


@dataclass(frozen=True)
class SessionId(_Door):
    """A session id that the server gave out."""

    value: str


@dataclass(frozen=True)
class Sessionless(_Door):
    """A request without the session id that this server demands: it was refused without, and served with one."""


@dataclass(frozen=True)
class Afterlife(_Door):
    """A request in a session that the server had ended on request."""


@dataclass(frozen=True)
class Outsider(_Door):
    """A request without the run's own credentials, like one that was refused for want of any and served with them.

    `bearer` tells whether the run's own credentials are a bearer token.
    """

    method: str
    presented: Presented
    bearer: bool
