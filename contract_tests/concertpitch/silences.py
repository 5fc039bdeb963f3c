"""Sentences that deliberately have no rule, or that real records contradict, each with the reason.

A sentence of the documents in scope is either quoted by a rule or stands here: `tests/contract` checks the quotes.
"""

from __future__ import annotations

from dataclasses import dataclass

_JOB = "aiplatform.v1 /schemas/GoogleCloudAiplatformV1TuningJob/properties"
_MODEL = "aiplatform.v1 /schemas/GoogleCloudAiplatformV1TunedModel/properties"
_SPEC = "aiplatform.v1 /schemas/GoogleCloudAiplatformV1SupervisedTuningSpec/properties"
_HYPER = "aiplatform.v1 /schemas/GoogleCloudAiplatformV1SupervisedHyperParameters/properties"
_STATS = "aiplatform.v1 /schemas/GoogleCloudAiplatformV1SupervisedTuningDataStats/properties"
_METHODS = "aiplatform.v1 /resources/projects/resources/locations/resources/tuningJobs/methods"
_OPERATIONS = "aiplatform.v1 /resources/projects/resources/locations/resources/tuningJobs/resources/operations/methods"


@dataclass(frozen=True)
class Silence:
    """A sentence of a source (`says`), where it stands, and why no rule demands it."""

    source: str
    says: str
    why: str
    contradicted: bool = False
    """Records contradict the sentence, so that a rule may judge only a part of it."""


