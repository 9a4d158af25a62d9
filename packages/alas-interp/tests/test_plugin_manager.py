"""Plugins for one interpreter, found in folders."""

from __future__ import annotations

from alas_interp import Interpreter, PluginManager


def test_folders_are_searched_once_however_often_they_are_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with PluginManager(Interpreter()) as manager:
        for _ in range(2):
            manager.initialize(["./plugins", tmp_path / "plugins", tmp_path / "more"])
        paths = [known.path for known in manager.registry.search_paths]
    assert paths == [tmp_path / "plugins", tmp_path / "more"]
