"""concertpitch.toml: named targets and recipes; what is wrong with it is one sentence that helps."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from concertpitch import targets
from concertpitch.embedded import emulator
from concertpitch.errors import UsageError
from concertpitch.order import order_of

FILE = """
[targets.staging]
url = "http://127.0.0.1:9000/base"
project = "sound"
location = "europe-west4"
profile = "exercise"
surfaces = ["vertex"]
max-jobs = 12
rate = 3
deadline = 600.0
patience = 20
base-model = "gemini-x"
token-env = "STAGING_TOKEN"
control-command = "steer --now"

[recipes.fails]
surface = "vertex"
body = {baseModel = "gemini-x", supervisedTuningSpec = {trainingDatasetUri = "gs://b/broken.jsonl"}}
reaches = "JOB_STATE_FAILED"
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with the file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "concertpitch.toml").write_text(FILE)
    return tmp_path


def test_a_named_target(here: Path) -> None:
    order = order_of({"target": "staging"})
    settings = order.settings(order.url, "vertex")
    assert settings.target == "http://127.0.0.1:9000/base"
    assert (settings.project, settings.location, settings.profile) == ("sound", "europe-west4", "exercise")
    assert (settings.max_jobs, settings.rate, settings.deadline, settings.patience) == (12, 3.0, 600.0, 20.0)
    assert settings.base_model == "gemini-x"
    assert [recipe.name for recipe in settings.recipes] == ["fails"]
    assert settings.recipes[0].reaches == "JOB_STATE_FAILED"
    assert settings.control is not None
    assert settings.control.command == ["steer", "--now"]
    assert order.surfaces == ["vertex"]


def test_the_command_line_wins(here: Path) -> None:
    order = order_of({"target": "staging", "project": "other", "rate": 9.0, "max_jobs": None})
    settings = order.settings(order.url, "vertex")
    assert (settings.project, settings.rate, settings.max_jobs) == ("other", 9.0, 12)


def test_recipes_go_with_a_url_too_but_not_with_the_embedded_emulator(here: Path) -> None:
    order = order_of({"target": "http://127.0.0.1:1"})
    assert [recipe.name for recipe in order.settings(order.url, "vertex").recipes] == ["fails"]
    assert order_of({}).recipes == ()


def test_another_file_by_name(here: Path) -> None:
    (here / "other.toml").write_text('[targets.prod]\nurl = "https://prod.example"\n')
    order = order_of({"target": "prod", "config": Path("other.toml")})
    assert order.url == "https://prod.example"
    assert order.settings(order.url, "vertex").profile == "observe"


HEAD = "[targets.a]\nurl = 'http://h'\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD + "max-job = 3\n", "toml, line 3: [targets.a] has no 'max-job'; did you mean 'max-jobs'?"),
        (HEAD + "max-jobs = '3'\n", "line 3: [targets.a]: 'max-jobs': input should be a valid integer"),
        (HEAD + "profile = 'all'\n", "line 3: [targets.a]: 'profile': input should be 'observe', 'exercise' or"),
        ("[targets.a]\nproject = 'x'\n", "line 1: [targets.a] needs 'url'"),
        (HEAD + "surfaces = ['vertx']\n", "[targets.a] surfaces: there is no surface 'vertx'"),
        ("[recipes.a]\nsurface = 'vertex'\n", "[recipes.a] needs 'body'"),
        ("[target.a]\nurl = 'http://h'\n", "the file has no 'target'; did you mean 'targets'?"),
        ("[targets.a\n", "concertpitch.toml is not TOML: "),
        (HEAD + "adc = true\ntoken-env = 'T'\n", "[targets.a] has token-env and adc; keep one"),
    ],
)
def test_what_is_wrong_is_said(here: Path, text: str, says: str) -> None:
    (here / "concertpitch.toml").write_text(text)
    with pytest.raises(UsageError) as caught:
        order_of({"target": "a"})
    assert says in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("line", ["token = 'ya29.secret'", "api-key = 'ya29.secret'", "token-env = 'ya29.secret'"])
def test_a_secret_in_the_file_is_refused_and_not_printed(here: Path, line: str) -> None:
    (here / "concertpitch.toml").write_text(f"[targets.a]\nurl = 'http://h'\n{line}\n")
    with pytest.raises(UsageError, match="token-env") as caught:
        order_of({"target": "a"})
    assert "ya29" not in str(caught.value)


