"""`alas-plugin doctor`: looks for what is wrong with this installation, and says what to do about it."""

from typing import Any

from alas_cli._subcommand import CommonOptions, subcommand

_MORE_HELP = """\
What keeps something from working is a problem, and the exit code is 1; what is only unsafe or
odd is a warning. Nothing is mended."""


@subcommand(
    "doctor",
    [
        ("alas-plugin doctor", "all checks"),
        ("alas-plugin doctor -plugin-path extras", "with one more folder of plugins"),
        ("alas-plugin doctor -format json", "for programs"),
    ],
    more_help=_MORE_HELP,
)
def command(**values: Any) -> int:
    """Look for what is wrong with this installation.

    Looks at the packages and their versions, settings, environment, folders and who may write to them, the log, loaders, and
    plugins: broken ones, those that every run loads, and installed ones that were changed.
    """
    from alas_cli._plugin._checkup.command import examine

    return examine(CommonOptions.take(values))
