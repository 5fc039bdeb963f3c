"""Judging clients: each rule has a client that breaks it, and a client that does all of it right breaks none."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from concertpitch.exchange import Exchange
from concertpitch.reading.client import client_subjects, coverage_of
from concertpitch.rules import rules_of
from concertpitch.surfaces import every_surface
from concertpitch.verdicts import Kind, Verdict, judge

JOBS = "/v1/projects/p/locations/us-central1/tuningJobs"
SFT: dict[str, Any] = {"baseModel": "gemini", "supervisedTuningSpec": {"trainingDatasetUri": "gs://b/d.jsonl"}}
RUNNING, ENDED = ({"name": JOBS[4:] + "/55555", "state": f"JOB_STATE_{state}"} for state in ("RUNNING", "SUCCEEDED"))
MODEL = "/v1beta/tunedModels/m"
SHOWN = {"name": "tunedModels/m", "baseModel": "models/a", "description": "d"}
DISTILLED = {"promptDatasetUri": "gs://b/d.jsonl", "baseTeacherModel": "gemini-2.5-pro"}
"""As google-genai sends it: without pipelineRootDirectory and trainingDatasetUri, which are required and deprecated."""
Sent = tuple[str, str, Any, int, Any]
"""Verb, path, request body, status, answer."""


def judged(*traffic: Sent, pause: float = 5.0, least: float = 0.0) -> dict[str, Verdict]:
    """The verdicts on requests that were sent one after the other, `pause` seconds apart."""
    exchanges = [
        Exchange(
            number=number,
            probe="client",
            method=verb,
            url=f"http://target{path}",
            request_headers=(),
            request_body=body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode(),
            sent=number * pause,
            sent_at=0.0,
            answered=number * pause + 0.01,
            status=status,
            body=json.dumps(answer).encode(),
        )
        for number, (verb, path, body, status, answer) in enumerate(traffic, 1)
    ]
    verdicts = judge(rules_of("client"), client_subjects(exchanges, every_surface(), "", least), {})
    return {verdict.rule.id: verdict for verdict in verdicts}


def broken(*traffic: Sent, **options: float) -> dict[str, str]:
    return {
        rule: verdict.findings[0].message
        for rule, verdict in judged(*traffic, **options).items()
        if verdict.kind is Kind.BROKEN
    }


def create(body: Any, status: int = 400) -> Sent:
    return ("POST", JOBS, body, status, {})


def spec(**members: Any) -> dict[str, Any]:
    return SFT | {"supervisedTuningSpec": SFT["supervisedTuningSpec"] | members}


BAD: list[tuple[str, list[Sent], str]] = [
    ("client/known-method", [("POST", f"{JOBS}/tuningJobs/5:cancel", None, 404, {})], "is in no document"),
    ("client/known-method", [("GET", "/v1/tuningJobs", None, 404, {})], "is in no document"),
    ("client/json-body", [create(b'{"baseModel": ')], "not JSON"),
    ("client/known-members", [create(spec(validation_dataset="gs://b/e.jsonl"))], "did you mean validationDatasetUri?"),
    ("client/known-members", [create(SFT | {"colour": "blue"}, 200)], "and the server forgave it"),
    ("client/known-parameters", [("GET", f"{JOBS}?pagesize=3", None, 400, {})], "did you mean pageSize?"),
    ("client/types", [create(spec(hyperParameters={"epochCount": "ten"}))], "epochCount"),
    ("client/types", [create(spec(hyperParameters={"adapterSize": "BANANA"}))], "adapterSize"),
    ("client/types", [create(SFT | {"labels": "blue"})], "labels"),
    ("client/required-members", [create({"baseModel": "g", "supervisedTuningSpec": {}})], "trainingDatasetUri"),
    ("client/one-of-a-oneof", [create(SFT | {"preTunedModel": {"tunedModelName": "m@1"}})], "more than one member"),
    ("client/output-only-left-alone", [create(SFT | {"state": "JOB_STATE_FAILED"}, 200)], "state"),
    (
        "client/follows-page-tokens",
        [("GET", JOBS, None, 200, {"tuningJobs": [RUNNING], "nextPageToken": "t"})],
        "no later request sent",
    ),
    (
        "client/same-query-on-every-page",
        [
            ("GET", f"{JOBS}?filter=a", None, 200, {"tuningJobs": [RUNNING], "nextPageToken": "t"}),
            ("GET", f"{JOBS}?pageToken=t", None, 200, {}),
        ],
        "filter is another",
    ),
    (
        "client/no-cancel-after-the-end",
        [("GET", f"{JOBS}/55555", None, 200, ENDED), ("POST", f"{JOBS}/55555:cancel", None, 400, {})],
        "after it was shown as JOB_STATE_SUCCEEDED",
    ),
    (
        "client/required-parameters",
        [("PATCH", f"{MODEL}/permissions/p", {"role": "WRITER"}, 400, {})],
        "without updateMask, which is required",
    ),
    (
        "client/immutable-left-alone",
        [("GET", MODEL, None, 200, SHOWN), ("PATCH", MODEL, SHOWN | {"baseModel": "models/b"}, 400, {})],
        "updates baseModel, which is immutable",
    ),
    (
        "client/immutable-left-alone",
        [("PATCH", f"{MODEL}?updateMask=baseModel", {"baseModel": "models/b"}, 400, {})],
        "updates baseModel, which is immutable",
    ),
    (
        "client/no-deprecated-members",
        [("POST", JOBS.replace("v1", "v1beta1"), {"distillationSpec": DISTILLED | {"studentModel": "g"}}, 400, {})],
        "sets distillationSpec.studentModel, which is deprecated",
    ),
]


@pytest.mark.parametrize(("rule", "traffic", "said"), BAD, ids=[f"{one[0]}-{number}" for number, one in enumerate(BAD)])
def test_a_client_that_does_it_wrong_is_told(rule: str, traffic: list[Sent], said: str) -> None:
    found = broken(*traffic)
    assert list(found) == [rule]
    assert said in found[rule]


def test_polling_faster_than_stated_is_told() -> None:
    poll = ("GET", f"{JOBS}/55555", None, 200, RUNNING)
    assert list(broken(poll, poll, pause=0.5, least=2.0)) == ["client/polls-no-faster-than-stated"]
    assert broken(poll, poll, pause=2.5, least=2.0) == {}
    assert judged(poll, poll, pause=0.5)["client/polls-no-faster-than-stated"].kind is Kind.NOT_EXERCISED
    ended = ("GET", f"{JOBS}/55555", None, 200, ENDED)
    assert broken(ended, ended, pause=0.5, least=2.0) == {}


def test_states_may_be_numbers() -> None:
    """GAPIC clients ask for enums as numbers: 3 is JOB_STATE_RUNNING, 4 JOB_STATE_SUCCEEDED."""
    running, ended = (("GET", f"{JOBS}/55555", None, 200, RUNNING | {"state": number}) for number in (3, 4))
    assert broken(ended, ended, pause=0.5, least=2.0) == {}
    assert list(broken(running, running, pause=0.5, least=2.0)) == ["client/polls-no-faster-than-stated"]
    assert list(broken(ended, ("POST", f"{JOBS}/55555:cancel", {}, 400, {}))) == ["client/no-cancel-after-the-end"]


def test_a_look_after_a_change_is_no_poll() -> None:
    model = ("GET", "/v1beta/tunedModels/m", None, 200, {"name": "tunedModels/m", "state": "CREATING"})
    change = ("PATCH", "/v1beta/tunedModels/m?updateMask=description", {"description": "d"}, 200, {})
    assert broken(model, change, model, pause=0.5, least=2.0) == {}
    assert list(broken(change, model, model, pause=0.5, least=2.0)) == ["client/polls-no-faster-than-stated"]


def test_operations_below_ui_are_of_the_version_that_their_metadata_names() -> None:
    name = f"{JOBS[4:]}/5/operations/6"
    metadata = {"@type": "type.googleapis.com/google.cloud.aiplatform.v1beta1.RebaseTunedModelOperationMetadata"}
    poll = ("GET", f"/ui/{name}", None, 200, {"name": name, "metadata": metadata})
    assert list(broken(poll, poll, pause=0.5, least=2.0)) == ["client/polls-no-faster-than-stated"]
    assert broken(poll, poll, pause=2.5, least=2.0) == {}
    exchange = Exchange(
        1, "client", "GET", f"http://t/ui/{name}", (), b"", 0, 0, 1, 200, (), json.dumps(poll[4]).encode()
    )
    (coverage,) = coverage_of([exchange], every_surface())
    assert (coverage.surface, coverage.called) == ("vertex v1beta1", {"tuningJobs.operations.get": 1})


RIGHT: list[Sent] = [
    create(SFT, 200),
    create(spec(hyperParameters={"epochCount": 2, "adapterSize": 2, "learningRateMultiplier": 1}), 200),
    create({"base_model": "g", "supervised_tuning_spec": {"training_dataset_uri": "gs://b/d"}, "labels": None}, 200),
    ("GET", f"{JOBS}/55555?$alt=json;enum-encoding=int&key=k&prettyPrint=false", None, 200, RUNNING),
    ("GET", f"{JOBS}?pageSize=1", None, 200, {"tuningJobs": [RUNNING], "nextPageToken": "t"}),
    ("GET", f"{JOBS}?pageSize=5&page_token=t", None, 200, {}),
    ("POST", f"{JOBS}/55555:cancel", {}, 200, {}),
    ("GET", "/ui/projects/p/locations/l/tuningJobs/5/operations/6", None, 200, {"name": "x/operations/6"}),
    ("GET", "/v1/projects/p/locations/l/metadataStores/default/contexts/7", None, 404, {}),
    ("POST", "/mcp/generate", {"jsonrpc": "2.0"}, 200, {}),
    create({"baseModel": "g", "supervisedTuningSpec": {"training_dataset_uri": "gs://b/d"}, "labels": {}}, 200),
    create({"preTunedModel": {"tuned_model_name": "m@1"}, "supervisedTuningSpec": SFT["supervisedTuningSpec"]}, 200),
    ("GET", "/v1beta/tunedModels", None, 200, {"tunedModels": [SHOWN]}),
    ("PATCH", f"{MODEL}?updateMask=description", SHOWN | {"state": 2, "baseModel": "models/b"}, 200, {}),
    ("PATCH", MODEL, SHOWN | {"description": "new"}, 200, {}),
    ("PATCH", MODEL, {"displayName": "new"}, 200, {}),
    ("POST", JOBS.replace("v1", "v1beta1"), {"distillationSpec": DISTILLED}, 200, {}),
    ("PATCH", f"{MODEL}/permissions/p?updateMask=role", {"role": 2}, 200, {}),
    ("DELETE", MODEL, {}, 200, {}),
]


def test_a_client_that_does_it_right_is_not_blamed() -> None:
    assert broken(*RIGHT) == {}


def test_every_rule_for_clients_has_a_client_that_breaks_it() -> None:
    shown = {rule for rule, _, _ in BAD} | {"client/polls-no-faster-than-stated"}
    assert rules_of("client").keys() == shown


def test_coverage_counts_methods_members_and_states() -> None:
    exchanges = [
        Exchange(1, "client", "POST", f"http://t{JOBS}", (), json.dumps(SFT).encode(), 0, 0, 1, 200, (), b"{}"),
        Exchange(2, "client", "GET", f"http://t{JOBS}/5", (), b"", 2, 0, 3, 200, (), json.dumps(ENDED).encode()),
    ]
    (coverage,) = coverage_of(exchanges, every_surface())
    assert coverage.called == {"tuningJobs.create": 1, "tuningJobs.get": 1}
    assert coverage.states == ("JOB_STATE_SUCCEEDED",)
    assert "supervisedTuningSpec.trainingDatasetUri" in coverage.members
    assert "tuningJobs.cancel" in coverage.missed


def run(tmp_path: Path, program: str, *options: str) -> subprocess.CompletedProcess[str]:
    """`concertpitch judge` on a small client."""
    client = tmp_path / "client.py"
    client.write_text("import json, os, urllib.request\nbase = os.environ['CONCERTPITCH_BASE_URL']\n" + program)
    command = [sys.executable, "-m", "concertpitch", "judge", *options, "--", sys.executable, str(client)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


GET = f"urllib.request.urlopen(base + '{JOBS}?pageSize=2').read()\n"
POST = (
    f"body = json.dumps({SFT | {'state': 'JOB_STATE_FAILED'}!r}).encode()\n"
    f"request = urllib.request.Request(base + '{JOBS}', body, {{'content-type': 'application/json'}})\n"
    "urllib.request.urlopen(request)\n"
)


FORBIDDEN = """
def send(verb, path, body):
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(base + path, json.dumps(body).encode(), headers, method=verb)
    try:
        return json.load(urllib.request.urlopen(request))
    except urllib.error.HTTPError as error:
        assert error.code == 400, error

