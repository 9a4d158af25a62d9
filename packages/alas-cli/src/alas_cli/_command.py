"""What the commands have in common: how options are written, and how a command ends.

Long options take one dash or two, and a value behind a space or `=`. Negative numbers are arguments, not options.
"""

import contextlib
import errno
import io
import itertools
import re
import signal
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NoReturn

import click
from click.core import ParameterSource

from alas_cli import _exit_codes as exit_codes

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from alas_manifest import Diagnostic

_NEGATIVE_NUMBER = re.compile(r"-(\d|\.\d|Infinity$)")
# No argument of a process can hold this character, so it can mark what is not to be read as an option.
_NO_OPTION = "\0"


class UsageMistake(click.UsageError):
    """The user has called a command wrongly: exit code 2.

    Attributes:
        code: what kind of mistake, for documents.
        diagnostics: what was found in files.
    """

    code = "usage"
    diagnostics: "Sequence[Diagnostic]" = ()

    def show(self, file: object = None) -> None:
        """Print the message, and where to find more."""
        del file
        write_error(f"error: {self.message}\n")
        if self.ctx is not None:
            write_error(f"{self.ctx.command_path} --help explains every option\n")


class UsageMistakes(UsageMistake):
    """Several mistakes of the same kind, such as files that are not there.

    Attributes:
        messages: what is wrong, one by one.
    """

    def __init__(self, messages: Sequence[str], diagnostics: "Sequence[Diagnostic]") -> None:
        super().__init__("; ".join(messages))
        self.messages = tuple(messages)
        self.diagnostics = tuple(diagnostics)

    def show(self, file: object = None) -> None:
        """Print all messages, and where to find more."""
        for message in self.messages[:-1]:
            write_error(f"error: {message}\n")
        UsageMistake(self.messages[-1], self.ctx).show(file)


class SettingsMistake(UsageMistake):
    """A file of settings cannot be used: exit code 2, though no option of the command is wrong."""

    code = "settings_error"

    def __init__(self, message: str, diagnostics: "Sequence[Diagnostic]") -> None:
        super().__init__(f"the settings cannot be used: {message}")
        self.diagnostics = tuple(diagnostics)

    def show(self, file: object = None) -> None:
        """Print the message, which says all there is to know."""
        del file
        write_error(f"error: {self.message}\n")


class Command(click.Command):
    """A command with options of one dash or two."""

    # What is too much is refused below, in the words of these commands.
    allow_extra_args = True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line."""
        with _mistakes_in(ctx):
            rest = super().parse_args(ctx, list(prepared(self.params, args)))
        if rest and not ctx.resilient_parsing:
            raise UsageMistake(f"unexpected argument {rest[0].removeprefix(_NO_OPTION)!r}", ctx)
        words = ctx.params.get("words")
        if words:
            ctx.params["words"] = tuple(word.removeprefix(_NO_OPTION) for word in words)
        return rest

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem[str]]":
        """Return the options that begin so."""
        return complete_options(self, ctx, incomplete)


class Group(click.Group):
    """A command with commands of its own, and options of one dash or two before their names."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line up to the name of a command."""
        with _mistakes_in(ctx):
            return super().parse_args(ctx, list(prepared(self.params, args)))


def complete_options(
    command: click.Command, context: click.Context, incomplete: str
) -> "list[CompletionItem[str]]":
    """Return the options of a command that begin so, with as many dashes as were typed.

    Args:
        command: the command.
        context: what was read of its command line.
        incomplete: the word that is being typed.
    """
    from click.shell_completion import CompletionItem

    dashes = "--" if incomplete.startswith("--") else "-"
    options = (one for one in command.get_params(context) if isinstance(one, click.Option) and not one.hidden)
    return [
        CompletionItem(name, help=option.help)
        for option in options
        for name in option.opts
        if incomplete.startswith("-")
        and name.startswith(incomplete)
        and name.startswith(dashes)
        # Both spellings mean the same, so one of them is enough.
        and name.startswith("--") == (dashes == "--")
        and (
            option.multiple
            or context.get_parameter_source(option.name or "") is not ParameterSource.COMMANDLINE
        )
    ]


@contextlib.contextmanager
def _mistakes_in(context: click.Context) -> Iterator[None]:
    """Note in which command a mistake was made, which the parser does not always do."""
    try:
        yield
    except click.UsageError as error:
        error.ctx = error.ctx or context
        raise


def prepared(parameters: Sequence[click.Parameter], args: Sequence[str]) -> Iterator[str]:
    """Yield the words of a command line as the parser wants them.

    Args:
        parameters: what the command knows.
        args: the words as the user wrote them.
    """
    valued: set[str] = set()
    optional: set[str] = set()
    for parameter in parameters:
        if isinstance(parameter, click.Option) and not parameter.is_flag:
            names = {f"--{name.lstrip('-')}" for name in parameter.opts}
            (optional if (parameter.metavar or "").startswith("[=") else valued).update(names)
    words = iter(args)
    for word in words:
        if word == "--":
            yield word
            yield from words
        elif _NEGATIVE_NUMBER.match(word):
            yield _NO_OPTION + word
        elif not word.startswith("-") or len(word) <= 2:
            yield word
        else:
            option = word if word.startswith("--") else f"-{word}"
            # An optional value has to follow a `=`, or it would swallow the next word.
            yield f"{option}=*" if option in optional else option
            if option in valued:
                yield from (value for value in (next(words, None),) if value is not None)


