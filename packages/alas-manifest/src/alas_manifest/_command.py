"""The command `python -m alas_manifest`, made for other people's continuous integration."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from alas_manifest._diagnostics import Diagnostic
from alas_manifest._folders import validate_folder
from alas_manifest._reading import MANIFEST_FILE, read_file, validate

EXIT_DONE, EXIT_USAGE, EXIT_INVALID = 0, 2, 3

_DESCRIPTION = "Check manifests of ALaS plugins, and plugin folders with the files that their manifests name."
_EPILOG = """\
exit codes: 0 all are right, 3 some are not, 2 the command line is wrong

examples:
  python -m alas_manifest plugin.json           the manifest alone
  python -m alas_manifest plugins/my-plugin     the manifest and its files
  python -m alas_manifest --format json - < plugin.json
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
        nargs="+",
        metavar="FILE",
        help=f"a {MANIFEST_FILE}, a plugin folder, or - for standard input",
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="text for people, or one JSON document"
    )
    parser.add_argument("--strict", action="store_true", help="count warnings as errors")
    return parser


def main(arguments: Sequence[str]) -> int:
    """Run the command.

    Args:
        arguments: the command line without the program's name.

    Returns:
        The exit code: 0, 2 or 3.

    Raises:
        SystemExit: the command line is wrong, or help was asked for.

    Example:
        >>> main(["no-such-file"])
        3
    """
    options = _parser().parse_args(arguments)
    diagnostics = [finding for path in options.paths for finding in _check(path, strict=options.strict)]
    is_right = not any(finding.is_error for finding in diagnostics)
    if options.format == "json":
        document = {"ok": is_right, "diagnostics": [finding.to_dict() for finding in diagnostics]}
        sys.stdout.write(json.dumps(document, indent=2) + "\n")
    else:
        for finding in diagnostics:
            sys.stderr.write(f"{finding}\n")
        errors = sum(finding.is_error for finding in diagnostics)
        sys.stderr.write(f"{_plural(errors, 'error')}, {_plural(len(diagnostics) - errors, 'warning')}\n")
    return EXIT_DONE if is_right else EXIT_INVALID


def _check(path: str, *, strict: bool) -> Sequence[Diagnostic]:
    if path == "-":
        return validate(sys.stdin.buffer.read(), file="-", strict=strict)
    if Path(path).is_dir():
        return validate_folder(path, strict=strict)
    return read_file(path, strict=strict).diagnostics


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
