"""concertpitch.toml: named targets and recipes.

    [targets.staging]
    url = "https://staging.example/base"
    profile = "exercise"
    token-command = "gcloud auth print-access-token"

    [recipes.fails]
    surface = "vertex"
    body = {baseModel = "...", supervisedTuningSpec = {trainingDatasetUri = "gs://..."}}
    reaches = "JOB_STATE_FAILED"

Rule 1: whatever is wrong with the file is one sentence with its place and what is right.
Rule 2: no secret stands in the file, only where to get it; a value that may be one is never printed.
"""

from __future__ import annotations

import difflib
import os
import re
import shlex
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from concertpitch.control import Control
from concertpitch.credentials import Credentials, Identity, from_command, from_environment, from_google
from concertpitch.errors import UsageError
from concertpitch.recipes import Recipe
from concertpitch.surfaces import SURFACES

NAME = "concertpitch.toml"
_SECRETS = frozenset({"token", "api-key", "apikey", "key", "password", "secret", "bearer"})
_OPTIONS = (
    *("project", "location", "api_version", "profile", "max_jobs", "rate", "deadline", "patience", "timeout"),
    *("base_model", "dataset"),
)
_WAYS = ("token-env", "token-command", "adc", "api-key-env")

Variable = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Seconds = Annotated[float, Field(ge=0)]


def _kebab(name: str) -> str:
    return name.replace("_", "-")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=_kebab, hide_input_in_errors=True)


class Target(_Table):
    """One `[targets.NAME]`: what the options of the same names say, and where credentials come from."""

    url: str
    project: str | None = None
    location: str | None = None
    surfaces: list[str] = Field(default_factory=list)
    api_version: str | None = None
    profile: Literal["observe", "exercise", "exhaust"] | None = None
    max_jobs: Annotated[int, Field(ge=1)] | None = None
    rate: Annotated[float, Field(gt=0)] | None = None
    deadline: Annotated[float, Field(gt=0)] | None = None
    patience: Seconds | None = None
    timeout: Annotated[float, Field(ge=0.1)] | None = None
    base_model: str | None = None
    dataset: str | None = None
    token_env: Variable | None = None
    token_command: str | list[str] | None = None
    adc: bool = False
    api_key_env: Variable | None = None
    control_url: str | None = None
    control_command: str | list[str] | None = None

    def options(self) -> dict[str, Any]:
        """What the target sets, by the names of options of a run."""
        return {name: value for name in _OPTIONS if (value := getattr(self, name)) is not None}

    def control(self) -> Control | None:
        command = _words(self.control_command)
        return Control(self.control_url or "", command) if self.control_url or command else None

    def identity(self) -> Identity | None:
        """Its own credentials; None when it names none. Raises UsageError when they cannot be had."""
        if self.adc:
            return from_google()
        if self.token_command:
            return from_command(self.token_command)
        for variable in filter(None, (self.token_env, self.api_key_env)):
            if not os.environ.get(variable):
                raise UsageError(f"the environment variable {variable}, which the target's credentials name, is empty")
        named = self.token_env or self.api_key_env
        return from_environment(self.token_env or "", self.api_key_env or "") if named else None


class _Recipe(_Table):
    surface: str
    body: dict[str, Any]
    reaches: str = ""


class Config(_Table):
    """A whole file."""

    targets: dict[str, Target] = Field(default_factory=dict)
    recipes: dict[str, _Recipe] = Field(default_factory=dict)

    def cooked(self) -> tuple[Recipe, ...]:
        """Its recipes, in the order they stand there."""
        return tuple(Recipe(name, one.surface, one.body, one.reaches) for name, one in self.recipes.items())


