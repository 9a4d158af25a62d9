"""What programs and plugins reach of the network, and what it costs them when somebody there is slow or hostile."""

import functools
import http.server
import ipaddress
import json
import socket
import ssl
import threading
import time
from pathlib import Path

import pytest

from alas_core.errors import (
    AlasTypeError,
    AlasValueError,
    CancelledError,
    MemoryLimitExceededError,
    PermissionDeniedError,
    TimeoutExceededError,
)
from alas_interp import Denial, Interpreter, Limits, Permissions, PluginManager

PROGRAM = {
    "type": "module",
    "name": "web",
    "exports": ["ask"],
    "functions": [
        {
            "name": "ask",
            "params": [{"name": "request", "type": "any"}],
            "returns": "any",
            "body": [
                {
                    "type": "return",
                    "value": {
                        "type": "builtin",
                        "name": "net.request",
                        "args": [{"type": "variable", "name": "request"}],
                    },
                }
            ],
        }
    ],
}


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers as its paths say."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length).decode()
        path, _, query = self.path.partition("?")
        self.server.asked.append((self.command, self.path, dict(self.headers.items()), body))
        self.close_connection = True
        getattr(self, path.split("/")[1])(query)

    def send(self, status, body=b"", *headers):
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def hello(self, _):
        self.send(200, "héllo".encode(), ("X-Many", "a"), ("x-many", "b"), ("Content-Type", "text/plain"))

    def status(self, query):
        self.send(int(query), b"so it is")

    def redirect(self, query):
        status, _, to = query.partition(",")
        self.send(int(status), b"elsewhere", ("Location", to))

    def around(self, query):
        count = int(query)
        self.send(302, b"", ("Location", f"/around?{count - 1}" if count else "/hello"))

    def chunked(self, _):
        self.send_response_only(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")

    def until_closed(self, _):
        self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\nall of it")

    def bytes(self, _):
        self.send(200, b"ab\xff")

    def broken(self, _):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")

    def nonsense(self, _):
        self.wfile.write(b"what?\r\n\r\n")

    def slow(self, _):
        self.server.done.wait(20)

    def slow_body(self, _):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        while not self.server.done.wait(0.01):
            self.wfile.write(b"x")

    def endless(self, _):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not self.server.done.is_set():
            self.wfile.write(b"x" * 65536)

    def endless_headers(self, _):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not self.server.done.is_set():
            self.wfile.write(b"X-A: " + b"x" * 1000 + b"\r\n")

    def continues(self, _):
        while not self.server.done.is_set():
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def log_message(self, *arguments):
        pass


for name in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
    setattr(Handler, f"do_{name}", Handler.answer)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = []
        self.done = threading.Event()
        self.port = self.server_address[1]
        threading.Thread(target=functools.partial(self.serve_forever, 0.01), daemon=True).start()

    def url(self, path="", host="127.0.0.1"):
        return f"http://{host}:{self.port}/{path}"

    def handle_error(self, request, client_address):
        """Clients that go away are no news."""

    def end(self):
        self.done.set()
        self.shutdown()
        self.server_close()


@pytest.fixture
def server():
    server = Server()
    yield server
    server.end()


@pytest.fixture
def other():
    server = Server()
    yield server
    server.end()


LOCAL = Permissions(network=["127.0.0.1", "localhost"])


def asking(permissions=LOCAL, **options):
    interpreter = Interpreter(permissions=permissions, **options)
    interpreter.load(json.dumps(PROGRAM))

    def ask(url, method="GET", **more):
        return interpreter.call("web.ask", {"method": method, "url": url, **more})

    ask.interpreter = interpreter
    return ask


def value(result):
    assert result["ok"], result
    return result["value"]


# --- Requests and responses ---


def test_a_response_has_status_headers_and_body(server):
    response = value(asking()(server.url("hello")))
    assert response == {
        "status": 200,
        "headers": {"x-many": "a, b", "content-type": "text/plain", "content-length": "6"},
        "body": "héllo",
    }


@pytest.mark.parametrize("status", [204, 304, 400, 404, 418, 500, 503])
def test_every_status_is_a_response(server, status):
    response = value(asking()(server.url(f"status?{status}")))
    assert (response["status"], response["body"]) == (status, "" if status in (204, 304) else "so it is")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_methods(server, method):
    assert value(asking()(server.url("hello"), method))["body"] == ("" if method == "HEAD" else "héllo")
    [(asked, _, headers, _)] = server.asked
    assert asked == method
    assert ("Content-Length" in {name.title() for name in headers}) == (method in ("POST", "PUT", "PATCH"))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_what_is_sent(server, method):
    headers = {"X-Mine": "ja", "content-type": "text/plain", "Authorization": "Basic x"}
    body = "wörld" * 50_000
    value(asking()(server.url("hello?a=b"), method, headers=headers, body=body))
    [(_, path, sent, content)] = server.asked
    sent = {name.lower(): text for name, text in sent.items()}
    assert (path, content) == ("/hello?a=b", body)
    assert sent.pop("user-agent").startswith("alas/")
    assert sent == {
        "x-mine": "ja",
        "content-type": "text/plain",
        "authorization": "Basic x",
        "host": f"127.0.0.1:{server.port}",
        "content-length": str(len(body.encode())),
        "accept": "*/*",
        "accept-encoding": "identity",
    }


def test_headers_can_be_replaced(server):
    value(asking()(server.url("hello"), headers={"User-Agent": "me", "accept": "text/html"}))
    sent = {name.lower(): text for name, text in server.asked[0][2].items()}
    assert (sent["user-agent"], sent["accept"]) == ("me", "text/html")


@pytest.mark.parametrize(("path", "body"), [("chunked", "hello world"), ("until_closed", "all of it")])
def test_bodies_end_in_several_ways(server, path, body):
    assert value(asking()(server.url(path)))["body"] == body


@pytest.mark.parametrize(
    ("path", "code", "told"),
    [
        ("bytes", "value_error", "is not UTF-8"),
        ("broken", "io_error", ""),
        ("nonsense", "io_error", ""),
        ("endless_headers", "io_error", "header"),
    ],
)
def test_bad_responses_are_failures(server, path, code, told):
    result = asking()(server.url(path))
    assert (result["ok"], result["code"]) == (False, code)
    assert told in result["error"]
    assert result["error"].startswith(f"`{server.url(path)}`: ")


def test_nobody_there_is_a_failure():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/?secret"
        result = asking()(url)
    assert (result["code"], result["error"]) == (
        "io_error",
        f"`{url.removesuffix('?secret')}`: Connection refused",
    )


def test_names_that_do_not_exist_are_failures():
    result = asking(Permissions(network=["*.invalid"]))("http://nowhere.invalid/", timeoutMs=3000)
    assert result["code"] in ("io_error", "timeout")


# --- What cannot be asked ---


@pytest.mark.parametrize(
    ("request_", "error", "told"),
    [
        ({"method": 1, "url": "http://a.example"}, AlasTypeError, "takes a string as `method`"),
        ({"method": "GET", "url": ["a"]}, AlasTypeError, "takes a string as `url`"),
        (
            {"method": "GET", "url": "http://a.example", "headers": "a"},
            AlasTypeError,
            "takes a map as `headers`",
        ),
        (
            {"method": "GET", "url": "http://a.example", "headers": {"A": 1}},
            AlasTypeError,
            "takes a string as `headers.A`",
        ),
        ({"method": "POST", "url": "http://a.example", "body": 1}, AlasTypeError, "takes a string as `body`"),
        (
            {"method": "GET", "url": "http://a.example", "timeoutMs": "1"},
            AlasTypeError,
            "takes an int as `timeoutMs`",
        ),
        ("http://a.example", AlasTypeError, "map"),
        ({"method": "GET", "url": "http://a.example", "header": {}}, AlasValueError, "found `header`"),
        ({"method": "GET"}, AlasValueError, "with `url`"),
        ({}, AlasValueError, "with `method`"),
    ],
    ids=str,
)
def test_what_is_no_request_is_an_error(request_, error, told):
    with pytest.raises(error) as found:
        asking().interpreter.call("web.ask", request_)
    assert told in found.value.message


@pytest.mark.parametrize(
    "more",
    [
        {"headers": {"X": "a\r\nHost: evil.example"}},
        {"headers": {"X": "a\nb"}},
        {"headers": {"X": "a\0b"}},
        {"headers": {"X\r\nY": "a"}},
        {"headers": {"X:": "a"}},
        {"headers": {"": "a"}},
        {"headers": {"Host": "evil.example"}},
        {"headers": {"content-length": "1"}},
        {"headers": {"Transfer-Encoding": "chunked"}},
        {"headers": {"Connection": "keep-alive"}},
        {"headers": {"Proxy-Authorization": "a"}},
        {"body": "x"},
        {"timeoutMs": 0},
        {"timeoutMs": -1},
        {"method": "get"},
        {"method": "CONNECT"},
        {"method": "GET / HTTP/1.1\r\nX: y\r\n\r\nGET"},
    ],
    ids=str,
)
def test_what_cannot_be_sent_is_a_failure(server, more):
    result = asking()(server.url("hello"), **more)
    assert (result["ok"], result["code"]) == (False, "value_error")
    assert server.asked == []


# --- Rights ---

ODD = [
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "127.1",
    "0",
    "127.0.0.1%2e",
    "%3127.0.0.1",
    "\uff11\uff12\uff17.0.0.1",
    "user@127.0.0.1",
    "a.example@127.0.0.1",
    "127.0.0.1\\@a.example",
    "[::1%25lo]",
    "[::ffff:127.0.0.1",
    "bücher.example",
]


@pytest.mark.parametrize("host", ODD)
@pytest.mark.parametrize("reach", [["a.example", "127.0.0.1"], None], ids=["some", "everything"])
def test_odd_spellings_are_no_addresses(server, host, reach):
    result = asking(Permissions(network=reach))(server.url("hello", host))
    assert (result["ok"], result["code"]) == (False, "value_error")
    assert server.asked == []


@pytest.mark.parametrize(
    ("granted", "host", "reaches"),
    [
        (["127.0.0.1"], "127.0.0.1", True),
        (["127.0.0.1"], "127.0.0.1.", True),
        (["127.0.0.1"], "[::ffff:127.0.0.1]", True),
        (["127.0.0.1:PORT"], "127.0.0.1", True),
        (["127.0.0.1:1"], "127.0.0.1", False),
        (["127.0.0.1"], "127.0.0.2", False),
        (["127.0.0.1"], "localhost", False),
        (["127.0.0.1"], "[::1]", False),
        (["localhost"], "localhost", True),
        (["localhost"], "LOCALHOST.", True),
        (["localhost:PORT"], "localhost", True),
        (["localhost:1"], "localhost", False),
        (["localhost"], "127.0.0.1", False),
        (["localhost"], "0.0.0.0", False),
        (["*.localhost"], "localhost", False),
        (["a.example"], "169.254.169.254", False),
        (["a.example"], "[::ffff:169.254.169.254]", False),
        (["a.example"], "b.a.example", False),
        (["a.example"], "a.example.evil.test", False),
        ([], "a.example", False),
        (None, "127.0.0.1", True),
        (None, "localhost", True),
    ],
    ids=str,
)
def test_hosts_are_reached_that_were_granted(server, granted, host, reaches):
    reach = None if granted is None else [scope.replace("PORT", str(server.port)) for scope in granted]
    told = []
    ask = asking(Permissions(network=reach), on_denial=told.append)
    if reaches:
        assert value(ask(server.url("hello", host)))["body"] == "héllo"
        assert told == []
        return
    with pytest.raises(PermissionDeniedError, match="the program may not connect to") as found:
        ask(server.url("hello", host))
    shown = {"[::ffff:169.254.169.254]": "169.254.169.254"}.get(host, host)
    assert (found.value.access, found.value.target) == ("net", f"{shown}:{server.port}")
    assert told == [Denial(None, "web", "ask", "net", f"{shown}:{server.port}")]
    assert ask.interpreter.denial_counts() == {None: 1}
    assert server.asked == []


def test_names_do_not_grant_what_is_not_public(server):
    name = socket.gethostname().rstrip(".").lower()
    try:
        found = {entry[4][0].partition("%")[0] for entry in socket.getaddrinfo(name, None)}
    except OSError:
        pytest.skip("the name of this machine leads nowhere")
    if name == "localhost" or any(ipaddress.ip_address(address).is_global for address in found):
        pytest.skip("the name of this machine is that of a public address")
    with pytest.raises(PermissionDeniedError, match="it is no public address") as denied:
        asking(Permissions(network=[name]))(server.url("hello", name))
    assert denied.value.target.rpartition(":")[0].strip("[]") in found
    if found == {"127.0.0.1"}:
        both = Permissions(network=[name, f"127.0.0.1:{server.port}"])
        assert value(asking(both)(server.url("hello", name)))["status"] == 200


@pytest.mark.parametrize(
    "host", ["http://a.example", "*", "", "a.example:0", "a b", "user@a.example", "[::1"]
)
def test_wrong_hosts_are_refused(host):
    with pytest.raises(ValueError, match=r"expected|network"):
        Permissions(network=[host])


def test_proxies_of_the_environment_are_left_alone(server, other, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, other.url())
    assert value(asking()(server.url("hello")))["status"] == 200
    assert other.asked == []


# --- Redirects ---


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(server, status):
    response = value(asking()(server.url(f"redirect?{status},/hello"), "POST", body="text"))
    assert response["body"] == "héllo"
    method, _, _, body = server.asked[1]
    assert (method, body) == (("POST", "text") if status in (307, 308) else ("GET", ""))
    assert len(server.asked) == 2


@pytest.mark.parametrize("status", [300, 304, 305])
def test_other_statuses_lead_nowhere(server, status):
    assert value(asking()(server.url(f"redirect?{status},/hello")))["status"] == status


def test_redirects_end(server):
    ask = asking()
    assert value(ask(server.url("around?9")))["body"] == "héllo"
    result = ask(server.url("around?10"))
    assert (result["code"], "redirects more than 10 times" in result["error"]) == ("io_error", True)


@pytest.mark.parametrize(("host", "keeps"), [("127.0.0.1", True), ("localhost", False)])
def test_secrets_stay_with_their_origin(server, other, host, keeps):
    secrets = {"Authorization": "Bearer x", "Cookie": "a=b", "X-Other": "c"}
    value(asking()(server.url(f"redirect?307,{server.url('hello', host)}"), headers=secrets))
    sent = {name.lower() for name in server.asked[1][2]}
    assert ({"authorization", "cookie"} <= sent) is keeps
    assert ({"authorization", "cookie"} & sent == set()) is not keeps
    assert "x-other" in sent
    value(asking()(server.url(f"redirect?307,{other.url('hello')}"), headers=secrets))
    assert "authorization" not in {name.lower() for name in other.asked[0][2]}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.2", "169.254.169.254", "a.example", "[::1]"])
def test_redirects_reach_what_was_granted(server, host):
    ask = asking(Permissions(network=["127.0.0.1"]))
    with pytest.raises(PermissionDeniedError) as found:
        ask(server.url(f"redirect?302,{server.url('hello', host)}"))
    assert found.value.target == f"{host}:{server.port}"
    assert [path.split("?")[0] for _, path, _, _ in server.asked] == ["/redirect"]
    assert ask.interpreter.denial_counts() == {None: 1}


def test_redirects_to_another_port_are_checked(server, other):
    ask = asking(Permissions(network=[f"127.0.0.1:{server.port}"]))
    with pytest.raises(PermissionDeniedError):
        ask(server.url(f"redirect?302,{other.url('hello')}"))
    assert other.asked == []


@pytest.mark.parametrize(
    "to",
    [
        "http://2130706433/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "http://user@127.0.0.1/",
        "//0/",
        "http:",
    ],
)
def test_redirects_to_what_is_no_place_are_failures(server, to):
    result = asking(Permissions(network=None))(server.url(f"redirect?302,{to}"))
    assert (result["code"], "redirects to" in result["error"]) == ("io_error", True)


# --- TLS ---


@pytest.fixture
def secure():
    server = Server()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).with_name("self_made.pem"))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    yield server
    server.end()


