"""Where plugins are looked for, and in which order."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alas_registry._home import alas_home, current_folder, stated_path

if TYPE_CHECKING:
    from alas_registry._settings import Settings

DEFAULT_ORIGIN = "default"
# The folder in a search path that keeps what was installed; links beside it lead there.
INSTALLED_FOLDER = ".installed"
SYSTEM_PATH = Path("/usr/local/lib/alas/plugins")


@dataclass(frozen=True, slots=True)
class SearchPath:
    """A folder whose folders are plugins, or that is a plugin itself.

    Attributes:
        path: the folder, absolute; it may be absent.
        origin: who named it: `command line`, `ALAS_PLUGIN_PATH`, the file of settings, `default`.
    """

    path: Path
    origin: str

    @property
    def may_be_absent(self) -> bool:
        """Whether nobody named the folder in particular, so that its absence is no mistake."""
        return self.origin == DEFAULT_ORIGIN

    def __str__(self) -> str:
        """Return the folder and who named it."""
        return f"{self.path} ({self.origin})"


def search_paths(settings: "Settings", environ: Mapping[str, str] | None = None) -> list[SearchPath]:
    """Return where plugins are looked for, first the path that wins.

    What the command line names comes before all of these.

    Args:
        settings: what the files of settings say.
        environ: the environment; None is that of the process.

    Returns:
        The folders of `ALAS_PLUGIN_PATH`, those of `./alas.toml` and of the user's `config.toml`, then `./plugins`, the
        user's plugins, and the system's.

    Example:
        >>> from alas_registry import read_settings
        >>> environ = {"ALAS_HOME": "/no/such/folder", "ALAS_PLUGIN_PATH": "/one"}
        >>> search_paths(read_settings(environ, Path("/no/such/folder")), environ)[0].origin
        'ALAS_PLUGIN_PATH'
    """
    return _ordered(os.environ if environ is None else environ, settings.plugin_paths, settings.home)


def default_search_paths(environ: Mapping[str, str] | None = None) -> list[SearchPath]:
    """Return where plugins are looked for when no file of settings is read, first the path that wins.

    Args:
        environ: the environment; None is that of the process.

    Returns:
        The folders of `ALAS_PLUGIN_PATH`, then `./plugins`, the user's plugins, and the system's.

    Raises:
        SettingsError: nothing says where the user's home is.

    Example:
        >>> [
        ...     path.origin
        ...     for path in default_search_paths({"HOME": "/home/ada", "ALAS_PLUGIN_PATH": "/one"})
        ... ]
        ['ALAS_PLUGIN_PATH', 'default', 'default', 'default']
    """
    environ = os.environ if environ is None else environ
    return _ordered(environ, (), alas_home(environ))


def _ordered(environ: Mapping[str, str], of_files: Sequence[SearchPath], home: Path) -> list[SearchPath]:
    stated = [part for part in environ.get("ALAS_PLUGIN_PATH", "").split(os.pathsep) if part]
    here = current_folder()
    return [
        *(SearchPath(stated_path(part, environ), "ALAS_PLUGIN_PATH") for part in stated),
        *of_files,
        # Where the current folder is gone it holds no plugins either.
        *([SearchPath(here / "plugins", DEFAULT_ORIGIN)] if here is not None else []),
        SearchPath(home / "plugins", DEFAULT_ORIGIN),
        SearchPath(SYSTEM_PATH, DEFAULT_ORIGIN),
    ]
