"""`alas-plugin help`: the help of all, or of one command."""

import click

from alas_cli import _exit_codes as exit_codes
from alas_cli._command import Command
from alas_cli._subcommand import HELP_SETTINGS

_EPILOG = """\
\b
Examples:
  alas-plugin help           every command
  alas-plugin help install   all about one"""


def _complete(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    group = context.find_root()
    assert isinstance(group.command, click.Group), "this is a command of a group"
    return [name for name in group.command.list_commands(group) if name.startswith(incomplete)]


@click.command(
    "help", cls=Command, epilog=_EPILOG, options_metavar="[OPTIONS]", context_settings=HELP_SETTINGS
)
@click.argument("name", required=False, metavar="[COMMAND]", shell_complete=_complete)
@click.pass_context
def command(context: click.Context, name: str | None) -> int:
    """Show this help, or that of a command."""
    group = context.find_root()
    if name is None:
        click.echo(group.get_help())
        return exit_codes.DONE
    assert isinstance(group.command, click.Group), "this is a command of a group"
    _, found, _ = group.command.resolve_command(group, [name])
    assert found is not None, "an unknown command is a mistake"
    click.echo(found.get_help(click.Context(found, group, info_name=name, **found.context_settings)))
    return exit_codes.DONE