def test_a_target_nobody_named(here: Path) -> None:
    with pytest.raises(UsageError, match="did you mean staging"):
        order_of({"target": "stagin"})
    (here / "concertpitch.toml").unlink()
    with pytest.raises(UsageError, match=r"neither a URL nor in a concertpitch\.toml; give a URL like"):
        order_of({"target": "staging"})


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        order_of({"config": Path("nothing.toml")})


def test_every_member_of_a_target_is_an_option_or_explained() -> None:
    page = (Path(__file__).parents[2] / "docs" / "targets.md").read_text()
    names = [name.replace("_", "-") for name in targets.Target.model_fields]
    assert [name for name in names if f"`{name}`" not in page] == []


# ---- whole runs


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "concertpitch", "check", "--surface", "vertex", "--report-dir", "report", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=folder)


def reasons(folder: Path, verdict: str) -> dict[str, str]:
    rules = json.loads((folder / "report" / "verdicts.json").read_text())["rules"]
    return {rule["id"]: rule["reason"] for rule in rules if rule["verdict"] == verdict}


def test_a_recipe_is_cooked_and_its_absence_is_said(tmp_path: Path) -> None:
    """With a recipe that only fails, rules on truncated data are not exercised; those on failures are."""
    recipe = FILE[FILE.index("[recipes.fails]") :].replace("broken", "does-not-exist")
    recipe += '[recipes.vain]\nsurface = "vertex"\nreaches = "JOB_STATE_EXPIRED"\n'
    recipe += 'body = {baseModel = "gemini-x", supervisedTuningSpec = {trainingDatasetUri = "gs://b/x.jsonl"}}\n'
    with emulator() as target:
        (tmp_path / "concertpitch.toml").write_text(f'[targets.mine]\nurl = "{target}"\nprofile = "exercise"\n{recipe}')
        done = run(tmp_path, "--target", "mine", "--quick")
    assert done.returncode == 0, done.stdout + done.stderr
    sent = (tmp_path / "report" / "trace.har").read_text()
    assert "gs://b/does-not-exist.jsonl" in sent
    assert "truncated.jsonl" not in sent
    assert "the recipe vain led to JOB_STATE_SUCCEEDED, not to JOB_STATE_EXPIRED" in done.stdout
    assert "the recipe fails" not in done.stdout


HOOK = """
import json, pathlib, sys
with pathlib.Path("told.jsonl").open("a") as out:
    out.write(json.dumps(json.load(sys.stdin)) + "\\n")
"""


def test_a_control_hook_is_told_of_every_job(tmp_path: Path, stub: Any) -> None:
    (tmp_path / "hook.py").write_text(HOOK)
    with emulator() as target:
        (tmp_path / "concertpitch.toml").write_text(
            f'[targets.mine]\nurl = "{target}"\nprofile = "exercise"\npatience = 3\n'
            f'control-url = "{stub.url}/steer"\ncontrol-command = ["{sys.executable}", "hook.py"]\n'
        )
        done = run(tmp_path, "--target", "mine", "--quick")
    assert done.returncode == 0, done.stdout + done.stderr
    told = [json.loads(line) for line in (tmp_path / "told.jsonl").read_text().splitlines()]
    assert told == [json.loads(request.body) for request in stub.requests]
    assert {one["event"] for one in told} == {"creating", "created"}
    assert all(("/tuningJobs/" in one["job"]) == (one["event"] == "created") for one in told)
    assert {one["wants"] for one in told} >= {"JOB_STATE_SUCCEEDED", "JOB_STATE_CANCELLED", "JOB_STATE_FAILED"}
    assert "authorization" not in stub.requests[0].headers


def test_a_control_hook_that_fails_does_not_fail_the_run(tmp_path: Path) -> None:
    with emulator() as target:
        (tmp_path / "concertpitch.toml").write_text(
            f'[targets.mine]\nurl = "{target}"\nprofile = "exercise"\ncontrol-url = "{target}/nothing"\n'
        )
        done = run(tmp_path, "--target", "mine", "--quick")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"the control hook failed: {target}/nothing answers 404" in done.stdout
