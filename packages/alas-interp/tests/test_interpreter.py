from __future__ import annotations

import io
import json
import re
import threading
import time
from pathlib import Path

import pytest

import alas_interp
from alas_core.errors import CLASSES
from alas_interp import Interpreter, Limits, Permissions, PluginLimits, ProgramError


@pytest.fixture
def sums(programs):
    total = {"type": "binary", "op": "+", "left": programs.variable("a"), "right": programs.variable("b")}
    endless = {"type": "while", "cond": programs.literal(value=True), "body": []}
    return programs.module(
        programs.function(
            "add", programs.returning(total), params=[("a", "int"), ("b", "int")], returns="int"
        ),
        programs.function("same", programs.returning(programs.variable("x")), params=[("x", "any")]),
        programs.function("endless", endless),
        exports=["add"],
    )


@pytest.mark.parametrize("form", ["dict", "text", "bytes", "file"])
def test_every_form_of_a_program(programs, sums, form):
    text = json.dumps(sums)
    path = programs.file("m.alas.json", sums)
    source = {"dict": sums, "text": text, "bytes": text.encode(), "file": path}[form]
    with Interpreter() as interpreter:
        module = interpreter.load(source)
        assert (module.name, module.file) == ("m", str(path) if form == "file" else None)
        assert interpreter.call("m.add", 3, -4) == -1
        assert interpreter.function("m.add")(1, 2) == 3
        assert interpreter.modules() == ["m"]


def test_what_a_module_offers(sums):
    module = Interpreter().load(sums)
    assert [str(one) for one in module.functions] == [
        "add(a: int, b: int) -> int",
        "same(x: any) -> any",
        "endless() -> any",
    ]
    assert module.exports == ("add",)
    assert module.function("same") == module.functions[1]
    assert module.function("absent") is None
    assert module.diagnostics == []


@pytest.mark.parametrize(
    "value",
    [None, True, 0, -(2**63), 2**63 - 1, 1.5, "", "naïve ☕", [], [1, [2.0, "x", None]], {"b": 1, "a": {}}],
    ids=repr,
)
def test_values_come_back_as_they_went(sums, value):
    interpreter = Interpreter()
    interpreter.load(sums)
    result = interpreter.call("m.same", value)
    assert repr(result) == repr(value)


@pytest.mark.parametrize("value", [2**63, "\ud800", {1, 2}, object, {None: 1}, [object]], ids=repr)
def test_values_that_have_no_counterpart(sums, value):
    interpreter = Interpreter()
    interpreter.load(sums)
    with pytest.raises((alas_interp.AlasTypeError, alas_interp.AlasValueError)):
        interpreter.call("m.same", value)


def test_arrays_are_lent_and_taken_whole(sums):
    numpy = pytest.importorskip("numpy")
    interpreter = Interpreter(packed_results=True)
    interpreter.load(sums)
    for array in (numpy.arange(5), numpy.linspace(0, 1, 5), numpy.arange(10)[::2]):
        result = interpreter.call("m.same", array)
        assert numpy.array_equal(numpy.asarray(result), array)
        assert numpy.asarray(result).dtype == array.dtype
    plain = Interpreter()
    plain.load(sums)
    assert plain.call("m.same", numpy.arange(3)) == [0, 1, 2]


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (("m.add", 1), "argument_count"),
        (("m.add", 1, "x"), "type_error"),
        (("m.absent",), "function_not_found"),
        (("absent.f",), "function_not_found"),
        (("m",), "function_not_found"),
        (("",), "function_not_found"),
    ],
    ids=str,
)
def test_wrong_calls(sums, call, code):
    interpreter = Interpreter()
    interpreter.load(sums)
    with pytest.raises(CLASSES[code]) as caught:
        interpreter.call(*call)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        ("{", {"json_syntax"}),
        (b"\xff", {"json_syntax"}),
        ("\ud800", {"json_syntax"}),
        ("program.alas.json", {"json_syntax"}),
        ({}, {"missing_key"}),
        ({"type": {1: 2}, "x": {3}, "y": float("nan")}, {"wrong_kind"}),
        ({"type": "module", "name": "a", "functions": 2**64}, {"wrong_kind"}),
    ],
    ids=str,
)
def test_programs_that_are_none(source, codes):
    with pytest.raises(ProgramError) as caught:
        Interpreter().load(source)
    assert {finding.code for finding in caught.value.diagnostics} == codes
    assert str(caught.value).startswith("<text>:")


