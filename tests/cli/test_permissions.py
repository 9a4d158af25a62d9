"""What `alas-run` lets programs and plugins reach."""

from __future__ import annotations

import http.server
import shlex
import threading
from collections.abc import Iterator

import pytest

from .commands import Commands
from .programs import builtin, function, literal, module, returning, variable


@pytest.fixture
def place(commands: Commands) -> Commands:
    """A folder with `data/text`, `secret`, and a program that reads a file or writes one."""
    commands.file("data/text", b"hello")
    commands.file("secret", b"secret")
    path = [("path", "string")]
    commands.file(
        "files.alas.json",
        module(
            function("main", returning(builtin("fs.readFile", variable("path"))), params=path),
            function(
                "write", returning(builtin("fs.writeFile", variable("path"), literal("x"))), params=path
            ),
            function("see", returning(builtin("env.get", literal("SHOP_NAME"), literal("unset")))),
            name="files",
        ),
    )
    return commands


@pytest.mark.parametrize(
    ("options", "path", "reads"),
    [
        ([], "data/text", False),
        (["-allow-read=data"], "data/text", True),
        (["--allow-read=data/text"], "data/text", True),
        (["-allow-read=nothing", "-allow-read=data"], "data/text", True),
        (["-allow-read"], "secret", True),
        (["-allow-all"], "secret", True),
        (["-allow-read=data"], "secret", False),
        (["-allow-write"], "data/text", False),
        (["-allow-env"], "data/text", False),
    ],
    ids=str,
)
def test_reading(place: Commands, options: list[str], path: str, reads: bool) -> None:
    outcome = place.alas_run("-format", "json", *options, "files.alas.json", path)
    document = outcome.document
    assert document["ok"] is reads
    assert outcome.code == (0 if reads else 1)
    if not reads:
        assert document["error"]["code"] == "permission_denied"


@pytest.mark.parametrize(
    ("options", "path", "writes"),
    [
        (["-allow-read"], "data/new", False),
        (["-allow-write=data"], "data/new", True),
        (["-allow-write=data"], "secret", False),
        (["-allow-write"], "secret", True),
        (["-allow-all"], "secret", True),
    ],
    ids=str,
)
def test_writing(place: Commands, options: list[str], path: str, writes: bool) -> None:
    outcome = place.alas_run(*options, "-fn", "write", "files.alas.json", path)
    assert outcome.code == (0 if writes else 1)
    assert (place.folder / path).exists() == (writes or path == "secret")
    assert (place.folder / "secret").read_text() == ("x" if writes and path == "secret" else "secret")


@pytest.mark.parametrize(
    ("options", "runs"),
    [
        ([], False),
        (["-allow-run=echo"], True),
        (["-allow-run"], True),
        (["-allow-all"], True),
        (["-allow-run=cat"], False),
        (["-allow-read", "-allow-write"], False),
    ],
    ids=str,
)
def test_running(commands: Commands, options: list[str], runs: bool) -> None:
    call = builtin("process.run", literal("echo"), {"type": "array_literal", "elements": [literal("hello")]})
    commands.file("echo.alas.json", module(function("main", returning(call))))
    outcome = commands.alas_run("-format", "json", *options, "echo.alas.json")
    assert outcome.code == (0 if runs else 1)
    if runs:
        assert outcome.document["result"]["value"]["stdout"] == "hello\n"
    else:
        assert outcome.document["error"]["message"] == 'the program may not run "echo"'


def test_everything_includes_the_environment(place: Commands) -> None:
    run = ("-fn", "see", "files.alas.json")
    assert place.alas_run(*run, SHOP_NAME="Corner").out == "unset\n"
    assert place.alas_run("-allow-all", *run, SHOP_NAME="Corner").out == "Corner\n"


def test_a_denial_names_the_option(place: Commands) -> None:
    outcome = place.alas_run("files.alas.json", "my secret")
    target = place.folder / "my secret"
    assert f'the program may not read "{target}"' in outcome.err
    assert f"  help: alas-run allows it with -allow-read='{target}'\n" in outcome.err
    assert outcome.err.count("permission_denied") == 1
    log = (place.folder / ".alas" / "logs" / "plugins.log").read_text()
    assert f"WARNING a program was denied to read '{target}' (in files.main)" in log


def test_a_denial_by_a_link_names_no_option(place: Commands) -> None:
    (place.folder / "data" / "link").symlink_to("../secret")
    outcome = place.alas_run("-allow-read=data", "files.alas.json", "data/link")
    assert "a link on the way leads to what is not granted" in outcome.err
    assert "-allow-read" not in outcome.err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["-allow-read", "nowhere"], "-allow-read=nowhere"),
        (["-allow-write", "nowhere"], "-allow-write=nowhere"),
        (["-allow-read="], "expected a name"),
        (["-allow-al"], "-allow-all"),
        (["-allow-run=ls -l"], "-allow-run: expected a command without arguments"),
        (["-allow-env=A=B"], "-allow-env: expected the name of a variable"),
    ],
    ids=str,
)
def test_mistakes_are_explained(place: Commands, options: list[str], told: str) -> None:
    outcome = place.alas_run(*options, "files.alas.json")
    assert outcome.code == 2
    assert told in outcome.err


