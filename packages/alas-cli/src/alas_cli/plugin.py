"""The command `alas-plugin`: what has to be there before all else, so that Ctrl-C is quiet from the first moment."""

import sys


def main() -> None:
    """Run `alas-plugin` on the command line of the process, and end the process."""
    try:
        from alas_cli._interrupts import die_of_interrupts

        die_of_interrupts()
        from alas_cli._command import run_command
        from alas_cli._plugin_command import command

        run_command(command)
    except KeyboardInterrupt:
        sys.exit(130)
