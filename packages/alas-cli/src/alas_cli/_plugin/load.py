"""`alas-plugin load`: loads plugins for real, and in every later run."""

from typing import Any

import click

from alas_cli._plugin._completions import complete_plugins
from alas_cli._subcommand import CommonOptions, subcommand

_MORE_HELP = """\
A plugin is loaded together with what it needs. It is remembered in state.json in the folder
ALAS_HOME, which is ~/.alas unless the environment says otherwise; alas-plugin unload forgets it.
A plugin that is not remembered is loaded when a program first needs it."""


@subcommand(
    "load",
    [
        ("alas-plugin load my-plugin", "now, and in every later run"),
        ("alas-plugin load my-plugin math-utils", "several"),
        ("alas-plugin load -format json my-plugin", "for programs"),
    ],
    more_help=_MORE_HELP,
)
@click.argument("names", nargs=-1, required=True, metavar="NAMES...", shell_complete=complete_plugins)
def command(**values: Any) -> int:
    """Load plugins now, and in every later run.

    NAMES are names of plugins or of their modules.
    """
    from alas_cli._plugin._failures import reporting
    from alas_cli._plugin._loading import LoadPlugins

    common = CommonOptions.take(values)
    return reporting(common, lambda: LoadPlugins(common).run(values["names"]))
