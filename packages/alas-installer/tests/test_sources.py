"""What the user may name, and what the same plugin in another form comes to."""

import os
import socket
import tarfile

import pytest

from alas_installer import InstallError, Settings
from alas_registry.installed import read_content


def refused(bench, path):
    with pytest.raises(InstallError) as caught:
        bench.installer().install(path)
    assert bench.leftovers() == []
    return caught.value


def packed(bench, form):
    """The usual plugin in several forms."""
    inside = list(bench.files().items())
    nested = [("my-plugin-1.0.0/", b""), *((f"my-plugin-1.0.0/{name}", content) for name, content in inside)]
    folder = tarfile.TarInfo("./")
    folder.type = tarfile.DIRTYPE
    return {
        "folder": bench.plugin,
        "manifest": lambda: bench.plugin() / "plugin.json",
        "link to a folder": lambda: _link(bench),
        "zip": lambda: bench.zip(inside),
        "zip, in capitals": lambda: bench.zip(inside, "PLUGIN.ZIP"),
        "zip, packed": lambda: bench.zip(inside, compression=8),
        "zip, in a folder": lambda: bench.zip(nested, compression=8),
        "zip, from a Mac": lambda: bench.zip([*nested, ("__MACOSX/my-plugin/._plugin.json", b"x")]),
        "tar.gz": lambda: bench.tar(inside),
        "tgz": lambda: bench.tar(inside, "plugin.tgz"),
        "tar, GNU": lambda: bench.tar(inside, format=tarfile.GNU_FORMAT),
        "tar, USTAR": lambda: bench.tar(inside, format=tarfile.USTAR_FORMAT),
        "tar, POSIX": lambda: bench.tar([(_with_times(name), content) for name, content in inside]),
        "tar of a dot": lambda: bench.tar([(folder, None), *((f"./{name}", data) for name, data in inside)]),
        "tar, in a folder": lambda: bench.tar(nested[1:]),
        "tar, from a Mac": lambda: bench.tar(_from_a_mac(bench)),
        "zip, from a Mac, without a folder for it": lambda: bench.zip(_from_a_mac(bench)),
        "tar, from a forge": lambda: bench.tar(nested[1:], pax_headers={"comment": "a" * 40}),
    }[form]()


def _from_a_mac(bench):
    """The usual plugin in a folder, as a Mac packs it: each file and folder comes with one that its name begins with `._`."""
    beside = [("._my-plugin", b"x"), ("my-plugin/._plugin.json", b"x")]
    return [*beside, *((f"my-plugin/{name}", content) for name, content in bench.files().items())]


def _link(bench):
    link = bench.folder / "link"
    link.symlink_to(bench.plugin())
    return link


def _with_times(name):
    info = tarfile.TarInfo(name)
    info.mtime = 1.5
    info.pax_headers = {"LIBARCHIVE.creationtime": "1.5", "SCHILY.xattr.user.x": "y"}
    return info


FORMS = (
    "folder", "manifest", "link to a folder", "zip", "zip, in capitals", "zip, packed", "zip, in a folder", "zip, from a Mac",
    "zip, from a Mac, without a folder for it", "tar.gz", "tgz", "tar, GNU", "tar, USTAR", "tar, POSIX", "tar of a dot",
    "tar, in a folder", "tar, from a Mac", "tar, from a forge",
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_comes_to_the_same(bench, form):
    [change] = bench.installer().install(packed(bench, form)).changes
    assert bench.seen() == {"my-plugin": ("1.0.0", "1.0.0")}
    [again] = bench.installer().install(bench.plugin(at="as a folder")).changes
    assert (again.action, again.hash) == ("unchanged", change.hash)


@pytest.mark.parametrize(
    ("form", "name", "message", "advice"),
    [
        ("zip", "p.tar.gz", "is a zip archive, whatever its name says", "give it a name that ends with .zip"),
        ("tar", "p.zip", "is packed with gzip, whatever its name says", "give it a name that ends with .tar.gz"),
    ],
)  # fmt: skip
def test_an_archive_under_the_name_of_another_kind(bench, form, name, message, advice):
    error = refused(bench, getattr(bench, form)(bench.files().items(), name))
    assert (error.code, error.help) == ("archive_damaged", advice)
    assert error.message.endswith(message)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"text", "is not packed with gzip, or has damaged data"),
        (b"", "is cut off"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "is cut off"),
    ],
)
def test_what_is_no_gzip(bench, content, message):
    path = bench.folder / "p.tgz"
    path.write_bytes(content)
    error = refused(bench, path)
    assert error.code == "archive_damaged"
    assert message in error.message


