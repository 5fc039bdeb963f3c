"""Lies about the filter of tuned models."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from concertpitch_emulator.faults.gemini.listing import PageHook, Test, again, as_asked
from concertpitch_emulator.gemini.filters import compile_filter
from concertpitch_emulator.gemini.hooks import Fault

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.records import ModelRecord


def _filtering(test: Callable[[str, str], Test]) -> PageHook:
    return again(as_asked, test)


def _only(operator: str, test: Callable[[str, str], Test]) -> PageHook:
    """A lie about filters that hold an operator."""
    return _filtering(lambda text, caller: test(text, caller) if operator in text else compile_filter(text, caller))


def _after_first(hook: PageHook) -> PageHook:
    """The page hook, for pages that a token leads to."""
    return lambda page, asked, call: hook(page, asked, call) if asked.start else page


def _names_only(text: str, caller: str) -> Test:
    honest = compile_filter(text, caller)
    words = [word.lower() for word in text.split() if ":" not in word]
    return lambda model: (
        honest(model) and all(word in str(model.settings.get("displayName", "")).lower() for word in words)
    )


def _operators_only(text: str, caller: str) -> Test:
    return compile_filter(" ".join(word for word in text.split() if ":" in word), caller)


def _private_only(text: str, caller: str) -> Test:
    honest = compile_filter(text, caller)
    return lambda model: honest(model) and model.for_everyone is None


def _granted(model: ModelRecord, caller: str) -> bool:
    return model.granted(caller) is not None


FAULTS = (
    Fault(
        id="filter/owner-finds-shared",
        lie="owner:me finds all that the caller has any role for.",
        page=_only("owner:me", lambda _text, caller: lambda model: _granted(model, caller)),
    ),
    Fault(
        id="filter/owner-hides-shared",
        lie="owner:me leaves out what is shared with everyone.",
        page=_only("owner:me", _private_only),
    ),
    Fault(
        id="filter/writers-finds-readers",
        lie="writers:me finds what the caller may only read.",
        page=_only("writers:me", lambda _text, caller: lambda model: _granted(model, caller)),
    ),
    Fault(
        id="filter/everyone-finds-private",
        lie="readers:everyone finds what is not shared with everyone.",
        page=_only(
            "readers:everyone",
            lambda _text, caller: lambda model: _granted(model, caller) or model.for_everyone is not None,
        ),
    ),
    Fault(
        id="filter/everyone-finds-nothing",
        lie="readers:everyone finds nothing.",
        page=_only("readers:everyone", lambda _text, _caller: lambda _model: False),
    ),
    Fault(
        id="filter/default-shows-shared-with-everyone",
        lie="A list without a filter shows what is shared with everyone.",
        page=_filtering(
            lambda text, caller: (
                compile_filter(text, caller)
                if text
                else lambda model: _granted(model, caller) or model.for_everyone is not None
            )
        ),
    ),
    Fault(
        id="filter/description-not-searched",
        lie="The words of a filter are searched in display names only.",
        page=_filtering(_names_only),
    ),
    Fault(
        id="filter/forgotten-on-next-page",
        lie="A filter is forgotten on the pages after the first.",
        page=_after_first(_filtering(lambda _text, caller: compile_filter("", caller))),
    ),
    Fault(
        id="filter/overlooked",
        lie="Filters are ignored.",
        page=_filtering(lambda _text, caller: compile_filter("", caller)),
    ),
    Fault(
        id="filter/words-ignored",
        lie="The words of a filter are ignored.",
        page=_filtering(_operators_only),
    ),
)
