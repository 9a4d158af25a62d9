"""What can go wrong with a plugin made of Python functions: when it is defined, and when values pass its border."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from alas_manifest import escape_text

if TYPE_CHECKING:
    from alas_manifest import Diagnostic


class BuiltinError(Exception):
    """Base of all errors of this package.

    Attributes:
        code: the kind of error in one word, the same for every error of a class.
        message: what was expected, what was found, where, and what to do next; safe to print.
    """

    code: ClassVar[str] = "builtin_error"

    def __init__(self, message: str) -> None:
        self.message = "\n".join(map(escape_text, message.splitlines()))
        super().__init__(self.message)


class DefinitionError(BuiltinError, TypeError):
    """Something cannot be a part of a plugin: a function, a type, a field of the manifest.

    Attributes:
        diagnostics: the findings about the manifest, when it is the manifest that is wrong.

    Example:
        >>> DefinitionError.code
        'invalid_definition'
    """

    code = "invalid_definition"

    def __init__(self, message: str, diagnostics: "Sequence[Diagnostic]" = ()) -> None:
        super().__init__(message)
        self.diagnostics = tuple(diagnostics)


class ConversionError(BuiltinError, TypeError):
    """A value does not fit the type that a function has for it.

    Attributes:
        function: the function, with the name of its module.
        expected: the type, as ALaS writes it.
        found: the value that does not fit: the whole, or the part of it that is to blame.
        is_result: whether it is what the function returned, rather than an argument.

    Example:
        >>> ConversionError.code
        'type_error'
    """

    code = "type_error"

    def __init__(
        self, message: str, *, function: str, expected: str, found: object, is_result: bool = False
    ) -> None:
        super().__init__(message)
        self.function = function
        self.expected = expected
        self.found = found
        self.is_result = is_result
