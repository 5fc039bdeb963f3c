"""The suite on a second honest MCP server: silent on legal choices."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SERVER = Path(__file__).parents[1] / "servers" / "plain_mcp.py"
SUITE = Path(sys.executable).with_name("concertpitch")
TOKEN = "let-me-in"


def verdicts(folder: Path, *choices: str) -> dict[str, str]:
    """The verdict on every rule, where a breach that only warns is WARNED; the run must not fail."""
    switches = [part for name in choices for part in ("--choice", name)]
    with subprocess.Popen([sys.executable, SERVER, *switches], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url = server.stdout.readline().strip()
            run = subprocess.run(
                [SUITE, "check", "--surface", "mcp", "--target", url, "--profile", "exercise", "--report-dir", folder],
                capture_output=True,
                text=True,
                timeout=180,
                check=False,
                env=os.environ | ({"CONCERTPITCH_TOKEN": TOKEN} if "auth" in choices else {}),
            )
        finally:
            server.kill()
    assert run.returncode == 0, run.stdout + run.stderr
    rules = json.loads((folder / "verdicts.json").read_text("utf-8"))["rules"]
    return {rule["id"]: "WARNED" if rule["verdict"] == "BROKEN" else rule["verdict"] for rule in rules}


@pytest.mark.parametrize(
    ("choices", "warned"),
    [
        ([], set()),
        (["sse", "sessions"], set()),
        (["one-revision", "more", "bare-refusals", "shuffled"], set()),
        (["oldest-revision", "sse", "defaults-shown"], set()),
        (["get-tool-only", "tuning-only", "get-stream", "sessions"], set()),
        (["stateless-only"], {"tool/sample-call-served"}),
        (["bad-name-is-error", "refuses-revisions"], {"tool/unknown-name-is-a-result", "mcp/revision-negotiated"}),
        (["unknown-job-404", "no-rest"], set()),
        (["tools-paged", "text-beside", "auth"], set()),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else "",
)
def test_legal_choices_raise_no_alarm(tmp_path: Path, choices: list[str], warned: set[str]) -> None:
    found = verdicts(tmp_path, *choices)
    assert {rule for rule, verdict in found.items() if verdict == "WARNED"} == warned
    tools = {rule for rule, verdict in found.items() if verdict == "NOT_APPLICABLE" and rule.startswith("twin/")}
    assert ("twin/listed-job" in tools) == ("get-tool-only" in choices)
    assert found["mcp/session-gone-404"] == ("HELD" if "sessions" in choices else "NOT_APPLICABLE")
    assert found["mcp/wrong-token-401"] == ("HELD" if "auth" in choices else "NOT_APPLICABLE")
    twins = "NOT_EXERCISED" if "no-rest" in choices else "HELD"
    assert found["twin/same-values"] == twins
    assert found["mcp/result-type"] == ("HELD" if "stateless-only" in choices else "NOT_APPLICABLE")
