"""Calls on a name -> whether the target had shown what it names, and whether it is made up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from concertpitch.protojson import message, text
from concertpitch.reading.retrievals import Acquaintance
from concertpitch.subjects import Call, Retrieval
from concertpitch.subjects.gemini import BaseModel, Lookup, Permission, TunedModel, Tuning

_KINDS: Mapping[str, str] = {
    "tunedModels.get": "tuned model",
    "tunedModels.patch": "tuned model",
    "tunedModels.delete": "tuned model",
    "tunedModels.transferOwnership": "tuned model",
    "tunedModels.permissions.list": "tuned model",
    "tunedModels.permissions.create": "tuned model",
    "tunedModels.operations.list": "tuned model",
    "models.get": "base model",
    "tunedModels.permissions.get": "permission",
    "tunedModels.permissions.patch": "permission",
    "tunedModels.permissions.delete": "permission",
    "corpora.permissions.get": "permission",
    "corpora.permissions.patch": "permission",
    "corpora.permissions.delete": "permission",
    "corpora.get": "corpus",
    "corpora.delete": "corpus",
}


Sight = tuple[str, str, float]
"""Full name, id, and the moment it was shown."""


def _named(call: Call) -> str:
    """The resource that a call is about: for permissions and operations as a whole the one that has them."""
    return call.resource.removesuffix("/permissions").removesuffix("/operations")


def _of_models(models: Iterable[TunedModel]) -> Iterator[Sight]:
    return ((f"tunedModels/{one.key}", one.key, one.exchange.answered) for one in models)


def _of_tunings(tunings: Iterable[Tuning]) -> Iterator[Sight]:
    return (
        (f"tunedModels/{one.model_id}", one.model_id, one.call.exchange.answered) for one in tunings if one.model_id
    )


class Memory:
    """Everything that the target has shown, by full name."""

    def __init__(
        self,
        models: Iterable[TunedModel],
        tunings: Iterable[Tuning],
        permissions: Iterable[Permission],
        bases: Iterable[BaseModel],
    ) -> None:
        self._permissions = tuple(permissions)
        self._met = {
            "tuned model": Acquaintance([*_of_models(models), *_of_tunings(tunings)]),
            "permission": Acquaintance(
                (one.key, one.key.rpartition("/")[2], one.exchange.answered) for one in self._permissions
            ),
            "base model": Acquaintance((one.key, one.key.rpartition("/")[2], one.exchange.answered) for one in bases),
            "corpus": Acquaintance(()),
        }

    def known(self, kind: str, call: Call) -> bool:
        return self._met[kind].known(_named(call), call)

    def changed_hands(self, transfer: Call) -> frozenset[str]:
        """The permissions that a transfer may put others in the place of: the owner's, and those of the new owner."""
        sent = message(transfer.exchange.request.value)
        email = text(sent.get("emailAddress")) or text(sent.get("email_address"))
        return frozenset(
            one.key
            for one in self._permissions
            if one.parent == transfer.resource and (one.role in {"OWNER", ""} or one.email in {email, ""})
        )

    def lookalike(self, kind: str, call: Call) -> bool:
        return self._met[kind].lookalike(_named(call).rpartition("/")[2])


def lookups_of(calls: list[Call], memory: Memory) -> Iterator[Lookup]:
    """Every call that names one resource. What no get of it showed is made up; a get may be the first to show it."""
    gone: dict[str, float] = {}
    looked_for: set[str] = set()
    for call in calls:
        kind = _KINDS.get(call.method)
        if kind is None:
            continue
        named = _named(call)
        parent = named.partition("/permissions/")[0]
        until = call.exchange.answered
        was_gone = min(gone.get(named, float("inf")), gone.get(parent, float("inf"))) <= until
        known = memory.known(kind, call)
        get = call.method.endswith(".get")
        shown = bool(text(message(call.exchange.answer.value).get("name"))) and call.succeeded
        if get and not shown:
            looked_for.add(named)
        sought = get or named in looked_for
        made_up = sought and not (get and shown) and not known and not was_gone and memory.lookalike(kind, call)
        yield Lookup(call, kind, known, was_gone, made_up)
        if call.method.endswith(".delete"):
            gone.setdefault(call.resource, call.exchange.sent)
        if call.method.endswith("transferOwnership"):
            for moved in memory.changed_hands(call):
                gone.setdefault(moved, call.exchange.sent)


def retrievals_of(lookups: Iterable[Lookup]) -> Iterator[Retrieval]:
    """The gets among them, as every surface has them."""
    for one in lookups:
        if one.call.method.endswith(".get"):
            yield Retrieval(one.call, one.known and not one.gone, one.made_up, absent=False)
