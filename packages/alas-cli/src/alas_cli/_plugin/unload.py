"""`alas-plugin unload`: plugins that every run loads become such again that are loaded when they are needed."""

from typing import Any

import click

from alas_cli._plugin._completions import complete_remembered
from alas_cli._subcommand import CommonOptions, subcommand


@subcommand(
    "unload",
    [
        ("alas-plugin unload my-plugin", "later runs load it only when they need it"),
        ("alas-plugin unload -cascade hello-world", "and with it the plugins that need it"),
    ],
)
@click.option(
    "-cascade",
    "--cascade",
    "is_cascading",
    is_flag=True,
    help="Unload the plugins that need it as well, instead of refusing.",
)
@click.argument("names", nargs=-1, required=True, metavar="NAMES...", shell_complete=complete_remembered)
def command(**values: Any) -> int:
    """Load plugins no longer in every run.

    NAMES are names of plugins or of their modules. Programs can still use the plugins.
    """
    from alas_cli._plugin._failures import reporting
    from alas_cli._plugin._unloading import UnloadPlugins

    common = CommonOptions.take(values)
    work = UnloadPlugins(common, is_cascading=values["is_cascading"])
    return reporting(common, lambda: work.run(values["names"]))
