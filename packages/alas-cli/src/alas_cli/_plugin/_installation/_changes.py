"""One change of what is installed, as a command line asks for it."""

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from alas_cli import _exit_codes as exit_codes
from alas_cli._command import write_error
from alas_cli._interrupts import handled_interrupts
from alas_cli._plugin._installation._asking import Question
from alas_cli._plugin._installation._consent import Consent, missing_warnings
from alas_cli._plugin._installation._granting import Granting
from alas_cli._plugin._installation._native import NativeBuild, native_warnings
from alas_cli._plugin._installation._output import CopyProgress, exit_code, print_error, print_report
from alas_cli._plugin._installation._surroundings import Surroundings
from alas_cli._registry import check_folders, enable_debug, settings_in_force
from alas_cli._subcommand import CommonOptions
from alas_installer import Installer, InstallError, NotAgreedError, Settings
from alas_manifest import read_file

if TYPE_CHECKING:
    from alas_installer import InstallReport

_WAITING = "another alas-plugin is installing or uninstalling; waiting until it has finished …\n"


class Changes:
    """Installs and uninstalls."""

    def __init__(
        self, options: CommonOptions, *, timeout: float, builds: bool = False, grants: bool = False
    ) -> None:
        """Find out where the user's plugins are.

        Args:
            options: what the command line says.
            timeout: how many seconds to wait for another installation.
            builds: whether to build native code without asking.
            grants: whether to grant what plugins ask for without asking.

        Raises:
            UsageMistake: a folder that the command line names is not there, or the settings have errors.
        """
        import alas_core

        check_folders("-plugin-path", options.plugin_paths)
        enable_debug(asked=options.plugin_debug)
        self._options = options
        settings = settings_in_force()
        self._user_settings = settings
        self._home = settings.home
        self._surroundings = Surroundings(self._home, options.plugin_paths)
        self._progress = CopyProgress(sys.stderr)
        self._build = NativeBuild(self._question(is_agreed=builds))
        self._consent = Consent(settings, self._surroundings.needs, self._question(is_agreed=grants))
        self._granting = Granting(self._home, lambda: self._consent.agreed)
        self._installer = Installer(
            self._home,
            alas_version=alas_core.version,
            check=self._surroundings.findings,
            others=self._surroundings.others,
            settings=Settings(
                lock_timeout=timeout,
                on_wait=lambda: write_error(_WAITING),
                on_copy=self._progress,
                build=self._build,
                agree=self._consent,
                grant=self._granting,
                native=settings.native,
            ),
        )

    def _question(self, *, is_agreed: bool) -> Question:
        is_for_machines = self._options.is_for_machines
        return Question(is_agreed=is_agreed, is_for_machines=is_for_machines, before=self._progress.stop)

    def install(self, paths: Sequence[str], *, check_dependencies: bool) -> int:
        """Install plugins; return the exit code."""
        return self._run(lambda: self._installer.install(*paths, check_dependencies=check_dependencies))

    def rollback(self) -> int:
        """Go back to the state before the last change; return the exit code."""
        return self._run(self._installer.rollback)

    def uninstall(self, names: Sequence[str], *, cascade: bool) -> int:
        """Uninstall plugins, named like in all commands: by their names or those of their modules; return the exit code."""
        return self._run(lambda: self._installer.uninstall(*self._meant(names), cascade=cascade))

    def _run(self, work: "Callable[[], InstallReport]") -> int:
        is_for_machines = self._options.is_for_machines
        try:
            # What was begun is tidied up before the command ends.
            with handled_interrupts(lambda: None):
                report = work()
        except InstallError as error:
            self._progress.stop()
            more = {"asks": self._consent.record} if isinstance(error, NotAgreedError) else {}
            print_error(error, more, is_for_machines=is_for_machines)
            return exit_code(error)
        finally:
            self._progress.stop()
        warnings = [
            *self._forget(report),
            *self._granting.warnings,
            *missing_warnings(
                self._user_settings, self._installer.installed(), report, self._surroundings.winner
            ),
            *native_warnings(self._installer, report, self._user_settings.native),
            *(f"{one.message}; {one.help}" for one in self._build.outdated),
            *self._hidden(report),
        ]
        print_report(report, warnings, self._granting.granted, is_for_machines=is_for_machines)
        return exit_codes.DONE

    def _meant(self, words: Sequence[str]) -> list[str]:
        """Return the names of the installed plugins that words mean; a word that means none stays as it is."""
        folders = {one.name: one.folder for one in self._installer.installed()}
        names = {name.casefold(): name for name in folders}
        modules: dict[str, str] = {}
        # Only who asks by a module's name has to wait for the manifests.
        if any(word.casefold() not in names for word in words):
            manifests = ((name, read_file(folder).manifest) for name, folder in folders.items())
            modules = {one.module: name for name, one in manifests if one is not None}
        return list(dict.fromkeys(names.get(word.casefold(), modules.get(word, word)) for word in words))

    def _forget(self, report: "InstallReport") -> list[str]:
        """No longer load in every run what is gone; return what the user should know."""
        gone = [change.name for change in report.changes if change.action == "uninstalled"]
        if not gone:
            return []
        from alas_registry import RememberedPlugins, StateError

        remembered = RememberedPlugins(self._home)
        try:
            known = {name.casefold() for name in remembered.names()}
            lost = [name for name in gone if name in known]
            return [
                f"{name} is no longer loaded in every run"
                for name in (remembered.remove(lost) if lost else ())
            ]
        except StateError as error:
            return [error.message]

    def _hidden(self, report: "InstallReport") -> list[str]:
        """Say which plugins programs do not get, because they find another one first."""
        found = []
        for change in report.changes:
            if change.after is not None:
                winner = self._surroundings.winner(change.name)
                if winner is not None:
                    found.append(f"programs that run here find another {change.name} first: {winner}")
        return found
