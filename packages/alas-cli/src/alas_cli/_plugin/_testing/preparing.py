"""From plugins to plans: everything is read, checked and loaded before anything runs."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from alas_cli._platforms import of_this_platform
from alas_cli._plugin._failures import findings_of
from alas_cli._plugin._outdated import outdated_findings
from alas_cli._plugin._testing.model import Case, CaseFile
from alas_cli._plugin._testing.reading import FOLDER, FileReading, Offer, read_test_file, test_files
from alas_cli._plugin._testing.running import Plan
from alas_cli._plugin._testing.session import Session, Surroundings
from alas_cli._plugin._testing.targets import Target
from alas_manifest import Diagnostic, Manifest, read_folder
from alas_registry import RegistryError


@dataclass(frozen=True, slots=True)
class Choice:
    """Which tests are to run.

    Attributes:
        tags: the tests that have one of these; none is all.
        texts: the tests that have one of these in their name or their function's, in upper or lower case; none is all.
    """

    tags: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    def takes(self, case: Case) -> bool:
        """Say whether a test is chosen."""
        name = f"{case.name}\n{case.call.function}".casefold()
        return (not self.tags or any(tag in case.tags for tag in self.tags)) and (
            not self.texts or any(text.casefold() in name for text in self.texts)
        )


@dataclass(slots=True)
class Preparation:
    """What was found about plugins and their tests.

    Attributes:
        plans: what can run.
        diagnostics: what is wrong, warnings included.
        without_tests: the plugins that have no tests at all.
        left_out: how many tests are not chosen.
        tags: all tags of all tests.
    """

    plans: list[Plan] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    without_tests: list[Target] = field(default_factory=list)
    left_out: int = 0
    tags: set[str] = field(default_factory=set)

    @property
    def has_errors(self) -> bool:
        """Whether nothing may run."""
        return any(diagnostic.is_error for diagnostic in self.diagnostics)

    @property
    def count(self) -> int:
        """How many tests are to run."""
        return sum(len(file.cases) for plan in self.plans for file in plan.files)

    def add(self, target: Target, surroundings: Surroundings, choice: Choice) -> None:
        """Read and check a plugin and its tests, and load it to see whether it can be.

        Args:
            target: the plugin.
            surroundings: where it will run.
            choice: which tests are meant.
        """
        reading = read_folder(target.folder)
        self.diagnostics += of_this_platform(reading.diagnostics)
        manifest = reading.manifest
        if manifest is None:
            return
        self.diagnostics += outdated_findings(target.folder, manifest)
        readings = list(read_tests(target.folder, manifest, only=target.only))
        self.diagnostics += [finding for one in readings for finding in one.diagnostics]
        files = [one.file for one in readings if one.file is not None]
        for case in (case for file in files for case in file.cases):
            self.tags.update(case.tags)
        chosen = [_chosen(file, choice) for file in files]
        self.left_out += sum(len(file.cases) for file in files) - sum(len(file.cases) for file in chosen)
        if not any(file.cases for file in files) and not any(one.file is None for one in readings):
            self.without_tests.append(target)
        open_session = _opener(target, manifest, surroundings)
        try:
            open_session().close()
        except RegistryError as error:
            self.diagnostics += _findings(error, target)
            return
        self.plans.append(Plan(manifest, tuple(file for file in chosen if file.cases), open_session))


def _opener(target: Target, manifest: Manifest, surroundings: Surroundings) -> Callable[[], Session]:
    return lambda: Session(target, manifest, surroundings)


def _chosen(file: CaseFile, choice: Choice) -> CaseFile:
    cases = tuple(case for case in file.cases if choice.takes(case))
    return CaseFile(path=file.path, shown=file.shown, cases=cases, setup=file.setup, teardown=file.teardown)


def read_tests(folder: Path, manifest: Manifest, *, only: Path | None = None) -> Iterator[FileReading]:
    """Read the tests of a plugin.

    Args:
        folder: the plugin's folder.
        manifest: its manifest.
        only: the one file of tests that is meant; None is all.

    Yields:
        What came out of each file.
    """
    offer = _offer(folder, manifest)
    try:
        paths = [only] if only is not None else test_files(folder)
    except OSError as error:
        message = f"the folder of the tests cannot be read: {error.strerror or error}"
        file = str(folder / FOLDER)
        yield FileReading(None, (Diagnostic("io_error", "error", message, file, "", 1, 1),))
        return
    for path in paths:
        yield read_test_file(path, f"{FOLDER}/{path.name}", offer)


def _offer(folder: Path, manifest: Manifest) -> Offer:
    if manifest.functions or manifest.module_file is None:
        # A plugin in Python that describes nothing tells what it has only when it runs.
        stated = {function.name: len(function.params) for function in manifest.functions}
        return Offer(manifest.module, stated or None)
    return Offer(manifest.module, _exports(folder / manifest.module_file))


def _exports(file: Path) -> dict[str, int] | None:
    """Return the functions that a module exports; None when it is no right module, which others report."""
    try:
        module = json.loads(file.read_bytes())
        exports = module.get("exports", [])
        return {
            one["name"]: len(one.get("params", [])) for one in module["functions"] if one["name"] in exports
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _findings(error: RegistryError, target: Target) -> list[Diagnostic]:
    """Return the findings that kept a plugin from loading; for those that others made, the error itself."""
    findings = list(findings_of(error))
    if findings:
        return findings
    # It is about no line of the manifest.
    return [Diagnostic(error.code, "error", error.message, str(target.folder), "", 1, 1)]
