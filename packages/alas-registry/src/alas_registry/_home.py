"""The folder of a user's own plugins, settings and logs. Cheap to import, because every command asks for it."""

import os
from collections.abc import Mapping
from pathlib import Path


def alas_home(environ: Mapping[str, str] | None = None) -> Path:
    """Return the folder of the user's own plugins, settings and logs.

    Args:
        environ: the environment; None is that of the process.

    Returns:
        `ALAS_HOME`, or `.alas` in the user's home.

    Raises:
        SettingsError: nothing says where the user's home is.

    Example:
        >>> alas_home({"ALAS_HOME": "/srv/alas"}).as_posix()
        '/srv/alas'
    """
    environ = os.environ if environ is None else environ
    if stated := environ.get("ALAS_HOME"):
        return stated_path(stated, environ)
    return user_home(environ) / ".alas"


def user_home(environ: Mapping[str, str]) -> Path:
    """Return the user's home.

    Args:
        environ: the environment; what it does not say, the system's list of users does.

    Raises:
        SettingsError: nothing says where it is.
    """
    stated = environ.get("HOME") or environ.get("USERPROFILE")
    try:
        return Path(stated) if stated else Path.home()
    except RuntimeError:
        from alas_registry._settings_errors import SettingsError, problem

        message = "the folder of settings and plugins cannot be found: neither ALAS_HOME nor HOME is set"
        advice = "set ALAS_HOME to a folder of your own"
        raise SettingsError([problem("home_not_found", message, "ALAS_HOME", help=advice)]) from None


def stated_path(text: str, environ: Mapping[str, str], folder: Path | None = None) -> Path:
    """Return the path that somebody wrote.

    Args:
        text: the path; `~` is the user's home, `~name` that of another user.
        environ: the environment, which says where that is.
        folder: what a relative path starts from; None is the current folder.

    Returns:
        The path, absolute.

    Example:
        >>> stated_path("~/more", {"HOME": "/home/ada"}).as_posix()
        '/home/ada/more'
    """
    if text == "~" or text.startswith("~/"):
        return absolute(user_home(environ) / text[2:])
    if text.startswith("~"):
        text = os.path.expanduser(text)  # noqa: PTH111 - leaves a name that is no user's as it is
    return absolute(folder / text if folder is not None else Path(text))


def absolute(path: Path) -> Path:
    """Return a path from the root; as it is where the current folder is gone."""
    try:
        return path.absolute()
    except FileNotFoundError:
        return path


def current_folder() -> Path | None:
    """Return the current folder, or None when it is gone."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return None
