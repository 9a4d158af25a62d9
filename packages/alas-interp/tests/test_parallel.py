"""Calls of module plugins that wait for each other, and their tasks. Whether calls overlap is in `tests/manifest_fields`."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from alas_core.errors import TimeoutExceededError
from alas_interp import Interpreter, Limits, PluginLimits, PluginManager


def resting(programs, name, **manifest):
    """A plugin whose function rests for so many milliseconds."""
    rest = programs.builtin("async.sleep", programs.variable("x"))
    programs.plugin(name, programs.returning(programs.builtin("async.await", rest)), **manifest)


def test_waiting_for_a_module_plugin_counts_as_time(programs):
    resting(programs, "rests")
    interpreter = Interpreter(limits=Limits(timeout=1), plugin_limits=PluginLimits())
    with PluginManager(interpreter) as manager, ThreadPoolExecutor(2) as threads:
        assert not manager.initialize([programs.plugins]).failed
        call = manager.interpreter.function("rests.run")
        first = threads.submit(call, 700)
        time.sleep(0.1)
        second = threads.submit(call, 700)
        assert first.result()["ok"]
        with pytest.raises(TimeoutExceededError):
            second.result()
        # The one that has waited in vain holds nobody up.
        assert call(1)["ok"]


def test_tasks_of_a_call_run_beside_each_other(programs):
    arguments = {"type": "array_literal", "elements": [programs.variable("x")]}
    spawned = programs.builtin("async.spawn", programs.literal("rest"), arguments)
    tasks = {"type": "array_literal", "elements": [spawned] * 4}
    run = programs.function(
        "run", programs.returning(programs.builtin("async.parallel", tasks)), params=[("x", "any")]
    )
    body = programs.returning(
        programs.builtin("async.await", programs.builtin("async.sleep", programs.variable("x")))
    )
    rest = programs.function("rest", body, params=[("x", "any")])
    programs.plugin("rests", programs.returning(programs.variable("x")))
    programs.file("plugins/rests/rests.alas.json", programs.module(run, rest, name="rests", exports=["run"]))
    with PluginManager(Interpreter()) as manager:
        assert not manager.initialize([programs.plugins]).failed
        began = time.monotonic()
        assert manager.interpreter.call("rests.run", 500)["ok"]
        assert time.monotonic() - began < 1.5
