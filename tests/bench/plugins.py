"""What managing plugins costs: looking for a thousand, ordering them, calling one."""

from __future__ import annotations

import atexit
import functools
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alas_registry import Registry

from .peers import Contender
from .rows import SUBJECT, Row

PLUGINS = 1_000
# Every tenth plugin is broken, half of them beyond reading.
BROKEN_EVERY, BROKEN_AT = 10, 3
BROKEN_TEXTS = ("{", '{"name": "x", "versio": 1, "module": 3}')
LARGEST_NEED = 3


def contenders(row: Row) -> tuple[dict[str, Contender], dict[str, str]]:
    """Return who takes part in a row of this group; nobody is ever missing."""
    return _ROWS[row.name](row), {}


@functools.cache
def thousand_plugins() -> Path:
    """Make a search path of plugins that need each other by ranges; return it."""
    chance = random.Random(1)
    folder = Path(tempfile.mkdtemp(prefix="alas-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    sound = [index for index in range(PLUGINS) if index % BROKEN_EVERY != BROKEN_AT]
    for index in range(PLUGINS):
        place = folder / f"plugin-{index:04}"
        place.mkdir()
        text = BROKEN_TEXTS[index % 2]
        if index in sound:
            later = [other for other in sound if other > index]
            needed = chance.sample(later, min(LARGEST_NEED, len(later)))
            text = json.dumps(_manifest(index, [f"plugin-{other:04} ^1.{other % 10}" for other in needed]))
        (place / "plugin.json").write_text(text)
    # What has changed just now is read again the next time.
    time.sleep(0.1)
    return folder


def _manifest(index: int, dependencies: list[str]) -> dict[str, Any]:
    functions = [
        {"name": f"f{number}", "params": [{"name": "x", "type": "int"}], "returns": "int"}
        for number in range(4)
    ]
    return {
        "name": f"plugin-{index:04}",
        "version": f"1.{index % 10}.{index}",
        "description": "One of many",
        "module": f"plugin_{index:04}",
        "dependencies": dependencies,
        "functions": functions,
        "implementation": {"language": "alas"},
    }


def _registry(cache: Path | None) -> Registry:
    registry = Registry(alas_version="0.1.0", cache=cache)
    registry.add_search_path(thousand_plugins())
    return registry


def _count(registry: Registry) -> int:
    plugins = registry.discover()
    broken = sum(1 for plugin in plugins if any(finding.is_error for finding in plugin.diagnostics))
    assert (len(plugins), broken) == (PLUGINS, PLUGINS // BROKEN_EVERY)
    return broken


def _discover(row: Row) -> dict[str, Contender]:
    cache = thousand_plugins() / ".cache.json"
    if row.name == "discover_cold":
        return {SUBJECT: lambda: _count(_registry(None))}
    _count(_registry(cache))
    # Each round is a new registry, as a new process would have one.
    return {SUBJECT: lambda: _count(_registry(cache))}


def _resolve(_row: Row) -> dict[str, Contender]:
    registry = _registry(None)
    registry.discover()

    def resolve() -> int:
        # Ranges and versions are read anew, as a new process would.
        from alas_manifest import _versions
        from alas_registry import _resolution

        for cached in (_resolution._dependency, _resolution._range, _resolution._accepts, _versions._matcher):
            cached.cache_clear()
        return len(registry.resolve_all().order)

    return {SUBJECT: resolve}


def _call(row: Row) -> dict[str, Contender]:
    from alas_interp import Interpreter, PluginManager

    examples = Path(__file__).parents[2] / "examples" / "plugins" / "my-plugin"
    manager = PluginManager(Interpreter())
    manager.initialize([examples])
    handle = manager.registry.load("my-plugin")
    direct = manager.interpreter.plugin_function("my_plugin.process")

    def checked() -> object:
        result = None
        for _ in range(row.calls):
            result = handle.call("process", ("data",))
        return result

    def unchecked() -> object:
        result = None
        for _ in range(row.calls):
            result = direct("data")
        return result

    return {SUBJECT: checked, "unchecked": unchecked}


def _import(_row: Row) -> dict[str, Contender]:
    def process(code: str) -> Contender:
        def run() -> None:
            subprocess.run([sys.executable, "-c", code], check=True)

        return run

    load = "import alas_manifest; alas_manifest.load"
    return {SUBJECT: process(load), "python -c pass": process("pass")}


_ROWS: dict[str, Callable[[Row], dict[str, Contender]]] = {
    "discover_warm": _discover,
    "discover_cold": _discover,
    "resolve": _resolve,
    "plugin_call": _call,
    "manifest_import": _import,
}
