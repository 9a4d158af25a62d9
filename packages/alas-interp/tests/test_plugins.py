from __future__ import annotations

import asyncio
import contextlib
import functools
import threading

import pytest

import alas_interp
from alas_core.errors import RunError
from alas_interp import Interpreter, PluginManager, ProgramError
from alas_interp.loaders import ModuleLoader
from alas_registry import (
    ArgumentsError,
    FunctionNotFoundError,
    Loader,
    PluginCloseError,
    PluginHandle,
    PluginLoadError,
    PluginNotLoadedError,
    PluginState,
    Registry,
    ResultError,
)


@pytest.fixture
def echo(programs):
    programs.plugin("echo", programs.returning(programs.variable("x")))


@pytest.fixture
def calling(programs):
    def make(name):
        return programs.module(
            programs.function("main", programs.returning(programs.builtin(name, programs.literal(1))))
        )

    return make


def registry_of(programs, **options):
    registry = Registry(**options)
    registry.add_search_path(programs.plugins)
    registry.discover()
    return registry


def test_a_manager_loads_plugins_into_its_interpreter(programs, echo, calling):
    manager = PluginManager(Interpreter())
    report = manager.initialize([programs.plugins])
    assert [plugin.name for plugin in report.loaded] == ["echo"]
    assert manager.interpreter.call("echo.run", "hello") == "hello"
    manager.interpreter.load(calling("echo.run"))
    assert manager.interpreter.call("m.main") == 1
    assert manager.interpreter.plugins is manager.registry
    assert manager.registry.load("echo").call("run", [5]) == 5


def test_the_words_of_the_description(programs, echo, monkeypatch):
    monkeypatch.chdir(programs.folder)
    manager = PluginManager(Interpreter())
    manager.initialize(["./plugins"])
    assert manager.interpreter.call("echo.run", "data") == "data"


@pytest.mark.parametrize("is_lazy", [False, True])
@pytest.mark.parametrize("is_bound", [False, True])
def test_a_plugin_is_loaded_when_it_is_first_needed(programs, calling, is_lazy, is_bound):
    programs.plugin("echo", programs.returning(programs.variable("x")), runtime={"lazy": is_lazy})
    for use in ("program", "call"):
        interpreter = Interpreter()
        registry = registry_of(programs, loaders={"module": ModuleLoader(interpreter)} if is_bound else None)
        interpreter.use_plugins(registry)
        assert registry.get("echo").state is PluginState.DISCOVERED
        if use == "program":
            interpreter.load(calling("echo.run"))
            assert interpreter.call("m.main") == 1
        else:
            assert interpreter.call("echo.run", 1) == 1
        assert registry.get("echo").state is PluginState.LOADED


def test_a_registry_is_made_only_when_it_is_needed(programs, echo, calling):
    made = []

    def make():
        made.append(1)
        return registry_of(programs)

    interpreter = Interpreter(plugins=make)
    interpreter.load(calling("math.abs"))
    assert interpreter.call("m.main") == 1
    assert made == []
    interpreter.load(calling("echo.run"))
    assert interpreter.call("m.main") == 1
    with pytest.raises(alas_interp.FunctionNotFoundError):
        interpreter.call("absent.f")
    with pytest.raises(alas_interp.FunctionNotFoundError):
        interpreter.call("echo.absent")
    assert made == [1]


def test_the_registry_finds_the_loader_by_itself(programs, echo):
    with registry_of(programs) as registry:
        plugin = registry.load("echo")
        assert isinstance(plugin, PluginHandle)
        assert plugin.call("run", [[1, "two"]]) == [1, "two"]
        with pytest.raises(FunctionNotFoundError, match="run"):
            plugin.call("absent", [])
        with pytest.raises(ArgumentsError):
            plugin.call("run", [])
    assert isinstance(ModuleLoader(), Loader)


def test_plugins_use_plugins(programs, calling):
    call = programs.builtin("inner.run", programs.variable("x"))
    programs.plugin("inner", programs.returning(programs.variable("x")))
    programs.plugin("outer", programs.returning(call), dependencies=["inner"])
    programs.plugin("undeclared", programs.returning(call))
    for name in ("outer", "undeclared"):
        manager = PluginManager(Interpreter())
        manager.registry.add_search_path(programs.plugins)
        manager.registry.discover()
        manager.interpreter.load(calling(f"{name}.run"))
        assert manager.interpreter.call("m.main") == 1
        assert manager.registry.get("inner").state is PluginState.LOADED
    # The loader that the registry makes by itself knows the plugins it has loaded.
    assert registry_of(programs).load("outer").call("run", [7]) == 7


