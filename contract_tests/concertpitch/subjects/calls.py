"""A call: an exchange on a path of the surface; and its answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from concertpitch.exchange import Exchange
from concertpitch.surfaces import Route


@dataclass(frozen=True)
class Call:
    """An answered exchange on a path of the surface: which method, with which path variables and query.

    `version` is the path's first segment and `resource` what follows it, without `:verb`. `served`: the target
    answered this method with success at least once in the run, so it has it.
    """

    exchange: Exchange
    route: Route
    variables: tuple[tuple[str, str], ...]
    version: str
    resource: str
    served: bool

    @property
    def method(self) -> str:
        return self.route.method

    @cached_property
    def path(self) -> dict[str, str]:
        return dict(self.variables)

    @cached_property
    def query(self) -> dict[str, str]:
        return dict(self.exchange.query)

    @property
    def parent(self) -> tuple[str, str]:
        """The project and location of the path, as the caller spelled them."""
        return self.path.get("projectsId", ""), self.path.get("locationsId", "")

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.exchange.status or 0

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - the success class of HTTP

    @property
    def refused(self) -> bool:
        """Whether the answer calls the request itself wrong (not who sent it, nor how often)."""
        return self.status in {400, 404, 405, 409, 411, 413, 415, 422}

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (self.exchange,)


@dataclass(frozen=True)
class Answer:
    """A successful answer of a method of the surface."""

    call: Call

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.call.exchanges


@dataclass(frozen=True)
class Unrouted:
    """An answered exchange under the target's base URL that is on no method of the surface."""

    exchange: Exchange

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (self.exchange,)
