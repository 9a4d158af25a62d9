"""Archives made to do harm: each is refused, and nothing is written but in the staging folder, which is empty afterwards."""

import contextlib
import gzip
import io
import os
import struct
import subprocess
import sys
import tarfile
import tracemalloc
import zipfile
import zlib

import pytest

from alas_installer import InstallError, Limits

CENTRAL, LOCAL, END = b"PK\1\2", b"PK\3\4", b"PK\5\6"


def tree(folder):
    return sorted(str(path) for path in folder.rglob("*"))


def refused(bench, path, limits=None):
    installer = bench.limited(limits) if limits is not None else bench.installer()
    before = tree(bench.folder)
    with pytest.raises(InstallError):
        installer.install(path)
    # Not even a home is left where there was none.
    assert tree(bench.folder) == before
    bench.installer().install(bench.plugin("first"))
    before = tree(bench.folder)
    with pytest.raises(InstallError) as caught:
        installer.install(path)
    assert tree(bench.folder) == before
    return caught.value


def entry(name, kind, **fields):
    info = tarfile.TarInfo(name)
    info.type = kind
    for key, value in fields.items():
        setattr(info, key, value)
    return info


def unix_entry(name, mode):
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = mode << 16
    return info


# --- Names ---

NAMES = [
    ("../evil", "entry_name"),
    ("a/../../evil", "entry_name"),
    ("a/..", "entry_name"),
    ("..", "entry_name"),
    ("/etc/evil", "entry_name"),
    ("//evil", "entry_name"),
    ("a//b", "entry_name"),
    ("a/./b", "entry_name"),
    ("a\\b", "entry_name"),
    ("..\\evil", "entry_name"),
    ("C:/evil", "entry_name"),
    ("C:evil", "entry_name"),
    ("stream:b", "entry_name"),
    ('a"b', "entry_name"),
    ("a<b", "entry_name"),
    ("sub/a>b", "entry_name"),
    ("a|b", "entry_name"),
    ("a?b", "entry_name"),
    ("sub*/b", "entry_name"),
    ("red\x1b[31m", "entry_name"),
    ("line\nbreak", "entry_name"),
    ("mirrored\u202egnp.exe", "entry_name"),
    ("hidden\u200b", "entry_name"),
    ("NUL", "entry_name"),
    ("sub/aux.json", "entry_name"),
    ("com1.txt", "entry_name"),
    ("dot./a", "entry_name"),
    ("space ", "entry_name"),
    (" space", "entry_name"),
    ("a" * 256, "too_large"),
    ("/".join(["a" * 100] * 6), "too_large"),
    ("a/" * 30 + "b", "too_large"),
    ("./" * 1000 + "a", "too_large"),
    ("Plugin.json", "entry_duplicate"),
    ("plugin.json", "entry_duplicate"),
    ("./plugin.json", "entry_duplicate"),
    ("plugin.json/a", "entry_duplicate"),
    ("PLUGIN.JSON/a", "entry_duplicate"),
]


@pytest.mark.parametrize(("name", "code"), NAMES)
@pytest.mark.parametrize("form", ["zip", "tar"])
def test_names(bench, form, name, code):
    with (
        pytest.warns(UserWarning, match="Duplicate")
        if (form, name) == ("zip", "plugin.json")
        else contextlib.nullcontext()
    ):
        path = getattr(bench, form)([*bench.files().items(), (name, b"x")])
    assert refused(bench, path).code == code


# Two files that are left out do no harm.
@pytest.mark.parametrize(("name", "code"), [case for case in NAMES if case[1] != "entry_duplicate"])
def test_names_of_what_is_left_out(bench, name, code):
    path = bench.tar([*bench.files().items(), (f".git/{name}", b"x")])
    assert refused(bench, path).code in (code, "entry_name")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the names of files are not up to the locale")
