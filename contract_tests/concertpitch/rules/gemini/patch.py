"""What a patch of a tuned model may change, and what not."""

from __future__ import annotations

import re
from typing import Any

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, Cite, Findings, rule
from concertpitch.protojson import integer, number, text
from concertpitch.sources import aip, gemini
from concertpitch.subjects.gemini import SETTINGS, Patch, PatchedTogether, TunedModel

_CLOSE = 1e-6
_NOTHING_PRINTED = frozenset({"None", "null", "undefined", "nil", "<nil>", "NULL"})
"""What languages print where nothing is."""
_INDEXED = re.compile(r"readerProjectNumbers\.\d+")
_INTERNAL, _BAD_REQUEST, _CONFLICT = 500, 400, 409
_OUTPUT_ONLY = frozenset({"state", "createTime", "updateTime"})
_NAMED_ONLY = Cite(
    "google.protobuf.FieldMask",
    "Field Masks in Update Operations",
    "resource are going to be updated. The API is required to only change the values",
)
_RESET = Cite(
    "google.protobuf.FieldMask",
    "Field Masks in Update Operations",
    "In order to reset a field's value to the default, the field must be",
)


def _same(one: Any, other: Any) -> bool:
    """Equal as values; a float may have lost what 32 bits cannot hold, and '' and [] are the same as nothing."""
    if isinstance(one, str) and isinstance(other, str):
        return one == other or (integer(one) is not None and integer(one) == integer(other))
    first, second = number(one), number(other)
    if first is not None and second is not None:
        return abs(first - second) <= _CLOSE * max(1.0, abs(first))
    return bool((one or None) == (other or None))


def _shows(model: TunedModel | None, name: str) -> str:
    value = model.body.get(name) if model else None
    return "absent" if value is None else str(value)


@rule(
    "patch/answers-what-it-set",
    CONVENTION,
    on=Patch,
    when=lambda patch: (
        patch.call.succeeded
        and patch.plain
        and patch.before is not None
        and any(name in patch.sent for name in patch.named)
    ),
    cite=aip(134, "Guidance", says="include any fields that were sent and included in the update mask unless"),
    probe="patch",
)
def answers_what_it_set(patch: Patch) -> Findings:
    """The answer to a patch holds every member that was sent and named by the mask (others may be left out)."""
    for name in patch.named:
        if patch.sent.get(name) not in (None, "", []) and not _same(patch.sent[name], patch.answer.get(name)):
            yield f"{name} was patched to {patch.sent[name]}, the answer has {patch.answer.get(name, 'none')}"


@rule(
    "patch/answers-its-model",
    CONVENTION,
    on=Patch,
    when=lambda patch: patch.call.succeeded and bool(text(patch.answer.get("name"))),
    cite=aip(134, "Guidance", says="The response message **must** be the resource itself. (There is no"),
    probe="patch",
)
def answers_its_model(patch: Patch) -> Findings:
    """If the answer to a patch shows a name, it is that of the tuned model that was patched."""
    if patch.answer["name"].rpartition("/")[2] != patch.call.resource.rpartition("/")[2]:
        yield f"asked to patch {patch.call.resource}, got {patch.answer['name']}"


@rule(
    "patch/is-kept",
    CONVENTION,
    on=Patch,
    when=lambda patch: (
        patch.call.succeeded
        and patch.plain
        and patch.after is not None
        and any(patch.sent.get(name) not in (None, "", []) for name in patch.named)
    ),
    cite=aip(
        121, "Strong Consistency", says="Following a successful update that is the latest mutation on a resource, a get"
    ),
    probe="patch",
)
def is_kept(patch: Patch) -> Findings:
    """The next get shows what a patch set."""
    for name in patch.named:
        sent = patch.sent.get(name)
        if sent not in (None, "", []) and patch.after and not _same(sent, patch.after.body.get(name)):
            yield f"{patch.after.shown}: {name} was patched to {sent} and is {_shows(patch.after, name)}"


@rule(
    "patch/clears",
    CONVENTION,
    on=Patch,
    when=lambda patch: (
        patch.call.succeeded
        and patch.plain
        and patch.after is not None
        and any(name not in patch.sent for name in patch.named if name in {"description", "displayName"})
    ),
    cite=_RESET,
    probe="patch",
)
def clears(patch: Patch) -> Findings:
    """A text that the mask names and the body leaves out is cleared, and not the printed form of nothing."""
    for name in patch.named:
        if name in {"description", "displayName"} and name not in patch.sent and patch.after and patch.before:
            held = text(patch.after.body.get(name))
            if held and held == text(patch.before.body.get(name)):
                yield f"{patch.after.shown}: {name} was to be cleared and is still '{held}'"
            elif held in _NOTHING_PRINTED:
                yield f"{patch.after.shown}: {name} was to be cleared and is the text '{held}'"


