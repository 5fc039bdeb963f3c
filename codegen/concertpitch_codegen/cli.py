"""The command line `concertpitch-codegen`.

Owns arguments, what is printed, and exit codes: 0 done, 1 refused or out of date, 2 wrong usage, and those of
`diff`. Imports
the work only when a command runs, so that `--help` is quick. Must not do any of the work itself.
"""

from __future__ import annotations

import gc
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


# What `diff` exits with, so that "could not compare" never reads as an answer: refused, and a fault of this program.
_NOT_COMPARED, _FAULT = 100, 101
_INTERRUPTED = 130  # as shells have it
_AGREED = "specs/ agrees with its lock, generated/ agrees with specs/"


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
        except KeyboardInterrupt:
            click.echo("concertpitch-codegen: interrupted", err=True)
            sys.exit(_INTERRUPTED)  # click would exit with 1, which says that `diff` found something
        except BrokenPipeError:
            raise  # click knows that a reader who has seen enough is no error
        except OSError as error:
            lines = [f"{error.filename}: {error.strerror}" if error.filename else str(error)]
        except Exception:
            if ctx.invoked_subcommand != "diff":
                raise
            import traceback  # noqa: PLC0415 - needed for this alone

            # Python would exit with 1, which says that the two were compared.
            click.echo(traceback.format_exc(), err=True)
            sys.exit(_FAULT)
        for line in lines:
            click.echo(f"concertpitch-codegen: {line}", err=True)
        sys.exit(_NOT_COMPARED if ctx.invoked_subcommand == "diff" else 1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="concertpitch")
def main() -> None:
    """Turn the documents of an API into models, clients and schemas, and keep them in step."""
    # A document is hundreds of thousands of small objects that live until the end: looking for garbage among them
    # takes a fifth of the time.
    gc.disable()


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


_SELECTOR = "A resource or a method, projects.locations.tuningJobs, or a path with all below it, /v1/tunedModels."
_OUT = click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="The directory that holds the package of --package.",
)
_PACKAGE = click.option("--package", help="The import name of a package of your own, acme.tasks.")


@main.command()
@_ROOT
@click.option("--document", help="A file, a URL or a folder of .proto files, for a package of your own.")
@click.option("--select", multiple=True, help=f"{_SELECTOR} Default: all.")
@_OUT
@_PACKAGE
@click.option("--accept-new-meanings", is_flag=True, help="Let a class keep its name and change its meaning.")
def generate(
    root: Path | None,
    document: str | None,
    select: tuple[str, ...],
    out: Path | None,
    package: str | None,
    accept_new_meanings: bool,
) -> None:
    """Write generated/ from specs/, or with --document a package of your own."""
    if document is None:
        if out or package or select:
            raise click.UsageError("--select, --out and --package need --document")
        _generate_surfaces(root, accept_new_meanings=accept_new_meanings)
        return
    if not out or not package:
        raise click.UsageError("--document needs --out and --package")
    from concertpitch_codegen.userpackage import generate_package  # noqa: PLC0415

    changed, lacks = generate_package(document, select or ("*",), out, package, accept_new_meanings=accept_new_meanings)
    for name in changed:
        click.echo(f"{package}: {name} written")
    for problem in lacks:
        click.echo(f"left out: {problem}", err=True)
    if not changed:
        click.echo(f"{package} is up to date")


def _generate_surfaces(root: Path | None, *, accept_new_meanings: bool) -> None:
    from concertpitch_codegen.generate import generate as run  # noqa: PLC0415

    changes = run(_root(root), accept_new_meanings=accept_new_meanings)
    for change in changes:
        click.echo(f"generated/concertpitch_models/{change.path} {_DONE[change.what]}")
    if changes:
        _tell_conflicts(root)
    else:
        click.echo("generated/ is up to date")


def _tell_conflicts(root: Path | None) -> None:
    from concertpitch_codegen.generate import conflicts  # noqa: PLC0415

    for problem in conflicts(_root(root)):
        click.echo(f"conflict, the earlier document holds: {problem}", err=True)


@main.command()
@_ROOT
@_OUT
@_PACKAGE
def check(root: Path | None, out: Path | None, package: str | None) -> None:
    """Say whether specs/ agrees with its lock and generated/ with specs/; exit 1 if not.

    With --out and --package, whether a package of your own is what its slice makes.
    """
    if (out is None) != (package is None):
        raise click.UsageError("--out and --package belong together")
    if out and package:
        from concertpitch_codegen.userpackage import check_package  # noqa: PLC0415

        new_meanings, differing = check_package(out, package)
        found = [*new_meanings, *(f"{package}: {name} {_FOUND['differs']} --document" for name in differing)]
    else:
        found = _check_surfaces(root)
    for sentence in found:
        click.echo(sentence)
    if found:
        sys.exit(1)
    agreed = f"{package} agrees with its slice" if package else _AGREED
    click.echo(agreed)


def _check_surfaces(root: Path | None) -> list[str]:
    from concertpitch_codegen.generate import check as run  # noqa: PLC0415

    stale, changes = run(_root(root))
    if not stale:
        _tell_conflicts(root)
    return [*stale, *(f"generated/concertpitch_models/{each.path} {_FOUND[each.what]}" for each in changes)]


_OUTPUT = click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file, in one step; default: standard output.",
)


