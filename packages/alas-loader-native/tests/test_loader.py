"""The loader of native and hybrid plugins, in one process with the engine."""

import contextlib
import json
import logging
import threading
import time

import pytest
from native.building import compile_c
from native.plugins_in_c import FUNCTIONS

from alas_core.errors import (
    AlasTypeError,
    CallDepthExceededError,
    CancelledError,
    NativeError,
    NativeLoadError,
    PermissionDeniedError,
    RunError,
)
from alas_interp import Interpreter, PluginLimits, PluginManager, ProgramError
from alas_interp.loaders import ModuleLoader
from alas_loader_native import NativeLoader, check_module, library_files, missing_library
from alas_manifest import read_file
from alas_registry import PluginLoadError, Registry


def loaded(manager, folder):
    report = manager.initialize([folder])
    assert [str(one.error) for one in report.failed] == []
    return manager.interpreter


def program(*functions, imports=()):
    return {"type": "module", "name": "program", "imports": list(imports), "functions": list(functions)}


def returning(name, value, params=()):
    return {
        "name": name,
        "params": [{"name": one, "type": "any"} for one in params],
        "body": [{"type": "return", "value": value}],
    }


def literal(value):
    return {"type": "literal", "value": value}


def variable(name):
    return {"type": "variable", "name": name}


def test_functions_are_called_from_everywhere(manager, plugin_folder):
    interpreter = loaded(manager, plugin_folder())
    assert interpreter.call("numbers.add", 2, 40) == 42
    assert interpreter.function("numbers.add")(1, 2) == 3
    assert manager.registry.call("numbers", "add", 3, 4) == 7
    arguments = [literal(1), literal(2)]
    interpreter.load(
        program(
            returning("plain", {"type": "builtin", "name": "numbers.add", "args": arguments}),
            returning(
                "module", {"type": "module_call", "module": "numbers", "name": "add", "args": arguments}
            ),
            imports=["numbers"],
        )
    )
    assert interpreter.call("program.plain") == interpreter.call("program.module") == 3


def test_the_loader_is_announced(plugin_folder):
    folder = plugin_folder()
    with Registry(packages=False) as registry:
        registry.add_search_path(folder)
        registry.discover()
        assert registry.call("numbers", "add", 1, 1) == 2


def test_what_a_function_says_of_its_failure(manager, plugin_folder):
    interpreter = loaded(manager, plugin_folder())
    with pytest.raises(NativeError) as caught:
        interpreter.call("numbers.fail")
    error = caught.value
    assert error.native_code == "on_purpose"
    assert error.message == "`numbers.fail` of the plugin `numbers` failed: it was asked to (on_purpose)"
    interpreter.load(program(returning("failing", {"type": "builtin", "name": "numbers.fail", "args": []})))
    with pytest.raises(NativeError) as caught:
        interpreter.call("program.failing")
    assert caught.value.place.pointer == "/functions/0/body/0/value"


def test_types_hold_in_both_directions(manager, plugin_folder):
    interpreter = loaded(manager, plugin_folder())
    assert interpreter.call("numbers.point", 1) == {"x": 1, "y": 0}
    with pytest.raises(NativeError, match=r"numbers.point.*native code.*`Point`.*without the field `y`"):
        interpreter.call("numbers.point", 0)
    with pytest.raises(AlasTypeError):
        interpreter.call("numbers.add", "a", 1)
    # Ints become floats where floats are declared, packed.
    assert interpreter.call("numbers.length", [1, 2.5]) == 2


def test_config_and_log(manager, plugin_folder, caplog):
    interpreter = loaded(manager, plugin_folder())
    with caplog.at_level(logging.INFO, "alas.registry"):
        assert interpreter.call("numbers.mode") == "fast"
    # A record is one line.
    assert [record.message for record in caplog.records][-2:] == ["numbers: asked for", "numbers: the mode"]


