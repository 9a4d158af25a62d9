import os
import re
from pathlib import Path

import pytest

from alas_registry import (
    SETTINGS_CODES,
    GrantSettings,
    LimitSettings,
    SettingsError,
    alas_home,
    read_settings,
)


class Home:
    """A home with settings, and a project beside it."""

    def __init__(self, folder):
        self.folder = folder / "home"
        self.project = folder / "project"
        self.folder.mkdir()
        self.project.mkdir()
        self.environ = {"ALAS_HOME": str(self.folder), "HOME": "/home/ada"}

    def config(self, content):
        return write(self.folder / "config.toml", content)

    def alas(self, content):
        return write(self.project / "alas.toml", content)

    def read(self):
        return read_settings(self.environ, self.project)

    def findings(self):
        """The findings, each as `FILE:LINE:COLUMN: SEVERITY[CODE]: MESSAGE`, with the help behind `|`."""
        try:
            diagnostics = self.read().warnings
        except SettingsError as error:
            diagnostics = error.diagnostics
        return [re.sub(r"\n *help: ", " | ", str(one)) for one in diagnostics]


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


def test_without_files(home):
    settings = home.read()
    assert (settings.home, settings.files, settings.plugin_paths) == (home.folder, (), ())
    log = settings.log
    assert (log.file, log.level, log.system) == (home.folder / "logs/plugins.log", "info", None)
    assert (log.max_size, log.max_files) == (1_000_000, 5)


def test_everything(home):
    config = home.config("""
[plugins]
paths = ["extras", "~/more", "/opt/plugins", '~']

[log]
file = "~/alas.log"
level = "warning"
system = false
max_size = "64KiB"
max_files = 3
""")
    settings = home.read()
    assert [(str(path.path), path.origin) for path in settings.plugin_paths] == [
        (str(home.folder / "extras"), str(config)),
        ("/home/ada/more", str(config)),
        ("/opt/plugins", str(config)),
        ("/home/ada", str(config)),
    ]
    log = settings.log
    assert (str(log.file), log.level, log.system) == ("/home/ada/alas.log", "warning", False)
    assert (log.max_size, log.max_files) == (65536, 3)
    assert settings.files == (config,)


def test_the_project_wins_key_by_key(home):
    config = home.config('[plugins]\npaths = ["mine"]\n[log]\nlevel = "error"\nmax_files = 2\n')
    alas = home.alas('[plugins]\npaths = ["theirs"]\n[log]\nlevel = "debug"\nfile = "logs/alas.log"\n')
    settings = home.read()
    assert [path.path for path in settings.plugin_paths] == [home.project / "theirs", home.folder / "mine"]
    assert (settings.log.level, settings.log.max_files) == ("debug", 2)
    assert settings.log.file == home.project / "logs/alas.log"
    assert settings.files == (alas, config)


def test_folders_above_are_not_searched(home):
    home.alas('[log]\nlevel = "debug"\n')
    below = home.project / "below"
    below.mkdir()
    assert read_settings(home.environ, below).files == ()


def test_the_current_folder(home, monkeypatch):
    home.alas('[log]\nlevel = "debug"\n')
    monkeypatch.chdir(home.project)
    assert read_settings(home.environ).log.level == "debug"
    monkeypatch.setenv("ALAS_HOME", str(home.folder))
    assert read_settings().log.level == "debug"


