"""What the user said -> settings of a run. The one place that refuses what cannot be meant."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from concertpitch import defaults
from concertpitch.control import Control
from concertpitch.errors import UsageError
from concertpitch.lab import Profile, Settings
from concertpitch.probes.vertex.bodies import scenarios
from concertpitch.recipes import Recipe
from concertpitch.surfaces import surface_of

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def configure(
    target: str,
    *,
    surface: str = "vertex",
    api_version: str = "",
    project: str = defaults.PROJECT,
    location: str = defaults.LOCATION,
    profile: str | None = None,
    max_jobs: int = defaults.MAX_JOBS,
    patience: float | None = None,
    timeout: float = defaults.TIMEOUT,
    base_model: str = "",
    dataset: str = defaults.DATASET,
    seed: int = 0,
    deadline: float = 0.0,
    rate: float = 0.0,
    quick: bool = False,
    recipes: Sequence[Recipe] = (),
    control: Control | None = None,
) -> Settings:
    """Options -> settings; a target that is not on loopback is read only until a profile says otherwise.

    Where no recipe is given, those of the embedded emulator are tried on loopback, where a job costs nothing.
    Raises UsageError for a target that is no base URL and for a version that the surface does not have.
    """
    host = check_url(target)
    near = host in _LOOPBACK
    model = base_model or ("" if surface == "gemini" else defaults.BASE_MODEL)
    cooked = recipes or (scenarios(model, dataset) if near else ())
    return Settings(
        target=target.rstrip("/"),
        project=project,
        location=location,
        surface=surface_of(surface, api_version),
        profile=Profile(profile) if profile else Profile.EXHAUST if near else Profile.OBSERVE,
        max_jobs=max_jobs,
        patience=patience if patience is not None else 30.0 if near else 600.0,
        timeout=timeout,
        pause=0.03 if near else 1.0,
        seed=seed,
        base_model=model,
        dataset=dataset,
        deadline=deadline,
        rate=rate,
        quick=quick,
        recipes=tuple(recipe for recipe in cooked if recipe.surface == surface),
        control=control,
        near=near,
    )


def check_url(target: str) -> str:
    """The host of a base URL."""
    parts = urlsplit(target)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError(f"--target {target} is no URL; give one like http://127.0.0.1:9000")
    try:
        valid = parts.port is None or parts.port > 0
    except ValueError:
        valid = False
    if not valid:
        raise UsageError(f"--target {target} has no valid port")
    if parts.query or parts.fragment or parts.username:
        raise UsageError("--target takes scheme, host, port and path only; credentials come from the environment")
    return parts.hostname
