"""Lies in whole answers: `answer` has status, body and media, `call` has verb and path. Owns the spoiling."""

from __future__ import annotations

import json

from plain_faults import ANSWER, View, spoiler


def error(answer: View) -> View:
    return answer["body"].get("error", {}) if isinstance(answer["body"], dict) else {}


@spoiler(ANSWER, "envelope-code-is-rpc", "aip-193/http-code-in-body")
def _(answer, call):
    if error(answer):
        error(answer)["code"] = {400: 3, 404: 5, 403: 7, 501: 12}.get(answer["status"], 13)


@spoiler(ANSWER, "envelope-code-string", "error.code is a number")
def _(answer, call):
    if error(answer):
        error(answer)["code"] = str(error(answer)["code"])


@spoiler(ANSWER, "envelope-status-words", "aip-193/status-is-enum-name; only 404")
def _(answer, call):
    if answer["status"] == 404 and error(answer):
        error(answer)["status"] = "Not Found"


@spoiler(ANSWER, "envelope-status-mismatch", "rpc-code/http-map-a: NOT_FOUND is 404; only unknown jobs")
def _(answer, call):
    if answer["status"] == 404 and error(answer):
        error(answer)["status"] = "INVALID_ARGUMENT"


@spoiler(ANSWER, "envelope-without-message", "Status.message: 'should be in English'; only 400")
def _(answer, call):
    if answer["status"] == 400 and error(answer):
        error(answer).pop("message")


@spoiler(ANSWER, "envelope-flat", 'aip-193: {"error": {...}}')
def _(answer, call):
    if error(answer):
        answer["body"] = answer["body"]["error"]


@spoiler(ANSWER, "envelope-in-list", "aip-193; only bad page tokens and sizes")
def _(answer, call):
    if error(answer) and call["verb"] == "GET" and answer["status"] == 400:
        answer["body"] = [answer["body"]]


@spoiler(ANSWER, "envelope-detail-twice", "aip-193/detail-type-once")
def _(answer, call):
    if error(answer):
        info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "BAD", "domain": "googleapis.com"}
        error(answer)["details"] = [info, dict(info, reason="WORSE")]


@spoiler(ANSWER, "envelope-detail-untyped", "Any needs @type")
def _(answer, call):
    if error(answer):
        error(answer)["details"] = [{"reason": "BAD"}]


@spoiler(ANSWER, "envelope-reason-words", "aip-193/reason-format")
def _(answer, call):
    if error(answer):
        error(answer)["details"] = [
            {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "not good", "domain": "googleapis.com"}
        ]


@spoiler(ANSWER, "error-is-200", "aip-193: the HTTP status of an error is not 200; only unknown jobs")
def _(answer, call):
    if answer["status"] == 404 and "/tuningJobs/" in call["path"]:
        answer["status"] = 200


@spoiler(ANSWER, "unknown-job-is-400", "aip-193/missing-404")
def _(answer, call):
    if answer["status"] == 404 and call["verb"] == "GET" and "/tuningJobs/" in call["path"]:
        answer["status"] = 400
        error(answer).update(code=400, status="INVALID_ARGUMENT")


@spoiler(ANSWER, "unknown-job-is-empty-job", "aip-193/missing-404")
def _(answer, call):
    if answer["status"] == 404 and call["verb"] == "GET" and "/tuningJobs/" in call["path"]:
        answer["status"], answer["body"] = 200, {}


@spoiler(ANSWER, "unknown-job-is-html", "aip-193: the error of a method is JSON")
def _(answer, call):
    if answer["status"] == 404 and "/tuningJobs/" in call["path"]:
        answer["body"], answer["media"] = "<h1>Not Found</h1>", "text/html"


@spoiler(ANSWER, "bad-create-is-422", "rpc-code/http-map-a: INVALID_ARGUMENT is 400")
def _(answer, call):
    if answer["status"] == 400 and call["verb"] == "POST" and error(answer):
        answer["status"] = error(answer)["code"] = 422


@spoiler(ANSWER, "bad-cancel-is-409", "aip-216/transition-refused: FAILED_PRECONDITION is 400")
def _(answer, call):
    if error(answer).get("status") == "FAILED_PRECONDITION":
        answer["status"] = error(answer)["code"] = 409


@spoiler(ANSWER, "bad-create-shows-traceback", "nothing of the inside is shown; only malformed JSON")
def _(answer, call):
    if "Invalid JSON payload" in str(error(answer).get("message")):
        error(answer)["message"] = (
            'Traceback (most recent call last):\n  File "/srv/app/server.py", line 3, in create\nValueError'
        )


@spoiler(ANSWER, "get-is-text-html", "answers are application/json; only get")
def _(answer, call):
    if call["verb"] == "GET" and answer["status"] == 200 and "/tuningJobs/" in call["path"]:
        answer["media"] = "text/html"


@spoiler(ANSWER, "cancel-is-empty", "protojson/empty: {}")
def _(answer, call):
    if call["path"].endswith(":cancel") and answer["status"] == 200:
        answer["body"] = ""


@spoiler(ANSWER, "cancel-is-null", "protojson/empty: {}")
def _(answer, call):
    if call["path"].endswith(":cancel") and answer["status"] == 200:
        answer["body"] = None


@spoiler(ANSWER, "get-wraps-job", "aip-131/returns-resource")
def _(answer, call):
    if call["verb"] == "GET" and answer["status"] == 200 and "/tuningJobs/" in call["path"]:
        answer["body"] = {"tuningJob": answer["body"]}


@spoiler(ANSWER, "create-answers-operation", "create returns TuningJob, not an Operation")
def _(answer, call):
    if call["verb"] == "POST" and answer["status"] == 200 and call["path"].endswith("/tuningJobs"):
        job = answer["body"]
        answer["body"] = {"name": job["name"] + "/operations/1", "done": True, "response": job}


@spoiler(ANSWER, "create-answer-thin", "aip-133/echo-provided: only the name comes back")
def _(answer, call):
    if call["verb"] == "POST" and answer["status"] == 200 and call["path"].endswith("/tuningJobs"):
        answer["body"] = {key: answer["body"][key] for key in ("name", "state", "createTime")}


@spoiler(ANSWER, "key-twice", "protojson/no-duplicates-out")
def _(answer, call):
    if call["verb"] == "GET" and isinstance(answer["body"], dict) and "state" in answer["body"]:
        answer["body"] = json.dumps(answer["body"])[:-1] + ', "state": "JOB_STATE_RUNNING"}'


@spoiler(ANSWER, "body-latin-1", "JSON is UTF-8")
def _(answer, call):
    if isinstance(answer["body"], dict) and answer["status"] == 200:
        text = json.dumps(answer["body"], ensure_ascii=False)
        answer["raw"] = text.encode("latin-1", "replace")
