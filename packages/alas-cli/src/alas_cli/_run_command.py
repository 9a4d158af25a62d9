"""The command line of `alas-run`."""

import contextlib
from typing import TYPE_CHECKING

import click

from alas_cli import _exit_codes as exit_codes
from alas_cli._command import Command, UsageMistake, show_help
from alas_cli._options import common_options, complete_files
from alas_cli._programs import STANDARD_INPUT, has_standard_input, read_program, split_words
from alas_cli._usage import Quantity, WholeNumber, bytes_of, seconds_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from alas_cli._run_program import Options

_EPILOG = f"""\
\b
Examples:
  alas-run hello.alas.json                         run its function main
  alas-run -fn add sums.alas.json 3 4              run another function, with arguments
  alas-run -format json -fn add -file sums.alas.json 3 4
  alas-run -plugin-path ./extras use_extras.alas.json
  alas-run -timeout 5s -max-memory 64MiB strange.alas.json
  alas-run -allow-read=data -allow-write=out report.alas.json
  alas-run -allow-net=api.example.com report.alas.json
  alas-run - < hello.alas.json                     the program from standard input

\b
Arguments are read by the type of their parameter: int, float, bool and string as they are,
array, map and structs as JSON, any as JSON if it is JSON and else as text. An argument that
looks like an option goes behind --.

\b
Exit codes:
{"".join("  " + line + chr(10) for line in exit_codes.TEXT.splitlines())}"""


def _check_names(
    context: click.Context, parameter: click.Parameter, names: tuple[str, ...]
) -> tuple[str, ...]:
    if context.resilient_parsing:
        return names
    if "" in names:
        raise click.BadParameter("expected a name, found an empty text", context, parameter)
    wrong = next((name for name in names if not _is_text(name)), None)
    if wrong is not None:
        raise click.BadParameter(f"expected a text in UTF-8, found {wrong!r}", context, parameter)
    return names


def _check_permission(
    kind: str,
) -> "Callable[[click.Context, click.Parameter, tuple[str, ...]], tuple[str, ...]]":
    """Return what checks the names that an option allows as those of a kind of `Permissions`."""

    def check(context: click.Context, parameter: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
        names = _check_names(context, parameter, names)
        if names and not context.resilient_parsing:
            from alas_cli._run_program import EVERYTHING
            from alas_interp import Permissions

            reach = [name for name in names if name != EVERYTHING]
            try:
                Permissions(**{kind: reach})
            except ValueError as error:
                raise click.BadParameter(str(error), context, parameter) from None
        return names

    return check


def _is_text(word: str) -> bool:
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


@click.command(
    "alas-run",
    cls=Command,
    epilog=_EPILOG,
    options_metavar="[OPTIONS]",
    context_settings={"help_option_names": ["-h", "-help", "--help"], "max_content_width": 100},
)
@click.option("-file", "--file", "file", metavar="F", help="The program; then all words are its arguments.")
@click.option(
    "-fn", "--fn", "function", metavar="NAME", default="main", show_default=True, help="The function to run."
)
@common_options
@click.option(
    "-max-depth",
    "--max-depth",
    "max_depth",
    type=WholeNumber(1, 1_000_000),
    metavar="N",
    help="How deep calls may nest.  [default: 10000]",
)
@click.option(
    "-max-steps",
    "--max-steps",
    "max_steps",
    type=WholeNumber(1, 2**63 - 1),
    metavar="N",
    help="How many steps the program may take.  [default: no limit]",
)
@click.option(
    "-max-memory",
    "--max-memory",
    "max_memory",
    type=Quantity("size", bytes_of),
    metavar="SIZE",
    help="How much memory the program's values may take, such as 64MiB.  [default: 1GiB]",
)
@click.option(
    "-timeout",
    "--timeout",
    "timeout",
    type=Quantity("duration", seconds_of),
    metavar="TIME",
    help="How long the program may run, such as 500ms or 1m30s.  [default: no limit]",
)
@click.option(
    "-seed",
    "--seed",
    "seed",
    type=WholeNumber(0, 2**63 - 1),
    metavar="N",
    help="Make random numbers the same in each run.",
)
@click.option(
    "-allow-read",
    "--allow-read",
    "readable",
    metavar="[=PATH]",
    multiple=True,
    callback=_check_names,
    help="Let the program read a file, or all that is in a folder, or everything. Repeatable.",
)
@click.option(
    "-allow-write",
    "--allow-write",
    "writable",
    metavar="[=PATH]",
    multiple=True,
    callback=_check_names,
    help="The same for making, changing and removing files and folders. Repeatable.",
)
@click.option(
    "-allow-run",
    "--allow-run",
    "commands",
    metavar="[=COMMAND]",
    multiple=True,
    callback=_check_permission("commands"),
    help="Let the program run a command, which may do all that you may, or every one. Repeatable.",
)
@click.option(
    "-allow-net",
    "--allow-net",
    "hosts",
    metavar="[=HOST]",
    multiple=True,
    callback=_check_permission("network"),
    help="Let the program connect to a host, at one port or all, or to everything. Repeatable.",
)
@click.option(
    "-allow-env",
    "--allow-env",
    "environment_names",
    metavar="[=NAME]",
    multiple=True,
    callback=_check_permission("variables"),
    help="Let the program see an environment variable, or all of them. Repeatable.",
)
@click.option(
    "-allow-all",
    "--allow-all",
    "allows_all",
    is_flag=True,
    help="Allow all of this: for programs that you trust as you trust yourself.",
)
@click.argument("words", nargs=-1, metavar="[F] [ARGS]...", shell_complete=complete_files)
def command(**values: object) -> int:
    """Run an ALaS program.

    F is the program's file, - or nothing for standard input. What the function returns is printed, unless it is void.
    """
    from alas_cli._run_program import Options, RunProgram

    options = Options(**values)  # type: ignore[arg-type] # click fills in the options by their names
    with _advising(options):
        file, words = split_words(options.file, options.words)
    if file is None and not has_standard_input():
        return show_help(options.output_format)

    def read() -> "bytes | Path":
        with _advising(options):
            return read_program(STANDARD_INPUT if file is None else file)

    return RunProgram(options, words).run(read)


@contextlib.contextmanager
def _advising(options: "Options") -> "Iterator[None]":
    """Say of a program that is none that it may have been meant as the value of an option."""
    try:
        yield
    except UsageMistake as mistake:
        advice = options.advice_on_value
        if advice is None:
            raise
        raise UsageMistake(f"{mistake.message}; {advice}") from None
