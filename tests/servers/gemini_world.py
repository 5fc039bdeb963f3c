"""Tuned models, permissions and corpora of a second honest server, and how they look at a moment.

Owns state and its shape in answers; knows no HTTP and refuses nothing.
"""

from __future__ import annotations

import math
import re
import threading
import time
import uuid
from datetime import UTC, datetime
from typing import Any

ME = "me@example.org"
SETTINGS = ("displayName", "description", "temperature", "topP", "topK", "readerProjectNumbers")
SAMPLING = {"temperature": 0.75, "topP": 0.9, "topK": 40}
TUNABLE = "models/gemini-1.5-flash-001-tuning"
_TYPE = "type.googleapis.com/google.ai.generativelanguage"


class Model:
    """A tuned model: what was sent, when it begins and ends, and who may do what with it."""

    def __init__(self, ident: str, version: str, sent: dict[str, Any], base: str, now: float, life: float) -> None:
        self.ident, self.version, self.base = ident, version, base
        self.source = {name: sent[name] for name in ("baseModel", "tunedModelSource") if name in sent}
        self.settings = {name: sent[name] for name in SETTINGS if name in sent}
        task = sent["tuningTask"]
        self.examples = len(task["trainingData"]["examples"]["examples"])
        self.asked = task.get("hyperparameters", {})
        self.hyper = {"epochCount": 5, "batchSize": 4} | self.asked
        if "learningRateMultiplier" not in self.hyper:
            self.hyper.setdefault("learningRate", 0.001)
        self.total = math.ceil(self.hyper["epochCount"] * self.examples / self.hyper["batchSize"])
        self.created, self.began, self.ends = now, now + life / 20, now + life
        self.updated = now
        self.operation = uuid.uuid4().hex[:12]
        self.permissions: dict[str, dict[str, Any]] = {}

    @property
    def name(self) -> str:
        return f"tunedModels/{self.ident}"