@main.command()
@click.argument("documents", nargs=-1, required=True)
@click.option("--to", type=click.Choice(["openapi", "jsonschema"]), default="openapi", show_default=True)
@_OUTPUT
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="A directory for many documents, each as NAME.openapi.json or NAME.jsonschema.json.",
)
def convert(documents: tuple[str, ...], to: str, output: Path | None, out: Path | None) -> None:
    """Write DOCUMENTS, files, URLs or folders of .proto files, as OpenAPI 3.1 or JSON Schema 2020-12.

    Exits 1 when anything would be lost. What a document contradicts in itself is told on standard error.
    """
    from concertpitch_codegen.convert import convert as run  # noqa: PLC0415

    if out:
        if output:
            raise click.UsageError("--output is for one document, --out for many: name one of them")
        _convert_all(documents, to, out)
        return
    if len(documents) > 1:
        raise click.UsageError("several documents need --out, a directory")
    text, counted, found = run(documents[0], to)
    _write(text, output)
    for problem in found:
        click.echo(f"contradiction: {problem}", err=True)
    click.echo(counted, err=True)


def _convert_all(documents: tuple[str, ...], to: str, out: Path) -> None:
    from concertpitch_codegen.convert import convert_all  # noqa: PLC0415

    refused = 0
    for place, written, said in convert_all(documents, to, out):
        refused += not written
        for line in said:
            click.echo(f"{place}: {'' if written else 'refused: '}{line}", err=True)
    click.echo(f"{len(documents) - refused} documents written, {refused} refused", err=True)
    if refused:
        sys.exit(1)


@main.command("slice")
@click.argument("document")
@click.option("--select", multiple=True, required=True, help=_SELECTOR)
@_OUTPUT
def slice_(document: str, select: tuple[str, ...], output: Path | None) -> None:
    """Cut the selected operations and all they need out of DOCUMENT, a file, a URL or a folder of .proto files.

    Prints why each definition is in; with --output writes the slice, a document of the same format; of protos, OpenAPI.
    """
    from concertpitch_codegen.convert import cut_document  # noqa: PLC0415

    part, text = cut_document(document, select)
    if output:
        _write(text, output)
    else:
        for name, reason in part.reasons.items():
            click.echo(f"{name}  {reason}")
    click.echo(f"{len(part.document.operations)} operations, {part.document.named()} schemas", err=True)


@main.command()
@click.argument("message")
@click.option("--document", help="A file, a URL or a folder of .proto files; default: the surface's own documents.")
@click.option("--surface", default="vertex_v1", show_default=True)
@_ROOT
def show(message: str, document: str | None, surface: str, root: Path | None) -> None:
    """Say what the documents say of MESSAGE, fact by fact, each with the place it stands."""
    from concertpitch_codegen.show import show as run  # noqa: PLC0415

    if document:
        from concertpitch_codegen.convert import load_document  # noqa: PLC0415

        read = load_document(document).document
    else:
        from concertpitch_codegen.generate import surface_document  # noqa: PLC0415

        read = surface_document(_root(root), surface)
    for line in run(read, message):
        click.echo(line)


@main.command()
@click.argument("old")
@click.argument("new")
@click.option("--select", multiple=True, help=f"Compare only what is selected. {_SELECTOR}")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json", "github"]),
    default="text",
    show_default=True,
)
@click.option(
    "--fail-on",
    type=click.Choice(["source", "wire", "semantic", "none"]),
    default="semantic",
    show_default=True,
    help="Exit 1 when a change is at least this bad and not approved; source is worst.",
)
@click.option(
    "--approvals",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A TOML file: [[approved]] with fingerprint, reason and until.",
)
def diff(old: str, new: str, select: tuple[str, ...], form: str, fail_on: str, approvals: Path | None) -> None:
    """Say what changed from OLD to NEW, files, URLs or folders of .proto files, and for whom it breaks what.

    Exits 0 when nothing reaches --fail-on, 1 when something does, 100 when the two could not be compared.
    """
    from concertpitch_codegen.diff.report import FORMATS  # noqa: PLC0415
    from concertpitch_codegen.diff.run import diff as run  # noqa: PLC0415
    from concertpitch_codegen.diff.run import fails  # noqa: PLC0415

    comparison = run(old, new, select, approvals)
    click.echo(FORMATS[form](comparison), nl=False)
    if fails(comparison, fail_on):
        sys.exit(1)


@main.command()
@_ROOT
@click.option("--live", is_flag=True, help="Ask each service for its document instead of the pinned package.")
@click.option("--accept-new-meanings", is_flag=True, help="Let a class keep its name and change its meaning.")
@_OUTPUT
def regenerate(root: Path | None, live: bool, accept_new_meanings: bool, output: Path | None) -> None:
    """Fetch, diff, generate and check; report in Markdown, ready for a pull request.

    Needs no network while the lock is satisfied. When a step fails, specs/ and generated/ stay as they were.
    """
    from concertpitch_codegen.regenerate import regenerate as run  # noqa: PLC0415

    _write(run(_root(root), live=live, accept_new_meanings=accept_new_meanings).encode(), output)


def _write(text: bytes, output: Path | None) -> None:
    from concertpitch_codegen.jsontext import write_atomically  # noqa: PLC0415

    if output:
        write_atomically(output, text)
    else:
        click.echo(text, nl=False)


def _root(given: Path | None) -> Path:
    """Find the checkout. Raises `CodegenError` where there is none."""
    from concertpitch_codegen.problems import CodegenError  # noqa: PLC0415

    here = Path.cwd()
    for candidate in [given] if given else [here, *here.parents]:
        if (candidate / "specs" / "sources.toml").is_file():
            return candidate
    raise CodegenError(
        f"there is no specs/sources.toml in {given or here}: run in a checkout, or pass --root or --document"
    )
