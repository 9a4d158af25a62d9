"""What the docstring of a function says, in the styles of Google, NumPy and Sphinx."""

import inspect
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Description:
    """What a docstring says.

    Attributes:
        text: its first paragraph on one line.
        parameters: what it says about parameters, by their names.
        returns: what it says about the result.
    """

    text: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    returns: str = ""


def read_docstring(owner: object) -> Description:
    """Read the docstring of a function.

    Args:
        owner: the function.

    Returns:
        What it says; everything is empty when there is no docstring, or it follows no style.

    Example:
        >>> def double(number: int) -> int:
        ...     '''Double a number.
        ...
        ...     Args:
        ...         number: what to double.
        ...     '''
        ...     return 2 * number
        >>> read_docstring(double)
        Description(text='Double a number.', parameters={'number': 'what to double.'}, returns='')
    """
    text = inspect.getdoc(owner)
    if not text:
        return Description()
    # Imported here, because only those who want the whole manifest need it.
    from docstring_parser import ParseError, parse

    try:
        parsed = parse(text)
    except ParseError:
        return Description(_first_paragraph(text))
    parameters = {one.arg_name: _line(one.description) for one in parsed.params if one.description}
    returns = _line(parsed.returns.description) if parsed.returns is not None else ""
    return Description(_first_paragraph(parsed.description or ""), parameters, returns)


def summary(owner: object) -> str:
    """Return the first paragraph of the docstring of a class, on one line.

    Args:
        owner: the class. What Python writes for a class without a docstring does not count.
    """
    text = vars(owner).get("__doc__") if isinstance(owner, type) else inspect.getdoc(owner)
    if not isinstance(text, str):
        return ""
    name = getattr(owner, "__name__", "")
    if text.startswith(f"{name}(") or text == "An enumeration.":
        return ""
    return _first_paragraph(inspect.cleandoc(text))


def _first_paragraph(text: str) -> str:
    return _line(text.strip().split("\n\n", 1)[0])


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
