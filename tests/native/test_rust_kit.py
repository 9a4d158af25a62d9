"""Plugins in Rust: the kit, its guide, and the example."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from alas_core.errors import NativeError
from alas_interp import Interpreter, PluginManager
from alas_registry import PluginLoadError
from native.building import EXAMPLES, ROOT, build, need, run

KIT = ROOT / "sdk" / "rust"
EXAMPLE = EXAMPLES / "native-rust"
# Beside what the example is built from, so that libraries of others are compiled once.
TARGET = EXAMPLE / "target"

# A plugin that shows what the guide only tells.
TROUBLE = """
use alas_plugin::{Array, Bools, Context, Error, Floats, Level, Result, Value, plugin};

#[alas_plugin::function]
fn out_of_bounds(items: &[i64]) -> i64 {
    items[3]
}

#[alas_plugin::function]
fn hand_on(context: &Context, name: &str, items: Vec<i64>) -> Result<i64> {
    context.log(Level::Info, format!("calls {name}"));
    context.invoke(name, (items,))
}

#[alas_plugin::function]
fn in_scopes(context: &Context, texts: Array) -> Result<Vec<String>> {
    let mut lengths = Vec::new();
    texts.each(|text| {
        lengths.push(format!("{} {text:?}", text.to::<&str>()?.len()));
        Ok(())
    })?;
    let last = context.scope(|inner| inner.value(lengths.len().to_string())?.to::<String>())?;
    lengths.push(last);
    Ok(lengths)
}

#[alas_plugin::function]
fn zeros(context: &Context, count: i64) -> Result<Floats<'_>> {
    context.new_floats(usize::try_from(count)?)
}

#[alas_plugin::function]
fn not<'call>(context: &'call Context, bools: &[bool]) -> Result<Bools<'call>> {
    let mut inverse = context.new_bools(bools.len())?;
    inverse.iter_mut().zip(bools).for_each(|(place, item)| *place = !item);
    Ok(inverse)
}