def test_mappings_that_hold_themselves():
    circle = {}
    circle["a"] = circle
    deep = {}
    for _ in range(510):
        deep = {"a": deep}
    with pytest.raises(ProgramError, match="json_too_deep"):
        Interpreter().load(circle)
    with pytest.raises(ProgramError, match="missing_key"):
        Interpreter().load(deep)


def test_pointers_of_values_that_are_no_json():
    with pytest.raises(ProgramError) as caught:
        Interpreter().load({"a/b~": [1, {"x": object}]})
    assert [finding.pointer for finding in caught.value.diagnostics] == ["/a~1b~0/1/x"]


@pytest.mark.parametrize(
    "number",
    [1 << 64, -(1 << 64), 10**5_000, -(10**5_000)],
    ids=["long", "negative", "huge", "negative-huge"],
)
def test_ints_beyond_64_bits(sums, number):
    with pytest.raises(ProgramError) as caught:
        Interpreter().load(sums | {"meta": {"x": number}})
    assert [(finding.code, finding.pointer) for finding in caught.value.diagnostics] == [
        ("number_out_of_range", "/meta/x")
    ]


def test_sources_of_another_type(tmp_path):
    with pytest.raises(TypeError, match=r"pathlib\.Path"):
        Interpreter().load(["not", "a", "program"])
    with pytest.raises(FileNotFoundError):
        Interpreter().load(tmp_path / "absent.alas.json")
    with pytest.raises(OSError, match="directory"):
        Interpreter().load(tmp_path)


def test_a_failed_load_leaves_everything_as_it_was(sums):
    interpreter = Interpreter()
    interpreter.load(sums)
    with pytest.raises(ProgramError):
        interpreter.load(sums | {"exports": ["absent"]})
    assert interpreter.call("m.add", 1, 2) == 3


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"depth": 0}, ValueError),
        ({"depth": 1.5}, TypeError),
        ({"depth": True}, TypeError),
        ({"steps": -1}, ValueError),
        ({"steps": 2**63}, ValueError),
    ],
    ids=str,
)
def test_limits_that_are_none(options, error):
    with pytest.raises(error):
        Limits(**options)


def test_limits_hold_for_each_call(sums):
    interpreter = Interpreter(limits=Limits(steps=1000))
    interpreter.load(sums)
    for _ in range(3):
        with pytest.raises(alas_interp.StepLimitExceededError) as caught:
            interpreter.call("m.endless")
        assert isinstance(caught.value, alas_interp.LimitError)
        assert interpreter.call("m.add", 1, 2) == 3


def test_interrupting_from_another_thread(sums):
    interpreter = Interpreter()
    interpreter.load(sums)
    timer = threading.Timer(0.2, interpreter.interrupt)
    timer.start()
    start = time.monotonic()
    with pytest.raises(alas_interp.CancelledError):
        interpreter.call("m.endless")
    assert time.monotonic() - start < 10
    assert interpreter.call("m.add", 1, 2) == 3


def test_threads_run_at_once(sums):
    interpreter = Interpreter()
    interpreter.load(sums)
    results = []

    def work(number):
        results.extend(interpreter.call("m.add", number, index) for index in range(1000))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == sorted(number + index for number in range(4) for index in range(1000))


