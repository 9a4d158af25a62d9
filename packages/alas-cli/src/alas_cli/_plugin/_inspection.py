"""What is wrong with the files of a plugin. Finding plugins looks at manifests alone, because it has to be quick."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alas_manifest import Diagnostic
    from alas_registry import Plugin, Registry


def inspect_files(registry: "Registry", plugin: "Plugin") -> "list[Diagnostic]":
    """Look at all files of a plugin, and at whether they are as they were installed; nothing of them runs.

    Args:
        registry: knows it, and what it needs.
        plugin: the plugin.

    Returns:
        The findings of its manifest, its files, and their agreement.
    """
    if plugin.entry_point is not None or not (plugin.folder / "plugin.json").is_file():
        return list(plugin.diagnostics)
    from alas_cli._dependency_checks import dependency_types
    from alas_cli._platforms import of_this_platform
    from alas_manifest import read_folder
    from alas_registry.installed import check_installed

    # The registry knows what the plugin needs that has the name.
    types = dependency_types(registry, plugin.name) if plugin.shadowed_by is None else None
    reading = read_folder(plugin.folder, dependency_types=types)

    changed = check_installed(plugin.folder)
    return [*of_this_platform(reading.diagnostics), *([changed] if changed is not None else [])]


def inspect_module(registry: "Registry", plugin: "Plugin") -> "list[Diagnostic]":
    """Have the engine check the module of a plugin, which loads what it needs.

    Args:
        registry: where it is loaded from; it has nothing else to do.
        plugin: a plugin with all that it needs, and without errors in its files.

    Returns:
        What keeps the module from running, and warnings.
    """
    if plugin.type not in ("module", "hybrid"):
        return []
    from alas_interp import Interpreter, ProgramError
    from alas_loader_native import check_module

    try:
        with Interpreter(plugins=registry, opens_libraries=False) as interpreter:
            module = check_module(plugin, interpreter)
    except ProgramError as error:
        return error.diagnostics
    return module.diagnostics if module is not None else []