def test_a_certificate_that_nobody_vouches_for_is_refused(secure):
    result = asking()(secure.url("hello").replace("http:", "https:"))
    assert result["code"] == "io_error"
    assert "certificate" in result["error"]
    assert secure.asked == []


def test_what_does_not_speak_tls_is_a_failure(server):
    result = asking()(server.url("hello").replace("http:", "https:"))
    assert result["code"] == "io_error"


# --- Time and size ---


@pytest.mark.parametrize("path", ["slow", "slow_body", "continues", "redirect?302,/slow"])
def test_a_request_ends_in_time(server, path):
    ask = asking()
    value(ask(server.url("hello")))
    begun = time.monotonic()
    result = ask(server.url(path), timeoutMs=200)
    taken = time.monotonic() - begun
    assert (result["ok"], result["code"]) == (False, "timeout")
    assert 0.2 <= taken < 0.3


def test_a_server_that_does_not_accept_ends_in_time():
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        with socket.create_connection(address), socket.socket() as waiting:
            waiting.setblocking(False)
            waiting.connect_ex(address)
            begun = time.monotonic()
            result = asking()(f"http://127.0.0.1:{address[1]}/", timeoutMs=200)
            assert (result["code"], time.monotonic() - begun < 0.3) == ("timeout", True)


