"""Lies in the results of calls, and in what is refused."""

from __future__ import annotations

from typing import Any

from concertpitch_emulator.faults.mcp.telling import Body, Says, in_result, shown_by, stateless
from concertpitch_emulator.mcp.hooks import Fault, Post, Reply
from concertpitch_emulator.mcp.jsonrpc import INVALID_PARAMS, INVALID_REQUEST, Message
from concertpitch_emulator.mcp.revisions import VERSION_HEADER

_GET, _LIST, _CANCEL = "get_tuning_job", "list_tuning_jobs", "cancel_tuning_job"


def _error(answer: Body, code: int, text: str) -> Body:
    return {"jsonrpc": "2.0", "id": answer["id"], "error": {"code": code, "message": text}}


def _result(answer: Body, *, is_error: bool) -> Body:
    text = {"type": "text", "text": answer.get("error", {}).get("message", "")}
    return {"jsonrpc": "2.0", "id": answer["id"], "result": {"content": [text], "isError": is_error}}


def _drop_content(result: Body) -> None:
    if result.get("isError"):
        del result["content"]


def _flag_in_words(result: Body) -> None:
    if not result.get("isError"):
        result["isError"] = "false"


def _nothing_structured(result: Body) -> None:
    if "structuredContent" in result:
        result["structuredContent"] = {}


def _sentence(result: Body) -> None:
    if "structuredContent" in result:
        result["content"] = [{"type": "text", "text": "See the structured content."}]


def _other_text(result: Body) -> None:
    if "name" in result.get("structuredContent", {}):
        item = result["content"][0]
        item["text"] = item["text"].replace('"JOB_STATE_', '"THE_JOB_STATE_')


def _in_call(tool: str, change: Any) -> Says:
    def says(answer: Body, message: Message, _post: Post) -> Body:
        if message.method == "tools/call" and message.params.get("name") == tool and "result" in answer:
            change(answer["result"])
        return answer

    return says


def _nameless_succeeds(answer: Body, message: Message, _post: Post) -> Body:
    nameless = message.method == "tools/call" and "name" not in message.params
    return _result(answer, is_error=False) if nameless else answer


def _unknown_tool(*, is_error: bool) -> Says:
    def says(answer: Body, _message: Message, post: Post) -> Body:
        text = answer.get("error", {}).get("message", "")
        if text.startswith("Unknown tool") and not stateless(post):
            return _result(answer, is_error=is_error)
        return answer

    return says


def _succeeds_where(words: str) -> Says:
    """A refusal with those words is reported as a success."""

    def change(result: Body) -> None:
        if result.get("isError") and words in result["content"][0]["text"]:
            result["isError"] = False

    return in_result(change, "tools/call")


def _unknown_name_as_error(answer: Body, _message: Message, _post: Post) -> Body:
    result = answer.get("result", {})
    if result.get("isError") and "does not exist" in result["content"][0]["text"]:
        return _error(answer, INVALID_PARAMS, result["content"][0]["text"])
    return answer


def _handshake_first(answer: Body, message: Message, post: Post) -> Body:
    if message.method == "tools/call" and VERSION_HEADER not in post.headers:
        return _error(answer, INVALID_REQUEST, "Initialize first.")
    return answer


def _crash_without_arguments(reply: Reply, post: Post) -> Reply:
    bare = b'"tools/call"' in post.content and b'"arguments"' not in post.content
    return Reply(500, b"KeyError: 'arguments'") if bare and not stateless(post) else reply


def _numeric_token(value: Body) -> None:
    if "nextPageToken" in value:
        value["nextPageToken"] = 7


