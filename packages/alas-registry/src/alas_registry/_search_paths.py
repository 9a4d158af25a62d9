"""Where plugins are looked for, and in which order."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULT_ORIGIN = "default"
SYSTEM_PATH = Path("/usr/local/lib/alas/plugins")


@dataclass(frozen=True, slots=True)
class SearchPath:
    """A folder whose folders are plugins, or that is a plugin itself.

    Attributes:
        path: the folder, absolute; it may be absent.
        origin: who named it: `ALAS_PLUGIN_PATH`, `default`, `command line`.
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


def alas_home(environ: Mapping[str, str] | None = None) -> Path:
    """Return the folder of the user's own plugins, settings and logs.

    Args:
        environ: the environment; None is that of the process.

    Returns:
        `ALAS_HOME`, or `.alas` in the user's home.
    """
    environ = os.environ if environ is None else environ
    if stated := environ.get("ALAS_HOME"):
        return _absolute(stated, environ)
    return _user_home(environ) / ".alas"


def default_search_paths(environ: Mapping[str, str] | None = None) -> list[SearchPath]:
    """Return where plugins are looked for when nobody says otherwise, first the path that wins.

    What the command line names comes before all of these.

    Args:
        environ: the environment; None is that of the process.

    Returns:
        The folders of `ALAS_PLUGIN_PATH`, then `./plugins`, the user's plugins, and the system's.

    Example:
        >>> [
        ...     path.origin
        ...     for path in default_search_paths({"HOME": "/home/ada", "ALAS_PLUGIN_PATH": "/one"})
        ... ]
        ['ALAS_PLUGIN_PATH', 'default', 'default', 'default']
    """
    environ = os.environ if environ is None else environ
    stated = [part for part in environ.get("ALAS_PLUGIN_PATH", "").split(os.pathsep) if part]
    return [
        *(SearchPath(_absolute(part, environ), "ALAS_PLUGIN_PATH") for part in stated),
        SearchPath(Path.cwd() / "plugins", DEFAULT_ORIGIN),
        SearchPath(alas_home(environ) / "plugins", DEFAULT_ORIGIN),
        SearchPath(SYSTEM_PATH, DEFAULT_ORIGIN),
    ]


def _user_home(environ: Mapping[str, str]) -> Path:
    stated = environ.get("HOME") or environ.get("USERPROFILE")
    return Path(stated) if stated else Path.home()


def _absolute(text: str, environ: Mapping[str, str]) -> Path:
    if text == "~" or text.startswith("~/"):
        return _user_home(environ) / text[2:]
    return Path(text).absolute()
