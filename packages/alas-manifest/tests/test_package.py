"""The package as a whole: its examples run, its names are there, and importing it is cheap."""

import doctest
import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import alas_manifest

MODULES = [
    module.name
    for module in pkgutil.iter_modules(alas_manifest.__path__, "alas_manifest.")
    if "__main__" not in module.name
]


SMALLEST = '{"name": "a", "version": "1.0.0", "module": "a", "implementation": {"language": "alas"}}'


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    module = importlib.import_module(name)
    assert doctest.testmod(module, optionflags=doctest.ELLIPSIS).failed == 0


def test_examples_of_the_readme():
    readme = Path(__file__).parent.parent / "README.md"
    blocks = re.findall(r"^```pycon\n(.*?)^```$", readme.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "README.md", str(readme), 0)
    assert doctest.DocTestRunner(verbose=False).run(test) == (0, len(test.examples))
    assert len(test.examples) > 10


def test_every_name_is_there():
    assert [name for name in alas_manifest.__all__ if getattr(alas_manifest, name, None) is None] == []
    assert set(alas_manifest.__all__) <= set(dir(alas_manifest))
    assert set(alas_manifest._MODULE_BY_NAME) == set(alas_manifest.__all__)


def test_other_names_are_not():
    with pytest.raises(AttributeError, match="no attribute 'Manifesto'"):
        alas_manifest.Manifesto  # noqa: B018 - looking it up is the test


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("from alas_manifest import Diagnostic", ["alas_manifest._model", "semantic_version", "packaging", "json", "difflib"]),
        ("from alas_manifest import loads", ["semantic_version", "packaging", "difflib", "argparse"]),
        (f"from alas_manifest import loads\nloads({SMALLEST!r})", ["semantic_version", "packaging", "difflib", "logging"]),
    ],
)  # fmt: skip
def test_importing_leaves_out_what_is_not_needed(statement, absent):
    # How long it takes is measured by the benchmark `manifest_import`.
    program = f"{statement}\nimport sys\nprint([name for name in {absent!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "[]\n"
