"""What is wrong with a command line, in the words of these commands instead of those of the library that reads it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterable


LANGUAGE_HABITS = {"cpp": "c++", "cxx": "c++", "cc": "c++", "rs": "rust", "golang": "go", "py": "python"}
"""What people call languages, to what `-lang` calls them."""


class Word(click.Choice[str]):
    """One of a few words."""

    def __init__(self, choices: Sequence[str], habits: Mapping[str, str] | None = None) -> None:
        """Take the words.

        Args:
            choices: the words.
            habits: other words for the same, which are not taken but known, to those that are.
        """
        super().__init__(choices)
        self._habits = habits if habits is not None else {}

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word, or say which are expected and which was probably meant."""
        words = [str(word) for word in self.choices]
        if value in words:
            return str(value)
        near = self._habits.get(str(value).casefold()) or _nearest(str(value), words)
        advice = f"; did you mean {near!r}?" if near is not None else ""
        message = f"expected {_alternatives(words)}, found {str(value)!r}{advice}"
        raise click.BadParameter(message, ctx, param)


class WholeNumber(click.IntRange):
    """A whole number in a range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number, or say which are expected."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            message = f"expected a whole number from {self.min} to {self.max}, found {str(value)!r}"
            raise click.BadParameter(message, ctx, param) from None


class Quantity(click.ParamType["int | float"]):
    """An amount with its unit, as manifests write it: `64MiB`, `1m30s`."""

    def __init__(self, name: str, read: Callable[[str], int | float]) -> None:
        """Take what reads it, which raises a `ValueError` that says what is expected."""
        self.name = name
        self._read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | float:
        """Return the amount, or say what is expected."""
        try:
            return value if isinstance(value, int | float) else self._read(value)
        except ValueError as error:
            raise click.BadParameter(str(error), ctx, param) from None


def bytes_of(text: str) -> int:
    """Return an amount of memory in bytes.

    Raises:
        ValueError: the text is no amount of memory.
    """
    # Imported here, because most runs set no limit.
    from alas_manifest import ByteSize

    return ByteSize.parse(text).bytes


def seconds_of(text: str) -> float:
    """Return a span of time in seconds.

    Raises:
        ValueError: the text is no span of time.
    """
    from alas_manifest import Duration

    return Duration.parse(text).seconds


# What other tools call these things, by the command where that matters.
_HABITS: dict[tuple[str | None, str], str] = {
    (None, "V"): "did you mean '-version'?",
    (None, "v"): "did you mean '-version', or '-plugin-debug' to be told more?",
    (None, "verbose"): "did you mean '-plugin-debug'?",
    (None, "debug"): "did you mean '-plugin-debug'?",
    (None, "f"): "did you mean '-format'?",
    (None, "o"): "did you mean '-format'?",
    (None, "json"): "did you mean '-format json'?",
    (None, "p"): "did you mean '-plugin-path'?",
    (None, "I"): "did you mean '-module-path'?",
    ("alas-run", "max-recursion"): "did you mean '-max-depth'?",
    ("alas-run", "max-time"): "did you mean '-timeout'?",
    ("alas-run", "allow-file"): "did you mean '-allow-read' or '-allow-write'?",
    ("create", "o"): "did you mean '-output'?",
    ("test", "o"): "did you mean '-output'?",
    ("test", "x"): "did you mean '-fail-fast'?",
    ("help", "format"): "help is text",
    ("install", "U"): "another version of an installed plugin is replaced without it",
    ("install", "upgrade"): "another version of an installed plugin is replaced without it",
    ("install", "update"): "another version of an installed plugin is replaced without it",
    (
        "install",
        "force",
    ): "what is installed is replaced without it; -no-dependencies leaves out what plugins need",
    ("install", "no-deps"): "did you mean '-no-dependencies'?",
    ("uninstall", "force"): "what others need goes with them: -cascade",
    ("unload", "force"): "what others need goes with them: -cascade",
    ("unload", "all"): "name the plugins; alas-plugin list -state loaded shows them",
    ("load", "all"): "name the plugins; alas-plugin list shows them",
    ("uninstall", "all"): "name the plugins; alas-plugin list shows them",
}


def explain(error: click.UsageError, arguments: Sequence[str]) -> str:
    """Return what is wrong with a command line.

    Args:
        error: what the library says; the messages of this package stay as they are.
        arguments: the command line without the program's name.

    Example:
        >>> explain(click.NoSuchOption("--formats", possibilities=["--format"]), ["-formats=json"])
        "there is no option '-formats'; did you mean '-format'?"
    """
    if isinstance(error, click.NoSuchOption):
        name = error.option_name.lstrip("-")
        command = error.ctx.command.name if error.ctx is not None else None
        habit = _HABITS.get((command, name)) or _HABITS.get((None, name))
        behind = _advice_behind_program(error, arguments)
        if habit is not None:
            return f"there is no option {_as_written(error.option_name, arguments)!r}; {habit}{behind}"
        known = _options(error.ctx) if error.ctx is not None else (error.possibilities or ())
        near = _nearest(error.option_name.lstrip("-"), [name.lstrip("-") for name in known])
        advice = f"; did you mean '-{near}'?" if near is not None else ""
        return f"there is no option {_as_written(error.option_name, arguments)!r}{advice}{behind}"
    if isinstance(error, click.BadOptionUsage):
        return _explain_value(error, arguments)
    if isinstance(error, click.MissingParameter):
        return f"expected {_parameter_name(error.param)}"
    if isinstance(error, click.BadParameter):
        return f"{_written_name(error.param, arguments)}: {error.message}"
    return error.format_message()


def _explain_value(error: click.BadOptionUsage, arguments: Sequence[str]) -> str:
    shown = _as_written(error.option_name, arguments)
    option = next(
        (
            one
            for one in (error.ctx.command.params if error.ctx is not None else ())
            if isinstance(one, click.Option) and f"--{error.option_name.lstrip('-')}" in one.opts
        ),
        None,
    )
    if option is None or error.ctx is None:
        return error.format_message()
    if option.is_flag:
        return f"the option {shown!r} takes no value"
    return f"the option {shown!r} needs a value: {shown} {option.make_metavar(error.ctx)}"


def _advice_behind_program(error: click.NoSuchOption, arguments: Sequence[str]) -> str:
    """Say where arguments of the program go, when an unknown option stands behind the program and may be one."""
    if error.ctx is None or error.ctx.command.name != "alas-run":
        return ""
    valued = {
        name.lstrip("-")
        for option in error.ctx.command.params
        if isinstance(option, click.Option)
        and not option.is_flag
        and not (option.metavar or "").startswith("[=")
        for name in option.opts
    }
    words = iter(arguments)
    for word in words:
        name, equals, _ = word.lstrip("-").partition("=")
        if word.startswith("-") and name == error.option_name.lstrip("-"):
            break
        if word == "-" or not word.startswith("-") or name == "file":
            return "; what is meant for the program goes behind '--'"
        if name in valued and not equals:
            next(words, None)
    return ""


def _options(context: click.Context) -> "Iterable[str]":
    for parameter in context.command.get_params(context):
        if isinstance(parameter, click.Option) and not parameter.hidden:
            yield from parameter.opts


def _as_written(option: str, arguments: Sequence[str]) -> str:
    """Return an option with as many dashes as the user wrote."""
    short = f"-{option.lstrip('-')}"
    return short if any(word.partition("=")[0] == short for word in arguments) else option


def _written_name(parameter: click.Parameter | None, arguments: Sequence[str]) -> str:
    """Return the name of a parameter, that of an option as the user wrote it."""
    if isinstance(parameter, click.Option):
        return _as_written(parameter.opts[-1], arguments)
    return _parameter_name(parameter)


def _parameter_name(parameter: click.Parameter | None) -> str:
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    if parameter is None:
        return "another argument"
    return parameter.human_readable_name.strip("[].")


def _alternatives(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _nearest(word: str, known: "Iterable[str]") -> str | None:
    from alas_manifest import nearest_name

    return nearest_name(word[:64], known)
