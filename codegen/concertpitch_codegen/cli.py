"""The command line `concertpitch-codegen`.

Owns arguments, what is printed, and exit codes: 0 done, 1 refused or out of date, 2 wrong usage. Imports
the work only when a command runs, so that `--help` is quick. Must not do any of the work itself.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

_ROOT = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The checkout that holds specs/ and generated/; default: this directory or one above it.",
)


_DONE = {"missing": "written", "differs": "written anew", "left over": "removed"}
_FOUND = {
    "missing": "is missing: run concertpitch-codegen generate",
    "differs": "differs: run concertpitch-codegen generate",
    "left over": "is no longer generated: run concertpitch-codegen generate",
}


class _Group(click.Group):
    """Turns every refusal into sentences on stderr and exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        from concertpitch_codegen.problems import CodegenError, DocumentError  # noqa: PLC0415

        try:
            return super().invoke(ctx)
        except DocumentError as error:
            lines = [
                f"refused, nothing was written: {len(error.problems)} problem(s)",
                *map(str, error.problems),
            ]
        except CodegenError as error:
            lines = [str(error)]
        except OSError as error:
            lines = [f"{error.filename}: {error.strerror}" if error.filename else str(error)]
        for line in lines:
            click.echo(f"concertpitch-codegen: {line}", err=True)
        sys.exit(1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="concertpitch")
def main() -> None:
    """Turn the documents of an API into models, clients and schemas, and keep them in step."""


@main.command()
@_ROOT
@click.option("--live", is_flag=True, help="Ask each service for its document instead of the pinned package.")
@click.option("--allow-older", is_flag=True, help="Let an older revision replace a newer one.")
def fetch(root: Path | None, live: bool, allow_older: bool) -> None:
    """Fetch the documents specs/sources.toml names, and lock them.

    What is locked already and agrees with the committed slice is not fetched again, so this works offline.
    """
    from concertpitch_codegen.sources.fetch import fetch as run  # noqa: PLC0415

    for sentence in run(_root(root) / "specs", live=live, allow_older=allow_older):
        click.echo(sentence)


@main.command()
@_ROOT
def generate(root: Path | None) -> None:
    """Write generated/ from specs/."""
    from concertpitch_codegen.generate import generate as run  # noqa: PLC0415

    changes = run(_root(root))
    for change in changes:
        click.echo(f"generated/concertpitch_models/{change.path} {_DONE[change.what]}")
    if not changes:
        click.echo("generated/ is up to date")


@main.command()
@_ROOT
def check(root: Path | None) -> None:
    """Say whether specs/ agrees with its lock and generated/ with specs/; exit 1 if not."""
    from concertpitch_codegen.generate import check as run  # noqa: PLC0415

    stale, changes = run(_root(root))
    for sentence in stale:
        click.echo(sentence)
    for change in changes:
        click.echo(f"generated/concertpitch_models/{change.path} {_FOUND[change.what]}")
    if stale or changes:
        sys.exit(1)
    click.echo("specs/ agrees with its lock, generated/ agrees with specs/")


def _root(given: Path | None) -> Path:
    """Find the checkout. Raises `CodegenError` where there is none."""
    from concertpitch_codegen.problems import CodegenError  # noqa: PLC0415

    here = Path.cwd()
    for candidate in [given] if given else [here, *here.parents]:
        if (candidate / "specs" / "sources.toml").is_file():
            return candidate
    raise CodegenError(f"there is no specs/sources.toml in {given or here}: run in a checkout, or pass --root")
