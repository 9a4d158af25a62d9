"""Limits of memory, time and processor: whom they hold, and since when.

What exceeds them is in `tests/attacks`; which types of plugins they hold, in `tests/manifest_fields`.
"""

import itertools
import json
import time

import pytest

from alas_core.errors import TimeoutExceededError
from alas_interp import HostModule, Interpreter, Limits, PluginLimits, PluginManager

MEBIBYTE = 1 << 20
LIMIT = 16 * MEBIBYTE


def variable(name):
    return {"type": "variable", "name": name}


def literal(value):
    return {"type": "literal", "value": value}


def assign(name, value):
    return {"type": "assign", "target": name, "value": value}


def binary(left, operator, right):
    return {"type": "binary", "op": operator, "left": left, "right": right}


def builtin(name, *arguments):
    return {"type": "builtin", "name": name, "args": list(arguments)}


def array(*elements):
    return {"type": "array_literal", "elements": list(elements)}


def forever(*body):
    return {"type": "while", "cond": literal(True), "body": list(body)}


def times(count, *body):
    step = assign("i", binary(variable("i"), "+", literal(1)))
    cond = binary(variable("i"), "<", literal(count))
    return [assign("i", literal(0)), {"type": "while", "cond": cond, "body": [step, *body]}]


def returning(value):
    return {"type": "return", "value": value}


def module(name, *body, **function):
    functions = [{"name": "main", "body": list(body), **function}]
    return json.dumps({"type": "module", "name": name, "exports": ["main"], "functions": functions})


A, X = (variable(name) for name in "ax")


def test_what_fits_into_the_limit_is_let_through():
    body = [
        assign("a", builtin("array.range", literal(0), literal(1_500_000))),
        returning(builtin("array.sum", A)),
    ]
    with Interpreter(limits=Limits(memory=LIMIT)) as interpreter:
        interpreter.load(module("frugal", *body))
        for _ in range(20):
            assert interpreter.call("frugal.main") == 1_499_999 * 750_000


def test_time_and_memory_that_ran_out_cannot_be_caught():
    attempt = returning(builtin("result.try", literal("loop"), array()))
    functions = [{"name": "loop", "body": [forever()]}, {"name": "main", "body": [attempt]}]
    with Interpreter(limits=Limits(timeout=0.05)) as interpreter:
        interpreter.load(json.dumps({"type": "module", "name": "m", "functions": functions}))
        with pytest.raises(TimeoutExceededError, match="longer than the 50ms that it may take"):
            interpreter.call("m.main")


def test_what_host_functions_call_has_no_more_time():
    host = HostModule("host")
    with Interpreter(limits=Limits(timeout=0.1)) as interpreter:

        @host.function
        def again() -> None:
            interpreter.call("endless.main")

        interpreter.define(host)
        interpreter.load(module("endless", forever()))
        interpreter.load(module("caller", {"type": "expr", "value": builtin("host.again")}))
        start = time.monotonic()
        with pytest.raises(TimeoutExceededError):
            interpreter.call("caller.main")
        assert time.monotonic() - start < 5


# --- Plugins ---


@pytest.fixture
def plugins(tmp_path):
    """Makes plugins, each with a function `main`, and loads them."""
    managers = []

    def make(limits=None, **bodies):
        for name, (body, fields) in bodies.items():
            folder = tmp_path / name
            folder.mkdir()
            (folder / f"{name}.alas.json").write_text(module(name, *body))
            manifest = {
                "name": name,
                "version": "1.0.0",
                "module": name,
                "implementation": {"language": "alas"},
                "functions": [{"name": "main", "params": []}],
            }
            (folder / "plugin.json").write_text(json.dumps(manifest | fields))
        manager = PluginManager(Interpreter(plugin_limits=limits))
        managers.append(manager)
        report = manager.initialize([tmp_path])
        assert not report.failed, report
        return manager.interpreter

    yield make
    for manager in managers:
        manager.close()


def security(**fields):
    return {"security": fields}


