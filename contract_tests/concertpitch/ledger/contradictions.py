"""Where documents contradict each other or what real services do, and the reading that the rules take.

Owns that list. Defaults that a document's own limits forbid are found by the code generator, not here.
"""

from __future__ import annotations

from concertpitch.ledger.gemini.contradictions import GEMINI
from concertpitch.ledger.tables import Contradiction

_GUIDE, _TOOL, _CLIENT, _MODEL = "tuning guide", "tool page get_tuning_job", "Python client page", "model page"
_V1, _V1BETA1, _PROTOS, _RECORDS = "aiplatform.v1", "aiplatform.v1beta1", "protos of v1", "real records"

_NAMES = "The API's name is taken; the misprint is a member that no document names."
_EITHER = "Both spellings are taken in requests (ProtoJSON); answers use lowerCamelCase."

CONTRADICTIONS = (
    # ---- names that the guide prints and the API does not have
    Contradiction(_GUIDE, "status", _V1, "state", _NAMES, wrong="status"),
    Contradiction(_GUIDE, "tuning_data_statistics", _V1, "tuningDataStats", _NAMES, wrong="tuning_data_statistics"),
    Contradiction(
        _GUIDE,
        "tuninDatasetExampleCount",
        _V1,
        "tuningDatasetExampleCount",
        _NAMES,
        wrong="tuninDatasetExampleCount",
    ),
    Contradiction(
        _GUIDE,
        "validationDataset_uri",
        _V1,
        "validationDatasetUri",
        "Neither spelling of the member: a strict server refuses it, a lenient one drops it.",
        wrong="validationDataset_uri",
    ),
    Contradiction(
        _GUIDE, "tuning_jobs", _V1, "tuningJobs", "A list's answer is spelled tuningJobs.", wrong="tuning_jobs"
    ),
    Contradiction(
        _GUIDE,
        "training_dataset",
        _V1,
        "trainingDatasetUri",
        "The guide's own requests send the API's name; the parameter table's is a misprint.",
        wrong="training_dataset",
    ),
    Contradiction(
        _GUIDE,
        "validation_dataset",
        _V1,
        "validationDatasetUri",
        "The guide's own requests send the API's name; the parameter table's is a misprint.",
        wrong="validation_dataset",
    ),
    Contradiction(
        _GUIDE,
        "source_model, a string",
        _PROTOS,
        "source_model is a oneof: base_model or pre_tuned_model",
        "A oneof has no member of its own in JSON; the requests send baseModel.",
        wrong="source_model",
    ),
    Contradiction(
        _GUIDE,
        "tuned_model_display_name within supervisedTuningSpec",
        _V1,
        "tunedModelDisplayName of the job",
        "It is a member of the job only, as the guide's own requests have it.",
    ),
    Contradiction(
        _GUIDE,
        "snake_case and camelCase in one body, also in answers",
        "ProtoJSON",
        "Keys are serialized as lowerCamelCase",
        _EITHER,
    ),
    Contradiction(
        _GUIDE,
        '"learningRateMultiplier": "..." in quotes, epochCount bare',
        _V1,
        "number and int64 string",
        "Numbers are taken in both forms in requests; answers print int64 as strings and doubles as numbers.",
    ),
    Contradiction(
        _GUIDE,
        "AdapterSize ends at ADAPTER_SIZE_SIXTEEN and skips TWO",
        _V1,
        "ADAPTER_SIZE_TWO and ADAPTER_SIZE_THIRTY_TWO",
        "The newest document's values are known; what a model takes is not documented.",
    ),
    Contradiction(
        _GUIDE,
        "Cloud Storage URI of your training dataset, JSONL",
        _V1,
        "or the resource name of a Vertex Multimodal Dataset",
        "Both forms are legal; neither is refused or demanded.",
    ),
    Contradiction(
        _GUIDE,
        "names with PROJECT_ID",
        _RECORDS,
        "names with the project's number, whatever was sent",
        "Both are legal (AIP-2510), but a job keeps its form.",
    ),
    Contradiction(
        _GUIDE,
        "To view a list of model tuning jobs, send a GET request by using the tuningJobs.cancel method",
        _V1,
        "cancel is POST .../tuningJobs/{tuning_job}:cancel",
        "The method's own verb and path, which the guide prints below its sentence.",
    ),
    Contradiction(
        _GUIDE,
        "List: send a POST request by using the tuningJobs.create method",
        _V1,
        "list is GET .../tuningJobs",
        "The method's own verb and path, which the guide prints below its sentence.",
    ),
    Contradiction(
        _GUIDE,
        "bodies with trailing commas and braces that do not match",
        "RFC 8259",
        "a JSON text",
        "Trailing commas are neither to be taken nor refused (the real parser takes them); the probe sends JSON.",
    ),
    # ---- the tool page
    Contradiction(
        _TOOL,
        "projects/{project_id}/locations/{region}",
        _TOOL,
        "projects/{project}/locations/{location}/tuningJobs/{tuning_job}",
        "The schema's form is the name of a job; the tool's first sentence names its parent.",
    ),
    Contradiction(
        _TOOL,
        "19-digit numeric ID",
        _V1,
        "{tuning_job}",
        "Real ids have 19 digits, no document of the API says so: any segment is legal.",
    ),
    Contradiction(
        _TOOL,
        "Timestamp { seconds, nanos }",
        "ProtoJSON",
        "Uses RFC 3339",
        "Times are strings, as the members' own lines on the page say.",
    ),
    # ---- revisions
    Contradiction(
        _CLIENT,
        "examples in the dataset that have been truncated by any amount",
        _V1,
        "examples in the dataset that have been dropped",
        "The newest words hold: totalTruncatedExampleCount counts dropped examples.",
    ),
    Contradiction(
        _CLIENT,
        "for gemini-1.0 to gemini-1.5 migration, we default deploy to the same endpoint",
        _V1,
        "By default, rebasing a model creates a new endpoint",
        "The newest words hold; a rebase's endpoint is not compared with the old one.",
    ),
    Contradiction(
        _CLIENT,
        "projects/{project}/locations/{location}/models/{model}",
        _V1,
        "projects/{project}/locations/{location}/models/{model}@{version_id}",
        "A tuned model's name ends with its version, as every record shows.",
    ),
    Contradiction(
        _MODEL,
        "SUCCEEDED (a constant)",
        _V1,
        "JOB_STATE_SUCCEEDED",
        "Constants of generated code may be short; the wire value keeps the prefix.",
    ),
    Contradiction(
        _PROTOS,
        "bison to gemini migration ... gemini-1.0 to gemini-1.5",
        _V1,
        "creates a new endpoint",
        "The protos are older here; the Discovery document holds.",
    ),
    Contradiction(
        _PROTOS,
        "tuning_spec: supervised_tuning_spec only",
        _V1,
        "preferenceOptimizationSpec",
        "The public protos lag: every spec is taken for a member of tuning_spec, which no published text states.",
    ),
    # ---- within the newest documents
    Contradiction(
        _V1,
        "its state is set to `CANCELLED`",
        _V1,
        "JOB_STATE_CANCELLED",
        "The wire value is JOB_STATE_CANCELLED; the prose leaves out the prefix.",
    ),
    Contradiction(
        _V1,
        "Mutually exclusive with `learning_rate`",
        _V1,
        "no member learningRate",
        "Nothing to exclude in v1; v1beta1 has both.",
    ),
    Contradiction(
        _V1,
        "bucket count is a double, sum an int64",
        _V1BETA1,
        "DatasetDistribution: bucket count int64, sum double",
        "Each message is read by its own types.",
    ),
    Contradiction(
        _V1,
        "endTime: SUCCEEDED, FAILED, CANCELLED, EXPIRED",
        _V1,
        "JOB_STATE_PARTIALLY_SUCCEEDED",
        "A partially succeeded job may have an endTime or none.",
    ),
    Contradiction(
        _V1,
        "the response should have the type `XxxResponse`",
        _PROTOS,
        "response_type TuningJob",
        "A rebase resolves to a TuningJob.",
    ),
    Contradiction(
        _V1,
        "returnPartialSuccess: UNIMPLEMENTED",
        "AIP-217",
        "INVALID_ARGUMENT",
        "No status is demanded; a service may support it.",
    ),
    # ---- records
    Contradiction(
        _V1,
        "startTime: for the first time entered the `JOB_STATE_RUNNING` state",
        _RECORDS,
        "startTime 37 ms after createTime while the job shows PENDING for minutes",
        "A startTime is wrong in the create answer of a waiting job only.",
    ),
    Contradiction(
        _V1,
        "tunedModel: model and endpoint of the job",
        _RECORDS,
        "a FAILED job with a model and no endpoint",
        "Neither presence nor completeness follows from the state.",
    ),
    Contradiction(
        "AIP-129",
        "server must respect the value (or lack thereof)",
        _RECORDS,
        "hyperParameters filled in while the job runs",
        "Only values that were sent are held.",
    ),
    Contradiction(
        "AIP-193",
        "All error responses must include an ErrorInfo",
        _RECORDS,
        "none of 16 errors has one",
        "ErrorInfo is not demanded.",
    ),
    Contradiction(
        "AIP-133",
        "user-specified ids",
        _V1,
        "ids made by the server",
        "The document wins.",
    ),
    Contradiction(
        "AIP-216",
        "a transition that is not allowed is FAILED_PRECONDITION",
        _V1,
        "cancel is best effort",
        "A cancel of an ended job is refused with 400 or answered 200; the state stays either way.",
    ),
    # ---- the Gemini API
    *GEMINI,
)
"""In the order of the pages; what the code generator finds in single documents is `concertpitch-codegen`'s to tell."""


def misprints() -> dict[str, str]:
    """The misprinted names of the guide, each with the API's name (the canonical one)."""
    return {one.wrong: one.against for one in CONTRADICTIONS if one.wrong}
