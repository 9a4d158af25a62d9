import os

import pytest

from alas_manifest import ManifestError, dump, load, loads, read, read_file, validate

TEXT = '{"name": "a", "version": "1.0.0", "module": "a", "implementation": {"language": "alas"}}'


def test_text_and_bytes_are_the_same():
    assert loads(TEXT) == loads(TEXT.encode())


def test_errors_are_raised_together():
    with pytest.raises(ManifestError) as raised:
        loads('{"name": "A B", "version": "1"}', file="p.json")
    assert [finding.code for finding in raised.value.diagnostics] == [
        "missing_field", "missing_field", "invalid_name", "invalid_version"
    ]  # fmt: skip
    assert "p.json:1:10: error[invalid_name]" in str(raised.value)


def test_warnings_do_not_stop_reading():
    text = TEXT[:-1] + ', "authors": "Ada"}'
    assert loads(text).name == "a"
    reading = read(text)
    assert reading.manifest is not None
    assert [finding.code for finding in reading.diagnostics] == ["unknown_field"]
    assert read(text, strict=True).manifest is None


@pytest.mark.parametrize(
    ("text", "name"),
    [(TEXT, "a"), ('{"name": "a"}', "a"), ('{"name": "A B"}', None), ('{"name": 1}', None), ("{}", None), ("[", None), ("[]", None)],
)  # fmt: skip
def test_the_name_is_known_of_a_broken_manifest(text, name):
    assert read(text).name == name


def test_file_and_folder(tmp_path):
    dump(loads(TEXT), tmp_path / "plugin.json")
    assert load(tmp_path) == load(tmp_path / "plugin.json") == load(str(tmp_path)) == loads(TEXT)


def test_findings_name_the_file_as_it_was_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plugin.json").write_text("[]")
    assert read_file("./plugin.json").diagnostics[0].file == "./plugin.json"
    assert read_file(".").diagnostics[0].file == os.path.join(".", "plugin.json")  # noqa: PTH118 - Path drops the dot


def codes(path):
    return [(finding.code, finding.line, finding.column) for finding in read_file(path).diagnostics]


def test_absent_file(tmp_path):
    assert codes(tmp_path / "plugin.json") == [("file_not_found", 1, 1)]
    assert codes(tmp_path) == [("file_not_found", 1, 1)]
    with pytest.raises(ManifestError, match="file_not_found"):
        load(tmp_path)


def test_what_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert codes(tmp_path / "pipe") == [("io_error", 1, 1)]
    assert codes("/dev/zero") == [("io_error", 1, 1)]
    assert codes("nul\0byte") == [("io_error", 1, 1)]
    (tmp_path / "a").write_text("")
    assert codes(tmp_path / "a" / "b") == [("io_error", 1, 1)]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser reads everything")
def test_forbidden_file(tmp_path):
    (tmp_path / "plugin.json").write_text(TEXT)
    (tmp_path / "plugin.json").chmod(0)
    assert codes(tmp_path) == [("io_error", 1, 1)]


def test_no_descriptor_is_left_open(tmp_path):
    (tmp_path / "plugin.json").mkdir()
    before = os.listdir("/proc/self/fd")  # noqa: PTH208 - the list itself opens one
    for path in (tmp_path, tmp_path / "plugin.json", "/dev/zero"):
        read_file(path)
    assert os.listdir("/proc/self/fd") == before  # noqa: PTH208 - as above


def test_validate_returns_a_list():
    assert validate(TEXT) == []
