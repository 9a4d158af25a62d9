import logging
import re

import pytest


def test_what_was_found_chosen_and_loaded(registry, workshop, other_workshop, loader, caplog):
    loader.answers["wrong"] = lambda: {}["nothing"]
    caplog.set_level(logging.DEBUG, "alas.registry")
    folder = workshop.plugin("a", dependencies=["b >=1"])
    dependency = workshop.plugin("b")
    shadowed = other_workshop.plugin("b")
    registry.add_search_path(other_workshop.path, origin="ALAS_PLUGIN_PATH")
    registry.discover()
    plugin = registry.load("a")
    plugin.call("f", [])
    with pytest.raises(KeyError):
        plugin.call("wrong", [])
    registry.unload("a")
    trace = [re.sub(r"[0-9.]+ ms", "N ms", message) for message in caplog.messages]
    path, other_path = f"{workshop.path} (program)", f"{other_workshop.path} (ALAS_PLUGIN_PATH)"
    assert trace == [
        f"found a 1.0.0 in {folder}, search path {path}: discovered",
        f"found b 1.0.0 in {dependency}, search path {path}: discovered",
        f"{shadowed} is shadowed by {dependency}",
        f"found b 1.0.0 in {shadowed}, search path {other_path}: shadowed",
        "discovered 3 plugins in N ms",
        f"a needs b >=1: chose b 1.0.0 in {dependency}",
        f"loaded b 1.0.0 from {dependency} in N ms",
        f"loaded a 1.0.0 from {folder} in N ms",
        "unloaded a: called 2 times from outside, 1 failed, N ms",
    ]


def test_names_cannot_drive_a_terminal(registry, workshop, caplog):
    caplog.set_level(logging.DEBUG, "alas.registry")
    workshop.broken("evil\x1b[31m", "{")
    registry.discover()
    assert "\x1b" not in caplog.text
    assert "evil\\x1b[31m" in caplog.text
