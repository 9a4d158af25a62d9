"""Builtin plugins that installed Python packages announce, found without importing anything of theirs.

A package announces a plugin in the entry-point group `alas.builtin_plugins`: the name of the entry point is that of the plugin,
its value leads to the object. The manifest is a `plugin.json` in the folder of the object's Python package, or of a package
around that. A plugin without one is listed too; what its manifest says is known once it is loaded.

Importing what reads the metadata of packages takes some thirty milliseconds. So a look at the files comes first, which takes
less than one: where no package announces anything, nothing is imported.
"""

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import TYPE_CHECKING

from alas_registry._manifest_cache import ManifestCache
from alas_registry._plugin import Facts, Plugin, PluginState
from alas_registry._search_paths import SearchPath
from alas_registry._trace import LOGGER, shown

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from alas_manifest import Diagnostic, Severity

ENTRY_POINT_GROUP = "alas.builtin_plugins"

_MANIFEST_FILE = "plugin.json"
_METADATA_ENDINGS = (".dist-info", ".egg-info")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagePlugin:
    """A plugin as a package announces it.

    Attributes:
        name: the plugin's name.
        version: the version of the package.
        distribution: what the package is called by who installs it.
        entry_point: what to import: `module:object`.
        folder: the Python package's folder, or what comes nearest.
        manifest_file: the manifest that it ships; None when there is none.
        diagnostics: what is wrong with the announcement.
    """

    name: str
    version: str
    distribution: str
    entry_point: str
    folder: Path
    manifest_file: Path | None = None
    diagnostics: "tuple[Diagnostic, ...]" = ()

    @property
    def module(self) -> str:
        """The ALaS module that it provides, unless a manifest says otherwise."""
        return self.name.replace("-", "_")


def package_plugins(cache: ManifestCache) -> Iterator[Plugin]:
    """Yield the plugins that installed packages announce, as discovery lists them.

    Args:
        cache: reads the manifests.
    """
    for package in find_package_plugins():
        plugin = _plugin(package, cache)
        LOGGER.debug(
            "found %s %s in the Python package %s: %s",
            shown(plugin.name),
            plugin.version or "(no version)",
            shown(package.distribution),
            plugin.state,
        )
        yield plugin


def find_package_plugins() -> list[PackagePlugin]:
    """Return what installed packages announce, by the names of plugins and then of packages.

    Nothing of the packages is imported, and what is wrong with one hides no other.
    """
    if not any(map(_may_announce, sys.path)):
        return []
    from importlib.metadata import entry_points

    found = [_package_plugin(point) for point in entry_points(group=ENTRY_POINT_GROUP)]
    return sorted(found, key=lambda package: (package.name, package.distribution, package.entry_point))


def _may_announce(folder: str) -> bool:
    """Say whether a folder of Python's search path holds a package that announces a plugin, or whether there is no telling."""
    try:
        with os.scandir(folder or ".") as entries:
            metadata = [entry.path for entry in entries if entry.name.endswith((*_METADATA_ENDINGS, ".egg"))]
    except NotADirectoryError:
        # An archive, into which only Python itself looks.
        return True
    except OSError:
        return False
    return any(map(_metadata_announces, metadata))


def _metadata_announces(folder: str) -> bool:
    if folder.endswith(".egg"):
        return True
    try:
        with open(f"{folder}{os.sep}entry_points.txt", "rb") as stream:  # noqa: PTH123 - called for every package there is
            return ENTRY_POINT_GROUP.encode() in stream.read()
    except OSError:
        return False


# --- From an entry point to a record ---


def _package_plugin(point: "EntryPoint") -> PackagePlugin:
    distribution = point.dist.name if point.dist is not None else "(unknown)"
    version = point.dist.version if point.dist is not None else "0.0.0"
    around = Path(str(point.dist.locate_file(""))) if point.dist is not None else Path()
    findings = []
    folders: list[Path] = []
    module, attribute = _parts(point)
    if not module or not attribute:
        message = (
            f"the entry point `{point.name}` of {distribution} is `{point.value}`; expected `module:object`"
        )
        findings.append(_finding(around, "invalid_entry_point", message, f"mend or remove {distribution}"))
    else:
        folders = _package_folders(module)
        if not folders:
            message = f"{distribution} announces the plugin `{point.name}` in {module}, which is not there"
            advice = f"install {distribution} again: pip install --force-reinstall {distribution}"
            findings.append(_finding(around, "module_not_found", message, advice))
    manifest = next((file for folder in folders if (file := folder / _MANIFEST_FILE).is_file()), None)
    return PackagePlugin(
        name=point.name,
        version=version,
        distribution=distribution,
        entry_point=point.value,
        folder=manifest.parent if manifest is not None else next(iter(folders), around),
        manifest_file=manifest,
        diagnostics=tuple(findings),
    )


def _parts(point: "EntryPoint") -> tuple[str, str]:
    try:
        return point.module, point.attr
    except AttributeError:
        # The value does not have the form of an entry point.
        return "", ""