def test_a_plugin_is_held_to_its_manifest_whoever_calls(plugins):
    call = returning(builtin("slow.main"))
    interpreter = plugins(
        slow=([forever()], security(timeout="100ms")),
        caller=([call], {**security(timeout="1m"), "dependencies": ["slow"]}),
    )
    interpreter.load(module("program", call))
    for function in ("caller.main", "program.main"):
        with pytest.raises(TimeoutExceededError, match="100ms"):
            interpreter.call(function)


def test_the_caller_of_a_plugin_has_no_more_time_because_of_it(plugins):
    interpreter = plugins(
        endless=([forever()], security(timeout="1m")),
        caller=(
            [returning(builtin("endless.main"))],
            {**security(timeout="100ms"), "dependencies": ["endless"]},
        ),
    )
    with pytest.raises(TimeoutExceededError, match="100ms"):
        interpreter.call("caller.main")


def test_time_begins_anew_with_each_call_from_outside(plugins):
    rest = {"type": "expr", "value": builtin("async.await", builtin("async.sleep", literal(15)))}
    interpreter = plugins(worker=([rest, returning(literal(1))], security(timeout="1s")))
    interpreter.load(
        module(
            "program", assign("x", literal(0)), *times(100, assign("x", builtin("worker.main"))), returning(X)
        )
    )
    assert interpreter.call("program.main") == 1


def test_what_a_plugin_makes_does_not_count_for_its_caller(plugins):
    """The other way round, a plugin that makes its caller's value grow pays for it."""
    numbers = returning(builtin("array.range", literal(0), literal(1_000_000)))
    interpreter = plugins(maker=([numbers], security(max_memory="16MiB")))
    interpreter.load(
        module("program", assign("a", builtin("maker.main")), returning(builtin("array.sum", A)))
    )
    assert interpreter.call("program.main") == 999_999 * 500_000


@pytest.mark.parametrize("is_called_often", [False, True])
def test_a_share_of_the_processor(plugins, is_called_often):
    started = assign("t", builtin("time.monotonic"))
    is_early = binary(binary(builtin("time.monotonic"), "-", variable("t")), "<", literal(1.0))
    work = {"type": "while", "cond": is_early, "body": []}
    called = {"type": "while", "cond": is_early, "body": [{"type": "expr", "value": builtin("worker.main")}]}
    body = times(20_000) if is_called_often else [started, work]
    interpreter = plugins(worker=(body, security(max_cpu="50%")))
    interpreter.load(module("program", started, called))
    wall, spent = time.monotonic(), time.thread_time()
    interpreter.call("program.main" if is_called_often else "worker.main")
    wall, spent = time.monotonic() - wall, time.thread_time() - spent
    # Others may have the processor, so that there is no least share.
    assert spent / wall < 0.55
    assert wall >= 1


def test_a_small_share_goes_into_the_work(plugins):
    body = times(20_000_000)
    interpreter = plugins(free=(body, {}), paced=(body, security(max_cpu="20%")))
    moments = [time.monotonic()]
    for function in ("free.main", "paced.main"):
        interpreter.call(function)
        moments.append(time.monotonic())
    free, paced = (later - earlier for earlier, later in itertools.pairwise(moments))
    # Five times as long, where nobody else has the processor.
    assert paced < 20 * free


def test_a_paced_plugin_is_stopped_in_time(plugins):
    interpreter = plugins(slow=([forever()], security(max_cpu="1%", timeout="300ms")))
    start = time.monotonic()
    with pytest.raises(TimeoutExceededError):
        interpreter.call("slow.main")
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: Limits(memory=0), ValueError),
        (lambda: Limits(memory="1MB"), TypeError),
        (lambda: Limits(timeout=0), ValueError),
        (lambda: Limits(timeout=float("nan")), ValueError),
        (lambda: Limits(timeout=True), TypeError),
        (lambda: PluginLimits(memory=-1), ValueError),
        (lambda: PluginLimits(timeout="30s"), TypeError),
        (lambda: PluginLimits(most_cores=0), ValueError),
    ],
)
def test_limits_that_are_none(make, error):
    with pytest.raises(error):
        make()
