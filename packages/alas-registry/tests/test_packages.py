"""Plugins that installed packages announce. The packages are folders with the metadata that an installer leaves."""

import json
import subprocess
import sys
import zipfile
from importlib.machinery import PathFinder
from types import SimpleNamespace

import pytest

from alas_registry._manifest_cache import ManifestCache
from alas_registry._packages import find_package_plugins, package_plugins
from alas_registry._plugin import PluginState

BOMB = "raise RuntimeError('discovery imports nothing')\n"
MANIFEST = {
    "name": "text-tools",
    "version": "1.2.3",
    "type": "builtin",
    "module": "text_tools",
    "description": "Tools",
    "functions": [],
    "implementation": {"language": "python"},
}


class Site:
    """A folder of installed packages."""

    def __init__(self, path):
        self.path = path

    def file(self, name, text=BOMB):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def manifest(self, folder="alas_text", **fields):
        return self.file(f"{folder}/plugin.json", json.dumps(MANIFEST | fields))

    def metadata(self, points, *, package="alas-text", version="1.2.3", ending="dist-info"):
        folder = f"{package.replace('-', '_')}-{version}.{ending}"
        metadata = "PKG-INFO" if ending == "egg-info" else "METADATA"
        self.file(f"{folder}/{metadata}", f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
        text = (
            points
            if isinstance(points, str)
            else "".join(f"{name} = {value}\n" for name, value in points.items())
        )
        self.file(f"{folder}/entry_points.txt", f"[alas.builtin_plugins]\n{text}")


@pytest.fixture
def site(tmp_path, monkeypatch):
    path = tmp_path / "site"
    path.mkdir()
    # Nothing that is really installed takes part.
    monkeypatch.setattr(sys, "path", [str(path), *(one for one in sys.path if "site-packages" not in one)])
    return Site(path)


def found():
    return list(package_plugins(ManifestCache()))


def test_a_package_with_a_manifest(site):
    site.file("alas_text/__init__.py")
    site.manifest()
    site.metadata({"text-tools": "alas_text:plugin"})
    (plugin,) = found()
    assert (plugin.name, plugin.version, plugin.module, plugin.type) == (
        "text-tools",
        "1.2.3",
        "text_tools",
        "builtin",
    )
    assert (plugin.folder, plugin.entry_point) == (site.path / "alas_text", "alas_text:plugin")
    assert (plugin.state, plugin.diagnostics) == (PluginState.DISCOVERED, ())
    assert plugin.manifest.description == "Tools"
    assert str(plugin.search_path) == f"{site.path} (Python package alas-text)"
    assert "alas_text" not in sys.modules


@pytest.mark.parametrize(
    ("module", "folder"),
    [
        ("alas_text.plugin", "alas_text"),
        ("alas_text.inner.plugin", "alas_text/inner"),
        ("alas_text.inner.plugin", "alas_text"),
        ("alas_text.inner", "alas_text/inner"),
    ],
)
def test_the_nearest_manifest_around_the_object(site, module, folder):
    site.file("alas_text/__init__.py")
    site.file("alas_text/plugin.py")
    site.file("alas_text/inner/__init__.py")
    site.file("alas_text/inner/plugin.py")
    site.manifest(folder)
    if folder != "alas_text":
        site.manifest("alas_text", name="other")
    site.metadata({"text-tools": f"{module}:plugin"})
    assert [(plugin.folder, plugin.state) for plugin in found()] == [
        (site.path / folder, PluginState.DISCOVERED)
    ]
    assert not [name for name in sys.modules if name.startswith("alas_text")]


@pytest.mark.parametrize("kind", ["package", "namespace", "module"])
def test_a_package_without_a_manifest(site, kind):
    site.file(
        {"package": "alas_text/__init__.py", "namespace": "alas_text/part.py", "module": "alas_text.py"}[kind]
    )
    # What lies beside a module belongs to nobody in particular.
    site.manifest(".")
    site.metadata({"text-tools": "alas_text:plugin"}, version="1.2rc1")
    (plugin,) = found()
    assert (plugin.state, plugin.manifest) == (PluginState.DISCOVERED, None)
    assert (plugin.version, plugin.module, plugin.type) == ("1.2.0", "text_tools", "builtin")
    assert plugin.folder == site.path / "alas_text"
    (finding,) = plugin.diagnostics
    assert (finding.code, finding.severity) == ("manifest_missing", "warning")
    assert "the package alas-text ships no plugin.json" in finding.message
    assert (
        f"python -m alas_builtin alas_text --write {site.path / 'alas_text' / 'plugin.json'}" in finding.help
    )


@pytest.mark.parametrize(
    ("points", "fields", "code", "message"),
    [
        ({"text-tools": "absent_text:plugin"}, {}, "module_not_found", "in absent_text, which is not there"),
        ({"text-tools": "alas_text.absent:plugin"}, {}, "module_not_found", "in alas_text.absent, which is not"),
        ({"text-tools": "alas_text"}, {}, "invalid_entry_point", "expected `module:object`"),
        ({"text-tools": "not an entry point"}, {}, "invalid_entry_point", "expected `module:object`"),
        ({"other": "alas_text:plugin"}, {}, "name_mismatch", "is that of `text-tools`, but alas-text announces `other`"),
        ({"text-tools": "alas_text:plugin"}, {"type": "module", "implementation": {"language": "alas"}}, "unknown_value", "found module"),
        ({"text-tools": "alas_text:plugin"}, {"version": "one"}, "invalid_version", "one"),
        ({"Text Tools": "bare_text:plugin"}, {}, "invalid_name", "under a name that no plugin can have"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_package_is_shown(site, points, fields, code, message):
    site.file("alas_text/__init__.py")
    site.file("bare_text/__init__.py")
    site.manifest(**fields)
    site.metadata(points)
    site.metadata({"fine": "fine_text:plugin"}, package="fine")
    site.file("fine_text/__init__.py")
    site.manifest("fine_text", name="fine", module="fine")
    wrong, fine = sorted(found(), key=lambda plugin: plugin.name == "fine")
    assert (wrong.name, wrong.state, wrong.manifest) == (next(iter(points)), PluginState.INVALID, None)
    assert [finding.code for finding in wrong.diagnostics] == [code]
    assert message in wrong.diagnostics[0].message
    assert wrong.diagnostics[0].help
    assert (fine.name, fine.state) == ("fine", PluginState.DISCOVERED)


def test_several_plugins_and_packages_in_order(site):
    for name in ("b", "a"):
        site.file(f"{name}_text/one/__init__.py")
        site.file(f"{name}_text/two/__init__.py")
        site.metadata({"two": f"{name}_text.two:plugin", "one": f"{name}_text.one:plugin"}, package=name)
    assert [(plugin.name, plugin.distribution) for plugin in find_package_plugins()] == [
        ("one", "a"),
        ("one", "b"),
        ("two", "a"),
        ("two", "b"),
    ]


def test_metadata_of_older_installers(site):
    site.file("alas_text/__init__.py")
    site.metadata({"text-tools": "alas_text:plugin"}, ending="egg-info")
    assert [plugin.name for plugin in find_package_plugins()] == ["text-tools"]


def test_a_package_in_an_archive(site, monkeypatch):
    archive = site.path / "packages.zip"
    with zipfile.ZipFile(archive, "w") as writer:
        writer.writestr("zipped_text/__init__.py", BOMB)
        writer.writestr(
            "zipped-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: zipped\nVersion: 1.0\n"
        )
        writer.writestr(
            "zipped-1.0.dist-info/entry_points.txt", "[alas.builtin_plugins]\nz = zipped_text:plugin\n"
        )
    monkeypatch.setattr(sys, "path", [str(archive), *sys.path])
    assert [(plugin.name, plugin.diagnostics) for plugin in find_package_plugins()] == [("z", ())]
    assert [plugin.diagnostics[0].code for plugin in found()] == ["manifest_missing"]


def test_editable_installs(site, tmp_path, monkeypatch):
    """A path entry is like any folder; others put a finder in front, which may also be broken."""
    source = Site(tmp_path / "source")
    source.file("alas_text/__init__.py")
    source.manifest()
    site.metadata({"text-tools": "alas_text:plugin"})

    def find(name, *_):
        return PathFinder.find_spec(name, [str(source.path)]) if name == "alas_text" else None

    def fail(*_):
        raise RuntimeError("no luck")

    assert [plugin.state for plugin in found()] == [PluginState.INVALID]
    monkeypatch.setattr(
        sys, "meta_path", [SimpleNamespace(find_spec=fail), *sys.meta_path, SimpleNamespace(find_spec=find)]
    )
    assert [(plugin.folder, plugin.state) for plugin in found()] == [
        (source.path / "alas_text", PluginState.DISCOVERED)
    ]


def test_the_first_of_several_packages_with_one_name(site, tmp_path, monkeypatch):
    later = Site(tmp_path / "later")
    monkeypatch.setattr(sys, "path", [*sys.path, str(later.path)])
    for place, package in ((site, "Alas.Text"), (later, "alas-text")):
        place.file("alas_text/__init__.py")
        place.metadata({"text-tools": "alas_text:plugin"}, package=package)
    later.metadata({"other-tools": "alas_text:plugin"}, package="alas-other")
    assert [(plugin.name, plugin.distribution) for plugin in find_package_plugins()] == [
        ("other-tools", "alas-other"),
        ("text-tools", "Alas.Text"),
    ]


def test_what_the_metadata_say(site):
    site.file("alas_text/__init__.py")
    site.metadata("A-b = alas_text : plugin [extra]\n; a note\n")
    (plugin,) = find_package_plugins()
    assert (plugin.name, plugin.entry_point, plugin.version) == ("A-b", "alas_text:plugin", "1.2.3")
    # Without headers the name of the folder says it.
    (site.path / "alas_text-1.2.3.dist-info" / "METADATA").unlink()
    assert [(one.distribution, one.version) for one in find_package_plugins()] == [("alas_text", "1.2.3")]


@pytest.mark.parametrize(
    "text", ["no section = here\n[alas.builtin_plugins\n", "[alas.builtin_plugins]\n= x\n\xff"]
)
def test_metadata_that_cannot_be_read(site, caplog, text):
    site.file("broken-1.0.dist-info/entry_points.txt").write_bytes(text.encode("latin-1"))
    site.file("alas_text/__init__.py")
    site.metadata({"text-tools": "alas_text:plugin"})
    assert [plugin.name for plugin in find_package_plugins()] == ["text-tools"]
    assert "broken-1.0.dist-info cannot be read" in caplog.text


def test_it_finds_what_python_finds(site):
    from importlib.metadata import entry_points

    for name in ("a", "b"):
        site.file(f"{name}_text/__init__.py")
        site.metadata(
            {f"{name}-1": f"{name}_text:one", f"{name}-2": f"{name}_text:two.three"}, package=f"{name}-text"
        )
    expected = {
        (point.name, point.value, point.dist.name) for point in entry_points(group="alas.builtin_plugins")
    }
    assert {(one.name, one.entry_point, one.distribution) for one in find_package_plugins()} == expected
    assert len(expected) == 4


def test_reading_metadata_imports_little(site):
    site.file("alas_text/__init__.py")
    site.manifest()
    site.metadata({"text-tools": "alas_text:plugin"})
    code = (
        "import sys; sys.path[:] = [path for path in sys.path if 'site-packages' not in path];"
        "from alas_registry._packages import find_package_plugins as find;"
        f"sys.path.append({str(site.path)!r}); assert len(find()) == 1, find();"
        "assert 'importlib.metadata' not in sys.modules"
    )
    # The packages are path entries of this environment, so they stay importable.
    environment = {"PYTHONPATH": ":".join(path for path in sys.path if path.endswith("src"))}
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
