"""A plugin in a zip archive.

The library reads the directory of the archive; the data is unpacked here, because the library stops at the size that the
directory states, and so does not notice an archive that holds more. Everything that an archive says twice has to agree, and
no two files may share data, which is how small archives become huge.
"""

import errno
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from alas_installer._entry_names import EntryNames
from alas_installer._errors import InstallError
from alas_installer._limits import too_large
from alas_installer._sources import (
    PIECE,
    UNIX_KINDS,
    BoundedReader,
    FileEntry,
    damaged,
    pieces_of,
    wrong_kind,
)
from alas_manifest import ByteSize, quote_text

_LARGEST_DIRECTORY = 8 << 20
_LOCAL = struct.Struct("<4s5H3L2H")
_LOCAL_SIGNATURE = b"PK\3\4"
_END = struct.Struct("<4s4H2LH")
_END_SIGNATURE = b"PK\5\6"
_FIELD = struct.Struct("<2H")
# The field that gives an entry another name, and what in it stands before the name.
_UNICODE_PATH, _BEFORE_PATH = 0x7075, 5
_IN_ANOTHER_FIELD = 0xFFFFFFFF
_COUNT_IN_ANOTHER_FIELD = 0xFFFF
_ENCRYPTED, _DESCRIPTOR, _PATCH, _STRONG, _UTF8, _MASKED = 1, 8, 0x20, 0x40, 0x800, 0x2000


