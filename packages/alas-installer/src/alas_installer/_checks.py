"""What has to be true before something is installed or uninstalled."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from alas_installer._errors import InstallError
from alas_installer._requirements import Requirements
from alas_installer._settings import Check, Others
from alas_installer._staging import Candidate
from alas_installer._state import State
from alas_registry.installed import LOCK_FILE

if TYPE_CHECKING:
    from alas_manifest import Diagnostic, Manifest, Version


class Checks:
    """Compares what would be there with what is there, and with what ALaS can run."""

    def __init__(
        self, state: State, alas_version: "Version", check: Check | None, others: Others | None
    ) -> None:
        """Ask nobody yet; the parameters are those of `Installer`."""
        self._state = state
        self._alas_version = alas_version
        self._check = check
        self._others = others if others is not None else lambda: ()

    def requirements(self, manifests: "Mapping[str, Manifest]") -> Requirements:
        """Return what answers whether plugins have what they need, if these are installed."""
        return Requirements(manifests, self._others, self._alas_version)

    def place_of_other(self, name: str) -> str | None:
        """Return where a plugin is that was not installed."""
        return next((one.place for one in self._others() if name in (one.name, one.module)), None)

    def check_alone(self, candidates: Sequence[Candidate]) -> None:
        """Check each plugin by itself.

        Args:
            candidates: all that are to be installed in one step.

        Raises:
            InstallError: one of them cannot be installed, whatever else is.
        """
        for candidate in candidates:
            name, manifest = candidate.name, candidate.manifest
            twin = next(one for one in candidates if one.name == name)
            if twin is not candidate:
                message = f"`{name}` was named twice: {twin.source} and {candidate.source}"
                raise InstallError("name_taken", message, "name the one that you want")
            if name == LOCK_FILE:
                message = f"a plugin named `{LOCK_FILE}` cannot be installed"
                raise InstallError("name_taken", message, "rename the plugin")
            if not manifest.alas_version.contains(self._alas_version):
                message = (
                    f"`{name}` {manifest.version} works with ALaS {manifest.alas_version}, "
                    f"but this is ALaS {self._alas_version}"
                )
                raise InstallError(
                    "alas_version", message, "install another version of the plugin or of ALaS"
                )
            self._state.check_name_is_free(name)

    def check_together(
        self, before: "Mapping[str, Manifest]", candidates: Sequence[Candidate], *, with_dependencies: bool
    ) -> Sequence[Candidate]:
        """Check the plugins that would be there afterwards against each other.

        Args:
            before: the manifests of what is installed.
            candidates: all that are to be installed in one step.
            with_dependencies: whether plugins have to have what they need.

        Returns:
            The same plugins, with what the engine warns of.

        Raises:
            InstallError: they do not fit together.
        """
        new = {one.name: one.manifest for one in candidates}
        then = self.requirements({**before, **new})
        for name, manifest in new.items():
            for other in then.plugins.values():
                if other.name != name and other.module == manifest.module:
                    message = f"`{other.name}` and `{name}` both provide the module `{other.module}`"
                    advice = f"uninstall one first: alas-plugin uninstall {other.name}"
                    raise InstallError("module_taken", message, advice)
        if with_dependencies:
            then.check(new)
            if broken := list(then.broken_since(self.requirements(before))):
                message = f"installed plugins would no longer work: {'; '.join(broken)}"
                raise InstallError(
                    "breaks_dependents", message, "install versions of them that fit in the same command"
                )
        return self._ask_engine(self._check, candidates, then) if self._check is not None else candidates

    def _ask_engine(
        self, check: Check, candidates: Sequence[Candidate], then: Requirements
    ) -> Sequence[Candidate]:
        """Let the engine look at the plugins, and at those that use them."""
        asked: list[Candidate] = []
        folders = [candidate.folder for candidate in candidates]
        names = [candidate.name for candidate in candidates]
        errors: list[Diagnostic] = []
        for candidate in candidates:
            # Without what it needs it cannot load, and the user has agreed to that.
            lacks_something = then.unmet(candidate.manifest)
            found = [] if lacks_something else candidate.as_in_source(list(check(candidate.folder, folders)))
            errors += [finding for finding in found if finding.is_error]
            warnings = dict.fromkeys((*candidate.warnings, *found))
            asked.append(dataclasses.replace(candidate, warnings=tuple(warnings)))
        if errors:
            message = f"{listed(names)} cannot be loaded"
            raise InstallError("plugin_invalid", message, "correct the plugin", errors)
        for name in then.dependents(names):
            if name in names or then.unmet(then.plugins[name]):
                continue
            folder = self._state.layout.link(name)
            worse = [finding for finding in check(folder, folders) if finding.is_error]
            if worse and not any(finding.is_error for finding in check(folder, ())):
                message = f"the installed plugin `{name}` could no longer be loaded"
                advice = "install a version of it that fits in the same command"
                raise InstallError("breaks_dependents", message, advice, worse)
        return asked


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence has them."""
    return ", ".join(f"`{name}`" for name in names)