def test_names_that_this_system_cannot_have(bench):
    path = bench.tar([*bench.files().items(), ("図", b"x")])
    program = "import sys, alas_installer as ai\nai.Installer(sys.argv[1], alas_version='0.1.0').install(sys.argv[2])"
    done = subprocess.run(
        [sys.executable, "-c", program, bench.home, path],
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (
        "InstallError: the path `\\u56f3` cannot be written on this system, whose names are ascii"
        in done.stderr
    )
    assert not bench.home.exists()


@pytest.mark.parametrize("form", ["zip", "tar"])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("README", "readme"),
        ("straße", "STRASSE"),
        ("\u00e9", "e\u0301"),
        ("\u00c9", "e\u0301"),
        ("Sub/a", "sub/b"),
        ("a", "a/b"),
        ("a/b", "a"),
        ("a/b/c", "a/B"),
    ],
)
def test_names_that_some_systems_take_for_the_same(bench, form, first, second):
    path = getattr(bench, form)([*bench.files().items(), (first, b"x"), (second, b"x")])
    assert refused(bench, path).code == "entry_duplicate"


def test_a_nul_in_a_name(bench):
    data = bench.zip([*bench.files().items(), ("a_b", b"x")]).read_bytes()
    path = bench.folder / "nul.zip"
    path.write_bytes(data.replace(b"a_b", b"a\0b"))
    assert refused(bench, path).code == "entry_name"
    path = bench.tar([*bench.files().items(), (entry("x", b"0", pax_headers={"path": "a\0b"}), b"")])
    assert refused(bench, path).code == "entry_name"


def test_names_that_are_no_utf8(bench):
    data = bench.zip([*bench.files().items(), ("a_b", b"x")]).read_bytes()
    path = bench.folder / "latin.zip"
    path.write_bytes(data.replace(b"a_b", b"a\xe9b"))
    assert refused(bench, path).code == "entry_name"
    path = bench.tar(
        [*bench.files().items(), ("a\xe9b", b"x")], format=tarfile.USTAR_FORMAT, encoding="latin-1"
    )
    assert refused(bench, path).code == "entry_name"


# --- Kinds ---

TAR_KINDS = {
    "link": entry("odd", tarfile.SYMTYPE, linkname="plugin.json"),
    "link out": entry("odd", tarfile.SYMTYPE, linkname="/etc/passwd"),
    "hard link": entry("odd", tarfile.LNKTYPE, linkname="plugin.json"),
    "character device": entry("odd", tarfile.CHRTYPE, devmajor=1, devminor=3),
    "block device": entry("odd", tarfile.BLKTYPE),
    "pipe": entry("odd", tarfile.FIFOTYPE),
    "contiguous": entry("odd", tarfile.CONTTYPE),
    "unknown": entry("odd", b"Z"),
}


@pytest.mark.parametrize("kind", TAR_KINDS)
def test_kinds_in_a_tar(bench, kind):
    path = bench.tar([*bench.files().items(), (TAR_KINDS[kind], None)])
    error = refused(bench, path)
    assert (error.code, "`odd`" in error.message) == ("entry_kind", True)


@pytest.mark.parametrize("mode", [0o120777, 0o010644, 0o140644, 0o020644, 0o060644])
def test_kinds_in_a_zip(bench, mode):
    path = bench.zip([*bench.files().items(), (unix_entry("odd", mode), b"plugin.json")])
    error = refused(bench, path)
    assert (error.code, "`odd`" in error.message) == ("entry_kind", True)


def test_a_link_as_a_folder_in_the_way(bench):
    out = bench.folder / "out"
    out.mkdir()
    entries = [
        *bench.files().items(),
        (entry("a", tarfile.SYMTYPE, linkname=str(out)), None),
        ("a/evil", b"x"),
    ]
    assert refused(bench, bench.tar(entries)).code == "entry_kind"


