"""Plugins for one interpreter."""

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import alas_core
from alas_interp._folder_checks import LOGGER
from alas_interp._interpreter import Interpreter
from alas_interp._sources import list_of_paths
from alas_interp.loaders import PluginLoader, loader_maker
from alas_registry import LoadReport, NativePolicy, Registry


class PluginManager:
    """Finds plugins and loads them into an interpreter.

    Its registry runs all plugins in the interpreter itself, so that a call from a program to a plugin in ALaS or in native
    code stays in the engine.

    Attributes:
        interpreter: where programs and plugins run.
        registry: the plugins.

    Example:
        >>> with PluginManager(Interpreter()) as manager:
        ...     manager.initialize([]).loaded
        ()
    """

    def __init__(self, interpreter: Interpreter, *, native: NativePolicy | None = None) -> None:
        """Make a manager without plugins.

        Args:
            interpreter: where plugins will run; its programs can use them from now on.
            native: whether plugins with native code may be loaded; None trusts them.
        """
        self.interpreter = interpreter
        loader = PluginLoader(interpreter)
        self.registry = Registry(
            {"module": loader, "builtin": loader},
            alas_version=alas_core.version,
            make_loader=loader_maker(lambda: interpreter),
            native=native,
        )
        interpreter.use_plugins(self.registry)

    def initialize(self, paths: Iterable[str | Path]) -> LoadReport:
        """Find the plugins in folders, and load those that do not ask to be loaded at first use.

        A plugin that fails does not keep the others from loading. To be called again when more has come; folders that are
        searched already are not searched twice.

        Args:
            paths: folders whose folders are plugins, or that are plugins themselves.

        Returns:
            What was loaded, what failed and why, and what was left for later. A folder that cannot be searched is in the
            registry's `problems`, and a warning of the logger `alas.registry`.

        Raises:
            TypeError: `paths` is one path.
        """
        for path in list_of_paths("paths", paths):
            if Path(path).absolute() not in (known.path for known in self.registry.search_paths):
                self.registry.add_search_path(path)
        self.registry.discover()
        for problem in self.registry.problems:
            LOGGER.warning("no plugins from %s: %s", problem.file, problem.message)
        return self.registry.load_all()

    def close(self) -> None:
        """Unload all plugins and close the interpreter. Closing twice is allowed."""
        try:
            self.registry.close()
        finally:
            self.interpreter.close()

    def __enter__(self) -> Self:
        """Return the manager; leaving the `with` statement closes it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the manager."""
        self.close()