@pytest.mark.parametrize("dashes", ["-", "--"])
@pytest.mark.parametrize("right", ["read", "write", "run", "net", "env"])
@pytest.mark.parametrize(
    ("value", "told"), [("", "expected a name, found an empty text"), ("\udcff", "expected a text in UTF-8")]
)
def test_values_that_name_nothing_are_mistakes(
    place: Commands, dashes: str, right: str, value: str, told: str
) -> None:
    option = f"{dashes}allow-{right}"
    words = (f"{option}={value}", "files.alas.json", "data/text")
    outcome = place.alas_run(*words)
    assert (outcome.code, outcome.out) == (2, "")
    assert f"{option}: {told}" in outcome.err
    outcome = place.alas_run("-format", "json", *words)
    assert (outcome.code, outcome.err) == (2, "")
    error = outcome.document["error"]
    assert (error["code"], error["message"].startswith(f"{option}: {told}")) == ("usage", True)


def test_plugins_get_what_they_ask_for_and_the_options_allow(place: Commands) -> None:
    asked = {"filesystem": {"read": ["data"]}}
    place.file(
        "plugins/reader/plugin.json",
        {
            "name": "reader",
            "version": "1.0.0",
            "module": "reader",
            "capabilities": ["function", "filesystem"],
            "functions": [{"name": "load", "params": [{"name": "path", "type": "string"}], "returns": "any"}],
            "implementation": {"language": "alas"},
            "security": {"permissions": asked},
        },
    )
    load = function(
        "load",
        returning(builtin("fs.readFile", variable("path"))),
        params=[("path", "string")],
        returns="any",
    )
    place.file("plugins/reader/reader.alas.json", module(load, name="reader", exports=["load"]))
    call = returning(builtin("reader.load", variable("path")))
    place.file("use.alas.json", module(function("main", call, params=[("path", "string")])))
    for options, path, code in (
        ([], "data/text", 1),
        (["-allow-read=data"], "data/text", 0),
        (["-allow-read"], "data/text", 0),
        (["-allow-read"], "secret", 1),
    ):
        outcome = place.alas_run(*options, "use.alas.json", path)
        assert outcome.code == code, (options, path, outcome.err)
        if code == 1:
            assert "the plugin `reader` may not read" in outcome.err
    place.file(".alas/config.toml", f"[grants.reader]\nread = ['{place.folder}/data']\n".encode())
    assert place.alas_run("use.alas.json", "data/text").code == 0
    assert place.alas_run("use.alas.json", "secret").code == 1
    assert place.plugin("call", "reader.load", "data/text").code == 0


# --- What is advised about plugins ---

RUNNER = {"filesystem": {"read": ["data", "/etc/hostname"]}, "process": ["echo", "no-such-tool"]}


def add_runner(place: Commands, parent: str = "plugins") -> None:
    """Write a plugin `asker` that reads files and runs commands as it is told."""
    load = function(
        "load",
        returning(builtin("fs.readFile", variable("path"))),
        params=[("path", "string")],
        returns="any",
    )
    started = [
        function(
            name,
            returning(builtin("process.run", literal(command), {"type": "array_literal", "elements": []})),
            returns="any",
        )
        for name, command in (("echo", "echo"), ("tool", "no-such-tool"), ("other", "ls"))
    ]
    names = ["load", *(one["name"] for one in started)]
    signatures = [
        {
            "name": name,
            "params": [{"name": "path", "type": "string"}] if name == "load" else [],
            "returns": "any",
        }
        for name in names
    ]
    place.file(
        f"{parent}/asker/plugin.json",
        {
            "name": "asker",
            "version": "1.0.0",
            "module": "asker",
            "capabilities": ["function", "filesystem", "process"],
            "functions": signatures,
            "implementation": {"language": "alas"},
            "security": {"permissions": RUNNER},
        },
    )
    place.file(f"{parent}/asker/asker.alas.json", module(load, *started, name="asker", exports=names))


def helped(text: str) -> list[str]:
    return [line.strip().removeprefix("help: ") for line in text.splitlines() if "help: " in line]