def test_the_current_folder_is_gone(home, tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert read_settings(home.environ).files == ()


WRONG = [
    # What nothing reads.
    (
        '[plugin]\npaths = ["a"]',
        ["1:1: warning[unknown_field]: nothing reads `plugin` | did you mean `plugins`?"],
    ),
    (
        "[log]\n\n  levels = 3",
        ["3:3: warning[unknown_field]: `log` has no key `levels` | did you mean `level`?"],
    ),
    (
        'level = "debug"',
        ["1:1: warning[unknown_field]: nothing reads `level` | it belongs into the table [log]"],
    ),
    (
        "[zebra]",
        ["1:1: warning[unknown_field]: nothing reads `zebra` | there is plugins, log, limits, grants"],
    ),
    ("[x-tool]\na = 1\n[log]\nx-mine = 2", []),
    # The wrong kind.
    (
        "plugins = 3",
        [
            (
                "1:11: error[wrong_kind]: expected the table `[plugins]`, found the number 3 | "
                "write [plugins] on a line of its own"
            )
        ],
    ),
    (
        '[plugins]\npaths = "extras"',
        [
            (
                "2:9: error[wrong_kind]: `plugins.paths`: expected an array of folders, found the text `extras` | "
                'write paths = ["extras"]'
            )
        ],
    ),
    (
        '[plugins]\npaths = [\n  "a",\n  3,\n  "",\n  "\\u0000"\n]',
        [
            "2:9: error[wrong_kind]: `plugins.paths[1]`: expected a path in quotation marks, found the number 3",
            "2:9: error[invalid_path]: `plugins.paths[2]`: expected a path, found an empty text",
            "2:9: error[invalid_path]: `plugins.paths[3]`: expected a path, found `\\x00`",
        ],
    ),
    (
        '[plugins]\nnative = "isolated"',
        [
            (
                "2:10: error[unenforceable]: `plugins.native`: native code cannot be isolated yet: this version runs it in the "
                'process itself | write "refused" to load no plugin that has any, or "trusted" to let it do all that you may do'
            )
        ],
    ),
    (
        '[plugins]\nnative = "refuse"',
        [
            (
                "2:10: error[unknown_value]: `plugins.native`: expected one of trusted, refused, found `refuse` | "
                "did you mean `refused`?"
            )
        ],
    ),
    (
        "[plugins]\nnative = false",
        ["2:10: error[wrong_kind]: `plugins.native`: expected one of trusted, refused, found false"],
    ),
    (
        '[log]\nlevel = "Info"',
        [
            (
                "2:9: error[unknown_value]: `log.level`: expected one of debug, info, warning, error, off, found `Info` | "
                "did you mean `info`?"
            )
        ],
    ),
    (
        "log.level = 1979-05-27",
        [
            (
                "1:13: error[wrong_kind]: `log.level`: expected one of debug, info, warning, error, off, "
                "found a date or time"
            )
        ],
    ),
    (
        '"log" . system = "yes"',
        ["1:18: error[wrong_kind]: `log.system`: expected true or false, found the text `yes`"],
    ),
    (
        "log = {system = 1}",
        ["1:7: error[wrong_kind]: `log.system`: expected true or false, found the number 1"],
    ),
    (
        "[[log]]\nsystem = true",
        [
            (
                "1:1: error[wrong_kind]: expected the table `[log]`, found an array | "
                "write [log] on a line of its own"
            )
        ],
    ),
    (
        "[log]\nfile = true",
        ["2:8: error[wrong_kind]: `log.file`: expected a path in quotation marks, found true"],
    ),
    (
        "[log]\nmax_size = 5",
        ['2:12: error[wrong_kind]: `log.max_size`: expected a size such as "1MB", found the number 5'],
    ),
    (
        '[log]\nmax_size = "5 bytes"',
        [
            "2:12: error[invalid_size]: `log.max_size`: expected a size such as 100MB or 64MiB, found `5 bytes`"
        ],
    ),
    (
        '[log]\nmax_size = "10B"',
        ["2:12: error[invalid_size]: `log.max_size`: expected at least 1000 bytes, found `10B`"],
    ),
    (
        "[log]\nmax_files = true",
        ["2:13: error[wrong_kind]: `log.max_files`: expected a number of files, found true"],
    ),
    (
        "[log]\nmax_files = 0",
        ["2:13: error[invalid_size]: `log.max_files`: expected a number from 1 to 100, found the number 0"],
    ),
    (
        "[log]\nmax_files = 0x" + "f" * 5000,
        [
            (
                "2:13: error[invalid_size]: `log.max_files`: expected a number from 1 to 100, "
                "found a number that is too large"
            )
        ],
    ),
    # Not TOML.
    (
        "[plugins]\npaths = extras",
        ["2:9: error[toml_syntax]: the text is not TOML: invalid value | texts stand in quotation marks"],
    ),
    ('[log]\nlevel = "info', ["2:14: error[toml_syntax]: the text is not TOML: unterminated string"]),
    (
        '[log]\nfile = "C:\\plugins"',
        [
            (
                "2:13: error[toml_syntax]: the text is not TOML: unescaped '\\' in a string | in quotation marks a "
                "backslash begins an escape; in apostrophes it is itself: 'C:\\plugins'"
            )
        ],
    ),
    (
        "[log]\nlevel: 3",
        [
            (
                "2:6: error[toml_syntax]: the text is not TOML: expected '=' after a key in a key/value pair | "
                "a key and its value are joined by `=`"
            )
        ],
    ),
    (
        "[log]\nmax_files = " + "9" * 5000,
        ["2:5013: error[toml_syntax]: the text is not TOML: a number has too many digits"],
    ),
    (
        "[limits]\nmemory = 5",
        ['2:10: error[wrong_kind]: `limits.memory`: expected a size such as "1MB", found the number 5'],
    ),
    (
        '[limits]\nmax_memory = "5 cats"',
        [
            "2:14: error[invalid_size]: `limits.max_memory`: expected a size such as 100MB or 64MiB, found `5 cats`"
        ],
    ),
    (
        "[limits]\ntimeout = 30",
        ['2:11: error[wrong_kind]: `limits.timeout`: expected a duration such as "30s", found the number 30'],
    ),
    (
        '[limits]\nmax_timeout = "soon"',
        [
            (
                "2:15: error[invalid_duration]: `limits.max_timeout`: expected a duration such as 10s, 500ms or 1m30s, "
                "found `soon`"
            )
        ],
    ),
    (
        "[limits]\nmax_cpu = 0.5",
        ['2:11: error[wrong_kind]: `limits.max_cpu`: expected a share such as "50%", found the number 0.5'],
    ),
    (
        '[limits]\nmax_cpu = "0%"',
        [
            "2:11: error[invalid_share]: `limits.max_cpu`: expected a share of one core such as 50%, found `0%`"
        ],
    ),
    (b"[log]\n\xff", ["2:1: error[toml_syntax]: the text is not UTF-8 | save the file as UTF-8"]),
    ("a = " + "[" * 30_000, ["1:1: error[toml_syntax]: the text is nested too deep"]),
]


@pytest.mark.parametrize(("text", "expected"), WRONG, ids=[str(index) for index in range(len(WRONG))])
@pytest.mark.parametrize("which", ["config", "alas"])
def test_findings(home, which, text, expected):
    file = getattr(home, which)(text)
    assert home.findings() == [f"{file}:{finding}" for finding in expected]


def test_limits_of_plugins(home):
    assert home.read().limits == LimitSettings()
    home.config('[limits]\nmemory = "64MiB"\nmax_memory = "1GiB"\nmax_timeout = "1m30s"\nmax_cpu = "150%"\n')
    assert home.read().limits == LimitSettings(64 << 20, 30.0, 1 << 30, 90.0, 1.5)


def test_a_project_makes_limits_narrower_and_never_wider(home):
    home.config('[limits]\nmemory = "64MiB"\ntimeout = "1m"\nmax_memory = "128MiB"\n')
    home.alas('[limits]\nmemory = "1GiB"\ntimeout = "1s"\nmax_memory = "1MiB"\nmax_cpu = "50%"\n')
    assert home.read().limits == LimitSettings(64 << 20, 1.0, 1 << 20, None, 0.5)


@pytest.mark.parametrize(
    ("user", "project", "mode", "who"),
    [
        (None, None, "trusted", None),
        ("trusted", None, "trusted", None),
        ("refused", None, "refused", "config.toml"),
        (None, "refused", "refused", "alas.toml"),
        ("trusted", "refused", "refused", "alas.toml"),
        # A project makes it narrower and never wider.
        ("refused", "trusted", "refused", "config.toml"),
        ("refused", "refused", "refused", "config.toml"),
    ],
)
def test_native_code(home, user, project, mode, who):
    for write_file, said in ((home.config, user), (home.alas, project)):
        if said is not None:
            write_file(f'[plugins]\nnative = "{said}"\n')
    native = home.read().native
    assert (native.mode, native.refuses_any) == (mode, mode == "refused")
    files = {"config.toml": home.folder, "alas.toml": home.project, None: None}
    assert who is None or native.origin == f"`plugins.native` in {files[who] / who}"


def test_grants_of_plugins(home):
    assert home.read().grant_of("reader") == GrantSettings()
    home.config(
        '[grants.reader]\nread = ["/data", "notes"]\nwrite = true\n'
        '[grants."My.Tool"]\nrun = ["git"]\nnet = ["example.com:443"]\nenv = ["HOME"]\nx-why = 1\n'
    )
    settings = home.read()
    notes = str(home.folder / "notes")
    assert settings.grant_of("reader") == GrantSettings(read=("/data", notes), write=None)
    assert settings.grant_of("my.tool") == GrantSettings(
        run=("git",), net=("example.com:443",), env=("HOME",)
    )
    assert settings.grant_of("another") == GrantSettings()


def test_grants_of_every_plugin(home):
    assert home.read().granted_to_all == GrantSettings()
    home.config(
        '[grants."*"]\nread = ["/data", "notes"]\nenv = true\n[grants.reader]\nnet = ["example.com"]\n'
    )
    settings = home.read()
    assert settings.granted_to_all == GrantSettings(read=("/data", str(home.folder / "notes")), env=None)
    # They are beside what is granted by name.
    assert settings.grant_of("reader") == GrantSettings(net=("example.com",))
    assert list(settings.grants) == ["reader"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "grants = 1",
            "1:10: error[wrong_kind]: expected tables of plugins, found the number 1",
        ),
        (
            "[grants]\nreader = true",
            "2:10: error[wrong_kind]: expected the table `[grants.reader]`, found true",
        ),
        (
            '[grants.reader]\nread = "/data"',
            (
                "2:8: error[wrong_kind]: `grants.reader.read`: expected an array of texts, or true for everything, "
                "found the text `/data`"
            ),
        ),
        (
            '[grants.reader]\nrun = ["git", ""]',
            (
                "2:7: error[wrong_kind]: `grants.reader.run`: expected an array of texts, or true for everything, "
                "found an array that holds something else"
            ),
        ),
        (
            '[grants.reader]\nnet = ["https://a.example"]',
            "2:7: error[invalid_permission]: `grants.reader.net`: expected hosts such as example.com or example.com:443",
        ),
        (
            '[grants.reader]\nrun = ["/opt/my tools/ls", "ls -l"]',
            "2:7: error[invalid_permission]: `grants.reader.run`: expected commands without arguments",
        ),
        (
            '[grants.reader]\nenv = ["A=B"]',
            "2:7: error[invalid_permission]: `grants.reader.env`: expected names of environment variables",
        ),
        (
            '[grants]\n"*" = true',
            "2:7: error[wrong_kind]: expected the table `[grants.*]`, found true",
        ),
        (
            "[grants.'*']\nnet = [\"https://a.example\"]",
            "2:7: error[invalid_permission]: `grants.*.net`: expected hosts such as example.com or example.com:443",
        ),
        (
            "[grants.reader]\nreads = true",
            "2:1: warning[unknown_field]: there is no right `reads` to grant | did you mean `read`?",
        ),
    ],
)
def test_wrong_grants(home, text, expected):
    file = home.config(text)
    assert home.findings() == [f"{file}:{expected}"]