@pytest.mark.parametrize(
    ("returns", "result", "fits"),
    [
        ("int", 1, True),
        ("int", True, False),
        ("int", "1", False),
        ("float", 1, True),
        ("string", "x", True),
        ("bool", 0, False),
        ("void", None, True),
        ("void", 0, False),
        ("array<int>", [1, 2], True),
        ("array<int>", [1, "x"], False),
        ("map<string>", {"a": "x"}, True),
        ("map<string>", {"a": 1}, False),
        ("map", [], False),
        ("any", [None], True),
    ],
)
def test_results_are_what_the_manifest_promises(programs, returns, result, fits):
    functions = [{"name": "run", "params": [{"name": "x", "type": "any"}], "returns": returns}]
    programs.plugin("echo", programs.returning(programs.variable("x")), functions=functions)
    plugin = registry_of(programs).load("echo")
    if fits:
        assert plugin.call("run", [result]) == result
    else:
        with pytest.raises(ResultError, match=r"run\(x: any\).*of plugin `echo`"):
            plugin.call("run", [result])


@pytest.mark.parametrize("is_imported", [True, False])
def test_calls_from_python_meet_the_manifest(programs, calling, is_imported):
    """The module itself says nothing about types, and programs get what it gives."""
    functions = [{"name": "run", "params": [{"name": "x", "type": "int"}], "returns": "int"}]
    programs.plugin("echo", programs.returning(programs.variable("x")), functions=functions)
    interpreter = Interpreter(plugins=registry_of(programs))
    if is_imported:
        interpreter.load(calling("echo.run"))
    assert interpreter.call("echo.run", 1) == 1
    assert interpreter.function("echo.run")(2) == 2
    for call in (functools.partial(interpreter.call, "echo.run"), interpreter.function("echo.run")):
        with pytest.raises(
            alas_interp.AlasTypeError, match="the argument for `x` does not fit: expected int"
        ):
            call("one")
        with pytest.raises(alas_interp.ArgumentCountError):
            call()


def test_results_for_python_meet_the_manifest(programs):
    functions = [{"name": "run", "params": [{"name": "x", "type": "any"}], "returns": "int"}]
    programs.plugin("echo", programs.returning(programs.variable("x")), functions=functions)
    manager = PluginManager(Interpreter())
    manager.initialize([programs.plugins])
    assert manager.interpreter.call("echo.run", 1) == 1
    with pytest.raises(alas_interp.AlasTypeError, match="returned what its manifest does not promise"):
        manager.interpreter.call("echo.run", "one")
    # With another manifest, other results are right.
    manager.registry.unload("echo")
    programs.plugin(
        "echo", programs.returning(programs.variable("x")), functions=[functions[0] | {"returns": "string"}]
    )
    manager.registry.discover()
    assert manager.interpreter.call("echo.run", "one") == "one"


@pytest.mark.parametrize(
    ("functions", "code"),
    [
        ([{"name": "walk"}], "not_exported"),
        ([{"name": "run"}], "signature_mismatch"),
        (
            [{"name": "run", "params": [{"name": "x", "type": "any"}, {"name": "y", "type": "any"}]}],
            "signature_mismatch",
        ),
    ],
    ids=["absent", "no parameter", "one more"],
)
def test_a_manifest_that_describes_other_functions(programs, echo, functions, code):
    plugin = registry_of(programs).find("echo")
    manifest = (plugin.folder / "plugin.json").read_bytes()
    programs.plugin("echo", programs.returning(programs.variable("x")), functions=functions)
    with pytest.raises(PluginLoadError):
        registry_of(programs).load("echo")
    # The loader does not rely on somebody else's having looked.
    changed = registry_of(programs).find("echo")
    loader = ModuleLoader()
    with pytest.raises(ProgramError) as caught:
        loader.load(changed)
    assert [finding.code for finding in caught.value.diagnostics] == [code]
    assert caught.value.diagnostics[0].file.endswith("plugin.json")
    # A plugin that was refused leaves nothing behind.
    (plugin.folder / "plugin.json").write_bytes(manifest)
    assert loader.load(plugin).call("run", [1]) == 1


def test_what_is_not_enforced_is_told_once_however_often_the_plugin_is_loaded(programs, caplog):
    implementation = {"language": "alas", "build_cmd": "make"}
    runtime = {"persistent": False}
    fields = {"implementation": implementation, "runtime": runtime}
    programs.plugin("echo", programs.returning(programs.variable("x")), **fields)
    plugin = registry_of(programs).load("echo")
    assert [plugin.call("run", [number]) for number in range(3)] == [0, 1, 2]
    told = "the plugin echo sets implementation.build_cmd, which this version does not run"
    assert [record.getMessage() for record in caplog.records].count(told) == 1


