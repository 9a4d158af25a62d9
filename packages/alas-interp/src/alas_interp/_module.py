"""What a loaded module offers, as plain records."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from alas_manifest import Diagnostic


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function: its `name` and its declared `type`."""

    name: str
    type: str

    def __str__(self) -> str:
        """Return name and type: `data: string`."""
        return f"{self.name}: {self.type}"


@dataclass(frozen=True, slots=True)
class Function:
    """What a module declares about one of its functions.

    Attributes:
        name: the function's name, without the module's.
        parameters: its parameters in order.
        returns: its declared result type, `any` when it declares none.
        exported: whether other modules may call it; the host may call every function.
    """

    name: str
    parameters: tuple[Parameter, ...]
    returns: str
    exported: bool

    def __str__(self) -> str:
        """Return the signature on one line: `process(data: string) -> string`."""
        return f"{self.name}({', '.join(map(str, self.parameters))}) -> {self.returns}"


@dataclass(frozen=True, slots=True)
class Module:
    """A module that has passed the static checks.

    Attributes:
        name: its name.
        file: the file it was read from, or None when its text came from elsewhere.
        functions: its functions in the order of the text.
        diagnostics: what the checks found that does not keep it from running, in it and the modules it imports.
    """

    name: str
    file: str | None
    functions: tuple[Function, ...]
    diagnostics: "list[Diagnostic]" = field(default_factory=list)

    @property
    def exports(self) -> tuple[str, ...]:
        """The names of the functions that other modules may call."""
        return tuple(function.name for function in self.functions if function.exported)

    def function(self, name: str) -> Function | None:
        """Return what the module declares about a function.

        Args:
            name: the function's name, without the module's.

        Returns:
            The declaration, or None when there is no such function.

        Example:
            >>> Module("empty", None, ()).function("main") is None
            True
        """
        return next((function for function in self.functions if function.name == name), None)


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a function does to the world outside, itself or by what it calls.

    Attributes:
        module: the function's module.
        function: the function.
        builtin: the standard function that does it, such as `fs.readFile`; None when a plugin in native code or Python does,
            of which only the declared capability is known.
        capabilities: the capabilities that it takes; none for a variable of the environment.
        way: a way there: functions with their modules, and last the standard function or the plugin.
    """

    module: str
    function: str
    builtin: str | None
    capabilities: tuple[str, ...]
    way: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeNeeds:
    """What the ALaS code of a plugin does to the world outside, whatever its manifest says.

    Attributes:
        module: the plugin's module.
        files: the files of its code, that of the module first, by the names of their modules.
        needs: what its functions need, by module, in the order of the text.
    """

    module: Module
    files: "dict[str, Path]"
    needs: tuple[Need, ...]
