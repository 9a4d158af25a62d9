"""Opens a plugin's library, as a process of its own: `python -m alas_cli._plugin._building.opening FOLDER [PLUGIN-PATH]...`.

Whatever the library does, crash and never return included, it does not do to the command. The answer is one JSON document on
standard output; what the library prints goes to standard error.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from alas_cli._documents import write_document
from alas_cli._program_output import reserve_output


def main(arguments: Sequence[str]) -> None:
    """Open a library, and say what came of it.

    Args:
        arguments: the plugin's folder, and the folders of `-plugin-path`.
    """
    reserve_output()
    folder, *plugin_paths = arguments
    write_document(json.dumps(_answer(Path(folder), plugin_paths)))
    sys.stdout.flush()


def _answer(folder: Path, plugin_paths: Sequence[str]) -> dict[str, object]:
    from alas_cli._plugin._building.loading import load_alone
    from alas_core.errors import NativeLoadError
    from alas_interp import ProgramError
    from alas_registry import RegistryError

    try:
        load_alone(folder, plugin_paths)
    except ProgramError as error:
        found = [finding.to_dict() for finding in error.diagnostics]
        return {"code": "plugin_invalid", "message": "the plugin has errors", "diagnostics": found}
    except (NativeLoadError, RegistryError) as error:
        return {"code": error.code, "message": error.message, "diagnostics": []}
    except Exception as error:  # the command that asks has the words for it  # noqa: BLE001
        return {"code": "plugin_invalid", "message": f"{type(error).__name__}: {error}", "diagnostics": []}
    return {"code": None, "message": "", "diagnostics": []}


if __name__ == "__main__":
    main(sys.argv[1:])
