"""Builtin plugins: Python functions that programs and Python call through the engine."""

from __future__ import annotations

import dataclasses
import json
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from alas_builtin import PluginImportError
from alas_interp import (
    AlasTypeError,
    AlasValueError,
    ArgumentCountError,
    DivisionByZeroError,
    FunctionNotFoundError,
    IndexOutOfBoundsError,
    Interpreter,
    IoFailedError,
    KeyNotFoundError,
    NativeError,
    PermissionDeniedError,
    ProgramError,
)
from alas_interp._turns import turn_of
from alas_interp.loaders import BuiltinLoader, ModuleLoader
from alas_registry import Loader, Plugin, PluginLoadError, Registry, SearchPath

SHAPES = """
    from __future__ import annotations

    import enum
    from dataclasses import dataclass

    from alas_builtin import BuiltinPlugin

    plugin = BuiltinPlugin(
        "shape-tools", version="1.0.0", entrypoint="shape_tools.py",
        config={"unit": "cm"}, environment={"LANG": "C"}, capabilities=["function", "type"],
    )


    class Color(enum.StrEnum):
        RED = "red"
        BLUE = "blue"


    @dataclass
    class Point:
        x: float
        y: float


    @plugin.function
    def move(point: Point, by: float) -> Point:
        "Move a point."
        assert isinstance(point, Point) and isinstance(by, float)
        return Point(point.x + by, point.y + by)


    @plugin.function
    def other(color: Color) -> Color:
        assert isinstance(color, Color)
        return Color.BLUE if color is Color.RED else Color.RED


    @plugin.function
    def unit() -> str:
        return plugin.config["unit"] + plugin.environment["LANG"]


    @plugin.function(name="sumAll")
    def sum_all(numbers: list[int]) -> int:
        return sum(numbers)


    @plugin.function
    def wrong() -> int:
        return "text"


    @plugin.function
    def fail(how: str) -> None:
        raise {
            "value": ValueError("no good"), "zero": ZeroDivisionError("division by zero"), "index": IndexError("far out"),
            "key": KeyError("k"), "os": FileNotFoundError(2, "No such file", "f"), "permission": PermissionError("not you"),
            "type": TypeError("odd"), "runtime": RuntimeError("no luck"), "silent": ValueError(), "exit": SystemExit(3),
        }[how]
"""


class Shop:
    """Makes folders of builtin plugins."""

    def __init__(self, path):
        self.path = path

    def folder(self, source=SHAPES, *, manifest=None, name="shape-tools"):
        folder = self.path / "plugins" / name
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{name.replace('-', '_')}.py"
        file.write_text(textwrap.dedent(source))
        if manifest is None:
            from alas_builtin import import_plugin_file
            from alas_manifest import dumps

            imported = import_plugin_file(file)
            manifest = json.loads(dumps(imported.plugin.manifest))
            imported.forget()
        (folder / "plugin.json").write_text(json.dumps(manifest, indent=2))
        return folder

    def change(self, folder, change):
        file = folder / "plugin.json"
        document = json.loads(file.read_text())
        change(document)
        file.write_text(json.dumps(document, indent=2))

    def registry(self, interpreter=None, *, trusted=()):
        loaders = {"builtin": BuiltinLoader(interpreter), "module": ModuleLoader(interpreter)}
        registry = Registry(loaders)
        registry.add_search_path(self.path / "plugins")
        for folder in trusted:
            registry.trust(folder)
        registry.discover()
        return registry


@pytest.fixture
def shop(tmp_path):
    return Shop(tmp_path)


@pytest.fixture
def interpreter():
    with Interpreter() as made:
        yield made


@pytest.fixture
def shapes(shop, interpreter):
    """A loaded plugin."""
    registry = shop.registry(interpreter, trusted=[shop.folder()])
    interpreter.use_plugins(registry)
    return registry.load("shape-tools")


def test_what_is_not_done_is_told(shop, interpreter, caplog):
    folder = shop.folder()
    shop.change(folder, lambda document: document["implementation"].update(build_cmd="make"))
    registry = shop.registry(interpreter, trusted=[folder])
    for _ in range(2):
        registry.load("shape-tools")
        registry.unload("shape-tools")
    told = "the plugin shape-tools sets implementation.build_cmd, which this version does not run"
    assert [record.getMessage() for record in caplog.records].count(told) == 1


