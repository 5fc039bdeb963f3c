"""Lies in the states, errors and times of a job. Owns the spoiling; knows no route or life."""

from __future__ import annotations

from plain_faults import JOB, STATE, ended, shifted, spoiler


@spoiler(JOB, "succeeded-flaps", "aip-216/resting; every third job, 1 s after its end, for 1 s")
def _(view, job, method, now, world):
    if view["state"] == STATE + "SUCCEEDED" and job.seq % 3 == 0 and 1 < now - job.plan[-1][0] < 2:
        view["state"] = STATE + "RUNNING"
        for member in ("endTime", "tunedModel", "tuningDataStats"):
            view.pop(member, None)


@spoiler(JOB, "failed-retries", "aip-216/resting; FAILED, then RUNNING, then FAILED")
def _(view, job, method, now, world):
    if view["state"] == STATE + "FAILED" and 0.6 < now - job.plan[-1][0] < 1.6:
        view["state"] = STATE + "RUNNING"
        for member in ("endTime", "error", "tuningDataStats"):
            view.pop(member, None)


@spoiler(JOB, "state-unspecified-at-create", "aip-216/unspecified-unused")
def _(view, job, method, now, world):
    if method == "create":
        view["state"] = STATE + "UNSPECIFIED"


@spoiler(JOB, "cancelled-without-error", "'`error` is set to a status with code of 1'")
def _(view, job, method, now, world):
    if view["state"] == STATE + "CANCELLED":
        view.pop("error", None)


@spoiler(JOB, "cancelled-error-499", "rpc-status/code-is-rpc-number: 1")
def _(view, job, method, now, world):
    if view["state"] == STATE + "CANCELLED":
        view["error"]["code"] = 499


@spoiler(JOB, "cancelled-error-10", "code of 1; 10 is ABORTED; only in lists")
def _(view, job, method, now, world):
    if view["state"] == STATE + "CANCELLED" and method == "list":
        view["error"]["code"] = 10


@spoiler(JOB, "failed-error-500", "rpc-status/code-is-rpc-number")
def _(view, job, method, now, world):
    if view["state"] == STATE + "FAILED":
        view["error"]["code"] = 500


@spoiler(JOB, "failed-error-text", "error is a google.rpc.Status")
def _(view, job, method, now, world):
    if view["state"] == STATE + "FAILED":
        view["error"] = "The tuning job failed."


@spoiler(JOB, "error-on-succeeded", "error 'Only populated when'")
def _(view, job, method, now, world):
    if view["state"] == STATE + "SUCCEEDED":
        view["error"] = {"code": 2, "message": "Finished with warnings."}


@spoiler(JOB, "error-while-cancelling", "error 'Only populated when'")
def _(view, job, method, now, world):
    if view["state"] == STATE + "CANCELLING":
        view["error"] = {"code": 1, "message": "Being cancelled."}


@spoiler(JOB, "end-time-while-running", "endTime: entered an ended state")
def _(view, job, method, now, world):
    if view["state"] == STATE + "RUNNING":
        view["endTime"] = shifted(view["createTime"], 3600)


@spoiler(JOB, "end-time-while-cancelling", "endTime: entered an ended state")
def _(view, job, method, now, world):
    if view["state"] == STATE + "CANCELLING":
        view["endTime"] = view["updateTime"]


@spoiler(JOB, "end-before-start", "startTime is before endTime")
def _(view, job, method, now, world):
    if "endTime" in view and "startTime" in view:
        view["endTime"] = shifted(view["startTime"], -1)


@spoiler(JOB, "end-before-create-when-cancelled", "createTime is before endTime")
def _(view, job, method, now, world):
    if view["state"] == STATE + "CANCELLED":
        view["endTime"] = shifted(view["createTime"], -0.5)


@spoiler(JOB, "start-before-create", "createTime is before startTime")
def _(view, job, method, now, world):
    if "startTime" in view:
        view["startTime"] = shifted(view["createTime"], -2)


@spoiler(JOB, "update-before-create", "createTime is before updateTime; only at create")
def _(view, job, method, now, world):
    if method == "create":
        view["updateTime"] = shifted(view["createTime"], -1)


@spoiler(JOB, "update-time-runs-back", "updateTime is the most recent update; 1 s after the end it is createTime again")
def _(view, job, method, now, world):
    if ended(view) and now - job.plan[-1][0] > 1:
        view["updateTime"] = view["createTime"]


@spoiler(JOB, "update-time-tomorrow", "updateTime 'was most recently updated'")
def _(view, job, method, now, world):
    view["updateTime"] = shifted(view["createTime"], 86400)


@spoiler(JOB, "create-time-in-local-time", "createTime '+2 h' with a Z")
def _(view, job, method, now, world):
    view["createTime"] = shifted(view["createTime"], 7200)


@spoiler(JOB, "create-time-drifts", "aip-148/create-time: constant; a microsecond later after 1 s")
def _(view, job, method, now, world):
    if now - job.created > 1:
        view["createTime"] = shifted(view["createTime"], 0.000001)


@spoiler(JOB, "create-time-cut-in-lists", "aip-121/one-schema, aip-132/full-items: one instant")
def _(view, job, method, now, world):
    if method == "list":
        view["createTime"] = view["createTime"][:19] + "Z"


@spoiler(JOB, "start-time-now", "startTime 'for the first time entered'")
def _(view, job, method, now, world):
    if "startTime" in view and not ended(view):
        view["startTime"] = world.stamp(now)


@spoiler(JOB, "start-time-moves-at-end", "startTime 'for the first time entered'")
def _(view, job, method, now, world):
    if "startTime" in view and ended(view):
        view["startTime"] = view["endTime"]


@spoiler(JOB, "end-time-now", "endTime: entered the ended state")
def _(view, job, method, now, world):
    if "endTime" in view:
        view["endTime"] = view["updateTime"] = world.stamp(now)


@spoiler(
    JOB,
    "start-time-before-running",
    "startTime 'for the first time entered the RUNNING state'; in PENDING, an hour ahead",
)
def _(view, job, method, now, world):
    if view["state"] == STATE + "PENDING":
        view["startTime"] = shifted(view["createTime"], 3600)
