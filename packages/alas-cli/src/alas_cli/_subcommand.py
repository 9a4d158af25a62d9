"""How a command of `alas-plugin` is made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import click

from alas_cli._command import Command
from alas_cli._options import plugin_options

HELP_SETTINGS = {"help_option_names": ["-h", "-help", "--help"], "max_content_width": 100}


@dataclass(frozen=True, slots=True)
class CommonOptions:
    """What the options that all commands have come to.

    Attributes:
        plugin_paths: the folders of `-plugin-path`.
        plugin_debug: whether `-plugin-debug` is there.
        output_format: what `-format` says.
    """

    plugin_paths: tuple[str, ...]
    plugin_debug: bool
    output_format: str

    @property
    def is_for_machines(self) -> bool:
        """Whether standard output is one document."""
        return self.output_format == "json"

    @classmethod
    def take(cls, values: dict[str, Any]) -> "CommonOptions":
        """Take the common options out of what click read, so that the command's own stay."""
        return cls(values.pop("plugin_paths"), values.pop("plugin_debug"), values.pop("output_format"))


def subcommand(
    name: str,
    examples: Sequence[tuple[str, str]],
    *,
    formats: Sequence[str] = ("text", "json"),
    more_help: str = "",
) -> Callable[[Callable[..., int]], click.Command]:
    """Make a function a command of `alas-plugin`, with the options that all of them have.

    The function gets its own options by their names, and `plugin_paths`, `plugin_debug` and `output_format`
    (`CommonOptions.take` takes these three out). Words that may be negative numbers belong into an argument called `words`.

    Args:
        name: the command's name.
        examples: command lines, each with what it does, for the help.
        formats: what `-format` may be, first what it is when nobody says.
        more_help: what the help says after the examples, as it stands.

    Example:
        >>> @subcommand("hello", [("alas-plugin hello", "greets")])
        ... def command(**values: object) -> int:
        ...     '''Greet.'''
        ...     return 0
        >>> command.name
        'hello'
    """

    def make(function: Callable[..., int]) -> click.Command:
        made = click.command(
            name,
            cls=Command,
            epilog=_epilog(examples, more_help),
            options_metavar="[OPTIONS]",
            context_settings=HELP_SETTINGS,
        )(plugin_options(formats)(function))
        # The command's own options come first in its help.
        common = [one for one in made.params if one.name in _COMMON]
        made.params = [one for one in made.params if one.name not in _COMMON] + common
        return made

    return make


_COMMON = ("plugin_paths", "plugin_debug", "output_format", "show_version")


def _epilog(examples: Sequence[tuple[str, str]], more_help: str) -> str:
    width = max(len(line) for line, _ in examples)
    rows = (f"  {line:<{width}}   {meaning}".rstrip() for line, meaning in examples)
    return "\n".join(["\b", "Examples:", *rows, *(["", "\b", more_help.strip()] if more_help else [])])
