"""`async`: tasks, one after the other: each runs to its end when it is started, and those that sleep take no time."""

from __future__ import annotations

from .errors import Failure, type_error, value_error
from .library import Host, function, host_function
from .std_result import Map, failure, success
from .values import Task, Value, kind


@host_function("async.spawn", "string", "array?")
def spawn(host: Host, name: str, arguments: list[Value] | None = None) -> Value:
    try:
        return Task(success(host.call_by_name(name, arguments or [])))
    except Failure as problem:
        return Task(failure(problem.message, problem.code))


@host_function("async.timeout", "string", "array", "int")
def timeout(host: Host, name: str, arguments: list[Value], milliseconds: int) -> Value:
    _check_time(milliseconds)
    return spawn(host, name, arguments)


@function("async.sleep", "int")
def sleep(milliseconds: int) -> Value:
    _check_time(milliseconds)
    return Task(success(None))


@function("async.await", "task")
def wait(task: Task) -> Value:
    return task.result


@function("async.awaitTimeout", "task", "int")
def wait_for_a_time(task: Task, milliseconds: int) -> Value:
    _check_time(milliseconds)
    return {**task.result, "timedOut": False}


@function("async.parallel", "array")
def parallel(tasks: list[Value]) -> Value:
    results = _results(tasks)
    return {
        "ok": all(result["ok"] for result in results),
        "values": [result["value"] for result in results],
        "errors": [result["error"] for result in results],
    }


@function("async.race", "array")
def race(tasks: list[Value]) -> Value:
    results = _results(tasks)
    if not results:
        raise value_error("no task")
    return {**results[0], "winner": 0}


@function("async.cancel", "task")
def cancel(_task: Task) -> Value:
    return False


@function("async.isRunning", "task")
def is_running(_task: Task) -> Value:
    return False


@function("async.isCompleted", "task")
def is_completed(_task: Task) -> Value:
    return True


def _results(tasks: list[Value]) -> list[Map]:
    results = []
    for task in tasks:
        if not isinstance(task, Task):
            raise type_error(f"expected a task, found {kind(task)}")
        results.append(task.result)
    return results


def _check_time(milliseconds: int) -> None:
    if milliseconds < 0:
        raise value_error(f"{milliseconds} milliseconds")
