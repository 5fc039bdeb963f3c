"""Lies about lists of tuned models, and about the base models."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from concertpitch_emulator import paging
from concertpitch_emulator.calls import Reply, reply
from concertpitch_emulator.errors import ApiError, not_found
from concertpitch_emulator.faults.gemini.telling import LIST, AnswerHook, ModelHook, answering, inside, without
from concertpitch_emulator.gemini.base_models import BASE_MODELS
from concertpitch_emulator.gemini.filters import compile_filter
from concertpitch_emulator.gemini.hooks import Fault, ModelView

if TYPE_CHECKING:
    from concertpitch_emulator.gemini.calls import Call
    from concertpitch_emulator.gemini.records import ModelRecord
    from concertpitch_emulator.paging import Page, Window

_SIZES = ("pageSize", "page_size")
_TOKENS = ("pageToken", "page_token")
_ALL = 1_000_000
_MOST = 1000

PageHook = Callable[["Page[Any]", "Window", "Call"], "Page[Any]"]
Test = Callable[["ModelRecord"], bool]


def _of(method: str, hook: PageHook) -> PageHook:
    """The page hook, for one method only."""

    def only(page: Page[Any], asked: Window, call: Call) -> Page[Any]:
        return hook(page, asked, call) if call.method == method else page

    return only


def _repeat(page: Page[Any], _asked: Window, _call: Call) -> Page[Any]:
    if page.following is not None and len(page.items) > 1:
        page.following = page.items[-1].serial
    return page


def _skip(page: Page[Any], _asked: Window, _call: Call) -> Page[Any]:
    if page.following is not None:
        page.following += 1
    return page


def _end(page: Page[Any], _asked: Window, _call: Call) -> Page[Any]:
    page.following = None
    return page


def _crowded(page: Page[Any], _asked: Window, call: Call) -> Page[Any]:
    """More items than a page may have, though there are fewer."""
    if _sent_size(call) > _MOST and page.items:
        page.items = (page.items * (_MOST // len(page.items) + 1))[: _MOST + 1]
    return page


def _loop(page: Page[Any], _asked: Window, _call: Call) -> Page[Any]:
    if page.following is None and page.items:
        page.following = 0
    return page


def again(size: Callable[[Window, Call], int], test: Callable[[str, str], Test] = compile_filter) -> PageHook:
    """The page of tuned models again, with another size or other test (of filter and caller)."""

    def hook(_page: Page[Any], asked: Window, call: Call) -> Page[Any]:
        models = list(call.service.store.models.values())
        wanted = test(call.query.get("filter", ""), call.caller)
        return paging.ascending(models, paging.Window(size(asked, call), asked.start), wanted)

    return _of(LIST, hook)


def as_asked(asked: Window, _call: Call) -> int:
    return asked.size


def _sent_size(call: Call) -> int:
    return int(next((call.query[name] for name in _SIZES if name in call.query), "") or 0)


def forgotten(kind: str, names: tuple[str, ...]) -> Callable[[ApiError, Call], ApiError | Reply]:
    """The list as if a parameter had not been sent."""

    def hook(error: ApiError, call: Call) -> ApiError | Reply:
        if error.kind != kind or call.method != LIST:
            return error
        for name in names:
            call.query.pop(name, None)
        try:
            return reply(HTTPStatus.OK, call.service.list_models(call))
        except ApiError as other:
            return other

    return hook


def _in_lists(change: ModelHook) -> ModelHook:
    def hook(model: dict[str, Any], view: ModelView) -> dict[str, Any]:
        return change(model, view) if view.call.method == LIST else model

    return hook


def _few_shots(task: dict[str, Any]) -> None:
    if "snapshots" in task:
        task["snapshots"] = task["snapshots"][:3]


def _renamed(body: Any, _call: Call) -> Any:
    return {("models" if name == "tunedModels" else name): value for name, value in body.items()}


def _whole_catalogue(page: Page[Any], asked: Window, call: Call) -> Page[Any]:
    return page if _sent_size(call) else paging.ascending(BASE_MODELS, paging.Window(_ALL, asked.start))


def _in_catalogue(change: Callable[[dict[str, Any]], dict[str, Any]]) -> AnswerHook:
    """An answer hook that changes base models wherever they are shown."""

    def hook(body: Any, call: Call) -> Any:
        if call.method == "models.get":
            return change(body)
        if call.method == "models.list" and "models" in body:
            return {**body, "models": [change(model) for model in body["models"]]}
        return body

    return hook


def _listed_otherwise(body: Any, call: Call) -> Any:
    if call.method != "models.list":
        return body
    return {**body, "models": [{**model, "inputTokenLimit": 1} for model in body.get("models", ())]}


def _without_last(call: Call) -> None:
    last = BASE_MODELS[-1].body["name"]
    if call.method == "models.get" and last == f"models/{call.path['base']}":
        raise not_found(f"Model {last} does not exist.", "unknown-model")


_PAGES = (
    Fault(
        id="pages/repeats",
        lie="The last tuned model of a page is the first of the next.",
        page=_of(LIST, _repeat),
    ),
    Fault(
        id="pages/skips",
        lie="One tuned model is lost between two pages.",
        also=("listing/is-up-to-date", "tuned-list/goes-on-after-a-delete"),
        page=_of(LIST, _skip),
    ),
    Fault(
        id="pages/no-token",
        lie="There is no token though there is more.",
        also=("listing/is-up-to-date",),
        page=_of(LIST, _end),
    ),
    Fault(id="pages/loops", lie="The last page leads to the first.", page=_of(LIST, _loop)),
    Fault(
        id="pages/one-too-many",
        lie="A page holds one tuned model more than asked.",
        page=again(lambda asked, call: asked.size + bool(_sent_size(call))),
    ),
    Fault(
        id="pages/ignores-size",
        lie="A page holds every tuned model, whatever was asked.",
        page=again(lambda _asked, _call: _ALL),
    ),
    Fault(
        id="pages/default-too-large",
        lie="A page whose size was not asked for holds up to 50 tuned models.",
        page=again(lambda asked, call: asked.size if _sent_size(call) else 50),
    ),
    Fault(
        id="pages/above-maximum",
        lie="A page holds more than 1000 tuned models if asked to, some of them many times.",
        page=_of(LIST, _crowded),
    ),
    Fault(
        id="pages/bad-token-restarts",
        lie="A page token that was never given leads to the first page.",
        refusal=forgotten("page-token", _TOKENS),
    ),
    Fault(
        id="pages/negative-size-accepted",
        lie="A negative page size means the default.",
        refusal=forgotten("negative-page-size", _SIZES),
    ),
    Fault(
        id="pages/other-key",
        lie="The tuned models of a list are called models.",
        answer=answering(LIST, _renamed),
    ),
    Fault(
        id="pages/old-states",
        lie="A list shows every model as it was when it was created.",
        model=_in_lists(lambda model, _view: {**model, "state": "CREATING"}),
    ),
    Fault(
        id="pages/partial-items",
        lie="A list shows models without their tuningTask.",
        model=_in_lists(without("tuningTask")),
    ),
)

_INSIDE = (
    Fault(
        id="pages/snapshots-cut",
        lie="A list shows the first three snapshots of a model.",
        model=_in_lists(inside("tuningTask", _few_shots)),
    ),
    Fault(
        id="pages/no-hyperparameters",
        lie="A list shows models without their hyperparameters.",
        model=_in_lists(inside("tuningTask", lambda task: task.pop("hyperparameters"))),
    ),
    Fault(
        id="pages/no-source",
        lie="A list does not show which tuned model another goes on from.",
        model=_in_lists(inside("tunedModelSource", lambda source: source.pop("tunedModel"))),
    ),
)

_CATALOGUE = (
    Fault(
        id="catalogue/default-too-large",
        lie="A page of base models whose size was not asked for holds them all.",
        page=_of("models.list", _whole_catalogue),
    ),
    Fault(
        id="catalogue/skips",
        lie="One base model is lost between two pages.",
        page=_of("models.list", _skip),
    ),
    Fault(
        id="catalogue/no-version",
        lie="Base models show no version.",
        answer=_in_catalogue(lambda model: {name: value for name, value in model.items() if name != "version"}),
    ),
    Fault(
        id="catalogue/last-is-lost",
        lie="The last base model of the list cannot be read.",
        request=_without_last,
    ),
    Fault(
        id="catalogue/list-disagrees",
        lie="A list of base models shows another inputTokenLimit than get.",
        answer=_listed_otherwise,
    ),
)

FAULTS = (*_PAGES, *_INSIDE, *_CATALOGUE)