@rule(
    "patch/only-what-the-mask-names",
    CONVENTION,
    on=Patch,
    when=lambda patch: patch.call.succeeded and patch.plain and patch.before is not None and patch.after is not None,
    cite=_NAMED_ONLY,
    probe="patch",
)
def only_what_the_mask_names(patch: Patch) -> Findings:
    """A patch leaves alone what its mask does not name, though the body holds it."""
    before, after = patch.before, patch.after
    for name in SETTINGS:
        if before and after and name not in patch.named and not _same(before.body.get(name), after.body.get(name)):
            yield f"{after.shown}: the mask {','.join(patch.mask)} left {name} out, and it is {_shows(after, name)} now"


@rule(
    "patch/without-mask",
    ADVISED,
    on=Patch,
    when=lambda patch: (
        not patch.mask
        and patch.before is not None
        and bool(patch.sent.keys() & set(SETTINGS))
        and not patch.request.faults - {"missing"}
        and all(_valid(patch, name) for name in SETTINGS)
        and (patch.call.status == _BAD_REQUEST or (patch.call.succeeded and patch.after is not None))
    ),
    cite=aip(134, "Request message", says="field mask as an implied field mask equivalent to all fields that are"),
    probe="patch",
)
def without_mask(patch: Patch) -> Findings:
    """A patch without a mask sets what its body holds (documents differ on it, so this only warns)."""
    if not patch.call.succeeded:
        yield f"a patch of {patch.call.resource} without updateMask was answered {patch.call.status}"
        return
    for name in SETTINGS:
        sent = patch.sent.get(name)
        if sent not in (None, "", []) and patch.after and not _same(sent, patch.after.body.get(name)):
            yield f"{patch.after.shown}: without a mask {name} was patched to {sent} and is {_shows(patch.after, name)}"


@rule(
    "patch/list-replaced",
    ADVISED,
    on=Patch,
    when=lambda patch: (
        patch.call.succeeded
        and patch.plain
        and patch.after is not None
        and patch.before is not None
        and bool(patch.sent.get("readerProjectNumbers") and patch.before.body.get("readerProjectNumbers"))
    ),
    cite=aip(
        144, "Update strategies", says="update _the entire_ list. Field masks are unable to address individual entries"
    ),
    probe="patch",
)
def list_replaced(patch: Patch) -> Findings:
    """A patch of readerProjectNumbers replaces the whole list (the field mask's own text says appends: warns)."""
    sent, held = (
        patch.sent["readerProjectNumbers"],
        patch.after.body.get("readerProjectNumbers") if patch.after else None,
    )
    if "readerProjectNumbers" in patch.named and isinstance(held, list) and len(held) > len(sent):
        yield f"readerProjectNumbers were patched to {sent} and are {held}"


@rule(
    "patch/takes-whole-models",
    CONVENTION,
    on=Patch,
    when=lambda patch: (
        patch.plain
        and bool(patch.request.output_only)
        and not patch.request.faults - {"missing"}
        and all(_valid(patch, name) for name in patch.named)
        and (patch.call.succeeded or patch.call.status == _BAD_REQUEST)
    ),
    cite=aip(203, "Output only", says="**must** clear out any value in this field and **must not** throw an error"),
    probe="patch",
)
def takes_whole_models(patch: Patch) -> Findings:
    """A patch may send the whole tuned model as it was read: output-only members are no error."""
    if not patch.call.succeeded:
        yield f"a patch of {','.join(patch.mask)} with the whole model as its body was answered {patch.call.status}"


def _valid(patch: Patch, name: str) -> bool:
    """Whether a documented limit of a member is certainly kept."""
    value = patch.sent.get(name)
    return not (name == "displayName" and len(text(value)) > 40) and not (  # noqa: PLR2004 - as documented
        name in {"temperature", "topP"} and not 0 <= (number(value) or 0) <= 1
    )


def _nothing_new(patch: Patch) -> bool:
    """Whether the mask names output-only members alone, or every value sent is there already."""
    held = patch.before.body if patch.before else {}
    return bool(patch.mask and set(patch.mask) <= _OUTPUT_ONLY) or (
        patch.plain and all(_same(patch.sent.get(name), held.get(name)) for name in patch.named)
    )


@rule(
    "patch/no-conflict-with-itself",
    CONVENTION,
    on=Patch,
    when=lambda patch: (
        patch.before is not None
        and patch.before.ended
        and _nothing_new(patch)
        and (patch.call.succeeded or patch.call.refused)
    ),
    cite=aip(
        161, "Output only fields", says="service **must** ignore the output only fields provided as input, even if"
    ),
    probe="patch",
)
def no_conflict_with_itself(patch: Patch) -> Findings:
    """A patch of an ended model that changes nothing (output-only members, values that it has) is no conflict."""
    if patch.call.status == _CONFLICT:
        yield f"a patch of {','.join(patch.mask)} that changes nothing was answered {_CONFLICT}"


