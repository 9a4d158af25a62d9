"""Libraries that make every mistake that can be found: each is a typed error, and the process goes on working.

Each file in `hostile` makes one, and says in its first comment what comes of it:

* `signature:` of the function `mistake`; without it, `(value: any) -> any`;
* `call:` the arguments of a call of it, one line for each call, of which all but the last are right; without it, `["text"]`;
* `expected:` the outcome: `load CODE: TEXT` of loading, or of the last call `fails CODE: TEXT` for a failure with the plugin's
  own word, `-` for none, `raises CODE: TEXT` for another error, `returns JSON` for a result.
"""

from __future__ import annotations

import json
import platform
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from alas_core.errors import NativeError, NativeLoadError, RunError
from alas_interp import Interpreter, PluginManager
from alas_registry import PluginLoadError, PluginState
from native.building import HEADERS, compile_c, run

SOURCES = Path(__file__).parent / "hostile"
# Where the engine can catch exceptions of other languages.
CATCHES = platform.system() != "Darwin" and platform.machine() in ("x86_64", "AMD64")
TYPES = [
    {
        "name": "Point",
        "kind": "struct",
        "fields": [{"name": "x", "type": "int"}, {"name": "y", "type": "int"}],
    },
    {"name": "Colour", "kind": "enum", "values": ["red", "green"]},
]


@dataclass
class Mistake:
    """What a file says about itself."""

    signature: str = "(value: any) -> any"
    calls: list[list[object]] = field(default_factory=list)
    expected: str = ""


def read(source: Path) -> Mistake:
    """Read the first comment of a file."""
    comment = source.read_text(encoding="utf-8").partition("*/")[0]
    mistake = Mistake()
    for line in comment.splitlines():
        key, _, value = line.removeprefix(" * ").partition(": ")
        if key == "call":
            mistake.calls.append(json.loads(value))
        elif key in ("signature", "expected"):
            setattr(mistake, key, value)
    mistake.calls = mistake.calls or [["text"]]
    return mistake


def function(name: str, signature: str, *, native: bool) -> dict[str, object]:
    """Return a function of a manifest."""
    parameters, result = re.fullmatch(r"\((.*)\) -> (\S+)", signature).groups()
    pairs = [pair.split(": ") for pair in parameters.split(", ")]
    return {
        "name": name,
        "params": [{"name": name, "type": kind} for name, kind in pairs],
        "returns": result,
        "native": native,
    }


