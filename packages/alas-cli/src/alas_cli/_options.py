"""The options that several commands have."""

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from alas_cli._usage import Word

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_Function = TypeVar("_Function", bound=Callable[..., Any])


def common_options(function: _Function) -> _Function:
    """Add the options of the commands that take programs."""
    return _add(
        function,
        _plugin_path(),
        click.option(
            "-module-path",
            "--module-path",
            "module_paths",
            metavar="P",
            multiple=True,
            callback=_expand_folders,
            shell_complete=_complete_folder,
            help="A folder of modules to import from; the importing file's own comes first. Repeatable.",
        ),
        _plugin_debug(),
        _output_format(("text", "json")),
        _version(),
    )


def plugin_options(formats: Sequence[str]) -> Callable[[_Function], _Function]:
    """Add the options that all commands of `alas-plugin` have, before the command's name and behind it.

    Args:
        formats: what `-format` may be, first what it is when nobody says.
    """

    def add(function: _Function) -> _Function:
        return _add(function, _plugin_path(), _plugin_debug(), _output_format(formats), _version())

    return add


def _add(function: _Function, *options: Callable[[_Function], _Function]) -> _Function:
    for option in reversed(options):
        function = option(function)
    return function


def _plugin_path() -> Callable[[_Function], _Function]:
    return click.option(
        "-plugin-path",
        "--plugin-path",
        "plugin_paths",
        metavar="P",
        multiple=True,
        callback=_expand_folders,
        shell_complete=_complete_folder,
        help="A folder of plugins, or a plugin; looked at before ALAS_PLUGIN_PATH and ./plugins. Repeatable.",
    )


def _plugin_debug() -> Callable[[_Function], _Function]:
    return click.option(
        "-plugin-debug",
        "--plugin-debug",
        "plugin_debug",
        is_flag=True,
        help="Say on standard error how plugins are found and loaded; also with ALAS_PLUGIN_DEBUG=1.",
    )


def _output_format(formats: Sequence[str]) -> Callable[[_Function], _Function]:
    return click.option(
        "-format",
        "--format",
        "output_format",
        type=Word(formats),
        default=formats[0],
        show_default=True,
        help="Text for people, or one JSON document on standard output.",
    )


def _version() -> Callable[[_Function], _Function]:
    return click.option(
        "-version",
        "--version",
        "show_version",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_print_version,
        help="Show the version and exit.",
    )


def _expand_folders(
    context: click.Context, parameter: click.Parameter, folders: tuple[str, ...]
) -> tuple[str, ...]:
    """Expand `~`, which shells leave as it is behind a `=`."""
    if "" in folders and not context.resilient_parsing:
        message = "expected a folder, found an empty text; the current folder is `.`"
        raise click.BadParameter(message, context, parameter)
    return tuple(map(os.path.expanduser, folders))


def complete_files(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> "list[CompletionItem[str]]":
    """Offer files and folders."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def _complete_folder(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> "list[CompletionItem[str]]":
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="dir")]


def _print_version(context: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's
    if value and not context.resilient_parsing:
        import alas_core

        click.echo(f"{context.find_root().info_name} {alas_core.version}")
        context.exit(0)