def test_calling_back(manager, plugin_folder, tmp_path):
    hybrid = {
        "type": "hybrid",
        "functions": [
            *({**one, "native": True} for one in FUNCTIONS),
            {"name": "twice", "params": [{"name": "x", "type": "int"}], "returns": "int"},
            {"name": "deep", "params": [{"name": "x", "type": "any"}], "returns": "any"},
        ],
    }
    folder = plugin_folder(hybrid)
    double = {"type": "call", "name": "add", "args": [variable("x"), variable("x")]}
    deeper = {"type": "call", "name": "apply", "args": [literal("deep"), variable("x")]}
    module = {
        "type": "module",
        "name": "numbers",
        "exports": ["twice", "deep"],
        "functions": [
            returning("twice", double, ["x"]) | {"params": [{"name": "x", "type": "int"}], "returns": "int"},
            returning("deep", deeper, ["x"]),
            returning("hidden", literal("seen"), ["x"]),
        ],
    }
    (folder / "numbers.alas.json").write_text(json.dumps(module))
    interpreter = loaded(manager, folder)
    assert interpreter.call("numbers.twice", 21) == 42
    assert interpreter.call("numbers.apply", "twice", 4) == 8
    # Within its own module it may call every function, as the module itself may.
    assert interpreter.call("numbers.apply", "hidden", None) == "seen"
    with pytest.raises(
        PermissionDeniedError, match="add the plugin with the module `other` to its dependencies"
    ):
        interpreter.call("numbers.apply", "other.function", 1)
    with pytest.raises(CallDepthExceededError):
        interpreter.call("numbers.deep", None)
    assert interpreter.call("numbers.add", 1, 1) == 2


def test_dependencies_can_be_called_back(manager, plugin_folder, tmp_path):
    other = tmp_path / "plugins" / "greeter"
    other.mkdir(parents=True)
    manifest = {
        "name": "greeter",
        "version": "1.0.0",
        "module": "greetings",
        "functions": [{"name": "greet", "params": [{"name": "who", "type": "any"}]}],
        "implementation": {"language": "alas"},
    }
    (other / "plugin.json").write_text(json.dumps(manifest))
    body = {"type": "binary", "op": "+", "left": literal("Hello, "), "right": variable("who")}
    module = {
        "type": "module",
        "name": "greetings",
        "exports": ["greet"],
        "functions": [returning("greet", body, ["who"]), returning("secret", literal(1), ["who"])],
    }
    (other / "greetings.alas.json").write_text(json.dumps(module))
    plugin_folder({"dependencies": ["greeter"]})
    interpreter = loaded(manager, tmp_path / "plugins")
    assert interpreter.call("numbers.apply", "greetings.greet", "Ada") == "Hello, Ada"
    with pytest.raises(Exception, match="does not export"):
        interpreter.call("numbers.apply", "greetings.secret", "Ada")


