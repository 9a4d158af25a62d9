"""`alas-plugin install`: puts plugins where every program finds them."""

from pathlib import Path
from typing import Any

import click

from alas_cli._command import UsageMistake
from alas_cli._durations import take_wait
from alas_cli._options import complete_files
from alas_cli._subcommand import CommonOptions, subcommand

_MORE_HELP = """\
A PATH is the folder of a plugin, or a .zip or .tar.gz with one plugin in it. Everything is
checked before anything changes, and then changes in one step. Another version of an installed
plugin replaces it. A plugin with native code that is not built yet is built first, when you
agree to run its command: it is a program like any other. What a plugin asks to reach outside, and the
calls that need it, are shown, and granted when you agree; another version asks only for what is new.
What is installed is a copy, in plugins/ in the folder ALAS_HOME, which is ~/.alas unless the
environment says otherwise."""


@subcommand(
    "install",
    [
        ("alas-plugin install my-plugin", "a folder"),
        ("alas-plugin install my-plugin-1.2.0.tar.gz", "an archive"),
        ("alas-plugin install math-utils statistics", "several, in one step"),
        ("alas-plugin install -build my-plugin", "build its native code without asking"),
        ("alas-plugin install -grant my-plugin", "grant all that it asks for, without asking"),
        ("alas-plugin install -rollback", "go back to before the last change"),
        ("alas-plugin install -format json my-plugin", "for programs"),
    ],
    more_help=_MORE_HELP,
)
@click.option(
    "-rollback",
    "--rollback",
    "is_rollback",
    is_flag=True,
    help="Undo the last install or uninstall; again, the one before.",
)
@click.option(
    "-no-dependencies",
    "--no-dependencies",
    "is_unchecked",
    is_flag=True,
    help="Install even if what a plugin needs is missing, or others would miss something.",
)
@click.option(
    "-build",
    "--build",
    "builds",
    is_flag=True,
    help="Build native code that is not built yet, or was changed since, without asking: runs implementation.build_cmd.",
)
@click.option(
    "-grant",
    "--grant",
    "grants",
    is_flag=True,
    help="Grant what the plugins ask to reach, without asking: alas-plugin audit PATH shows why they do.",
)
@click.option(
    "-timeout",
    "--timeout",
    "timeout",
    metavar="D",
    default="60s",
    show_default=True,
    callback=take_wait,
    help="How long to wait for another installation to end: 500ms, 1m30s, or seconds.",
)
@click.argument("paths", nargs=-1, metavar="PATH...", shell_complete=complete_files)
def command(**values: Any) -> int:
    """Install plugins, or other versions of them."""
    common = CommonOptions.take(values)
    paths: tuple[str, ...] = values["paths"]
    if values["is_rollback"] and paths:
        raise UsageMistake("-rollback goes back to the state before, and takes no PATH")
    if not values["is_rollback"] and not paths:
        here = "; this folder is one: alas-plugin install ." if Path("plugin.json").is_file() else ""
        raise UsageMistake(f"expected the folder or archive of a plugin{here}")
    if "" in paths:
        raise UsageMistake("expected the folder or archive of a plugin, found an empty text")
    from alas_cli._plugin._installation._changes import Changes

    changes = Changes(common, timeout=values["timeout"], builds=values["builds"], grants=values["grants"])
    if values["is_rollback"]:
        return changes.rollback()
    return changes.install(paths, check_dependencies=not values["is_unchecked"])
