"""What is said about Python files that are not run."""

from __future__ import annotations

import json

import pytest

from alas_builtin import check_source
from alas_manifest import loads

BEGIN = "from alas_builtin import BuiltinPlugin\nplugin = BuiltinPlugin('a', version='1.0.0')\n"
RIGHT = BEGIN + "@plugin.function\ndef shout(text: str, times: int) -> str: ...\n"


@pytest.fixture
def check(tmp_path):
    def check(source, *, parts=(("text", "string"), ("times", "int")), returns="string", **change):
        params = [{"name": name, "type": kind} for name, kind in parts]
        document = {
            "name": "a", "version": "1.0.0", "module": "a", "type": "builtin",
            "functions": [{"name": "shout", "params": params, "returns": returns}],
            "implementation": {"language": "python", "entrypoint": "a.py"},
        }  # fmt: skip
        text = json.dumps(document | change, indent=1)
        (tmp_path / "plugin.json").write_text(text)
        if source is not None:
            (tmp_path / "a.py").write_bytes(source if isinstance(source, bytes) else source.encode())
        return check_source(tmp_path, loads(text))

    return check


@pytest.mark.parametrize(
    "source",
    [
        RIGHT,
        BEGIN + "@plugin.function(name='shout')\ndef other(text: str, times: int) -> str: ...\n",
        BEGIN + "if True:\n    @plugin.function()\n    def shout(text, times): ...\n",
        BEGIN + "@plugin.function\n@cached\ndef shout(*rest): ...\n",
        BEGIN + "expose = plugin.function\n@expose\ndef shout(text, times): ...\n",
        BEGIN + "def shout(text, times): ...\nplugin.function(shout)\n",
        BEGIN + "for name in NAMES:\n    plugin.function(name=name)(make(name))\n",
        BEGIN + "@plugin.function(**HOW)\ndef loud(text, times): ...\n",
        BEGIN + "getattr(plugin, 'func' 'tion')(lambda text, times: text)\n",
        BEGIN + "from . import words\n",
        BEGIN + "from words import *\n",
        BEGIN + "import neighbour\n",
        "from elsewhere import plugin\n",
        BEGIN + "other = BuiltinPlugin('b', version='1.0.0')\n@other.function\ndef f(): ...\n",
        BEGIN + "class str: ...\n@plugin.function\ndef shout(text: int, times: int) -> str: ...\n".replace("text: int", "text: str"),
        BEGIN + "@plugin.function\ndef shout(text: 'int', times: Any): ...\n",
        None,
    ],
)  # fmt: skip
def test_what_may_be_right(check, tmp_path, source):
    (tmp_path / "neighbour.py").write_text("")
    assert check(source) == []


@pytest.mark.parametrize(
    ("source", "place", "message"),
    [
        (RIGHT + "def f(:\n", (5, 7), "expected Python, but invalid syntax"),
        ("x = (\n", (1, 5), "expected Python, but '(' was never closed"),
        ("def f():\nx = 1\n", (2, 1), "expected Python, but expected an indented block"),
        (b"x = '\xff'\n", (1, 8), "expected Python, but (unicode error)"),
        (b"x = 1\0", (1, 1), "expected Python, but source code string cannot contain null bytes"),
    ],
)
def test_what_is_no_python(check, tmp_path, source, place, message):
    [finding] = check(source)
    assert (finding.code, finding.severity, finding.file) == (
        "python_syntax",
        "error",
        str(tmp_path / "a.py"),
    )
    assert finding.message.startswith(message)
    assert (finding.line, finding.column) == place


@pytest.mark.parametrize(
    ("source", "pointer", "message"),
    [
        (BEGIN, "/functions/0/name", "the Python code has no function `shout`"),
        (BEGIN + "\ndef shout(text, times): ...\n", "/functions/0/name", "`shout` in a.py, line 4, is no function of the plugin"),
        (BEGIN + "@plugin.function\ndef shuot(text, times): ...\n", "/functions/0/name", "the Python code has no function `shout`"),
        (RIGHT.replace("times: int", ""), "/functions/0/params", "the function is shout(text: string, times: int) -> string here, but shout(text) in Python"),
        (RIGHT.replace("times", "count"), "/functions/0/params/1/name", "the parameter is called `times` here, but `count` in Python"),
        (RIGHT.replace("text: str", "text: int"), "/functions/0/params/0/type", "the parameter `text` is string here, but int in Python"),
        (RIGHT.replace("-> str", "-> bool"), "/functions/0/returns", "the result of `shout` is string here, but bool in Python"),
    ],
)  # fmt: skip
def test_what_differs_from_the_manifest(check, tmp_path, source, pointer, message):
    [finding] = check(source)
    assert (finding.code, finding.pointer, finding.message) == ("signature_mismatch", pointer, message)
    assert finding.file == str(tmp_path / "plugin.json")
    assert finding.line > 1


def test_what_is_not_looked_at(check):
    assert check("def f(:", type="module", implementation={"language": "alas"}) == []
    assert check("x = 1", functions=[]) == []


def test_what_python_only_warns_of_is_nothing(check, recwarn):
    assert check(RIGHT + "x = '\\d'\n") == []
    assert list(recwarn) == []
