"""`alas-plugin audit`: what the code of a plugin needs, and where its manifest asks for more or less."""

from typing import Any

import click

from alas_cli._plugin._completions import complete_plugins
from alas_cli._subcommand import CommonOptions, subcommand

_MORE_HELP = """\
What the code needs is derived from the code alone: the capabilities with the calls that lead there,
and the paths, hosts, commands and variables that are written there. What is computed when it runs is
said to be, and counts as covered by whatever the manifest names of the kind. Functions in native code
and in Python cannot be looked into.

The exit code is 1 when the manifest asks for more than the code needs, or for less."""


@subcommand(
    "audit",
    [
        ("alas-plugin audit my-plugin", "by the plugin's name"),
        ("alas-plugin audit ./my-plugin", "by its folder, before it is installed"),
        ("alas-plugin audit -format json ./my-plugin", "for continuous integration"),
    ],
    more_help=_MORE_HELP,
)
@click.argument("name", metavar="PLUGIN", shell_complete=complete_plugins)
def command(**values: Any) -> int:
    """Compare what a plugin asks for with what its code needs.

    PLUGIN is the name of a plugin or of its module, or the folder of a plugin.
    """
    from alas_cli._plugin._failures import reporting
    from alas_cli._plugin._policy.auditing import AuditPlugin

    common = CommonOptions.take(values)
    return reporting(common, lambda: AuditPlugin(common).run(values["name"]))
