"""Sizes of files, as people read them."""


def size_text(count: int) -> str:
    """Return a number of bytes, shortened where it is large.

    Args:
        count: how many bytes.

    Example:
        >>> [size_text(count) for count in (380, 15_960, 2_480_000)]
        ['380 bytes', '16 kB', '2.5 MB']
    """
    if count < 10_000:
        return f"{count} bytes"
    return f"{count / 1e3:.0f} kB" if count < 1_000_000 else f"{count / 1e6:.1f} MB"
