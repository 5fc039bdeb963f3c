"""Sentences of the Gemini API's protos that rules judge without quoting them.

Owns the table. A rule quotes one source; a promise is often written down in several places.
"""

from __future__ import annotations

from collections.abc import Iterator

from concertpitch.ledger.tables import Covered

_NEW, _OLD = "v1beta", "v1beta3"


def _at(version: str, kind: str, name: str, says: str, *rules: str) -> Covered:
    return Covered(f"generativelanguage.{version}.protos /{kind}/{name}/comment", says, rules)


def _field(message: str, member: str, says: str, *rules: str) -> Covered:
    return _at(_NEW, "messages", f"google.ai.generativelanguage.{_NEW}.{message}/fields/{member}", says, *rules)


def _older(message: str, member: str, says: str, *rules: str) -> Covered:
    return _at(_OLD, "messages", f"google.ai.generativelanguage.{_OLD}.{message}/fields/{member}", says, *rules)


def _shared(message: str, member: str, says: str, *rules: str) -> Covered:
    return _at(_NEW, "messages", f"google.{message}/fields/{member}", says, *rules)


def _method(service: str, method: str, says: str, *rules: str, version: str = _NEW) -> Covered:
    return _at(version, "methods", f"google.ai.generativelanguage.{version}.{service}.{method}", says, *rules)


_ASKED = "get/returns-what-was-asked"
_WALK = ("listing/complete", "listing/token-leads-on")
_END = ("listing/ends", "listing/empty-token")
_EPOCHS, _BATCH, _RATE = (
    "tuned-model/default-epoch-count",
    "tuned-model/default-batch-size",
    "tuned-model/default-learning-rate",
)


def _methods() -> Iterator[Covered]:
    models, sharing, corpora = "ModelService", "PermissionService", "RetrieverService"
    answered = ("tuning-operation/answered-by-create", "create/readable-at-once")
    yield _method(models, "CreateTunedModel", "Creates a tuned model.", *answered)
    for version, watch, access in (
        (_NEW, "Check intermediate tuning progress", "Access status and results through"),
        (_OLD, "Intermediate tuning progress (if any) is accessed", "Status and results can be accessed"),
    ):
        yield _method(models, "CreateTunedModel", watch, "operation/readable", version=version)
        yield _method(models, "CreateTunedModel", access, "operation/readable", version=version)
    yield _method(models, "DeleteTunedModel", "Deletes a tuned model.", "delete/is-gone", "delete/answers-empty")
    for version, says in ((_NEW, "Gets information about a specific `Model`"), (_OLD, "Gets information about")):
        yield _method(models, "GetModel", says, _ASKED, "base-model/agrees-with-get", version=version)
    for version, says in ((_NEW, "Lists the [`Model`s]"), (_OLD, "Lists models available")):
        yield _method(models, "ListModels", says, "base-model/agrees-with-get", *_WALK, version=version)
    for version, says in ((_NEW, "Lists created tuned models."), (_OLD, "Lists tuned models owned by the user.")):
        yield _method(models, "ListTunedModels", says, "listing/is-up-to-date", *_WALK, version=version)
    yield _method(models, "UpdateTunedModel", "Updates a tuned model.", "patch/is-kept", "patch/answers-what-it-set")
    yield _method(sharing, "CreatePermission", "Create a permission", "permission/echoes-grant", answered[1])
    yield _method(sharing, "DeletePermission", "Deletes the permission.", "delete/is-gone", "delete/is-not-listed")
    yield _method(sharing, "GetPermission", "Gets information about", _ASKED)
    yield _method(sharing, "ListPermissions", "Lists permissions for", "permission/grant-is-listed", *_WALK)
    yield _method(sharing, "TransferOwnership", "Transfers ownership", "ownership/goes-to-the-new-owner")
    yield _method(sharing, "UpdatePermission", "Updates the permission.", "permission/patch-is-kept")
    yield _method(corpora, "DeleteCorpus", "Deletes a `Corpus`.", "delete/is-gone", "delete/answers-empty")
    for says in ("Gets the latest state", "Clients can use this method to poll"):
        name = "google.longrunning.Operations.GetOperation"
        yield _at(_NEW, "methods", name, says, "operation/readable", "operation/returns-the-one-asked")
    listed = "Lists operations that match the specified filter"
    yield _at(_NEW, "methods", "google.longrunning.Operations.ListOperations", listed, "operation/listed")


