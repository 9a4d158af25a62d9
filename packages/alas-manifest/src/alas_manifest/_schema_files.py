"""Write the shipped JSON Schemas from the model: `python -m alas_manifest._schema_files`.

With `--check` nothing is written; the exit code then says whether the files are up to date.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from alas_manifest._module_schema import module_schema
from alas_manifest._plugin_schema import plugin_schema
from alas_manifest._schema import SCHEMA_FOLDER, schema_file


def schema_texts() -> dict[str, str]:
    """Return the texts of all schemas by the names of their files, drawn from the model."""
    schemas = {}
    for is_strict in (False, True):
        schemas[schema_file("plugin", is_strict=is_strict)] = plugin_schema(is_strict=is_strict)
        schemas[schema_file("module", is_strict=is_strict)] = module_schema(is_strict=is_strict)
    return {name: json.dumps(one, indent=2, ensure_ascii=False) + "\n" for name, one in schemas.items()}


def main(arguments: Sequence[str]) -> int:
    """Write the files, or check them.

    Args:
        arguments: the command line without the program's name; `--check` or nothing.

    Returns:
        0, or 1 when a file is not up to date.
    """
    folder = Path(__file__).parent / SCHEMA_FOLDER
    outdated = [
        name
        for name, text in schema_texts().items()
        if not (folder / name).is_file() or (folder / name).read_text("utf-8") != text
    ]
    for name in outdated:
        if "--check" in arguments:
            sys.stderr.write(f"{name} is out of date: run python -m alas_manifest._schema_files\n")
        else:
            folder.mkdir(exist_ok=True)
            (folder / name).write_text(schema_texts()[name], encoding="utf-8", newline="\n")
            sys.stderr.write(f"{name} was brought up to date\n")
    return 1 if outdated and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
