"""Names that the tuning guide misprints, in answers."""

from __future__ import annotations

from concertpitch.catalogue import DOCUMENTED, Findings, rule
from concertpitch.protojson import message as protojson_object
from concertpitch.sources import vertex
from concertpitch.subjects import Message

_MISPRINTS = {
    "tuning_data_statistics": "tuningDataStats",
    "tuninDatasetExampleCount": "tuningDatasetExampleCount",
    "validationDataset_uri": "validationDatasetUri",
}
"""Only those that no service can have as a member of its own."""


@rule(
    "wire/no-misprints",
    DOCUMENTED,
    on=Message,
    when=lambda message: (
        not _MISPRINTS.keys().isdisjoint(protojson_object(message.value))
        or not set(_MISPRINTS.values()).isdisjoint(protojson_object(message.value))
    ),
    cite=vertex("TuningJob", "tuningDataStats", says="The tuning data statistics associated with this TuningJob."),
    probe="watch",
)
def no_misprints(message: Message) -> Findings:
    """A member has the name of the API, not the one that the tuning guide misprints in its place."""
    held = protojson_object(message.value)
    for wrong, right in _MISPRINTS.items():
        if wrong in held and right not in held and right in message.members:
            yield f"{message.at}: the member {right} is written '{wrong}'"
