"""Builtin plugins that installed Python packages announce, found without importing anything of theirs.

A package announces a plugin in the entry-point group `alas.builtin_plugins`: the name of the entry point is that of the plugin,
its value leads to the object. The manifest is a `plugin.json` in the folder of the object's Python package, or of a package
around that. A plugin without one is listed too; what its manifest says is known once it is loaded.

Metadata are read here as their specification describes the files, in about a millisecond for all packages of an environment;
importing `importlib.metadata` would take some thirty. That reads archives, in which only Python itself can look.
"""

import dataclasses
import os
import re
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from alas_registry._manifest_cache import ManifestCache
from alas_registry._plugin import Facts, Plugin, PluginState
from alas_registry._search_paths import SearchPath
from alas_registry._trace import LOGGER, shown

if TYPE_CHECKING:
    from alas_manifest import Diagnostic, Severity

ENTRY_POINT_GROUP = "alas.builtin_plugins"

_MANIFEST_FILE = "plugin.json"
_METADATA_ENDINGS = (".dist-info", ".egg-info")
# As the specification of entry points has it; extras belong to an older one and mean nothing here.
_ENTRY_POINT = re.compile(r"(?P<module>\w+(?:\.\w+)*)\s*:\s*(?P<object>\w+(?:\.\w+)*)\s*(?:\[.*\])?")


class PackagePlugin(NamedTuple):
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
    found = [_package_plugin(announcement) for announcement in _announcements()]
    return sorted(found, key=lambda package: (package.name, package.distribution, package.entry_point))


# --- From metadata to announcements ---


class _Announcement(NamedTuple):
    """An entry point.

    Attributes:
        name: its name.
        value: its value.
        distribution: the name of the package.
        version: its version.
        folder: what holds the package.
    """

    name: str
    value: str
    distribution: str
    version: str
    folder: Path


def _announcements() -> Iterator[_Announcement]:
    """Yield the entry points of all packages. Of several packages with one name the first counts, as it does for Python."""
    seen: set[str] = set()
    archives: list[str] = []
    for folder in sys.path:
        try:
            with os.scandir(folder or ".") as entries:
                names = sorted(entry.name for entry in entries if entry.name.endswith(_METADATA_ENDINGS))
        except NotADirectoryError:
            archives.append(folder)
            continue
        except OSError:
            continue
        for name in names:
            key = _normal(name.partition("-")[0].removesuffix(".egg"))
            if key not in seen:
                seen.add(key)
                yield from _in_folder(Path(folder or "."), name)
    if archives:
        yield from (one for one in _in_archives(archives) if _normal(one.distribution) not in seen)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()


def _in_folder(folder: Path, name: str) -> Iterator[_Announcement]:
    """Yield the entry points of one package."""
    try:
        with open(f"{folder}{os.sep}{name}{os.sep}entry_points.txt", "rb") as stream:  # noqa: PTH123 - for every package there is
            content = stream.read()
    except OSError:
        return
    if ENTRY_POINT_GROUP.encode() not in content:
        return
    import configparser

    points = configparser.ConfigParser(delimiters=("=",), interpolation=None, strict=False)
    points.optionxform = str  # type: ignore[assignment, method-assign] # names of entry points keep their case
    try:
        points.read_string(content.decode())
    except (configparser.Error, ValueError) as error:
        reason = str(error).splitlines()[0]
        LOGGER.warning("the entry points of %s cannot be read: %s", shown(folder / name), shown(reason))
        return
    if points.has_section(ENTRY_POINT_GROUP):
        distribution, version = _identity(folder / name)
        for point, value in points.items(ENTRY_POINT_GROUP):
            yield _Announcement(point, value, distribution, version, folder)


def _identity(metadata: Path) -> tuple[str, str]:
    """Return name and version of a package: the headers of its metadata, or else what their folder is called."""
    stem, _, version = metadata.name.rpartition(".")[0].partition("-")
    found = {"name": stem, "version": version or "0.0.0"}
    for file in ("METADATA", "PKG-INFO"):
        try:
            lines = (
                (metadata / file)
                .read_text(encoding="utf-8", errors="replace")
                .split("\n\n", 1)[0]
                .splitlines()
            )
        except OSError:
            continue
        headers = [line.partition(":") for line in lines if not line.startswith((" ", "\t"))]
        found |= {
            key.lower(): value.strip() for key, _, value in headers if key.lower() in found and value.strip()
        }
        break
    return found["name"], found["version"]


def _in_archives(archives: list[str]) -> Iterator[_Announcement]:
    from importlib.metadata import distributions

    for distribution in distributions(path=archives):
        for point in distribution.entry_points.select(group=ENTRY_POINT_GROUP):
            folder = Path(str(distribution.locate_file("")))
            yield _Announcement(point.name, point.value, distribution.name, distribution.version, folder)


# --- From an announcement to a record ---


def _package_plugin(point: _Announcement) -> PackagePlugin:
    findings = []
    folders: list[Path] = []
    match = _ENTRY_POINT.fullmatch(point.value)
    if match is None:
        message = f"the entry point `{point.name}` of {point.distribution} is `{point.value}`; expected `module:object`"
        findings.append(
            _finding(point.folder, "invalid_entry_point", message, f"mend or remove {point.distribution}")
        )
    else:
        folders = _package_folders(match["module"])
        if not folders:
            message = f"{point.distribution} announces the plugin `{point.name}` in {match['module']}, which is not there"
            advice = f"install {point.distribution} again: pip install --force-reinstall {point.distribution}"
            findings.append(_finding(point.folder, "module_not_found", message, advice))
    manifest = next((file for folder in folders if (file := folder / _MANIFEST_FILE).is_file()), None)
    return PackagePlugin(
        name=point.name,
        version=point.version,
        distribution=point.distribution,
        entry_point=f"{match['module']}:{match['object']}" if match is not None else point.value,
        folder=manifest.parent if manifest is not None else next(iter(folders), point.folder),
        manifest_file=manifest,
        diagnostics=tuple(findings),
    )


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
        return dataclasses.replace(known, diagnostics=findings)
    return Plugin(
        name=package.name,
        folder=package.folder,
        search_path=search_path,
        state=PluginState.DISCOVERED,
        facts=found.facts,
        diagnostics=findings,
        entry_point=package.entry_point,
        lazy_manifest=found.manifest,
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
        finding = _finding(package.folder, "invalid_name", message, advice)
        return dataclasses.replace(known, diagnostics=(finding,))
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


def _finding(
    file: Path, code: str, message: str, advice: str, *, severity: "Severity" = "error"
) -> "Diagnostic":
    from alas_manifest import Diagnostic, escape_text

    return Diagnostic(code, severity, escape_text(message), str(file), "", 1, 1, escape_text(advice))
