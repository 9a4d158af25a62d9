"""What is printed when code of a user has run, or could not: its result, or why there is none."""

from typing import TYPE_CHECKING

from alas_cli import _exit_codes as exit_codes
from alas_cli._command import reason
from alas_cli._console import Console
from alas_interp import CancelledError, Interpreter, ProgramError, RunError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from alas_cli._excerpts import Texts
    from alas_manifest import Diagnostic


class Outcomes:
    """Prints what came of running something."""

    def __init__(
        self,
        console: Console,
        *,
        is_for_machines: bool,
        texts: "Texts | None" = None,
        has_limits: bool = False,
        advise: "Callable[[RunError], str | None] | None" = None,
    ) -> None:
        """Take where to print.

        Args:
            console: where the program itself prints.
            is_for_machines: whether standard output is one document.
            texts: where the lines come from that findings are about; None is files alone.
            has_limits: whether the command has options for the limits of a run, and for what it may reach.
            advise: says what to do about an error, where the command knows more than the error says; None never does.
        """
        self._console = console
        self._is_for_machines = is_for_machines
        self._texts = texts
        self._has_limits = has_limits
        self._advise = advise

    def show_result(
        self, interpreter: Interpreter, result: object, more: "Mapping[str, object] | None" = None
    ) -> int:
        """Print a result; return the exit code.

        Args:
            interpreter: any interpreter.
            result: what a call returned; None, which is void, prints nothing for people.
            more: what a document says besides.
        """
        if self._is_for_machines:
            from alas_cli._documents import result_document, write_document

            write_document(result_document(result, more))
        elif result is not None:
            from alas_cli._results import result_text

            self._console.output.write(result_text(interpreter, result) + "\n")
        return exit_codes.DONE

    def show_findings(self, diagnostics: "Sequence[Diagnostic]") -> None:
        """Print findings that keep nothing from running."""
        from alas_cli._excerpts import Texts
        from alas_cli._rendering import print_rows, render_diagnostics

        print_rows(render_diagnostics(diagnostics, self._texts or Texts()))

    def report_program(self, error: ProgramError) -> int:
        """Print what keeps a program from running; return the exit code."""
        if self._is_for_machines:
            from alas_cli._documents import diagnostics_document, write_document

            write_document(diagnostics_document(error.diagnostics, ok=False))
        else:
            self.show_findings(error.diagnostics)
        return exit_codes.INVALID

    def report_failure(self, error: RunError) -> int:
        """Print why a program has stopped; return the exit code."""
        if isinstance(error.__cause__, KeyboardInterrupt):
            # Stopped while it waited for a line, which looks to the engine like a failure to read.
            error = CancelledError("the program was stopped from outside", error.place, error.stack)
        if isinstance(error.__cause__, OSError):
            # People need neither the class nor the number.
            error.message = error.message.replace(f"OSError: {error.__cause__}", reason(error.__cause__))
        if self._is_for_machines:
            from alas_cli._documents import error_document, write_document

            write_document(error_document(error))
        else:
            from alas_cli._excerpts import Texts
            from alas_cli._rendering import print_rows, render_run_error

            # What the program printed comes before what is said about it.
            self._console.output.flush()
            more = self._advise(error) if self._advise is not None else None
            print_rows(
                render_run_error(error, self._texts or Texts(), has_limits=self._has_limits, more=more)
            )
        return exit_codes.INTERRUPTED if isinstance(error, CancelledError) else exit_codes.FAILED