def load(path: Path | None) -> Config:
    """Read a file, or the one of the working directory where there is one; raises UsageError."""
    where = path or Path(NAME)
    if path is None and not where.exists():
        return Config()
    try:
        source = where.read_text(encoding="utf-8")
        raw = tomllib.loads(source)
    except OSError as error:
        raise UsageError(f"{where} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{where} is not TOML: {error}") from error
    try:
        config = Config.model_validate(raw)
    except ValidationError as error:
        raise UsageError(_sentence(where, source, error)) from None
    for name, target in config.targets.items():
        given = [way for way in _WAYS if getattr(target, way.replace("-", "_"))]
        if len(given) > 1:
            raise UsageError(f"{where}: [targets.{name}] has {' and '.join(given)}; keep one way to its credentials")
        _known(target.surfaces, f"{where}: [targets.{name}] surfaces")
    for name, recipe in config.recipes.items():
        _known([recipe.surface], f"{where}: [recipes.{name}] surface")
    return config


def find(config: Config, name: str, path: Path | None) -> Target:
    """A target by URL or by name; raises UsageError with the nearest name."""
    if "://" in name:
        return Target(url=name)
    if name in config.targets:
        return config.targets[name]
    where = path or NAME
    near = difflib.get_close_matches(name, config.targets, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]}?" if near else "give a URL like http://127.0.0.1:9000"
    held = f"one of {where} ({', '.join(sorted(config.targets))})" if config.targets else f"in a {where}"
    raise UsageError(f"--target {name} is neither a URL nor {held}; {hint}")


def credentials(target: Target | None, *, token_command: str | None, adc: bool) -> Identity:
    """From the command line first, then from the target, then from the environment."""
    if adc and token_command:
        raise UsageError("--adc and --token-command are two ways to credentials; give one")
    if adc:
        return from_google()
    if token_command:
        return from_command(token_command)
    own = target.identity() if target else None
    return own or (from_environment() if target else Credentials())


def _words(command: str | list[str] | None) -> list[str]:
    return shlex.split(command) if isinstance(command, str) else command or []


def _known(surfaces: list[str], where: str) -> None:
    for surface in surfaces:
        if surface not in SURFACES:
            raise UsageError(f"{where}: there is no surface {surface!r}; there is {', '.join(SURFACES)}")


def _sentence(path: Path, source: str, error: ValidationError) -> str:
    """The first thing that is wrong."""
    wrong = error.errors(include_url=False, include_input=False)[0]
    place = [str(part) for part in wrong["loc"]]
    table, key = place[:2], place[2] if len(place) > 2 else ""  # noqa: PLR2004 - [kind.name] key
    inside = f"[{'.'.join(table)}]" if key else "the file"
    where = f"{path}{_line(source, place)}: {inside}"
    if wrong["type"] == "extra_forbidden":
        return f"{where} has no {place[-1]!r}{_hint(place)}"
    if wrong["type"] == "missing":
        return f"{path}{_line(source, place[:-1])}: [{'.'.join(place[:-1])}] needs {place[-1]!r}"
    if wrong["type"] == "string_pattern_mismatch":
        return f"{where}: {key!r} takes the name of an environment variable, not what it holds"
    message = wrong["msg"][:1].lower() + wrong["msg"][1:]
    return f"{where}: {key or place[-1]!r}: {message}"


def _hint(place: list[str]) -> str:
    models: dict[str, type[BaseModel]] = {"targets": Target, "recipes": _Recipe}
    model = models.get(place[0], Config)
    if place[-1].lower() in _SECRETS:
        return f"; no secret stands in this file: use {', '.join(_WAYS)}"
    known = [_kebab(name) for name in model.model_fields]
    near = difflib.get_close_matches(place[-1], known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; it has {', '.join(known)}"


def _line(source: str, place: list[str]) -> str:
    """The line a key or table stands on, as ', line 7'; '' when it is written in a way that hides it."""
    header = re.compile(r"\s*\[\s*" + r"\s*\.\s*".join(f'"?{re.escape(part)}"?' for part in place[:2]) + r"\s*\]")
    key = re.compile(rf'\s*"?{re.escape(place[2])}"?\s*=') if len(place) > 2 else None  # noqa: PLR2004
    inside = False
    for number, line in enumerate(source.splitlines(), 1):
        if line.lstrip().startswith("["):
            inside = bool(header.match(line))
            if inside and key is None:
                return f", line {number}"
        elif inside and key is not None and key.match(line):
            return f", line {number}"
    return ""
