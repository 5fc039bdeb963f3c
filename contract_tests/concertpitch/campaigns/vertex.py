"""The traffic of a run on Vertex tuningJobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import ClassVar

from concertpitch.campaigns.campaign import NOT_SERVED, SUCCESS, Probe, Step, knock, see
from concertpitch.exchange import Exchange
from concertpitch.lab import Settings
from concertpitch.probes.vertex import credentials, guide, lists, many, operations, requests
from concertpitch.probes.vertex.explore import explore
from concertpitch.probes.vertex.fuzz import fuzz
from concertpitch.probes.vertex.lab import VertexLab
from concertpitch.probes.vertex.watch import Watch
from concertpitch.protojson import message, text
from concertpitch.transport import Transport

WHILE_WATCHING = (
    Probe(
        "credentials",
        "asks without credentials, with malformed and with made-up ones",
        credentials.reading,
        writes=False,
    ),
    Probe("credentials", "creates and cancels without valid credentials", credentials.writing),
    Probe("isolation", "looks at the run's jobs from another location, and at one made there", lists.emigrate),
    Probe("spellings", "creates the same job in every spelling that ProtoJSON allows", requests.spellings),
    Probe("guide", "creates jobs in the mixed spellings that the tuning guide prints", guide.guide),
    Probe("limits", "creates jobs with names and labels at their limits, and beyond", requests.limits),
    Probe("refusals", "creates with one mistake each", requests.mistakes),
    Probe("refusals", "reads and cancels jobs that do not exist", requests.strangers),
    Probe("refusals", "asks for paths and verbs that no document names", requests.nowhere),
    Probe("parameters", "reads with system parameters", requests.parameters, writes=False),
)
QUIET = (
    Probe("cancel", "cancels jobs that have ended", many.cancel_ended),
    Probe("operations", "rebases a tuned model and follows the operations", operations.operations),
    Probe("credentials", "asks for operations without valid credentials", credentials.operating),
    Probe("parallel", "creates and cancels at the same moment", many.parallel),
    Probe(
        "isolation",
        "looks at the run's jobs from another location, and at one made there",
        lists.isolation,
        writes=False,
    ),
    Probe("paging", "walks the list with many page sizes and tokens", lists.paging, writes=False),
    Probe("filters", "lists with filters on display name and labels", lists.filters, writes=False),
    Probe("watch", "reads ended jobs and operations again", lists.look_back),
)
_CREATING = ("cohort", "watch", "spellings", "guide", "limits", "refusals", "cancel", "operations", "parallel")
"""Probes that cannot do their work where no job can be created."""


class VertexCampaign:
    """Creates a cohort, probes while it is watched to its end, probes again in quiet, then explores."""

    NAMES: ClassVar[Mapping[str, str]] = {probe.name: probe.about for probe in reversed((*WHILE_WATCHING, *QUIET))} | {
        "cohort": "creates a cohort of different jobs: every tuning spec, with and without optional members",
        "watch": "follows the cohort to the end by get and list in turn",
        "explore": "a Hypothesis state machine creates, reads, lists and cancels in any order",
        "fuzz": "schemathesis sends generated requests, valid and not, to every method",
    }

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._lab = VertexLab(settings, transport)
        self._watch = Watch(self._lab)

    @property
    def run_id(self) -> str:
        return self._lab.run_id

    @property
    def missing(self) -> Mapping[str, str]:
        return self._lab.missing

    def look(self) -> None:
        lab = self._lab
        page = knock(lab, f"{lab.parent()}/tuningJobs") or lab.page(probe="look", pageSize="1")
        see(
            page,
            lab.settings,
            things=f"tuning jobs in {lab.parent()}",
            root=f"/{lab.settings.surface.version}/projects",
        )

    def steps(self) -> Sequence[Step]:
        settings, lab = self._lab.settings, self._lab
        steps = [Step("creating a cohort of jobs", self._start)] if settings.writes else []
        steps += self._allowed(WHILE_WATCHING)
        if settings.writes:
            steps.append(Step("watching the jobs to their end", self._watch.settle))
        steps += self._allowed(QUIET)
        if settings.explores:
            steps.append(Step("exploring with a state machine", self._explore))
            steps.append(Step("fuzzing every method", partial(fuzz, lab)))
        return steps

    def _explore(self) -> None:
        self._watch.stop()
        explore(self._lab)

    def _allowed(self, probes: Sequence[Probe]) -> list[Step]:
        lab = self._lab
        return [Step(one.about, partial(one.run, lab)) for one in probes if lab.settings.writes or not one.writes]

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
        parent, collection, rest = exchange.path.partition("/tuningJobs")
        if exchange.method == "POST" and collection and not rest:
            self._lab.remember(exchange, parent[parent.index("projects/") :])

    def clean_up(self) -> list[str]:
        return self._lab.clean_up() if self._lab.settings.writes else []

    def advice(self) -> str:
        creates = self._creates()
        if not creates or self._lab.missing or any(one.status in SUCCESS for one in creates):
            return "; ".join(self._watch.disappointed())
        said = text(message(message(creates[0].answer.value).get("error")).get("message"))
        return (
            f"every create was refused, the first with {creates[0].status} ({said or 'no message'}); "
            "give --base-model and --dataset, or --project and --location, that this target takes"
        )
