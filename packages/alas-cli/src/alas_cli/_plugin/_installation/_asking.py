"""Asks the user on a terminal, if there is one."""

import sys


def confirm(question: str, *, is_for_machines: bool) -> bool:
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
