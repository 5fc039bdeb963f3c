"""Request bodies in every spelling ProtoJSON allows, and the refusals of the others."""

from __future__ import annotations

import json
from typing import Any

import pytest
from concertpitch_emulator import protojson
from concertpitch_emulator.errors import ApiError
from concertpitch_emulator.messages import Messages

MESSAGES = Messages("vertex_v1")
JOB = MESSAGES.named("TuningJob")
HYPER = "tuning_job.supervised_tuning_spec.hyper_parameters"


def read(value: Any) -> tuple[dict[str, Any], list[Any]]:
    return protojson.read(MESSAGES, JOB, protojson.load(json.dumps(value).encode()), "tuning_job")


def hyper(**members: Any) -> dict[str, Any]:
    return {"supervisedTuningSpec": {"hyperParameters": members}}


ACCEPTED = {
    "camel": ({"baseModel": "m"}, {"baseModel": "m"}),
    "snake": ({"base_model": "m"}, {"baseModel": "m"}),
    "snake in depth": (
        {"supervised_tuning_spec": {"hyper_parameters": {"epoch_count": 1}}},
        hyper(epochCount="1"),
    ),
    "int64 as string": (hyper(epochCount="3"), hyper(epochCount="3")),
    "int64 as number": (hyper(epochCount=3), hyper(epochCount="3")),
    "int64 whole fraction": (hyper(epochCount=1.0), hyper(epochCount="1")),
    "int64 exponent": (hyper(epochCount="1e2"), hyper(epochCount="100")),
    "int64 largest": (hyper(epochCount="9223372036854775807"), hyper(epochCount="9223372036854775807")),
    "enum name": (hyper(adapterSize="ADAPTER_SIZE_TWO"), hyper(adapterSize="ADAPTER_SIZE_TWO")),
    "enum number": (hyper(adapterSize=2), hyper(adapterSize="ADAPTER_SIZE_FOUR")),
    "enum number out of order": (hyper(adapterSize=6), hyper(adapterSize="ADAPTER_SIZE_TWO")),
    "double as text": (hyper(learningRateMultiplier="0.5"), hyper(learningRateMultiplier=0.5)),
    "double whole": (hyper(learningRateMultiplier=1.0), hyper(learningRateMultiplier=1)),
    "double special": (hyper(learningRateMultiplier="NaN"), hyper(learningRateMultiplier="NaN")),
    "null": ({"baseModel": None, "labels": None}, {}),
    "empty message is kept": (hyper(), hyper()),
    "defaults are absence": ({"description": "", "labels": {}}, {}),
    "a text that looks like a default is none": ({"description": "0"}, {"description": "0"}),
    "an integer of zero is absence": (hyper(epochCount="0"), hyper()),
    "unset enum": (hyper(adapterSize="ADAPTER_SIZE_UNSPECIFIED"), hyper()),
    "output only": ({"state": "nonsense", "name": 7, "tunedModel": [], "createTime": {}}, {}),
    "map": ({"labels": {"a_b": "c_d"}}, {"labels": {"a_b": "c_d"}}),
    "oneof member twice": ({"baseModel": "a", "base_model": "b"}, {"baseModel": "b"}),
}


@pytest.mark.parametrize("row", ACCEPTED)
def test_accepted(row: str) -> None:
    sent, expected = ACCEPTED[row]
    assert read(sent) == (expected, [])