@pytest.mark.parametrize(
    ("name", "mode", "content"), [("a", 0o040755, b""), ("a/", 0o100644, b""), ("a/", 0o040755, b"x")]
)
def test_a_file_that_says_it_is_a_folder(bench, name, mode, content):
    path = bench.zip([*bench.files().items(), (unix_entry(name, mode), content)])
    assert refused(bench, path).code == "archive_damaged"


def test_sparse_files(bench):
    headers = {
        "GNU.sparse.major": "1",
        "GNU.sparse.minor": "0",
        "GNU.sparse.name": "odd",
        "GNU.sparse.realsize": "9",
    }
    content = b"1\n0\n9\n".ljust(512, b"\0") + b"123456789"
    path = bench.tar([*bench.files().items(), (entry("odd", b"0", pax_headers=headers), content)])
    assert refused(bench, path).code in ("entry_kind", "archive_damaged")
    path = bench.tar([*bench.files().items(), (entry("odd", b"S"), b"")])
    assert refused(bench, path).code == "entry_kind"


@pytest.mark.parametrize(
    "headers", [{"size": "1"}, {"hdrcharset": "BINARY"}, {"linkpath": "/etc"}, {"new": "x"}]
)
def test_headers_that_say_something_else(bench, headers):
    path = bench.tar([*bench.files().items(), (entry("odd", b"0", pax_headers=headers), b"12345")])
    assert refused(bench, path).code == "archive_damaged"


@pytest.mark.parametrize("headers", [{"path": "evil"}, {"size": "1"}, {"uid": "7"}])
def test_headers_for_all_files(bench, headers):
    path = bench.tar(bench.files().items(), pax_headers=headers)
    assert refused(bench, path).code == "archive_damaged"


# --- Sizes ---


@pytest.mark.parametrize("form", ["zip", "tar"])
@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(total_bytes=2000), "together"),
        (Limits(file_bytes=1000), "`large`"),
        (Limits(entries=2), "more than 2"),
        (Limits(depth=1), "nested deeper"),
        (Limits(archive_bytes=100), "archive is larger"),
        (Limits(ratio=2, ratio_free_bytes=1000), "2 times larger"),
    ],
)
def test_limits(bench, form, limits, said):
    path = getattr(bench, form)(
        [*bench.files().items(), ("sub/a", b"x"), ("large", b"\0" * 4000)],
        **{"compression": 8} if form == "zip" else {},
    )
    error = refused(bench, path, limits)
    assert error.code == "too_large"
    assert said in error.message or "unpacks to more" in error.message


@pytest.mark.parametrize(
    "limits",
    [
        Limits(total_bytes=2000),
        Limits(file_bytes=1000),
        Limits(entries=2),
        Limits(depth=1),
        Limits(path_bytes=3),
    ],
)
def test_limits_hold_for_folders_too(bench, limits):
    source = bench.plugin(extra={"sub/a": b"", "large": b"\0" * 4000})
    assert refused(bench, source, limits).code == "too_large"


@pytest.mark.parametrize("form", ["zip", "tar"])
def test_folders_without_entries_of_their_own_count(bench, form):
    """A file can stand in many folders, all of which have to be made."""
    deep = "/".join("abcde")
    path = getattr(bench, form)([*bench.files().items(), (f"{deep}/1", b""), (f"{deep}/2", b"")])
    assert refused(bench, path, Limits(entries=8)).code == "too_large"
    bench.limited(Limits(entries=9)).install(path)


@pytest.mark.parametrize("form", ["zip", "tar"])
@pytest.mark.parametrize("order", ["folder first", "file first"])
def test_folders_count_once(bench, form, order):
    folder = "a/" if form == "zip" else entry("a", tarfile.DIRTYPE)
    entries = [(folder, b""), ("a/b", b"")]
    path = getattr(bench, form)(
        [*bench.files().items(), *(entries if order == "folder first" else entries[::-1])]
    )
    assert refused(bench, path, Limits(entries=3)).code == "too_large"
    bench.limited(Limits(entries=4)).install(path)


