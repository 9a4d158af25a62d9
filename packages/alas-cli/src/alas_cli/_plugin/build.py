"""`alas-plugin build`: makes the libraries of plugins with native code."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from alas_cli._command import UsageMistake
from alas_cli._durations import take_duration
from alas_cli._plugin._completions import complete_folders
from alas_cli._subcommand import CommonOptions, subcommand

if TYPE_CHECKING:
    from alas_manifest import Duration

_MORE_HELP = """\
A PLUGIN is the folder of a plugin of the type native or hybrid; the default is the current
folder. The command runs in it, without a shell. Afterwards the library that the manifest names
for this platform has to be there, and to have the functions that the manifest describes.
Building runs whatever the manifest says: build only what you trust.

\b
Exit codes:
  0    built, or nothing to build
  1    the command failed, or is not there
  2    wrong usage; no such plugin
  3    the manifest has errors, or what was built is not what it describes
  130  interrupted, usually by Ctrl-C
"""


def _take_timeout(context: click.Context, parameter: click.Parameter, text: str | None) -> "Duration | None":
    return take_duration(context, parameter, text) if text is not None else None


@subcommand(
    "build",
    [
        ("alas-plugin build", "the plugin in the current folder"),
        ("alas-plugin build my-plugin other", "several, one after the other"),
        ("alas-plugin build -timeout 10m my-plugin", "for no longer than that"),
        ("alas-plugin build -format json my-plugin", "for programs"),
    ],
    more_help=_MORE_HELP,
)
@click.option(
    "-timeout",
    "--timeout",
    "timeout",
    metavar="D",
    callback=_take_timeout,
    help="How long building a plugin may take: 500ms, 1m30s, or seconds.  [default: as long as it likes]",
)
@click.argument("plugins", nargs=-1, metavar="[PLUGIN]...", shell_complete=complete_folders)
def command(**values: Any) -> int:
    """Build the native code of plugins.

    What builds a plugin is the command implementation.build_cmd of its manifest.
    """
    common = CommonOptions.take(values)
    words: tuple[str, ...] = values["plugins"]
    if not words:
        if not Path("plugin.json").is_file():
            raise UsageMistake("expected the folder of a plugin; the current folder is none")
        words = (".",)
    from alas_cli._plugin._building.command import BuildPlugins

    timeout: Duration | None = values["timeout"]
    return BuildPlugins(common, seconds=timeout.seconds if timeout is not None else None).run(words)
