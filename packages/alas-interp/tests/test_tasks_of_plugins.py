"""Tasks and the limits and rights of the plugins whose code they run."""

import resource
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from alas_interp import Interpreter, Limits, Permissions, PluginManager, RunError

SECONDS = 1.0


def call(name, *arguments):
    return {"type": "call", "name": name, "args": list(arguments)}


def array(*elements):
    return {"type": "array_literal", "elements": list(elements)}


def binary(left, operator, right):
    return {"type": "binary", "op": operator, "left": left, "right": right}


def forever(*body):
    return {"type": "while", "cond": {"type": "literal", "value": True}, "body": list(body)}


@pytest.fixture
def load(programs):
    """Loads a plugin `worker` with the functions `main` and `work`, and a program that calls it."""
    managers = []

    def make(main, work, *, limits=None, permissions=None, **fields):
        p = programs
        functions = [
            p.function("main", *main, params=[("x", "any")]),
            p.function("work", *work, params=[("x", "any")]),
        ]
        declared = [{"name": name, "params": [{"name": "x", "type": "any"}]} for name in ("main", "work")]
        declared[1]["async"] = fields.pop("is_async", False)
        p.plugin("worker", functions=declared, **fields)
        source = p.module(*functions, name="worker", exports=["main", "work"])
        p.file("plugins/worker/worker.alas.json", source)
        granted = permissions if permissions is not None else Permissions()
        interpreter = Interpreter(limits=limits, plugin_permissions=lambda _: granted)
        manager = PluginManager(interpreter)
        managers.append(manager)
        assert not manager.initialize([p.plugins]).failed
        called = p.builtin("worker.work", p.variable("x"))
        awaits = p.returning(p.builtin("async.await", called) if declared[1]["async"] else called)
        interpreter.load(p.module(p.function("main", awaits, params=[("x", "any")]), name="program"))
        return interpreter

    yield make
    for manager in managers:
        manager.close()


@pytest.fixture
def spawned(programs):
    """Starts `work` in so many tasks, and returns what each of them gives."""

    def make(count, argument):
        start = programs.builtin("async.spawn", programs.literal("work"), array(argument))
        tasks = programs.variable("tasks")
        given = [
            programs.builtin("async.await", programs.builtin("array.get", tasks, programs.literal(number)))
            for number in range(count)
        ]
        started = {"type": "assign", "target": "tasks", "value": array(*[start] * count)}
        return [started, programs.returning(array(*given))]

    return make


@pytest.mark.parametrize(("count", "code"), [(1, None), (4, "memory_limit_exceeded")])
def test_tasks_use_the_memory_of_their_plugin_together(load, spawned, programs, count, code):
    numbers = programs.builtin("array.range", programs.literal(0), programs.variable("x"))
    interpreter = load(
        spawned(count, programs.variable("x")),
        [{"type": "assign", "target": "a", "value": numbers}, programs.returning(programs.variable("a"))],
        security={"max_memory": "24MiB"},
    )
    # 8 MiB for each of them.
    assert ended(interpreter, 1 << 20) == code


def test_the_time_of_a_plugin_is_that_of_its_tasks(load, spawned, programs):
    interpreter = load(spawned(2, programs.variable("x")), [forever()], security={"timeout": "100ms"})
    assert ended(interpreter, 1) == "timeout"


def test_a_plugin_that_a_program_gives_time_ends_with_its_tasks(load, spawned, programs):
    interpreter = load(spawned(2, programs.variable("x")), [forever()], limits=Limits(timeout=0.1))
    assert ended(interpreter, 1) == "timeout"


def test_tasks_share_the_processor_of_their_plugin(load, spawned, programs):
    is_early = binary(programs.builtin("time.monotonic"), "<", programs.variable("x"))
    interpreter = load(
        spawned(2, binary(programs.builtin("time.monotonic"), "+", programs.variable("x"))),
        [{"type": "while", "cond": is_early, "body": []}],
        security={"max_cpu": "50%"},
    )
    spent, wall = processor(), time.monotonic()
    assert ended(interpreter, SECONDS) is None
    spent, wall = processor() - spent, time.monotonic() - wall
    # Others may have the processor, so that there is no least share; some of it is spent around the tasks.
    assert spent / wall < 0.7


def processor():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


@pytest.mark.parametrize("code", [None, "permission_denied"])
def test_tasks_have_the_rights_of_their_plugin(load, spawned, programs, tmp_path, code):
    (tmp_path / "text").write_text("open")
    read = [str(tmp_path)] if code is None else []
    interpreter = load(
        spawned(1, programs.variable("x")),
        [programs.returning(programs.builtin("fs.readFile", programs.variable("x")))],
        permissions=Permissions(read=read),
        capabilities=["function", "filesystem"],
        security={"permissions": {"filesystem": {"read": [str(tmp_path)]}}},
    )
    assert ended(interpreter, str(tmp_path / "text")) == code


@pytest.mark.parametrize(
    ("work", "security", "code"),
    [
        ([forever()], {"timeout": "100ms"}, "timeout"),
        ("range", {"max_memory": "4MiB"}, "memory_limit_exceeded"),
    ],
)
def test_a_task_that_another_module_starts_is_held_to_the_plugin(load, programs, work, security, code):
    numbers = programs.returning(programs.builtin("array.range", programs.literal(0), programs.variable("x")))
    interpreter = load([], [numbers] if work == "range" else work, is_async=True, security=security)
    assert ended(interpreter, 1 << 20, "program.main") == code


def test_calls_that_wait_for_each_other_may_have_tasks(load, spawned, programs):
    work = [programs.returning(programs.variable("x"))]
    interpreter = load(
        spawned(4, programs.variable("x")), work, runtime={"parallel": False}, limits=Limits(timeout=60)
    )
    with ThreadPoolExecutor(max_workers=4) as executor:
        results = list(executor.map(lambda number: interpreter.call("worker.main", number), range(40)))
    assert [[one["value"] for one in result] for result in results] == [[number] * 4 for number in range(40)]


def test_what_ends_a_task_ends_the_call_that_awaits_it(programs):
    """The task learns first that the time of the call is over, now and then: hence so many calls."""
    start = programs.builtin("async.spawn", programs.literal("loop"), array())
    functions = [
        programs.function("loop", forever()),
        programs.function("main", programs.returning(programs.builtin("async.await", start))),
    ]
    interpreter = Interpreter(limits=Limits(timeout=0.003))
    interpreter.load(programs.module(*functions))

    def code(_):
        with pytest.raises(RunError) as caught:
            interpreter.call("m.main")
        return caught.value.code

    with ThreadPoolExecutor(max_workers=16) as executor:
        assert set(executor.map(code, range(4000))) == {"timeout"}


def ended(interpreter, argument, function="worker.main"):
    """The code that a call ends with, or one of the tasks that it gives the results of."""
    try:
        result = interpreter.call(function, argument)
    except RunError as error:
        return error.code
    for one in result if isinstance(result, list) else [result]:
        if isinstance(one, dict) and one.get("ok") is False:
            return one["code"]
    return None
