"""What an installation asks the user on a terminal, if there is one."""

import sys
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question that the command line may have answered already.

    Attributes:
        is_agreed: whether it has, with yes.
        is_for_machines: whether standard output is one document, so that nobody can be asked.
        before: called before anything is asked or printed.
    """

    is_agreed: bool
    is_for_machines: bool
    before: Callable[[], None]

    def is_answered_yes(self, question: str) -> bool:
        """Return whether the user agrees, who is asked unless the command line says so.

        Args:
            question: what to ask, safe to print.

        Raises:
            click.Abort: the user interrupts.
        """
        if self.is_agreed:
            return True
        self.before()
        return _confirm(question, is_for_machines=self.is_for_machines)


def _confirm(question: str, *, is_for_machines: bool) -> bool:
    """Return whether the user says yes; nobody there, or the end of the input, is a no.

    Args:
        question: what to ask, safe to print.
        is_for_machines: whether standard output is one document, so that nobody can be asked.

    Raises:
        click.Abort: the user interrupts.
    """
    import click

    streams = (sys.stdin, sys.stderr)
    if is_for_machines or not all(one is not None and one.isatty() for one in streams):
        return False
    try:
        return click.confirm(question, default=False, err=True)
    except click.Abort as error:
        # Ctrl-C ends the command; Ctrl-D answers the question.
        if not isinstance(error.__context__, EOFError):
            raise
        sys.stderr.write("\n")
        return False
