"""`alas-plugin revoke`: grants a plugin something no longer."""

from typing import Any

from alas_cli._plugin._policy.options import right_options
from alas_cli._subcommand import subcommand

_MORE_HELP = """\
It is taken out of config.toml in the folder ALAS_HOME, which is ~/.alas unless the environment says
otherwise; all else in there stays as it is. Name what is granted as alas-plugin permissions shows
it: a part of what is granted cannot be revoked alone. Relative paths start from the current folder."""


@subcommand(
    "revoke",
    [
        ("alas-plugin revoke my-plugin -all", "everything"),
        ("alas-plugin revoke my-plugin -read ~/data", "to read one folder"),
    ],
    more_help=_MORE_HELP,
)
@right_options("All that is granted to it.")
def command(**values: Any) -> int:
    """Let a plugin no longer reach what it was granted.

    PLUGIN is the name of a plugin or of its module, also of one that is gone; * is what every plugin is granted.
    """
    from alas_cli._plugin._policy.changing import ChangeGrants, change_grants

    nothing = "expected what to revoke, such as -read PATH, or -all for everything"
    return change_grants(values, ChangeGrants.revoke, nothing)