FAULTS = [
    Fault(
        id="mcp/failure-without-content",
        lie="Failed calls have no content.",
        breaks=("tool/content",),
        says=in_result(_drop_content, "tools/call"),
    ),
    Fault(
        id="mcp/content-of-json",
        lie="Results have a content item of a type that no revision has.",
        breaks=("tool/content",),
        says=in_result(lambda result: result["content"].append({"type": "json", "json": {}}), "tools/call"),
    ),
    Fault(
        id="mcp/error-flag-in-words",
        lie="Results say isError in words.",
        breaks=("tool/error-flag",),
        says=in_result(_flag_in_words, "tools/call"),
    ),
    Fault(
        id="mcp/structured-empty",
        lie="The structured content of get_tuning_job is an empty object, its text the job.",
        breaks=("tool/text-copy", "twin/nothing-missing"),
        says=_in_call(_GET, _nothing_structured),
    ),
    Fault(
        id="mcp/text-is-a-sentence",
        lie="The text of a result only points at the structured content.",
        breaks=("tool/text-copy",),
        says=in_result(_sentence, "tools/call"),
    ),
    Fault(
        id="mcp/text-contradicts",
        lie="The text of a job shows another state than the structured content.",
        breaks=("tool/text-agrees", "tool/text-copy"),
        says=in_result(_other_text, "tools/call"),
    ),
    Fault(
        id="mcp/no-structured-content",
        lie="get_tuning_job gives text only.",
        breaks=("tool/output-given",),
        says=_in_call(_GET, lambda result: result.pop("structuredContent", None)),
    ),
    Fault(
        id="mcp/token-as-number",
        lie="list_tuning_jobs gives its page token as a number.",
        breaks=("tool/output-conforms",),
        shows=shown_by(_LIST, _numeric_token),
    ),
    Fault(
        id="mcp/short-name",
        lie="get_tuning_job shows a job under its bare id.",
        breaks=("tool/names-the-job", "twin/same-values"),
        shows=shown_by(_GET, lambda job: job.update(name=job["name"].rpartition("/")[2])),
    ),
    Fault(
        id="mcp/page-too-long",
        lie="list_tuning_jobs shows every job of a page twice.",
        breaks=("tool/page-size",),
        shows=shown_by(_LIST, lambda page: page.get("tuningJobs", []).extend(page.get("tuningJobs", [])[:])),
    ),
    Fault(
        id="mcp/cancel-talks",
        lie="cancel_tuning_job gives back a member.",
        breaks=("tool/cancel-answers-empty",),
        shows=shown_by(_CANCEL, lambda value: value.update(cancelled=True)),
    ),
    Fault(
        id="mcp/nameless-call-succeeds",
        lie="A call that names no tool is a success.",
        breaks=("tool/nameless-call-refused",),
        says=_nameless_succeeds,
    ),
    Fault(
        id="mcp/unknown-tool-succeeds",
        lie="A call of an unknown tool is a success.",
        breaks=("tool/unknown-tool-refused",),
        says=_unknown_tool(is_error=False),
    ),
    Fault(
        id="mcp/unknown-tool-is-a-result",
        lie="A call of an unknown tool is answered with a result that says it failed.",
        breaks=("tool/unknown-tool-is-an-error",),
        says=_unknown_tool(is_error=True),
    ),
    Fault(
        id="mcp/missing-argument-succeeds",
        lie="A call without a name is a success.",
        breaks=("tool/missing-argument-refused",),
        says=_succeeds_where("is missing"),
    ),
    Fault(
        id="mcp/no-arguments-crash",
        lie="A call without arguments is an internal error.",
        breaks=("tool/client-fault-is-not-5xx",),
        replies=_crash_without_arguments,
    ),
    Fault(
        id="mcp/malformed-name-succeeds",
        lie="A call with a name that can be no resource's is a success.",
        breaks=("tool/malformed-name-refused",),
        says=_succeeds_where("does not have the form"),
    ),
    Fault(
        id="mcp/unknown-name-succeeds",
        lie="A call for what does not exist is a success.",
        breaks=("tool/unknown-name-refused",),
        says=_succeeds_where("does not exist"),
    ),
    Fault(
        id="mcp/unknown-name-is-an-error",
        lie="That a job does not exist is told as a JSON-RPC error.",
        breaks=("tool/unknown-name-is-a-result",),
        says=_unknown_name_as_error,
    ),
    Fault(
        id="mcp/handshake-first",
        lie="A call without the header of a revision is refused, handshake or not.",
        breaks=("tool/sample-call-served",),
        says=_handshake_first,
    ),
]
