"""`alas-plugin uninstall`: removes what `alas-plugin install` has installed."""

from typing import Any

import click

from alas_cli._durations import take_wait
from alas_cli._plugin._completions import complete_installed
from alas_cli._subcommand import CommonOptions, subcommand

_MORE_HELP = """\
alas-plugin install -rollback brings back what was uninstalled last. Plugins that were put into a
folder by hand are not touched: whoever put them there can remove them."""


@subcommand(
    "uninstall",
    [
        ("alas-plugin uninstall my-plugin", "one"),
        ("alas-plugin uninstall -cascade math-utils", "and with it the plugins that need it"),
    ],
    more_help=_MORE_HELP,
)
@click.option(
    "-cascade",
    "--cascade",
    "is_cascading",
    is_flag=True,
    help="Uninstall the plugins that need it as well, instead of refusing.",
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
@click.argument("names", nargs=-1, required=True, metavar="NAMES...", shell_complete=complete_installed)
def command(**values: Any) -> int:
    """Remove installed plugins."""
    from alas_cli._plugin._installation._changes import Changes

    common = CommonOptions.take(values)
    return Changes(common, timeout=values["timeout"]).uninstall(
        values["names"], cascade=values["is_cascading"]
    )
