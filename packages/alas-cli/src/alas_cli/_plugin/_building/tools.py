"""Where the tools come from that build plugins."""

import shutil
from pathlib import PurePath

_SYSTEM = (
    "install it with the packages of this system: `apt install {packages}` on Debian and Ubuntu, "
    "`dnf install {packages}` on Fedora, `xcode-select --install` on a Mac"
)
_COMPILERS = _SYSTEM.format(packages="gcc make")
_COMPILERS_OF_CPP = _SYSTEM.format(packages="g++ make")
_RUST = "install Rust: https://rustup.rs"
_GO = "install Go: https://go.dev/dl"

_ADVICE = {
    "c++": _COMPILERS_OF_CPP,
    "cargo": _RUST,
    "cc": _COMPILERS,
    "clang": _SYSTEM.format(packages="clang"),
    "clang++": _SYSTEM.format(packages="clang"),
    "cmake": _SYSTEM.format(packages="cmake"),
    "g++": _COMPILERS_OF_CPP,
    "gcc": _COMPILERS,
    "go": _GO,
    "make": _COMPILERS,
    "ninja": _SYSTEM.format(packages="ninja-build"),
    "rustc": _RUST,
    "zig": "install Zig: https://ziglang.org/download",
}


def missing_tool(program: str) -> str:
    """Say that a program is not there, and where it comes from.

    Args:
        program: the first word of a command.

    Example:
        >>> missing_tool("cargo")
        'there is no program `cargo`; install Rust: https://rustup.rs'
    """
    advice = _ADVICE.get(PurePath(program).name, "install it, or put its folder on the PATH")
    return f"there is no program `{program}`; {advice}"


def linker_advice(program: str) -> str:
    """Say what a program needs besides itself, if that is not there; empty otherwise.

    Args:
        program: the first word of a command that has failed.
    """
    if PurePath(program).name not in ("go", "cargo") or any(map(shutil.which, ("cc", "gcc", "clang"))):
        return ""
    return f"; {program} makes libraries with the help of a C compiler, and there is none on the PATH: {_COMPILERS}"