@pytest.mark.parametrize(
    ("function", "arguments", "result"),
    [
        ("move", [{"x": 1, "y": 2.5}, 1], {"x": 2.0, "y": 3.5}),
        ("other", ["red"], "blue"),
        ("unit", [], "cmC"),
        ("sumAll", [[1, 2, 3]], 6),
        ("sumAll", [(1, 2)], 3),
    ],
)
def test_calls_from_python(shapes, interpreter, function, arguments, result):
    assert shapes.call(function, arguments) == result
    assert interpreter.call(f"shape_tools.{function}", *arguments) == result
    assert interpreter.function(f"shape_tools.{function}")(*arguments) == result


def test_calls_from_programs(shapes, interpreter, programs):
    module_call = {
        "type": "module_call",
        "module": "shape_tools",
        "name": "other",
        "args": [programs.literal("blue")],
    }
    program = programs.module(
        programs.function(
            "one", programs.returning(programs.builtin("shape_tools.other", programs.literal("red")))
        ),
        programs.function("two", programs.returning(module_call)),
        programs.function(
            "three",
            programs.returning(
                programs.builtin("shape_tools.move", programs.variable("point"), programs.literal(2))
            ),
            params=[("point", "Point")],
            returns="Point",
        ),
        imports=["shape_tools"],
    )
    interpreter.load(program)
    assert interpreter.call("m.one") == "blue"
    assert interpreter.call("m.two") == "red"
    assert interpreter.call("m.three", {"x": 0, "y": 1}) == {"x": 2.0, "y": 3.0}


@pytest.mark.parametrize("is_bound", [True, False])
@pytest.mark.parametrize("way", ["program", "call", "function"])
def test_a_plugin_is_loaded_when_it_is_first_needed(shop, programs, is_bound, way):
    folder = shop.folder()
    interpreter = Interpreter()
    interpreter.use_plugins(shop.registry(interpreter if is_bound else None, trusted=[folder]))
    if way == "call":
        assert interpreter.call("shape_tools.other", "red") == "blue"
    elif way == "function":
        assert interpreter.function("shape_tools.other")("red") == "blue"
    else:
        call = programs.builtin("shape_tools.other", programs.literal("red"))
        interpreter.load(programs.module(programs.function("main", programs.returning(call))))
        assert interpreter.call("m.main") == "blue"
    assert interpreter.plugins.get("shape-tools").state == "loaded"


def test_a_program_is_checked_against_the_signatures(shapes, interpreter, programs):
    call = programs.builtin("shape_tools.other", programs.literal(5))
    with pytest.raises(ProgramError) as caught:
        interpreter.load(programs.module(programs.function("main", programs.returning(call))))
    assert [finding.code for finding in caught.value.diagnostics] == ["type_mismatch"]


def test_a_file_beside_the_program_with_the_same_name(shapes, interpreter, programs):
    programs.file("shape_tools.alas.json", programs.module(name="shape_tools"))
    main = programs.module(programs.function("main"), imports=["shape_tools"])
    file = programs.file("main.alas.json", main)
    with Interpreter(plugins=interpreter.plugins) as fresh, pytest.raises(ProgramError) as caught:
        fresh.load(file)
    assert [finding.code for finding in caught.value.diagnostics] == ["duplicate_name"]
    assert "shape_tools.py" in str(caught.value)


