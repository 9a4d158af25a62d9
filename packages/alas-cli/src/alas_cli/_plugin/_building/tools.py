"""Where the tools come from that build plugins."""

import os
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePath

_SYSTEM = (
    "install it with the packages of this system: `apt install {packages}` on Debian and Ubuntu, "
    "`dnf install {packages}` on Fedora, `xcode-select --install` on a Mac"
)
_COMPILERS = _SYSTEM.format(packages="gcc make")
_COMPILERS_OF_CPP = _SYSTEM.format(packages="g++ make")
_RUST = "install Rust: https://rustup.rs"
_GO = "install Go: https://go.dev/dl"

_LONGEST_LINE = 256

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


@dataclass(frozen=True, slots=True)
class _Compilers:
    """The programs of which one compiles a language, and the variable by which people name another."""

    variable: str
    programs: tuple[str, ...]


_C = _Compilers("CC", ("cc", "gcc", "clang"))
_CPP = _Compilers("CXX", ("c++", "g++", "clang++"))


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


def missing_file(program: str, folder: Path) -> str:
    """Say why a program could not be found that the system could not find.

    Args:
        program: the first word of a command.
        folder: where the command runs.

    Returns:
        That it is not there, or that what runs it is not.
    """
    is_path = os.sep in program
    found = folder / program if is_path else Path(shutil.which(program) or program)
    if not found.is_file():
        if is_path:
            return f"there is no file `{program}` in the plugin's folder; add it, or correct `implementation.build_cmd`"
        return missing_tool(program)
    interpreter = _interpreter(found)
    if interpreter is None:
        return f"`{program}` is there, but not the program that runs it; it may be made for another system"
    return f"`{program}` is there, but its first line names `{interpreter}`, which is not; install that, or correct the line"


def _interpreter(script: Path) -> str | None:
    """Return what the first line of a script says that it is to be run by; None where nothing is said."""
    with script.open("rb") as stream:
        line = stream.readline(_LONGEST_LINE).decode("utf-8", "replace")
    words = line.removeprefix("#!").split(maxsplit=1)
    return words[0] if line.startswith("#!") and words else None


def compiler_advice(program: str, language: str | None) -> str:
    """Say which compiler a program needs besides itself, if that is not there; empty otherwise.

    Args:
        program: the first word of a command that has failed.
        language: what the plugin is written in, as its manifest says.
    """
    name = PurePath(program).name
    if name in ("go", "cargo"):
        return (
            f"; {program} makes libraries with the help of a C compiler, and there is none on the PATH: {_COMPILERS}"
            if _is_missing(_C)
            else ""
        )
    # Whatever the command is, it comes to a compiler in the end.
    if language == "c" and _is_missing(_C):
        return f"; the plugin is written in C, and there is no C compiler on the PATH: {_COMPILERS}"
    if language in ("c++", "cpp") and _is_missing(_CPP):
        return (
            f"; the plugin is written in C++, and there is no C++ compiler on the PATH: {_COMPILERS_OF_CPP}"
        )
    return ""


def _is_missing(compilers: _Compilers) -> bool:
    """Say whether none of some compilers is there, and none that the environment names instead."""
    words = shlex.split(os.environ.get(compilers.variable, ""), posix=False)
    return not any(map(shutil.which, (*words[:1], *compilers.programs)))
