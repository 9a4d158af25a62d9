"""`alas-plugin info`: all about a plugin."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from alas_cli import _exit_codes as exit_codes
from alas_cli._command import UsageMistake
from alas_cli._plugin._completions import complete_plugins
from alas_cli._subcommand import CommonOptions, subcommand


@subcommand(
    "info",
    [
        ("alas-plugin info my-plugin", "by the plugin's name"),
        ("alas-plugin info my_plugin", "by its module's name"),
        ("alas-plugin info ./my-plugin", "by its folder, which no search path need lead to"),
        ("alas-plugin info -format json my-plugin", "for programs"),
    ],
)
@click.argument("name", required=False, metavar="NAME", shell_complete=complete_plugins)
def command(**values: Any) -> int:
    """Show all about a plugin.

    NAME is the name of a plugin or of its module, or the folder of a plugin.

    Shows what it does and how it is called, what it asks for, where it is, what it needs and who needs it, and everything
    that is wrong with it.
    """
    from alas_cli._plugin._failures import reporting

    common = CommonOptions.take(values)
    if values["name"] is None:
        here = "; this folder is one: alas-plugin info ." if Path("plugin.json").is_file() else ""
        raise UsageMistake(f"expected the name or the folder of a plugin{here}")
    return reporting(common, lambda: _show(common, values["name"]))


def _show(options: CommonOptions, name: str) -> int:
    from alas_cli._plugin._details import collect
    from alas_cli._plugin._targets import find_target

    registry, plugin = find_target(options, name)
    details = collect(registry, plugin)
    if options.is_for_machines:
        from alas_cli._documents import write_document

        write_document(json.dumps({"ok": True, "plugin": details.to_dict()}))
    else:
        from alas_cli._plugin._details_text import render_details
        from alas_cli._rendering import print_rows

        print_rows(render_details(details), sys.stdout)
    return exit_codes.DONE
