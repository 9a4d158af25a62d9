"""What opening a library of native code takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["NativeLibrary"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeLibrary:
    """A shared library, and what it has to be like.

    Attributes:
        folder: the plugin's own folder.
        file: the library.
        companions: other libraries in the folder that it may need; they are copied with it.
        module: the name of its module.
        functions: the functions that it has to have and no others, each as its name, the name and type of each parameter, and
            the type of its result (None is `any`).
        types: the definitions that a module holds under `types`, as Python values.
        callable: the modules and plugins of which it may call functions, beside its own.
        is_parallel: whether calls may overlap; otherwise they take turns.
        log: takes what it writes to the log: the plugin's name, a level of `logging`, and the text, which may hold anything.

    Example:
        >>> NativeLibrary(
        ...     folder=Path("plugin"),
        ...     file=Path("plugin/plugin.so"),
        ...     module="numbers",
        ...     functions=[("double", [("x", "int")], "int")],
        ...     log=lambda plugin, level, text: None,
        ... ).is_parallel
        False
    """

    folder: Path
    file: Path
    module: str
    functions: Sequence[tuple[str, Sequence[tuple[str, str]], str | None]]
    log: Callable[[str, int, str], object]
    companions: Sequence[Path] = ()
    types: Sequence[object] = ()
    callable: Sequence[str] = ()
    is_parallel: bool = False
