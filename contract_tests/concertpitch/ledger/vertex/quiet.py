"""Sentences without a rule that share their reason with others.

Owns the table, by reason; `silences` holds those that have a reason of their own.
"""

from __future__ import annotations

from concertpitch.ledger.documents import JOBS
from concertpitch.silences import Silence

_V1 = "aiplatform.v1 "
_BETA = "aiplatform.v1beta1 "
_PROTOS = "aiplatform.v1.protos /messages/google.cloud.aiplatform.v1."
_BETA_PROTOS = "aiplatform.v1beta1.protos "
_OPERATIONS = f"{_V1}{JOBS}/resources/operations/methods"
_METHODS = f"{_V1}{JOBS}/methods"
_SCHEMA = f"{_V1}/schemas/GoogleCloudAiplatformV1"
_BETA_SCHEMA = f"{_BETA}/schemas/GoogleCloudAiplatformV1beta1"
_SHARED = f"{_V1}/schemas/Google"

_UNSUPPORTED = "A method that is not routed is answered 404 by real services too; its rules are NOT_APPLICABLE then."
_CLIENT = "It binds the caller, or tells it what to expect."
_PERMISSION = "A permission: either behaviour is right."
_INSIDE = "What the service does inside, and to which models, cannot be seen from outside."
_STORAGE = (
    "Implementations without storage take any text; a real refusal of a non-JSONL object is recorded, no obligation is."
)
_GENERATIONS = "Needs a tuned model at the target whose name, versions and endpoint are known beforehand."
_DEFAULT = "Absent and default are taken for the same in every answer."
_PARTIAL = "A service may support it or not; AIP-217 and the document name different refusals."
_KEYS = "A target without keys knows neither their regions nor their form; how deep it looks is its own business."
_BETA_ONLY = "Of v1beta1 only, in no record; which models are open source is not documented."
_OTHER_WORDS = "Other words of an older revision for what the Discovery document says; that is judged."
_DOCUMENTS = "It binds documents or names a type; nothing is said of a server."