@pytest.mark.parametrize("name", ["reader", '"*"'])
def test_a_project_grants_nothing(home, name):
    file = home.alas(f'[grants.{name}]\nread = ["/"]')
    (finding,) = home.findings()
    assert finding.startswith(
        f"{file}:1:1: error[unenforceable]: `[grants]` here would let whoever wrote this project"
    )
    assert str(home.folder / "config.toml") in finding


def test_all_findings_of_both_files_are_told(home):
    home.config('plugins = 1\n[log]\nlevel = "x"\nspeed = 1\n')
    home.alas("[log\n")
    assert len(home.findings()) == 4
    with pytest.raises(SettingsError) as raised:
        home.read()
    # The message is about errors only.
    assert "speed" not in raised.value.message
    assert raised.value.message.count(str(home.folder)) == 2
    assert "alas.toml:1:5: the text is not TOML" in raised.value.message


def test_findings_know_their_key(home):
    home.config("[log]\nlevel = 3\n")
    with pytest.raises(SettingsError) as raised:
        home.read()
    assert raised.value.diagnostics[0].pointer == "/log/level"


def test_a_byte_order_mark_and_windows_line_ends(home):
    home.config(b"\xef\xbb\xbf[log]\r\nlevel = 'debug'\r\nsystem = 3\r\n")
    assert home.findings()[0].startswith(f"{home.folder / 'config.toml'}:3:10: error[wrong_kind]")


