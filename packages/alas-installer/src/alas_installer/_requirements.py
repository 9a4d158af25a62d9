"""Whether the plugins that would be there after a change fit together."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alas_installer._errors import InstallError

if TYPE_CHECKING:
    from alas_manifest import Dependency, Manifest, Version


@dataclass(frozen=True, slots=True)
class Provided:
    """A plugin that is there without having been installed: put into a folder by hand, or part of a Python package.

    Attributes:
        name: its name.
        module: the module that it provides; None when nobody knows.
        version: its version; None when nobody knows, and then every range contains it.
        place: where it is, for messages.
    """

    name: str
    module: "str | None"
    version: "Version | None"
    place: str


class Requirements:
    """Answers whether plugins have what they need.

    Attributes:
        plugins: the installed plugins by name, as they would be.
    """

    def __init__(
        self,
        plugins: "Mapping[str, Manifest]",
        others: Callable[[], Collection[Provided]],
        alas_version: "Version",
    ) -> None:
        """Look at plugins.

        Args:
            plugins: the installed plugins by name, as they would be.
            others: what else there is; asked only when a plugin needs more than `plugins`.
            alas_version: the version of ALaS.
        """
        self.plugins = plugins
        self._others = others
        self._alas_version = alas_version
        # A dependency names a plugin or a module.
        self._by_name: dict[str, list[Manifest]] = {}
        for manifest in plugins.values():
            for name in {manifest.name, manifest.module}:
                self._by_name.setdefault(name, []).append(manifest)

    def unmet(self, manifest: "Manifest") -> "list[tuple[Dependency, str | None]]":
        """Return what a plugin needs and has not, each with the version that is there instead, if there is one."""
        found = []
        for dependency in manifest.dependencies:
            versions = list(self._versions(dependency))
            if not any(version is None or dependency.accepts(version) for version in versions):
                found.append((dependency, str(versions[0]) if versions else None))
        return found

    def dependents(self, names: Iterable[str]) -> list[str]:
        """Return the installed plugins that need any of some plugins, directly or not, sorted."""
        needed_by: dict[str, list[str]] = {}
        for one in self.plugins.values():
            for needed in self._needs(one):
                needed_by.setdefault(needed.name, []).append(one.name)
        start = list(names)
        found: set[str] = set()
        waiting = list(start)
        while waiting:
            for one_name in needed_by.get(waiting.pop(), ()):
                if one_name not in found:
                    found.add(one_name)
                    waiting.append(one_name)
        return sorted(found - set(start))

    def check(self, changed: Collection[str]) -> None:
        """Check that plugins have what they need.

        Args:
            changed: the plugins that are new or another version.

        Raises:
            InstallError: one of them needs what is not there, or needs itself.
        """
        problems = [
            (self.plugins[name], dependency, found)
            for name in changed
            for dependency, found in self.unmet(self.plugins[name])
        ]
        if not problems:
            self._check_cycles(changed)
            return
        manifest, dependency, found = problems[0]
        needs = f"plugin `{manifest.name}` {manifest.version} needs {dependency}"
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        if dependency.is_standard:
            message = f"{needs}, but the standard library is that of ALaS {found}{more}"
            raise InstallError(
                "dependency_version", message, "install another version of the plugin or of ALaS"
            )
        if found is not None:
            message = f"{needs}, but version {found} is there{more}"
            advice = "install a version that fits, first or in the same command"
            raise InstallError("dependency_version", message, advice)
        advice = f"install {dependency.name} first, or name it in the same command"
        raise InstallError("dependency_missing", f"{needs}, which is not installed{more}", advice)

    def broken_since(self, before: "Requirements") -> Iterator[str]:
        """Yield, as sentences, who would no longer have what it needs and had it before."""
        for name, manifest in sorted(self.plugins.items()):
            if before.plugins.get(name) is not manifest:
                continue
            unmet = self.unmet(manifest)
            had_not = {dependency for dependency, _ in before.unmet(manifest)} if unmet else set()
            for dependency, found in unmet:
                if dependency not in had_not:
                    there = f"version {found} would be there" if found is not None else "it would be gone"
                    yield f"`{name}` {manifest.version} needs {dependency}, and {there}"

    def _versions(self, dependency: "Dependency") -> "Iterator[Version | None]":
        """Yield the versions that are there of what a plugin needs."""
        if dependency.is_standard:
            yield self._alas_version
            return
        yield from (plugin.version for plugin in self._by_name.get(dependency.name, ()))
        for other in self._others():
            if dependency.name in (other.name, other.module):
                yield other.version

    def _needs(self, manifest: "Manifest") -> "Iterator[Manifest]":
        """Yield the installed plugins that a plugin needs directly."""
        for dependency in manifest.dependencies:
            yield from self._by_name.get(dependency.name, ())

    def _check_cycles(self, changed: Collection[str]) -> None:
        for start in changed:
            path = self._path_back(start)
            if path is not None:
                message = f"plugins need each other: {' → '.join(path)}"
                raise InstallError("dependency_cycle", message, "one of them has to do without the other")

    def _path_back(self, start: str) -> list[str] | None:
        """Return the shortest way from a plugin over what it needs back to itself."""
        ways = [[start]]
        seen: set[str] = set()
        for way in ways:
            for needed in self._needs(self.plugins[way[-1]]):
                if needed.name == start:
                    return [*way, start]
                if needed.name not in seen:
                    seen.add(needed.name)
                    ways.append([*way, needed.name])
        return None
