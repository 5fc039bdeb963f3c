"""The passages and facts of the Gemini API's protos that speak of tuned models, their permissions and operations.

Owns what is in scope: the methods of models, tuned models and permissions, those of corpora that permissions need,
operations, and the messages and enums that a request or answer of them can carry. Must not know rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from concertpitch.ledger.documents import load
from concertpitch.ledger.protos import Fact, comments, facts
from concertpitch.ledger.sentences import Passage

DOCUMENTS = ("generativelanguage.v1beta.protos", "generativelanguage.v1beta3.protos")
"""The newest first: v1beta3 stopped in 2023, so what it adds are older words."""
_METHODS = re.compile(
    r"\.(?:ModelService|PermissionService|Operations)\.\w+$|\.RetrieverService\.(?:Create|Get|Delete)Corpus$|"
    r"\.RetrieverService\.ListCorpora$"
)


@cache
def names(document: str) -> frozenset[str]:
    """The methods in scope, and the messages and enums that they reach."""
    loaded = load(document)
    methods = [name for name in loaded["methods"] if _METHODS.search(name)]
    todo = []
    for method in map(loaded["methods"].__getitem__, methods):
        todo += [method["input"], method["output"], *method.get("operation", {}).values()]
    found: set[str] = set()
    while todo:
        name = todo.pop()
        if name in found or (name not in loaded["messages"] and name not in loaded["enums"]):
            continue
        found.add(name)
        fields = loaded["messages"].get(name, {"fields": {}})["fields"].values()
        todo += [field["refers_to"] for field in fields if "refers_to" in field]
    return frozenset((*methods, *found))


def passages(document: str) -> Iterator[Passage]:
    """Every comment in scope."""
    return (one for one in comments(document) if _owner(one.where) in names(document))


def facts_of(document: str) -> Iterator[Fact]:
    """Every fact in scope."""
    return (one for one in facts(document) if _owner(one.where) in names(document))


def _owner(where: str) -> str:
    return where.split("/")[2]