def test_the_path_of_a_long_name_in_a_tar(bench):
    name = "/".join(["a" * 60] * 4)
    path = bench.tar([*bench.files().items(), (name, b"deep")], format=tarfile.GNU_FORMAT)
    bench.installer().install(path)
    assert (bench.plugins / "my-plugin" / name).read_bytes() == b"deep"


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("absent", "source_not_found", "there is no file or folder `absent`"),
        ("", "source_not_found", "there is no file or folder an empty text"),
        ("a\0b", "source_not_found", "there is no file or folder"),
        ("made/my-plugn", "source_not_found", "did you mean `made/my-plugin`?"),
        ("made/my-plugin/plugin.json/x", "source_not_found", "there is no file or folder"),
        ("https://example.org/p.zip", "source_unsupported", "download it first"),
        ("git@example.org:p.git", "source_unsupported", "download it first"),
        (
            "plugin.7z",
            "source_unsupported",
            "a .7z file; plugins are installed from a folder, a .zip or a .tar.gz",
        ),
        ("plugin.tar", "source_unsupported", "a .tar file"),
        ("plugin.tar.xz", "source_unsupported", "a .tar.xz file"),
        ("text", "source_unsupported", "a file of another kind"),
        (
            "made/my-plugin/my_plugin.alas.json",
            "source_unsupported",
            "name the folder of the plugin: made/my-plugin",
        ),
        ("pipe", "source_unsupported", "neither a file nor a folder"),
        ("pipe.zip", "source_unsupported", "neither a file nor a folder"),
        ("empty", "not_a_plugin", "it holds no plugin.json"),
        ("made", "not_a_plugin", "holds plugins: my-plugin; alas-plugin install made/my-plugin"),
    ],
)
def test_mistaken_names(bench, monkeypatch, name, code, said):
    monkeypatch.chdir(bench.folder)
    bench.plugin(at="my-plugin")
    (bench.folder / "empty").mkdir()
    for pipe in ("pipe", "pipe.zip"):
        os.mkfifo(bench.folder / pipe)
    for file in ("plugin.7z", "plugin.tar", "plugin.tar.xz", "text"):
        (bench.folder / file).write_bytes(b"")
    error = refused(bench, name)
    assert error.code == code
    assert said in str(error)


def test_an_archive_of_several_plugins(bench):
    error = refused(bench, bench.zip([(f"{name}/plugin.json", b"{}") for name in "ab"]))
    assert error.code == "not_a_plugin"
    assert "holds plugins: a, b; an archive holds one plugin" in str(error)


@pytest.mark.parametrize("names", [[], ["a"], ["a/b/plugin.json"], ["a/plugin.json", "b"], ["PLUGIN.JSON"]])
@pytest.mark.parametrize("form", ["zip", "tar"])
def test_an_archive_without_a_plugin(bench, form, names):
    error = refused(bench, getattr(bench, form)([(name, b"{}") for name in names]))
    assert error.code == "not_a_plugin"


@pytest.mark.parametrize("kind", ["link", "link inside", "link to a folder", "pipe", "socket"])
def test_special_files_in_a_folder(bench, kind):
    source = bench.plugin(extra={"sub/file": b""})
    odd = source / "sub" / "odd"
    if kind == "pipe":
        os.mkfifo(odd)
    elif kind == "socket":
        here = os.open(".", os.O_RDONLY)
        os.chdir(odd.parent)
        with socket.socket(socket.AF_UNIX) as one:
            one.bind("odd")
        os.fchdir(here)
        os.close(here)
    else:
        odd.symlink_to({"link": "/etc/passwd", "link inside": "file", "link to a folder": "."}[kind])
    error = refused(bench, source)
    assert error.code == "entry_kind"
    assert error.message.startswith(f"the plugin in `{source}`: `sub/odd` is a")
    assert bench.seen() == {}


def test_a_link_to_the_manifest(bench):
    source = bench.plugin()
    (source / "plugin.json").rename(source / "real.json")
    (source / "plugin.json").symlink_to("real.json")
    assert refused(bench, source).code == "entry_kind"


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read(bench):
    source = bench.plugin(extra={"secret": b""})
    (source / "secret").chmod(0)
    error = refused(bench, source)
    assert (error.code, "secret" in error.message) == ("io_error", True)


@pytest.mark.parametrize(
    "name", ["con.txt", "a:b", "end.", "e" * 250 + "é" * 3, "esc\x1b[31m", os.fsdecode(b"\xff")]
)
def test_names_in_a_folder_that_not_every_system_has(bench, name):
    source = bench.plugin()
    try:
        (source / name).write_bytes(b"")
    except (OSError, UnicodeEncodeError):
        pytest.skip("this system has no such names either")
    assert refused(bench, source).code in ("entry_name", "too_large")


def test_names_in_a_folder_that_differ_by_case(bench):
    source = bench.plugin(extra={"README": b"", "Readme": b""})
    if len(list(source.glob("R*"))) < 2:
        pytest.skip("this file system takes them for the same")
    assert refused(bench, source).code == "entry_duplicate"


@pytest.mark.parametrize(
    ("change", "code"),
    [("gone", "io_error"), ("link", "entry_kind"), ("longer", None), ("another", "plugin_invalid")],
)
def test_a_folder_that_changes_while_it_is_copied(bench, change, code):
    source = bench.plugin(extra={"a": b"1", "b": b"1"})
    done = []

    def meddle(_source, _count):
        if not done and not done.append(1):
            file = source / "b"
            if change in ("gone", "link"):
                file.unlink()
            if change == "link":
                file.symlink_to("/etc/passwd")
            elif change == "longer":
                file.write_bytes(b"1" * 10_000)
            elif change == "another":
                (source / "plugin.json").write_bytes(b"[]")

    installer = bench.installer(settings=Settings(on_copy=meddle))
    if code is None:
        [installed] = installer.install(source).changes
        assert read_content(bench.plugins / "my-plugin").hash == installed.hash
    else:
        with pytest.raises(InstallError) as caught:
            installer.install(source)
        assert caught.value.code == code
        assert bench.seen() == {}
    assert bench.leftovers() == []