def test_functions_that_start_tasks(programs):
    functions = [{"name": "run", "params": [{"name": "x", "type": "int"}], "returns": "int", "async": True}]
    doubled = {"type": "binary", "op": "*", "left": programs.variable("x"), "right": programs.literal(2)}
    programs.plugin("echo", programs.returning(doubled), functions=functions)
    run = programs.function("run", programs.returning(doubled), params=[("x", "int")], returns="int")
    programs.file("plugins/echo/echo.alas.json", programs.module(run, name="echo", exports=["run"]))
    started = programs.builtin("echo.run", programs.literal(21))
    keep = {"type": "assign", "target": "t", "value": started}
    keep_all = {
        "type": "assign",
        "target": "t",
        "value": {"type": "array_literal", "elements": [started] * 2},
    }
    program = programs.module(
        programs.function("main", programs.returning(programs.builtin("async.await", started))),
        programs.function("kind", programs.returning(programs.builtin("type.typeOf", started))),
        programs.function(
            "kept", keep, programs.returning(programs.builtin("async.await", programs.variable("t")))
        ),
        programs.function(
            "all", keep_all, programs.returning(programs.builtin("async.parallel", programs.variable("t")))
        ),
        programs.function("wrong", programs.returning(started), returns="task"),
    )
    with Interpreter(plugins=registry_of(programs)) as interpreter:
        interpreter.load(program)
        assert interpreter.call("m.main") == {"ok": True, "value": 42, "error": ""}
        assert interpreter.call("m.kept") == interpreter.call("m.main")
        assert interpreter.call("m.all") == {"ok": True, "values": [42, 42], "errors": ["", ""]}
        assert interpreter.call("m.kind") == "task"
        with pytest.raises(RunError, match="a task cannot leave"):
            interpreter.call("m.wrong")
        # From Python it is a call like any other, which may be awaited.
        assert interpreter.call("echo.run", 4) == 8
        assert asyncio.run(interpreter.call_async("echo.run", 5)) == 10
        with pytest.raises(ProgramError) as caught:
            interpreter.load(
                programs.module(
                    programs.function("main", programs.returning(started), returns="int"), name="n"
                )
            )
        assert [one.code for one in caught.value.diagnostics] == ["type_mismatch"]


def test_a_broken_plugin_stops_the_program_that_needs_it(programs, calling):
    broken = programs.plugin("broken", programs.returning(programs.variable("y")))
    interpreter = Interpreter(plugins=registry_of(programs))
    with pytest.raises(ProgramError) as caught:
        interpreter.load(calling("broken.run"))
    assert isinstance(caught.value.__cause__, PluginLoadError)
    first, *rest = caught.value.diagnostics
    assert first.code in ("unknown_module", "unknown_builtin")
    assert "broken" in first.message
    assert [(finding.code, finding.file) for finding in rest] == [("unknown_variable", str(broken))]
    with pytest.raises(PluginLoadError):
        interpreter.call("broken.run", 1)
    # Mended, it loads.
    programs.plugin("broken", programs.returning(programs.variable("x")))
    interpreter.load(calling("broken.run"))
    assert interpreter.call("m.main") == 1


def test_plugins_that_reach_each_other_are_a_circle(programs, calling):
    programs.plugin("a", programs.returning(programs.builtin("b.run", programs.variable("x"))))
    programs.plugin("b", programs.returning(programs.builtin("a.run", programs.variable("x"))))
    manager = PluginManager(Interpreter())
    report = manager.initialize([programs.plugins])
    assert {plugin.name for plugin in report.failed} == {"a", "b"}
    with pytest.raises(ProgramError) as caught:
        manager.interpreter.load(calling("a.run"))
    assert "import_cycle" in {finding.code for finding in caught.value.diagnostics}


def test_unloading_forgets_the_module(programs, echo):
    manager = PluginManager(Interpreter())
    manager.initialize([programs.plugins])
    manager.registry.unload("echo")
    assert manager.interpreter.modules() == []
    # It is still there to be found.
    assert manager.interpreter.call("echo.run", 1) == 1


def test_a_manager_closes_what_it_holds(programs, echo):
    with PluginManager(Interpreter()) as manager:
        manager.initialize([programs.plugins])
        assert manager.interpreter.call("echo.run", 1) == 1
    manager.close()
    assert manager.registry.get("echo").state is PluginState.DISCOVERED
    with pytest.raises(RuntimeError, match="closed"):
        manager.interpreter.call("echo.run", 1)


def test_many_threads_load_one_plugin(programs, echo, calling):
    manager = PluginManager(Interpreter())
    manager.registry.add_search_path(programs.plugins)
    manager.registry.discover()
    failures = []

    def work(number):
        try:
            manager.interpreter.load(calling("echo.run") | {"name": f"m{number}"})
            assert manager.interpreter.call(f"m{number}.main") == 1
            assert manager.registry.load("echo").call("run", [number]) == number
        except Exception as error:  # noqa: BLE001 - a thread's failure has to reach the test
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert not any(thread.is_alive() for thread in threads)


