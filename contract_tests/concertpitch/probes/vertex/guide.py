"""Creates in the shapes that Google's tuning guide prints: both spellings in one body, numbers in quotes.

Owns the bodies, written from the documented members. Each equals, but for its spelling, one that is sent in the plain
form by this probe or with the cohort. Must not know rules.
"""

from __future__ import annotations

from concertpitch.probes.vertex import bodies
from concertpitch.probes.vertex.bodies import Body
from concertpitch.probes.vertex.lab import VertexLab

_RATE = 0.5


def guide(lab: VertexLab) -> None:
    """The example, basic, advanced and continuous requests; the advanced one in plain form first."""
    advanced = _advanced(lab)
    for body in (
        _example(lab),
        _basic(lab),
        advanced,
        _snake_choice(advanced),
        _quoted_rate(advanced),
        _continuous(lab),
    ):
        if lab.create(body, probe="guide") is None:
            return


def _basic(lab: VertexLab) -> Body:
    """The cohort's plain job."""
    return {
        "baseModel": lab.settings.base_model,
        "supervisedTuningSpec": {"training_dataset_uri": lab.settings.dataset},
    }


def _example(lab: VertexLab) -> Body:
    """The cohort's job with its last checkpoint only, hyper_parameters inside a camelCase spec."""
    return {
        "baseModel": lab.settings.base_model,
        "supervisedTuningSpec": {
            "training_dataset_uri": lab.settings.dataset,
            "hyper_parameters": {"epoch_count": "4"},
            "export_last_checkpoint_only": True,
        },
    }


def _advanced(lab: VertexLab) -> Body:
    """Every member the guide names, in plain form."""
    body = bodies.full(lab)
    spec = body["supervisedTuningSpec"] | {"exportLastCheckpointOnly": True}
    return bodies.encrypted(lab) | {"tunedModelDisplayName": "Concertpitch guide", "supervisedTuningSpec": spec}


def _snake_choice(advanced: Body) -> Body:
    """The same with one member of the spec in snake_case."""
    spec = dict(advanced["supervisedTuningSpec"])
    choice = spec.pop("exportLastCheckpointOnly")
    return advanced | {"supervisedTuningSpec": spec | {"export_last_checkpoint_only": choice}}


def _quoted_rate(advanced: Body) -> Body:
    """The same with the learning rate in quotes."""
    spec = advanced["supervisedTuningSpec"]
    hyper = spec["hyperParameters"] | {"learningRateMultiplier": str(_RATE)}
    return advanced | {"supervisedTuningSpec": spec | {"hyperParameters": hyper}}


def _continuous(lab: VertexLab) -> Body:
    """The cohort's continuous job."""
    body = bodies.continuous(lab)
    return {
        "preTunedModel": {"tuned_model_name": body["preTunedModel"]["tunedModelName"]},
        "supervisedTuningSpec": {"training_dataset_uri": lab.settings.dataset},
    }
