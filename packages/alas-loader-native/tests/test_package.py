"""What the package brings along besides its code."""

import subprocess
import sys
import zipfile
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
KITS = "alas_loader_native/sdk/"
NEEDED = {
    "c/include/alas_plugin.h",
    "c/include/alas_plugin.hpp",
    "go/go.mod",
    "go/register.go",
    "rust/alas-plugin/Cargo.toml",
    "rust/alas-plugin/src/lib.rs",
    "rust/alas-plugin-abi/src/lib.rs",
    "rust/alas-plugin-macros/src/lib.rs",
}


def test_the_wheel_holds_the_kits_and_nothing_that_was_built(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=PACKAGE, check=True, capture_output=True)
    (wheel,) = tmp_path.iterdir()
    with zipfile.ZipFile(wheel) as archive:
        names = [name.removeprefix(KITS) for name in archive.namelist() if name.startswith(KITS)]
    assert set(names) >= NEEDED
    assert [name for name in names if "target/" in name or name.endswith((".so", "_test.go"))] == []