@pytest.mark.parametrize(
    ("how", "kind", "message"),
    [
        ("value", AlasValueError, "shape_tools.fail: no good"),
        ("zero", DivisionByZeroError, "division by zero"),
        ("index", IndexOutOfBoundsError, "far out"),
        ("key", KeyNotFoundError, "there is no key 'k'"),
        ("os", IoFailedError, "No such file"),
        ("permission", PermissionDeniedError, "not you"),
        ("type", NativeError, "shape_tools.fail: TypeError: odd"),
        ("runtime", NativeError, "shape_tools.fail: RuntimeError: no luck (shape_tools.py, line "),
        ("silent", AlasValueError, "shape_tools.fail: ValueError"),
        ("absent", KeyNotFoundError, "there is no key 'absent'"),
        (
            "exit",
            NativeError,
            "shape_tools.fail: SystemExit: 3, which ends the call and not the program (shape_tools.py, line ",
        ),
    ],
)
@pytest.mark.usefixtures("shapes")
def test_what_a_function_raises_is_an_error_of_the_language(interpreter, how, kind, message):
    with pytest.raises(kind) as caught:
        interpreter.call("shape_tools.fail", how)
    assert type(caught.value) is kind
    assert message in caught.value.message
    cause = caught.value.__cause__
    while cause is not None and isinstance(cause, kind):
        cause = cause.__cause__
    assert cause is not None


def test_a_program_can_catch_it(shapes, interpreter, programs):
    caught = programs.builtin(
        "result.try", programs.literal("run"), {"type": "array_literal", "elements": []}
    )
    interpreter.load(
        programs.module(
            programs.function(
                "run", programs.returning(programs.builtin("shape_tools.fail", programs.literal("value")))
            ),
            programs.function("main", programs.returning(caught)),
        )
    )
    assert "no good" in str(interpreter.call("m.main"))


@pytest.mark.parametrize(
    ("function", "arguments", "kind", "message"),
    [
        ("other", ["green"], AlasTypeError, "green"),
        ("other", [5], AlasTypeError, "int"),
        ("move", [{"x": 1}, 1], AlasTypeError, "y"),
        ("other", [], ArgumentCountError, "other"),
        ("wrong", [], NativeError, "the result of shape_tools.wrong: expected int, found the string `text`"),
    ],
)
def test_values_that_do_not_fit(shapes, function, arguments, kind, message):
    plugin = shapes._loaded
    with pytest.raises(kind) as caught:
        plugin.call(function, arguments)
    assert message in caught.value.message


def test_functions_that_are_absent(shop, interpreter):
    plugin = shop.registry(interpreter, trusted=[shop.folder()]).find("shape-tools")
    loaded = BuiltinLoader(interpreter).load(dataclasses.replace(plugin, is_trusted=True))
    with pytest.raises(FunctionNotFoundError, match="has no function `absent`; it has: fail, move, other"):
        loaded.call("absent", [])
    loaded.close()
    loaded.close()
    assert interpreter.modules() == []


def test_unloading_forgets_the_plugin(shop, interpreter):
    before = set(sys.modules)
    registry = shop.registry(interpreter, trusted=[shop.folder()])
    interpreter.use_plugins(registry)
    registry.load("shape-tools")
    assert interpreter.modules() == ["shape_tools"]
    registry.unload("shape-tools")
    assert interpreter.modules() == []
    assert set(sys.modules) == before
    assert interpreter.call("shape_tools.other", "red") == "blue"


def test_a_folder_that_nobody_trusts(shop, interpreter):
    folder = shop.folder("raise RuntimeError('it ran')", manifest=manifest())
    with pytest.raises(PluginLoadError) as caught:
        shop.registry(interpreter).load("shape-tools")
    assert f"which only installed Python packages may; install it: pip install {folder}" in str(caught.value)
    assert interpreter.modules() == []


def manifest(**fields):
    return {
        "name": "shape-tools",
        "version": "1.0.0",
        "type": "builtin",
        "module": "shape_tools",
        "implementation": {"language": "python", "entrypoint": "shape_tools.py"},
        **fields,
    }


FUNCTION = "\n@plugin.function\ndef f(x: int) -> int:\n    return x\n"
BEGINNING = (
    "from alas_builtin import BuiltinPlugin\n"
    "plugin = BuiltinPlugin('shape-tools', version='1.0.0', entrypoint='shape_tools.py')\n"
)
DESCRIBED = [{"name": "f", "params": [{"name": "x", "type": "int"}], "returns": "int"}]


