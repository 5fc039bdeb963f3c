"""What base models must show, one by one and in a list."""

from __future__ import annotations

import json
import re

from concertpitch.catalogue import CONVENTION, DOCUMENTED, OBSERVED, Findings, rule
from concertpitch.protojson import integer, number, text
from concertpitch.sources import aip, gemini, records
from concertpitch.subjects import Page
from concertpitch.subjects.gemini import BaseModel, BaseModelSameness, Lookup

_FIFTY = 50
_INTERNAL, _NOT_THERE = 500, frozenset({404, 410})
_NAME = re.compile(r"models/[^/]+")
_MAX_DISPLAY_NAME = 128


@rule(
    "base-model/fifty-by-default",
    DOCUMENTED,
    on=Page,
    when=lambda page: page.call.succeeded and page.call.method == "models.list" and not page.call.query.get("pageSize"),
    cite=gemini("ListModelsRequest", "pageSize", says="If unspecified, 50 models will be returned per page."),
    probe="catalogue",
)
def fifty_by_default(page: Page) -> Findings:
    """A page of base models has at most 50 unless more are asked for."""
    if len(page.items) > _FIFTY:
        yield f"without pageSize a page holds {len(page.items)} base models"


@rule(
    "base-model/has-name",
    CONVENTION,
    on=BaseModel,
    cite=aip(122, "Guidance", says="Resources **must** expose a `name` field that contains its resource name."),
    probe="catalogue",
)
def has_name(model: BaseModel) -> Findings:
    """A base model shows its resource name in `name`."""
    if not model.name:
        yield f"the {model.source} answer shows a base model without a name"


@rule(
    "base-model/name-format",
    DOCUMENTED,
    on=BaseModel,
    when=lambda model: bool(model.name),
    cite=gemini("Model", "name", says="Format: `models/{model}`"),
    probe="catalogue",
)
def name_format(model: BaseModel) -> Findings:
    """A base model is named `models/{model}`."""
    if not _NAME.fullmatch(model.name):
        yield f"a base model is named '{model.name}'"


@rule(
    "base-model/display-name-limit",
    DOCUMENTED,
    on=BaseModel,
    when=lambda model: bool(text(model.body.get("displayName"))),
    cite=gemini("Model", "displayName", says="The name can be up to 128 characters long"),
    probe="catalogue",
)
def display_name_limit(model: BaseModel) -> Findings:
    """The display name of a base model has at most 128 characters."""
    if len(model.body["displayName"]) > _MAX_DISPLAY_NAME:
        yield f"{model.shown}: displayName has {len(model.body['displayName'])} characters"


@rule(
    "base-model/temperature-range",
    DOCUMENTED,
    on=BaseModel,
    when=lambda model: number(model.body.get("temperature")) is not None,
    cite=gemini("Model", "temperature", says="Values can range over `[0.0,max_temperature]`, inclusive."),
    probe="catalogue",
)
def temperature_range(model: BaseModel) -> Findings:
    """The temperature of a base model is between 0 and its maximum."""
    temperature, most = number(model.body["temperature"]) or 0, number(model.body.get("maxTemperature"))
    if temperature < 0 or (most is not None and temperature > most):
        yield f"{model.shown}: temperature is {temperature}, maxTemperature is {most}"


@rule(
    "base-model/limits-not-negative",
    DOCUMENTED,
    on=BaseModel,
    when=lambda model: "inputTokenLimit" in model.body or "outputTokenLimit" in model.body,
    cite=gemini("Model", "inputTokenLimit", says="Maximum number of input tokens allowed for this model."),
    probe="catalogue",
)
def limits_not_negative(model: BaseModel) -> Findings:
    """The token limits of a base model are not negative."""
    for name in ("inputTokenLimit", "outputTokenLimit"):
        if (integer(model.body.get(name)) or 0) < 0:
            yield f"{model.shown}: {name} is {model.body[name]}"


@rule(
    "base-model/says-what-it-is",
    OBSERVED,
    on=BaseModel,
    cite=records("clients of this API", says="baseModelId, version and supportedGenerationMethods of every model"),
    probe="catalogue",
)
def says_what_it_is(model: BaseModel) -> Findings:
    """A base model shows its version and the methods that it supports."""
    lacking = [name for name in ("version", "supportedGenerationMethods") if not model.body.get(name)]
    if lacking:
        yield f"{model.shown} has no {' and no '.join(lacking)}"


@rule(
    "base-model/agrees-with-get",
    CONVENTION,
    on=BaseModelSameness,
    cite=aip(121, "Methods", says="resource schema for that resource across all methods **must** be the same."),
    probe="catalogue",
)
def agrees_with_get(same: BaseModelSameness) -> Findings:
    """A list shows a base model as get shows it."""
    listed, read = same.listed.body, same.read.body
    for name in sorted(listed.keys() & read.keys()):
        if json.dumps(listed[name], sort_keys=True) != json.dumps(read[name], sort_keys=True):
            yield f"{same.read.shown}: {name} is {listed[name]} in a list, {read[name]} in a get"


@rule(
    "base-model/listed-is-readable",
    DOCUMENTED,
    on=Lookup,
    when=lambda it: it.kind == "base model" and it.known and it.call.served and it.call.status < _INTERNAL,
    cite=gemini(
        "GetModelRequest", "name", says="This name should match a model name returned by the `ListModels` method."
    ),
    probe="catalogue",
)
def listed_is_readable(it: Lookup) -> Findings:
    """A base model that is listed can be read by its name."""
    if it.call.status in _NOT_THERE:
        yield f"{it.call.resource} was listed, and a get was answered {it.call.status}"
