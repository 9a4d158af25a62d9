"""The command `python -m alas_manifest`, made for other people's continuous integration."""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from typing import TextIO

from alas_manifest._annotations import annotation
from alas_manifest._decoding import MAXIMUM_SIZE
from alas_manifest._diagnostics import Diagnostic
from alas_manifest._folders import validate_folder
from alas_manifest._reading import MANIFEST_FILE, read_file, validate
from alas_manifest._schema import schema_text

EXIT_DONE, EXIT_USAGE, EXIT_INVALID, EXIT_INTERRUPTED = 0, 2, 3, 130

_DESCRIPTION = """\
Check manifests of ALaS plugins, and plugin folders with the files that their manifests name. Runs no code of a plugin.
"""
_EPILOG = f"""\
exit codes: 0 all are right, 3 some are not, 2 the command line is wrong

examples:
  python -m alas_manifest {MANIFEST_FILE}             the manifest alone
  python -m alas_manifest plugins/my-plugin       the manifest and its files
  python -m alas_manifest plugins                 every plugin in a folder of plugins
  python -m alas_manifest --strict --format github plugins
  python -m alas_manifest --format json - < {MANIFEST_FILE}
  python -m alas_manifest --schema plugin --strict > plugin.schema.json
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m alas_manifest",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="FILE",
        help=f"a {MANIFEST_FILE}, a plugin folder, a folder of plugin folders, or - for standard input",
    )
    parser.add_argument(
        "--format",
        choices=("text", "json", "github"),
        default="text",
        help="text for people, one JSON document, or annotations as GitHub shows them beside the lines (default: text)",
    )
    parser.add_argument("--strict", action="store_true", help="count warnings as errors")
    parser.add_argument(
        "--schema",
        choices=("plugin", "module"),
        help=f"print the JSON Schema of {MANIFEST_FILE} or of module files; with --strict the one that knows no other fields",
    )
    return parser


def main(arguments: Sequence[str]) -> int:
    """Run the command.

    Args:
        arguments: the command line without the program's name.

    Returns:
        The exit code: 0, 3, or 130 when it was interrupted.

    Raises:
        SystemExit: the command line is wrong, or help was asked for.

    Example:
        >>> main(["no-such-file"])
        3
    """
    try:
        return _run(arguments)
    except BrokenPipeError:
        # Whoever read the output has seen enough. What is still to be written must not fail when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_INVALID
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def _run(arguments: Sequence[str]) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.schema is not None:
        if options.paths:
            parser.error("--schema prints a schema and checks no files")
        _write(sys.stdout, schema_text(options.schema, strict=options.strict))
        return EXIT_DONE
    if not options.paths:
        parser.error("name at least one file or folder")
    diagnostics = [finding for path in options.paths for finding in _check(path, strict=options.strict)]
    is_right = not any(finding.is_error for finding in diagnostics)
    if options.format == "json":
        document = {"ok": is_right, "diagnostics": [finding.to_dict() for finding in diagnostics]}
        _write(sys.stdout, json.dumps(document, indent=2) + "\n")
    elif options.format == "github":
        _write(sys.stdout, "".join(f"{annotation(finding)}\n" for finding in diagnostics))
        _write(sys.stderr, _summary(diagnostics))
    else:
        _write(sys.stderr, "".join(f"{finding}\n" for finding in diagnostics) + _summary(diagnostics))
    return EXIT_DONE if is_right else EXIT_INVALID


def _write(stream: TextIO | None, text: str) -> None:
    """Write text to a stream, which is absent when it was closed before the program began."""
    if stream is not None:
        encoding = stream.encoding or "utf-8"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()


def _summary(diagnostics: Sequence[Diagnostic]) -> str:
    errors = sum(finding.is_error for finding in diagnostics)
    return f"{_plural(errors, 'error')}, {_plural(len(diagnostics) - errors, 'warning')}\n"


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _check(path: str, *, strict: bool) -> Iterator[Diagnostic]:
    if path == "-":
        yield from _check_standard_input(strict=strict)
    elif not os.path.isdir(path):  # noqa: PTH112 - Path.is_dir breaks off at a name that is too long
        yield from read_file(path, strict=strict).diagnostics
    else:
        for folder in _plugin_folders(path) or [path]:
            yield from validate_folder(folder, strict=strict)


def _check_standard_input(*, strict: bool) -> Sequence[Diagnostic]:
    if sys.stdin is None:
        return [_unreadable_input("it is closed")]
    try:
        # One byte more than allowed tells that the text is too large.
        text = sys.stdin.buffer.read(MAXIMUM_SIZE + 1)
    except OSError as error:
        return [_unreadable_input(str(error.strerror))]
    return validate(text, file="-", strict=strict)


def _unreadable_input(reason: str) -> Diagnostic:
    message = f"the standard input cannot be read: {reason}"
    return Diagnostic("io_error", "error", message, "-", "", 1, 1)


def _plugin_folders(folder: str) -> list[str]:
    """Return the plugin folders in a folder that is not one itself, by name; none when there is nothing of the kind."""
    if os.path.lexists(os.path.join(folder, MANIFEST_FILE)):  # noqa: PTH118 - keeps `./` as the user wrote it
        return []
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if _is_folder(entry))
    except OSError:
        return []
    inner = [os.path.join(folder, name) for name in names]  # noqa: PTH118 - as above
    return [one for one in inner if _may_hold_manifest(one)]


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        # A link that leads in a circle.
        return False


def _may_hold_manifest(folder: str) -> bool:
    try:
        os.lstat(os.path.join(folder, MANIFEST_FILE))  # noqa: PTH118 - as above
    except FileNotFoundError:
        return False
    except OSError:
        # Not to be looked into: reading it will say why.
        return True
    return True
