"""The plugins that a command can use."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from alas_cli._command import UsageMistake, reading

if TYPE_CHECKING:
    from alas_interp import Interpreter
    from alas_registry import Registry


def check_folders(option: str, folders: Sequence[str]) -> None:
    """Refuse folders that are not there.

    Raises:
        UsageMistake: one of them is no folder.
    """
    for folder in folders:
        path = Path(folder)
        with reading(f"{option}: the folder {folder!r}"):
            if not path.is_dir():
                advice = f"; it is a file: name its folder, {str(path.parent)!r}" if path.exists() else ""
                raise UsageMistake(f"{option}: there is no folder {folder!r}{advice}")
            if not os.access(path, os.R_OK | os.X_OK):
                raise UsageMistake(f"{option}: the folder {folder!r} may not be read: see its permissions")


def registry_maker(
    interpreter: "Callable[[], Interpreter] | None", plugin_paths: Sequence[str]
) -> "Callable[[], Registry]":
    """Return what finds the plugins, for the case that a program needs any.

    Args:
        interpreter: returns where the plugins will run; None leaves it to their loader.
        plugin_paths: the folders that the command line names; they win over all others.
    """

    def make() -> "Registry":
        import alas_core
        from alas_interp.loaders import ModuleLoader
        from alas_registry import Registry, default_search_paths

        registry = Registry(
            {"module": ModuleLoader(interpreter() if interpreter is not None else None)},
            alas_version=alas_core.version,
        )
        for path in plugin_paths:
            registry.add_search_path(path, origin="command line")
        registry.add_search_paths(default_search_paths())
        registry.discover()
        return registry

    return make


def enable_debug(*, asked: bool) -> bool:
    """Show the trace of the registry on standard error, if the command line or ALAS_PLUGIN_DEBUG asks for it.

    Returns:
        Whether it is shown.
    """
    if not asked and os.environ.get("ALAS_PLUGIN_DEBUG", "") in ("", "0"):
        return False
    import logging

    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
    logger = logging.getLogger("alas.registry")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    return True
