"""Whether what a plugin needs is there: a question about this machine, so the answers are warnings, except for circles."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from alas_manifest import Diagnostic, Severity

if TYPE_CHECKING:
    from alas_manifest import Dependency, Manifest
    from alas_registry import DependencyError, InvalidPluginError, Registry

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_LIST = re.compile(r'"dependencies"\s*:\s*\[')
_VERSION = re.compile(r'"alas_version"\s*:\s*')


def check_dependencies(registry: "Registry", manifest: "Manifest", file: str) -> list[Diagnostic]:
    """Return what keeps a plugin from being loaded although it is right itself.

    Args:
        registry: knows the plugin and all that can be found.
        manifest: the plugin's manifest, which is valid.
        file: where it stands.

    Returns:
        A finding for each dependency that cannot be had, with the chain that leads to what is missing; an error where
        plugins need each other, because no other machine can change that.
    """
    errors = registry.resolve_all().errors
    error = errors.get(manifest.name)
    if error is None:
        return []
    return list(_Check(registry, manifest, file, errors).run(error))


class _Check:
    """One plugin that cannot be loaded."""

    def __init__(
        self,
        registry: "Registry",
        manifest: "Manifest",
        file: str,
        errors: "dict[str, DependencyError | InvalidPluginError]",
    ) -> None:
        self._registry = registry
        self._manifest = manifest
        self._file = file
        self._errors = errors
        self._text = Path(file).read_text(encoding="utf-8")

    def run(self, error: "DependencyError | InvalidPluginError") -> Iterator[Diagnostic]:
        from alas_registry import DependencyCycleError, EngineVersionError

        if isinstance(error, DependencyCycleError):
            # Of the plugins that need each other, one is named here; it may not be the first.
            names = [name.casefold() for name in error.chain]
            found = list(self._plugins())
            index = next((index for index, name in enumerate(found) if name in names), 0)
            yield self._finding(error.code, error.message, index, severity="error")
            return
        if isinstance(error, EngineVersionError) and len(error.chain) == 2:
            match = _VERSION.search(self._text)
            offset = match.end() if match is not None else 0
            yield self._at(error.code, error.message, "/alas_version", offset)
        for index, dependency in enumerate(self._manifest.dependencies):
            problem = self._problem(dependency)
            if problem is not None:
                yield self._finding(*problem, index)

    def _plugins(self) -> Iterator[str]:
        """Yield the name of the plugin behind each dependency, in lower case; what is not there has its own."""
        for dependency in self._manifest.dependencies:
            found = self._registry.find(dependency.name) or self._registry.find_module(dependency.name)
            yield (found.name if found is not None else dependency.name).casefold()

    def _problem(self, dependency: "Dependency") -> "tuple[str, str] | None":
        """Return code and message of what is wrong with a dependency."""
        if dependency.is_standard:
            import alas_core
            from alas_manifest import Version

            if dependency.accepts(Version.parse(alas_core.version)):
                return None
            return "dependency_version", (
                f"{dependency} is needed, but the standard library is that of ALaS {alas_core.version}"
            )
        found = self._registry.find(dependency.name) or self._registry.find_module(dependency.name)
        if found is None:
            advice = self._advice(dependency.name)
            return "dependency_not_found", f"{dependency} is needed, but nothing has this name; {advice}"
        if found.version is None:
            return "dependency_invalid", (
                f"{dependency} is needed, but the plugin in {found.folder} has errors; "
                f"alas-plugin info {found.name} shows them"
            )
        from alas_manifest import Version

        if not dependency.accepts(Version.parse(found.version)):
            return "dependency_version", (
                f"{dependency} is needed, but the plugin in {found.folder} is version {found.version}"
            )
        behind = self._errors.get(found.name)
        return (
            (behind.code, f"{dependency} cannot be loaded: {behind.message}") if behind is not None else None
        )

    def _advice(self, name: str) -> str:
        from alas_manifest import nearest_name

        plugins = self._registry.plugins
        known = [plugin.name for plugin in plugins] + [plugin.module for plugin in plugins if plugin.module]
        near = nearest_name(name[:64], [one for one in known if one != self._manifest.name])
        return (
            f"did you mean `{near}`?"
            if near is not None
            else "install it, or add its folder to the search path"
        )

    # --- Where it is said ---

    def _finding(self, code: str, message: str, index: int, severity: Severity = "warning") -> Diagnostic:
        return self._at(code, message, f"/dependencies/{index}", self._offset(index), severity)

    def _at(
        self, code: str, message: str, pointer: str, offset: int, severity: Severity = "warning"
    ) -> Diagnostic:
        line = self._text.count("\n", 0, offset) + 1
        column = offset - (self._text.rfind("\n", 0, offset) + 1) + 1
        return Diagnostic(code, severity, message, self._file, pointer, line, column)

    def _offset(self, index: int) -> int:
        """Return where a dependency stands in the text; a list of this name may stand elsewhere too."""
        wanted: list[str] = json.loads(self._text)["dependencies"]
        for match in _LIST.finditer(self._text):
            places = list(_STRING.finditer(self._text, match.end()))[: len(wanted)]
            if [json.loads(place.group()) for place in places] == wanted:
                return places[index].start()
        return 0
