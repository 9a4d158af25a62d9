"""Making a folder of files at once."""

import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from alas_cli._command import UsageMistake, reason


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Make the plugin's folder at once: whatever fails, nothing is left behind.

    Raises:
        UsageMistake: it cannot be made there.
    """
    made: list[Path] = []
    staging = folder.parent / f".{folder.name}.{secrets.token_hex(4)}"
    try:
        for parent in reversed([one for one in folder.parents if not one.exists()]):
            parent.mkdir()
            made.append(parent)
        for name, text in files.items():
            file = staging / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        staging.rename(folder)
        made.clear()
    except OSError as error:
        raise UsageMistake(f"the folder {str(folder)!r} cannot be made: {reason(error)}") from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        for parent in reversed(made):
            _remove_empty(parent)


def _remove_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        # Somebody else has put something into it.
        return