def plugin(folder: Path, module: str, signature: str, program: Path | None = None) -> Path:
    """Make the folder of a plugin whose library is `plugin.so`."""
    folder.mkdir(parents=True)
    functions = [
        function("mistake", signature, native=True),
        function("twice", "(number: int) -> int", native=True),
    ]
    implementation: dict[str, object] = {"language": "c", "binaries": ["plugin.so"]}
    if program is not None:
        functions.append(function("again", "(value: any) -> any", native=False))
        (folder / program.name).write_bytes(program.read_bytes())
        implementation["entrypoint"] = program.name
    manifest = {
        "name": module,
        "version": "1.0.0",
        "module": module,
        "type": "native" if program is None else "hybrid",
        "types": TYPES,
        "functions": functions,
        "implementation": implementation,
        "security": {"sandbox": False},
    }
    (folder / "plugin.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def plugins(tmp_path_factory):
    """The folder that plugins are found in."""
    return tmp_path_factory.mktemp("plugins")


@pytest.fixture(scope="module")
def manager(plugins):
    """A manager with the plugin `good`, which every test finds working afterwards."""
    folder = plugin(plugins / "good", "good", "(value: any) -> any")
    for name in ("hostile.h", "status_without_message.c"):
        text = (SOURCES / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace('"hostile",', '"good",'), encoding="utf-8")
    compile_c(folder / "status_without_message.c", folder / "plugin.so")
    with PluginManager(Interpreter()) as manager:
        report = manager.initialize([plugins])
        assert report.failed == ()
        yield manager


@pytest.fixture
def hostile(manager, plugins):
    """The folder where the plugin `hostile` comes; afterwards it is gone, and the plugin `good` works."""
    folder = plugins / "hostile"
    yield folder
    found = manager.registry.find("hostile")
    if found is not None and found.state is PluginState.LOADED:
        manager.registry.unload("hostile")
    shutil.rmtree(folder)
    assert manager.interpreter.call("good.twice", 21) == 42


def load_failure(manager) -> NativeLoadError:
    """Return why the plugin `hostile` cannot be loaded."""
    manager.registry.discover()
    with pytest.raises(PluginLoadError, match="hostile") as found:
        manager.registry.load("hostile")
    cause = found.value.__cause__
    assert isinstance(cause, NativeLoadError)
    return cause


def cases():
    """Return the files. Those in C++ throw, which the engine survives only where it can catch exceptions."""
    throws = pytest.mark.skipif(
        not CATCHES, reason="exceptions that leave a library end the process on this system"
    )
    return [
        pytest.param(source, id=source.name, marks=[throws] if source.suffix == ".cpp" else [])
        for source in sorted([*SOURCES.glob("*.c"), *SOURCES.glob("*.cpp")])
    ]


@pytest.mark.parametrize("source", cases())
def test_mistake(manager, hostile, source):
    mistake = read(source)
    program = source.with_suffix(".alas.json")
    plugin(hostile, "hostile", mistake.signature, program if program.is_file() else None)
    compile_c(source, hostile / "plugin.so", "-pthread")
    outcome, _, expected = mistake.expected.partition(" ")
    code, _, text = expected.partition(": ")
    if outcome == "load":
        failure = load_failure(manager)
        assert failure.code == code
        assert text in failure.message
        assert "plugin.so" in failure.message
        return
    manager.registry.discover()
    manager.registry.load("hostile")
    call = manager.interpreter.call
    for arguments in mistake.calls[:-1]:
        call("hostile.mistake", *arguments)
    if outcome == "returns":
        assert call("hostile.mistake", *mistake.calls[-1]) == json.loads(expected)
    else:
        with pytest.raises(RunError) as found:
            call("hostile.mistake", *mistake.calls[-1])
        error = found.value
        assert text in error.message
        if outcome == "fails":
            assert isinstance(error, NativeError)
            assert error.native_code == (None if code == "-" else code)
            assert "`hostile.mistake` of the plugin `hostile`" in error.message
        else:
            assert error.code == code
    assert call("hostile.twice", 21) == 42


@pytest.mark.skipif(not CATCHES, reason="exceptions that leave a library end the process on this system")
def test_an_exception_in_a_constructor_ends_the_process_and_names_the_library(tmp_path):
    """It leaves the system's loader with its locks held, so that nothing can go on."""
    folder = plugin(tmp_path / "hostile", "hostile", "(value: any) -> any")
    source = tmp_path / "constructor.cpp"
    text = (SOURCES / "status_without_message.c").read_text(encoding="utf-8")
    source.write_text(f'#include <string>\nstatic int port = std::stoi("nope");\n{text}', encoding="utf-8")
    compile_c(source, folder / "plugin.so", f"-I{SOURCES}")
    load = "from alas_interp import *; import sys; PluginManager(Interpreter()).initialize([sys.argv[1]])"
    done = subprocess.run([sys.executable, "-c", load, folder], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGABRT
    assert f"{folder / 'plugin.so'} ended by an exception of C++, which must not leave it" in done.stderr


ENDLESS_HANDLES = """
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    alas_status status = ALAS_OK;
    while (status == ALAS_OK) status = alas_array_get(call, args[0], 0, result);
    return status;
}

HOSTILE_PLUGIN
"""

CALL_WITH_LITTLE_MEMORY = """
import resource, sys
from alas_core.errors import NativeError
from alas_interp import Interpreter, PluginManager

with PluginManager(Interpreter()) as manager:
    manager.initialize([sys.argv[1]])
    call = manager.interpreter.call
    used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
    # Not enough for the list of the handles when it doubles.
    resource.setrlimit(resource.RLIMIT_AS, (used + (340 << 20),) * 2)
    try:
        call("hostile.mistake", ["text"])
    except NativeError as error:
        print(error.native_code, error.message)
    print(call("hostile.twice", 21))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc/self/statm, which says what is used, is Linux's")
def test_no_memory_for_another_handle(tmp_path):
    folder = plugin(tmp_path / "hostile", "hostile", "(value: any) -> any")
    source = tmp_path / "endless.c"
    source.write_text(ENDLESS_HANDLES, encoding="utf-8")
    compile_c(source, folder / "plugin.so", f"-I{SOURCES}")
    done = subprocess.run(
        [sys.executable, "-c", CALL_WITH_LITTLE_MEMORY, folder], capture_output=True, text=True, check=False
    )
    failure, twice = done.stdout.splitlines() or [done.stderr, ""]
    assert failure.startswith(
        "too_large `hostile.mistake` of the plugin `hostile` failed: the system has no memory left"
    )
    assert twice == "42"


ENDING = """
#include <stdlib.h>
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)args, (void)nargs, (void)result;
    exit(0);
}

HOSTILE_PLUGIN
"""

CALL_AFTER_PRINTING = """
import json, sys
from alas_interp import Interpreter, PluginManager

def builtin(name, text):
    return {"type": "builtin", "name": name, "args": [{"type": "literal", "value": text}]}

with PluginManager(Interpreter()) as manager:
    manager.initialize([sys.argv[1]])
    body = [{"type": "expr", "value": builtin(*call)} for call in (("io.print", "before"), ("hostile.mistake", "x"))]
    manager.interpreter.load({"type": "module", "name": "p", "functions": [{"name": "main", "body": body}]})
    manager.interpreter.call("p.main")
