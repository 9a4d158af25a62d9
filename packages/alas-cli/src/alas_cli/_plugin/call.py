"""`alas-plugin call`: calls a function of a plugin."""

from typing import Any

import click

from alas_cli._plugin._completions import complete_functions
from alas_cli._subcommand import CommonOptions, subcommand

_MORE_HELP = """\
Arguments are read by the type of their parameter: int, float, bool and string as they are,
array, map and structs as JSON, any as JSON if it is JSON and else as text. A single - reads all
of them from standard input, as a JSON array. What looks like an option goes behind --.
What the plugin prints goes to standard output; with -format json to standard error."""


@subcommand(
    "call",
    [
        ("alas-plugin call my-plugin.process data", "by the plugin's name"),
        ("alas-plugin call my_plugin.process data", "by the module's name"),
        ("alas-plugin call ./my-plugin.process data", "by the plugin's folder"),
        ("alas-plugin call math-utils.mean '[1, 2, 4.5]'", "an array is JSON"),
        ("alas-plugin call math-utils.gcd - <<< '[12, 18]'", "all arguments from standard input"),
        ("alas-plugin call -format json -time math-utils.gcd 12 18", ""),
    ],
    more_help=_MORE_HELP,
)
@click.option(
    "-time", "--time", "is_timed", is_flag=True, help="Say how long loading took, and the call itself."
)
@click.argument("function", metavar="PLUGIN.FUNCTION", shell_complete=complete_functions)
@click.argument("words", nargs=-1, metavar="[ARGS]...")
def command(**values: Any) -> int:
    """Call a function of a plugin.

    PLUGIN is the name of a plugin or of its module, or the folder of a plugin. What the function returns is printed, unless
    it is void.
    """
    from alas_cli._plugin._calling import CallFunction

    common = CommonOptions.take(values)
    return CallFunction(common, is_timed=values["is_timed"]).run(values["function"], values["words"])
