"""Bytes of a file to a JSON document: size, encoding, syntax."""

from alas_manifest._json_document import JsonDocument, Steps
from alas_manifest._source import Problem, Source

MAXIMUM_SIZE = 64 * 1024 * 1024


def read_text(text: str | bytes, file: str | None) -> JsonDocument:
    """Read a JSON text.

    Args:
        text: the text, or its UTF-8 bytes.
        file: what to call the file in diagnostics, or None.

    Returns:
        The document; when it cannot be read, its findings say why.
    """
    source, is_readable = _decode(text, file)
    return JsonDocument.read(source) if is_readable else JsonDocument(source, is_readable=False)


def position_of(text: str | bytes, steps: Steps) -> tuple[int, int]:
    """Return where a part of a JSON text stands: line and column, both from 1.

    Args:
        text: the text of a manifest or a module, or its UTF-8 bytes.
        steps: the keys and indices that lead to the part.

    Raises:
        ValueError: the text is not JSON.
        LookupError: there is no such part.

    Example:
        >>> position_of('{"functions": [1, 2]}', ("functions", 1))
        (1, 19)
    """
    document = read_text(text, None)
    if not document.is_readable:
        raise ValueError("expected JSON")
    return document.position_of(steps)


def _decode(text: str | bytes, file: str | None) -> tuple[Source, bool]:
    """Make the source of a text.

    Args:
        text: the text, or its UTF-8 bytes.
        file: what to call the file in diagnostics, or None.

    Returns:
        The source, and whether it can be read; when not, the source's findings say why.
    """
    if len(text) > MAXIMUM_SIZE:
        source = Source("", file)
        limit = MAXIMUM_SIZE // 1024**2
        source.report(Problem("json_too_large", f"the text is larger than {limit} MiB"), "", 0)
        return source, False
    if isinstance(text, str):
        return Source(text, file), True
    try:
        return Source(text.decode(), file), True
    except UnicodeDecodeError as error:
        readable = text[: error.start].decode()
        source = Source(readable, file)
        message = f"the text is not UTF-8: the byte 0x{text[error.start]:02x} does not belong here"
        is_utf16 = text.startswith((b"\xff\xfe", b"\xfe\xff"))
        advice = "save the file as UTF-8; it is UTF-16 now" if is_utf16 else "save the file as UTF-8"
        source.report(Problem("json_syntax", message, advice), "", len(readable))
        return source, False
