"""Lies that make a tool show something else than REST."""

from __future__ import annotations

import html
import re

from concertpitch_emulator.faults.mcp.telling import Body, shown_by
from concertpitch_emulator.mcp.hooks import Fault, Post, ToolCall
from concertpitch_emulator.mcp.jsonrpc import Message

_GET, _LIST = "get_tuning_job", "list_tuning_jobs"
_CANCELLING = "x-emulator-cancelling"


def _lose_ended(answer: Body, _message: Message, _post: Post) -> Body:
    if "endTime" in answer.get("result", {}).get("structuredContent", {}):
        text = {"type": "text", "text": "NOT_FOUND: The TuningJob does not exist."}
        answer["result"] = {**answer["result"], "content": [text], "isError": True}
        del answer["result"]["structuredContent"]
    return answer


def _without_times(page: Body) -> None:
    for job in page.get("tuningJobs", ()):
        del job["createTime"]


def _lose_last(page: Body) -> None:
    if "nextPageToken" not in page:
        page["tuningJobs"] = page.get("tuningJobs", [])[:-1]


def _only_look(post: Post) -> Post:
    if b'"cancel_tuning_job"' in post.content:
        post.content = post.content.replace(b'"cancel_tuning_job"', b'"get_tuning_job"')
        post.headers[_CANCELLING] = "yes"
    return post


def _pretend(answer: Body, _message: Message, post: Post) -> Body:
    if _CANCELLING in post.headers and "structuredContent" in answer.get("result", {}):
        answer["result"].update(content=[{"type": "text", "text": "{}"}], structuredContent={})
    return answer


def _delete(shown: Body, call: ToolCall) -> Body:
    store = call.service.store
    for job in store.all_jobs() if call.tool == "cancel_tuning_job" else ():
        if job.id == call.arguments["name"].rpartition("/")[2]:
            store.remove(job)
    return shown


def _one_location(post: Post) -> Post:
    if b'"list_tuning_jobs"' in post.content:
        post.content = re.sub(rb"/locations/(us-west4|europe-west4)", b"/locations/us-central1", post.content)
    return post


def _first_page(post: Post) -> Post:
    if b'"list_tuning_jobs"' in post.content:
        post.content = re.sub(rb',\s*"pageToken":\s*"[^"]*"', b"", post.content)
    return post


def _known_tokens(post: Post) -> Post:
    post.content = re.sub(rb',\s*"pageToken":\s*"concertpitch-made-this-up"', b"", post.content)
    return post


def _every_job(post: Post) -> Post:
    if b'"list_tuning_jobs"' in post.content:
        post.content = re.sub(rb',\s*"filter":\s*"(?:\\.|[^"\\])*"', b"", post.content)
    return post


def _cancel_newest(shown: Body, call: ToolCall) -> Body:
    if call.tool == "cancel_tuning_job":
        call.service.store.all_jobs()[-1].timeline.cancel(call.service.clock())
    return shown


def _touch(shown: Body, call: ToolCall) -> Body:
    for job in call.service.store.all_jobs() if call.tool == _GET else ():
        if job.id == call.arguments["name"].rpartition("/")[2]:
            job.spec["description"] = job.spec.get("description", "") + "."
    return shown


def _cancel_whatever(shown: Body, call: ToolCall) -> Body:
    for job in call.service.store.all_jobs() if _CANCELLING in call.post.headers else ():
        if job.id == call.arguments["name"].rpartition("/")[2]:
            job.timeline.cancel(call.service.clock())
    return shown


def _without_empty_labels(job: Body) -> None:
    if "labels" in job:
        job["labels"] = {key: value for key, value in job["labels"].items() if value}


def _says_failed(answer: Body, message: Message, _post: Post) -> Body:
    cancels = message.method == "tools/call" and message.params.get("name") == "cancel_tuning_job"
    if cancels and "structuredContent" in answer.get("result", {}):
        text = {"type": "text", "text": "INTERNAL: The job could not be cancelled."}
        answer["result"] = {**answer["result"], "content": [text], "isError": True}
        del answer["result"]["structuredContent"]
    return answer


def _positive(post: Post) -> Post:
    post.content = re.sub(rb'"pageSize":\s*-', b'"pageSize": ', post.content)
    return post


def _anywhere(post: Post) -> Post:
    if b'"get_tuning_job"' in post.content:
        post.content = re.sub(rb"/locations/[\w-]+/", b"/locations/us-central1/", post.content)
    return post


