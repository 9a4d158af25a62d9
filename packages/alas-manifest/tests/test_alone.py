"""The package, built and installed into an environment that holds nothing else than what it asks for."""

import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent
RIGHT = '{"name": "a", "version": "1.0.0", "module": "a", "license": "mit", "implementation": {"language": "alas"}}'

PROGRAM = """
import json, sys, tempfile, pathlib
import alas_manifest as am

manifest = am.loads(sys.argv[1])
assert str(manifest.license) == "MIT"
assert manifest.alas_version.contains(am.Version.parse("0.2.0"))
assert am.VersionRange.parse("^1.2 || ~3").contains(am.Version.parse("1.9.0"))
assert [finding.code for finding in am.validate('{"name": "A"}')][-1] == "invalid_name"
with tempfile.TemporaryDirectory() as folder:
    am.dump(manifest, folder + "/plugin.json")
    assert am.load(folder) == manifest
    assert am.validate_folder(folder)[0].code == "file_not_found"
for kind in ("plugin", "module"):
    for strict in (False, True):
        assert am.schema(kind, strict=strict)["type"] == "object"
# Every name, so that nothing waits with an import that fails.
assert all(getattr(am, name) is not None for name in am.__all__)
assert pathlib.Path(am.__file__).is_relative_to(sys.prefix), am.__file__
foreign = {name.partition(".")[0] for name, module in sys.modules.items() if "site-packages" in str(getattr(module, "__file__", ""))}
print(json.dumps(sorted(foreign)))
"""


def unpack_wheel(folder):
    """Build the wheel and unpack it, which is all that installing a wheel without commands means."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=PACKAGE, check=True, capture_output=True, timeout=60)
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    [metadata] = folder.glob("*.dist-info")
    return metadata


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """Return the interpreter of an environment with the wheel and the dependencies that its metadata names."""
    folder = tmp_path_factory.mktemp("alone")
    environment = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True, timeout=60)
    site = Path(
        sysconfig.get_path("purelib", "venv", {"base": str(environment), "platbase": str(environment)})
    )
    metadata = unpack_wheel(folder)
    shutil.copytree(folder / "alas_manifest", site / "alas_manifest")
    shutil.copytree(metadata, site / metadata.name)
    wanted = importlib.metadata.PathDistribution(metadata).requires
    for requirement in wanted:
        distribution = importlib.metadata.distribution(re.match(r"[\w.-]+", requirement).group())
        # Nothing is downloaded: what the locks have brought here is copied.
        for file in distribution.files:
            if file.parts[0] != ".." and "__pycache__" not in file.parts:
                target = site / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(distribution.locate_file(file), target)
    return environment / "bin" / "python"


def run(python, *arguments, text=None):
    command = [str(python), "-I", *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=False)


def test_the_whole_package_works(python):
    done = run(python, "-c", PROGRAM, RIGHT)
    assert done.stderr == ""
    assert json.loads(done.stdout) == ["alas_manifest", "packaging", "semantic_version"]


def test_the_command_works(python, tmp_path):
    (tmp_path / "plugin.json").write_text('{"name": "a"}')
    done = run(python, "-m", "alas_manifest", "--format", "github", str(tmp_path), "-", text=RIGHT)
    assert done.returncode == 3
    assert done.stdout.count("::error") == 3
    assert done.stderr == "3 errors, 0 warnings\n"
    assert json.loads(run(python, "-m", "alas_manifest", "--schema", "plugin").stdout)["title"]


def test_nothing_but_the_package_is_in_the_wheel(tmp_path):
    metadata = unpack_wheel(tmp_path)
    names = {path.name for path in tmp_path.iterdir() if path.suffix != ".whl"}
    assert names == {"alas_manifest", metadata.name}
    shipped = {
        path.relative_to(tmp_path / "alas_manifest").as_posix()
        for path in (tmp_path / "alas_manifest").rglob("*")
    }
    source = PACKAGE / "src" / "alas_manifest"
    assert {f"schemas/{path.name}" for path in (source / "schemas").iterdir()} <= shipped
    assert "py.typed" in shipped