@pytest.mark.parametrize(("is_parallel", "most"), [(False, 1), (True, 2)])
def test_calls_queue_unless_they_may_overlap(manager, plugin_folder, is_parallel, most):
    interpreter = loaded(manager, plugin_folder({"runtime": {"parallel": is_parallel}}))
    seen = []
    end = time.monotonic() + 30
    while time.monotonic() < end:
        threads = [
            threading.Thread(target=lambda: seen.append(interpreter.call("numbers.busy", 3_000_000)))
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # Two threads that may overlap do so sooner or later.
        if not is_parallel or max(seen) == most:
            break
    assert max(seen) == most


def test_long_work_is_stopped(manager, plugin_folder):
    interpreter = loaded(manager, plugin_folder())
    timer = threading.Timer(0.05, interpreter.interrupt)
    timer.start()
    with pytest.raises(CancelledError):
        interpreter.call("numbers.busy", 2**62)
    timer.join()


def test_a_reload_begins_anew(manager, plugin_folder):
    folder = plugin_folder()
    interpreter = loaded(manager, folder)
    assert [interpreter.call("numbers.count") for _ in range(3)] == [1, 2, 3]
    manager.registry.unload("numbers")
    # The file may be replaced in place while its copy is mapped.
    (folder / "numbers.so").write_bytes((folder / "numbers.so").read_bytes())
    manager.registry.load("numbers")
    assert interpreter.call("numbers.count") == 1


def test_a_library_that_is_not_there(manager, plugin_folder):
    folder = plugin_folder(has_library=False)
    manifest = json.loads((folder / "plugin.json").read_text())
    manifest["implementation"]["build_cmd"] = "make"
    (folder / "plugin.json").write_text(json.dumps(manifest))
    [failed] = manager.initialize([folder]).failed
    advice = "numbers.so of the plugin numbers is not there; build it: alas-plugin build"
    assert advice in str(failed.error)
    [finding] = why_not(manager.interpreter)
    assert advice in finding.message
    assert finding.help is None


def test_a_plugin_for_another_platform(manager, plugin_folder):
    folder = plugin_folder(
        {"implementation": {"language": "c", "binaries": [{"windows-s390x": "numbers.so"}]}}
    )
    [failed] = manager.initialize([folder]).failed
    assert "has no library for" in str(failed.error)
    assert "windows-s390x" in str(failed.error)


def test_a_library_that_disagrees(manager, plugin_folder):
    functions = [{"name": "ad", "returns": "int"}, *FUNCTIONS[1:]]
    [failed] = manager.initialize([plugin_folder({"functions": functions})]).failed
    cause = failed.error.__cause__
    assert isinstance(failed.error, PluginLoadError)
    assert isinstance(cause, NativeLoadError)
    assert cause.code == "disagreement"
    assert "the library lacks `ad`; the manifest lacks `add`" in cause.message
    assert not manager.interpreter.modules()
    # A program has a finding about its import, which says what kind of problem it comes from.
    [finding] = why_not(manager.interpreter)
    assert finding.code == "unknown_module"
    assert finding.message.endswith("make them the same (disagreement)")
    assert finding.help is None


def why_not(interpreter):
    """Return the findings about a program that imports the plugin."""
    with pytest.raises(ProgramError) as caught:
        interpreter.load(program(returning("main", literal(1)), imports=["numbers"]))
    return caught.value.diagnostics


def test_a_hybrid_plugin_is_checked_without_its_library(plugin_folder):
    functions = [{**FUNCTIONS[0], "native": True}, {"name": "f"}]
    folder = plugin_folder({"type": "hybrid", "functions": functions}, has_library=False)
    call = {"type": "call", "name": "add", "args": [literal(1), literal("a")]}
    module = {"type": "module", "name": "numbers", "exports": ["f"], "functions": [returning("f", call)]}
    (folder / "numbers.alas.json").write_text(json.dumps(module))
    with Registry(packages=False) as registry:
        registry.add_search_path(folder)
        [plugin] = registry.discover()
    with pytest.raises(ProgramError) as caught:
        check_module(plugin, Interpreter())
    assert [(one.code, one.pointer) for one in caught.value.diagnostics] == [
        ("type_mismatch", "/functions/0/body/0/value/args/1")
    ]


def test_another_interpreter_gets_a_library_of_its_own(plugin_folder):
    folder = plugin_folder()
    with Registry({"native": NativeLoader()}, packages=False) as registry:
        registry.add_search_path(folder)
        registry.discover()
        interpreter = Interpreter(plugins=registry)
        assert registry.call("numbers", "count") == 1
        assert interpreter.call("numbers.count") == 1
        assert registry.call("numbers", "count") == 2


def test_a_stop_is_seen_after_each_call(manager, plugin_folder):
    interpreter = loaded(manager, plugin_folder())
    # Each call takes some milliseconds, and a look after some thousand of them would come too late.
    call = {"type": "builtin", "name": "numbers.busy", "args": [literal(2_000_000)]}
    looping = {"type": "while", "cond": literal(True), "body": [{"type": "expr", "value": call}]}
    interpreter.load(program({"name": "loop", "body": [looping]}))
    timer = threading.Timer(0.1, interpreter.interrupt)
    timer.start()
    begin = time.monotonic()
    with pytest.raises(CancelledError):
        interpreter.call("program.loop")
    timer.join()
    assert time.monotonic() - begin < 5


def test_a_dependency_is_named_by_plugin_or_module(plugin_folder, tmp_path):
    base = tmp_path / "plugins" / "base"
    base.mkdir(parents=True)
    manifest = {
        "name": "base",
        "version": "1.0.0",
        "module": "base_module",
        "functions": [{"name": "same", "params": [{"name": "x", "type": "any"}]}],
        "implementation": {"language": "alas"},
    }
    (base / "plugin.json").write_text(json.dumps(manifest))
    module = {
        "type": "module",
        "name": "base_module",
        "exports": ["same"],
        "functions": [returning("same", variable("x"), ["x"])],
    }
    (base / "base_module.alas.json").write_text(json.dumps(module))
    plugin_folder({"dependencies": ["base"]})
    interpreter = Interpreter()
    loaders = {"module": ModuleLoader(interpreter), "native": NativeLoader(interpreter)}
    with Registry(loaders, packages=False) as registry:
        registry.add_search_path(tmp_path / "plugins")
        registry.discover()
        assert registry.call("numbers", "apply", "base_module.same", "x") == "x"


def test_the_library_is_the_first_of_the_binaries(plugin_folder):
    binaries = [{"windows-s390x": "numbers.dll"}, "numbers.so"]
    folder = plugin_folder({"implementation": {"language": "c", "binaries": binaries}})
    manifest = read_file(folder).manifest
    assert library_files(folder, manifest) == []
    assert "has no library for" in missing_library(folder, manifest)


def test_a_function_that_was_looked_up_early_is_checked_too(plugin_folder, tmp_path):
    registry = Registry(packages=False)
    interpreter = Interpreter(plugins=registry)
    function = interpreter.function("numbers.twice")
    functions = [{**FUNCTIONS[0], "native": True}, *({**one, "native": True} for one in FUNCTIONS[1:])]
    twice = {"name": "twice", "params": [{"name": "x", "type": "int"}], "returns": "int"}
    folder = plugin_folder({"type": "hybrid", "functions": [*functions, twice]})
    double = {"type": "call", "name": "add", "args": [variable("x"), variable("x")]}
    module = {
        "type": "module",
        "name": "numbers",
        "exports": ["twice"],
        # The module says less than its manifest.
        "functions": [{"name": "twice", "params": [{"name": "x", "type": "any"}], "body": []}],
    }
    module["functions"][0]["body"] = [{"type": "return", "value": double}]
    (folder / "numbers.alas.json").write_text(json.dumps(module))
    registry.add_search_path(folder)
    registry.discover()
    assert [function(2), function(3)] == [4, 6]
    for _ in range(2):
        with pytest.raises(AlasTypeError, match="argument for `x`"):
            function(0.5)


@pytest.mark.parametrize("limits", [PluginLimits(memory=1 << 20), PluginLimits(most_memory=1 << 20)])
def test_what_a_plugin_makes_has_a_limit(plugin_folder, limits):
    with PluginManager(Interpreter(plugin_limits=limits)) as manager:
        interpreter = loaded(manager, plugin_folder())
        assert len(interpreter.call("numbers.zeros", 1 << 16)) == 1 << 16
        with pytest.raises(
            NativeError, match="there is no memory left of what the program or plugin may use"
        ) as failed:
            interpreter.call("numbers.zeros", 1 << 18)
        assert failed.value.native_code == "too_large"


@contextlib.contextmanager
def interrupted_by(line):
    """Have Ctrl-C come while a line is written to the log."""

    class Handler(logging.Handler):
        def emit(self, record):
            if record.getMessage() == line:
                raise KeyboardInterrupt

    logger, handler = logging.getLogger("alas.registry"), Handler()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


def test_an_interrupt_in_the_log_ends_the_program(manager, plugin_folder):
    interpreter = loaded(manager, plugin_folder())
    with interrupted_by("numbers: the mode"), pytest.raises(RunError) as stopped:
        interpreter.call("numbers.mode")
    assert stopped.value.code == "cancelled"
    assert isinstance(stopped.value.__cause__, KeyboardInterrupt)
    assert interpreter.call("numbers.mode") == "fast"


def test_an_interrupt_in_the_log_ends_loading(manager, tmp_path):
    folder = plugin_in_cpp(tmp_path, "beginning", BEGINNING)
    with interrupted_by("beginning: began"), pytest.raises(KeyboardInterrupt):
        manager.initialize([folder])


BEGINNING = """
#include "alas_plugin.h"
static alas_status nothing(alas_call *, const alas_value *, size_t, alas_value *) { return ALAS_OK; }
static const alas_function functions[] = {{"nothing", nothing, 0, 0}};
static alas_status begin(alas_call *call) { return alas_log(call, ALAS_LOG_INFO, "began"); }
ALAS_PLUGIN("beginning", functions, begin, nullptr)
"""


def plugin_in_cpp(folder, name, text):
    source = folder / f"{name}.cpp"
    source.write_text(text)
    compile_c(source, folder / f"{name}.so")
    manifest = {
        "name": name,
        "version": "1.0.0",
        "type": "native",
        "module": name,
        "functions": [{"name": "nothing", "returns": "void"}],
        "implementation": {"language": "c++", "binaries": [f"{name}.so"]},
    }
    (folder / "plugin.json").write_text(json.dumps(manifest))
    return folder


def test_the_end_of_a_plugin_may_use_the_engine(tmp_path):
    plugin_in_cpp(tmp_path, "ending", ENDING)
    interpreter = Interpreter()
    seen = []

    class Handler(logging.Handler):
        def emit(self, record):
            if "shutdown" in record.getMessage():
                seen.append(interpreter.modules())

    handler = Handler()
    logging.getLogger("alas.registry").addHandler(handler)
    try:
        with PluginManager(interpreter) as manager:
            manager.initialize([tmp_path])
            interpreter.call("ending.nothing")
            manager.registry.unload("ending")
    finally:
        logging.getLogger("alas.registry").removeHandler(handler)
    assert seen == [[]]


ENDING = """
#include "alas_plugin.h"
static alas_status nothing(alas_call *, const alas_value *, size_t, alas_value *) { return ALAS_OK; }
static const alas_function functions[] = {{"nothing", nothing, 0, 0}};
static void end() { throw 1; }
ALAS_PLUGIN("ending", functions, nullptr, end)
"""


def plugin_that_needs_numbers(parent):
    needs = parent / "needs"
    needs.mkdir()
    call = {"type": "builtin", "name": "numbers.add", "args": [literal(1), literal(2)]}
    module = {**program(returning("run", call), imports=["numbers"]), "name": "needs", "exports": ["run"]}
    (needs / "needs.alas.json").write_text(json.dumps(module))
    manifest = {
        "name": "needs",
        "version": "1.0.0",
        "module": "needs",
        "dependencies": ["numbers"],
        "implementation": {"language": "alas"},
        "functions": [{"name": "run", "params": []}],
    }
    (needs / "plugin.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize("first", ["numbers", "needs"])
def test_the_loaders_that_a_registry_makes_know_of_each_other(plugin_folder, first):
    """A registry without loaders of its own takes those that packages announce, one for each class."""
    folder = plugin_folder()
    plugin_that_needs_numbers(folder.parent)
    with Registry() as registry:
        registry.add_search_path(folder.parent)
        registry.discover()
        registry.load(first)
        assert registry.load("needs").call("run", []) == 3


def test_what_a_native_plugin_declares_its_callers_declare_as_well(plugin_folder):
    capabilities = ["function", "io", "process"]
    folder = plugin_folder({"capabilities": capabilities, "security": {"sandbox": False}})
    plugin_that_needs_numbers(folder.parent)
    with Registry() as registry:
        registry.add_search_path(folder.parent)
        registry.discover()
        for capability in ("io", "process"):
            way = "needs.run → numbers.add → the plugin numbers, which declares it"
            with pytest.raises(
                PluginLoadError, match=f"`{capability}` is needed and not declared: {way}|and 1 more"
            ) as caught:
                registry.load("needs")
            assert isinstance(caught.value.__cause__, ProgramError)
            found = [finding.message for finding in caught.value.__cause__.diagnostics]
            assert f"the capability `{capability}` is needed and not declared: {way}" in found
