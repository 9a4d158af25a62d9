"""The interface between the registry and the loaders, which it never imports.

A loader knows some types of plugin. It announces itself through the entry-point group `alas.loaders`, under the name of each
type, or is handed to the registry.
"""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from alas_registry._plugin import Plugin


@runtime_checkable
class LoadedPlugin(Protocol):
    """A plugin whose functions can be called.

    Its methods may be called from any thread. Two more attributes are optional: `manifest`, for a plugin that did not ship one;
    and `checks_calls`, true where arguments and results are checked against more than a manifest can say.
    """

    def call(self, function: str, arguments: Sequence[object]) -> object:
        """Call a function of the plugin.

        Args:
            function: the function's name, without the module's.
            arguments: its arguments in order, as Python values.

        Returns:
            What the function returned, as a Python value.

        Raises:
            Exception: whatever the loader raises for an error of the plugin.
        """
        ...

    def close(self) -> None:
        """Give back what the plugin holds: memory, workers, files. Closing twice is allowed."""
        ...


@runtime_checkable
class Loader(Protocol):
    """Makes plugins of one type, or of several, callable.

    A class named by entry points is made without arguments, once for all types under which it is announced.

    Example:
        >>> class EchoPlugin:
        ...     def call(self, function, arguments):
        ...         return [function, *arguments]
        ...
        ...     def close(self):
        ...         pass
        >>> class EchoLoader:
        ...     def load(self, plugin):
        ...         return EchoPlugin()
        >>> isinstance(EchoLoader(), Loader)
        True
    """

    def load(self, plugin: Plugin) -> LoadedPlugin:
        """Load a plugin.

        Args:
            plugin: a plugin with a manifest; the plugins it depends on are loaded.

        Returns:
            The loaded plugin.

        Raises:
            Exception: the plugin cannot be loaded; the registry reports it as `plugin_load_failed`, with this as its cause.
        """
        ...