@pytest.mark.parametrize(
    ("source", "fields", "message"),
    [
        ("x = 1\n1 / 0\n", {}, "shape_tools.py:2: "),
        ("import absent_library\n", {}, "shape_tools.py:1: "),
        ("def f(:\n", {}, "SyntaxError"),
        ("x = 1\n", {}, "has no BuiltinPlugin; make one"),
        ("plugin = 5\n", {}, "has no BuiltinPlugin; make one"),
        (BEGINNING + "@plugin.function\ndef f(*x): ...\n", {}, "shape_tools.py:3: the parameter `x` of `f`"),
        (BEGINNING, {"functions": DESCRIBED}, "the Python code has no function `f`"),
        (BEGINNING + FUNCTION, {}, "has a function `f`, which the manifest does not describe"),
        (
            BEGINNING + FUNCTION.replace("int", "str"),
            {"functions": DESCRIBED},
            "the parameter `x` is int here, but string in Python",
        ),
        (BEGINNING, {"version": "2.0.0"}, "the version is 2.0.0 here, but 1.0.0 in Python"),
        (BEGINNING, {"implementation": {"language": "python"}}, 'add to its manifest: "implementation"'),
    ],
)
def test_what_can_be_wrong_with_a_folder(shop, interpreter, source, fields, message):
    before = set(sys.modules)
    folder = shop.folder(source, manifest=manifest(**fields))
    with pytest.raises(PluginLoadError) as caught:
        shop.registry(interpreter, trusted=[folder]).load("shape-tools")
    assert message in str(caught.value)
    assert "Traceback" not in str(caught.value)
    assert interpreter.modules() == []
    assert not [name for name in set(sys.modules) - before if name.startswith("_alas_plugin")]


def test_findings_about_a_manifest_have_their_place(shop, interpreter):
    folder = shop.folder(BEGINNING + FUNCTION.replace("int", "str"), manifest=manifest(functions=DESCRIBED))
    with pytest.raises(PluginLoadError) as caught:
        shop.registry(interpreter, trusted=[folder]).load("shape-tools")
    error = caught.value.__cause__
    assert isinstance(error, ProgramError)
    finding = error.diagnostics[0]
    assert (finding.code, finding.file) == ("signature_mismatch", str(folder / "plugin.json"))
    line = (folder / "plugin.json").read_text().splitlines()[finding.line - 1]
    assert line.strip() == '"type": "int"'


def test_types_that_the_engine_refuses(shop, interpreter):
    folder = shop.folder()
    shop.change(folder, lambda document: document["types"][0].update(name="Point", fields=[]))
    with pytest.raises(PluginLoadError):
        shop.registry(interpreter, trusted=[folder]).load("shape-tools")


# --- Plugins of installed packages ---


@pytest.fixture
def installed(shop, monkeypatch):
    """Makes a plugin that a module announces."""

    def make(source=SHAPES, *, ships_manifest=True, name="shape-tools", attribute="plugin"):
        package = shop.folder(
            source, name="announced-shapes", manifest=None if ships_manifest else manifest()
        )
        monkeypatch.syspath_prepend(package)
        monkeypatch.delitem(sys.modules, "announced_shapes", raising=False)
        entry_point = f"announced_shapes:{attribute}"
        search_path = SearchPath(package.parent, "Python package")
        if ships_manifest:
            from alas_manifest import load

            return Plugin.of_manifest(load(package), package, search_path, entry_point=entry_point)
        return Plugin(
            name=name, folder=package, search_path=search_path, state="discovered", entry_point=entry_point
        )

    return make


def test_an_announced_plugin_needs_no_trust(installed, interpreter):
    plugin = installed()
    loaded = BuiltinLoader(interpreter).load(plugin)
    assert loaded.call("other", ["red"]) == "blue"
    assert loaded.manifest is plugin.manifest
    loaded.close()
    assert "announced_shapes" in sys.modules


def test_an_announced_plugin_without_a_manifest(installed, interpreter):
    loaded = BuiltinLoader(interpreter).load(installed(ships_manifest=False))
    assert str(loaded.manifest.function("other")) == "other(color: Color) -> Color"
    assert loaded.call("unit", []) == "cmC"


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"attribute": "plugn"}, PluginImportError, "did you mean `plugin`?"),
        ({"attribute": "Color"}, PluginImportError, "expected Color to be a BuiltinPlugin"),
        ({"ships_manifest": False, "name": "other"}, PluginLoadError, "its package announces it as `other`"),
    ],
)
def test_what_can_be_wrong_with_a_package(installed, interpreter, options, kind, message):
    with pytest.raises(kind, match=None) as caught:
        BuiltinLoader(interpreter).load(installed(**options))
    assert message in str(caught.value)