@pytest.mark.parametrize("form", ["zip", "tar"])
def test_bombs_take_neither_memory_nor_disk(bench, form):
    large = b"\0" * (64 << 20)
    path = getattr(bench, form)(
        [*bench.files().items(), ("bomb", large)], **{"compression": 8} if form == "zip" else {}
    )
    del large
    tracemalloc.start()
    try:
        with pytest.raises(InstallError) as caught:
            bench.installer().install(path)
        assert caught.value.code == "too_large"
        assert tracemalloc.get_traced_memory()[1] < 16 << 20
    finally:
        tracemalloc.stop()


def test_a_header_that_claims_gigabytes(bench):
    bomb = tarfile.TarInfo("././@LongLink")
    bomb.type, bomb.size = tarfile.GNUTYPE_LONGNAME, 8 << 30
    path = bench.folder / "header.tar.gz"
    path.write_bytes(gzip.compress(bomb.tobuf(tarfile.GNU_FORMAT) + bytes(2 << 20)))
    assert refused(bench, path).code == "too_large"


def test_a_thousand_headers_for_one_file(bench):
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 2
    path = bench.folder / "headers.tar.gz"
    path.write_bytes(gzip.compress((header.tobuf() + b"a".ljust(512, b"\0")) * 5000 + bytes(1024)))
    assert refused(bench, path).code == "archive_damaged"


@pytest.mark.parametrize("size", [b"\xff" * 12, b"\x80" + b"\0" * 6 + b"\xff" * 5])
def test_sizes_that_no_file_has(bench, size):
    header = bytearray(tarfile.TarInfo("a").tobuf())
    header[124:136] = size
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    path = bench.folder / "size.tar.gz"
    path.write_bytes(gzip.compress(bytes(header) + bytes(1024)))
    assert refused(bench, path).code == "archive_damaged"


