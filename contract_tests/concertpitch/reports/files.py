"""A result -> verdicts.json, junit.xml, trace.har and one curl script per finding, in one folder.

Rule 1: a file is written whole or not at all; a folder that cannot be written is a usage error.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import orjson

from concertpitch import __version__
from concertpitch.errors import UsageError
from concertpitch.exchange import Exchange, Trouble
from concertpitch.reports.curl import script
from concertpitch.reports.har import archive
from concertpitch.run import Result
from concertpitch.troubles import Troubles
from concertpitch.verdicts import Kind, Verdict

_EVIDENCE = 2000
"""Characters of a body shown in verdicts.json; trace.har holds all of it."""


def prepare(folder: Path) -> None:
    """Make the report folder and see that it can be written, before anything is sent."""
    try:
        (folder / "curl").mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UsageError(f"the report folder {folder} cannot be written: {error.strerror}") from error


def write(result: Result, folder: Path, *, strict: bool) -> None:
    """Write all files of a result into a prepared folder; scripts of an earlier run are removed."""
    for old in (folder / "curl").glob("*.sh"):
        old.unlink()
    for verdict in result.verdicts:
        if verdict.findings:
            _write(folder / curl_path(verdict), script(verdict.findings[0].exchanges).encode())
    _write(folder / "verdicts.json", orjson.dumps(report(result, strict=strict), option=orjson.OPT_INDENT_2))
    _write(folder / "junit.xml", junit(result, strict=strict))
    _write(folder / "trace.har", orjson.dumps(archive(result.exchanges), default=str))


def curl_path(verdict: Verdict) -> str:
    """Where the script for a verdict's first finding lies, inside the folder."""
    return f"curl/{verdict.rule.id.replace('/', '.')}.sh"


def report(result: Result, *, strict: bool) -> dict[str, Any]:
    """The content of verdicts.json; the shape is part of the contract with users (docs/report.md)."""
    return {
        "tool": {"name": "concertpitch", "version": __version__},
        "target": result.target,
        "surface": result.surface.name,
        "version": result.surface.version,
        "profile": result.profile,
        "seed": result.seed,
        "run": result.run_id,
        "coverage": [one.record() for one in result.coverage],
        "limits": {"deadline": result.deadline, "rate": result.rate},
        "troubles": _troubles(result.troubles),
        "states": dict(result.sights.states),
        "transitions": [
            {"from": one.before, "to": one.after, "documented": one.documented, "seen": one.seen}
            for one in result.sights.transitions
        ],
        "rules": [_rule(verdict) for verdict in result.verdicts],
        "summary": {
            **{kind.value: result.count(kind) for kind in Kind},
            "failing": sum(verdict.fails for verdict in result.verdicts),
            "warnings": sum(verdict.warns for verdict in result.verdicts),
            "requests": len(result.exchanges),
            "unanswered": sum(exchange.status is None for exchange in result.exchanges),
            "seconds": round(result.seconds, 3),
            "interrupted": result.interrupted,
            "undone": result.undone,
            "hook_failure": result.hook_failure,
            "note": result.note,
            "left_over": result.left_over,
            "complaints": result.complaints,
            "exit_code": result.exit_code(strict=strict),
        },
    }


def _troubles(troubles: Troubles) -> dict[str, Any]:
    return {
        **{kind.value: troubles.counts.get(kind, 0) for kind in Trouble},
        "sent_again": troubles.repeated,
        "given_up": troubles.given_up,
        "waited_seconds": round(troubles.waited, 3),
    }


_SHOWN = 6
"""Exchanges of a finding that are told beside their numbers; trace.har has all."""


def _rule(verdict: Verdict) -> dict[str, Any]:
    rule = verdict.rule
    return {
        "id": rule.id,
        "level": rule.level.value,
        "sentence": rule.sentence,
        "source": {"document": rule.cite.document, "where": rule.cite.where, "says": rule.cite.says},
        "verdict": verdict.kind.value,
        "subjects": verdict.subjects,
        "breaches": verdict.broken,
        "findings": [
            {
                "message": finding.message,
                "chain": [exchange.number for exchange in finding.exchanges],
                "exchanges": [_exchange(exchange) for exchange in finding.exchanges[:_SHOWN]],
            }
            for finding in verdict.findings
        ],
        "reason": verdict.reason,
    }


def _exchange(exchange: Exchange) -> dict[str, Any]:
    return {
        "number": exchange.number,
        "probe": exchange.probe,
        "method": exchange.method,
        "url": exchange.url,
        "request": _cut(exchange.request_body),
        "status": exchange.status,
        "answer": _cut(exchange.body),
    }


def _cut(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    return text if len(text) <= _EVIDENCE else f"{text[:_EVIDENCE]}… ({len(body)} bytes)"


def junit(result: Result, *, strict: bool) -> bytes:
    """One test case per rule: failure for what fails the run, skipped for what met nothing."""
    suite = ET.Element("testsuite", name=f"concertpitch {result.surface.name}")
    failures = skipped = 0
    for verdict in result.verdicts:
        group, _, name = verdict.rule.id.partition("/")
        case = ET.SubElement(suite, "testcase", classname=f"concertpitch.{group}", name=name)
        lines = "\n".join(_clean(finding.message) for finding in verdict.findings)
        if verdict.fails or (strict and verdict.warns):
            failures += 1
            ET.SubElement(case, "failure", message=verdict.rule.sentence).text = f"{verdict.rule.cite}\n{lines}"
        elif verdict.warns:
            ET.SubElement(case, "system-out").text = f"warning ({verdict.rule.level}): {lines}"
        elif verdict.kind is not Kind.HELD:
            skipped += 1
            ET.SubElement(case, "skipped", message=f"{verdict.kind}: {verdict.reason}")
    counts = {"tests": len(result.verdicts), "failures": failures, "errors": 0, "skipped": skipped}
    suite.attrib |= {name: str(count) for name, count in counts.items()} | {"time": f"{result.seconds:.3f}"}
    content: bytes = ET.tostring(suite, encoding="utf-8", xml_declaration=True)
    return content


def _clean(text: str) -> str:
    """Without the control characters that XML 1.0 cannot hold."""
    return "".join(char if char in "\t\n" or char >= " " else "�" for char in text)


def _write(path: Path, content: bytes) -> None:
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as partial:
            partial.write(content)
        Path(partial.name).chmod(0o644)
        Path(partial.name).replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