def _requests() -> Iterator[Covered]:
    for things, rules in (
        ("Models", ()),
        ("TunedModels", ("listing/token-of-another-filter",)),
        ("Permissions", ("listing/token-of-another-parent",)),
    ):
        request, response = f"List{things}Request", f"List{things}Response"
        yield _field(request, "pageSize", "The maximum number of", "listing/page-size-bound")
        if things != "TunedModels":
            yield _field(request, "pageSize", "This method returns at most 1000", "tuned-list/at-most-a-thousand")
        yield _field(request, "pageToken", "Provide the `page_token` returned", *_WALK)
        if rules:
            yield _field(request, "pageToken", "When paginating, all other parameters", *rules)
        yield _field(response, "nextPageToken", "A token, which can be sent", *_WALK)
        yield _field(response, "nextPageToken", "If this field is omitted", *_END)
    yield _older("ListModelsRequest", "pageSize", "If unspecified, at most 50 models", "base-model/fifty-by-default")
    ids = ("refuse/bad-tuned-model-id", "tuned-model/accepts-documented-id")
    yield _field("CreateTunedModelRequest", "tunedModelId", "This value should be up to 40 characters", *ids)
    yield _older("CreateTunedModelRequest", "tunedModelId", "The id must match the regular expression", *ids)
    yield _field("DeleteTunedModelRequest", "name", "Format: `tunedModels/my-model-id`", "delete/is-gone")
    yield _field("TransferOwnershipRequest", "name", "Format:", "ownership/goes-to-the-new-owner")
    catalogue = ("base-model/agrees-with-get", _ASKED)
    yield _field("GetModelRequest", "name", "This name should match a model name", *catalogue)
    yield _field("GetModelRequest", "name", "Format: `models/{model}`", "base-model/name-format", _ASKED)
    yield _older("CreatePermissionRequest", "parent", "Format: tunedModels/{tuned_model}", "permission/name-format")
    yield _older("ListPermissionsRequest", "parent", "Format: tunedModels/{tuned_model}", "permission/grant-is-listed")
    yield _older("DeletePermissionRequest", "name", "Format: `tunedModels/", "permission/name-format", "delete/is-gone")
    yield _older("GetPermissionRequest", "name", "Format: `tunedModels/", "permission/name-format", _ASKED)
    permission = "The permission's `name` field is used to identify"
    yield _field("UpdatePermissionRequest", "permission", permission, "permission/patch-is-kept")


def _members() -> Iterator[Covered]:
    echoed, what = "tuned-model/echoes-hyperparameters", "base-model/says-what-it-is"
    yield _field("Hyperparameters", "epochCount", "The number of training epochs.", echoed)
    yield _field("Hyperparameters", "learningRateMultiplier", "The learning rate multiplier is used", echoed)
    yield _older("Hyperparameters", "batchSize", "If not set, a default of 16 or 64", _BATCH)
    yield _older("Hyperparameters", "epochCount", "If not set, a default of 10", _EPOCHS)
    yield _older("Hyperparameters", "learningRate", "If not set, a default of 0.0002 or 0.002", _RATE)
    yield _field("TuningTask", "hyperparameters", "If not provided, default values", _EPOCHS, _BATCH, _RATE)
    yield _field("Model", "maxTemperature", "The maximum temperature", "base-model/temperature-range")
    yield _field("Model", "outputTokenLimit", "Maximum number of output tokens", "base-model/limits-not-negative")
    yield _field("Model", "supportedGenerationMethods", "The model's supported generation methods.", what)
    yield _field("Model", "version", "The version number of the model.", what)
    yield _older("Model", "temperature", "Values can range over", "base-model/temperature-range")
    fixed = ("permission/grantee-stays", "permission/patch-keeps-grantee")
    yield _field("Permission", "granteeType", "Immutable.", *fixed)
    yield _field("Permission", "name", "A unique name will be generated", "permission/has-name")
    yield _older("Permission", "name", "Example: tunedModels/", "permission/name-format")
    for version, says in ((_NEW, "- reader can use the resource"), (_OLD, "Each role is a superset of")):
        name = f"google.ai.generativelanguage.{version}.Permission"
        yield _at(version, "messages", name, says, "ownership/rights-of-roles")
    yield _field("TunedModel", "name", "A unique name will be generated", "create/names-unique", "tuned-model/has-name")
    for member in ("topK", "topP"):
        says = "This value specifies default to be the one used by the base model"
        yield _field("TunedModel", member, says, "tuned-model/default-sampling")
    source = ("tuned-model/echoes-source", "tuned-model/source-format")
    yield _field("TunedModel", "tunedModelSource", "TunedModel to use as the starting point", *source)
    yield _field("TunedModelSource", "tunedModel", "The name of the `TunedModel`", *source)
    yield _field("TunedModelSource", "baseModel", "The name of the base `Model`", "tuned-model/source-has-base-model")
    computed = ("snapshot/compute-times-ascend", "snapshot/within-the-tuning")
    yield _field("TuningSnapshot", "computeTime", "The timestamp when this metric", *computed)


def _operations() -> Iterator[Covered]:
    operation = "longrunning.Operation"
    yield _shared(operation, "done", "If the value is `false`", "operation/no-result-before-done")
    done = ("operation/stays-done", "operation/done-has-result", "tuning-operation/done-model-has-ended")
    yield _shared(operation, "done", "If `true`, the operation is completed", *done)
    yield _shared(operation, "metadata", "It typically contains progress", "tuning-operation/has-metadata")
    yield _shared(operation, "name", "The server-assigned name", "operation/returns-the-one-asked")
    yield _shared(operation, "name", "If you use the default HTTP mapping", "operation/name-format")
    result = ("tuning-operation/response-type", "tuning-operation/response-agrees-with-get")
    yield _shared(operation, "response", "If the original method is standard", *result)
    listed = "A list of operations that matches"
    yield _shared("longrunning.ListOperationsResponse", "operations", listed, "operation/listed")
    yield _at(_NEW, "messages", "google.rpc.Status", "Each `Status` message contains", "operation/error-code-is-rpc")
    yield _shared("rpc.Status", "code", "should be an enum value", "operation/error-code-is-rpc")


COVERED = (*_methods(), *_requests(), *_members(), *_operations())
