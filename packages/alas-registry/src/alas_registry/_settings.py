"""The settings of a user and of the current folder, from `config.toml` and `alas.toml`.

Both files hold the same tables. `./alas.toml` wins over `config.toml` in the folder of the user; the folders above the current
one are not searched, so that what a command does can be told from the place where it is run. A file that is wrong is refused
as a whole, never used in part: settings also say what is allowed. What nothing reads is a warning.

An `alas.toml` may have come with somebody else's project. It names folders of plugins, as the folder `plugins` beside it
does; it cannot have anything written outside its own folder.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from alas_registry._home import absolute, alas_home, current_folder
from alas_registry._native_policy import NativePolicy
from alas_registry._search_paths import SearchPath
from alas_registry._settings_errors import SettingsError
from alas_registry._settings_file import EVERY_PLUGIN, SettingsFile

if TYPE_CHECKING:
    from alas_manifest import Diagnostic

Level = Literal["debug", "info", "warning", "error", "off"]
"""From which level on records are kept; `off` keeps none and makes no file."""


class LogSettings(NamedTuple):
    """What is logged, and where.

    Attributes:
        file: the log file.
        level: from which level on; debugging keeps everything.
        system: whether the system's log gets it too; None is only where ALaS is installed for the whole system.
        max_size: the largest size of a file, in bytes.
        max_files: how many files there are at most, the one that is written included.
    """

    file: Path
    level: Level = "info"
    system: bool | None = None
    max_size: int = 1_000_000
    max_files: int = 5


class LimitSettings(NamedTuple):
    """How much the code of plugins may use.

    Attributes:
        memory: the most bytes at once, where a manifest says nothing.
        timeout: how many seconds a call may take, where a manifest says nothing.
        most_memory: the most bytes whatever a manifest says; None is as much as it says.
        most_timeout: the most seconds whatever a manifest says.
        most_cores: the largest share of cores whatever a manifest says.
    """

    memory: int = 256 << 20
    timeout: float = 30.0
    most_memory: int | None = None
    most_timeout: float | None = None
    most_cores: float | None = None


class GrantSettings(NamedTuple):
    """What a user grants to a plugin, of all that its manifest asks for; None is everything of the kind.

    Attributes:
        read: paths of files and folders that may be read.
        write: those that may be made, changed and removed.
        net: hosts, each alone or with a port.
        run: commands.
        env: names of environment variables.

    Example:
        >>> GrantSettings(env=("HOME",)).is_empty, GrantSettings().is_empty
        (False, True)
    """

    read: tuple[str, ...] | None = ()
    write: tuple[str, ...] | None = ()
    net: tuple[str, ...] | None = ()
    run: tuple[str, ...] | None = ()
    env: tuple[str, ...] | None = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is granted."""
        return all(reach == () for reach in self)


class Settings(NamedTuple):
    """The settings that are in force.

    Attributes:
        home: the folder of the user's own plugins, settings and logs.
        log: what is logged.
        plugin_paths: where plugins are looked for as the files say, first the path that wins.
        files: the files that were there, first the one that wins.
        warnings: what nothing reads in them.
        limits: how much plugins may use.
        grants: what is granted to plugins, by their names in lower case.
        native: whether native code of plugins may run.
        granted_to_all: what is granted to every plugin, beside what is granted to it by name.
    """

    home: Path
    log: LogSettings
    plugin_paths: tuple[SearchPath, ...] = ()
    files: tuple[Path, ...] = ()
    warnings: "tuple[Diagnostic, ...]" = ()
    limits: LimitSettings = LimitSettings()
    grants: Mapping[str, GrantSettings] = MappingProxyType({})
    native: NativePolicy = NativePolicy()
    granted_to_all: GrantSettings = GrantSettings()

    def grant_of(self, plugin: str) -> GrantSettings:
        """Return what is granted to a plugin by its name.

        Args:
            plugin: its name; upper and lower case are the same.
        """
        return self.grants.get(plugin.casefold(), GrantSettings())


def read_settings(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """Read the settings; files that are not there say nothing.

    Args:
        environ: the environment; None is that of the process.
        folder: whose `alas.toml` is read; None is the current folder.

    Returns:
        The settings.

    Raises:
        SettingsError: a file cannot be read or has errors; it says all of them.

    Example:
        >>> settings = read_settings({"ALAS_HOME": "/no/such/folder"}, Path("/no/such/folder"))
        >>> settings.log.level
        'info'
    """
    environ = os.environ if environ is None else environ
    home = alas_home(environ)
    folder = absolute(folder) if folder is not None else current_folder()
    files = [SettingsFile(environ, home)]
    if folder is not None:
        files.insert(0, SettingsFile(environ, home, project=folder))
    for file in files:
        file.read()
    findings = [finding for file in files for finding in file.findings]
    if any(finding.is_error for finding in findings):
        raise SettingsError(findings)
    # Only the user's own file has any.
    grants = {plugin: GrantSettings(**rights) for plugin, rights in files[-1].grants.items()}
    log: dict[str, object] = {}
    for file in reversed(files):
        log |= file.log
    return Settings(
        home,
        LogSettings(**{"file": home / "logs" / "plugins.log"} | log),  # type: ignore[arg-type] # each was read as its kind
        tuple(path for file in files for path in file.plugin_paths),
        tuple(file.path for file in files if file.is_there),
        tuple(findings),
        _limits(files),
        {plugin: granted for plugin, granted in grants.items() if plugin != EVERY_PLUGIN},
        _native(files),
        grants.get(EVERY_PLUGIN, GrantSettings()),
    )


def _limits(files: list[SettingsFile]) -> LimitSettings:
    """Return what holds for plugins: what the user says, which a project can only narrow."""
    limits = LimitSettings()._asdict()
    *project, user = files
    limits |= user.limits
    for file in project:
        for name, value in file.limits.items():
            before = limits[name]
            limits[name] = value if before is None else min(before, value)
    return LimitSettings(**limits)


def _native(files: list[SettingsFile]) -> NativePolicy:
    """Return whether native code may run: what the user says, which a project can only narrow."""
    refusing = next((file for file in reversed(files) if file.native == "refused"), None)
    return NativePolicy("refused", f"`plugins.native` in {refusing.path}") if refusing else NativePolicy()
