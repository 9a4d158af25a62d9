"""What is printed when a command of `alas-plugin` cannot do what was asked, and with which exit code it ends."""

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from alas_cli import _exit_codes as exit_codes
from alas_cli._subcommand import CommonOptions

if TYPE_CHECKING:
    from alas_manifest import Diagnostic
    from alas_registry import RegistryError


def reporting(options: CommonOptions, work: Callable[[], int]) -> int:
    """Do something, and report what the registry says against it.

    Args:
        options: what the command line says.
        work: returns an exit code.
    """
    from alas_registry import RegistryError

    try:
        return work()
    except RegistryError as error:
        report(options, error)
        return exit_code(error)


def exit_code(error: "RegistryError") -> int:
    """Return the exit code that says best what an error means."""
    from alas_registry import (
        ArgumentsError,
        FunctionNotFoundError,
        NotAskedError,
        NotGrantedError,
        PluginLoadError,
        PluginNotFoundError,
        PluginNotLoadedError,
    )

    mistakes = PluginNotFoundError | FunctionNotFoundError | ArgumentsError | NotAskedError | NotGrantedError
    if isinstance(error, mistakes):
        return exit_codes.USAGE
    is_invalid = isinstance(error, PluginLoadError) and not isinstance(error, PluginNotLoadedError)
    return exit_codes.INVALID if is_invalid else exit_codes.FAILED


def report(options: CommonOptions, error: "RegistryError") -> None:
    """Print an error of the registry, with all findings behind it."""
    diagnostics = findings_of(error)
    if options.is_for_machines:
        from alas_cli._documents import failure_document, write_document

        write_document(failure_document(error.code, error.message, diagnostics or None))
        return
    from alas_cli._excerpts import Texts
    from alas_cli._rendering import print_rows, render_diagnostics, render_failure

    sys.stdout.flush()
    print_rows([*render_diagnostics(diagnostics, Texts()), *render_failure(error.code, error.message)])


def findings_of(error: "RegistryError") -> "Sequence[Diagnostic]":
    """Return what was found in files and led to an error."""
    found: object = getattr(error, "diagnostics", None)
    if found is None:
        found = getattr(error.__cause__, "diagnostics", None)
    return tuple(found) if isinstance(found, Sequence) else ()