@pytest.mark.parametrize("path", ["slow", "slow_body"])
def test_the_deadline_of_the_call_ends_it(server, path):
    ask = asking(limits=Limits(timeout=0.2))
    begun = time.monotonic()
    with pytest.raises(TimeoutExceededError):
        ask(server.url(path))
    assert 0.2 <= time.monotonic() - begun < 0.3
    with pytest.raises(TimeoutExceededError):
        ask(server.url(path), timeoutMs=1000)


@pytest.mark.parametrize("path", ["slow", "slow_body", "endless"])
def test_a_host_can_interrupt_it(server, path):
    ask = asking()
    moments = []

    def interrupt():
        moments.append(time.monotonic())
        ask.interpreter.interrupt()

    timer = threading.Timer(0.2, interrupt)
    timer.start()
    with pytest.raises(CancelledError):
        ask(server.url(path))
    assert time.monotonic() - moments[0] < 0.05
    timer.join()


def test_threads_end_with_their_requests(server):
    def name(task):
        try:
            return (task / "comm").read_text().strip()
        except OSError:
            # It has just ended.
            return ""

    def threads():
        return [name(task) for task in Path("/proc/self/task").iterdir()].count("alas-http")

    if not Path("/proc/self/task").exists():
        pytest.skip("threads are counted by /proc")
    ask = asking()
    for _ in range(5):
        assert ask(server.url("slow"), timeoutMs=20)["code"] == "timeout"
    for _ in range(100):
        if threads() == 0:
            return
        time.sleep(0.01)
    pytest.fail("there are still threads")


