"""Plugins that are not to be kept between calls, called through an interpreter. Each type of them is in `tests/manifest_fields`."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from alas_interp import Interpreter, PluginManager
from alas_registry import Registry


@pytest.fixture
def folder(programs):
    programs.plugin("echo", programs.returning(programs.variable("x")), runtime={"persistent": False})
    return programs.plugins


def is_gone(registry, interpreter):
    return (str(registry.get("echo").state), interpreter.modules()) == ("discovered", [])


def test_it_is_gone_after_each_call(folder):
    with PluginManager(Interpreter()) as manager:
        manager.initialize([folder])
        interpreter = manager.interpreter
        function = interpreter.function("echo.run")
        for call in (
            lambda: interpreter.call("echo.run", 1),
            lambda: function(1),
            lambda: asyncio.run(interpreter.call_async("echo.run", 1)),
        ):
            assert call() == 1
            assert is_gone(manager.registry, interpreter)


def test_it_stays_while_others_call_it(folder):
    with PluginManager(Interpreter()) as manager, ThreadPoolExecutor(4) as threads:
        manager.initialize([folder])
        call = manager.interpreter.function("echo.run")
        assert list(threads.map(call, range(200))) == list(range(200))
        assert is_gone(manager.registry, manager.interpreter)


def test_it_stays_with_whom_needs_it(folder, programs):
    run = programs.returning(programs.builtin("echo.run", programs.variable("x")))
    programs.plugin("needs", run, dependencies=["echo"])
    with PluginManager(Interpreter()) as manager:
        manager.initialize([folder])
        assert manager.interpreter.call("echo.run", 1) == 1
        assert str(manager.registry.get("echo").state) == "loaded"


def test_a_program_keeps_what_it_holds(folder, programs):
    with PluginManager(Interpreter()) as manager:
        manager.initialize([folder])
        asking = programs.builtin("echo.run", programs.literal(2))
        manager.interpreter.load(programs.module(programs.function("main", programs.returning(asking))))
        assert manager.interpreter.call("echo.run", 1) == 1
        assert manager.interpreter.call("m.main") == 2


def test_it_is_gone_where_the_registry_runs_it_elsewhere(folder):
    with Registry(packages=False) as registry:
        registry.add_search_path(folder)
        registry.discover()
        interpreter = Interpreter(plugins=registry)
        assert [interpreter.call("echo.run", number) for number in range(2)] == [0, 1]
        assert is_gone(registry, interpreter)
