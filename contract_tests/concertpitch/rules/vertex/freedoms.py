"""What a caller of create is free to do: output-only members, limits."""

from __future__ import annotations

import re
from typing import Any

from concertpitch import protojson
from concertpitch.catalogue import CONVENTION, DOCUMENTED, Findings, rule
from concertpitch.protojson import message, text
from concertpitch.sources import aip, vertex
from concertpitch.subjects.vertex import Creation

_BAD_REQUEST = 400
_NEVER_NEW = frozenset({"JOB_STATE_EXPIRED", "JOB_STATE_PAUSED"})
"""States that no new job is in by itself; any other may be the server's own."""
_MAX_LABEL = 64
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_MAX_DISPLAY_NAME = 128


@rule(
    "create/ignores-output-only",
    CONVENTION,
    on=Creation,
    when=lambda creation: creation.job is not None and bool(creation.request.output_only),
    cite=aip(203, "Output only", says="**must** clear out any value in this field"),
    probe="spellings",
)
def ignores_output_only(creation: Creation) -> Findings:
    """Create does not adopt output-only members from the caller."""
    for path, sent in creation.request.output_only.items():
        held: Any = creation.job.body if creation.job else {}
        for step in path.split("."):
            held = message(held).get(protojson.camel(step))
        if path != "name" and _adopted(sent, held) and not (path == "state" and sent not in _NEVER_NEW):
            yield f"{path} was adopted from the request: {sent}"


def _adopted(sent: Any, held: Any) -> bool:
    """Whether it is what was sent, though a time may be written in more digits."""
    return held == sent or (protojson.instant(sent) is not None and protojson.instant(sent) == protojson.instant(held))


@rule(
    "create/ignores-name",
    CONVENTION,
    on=Creation,
    when=lambda creation: creation.job is not None and "name" in creation.request.output_only,
    cite=aip(133, "User-specified IDs", says="The `name` field on the resource **must** be ignored."),
    probe="spellings",
)
def ignores_name(creation: Creation) -> Findings:
    """A name in the request does not become the job's name."""
    sent = text(creation.request.output_only["name"]).rpartition("/")[2]
    if creation.job and creation.job.name.rpartition("/")[2] == sent:
        yield f"the job took its name from the request: {creation.job.name}"


def _labels_within(creation: Creation) -> bool:
    labels = message(creation.sent.get("labels"))
    return all(
        key[:1].isalpha() and len(key) <= _MAX_LABEL and len(text(value)) <= _MAX_LABEL for key, value in labels.items()
    )


def _ordinary_labels(creation: Creation) -> bool:
    labels = message(creation.sent.get("labels"))
    return all(
        f"{key}{value}".isascii() and f"{key}{value}".islower() and len(value) < _MAX_LABEL
        for key, value in labels.items()
    )


@rule(
    "create/accepts-128-characters",
    DOCUMENTED,
    on=Creation,
    when=lambda creation: (
        not creation.request.faults
        and (creation.accepted or (creation.refused and creation.akin is not None))
        and _MAX_LABEL < len(text(creation.sent.get("tunedModelDisplayName"))) <= _MAX_DISPLAY_NAME
        and _ordinary_labels(creation)
    ),
    cite=vertex("TuningJob", "tunedModelDisplayName", says="The name can be up to 128 characters long"),
    probe="limits",
)
def accepts_128_characters(creation: Creation) -> Findings:
    """A display name of up to 128 characters (code points, of any script) is accepted."""
    if not creation.accepted:
        length = len(creation.sent["tunedModelDisplayName"])
        yield f"a display name of {length} characters was answered {creation.call.status}"


def _documented_labels(creation: Creation) -> bool:
    labels = message(creation.sent.get("labels"))
    return bool(labels) and all(
        key[:1].islower() and _LABEL.fullmatch(key) and _LABEL.fullmatch(text(value)) for key, value in labels.items()
    )


@rule(
    "create/accepts-documented-labels",
    DOCUMENTED,
    on=Creation,
    when=lambda creation: (
        not creation.request.faults
        and (creation.accepted or (creation.refused and creation.akin is not None))
        and creation.request.spelling <= {"int64-string"}
        and not creation.sent.keys() & {"tunedModelDisplayName", "description"}
        and _documented_labels(creation)
    ),
    cite=vertex(
        "TuningJob",
        "labels",
        says="can only contain lowercase letters, numeric characters, underscores and dashes",
    ),
    probe="limits",
)
def accepts_documented_labels(creation: Creation) -> Findings:
    """Labels of lowercase letters, digits, underscores and dashes are accepted."""
    if not creation.accepted:
        labels = ", ".join(f"{key}={value}" for key, value in creation.sent["labels"].items())
        yield f"the labels {labels} were answered {creation.call.status}, other labels were accepted"


@rule(
    "create/limits-count-code-points",
    CONVENTION,
    on=Creation,
    when=lambda creation: (
        not creation.request.faults
        and (creation.accepted or (creation.refused and creation.akin is not None))
        and _labels_within(creation)
        and any(not text(value).isascii() for value in message(creation.sent.get("labels")).values())
    ),
    cite=aip(
        210,
        "Length units",
        says="All string field length limits defined in API comments **must** be measured",
    ),
    probe="limits",
)
def limits_count_code_points(creation: Creation) -> Findings:
    """A label value of up to 64 characters is accepted, whatever it takes in bytes."""
    if not creation.accepted:
        yield f"international labels of 64 characters were answered {creation.call.status}"


def _empty_hyperparameters(creation: Creation) -> bool:
    """Whether the request is the least one, with nothing in its hyperParameters."""
    spec = message(creation.sent.get("supervisedTuningSpec"))
    least = creation.sent.keys() <= {"baseModel", "supervisedTuningSpec", "labels"}
    return least and spec.get("hyperParameters") == {} and spec.keys() == {"trainingDatasetUri", "hyperParameters"}


@rule(
    "create/accepts-empty-hyperparameters",
    DOCUMENTED,
    on=Creation,
    when=lambda creation: (
        _empty_hyperparameters(creation)
        and (creation.accepted or (creation.open and creation.call.status == _BAD_REQUEST))
    ),
    cite=vertex("SupervisedTuningSpec", "hyperParameters", says="Optional. Hyperparameters for SFT."),
    probe="cohort",
)
def accepts_empty_hyperparameters(creation: Creation) -> Findings:
    """Hyperparameters of which none is set are accepted: all of them are optional (client libraries send `{}`)."""
    if not creation.accepted:
        yield f"a create with hyperParameters {{}} was answered {creation.call.status}"
