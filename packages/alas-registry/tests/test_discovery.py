import os

import pytest

from alas_registry import PluginState, Registry, SearchPath


def listed(registry):
    return [(plugin.name, str(plugin.state), plugin.folder.name) for plugin in registry.discover()]


def test_nothing_to_find(registry):
    assert listed(registry) == []
    assert [problem.code for problem in registry.problems] == ["search_path_not_found"]


def test_folders_are_found_in_order(registry, workshop):
    for name in ("c", "a", "b"):
        workshop.plugin(name)
    (workshop.path / "no-plugin").mkdir()
    (workshop.path / "a-file").write_text("")
    assert listed(registry) == [("a", "discovered", "a"), ("b", "discovered", "b"), ("c", "discovered", "c")]
    assert registry.problems == ()


def test_a_plugin_knows_where_it_was_found(registry, workshop):
    folder = workshop.plugin("a")
    (plugin,) = registry.discover()
    assert plugin.folder == folder
    assert plugin.search_path == SearchPath(workshop.path, "program")
    assert (plugin.module, plugin.diagnostics, plugin.is_available) == ("a", (), True)


def test_a_search_path_may_be_a_plugin(workshop, loader):
    registry = Registry({"module": loader})
    registry.add_search_path(workshop.plugin("a"))
    assert listed(registry) == [("a", "discovered", "a")]


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("", "broken", "json_syntax"),
        ("[" * 10_000, "broken", "json_too_deep"),
        ("[]", "broken", "wrong_kind"),
        ('{"name": "stated"}', "stated", "missing_field"),
        ('{"name": "Bad Name"}', "broken", "missing_field"),
    ],
    ids=["empty", "deep", "array", "named", "misnamed"],
)
def test_broken_plugins_are_listed(registry, workshop, text, name, code):
    workshop.plugin("zebra")
    workshop.broken("broken", text)
    broken, zebra = registry.discover()
    assert (broken.name, broken.state, broken.manifest, broken.module) == (
        name,
        PluginState.INVALID,
        None,
        None,
    )
    assert broken.diagnostics[0].code == code
    assert broken.diagnostics[0].file == str(workshop.path / "broken" / "plugin.json")
    assert not broken.is_available
    assert zebra.state is PluginState.DISCOVERED


def test_manifests_that_are_no_files_are_listed(registry, workshop):
    (workshop.path / "folder" / "plugin.json").mkdir(parents=True)
    (workshop.path / "link").mkdir()
    (workshop.path / "link" / "plugin.json").symlink_to("nowhere")
    (workshop.path / "pipe").mkdir()
    os.mkfifo(workshop.path / "pipe" / "plugin.json")
    assert listed(registry) == [(name, "invalid", name) for name in ("folder", "link", "pipe")]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_folder_that_may_not_be_entered_is_listed(registry, workshop):
    folder = workshop.plugin("a")
    folder.chmod(0)
    try:
        assert listed(registry) == [("a", "invalid", "a")]
    finally:
        folder.chmod(0o755)


def test_a_manifest_that_cannot_be_looked_at_is_listed(registry, workshop):
    (workshop.path / "circle").mkdir(parents=True)
    (workshop.path / "circle" / "plugin.json").symlink_to("plugin.json")
    assert listed(registry) == [("circle", "invalid", "circle")]


def test_warnings_do_not_make_a_plugin_invalid(registry, workshop):
    workshop.plugin("a", homepage="x")
    (plugin,) = registry.discover()
    assert plugin.state is PluginState.DISCOVERED
    assert [finding.code for finding in plugin.diagnostics] == ["unknown_field"]


def test_hidden_folders_are_left_alone(registry, workshop):
    workshop.plugin("a", folder=".staging")
    assert listed(registry) == []


def test_linked_folders_are_found(registry, workshop, other_workshop):
    workshop.path.mkdir()
    (workshop.path / "linked").symlink_to(other_workshop.plugin("a"))
    (workshop.path / "dangling").symlink_to("nowhere")
    (workshop.path / "circle").symlink_to("circle")
    assert listed(registry) == [("a", "discovered", "linked")]


def test_the_first_name_wins(registry, workshop, other_workshop):
    first = workshop.plugin("a", version="1.0.0")
    other_workshop.plugin("a", version="2.0.0")
    registry.add_search_path(other_workshop.path)
    assert listed(registry) == [("a", "discovered", "a"), ("a", "shadowed", "a")]
    assert registry.plugins[1].shadowed_by == first
    assert str(registry.find("A").manifest.version) == "1.0.0"


def test_the_first_module_wins(registry, workshop):
    first = workshop.plugin("a", module="shared")
    workshop.plugin("b", module="shared")
    assert listed(registry) == [("a", "discovered", "a"), ("b", "shadowed", "b")]
    assert registry.plugins[1].shadowed_by == first
    assert registry.find("b") is None
    assert registry.find_module("shared").name == "a"


def test_a_broken_plugin_keeps_its_name(registry, workshop, other_workshop):
    first = workshop.broken("a", "{")
    other_workshop.plugin("a")
    registry.add_search_path(other_workshop.path)
    assert listed(registry) == [("a", "invalid", "a"), ("a", "shadowed", "a")]
    assert registry.plugins[1].shadowed_by == first


def test_a_broken_plugin_that_is_shadowed_stays_broken(registry, workshop, other_workshop):
    first = workshop.plugin("a")
    other_workshop.broken("a", "{")
    registry.add_search_path(other_workshop.path)
    assert listed(registry) == [("a", "discovered", "a"), ("a", "invalid", "a")]
    assert registry.plugins[1].shadowed_by == first


def test_a_path_named_twice_is_searched_once(registry, workshop, tmp_path):
    workshop.plugin("a")
    (tmp_path / "again").symlink_to(workshop.path)
    registry.add_search_path(tmp_path / "again")
    registry.add_search_path(workshop.path / "..", origin="command line")
    assert listed(registry) == [("a", "discovered", "a")]


def test_paths_that_cannot_be_searched(tmp_path):
    (tmp_path / "file").write_text("")
    registry = Registry()
    registry.add_search_path(tmp_path / "file", origin="command line")
    registry.add_search_path(tmp_path / "absent", origin="command line")
    registry.add_search_path(SearchPath(tmp_path / "default", "default"))
    registry.discover()
    assert [(problem.code, problem.file) for problem in registry.problems] == [
        ("search_path_unreadable", str(tmp_path / "file")),
        ("search_path_not_found", str(tmp_path / "absent")),
    ]
    assert registry.problems[0].help == "it was named by: command line"


def test_discovering_again_sees_what_changed(registry, workshop):
    workshop.plugin("a")
    assert listed(registry) == [("a", "discovered", "a")]
    workshop.broken("a", "{")
    workshop.plugin("b")
    assert listed(registry) == [("a", "invalid", "a"), ("b", "discovered", "b")]


def test_no_code_runs(registry, workshop, loader):
    workshop.plugin("a")
    registry.discover()
    assert loader.log == []


def test_names_from_manifests_cannot_drive_a_terminal(registry, workshop):
    workshop.broken("evil\x1b[31m", "{")
    registry.discover()
    with pytest.raises(Exception, match="has errors") as raised:
        registry.load("evil\x1b[31m")
    assert "\x1b" not in str(raised.value)
