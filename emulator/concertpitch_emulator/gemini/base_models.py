"""The base models that `models.get` and `models.list` show; it must not know requests.

Ids are those of models that were once served; what is said of each is made up in their likeness.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

TUNABLE: Final = "createTunedModel"
_LIMITS = (8_192, 2_048)


@dataclass(frozen=True, slots=True)
class _Family:
    """Models of one kind: their ids, their methods, and the sampling they default to."""

    ids: str
    version: str
    methods: tuple[str, ...]
    sampling: dict[str, Any]
    limits: tuple[int, int] = _LIMITS
    thinking: bool = False


_CHAT = ("generateContent", "countTokens")
_TUNED = (*_CHAT, TUNABLE)
_PALM: dict[str, Any] = {"temperature": 0.7, "topP": 0.95, "topK": 40}
_PRO: dict[str, Any] = {"temperature": 0.9, "topP": 1, "topK": 1}
_FLASH: dict[str, Any] = {"temperature": 1, "maxTemperature": 2, "topP": 0.95, "topK": 64}
_NEW: dict[str, Any] = {"temperature": 1, "maxTemperature": 2, "topP": 0.95, "topK": 40}

_FAMILIES = (
    _Family("chat-bison-001", "1.0", ("generateMessage", "countMessageTokens"), {**_PALM, "temperature": 0.25}),
    _Family("text-bison-001", "1.0", ("generateText", "countTextTokens", "createTunedTextModel", TUNABLE), _PALM),
    _Family("embedding-gecko-001 embedding-001 text-embedding-004", "1.0", ("embedContent",), {}),
    _Family("gemini-1.0-pro gemini-1.0-pro-latest gemini-pro gemini-1.0-pro-vision-latest", "1.0", _CHAT, _PRO),
    _Family("gemini-1.0-pro-001 gemini-1.0-pro-002", "1.0", _TUNED, _PRO, (30_720, 2_048)),
    _Family(
        "gemini-1.5-pro gemini-1.5-pro-latest gemini-1.5-pro-001 gemini-1.5-pro-002 gemini-1.5-pro-exp-0801 "
        "gemini-1.5-pro-exp-0827 gemini-1.5-flash gemini-1.5-flash-latest gemini-1.5-flash-002 gemini-1.5-flash-8b "
        "gemini-1.5-flash-8b-001 gemini-1.5-flash-8b-latest gemini-1.5-flash-8b-exp-0827 gemini-1.5-flash-exp-0827",
        "1.5",
        _CHAT,
        _FLASH,
        (1_000_000, 8_192),
    ),
    _Family("gemini-1.5-flash-001 gemini-1.5-flash-001-tuning", "1.5", _TUNED, _FLASH, (16_384, 8_192)),
    _Family(
        "gemini-2.0-flash gemini-2.0-flash-001 gemini-2.0-flash-exp gemini-2.0-flash-lite gemini-2.0-flash-lite-001 "
        "gemini-2.0-flash-lite-preview gemini-2.0-flash-lite-preview-02-05 gemini-2.0-pro-exp "
        "gemini-2.0-pro-exp-02-05 gemini-2.0-flash-live-001 gemini-2.0-flash-preview-image-generation "
        "gemini-exp-1206 learnlm-1.5-pro-experimental learnlm-2.0-flash-experimental",
        "2.0",
        _CHAT,
        _NEW,
        (1_048_576, 8_192),
    ),
    _Family(
        "gemini-2.0-flash-thinking-exp gemini-2.0-flash-thinking-exp-01-21 gemini-2.0-flash-thinking-exp-1219 "
        "gemini-2.5-pro gemini-2.5-pro-exp-03-25 gemini-2.5-pro-preview-03-25 gemini-2.5-pro-preview-05-06 "
        "gemini-2.5-pro-preview-06-05 gemini-2.5-flash gemini-2.5-flash-preview-04-17 gemini-2.5-flash-preview-05-20 "
        "gemini-2.5-flash-lite gemini-2.5-flash-lite-preview-06-17",
        "2.5",
        _CHAT,
        _NEW,
        (1_048_576, 65_536),
        thinking=True,
    ),
    _Family("gemma-3-1b-it gemma-3-4b-it gemma-3-12b-it gemma-3-27b-it gemma-3n-e4b-it", "3.0", _CHAT, _NEW),
)


@dataclass(frozen=True, slots=True)
class BaseModel:
    """A base model as an answer shows it, with the place it has in a list."""

    serial: int
    body: dict[str, Any]

    @property
    def tunable(self) -> bool:
        return TUNABLE in self.body["supportedGenerationMethods"]


def _body(family: _Family, model_id: str) -> dict[str, Any]:
    words = " ".join(word.capitalize() for word in model_id.split("-"))
    return {
        "name": f"models/{model_id}",
        "baseModelId": model_id,
        "version": family.version,
        "displayName": words,
        "description": f"{words}, as far as an emulator goes",
        "inputTokenLimit": family.limits[0],
        "outputTokenLimit": family.limits[1],
        "supportedGenerationMethods": list(family.methods),
        **family.sampling,
        **({"thinking": True} if family.thinking else {}),
    }


_IDS = [(family, model_id) for family in _FAMILIES for model_id in family.ids.split()]

BASE_MODELS: Final = [BaseModel(serial, _body(family, model_id)) for serial, (family, model_id) in enumerate(_IDS)]
BY_NAME: Final = {model.body["name"]: model for model in BASE_MODELS}


def sampling(name: str) -> dict[str, Any]:
    """What a model tuned from that base model uses unless told otherwise."""
    model = BY_NAME.get(name)
    values = model.body if model else _PRO
    return {member: values[member] for member in ("temperature", "topP", "topK") if member in values}
