"""The traffic of a run on the Gemini API's tuned models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import ClassVar

from concertpitch.campaigns.campaign import NOT_SERVED, SUCCESS, Probe, Step, knock, see
from concertpitch.exchange import Exchange
from concertpitch.lab import Settings
from concertpitch.probes.gemini import credentials, edits, lists, requests, sharing
from concertpitch.probes.gemini.explore import explore
from concertpitch.probes.gemini.fuzz import fuzz
from concertpitch.probes.gemini.lab import GeminiLab
from concertpitch.probes.gemini.watch import Watch
from concertpitch.protojson import message, text
from concertpitch.transport import Transport

WHILE_WATCHING = (
    Probe("spellings", "creates the same tuned model in every spelling that ProtoJSON allows", requests.spellings),
    Probe("limits", "creates tuned models with ids and names at their limits, and beyond", requests.limits),
    Probe("refusals", "reads, patches and deletes what does not exist", requests.strangers),
    Probe("refusals", "asks for paths and verbs that no document names", requests.nowhere),
    Probe("parameters", "reads with system parameters", requests.parameters, writes=False),
    Probe(
        "credentials",
        "asks without credentials, with malformed and with made-up ones",
        credentials.reading,
        writes=False,
    ),
)
QUIET = (
    Probe("refusals", "creates with one mistake each", requests.mistakes),
    Probe("operations", "lists and reads the operations that created models", edits.operations, writes=False),
    Probe("patch", "patches a tuned model with and without a mask", edits.patches),
    Probe("source", "goes on from a tuned model", edits.goes_on),
    Probe("permissions", "grants, changes and takes away permissions", sharing.sharing),
    Probe("permissions", "shares a tuned model with everyone", sharing.shared_with_everyone),
    Probe("corpora", "does the same on a corpus", sharing.corpora),
    Probe(
        "credentials",
        "asks without credentials, with malformed and with made-up ones",
        credentials.writing,
    ),
    Probe("parallel", "creates and patches at the same moment", edits.parallel),
    Probe("parallel", "creates and patches at the same moment", edits.patches_at_once),
    Probe("catalogue", "lists and reads base models", lists.catalogue, writes=False),
    Probe("transfer", "gives tuned models to another owner", sharing.transfer),
    Probe("filters", "lists through every documented filter", lists.filters, writes=False),
    Probe("transfer", "deletes what it gave away", sharing.trespass),
    Probe("paging", "walks the list with many page sizes and tokens", lists.paging, writes=False),
    Probe("watch", "reads ended models and operations again", edits.look_back, writes=False),
    Probe("delete", "deletes tuned models and looks for them", edits.deletes),
    Probe("delete", "deletes tuned models and looks for them", edits.names),
)
FOR_GOOD = frozenset({"transfer"})
"""Probes whose work cannot be taken back: never done to a target elsewhere unless everything is allowed."""
_CREATING = (
    *("cohort", "watch", "spellings", "limits", "refusals", "operations", "patch", "source", "permissions"),
    *("parallel", "filters", "delete", "transfer"),
)
"""Probes that cannot do their work where no tuned model can be created."""


class GeminiCampaign:
    """Creates a cohort, probes while it is watched to its end, probes again in quiet, then explores."""

    NAMES: ClassVar[Mapping[str, str]] = {probe.name: probe.about for probe in reversed((*WHILE_WATCHING, *QUIET))} | {
        "cohort": "creates a cohort of different tuned models, with and without optional members",
        "watch": "follows the cohort to the end by get, list and operation",
        "permissions": "grants, changes and takes away permissions",
        "transfer": "gives tuned models to another owner",
        "explore": "a Hypothesis state machine creates, reads, patches, shares and deletes in any order",
        "fuzz": "schemathesis sends generated requests, valid and not, to every method",
    }

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._lab = GeminiLab(settings, transport)
        self._watch = Watch(self._lab)

    @property
    def run_id(self) -> str:
        return self._lab.run_id

    @property
    def missing(self) -> Mapping[str, str]:
        return self._lab.missing

    def look(self) -> None:
        lab = self._lab
        page = knock(lab, "tunedModels") or lab.page("tunedModels", probe="look", pageSize="1")
        see(page, lab.settings, things="tuned models", root=f"/{lab.settings.surface.version}/tunedModels")

    def steps(self) -> Sequence[Step]:
        settings, lab = self._lab.settings, self._lab
        steps = [Step("creating a cohort of tuned models", self._start)] if settings.writes else []
        steps += self._allowed(WHILE_WATCHING)
        if settings.writes:
            steps.append(Step("watching the tuned models to their end", self._watch.settle))
        steps += self._allowed(QUIET)
        if settings.explores:
            steps.append(Step("exploring with a state machine", self._explore))
            steps.append(Step("fuzzing every method", partial(fuzz, lab)))
        return steps

    def _explore(self) -> None:
        self._watch.stop()
        explore(self._lab)

    def _allowed(self, probes: Sequence[Probe]) -> list[Step]:
        lab, settings = self._lab, self._lab.settings
        for_good = settings.near or settings.explores
        return [
            Step(one.about, partial(one.run, lab))
            for one in probes
            if (settings.writes or not one.writes) and (for_good or one.name not in FOR_GOOD)
        ]

    def _start(self) -> None:
        self._watch.start()
        creates = self._creates()
        statuses = {one.status for one in creates}
        if creates and statuses <= NOT_SERVED:
            reason = f"the target answers create with {creates[0].status}"
            self._lab.missing.update(dict.fromkeys(_CREATING, reason))

    def _creates(self) -> list[Exchange]:
        return [one for one in self._lab.transport.exchanges if one.probe == "cohort" and one.status is not None]

    def stop(self) -> None:
        self._watch.stop()

    def adopt(self, exchange: Exchange) -> None:
        if exchange.method == "POST" and exchange.path.endswith("/tunedModels"):
            self._lab.remember(exchange)

    def clean_up(self) -> list[str]:
        return self._lab.clean_up() if self._lab.settings.writes else []

    def advice(self) -> str:
        creates = self._creates()
        if not creates or self._lab.missing or any(one.status in SUCCESS for one in creates):
            return ""
        said = text(message(message(creates[0].answer.value).get("error")).get("message"))
        return (
            f"every create was refused, the first with {creates[0].status} ({said or 'no message'}); "
            "give a --base-model that this target tunes"
        )
