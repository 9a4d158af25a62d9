"""`alas-plugin permissions`: what plugins ask to reach, what the host grants, and what is effective."""

from typing import Any

import click

from alas_cli._plugin._completions import complete_plugins
from alas_cli._subcommand import CommonOptions, subcommand

_MORE_HELP = """\
A manifest asks and the host grants: a plugin reaches what both name. What is granted in every run
stands in config.toml in the folder ALAS_HOME, which is ~/.alas unless the environment says
otherwise; the options -allow-read and the like of alas-run grant more for one run."""


@subcommand(
    "permissions",
    [
        ("alas-plugin permissions", "of all plugins that ask for something or are granted something"),
        ("alas-plugin permissions my-plugin", "of one, with its capabilities"),
        ("alas-plugin permissions -format json", "for programs"),
    ],
    more_help=_MORE_HELP,
)
@click.argument("name", required=False, metavar="[PLUGIN]", shell_complete=complete_plugins)
def command(**values: Any) -> int:
    """Show what plugins ask to reach, and what they are granted.

    PLUGIN is the name of a plugin or of its module, or the folder of a plugin.
    """
    from alas_cli._plugin._failures import reporting
    from alas_cli._plugin._policy.showing import ShowPermissions

    common = CommonOptions.take(values)
    return reporting(common, lambda: ShowPermissions(common).run(values["name"]))
