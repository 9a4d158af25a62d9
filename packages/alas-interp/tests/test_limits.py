"""Limits of memory, time and processor: what exceeds them, how far, and what is left behind."""

import json
import threading
import time

import pytest

from alas_core.errors import MemoryLimitExceededError, TimeoutExceededError
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


A, COUNTER, M, S, X = (variable(name) for name in "aimsx")
KEY = binary(literal("k"), "+", COUNTER)
EMPTY_MAP = {"type": "map_literal", "pairs": []}
BIG = assign("a", builtin("array.range", literal(0), literal(500_000)))
SHARED = [assign("x", array()), *times(30, assign("x", array(X, X)))]
PARSED = binary(builtin("string.repeat", literal("[],"), literal(2_000_000)), "+", literal("1]"))
SPLIT = builtin("string.repeat", literal("a,"), literal(1_000_000))

GREEDY = {
    "a text that doubles": [assign("s", literal("ab")), forever(assign("s", binary(S, "+", S)))],
    "a text that grows": [
        assign("s", literal("")),
        forever(assign("s", binary(S, "+", literal("0123456789")))),
    ],
    "an array of ints": [assign("a", array()), forever(assign("a", builtin("array.push", A, literal(1))))],
    "an array of texts": [
        *(assign("a", array()), assign("i", literal(0))),
        forever(assign("i", binary(COUNTER, "+", literal(1))), assign("a", builtin("array.push", A, KEY))),
    ],
    "an array that doubles": [assign("a", array(literal(1))), forever(assign("a", binary(A, "+", A)))],
    "an array that loses its form": [BIG, forever(assign("a", builtin("array.push", A, literal("x"))))],
    "arrays in arrays": [assign("a", array()), forever(assign("a", array(A)))],
    "copies of an array": [
        *(BIG, assign("x", array())),
        forever(assign("x", builtin("array.push", X, builtin("array.set", A, literal(0), literal(1))))),
    ],
    "slices of an array": [
        *(BIG, assign("x", array())),
        forever(assign("x", builtin("array.push", X, builtin("array.slice", A, literal(1))))),
    ],
    "a map of texts": [
        *(assign("m", EMPTY_MAP), assign("i", literal(0))),
        forever(
            assign("i", binary(COUNTER, "+", literal(1))), assign("m", builtin("map.put", M, KEY, COUNTER))
        ),
    ],
    "a map of ints": [
        *(assign("m", EMPTY_MAP), assign("i", literal(0))),
        forever(
            assign("i", binary(COUNTER, "+", literal(1))),
            assign("m", builtin("map.put", M, COUNTER, COUNTER)),
        ),
    ],
    "entries of a map": [
        assign("m", EMPTY_MAP),
        *times(50_000, assign("m", builtin("map.put", M, COUNTER, COUNTER))),
        assign("x", array()),
        forever(assign("x", builtin("array.push", X, builtin("map.entries", M)))),
    ],
    "repeat": [assign("s", builtin("string.repeat", literal("abc"), literal(20_000_000)))],
    "padStart": [assign("s", builtin("string.padStart", literal("x"), literal(50_000_000)))],
    "fill": [assign("a", builtin("array.fill", literal(5_000_000), literal("x")))],
    "range": [assign("a", builtin("array.range", literal(0), literal(50_000_000)))],
    "split": [assign("a", builtin("string.split", SPLIT, literal(",")))],
    "replace": [assign("s", builtin("string.replace", SPLIT, literal("a"), literal("0123456789abcdefghij")))],
    "join": [
        assign(
            "a",
            builtin("array.fill", literal(100_000), builtin("string.repeat", literal("x"), literal(1000))),
        ),
        assign("s", builtin("string.join", A, literal(","))),
    ],
    "parse": [assign("x", builtin("json.parse", binary(literal("["), "+", PARSED)))],
    "stringify": [*SHARED, assign("s", builtin("json.stringify", X))],
    "toString": [*SHARED, assign("s", builtin("type.toString", X))],
}