def test_settings_are_those_of_the_manifest(installed, interpreter):
    import dataclasses

    plugin = installed()
    changed = dataclasses.replace(
        plugin.manifest,
        implementation=dataclasses.replace(plugin.manifest.implementation, config={"unit": "mm"}),
    )
    loaded = BuiltinLoader(interpreter).load(
        Plugin.of_manifest(changed, Path("nowhere"), plugin.search_path, entry_point=plugin.entry_point)
    )
    assert loaded.call("unit", []) == "mmC"


def test_many_threads(shop, interpreter):
    interpreter.use_plugins(shop.registry(interpreter, trusted=[shop.folder()]))
    failures = []

    def work(number):
        try:
            for _ in range(50):
                assert interpreter.call("shape_tools.sumAll", [number, 1]) == number + 1
        except Exception as error:  # noqa: BLE001 - a thread's failure has to reach the test
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []


@pytest.mark.parametrize("is_parallel", [False, True])
def test_calls_queue_unless_they_may_overlap(shop, interpreter, is_parallel):
    source = f"""
        import threading
        from alas_builtin import BuiltinPlugin

        plugin = BuiltinPlugin("turn-taker", version="1.0.0", entrypoint="turn_taker.py", parallel={is_parallel})
        meeting = threading.Barrier(2)

        @plugin.function
        def meet(seconds: float) -> bool:
            try:
                meeting.wait(seconds)
            except threading.BrokenBarrierError:
                return False
            return True
    """
    registry = shop.registry(interpreter, trusted=[shop.folder(source, name="turn-taker")])
    interpreter.use_plugins(registry)
    registry.load("turn-taker")
    results = []
    seconds = 20.0 if is_parallel else 0.1
    threads = [
        threading.Thread(target=lambda: results.append(interpreter.call("turn_taker.meet", seconds)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert results == [is_parallel, is_parallel]


def test_it_is_a_loader():
    assert isinstance(BuiltinLoader(), Loader)


CALLING_EACH_OTHER = """
    from alas_builtin import BuiltinPlugin

    plugin = BuiltinPlugin("{name}", version="1.0.0", entrypoint="{name}.py")


    @plugin.function
    def begin() -> str:
        return plugin.visit_other()


    @plugin.function
    def visit() -> str:
        return "{name}"
"""


def test_plugins_that_call_each_other_from_two_threads(shop, interpreter, programs):
    names = ("one", "two")
    folders = [shop.folder(CALLING_EACH_OTHER.format(name=name), name=name) for name in names]
    registry = shop.registry(interpreter, trusted=folders)
    interpreter.use_plugins(registry)
    functions = [
        programs.function(f"visit_{name}", programs.returning(programs.builtin(f"{name}.visit")))
        for name in names
    ]
    interpreter.load(programs.module(*functions))
    meeting = threading.Barrier(2)
    for name, other in (names, reversed(names)):
        plugin = registry.load(name)._loaded._imported.plugin

        def visit_other(other=other):
            meeting.wait(30)
            return interpreter.call(f"m.visit_{other}")

        plugin.visit_other = visit_other
    results = {}
    threads = [
        threading.Thread(target=lambda name=name: results.update({name: interpreter.call(f"{name}.begin")}))
        for name in names
    ]
    for thread in threads:
        thread.daemon = True
        thread.start()
    for thread in threads:
        thread.join(30)
    assert results == {"one": "two", "two": "one"}


def test_calls_queue_in_all_interpreters_together(installed):
    plugin = installed()
    with Interpreter() as one, Interpreter() as other:
        loaded = [BuiltinLoader(each).load(plugin) for each in (one, other)]
        assert turn_of(loaded[0]._imported.plugin) is turn_of(loaded[1]._imported.plugin)
