"""Importing plugins from modules and files, and where the blame goes when that fails."""

import sys
import textwrap

import pytest

from alas_builtin import PluginImportError, import_plugin, import_plugin_file

GREETER = """
    from alas_builtin import BuiltinPlugin

    plugin = BuiltinPlugin("greeter", version="1.0.0")

    @plugin.function
    def greet(name: str) -> str:
        return f"Hello, {name}!"
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Writes a file into a folder that modules can be imported from."""
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)

    def make(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
        return path

    yield make
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_from_a_module(write):
    write("greeter_module.py", GREETER)
    for reference in ("greeter_module:plugin", "greeter_module"):
        imported = import_plugin(reference)
        assert imported.plugin.call("greet", ["Ada"]) == "Hello, Ada!"
        imported.forget()
        assert "greeter_module" in sys.modules


def test_from_a_file(write):
    file = write("folder/my-greeter.py", GREETER)
    before = set(sys.modules), list(sys.path)
    one, other = import_plugin_file(file), import_plugin_file(file, "plugin")
    assert one.plugin is not other.plugin
    assert one.plugin.call("greet", ["Ada"]) == "Hello, Ada!"
    one.forget()
    other.forget()
    assert (set(sys.modules), sys.path) == before
    assert one.plugin.call("greet", ["Ada"]) == "Hello, Ada!"


def test_a_file_has_files_beside_it_and_hints_as_text(write):
    write("folder/words.py", "HELLO = 'Servus'")
    file = write(
        "folder/greeter.py",
        """
        from __future__ import annotations
        from dataclasses import dataclass
        from alas_builtin import BuiltinPlugin
        from .words import HELLO

        @dataclass
        class Name:
            first: str

        plugin = BuiltinPlugin("greeter", version="1.0.0")

        @plugin.function
        def greet(name: Name) -> str:
            from . import words
            return f"{HELLO}, {name.first}!"
        """,
    )
    imported = import_plugin_file(file)
    assert imported.plugin.call("greet", [{"first": "Ada"}]) == "Servus, Ada!"
    assert "words" not in sys.modules
    assert [name for name in sys.modules if name.endswith(".words")]
    imported.forget()
    assert not [name for name in sys.modules if name.endswith(".words")]


def test_a_change_within_a_second_is_seen_and_leaves_nothing_behind(write, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    for version in ("1.0.0", "2.0.0"):
        write("beside.py", f"VERSION = {version!r}")
        file = write(
            "texts.py",
            f"""
            from alas_builtin import BuiltinPlugin

            from . import beside

            plugin = BuiltinPlugin("texts-{version[0]}", version=beside.VERSION)
            """,
        )
        imported = import_plugin_file(file)
        assert (imported.plugin.name, str(imported.plugin.version)) == (f"texts-{version[0]}", version)
        imported.forget()
    assert sorted(path.name for path in file.parent.iterdir()) == ["beside.py", "texts.py"]


def test_the_only_plugin_needs_no_name(write):
    file = write("greeter.py", GREETER.replace("plugin =", "greeter =").replace("@plugin", "@greeter"))
    assert import_plugin_file(file).plugin.name == "greeter"


def test_a_plugin_inside_something(write):
    file = write("greeter.py", GREETER + "\n    class Here:\n        inner = plugin\n")
    assert import_plugin_file(file, "Here.inner").plugin.name == "greeter"


@pytest.mark.parametrize(
    ("text", "name", "line", "message"),
    [
        ("x = 1\nraise RuntimeError('no luck')\n", "", 2, "cannot be imported: RuntimeError: no luck"),
        ("x = 1\ndef f(:\n", "", 2, "cannot be imported: SyntaxError: "),
        ("\n\nimport absent_library.part\n", "", 3, "install what provides `absent_library`"),
        ("import json\njson.loads('[')\n", "", 2, "cannot be imported: JSONDecodeError"),
        (GREETER + "\n    @plugin.function\n    def f(x: bytes): ...\n", "", 10, "the parameter `x` of `f`: bytes has no"),
        ("import sys\nsys.exit(3)\n", "", 2, "cannot be imported: SystemExit: 3"),
        ("x = 1\n", "", 0, "has no BuiltinPlugin; make one: plugin = BuiltinPlugin"),
        (GREETER, "plugn", 0, "has no BuiltinPlugin called plugn; did you mean `plugin`?"),
        (GREETER, "greet", 0, "expected greet to be a BuiltinPlugin, found an object of the type function"),
        ("from alas_builtin import BuiltinPlugin as B\na = B('a', version='1.0.0')\nb = B('b', version='1.0.0')\n", "", 0, "has several plugins; name one of them: a, b"),
    ],
    ids=["raises", "no Python", "no library", "in a library", "no function", "exits", "none", "misspelt", "no plugin", "two"],
)  # fmt: skip
def test_what_can_go_wrong(write, text, name, line, message):
    before = set(sys.modules)
    file = write("wrong_plugin.py", text)
    with pytest.raises(PluginImportError) as caught:
        import_plugin_file(file, name)
    assert message in str(caught.value)
    assert (caught.value.file, caught.value.line) == ((str(file), line) if line else (None, 0))
    assert str(caught.value).startswith(f"{file}:{line}: " if line else str(file))
    assert str(caught.value).count(str(file)) == 1
    assert not [one for one in set(sys.modules) - before if one.startswith("_alas_plugin")]
    with pytest.raises(PluginImportError) as caught:
        import_plugin(f"wrong_plugin:{name}")
    assert message in str(caught.value)
    # Of an installed module the last line that ran is told, which may be a library's.
    assert line == 0 or caught.value.file is not None


def test_a_file_that_fails_leaves_none_of_its_neighbours_behind(write):
    before = set(sys.modules)
    write("folder/words.py", "HELLO = 'Servus'")
    file = write("folder/greeter.py", "from . import words\nraise RuntimeError('no luck')\n")
    with pytest.raises(PluginImportError, match="no luck"):
        import_plugin_file(file)
    assert set(sys.modules) == before


@pytest.mark.parametrize("name", ["absent.py", "."])
def test_files_that_are_none(tmp_path, name):
    with pytest.raises(PluginImportError, match=r"cannot be imported: (FileNotFound|IsADirectory)Error"):
        import_plugin_file(tmp_path / name)


def test_a_module_that_is_absent():
    with pytest.raises(PluginImportError, match="install what provides `absent_module`, or correct the name"):
        import_plugin("absent_module:plugin")