REFUSED = {
    "unknown at the root": (
        {"nonsense": 1},
        "tuning_job",
        "Invalid JSON payload received. Unknown name \"nonsense\" at 'tuning_job': Cannot find field.",
    ),
    "unknown with null": (
        {"nonsense": None},
        "tuning_job",
        "Invalid JSON payload received. Unknown name \"nonsense\" at 'tuning_job': Cannot find field.",
    ),
    "text for int64": (
        hyper(epochCount="ten"),
        f"{HYPER}.epoch_count",
        f"Invalid value at '{HYPER}.epoch_count' (TYPE_INT64), \"ten\"",
    ),
    "fraction": (
        hyper(epochCount=1.5),
        f"{HYPER}.epoch_count",
        f"Invalid value at '{HYPER}.epoch_count' (TYPE_INT64), 1.5",
    ),
    "int64 too large": (
        hyper(epochCount="9223372036854775808"),
        f"{HYPER}.epoch_count",
        f"Invalid value at '{HYPER}.epoch_count' (TYPE_INT64), \"9223372036854775808\"",
    ),
    "boolean for int64": (
        hyper(epochCount=True),
        f"{HYPER}.epoch_count",
        f"Invalid value at '{HYPER}.epoch_count' (TYPE_INT64), true",
    ),
    "huge exponent": (
        hyper(epochCount="1e999"),
        f"{HYPER}.epoch_count",
        f"Invalid value at '{HYPER}.epoch_count' (TYPE_INT64), \"1e999\"",
    ),
    "number for string": (
        {"baseModel": 7},
        "tuning_job.base_model",
        "Invalid value at 'tuning_job.base_model' (TYPE_STRING), 7",
    ),
    "unknown enum name": (
        hyper(adapterSize="BANANA"),
        f"{HYPER}.adapter_size",
        (
            f"Invalid value at '{HYPER}.adapter_size' (type.googleapis.com/google.cloud.aiplatform.v1."
            'SupervisedHyperParameters.AdapterSize), "BANANA"'
        ),
    ),
    "list for a message": (
        {"supervisedTuningSpec": []},
        "tuning_job",
        (
            "Invalid JSON payload received. Unknown name \"supervisedTuningSpec\" at 'tuning_job': "
            "Proto field is not repeating, cannot start list."
        ),
    ),
    "null in a map": (
        {"labels": {"a": None}},
        "tuning_job.labels[0].value",
        "Invalid value at 'tuning_job.labels[0].value' (TYPE_STRING), null",
    ),
    "two of a oneof": (
        {"baseModel": "m", "preTunedModel": {}},
        "tuning_job",
        (
            "Invalid value at 'tuning_job' (oneof), oneof field 'source_model' is already set. "
            "Cannot set 'preTunedModel'"
        ),
    ),
    "no object": (
        [1],
        "tuning_job",
        'Invalid JSON payload received. Unknown name "": Root element must be a message.',
    ),
}


@pytest.mark.parametrize("row", REFUSED)
def test_refused(row: str) -> None:
    sent, path, text = REFUSED[row]
    _, violations = read(sent)
    assert [(violation.field, violation.text) for violation in violations] == [(path, text)]


def test_all_faults_of_a_body_are_collected() -> None:
    assert len(read({"nonsense": 1, "baseModel": 1, **hyper(epochCount="ten", more=1)})[1]) == 4


@pytest.mark.parametrize(
    "content",
    [b"{", b"", b"\xff\xfe", b'{"a": NaN}', b"[" * 5000, b'{"baseModel": "\\ud800"}', b"{} {}", b"'x'"],
)
def test_unreadable(content: bytes) -> None:
    with pytest.raises(ApiError, match=r"^Invalid JSON payload received\. ") as caught:
        protojson.load(content)
    assert (caught.value.code, caught.value.status) == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize(("depth", "accepted"), [(100, True), (101, False), (900, False)])
def test_depth(depth: int, accepted: bool) -> None:
    content = b'{"a":' * depth + b"1" + b"}" * depth
    if accepted:
        protojson.load(content)
    else:
        with pytest.raises(ApiError, match="too deep"):
            protojson.load(content)


def test_enum_numbers_on_request() -> None:
    job = {"state": "JOB_STATE_SUCCEEDED", **hyper(adapterSize="ADAPTER_SIZE_FOUR", epochCount="1")}
    numbered = protojson.with_enum_numbers(MESSAGES, JOB, job)
    assert numbered == {"state": 4, **hyper(adapterSize=2, epochCount="1")}