@rule(
    "patch/unknown-path",
    ADVISED,
    on=Patch,
    when=lambda patch: (
        any(not _INDEXED.fullmatch(path) for path in patch.unknown) and (patch.call.succeeded or patch.call.refused)
    ),
    cite=aip(
        161,
        "Invalid field mask entries",
        says="When writing data, field masks **should** return an `INVALID_ARGUMENT` error if",
    ),
    probe="patch",
)
def unknown_path(patch: Patch) -> Findings:
    """A mask with a path that leads nowhere is refused."""
    if patch.call.succeeded:
        yield f"the mask '{patch.call.query.get('updateMask')}' was accepted"


@rule(
    "patch/index-refused",
    CONVENTION,
    on=Patch,
    when=lambda patch: (
        any(_INDEXED.fullmatch(path) for path in patch.mask) and (patch.call.succeeded or patch.call.refused)
    ),
    cite=aip(161, "Wildcards", says="repeated field by index, and **must** return an `INVALID_ARGUMENT` error if"),
    probe="patch",
)
def index_refused(patch: Patch) -> Findings:
    """A mask that names an entry of a list by its index is refused."""
    if patch.call.succeeded:
        yield f"the mask '{','.join(patch.mask)}' was accepted"


@rule(
    "patch/together",
    CONVENTION,
    on=PatchedTogether,
    cite=_NAMED_ONLY,
    probe="parallel",
)
def together(it: PatchedTogether) -> Findings:
    """Patches of different members at the same moment all hold."""
    for name in it.patch.named:
        sent = it.patch.sent.get(name)
        if sent not in (None, "", []) and not _same(sent, it.after.body.get(name)):
            yield f"{it.after.shown}: {name} was patched to {sent} beside other members and is {_shows(it.after, name)}"


@rule(
    "patch/keeps-snapshots",
    DOCUMENTED,
    on=Patch,
    when=lambda patch: bool(patch.before and patch.before.shots and patch.after and patch.before.ended),
    cite=gemini("TuningTask", "snapshots", says="Output only."),
    probe="patch",
)
def keeps_snapshots(patch: Patch) -> Findings:
    """A patch does not take away the snapshots of a tuning that has ended."""
    if patch.before and patch.after and len(patch.after.shots) < len(patch.before.shots):
        had, has = len(patch.before.shots), len(patch.after.shots)
        yield f"{patch.after.shown} had {had} snapshots before the patch and has {has} after it"


@rule(
    "patch/output-only-stays",
    CONVENTION,
    on=Patch,
    when=lambda patch: bool(patch.request.output_only) and patch.before is not None and patch.after is not None,
    cite=aip(134, "Side effects", says="In particular, this entails that [state fields][] **must not** be directly"),
    probe="patch",
)
def output_only_stays(patch: Patch) -> Findings:
    """A patch does not set state, createTime or updateTime."""
    for name in ("state", "createTime", "updateTime"):
        sent = patch.raw.get(name)
        before = patch.before.body.get(name) if patch.before else None
        if patch.after and sent is not None and sent != before and patch.after.body.get(name) == sent:
            yield f"{patch.after.shown}: {name} was patched to {sent}"


@rule(
    "patch/immutable-stays",
    DOCUMENTED,
    on=Patch,
    when=lambda patch: patch.before is not None and patch.after is not None and patch.call.status < _INTERNAL,
    cite=gemini("TunedModel", "baseModel", says="Immutable."),
    probe="patch",
)
def immutable_stays(patch: Patch) -> Findings:
    """A patch changes neither the base model nor a hyperparameter."""
    before, after = patch.before, patch.after
    if before and after:
        if after.base_model != before.base_model:
            yield f"{after.shown}: the base model was {before.base_model} and was patched to {after.base_model}"
        for name, value in before.hyperparameters.items():
            if after.hyperparameters and not _same(value, after.hyperparameters.get(name)):
                yield f"{after.shown}: {name} was {value} and was patched to {after.hyperparameters.get(name)}"


@rule(
    "patch/refused-changes-nothing",
    CONVENTION,
    on=Patch,
    when=lambda patch: patch.call.refused and patch.before is not None and patch.after is not None,
    cite=aip(121, "Stateless protocol", says="operate over a [stateless protocol][]: The fundamental behavior of any"),
    probe="patch",
)
def refused_changes_nothing(patch: Patch) -> Findings:
    """A patch that is refused changes nothing."""
    for name in SETTINGS:
        before, after = patch.before, patch.after
        if before and after and not _same(before.body.get(name), after.body.get(name)):
            yield f"the patch was answered {patch.call.status}, and {name} is {_shows(after, name)} now"
