"""The command `alas-run`: what has to be there before all else, so that Ctrl-C is quiet from the first moment."""

import gc
import sys


def main() -> None:
    """Run `alas-run` on the command line of the process, and end the process."""
    # Importing makes no garbage, but the collector would look for some time and again: a twentieth of a short run.
    # It is switched on again when the program begins.
    gc.disable()
    try:
        from alas_cli._interrupts import die_of_interrupts

        die_of_interrupts()
        from alas_cli._command import run_command
        from alas_cli._run_command import command

        run_command(command)
    except KeyboardInterrupt:
        sys.exit(130)
