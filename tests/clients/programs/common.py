"""The same story told to every Python client: what is done, in which order, and the facts that say what was seen.

A program brings an adapter: its client's own calls behind the few verbs that the story needs. What only some clients
can do is told by further methods of the adapter, each of which becomes a fact of its name.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import sys
import time
from collections.abc import Callable
from typing import Any, Protocol

PARENT = "projects/my-project/locations/us-central1"
BASE_MODEL = "gemini-2.0-flash-001"
TUNABLE_MODEL = "models/gemini-1.5-flash-001-tuning"
GOOD = "gs://bucket/train.jsonl"
MALFORMED = "gs://bucket/malformed.jsonl"
NO_DATASET = "train.csv"
EPOCHS = 3
BATCH_SIZE = 2
EXAMPLES = [(str(number), str(number + 1)) for number in range(1, 9)]
FAILING = [("tuning fails half-way", "x"), *EXAMPLES]
FRIEND = "friend@example.com"
PAGE_SIZE = 2
_PAUSE = 0.2
_PATIENCE = 60.0
_ENDS = ("SUCCEEDED", "FAILED", "CANCELLED", "ACTIVE")

_runner = asyncio.Runner()


class Jobs(Protocol):
    """Tuning jobs as a client shows them; names are resource names."""

    def create(self, dataset: str) -> str: ...

    def read(self, name: str) -> tuple[str, int]:
        """State, and the code of the error or 0."""
        ...

    def shown(self, name: str) -> list[Any]:
        """Epochs, adapter size and labels as sent, and how many examples the server counted."""
        ...

    def pages(self, size: int) -> list[list[str]]: ...

    def page(self, token: str) -> object:
        """The page of a token; left out where a client takes none."""
        ...

    def cancel(self, name: str) -> object: ...


def job_facts(jobs: Jobs, *further: str) -> dict[str, Any]:
    """Create, watch to the end, list over several pages, cancel, and what fails.

    `further` methods get the name of the job that has succeeded.
    """
    names = [jobs.create(dataset) for dataset in (MALFORMED, GOOD, GOOD, GOOD, GOOD)]
    failing, stopped, *_, watched = names
    jobs.cancel(stopped)
    pages = jobs.pages(PAGE_SIZE)
    facts: dict[str, Any] = {
        "pages": [len(page) for page in pages],
        "all listed": [name for page in pages for name in page] == names[::-1],
        "states": watch(lambda: jobs.read(watched)[0])[-2:],
        "shown": jobs.shown(watched),
        "cancelled": [watch(lambda: jobs.read(stopped)[0])[-1], jobs.read(stopped)[1]],
        "failed": [watch(lambda: jobs.read(failing)[0])[-1], jobs.read(failing)[1]],
        "bad dataset": failure(lambda: jobs.create(NO_DATASET)),
        "unknown job": failure(lambda: jobs.read(f"{watched}0")),
        "cancel of an unknown job": failure(lambda: jobs.cancel(f"{watched}0")),
    }
    if hasattr(jobs, "page"):
        facts["bad page token"] = failure(lambda: jobs.page("nonsense"))
    return facts | {each: getattr(jobs, each)(watched) for each in further}


class Models(Protocol):
    """Tuned models as a client shows them."""

    def create(self, examples: list[tuple[str, str]]) -> str:
        """Tune on pairs of input and output; the model's name."""
        ...

    def read(self, name: str) -> str: ...

    def pages(self, size: int) -> list[list[str]]: ...

    def page(self, token: str) -> object:
        """The page of a token; left out where a client takes none."""
        ...

    def describe(self, name: str, text: str) -> str:
        """Change the description; what it is then."""
        ...

    def delete(self, name: str) -> object: ...


def model_facts(models: Models, *further: str) -> dict[str, Any]:
    """Create, watch to the end, list over several pages, change, delete, and what fails.

    `further` methods get the name of an active model that is there until the end.
    """
    names = [models.create(examples) for examples in (FAILING, EXAMPLES, EXAMPLES, EXAMPLES, EXAMPLES)]
    failing, spare, *_, watched = names
    pages = models.pages(PAGE_SIZE)
    facts: dict[str, Any] = {
        "pages": [len(page) for page in pages],
        "all listed": [name for page in pages for name in page] == names,
        "states": watch(lambda: models.read(watched)),
        "failed": watch(lambda: models.read(failing))[-1],
        "described": models.describe(watched, "changed"),
        "no examples": failure(lambda: models.create([])),
        "unknown model": failure(lambda: models.read(f"{watched}0")),
    }
    if hasattr(models, "page"):
        facts["bad page token"] = failure(lambda: models.page("nonsense"))
    facts |= {each: getattr(models, each)(watched) for each in further}
    models.delete(spare)
    return facts | {
        "deleted": failure(lambda: models.read(spare)),
        "delete of what is gone": failure(lambda: models.delete(spare)),
    }


def watch(read: Callable[[], str]) -> list[str]:
    """The distinct states in the order seen, until one that is an end; a slow machine may miss the first."""
    seen: list[str] = []
    deadline = time.monotonic() + _PATIENCE
    while not seen or not seen[-1].endswith(_ENDS):
        if time.monotonic() > deadline:
            raise SystemExit(f"no end in sight after {seen}")
        state = read()
        if not seen or seen[-1] != state:
            seen.append(state)
        time.sleep(_PAUSE)
    return seen


def failure(call: Callable[[], object]) -> list[Any]:
    """The exception's type, and the HTTP status that it carries, if any."""
    try:
        call()
    except Exception as error:  # noqa: BLE001 - which one is the fact
        code = getattr(error, "code", None) or getattr(error, "status_code", None)
        return [f"{type(error).__module__}.{type(error).__qualname__}", *([int(code)] if code else [])]
    return ["nothing"]


def settle(value: Any) -> Any:
    """What a call answered, of a synchronous client or of an asynchronous one."""
    return _runner.run(value) if inspect.isawaitable(value) else value


def tell(facts: dict[str, Any]) -> None:
    """The last line of what is printed; some clients log to the same place."""
    sys.stdout.write("\n" + json.dumps(facts) + "\n")
