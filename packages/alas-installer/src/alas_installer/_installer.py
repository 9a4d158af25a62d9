"""Install, upgrade, uninstall and roll back. Each change is prepared aside, checked as a whole, and put in force in one step."""

import dataclasses
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from alas_installer import _durable as durable
from alas_installer._errors import InstallError
from alas_installer._layout import Layout
from alas_installer._reports import Action, Change, InstallReport
from alas_installer._requirements import Provided, Requirements
from alas_installer._session import describe, explained, session
from alas_installer._settings import Check, Others, Settings
from alas_installer._staging import Candidate, stage
from alas_installer._state import State
from alas_manifest import Version, escape_text, read_file
from alas_registry._installed import LOCK_FILE, InstalledPlugin, Lock, Reason, check_installed

if TYPE_CHECKING:
    from alas_manifest import Diagnostic, Manifest

_MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class Installed:
    """A plugin that is installed.

    Attributes:
        name: its name.
        folder: where programs find it.
        details: what the lock file says about it.
    """

    name: str
    folder: Path
    details: InstalledPlugin


@dataclass(frozen=True, slots=True)
class _Next:
    """What is to be installed after a change.

    Attributes:
        plugins: the records of the lock file.
        contents: the plugins' folders in the store.
    """

    plugins: Mapping[str, InstalledPlugin]
    contents: Mapping[str, str]


