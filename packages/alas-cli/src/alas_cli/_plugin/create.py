"""`alas-plugin create`: begins a new plugin."""

import click

from alas_cli._subcommand import CommonOptions, subcommand
from alas_cli._usage import LANGUAGE_HABITS, Word


@subcommand(
    "create",
    [
        ("alas-plugin create my-plugin", "asks for the rest on a terminal"),
        ("alas-plugin create plugins/my-plugin", "in another folder"),
        ("alas-plugin create -type builtin my-plugin", "a plugin in Python"),
        ("alas-plugin create -type native -lang rust my-plugin", "a plugin in Rust"),
        ("alas-plugin create -type hybrid -lang c my-plugin", "a plugin in ALaS and C"),
        ('alas-plugin create -yes -author "Ada" -license Apache-2.0 my-plugin', "asks nothing"),
    ],
)
@click.option(
    "-type",
    "--type",
    "plugin_type",
    type=Word(["module", "builtin", "native", "hybrid"]),
    default="module",
    show_default=True,
    help="module is written in ALaS, builtin in Python, native in a compiled language, hybrid in both.",
)
@click.option(
    "-lang",
    "--lang",
    "-language",
    "--language",
    "language",
    type=Word(["c", "c++", "rust", "go", "alas", "python"], LANGUAGE_HABITS),
    help="What native code is written in: c, c++, rust or go.  [default: c]",
)
@click.option("-description", "--description", "description", metavar="TEXT", help="What it does.")
@click.option(
    "-author", "--author", "author", metavar="NAME", help="Who makes it.  [default: as git knows you]"
)
@click.option(
    "-license", "--license", "license_text", metavar="SPDX", help="Under which terms.  [default: MIT]"
)
@click.option(
    "-output",
    "--output",
    "parent",
    metavar="FOLDER",
    help="Where to make the plugin's folder.  [default: the current folder]",
)
@click.option("-yes", "--yes", "-y", "asks_nothing", is_flag=True, help="Take the defaults without asking.")
@click.argument("path", metavar="NAME")
def command(**values: object) -> int:
    """Begin a new plugin, in a folder of its name.

    NAME may be a path: its last part is the plugin's name. On a terminal you are asked for what the options do not say.
    """
    from alas_cli._plugin._creation.command import CreatePlugin, Options

    common = CommonOptions.take(values)
    return CreatePlugin(Options(**values), common).run()  # type: ignore[arg-type] # click fills in the options by their names
