"""The options that several commands have."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

_Function = TypeVar("_Function", bound=Callable[..., Any])


def common_options(function: _Function) -> _Function:
    """Add the options that all commands have."""
    options = [
        click.option(
            "-plugin-path",
            "--plugin-path",
            "plugin_paths",
            metavar="P",
            multiple=True,
            help="A folder of plugins, or a plugin; looked at before ALAS_PLUGIN_PATH and ./plugins. Repeatable.",
        ),
        click.option(
            "-module-path",
            "--module-path",
            "module_paths",
            metavar="P",
            multiple=True,
            help="A folder of modules to import from; the importing file's own comes first. Repeatable.",
        ),
        click.option(
            "-plugin-debug",
            "--plugin-debug",
            "plugin_debug",
            is_flag=True,
            help="Say on standard error how plugins are found and loaded; also with ALAS_PLUGIN_DEBUG=1.",
        ),
        click.option(
            "-format",
            "--format",
            "output_format",
            type=click.Choice(["text", "json"]),
            default="text",
            show_default=True,
            help="Text for people, or one JSON document on standard output.",
        ),
        click.option(
            "-version",
            "--version",
            "show_version",
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_print_version,
            help="Show the version and exit.",
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def _print_version(context: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's
    if value and not context.resilient_parsing:
        import alas_core

        click.echo(f"{context.info_name} {alas_core.version}")
        context.exit(0)