def test_characters_that_drive_a_terminal_are_escaped(home):
    home.config('[log]\nlevel = "\\u001b[31m"\n"\\u001b" = 1\n')
    assert "\x1b" not in str(home.findings())


def a_folder(path):
    path.mkdir()


def a_pipe(path):
    os.mkfifo(path)


def a_dead_link(path):
    path.symlink_to("nowhere")


def a_circle(path):
    path.symlink_to(path.name)


def a_device(path):
    path.symlink_to("/dev/zero")


def a_large_file(path):
    path.write_text("#" * 100_000)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (a_folder, "error[io_error]: the settings cannot be read: it is a folder"),
        (a_pipe, "error[io_error]: the settings cannot be read: it is no regular file"),
        (a_device, "error[io_error]: the settings cannot be read: it is no regular file"),
        (a_dead_link, "error[io_error]: the settings cannot be read: it is a link that leads nowhere"),
        (a_circle, "error[io_error]: the settings cannot be read: "),
        (a_large_file, "error[file_too_large]: expected settings, but it is larger than 65,536 bytes"),
    ],
)
@pytest.mark.parametrize("which", ["config", "alas"])
def test_what_is_no_file_of_settings(home, which, make, message):
    file = home.folder / "config.toml" if which == "config" else home.project / "alas.toml"
    make(file)
    (finding,) = home.findings()
    assert finding.startswith(f"{file}:1:1: {message}")


