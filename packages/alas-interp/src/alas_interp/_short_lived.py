"""Plugins that want to be given back after each call from outside, also where Python calls them through an interpreter.

`Registry.call` gives them back by itself. A call through the interpreter does not pass the registry, so it tells it.
"""

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alas_registry import Registry


class ShortLived:
    """The modules of the plugins in an interpreter that are not to be kept between calls."""

    def __init__(self) -> None:
        self._modules: set[str] = set()

    def note(self, module: str, *, is_persistent: bool) -> None:
        """Note whether the plugin with a module wants to be kept.

        Args:
            module: the module's name.
            is_persistent: whether it does.
        """
        if is_persistent:
            self._modules.discard(module)
        else:
            self._modules.add(module)

    def has(self, function: str) -> bool:
        """Return whether a function belongs to such a plugin.

        Args:
            function: the names of the module and the function, with a dot between.
        """
        return bool(self._modules) and function.rpartition(".")[0] in self._modules

    @contextlib.contextmanager
    def in_use(
        self, module: str, registry: "Registry | None", forget: Callable[[str], None]
    ) -> Iterator[None]:
        """Have the registry give a plugin back after a call, unless it is used elsewhere.

        Args:
            module: the plugin's module.
            registry: where it is loaded; None is nowhere.
            forget: forgets the module in the interpreter, for a registry that runs its plugins in another one.
        """
        plugin = registry.find_module(module) if registry is not None else None
        if registry is None or plugin is None:
            yield
            return
        with registry.load(plugin.name).in_use():
            yield
        if module in self._modules and registry.get(plugin.name).state != "loaded":
            forget(module)
