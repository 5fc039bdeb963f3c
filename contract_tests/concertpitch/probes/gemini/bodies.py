"""Request bodies that probes send, each named for what it is about."""

from __future__ import annotations

from typing import Any

from concertpitch.probes.gemini.lab import GeminiLab

Body = dict[str, Any]
PAIRS = ("1", "2"), ("3", "4"), ("-3", "-2"), ("twenty two", "twenty three"), ("ninety nine", "one hundred")
PAIRS_7 = (*PAIRS, ("100", "101"), ("seven", "eight"))


def training_data(*pairs: tuple[str, str]) -> Body:
    return {"examples": {"examples": [{"textInput": given, "output": wanted} for given, wanted in pairs]}}


def plain(lab: GeminiLab, **members: Any) -> Body:
    """The least a tuned model needs, and more members if given."""
    return {"baseModel": lab.base_model, "tuningTask": {"trainingData": training_data(*PAIRS)}} | members


def tuned(lab: GeminiLab, *pairs: tuple[str, str], **hyperparameters: Any) -> Body:
    """A plain body with hyperparameters, and other examples if given."""
    task = {"trainingData": training_data(*(pairs or PAIRS)), "hyperparameters": hyperparameters}
    return {"baseModel": lab.base_model, "tuningTask": task}


def full(lab: GeminiLab) -> Body:
    """Every member a caller may set."""
    return tuned(lab, epochCount=3, batchSize=2, learningRate=0.00037) | {
        "displayName": "Concertpitch full",
        "description": f"All members set, {search_word(lab)}",
        "temperature": 0.345,
        "topP": 0.7125,
        "topK": 30,
        "readerProjectNumbers": ["123456789012"],
    }


def search_word(lab: GeminiLab) -> str:
    """A word that stands in the descriptions of several tuned models of the run."""
    return f"stimmgabel{lab.run_id}"


def named(lab: GeminiLab) -> Body:
    """Words that the id is to be made of."""
    return plain(lab, displayName="Number Generator Model")


def zeros(lab: GeminiLab) -> Body:
    """Values that are set and falsy."""
    return plain(lab, temperature=0.0)


def multiplied(lab: GeminiLab) -> Body:
    described = {"description": f"Multiplied, {search_word(lab)}"}
    return tuned(lab, epochCount=2, batchSize=4, learningRateMultiplier=0.5) | described


def uneven(lab: GeminiLab) -> Body:
    """Steps that do not divide evenly."""
    return tuned(lab, *PAIRS_7, epochCount=2, batchSize=4) | {"description": f"Uneven, {search_word(lab)}"}


def one_by_one(lab: GeminiLab) -> Body:
    return tuned(lab, epochCount=4, batchSize=1) | {"description": f"One by one, {search_word(lab)}"}


def numeric_name(lab: GeminiLab) -> Body:
    """Strings that look like numbers."""
    return plain(lab, displayName="20261106")


def international(lab: GeminiLab) -> Body:
    """Text beyond ASCII."""
    return plain(lab, displayName="Stimmgabel für Ärzte ♪ 音叉", description="Ein Modell mit Umlauten: äöü.")


def awkward(lab: GeminiLab) -> Body:
    """Text that is easily escaped, trimmed or folded on its way, and a number that no double holds."""
    text = {"displayName": "  a<b & 'c'  \"d\" ", "description": "First line\n\tsecond  line \\ & <end>"}
    return plain(lab, **text, readerProjectNumbers=["9007199254740993"])


def failing(lab: GeminiLab, trigger: str) -> Body:
    """A tuning that fails on targets which take its first example for the wish to."""
    return tuned(lab, (trigger, "-"), *PAIRS, epochCount=2, batchSize=2)
