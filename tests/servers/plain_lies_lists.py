"""Lies of lists and of operations. Owns the spoiling; knows no paging."""

from __future__ import annotations

import json

from plain_faults import LIST, OPERATION, dig, shifted, spoiler


@spoiler(LIST, "page-of-one-holds-two", "aip-158/page-size-is-maximum; only for pageSize 1")
def _(answer, beyond, query, world):
    if query.get("pageSize") == "1":
        answer["tuningJobs"] = answer.get("tuningJobs", []) + beyond


@spoiler(
    LIST, "pages-overlap", "'the next page of results'; the first of the next page closes each page of three or more"
)
def _(answer, beyond, query, world):
    if (
        query.get("pageSize", "0").isdigit()
        and int(query.get("pageSize") or 0) >= 3
        and beyond
        and answer.get("tuningJobs")
    ):
        answer["tuningJobs"][-1:] = beyond


@spoiler(LIST, "page-two-repeats", "'the next page': page 2 begins with the last job of page 1")
def _(answer, beyond, query, world):
    last = world.projects.setdefault("last", "")
    jobs = answer.get("tuningJobs", [])
    if query.get("pageToken") and last and jobs:
        jobs[0] = json.loads(last)
    if jobs:
        world.projects["last"] = json.dumps(jobs[-1])


@spoiler(LIST, "page-loses-last", "aip-158/token-if-more: the last of a full page of two is lost")
def _(answer, beyond, query, world):
    if query.get("pageSize") == "2" and beyond:
        answer["tuningJobs"].pop()


@spoiler(LIST, "paging-stops-early", "aip-158/token-if-more: no token on page 3")
def _(answer, beyond, query, world):
    if query.get("pageToken"):
        world.projects["pages"] = str(int(world.projects.get("pages", "0")) + 1)
        if int(world.projects["pages"]) % 2 == 0:
            answer.pop("nextPageToken", None)
    else:
        world.projects["pages"] = "0"


@spoiler(LIST, "paging-never-ends", "aip-158/end-is-empty-token: the last page's token is the first's")
def _(answer, beyond, query, world):
    if "nextPageToken" in answer and not query.get("pageToken"):
        world.projects["first token"] = answer["nextPageToken"]
    elif query.get("pageToken") and "nextPageToken" not in answer and "first token" in world.projects:
        answer["nextPageToken"] = world.projects["first token"]


@spoiler(LIST, "token-number", "nextPageToken is a string")
def _(answer, beyond, query, world):
    if answer.get("nextPageToken"):
        answer["nextPageToken"] = 17


@spoiler(LIST, "token-not-url-safe", "aip-158/opaque-url-safe")
def _(answer, beyond, query, world):
    if answer.get("nextPageToken"):
        answer["nextPageToken"] = "a b&c=/" + answer["nextPageToken"]


@spoiler(LIST, "token-called-page-token", "member `nextPageToken`; aip-158/token-if-more")
def _(answer, beyond, query, world):
    if answer.get("nextPageToken"):
        answer["pageToken"] = answer.pop("nextPageToken")


@spoiler(LIST, "list-snake-case", "member `tuningJobs` (the guide's `tuning_jobs`)")
def _(answer, beyond, query, world):
    if "tuningJobs" in answer:
        answer["tuning_jobs"] = answer.pop("tuningJobs")


@spoiler(LIST, "list-empty-null", "protojson/no-null-out; only an empty list")
def _(answer, beyond, query, world):
    answer.setdefault("tuningJobs", None)


@spoiler(LIST, "list-holds-a-job-twice", "aip-122/unique-names; only pages of ten jobs or more")
def _(answer, beyond, query, world):
    if len(answer.get("tuningJobs", [])) >= 10:
        answer["tuningJobs"][-1] = answer["tuningJobs"][0]


@spoiler(OPERATION, "operation-both", "lro/exactly-one")
def _(view, operation, method, now):
    if view.get("done"):
        view["error"] = {"code": 2, "message": "Unknown."}


@spoiler(OPERATION, "operation-response-early", "lro/not-done-no-result")
def _(view, operation, method, now):
    if not view.get("done"):
        view["response"] = {
            "@type": view["metadata"]["@type"].replace("RebaseTunedModelOperationMetadata", "TuningJob")
        }


@spoiler(OPERATION, "operation-flaps", "lro/done-means-result: done, then not")
def _(view, operation, method, now):
    if view.get("done") and 1.2 < now - operation["created"] < 2.2:
        for member in ("done", "response", "error"):
            view.pop(member, None)


@spoiler(OPERATION, "operation-response-untyped", "protojson/any: @type")
def _(view, operation, method, now):
    view.get("response", {}).pop("@type", None)


@spoiler(OPERATION, "operation-metadata-untyped", "protojson/any: @type")
def _(view, operation, method, now):
    view.get("metadata", {}).pop("@type", None)


@spoiler(OPERATION, "operation-type-of-other-version", "@type carries the version of the call (clients.md)")
def _(view, operation, method, now):
    for part in ("response", "metadata"):
        if "@type" in view.get(part, {}):
            view[part]["@type"] = view[part]["@type"].replace(".v1.", ".v1beta2.")


@spoiler(OPERATION, "operation-response-is-model", "response_type TuningJob")
def _(view, operation, method, now):
    if "response" in view:
        view["response"]["@type"] = view["response"]["@type"].replace("TuningJob", "TunedModel")


@spoiler(OPERATION, "operation-name-changes", "name: the same in create and get")
def _(view, operation, method, now):
    if method == "get":
        view["name"] = view["name"].replace("/operations/", "/operations/0")


@spoiler(OPERATION, "operation-name-of-other-form", "lro/name-form")
def _(view, operation, method, now):
    view["name"] = view["name"].replace("/operations/", "/ops/")


@spoiler(OPERATION, "operation-done-string", "done is a bool")
def _(view, operation, method, now):
    if "done" in view:
        view["done"] = "true"


@spoiler(OPERATION, "operation-cancelled-400", "lro/cancelled-has-error-1")
def _(view, operation, method, now):
    if operation["cancelled"] and "error" in view:
        view["error"]["code"] = 400


@spoiler(OPERATION, "operation-times-reversed", "operation createTime is before its updateTime")
def _(view, operation, method, now):
    times = dig(view, "metadata", "genericMetadata")
    if times:
        times["updateTime"] = shifted(times["createTime"], -3)
