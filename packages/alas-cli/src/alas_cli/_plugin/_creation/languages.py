"""The languages that native code of a new plugin is written in: its files, and how they are built.

Texts may hold the placeholders of the templates.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_PLATFORMS = ("linux-x86_64", "linux-aarch64", "macos-x86_64", "macos-aarch64")


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language.

    Attributes:
        word: what `-lang` and manifests call it.
        title: what people call it.
        folder: where its templates are.
        command: what builds the plugin.
        needs: what has to be there for it.
        source: template of the code to its file. The template is that of the plugin's type: `$type`.
        build_files: the templates of what the command reads, to their files.
        sources: all source files.
        library: the library, where its name is the same on every platform.
        library_by_ending: the library up to its ending, where that differs.
    """

    word: str
    title: str
    folder: str
    command: str
    needs: str
    source: tuple[str, str]
    build_files: Mapping[str, str]
    sources: tuple[str, ...]
    library: str | None = None
    library_by_ending: str | None = None

    @property
    def binaries(self) -> str | dict[str, str]:
        """The one element of `implementation.binaries`."""
        if self.library is not None:
            return self.library
        return {
            one: f"{self.library_by_ending}.{'dylib' if one.startswith('macos-') else 'so'}"
            for one in _PLATFORMS
        }


_ONE_LIBRARY = "$module.so"
_MAKEFILE = {"Makefile.in": "Makefile"}

LANGUAGES = {
    one.word: one
    for one in (
        Language(
            word="c",
            title="C",
            folder="c",
            command="make",
            needs="`make` and a C compiler",
            source=("$type.c.in", "$module.c"),
            build_files=_MAKEFILE,
            sources=("$module.c",),
            library=_ONE_LIBRARY,
        ),
        Language(
            word="c++",
            title="C++",
            folder="cpp",
            command="make",
            needs="`make` and a C++ compiler",
            source=("$type.cpp.in", "$module.cpp"),
            build_files=_MAKEFILE,
            sources=("$module.cpp",),
            library=_ONE_LIBRARY,
        ),
        Language(
            word="rust",
            title="Rust",
            folder="rust",
            # What the environment says of other target folders would lead the library away.
            command="cargo build --release --target-dir target",
            needs="[Rust](https://rustup.rs)",
            source=("$type.rs.in", "src/lib.rs"),
            build_files={"Cargo.toml.in": "Cargo.toml"},
            sources=("Cargo.toml", "src/lib.rs"),
            library_by_ending="target/release/lib${module}_native",
        ),
        Language(
            word="go",
            title="Go",
            folder="go",
            command="go build -buildmode=c-shared -o $module.so .",
            needs="[Go](https://go.dev/dl) and a C compiler",
            source=("$type.go.in", "plugin.go"),
            build_files={"go.mod.in": "go.mod"},
            sources=("go.mod", "plugin.go"),
            library=_ONE_LIBRARY,
        ),
    )
}
"""By what `-lang` calls them."""