@pytest.mark.parametrize("name", GREEDY)
def test_memory_is_bounded_and_given_back(name):
    interpreter = Interpreter(limits=Limits(memory=LIMIT))
    interpreter.load(module("greedy", *GREEDY[name]))
    in_thread(lambda: exceed(interpreter))


def exceed(interpreter):
    with pytest.raises(MemoryLimitExceededError):
        interpreter.call("greedy.main")
    statistics = interpreter.statistics()
    assert statistics["memory_peak"] <= LIMIT + MEBIBYTE
    assert statistics["memory_used"] == 0


def in_thread(work):
    """Run work in a thread of its own, which nobody has used memory in."""
    failures = []

    def run():
        try:
            work()
        except BaseException as failure:  # noqa: BLE001 - raised by the thread that waits
            failures.append(failure)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    for failure in failures:
        raise failure


def test_what_fits_into_the_limit_is_let_through():
    body = [
        assign("a", builtin("array.range", literal(0), literal(1_500_000))),
        returning(builtin("array.sum", A)),
    ]
    with Interpreter(limits=Limits(memory=LIMIT)) as interpreter:
        interpreter.load(module("frugal", *body))
        for _ in range(20):
            assert interpreter.call("frugal.main") == 1_499_999 * 750_000


ENDLESS = {
    "a loop": [forever()],
    "a loop with calls": [forever({"type": "expr", "value": builtin("math.sqrt", literal(2.0))})],
    "sorting": [
        assign("a", builtin("array.reverse", builtin("array.range", literal(0), literal(1_000_000)))),
        forever(assign("x", builtin("array.sort", A))),
    ],
    "long texts": [forever(assign("s", builtin("string.repeat", literal("ab"), literal(10_000_000))))],
    "searching": [
        assign("s", builtin("string.repeat", literal("a"), literal(10_000_000))),
        forever(assign("x", builtin("string.indexOf", S, literal("b")))),
    ],
}


@pytest.mark.parametrize("name", ENDLESS)
def test_a_call_ends_soon_after_its_time(name):
    with Interpreter(limits=Limits(timeout=0.1)) as interpreter:
        interpreter.load(module("endless", *ENDLESS[name]))
        interpreter.load(module("after", returning(literal(1))))
        start = time.thread_time()
        with pytest.raises(TimeoutExceededError):
            interpreter.call("endless.main")
        # Of this thread's own time, because others may have the processor.
        assert time.thread_time() - start < 0.3
        assert interpreter.call("after.main") == 1


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


def test_a_plugin_is_held_to_its_manifest(plugins):
    interpreter = plugins(
        slow=([forever()], security(timeout="100ms")),
        greedy=(GREEDY["an array of ints"], security(max_memory="8MiB")),
    )
    with pytest.raises(TimeoutExceededError, match="100ms"):
        interpreter.call("slow.main")
    with pytest.raises(MemoryLimitExceededError):
        interpreter.call("greedy.main")


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
    work = [*times(20_000), returning(literal(1))]
    interpreter = plugins(worker=(work, security(timeout="100ms")))
    interpreter.load(
        module(
            "program", assign("x", literal(0)), *times(500, assign("x", builtin("worker.main"))), returning(X)
        )
    )
    assert interpreter.call("program.main") == 1


def test_where_a_manifest_says_nothing_the_default_holds(plugins):
    interpreter = plugins(
        PluginLimits(timeout=0.1, memory=LIMIT),
        slow=([forever()], {}),
        greedy=(GREEDY["an array of ints"], {}),
    )
    with pytest.raises(TimeoutExceededError, match="100ms"):
        interpreter.call("slow.main")
    with pytest.raises(MemoryLimitExceededError):
        interpreter.call("greedy.main")


def test_a_manifest_cannot_widen_what_the_host_allows(plugins):
    limits = PluginLimits(most_timeout=0.1, most_memory=LIMIT)
    asked = security(timeout="1h", max_memory="4GiB")
    interpreter = plugins(limits, slow=([forever()], asked), greedy=(GREEDY["an array of ints"], asked))
    with pytest.raises(TimeoutExceededError, match="100ms"):
        interpreter.call("slow.main")
    with pytest.raises(MemoryLimitExceededError):
        interpreter.call("greedy.main")


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
