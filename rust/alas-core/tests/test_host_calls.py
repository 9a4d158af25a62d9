"""What happens around calls of Python callables: failures, nesting, threads, and what is kept alive."""

from __future__ import annotations

import functools
import gc
import json
import sys
import threading
import time
import weakref

import pytest

from alas_core import Engine, HostModule, Source, errors


def literal(value):
    return {"type": "literal", "value": value}


def variable(name):
    return {"type": "variable", "name": name}


def builtin(function, *arguments):
    return {"type": "builtin", "name": function, "args": list(arguments)}


def binary(operator, left, right):
    return {"type": "binary", "op": operator, "left": left, "right": right}


def assign(target, value):
    return {"type": "assign", "target": target, "value": value}


def returning(value):
    return {"type": "return", "value": value}


def function(name, *body, params=()):
    return {"name": name, "params": [{"name": one, "type": "any"} for one in params], "body": list(body)}


def load(engine, *functions, name="m"):
    text = json.dumps({"type": "module", "name": name, "functions": list(functions)}).encode()
    engine.load(Source(text), lambda _name, _importer: None)


def define(engine, name="host", /, **functions):
    """Functions that take one argument or none, of any type."""
    declared = []
    for one, implementation in functions.items():
        takes = getattr(implementation, "takes", 0)
        declared.append((one, [(f"x{number}", "any") for number in range(takes)], "any", implementation))
    engine.define(HostModule(name, declared))


def taking(count):
    def mark(implementation):
        implementation.takes = count
        return implementation

    return mark


def raising(error):
    def implementation():
        raise error

    return implementation


def engine_raising(error):
    engine = Engine()
    define(engine, f=raising(error))
    load(
        engine,
        function("fails", assign("x", literal(1)), returning(binary("+", literal(1), builtin("host.f")))),
        function("main", returning({"type": "call", "name": "fails", "args": []})),
        function(
            "catching",
            returning(builtin("result.try", literal("fails"), {"type": "array_literal", "elements": []})),
        ),
    )
    return engine


class QuietError(Exception):
    def __str__(self):
        raise RuntimeError("no text")


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (ValueError("no such thing"), errors.NativeError, "ValueError: no such thing"),
        (KeyError("k"), errors.NativeError, "KeyError: 'k'"),
        (ZeroDivisionError(), errors.NativeError, "ZeroDivisionError"),
        (QuietError(), errors.NativeError, "QuietError"),
        (ValueError("x" * 5000), errors.NativeError, f"ValueError: {'x' * 2000}…"),
        (errors.AlasValueError("not this"), errors.AlasValueError, "not this"),
        (errors.PermissionDeniedError("no"), errors.PermissionDeniedError, "no"),
        (errors.IoFailedError("gone"), errors.IoFailedError, "gone"),
        (errors.RunError("plain"), errors.NativeError, "RunError: run_error: plain"),
        (errors.ProgramError([]), errors.NativeError, "ProgramError"),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Exception) else None,
)
def test_exceptions_are_run_time_errors(error, kind, message):
    engine = engine_raising(error)
    with pytest.raises(errors.RunError) as caught:
        engine.call("m.main")
    assert type(caught.value) is kind
    assert caught.value.message == message
    assert caught.value.__cause__ is error
    assert error.__traceback__ is not None
    assert caught.value.pointer == "/functions/0/body/1/value/right"
    assert [(frame.module, frame.function) for frame in caught.value.stack] == [("m", "fails"), ("m", "main")]
    assert engine.call("m.catching") == {"ok": False, "value": None, "error": message, "code": kind.code}
    with pytest.raises(kind) as direct:
        engine.call("host.f")
    assert (direct.value.message, direct.value.stack, direct.value.__cause__) == (message, [], error)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (KeyboardInterrupt(), "the user stopped the program"),
        (SystemExit(3), "the host stopped the program: SystemExit: 3"),
        (errors.CancelledError("enough"), "enough"),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, BaseException) else None,
)
def test_what_stops_the_program_cannot_be_caught(error, message):
    engine = engine_raising(error)
    for call in ("m.main", "m.catching"):
        with pytest.raises(errors.CancelledError) as caught:
            engine.call(call)
        assert (caught.value.message, caught.value.__cause__) == (message, error)


