import os
from pathlib import Path

import pytest

from alas_registry import Registry, SearchPath, alas_home, default_search_paths


@pytest.mark.parametrize(
    ("environ", "home"),
    [
        ({"HOME": "/home/ada"}, "/home/ada/.alas"),
        ({"HOME": "/home/ada", "ALAS_HOME": "/srv/alas"}, "/srv/alas"),
        ({"HOME": "/home/ada", "ALAS_HOME": "~/tools"}, "/home/ada/tools"),
        ({"HOME": "/home/ada", "ALAS_HOME": ""}, "/home/ada/.alas"),
        ({"USERPROFILE": "/users/ada"}, "/users/ada/.alas"),
        ({"HOME": "/home/ada", "ALAS_HOME": "~"}, "/home/ada"),
        ({"HOME": "/home/ada", "ALAS_HOME": "~root/tools"}, str(Path("~root/tools").expanduser())),
        ({"HOME": "/home/ada", "ALAS_HOME": "~no such user/x"}, str(Path.cwd() / "~no such user/x")),
    ],
)
def test_home(environ, home):
    assert alas_home(environ) == Path(home)


def test_home_without_environment():
    assert alas_home({}) == Path.home() / ".alas"


def test_defaults(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    stated = os.pathsep.join(["/one", "", "two", "~/three", "~"])
    paths = default_search_paths({"HOME": "/home/ada", "ALAS_PLUGIN_PATH": stated})
    assert [(str(path.path), path.origin) for path in paths] == [
        ("/one", "ALAS_PLUGIN_PATH"),
        (str(tmp_path / "two"), "ALAS_PLUGIN_PATH"),
        ("/home/ada/three", "ALAS_PLUGIN_PATH"),
        ("/home/ada", "ALAS_PLUGIN_PATH"),
        (str(tmp_path / "plugins"), "default"),
        ("/home/ada/.alas/plugins", "default"),
        ("/usr/local/lib/alas/plugins", "default"),
    ]


def test_defaults_of_this_process(monkeypatch):
    monkeypatch.setenv("ALAS_PLUGIN_PATH", "/here")
    monkeypatch.setenv("ALAS_HOME", "/there")
    assert [str(path.path) for path in default_search_paths()][::2] == ["/here", "/there/plugins"]


def test_a_registry_keeps_their_order(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    registry = Registry()
    registry.add_search_path("mine", origin="command line")
    registry.add_search_paths([SearchPath(Path("/a"), "default")])
    registry.add_search_path(SearchPath(Path("/b"), "config"))
    assert [str(path) for path in registry.search_paths] == [
        f"{tmp_path / 'mine'} (command line)",
        "/a (default)",
        "/b (config)",
    ]
