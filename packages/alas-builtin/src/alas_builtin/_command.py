"""The command `python -m alas_builtin`: prints, writes or checks the manifest of a plugin made of Python functions."""

import argparse
import difflib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from alas_builtin._errors import BuiltinError
from alas_builtin._importing import PluginImportError, import_plugin, import_plugin_file
from alas_manifest import ManifestError, dumps, escape_text, loads

EXIT_DONE, EXIT_FAILED, EXIT_USAGE, EXIT_INVALID = 0, 1, 2, 3

_DESCRIPTION = (
    "Print, write or check the plugin.json of a plugin made of Python functions. Imports the module."
)
_EPILOG = """\
exit codes: 0 done, 1 the file differs or the module cannot be imported, 2 the command line is wrong,
            3 the plugin or the file is not right

examples:
  python -m alas_builtin alas_text_tools                                  print the manifest
  python -m alas_builtin alas_text_tools:plugin --write src/alas_text_tools/plugin.json
  python -m alas_builtin alas_text_tools --check src/alas_text_tools/plugin.json
  python -m alas_builtin greeter/greeter.py --write greeter/plugin.json   a plugin that is a folder
"""


class _CommandError(Exception):
    """The command cannot go on.

    Attributes:
        exit_code: what the process ends with.
    """

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m alas_builtin",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "source",
        metavar="MODULE[:NAME]",
        help="a module, or a Python file, and the plugin in it; without a name `plugin`, or the only one there is",
    )
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--write", metavar="FILE", help="write the manifest to a file")
    action.add_argument(
        "--check",
        metavar="FILE",
        help="compare a file with the manifest, and show where they differ in meaning",
    )
    return parser


def main(arguments: Sequence[str]) -> int:
    """Run the command.

    Args:
        arguments: the command line without the program's name.

    Returns:
        The exit code: 0, 1 or 3.

    Raises:
        SystemExit: the command line is wrong, or help was asked for.

    Example:
        >>> main(["no_such_module"])
        1
    """
    options = _parser().parse_args(arguments)
    try:
        return _run(options.source, options.write, options.check)
    except _CommandError as error:
        _say(str(error))
        return error.exit_code


def _run(source: str, write: str | None, check: str | None) -> int:
    text = _manifest(source)
    if check is not None:
        return _check(text, check)
    if write is None:
        sys.stdout.write(text)
    else:
        try:
            Path(write).write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise _CommandError(f"{write} cannot be written: {error.strerror}", EXIT_FAILED) from None
    return EXIT_DONE


def _manifest(source: str) -> str:
    module, name = _split(source)
    try:
        is_file = module.endswith(".py")
        imported = import_plugin_file(Path(module), name) if is_file else import_plugin(f"{module}:{name}")
        try:
            return dumps(imported.plugin.manifest)
        finally:
            imported.forget()
    except PluginImportError as error:
        is_definition = isinstance(error.__cause__, BuiltinError)
        raise _CommandError(str(error), EXIT_INVALID if is_definition else EXIT_FAILED) from error
    except (ManifestError, BuiltinError) as error:
        raise _CommandError(str(error), EXIT_INVALID) from error


def _split(source: str) -> tuple[str, str]:
    """Return the module or file, and the name of the plugin in it."""
    module, colon, name = source.rpartition(":")
    # The colon of a drive, `C:/plugin.py`, has a path behind it rather than a name.
    return (module, name) if colon and name.isidentifier() else (source, "")


def _check(text: str, file: str) -> int:
    try:
        found = Path(file).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise _CommandError(
            f"{file} cannot be read: {reason}; write it by --write {file}", EXIT_FAILED
        ) from None
    written = _as_written(found)
    if written == text:
        return EXIT_DONE
    lines = difflib.unified_diff(
        written.splitlines(), text.splitlines(), file, "the manifest of the functions", lineterm=""
    )
    sys.stdout.write("".join(f"{escape_text(line)}\n" for line in lines))
    _say(f"{file} is not the manifest of the functions; write it by --write {os.fspath(file)}")
    return EXIT_FAILED


def _as_written(text: str) -> str:
    """Return a manifest as `--write` would write it, so that only what it means is compared; what is none, as it is."""
    try:
        return dumps(loads(text))
    except ManifestError:
        return text


def _say(message: str) -> None:
    sys.stderr.write("".join(f"{escape_text(line)}\n" for line in message.splitlines()))
