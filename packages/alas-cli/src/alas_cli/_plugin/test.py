"""`alas-plugin test`: runs the tests that plugins bring along."""

import click

from alas_cli._durations import take_duration
from alas_cli._plugin._completions import complete_tested
from alas_cli._subcommand import CommonOptions, subcommand
from alas_cli._usage import WholeNumber

_MORE_HELP = """\
Tests are in the files tests/*.json of a plugin: arrays of objects with
  name, function, args       what is called
  expected                   the result, or
  expected_error             the code of the error, or {"code", "message"}
  timeout, tags              how long it may take; words for -tags
  setup, teardown            calls before and after it
An object with such an array in "tests" may have setup and teardown calls
for the whole file.

\b
Exit codes:
  0    all tests passed
  1    a test failed
  2    wrong usage; there is no test to run
  3    a plugin or a file of tests has errors, and nothing ran
  130  interrupted, usually by Ctrl-C
"""


def _words(_context: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.strip() for text in texts for word in text.split(",") if word.strip())


def _print_schema(context: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's
    if value and not context.resilient_parsing:
        from alas_cli._plugin._testing.schema import schema_text

        click.echo(schema_text(), nl=False)
        context.exit(0)


@subcommand(
    "test",
    [
        ("alas-plugin test", "the plugin in the current folder"),
        ("alas-plugin test my-plugin other", "plugins by folder or name"),
        ("alas-plugin test my-plugin/tests/one.json", "one file"),
        ("alas-plugin test -tags quick -fail-fast", "some tests, up to the first failure"),
        ("alas-plugin test -watch my-plugin", "again after every change"),
        ("alas-plugin test -format junit -output report.xml", "for a build server"),
    ],
    formats=("text", "json", "junit"),
    more_help=_MORE_HELP,
)
@click.option(
    "-tags",
    "--tags",
    "tags",
    metavar="T,…",
    multiple=True,
    callback=_words,
    help="Run the tests with one of these tags. Repeatable.",
)
@click.option(
    "-filter",
    "--filter",
    "-k",
    "texts",
    metavar="TEXT",
    multiple=True,
    help="Run the tests with this text in their name or function. Repeatable.",
)
@click.option(
    "-timeout",
    "--timeout",
    "timeout",
    metavar="D",
    default="30s",
    show_default=True,
    callback=take_duration,
    help="How long a call may take whose test does not say: 500ms, 1m30s, or seconds.",
)
@click.option(
    "-fail-fast", "--fail-fast", "is_first_failure_last", is_flag=True, help="Stop after the first failure."
)
@click.option(
    "-durations",
    "--durations",
    "slowest",
    type=WholeNumber(0, 1_000_000),
    metavar="N",
    default=0,
    help="Show how long the N slowest tests took.",
)
@click.option(
    "-output",
    "--output",
    "output_file",
    metavar="FILE",
    help="Write the document of -format into a file, and show text.",
)
@click.option(
    "-watch", "--watch", "is_watching", is_flag=True, help="Run again after every change, until Ctrl-C."
)
@click.option(
    "-schema",
    "--schema",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_schema,
    help="Print the JSON Schema of a file of tests, for editors, and exit.",
)
@click.argument("words", nargs=-1, metavar="[PLUGIN|FOLDER|FILE]...", shell_complete=complete_tested)
def command(**values: object) -> int:
    """Run the tests of plugins."""
    from alas_cli._plugin._testing.command import Options, TestPlugins

    common = CommonOptions.take(values)
    return TestPlugins(Options(**values), common).run()  # type: ignore[arg-type] # click fills in the options by their names