FAULTS = [
    Fault(
        id="mcp/job-without-create-time",
        lie="get_tuning_job leaves the creation time out.",
        breaks=("twin/nothing-missing",),
        shows=shown_by(_GET, lambda job: job.pop("createTime")),
    ),
    Fault(
        id="mcp/job-with-more",
        lie="get_tuning_job shows a member that REST does not have.",
        breaks=("twin/nothing-more",),
        shows=shown_by(_GET, lambda job: job.update(selfLink=job["name"])),
    ),
    Fault(
        id="mcp/job-renamed",
        lie="get_tuning_job writes display names in capitals.",
        breaks=("twin/same-values",),
        shows=shown_by(_GET, lambda job: job.update(tunedModelDisplayName=job["tunedModelDisplayName"].upper())),
    ),
    Fault(
        id="mcp/empty-labels-lost",
        lie="get_tuning_job leaves labels out whose value is empty.",
        breaks=("twin/same-values",),
        shows=shown_by(_GET, _without_empty_labels),
    ),
    Fault(
        id="mcp/text-escaped",
        lie="get_tuning_job escapes descriptions as for HTML.",
        breaks=("twin/same-values",),
        shows=shown_by(_GET, lambda job: job.update(description=html.escape(job.get("description", "")))),
    ),
    Fault(
        id="mcp/times-with-offset",
        lie="get_tuning_job shows the creation time with an offset.",
        breaks=("tool/times-are-utc", "twin/same-values"),
        shows=shown_by(_GET, lambda job: job.update(createTime=job["createTime"].replace("Z", "+00:00"))),
    ),
    Fault(
        id="mcp/cancel-says-it-failed",
        lie="cancel_tuning_job cancels, and always says that it could not.",
        breaks=("twin/cancel-tells-of-its-effect",),
        says=_says_failed,
    ),
    Fault(
        id="mcp/ended-job-lost",
        lie="get_tuning_job does not find jobs that have ended.",
        breaks=("twin/reached",),
        says=_lose_ended,
    ),
    Fault(
        id="mcp/listed-without-create-time",
        lie="list_tuning_jobs leaves the creation times out.",
        breaks=("twin/listed-job",),
        shows=shown_by(_LIST, _without_times),
    ),
    Fault(
        id="mcp/list-loses-one",
        lie="list_tuning_jobs loses the last job.",
        breaks=("twin/filter", "twin/listed-names"),
        shows=shown_by(_LIST, _lose_last),
    ),
    Fault(
        id="mcp/operation-without-metadata",
        lie="get_operation leaves the metadata out.",
        breaks=("twin/operation",),
        shows=shown_by("get_operation", lambda operation: operation.pop("metadata")),
    ),
    Fault(
        id="mcp/cancel-does-nothing",
        lie="cancel_tuning_job succeeds and lets the job go on.",
        breaks=("twin/cancel-takes-effect",),
        hears=_only_look,
        says=_pretend,
    ),
    Fault(
        id="mcp/list-ends-early",
        lie="The first page of list_tuning_jobs is said to be the last.",
        breaks=("twin/listed-names",),
        shows=shown_by(_LIST, lambda page: page.pop("nextPageToken", None)),
    ),
    Fault(
        id="mcp/list-of-another-location",
        lie="list_tuning_jobs lists the same location whatever it is asked for.",
        breaks=("tool/lists-the-parent",),
        hears=_one_location,
    ),
    Fault(
        id="mcp/page-token-overlooked",
        lie="list_tuning_jobs shows the first page whatever the token.",
        breaks=("tool/next-page-goes-on", "twin/bad-page-token"),
        hears=_first_page,
    ),
    Fault(
        id="mcp/made-up-token-overlooked",
        lie="list_tuning_jobs shows the first page for a token that was never given out.",
        breaks=("twin/bad-page-token",),
        hears=_known_tokens,
    ),
    Fault(
        id="mcp/filter-overlooked",
        lie="list_tuning_jobs shows every job, whatever the filter.",
        breaks=("twin/filter",),
        hears=_every_job,
    ),
    Fault(
        id="mcp/cancel-hits-the-newest",
        lie="cancel_tuning_job cancels the newest job beside the one it is asked to.",
        breaks=("twin/cancel-spares-others",),
        shows=_cancel_newest,
    ),
    Fault(
        id="mcp/get-leaves-a-trace",
        lie="get_tuning_job adds a full stop to the description of the job that it reads.",
        breaks=("twin/get-changes-nothing",),
        shows=_touch,
    ),
    Fault(
        id="mcp/cancel-of-the-ended",
        lie="cancel_tuning_job cancels jobs that have ended.",
        breaks=("twin/cancel-spares-the-ended",),
        hears=_only_look,
        shows=_cancel_whatever,
        says=_pretend,
    ),
    Fault(
        id="mcp/negative-page-size",
        lie="list_tuning_jobs takes a negative page size for a positive one.",
        breaks=("tool/negative-page-size-refused",),
        hears=_positive,
    ),
    Fault(
        id="mcp/cancel-deletes",
        lie="cancel_tuning_job deletes the job.",
        breaks=("twin/cancel-keeps-the-job",),
        shows=_delete,
    ),
    Fault(
        id="mcp/location-overlooked",
        lie="get_tuning_job finds a job in whatever location it is asked for.",
        breaks=("tool/unknown-name-refused",),
        hears=_anywhere,
    ),
]