"""


def test_exit_in_native_code_is_no_success(tmp_path):
    folder = plugin(tmp_path / "hostile", "hostile", "(value: any) -> any")
    source = tmp_path / "ending.c"
    source.write_text(ENDING, encoding="utf-8")
    compile_c(source, folder / "plugin.so", f"-I{SOURCES}")
    done = subprocess.run(
        [sys.executable, "-c", CALL_AFTER_PRINTING, folder], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (70, "before")
    assert "native code of the plugin `hostile` has ended the process" in done.stderr


def good_library(folder: Path) -> bytearray:
    """Return the content of a library without mistakes in how it is built."""
    compile_c(SOURCES / "status_without_message.c", folder / "plugin.so")
    return bytearray((folder / "plugin.so").read_bytes())


def test_no_such_file(manager, hostile):
    plugin(hostile, "hostile", "(value: any) -> any")
    manager.registry.discover()
    with pytest.raises(PluginLoadError, match=r"there is no file `?plugin\.so"):
        manager.registry.load("hostile")


def test_folder_instead_of_library(manager, hostile):
    plugin(hostile, "hostile", "(value: any) -> any")
    (hostile / "plugin.so").mkdir()
    manager.registry.discover()
    with pytest.raises(PluginLoadError, match=r"plugin\.so"):
        manager.registry.load("hostile")


@pytest.mark.parametrize("content", [b"", b"no library\n", b"\x7fELF", b"MZ", b"!<arch>\n", b"#!/bin/sh\n"])
def test_something_else_than_a_library(manager, hostile, content):
    plugin(hostile, "hostile", "(value: any) -> any")
    (hostile / "plugin.so").write_bytes(content)
    failure = load_failure(manager)
    assert failure.code == "wrong_format"
    assert "plugin.so" in failure.message


# Where a header of ELF says what it is for.
CLASS, TYPE, MACHINE = 4, 16, 18


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        pytest.param(MACHINE, 0xF7, "wrong_architecture", id="another machine"),
        pytest.param(CLASS, 1, "wrong_format", id="a class of 32 bits on a library of 64"),
        pytest.param(TYPE, 1, "wrong_format", id="an object file"),
        pytest.param(TYPE, 2, "wrong_format", id="a program"),
        pytest.param(TYPE, 4, "wrong_format", id="a core dump"),
    ],
)
def test_changed_header(manager, hostile, place, value, code):
    plugin(hostile, "hostile", "(value: any) -> any")
    content = good_library(hostile)
    assert content[:4] == b"\x7fELF"
    content[place] = value
    (hostile / "plugin.so").write_bytes(content)
    assert load_failure(manager).code == code


def test_32_bits(manager, hostile):
    plugin(hostile, "hostile", "(value: any) -> any")
    # A whole header: class, byte order, version; a shared library for the i386, without sections.
    header = b"\x7fELF\x01\x01\x01" + bytes(9) + b"\x03\x00\x03\x00\x01\x00\x00\x00"
    header += bytes(16) + b"\x34\x00\x20\x00\x00\x00\x28\x00\x00\x00\x00\x00"
    (hostile / "plugin.so").write_bytes(header)
    failure = load_failure(manager)
    assert failure.code == "wrong_architecture"
    assert "I386" in failure.message


def test_object_file(manager, hostile):
    plugin(hostile, "hostile", "(value: any) -> any")
    compile_c(SOURCES / "status_without_message.c", hostile / "plugin.so", "-c", "-no-pie")
    assert load_failure(manager).code == "wrong_format"


def test_program(manager, hostile):
    plugin(hostile, "hostile", "(value: any) -> any")
    source = hostile / "program.c"
    text = (SOURCES / "status_without_message.c").read_text(encoding="utf-8")
    source.write_text(text + "\nint main(void) { return 0; }\n")
    options = ("-std=c11", "-pie", "-fPIE", "-rdynamic", f"-I{SOURCES}", f"-I{HEADERS}")
    run("cc", *options, source, "-o", hostile / "plugin.so", cwd=hostile)
    failure = load_failure(manager)
    assert failure.code in ("cannot_open", "wrong_format")
    assert "plugin.so" in failure.message


@pytest.mark.parametrize("share", [0.05, 0.25, 0.5, 0.75, 0.95])
def test_cut_off(manager, hostile, share):
    plugin(hostile, "hostile", "(value: any) -> any")
    content = good_library(hostile)
    (hostile / "plugin.so").write_bytes(content[: int(len(content) * share)])
    failure = load_failure(manager)
    assert failure.code in ("wrong_format", "missing_symbol", "cannot_open")
    assert "plugin.so" in failure.message


def test_symbol_that_is_no_function(hostile):
    plugin(hostile, "hostile", "(value: any) -> any")
    source = hostile / "variable.c"
    source.write_text("int alas_plugin_entry = 5;\n", encoding="utf-8")
    compile_c(source, hostile / "plugin.so")
    # In a process of its own, which it may take with it.
    printed = run(
        *(sys.executable, "-c"),
        "import sys\n"
        "from alas_interp import Interpreter, PluginManager\n"
        "print(PluginManager(Interpreter()).initialize([sys.argv[1]]).failed[0])\n",
        *(hostile,),
        cwd=hostile,
    )
    assert "does not export the function `alas_plugin_entry`" in printed