def test_a_caught_exception_is_no_cause_of_a_later_failure():
    engine = engine_raising(ValueError("first"))
    load(
        engine,
        function("fails", returning(builtin("host.f"))),
        function(
            "main",
            assign("r", builtin("result.try", literal("fails"), {"type": "array_literal", "elements": []})),
            returning(binary("/", literal(1), literal(0))),
        ),
        name="later",
    )
    with pytest.raises(errors.DivisionByZeroError) as caught:
        engine.call("later.main")
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("where", ["write", "read_line"])
@pytest.mark.parametrize(
    ("error", "kind"), [(OSError("full"), errors.IoFailedError), (KeyboardInterrupt(), errors.CancelledError)]
)
def test_the_console_may_fail_as_well(where, error, kind):
    @taking(1)
    def fail(*_):
        raise error

    engine = Engine(**{where: fail}, line_buffered=True)
    use = builtin("io.println", literal("a")) if where == "write" else builtin("io.readLine")
    load(
        engine,
        function("fails", returning(use)),
        function(
            "main",
            returning(builtin("result.try", literal("fails"), {"type": "array_literal", "elements": []})),
        ),
    )
    with pytest.raises(kind) as caught:
        engine.call("m.fails")
    assert caught.value.__cause__ is error
    if kind is errors.CancelledError:
        with pytest.raises(kind):
            engine.call("m.main")
    else:
        assert engine.call("m.main")["code"] == "io_error"


# --- Nesting ---


def nested_engine(**options):
    """`m.nested` calls itself through `host.again`, as often as its argument says."""
    engine = Engine(**options)

    @taking(1)
    def again(depth):
        return engine.call("m.nested", depth)

    define(engine, again=again)
    stop = {"type": "if", "cond": binary("<=", variable("n"), literal(0)), "then": [returning(literal(0))]}
    deeper = builtin("host.again", binary("-", variable("n"), literal(1)))
    load(engine, function("nested", stop, returning(binary("+", literal(1), deeper)), params=["n"]))
    return engine


def test_a_callable_may_call_the_program_back():
    assert nested_engine().call("m.nested", 30) == 30


def endless_calls(engine):
    """Calls that nest endlessly: through a Python function, and through no Python code at all."""
    direct = functools.partial(engine.call, "direct.main")
    define(engine, "through", again=direct)
    load(engine, function("main", returning(builtin("through.again"))), name="direct")
    return [("m.nested", 10**9), ("direct.main",)]


@pytest.mark.parametrize("stack", [None, 1 << 20])
def test_endless_nesting_ends_with_an_error(stack):
    engine = nested_engine()
    outcomes = []

    def run():
        for call in endless_calls(engine):
            try:
                engine.call(*call)
            except (errors.CallDepthExceededError, errors.NativeError, RecursionError) as error:
                outcomes.append(error)

    if stack is None:
        run()
    else:
        before = threading.stack_size(stack)
        try:
            thread = threading.Thread(target=run)
            thread.start()
            thread.join()
        finally:
            threading.stack_size(before)
    assert len(outcomes) == 2
    assert engine.call("m.nested", 10) == 10


def test_nesting_beyond_the_recursion_of_python():
    engine = nested_engine()
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(100)
    try:
        with pytest.raises((errors.RunError, RecursionError)):
            engine.call("m.nested", 10**9)
    finally:
        sys.setrecursionlimit(before)
    assert engine.call("m.nested", 10) == 10


def test_the_depth_counts_all_nested_calls():
    engine = nested_engine(depth=50)
    assert engine.call("m.nested", 20) == 20
    with pytest.raises(errors.CallDepthExceededError, match="calls nest"):
        engine.call("m.nested", 40)


def test_the_steps_are_those_of_the_outermost_call():
    assert nested_engine(steps=10).call("m.nested", 10) == 10
    with pytest.raises(errors.StepLimitExceededError):
        nested_engine(steps=10).call("m.nested", 11)


def test_output_is_in_the_order_of_the_calls():
    pieces = []
    engine = Engine(write=pieces.append)

    @taking(1)
    def say(text):
        pieces.append(f"<{text}>")
        engine.call("m.inner")

    define(engine, say=say)
    load(
        engine,
        function("inner", {"type": "expr", "value": builtin("io.print", literal("inner"))}),
        function(
            "main",
            {"type": "expr", "value": builtin("io.print", literal("before"))},
            {"type": "expr", "value": builtin("host.say", literal("host"))},
            {"type": "expr", "value": builtin("io.print", literal("after"))},
        ),
    )
    engine.call("m.main")
    assert "".join(pieces) == "before<host>innerafter"


# --- Threads ---