def test_a_directory_of_a_million_entries(bench):
    record = struct.pack("<4s6H3L5H2L", CENTRAL, 20, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    directory = record * 200_000
    end = struct.pack("<4s4H2LH", END, 0, 0, 0xFFFF, 0xFFFF, len(directory), 0, 0)
    path = bench.folder / "many.zip"
    path.write_bytes(directory + end)
    assert refused(bench, path).code == "too_large"


# --- Damage and lies ---


def usual_zip(bench, **options):
    return bench.zip(bench.files().items(), **options).read_bytes()


def usual_tar(bench):
    return gzip.decompress(bench.tar(bench.files().items()).read_bytes())


def patched(data, signature, offset, value, occurrence=0):
    """Change bytes behind the start of a header."""
    at = -1
    for _ in range(occurrence + 1):
        at = data.index(signature, at + 1)
    at += offset
    return data[:at] + value + data[at + len(value) :]


ZIP_DAMAGE = {
    "empty": lambda data: data[:0],
    "no archive": lambda data: b"x" * len(data),
    "half": lambda data: data[: len(data) // 2],
    "without its end": lambda data: data[:-1],
    "with more at the end": lambda data: data + b"x",
    "with more at the start": lambda data: b"x" * 10 + data,
    "checksum": lambda data: patched(patched(data, CENTRAL, 16, b"\0\0\0\0"), LOCAL, 14, b"\0\0\0\0"),
    "checksum in one place": lambda data: patched(data, LOCAL, 14, b"\0\0\0\0"),
    "size in one place": lambda data: patched(data, CENTRAL, 24, b"\1\0\0\0"),
    "smaller than it is": lambda data: patched(
        patched(data, CENTRAL, 24, b"\1\0\0\0"), LOCAL, 22, b"\1\0\0\0"
    ),
    "larger than it is": lambda data: patched(
        patched(data, CENTRAL, 24, b"\0\x0f\0\0"), LOCAL, 22, b"\0\x0f\0\0"
    ),
    "packed size": lambda data: patched(patched(data, CENTRAL, 20, b"\1\0\0\0"), LOCAL, 18, b"\1\0\0\0"),
    "packed size of gigabytes": lambda data: patched(
        patched(data, CENTRAL, 20, b"\0\0\0\x7f"), LOCAL, 18, b"\0\0\0\x7f"
    ),
    "two names": lambda data: patched(data, LOCAL, 30, b"Q"),
    "two methods": lambda data: patched(data, LOCAL, 8, b"\0\0"),
    "nowhere": lambda data: patched(data, CENTRAL, 42, b"\x05\0\0\0", 1),
    "same data twice": lambda data: patched(data, CENTRAL, 42, b"\0\0\0\0", 1),
    "number of entries": lambda data: patched(data, END, 8, b"\x07\0\x07\0"),
    "where the directory is": lambda data: patched(data, END, 16, b"\x01\0\0\0"),
    "number of entries here": lambda data: patched(data, END, 8, b"\x07\0"),
    "one of several parts": lambda data: patched(data, END, 4, b"\1\0"),
    "begins in another part": lambda data: patched(data, END, 6, b"\1\0"),
    "an entry in another part": lambda data: patched(data, CENTRAL, 34, b"\1\0"),
    "size of the directory": lambda data: patched(data, END, 12, b"\x01\0\0\0"),
    "version": lambda data: patched(data, CENTRAL, 6, b"\xff\0"),
}


@pytest.mark.parametrize("damage", ZIP_DAMAGE)
def test_damaged_zips(bench, damage):
    path = bench.folder / "damaged.zip"
    path.write_bytes(ZIP_DAMAGE[damage](usual_zip(bench, compression=8)))
    assert refused(bench, path).code == "archive_damaged"


def test_a_zip_cut_anywhere(bench):
    data = usual_zip(bench, compression=8)
    path = bench.folder / "cut.zip"
    bench.installer().install(bench.plugin("first"))
    for length in range(0, len(data), 7):
        path.write_bytes(data[:length])
        with pytest.raises(InstallError) as caught:
            bench.installer().install(path)
        assert caught.value.code == "archive_damaged"


def test_a_zip_with_any_byte_changed_is_refused_or_harmless(bench):
    data = usual_zip(bench, compression=8)
    path = bench.folder / "changed.zip"
    for position in range(0, len(data), 3):
        path.write_bytes(data[:position] + bytes([data[position] ^ 0x55]) + data[position + 1 :])
        try:
            bench.installer().install(path)
        except InstallError:
            continue
        # Dates and the like.
        assert bench.seen() == {"my-plugin": ("1.0.0", "1.0.0")}


@pytest.mark.parametrize(("offset", "value"), [(8, b"\1\0"), (8, b"\x40\0"), (8, b"\0\x20")])
def test_encrypted_zips(bench, offset, value):
    path = bench.folder / "encrypted.zip"
    path.write_bytes(patched(usual_zip(bench), CENTRAL, offset, value))
    assert refused(bench, path).code == "archive_encrypted"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_methods_in_a_zip(bench, method):
    path = bench.zip(bench.files().items(), compression=method)
    assert refused(bench, path).code == "source_unsupported"


def test_overlapping_data(bench):
    """Two entries, one of which has the header and data of the other as its own data."""
    inner = bench.zip([("inner", zlib.compress(b"x"))], "inner.zip").read_bytes()
    data = bench.zip([*bench.files().items(), ("outer", inner), ("other", b"")]).read_bytes()
    inside = data.index(inner)
    path = bench.folder / "overlap.zip"
    directory = data.rindex(CENTRAL)
    path.write_bytes(data[: directory + 42] + struct.pack("<L", inside) + data[directory + 46 :])
    assert refused(bench, path).code == "archive_damaged"


TAR_DAMAGE = {
    "empty": lambda data: data[:0],
    "no archive": lambda data: b"x" * len(data),
    "half": lambda data: data[: len(data) // 20],
    "without its end mark": lambda data: data.rstrip(b"\0").ljust(1024 * 2, b"\0"),
    "with more at the end": lambda data: data + b"x",
    "a damaged header": lambda data: data.replace(b"my_plugin.alas.json", b"my_plugin.Alas.json", 1),
}


@pytest.mark.parametrize("damage", TAR_DAMAGE)
def test_damaged_tars(bench, damage):
    path = bench.folder / "damaged.tar.gz"
    path.write_bytes(gzip.compress(TAR_DAMAGE[damage](usual_tar(bench))))
    assert refused(bench, path).code == "archive_damaged"


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:0],
        lambda data: data[:-1],
        lambda data: data[: len(data) // 2],
        lambda data: data + b"x",
        lambda data: data[:-8] + b"\0\0\0\0" + data[-4:],
        lambda data: data[:-4] + b"\0\0\0\0",
        gzip.decompress,
    ],
)
def test_damaged_packing(bench, damage):
    path = bench.tar(bench.files().items())
    path.write_bytes(damage(path.read_bytes()))
    assert refused(bench, path).code == "archive_damaged"


def test_a_tar_cut_anywhere(bench):
    data = usual_tar(bench)
    end = len(data.rstrip(b"\0"))
    path = bench.folder / "cut.tar.gz"
    bench.installer().install(bench.plugin("first"))
    for length in range(0, end, 97):
        path.write_bytes(gzip.compress(data[:length], 1))
        with pytest.raises(InstallError) as caught:
            bench.installer().install(path)
        assert caught.value.code == "archive_damaged"


def test_a_zip_that_is_called_tar_and_the_other_way_round(bench):
    path = bench.folder / "plugin.tar.gz"
    path.write_bytes(usual_zip(bench))
    assert refused(bench, path).code == "archive_damaged"
    path = bench.folder / "plugin.zip"
    path.write_bytes(gzip.compress(usual_tar(bench)))
    assert refused(bench, path).code == "archive_damaged"


@pytest.mark.parametrize("place", ["both", "directory", "before the data"])
@pytest.mark.parametrize(
    ("name", "other"), [("file", b"evil"), ("file", b"file/"), ("folder/", b"folder"), ("file", b"\xff")]
)
def test_another_name_in_an_extra_field_of_a_zip(bench, name, other, place):
    """Newer versions of the library, and other tools, believe it."""
    info = zipfile.ZipInfo(name)
    info.extra = struct.pack("<HHBL", 0x7075, 5 + len(other), 1, zlib.crc32(name.encode())) + other
    path = bench.zip([*bench.files().items(), (info, b"")])
    if place != "both":
        kept = {"directory": 0, "before the data": 1}[place]
        parts = path.read_bytes().split(b"up", 2)
        path.write_bytes(parts[0] + (b"up", b"xx")[kept == 0] + parts[1] + (b"up", b"xx")[kept] + parts[2])
    assert refused(bench, path).code == "archive_damaged"


def test_the_same_name_in_an_extra_field_of_a_zip(bench):
    info = zipfile.ZipInfo("file")
    info.extra = struct.pack("<HHBL", 0x7075, 9, 1, zlib.crc32(b"file")) + b"file"
    bench.installer().install(bench.zip([*bench.files().items(), (info, b"")]))
    assert (bench.plugins / "my-plugin" / "file").is_file()


def test_streamed_zips_are_taken(bench):
    """Sizes that stand behind the data, as tools write them that cannot go back."""

    class Stream(io.RawIOBase):
        def __init__(self):
            self.data = b""

        def writable(self):
            return True

        def write(self, data):
            self.data += bytes(data)
            return len(data)

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in bench.files().items():
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as file:
                file.write(content)
    path = bench.folder / "streamed.zip"
    path.write_bytes(stream.data)
    assert bench.installer().install(path).changes[0].action == "installed"
