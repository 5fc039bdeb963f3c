"""Classes of sentences and facts that stand alike, and groups of messages that no rule looks into by their words.

Owns both tables. A class names the rules that judge all its members; a group says why its messages have none.
Rule 1: a class is found by the words of a sentence, a group by the message it stands in; classes come first.
"""

from __future__ import annotations

import re

from concertpitch.ledger.protos import Fact
from concertpitch.ledger.tables import Class, class_of

_OUTPUT_ONLY = ("create/accepts-output-only", "create/ignores-output-only")
_REQUIRED = ("refuse/missing-required", "refuse/empty-dataset")
_ENUM = ("wire/enum-is-name", "wire/enum-is-documented", "refuse/unknown-enum-name")
_ONEOF = "At most one member may be set; what sets two is refused where a request can carry it."

_CLASSES = (
    Class("", r"^Output only\.$", _OUTPUT_ONLY),
    Class("", r"^Identifier\.$", ("create/ignores-name",)),
    Class("/parameters/", r"^Required\.$", why="A part of the path: without it another path is asked for."),
    Class(r"/messages/[\w.]+(?<!Rebase)\w*Request/", r"^Required\.$", why="A part of the path or the body as a whole."),
    Class("", r"^Required\.$", _REQUIRED),
    Class("", r"^Optional\.$", why="It leaves the caller a choice, which every probe makes use of; nothing to break."),
    Class("", r"^Deprecated", why="A deprecated member may still be shown, or not."),
    Class(
        "", r"^The standard List next-page token\.$", why="A walk over operations needs more of them than a run starts."
    ),
    Class("", r"^See (?:also )?\S+", why="A pointer to another page."),
    Class("", r"^(?:E\.g\.|For example|Example)", why="An example."),
    Class(r"/(?:enumDescriptions|values)/", "", _ENUM, "What a value means inside the service cannot be seen."),
)

_EVALUATION = (
    "Settings or results of an evaluation service behind the target; their types are judged by the wire rules."
)
_CONTENT = (
    "Settings and parts of a conversation with a model, which a tuning job only carries (evaluationConfig, "
    "userDatasetExamples); their types are judged by the wire rules."
)
_BETA_SPEC = (
    "A kind of tuning that only v1beta1 has. No document says what a server must check of it and no record shows one; "
    "types, presence of required members, states and times are judged as for every job."
)

_GROUPS = {
    _EVALUATION: (
        "Aggregation(?:Output|Result)|AutoraterConfig|BigQuerySource|Bleu.*|ComputationBasedMetricSpec|CustomCode.*|"
        "CustomOutput.*|DatasetCustomMetric|Evaluat.*|ExactMatch.*|GcsDestination|GcsSource|LLMBasedMetricSpec|Metric.*|"
        "OutputConfig|OutputInfo|Pairwise.*|Pointwise.*|PredefinedMetricSpec|RawOutput|Rouge.*|RubricGenerationSpec|"
        "StepBasedLlmMetric.*"
    ),
    _CONTENT: (
        "Audio.*|Blob|CodeExecutionResult|Content|ExecutableCode|FileData|Function.*|GeminiPreferenceExample.*|"
        "GenerationConfig.*|Image.*|MultiSpeakerVoiceConfig|Part.*|PrebuiltVoiceConfig|ReplicatedVoiceConfig|"
        "ResponseFormat|Schema|Speaker.*|Speech.*|TextResponseFormat|TranslationConfig|Video.*|VoiceConfig|ApiAuth.*|"
        "AuthConfig.*|DynamicRetrievalConfig|EnterpriseWebSearch|ExternalApi.*|GoogleMaps.*|GoogleSearch.*|Rag.*|"
        "Retrieval|Tool.*|UrlContext|VertexAISearch.*|VertexRag.*"
    ),
    _BETA_SPEC: (
        "Distillation.*|FullFineTuningSpec|PartnerModelTuningSpec|Reinforcement.*|Veo.*|"
        "(?:Composite|Single)ReinforcementTuning.*|DatasetStats|TuningJobMetadata"
    ),
}
_MESSAGE = re.compile(
    r"/(?:schemas/GoogleCloudAiplatformV1(?:beta1)?|(?:messages|enums)/google\.cloud\.aiplatform\.v\w+\.)(\w+)"
)

_ONEOFS = {
    "source_model": ("job/one-source-model", "refuse/two-source-models"),
    "tuning_spec": ("job/one-tuning-spec", "refuse/two-tuning-specs"),
    "tuned_model_ref": ("refuse/two-tuned-model-refs",),
    "tuning_data_stats": ("stats/one-kind",),
    "result": ("operation/one-result", "operation/no-result-before-done"),
}
_BEHAVIOURS = {
    "OUTPUT_ONLY": Class("", "", _OUTPUT_ONLY),
    "REQUIRED": Class("", "", _REQUIRED),
    "IDENTIFIER": Class("", "", ("create/ignores-name",)),
    "OPTIONAL": Class("", "", why="It leaves the caller a choice."),
    "IMMUTABLE": Class("", "", why="Tuning jobs have no update method."),
    "INPUT_ONLY": Class("", "", why="A group of settings that the wire rules look at only."),
}
_METHODS = {
    "CancelTuningJob": ("cancel/accepts-empty-object", "cancel/accepts-no-body", "cancel/answers-empty"),
    "CreateTuningJob": ("create/body-is-the-job", "create/answers-the-job"),
    "GetTuningJob": ("get/returns-the-job-asked",),
    "ListTuningJobs": ("listing/member-name", "listing/only-its-location"),
    "RebaseTunedModel": ("rebase/answers-operation",),
}


def of(where: str, says: str) -> Class | None:
    """Where a sentence stands as one of a class or group; None when it has to speak for itself."""
    return class_of(_CLASSES, where, says) or _group(where)


def _group(where: str) -> Class | None:
    found = _MESSAGE.search(where)
    for why, names in _GROUPS.items():
        if found and re.fullmatch(names, found[1]):
            return Class("", "", why=why)
    return None


def of_fact(fact: Fact) -> Class | None:
    """Where a fact of the protos stands."""
    if fact.kind == "oneof":
        rules = _ONEOFS.get(fact.where.rpartition("/")[2])
        return Class("", "", rules, _ONEOF) if rules else _group(fact.where)
    if fact.kind == "http":
        return Class("", "", _METHODS.get(fact.where.split("/")[2].rpartition(".")[2], ()))
    if fact.kind == "presence":
        return Class("", "", why="Absent and default are taken for the same in answers.")
    if fact.kind.startswith("operation"):
        return Class("", "", ("operation/response-type", "operation/any-has-type"))
    if fact.kind == "REQUIRED" and re.search(
        r"\.(?:Cancel|Create|Get|List)TuningJobs?Request/|/fields/parent/", fact.where
    ):
        return Class("", "", why="A part of the path or the body as a whole.")
    return _BEHAVIOURS.get(fact.kind)
