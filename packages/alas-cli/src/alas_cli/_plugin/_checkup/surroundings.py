"""Environment, settings, folders, and files that ALaS writes."""

import json
import os
import shlex
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from alas_cli._plugin._checkup.finding import Finding, Status
from alas_cli._plugin._sources import short_path
from alas_cli._sizes import size_text

if TYPE_CHECKING:
    from alas_manifest import Diagnostic
    from alas_registry import SearchPath, Settings

_VARIABLES = ("ALAS_HOME", "ALAS_PLUGIN_PATH", "ALAS_PLUGIN_DEBUG")


def check_environment() -> Iterator[Finding]:
    """Look at the variables of the environment that are for ALaS."""
    from alas_manifest import nearest_name

    for name in _VARIABLES:
        if name in os.environ:
            yield Finding("ok", name, os.environ[name])
    for name in sorted(os.environ):
        if name.startswith("ALAS_") and name not in _VARIABLES:
            near = nearest_name(name, _VARIABLES)
            advice = f"did you mean {near}?" if near is not None else f"there are: {', '.join(_VARIABLES)}"
            yield Finding("warning", name, "nothing reads this variable", advice)


def check_settings(settings: "Settings | None", findings: "Sequence[Diagnostic]") -> Iterator[Finding]:
    """Look at the files of settings.

    Args:
        settings: what they say; None when they cannot be used.
        findings: what is wrong with them.
    """
    for diagnostic in findings:
        place = f"{diagnostic.file}:{diagnostic.line}:{diagnostic.column}"
        status: Status = "problem" if diagnostic.is_error else "warning"
        yield Finding(status, "settings", f"{place}: {diagnostic.message}", diagnostic.help)
    if settings is None:
        return
    for file in settings.files:
        yield Finding("ok", "settings", short_path(file))
    if not settings.files:
        user_file = short_path(settings.home / "config.toml")
        yield Finding("ok", "settings", f"none; they would be in ./alas.toml and {user_file}")
    native = settings.native
    is_refused = f"is refused by {native.origin}: plugins that have any are not loaded"
    is_trusted = "is trusted: it runs as a part of the process, and nothing holds it"
    yield Finding("ok", "native code", is_refused if native.refuses_any else is_trusted)


def check_home(settings: "Settings") -> Iterator[Finding]:
    """Look at the user's own folder, and at what ALaS writes there."""
    home = settings.home
    if home.exists():
        yield from _check_folder("home", home, "", is_needed=True)
        if home.is_dir() and not os.access(home, os.W_OK):
            text = f"{short_path(home)} cannot be written: nothing can be installed or remembered"
            yield Finding("problem", "home", text, f"chmod u+w {home}, or set ALAS_HOME")
    else:
        yield Finding("ok", "home", f"{short_path(home)}, which will be made when it is needed")
    yield _log(settings)
    yield _cache(home / "cache" / "plugins.json")


def check_search_path(search_path: "SearchPath", count: int) -> Iterator[Finding]:
    """Look at a folder of plugins.

    Args:
        search_path: the folder.
        count: how many plugins were found there.
    """
    path = search_path.path
    plugins = "1 plugin" if count == 1 else f"{count} plugins"
    remark = f" ({search_path.origin}), {plugins}"
    if not path.exists():
        if search_path.may_be_absent:
            yield Finding("ok", "search path", f"{short_path(path)} ({search_path.origin}), absent")
        else:
            text = f"{short_path(path)} is not there; it was named by: {search_path.origin}"
            yield Finding("warning", "search path", text, "make the folder, or name another")
        return
    yield from _check_folder("search path", path, remark, is_needed=not search_path.may_be_absent)
    for link in _dangling_links(path):
        text = f"{short_path(link)} is a link to {os.readlink(link)}, where nothing is"  # noqa: PTH115 - the text as it is
        yield Finding("warning", link.name, text, f"rm {shlex.quote(str(link))}")


def _dangling_links(folder: Path) -> list[Path]:
    """Return the links in a folder that lead nowhere, as one to a plugin does that has gone."""
    try:
        return sorted(path for path in folder.iterdir() if path.is_symlink() and not path.exists())
    except OSError:
        return []


def _check_folder(name: str, path: Path, remark: str, *, is_needed: bool) -> Iterator[Finding]:
    shown = short_path(path)
    if path.is_symlink():
        remark += f", a link to {short_path(path.resolve())}"
    if not path.is_dir():
        status: Status = "problem" if is_needed else "warning"
        yield Finding(status, name, f"{shown} is no folder", "remove it, or name another")
        return
    if not os.access(path, os.R_OK | os.X_OK):
        yield Finding("problem", name, f"{shown} cannot be read", f"chmod u+rx {path}")
        return
    risks = list(_risks(path))
    for text, advice in risks:
        yield Finding("warning", name, f"{shown}{remark}: {text}", advice)
    if not risks:
        yield Finding("ok", name, f"{shown}{remark}")


def _risks(path: Path) -> Iterator[tuple[str, str]]:
    """Yield in which ways somebody else could put plugins into a folder."""
    if not hasattr(os, "geteuid"):
        return
    status = path.stat()
    if status.st_mode & stat.S_IWOTH:
        yield "everybody may write to it, and so plant plugins that you run", f"chmod o-w {path}"
    if status.st_uid not in (os.geteuid(), 0):
        yield (
            f"it belongs to {_owner(status.st_uid)}, who can change the plugins that you run",
            f"chown {os.geteuid()} {path}",
        )
    for parent in path.resolve().parents:
        mode = parent.stat().st_mode
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            yield f"everybody may replace it, because {parent} is open to all", f"chmod o-w {parent}"


def _owner(number: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"the user {number}"


def _log(settings: "Settings") -> Finding:
    log = settings.log
    shown = f"{short_path(log.file)}, level {log.level}"
    if log.level == "off":
        return Finding("ok", "log", "is switched off")
    folder = next(parent for parent in log.file.parents if parent.exists())
    if log.file.exists():
        if not log.file.is_file() or not os.access(log.file, os.W_OK):
            advice = f"make it writable, or choose another in {settings.home / 'config.toml'}: [log] file"
            return Finding("warning", "log", f"{shown}, cannot be written", advice)
        return Finding("ok", "log", f"{shown}, {size_text(log.file.stat().st_size)}")
    if not os.access(folder, os.W_OK):
        return Finding(
            "warning", "log", f"{shown}, cannot be made in {short_path(folder)}", f"chmod u+w {folder}"
        )
    return Finding("ok", "log", f"{shown}, nothing written yet")


def _cache(file: Path) -> Finding:
    shown = short_path(file)
    if not file.exists():
        return Finding("ok", "cache", f"{shown}, not there yet")
    try:
        # The first line says for which version the rest is; another one is no damage.
        json.loads(file.read_bytes().partition(b"\n")[2])
    except (OSError, ValueError, RecursionError):
        return Finding("warning", "cache", f"{shown} cannot be read, which costs time", f"rm {file}")
    return Finding("ok", "cache", f"{shown}, {size_text(file.stat().st_size)}")
