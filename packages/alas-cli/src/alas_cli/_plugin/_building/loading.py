"""Loading a plugin with native code for no other reason than to see whether it can be."""

from collections.abc import Sequence
from pathlib import Path

from alas_cli._registry import registry_maker
from alas_interp import Interpreter
from alas_loader_native import NativeLoader
from alas_manifest import read_file
from alas_registry import Plugin, SearchPath


def load_alone(folder: Path, plugin_paths: Sequence[str]) -> None:
    """Load a plugin, and forget it.

    Args:
        folder: the plugin's folder.
        plugin_paths: where the plugins are looked for first that it needs.

    Raises:
        Exception: it cannot be loaded; `NativeLoader.load` says how.
    """
    manifest = read_file(folder).manifest
    if manifest is None:
        raise ValueError("its manifest has errors")
    plugin = Plugin.of_manifest(manifest, folder, SearchPath(folder, "command line"))
    make = registry_maker(lambda: interpreter, (str(folder), *plugin_paths))
    interpreter = Interpreter(plugins=make)
    with interpreter:
        NativeLoader(interpreter).load(plugin).close()