_BY_REASON: dict[str, tuple[tuple[str, str], ...]] = {
    _UNSUPPORTED: (
        *(
            (f"{_OPERATIONS}/{name}/description", "If the server doesn't support")
            for name in ("cancel", "delete", "list")
        ),
        (f"{_OPERATIONS}/wait/description", "If the server does not support this method"),
    ),
    _CLIENT: (
        (f"{_OPERATIONS}/delete/description", "the client is no longer interested in the operation result"),
        (f"{_SHARED}RpcStatus/description", "You can find out more about this error model"),
        (f"{_SCHEMA}RebaseTunedModelRequest/properties/deployToSameEndpoint/description", "WARNING:"),
        (f"{_V1}/parameters/key/description", "Required unless you provide an OAuth 2.0 token."),
        (f"{_V1}/parameters/quotaUser/description", "Available to use for quota purposes"),
        (f"{_V1}/parameters/quotaUser/description", "should not exceed 40 characters"),
    ),
    _PERMISSION: (
        (f"{_V1}/parameters/fields/description", "Selector specifying which fields to include"),
        (f"{_OPERATIONS}/cancel/description", "The server makes a best effort to cancel the operation"),
        (f"{_OPERATIONS}/delete/description", "Deletes a long-running operation."),
        (f"{_OPERATIONS}/wait/description", "the HTTP/RPC timeout is used"),
        (f"{_OPERATIONS}/wait/description", "Note that this method is on a best-effort basis."),
        (f"{_OPERATIONS}/wait/parameters/timeout/description", "If left blank, the wait will be at most"),
        (f"{_OPERATIONS}/wait/parameters/timeout/description", "If RPC context deadline is also specified"),
        (f"{_SHARED}LongrunningOperation/properties/metadata/description", "It typically contains progress"),
        (f"{_SHARED}LongrunningOperation/properties/metadata/description", "Some services might not provide"),
    ),
    _INSIDE: (
        (f"{_METHODS}/rebaseTunedModel/description", "A rebase operation takes a model that was previously tuned"),
        (f"{_SCHEMA}PreTunedModel/properties/checkpointId/description", "the default checkpoint will be used"),
        (f"{_SCHEMA}SupervisedHyperParameters/properties/learningRateMultiplier/description", "1P models"),
        (f"{_SCHEMA}TunedModelRef/properties/pipelineJob/description", "Support migration from tuning job list page"),
        (f"{_SCHEMA}TunedModelRef/properties/tunedModel/description", "Support migration from model registry."),
        (f"{_SCHEMA}RebaseTunedModelRequest/properties/tuningJob/description", "overwrite tuning configs"),
        (
            f"{_SCHEMA}SupervisedTuningDataStats/properties/totalTruncatedExampleCount/description",
            "for reasons including",
        ),
        (
            f"{_SCHEMA}SupervisedTuningDataStats/properties/userMessagePerExampleDistribution/description",
            "Dataset distributions for the messages per example.",
        ),
        (
            f"{_SCHEMA}PreferenceOptimizationDataStats/properties/scoreVariancePerExampleDistribution/description",
            "Dataset distributions for scores variance per example.",
        ),
        (f"{_SCHEMA}PreferenceOptimizationDataStats/description", "Statistics computed for datasets"),
        (
            f"{_SCHEMA}PreferenceOptimizationDataStats/properties/userDatasetExamples/description",
            "Sample user examples in the training dataset.",
        ),
        (
            f"{_SCHEMA}SupervisedTuningDatasetDistribution/properties/billableSum/description",
            "Sum of a given population of values that are billable.",
        ),
        (
            f"{_SCHEMA}GenericOperationMetadata/properties/partialFailures/description",
            "Status details field will contain",
        ),
        (f"{_SHARED}RpcStatus/properties/message/description", "should be in English"),
        (f"{_SHARED}RpcStatus/properties/message/description", "Any user-facing error message should be localized"),
    ),
    _STORAGE: tuple(
        (f"{_SCHEMA}{spec}/properties/{member}/description", says)
        for spec, member, says in (
            ("SupervisedTuningSpec", "validationDatasetUri", "The dataset can be specified as either"),
            ("PreferenceOptimizationSpec", "trainingDatasetUri", "The dataset must be formatted as a JSONL file."),
            ("PreferenceOptimizationSpec", "validationDatasetUri", "The dataset must be formatted as a JSONL file."),
        )
    ),
    _GENERATIONS: (
        (f"{_SCHEMA}PreTunedModel/properties/baseModel/description", "this PreTunedModel was tuned from"),
        (f"{_SCHEMA}TunedModel/properties/model/description", "For continuous tuning, if the provided"),
        (
            f"{_SCHEMA}TuningJob/properties/tunedModelDisplayName/description",
            "will by default use the same display name",
        ),
        (
            f"{_SCHEMA}RebaseTunedModelRequest/properties/deployToSameEndpoint/description",
            "By default, rebasing a model",
        ),
        (
            f"{_SCHEMA}RebaseTunedModelRequest/properties/deployToSameEndpoint/description",
            "If this flag is set to true",
        ),
        (
            f"{_BETA_PROTOS}/messages/google.cloud.aiplatform.v1beta1.TunedModel/fields/model/comment",
            "For continuous tuning",
        ),
    ),
    _DEFAULT: (
        (f"{_SCHEMA}SupervisedTuningSpec/properties/exportLastCheckpointOnly/description", "Default is false."),
        (f"{_SCHEMA}PreferenceOptimizationSpec/properties/exportLastCheckpointOnly/description", "Default is false."),
        (f"{_SCHEMA}PreferenceOptimizationSpec/properties/exportLastCheckpointOnly/description", "Otherwise, enable"),
    ),
    _PARTIAL: (
        (
            f"{_OPERATIONS}/list/parameters/returnPartialSuccess/description",
            "When set to `true`, operations that are reachable",
        ),
        (
            f"{_OPERATIONS}/list/parameters/returnPartialSuccess/description",
            "This can only be `true` when reading across",
        ),
        (f"{_SHARED}LongrunningListOperationsResponse/properties/unreachable/description", "Unordered list."),
        (
            f"{_SHARED}LongrunningListOperationsResponse/properties/unreachable/description",
            "Populated when the request",
        ),
    ),
    _KEYS: (
        (f"{_SCHEMA}EncryptionSpec/description", "that can be applied to a Vertex AI resource"),
        (f"{_SCHEMA}EncryptionSpec/properties/kmsKeyName/description", "must be in the same region as the resource"),
        (f"{_SCHEMA}EncryptionSpec/properties/kmsKeyName/description", "It must have the format"),
        (f"{_PROTOS}EncryptionSpec/comment", "that can be applied to a top-level resource"),
        (f"{_PROTOS}EncryptionSpec/fields/kmsKeyName/comment", "The Cloud KMS resource identifier"),
        (f"{_PROTOS}EncryptionSpec/fields/kmsKeyName/comment", "The key needs to be in the same region"),
    ),
    _DOCUMENTS: (
        (f"{_SHARED}LongrunningOperation/properties/metadata/description", "should document the metadata type"),
        (f"{_SHARED}LongrunningOperation/properties/response/description", "If the original method returns no data"),
        (f"{_SHARED}LongrunningOperation/properties/response/description", "If the original method is standard"),
        (f"{_SHARED}ProtobufEmpty/description", "that you can re-use to avoid defining"),
        (f"{_SHARED}ProtobufEmpty/description", "For instance: service Foo"),
        (f"{_SHARED}ProtobufEmpty/description", "A typical example is to use it"),
        (f"{_SHARED}RpcStatus/description", "It is used by [gRPC]"),
        (f"{_SHARED}RpcStatus/properties/details/description", "There is a common set of message types"),
        (f"{_V1}/parameters/uploadType/description", "Legacy upload protocol for media"),
        (f"{_V1}/parameters/upload_protocol/description", "Upload protocol for media"),
        (
            f"{_SCHEMA}SupervisedTuningDatasetDistributionDatasetBucket/description",
            "Dataset bucket used to create a histogram",
        ),
        (f"{_SCHEMA}DatasetDistributionDistributionBucket/description", "Dataset bucket used to create a histogram"),
    ),
    _BETA_ONLY: (
        (f"{_BETA_SCHEMA}TuningJob/properties/tuningJobState/description", "while the overall `JobState` is running"),
        (f"{_BETA_SCHEMA}SupervisedHyperParameters/properties/batchSize/description", "only available for open source"),
        (f"{_BETA_SCHEMA}SupervisedHyperParameters/properties/learningRate/description", "Mutually exclusive with"),
        (
            f"{_BETA_SCHEMA}SupervisedHyperParameters/properties/learningRate/description",
            "only available for open source",
        ),
        (f"{_BETA_SCHEMA}TuningDataStats/properties/distillationDataStats/description", "do not include the responses"),
        (f"{_BETA_SCHEMA}TuningJob/properties/customBaseModel/description", "must be a Cloud Storage directory"),
        (f"{_BETA_SCHEMA}TuningJob/properties/customBaseModel/description", "the base_model field must still be set"),
        (f"{_BETA_SCHEMA}TuningJob/properties/customBaseModel/description", "only available for open source models"),
        (f"{_BETA_SCHEMA}TuningJob/properties/outputUri/description", "only available and required for open source"),
        (f"{_BETA_SCHEMA}TuningJob/properties/pipelineJob/description", "Format: `projects/"),
        (f"{_BETA_SCHEMA}TuningJob/properties/satisfiesPzi/description", "Reserved for future use."),
        (f"{_BETA_SCHEMA}TuningJob/properties/satisfiesPzs/description", "Reserved for future use."),
    ),
    _OTHER_WORDS: (
        (f"{_PROTOS}PreTunedModel/fields/tunedModelName/comment", "Or, omit the version id"),
        (
            f"{_PROTOS}RebaseTunedModelRequest/fields/deployToSameEndpoint/comment",
            "By default, bison to gemini migration",
        ),
        (f"{_PROTOS}RebaseTunedModelRequest/fields/tuningJob/comment", "overwrite tuning configs"),
        (f"{_PROTOS}TunedModel/fields/model/comment", "Format:"),
        (f"{_PROTOS}TunedModel/fields/model/comment", "When tuning from a base model, the version ID will be 1."),
        (f"{_PROTOS}TuningJob/fields/serviceAccount/comment", "Users starting the pipeline must have"),
        (
            f"{_BETA_PROTOS}/messages/google.cloud.aiplatform.v1beta1.TunedModel/fields/model/comment",
            "version_id will be 1",
        ),
        (
            f"{_BETA_PROTOS}/methods/google.cloud.aiplatform.v1beta1.GenAiTuningService.RebaseTunedModel/comment",
            "Creates a LongRunningOperation",
        ),
    ),
}

QUIET = tuple(Silence(source, says, why) for why, rows in _BY_REASON.items() for source, says in rows)