class ZipSource:
    """A zip archive that a plugin is installed from."""

    def __init__(self, path: Path, archive_bytes: int) -> None:
        """Take the archive and its size."""
        self.path = path
        self.archive_bytes = archive_bytes

    def files(self, names: EntryNames, scratch: Path) -> Iterator[FileEntry]:
        """Yield the files, in the order of the archive."""
        del scratch
        with self.path.open("rb") as stream:
            entries, start_of_directory = self._directory(stream)
            # What is wrong with any entry shows before the first is unpacked.
            paths = [self._path(entry, names) for entry in entries]
            starts = [self._data_start(stream, entry) for entry in entries]
            for index, (entry, start) in enumerate(zip(entries, starts, strict=True), start=1):
                end = entries[index].header_offset if index < len(entries) else start_of_directory
                if start + entry.compress_size > end:
                    raise damaged(
                        self.path, f"has data in common for {quote_text(entry.orig_filename)} and others"
                    )
            for entry, path, start in zip(entries, paths, starts, strict=True):
                if path and not _is_folder(entry):
                    yield FileEntry(path, self._unpack(stream, entry, start))

    def _directory(self, stream: BinaryIO) -> tuple[list[zipfile.ZipInfo], int]:
        """Return the entries in the order of their data, and where the directory behind them starts."""
        try:
            # Typed as a file, of which the library needs only what the reader has.
            archive = zipfile.ZipFile(cast("BinaryIO", BoundedReader(stream, _LARGEST_DIRECTORY)))
        except (ValueError, EOFError, struct.error, OverflowError, zipfile.BadZipFile) as error:
            raise damaged(self.path, f"is no zip archive, or is cut off: {error}") from None
        except NotImplementedError as error:
            raise damaged(self.path, f"needs a newer zip: {error}") from None
        except OSError as error:
            if error.errno not in (None, errno.EINVAL):
                raise
            raise damaged(self.path, "contradicts itself: its directory is not where it says") from None
        entries = sorted(archive.infolist(), key=lambda entry: entry.header_offset)
        self._check_end(stream, archive, len(entries))
        if entries and entries[0].header_offset != 0:
            raise damaged(self.path, "begins with data that is no part of it")
        return entries, archive.start_dir

    def _check_end(self, stream: BinaryIO, archive: zipfile.ZipFile, count: int) -> None:
        """Check that the archive ends where it says, with as many entries as it says."""
        stream.seek(-_END.size - len(archive.comment), 2)
        signature, disk, first_disk, here, stated, size, start, comment = _END.unpack(stream.read(_END.size))
        if signature != _END_SIGNATURE or comment != len(archive.comment):
            raise damaged(self.path, "has more data behind its end")
        if disk or first_disk or any(entry.volume for entry in archive.infolist()):
            raise damaged(self.path, "says that it is one of several parts")
        for number in (here, stated):
            if number not in (count, _COUNT_IN_ANOTHER_FIELD):
                raise damaged(self.path, f"contradicts itself: it states {number} entries and has {count}")
        if _IN_ANOTHER_FIELD not in (size, start) and start != archive.start_dir:
            raise damaged(self.path, "contradicts itself: its directory is not where it says")

    def _path(self, entry: zipfile.ZipInfo, names: EntryNames) -> str | None:
        # The library cuts the name off at a NUL, and keeps the original.
        name = entry.orig_filename
        if entry.flag_bits & (_ENCRYPTED | _STRONG | _MASKED):
            message = f"{quote_text(name)} in the archive {quote_text(str(self.path))} is encrypted"
            raise InstallError("archive_encrypted", message, "pack the plugin without a password")
        if not name.isascii() and not entry.flag_bits & _UTF8:
            message = f"the name {quote_text(name)} is not in UTF-8"
            raise InstallError(
                "entry_name", message, "pack the plugin with a tool that writes names in UTF-8"
            )
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind in UNIX_KINDS:
            raise wrong_kind(name, UNIX_KINDS[kind])
        is_folder = _is_folder(entry)
        if kind not in (0, stat.S_IFDIR if is_folder else stat.S_IFREG) or (is_folder and entry.file_size):
            raise damaged(self.path, f"says of {quote_text(name)} both that it is a file and a folder")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or entry.flag_bits & _PATCH:
            message = f"{quote_text(name)} is compressed by a method that is not supported"
            raise InstallError(
                "source_unsupported", message, "pack the plugin with the usual method, deflate"
            )
        if entry.file_size > names.limits.file_bytes:
            raise too_large(f"{quote_text(name)} is larger than {ByteSize(names.limits.file_bytes)}")
        return names.add(name, is_folder=is_folder)

    def _data_start(self, stream: BinaryIO, entry: zipfile.ZipInfo) -> int:
        """Return where the data of an entry starts, checking what stands before it against the directory."""
        name = quote_text(entry.orig_filename)
        stream.seek(entry.header_offset)
        header = stream.read(_LOCAL.size)
        if len(header) < _LOCAL.size or not header.startswith(_LOCAL_SIGNATURE):
            raise damaged(self.path, f"contradicts itself: {name} is not where it says")
        _, _, flags, method, _, _, crc, packed, size, name_length, extra_length = _LOCAL.unpack(header)
        local_name = stream.read(name_length).decode("utf-8" if flags & _UTF8 else "cp437", "surrogateescape")
        if local_name != entry.orig_filename:
            raise damaged(self.path, f"contradicts itself: {name} is also called {quote_text(local_name)}")
        for other in (*_paths_in(entry.extra), *_paths_in(stream.read(extra_length))):
            if other != entry.orig_filename.encode():
                shown = quote_text(other.decode(errors="surrogateescape"))
                raise damaged(self.path, f"contradicts itself: {name} is also called {shown}")
        stated = [(method, entry.compress_type), (flags & _ENCRYPTED, entry.flag_bits & _ENCRYPTED)]
        if not flags & _DESCRIPTOR:
            stated += [(crc, entry.CRC), (packed, entry.compress_size), (size, entry.file_size)]
        if any(local not in (central, _IN_ANOTHER_FIELD) for local, central in stated):
            raise damaged(self.path, f"contradicts itself about the size or method of {name}")
        return int(entry.header_offset + _LOCAL.size + name_length + extra_length)

    def _unpack(self, stream: BinaryIO, entry: zipfile.ZipInfo, start: int) -> Iterator[bytes]:
        """Yield the content of a file, and check it against what the archive says of it."""
        name = quote_text(entry.orig_filename)
        packed = pieces_of(stream, start, entry.compress_size)
        size = crc = 0
        try:
            for piece in packed if entry.compress_type == zipfile.ZIP_STORED else _inflate(packed):
                size += len(piece)
                crc = zlib.crc32(piece, crc)
                if size > entry.file_size:
                    break
                yield piece
        except (zlib.error, EOFError) as error:
            raise damaged(self.path, f"has damaged data for {name}: {error}") from None
        if size != entry.file_size:
            raise damaged(self.path, f"contradicts itself: {name} is not as large as it says")
        if crc != entry.CRC:
            raise damaged(self.path, f"has damaged data for {name}: its checksum differs")


def _paths_in(extra: bytes) -> Iterator[bytes]:
    """Yield the paths that the extra fields of an entry give it."""
    position = 0
    while position + _FIELD.size <= len(extra):
        kind, length = _FIELD.unpack_from(extra, position)
        position += _FIELD.size
        if kind == _UNICODE_PATH:
            yield extra[position + _BEFORE_PATH : position + length]
        position += length


def _is_folder(entry: zipfile.ZipInfo) -> bool:
    # Newer versions of the library take another name from the extra fields; here, the directory's own counts.
    return entry.orig_filename.endswith("/")


def _inflate(packed: Iterator[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in packed:
        waiting = piece
        while waiting and not inflater.eof:
            yield inflater.decompress(waiting, PIECE)
            waiting = inflater.unconsumed_tail
        if inflater.eof and (waiting or inflater.unused_data):
            raise EOFError("it goes on behind its end")
    # The last piece may have more to give than was asked for at once.
    while not inflater.eof:
        piece = inflater.decompress(b"", PIECE)
        if not piece:
            raise EOFError("it is cut off")
        yield piece