def looping(engine, call):
    counter = binary("+", variable("i"), literal(1))
    rounds = {
        "type": "for",
        "init": assign("i", literal(0)),
        "cond": binary("<", variable("i"), variable("n")),
        "update": assign("i", counter),
        "body": [assign("x", call)],
    }
    load(engine, function("main", rounds, returning(variable("i")), params=["n"]), name="loop")


def test_calls_from_many_threads():
    engine = Engine()
    seen = []
    engine.define(HostModule("host", [("f", [("x", "int")], "void", seen.append)]))
    looping(engine, builtin("host.f", variable("i")))
    threads = [threading.Thread(target=engine.call, args=("loop.main", 500)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == sorted(list(range(500)) * 8)


def test_other_threads_run_while_the_program_runs():
    engine = Engine()
    inside, go_on = threading.Event(), threading.Event()

    def wait():
        inside.set()
        assert go_on.wait(10)

    define(engine, wait=wait)
    thread = threading.Thread(target=engine.call, args=("host.wait",))
    thread.start()
    assert inside.wait(10)
    go_on.set()
    thread.join()


def test_interrupting_a_program_that_calls_slow_functions():
    engine = Engine()
    started = threading.Event()

    def slow():
        started.set()
        time.sleep(0.005)

    define(engine, slow=slow)
    looping(engine, builtin("host.slow"))
    caught = []

    def run():
        try:
            engine.call("loop.main", 10**9)
        except errors.CancelledError as error:
            caught.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    assert started.wait(10)
    asked = time.monotonic()
    engine.interrupt()
    thread.join(10)
    assert caught
    assert time.monotonic() - asked < 1


def test_replacing_and_unloading_while_calls_run():
    engine = Engine()
    define(engine, f=lambda: 1)
    looping(engine, builtin("host.f"))
    results = []
    thread = threading.Thread(target=lambda: results.append(engine.call("loop.main", 20_000)))
    thread.start()
    while thread.is_alive():
        define(engine, f=lambda: 2)
        engine.unload("host")
    thread.join()
    assert results == [20_000]


def test_a_function_may_unload_its_own_module():
    engine = Engine()
    define(engine, f=lambda: engine.unload("host"))
    assert engine.call("host.f") is True
    assert engine.modules() == []


# --- What is kept alive ---


class Callable:
    def __call__(self):
        return 1


def test_callables_are_released_with_their_module():
    engine = Engine()
    one = Callable()
    known = weakref.ref(one)
    define(engine, f=one)
    del one
    assert engine.call("host.f") == 1
    engine.unload("host")
    assert known() is None


def test_a_replaced_module_is_released():
    engine = Engine()
    one = Callable()
    known = weakref.ref(one)
    define(engine, f=one)
    del one
    define(engine, f=lambda: 2)
    assert known() is None


def test_a_module_that_is_called_by_another_is_kept():
    engine = Engine()
    define(engine, f=Callable())
    looping(engine, builtin("host.f"))
    engine.unload("host")
    gc.collect()
    assert engine.call("loop.main", 3) == 3


def test_circles_through_the_engine_are_collected():
    engine = Engine()
    known = Callable()
    gone = weakref.ref(known)
    define(engine, f=functools.partial(lambda engine, _known: engine.modules(), engine, known))
    define(engine, "direct", f=engine.call)
    assert engine.call("host.f") == ["direct", "host"]
    del engine, known
    gc.collect()
    assert gone() is None


def test_many_calls_leave_nothing_behind():
    engine = engine_raising(ValueError("x"))
    engine.define(HostModule("same", [("f", [("x", "any")], "any", lambda x: x)]))
    value = {"a": [1, "text", {"b": None}]}

    def work(rounds):
        for _ in range(rounds):
            engine.call("same.f", value)
            engine.call("m.catching")

    work(100)
    gc.collect()
    before = (len(gc.get_objects()), engine.statistics()["memory_used"])
    work(10_000)
    gc.collect()
    after = (len(gc.get_objects()), engine.statistics()["memory_used"])
    assert after[0] - before[0] < 50
    assert after[1] == before[1]


def test_many_modules_leave_nothing_behind():
    engine = Engine()

    def work(rounds):
        for _ in range(rounds):
            define(engine, f=Callable())
            engine.call("host.f")

    work(10)
    gc.collect()
    before = len(gc.get_objects())
    work(1_000)
    gc.collect()
    assert len(gc.get_objects()) - before < 50
