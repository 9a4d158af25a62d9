"""`alas-plugin validate`: checks manifests, and plugins with all that their manifests promise."""

from pathlib import Path
from typing import Any

import click

from alas_cli._command import UsageMistake
from alas_cli._options import complete_files
from alas_cli._subcommand import CommonOptions, subcommand

_MORE_HELP = """\
A folder is checked as a whole: its manifest, the files that the manifest names, whether the
manifest describes the plugin's functions as they are, whether its module may do what it does,
and whether what it needs is there. What is missing on this machine is a warning; with -strict
it is an error, like all warnings. A plugin.json is checked alone."""


@subcommand(
    "validate",
    [
        ("alas-plugin validate plugin.json", "a manifest alone"),
        ("alas-plugin validate my-plugin", "a plugin: manifest, files, functions and needs"),
        ("alas-plugin validate plugins/*", "several"),
        ("alas-plugin validate -strict -format json .", "for continuous integration"),
        ("alas-plugin validate - < plugin.json", "a manifest from standard input"),
    ],
    more_help=_MORE_HELP,
)
@click.option("-strict", "--strict", "is_strict", is_flag=True, help="Count warnings as errors.")
@click.argument("words", nargs=-1, metavar="FILES...", shell_complete=complete_files)
def command(**values: Any) -> int:
    """Check plugins without running them.

    FILES are plugin.json manifests and folders of plugins; - is a manifest from standard input.
    """
    common = CommonOptions.take(values)
    if not values["words"]:
        here = "; this folder is one: alas-plugin validate ." if Path("plugin.json").is_file() else ""
        raise UsageMistake(f"expected the folder of a plugin, or a plugin.json{here}")
    return _check(common, tuple(values["words"]), is_strict=bool(values["is_strict"]))


def _check(common: CommonOptions, words: tuple[str, ...], *, is_strict: bool) -> int:
    from alas_cli._check_files import Options
    from alas_cli._plugin._check_plugins import CheckPlugins

    options = Options(
        words=words,
        plugin_paths=common.plugin_paths,
        module_paths=(),
        plugin_debug=common.plugin_debug,
        output_format=common.output_format,
        is_strict=is_strict,
    )
    return CheckPlugins(options).run(words)
