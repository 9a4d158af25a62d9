"""Packages, Python, the engine, and the loaders of plugins."""

import platform
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint, PackageNotFoundError, entry_points, version

from alas_cli._plugin._checkup.finding import Finding

_NEEDED = (
    "alas-cli",
    "alas-core",
    "alas-interp",
    "alas-registry",
    "alas-installer",
    "alas-loader-native",
    "alas-builtin",
    "alas-manifest",
)
_PACKAGE_BY_TYPE = {
    "module": "alas-interp",
    "builtin": "alas-interp",
    "native": "alas-loader-native",
    "hybrid": "alas-loader-native",
}


def check_packages() -> Iterator[Finding]:
    """Look at versions: of ALaS, of Python, and of the system."""
    own = _version("alas-cli")
    for name in _NEEDED:
        found = _version(name)
        if found is None:
            yield Finding("problem", name, "is not installed", f"pip install {name}=={own}")
        elif found != own:
            text = f"{found}, but alas-cli is {own}; they only work together in one version"
            yield Finding("problem", name, text, f"pip install {name}=={own}")
        else:
            yield Finding("ok", name, found)
    yield Finding("ok", "Python", f"{platform.python_version()}, {sys.executable}")
    yield Finding("ok", "system", f"{platform.system()} {platform.release()}, {platform.machine()}")
    yield _engine()


def check_loaders() -> Iterator[Finding]:
    """Look for what runs each type of plugin."""
    for plugin_type, package in _PACKAGE_BY_TYPE.items():
        points = sorted(entry_points(group="alas.loaders", name=plugin_type), key=lambda point: point.value)
        name = f"{plugin_type} plugins"
        if not points:
            found = _version(package)
            if found is not None:
                yield Finding("note", name, f"cannot be run: {package} {found} brings no loader for them")
            else:
                yield Finding("note", name, "cannot be run", f"pip install {package}")
            continue
        yield _loader(name, points[0])
        for point in points[1:]:
            text = f"{point.value} is not used, because {points[0].value} is there as well"
            yield Finding("warning", name, text, "uninstall one of the two packages")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _engine() -> Finding:
    """Let the engine do something."""
    try:
        import alas_core
        from alas_cli._language_json import JsonReader

        works = JsonReader()("[1]") == [1]
    except Exception as error:  # whatever is wrong with it is the answer  # noqa: BLE001
        text = f"does not work: {type(error).__name__}: {error}"
        return Finding("problem", "engine", text, "pip install --force-reinstall alas-core")
    if not works:
        return Finding("problem", "engine", "gives wrong results", "pip install --force-reinstall alas-core")
    return Finding("ok", "engine", f"{alas_core.version}, runs programs")


def _loader(name: str, point: EntryPoint) -> Finding:
    package = point.dist.name if point.dist is not None else "its package"
    try:
        point.load()
    except Exception as error:  # whatever is wrong with it is the answer  # noqa: BLE001
        text = f"{point.value} of {package} fails: {type(error).__name__}: {error}"
        return Finding("problem", name, text, f"pip install --force-reinstall {package}")
    return Finding("ok", name, f"{point.value} of {package}")
