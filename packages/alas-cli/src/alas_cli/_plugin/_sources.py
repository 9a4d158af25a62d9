"""The plugins that a command of `alas-plugin` works on."""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from alas_cli._registry import check_folders, enable_debug, registry_maker
from alas_cli._subcommand import CommonOptions

if TYPE_CHECKING:
    from alas_cli._rendering import Row
    from alas_interp import Interpreter
    from alas_registry import Plugin, Registry


def find_plugins(
    options: CommonOptions, interpreter: "Callable[[], Interpreter] | None" = None
) -> "Registry":
    """Return a registry that has looked for plugins.

    Args:
        options: what the command line says.
        interpreter: returns where the plugins will run; None is for who checks them only, and opens no libraries of native code.

    Raises:
        UsageMistake: a folder that the command line names is not there.
    """
    check_folders("-plugin-path", options.plugin_paths)
    enable_debug(asked=options.plugin_debug)
    return registry_maker(interpreter, options.plugin_paths, lists_standard_library=True)()


def find_named(registry: "Registry", name: str) -> "Plugin":
    """Return the plugin that a name means: a plugin's, or a module's.

    Args:
        registry: where to look.
        name: what the user wrote.

    Raises:
        PluginNotFoundError: nothing has the name.
    """
    found = registry.find(name) or registry.find_module(name)
    return found if found is not None else registry.get(name)


def short_path(path: Path) -> str:
    """Return a path as people write it: from here, or from their home, safe to print.

    Example:
        >>> short_path(Path.cwd() / "plugins")
        './plugins'
    """
    from alas_manifest import escape_text

    for sign, base in _bases().items():
        if path.is_relative_to(base):
            rest = path.relative_to(base)
            if sign == "." and rest.parts[:1] == ("..",):
                return escape_text(str(rest))
            return escape_text(f"{sign}/{rest}" if rest.parts else sign)
    return escape_text(str(path))


def _bases() -> dict[str, Path]:
    """Return what paths may be relative to, by how it is written."""
    bases = {}
    # The current folder may have been removed.
    with contextlib.suppress(OSError):
        bases["."] = Path.cwd()
    if home := os.environ.get("HOME"):
        bases["~"] = Path(home)
    return bases


def short_origin(plugin: "Plugin") -> str:
    """Return where a plugin was found, on one short line."""
    if plugin.entry_point is not None or is_standard(plugin):
        from alas_manifest import escape_text

        return escape_text(plugin.search_path.origin)
    return short_path(plugin.search_path.path)


def is_standard(plugin: "Plugin") -> bool:
    """Say whether a plugin is a part of the standard library, whose names no other plugin can have."""
    return plugin.name == "std" or plugin.name.startswith("std.")


def name_for_info(plugin: "Plugin") -> str:
    """Return what makes `alas-plugin info` show this very plugin: its name, or its folder when the name means another or none.

    The next command line need not have the options of this one.
    """
    import shlex

    from alas_manifest import escape_text

    is_reachable = plugin.shadowed_by is None and plugin.search_path.origin != "command line"
    return escape_text(shlex.quote(plugin.name)) if is_reachable else shlex.quote(short_path(plugin.folder))


def searched_rows(registry: "Registry") -> "list[Row]":
    """Return a row for each place where plugins are looked for."""
    from alas_cli._rendering import PLAIN, QUIET
    from alas_manifest import escape_text

    rows: list[Row] = []
    for search_path in registry.search_paths:
        absent = "" if search_path.path.is_dir() else ", absent"
        rows.append(
            [
                (f"  {short_path(search_path.path)}", PLAIN),
                (f"  ({escape_text(search_path.origin)}{absent})", QUIET),
            ]
        )
    return rows
