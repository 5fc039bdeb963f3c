"""What a tool shows is what REST v1 shows, member by member."""

from __future__ import annotations

from typing import Any

from concertpitch.catalogue import ADVISED, CONVENTION, DOCUMENTED, Findings, rule
from concertpitch.protojson import message, text
from concertpitch.sources import aip, mcp, method, rpc, tool_page
from concertpitch.subjects.mcp import (
    Bystander,
    CancelTwin,
    EndedTwin,
    FilterTwin,
    JobTwin,
    ListedTwin,
    ListTwin,
    OperationTwin,
    Reach,
    TokenTwin,
    Touched,
)

_EMPTY: tuple[Any, ...] = (None, "", [], {}, False, 0)
_WHOLE = tool_page(
    "get_tuning_job", says="Retrieves the full metadata and current status for a specific GenAI tuning job."
)
_DEEPEST = 32
_MAPS = frozenset({"labels"})
_CANCELLED = "JOB_STATE_CANCELLED"
_SETTLED = ("baseModel", "description", "tunedModelDisplayName")
"""Texts that no method of REST changes in a job, though a service may fill in what its caller left out."""
_STOPPED = frozenset({_CANCELLED, "JOB_STATE_CANCELLING"})


def _said(body: dict[str, Any]) -> dict[str, Any]:
    """The members that say something: absent and default are the same in ProtoJSON."""
    return {name: value for name, value in body.items() if not any(value is one or value == one for one in _EMPTY)}


def _differing(rest: dict[str, Any], mcp: dict[str, Any]) -> list[str]:
    ours, theirs = _said(rest), _said(mcp)
    names = ours.keys() | theirs.keys()
    return sorted(name for name in names if not _alike(name, ours.get(name), theirs.get(name)))


def _alike(name: str, one: Any, other: Any) -> bool:
    """Whether two values of a member say the same; every entry of a map says something, one with an empty value too."""
    return bool((one or {}) == (other or {}) if name in _MAPS else _plain(one) == _plain(other))


def _plain(value: Any, depth: int = 0) -> Any:
    """A value without members that say nothing, as deep as any published message goes."""
    if depth > _DEEPEST:
        return value
    if isinstance(value, dict):
        return _said({name: _plain(member, depth + 1) for name, member in value.items()})
    return [_plain(item, depth + 1) for item in value] if isinstance(value, list) else value


@rule("twin/nothing-missing", DOCUMENTED, on=JobTwin, cite=_WHOLE, probe="twins")
def nothing_missing(twin: JobTwin) -> Findings:
    """Every member of a job that REST shows is there over MCP."""
    missing = sorted(_said(twin.rest).keys() - twin.mcp.keys())
    if missing:
        yield f"job {twin.name} has no {', '.join(missing)} over MCP"


@rule("twin/nothing-more", DOCUMENTED, on=JobTwin, cite=_WHOLE, probe="twins")
def nothing_more(twin: JobTwin) -> Findings:
    """A job has no member over MCP that REST v1 does not show."""
    more = sorted(_said(twin.mcp).keys() - twin.rest.keys())
    if more:
        yield f"job {twin.name} has {', '.join(more)} over MCP only"


@rule("twin/same-values", DOCUMENTED, on=JobTwin, cite=_WHOLE, probe="twins")
def same_values(twin: JobTwin) -> Findings:
    """Every member of a job that both show has the same value."""
    both = twin.rest.keys() & twin.mcp.keys()
    for name in _differing({key: twin.rest[key] for key in both}, {key: twin.mcp[key] for key in both}):
        yield f"job {twin.name} has another {name}: {str(twin.mcp[name])[:60]}, not {str(twin.rest[name])[:60]}"


@rule(
    "twin/reached",
    DOCUMENTED,
    on=Reach,
    cite=tool_page(
        "get_tuning_job", says="Use this to check if a model has finished fine-tuning and is ready for deployment."
    ),
    probe="twins",
)
def reached(reach: Reach) -> Findings:
    """What REST shows can be read over MCP."""
    if reach.call.failed:
        asked = ", ".join(map(str, reach.call.arguments.values()))
        yield f"{reach.call.tool} of {asked} failed, which REST showed before and after"


@rule(
    "twin/listed-job",
    DOCUMENTED,
    on=ListedTwin,
    cite=method("list", says="Lists tuning jobs in a location."),
    probe="list-tool",
)
def listed_job(twin: ListedTwin) -> Findings:
    """A job in the list over MCP is as in the list over REST."""
    different = _differing(twin.rest, twin.mcp)
    if different:
        yield f"job {twin.name} differs in {', '.join(different)} between the lists"


@rule(
    "twin/listed-names",
    DOCUMENTED,
    on=ListTwin,
    cite=method("list", says="Lists tuning jobs in a location."),
    probe="list-tool",
)
def listed_names(twin: ListTwin) -> Findings:
    """Two whole lists, over MCP and over REST, hold the same jobs."""
    for name in sorted(twin.rest ^ twin.mcp):
        where = "REST" if name in twin.rest else "MCP"
        yield f"{name.rpartition('/')[2]} is listed over {where} only"


@rule(
    "twin/operation",
    DOCUMENTED,
    on=OperationTwin,
    cite=method("operations.get", says="Gets the latest state of a long-running operation."),
    probe="operation-tool",
)
def operation(twin: OperationTwin) -> Findings:
    """An operation over MCP is as over REST."""
    different = _differing(twin.rest, twin.mcp)
    if different:
        yield f"operation {twin.name} differs in {', '.join(different)}"