def show_help(output_format: str) -> int:
    """Show the help of the running command, because its command line names no input; return the exit code.

    Args:
        output_format: `text` or `json`, which has no help.

    Raises:
        UsageMistake: a document was asked for.
    """
    if output_format == "json":
        raise UsageMistake("expected a file, or `-` for standard input")
    click.echo(click.get_current_context().get_help(), err=True)
    return exit_codes.USAGE


def run_command(command: click.Command, arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and end the process with its exit code.

    Args:
        command: the command; it returns an exit code.
        arguments: the command line without the program's name; None is that of the process.
    """
    # A closed pipe ends the process without a word, as it ends other tools.
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if sys.stdout is None:
        sys.stdout = ClosedOutput()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Names of files and texts of plugins may hold what the stream's encoding does not have.
            stream.reconfigure(errors="backslashreplace")
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = command.main(arguments, standalone_mode=False)
        sys.stdout.flush()
    except click.UsageError as error:
        code = exit_codes.USAGE
        _report_usage(error, arguments)
    except (KeyboardInterrupt, click.Abort) as error:
        # The library ends its questions in the same way at Ctrl-C and at the end of the input.
        if isinstance(error.__context__, EOFError):
            _report_usage(UsageMistake("the input ended at a question; options answer it as well"), arguments)
            sys.exit(exit_codes.USAGE)
        code = exit_codes.INTERRUPTED
        _report("cancelled", "the command was stopped from outside", "interrupted\n", arguments)
    except OSError as error:
        code = exit_codes.FAILED
        message = f"the output could not be written: {reason(error)}"
        _report("io_error", message, f"error: {message}\n", arguments)
    sys.exit(code)


class ClosedOutput(io.TextIOBase):
    """Standard output of a process that was started without one: whatever is written fails."""

    def write(self, text: str, /) -> int:
        """Refuse to write."""
        del text
        raise OSError(errno.EBADF, "standard output is closed")


def reason(error: OSError) -> str:
    """Return why the operating system refused something, without its number.

    Example:
        >>> reason(OSError(28, "No space left on device"))
        'No space left on device'
    """
    return error.strerror or str(error)


@contextlib.contextmanager
def reading(what: str) -> Iterator[None]:
    """Take it for a mistake in the command line when something that it names cannot be read.

    Args:
        what: what is read, for the message.

    Raises:
        UsageMistake: the operating system refuses it.
    """
    try:
        yield
    except OSError as error:
        raise UsageMistake(f"{what} cannot be read: {reason(error)}") from None


def _report_usage(error: click.UsageError, arguments: Sequence[str]) -> None:
    """Print what is wrong with the command line, as a document if one was asked for."""
    from alas_cli._usage import explain

    mistake = error if isinstance(error, UsageMistake) else UsageMistake(explain(error, arguments), error.ctx)
    if not _write_failure(mistake.code, mistake.message, arguments, mistake.diagnostics):
        mistake.show()


def _report(code: str, message: str, text: str, arguments: Sequence[str]) -> None:
    """Print what went wrong with the command itself, as a document if one was asked for."""
    if not _write_failure(code, message, arguments):
        write_error(text)


def _write_failure(
    code: str, message: str, arguments: Sequence[str], diagnostics: "Sequence[Diagnostic]" = ()
) -> bool:
    """Write a document about a failure; say whether one was asked for and could be written."""
    if not wants_json(arguments):
        return False
    from alas_cli._documents import failure_document, write_document

    try:
        write_document(failure_document(code, message, diagnostics or None))
        sys.stdout.flush()
    except OSError:
        return False
    return True


def wants_json(arguments: Sequence[str]) -> bool:
    """Say whether a command line, which may be wrong, asks for JSON.

    Example:
        >>> wants_json(["-format", "json", "--wrong"])
        True
        >>> wants_json(["--wrong", "--", "-format", "json"])
        False
    """
    words = list(itertools.takewhile(lambda argument: argument != "--", arguments))
    formats = [word.partition("=")[2] for word in words if word.startswith(("-format=", "--format="))]
    formats += [value for name, value in itertools.pairwise(words) if name in ("-format", "--format")]
    return "json" in formats


def write_error(text: str) -> None:
    """Write to standard error, whatever its encoding, if there is one that takes anything."""
    if sys.stderr is not None:
        encoding = sys.stderr.encoding or "utf-8"
        with contextlib.suppress(OSError):
            sys.stderr.write(text.encode(encoding, "backslashreplace").decode(encoding))
            sys.stderr.flush()