def test_calls_while_others_unload(programs, echo):
    manager = PluginManager(Interpreter())
    manager.initialize([programs.plugins])
    failures = []

    def work(number):
        try:
            for _ in range(30):
                assert manager.interpreter.call("echo.run", number) == number
                with contextlib.suppress(PluginNotLoadedError):
                    manager.registry.unload("echo")
        except Exception as error:  # noqa: BLE001 - a thread's failure has to reach the test
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


def test_where_plugins_were_looked_for(programs, calling, monkeypatch):
    monkeypatch.chdir(programs.folder)
    registry = Registry()
    registry.add_search_path("nowhere")
    registry.add_search_path(programs.folder)
    registry.discover()
    with pytest.raises(ProgramError) as caught:
        Interpreter(plugins=registry).load(calling("far_away.run"))
    advice = caught.value.diagnostics[0].help
    assert advice == (
        f"looked for a plugin with this module in `./nowhere`, `.`; `{programs.folder}/nowhere` was not searched: "
        "there is no such folder"
    )


def test_a_broken_manifest_is_pointed_to(programs, echo, calling):
    programs.file("plugins/echo/plugin.json", b"{")
    registry = registry_of(programs)
    with pytest.raises(ProgramError) as caught:
        Interpreter(plugins=registry).load(calling("echo.run"))
    first, second = caught.value.diagnostics
    assert str(programs.plugins / "echo") in first.help
    assert second.code == "json_syntax"


def test_a_manager_reports_what_is_broken(programs, echo, caplog):
    programs.plugin("other")
    programs.file("plugins/other/plugin.json", b"{")
    manager = PluginManager(Interpreter())
    report = manager.initialize([programs.plugins, programs.folder / "absent"])
    assert [plugin.name for plugin in report.loaded] == ["echo"]
    assert [(plugin.name, plugin.error.code) for plugin in report.failed] == [("other", "plugin_invalid")]
    assert [problem.code for problem in manager.registry.problems] == ["search_path_not_found"]
    assert "absent: there is no such folder" in caplog.text


def test_one_folder_is_no_list_of_folders(programs):
    for path in (str(programs.plugins), programs.plugins):
        with pytest.raises(TypeError, match="expected a list of folders for `paths`"):
            PluginManager(Interpreter()).initialize(path)


def test_closing_a_manager_closes_the_interpreter_whatever_happens(programs, echo, monkeypatch):
    manager = PluginManager(Interpreter())
    manager.initialize([programs.plugins])

    def fail(_plugin):
        raise OSError("on purpose")

    monkeypatch.setattr(manager.interpreter, "unload_plugin", fail)
    with pytest.raises(PluginCloseError, match="on purpose"):
        manager.close()
    with pytest.raises(RuntimeError, match="the interpreter is closed"):
        manager.interpreter.call("echo.run", 1)


def test_an_interrupted_loader_leaves_no_module(programs, echo, monkeypatch):
    def interrupt(_folder):
        raise KeyboardInterrupt

    monkeypatch.setattr("alas_interp._folder_checks.validate_folder", interrupt)
    interpreter = Interpreter()
    with pytest.raises(KeyboardInterrupt):
        ModuleLoader(interpreter).load(registry_of(programs).find("echo"))
    assert interpreter.modules() == []


def test_what_makes_the_registry_may_set_it(programs, echo):
    def make():
        registry = registry_of(programs)
        interpreter.use_plugins(registry)
        return registry

    interpreter = Interpreter(plugins=make)
    results = []
    thread = threading.Thread(target=lambda: results.append(interpreter.call("echo.run", 1)), daemon=True)
    thread.start()
    thread.join(30)
    assert results == [1]


def test_calls_of_plugins_are_counted(programs, echo):
    programs.plugin("relay", programs.returning(programs.builtin("echo.run", programs.variable("x"))))
    called = programs.builtin("relay.run", programs.literal(1))
    main = programs.module(programs.function("main", programs.returning(called)))
    interpreter = Interpreter(count_calls=True)
    with PluginManager(interpreter) as manager:
        manager.initialize([programs.plugins])
        assert interpreter.call_counts() == {"echo.run": 0, "relay.run": 0}
        interpreter.load(main)
        for _ in range(3):
            assert interpreter.call("m.main") == 1
        # Calls that never leave the engine are counted, and so are those from outside.
        assert interpreter.call("echo.run", 2) == 2
        assert manager.registry.load("relay").call("run", [5]) == 5
        manager.registry.unload("relay", cascade=True)
    assert interpreter.call_counts() == {"echo.run": 5, "relay.run": 4}


def test_nothing_is_counted_unless_asked_for(programs, echo, calling):
    with PluginManager(Interpreter()) as manager:
        manager.initialize([programs.plugins])
        manager.interpreter.load(calling("echo.run"))
        manager.interpreter.call("m.main")
        assert manager.interpreter.call_counts() == {}
