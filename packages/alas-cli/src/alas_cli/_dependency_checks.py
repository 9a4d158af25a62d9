"""Whether what a plugin needs is there: a question about this machine, so the answers are warnings, except for circles."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from alas_manifest import Diagnostic, Severity
from alas_manifest.typed_json import Steps, pointer_of, read_text

if TYPE_CHECKING:
    from alas_manifest import Dependency, Manifest, TypeDefinition
    from alas_registry import DependencyError, InvalidPluginError, Registry


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


def dependency_types(registry: "Registry", name: str) -> "dict[str, TypeDefinition] | None":
    """Return the types that the dependencies of a plugin declare; None when that cannot be told.

    Args:
        registry: knows the plugin and all that can be found.
        name: the plugin's name.
    """
    from alas_registry import RegistryError

    try:
        return registry.dependency_types(name)
    except RegistryError:
        return None


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
        self._text = read_text(Path(file).read_bytes(), file)

    def run(self, error: "DependencyError | InvalidPluginError") -> Iterator[Diagnostic]:
        from alas_registry import DependencyCycleError, EngineVersionError, NativeRefusedError

        if isinstance(error, DependencyCycleError):
            # Of the plugins that need each other, one is named here; it may not be the first.
            names = [name.casefold() for name in error.chain]
            found = list(self._plugins())
            index = next((index for index, name in enumerate(found) if name in names), 0)
            yield self._finding(error.code, error.message, ("dependencies", index), severity="error")
            return
        if isinstance(error, EngineVersionError) and len(error.chain) == 2:
            yield self._finding(error.code, error.message, ("alas_version",))
        if isinstance(error, NativeRefusedError) and len(error.chain) == 1:
            yield self._finding(error.code, error.message, ("type",))
        for index, dependency in enumerate(self._manifest.dependencies):
            problem = self._problem(dependency)
            if problem is not None:
                yield self._finding(*problem, ("dependencies", index))

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

    def _finding(self, code: str, message: str, steps: Steps, severity: Severity = "warning") -> Diagnostic:
        line, column = self._text.position_of(steps)
        return Diagnostic(code, severity, message, self._file, pointer_of(steps), line, column)