class Installer:
    """Manages the plugins of a user.

    Example:
        >>> installer = Installer(Path("no-such-home"), alas_version="0.1.0")
        >>> installer.installed()
        []
    """

    def __init__(
        self,
        home: Path,
        *,
        alas_version: "str | Version",
        check: Check | None = None,
        others: Others | None = None,
        settings: Settings | None = None,
    ) -> None:
        """Look after a home; nothing is read or written yet.

        Args:
            home: the user's ALaS folder, `alas_registry.alas_home()`. It may be absent.
            alas_version: the version of ALaS that plugins have to work with.
            check: what the engine has to say about a plugin; None leaves it unasked.
            others: the plugins that are there without having been installed; None is none.
            settings: limits, waiting, progress.
        """
        self._state = State(Layout(Path(home).absolute()))
        self._layout = self._state.layout
        self._alas_version = (
            alas_version if isinstance(alas_version, Version) else Version.parse(alas_version)
        )
        self._check = check
        self._others = others
        self._settings = settings if settings is not None else Settings()

    def install(self, *paths: str | os.PathLike[str], check_dependencies: bool = True) -> InstallReport:
        """Install plugins, or other versions of them, all in one step.

        Args:
            paths: folders, `.zip` and `.tar.gz` archives, each with one plugin.
            check_dependencies: whether to refuse what would leave a plugin without what it needs.

        Returns:
            What has changed, plugin by plugin in the order of `paths`.

        Raises:
            InstallError: one of them cannot be installed; nothing has changed.
        """
        with session(self._state, self._settings):
            before = self._state.current()
            candidates = [
                stage(
                    os.fspath(path),
                    self._layout.staging / str(index),
                    self._settings.limits,
                    self._settings.on_copy,
                )
                for index, path in enumerate(paths)
            ]
            for candidate in candidates:
                self._check_candidate(candidate, candidates)
            self._check_together(before, candidates, is_asked_for=check_dependencies)
            changes = [self._change(candidate, before) for candidate in candidates]
            records = {one.name: self._record(one, candidates, before) for one in candidates}
            if all(
                change.action == "unchanged"
                and records[change.name].reason == before.plugins[change.name].reason
                for change in changes
            ):
                return InstallReport(changes=tuple(changes), generation=before.generation)
            contents = self._contents(before)
            contents |= {one.name: self._state.store(one.folder, one.content) for one in candidates}
            return self._put_in_force(before, _Next({**before.plugins, **records}, contents), changes)

    def uninstall(self, *names: str, cascade: bool = False) -> InstallReport:
        """Uninstall plugins, all in one step.

        Args:
            names: the plugins.
            cascade: whether to uninstall what needs them, too.

        Returns:
            What has changed, and which plugins are there only for others that are gone.

        Raises:
            InstallError: a plugin is not installed, or installed plugins need it; nothing has changed.
        """
        with explained():
            # A mistaken name must not leave empty folders behind.
            self._check_installed_names(names, self._state.current())
        with session(self._state, self._settings):
            before = self._state.current()
            self._check_installed_names(names, before)
            manifests = self._manifests(before)
            gone = set(names)
            if cascade:
                gone.update(Requirements(manifests, (), self._alas_version).dependents(names))
            now = self._requirements({name: one for name, one in manifests.items() if name not in gone})
            if broken := list(now.broken_since(self._requirements(manifests))):
                raise InstallError(
                    "plugin_in_use",
                    f"installed plugins need {_listed(names)}: {'; '.join(broken)}",
                    f"uninstall what needs it first, or all at once: alas-plugin uninstall -cascade {' '.join(names)}",
                )
            plugins = {name: record for name, record in before.plugins.items() if name not in gone}
            contents = {name: one for name, one in self._contents(before).items() if name not in gone}
            changes = [_gone(name, before.plugins[name]) for name in dict.fromkeys((*names, *sorted(gone)))]
            return self._put_in_force(before, _Next(plugins, contents), changes, _orphans(now, plugins))

    def rollback(self) -> InstallReport:
        """Go back to the state before the last change; a second rollback goes back one more.

        Returns:
            What has changed.

        Raises:
            InstallError: there is no such state, or it is no longer whole; nothing has changed.
        """
        with explained():
            if self._state.current_number() is None:
                raise InstallError("nothing_to_roll_back", "nothing was installed yet", None)
        with session(self._state, self._settings):
            number = self._state.current_number() or 0
            target = self._state.previous(number)
            try:
                before = self._state.current()
                present = self._contents(before)
            except InstallError:
                before, present = Lock(number), {}
            for name, store_name in self._contents(target).items():
                if present.get(name) != store_name and not self._state.is_intact(store_name):
                    message = (
                        f"the earlier `{name}` {target.plugins[name].version} has been changed or removed"
                    )
                    raise InstallError(
                        "content_changed", message, f"install it again from {target.plugins[name].source}"
                    )
            changes = [
                change
                for name in sorted({*before.plugins, *target.plugins})
                if (change := _difference(name, before, target)) is not None
            ]
            self._state.link_plugins(target)
            return self._switch(number, target.generation, changes)

    def installed(self) -> list[Installed]:
        """Return what is installed, by name.

        Returns:
            The plugins; none when nothing was ever installed.

        Raises:
            InstallError: the lock file cannot be read.
        """
        with explained():
            lock = self._read_current()
        return [Installed(name, self._layout.link(name), lock.plugins[name]) for name in sorted(lock.plugins)]

    def verify(self) -> "list[Diagnostic]":
        """Check that everything that is installed still is as it was installed.

        Returns:
            An error for each plugin that was changed, or that programs do not find.

        Raises:
            InstallError: the lock file cannot be read.
        """
        from alas_manifest import Diagnostic

        found = []
        for plugin in self.installed():
            inner = self._layout.current / plugin.name
            changed = check_installed(inner)
            if (
                changed is None
                and Path(os.path.realpath(inner)).name.partition("-")[0] != plugin.details.hash
            ):
                message, advice = (
                    "its link leads to something else than the lock file says",
                    f"alas-plugin install {plugin.details.source}",
                )
                changed = Diagnostic(
                    "content_changed", "error", message, str(plugin.folder), "", 1, 1, advice
                )
            elif changed is None and os.path.realpath(plugin.folder) != os.path.realpath(inner):
                message = f"programs do not find the plugin here: expected a link to {self._layout.link_text(plugin.name)}"
                advice = f"alas-plugin install {plugin.details.source}"
                changed = Diagnostic(
                    "link_missing", "error", message, str(plugin.folder), "", 1, 1, escape_text(advice)
                )
            if changed is not None:
                found.append(changed)
        return found

    # --- Checking ---

    def _check_candidate(self, candidate: Candidate, candidates: Sequence[Candidate]) -> None:
        name, manifest = candidate.name, candidate.manifest
        twin = next(one for one in candidates if one.name == name)
        if twin is not candidate:
            message = f"`{name}` was named twice: {twin.source} and {candidate.source}"
            raise InstallError("name_taken", message, "name the one that you want")
        if name == LOCK_FILE:
            raise InstallError(
                "name_taken", f"a plugin named `{LOCK_FILE}` cannot be installed", "rename the plugin"
            )
        if not manifest.alas_version.contains(self._alas_version):
            raise InstallError(
                "alas_version",
                f"`{name}` {manifest.version} works with ALaS {manifest.alas_version}, but this is ALaS {self._alas_version}",
                "install another version of the plugin or of ALaS",
            )
        self._state.check_name_is_free(name)

    def _check_together(self, before: Lock, candidates: Sequence[Candidate], *, is_asked_for: bool) -> None:
        """Check the plugins that would be there afterwards against each other."""
        manifests = self._manifests(before)
        new = {one.name: one.manifest for one in candidates}
        then = self._requirements({**manifests, **new})
        for candidate in candidates:
            for name, other in then.plugins.items():
                if name != candidate.name and other.module == candidate.manifest.module:
                    message = f"`{name}` and `{candidate.name}` both provide the module `{other.module}`"
                    raise InstallError(
                        "module_taken", message, f"uninstall one first: alas-plugin uninstall {name}"
                    )
        if is_asked_for:
            then.check(new)
            broken = list(then.broken_since(self._requirements(manifests)))
            if broken:
                raise InstallError(
                    "breaks_dependents",
                    f"installed plugins would no longer work: {'; '.join(broken)}",
                    "install versions of them that fit in the same command",
                )
        self._ask_engine(candidates, then)

    def _ask_engine(self, candidates: Sequence[Candidate], then: Requirements) -> None:
        """Let the engine look at the plugins, and at those that use them."""
        if self._check is None:
            return
        folders = [candidate.folder for candidate in candidates]
        findings: list[Diagnostic] = []
        for candidate in candidates:
            # Without what it needs it cannot load, and the user has agreed to that.
            if not then.unmet(candidate.manifest):
                findings += candidate.as_in_source(list(self._check(candidate.folder, folders)))
        if errors := [finding for finding in findings if finding.is_error]:
            message = f"{_listed([one.name for one in candidates])} cannot be loaded"
            raise InstallError("plugin_invalid", message, "correct the plugin", errors)
        names = [candidate.name for candidate in candidates]
        for name in then.dependents(names):
            if name in names or then.unmet(then.plugins[name]):
                continue
            folder = self._layout.link(name)
            worse = [one for one in self._check(folder, folders) if one.is_error]
            if worse and not any(one.is_error for one in self._check(folder, ())):
                raise InstallError(
                    "breaks_dependents",
                    f"the installed plugin `{name}` could no longer be loaded",
                    "install a version of it that fits in the same command",
                    worse,
                )

    def _check_installed_names(self, names: Sequence[str], lock: Lock) -> None:
        for name in names:
            if name not in lock.plugins:
                raise self._not_installed(name, lock)

    def _not_installed(self, name: str, lock: Lock) -> InstallError:
        from alas_manifest import nearest_name, quote_text

        message = f"no installed plugin is called {quote_text(name)}"
        other = next((one for one in self._known_others() if name in (one.name, one.module)), None)
        near = nearest_name(name[:64], lock.plugins)
        folder = self._layout.plugins / name
        if os.sep not in name and folder.is_dir():
            advice = f"it was put there by hand; to be rid of it, remove the folder {folder}"
        elif other is not None:
            advice = f"it is there without having been installed, in {other.place}"
        elif near is not None:
            advice = f"did you mean `{near}`?"
        else:
            advice = f"installed are: {_listed(sorted(lock.plugins)) or 'none'}"
        return InstallError("plugin_not_installed", message, advice)

    # --- Reading what is there ---

    def _requirements(self, manifests: "Mapping[str, Manifest]") -> Requirements:
        return Requirements(manifests, self._known_others(), self._alas_version)

    def _known_others(self) -> "Sequence[Provided]":
        return tuple(self._others()) if self._others is not None else ()

    def _read_current(self) -> Lock:
        """Read the lock in force, without keeping others from installing meanwhile."""
        for _ in range(_MOST_TRIES):
            number = self._state.current_number()
            try:
                return self._state.current()
            except InstallError:
                if self._state.current_number() == number:
                    raise
        return self._state.current()

    def _manifests(self, lock: Lock) -> "dict[str, Manifest]":
        """Return the manifests of installed plugins; one that somebody has broken is not among them."""
        found = {}
        for name, store_name in self._contents(lock).items():
            manifest = read_file(self._layout.store / store_name).manifest
            if manifest is not None:
                found[name] = manifest
        return found

    def _contents(self, lock: Lock) -> dict[str, str]:
        return {name: self._state.content(lock.generation, name) for name in lock.plugins}

    # --- Changing ---

    def _change(self, candidate: Candidate, before: Lock) -> Change:
        old = before.plugins.get(candidate.name)
        return Change(
            name=candidate.name,
            action=self._action(candidate, old, before),
            before=old.version if old is not None else None,
            after=str(candidate.manifest.version),
            hash=candidate.content.hash,
            source=str(candidate.source),
            warnings=candidate.warnings,
            left_out=candidate.left_out,
        )

    def _action(self, candidate: Candidate, old: InstalledPlugin | None, before: Lock) -> Action:
        if old is None:
            return "installed"
        if old.version != str(candidate.manifest.version):
            return _direction(old.version, str(candidate.manifest.version))
        is_same = old.hash == candidate.content.hash
        store_name = self._state.content(before.generation, candidate.name)
        is_whole = (
            is_same and self._state.is_intact(store_name) and self._layout.link(candidate.name).is_dir()
        )
        return "unchanged" if is_whole else "reinstalled"

    def _record(self, candidate: Candidate, candidates: Sequence[Candidate], before: Lock) -> InstalledPlugin:
        manifest = candidate.manifest
        old = before.plugins.get(manifest.name)
        is_needed = any(
            dependency.name in (manifest.name, manifest.module)
            for other in candidates
            for dependency in other.manifest.dependencies
        )
        reason: Reason = "dependency" if is_needed else "requested"
        if old is not None and old.reason == "requested":
            reason = "requested"
        if old is not None and self._action(candidate, old, before) == "unchanged":
            return dataclasses.replace(old, reason=reason)
        return InstalledPlugin(
            version=str(manifest.version),
            hash=candidate.content.hash,
            type=manifest.type,
            source=str(candidate.source),
            installed_at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            reason=reason,
        )

    def _put_in_force(
        self, before: Lock, then: _Next, changes: Sequence[Change], orphans: Sequence[str] = ()
    ) -> InstallReport:
        numbers = self._state.numbers()
        if before.generation == 0:
            # So that the first installation can be rolled back like any other.
            before = Lock(max(numbers, default=0) + 1)
            self._state.make_generation(before, {})
            numbers = [before.generation]
        lock = Lock(max(numbers) + 1, before.generation, then.plugins)
        self._state.make_generation(lock, then.contents)
        self._state.link_plugins(lock)
        return self._switch(before.generation, lock.generation, changes, orphans)

    def _switch(
        self, former: int, number: int, changes: Sequence[Change], orphans: Sequence[str] = ()
    ) -> InstallReport:
        self._state.switch(number)
        warnings = []
        # From here on everything is new, whatever happens; an error would say that it is not.
        try:
            durable.sync(self._layout.root)
        except OSError as error:
            warnings.append(f"it may not outlast a power cut: {escape_text(describe(error))}")
        try:
            self._state.collect(former)
        except (OSError, InstallError) as error:
            reason = describe(error) if isinstance(error, OSError) else error.message
            warnings.append(f"old versions could not be removed: {escape_text(reason)}")
        return InstallReport(
            changes=tuple(changes),
            generation=number,
            warnings=tuple(warnings),
            no_longer_needed=tuple(orphans),
        )


def _direction(before: str, after: str) -> Action:
    return "upgraded" if Version.parse(before) < Version.parse(after) else "downgraded"


def _difference(name: str, before: Lock, after: Lock) -> Change | None:
    """Return what became of a plugin between two states; None when nothing did."""
    old, new = before.plugins.get(name), after.plugins.get(name)
    if new is None:
        return _gone(name, old) if old is not None else None
    if old is None:
        action: Action = "installed"
    elif old.version != new.version:
        action = _direction(old.version, new.version)
    elif old.hash != new.hash:
        action = "reinstalled"
    else:
        return None
    return Change(
        name=name,
        action=action,
        before=old.version if old is not None else None,
        after=new.version,
        hash=new.hash,
        source=new.source,
    )


def _gone(name: str, old: InstalledPlugin) -> Change:
    return Change(
        name=name, action="uninstalled", before=old.version, after=None, hash=old.hash, source=old.source
    )


def _orphans(now: Requirements, plugins: Mapping[str, InstalledPlugin]) -> list[str]:
    """Return the plugins that were installed for others, of which there are none any more."""
    return [
        name
        for name in sorted(now.plugins)
        if plugins[name].reason == "dependency" and not now.dependents([name])
    ]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