examples = [{"textInput": "1", "output": "2"}]
task = {"trainingData": {"examples": {"examples": examples}}, "hyperparameters": {}}
operation = send("POST", "/v1beta/tunedModels", {"baseModel": "models/gemini-1.5-flash-001-tuning", "tuningTask": task})
model = "/v1beta/" + operation["metadata"]["tunedModel"]
permission = send("POST", model + "/permissions", {"granteeType": "EVERYONE", "role": "READER"})["name"]
send("PATCH", "/v1beta/" + permission, {"role": "WRITER"})
send("PATCH", model + "?updateMask=baseModel", {"baseModel": "models/gemini-1.0-pro-001"})
parent = "/v1beta1/projects/p/locations/us-central1"
spec = {"promptDatasetUri": "gs://b/d.jsonl", "studentModel": "gemini-small"}
send("POST", parent + "/tuningJobs", {"baseModel": "gemini", "distillationSpec": spec})
"""


def test_a_program_that_does_three_things_wrong_is_told_each(tmp_path: Path) -> None:
    done = run(tmp_path, FORBIDDEN, "--report-dir", str(tmp_path / "report"))
    assert done.returncode == 1, done.stdout + done.stderr
    rules = json.loads((tmp_path / "report/verdicts.json").read_text())["rules"]
    assert {rule["id"]: rule["findings"][0]["message"] for rule in rules if rule["findings"]} == {
        "client/required-parameters": "tunedModels.permissions.patch was sent without updateMask, which is required",
        "client/immutable-left-alone": "tunedModels.patch updates baseModel, which is immutable",
        "client/no-deprecated-members": "tuningJobs.create sets distillationSpec.studentModel, which is deprecated",
    }


@pytest.mark.parametrize(
    ("program", "options", "code", "said"),
    [
        (GET, (), 0, "vertex v1: 1 of"),
        (POST, (), 0, "warning client/output-only-left-alone"),
        (POST, ("--strict",), 1, "BROKEN client/output-only-left-alone"),
        (GET + "raise SystemExit(7)\n", (), 1, "the command failed with status 7"),
        ("", (), 3, "0 HELD"),
    ],
)
def test_the_exit_code_gates_a_release(
    tmp_path: Path, program: str, options: tuple[str, ...], code: int, said: str
) -> None:
    done = run(tmp_path, program, *options)
    assert done.returncode == code, done.stdout + done.stderr
    assert said in done.stdout


def test_a_command_that_does_not_exist_is_wrong_usage() -> None:
    command = [sys.executable, "-m", "concertpitch", "judge", "--", "no-such-command-anywhere"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "cannot be started" in done.stderr


def test_no_credential_is_written_down(tmp_path: Path) -> None:
    folder = tmp_path / "report"
    program = (
        f"request = urllib.request.Request(base + '{JOBS}', headers={{'Authorization': 'Bearer very-secret'}})\n"
        "urllib.request.urlopen(request).read()\n"
    )
    done = run(tmp_path, program, "--report-dir", str(folder))
    assert done.returncode == 0
    assert json.loads((folder / "verdicts.json").read_text())["coverage"][0]["called"] == {"tuningJobs.list": 1}
    assert not [path for path in folder.rglob("*") if path.is_file() and "very-secret" in path.read_text()]
