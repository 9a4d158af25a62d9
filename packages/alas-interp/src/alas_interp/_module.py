"""What a loaded module offers, as plain records."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
