"""One run of `alas-plugin test`: from the command line to the exit code."""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from alas_cli import _exit_codes as exit_codes
from alas_cli._command import UsageMistake, write_error
from alas_cli._interrupts import handled_interrupts
from alas_cli._plugin._failures import reporting
from alas_cli._plugin._testing.preparing import Choice, Preparation
from alas_cli._plugin._testing.results import Result
from alas_cli._plugin._testing.running import Runner
from alas_cli._plugin._testing.session import Surroundings
from alas_cli._plugin._testing.targets import Target, find_targets
from alas_cli._registry import check_folders, enable_debug, registry_maker
from alas_cli._subcommand import CommonOptions
from alas_manifest import Duration, escape_text, nearest_name

_EXAMPLE = '[{"name": "…", "function": "…", "args": [], "expected": null}]'


@dataclass(kw_only=True)
class Options:
    """The command line's own options."""

    words: tuple[str, ...]
    tags: tuple[str, ...]
    texts: tuple[str, ...]
    timeout: Duration
    is_first_failure_last: bool
    slowest: int
    output_file: str | None
    is_watching: bool


class TestPlugins:
    """Tests plugins as a command line asks."""

    def __init__(self, options: Options, common: CommonOptions) -> None:
        """Take the command line."""
        self._options = options
        self._common = common
        self._runner: Runner | None = None

    def run(self) -> int:
        """Run the tests and print what came of them.

        Returns:
            The exit code.

        Raises:
            UsageMistake: the command line names something that is not there.
            KeyboardInterrupt: the user has stopped it.
            OSError: the output cannot be written.
        """
        self._check_options()
        if self._options.is_watching:
            from alas_cli._plugin._testing.watching import watch

            return reporting(self._common, lambda: watch(self._find_targets))
        with handled_interrupts(self._stop):
            return reporting(self._common, lambda: self._run(self._find_targets()))

    def _check_options(self) -> None:
        options, output_format = self._options, self._common.output_format
        if options.is_watching and (output_format != "text" or options.output_file is not None):
            raise UsageMistake(
                "-watch shows text for as long as it runs; leave -format and -output out, or -watch"
            )
        if options.output_file is not None:
            if output_format == "text":
                raise UsageMistake("-output takes a document: add -format json or -format junit")
            folder = Path(options.output_file).absolute().parent
            if not folder.is_dir():
                raise UsageMistake(f"-output: there is no folder {str(folder)!r}")

    def _find_targets(self) -> list[Target]:
        check_folders("-plugin-path", self._common.plugin_paths)
        enable_debug(asked=self._common.plugin_debug)
        return find_targets(
            self._options.words,
            registry_maker(None, self._common.plugin_paths),
            is_for_machines=self._common.is_for_machines,
        )

    def _stop(self) -> None:
        if self._runner is not None:
            self._runner.stop()

    def _run(self, targets: Sequence[Target]) -> int:
        options = self._options
        preparation = Preparation()
        for target in targets:
            preparation.add(
                target,
                Surroundings(self._common.plugin_paths),
                Choice(options.tags, options.texts),
            )
        if preparation.has_errors:
            self._report_findings(preparation)
            return exit_codes.INVALID
        if not preparation.count:
            raise UsageMistake(_nothing_to_run(preparation, options))
        self._warn(preparation)
        self._runner = Runner(
            preparation.plans, options.timeout, is_first_failure_last=options.is_first_failure_last
        )
        return self._run_and_report(self._runner, preparation.left_out)

    def _run_and_report(self, runner: Runner, left_out: int) -> int:
        from alas_cli._plugin._testing.text_report import TextReport

        shows_text = self._common.output_format == "text" or self._options.output_file is not None
        report = TextReport(slowest=self._options.slowest) if shows_text else None
        results: list[Result] = []
        started = time.perf_counter()
        for result in runner.run():
            results.append(result)
            if report is not None:
                report.add(result)
        seconds = time.perf_counter() - started
        if report is not None:
            report.finish(results, seconds, left_out)
        if self._common.output_format != "text":
            self._write_document(results, seconds, left_out)
        has_passed = all(result.has_passed for result in results)
        return exit_codes.DONE if has_passed else exit_codes.FAILED

    def _write_document(self, results: Sequence[Result], seconds: float, left_out: int) -> None:
        from alas_cli._plugin._testing.document_report import json_report, junit_report

        if self._common.is_for_machines:
            text = json_report(results, seconds, left_out) + "\n"
        else:
            text = junit_report(results, seconds) + "\n"
        if self._options.output_file is None:
            sys.stdout.write(text)
        else:
            Path(self._options.output_file).write_text(text, encoding="utf-8")

    # --- What keeps tests from running ---

    def _report_findings(self, preparation: Preparation) -> None:
        diagnostics = list(dict.fromkeys(preparation.diagnostics))
        if self._common.is_for_machines and self._options.output_file is None:
            from alas_cli._documents import diagnostics_document, write_document

            write_document(diagnostics_document(diagnostics, ok=False))
            return
        from alas_cli._excerpts import Texts
        from alas_cli._rendering import print_rows, render_diagnostics, render_summary

        print_rows(render_diagnostics(diagnostics, Texts()))
        print_rows(render_summary(diagnostics))

    def _warn(self, preparation: Preparation) -> None:
        if preparation.diagnostics:
            from alas_cli._excerpts import Texts
            from alas_cli._rendering import print_rows, render_diagnostics

            print_rows(render_diagnostics(dict.fromkeys(preparation.diagnostics), Texts()))
        for target in preparation.without_tests:
            write_error(f"{escape_text(str(target.folder))}: there are no tests\n")


def _nothing_to_run(preparation: Preparation, options: Options) -> str:
    """Say why there is nothing to run."""
    if preparation.left_out:
        for tag in options.tags:
            if tag not in preparation.tags:
                near = nearest_name(tag, preparation.tags)
                known = ", ".join(sorted(preparation.tags)) or "none"
                advice = f"did you mean {near!r}?" if near is not None else f"there are: {known}"
                return f"no test has the tag {escape_text(tag)!r}; {escape_text(advice)}"
        return f"none of the {preparation.left_out} tests is chosen by -tags and -filter"
    folders = ", ".join(repr(str(target.folder)) for target in preparation.without_tests)
    return f"there are no tests in {escape_text(folders)}: expected files tests/*.json such as {_EXAMPLE}"