@rule(
    "twin/cancel-takes-effect",
    ADVISED,
    on=CancelTwin,
    when=lambda twin: bool(twin.state) and not twin.call.failed,
    cite=method("cancel", says="The server makes a best effort to cancel the job"),
    probe="cancel-tool",
)
def cancel_takes_effect(twin: CancelTwin) -> Findings:
    """A job that was cancelled over MCP ends cancelled (best effort, so this warns)."""
    if twin.state != _CANCELLED:
        yield f"{twin.call.arguments.get('name')} was cancelled over MCP and ended as {twin.state}"


@rule(
    "twin/cancel-tells-of-its-effect",
    CONVENTION,
    on=CancelTwin,
    when=lambda twin: twin.state == _CANCELLED and (twin.always_failed or not twin.call.failed),
    cite=mcp("schema.ts, CallToolResult", says="If not set, this is assumed to be false (the call was successful)."),
    probe="cancel-tool",
)
def cancel_tells_of_its_effect(twin: CancelTwin) -> Findings:
    """Not every cancel over MCP is reported as failed, where jobs end cancelled by it."""
    if twin.call.failed:
        yield f"the cancel of {twin.call.arguments.get('name')} was reported as failed, and the job is {twin.state}"


@rule(
    "twin/cancel-keeps-the-job",
    DOCUMENTED,
    on=CancelTwin,
    when=lambda twin: not twin.call.failed,
    cite=method("cancel", says="On successful cancellation, the tuning job is not deleted."),
    probe="cancel-tool",
)
def cancel_keeps_the_job(twin: CancelTwin) -> Findings:
    """A job that was cancelled over MCP can still be read over REST."""
    if not twin.state:
        yield f"{twin.call.arguments.get('name')} was cancelled over MCP, and a get was answered {twin.after.status}"


@rule(
    "twin/get-changes-nothing",
    DOCUMENTED,
    on=Touched,
    cite=tool_page("get_tuning_job", says="Idempotent Hint: ✅ | Read Only Hint: ✅ | Open World Hint: ❌"),
    probe="twins",
)
def get_changes_nothing(touched: Touched) -> Findings:
    """A job that was read over MCP is over REST what it was before, but for what its own progress changes."""
    before, after = (_said(message(one.answer.value)) for one in (touched.before, touched.after))
    named = touched.call.arguments.get("name")
    for member in _SETTLED:
        if member in before and before[member] != after.get(member):
            yield f"{named}: {member} was {before[member]!r} before a read over MCP, and is {after.get(member)!r}"
    now = message(after.get("labels"))
    for key, value in message(before.get("labels")).items():  # a service may add its own
        if now.get(key) != value:
            yield f"{named}: the label {key} was {value!r} before a read over MCP, and is {now.get(key)!r}"


@rule(
    "twin/cancel-spares-the-ended",
    CONVENTION,
    on=EndedTwin,
    cite=aip(216, "Resting states", says='"Resting states" are lifecycle states that, absent user action, are'),
    probe="cancel-tool",
)
def cancel_spares_the_ended(twin: EndedTwin) -> Findings:
    """A job that had ended is in the same state after a cancel over MCP, whether that is refused or not."""
    was, now = (text(message(one.answer.value).get("state")) for one in (twin.before, twin.after))
    if was != now:
        yield f"{twin.call.arguments.get('name')} was {was}, and after a cancel over MCP it is {now}"


@rule(
    "twin/cancel-spares-others",
    DOCUMENTED,
    on=Bystander,
    when=lambda bystander: not bystander.call.failed,
    cite=tool_page("get_tuning_job", says="Required. The name of the tuning job to retrieve."),
    probe="cancel-tool",
)
def cancel_spares_others(bystander: Bystander) -> Findings:
    """A cancel over MCP cancels the job that it names, and no other."""
    if bystander.state in _STOPPED:
        other = bystander.after.path.rpartition("/")[2]
        named = bystander.call.arguments.get("name")
        yield f"{named} was cancelled over MCP, nobody cancelled {other}, and it is {bystander.state}"


@rule(
    "twin/filter",
    DOCUMENTED,
    on=FilterTwin,
    cite=method("list", part="parameters/filter/description", says="The standard list filter."),
    probe="list-tool",
)
def filter_is_that_of_rest(twin: FilterTwin) -> Findings:
    """A filter that REST honours lets the same jobs through over MCP, where the tool is listed with a filter."""
    asked = twin.reach.call.arguments.get("filter")
    for name in sorted(twin.mcp & twin.left_out)[:1]:
        yield f"with the filter {asked}, {name.rpartition('/')[2]} is listed over MCP and not over REST"
    for name in sorted(twin.missing)[:1]:
        yield f"with the filter {asked}, {name.rpartition('/')[2]} is listed over REST and not over MCP"


@rule(
    "twin/bad-page-token",
    CONVENTION,
    on=TokenTwin,
    cite=rpc("Code.INVALID_ARGUMENT", says="The client specified an invalid argument."),
    probe="list-tool",
)
def bad_page_token(twin: TokenTwin) -> Findings:
    """A made-up page token that REST refuses is not answered with jobs over MCP, where the tool takes page tokens."""
    if twin.call.jobs:
        yield f"the page token {twin.call.arguments.get('pageToken')} was answered with {len(twin.call.jobs)} jobs"