#[alas_plugin::function]
fn same(value: Value<'_>) -> Value<'_> {
    value
}

fn start(context: &Context) -> Result<()> {
    match context.config("start")? {
        Some("no") => Err(Error::new("not_today", "the plugin does not begin")),
        Some("panic") => panic!("the plugin panics"),
        _ => Ok(()),
    }
}

plugin! {
    module: "trouble",
    functions: [out_of_bounds, hand_on, in_scopes, zeros, not, same],
    init: start,
}
"""

SIGNATURES = {
    "out_of_bounds": ({"items": "array<int>"}, "int"),
    "hand_on": ({"name": "string", "items": "array<int>"}, "int"),
    "in_scopes": ({"texts": "array"}, "array<string>"),
    "zeros": ({"count": "int"}, "array<float>"),
    "not": ({"bools": "array<bool>"}, "array<bool>"),
    "same": ({"value": "any"}, "any"),
}


def load(*folders: Path) -> PluginManager:
    manager = PluginManager(Interpreter())
    manager.initialize(list(folders))
    return manager


def code_in_guide(language: str, beginning: str) -> str:
    """Return the block of code in the guide that begins like this."""
    guide = (KIT / "README.md").read_text(encoding="utf-8")
    blocks: list[str] = re.findall(rf"^```{language}\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    found = [block for block in blocks if block.startswith(beginning)]
    assert len(found) == 1, f"{len(found)} blocks begin with {beginning!r}"
    return found[0]


def make(name: str, code: str, manifest: dict[str, Any]) -> Path:
    """Build a plugin as the guide says, with a copy of the kit; its folder is the same each time."""
    need("cargo")
    folder = TARGET / "plugins" / name
    shutil.rmtree(folder / "kit", ignore_errors=True)
    (folder / "src").mkdir(parents=True, exist_ok=True)
    for crate in ("alas-plugin", "alas-plugin-abi", "alas-plugin-macros"):
        shutil.copytree(KIT / crate, folder / "kit" / crate)
    cargo = code_in_guide("toml", "[package]").replace('"vectors"', f'"{name}"')
    (folder / "Cargo.toml").write_text(cargo, encoding="utf-8")
    # What others depend on is pinned for the example.
    shutil.copy(EXAMPLE / "Cargo.lock", folder)
    (folder / "src" / "lib.rs").write_text(code, encoding="utf-8")
    (folder / "plugin.json").write_text(json.dumps(manifest), encoding="utf-8")
    # It is found where the manifest says, although it is built where libraries of others are.
    run("cargo", "build", "--release", "--quiet", cwd=folder, CARGO_TARGET_DIR=str(TARGET))
    (folder / "target" / "release").mkdir(parents=True, exist_ok=True)
    for file in (TARGET / "release").glob(f"lib{name}.*"):
        shutil.copy(file, folder / "target" / "release")
    return folder


def manifest_of_guide() -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(code_in_guide("json", "{"))
    (binaries,) = manifest["implementation"]["binaries"]
    # The guide shows two platforms; the tests may run on others.
    binaries["linux-aarch64"] = binaries["linux-x86_64"]
    return manifest


def with_config(plugin: Path, to: Path, **config: str) -> Path:
    """Return a copy of a plugin that is built, with other settings."""
    manifest = json.loads((plugin / "plugin.json").read_text(encoding="utf-8"))
    manifest["implementation"]["config"] = config
    # The copy is not to be built.
    del manifest["implementation"]["sources"]
    for file in (plugin / "target" / "release").glob("lib*.*"):
        (to / "target" / "release").mkdir(parents=True, exist_ok=True)
        shutil.copy(file, to / "target" / "release")
    (to / "plugin.json").write_text(json.dumps(manifest), encoding="utf-8")
    return to


@pytest.fixture(scope="module")
def example() -> PluginManager:
    need("cargo")
    build(EXAMPLE)
    return load(EXAMPLE)


def trouble_manifest() -> dict[str, Any]:
    manifest = json.loads(json.dumps(manifest_of_guide()).replace("vectors", "trouble"))
    manifest["functions"] = [
        {
            "name": name,
            "params": [{"name": parameter, "type": kind} for parameter, kind in parameters.items()],
            "returns": returns,
        }
        for name, (parameters, returns) in SIGNATURES.items()
    ]
    return dict(manifest)


@pytest.fixture(scope="module")
def trouble() -> Path:
    return make("trouble", TROUBLE, trouble_manifest())


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        ("count", ["one two one", ["one", "two"]], 3),
        ("contains", ["one two", ["three"]], False),
        ("find_all", ["Übergröße", ["größe"]], [{"pattern": "größe", "start": 4, "end": 9}]),
        ("count_each", ["a b a", ["a", "c"]], {"a": 2, "c": 0}),
        ("replace_all", ["cat and dog", {"cat": "dog", "dog": "cat"}], "dog and cat"),
    ],
)
def test_example(example: PluginManager, function: str, arguments: list[Any], expected: Any) -> None:
    assert example.interpreter.call(f"text_search.{function}", *arguments) == expected


def test_error_of_example(example: PluginManager) -> None:
    with pytest.raises(NativeError, match="pattern 0 is empty") as caught:
        example.interpreter.call("text_search.count", "text", [""])
    assert caught.value.native_code == "empty_pattern"


def test_tests_of_example(example: PluginManager) -> None:
    command = Path(sys.executable).with_name("alas-plugin")
    assert "9 passed" in run(command, "test", EXAMPLE, cwd=EXAMPLE)


@pytest.mark.parametrize(("setting", "expected"), [("true", 1), ("false", 0)])
def test_setting_of_example(example: PluginManager, tmp_path: Path, setting: str, expected: int) -> None:
    manager = load(with_config(EXAMPLE, tmp_path / "native-rust", ignore_case=setting))
    assert manager.interpreter.call("text_search.count", "ONE", ["one"]) == expected


def test_wrong_setting_of_example(example: PluginManager, tmp_path: Path) -> None:
    folder = with_config(EXAMPLE, tmp_path / "native-rust", ignore_case="perhaps")
    with pytest.raises(PluginLoadError, match="`ignore_case` is true or false, found `perhaps`"):
        load(folder).registry.load("native-rust")


def test_guide() -> None:
    code = code_in_guide("rust", "use alas_plugin::{Error, Result, plugin};")
    tests = code_in_guide("rust", "#[cfg(test)]")
    folder = make("vectors", code + tests, manifest_of_guide())
    manager = load(folder)
    assert manager.interpreter.call("vectors.dot", [1.0, 2.0], [3.0, 4.0]) == 11.0
    with pytest.raises(NativeError, match="the two have 1 and 0 elements") as caught:
        manager.interpreter.call("vectors.dot", [1.0], [])
    assert caught.value.native_code == "length_mismatch"


def test_panic_is_an_error(trouble: Path, capfd: pytest.CaptureFixture[str]) -> None:
    interpreter = load(trouble).interpreter
    message = r"panicked at src/lib\.rs:6:5: index out of bounds: the len is 1 but the index is 3"
    for _ in range(2):
        with pytest.raises(NativeError, match=message) as caught:
            interpreter.call("trouble.out_of_bounds", [1])
        assert caught.value.native_code == "panic"
    # The error says it all.
    assert capfd.readouterr() == ("", "")
    assert interpreter.call("trouble.out_of_bounds", [0, 1, 2, 3]) == 3


def test_error_of_a_function_that_is_invoked_stays_the_same(trouble: Path) -> None:
    interpreter = load(trouble).interpreter
    assert interpreter.call("trouble.hand_on", "out_of_bounds", [1, 2, 3, 4]) == 4
    with pytest.raises(NativeError, match=r"`trouble\.out_of_bounds` .* index out of bounds"):
        interpreter.call("trouble.hand_on", "out_of_bounds", [])


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        ("in_scopes", [["a", "bcd"]], ['1 "a"', '3 "bcd"', "2"]),
        ("in_scopes", [[str(number) for number in range(100)]], None),
        ("zeros", [3], [0.0, 0.0, 0.0]),
        ("zeros", [0], []),
        ("not", [[True, False]], [False, True]),
        ("same", [[1, "two", {"three": [3.0, None]}]], [1, "two", {"three": [3.0, None]}]),
    ],
)
def test_values_pass_the_host(trouble: Path, function: str, arguments: list[Any], expected: Any) -> None:
    found = load(trouble).interpreter.call(f"trouble.{function}", *arguments)
    if expected is None:
        expected = [f'{len(text)} "{text}"' for text in arguments[0]] + [str(len(arguments[0]))]
    assert found == expected


def test_what_the_host_refuses_is_an_error(trouble: Path) -> None:
    interpreter = load(trouble).interpreter
    with pytest.raises(NativeError) as caught:
        interpreter.call("trouble.zeros", 2**62)
    assert caught.value.native_code == "too_large"
    with pytest.raises(NativeError, match="out of range integral type conversion attempted") as caught:
        interpreter.call("trouble.zeros", -1)
    assert caught.value.native_code == "failed"


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("no", r"the plugin does not begin \(not_today\)"),
        ("panic", r"panicked at src/lib\.rs:\d+:\d+: the plugin panics \(panic\)"),
    ],
)
def test_init_may_fail(trouble: Path, tmp_path: Path, setting: str, message: str) -> None:
    folder = with_config(trouble, tmp_path / "trouble", start=setting)
    with pytest.raises(PluginLoadError, match=message):
        load(folder).registry.load("trouble")
