"""Classes of sentences and facts of the Gemini API that stand alike, and what corpora are not judged by.

Owns both tables.
Rule 1: corpora come first: they are served as far as permissions need them, and the general classes speak of models.
"""

from __future__ import annotations

import re

from concertpitch.ledger.protos import Fact
from concertpitch.ledger.tables import Class, class_of

_OUTPUT_ONLY = ("create/accepts-output-only", "tuned-model/ignores-output-only", "patch/output-only-stays")
_REQUIRED = ("refuse/missing-required", "refuse/missing-tuning-task", "refuse/missing-training-data")
_ENUM = ("wire/enum-is-name", "wire/enum-is-documented", "refuse/unknown-enum-name")
_IMMUTABLE = ("patch/immutable-stays", "tuned-model/base-model-stays", "tuned-model/hyperparameters-stay")
_GRANTEE = ("permission/grantee-stays", "permission/patch-keeps-grantee")
_PATH = "A part of the path or the body as a whole."
_CHOICE = "It leaves the caller a choice, which probes make use of; nothing to break."
_CORPORA = (
    "Corpora are served as far as permissions need them: created, read, listed and deleted, their permissions judged "
    "as those of tuned models, their own members by the wire rules alone."
)
_CORPUS = r"\.(?:Corpus|(?:Create|Get|Delete)Corpus|ListCorpora)(?:Request|Response)?(?=/|$)"

_CLASSES = (
    Class(_CORPUS, "", why=_CORPORA),
    Class(
        r"\.Permission/", r"^(?:Identifier|Output only)\.$", ("permission/name-format",), "A grant's name is not kept."
    ),
    Class("", r"^Output only\.$", _OUTPUT_ONLY),
    Class(r"Permission/fields/role", r"^Required\.$", ("refuse/missing-required",)),
    Class(r"TransferOwnershipRequest/fields/emailAddress", r"^Required\.$", ("refuse/transfer-without-email",)),
    Class(r"UpdatePermissionRequest/fields/updateMask", r"^Required\.$", ("permission/patch-needs-mask",)),
    Class(r"Request/fields/", r"^Required\.$", why=_PATH),
    Class(r"\.Model/fields/", r"^Required\.$", ("base-model/has-name", "base-model/says-what-it-is")),
    Class("", r"^Required\.$", _REQUIRED),
    Class(r"\.Permission/", r"^Immutable\.$", _GRANTEE),
    Class("", r"^Immutable\.$", _IMMUTABLE),
    Class("", r"^Input only\.$", ("tuned-model/training-data-not-returned",)),
    Class("", r"^Optional\.$", why=_CHOICE),
    Class("", r"^The standard (?:[Ll]ist|List) ", why="A walk over operations needs more of them than a run starts."),
    Class("", r"^(?:E\.g\.|For example|Example)", why="An example."),
    Class(r"/values/", "", _ENUM, "What a value means inside the service cannot be seen."),
)

_ONEOFS = {
    "source_model": ("tuned-model/one-source-model", "refuse/two-sources"),
    "learning_rate_option": ("tuned-model/one-learning-rate", "refuse/two-learning-rates"),
    "result": ("operation/one-result", "operation/no-result-before-done"),
}
_SOLE = "It has one member, so nothing can be set beside it."
_MARKS = {
    "OUTPUT_ONLY": "Output only.",
    "REQUIRED": "Required.",
    "IMMUTABLE": "Immutable.",
    "INPUT_ONLY": "Input only.",
    "OPTIONAL": "Optional.",
    "IDENTIFIER": "Identifier.",
}
"""The sentence that says the same as a behaviour."""
_METHODS = {
    "CreateTunedModel": ("tuning-operation/answered-by-create", "create/readable-at-once"),
    "GetTunedModel": ("get/returns-what-was-asked",),
    "ListTunedModels": ("listing/is-up-to-date", "listing/complete"),
    "UpdateTunedModel": ("patch/is-kept", "patch/answers-its-model"),
    "DeleteTunedModel": ("delete/is-gone", "delete/answers-empty"),
    "GetModel": ("get/returns-what-was-asked",),
    "ListModels": ("base-model/agrees-with-get",),
    "CreatePermission": ("permission/echoes-grant",),
    "GetPermission": ("get/returns-what-was-asked",),
    "ListPermissions": ("permission/grant-is-listed",),
    "UpdatePermission": ("permission/patch-is-kept",),
    "DeletePermission": ("delete/is-gone", "delete/answers-empty"),
    "TransferOwnership": ("ownership/goes-to-the-new-owner", "ownership/transfer-answers-empty"),
    "DeleteCorpus": ("delete/is-gone", "delete/answers-empty"),
    "GetOperation": ("operation/readable", "operation/returns-the-one-asked"),
    "ListOperations": ("operation/listed",),
}
_PRESENCE = Class("", "", ("tuned-model/echoes-sampling",), "Elsewhere absent and default are taken for the same.")


def of(where: str, says: str) -> Class | None:
    """Where a sentence stands as one of a class; None when it has to speak for itself."""
    return class_of(_CLASSES, where, says)


def of_fact(fact: Fact) -> Class | None:
    """Where a fact of the protos stands."""
    if fact.kind == "http":
        method = fact.where.split("/")[2]
        rules = _METHODS.get(method.rpartition(".")[2])
        return Class("", "", rules) if rules else class_of(_CLASSES, method, "")
    if fact.kind == "oneof":
        rules = _ONEOFS.get(fact.where.rpartition("/")[2])
        return Class("", "", rules or (), "" if rules else _SOLE)
    if fact.kind == "presence":
        return _PRESENCE if re.search(r"\.TunedModel/", fact.where) else Class("", "", why=_PRESENCE.why)
    if fact.kind.startswith("operation"):
        return Class("", "", ("tuning-operation/response-type", "tuning-operation/metadata-type"))
    if fact.kind == "UNORDERED_LIST":
        return Class("", "", why="A list without an order has none to keep.")
    return class_of(_CLASSES, fact.where, _MARKS[fact.kind]) if fact.kind in _MARKS else None
