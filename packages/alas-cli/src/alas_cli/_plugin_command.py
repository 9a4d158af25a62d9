"""The command line of `alas-plugin`: its commands, and which words are whose.

Nothing of a command is imported before it is used. The options that all commands have may stand before the command's name
as well; they are handed on to it.
"""

import importlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from alas_cli import _exit_codes as exit_codes
from alas_cli._command import Group, UsageMistake, complete_options
from alas_cli._options import plugin_options
from alas_cli._subcommand import HELP_SETTINGS

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_EPILOG = f"""\
\b
Examples:
  alas-plugin list                           what is there, and what is wrong with it
  alas-plugin create my-plugin               begin a plugin
  alas-plugin validate my-plugin             check it
  alas-plugin install my-plugin              put it where every program finds it
  alas-plugin call my-plugin.process data    call a function of it
  alas-plugin help install                   all about one command

\b
Exit codes:
{"".join("  " + line + chr(10) for line in exit_codes.TEXT.splitlines())}"""


@dataclass(frozen=True, slots=True)
class Row:
    """A command: its name, what it does, and under which heading the help lists it."""

    name: str
    summary: str
    heading: str


ROWS = (
    Row("list", "List plugins, the broken ones included.", "See what is there"),
    Row("info", "Show all about a plugin.", "See what is there"),
    Row("doctor", "Look for what is wrong with this installation.", "See what is there"),
    Row("load", "Load plugins now, and in every later run.", "Use plugins"),
    Row("unload", "Load plugins no longer in every run.", "Use plugins"),
    Row("call", "Call a function of a plugin.", "Use plugins"),
    Row("create", "Begin a new plugin, in a folder of its name.", "Make plugins"),
    Row("build", "Build the native code of plugins.", "Make plugins"),
    Row("validate", "Check plugins without running them.", "Make plugins"),
    Row("test", "Run the tests of plugins.", "Make plugins"),
    Row("sdk", "Print where the kits for native code are.", "Make plugins"),
    Row("install", "Install plugins, or other versions of them.", "Install plugins"),
    Row("uninstall", "Remove installed plugins.", "Install plugins"),
    Row(
        "audit", "Compare what a plugin asks for with what its code needs.", "Grant plugins what they ask for"
    ),
    Row(
        "permissions",
        "Show what plugins ask to reach, and what they are granted.",
        "Grant plugins what they ask for",
    ),
    Row("grant", "Let a plugin reach in every run what it asks for.", "Grant plugins what they ask for"),
    Row("revoke", "Let a plugin no longer reach what it was granted.", "Grant plugins what they ask for"),
    Row("completion", "Print what makes a shell complete this command.", "Get help"),
    Row("help", "Show this help, or that of a command.", "Get help"),
)

# What other tools call these things.
_OTHER_NAMES = {
    "add": "install",
    "allow": "grant",
    "check": "validate",
    "compile": "build",
    "delete": "uninstall",
    "deny": "revoke",
    "describe": "info",
    "init": "create",
    "include": "sdk",
    "kit": "sdk",
    "lint": "validate",
    "ls": "list",
    "make": "build",
    "new": "create",
    "policy": "permissions",
    "remove": "uninstall",
    "rm": "uninstall",
    "rollback": "install --rollback",
    "run": "call",
    "search": "list",
    "show": "info",
    "status": "doctor",
    "update": "install",
    "upgrade": "install",
}


class PluginGroup(Group):
    """The commands of `alas-plugin`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order of the help."""
        del ctx
        return [row.name for row in ROWS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        del ctx
        if cmd_name not in (row.name for row in ROWS):
            return None
        module = importlib.import_module(f"alas_cli._plugin.{cmd_name}")
        found: click.Command = module.command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first word names."""
        found = self.get_command(ctx, args[0])
        if found is None and not ctx.resilient_parsing:
            raise UsageMistake(_no_command(args[0]), ctx)
        return (args[0] if found is not None else None), found, args[1:]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line: behind the command's name stands all that is for the command."""
        count = self._count_options(args)
        options, rest = args[:count], args[count:]
        if rest and not ctx.resilient_parsing:
            self._refuse_unknown(ctx, options)
        # Without a command, the options are read for their own sake: help, version, or a mistake in them.
        rest = [*rest[:1], *options, *rest[1:]] if rest else options
        return click.Group.parse_args(self, ctx, rest) if count < len(args) else super().parse_args(ctx, rest)

    def _count_options(self, args: Sequence[str]) -> int:
        """Return how many words are before the command's name."""
        valued = {name for one in self._options() if not one.is_flag for name in _names(one)}
        index = 0
        while index < len(args) and _is_option(args[index]):
            index += 2 if _name(args[index]) in valued and "=" not in args[index] else 1
        return min(index, len(args))

    def _refuse_unknown(self, context: click.Context, words: Sequence[str]) -> None:
        """Refuse options before the command's name that not all commands have."""
        known = {name for one in self.get_params(context) for name in _names(one)}
        for word in words:
            if _is_option(word) and _name(word) not in known:
                raise click.NoSuchOption(word.partition("=")[0], ctx=context)

    def _options(self) -> Iterator[click.Option]:
        yield from (one for one in self.params if isinstance(one, click.Option))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands under their headings, without importing any."""
        del ctx
        width = max(len(row.name) for row in ROWS)
        for heading in dict.fromkeys(row.heading for row in ROWS):
            with formatter.section(heading):
                formatter.write_dl(
                    [(row.name.ljust(width), row.summary) for row in ROWS if row.heading == heading]
                )

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem[str]]":
        """Return the commands and options that begin so, without importing any."""
        from click.shell_completion import CompletionItem

        options = complete_options(self, ctx, incomplete)
        commands = [
            CompletionItem(row.name, help=row.summary) for row in ROWS if row.name.startswith(incomplete)
        ]
        return options if incomplete.startswith("-") else commands


def _is_option(word: str) -> bool:
    return len(word) > 1 and word.startswith("-") and word != "--"


def _name(word: str) -> str:
    return word.lstrip("-").partition("=")[0]


def _names(option: click.Parameter) -> set[str]:
    return {name.lstrip("-") for name in option.opts}


def _no_command(name: str) -> str:
    from alas_manifest import escape_text, nearest_name

    names = [row.name for row in ROWS]
    meant = _OTHER_NAMES.get(name) or nearest_name(name[:64], names)
    advice = f"did you mean {meant!r}?" if meant is not None else f"there are: {', '.join(names)}"
    return f"there is no command '{escape_text(name)}'; {advice}"


@click.command(
    "alas-plugin",
    cls=PluginGroup,
    epilog=_EPILOG,
    options_metavar="[OPTIONS]",
    subcommand_metavar="COMMAND [ARGS]...",
    context_settings=HELP_SETTINGS,
    invoke_without_command=True,
)
@plugin_options(("text", "json"))
@click.pass_context
def command(context: click.Context, /, **values: object) -> int | None:
    """Find, make, check, install and call ALaS plugins."""
    if context.invoked_subcommand is not None:
        return None
    if values["output_format"] == "json":
        raise UsageMistake("expected a command, such as list")
    click.echo(context.get_help(), err=True)
    return exit_codes.USAGE
