"""The plugins that a command can use: the one place where a command makes a registry.

Settings → log → search paths → loaders → discovery. All of it happens when plugins are first asked for; a program that needs
none reads no settings and leaves no trace.
"""

import functools
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from alas_cli._command import SettingsMistake, UsageMistake, reading, write_error

if TYPE_CHECKING:
    from alas_interp import Interpreter
    from alas_registry import Plugin, Registry, Settings

_STATE_FILE = "state.json"
_OFF = ("", "0", "false", "no", "off")


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


def enable_debug(*, asked: bool) -> bool:
    """Let the log show and keep everything, if the command line or ALAS_PLUGIN_DEBUG asks for it.

    To be called before plugins are asked for.

    Returns:
        Whether anybody asks for it.
    """
    if not asked and os.environ.get("ALAS_PLUGIN_DEBUG", "").lower() in _OFF:
        return False
    import logging

    logging.getLogger("alas.registry").setLevel(logging.DEBUG)
    return True


def registry_maker(
    interpreter: "Callable[[], Interpreter] | None",
    plugin_paths: Sequence[str],
    *,
    lists_standard_library: bool = False,
) -> "Callable[[], Registry]":
    """Return what finds the plugins, for the case that a program needs any.

    Args:
        interpreter: returns where the plugins will run; None is for who checks them only, and opens no libraries of native code.
        plugin_paths: the folders that the command line names; they win over all others.
        lists_standard_library: whether the plugins are listed for people, who want to see the standard library too.

    Returns:
        A function that does as `make_registry` does.
    """
    return lambda: make_registry(interpreter, plugin_paths, lists_standard_library=lists_standard_library)


def make_registry(
    interpreter: "Callable[[], Interpreter] | None",
    plugin_paths: Sequence[str],
    *,
    lists_standard_library: bool = False,
) -> "Registry":
    """Find the plugins.

    Args:
        interpreter: returns where the plugins will run; None is for who checks them only, and opens no libraries of native code.
        plugin_paths: the folders that the command line names; they win over all others.
        lists_standard_library: whether the plugins are listed for people, who want to see the standard library too.

    Returns:
        A registry that has looked for plugins, as settings and environment say.

    Raises:
        UsageMistake: the settings have errors.
    """
    import alas_core
    from alas_interp import Interpreter, PluginLimits
    from alas_interp.loaders import PluginLoader, loader_maker, standard_manifests
    from alas_registry import Registry, search_paths

    settings = settings_in_force()
    if interpreter is None:
        # Whoever leaves it open where plugins run does not run them.
        interpreter = functools.cache(lambda: Interpreter(opens_libraries=False))
    interpreter().plugin_limits = PluginLimits(**settings.limits._asdict())
    _grant(interpreter(), settings)
    loader = PluginLoader(interpreter())
    registry = Registry(
        {"module": loader, "builtin": loader},
        alas_version=alas_core.version,
        cache=settings.home / "cache" / "plugins.json",
        make_loader=loader_maker(interpreter),
        native=settings.native,
    )
    for path in plugin_paths:
        registry.add_search_path(path, origin="command line")
    registry.add_search_paths(search_paths(settings))
    if lists_standard_library:
        registry.provide(standard_manifests(), origin="standard library")
    registry.discover()
    return registry


def _grant(interpreter: "Interpreter", settings: "Settings") -> None:
    """Let plugins reach what the settings grant them, beside what the command line does."""
    from alas_cli._ownership import granted_to
    from alas_interp import Permissions

    of_command_line = interpreter.plugin_permissions

    def granted(plugin: "Plugin") -> Permissions:
        grant = granted_to(plugin, settings)
        kept = Permissions(
            read=grant.read, write=grant.write, commands=grant.run, network=grant.net, variables=grant.env
        )
        return kept | of_command_line(plugin) if of_command_line is not None else kept

    interpreter.plugin_permissions = granted


def working_folder() -> Path | None:
    """Return the current folder, or None when it is gone."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return None


def settings_in_force() -> "Settings":
    """Read the settings, and begin the log that they ask for.

    Returns:
        The settings. What nothing reads in them is told to the user, once.

    Raises:
        UsageMistake: they have errors; settings also say what is allowed, so nothing goes on without them.
    """
    import logging

    from alas_registry import SettingsError, configure_logging, read_settings

    try:
        settings = read_settings()
    except SettingsError as error:
        raise SettingsMistake(error.message, error.diagnostics) from None
    logger = logging.getLogger("alas.registry")
    # The log of a process is begun once, however many registries it makes.
    if not logger.handlers:
        configure_logging(settings.log, debug=logger.level == logging.DEBUG, show=write_error)
        for search_path in settings.files:
            logger.debug("settings: %s", search_path)
        for finding in settings.warnings:
            advice = f"; {finding.help}" if finding.help is not None else ""
            logger.warning(
                "%s:%d:%d: %s%s", finding.file, finding.line, finding.column, finding.message, advice
            )
    return settings


def load_remembered(registry: "Callable[[], Registry | None]") -> None:
    """Load the plugins that `alas-plugin load` was told to load in every run, and what they depend on.

    What cannot be loaded is told to the user; the run goes on without it.

    Args:
        registry: makes the registry; not called when nothing is remembered.

    Raises:
        UsageMistake: the settings have errors.
    """
    if not _may_remember():
        return
    import logging

    from alas_registry import RegistryError, RememberedPlugins, StateError

    logger = logging.getLogger("alas.registry")
    settings = settings_in_force()
    try:
        names = RememberedPlugins(settings.home).names()
    except StateError as error:
        logger.warning("%s", error.message)
        return
    made = registry() if names else None
    if made is None:
        return
    for name in names:
        try:
            made.load(name)
        except RegistryError as error:
            logger.warning(
                "the remembered plugin `%s` is not loaded: %s; to forget it: alas-plugin unload %s",
                name,
                error.message,
                name,
            )


def _may_remember() -> bool:
    """Say whether there is a list of remembered plugins.

    Every run asks, so nothing is imported for it that most runs do not need.
    """
    home = os.environ.get("ALAS_HOME")
    folder = os.path.expanduser(home or "~/.alas")  # noqa: PTH111 - a path object finds no home in some places, and raises
    return os.path.lexists(os.path.join(folder, _STATE_FILE))  # noqa: PTH118 - as above


def close(registry: "Registry") -> None:
    """Unload all plugins, which writes down how often they were called."""
    from alas_registry import RegistryError

    try:
        registry.close()
    except RegistryError as error:
        import logging

        logging.getLogger("alas.registry").warning("%s", error.message)
