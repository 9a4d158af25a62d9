from pathlib import Path

import pytest

from alas_manifest import FilesystemPermission, Implementation, Manifest, Permissions, Security, Version
from alas_registry import (
    GrantSettings,
    effective_grants,
    is_relative,
    missing_grants,
    requested_grants,
    scope_covers,
)

FOLDER = Path("/srv/place")

# Right, scope, what is wanted, whether it is covered; paths that are relative start from FOLDER in the second table only.
COVERED = [
    ("read", "/data", "/data", True),
    ("read", "/data/", "/data/in/../in/x", True),
    ("read", "/data", "/database", False),
    ("read", "/data", "/data/../etc/shadow", False),
    ("read", "/data/in", "/data", False),
    ("write", "/", "/etc", True),
    ("read", "//data", "/data", True),
    ("write", "/", "data", True),
    ("read", "data", "data/in", True),
    ("read", "./data", "data", True),
    ("read", ".", "data", True),
    ("read", ".", "../data", False),
    ("read", "..", "../data", True),
    ("read", "data", "../data", False),
    ("read", "data", "/srv/place/data", False),
    ("read", "/srv/place", "data", False),
    ("run", "git", "git", True),
    ("run", "git", "hg", False),
    ("env", "HOME", "HOME", True),
    ("env", "HOME", "home", False),
    ("net", "example.com", "example.com", True),
    ("net", "Example.COM.", "example.com:443", True),
    ("net", "example.com:443", "example.com", False),
    ("net", "example.com:443", "example.com:0443", True),
    ("net", "example.com", "api.example.com", False),
    ("net", "*.example.com", "api.example.com", True),
    ("net", "*.example.com", "*.api.example.com:80", True),
    ("net", "*.api.example.com", "*.example.com", False),
    ("net", "*.example.com", "example.com", False),
    ("net", "*.example.com", "badexample.com", False),
    ("net", "[::1]", "[0:0::1]:80", True),
    ("net", "localhost", "127.0.0.1:80", True),
    ("net", "localhost", "[::1]", True),
    ("net", "localhost", "192.0.2.1", False),
    ("net", "127.0.0.1", "localhost", False),
]


@pytest.mark.parametrize(("right", "scope", "wanted", "is_covered"), COVERED)
def test_covering(right, scope, wanted, is_covered):
    assert scope_covers(right, scope, wanted) is is_covered


@pytest.mark.parametrize(
    ("scope", "wanted", "is_covered"),
    [
        ("data", "/srv/place/data/in", True),
        ("/srv", "data", True),
        ("data", "/srv/data", False),
        ("../place/data", "data", True),
    ],
)
def test_relative_paths_start_from_a_folder(scope, wanted, is_covered):
    assert scope_covers("read", scope, wanted, FOLDER) is is_covered


def test_a_command_is_the_same_by_name_and_by_path(tmp_path, monkeypatch):
    tool = tmp_path / "tool"
    tool.write_text("")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert scope_covers("run", "tool", str(tool))
    assert not scope_covers("run", "tool", "/usr/bin/tool")
    assert not scope_covers("run", "absent", "missing")


def test_home_is_where_the_environment_says(monkeypatch):
    monkeypatch.setenv("HOME", "/home/ada")
    assert scope_covers("read", "~/data", "/home/ada/data/x")
    assert not is_relative("~/data")


@pytest.mark.parametrize(
    ("right", "asked", "granted", "both"),
    [
        ("read", ("/a", "/b/c"), ("/b", "/a/x"), ("/a/x", "/b/c")),
        ("read", ("data",), ("/srv/place/data/in",), ("/srv/place/data/in",)),
        ("read", ("/a",), None, ("/a",)),
        ("read", None, ("/a",), ("/a",)),
        ("read", (), None, ()),
        ("read", ("/a",), ("/b",), ()),
        ("net", ("api.example.com",), ("*.example.com:443",), ("api.example.com:443",)),
        ("net", ("example.com:80",), ("example.com:443",), ()),
        ("net", ("a.com", "a.com:80"), ("a.com:80",), ("a.com:80",)),
        ("run", ("git", "hg"), ("hg",), ("hg",)),
        ("env", ("A", "B"), ("B", "C"), ("B",)),
    ],
)
def test_what_two_grant_together(right, asked, granted, both):
    one, two = GrantSettings(**{right: asked}), GrantSettings(**{right: granted})
    assert getattr(effective_grants(one, two, FOLDER), right) == both


@pytest.mark.parametrize(
    ("asked", "granted", "missing"),
    [
        (("/a", "/b"), ("/a",), ("/b",)),
        (("/a",), None, ()),
        (None, ("/a",), None),
        (None, None, ()),
        ((), (), ()),
    ],
)
def test_what_is_missing(asked, granted, missing):
    assert missing_grants(GrantSettings(read=asked), GrantSettings(read=granted)).read == missing


def test_what_a_manifest_asks_for():
    permissions = Permissions(
        filesystem=FilesystemPermission(read=("a",), write=("b",)),
        network=("c.com",),
        process=("d",),
        env=("E",),
    )
    manifest = Manifest(
        name="x",
        version=Version.parse("1.0.0"),
        module="x",
        implementation=Implementation(language="alas"),
        security=Security(permissions=permissions),
    )
    assert requested_grants(manifest) == GrantSettings(
        read=("a",), write=("b",), net=("c.com",), run=("d",), env=("E",)
    )
