"""Calls that event loops await."""

import asyncio
import json
import threading
import time

import pytest

from alas_core import Cancellation
from alas_core.errors import CancelledError, DivisionByZeroError, FunctionNotFoundError, RunError
from alas_interp import HostModule, Interpreter, PluginManager
from alas_interp._async_calls import MOST_THREADS, AsyncCalls


def variable(name):
    return {"type": "variable", "name": name}


def literal(value):
    return {"type": "literal", "value": value}


def builtin(name, *arguments):
    return {"type": "builtin", "name": name, "args": list(arguments)}


def function(name, *body, params=()):
    parameters = [{"name": one, "type": "int"} for one in params]
    return {"name": name, "params": parameters, "returns": "any", "body": list(body)}


def returns(value):
    return {"type": "return", "value": value}


def binary(operator, left, right):
    return {"type": "binary", "op": operator, "left": left, "right": right}


PROGRAM = {
    "type": "module",
    "name": "m",
    "functions": [
        function("double", returns(binary("*", variable("n"), literal(2))), params=["n"]),
        function("fails", returns(binary("/", literal(1), literal(0)))),
        function("endless", {"type": "while", "cond": literal(True), "body": []}, returns(literal(1))),
        function(
            "rests", returns(builtin("async.await", builtin("async.sleep", variable("n")))), params=["n"]
        ),
        function("waits", returns(builtin("async.await", builtin("async.spawn", literal("endless"))))),
        function("leaks", returns(builtin("async.sleep", literal(0)))),
    ],
}


@pytest.fixture
def interpreter():
    with Interpreter() as interpreter:
        interpreter.load(PROGRAM)
        yield interpreter


def test_results_and_failures(interpreter):
    async def main():
        assert await interpreter.call_async("m.double", 21) == 42
        with pytest.raises(DivisionByZeroError):
            await interpreter.call_async("m.fails")
        with pytest.raises(FunctionNotFoundError):
            await interpreter.call_async("m.nobody")
        with pytest.raises(RunError, match="a task cannot leave"):
            await interpreter.call_async("m.leaks")

    asyncio.run(main())


def test_many_calls_at_once(interpreter):
    async def main():
        began = time.monotonic()
        await asyncio.gather(*(interpreter.call_async("m.rests", 200) for _ in range(30)))
        assert time.monotonic() - began < 3
        results = await asyncio.gather(*(interpreter.call_async("m.double", n) for n in range(500)))
        assert results == [2 * n for n in range(500)]

    asyncio.run(main())


@pytest.mark.parametrize("name", ["endless", "waits"])
def test_a_cancelled_task_stops_its_call_and_no_other(interpreter, name):
    async def main():
        other = asyncio.ensure_future(interpreter.call_async("m.rests", 300))
        times = []
        for _ in range(10):
            task = asyncio.ensure_future(interpreter.call_async(f"m.{name}"))
            await asyncio.sleep(0.01)
            began = time.monotonic()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            times.append(time.monotonic() - began)
        assert sorted(times)[len(times) // 2] < 0.5
        assert (await other)["ok"] is True
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(interpreter.call_async(f"m.{name}"), 0.02)

    asyncio.run(main())
    assert interpreter.call("m.double", 1) == 2


def test_interrupt_stops_awaited_calls_too(interpreter):
    async def main():
        calls = [asyncio.ensure_future(interpreter.call_async("m.endless")) for _ in range(3)]
        await asyncio.sleep(0.05)
        interpreter.interrupt()
        for call in calls:
            with pytest.raises(CancelledError):
                await call

    asyncio.run(main())


def test_a_call_that_is_cancelled_twice(interpreter):
    released = threading.Event()
    host = HostModule("host")

    @host.function
    def hold() -> int:
        released.wait(10)
        return 1

    interpreter.define(host)

    async def main():
        task = asyncio.ensure_future(interpreter.call_async("host.hold"))
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.sleep(0.05)
        assert not task.done()
        released.set()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())


