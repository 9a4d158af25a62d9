"""Which loader runs which type of plugin."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from alas_registry._errors import LoaderBrokenError, LoaderNotFoundError
from alas_registry._loading import Loader
from alas_registry._trace import LOGGER

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from alas_registry._plugin import Plugin

ENTRY_POINT_GROUP = "alas.loaders"

# What brings a loader for each type, for the message that says that there is none.
_PACKAGES = {
    "module": "alas-interp",
    "builtin": "alas-interp",
    "native": "alas-loader-native",
    "hybrid": "alas-loader-native",
}


class LoaderTable:
    """Finds loaders: those that were given, then those that installed packages announce.

    Announced loaders are imported when a plugin of their type is loaded first, never before.
    """

    def __init__(
        self,
        given: Mapping[str, Loader] | None,
        make: Callable[[Callable[..., Loader]], Loader] | None = None,
    ) -> None:
        self._make_of = make if make is not None else self._make_alone
        self._shared: dict[str, object] = {}
        self._loaders = dict(given or {})
        self._made: dict[str, Loader] = {}

    def find(self, plugin: "Plugin", plugin_type: str) -> Loader:
        """Return the loader for a plugin.

        Args:
            plugin: the plugin, for messages.
            plugin_type: its type.

        Returns:
            The loader.

        Raises:
            LoaderNotFoundError: there is no loader for the type.
            LoaderBrokenError: the loader cannot be imported or made.
        """
        loader = self._loaders.get(plugin_type)
        if loader is None:
            loader = self._loaders[plugin_type] = self._announced(plugin, plugin_type)
        return loader

    def _announced(self, plugin: "Plugin", plugin_type: str) -> Loader:
        from importlib.metadata import entry_points

        announced = sorted(
            entry_points(group=ENTRY_POINT_GROUP, name=plugin_type), key=lambda point: point.value
        )
        if not announced:
            package = _PACKAGES.get(plugin_type, "a package with a loader for it")
            raise LoaderNotFoundError(
                f"plugin `{plugin.name}` in {plugin.folder} is of type {plugin_type}, for which no loader is installed; "
                f"it comes with {package}: pip install {package}",
                plugin=plugin.name,
            )
        if len(announced) > 1:
            values = ", ".join(point.value for point in announced)
            LOGGER.warning(
                "several loaders for %s plugins are installed (%s); the first is used", plugin_type, values
            )
        point = announced[0]
        if point.value not in self._made:
            # A class that is announced for several types is made once, so that it can let these use each other.
            self._made[point.value] = self._make(plugin, point)
        return self._made[point.value]

    def _make_alone(self, announced: Callable[..., Loader]) -> Loader:
        """Make a loader, with the place where the loaders of this registry leave what they share."""
        for_registry = getattr(announced, "for_registry", None)
        made: Loader = announced() if for_registry is None else for_registry(self._shared)
        return made

    def _make(self, plugin: "Plugin", point: "EntryPoint") -> Loader:
        package = point.dist.name if point.dist is not None else "its package"
        try:
            loader = self._make_of(point.load())
        except Exception as error:
            raise LoaderBrokenError(
                f"plugin `{plugin.name}` in {plugin.folder} needs the loader {point.value} of {package}, which fails: "
                f"{type(error).__name__}: {error}; install {package} again",
                plugin=plugin.name,
            ) from error
        if not isinstance(loader, Loader):
            raise LoaderBrokenError(
                f"plugin `{plugin.name}` in {plugin.folder} needs the loader {point.value} of {package}, which is no "
                f"loader: it lacks load; install a version of {package} that fits",
                plugin=plugin.name,
            )
        LOGGER.debug("loader for %s plugins: %s of %s", point.name, point.value, package)
        return loader
