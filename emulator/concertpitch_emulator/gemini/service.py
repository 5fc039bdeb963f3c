"""The services of the Gemini API over one store: what `tunedModels` methods do, for both versions.

It must not know HTTP. Every answer passes the hooks on its way out; without faults they do nothing.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from concertpitch_emulator import paging, protojson
from concertpitch_emulator.bodies import read_body
from concertpitch_emulator.errors import ApiError, already_exists, failed_precondition, unacceptable
from concertpitch_emulator.gemini import access, names, numbers, patching, rendering, scenarios, timeline, validation
from concertpitch_emulator.gemini.base_models import sampling
from concertpitch_emulator.gemini.filters import compile_filter
from concertpitch_emulator.gemini.hooks import Hooks, ModelView
from concertpitch_emulator.gemini.records import (
    OWNER,
    READER,
    USER,
    WRITER,
    ModelRecord,
    PermissionRecord,
    Store,
    grantee_id,
)
from concertpitch_emulator.identity import Source
from concertpitch_emulator.messages import Message, Messages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from concertpitch_emulator.clock import Clock
    from concertpitch_emulator.config import Config
    from concertpitch_emulator.errors import Violation
    from concertpitch_emulator.gemini.calls import Call

VERSIONS = ("v1beta", "v1beta3")
DEFAULT_PAGE_SIZE = 10

_SETTINGS = ("displayName", "description", "temperature", "topP", "topK", "readerProjectNumbers")


class GeminiService:
    """Tuned models of one emulator, and what all services of the Gemini API share.

    `lore` is what active faults remember of the whole server; the honest service never reads it.
    """

    def __init__(self, config: Config, clock: Clock, hooks: Hooks) -> None:
        self.config = config
        self.hooks = hooks
        self.clock = clock
        self.source = Source(config.seed)
        self.store = Store()
        # The messages of v1beta3 as it is served today are those of v1beta.
        self.messages = Messages("gemini_v1beta")
        self.lore: dict[str, Any] = {}

    def create(self, call: Call) -> dict[str, Any]:
        """Store a new tuned model and answer the operation that creates it."""
        model = self.read(call, "TunedModel", "tuned_model")
        given = call.query.get("tunedModelId", "")
        wrong = validation.tuned_model_id(given) if given else ()
        self.refuse("CreateTunedModelRequest", chain(wrong, validation.tuned_model(self.messages, model)))
        source, base_model = self._origin(model, call)
        if given in self.store.models and not self.hooks.forgives("used-id"):
            raise already_exists(f"Tuned model tunedModels/{given} already exists.", "used-id")
        model = self.hooks.draft(model, call)
        call.model = self.new_model(call, given, model, source, base_model)
        return self.show_operation(call.model, call)

    def get(self, call: Call) -> dict[str, Any]:
        return self.show(self.model(call, READER), call)

    def list_models(self, call: Call) -> dict[str, Any]:
        """One page of the tuned models that the filter finds, oldest first."""
        text = call.query.get("filter", "")
        scope = f"tunedModels {text}"
        asked = self.window(call, scope)
        models = self.hooks.collection(list(self.store.models.values()), call)
        page = self.hooks.page(paging.ascending(models, asked, compile_filter(text, call.caller)), asked, call)
        return self.page("tunedModels", [self.show(record, call) for record in page.items], page, scope)

    def patch(self, call: Call) -> dict[str, Any]:
        """Change what may be changed; the answer to a mask has the members it names, as real ones do."""
        record = self.model(call, WRITER)
        body = self.read(call, "TunedModel", "tuned_model")
        paths = patching.paths(self.messages, self.messages.named("TunedModel"), call.query.get("updateMask", ""))
        changed = patching.changed(body, paths, _SETTINGS)
        wrong = [*patching.immutable(record, body, paths), *validation.settings(patching.kept(changed))]
        self.refuse("UpdateTunedModelRequest", wrong)
        changed = self.hooks.draft(numbers.as_floats(changed), call)
        record.settings = patching.kept({**record.settings, **changed})
        shown = self.show(record, call)
        return {name: value for name, value in shown.items() if name in changed} if paths else shown

    def delete(self, call: Call) -> dict[str, Any]:
        """Forget a tuned model with its permissions and its operation."""
        del self.store.models[self.model(call, OWNER).id]
        return {}

    def model(self, call: Call, role: str) -> ModelRecord:
        """The tuned model that the path names, for a caller with that role."""
        record = self.store.models.get(call.path["model"])
        if record is None:
            raise access.no_model(f"tunedModels/{call.path['model']}")
        call.model = record
        access.require(call, record, role)
        return record

    def read(self, call: Call, message: str, root: str) -> dict[str, Any]:
        """The body of a request as the message of that short name."""
        return read_body(call, self.hooks, self.messages, self.messages.named(message), root)

    def refuse(self, request: str, violations: Iterable[Violation]) -> None:
        """Refuse a request of that name if anything is wrong."""
        unforgiven = self.hooks.unforgiven(violations)
        if unforgiven:
            raise unacceptable(request, unforgiven)

    def window(self, call: Call, scope: str, default: int = DEFAULT_PAGE_SIZE, most: int = 1000) -> paging.Window:
        """The page that a list asks for."""
        size = call.int32("pageSize", "page_size")
        return paging.window(size, call.query.get("pageToken", ""), scope, default, most)

    def page(self, name: str, shown: list[Any], page: paging.Page[Any], scope: str) -> dict[str, Any]:
        """The answer of a list; a member without items is left out, as is the token of the last page."""
        body: dict[str, Any] = {name: shown} if shown else {}
        if page.following is not None:
            body["nextPageToken"] = paging.token(page.following, scope)
        return body

    def show(self, record: ModelRecord, call: Call) -> dict[str, Any]:
        """The tuned model as this call shows it."""
        phase = record.timeline.at(call.now)
        model = self.hooks.model(rendering.tuned_model(record, phase), ModelView(record, phase, call))
        return self.encode(self.messages.named("TunedModel"), model, call)

    def show_operation(self, record: ModelRecord, call: Call) -> dict[str, Any]:
        """The operation that creates a tuned model, as this call shows it."""
        phase = record.timeline.at(call.now)
        model = self.show(record, call) if phase.state == timeline.ACTIVE else None
        return self.hooks.operation(rendering.operation(record, phase, model), ModelView(record, phase, call))

    def encode(self, message: Message, value: dict[str, Any], call: Call) -> dict[str, Any]:
        """A message with enum numbers where the caller asked for them."""
        return protojson.with_enum_numbers(self.messages, message, value) if call.enum_numbers else value

    def grant(self, permissions: dict[str, PermissionRecord], kind: str, email: str, role: str) -> PermissionRecord:
        """Store a permission, in the place of one that the grantee may have."""
        permission_id = grantee_id(kind, email)
        permissions[permission_id] = PermissionRecord(permission_id, self.store.serial(), kind, email, role)
        return permissions[permission_id]

    def new_model(
        self, call: Call, given: str, model: dict[str, Any], source: dict[str, Any], base_model: str
    ) -> ModelRecord:
        """Store a tuned model for a valid request (canonical form); all that the server makes up is settled here."""
        task = model["tuningTask"]
        examples = task.get("trainingData", {}).get("examples", {}).get("examples", [])
        count = max(1, len(examples))
        used = numbers.hyperparameters(task.get("hyperparameters", {}), count)
        model_id = given or names.generated(model.get("displayName", ""), self.source, self.store.models)
        scenario = scenarios.scenario(examples)
        steps = numbers.total_steps(used["epochCount"], count, used["batchSize"])
        plan = timeline.plan(call.now, self.config.speed, self.source, steps, scenario.outcome, scenario.share)
        record = ModelRecord(
            id=model_id,
            serial=self.store.serial(),
            version=call.version,
            source=source,
            base_model=base_model,
            settings=numbers.as_floats({name: model[name] for name in _SETTINGS if name in model}),
            sampling=sampling(base_model),
            hyperparameters=used,
            timeline=plan,
            scenario=scenario,
            snapshots=rendering.snapshots(model_id, plan.steps, used["batchSize"], count),
            operation_id=self.source.base36(12),
        )
        self.grant(record.permissions, USER, call.caller, OWNER)
        self.store.models.pop(model_id, None)  # the newest comes last
        self.store.models[model_id] = record
        return record

    def _origin(self, model: dict[str, Any], call: Call) -> tuple[dict[str, Any], str]:
        """The source_model member as it will be shown, and the base model behind it."""
        if "tunedModelSource" not in model:
            name = model.get("baseModel", "")
            return {"baseModel": name}, name
        name = model["tunedModelSource"]["tunedModel"]
        origin = self.store.models.get(name.removeprefix("tunedModels/"))
        if origin is None:
            raise access.no_model(name)
        access.require(call, origin, READER)
        if origin.timeline.at(call.now).state != timeline.ACTIVE:
            raise _not_active(name)
        return {"tunedModelSource": {"tunedModel": name, "baseModel": origin.base_model}}, origin.base_model


def _not_active(name: str) -> ApiError:
    return failed_precondition(f"The tuned model {name} is not ACTIVE.", "source-not-active")
