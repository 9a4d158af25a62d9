"""`alas-plugin sdk`: where the kits are that native code is compiled with."""

import json
import sys
from typing import Any

import click

from alas_cli import _exit_codes as exit_codes
from alas_cli._subcommand import CommonOptions, subcommand
from alas_cli._usage import LANGUAGE_HABITS, Word

_MORE_HELP = """\
A plugin that alas-plugin create has made carries a copy of its kit. These folders are for
plugins that do without, and for tools. A LANGUAGE is one of
  c, c++   the folder of alas_plugin.h and alas_plugin.hpp, for -I
  rust     the folder of the crate alas-plugin, for a path in Cargo.toml
  go       the folder of the Go module, for a replace in go.mod"""


@subcommand(
    "sdk",
    [
        ("alas-plugin sdk", "all of them"),
        ('cc -shared -fPIC -I"$(alas-plugin sdk c)" -o my_plugin.so my_plugin.c', "compile a plugin in C"),
    ],
    more_help=_MORE_HELP,
)
@click.argument(
    "language", required=False, metavar="[LANGUAGE]", type=Word(["c", "c++", "rust", "go"], LANGUAGE_HABITS)
)
def command(**values: Any) -> int:
    """Print where the kits for native code are."""
    from alas_cli._plugin._creation.kit import LANGUAGES_OF_KITS, kit_folder

    common = CommonOptions.take(values)
    language: str | None = values["language"]
    words = (language,) if language is not None else LANGUAGES_OF_KITS
    folders = {word: str(kit_folder(word)) for word in words}
    if common.is_for_machines:
        from alas_cli._documents import write_document

        write_document(json.dumps({"ok": True, "folders": folders}))
    elif language is not None:
        sys.stdout.write(f"{folders[language]}\n")
    else:
        sys.stdout.writelines(f"{word:<5} {folder}\n" for word, folder in folders.items())
    return exit_codes.DONE
