"""Install, upgrade, uninstall and roll back. Each change is prepared aside, checked as a whole, and put in force in one step."""

import contextlib
import dataclasses
import os
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from alas_installer import _durable as durable
from alas_installer._changes import change_by, differences, record_of, removal
from alas_installer._checks import Checks, listed
from alas_installer._errors import InstallError
from alas_installer._layout import Layout
from alas_installer._reports import Change, InstallReport
from alas_installer._requirements import Requirements
from alas_installer._session import describe, explained, session
from alas_installer._settings import Check, Others, Request, Settings
from alas_installer._staging import Candidate, Preparation, stage
from alas_installer._state import State
from alas_manifest import MANIFEST_FILE, Diagnostic, Version, escape_text, nearest_name, quote_text, read_file
from alas_registry import RegistryError, SettingsDraft, requested_grants
from alas_registry.installed import InstalledPlugin, Lock, check_installed


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
class _Wanted:
    """What is to be installed after a change.

    Attributes:
        plugins: the records of the lock file.
        contents: the plugins' folders in the store.
        orphans: what was there only for plugins that are gone.
    """

    plugins: Mapping[str, InstalledPlugin]
    contents: Mapping[str, str]
    orphans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Next:
    """A generation that is to be in force.

    Attributes:
        lock: what it says.
        changes: what that changes.
        settings: the settings that are to be in force with it, if they change.
    """

    lock: Lock
    changes: Sequence[Change]
    settings: SettingsDraft | None


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
        version = alas_version if isinstance(alas_version, Version) else Version.parse(alas_version)
        self._checks = Checks(self._state, version, check, others)
        self._settings = settings if settings is not None else Settings()

    def install(self, *paths: str | os.PathLike[str], check_dependencies: bool = True) -> InstallReport:
        """Install plugins, or other versions of them, all in one step.

        Args:
            paths: folders, `.zip` and `.tar.gz` archives, each with one plugin. Naming one twice is naming it once.
            check_dependencies: whether to refuse what would leave a plugin without what it needs.

        Returns:
            What has changed, plugin by plugin in the order of `paths`.

        Raises:
            InstallError: one of them cannot be installed; nothing has changed.
        """
        settings = self._settings
        preparation = Preparation(
            limits=settings.limits, listener=settings.on_copy, build=settings.build, native=settings.native
        )
        with session(self._state, self._settings):
            before = self._state.current()
            staged = [
                stage(path, self._layout.staging / str(index), preparation)
                for index, path in enumerate(_distinct(paths))
            ]
            self._checks.check_alone(staged)
            manifests = self._state.manifests(before)
            candidates = self._checks.check_together(manifests, staged, with_dependencies=check_dependencies)
            changes, records = [], {}
            for candidate in candidates:
                old = before.plugins.get(candidate.name)
                is_whole = old is not None and self._state.is_whole(before, candidate.name)
                change = change_by(candidate, old, manifests.get(candidate.name), is_whole=is_whole)
                changes.append(change)
                records[candidate.name] = record_of(
                    candidate, change, old, was_asked=settings.agree is not None
                )
            self._agree(candidates, before)
            is_same = all(change.action == "unchanged" for change in changes)
            if is_same and records.items() <= before.plugins.items():
                self._grant_alone(changes)
                return InstallReport(changes=tuple(changes), generation=before.generation)
            contents = self._state.contents(before)
            contents |= {one.name: self._state.store(one.folder, one.content) for one in candidates}
            return self._put_in_force(before, _Wanted({**before.plugins, **records}, contents), changes)

    def _agree(self, candidates: Sequence[Candidate], before: Lock) -> None:
        """Have whoever installs agree to what the plugins ask for."""
        if self._settings.agree is None:
            return
        requests = []
        for one in candidates:
            old = before.plugins.get(one.name)
            asked = requested_grants(one.manifest)
            if not asked.is_empty:
                requests.append(
                    Request(
                        manifest=one.manifest,
                        folder=one.folder,
                        source=one.source,
                        asked=asked,
                        agreed=old.agreed if old is not None else None,
                    )
                )
        if requests:
            self._settings.agree(requests)

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
            self._check_installed(names, self._state.current_unlocked())
        with session(self._state, self._settings):
            before = self._state.current()
            self._check_installed(names, before)
            was = self._checks.requirements(self._state.manifests(before))
            gone = {*names, *(was.dependents(names) if cascade else ())}
            now = self._checks.requirements(
                {name: one for name, one in was.plugins.items() if name not in gone}
            )
            if broken := list(now.broken_since(was)):
                at_once = f"alas-plugin uninstall -cascade {' '.join(names)}"
                raise InstallError(
                    "plugin_in_use",
                    f"installed plugins need {listed(names)}: {'; '.join(broken)}",
                    f"uninstall what needs it first, or all at once: {at_once}",
                )
            self._state.check_links_can_go(gone)
            plugins = {name: record for name, record in before.plugins.items() if name not in gone}
            contents = {name: one for name, one in self._state.contents(before).items() if name not in gone}
            changes = [removal(name, before.plugins[name]) for name in dict.fromkeys((*names, *sorted(gone)))]
            return self._put_in_force(
                before, _Wanted(plugins, contents, _orphans(was, now, plugins)), changes
            )

    def rollback(self) -> InstallReport:
        """Go back to the state before the last change; a second rollback goes back one more.

        Returns:
            What has changed, and what is installed now. Where the lock file in force cannot be read, what it held is told
            by the plugins themselves.

        Raises:
            InstallError: there is no such state, or it is no longer whole; nothing has changed.
        """
        with explained():
            if self._state.current_number() is None:
                raise InstallError("nothing_to_roll_back", "nothing was installed yet")
        with session(self._state, self._settings):
            number = self._state.current_number() or 0
            target = self._state.previous(number)
            try:
                before = self._state.current()
            except InstallError:
                before = self._state.as_linked(number)
            present, contents = self._state.contents(before), self._state.contents(target)
            for name, store_name in contents.items():
                # What is in force already is not made worse.
                if present.get(name) != store_name and not self._state.is_intact(store_name):
                    record = target.plugins[name]
                    message = f"the earlier `{name}` {record.version} has been changed or removed"
                    raise InstallError("content_changed", message, f"install it again from {record.source}")
            self._state.check_links_can_go(before.plugins.keys() - target.plugins.keys())
            manifests_before, manifests = self._state.manifests(before), self._state.manifests(target)
            changes = differences(before, target, manifests_before, manifests)
            with self._granting(changes) as settings:
                self._state.mend_generation(target, contents, settings)
                self._state.link_plugins(target)
                report = self._switch(number, _Next(target, changes, settings))
            installed = {name: target.plugins[name].version for name in sorted(target.plugins)}
            return dataclasses.replace(report, installed=installed)

    def installed(self) -> list[Installed]:
        """Return what is installed, by name.

        Returns:
            The plugins; none when nothing was ever installed.

        Raises:
            InstallError: the lock file cannot be read.
        """
        with explained():
            lock = self._state.current_unlocked()
        return [Installed(name, self._layout.link(name), lock.plugins[name]) for name in sorted(lock.plugins)]

    def verify(self) -> list[Diagnostic]:
        """Check that everything that is installed still is as it was installed.

        Returns:
            An error for each plugin that was changed, or that programs do not find.

        Raises:
            InstallError: the lock file cannot be read.
        """
        checked = (self._verify(plugin) for plugin in self.installed())
        return [finding for finding in checked if finding is not None]

    def _verify(self, plugin: Installed) -> Diagnostic | None:
        inner = self._layout.current / plugin.name
        changed = check_installed(inner)
        if changed is not None:
            return changed
        manifest = read_file(inner).manifest
        version = str(manifest.version) if manifest is not None else "broken"
        if version != plugin.details.version:
            code = "content_changed"
            message = f"the lock file says {plugin.details.version}, but the plugin is {version}"
        elif os.path.realpath(plugin.folder) != os.path.realpath(inner):
            expected = self._layout.link_text(plugin.name)
            code, message = (
                "link_missing",
                f"programs do not find the plugin here: expected a link to {expected}",
            )
        else:
            return None
        advice = escape_text(f"install it again: alas-plugin install {shlex.quote(plugin.details.source)}")
        return Diagnostic(code, "error", message, str(plugin.folder), "", 1, 1, advice)

    def _check_installed(self, names: Sequence[str], lock: Lock) -> None:
        """Refuse names that no installed plugin has."""
        for name in names:
            if name not in lock.plugins:
                raise self._not_installed(name, lock)

    def _not_installed(self, name: str, lock: Lock) -> InstallError:
        message = f"no installed plugin is called {quote_text(name)}"
        place = self._checks.place_of_other(name)
        near = nearest_name(name[:64], lock.plugins)
        folder = self._layout.plugins / name
        if os.sep not in name and name not in ("", ".", "..") and folder.is_dir():
            advice = f"it was put there by hand; to be rid of it, remove the folder {folder}"
        elif place is not None:
            advice = f"it is there without having been installed, in {place}"
        elif near is not None:
            advice = f"did you mean `{near}`?"
        else:
            advice = f"installed are: {listed(sorted(lock.plugins)) or 'none'}"
        return InstallError("plugin_not_installed", message, advice)

    @contextlib.contextmanager
    def _granting(self, changes: Sequence[Change]) -> Iterator[SettingsDraft | None]:
        """Yield the settings that are to be in force with a change.

        Raises:
            InstallError: they cannot be changed.
        """
        with contextlib.ExitStack() as stack:
            try:
                grant = self._settings.grant
                settings = stack.enter_context(grant(changes)) if grant is not None else None
            except RegistryError as error:
                raise InstallError("not_granted", error.message) from error
            yield settings

    def _grant_alone(self, changes: Sequence[Change]) -> None:
        """Grant what was agreed to where the plugins stay as they are: it may have been revoked since they were installed."""
        if self._settings.agree is None:
            return
        with self._granting(changes) as settings:
            if settings is not None and settings.is_changed:
                settings.apply()

    def _put_in_force(self, before: Lock, then: _Wanted, changes: Sequence[Change]) -> InstallReport:
        """Make a generation, and switch to it."""
        numbers = self._state.numbers()
        if before.generation == 0:
            # So that the first installation can be rolled back like any other.
            before = Lock(max(numbers, default=0) + 1)
            self._state.make_generation(before, {})
            numbers = [before.generation]
        lock = Lock(max(numbers) + 1, before.generation, then.plugins)
        with self._granting(changes) as settings:
            self._state.make_generation(lock, then.contents, settings)
            self._state.link_plugins(lock)
            report = self._switch(before.generation, _Next(lock, changes, settings))
        return dataclasses.replace(report, no_longer_needed=then.orphans)

    def _switch(self, former: int, then: _Next) -> InstallReport:
        """Put a generation in force, and tidy up behind it."""
        self._state.switch(then.lock.generation)
        warnings = []
        # From here on everything is new, whatever happens; an error would say that it is not.
        try:
            durable.sync(self._layout.root)
        except OSError as error:
            warnings.append(f"it may not outlast a power cut: {escape_text(describe(error))}")
        try:
            if then.settings is not None:
                then.settings.finish()
        except OSError as error:
            warnings.append(f"what was granted is not in the settings yet: {escape_text(describe(error))}")
        try:
            self._state.collect(former)
        except (OSError, InstallError) as error:
            reason = describe(error) if isinstance(error, OSError) else error.message
            warnings.append(f"old versions could not be removed: {escape_text(reason)}")
        try:
            self._state.remove_links()
        except OSError as error:
            warnings.append(f"a link that leads nowhere could not be removed: {escape_text(describe(error))}")
        return InstallReport(
            changes=tuple(then.changes),
            generation=then.lock.generation,
            warnings=tuple(warnings),
        )


def _distinct(paths: Sequence[str | os.PathLike[str]]) -> list[str]:
    """Return paths without those that lead to the same place as an earlier one."""
    found: dict[str, str] = {}
    for path in [os.fspath(one) for one in paths]:
        # An empty path is a mistake and not the current folder, which it would become.
        place = os.path.realpath(path) if path and "\0" not in path else path
        found.setdefault(place.removesuffix(f"{os.sep}{MANIFEST_FILE}"), path)
    return list(found.values())


def _orphans(was: Requirements, now: Requirements, plugins: Mapping[str, InstalledPlugin]) -> tuple[str, ...]:
    """Return the plugins that were installed for others, of which there are none any more."""
    candidates = [name for name in sorted(now.plugins) if plugins[name].reason == "dependency"]
    return tuple(name for name in candidates if was.dependents([name]) and not now.dependents([name]))
