"""What the protos say beyond the Discovery documents: other words in their comments, and facts that Discovery lost.

Owns the enumeration of both. Must not know rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from concertpitch.ledger.documents import load, passages
from concertpitch.ledger.sentences import Passage, Sentence, split

_LINK = re.compile(r"\[([^\]]+)\](?:\[[^\]]*\]|\([^)]*\))")
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class Fact:
    """A fact without a sentence: its document, JSON pointer, `kind` (oneof, behaviour, ...) and what it says."""

    document: str
    where: str
    kind: str
    says: str


def comments(document: str) -> Iterator[Passage]:
    """Every comment of the messages, enums and methods of a document of protos."""
    loaded = load(document)
    for name, message in loaded["messages"].items():
        yield from _comment(document, f"/messages/{name}", message)
        for member, field in message["fields"].items():
            yield from _comment(document, f"/messages/{name}/fields/{member}", field)
    for name, enum in loaded["enums"].items():
        for value, described in enum["values"].items():
            yield from _comment(document, f"/enums/{name}/values/{value}", described)
    for name, method in loaded["methods"].items():
        yield from _comment(document, f"/methods/{name}", method)


def _comment(document: str, pointer: str, holder: dict[str, Any]) -> Iterator[Passage]:
    if holder.get("comment"):
        yield Passage(document, f"{pointer}/comment", holder["comment"])


def words(text: str) -> str:
    """A text without links, punctuation and case, so that the same sentence is known in both forms."""
    return " ".join(_WORD.findall(_LINK.sub(r"\1", text).lower()))


def beyond_discovery(document: str) -> Iterator[Sentence]:
    """The sentences of the comments that stand nowhere in the Discovery document of the same version."""
    known = {words(one.text) for text in passages(document.removesuffix(".protos")) for one in split(text)}
    for passage in comments(document):
        yield from (sentence for sentence in split(passage) if words(sentence.text) not in known)


def facts(document: str) -> Iterator[Fact]:
    """Field behaviour, oneofs, explicit presence, HTTP bindings and the types of long-running operations."""
    loaded = load(document)
    for name, message in loaded["messages"].items():
        pointer = f"/messages/{name}"
        for group, members in message.get("oneofs", {}).items():
            says = f"at most one of {', '.join(members)}"
            yield Fact(document, f"{pointer}/oneofs/{group}", "oneof", says)
        for member, field in message["fields"].items():
            for behaviour in field.get("behaviors", ()):
                yield Fact(document, f"{pointer}/fields/{member}/behaviors", behaviour, f"{member} is {behaviour}")
            if field.get("explicit_presence"):
                yield Fact(document, f"{pointer}/fields/{member}", "presence", f"{member} has explicit presence")
    for name, method in loaded["methods"].items():
        for index, http in enumerate(method.get("http", ())):
            body = f", body {http['body']}" if "body" in http else ", no body"
            yield Fact(document, f"/methods/{name}/http/{index}", "http", f"{http['verb']} {http['path']}{body}")
        for part, kind in method.get("operation", {}).items():
            yield Fact(document, f"/methods/{name}/operation/{part}", f"operation {part}", f"the {part} is a {kind}")
