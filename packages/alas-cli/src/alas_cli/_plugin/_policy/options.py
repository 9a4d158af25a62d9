"""What the command lines of granting and revoking have in common: an option for each right, and the plugin."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from alas_cli._plugin._completions import complete_plugins

_Function = TypeVar("_Function", bound=Callable[..., Any])

# Right, what its value is called, and what it is.
_RIGHTS = (
    ("read", "PATH", "A file, or a folder with all that is in it, to be read."),
    ("write", "PATH", "The same, to be made, changed and removed."),
    ("net", "HOST", "A host to connect to, alone or with a port."),
    ("run", "COMMAND", "A command to run, which may do all that you may."),
    ("env", "NAME", "A variable of the environment to see."),
)


def right_options(everything: str) -> Callable[[_Function], _Function]:
    """Add an option for each right, one for all of them, and the name of the plugin.

    Args:
        everything: what the option for all of them means.
    """

    def add(function: _Function) -> _Function:
        plugin = click.argument("name", metavar="PLUGIN", shell_complete=complete_plugins)
        function = plugin(function)
        function = click.option("-all", "--all", "is_all", is_flag=True, help=everything)(function)
        for right, metavar, text in reversed(_RIGHTS):
            function = click.option(
                f"-{right}",
                f"--{right}",
                f"{right}_scopes",
                metavar=metavar,
                multiple=True,
                callback=_check,
                help=f"{text} Repeatable.",
            )(function)
        return function

    return add


def _check(context: click.Context, parameter: click.Parameter, scopes: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse what cannot be granted."""
    if context.resilient_parsing:
        return scopes
    if "" in scopes:
        raise click.BadParameter("expected a name, found an empty text", context, parameter)
    if parameter.name == "net_scopes":
        from alas_manifest import is_host, quote_text

        for host in scopes:
            if not is_host(host):
                message = f"expected a host such as example.com or example.com:443, found {quote_text(host)}"
                raise click.BadParameter(message, context, parameter)
    return scopes
