"""`alas-plugin grant`: lets a plugin reach in every run what it asks for."""

from typing import Any

from alas_cli._plugin._policy.options import right_options
from alas_cli._subcommand import subcommand

_MORE_HELP = """\
A manifest asks and the host grants, so what the plugin's manifest does not ask for is refused. It
is written into config.toml in the folder ALAS_HOME, which is ~/.alas unless the environment says
otherwise; all else in there stays as it is. Relative paths start from the current folder.
alas-plugin permissions shows what plugins ask for."""


@subcommand(
    "grant",
    [
        ("alas-plugin grant my-plugin -all", "all that its manifest asks for"),
        ("alas-plugin grant my-plugin -read ~/data", "to read one folder"),
        ("alas-plugin grant my-plugin -net api.example.com:443 -env HOME", "a host, and a variable"),
    ],
    more_help=_MORE_HELP,
)
@right_options("All that the manifest asks for.")
def command(**values: Any) -> int:
    """Let a plugin reach in every run what it asks for.

    PLUGIN is the name of a plugin or of its module, or the folder of a plugin.
    """
    from alas_cli._plugin._policy.changing import ChangeGrants, change_grants

    nothing = "expected what to grant, such as -read PATH, or -all for all that it asks for"
    return change_grants(values, ChangeGrants.grant, nothing)