@pytest.mark.parametrize(
    ("which", "advice"),
    [("config", "of its folders, or let ALAS_HOME name a folder"), ("alas", "of its folders")],
)
def test_a_file_that_may_not_be_read(home, monkeypatch, which, advice):
    getattr(home, which)("")

    def refuse(*arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    finding = home.findings()[0 if which == "alas" else -1]
    assert "error[io_error]: the settings cannot be read: Permission denied | see the permissions" in finding
    assert advice in finding


def test_a_home_that_is_a_file(home, tmp_path):
    home.environ["ALAS_HOME"] = str(write(tmp_path / "file", ""))
    (finding,) = home.findings()
    assert "/file` is no folder | ALAS_HOME names the folder of settings and plugins" in finding


def test_a_log_of_a_project_stays_inside_it(home):
    for path in ("../alas.log", "/etc/alas.log", "~/.bashrc", "link/alas.log"):
        (home.project / "link").unlink(missing_ok=True)
        (home.project / "link").symlink_to(home.folder)
        home.alas(f'[log]\nfile = "{path}"\n')
        (finding,) = home.findings()
        assert "alas.toml:2:8: error[path_escapes]" in finding
        assert f"or set it in {home.folder / 'config.toml'}" in finding
    home.alas('[log]\nfile = "a/b/../alas.log"\n')
    assert home.findings() == []


def test_a_relative_home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read_settings({"ALAS_HOME": "mine"}).home == tmp_path / "mine"


def test_no_home_at_all(monkeypatch):
    def no_home():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", no_home)
    for function in (alas_home, read_settings):
        with pytest.raises(
            SettingsError, match="neither ALAS_HOME nor HOME is set; set ALAS_HOME to a folder"
        ):
            function({})


def test_a_hostile_file_takes_no_time(home):
    # An array of many lines with a mistake, and many keys that nothing reads.
    home.config("[plugins]\npaths = [\n" + '"a",\n' * 10_000 + "3]\n")
    assert "plugins.paths[10000]" in home.findings()[0]
    home.config("".join(f"a{number} = 1\n" for number in range(6_000)))
    assert len(home.findings()) == 6_000


def test_every_code_is_listed():
    codes = {code for _, findings in WRONG for code in re.findall(r"\[(\w+)\]: ", " ".join(findings))}
    assert codes <= SETTINGS_CODES.keys()
    assert SETTINGS_CODES.keys() - codes == {
        # The tests above see these.
        "invalid_permission",
        "path_escapes",
        "file_too_large",
        "io_error",
        "home_not_found",
    }
