"""Plugins for one interpreter, found in folders."""

from __future__ import annotations

import json

import pytest

from alas_interp import Interpreter, PluginManager
from alas_registry import NativePolicy, NativeRefusedError


def test_folders_are_searched_once_however_often_they_are_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with PluginManager(Interpreter()) as manager:
        for _ in range(2):
            manager.initialize(["./plugins", tmp_path / "plugins", tmp_path / "more"])
        paths = [known.path for known in manager.registry.search_paths]
    assert paths == [tmp_path / "plugins", tmp_path / "more"]


def test_native_code_is_refused_before_its_loader_is_asked(tmp_path):
    (tmp_path / "counter").mkdir()
    (tmp_path / "counter" / "c.so").write_text("")
    manifest = {
        "name": "counter",
        "version": "1.0.0",
        "type": "native",
        "module": "counter",
        "functions": [{"name": "count", "params": [], "returns": "int"}],
        "implementation": {"language": "c", "binaries": ["c.so"]},
        "security": {"sandbox": False},
    }
    (tmp_path / "counter" / "plugin.json").write_text(json.dumps(manifest))
    with PluginManager(Interpreter(), native=NativePolicy("refused", "this test")) as manager:
        [failed] = manager.initialize([tmp_path]).failed
        assert isinstance(failed.error, NativeRefusedError)
        with pytest.raises(NativeRefusedError, match="has native code, which this test refuses"):
            manager.registry.call("counter", "count")
