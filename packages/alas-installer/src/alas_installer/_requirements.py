"""Whether the plugins that would be there after a change fit together."""

from collections.abc import Collection, Iterable, Iterator, Mapping
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


@dataclass(frozen=True, slots=True)
class Requirements:
    """Answers whether plugins have what they need.

    Attributes:
        plugins: the installed plugins by name, as they would be.
        others: what else there is.
        alas_version: the version of ALaS.
    """

    plugins: "Mapping[str, Manifest]"
    others: Collection[Provided]
    alas_version: "Version"

    def unmet(self, manifest: "Manifest") -> "list[tuple[Dependency, str | None]]":
        """Return what a plugin needs and has not, each with the version that is there instead, if there is one."""
        found = []
        for dependency in manifest.dependencies:
            versions = (
                [self.alas_version] if dependency.is_standard else list(self._versions(dependency.name))
            )
            if not any(version is None or dependency.accepts(version) for version in versions):
                found.append((dependency, str(versions[0]) if versions else None))
        return found

    def needs(self, manifest: "Manifest", name: str) -> bool:
        """Say whether a plugin needs another one of the installed plugins directly."""
        other = self.plugins[name]
        return any(dependency.name in (name, other.module) for dependency in manifest.dependencies)

    def dependents(self, names: Iterable[str]) -> list[str]:
        """Return the installed plugins that need any of some plugins, directly or not, sorted."""
        found: set[str] = set()
        waiting = [name for name in names if name in self.plugins]
        while waiting:
            name = waiting.pop()
            for one, manifest in self.plugins.items():
                if one not in found and one != name and self.needs(manifest, name):
                    found.add(one)
                    waiting.append(one)
        return sorted(found)

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
            had_not = {dependency for dependency, _ in before.unmet(manifest)}
            for dependency, found in self.unmet(manifest):
                if dependency not in had_not:
                    there = f"version {found} would be there" if found is not None else "it would be gone"
                    yield f"`{name}` {manifest.version} needs {dependency}, and {there}"

    def _versions(self, name: str) -> "Iterator[Version | None]":
        for plugin in self.plugins.values():
            if name in (plugin.name, plugin.module):
                yield plugin.version
        for other in self.others:
            if name in (other.name, other.module):
                yield other.version

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
            for name in self.plugins:
                if self.needs(self.plugins[way[-1]], name):
                    if name == start:
                        return [*way, name]
                    if name not in seen:
                        seen.add(name)
                        ways.append([*way, name])
        return None
