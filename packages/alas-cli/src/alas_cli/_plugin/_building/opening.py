"""Opens a plugin's library, as a process of its own: `python -m alas_cli._plugin._building.opening FOLDER`.

Whatever the library does, crash and never return included, it does not do to the command. The answer is one JSON document on
standard output; what the library prints goes to standard error.
"""

import dataclasses
import json
import sys
from pathlib import Path

from alas_cli._documents import write_document
from alas_cli._program_output import reserve_output


def main(folder: Path) -> None:
    """Open a library, and say what came of it.

    Args:
        folder: the plugin's folder.
    """
    reserve_output()
    write_document(json.dumps(_answer(folder)))


def _answer(folder: Path) -> dict[str, object]:
    from alas_core.errors import NativeLoadError
    from alas_interp import ProgramError
    from alas_registry import RegistryError

    try:
        _open(folder)
    except ProgramError as error:
        found = [finding.to_dict() for finding in error.diagnostics]
        return {"code": "plugin_invalid", "message": "the plugin has errors", "diagnostics": found}
    except (NativeLoadError, RegistryError) as error:
        return {"code": error.code, "message": error.message, "diagnostics": []}
    except Exception as error:  # the command that asks has the words for it  # noqa: BLE001
        return {"code": "plugin_invalid", "message": f"{type(error).__name__}: {error}", "diagnostics": []}
    return {"code": None, "message": "", "diagnostics": []}


def _open(folder: Path) -> None:
    """Load the native half of a plugin, and forget it.

    The other half is checked with the plugins that it needs, which need not be there to build this one.
    """
    from alas_loader_native import NativeLoader, native_functions
    from alas_manifest import read_file
    from alas_registry import Plugin, SearchPath

    manifest = read_file(folder).manifest
    if manifest is None:
        raise ValueError("its manifest has errors")
    half = dataclasses.replace(manifest, type="native", functions=native_functions(manifest), dependencies=())
    NativeLoader().load(Plugin.of_manifest(half, folder, SearchPath(folder, "command line"))).close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
