"""Running tests.

Each file gets an interpreter and a plugin of its own, so that no file can disturb another. Within a file the tests run in
their order and share what the plugin holds, which is what a file's `setup` is for.
"""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alas_cli._plugin._testing.comparison import first_difference
from alas_cli._plugin._testing.deadline import TimeLimitError
from alas_cli._plugin._testing.model import Call, Case, CaseFile, ExpectedError, Given, Position
from alas_cli._plugin._testing.results import Failure, FailureKind, Result, error_code, error_message
from alas_cli._plugin._testing.session import Session
from alas_manifest import Duration

if TYPE_CHECKING:
    from alas_manifest import Manifest


@dataclass(frozen=True, slots=True)
class Plan:
    """A plugin and the tests of it that are to run.

    Attributes:
        manifest: the plugin's manifest.
        files: its files of tests, with the chosen ones only.
        open_session: loads the plugin.
    """

    manifest: "Manifest"
    files: tuple[CaseFile, ...]
    open_session: Callable[[], Session]


class Runner:
    """Runs tests."""

    def __init__(self, plans: Sequence[Plan], timeout: Duration, *, is_first_failure_last: bool) -> None:
        """Take what is to be run.

        Args:
            plans: the plugins and their tests.
            timeout: how long a call may take whose test does not say.
            is_first_failure_last: whether to stop after a test that failed.
        """
        self._plans = plans
        self._timeout = timeout
        self._is_first_failure_last = is_first_failure_last
        self._session: Session | None = None
        self._is_stopped = False

    def stop(self) -> None:
        """Stop the running call, and run no other. May be called from signal handlers."""
        self._is_stopped = True
        if self._session is not None:
            self._session.interrupt()

    def run(self) -> Iterator[Result]:
        """Run the tests, one after the other.

        Yields:
            What came of each.

        Raises:
            KeyboardInterrupt: the user has stopped it.
            RegistryError: a plugin that could be loaded before cannot be loaded now.
        """
        for plan in self._plans:
            for file in plan.files:
                for result in self._run_file(plan, file):
                    yield result
                    if self._is_first_failure_last and not result.has_passed:
                        return

    def _run_file(self, plan: Plan, file: CaseFile) -> Iterator[Result]:
        session = self._session = plan.open_session()
        with contextlib.closing(session):
            prepared = self._run_calls(file.setup, "setup", self._timeout)
            try:
                for case in file.cases:
                    # Of a setup that failed, each test that relied on it tells.
                    yield self._run_case(plan.manifest, file, case, prepared)
            finally:
                finished = self._run_calls(file.teardown, "teardown", self._timeout)
            if finished is not None:
                yield Result(
                    plugin=plan.manifest.name,
                    version=str(plan.manifest.version),
                    file=file,
                    name="teardown",
                    position=Position(str(file.path), 1, 1),
                    function=finished.call.function,
                    failure=finished,
                    output=session.take_output(),
                    advice=session.advice_on(finished.error),
                )

    def _run_case(self, manifest: "Manifest", file: CaseFile, case: Case, failure: Failure | None) -> Result:
        started = time.perf_counter()
        limit = case.timeout or self._timeout
        if failure is None:
            failure = self._run_calls(case.setup, "setup", limit) or self._check(case, limit)
            # Giving back comes in any case, and is told of only when nothing else was wrong.
            failure = self._run_calls(case.teardown, "teardown", limit, earlier=failure)
        milliseconds = (time.perf_counter() - started) * 1000
        return Result(
            plugin=manifest.name,
            version=str(manifest.version),
            file=file,
            name=case.name,
            position=case.position,
            function=case.call.function,
            tags=case.tags,
            milliseconds=milliseconds,
            failure=failure,
            output=self._session.take_output() if self._session is not None else "",
            advice=self._session.advice_on(failure.error)
            if self._session is not None and failure is not None
            else None,
        )

    def _run_calls(
        self, calls: Sequence[Call], kind: FailureKind, limit: Duration, earlier: Failure | None = None
    ) -> Failure | None:
        """Make calls before or after tests, up to the first that fails; return the earlier failure, or this one."""
        for call in calls:
            _, error = self._try(call, limit)
            if error is not None:
                what = (
                    f"took longer than {limit}" if isinstance(error, TimeLimitError) else error_message(error)
                )
                message = f"the {kind} call of `{call.function}` failed: {what}"
                return earlier or Failure(kind=kind, message=message, call=call, error=error)
        return earlier

    def _try(self, call: Call, limit: Duration) -> tuple[object, BaseException | None]:
        """Make a call; return its result, and what it failed with."""
        assert self._session is not None, "calls are made while a file runs"
        result: object = None
        failed: BaseException | None = None
        if self._is_stopped:
            raise KeyboardInterrupt
        try:
            result = self._session.call(call, limit.seconds)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a plugin raises, it is the test that fails
            failed = error
        if self._is_stopped:
            raise KeyboardInterrupt
        return result, failed

    def _check(self, case: Case, limit: Duration) -> Failure | None:
        """Make the call of a test, and compare what comes of it with what was expected."""
        result, error = self._try(case.call, limit)
        if isinstance(error, TimeLimitError):
            return Failure(kind="timeout", message=f"the call took longer than {limit}", call=case.call)
        if isinstance(case.expected, Given):
            return _compare(case.call, case.expected, result, error)
        return _compare_error(case.call, case.expected, result, error)


def _compare(call: Call, expected: Given, result: object, error: BaseException | None) -> Failure | None:
    if error is not None:
        message = f"expected a result, found the error {error_code(error)}: {error_message(error)}"
        return Failure(kind="error", message=message, call=call, expected=expected.value, error=error)
    difference = first_difference(expected.value, result)
    if difference is None:
        return None
    return Failure(
        kind="difference",
        message="the result is not what was expected",
        call=call,
        expected=expected.value,
        found=result,
        difference=difference,
    )


def _compare_error(
    call: Call, expected: ExpectedError, result: object, error: BaseException | None
) -> Failure | None:
    if error is None:
        message = f"expected the error {expected.code}, found a result"
        return Failure(kind="no_error", message=message, call=call, found=result)
    code, text = error_code(error), error_message(error)
    if code != expected.code:
        message = f"expected the error {expected.code}, found the error {code}: {text}"
        return Failure(kind="wrong_error", message=message, call=call, error=error)
    if expected.message is not None and expected.message not in text:
        message = f"expected an error whose message contains `{expected.message}`, found: {text}"
        return Failure(kind="wrong_error", message=message, call=call, error=error)
    return None
