"""From a plugin to the library with its functions, as the engine opens it."""

import logging
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from alas_loader_native._platform import current_platform

if TYPE_CHECKING:
    from alas_core import NativeLibrary
    from alas_manifest import Diagnostic, FunctionSignature, Manifest
    from alas_registry import Plugin

_ALAS_ENDING = ".alas.json"
# The registry's logger: whoever asks about plugins looks there.
_LOGGER = logging.getLogger("alas.registry")


def native_functions(manifest: "Manifest") -> "tuple[FunctionSignature, ...]":
    """Return the functions that native code implements: all of a native plugin, those that say so of a hybrid one.

    Args:
        manifest: what the plugin says about itself.
    """
    if manifest.type == "native":
        return manifest.functions
    return tuple(function for function in manifest.functions if function.native)


def library_files(folder: Path, manifest: "Manifest") -> list[Path]:
    """Return the libraries of a plugin for this platform: first the one with its functions, then those that it may need.

    Args:
        folder: the plugin's folder.
        manifest: what it says about itself.

    Returns:
        The files, whether they are there or not; none where the plugin is not made for this platform.
    """
    here = current_platform()
    paths = [binary.for_platform(here) for binary in manifest.implementation.binaries]
    if not paths or paths[0] is None:
        # The others are of no use without the first.
        return []
    return [folder / path for path in paths if path is not None]


def missing_library(folder: Path, manifest: "Manifest") -> str | None:
    """Say why a plugin has no library to open here, and what to do.

    Args:
        folder: the plugin's folder.
        manifest: what it says about itself.

    Returns:
        A sentence; None when the library is there.
    """
    files = library_files(folder, manifest)
    command = manifest.implementation.build_cmd
    build = f"build it: alas-plugin build {shlex.quote(str(folder))}"
    if not files:
        stated = sorted({name for binary in manifest.implementation.binaries for name in binary.platforms})
        made_for = f"it has libraries for {', '.join(stated)}" if stated else "its manifest names no library"
        advice = "build it on this platform, and add the library to `implementation.binaries`"
        return f"the plugin {manifest.name} has no library for {current_platform()}: {made_for}; {advice}"
    if files[0].is_file():
        return None
    advice = build if command is not None else "put it there, or add `implementation.build_cmd` that makes it"
    return f"the library {files[0]} of the plugin {manifest.name} is not there; {advice}"


def newer_source(folder: Path, manifest: "Manifest") -> Path | None:
    """Return the source of a plugin that was changed last, if that was after its library was built.

    ALaS code does not count, since no library is made of it.

    Args:
        folder: the plugin's folder, where it is built.
        manifest: what it says about itself.

    Returns:
        The file; None when the library is newer than all sources that the manifest names, or not there.
    """
    files = library_files(folder, manifest)
    if not files or not native_functions(manifest):
        return None
    compiled = [folder / path for path in manifest.implementation.sources if not path.endswith(_ALAS_ENDING)]
    changed = {path: when for path in compiled if (when := _changed(path)) is not None}
    built = _changed(files[0])
    last = max(changed, key=changed.__getitem__, default=None)
    return last if last is not None and built is not None and changed[last] > built else None


def _changed(file: Path) -> int | None:
    """Return when a file was changed; None when it is not there, or cannot be looked at."""
    try:
        return file.stat().st_mtime_ns
    except (OSError, ValueError):
        return None


def library_findings(folder: Path, manifest: "Manifest") -> "list[Diagnostic]":
    """Return what is wrong with the library of a plugin, as far as its file tells; none of it runs.

    Args:
        folder: the plugin's folder.
        manifest: what it says about itself.

    Returns:
        At most one finding; none for a plugin without native functions, or whose library is not there.
    """
    files = library_files(folder, manifest)
    if not native_functions(manifest) or not files or not files[0].is_file():
        return []
    from alas_core import inspect_library
    from alas_core.errors import NativeLoadError
    from alas_manifest import Diagnostic

    try:
        inspect_library(files[0])
    except NativeLoadError as error:
        advice = "build the plugin again" if manifest.implementation.build_cmd is not None else None
        return [Diagnostic(error.code, "error", error.message, str(files[0]), "", 1, 1, advice)]
    return []


def library_of(plugin: "Plugin", manifest: "Manifest") -> "NativeLibrary":
    """Return the library of a plugin, and what it has to be like.

    Args:
        plugin: the plugin. One without a library for this platform gets its folder in place of it, which cannot be opened.
        manifest: its manifest.
    """
    from alas_core import NativeLibrary
    from alas_interp.loaders import declare_type

    files = library_files(plugin.folder, manifest)
    library, companions = (files[0], files[1:]) if files else (plugin.folder, [])
    return NativeLibrary(
        folder=plugin.folder,
        file=library,
        companions=companions,
        module=manifest.module,
        functions=[
            (
                function.name,
                [(one.name, str(one.type)) for one in function.params],
                str(function.returns) if function.returns is not None else None,
            )
            for function in native_functions(manifest)
        ],
        types=[declare_type(definition) for definition in manifest.types],
        callable=[dependency.name for dependency in manifest.dependencies],
        is_parallel=manifest.runtime.parallel,
        log=_log,
    )


def _log(plugin: str, level: int, text: str) -> None:
    # A record is one line, which its readers count on.
    for line in text.splitlines():
        _LOGGER.log(level, "%s: %s", plugin, line)
