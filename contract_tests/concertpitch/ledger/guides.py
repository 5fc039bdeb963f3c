"""What Google's pages on tuning say beyond the pinned documents.

Owns the table of the client page, the model page, the tool page and the guide. They are not part of the repository: a
row holds the fewest words that find the sentence, and tests hold them against copies where there are any. Sentences
that stand in a pinned document too are not repeated.
"""

from __future__ import annotations

from concertpitch.ledger.clauses import Clause

CLIENT_PAGE = "Python client page"
MODEL_PAGE = "model page"
TOOL_PAGE = "tool page get_tuning_job"
GUIDE = "tuning guide"

_OLDER = "Words of an older revision; the newest document's are judged."
_PLATFORM = "It speaks of Google's infrastructure and prices, which cannot be seen from outside."

GUIDES = (
    Clause(CLIENT_PAGE, "list_next", "Returns None if there are no more items in the collection.", ("listing/ends",)),
    Clause(CLIENT_PAGE, "totalTruncatedExampleCount", "that have been truncated by any amount", why=_OLDER),
    Clause(CLIENT_PAGE, "truncatedExampleIndices", "of the truncated examples", ("stats/indices-from-one",)),
    Clause(
        MODEL_PAGE, "Properties", "[optional] [readonly]", ("create/accepts-output-only", "create/ignores-output-only")
    ),
    Clause(MODEL_PAGE, "Enum: StateEnum", "JOB_STATE_PARTIALLY_SUCCEEDED", ("wire/enum-keeps-prefix",)),
    Clause(
        TOOL_PAGE,
        "tool",
        "the resulting tuned model if the job has completed successfully",
        ("job/succeeded-has-model", "get/returns-the-job-asked"),
    ),
    Clause(
        TOOL_PAGE,
        "tool",
        "Format: 'projects/{project_id}/locations/{region}'",
        why="The tool's schema asks for the name of a job; this is the name of its parent (see the contradictions).",
    ),
    Clause(TOOL_PAGE, "tool", "CRITICAL: For {region}", why="It binds the caller of the tool."),
    Clause(
        TOOL_PAGE,
        "tool",
        "IMPORTANT: This parameter requires the 19-digit numeric ID",
        why="It binds the caller of the tool; no document of the API fixes the form of an id.",
    ),
    Clause(
        TOOL_PAGE,
        "tool",
        "Do not use 'global'.",
        why="It binds the caller of the tool; a target may serve any location.",
    ),
    Clause(
        TOOL_PAGE,
        "Timestamp",
        "will always be Z-normalized and use 0, 3, 6 or 9 fractional digits",
        ("wire/timestamp-is-utc", "wire/timestamp-digits"),
    ),
    Clause(
        TOOL_PAGE,
        "Timestamp",
        'Offsets other than "Z" are also accepted.',
        why="No request of tuning jobs carries a time, so other offsets cannot be sent.",
    ),
    Clause(TOOL_PAGE, "Timestamp", "Must be between -62135596800 and 253402300799", ("wire/timestamp-is-utc",)),
    Clause(TOOL_PAGE, "Timestamp", "Must be between 0 and 999,999,999 inclusive", ("wire/timestamp-digits",)),
    Clause(TOOL_PAGE, "Any", "Identifies the type of the serialized Protobuf message", ("operation/any-has-type",)),
    Clause(
        TOOL_PAGE,
        "TuningJob",
        "source_model can be only one of the following",
        ("job/one-source-model", "refuse/two-source-models"),
    ),
    Clause(
        TOOL_PAGE,
        "TuningJob",
        "tuning_spec can be only one of the following",
        ("job/one-tuning-spec", "refuse/two-tuning-specs"),
    ),
    Clause(TOOL_PAGE, "TuningDataStats", "tuning_data_stats can be only one of the following", ("stats/one-kind",)),
    Clause(
        GUIDE,
        "Request body: source_model",
        "Name of the foundation model that's being tuned.",
        ("create/echoes-base-model",),
    ),
    Clause(
        GUIDE,
        "Request body: tunedModelDisplayName",
        "The name can be up to 128 characters long and can consist of any UTF-8 characters.",
        ("create/accepts-128-characters", "job/display-name-limit"),
    ),
    Clause(
        GUIDE,
        "supervisedTuningSpec: training_dataset",
        "The dataset must be formatted as a JSONL file.",
        why="A target without storage cannot look into the file; newer documents take a dataset's name too.",
    ),
    Clause(
        GUIDE,
        "supervisedTuningSpec: training_dataset",
        "provide at least 100 to 500 examples",
        why="Advice to the caller.",
    ),
    Clause(
        GUIDE,
        "supervisedTuningSpec: validation_dataset",
        "A dataset can contain up to 256 examples.",
        why="The contents of a dataset are not sent to the API; whether the service counts them cannot be seen.",
    ),
    Clause(
        GUIDE,
        "supervisedTuningSpec: validation_dataset",
        "the data is used to generate validation metrics periodically",
        why="Metrics are written to Cloud Storage, which the suite does not read.",
    ),
    Clause(
        GUIDE,
        "supervisedTuningSpec: epoch_count",
        "Vertex AI automatically adjusts the default value to your training dataset size.",
        why="No default can be demanded; that a value once set stays is judged (stable/hyperparameters-set).",
    ),
    Clause(GUIDE, "AdapterSize", "ADAPTER_SIZE_SIXTEEN", ("wire/enum-is-documented", "create/echoes-hyperparameters")),
    Clause(
        GUIDE,
        "Basic use case",
        "All other parameters use the default values.",
        why="What the defaults are is not documented; the job is judged like any other.",
    ),
    Clause(
        GUIDE,
        "Examples",
        "some of the parameters are not supported by all of the models",
        why="Which sizes and parameters a model takes is not documented: the real service refuses some with 400, once "
        "with 404, so the probes' values can be configured and a refusal is not held against a target.",
    ),
    Clause(
        GUIDE,
        "Advanced use case: EXPORT_LAST_CHECKPOINT_ONLY",
        "Set to true to use only the latest checkpoint.",
        ("job/checkpoints-only-if-enabled",),
    ),
    Clause(
        GUIDE,
        "Advanced use case: TUNED_MODEL_DISPLAYNAME",
        "If not set, a random name is generated.",
        ("create/display-name-made",),
    ),
    Clause(
        GUIDE,
        "Advanced use case: KMS_KEY_NAME",
        "The key needs to be in the same region as where the compute resource is created.",
        why="A target without keys cannot know their regions; the probe sends a key of the job's own region.",
    ),
    Clause(
        GUIDE,
        "Advanced use case: SERVICE_ACCOUNT",
        "you must grant the roles/aiplatform.tuningServiceAgent role",
        why=_PLATFORM,
    ),
    Clause(
        GUIDE,
        "Examples: TUNING_JOB_REGION",
        "This is also the default region for where the tuned model is uploaded.",
        ("job/model-in-its-location",),
    ),
    Clause(
        GUIDE,
        "List tuning Jobs",
        "You can view a list of tuning jobs in your current project",
        ("listing/only-its-project", "listing/complete"),
    ),
    Clause(
        GUIDE, "Cancel a tuning job", "You can cancel a tuning job", ("cancel/answers-empty", "cancel/keeps-the-job")
    ),
)
