"""A plugin in a tar archive that is packed with gzip.

The archive is unpacked into a file without a name first, counting its bytes, so that the sizes in its headers can be held
against it. Of the many things that a tar archive can express, only plain files and folders are taken, and no header that
says something else than the entry itself: what other tools would make of such an archive could be anything.
"""

import gzip
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO, cast

from alas_installer._entry_names import EntryNames
from alas_installer._limits import Limits, too_large
from alas_installer._sources import PIECE, BoundedReader, FileEntry, damaged, pieces_of, wrong_kind
from alas_manifest import quote_text

_LARGEST_HEADER = 1 << 20
_BLOCK = 512
_HEADER_BYTES = 4 * _BLOCK
# What headers may say besides: nothing that changes which file it is, or how large.
_HARMLESS = frozenset(
    {"path", "mtime", "atime", "ctime", "uid", "gid", "uname", "gname", "comment", "charset"}
)
_HARMLESS_PREFIXES = ("SCHILY.xattr.", "LIBARCHIVE.", "SCHILY.fflags", "SCHILY.acl.", "RHT.", "APPLE.")
_HARMLESS_SCHILY = frozenset({"SCHILY.dev", "SCHILY.ino", "SCHILY.nlink"})
_KINDS = {
    tarfile.SYMTYPE: "a link",
    tarfile.LNKTYPE: "a hard link",
    tarfile.CHRTYPE: "a device",
    tarfile.BLKTYPE: "a device",
    tarfile.FIFOTYPE: "a pipe",
}


class TarSource:
    """A packed tar archive that a plugin is installed from."""

    def __init__(self, path: Path, archive_bytes: int) -> None:
        """Take the archive and its size."""
        self.path = path
        self.archive_bytes = archive_bytes

    def files(self, names: EntryNames, scratch: Path) -> Iterator[FileEntry]:
        """Yield the files, in the order of the archive."""
        with tempfile.TemporaryFile(dir=scratch) as stream:
            size = self._unpack(stream, names.limits)
            stream.seek(0)
            yield from self._entries(stream, size, names)

    def _unpack(self, stream: IO[bytes], limits: Limits) -> int:
        """Undo the packing; return the size of the archive itself."""
        by_ratio = max(self.archive_bytes * limits.ratio, limits.ratio_free_bytes)
        most = min(by_ratio, limits.total_bytes) + limits.entries * _HEADER_BYTES
        size = 0
        try:
            with gzip.open(self.path, "rb") as packed:
                while piece := packed.read(PIECE):
                    size += len(piece)
                    if size > most:
                        raise too_large(f"the archive unpacks to more than {most:,} bytes")
                    stream.write(piece)
        except EOFError:
            raise damaged(self.path, "is cut off") from None
        except (gzip.BadGzipFile, zlib.error):
            what = "has damaged data" if size else "is not packed with gzip, or has damaged data"
            raise damaged(self.path, what) from None
        return size

    def _entries(self, stream: IO[bytes], size: int, names: EntryNames) -> Iterator[FileEntry]:
        try:
            # Typed as a file, of which the library needs only what the reader has.
            reader = cast("BinaryIO", BoundedReader(cast("BinaryIO", stream), _LARGEST_HEADER))
            archive = tarfile.open(fileobj=reader, mode="r:", encoding="utf-8")  # noqa: SIM115 - holds nothing open
            while (entry := archive.next()) is not None:
                if archive.pax_headers.keys() - {"comment"}:
                    raise damaged(self.path, "has headers that change all its files")
                if entry.offset_data + entry.size > size or entry.size < 0:
                    raise damaged(self.path, f"is cut off within {quote_text(entry.name)}")
                path = self._path(entry, names)
                if path is not None and not entry.isdir():
                    yield FileEntry(path, pieces_of(stream, entry.offset_data, entry.size))
        except (tarfile.TarError, ValueError, OverflowError, EOFError, RecursionError) as error:
            raise damaged(self.path, f"is no tar archive, or is cut off: {error}") from None
        self._check_end(stream, archive)

    def _path(self, entry: tarfile.TarInfo, names: EntryNames) -> str | None:
        name = quote_text(entry.name)
        if entry.issparse() or entry.type == tarfile.GNUTYPE_SPARSE:
            raise wrong_kind(entry.name, "a file with holes")
        if entry.type not in (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.DIRTYPE):
            raise wrong_kind(entry.name, _KINDS.get(entry.type, "of a kind that is not known"))
        for header in entry.pax_headers:
            if header not in _HARMLESS | _HARMLESS_SCHILY and not header.startswith(_HARMLESS_PREFIXES):
                raise damaged(self.path, f"says more about {name} than a plugin needs: {quote_text(header)}")
        if entry.isdir() and entry.size:
            raise damaged(self.path, f"says of {name} both that it is a file and a folder")
        return names.add(entry.name, is_folder=entry.isdir())

    def _check_end(self, stream: IO[bytes], archive: tarfile.TarFile) -> None:
        """Check that the archive ends with its end mark; the library takes whatever it cannot read for the end."""
        stream.seek(archive.offset)
        position = 0
        while piece := stream.read(PIECE):
            if piece.strip(b"\0"):
                raise damaged(self.path, "has a damaged header, or more data behind its end")
            position += len(piece)
        if position < _BLOCK:
            raise damaged(self.path, "is cut off: its end mark is missing")
