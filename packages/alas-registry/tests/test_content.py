import hashlib
import os

import pytest

from alas_registry._content import parse_listing, read_content


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "plugin.json").write_bytes(b"{}")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_bytes(b"abc")
    return tmp_path


def test_the_listing_is_what_the_module_says(folder):
    def line(path, content):
        return f"{hashlib.sha256(content).hexdigest()} {len(content)} {len(path)} {path}\n"

    listing = "alas plugin content 1\n" + line("plugin.json", b"{}") + line("sub/a.txt", b"abc")
    assert read_content(folder).listing == listing.encode()
    assert read_content(folder).hash == hashlib.sha256(listing.encode()).hexdigest()


def test_times_permissions_and_empty_folders_do_not_count(folder):
    before = read_content(folder).hash
    os.utime(folder / "plugin.json", (1, 1))
    (folder / "plugin.json").chmod(0o600)
    (folder / "empty").mkdir()
    assert read_content(folder).hash == before


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "plugin.json").write_bytes(b"[]"),
        lambda folder: (folder / "added").write_bytes(b""),
        lambda folder: (folder / "sub" / "a.txt").unlink(),
        lambda folder: (folder / "plugin.json").rename(folder / "Plugin.json"),
        lambda folder: (folder / "link").symlink_to("plugin.json"),
        lambda folder: os.mkfifo(folder / "pipe"),
        lambda folder: (folder / "back\nslash").write_bytes(b""),
        lambda folder: (folder / os.fsdecode(b"\xff")).write_bytes(b""),
    ],
)
def test_everything_else_counts_and_reads_back(folder, change):
    before = read_content(folder).hash
    change(folder)
    content = read_content(folder)
    assert content.hash != before
    assert parse_listing(content.listing) == content


@pytest.mark.parametrize(
    "listing",
    [
        b"",
        b"alas plugin content 2\n",
        b"alas plugin content 1\nx",
        b"alas plugin content 1\nx 1 9 a\n",
        b"\xff",
    ],
)
def test_what_is_no_listing(listing):
    assert parse_listing(listing) is None


def test_a_file_cannot_pass_for_two(tmp_path):
    # The listing of one file whose name looks like a second line.
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    (tmp_path / "two" / "a").write_bytes(b"")
    (tmp_path / "two" / "b").write_bytes(b"")
    first, second = read_content(tmp_path / "two").listing.decode().splitlines()[1:]
    (tmp_path / "one" / f"a\n{second}").write_bytes(b"")
    assert first.endswith(" 0 1 a")
    assert read_content(tmp_path / "one").hash != read_content(tmp_path / "two").hash


def test_differences_are_named_in_order(folder):
    before = read_content(folder)
    (folder / "plugin.json").write_bytes(b"[]")
    (folder / "added").write_bytes(b"")
    (folder / "sub" / "a.txt").unlink()
    assert before.differences(read_content(folder)) == [
        "added `added`",
        "changed `plugin.json`",
        "removed `sub/a.txt`",
    ]