class World:
    """Everything the server remembers."""

    def __init__(self, on: frozenset[str], life: float = 0.6) -> None:
        self.on, self.lock = on, threading.RLock()
        self.life = 0.0 if "done-at-once" in on else 0.05 if "life-fast" in on else 3.0 if "life-slow" in on else life
        self.models: dict[str, Model] = {}
        self.corpora: dict[str, dict[str, Any]] = {}
        self.shared: dict[str, dict[str, dict[str, Any]]] = {}
        self.count = 0

    def ident(self, display_name: str) -> str:
        self.count += 1
        if "ids-counted" in self.on:
            return f"m{self.count}"
        tail = uuid.uuid4().hex[:10]
        if "ids-opaque" in self.on:
            return f"t{tail}"
        words = [re.sub(r"[^a-z0-9]", "", word) for word in display_name.lower().split()]
        slug = "-".join(filter(None, words))[:25].strip("-")
        return f"{slug}-{tail}" if slug[:1].isalpha() else f"tuned-{tail}"

    def stamp(self, moment: float) -> str:
        text = datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
        if "digits-0" in self.on:
            return text[:19] + "Z"
        return f"{text}{'123' if 'digits-9' in self.on else ''}Z"

    def state(self, model: Model) -> str:
        if time.time() < model.ends:
            return "CREATING"
        return "FAILED" if "life-failing" in self.on else "ACTIVE"

    def steps(self, model: Model) -> int:
        """How many steps are done."""
        span = max(model.ends - model.began, 1e-9)
        share = min(1.0, max(0.0, (time.time() - model.began) / span)) if self.life else 1.0
        if "life-failing" in self.on:
            share = min(share, 0.5)
        return math.floor(share * model.total)

    def snapshots(self, model: Model) -> list[dict[str, Any]]:
        if "snapshots-absent" in self.on:
            return []
        found = []
        for step in range(1, self.steps(model) + 1):
            epoch = step * model.hyper["batchSize"] // model.examples
            moment = model.began + (model.ends - model.began) * step / (model.total + 1)
            shot: dict[str, Any] = {
                "step": step,
                "meanLoss": round(8 / step - 0.01, 6),
                "computeTime": self.stamp(moment),
            }
            if epoch or "defaults-printed" in self.on:
                shot["epoch"] = epoch
            found.append(shot)
        return found

    def shown(self, model: Model, method: str = "get") -> dict[str, Any]:
        """The tuned model as an answer shows it."""
        on, state = self.on, self.state(model)
        out: dict[str, Any] = {"name": model.name, "state": state}
        settings = (SAMPLING if "members-few" not in on else {}) | model.settings
        if method == "list" and "list-items-brief" in on:
            return out | {name: settings[name] for name in ("displayName", "description") if name in settings}
        out |= model.source
        if "tunedModelSource" in model.source:
            out["tunedModelSource"] = {**model.source["tunedModelSource"], "baseModel": model.base}
        out |= {name: value for name, value in settings.items() if value not in (None, "", [])}
        if "readerProjectNumbers" in out:
            out["readerProjectNumbers"] = [str(number) for number in out["readerProjectNumbers"]]
        task: dict[str, Any] = {}
        if "members-few" not in on or model.asked:
            task["hyperparameters"] = model.asked if "members-few" in on else model.hyper
        if time.time() >= model.began:
            task["startTime"] = self.stamp(model.began)
        ended = state != "CREATING"
        if ended:
            task["completeTime"] = self.stamp(model.ends)
        shots = self.snapshots(model) if ended or "snapshots-early" in on else []
        if shots or "defaults-printed" in on:
            task["snapshots"] = shots
        updated = max(model.updated, model.ends if ended else 0)
        out |= {"tuningTask": task, "createTime": self.stamp(model.created), "updateTime": self.stamp(updated)}
        if "members-extra" in on:
            out |= {"etag": "W/1", "labels": {"kind": "tuned"}}
        return out

    def operation(self, model: Model) -> dict[str, Any]:
        """The operation that creates a tuned model."""
        on, state, kind = self.on, self.state(model), f"{_TYPE}.{model.version}"
        flat = "operation-names-flat" in on
        out: dict[str, Any] = {
            "name": f"operations/{model.operation}" if flat else f"{model.name}/operations/{model.operation}"
        }
        if "metadata-absent" not in on:
            done = self.steps(model)
            shots = self.snapshots(model)
            progress = {
                "completedSteps": done,
                "completedPercent": round(100 * done / model.total, 4),
                "snapshots": shots,
            }
            kept = {name: value for name, value in progress.items() if value or "defaults-printed" in on}
            out["metadata"] = {
                "@type": f"{kind}.CreateTunedModelMetadata",
                "tunedModel": model.name,
                "totalSteps": model.total,
                **kept,
            }
        if state != "CREATING":
            out["done"] = True
        elif "defaults-printed" in on:
            out["done"] = False
        if state == "ACTIVE":
            out["response"] = {"@type": f"{kind}.TunedModel", **self.shown(model)}
        elif state == "FAILED":
            out["error"] = {"code": 13, "message": "Tuning failed."}
        return out


def base_models(on: frozenset[str]) -> list[dict[str, Any]]:
    """The base models that are served."""
    made = [
        {
            "name": name,
            "baseModelId": name.removeprefix("models/").removesuffix("-001"),
            "version": "001",
            "displayName": name.removeprefix("models/").title(),
            "inputTokenLimit": 16384,
            "outputTokenLimit": 8192,
            "supportedGenerationMethods": ["generateContent", "createTunedModel"]
            if name == TUNABLE
            else ["countTokens"],
            "maxTemperature": 2.0,
            **SAMPLING,
        }
        for name in ("models/embedding-001", TUNABLE, *(f"models/other-{number}-001" for number in range(5)))
    ]
    return [one for one in made if one["name"] == TUNABLE] if "models-one" in on else made