def test_a_call_that_waits_for_a_thread_is_cancelled_at_once(interpreter):
    async def main():
        running = [asyncio.ensure_future(interpreter.call_async("m.endless")) for _ in range(MOST_THREADS)]
        waiting = asyncio.ensure_future(interpreter.call_async("m.double", 1))
        await asyncio.sleep(0.2)
        try:
            waiting.cancel()
            done, _ = await asyncio.wait([waiting], timeout=10)
            assert done == {waiting}
            assert waiting.cancelled()
            assert not any(call.done() for call in running)
        finally:
            interpreter.interrupt()
            await asyncio.gather(*running, return_exceptions=True)
        assert await interpreter.call_async("m.double", 2) == 4

    asyncio.run(main())


def test_calls_that_wait_for_a_thread_get_one_when_the_interpreter_is_closed():
    released = threading.Event()
    host = HostModule("host")

    @host.function
    def hold() -> int:
        released.wait(10)
        return 1

    async def main():
        with Interpreter() as interpreter:
            interpreter.define(host)
            calls = [
                asyncio.ensure_future(interpreter.call_async("host.hold")) for _ in range(MOST_THREADS + 3)
            ]
            await asyncio.sleep(0.2)
            assert count() == MOST_THREADS
        assert not any(call.done() for call in calls)
        released.set()
        # Those that came too late for the module say that it is gone.
        results = await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), 10)
        assert results[:MOST_THREADS] == [1] * MOST_THREADS
        assert [type(one) for one in results[MOST_THREADS:]] == [FunctionNotFoundError] * 3

    asyncio.run(main())


def test_two_event_loops_share_the_threads(interpreter):
    async def main():
        return await asyncio.gather(*(interpreter.call_async("m.rests", 20) for _ in range(20)))

    results = []
    loops = [threading.Thread(target=lambda: results.extend(asyncio.run(main()))) for _ in range(2)]
    for loop in loops:
        loop.start()
    for loop in loops:
        loop.join()
    assert [one["ok"] for one in results] == [True] * 40
    names = {thread.name.rpartition("_")[0] for thread in threading.enumerate()}
    assert len([name for name in names if name.startswith("alas-call")]) == 1


def test_closed_threads_take_no_work():
    calls = AsyncCalls()
    calls.close()
    with Interpreter() as interpreter, pytest.raises(RuntimeError, match="the interpreter is closed"):
        asyncio.run(calls.run(Cancellation(interpreter._engine), int))


def test_the_function_of_a_plugin(tmp_path):
    described = {
        "name": "doubler",
        "version": "1.0.0",
        "module": "doubler",
        "functions": [{"name": "double", "params": [{"name": "n", "type": "int"}], "returns": "any"}],
        "implementation": {"language": "alas"},
    }
    folder = tmp_path / "doubler"
    folder.mkdir()
    (folder / "plugin.json").write_text(json.dumps(described))
    module = PROGRAM | {"name": "doubler", "functions": PROGRAM["functions"][:1], "exports": ["double"]}
    (folder / "doubler.alas.json").write_text(json.dumps(module))

    async def main(interpreter):
        return await asyncio.gather(*(interpreter.call_async("doubler.double", n) for n in range(20)))

    with PluginManager(Interpreter()) as manager:
        manager.initialize([tmp_path])
        assert asyncio.run(main(manager.interpreter)) == [2 * n for n in range(20)]


def count():
    return sum(thread.name.startswith("alas-call") for thread in threading.enumerate())


def test_the_threads_end_with_the_interpreter():
    with Interpreter() as interpreter:
        interpreter.load(PROGRAM)
        asyncio.run(interpreter.call_async("m.double", 1))
        assert count() > 0
    deadline = time.monotonic() + 10
    while count() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert count() == 0
    with pytest.raises(RuntimeError, match="closed"):
        asyncio.run(interpreter.call_async("m.double", 1))