def _package_folders(module: str) -> list[Path]:
    """Return the folders of the packages that a module is in, the innermost first; none when there is no such module.

    A module that is no part of a package has the folder of its file, where many others may be: it counts as no package, but
    says that there is the module.
    """
    top, *rest = module.split(".")
    specification = _find_top(top)
    if specification is None:
        return []
    if specification.submodule_search_locations is None:
        own = Path(specification.origin).with_suffix("") if specification.origin is not None else Path(top)
        return [own] if not rest else []
    folders: list[Path] = []
    name = top
    for step in [*rest, None]:
        locations = list(specification.submodule_search_locations or ())
        folders = [*map(Path, locations), *folders]
        if step is None or specification.submodule_search_locations is None:
            break
        name = f"{name}.{step}"
        found = PathFinder.find_spec(name, locations)
        if found is None:
            return []
        specification = found
    return folders


def _find_top(name: str) -> ModuleSpec | None:
    """Find a module that is in no package by asking who would find it for an import, editable installs included."""
    for finder in sys.meta_path:
        find = getattr(finder, "find_spec", None)
        try:
            specification = find(name, None) if find is not None else None
        except Exception as error:  # a finder is other people's code  # noqa: BLE001
            LOGGER.debug("the finder %r fails for %s: %s", finder, shown(name), shown(error))
            continue
        if isinstance(specification, ModuleSpec):
            return specification
    return None


# --- From a record to a plugin ---


def _plugin(package: PackagePlugin, cache: ManifestCache) -> Plugin:
    search_path = SearchPath(package.folder.parent, f"Python package {package.distribution}")
    known = Plugin(
        name=package.name,
        folder=package.folder,
        search_path=search_path,
        state=PluginState.INVALID,
        diagnostics=package.diagnostics,
        entry_point=package.entry_point,
    )
    if package.diagnostics:
        return known
    found = cache.read(str(package.manifest_file)) if package.manifest_file is not None else None
    if found is None:
        return _without_manifest(package, known)
    findings = found.diagnostics
    if found.facts is not None:
        findings = (*findings, *_disagreements(package, found.name, found.facts.type))
    if any(finding.is_error for finding in findings):
        return _replaced(known, findings)
    return Plugin(
        name=package.name,
        folder=package.folder,
        search_path=search_path,
        state=PluginState.DISCOVERED,
        facts=found.facts,
        diagnostics=findings,
        entry_point=package.entry_point,
        _manifest=found.manifest,
    )


def _without_manifest(package: PackagePlugin, known: Plugin) -> Plugin:
    """List a plugin of which nothing but the package is known."""
    import json

    from alas_manifest import validate

    # Names follow the rules of manifests, and the reader of manifests is what knows them.
    probe = {
        "name": package.name,
        "version": "1.0.0",
        "module": "m",
        "implementation": {"language": "python"},
    }
    wrong = next((finding for finding in validate(json.dumps(probe)) if finding.pointer == "/name"), None)
    if wrong is not None:
        message = (
            f"{package.distribution} announces a plugin under a name that no plugin can have: {wrong.message}"
        )
        advice = wrong.help or f"mend or remove {package.distribution}"
        return _replaced(known, (_finding(package.folder, "invalid_name", message, advice),))
    message = f"the package {package.distribution} ships no {_MANIFEST_FILE}, so what the plugin offers is known when it is loaded"
    module = package.entry_point.partition(":")[0]
    advice = f"ship one: python -m alas_builtin {module} --write {package.folder / _MANIFEST_FILE}"
    return Plugin(
        name=known.name,
        folder=known.folder,
        search_path=known.search_path,
        state=PluginState.DISCOVERED,
        facts=Facts(version=_semantic(package.version), type="builtin", module=package.module),
        diagnostics=(_finding(package.folder, "manifest_missing", message, advice, severity="warning"),),
        entry_point=known.entry_point,
    )


def _semantic(version: str) -> str:
    """Return the semantic version nearest to the version of a Python package, which follows other rules."""
    numbers = re.match(r"(?:[0-9]+!)?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?", version)
    return ".".join(str(int(number or 0)) for number in numbers.groups()) if numbers is not None else "0.0.0"


def _disagreements(package: PackagePlugin, name: str | None, kind: str) -> "Iterator[Diagnostic]":
    """Say where the announcement and the manifest of a plugin disagree."""
    file = package.manifest_file or package.folder
    if name != package.name:
        message = f"the manifest is that of `{name}`, but {package.distribution} announces `{package.name}`"
        yield _finding(file, "name_mismatch", message, "give the entry point and the manifest the same name")
    if kind != "builtin":
        message = f"a plugin in a Python package is of the type builtin, found {kind}"
        yield _finding(file, "unknown_value", message, 'write "type": "builtin"')


def _replaced(plugin: Plugin, findings: "tuple[Diagnostic, ...]") -> Plugin:
    import dataclasses

    return dataclasses.replace(plugin, diagnostics=findings)


def _finding(
    file: Path, code: str, message: str, advice: str, *, severity: "Severity" = "error"
) -> "Diagnostic":
    from alas_manifest import Diagnostic, escape_text

    return Diagnostic(code, severity, escape_text(message), str(file), "", 1, 1, escape_text(advice))
