"""How large a plugin may be."""

from dataclasses import dataclass

from alas_installer._errors import InstallError
from alas_manifest import ByteSize

_MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most that a plugin may consist of; it is counted while it is read, whatever an archive says.

    Attributes:
        total_bytes: of all files together.
        file_bytes: of one file.
        archive_bytes: of the archive.
        entries: files and folders.
        depth: parts of a path.
        path_bytes: length of a path.
        ratio: how many times larger than its archive the content may be, beyond `ratio_free_bytes`.
        ratio_free_bytes: content that is not held against the ratio, because short repetitive text compresses well.
    """

    total_bytes: int = 256 * _MEBIBYTE
    file_bytes: int = 128 * _MEBIBYTE
    archive_bytes: int = 256 * _MEBIBYTE
    entries: int = 10_000
    depth: int = 20
    path_bytes: int = 512
    ratio: int = 100
    ratio_free_bytes: int = _MEBIBYTE


class Meter:
    """Counts what is read from a source, and stops when it is too much."""

    def __init__(self, limits: Limits, *, archive_bytes: int | None = None) -> None:
        """Begin to count.

        Args:
            limits: the most that there may be.
            archive_bytes: the size of the archive; None for a folder, which nothing was compressed in.
        """
        self.limits = limits
        self.bytes = 0
        self.entries = 0
        self._most = limits.total_bytes
        self._is_ratio = False
        if archive_bytes is not None:
            by_ratio = max(archive_bytes * limits.ratio, limits.ratio_free_bytes)
            self._is_ratio = by_ratio < self._most
            self._most = min(by_ratio, self._most)

    def add_entry(self) -> None:
        """Count a file or folder.

        Raises:
            InstallError: there are too many.
        """
        self.entries += 1
        if self.entries > self.limits.entries:
            raise too_large(f"more than {self.limits.entries:,} files and folders")

    def add_bytes(self, count: int, path: str, so_far: int) -> None:
        """Count bytes of a file.

        Args:
            count: how many more.
            path: the file.
            so_far: how many bytes of the file that makes.

        Raises:
            InstallError: the file, or all files together, are too large.
        """
        self.bytes += count
        if so_far > self.limits.file_bytes:
            raise too_large(f"`{path}` is larger than {ByteSize(self.limits.file_bytes)}")
        if self.bytes > self._most and self._is_ratio:
            raise too_large(f"the content is more than {self.limits.ratio} times larger than its archive")
        if self.bytes > self._most:
            raise too_large(f"the files are larger than {ByteSize(self.limits.total_bytes)} together")


def too_large(found: str) -> InstallError:
    """Return the error that a plugin is too large."""
    return InstallError(
        "too_large", f"{found}, which no plugin may be", "leave out what the plugin does not need"
    )