def test_output_and_input(programs, capsys, monkeypatch):
    ask = programs.function(
        "ask",
        {"type": "expr", "value": programs.builtin("io.print", programs.literal("name? "))},
        programs.returning(programs.builtin("io.readLine")),
    )
    output = io.StringIO()
    interpreter = Interpreter(output=output, input=io.StringIO("Ada\r\n\nlast"))
    interpreter.load(programs.module(ask))
    assert [interpreter.call("m.ask") for _ in range(4)] == ["Ada", "", "last", ""]
    assert output.getvalue() == "name? " * 4

    # Without streams of its own it uses those that Python has at the moment.
    usual = Interpreter()
    usual.load(programs.module(ask))
    monkeypatch.setattr("sys.stdin", io.StringIO("Grace\n"))
    assert usual.call("m.ask") == "Grace"
    assert capsys.readouterr().out == "name? "


def test_failing_streams(programs):
    class Broken:
        def write(self, _text):
            raise OSError("the wall is wet")

        def flush(self):
            pass

    say = programs.function(
        "say", {"type": "expr", "value": programs.builtin("io.print", programs.literal("x"))}
    )
    interpreter = Interpreter(output=Broken())
    interpreter.load(programs.module(say))
    with pytest.raises(alas_interp.IoFailedError) as caught:
        interpreter.call("m.say")
    assert "the wall is wet" in str(caught.value)
    assert isinstance(caught.value.__cause__, OSError)


def test_environment_and_seed(programs):
    home = programs.builtin("env.get", programs.literal("HOME"), programs.literal("none"))
    dice = programs.builtin("math.randomInt", programs.literal(1), programs.literal(10**9))
    program = programs.module(
        programs.function("home", programs.returning(home)),
        programs.function("dice", programs.returning(dice)),
    )

    def results(function, **options):
        interpreter = Interpreter(**options)
        interpreter.load(program)
        return [interpreter.call(f"m.{function}") for _ in range(3)]

    assert results("home") == ["none"] * 3
    assert results("home", environment={"HOME": "/here"}) == ["/here"] * 3
    assert results("dice", random_seed=1) == results("dice", random_seed=1)
    assert results("dice", random_seed=1) != results("dice", random_seed=2)
    assert len(set(results("dice", random_seed=1))) == 3


def test_a_closed_interpreter_calls_nothing(sums):
    interpreter = Interpreter()
    interpreter.load(sums)
    interpreter.close()
    interpreter.close()
    with pytest.raises(RuntimeError, match="closed"):
        interpreter.call("m.add", 1, 2)
    assert interpreter.modules() == []


def test_every_error_of_the_engine_is_offered():
    for name in {one.__name__ for one in CLASSES.values()}:
        assert name in alas_interp.__all__
    assert all(hasattr(alas_interp, name) for name in alas_interp.__all__)
    with pytest.raises(AttributeError):
        _ = alas_interp.Absent


@pytest.mark.parametrize("source", ["program.alas.json", b"a/b.json"])
def test_the_name_of_a_file_is_not_its_text(source):
    with pytest.raises(ProgramError) as caught:
        Interpreter().load(source)
    (finding,) = caught.value.diagnostics
    assert finding.code == "json_syntax"
    assert "pathlib.Path" in finding.help


@pytest.mark.parametrize("path", [".", b".", Path()])
def test_one_folder_is_no_list_of_folders(path):
    with pytest.raises(TypeError, match="expected a list of folders for `module_path`"):
        Interpreter(module_path=path)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"limits": {"steps": 1}}, "expected Limits for `limits`, found {'steps': 1}"),
        ({"limits": PluginLimits()}, "expected Limits for `limits`, found PluginLimits("),
        ({"plugin_limits": Limits()}, "expected PluginLimits for `plugin_limits`, found Limits("),
        ({"permissions": {"read": None}}, "expected Permissions for `permissions`, found {'read': None}"),
        (
            {"plugin_permissions": Permissions()},
            "expected a function that returns Permissions for `plugin_permissions`",
        ),
    ],
    ids=str,
)
def test_options_of_another_kind_are_refused(options, message):
    with pytest.raises(TypeError, match=re.escape(message)):
        Interpreter(**options)
