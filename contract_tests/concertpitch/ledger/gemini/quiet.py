"""Sentences of the Gemini API's protos without a rule, by their reason.

Owns the table. What stands in a message of corpora has its reason in `standing`, as a group.
"""

from __future__ import annotations

from concertpitch.silences import Silence

_DOCUMENT = "generativelanguage.v1beta.protos"
_OLDER = "generativelanguage.v1beta3.protos"
_NEW = f"{_DOCUMENT} /messages/google.ai.generativelanguage.v1beta."
_OLD = f"{_OLDER} /messages/google.ai.generativelanguage.v1beta3."
_METHODS = f"{_DOCUMENT} /methods/google."
_SHARED = f"{_DOCUMENT} /messages/google."

_PERMITTED = "A permission; only the upper bound is judged."
_INFERENCE = "It speaks of what generation does with the model, which is another API; the value itself must come back."
_CALLER = "It binds the caller, or tells it what a word means."
_GENERAL = "It speaks to those who write APIs or use gRPC, and of no message on the wire."
_UNSEEN = "What a learning rate is multiplied with is the service's own, and no answer shows it."
_PARTIAL = "It is for reads across collections, which these paths have not; a service may support it or refuse it."

_BY_REASON: dict[str, tuple[tuple[str, str], ...]] = {
    _PERMITTED: (
        (f"{_NEW}ListPermissionsRequest/fields/pageSize/comment", "The service may return fewer permissions."),
        (f"{_NEW}ListTunedModelsRequest/fields/pageSize/comment", "The service may return fewer tuned models."),
        (f"{_OLD}ListModelsRequest/fields/pageSize/comment", "The service may return fewer models."),
        (f"{_SHARED}longrunning.Operation/fields/metadata/comment", "Some services might not provide such metadata."),
    ),
    "The list of base models has no parameter but the page's size, which AIP-158 lets the caller change.": (
        (f"{_NEW}ListModelsRequest/fields/pageToken/comment", "When paginating, all other parameters"),
    ),
    _INFERENCE: (
        (f"{_NEW}Model/fields/temperature/comment", "A higher value will produce"),
        (f"{_NEW}Model/fields/temperature/comment", "This value specifies default to be used by the backend"),
        (f"{_NEW}Model/fields/thinking/comment", "Whether the model supports thinking."),
        (f"{_NEW}Model/fields/topK/comment", "This value specifies default to be used by the backend"),
        (f"{_NEW}Model/fields/topK/comment", "If empty, indicates the model doesn't use top-k sampling"),
        (f"{_NEW}Model/fields/topP/comment", "Nucleus sampling considers"),
        (f"{_NEW}Model/fields/topP/comment", "This value specifies default to be used by the backend"),
        (f"{_NEW}TunedModel/fields/temperature/comment", "A value closer to `1.0` will produce"),
        (f"{_NEW}TunedModel/fields/topK/comment", "This value specifies default to be used by the backend"),
        (f"{_OLD}Model/fields/temperature/comment", "A value closer to `1.0` will produce"),
    ),
    _CALLER: (
        (f"{_NEW}Permission/comment", "grants user, group or the rest of the world access"),
        (f"{_NEW}Permission/comment", "A role is a collection of permitted operations"),
        (f"{_NEW}Permission/comment", "To make them available to users"),
        (f"{_NEW}Permission/comment", "When you assign a role"),
        (f"{_OLD}Permission/comment", "grants user, group or the rest of the world access"),
        (f"{_NEW}TuningExample/comment", "A single example for tuning."),
        (f"{_NEW}TuningExamples/comment", "Can be training or validation data."),
        (f"{_OLD}TuningExamples/comment", "Can be training or validatation data."),
    ),
    "Text is the one type of input that the message has, so examples of two types cannot be sent.": (
        (f"{_NEW}TuningExamples/fields/examples/comment", "all examples in a set must be of the same type"),
    ),
    _UNSEEN: (
        (f"{_NEW}Hyperparameters/fields/learningRateMultiplier/comment", "Actual learning rate :="),
        (f"{_NEW}Hyperparameters/fields/learningRateMultiplier/comment", "If not set, a default of 1.0"),
    ),
    _PARTIAL: (
        (
            f"{_SHARED}longrunning.ListOperationsRequest/fields/returnPartialSuccess/comment",
            "When set to `true`, operations that are reachable",
        ),
        (
            f"{_SHARED}longrunning.ListOperationsRequest/fields/returnPartialSuccess/comment",
            "This can only be `true` when reading across",
        ),
        (
            f"{_SHARED}longrunning.ListOperationsRequest/fields/returnPartialSuccess/comment",
            "This field is not by default supported",
        ),
        (f"{_SHARED}longrunning.ListOperationsResponse/fields/unreachable/comment", "Unordered list."),
        (f"{_SHARED}longrunning.ListOperationsResponse/fields/unreachable/comment", "Populated when the request"),
    ),
    _GENERAL: (
        (f"{_SHARED}longrunning.Operation/fields/metadata/comment", "should document the metadata type"),
        (f"{_SHARED}longrunning.Operation/fields/response/comment", "If the original method returns no data"),
        (f"{_SHARED}longrunning.Operation/fields/response/comment", "For other methods, the response should"),
        (f"{_SHARED}rpc.Status/comment", "It is used by [gRPC]"),
        (f"{_SHARED}rpc.Status/comment", "You can find out more about this error model"),
        (f"{_SHARED}rpc.Status/fields/details/comment", "There is a common set of message types"),
    ),
    "No machine can tell whether a message is for developers, or in what language.": (
        (f"{_SHARED}rpc.Status/fields/message/comment", "A developer-facing error message"),
        (f"{_SHARED}rpc.Status/fields/message/comment", "Any user-facing error message should be localized"),
    ),
    "Real services answer 404 for methods that are not routed; rules on lists of operations are NOT_APPLICABLE then.": (
        (f"{_METHODS}longrunning.Operations.ListOperations/comment", "it returns `UNIMPLEMENTED`"),
    ),
    "A pointer to another page.": (
        (f"{_NEW}Model/fields/name/comment", "Refer to [Model variants]"),
        (f"{_METHODS}ai.generativelanguage.v1beta.ModelService.GetModel/comment", "Refer to the [Gemini models guide]"),
    ),
}

QUIET = tuple(Silence(source, says, why) for why, rows in _BY_REASON.items() for source, says in rows)
