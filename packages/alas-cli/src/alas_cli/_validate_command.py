"""The command line of `alas-validate`."""

import click

from alas_cli import _exit_codes as exit_codes
from alas_cli._command import Command, show_help
from alas_cli._options import common_options, complete_files
from alas_cli._programs import STANDARD_INPUT, has_standard_input

_EPILOG = f"""\
\b
Examples:
  alas-validate hello.alas.json                    a program, with the modules that it imports
  alas-validate plugins/my-plugin                  a plugin: manifest, files and module
  alas-validate -format json *.alas.json
  alas-validate - < hello.alas.json                standard input

\b
Exit codes:
{"".join("  " + line + chr(10) for line in exit_codes.TEXT.splitlines())}"""


@click.command(
    "alas-validate",
    cls=Command,
    epilog=_EPILOG,
    options_metavar="[OPTIONS]",
    context_settings={"help_option_names": ["-h", "-help", "--help"], "max_content_width": 100},
)
@common_options
@click.option("-strict", "--strict", "is_strict", is_flag=True, help="Count warnings as errors.")
@click.argument("words", nargs=-1, metavar="[FILES]...", shell_complete=complete_files)
def command(**values: object) -> int:
    """Check ALaS programs and plugins without running them.

    FILES are modules, plugin.json manifests and folders of plugins; - or nothing is standard input.
    """
    from alas_cli._check_files import CheckFiles, Options

    options = Options(**values)  # type: ignore[arg-type] # click fills in the options by their names
    files = options.words
    if not files:
        if not has_standard_input():
            return show_help(options.output_format)
        files = (STANDARD_INPUT,)
    return CheckFiles(options).run(files)