def test_endless_bodies_end_at_the_limit_of_memory(server):
    ask = asking(limits=Limits(memory=8 << 20))
    with pytest.raises(MemoryLimitExceededError):
        ask(server.url("endless"))
    assert value(ask(server.url("hello")))["body"] == "héllo"


# --- Plugins ---


def plugin(folder, *, capabilities=("function", "network"), **security):
    here = folder / "web"
    here.mkdir(parents=True)
    manifest = {
        "name": "web",
        "version": "1.0.0",
        "module": "web",
        "capabilities": list(capabilities),
        "functions": [{"name": "ask", "params": [{"name": "request", "type": "any"}], "returns": "any"}],
        "implementation": {"language": "alas"},
        "security": security,
    }
    (here / "plugin.json").write_text(json.dumps(manifest))
    (here / "web.alas.json").write_text(json.dumps(PROGRAM))


@pytest.mark.parametrize(
    ("asked", "granted", "reaches"),
    [
        (["localhost"], ["localhost"], True),
        (["localhost"], None, True),
        (["localhost", "a.example"], ["localhost"], True),
        (["localhost"], ["127.0.0.1"], False),
        (["a.example"], ["localhost"], False),
        (["localhost"], [], False),
        ([], None, False),
    ],
    ids=str,
)
def test_a_plugin_reaches_what_it_asks_for_and_the_host_grants(tmp_path, server, asked, granted, reaches):
    plugin(tmp_path, permissions={"network": asked})
    # What programs may is of no use to plugins.
    interpreter = Interpreter(
        permissions=Permissions.everything(), plugin_permissions=lambda _: Permissions(network=granted)
    )
    with PluginManager(interpreter) as manager:
        manager.initialize([tmp_path])
        request = {"method": "GET", "url": server.url("hello", "localhost")}
        if reaches:
            assert value(interpreter.call("web.ask", request))["body"] == "héllo"
            return
        with pytest.raises(PermissionDeniedError, match="the plugin `web` may not connect to"):
            interpreter.call("web.ask", request)
        assert interpreter.denial_counts() == {"web": 1}


def test_without_the_capability_a_plugin_does_not_load(tmp_path):
    plugin(tmp_path, capabilities=["function"])
    with PluginManager(Interpreter()) as manager:
        (failed,) = manager.initialize([tmp_path]).failed
    assert "the capability `network` is needed and not declared" in str(failed.error)
