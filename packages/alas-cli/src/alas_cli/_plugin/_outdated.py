"""Libraries that are older than what they are built of, which people forget after they have changed a source."""

import shlex
from pathlib import Path

from alas_cli._plugin._sources import short_path
from alas_manifest import Diagnostic, Manifest


def outdated_findings(folder: Path, manifest: Manifest) -> list[Diagnostic]:
    """Return a warning when the library of a plugin for this platform is older than one of its sources.

    Args:
        folder: the plugin's folder.
        manifest: its manifest.

    Returns:
        At most one finding; none for what is installed, which is not built where it is.
    """
    if manifest.type not in ("native", "hybrid"):
        return []
    from alas_loader_native import library_files, newer_source
    from alas_registry.installed import installed_details

    source = newer_source(folder, manifest)
    if source is None or installed_details(folder) is not None:
        return []
    library = library_files(folder, manifest)[0]
    message = (
        f"the library {library.relative_to(folder)} of the plugin {manifest.name} is older than its source "
        f"{source.relative_to(folder)}, so it does not have what has changed there"
    )
    advice = (
        f"build it again: {build_command(folder)}" if manifest.implementation.build_cmd else "build it again"
    )
    return [Diagnostic("library_outdated", "warning", message, str(library), "", 1, 1, advice)]


def build_command(folder: Path) -> str:
    """Return the command line that builds a plugin.

    Args:
        folder: the plugin's folder.

    Example:
        >>> build_command(Path("my-plugin"))
        'alas-plugin build ./my-plugin'
    """
    return f"alas-plugin build {shlex.quote(short_path(folder.absolute()))}"
