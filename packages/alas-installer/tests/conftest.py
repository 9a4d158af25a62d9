"""Plugin folders and archives to install, and a home to install them into."""

import io
import json
import tarfile
import zipfile

import pytest

from alas_installer import Installer, Settings
from alas_registry import Registry


class Bench:
    """Makes plugins, and installs them into a home of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.home = folder / "home"
        self.plugins = self.home / "plugins"
        self.root = self.plugins / ".installed"

    def installer(self, **options):
        return Installer(self.home, **{"alas_version": "0.1.0", **options})

    def limited(self, limits):
        return self.installer(settings=Settings(limits=limits))

    def plugin(self, name="my-plugin", version="1.0.0", *, at=None, extra=None, **fields):
        """Make a plugin folder; `extra` are more files. Returns the folder."""
        folder = self.folder / "made" / (at or f"{name}-{version}")
        for path, content in {**self.files(name, version, **fields), **(extra or {})}.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        return folder

    @staticmethod
    def files(name="my-plugin", version="1.0.0", **fields):
        """The files of a plugin: path to content."""
        module = name.replace("-", "_")
        manifest = {
            "name": name,
            "version": version,
            "module": module,
            "implementation": {"language": "alas"},
            **fields,
        }
        code = {"type": "module", "name": manifest["module"], "functions": [], "meta": {"version": version}}
        return {
            "plugin.json": json.dumps(manifest).encode(),
            f"{manifest['module']}.alas.json": json.dumps(code).encode(),
        }

    def zip(self, entries, name="plugin.zip", **options):
        """Make a zip of (name or ZipInfo, content) pairs."""
        path = self.folder / name
        with zipfile.ZipFile(path, "w", **options) as archive:
            for entry, content in entries:
                archive.writestr(entry, content)
        return path

    def tar(self, entries, name="plugin.tar.gz", **options):
        """Make a packed tar of (name or TarInfo, content) pairs."""
        path = self.folder / name
        with tarfile.open(path, "w:gz", **{"encoding": "utf-8", **options}) as archive:
            for entry, content in entries:
                info = entry if isinstance(entry, tarfile.TarInfo) else tarfile.TarInfo(entry)
                if content is not None:
                    info.size = len(content)
                archive.addfile(info, io.BytesIO(content or b""))
        return path

    def seen(self):
        """What programs find: name to version and content, of everything that is right."""
        registry = Registry(alas_version="0.1.0")
        registry.add_search_path(self.plugins)
        found = {}
        for plugin in registry.discover() or registry.plugins:
            assert plugin.manifest is not None, plugin.diagnostics
            module = json.loads((plugin.folder / plugin.manifest.module_file).read_bytes())
            found[plugin.name] = (str(plugin.manifest.version), module["meta"]["version"])
        return found

    def leftovers(self):
        """What is in the home without being needed by a generation."""
        if not self.root.exists():
            return []
        found = [f"staging/{path.name}" for path in (self.root / "staging").iterdir()]
        generations = list((self.root / "generations").iterdir())
        needed = {link.readlink().name for one in generations for link in one.iterdir() if link.is_symlink()}
        needed |= {name.partition("-")[0] for name in needed}
        found += [f"store/{path.name}" for path in (self.root / "store").iterdir() if path.stem not in needed]
        current = self.root / "current"
        links = [path for path in self.plugins.iterdir() if path.is_symlink()]
        return found + [path.name for path in links if not (current / path.name).exists()]


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)