@pytest.mark.parametrize(
    ("call", "advice"),
    [
        (("echo",), "to grant it: alas-plugin grant asker -run echo"),
        (("tool",), "to grant it: alas-plugin grant asker -run no-such-tool"),
        (("load", "data/text"), "to grant it: alas-plugin grant asker -read {folder}/data/text"),
        (("other",), "the manifest of `asker` does not ask for it, so that nothing can grant it"),
        (("load", "secret"), "the manifest of `asker` does not ask for it, so that nothing can grant it"),
    ],
    ids=str,
)
def test_a_denial_of_a_plugin_names_what_grants_it(
    place: Commands, call: tuple[str, ...], advice: str
) -> None:
    add_runner(place)
    advice = advice.format(folder=place.folder)
    name, *words = call
    outcome = place.plugin("call", f"asker.{name}", *words)
    assert (outcome.code, helped(outcome.err)) == (1, [advice])
    log = (place.folder / ".alas/logs/plugins.log").read_text()
    assert "WARNING the plugin 'asker' was denied to " in log
    tests = {"tests": [{"name": "works", "function": name, "args": words, "expected": None}]}
    place.file("plugins/asker/tests/all.json", tests)
    outcome = place.plugin("test", "asker")
    assert (outcome.code, helped(outcome.out)) == (1, [advice]), outcome
    if advice.startswith("to grant it: "):
        words = shlex.split(advice.removeprefix("to grant it: alas-plugin "))
        assert place.plugin(*words).code == 0
        assert "permission_denied" not in place.plugin("call", f"asker.{name}", *call[1:]).err


def test_a_denial_of_a_plugin_elsewhere_names_its_folder(place: Commands) -> None:
    add_runner(place, "elsewhere")
    for words in (("call", "./elsewhere/asker.echo"), ("-plugin-path", "elsewhere", "call", "asker.echo")):
        assert helped(place.plugin(*words).err) == [
            "to grant it: alas-plugin grant ./elsewhere/asker -run echo"
        ]
    # What cannot be granted is not recommended.
    add_runner(place, ".alas/plugins")
    [advice] = helped(place.plugin("call", "./elsewhere/asker.echo").err)
    own = place.folder / ".alas/plugins/asker"
    assert advice.startswith(
        f"what is granted to the name `asker` is granted to your own plugin, in {own}, and not to this one"
    )


def test_a_denial_of_a_plugin_in_a_program_names_option_and_manifest(place: Commands) -> None:
    add_runner(place)
    place.file("use.alas.json", module(function("main", returning(builtin("asker.echo")), returns="any")))
    outcome = place.alas_run("use.alas.json")
    told = (
        "alas-run allows it with -allow-run=echo, if the manifest of `asker` asks for it as well; "
        "alas-plugin permissions asker shows what it asks for and is granted"
    )
    assert (outcome.code, helped(outcome.err)) == (1, [told])
    assert place.alas_run("-allow-run=echo", "use.alas.json").code == 0


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a server that answers every request with a word."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\nhello")

        def log_message(self, *arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture
def web(commands: Commands) -> Commands:
    """A program that makes a request."""
    pairs = [("method", literal("GET")), ("url", variable("url"))]
    request = {
        "type": "map_literal",
        "pairs": [{"key": literal(name), "value": value} for name, value in pairs],
    }
    body = returning(builtin("map.get", builtin("net.request", request), literal("value")))
    commands.file("web.alas.json", module(function("main", body, params=[("url", "string")])))
    return commands


@pytest.mark.parametrize(
    ("options", "reaches"),
    [
        ([], False),
        (["-allow-net"], True),
        (["-allow-all"], True),
        (["-allow-net=127.0.0.1"], True),
        (["--allow-net=a.example", "--allow-net=127.0.0.1:PORT"], True),
        (["-allow-net=127.0.0.1:1"], False),
        (["-allow-net=localhost"], False),
        (["-allow-net=*.example.com"], False),
        (["-allow-read"], False),
    ],
    ids=str,
)
def test_requests(web: Commands, port: int, options: list[str], reaches: bool) -> None:
    options = [option.replace("PORT", str(port)) for option in options]
    outcome = web.alas_run(*options, "web.alas.json", f"http://127.0.0.1:{port}/")
    assert outcome.code == (0 if reaches else 1)
    if reaches:
        assert "hello" in outcome.out
        return
    assert f'the program may not connect to "127.0.0.1:{port}"' in outcome.err
    assert f"alas-run allows it with -allow-net=127.0.0.1:{port}" in outcome.err
    log = (web.folder / ".alas" / "logs" / "plugins.log").read_text()
    assert f"WARNING a program was denied to connect to '127.0.0.1:{port}'" in log


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["-allow-net", "nowhere.example"], "-allow-net=nowhere.example"),
        (["-allow-net="], "-allow-net: expected a name, found an empty text"),
        (["-allow-net=http://a.example"], "expected a host such as example.com"),
        (["-allow-net=a.example:0"], "expected a host such as example.com"),
    ],
    ids=str,
)
def test_mistakes_about_hosts_are_explained(web: Commands, options: list[str], told: str) -> None:
    outcome = web.alas_run(*options, "web.alas.json", "http://a.example/")
    assert outcome.code == 2
    assert told in outcome.err
