"""What the user ordered: the command line over concertpitch.toml over the defaults, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from concertpitch import embedded, targets
from concertpitch.configure import check_url, configure
from concertpitch.credentials import Credentials, Identity
from concertpitch.errors import UsageError
from concertpitch.lab import Settings
from concertpitch.recipes import Recipe
from concertpitch.surfaces import SURFACES


@dataclass(frozen=True)
class Order:
    """One call of `concertpitch check`: `url` is '' for the embedded emulator."""

    url: str
    surfaces: list[str]
    folders: Mapping[str, Path | None]
    waivers: Path | None
    strict: bool
    dry_run: bool
    faults: tuple[str, ...]
    target: targets.Target | None
    token_command: str | None
    adc: bool
    recipes: tuple[Recipe, ...]
    options: Mapping[str, Any]

    def settings(self, target: str, surface: str) -> Settings:
        """The settings of a run on one surface."""
        control = self.target.control() if self.target else None
        return configure(target, surface=surface, recipes=self.recipes, control=control, **self.options)

    def identity(self) -> Identity:
        """The credentials of the run; a token command is run, so ask only when something is to be sent."""
        if not self.url:
            return Credentials(embedded.TOKEN)
        return targets.credentials(self.target, token_command=self.token_command, adc=self.adc)

    def emulator(self) -> AbstractContextManager[str]:
        """The embedded emulator, lying as ordered; it demands a token, as real services do."""
        return embedded.emulator(seed=self.options.get("seed", 0), faults=self.faults, token=embedded.TOKEN)


def order_of(given: Mapping[str, Any]) -> Order:
    """The values of `check`'s options, None or empty where they were not given; raises UsageError."""
    options = {name: value for name, value in given.items() if value is not None}
    take = partial(_take, options)
    name, path, surface = take("target", ""), take("config"), take("surface", "")
    faults, folder = take("faults", ()), take("report_dir")
    config = targets.load(path) if name or path else targets.Config()
    target = targets.find(config, name, path) if name else None
    if target:
        check_url(target.url)
    if faults and target:
        raise UsageError("--fault makes the embedded emulator lie; it cannot be used with --target")
    chosen = [surface] if surface and surface != "all" else list(SURFACES)
    if not surface and target and target.surfaces:
        chosen = target.surfaces
    waivers, command = take("waivers"), take("token_command")
    strict, dry_run, adc = (bool(take(name)) for name in ("strict", "dry_run", "adc"))
    merged = (target.options() if target else {}) | options
    if len(chosen) > 1 and merged.get("api_version"):
        raise UsageError("--api-version goes with one --surface")
    return Order(
        url=target.url if target else "",
        surfaces=chosen,
        folders={name: folder / name if folder and len(chosen) > 1 else folder for name in chosen},
        faults=tuple(faults),
        target=target,
        recipes=config.cooked(),
        options=merged,
        waivers=waivers,
        strict=strict,
        dry_run=dry_run,
        token_command=command,
        adc=adc,
    )


def _take(options: dict[str, Any], name: str, otherwise: Any = None) -> Any:
    return options.pop(name, otherwise)
