"""What a caller of create is free to do: output-only members, limits, ids, all that no document forbids."""

from __future__ import annotations

import re

from concertpitch import protojson
from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, Findings, rule
from concertpitch.protojson import integer, number, text
from concertpitch.sources import aip, gemini
from concertpitch.subjects import Create
from concertpitch.subjects.gemini import Kept, Tuning

_MAX, _BAD_REQUEST = 40, 400


@rule(
    "tuned-model/ignores-name",
    CONVENTION,
    on=Tuning,
    when=lambda tuning: bool(tuning.model_id) and "name" in tuning.request.output_only,
    cite=aip(133, "User-specified IDs", says="The `name` field on the resource **must** be ignored."),
    probe="spellings",
)
def ignores_name(tuning: Tuning) -> Findings:
    """A name in the request does not become the tuned model's name."""
    sent = text(tuning.request.output_only["name"]).rpartition("/")[2]
    if tuning.model_id == sent:
        yield f"the tuned model took its name from the request: tunedModels/{sent}"


def _sent_state(kept: Kept) -> Create | None:
    """A create like this one but for the state that this one sent, if the model is seen for the first time."""
    alike = kept.tuning.alike
    if alike is None or not alike.held or kept.model.body != kept.tuning.held:
        return None
    return alike if "state" in kept.tuning.request.output_only.keys() - alike.request.output_only.keys() else None


@rule(
    "tuned-model/ignores-output-only",
    CONVENTION,
    on=Kept,
    when=lambda kept: (
        bool(kept.tuning.request.output_only.keys() & {"createTime", "updateTime"}) or _sent_state(kept) is not None
    ),
    cite=aip(203, "Output only", says="**must** clear out any value in this field"),
    probe="spellings",
)
def ignores_output_only(kept: Kept) -> Findings:
    """Create does not adopt output-only members from the caller."""
    for name in ("createTime", "updateTime"):
        sent = protojson.instant(kept.tuning.request.output_only.get(name))
        if sent is not None and protojson.instant(kept.model.body.get(name)) == sent:
            yield f"{kept.model.shown}: {name} was adopted from the request"
    plain = _sent_state(kept)
    if plain is not None and kept.model.state == kept.tuning.request.output_only["state"] != plain.held.get("state"):
        yield f"{kept.model.shown} is {kept.model.state} at its first look, as the request said"


@rule(
    "tuned-model/accepts-40-characters",
    DOCUMENTED,
    on=Tuning,
    when=lambda tuning: (
        not tuning.request.faults
        and (tuning.accepted or (tuning.refused and tuning.akin is not None))
        and len(tuning.display_name) == _MAX
        and not tuning.asked_id
    ),
    cite=gemini("TunedModel", "displayName", says="The display name must be up to 40 characters including spaces."),
    probe="limits",
)
def accepts_40_characters(tuning: Tuning) -> Findings:
    """A display name of 40 characters (code points, of any script) is accepted."""
    if not tuning.accepted:
        yield f"a display name of {_MAX} characters was answered {tuning.call.status}"


@rule(
    "tuned-model/accepts-temperature-limits",
    DOCUMENTED,
    on=Tuning,
    when=lambda tuning: (
        not tuning.request.faults
        and number(tuning.sent.get("temperature")) in {0.0, 1.0}
        and set(tuning.sent) <= {"temperature", "baseModel", "tuningTask", "description"}
        and (tuning.accepted or (tuning.call.status == _BAD_REQUEST and tuning.akin is not None))
    ),
    cite=gemini("TunedModel", "temperature", says="Values can range over `[0.0,1.0]`, inclusive."),
    probe="limits",
)
def accepts_temperature_limits(tuning: Tuning) -> Findings:
    """A temperature of 0 or 1 is accepted, like the create without it."""
    if not tuning.accepted:
        yield f"the temperature {tuning.sent['temperature']} was answered {tuning.call.status}"


@rule(
    "tuned-model/accepts-documented-id",
    DOCUMENTED,
    on=Tuning,
    when=lambda tuning: (
        bool(re.fullmatch(r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?", tuning.asked_id))
        and not tuning.request.faults
        and not tuning.id_taken
        and not tuning.id_given_twice
        and not tuning.id_used
        and (tuning.accepted or (tuning.call.status == _BAD_REQUEST and tuning.akin is not None))
    ),
    cite=gemini("CreateTunedModelRequest", "tunedModelId", says="`[a-z]([a-z0-9-]{0,38}[a-z0-9])?`"),
    probe="limits",
)
def accepts_documented_id(tuning: Tuning) -> Findings:
    """An id that matches the documented expression is accepted."""
    if not tuning.accepted:
        yield f"the id {tuning.asked_id} was answered {tuning.call.status}"


def _allowed(tuning: Tuning) -> bool:
    """Whether the documents name nothing that is wrong with a create, nor another rule says so of its spelling."""
    sent, hyper = tuning.sent, tuning.hyperparameters
    return (
        not tuning.request.faults
        and not tuning.unreadable
        and not tuning.request.spelling - {"int64-number"}
        and not tuning.asked_id
        and len(tuning.display_name) < _MAX
        and tuning.examples > 0
        and len(sent.keys() & {"baseModel", "tunedModelSource"}) == 1
        and all(0 <= (number(sent.get(name)) or 0) <= 1 for name in ("temperature", "topP"))
        and (integer(sent.get("topK")) or 0) >= 0
        and number(sent.get("topP")) != 0  # which leaves no token to choose from
        and all((integer(hyper.get(name, 1)) or 0) > 0 for name in ("epochCount", "batchSize"))
    )


@rule(
    "tuned-model/accepts-what-is-allowed",
    ADVISED,
    on=Tuning,
    when=lambda tuning: _allowed(tuning) and tuning.call.served and (tuning.accepted or tuning.refused),
    cite=gemini("TunedModel", "displayName", says="Optional."),
    probe="cohort",
)
def accepts_what_is_allowed(tuning: Tuning) -> Findings:
    """A create that no document forbids is accepted (a service may have limits of its own, so this only warns)."""
    if not tuning.accepted:
        with_members = ", ".join(sorted(tuning.sent.keys() | tuning.hyperparameters.keys()))
        yield f"a create with {with_members} was answered {tuning.call.status}"