SILENCES: tuple[Silence, ...] = (
    # ---- contradicted by records
    Silence(
        f"{_JOB}/startTime/description",
        "for the first time entered the `JOB_STATE_RUNNING` state",
        "Real jobs carry a startTime some milliseconds after createTime while they still show PENDING for minutes, so "
        "a waiting job with a startTime is judged in the create answer only.",
        contradicted=True,
    ),
    Silence(
        f"{_JOB}/tunedModel/description",
        "The tuned model resources associated with this TuningJob.",
        "A real FAILED job carries tunedModel.model without an endpoint, so neither presence nor completeness follows "
        "from the state.",
        contradicted=True,
    ),
    Silence(
        f"{_HYPER}/epochCount/description",
        "Number of complete passes the model makes over the entire training dataset during training.",
        "The real service fills in hyperparameters that the caller left out while the job runs; only those the caller "
        "sent are held to their values.",
        contradicted=True,
    ),
    Silence(
        f"{_STATS}/tuningStepCount/description",
        "Number of tuning steps for this Tuning Job.",
        "No recorded job carries it; that its value follows from epochs and examples stands in no document.",
        contradicted=True,
    ),
    # ---- freedom that the documents or conventions leave
    Silence(
        f"{_JOB}/state/enumDescriptions/1",
        "The job has been just created or resumed and processing has not yet begun.",
        "A poller need not see every state; a resumed job may be queued again, so no way back is forbidden.",
    ),
    Silence(
        f"{_JOB}/state/enumDescriptions/8",
        "The job has been stopped, and can be resumed.",
        "No method of tuning jobs pauses or resumes, so nothing can be asked.",
    ),
    Silence(
        f"{_JOB}/state/enumDescriptions/10",
        "After updating, the job goes back to the `RUNNING` state.",
        "RUNNING leads anywhere and a poller may miss it, so nothing seen after UPDATING can be wrong.",
    ),
    Silence(
        f"{_JOB}/state/enumDescriptions/11",
        "The job is partially succeeded, some results may be missing due to errors.",
        "The list of states that set endTime leaves this one out, and no record shows it: it permits everything.",
    ),
    Silence(
        f"{_JOB}/evaluateDatasetRuns/description",
        "Evaluation runs for the Tuning Job.",
        "Needs an evaluation service behind the target; the values in it are judged by the wire rules when shown.",
    ),
    Silence(
        f"{_JOB}/gcsMetricsUri/description",
        "The Cloud Storage metrics URI associated with this TuningJob.",
        "No form is stated, and no record shows it.",
    ),
    Silence(
        f"{_JOB}/serviceAccount/description",
        "If not specified, the Vertex AI Secure Fine-Tuned Service Agent in the project will be used.",
        "What runs behind the API cannot be seen from outside.",
    ),
    Silence(
        f"{_JOB}/serviceAccount/description",
        "Users starting the pipeline must have the `iam.serviceAccounts.actAs` permission on this service account.",
        "Needs principals of different rights, which a target's owner would have to provide.",
    ),
    Silence(
        f"{_JOB}/encryptionSpec/description",
        "all resources created by the TuningJob will be encrypted with the provided encryption key",
        "Encryption at rest cannot be seen from outside; that the key comes back is judged.",
    ),
    Silence(
        f"{_JOB}/tunedModelDisplayName/description",
        "If a new display name is provided, the tuning job will create a new model instead of a new version.",
        "Needs a tuned model that exists at the target; continuous jobs are sent, and may rightly be refused.",
    ),
    Silence(
        f"{_MODEL}/model/description",
        "Otherwise the version id will be incremented by 1 from the last version ID in the parent model.",
        "As above: needs two generations of models at the target.",
    ),
    Silence(
        f"{_SPEC}/trainingDatasetUri/description",
        "The dataset can be specified as either a Cloud Storage path to a JSONL file or as the resource name",
        "Implementations without storage may take any text; a real refusal of a non-JSONL object is recorded, an "
        "obligation to refuse is not.",
    ),
    Silence(
        f"{_SPEC}/exportLastCheckpointOnly/description",
        "Otherwise, enable intermediate checkpoints for SFT.",
        "Enabled is not populated: no recorded job shows checkpoints.",
    ),
    Silence(
        f"{_HYPER}/learningRateMultiplier/description",
        "Mutually exclusive with `learning_rate`.",
        "v1 has no member learningRate, so the two cannot meet.",
    ),
    Silence(
        f"{_STATS}/totalBillableCharacterCount/description",
        "Number of billable characters in the tuning dataset.",
        "Deprecated, and in no record; it may not be negative, which is judged.",
    ),
    Silence(
        f"{_STATS}/userDatasetExamples/description",
        "Sample user messages in the training dataset uri.",
        "Which examples, how many and how they are cut short is not documented.",
    ),
    Silence(
        f"{_METHODS}/cancel/description",
        "but success is not guaranteed",
        "A single cancel may lose the race; only several that all have no effect are held against a target.",
    ),
    Silence(
        f"{_METHODS}/cancel/description",
        "its state is set to `CANCELLED`",
        "The wire value is JOB_STATE_CANCELLED; the short name is the documents' way of writing it.",
    ),
    Silence(
        f"{_METHODS}/list/parameters/pageSize/description",
        "The standard list page size.",
        "Neither a default nor a maximum is documented for this list; only the bound that was asked for is judged.",
    ),
    Silence(
        "aiplatform.v1 /schemas/GoogleLongrunningOperation/properties/response/description",
        "For other methods, the response should have the type `XxxResponse`",
        "The protos name TuningJob as the response of a rebase, and clients refuse another: that is judged.",
    ),
    Silence(
        f"{_OPERATIONS}/wait/description",
        "It may return the latest state before the specified timeout (including immediately)",
        "A permission; only the upper bound is judged.",
    ),
    Silence(
        f"{_OPERATIONS}/list/parameters/returnPartialSuccess/description",
        "This field is not supported by default and will result in an `UNIMPLEMENTED` error",
        "AIP-217 says INVALID_ARGUMENT, the document UNIMPLEMENTED, and a service may support it.",
    ),
    Silence(
        "AIP-193 Status.details",
        "All error responses **must** include an `ErrorInfo` within `details`.",
        "None of 16 recorded errors of the real services has one.",
        contradicted=True,
    ),
    Silence(
        "AIP-148 update_time",
        "to the resource made by users **must** refresh this value; changes to a",
        "Tuning jobs have no update method; changes by the service may leave updateTime as it is.",
    ),
    Silence(
        "ProtoJSON Presence and default-values",
        "presence, serializers must emit the field value if and only if the corresponding",
        "Which members have presence stands in no published document of v1; absent and default are taken for the same.",
    ),
    # ---- the page of the MCP tool get_tuning_job, against itself and against what the specification leaves open
    Silence(
        "MCP 2025-11-25 lifecycle, Version Negotiation",
        "Unsupported protocol version",
        "The page's own example refuses what its prose answers with another version: a refusal only warns.",
    ),
    Silence(
        "MCP 2026-07-28 schema.ts",
        "- **Tools**: Unknown tool name or invalid tool arguments",
        "The prose of the same revision wants wrong arguments as results with isError: either way is right.",
    ),
    Silence(
        "MCP 2025-11-25 transports, Session Management",
        "A server using the Streamable HTTP transport **MAY** assign a session ID at",
        "Sessions are the server's choice; rules on them are not applicable where there are none.",
    ),
)
