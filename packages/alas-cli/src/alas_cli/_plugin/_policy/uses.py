"""Where the code of a plugin reaches outside, and what it names there: paths, hosts, commands and variables.

The engine knows which functions reach what; the arguments are read from the text, by way of variables, parameters and functions
where they lead to what is written there. What is not is computed, and said to be.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alas_cli._plugin._policy.origins import Expression, Origins
from alas_manifest import is_host

if TYPE_CHECKING:
    from alas_interp import CodeNeeds, Need

Steps = tuple[str | int, ...]

REACHES: Mapping[str, tuple[tuple[str, int], ...]] = {
    "env.get": (("env", 0),),
    "fs.appendFile": (("write", 0),),
    "fs.exists": (("read", 0),),
    "fs.list": (("read", 0),),
    "fs.makeDir": (("write", 0),),
    "fs.readFile": (("read", 0),),
    "fs.remove": (("write", 0),),
    "fs.rename": (("read", 0), ("write", 0), ("write", 1)),
    "fs.stat": (("read", 0),),
    "fs.writeFile": (("write", 0),),
    "io.readFile": (("read", 0),),
    "io.writeFile": (("write", 0),),
    "net.request": (("net", 0),),
    "process.run": (("run", 0),),
}
"""The rights that standard functions need, each with the argument that says for what."""

_STANDARD = "std."
_URL = re.compile(r"https?://(?P<host>[^/?#]+)(?P<end>[/?#]?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Use:
    """A place in the code that needs a right.

    Attributes:
        right: `read`, `write`, `net`, `run` or `env`.
        scope: what it is needed for, as a manifest names it; None when that is computed.
        need: the way there.
        file: the file.
        steps: where it stands in there.
        is_certain: whether the call needs the right whatever is computed.
    """

    right: str
    scope: str | None
    need: "Need"
    file: Path
    steps: Steps
    is_certain: bool = True


def find_uses(code: "CodeNeeds") -> list[Use]:
    """Return where a plugin's code needs rights, in the order of its files.

    Args:
        code: what the engine says about it.

    Raises:
        OSError: a file cannot be read any more.
        ValueError: a file is no JSON any more.
    """
    found: list[Use] = []
    for module, file in code.files.items():
        document = json.loads(file.read_bytes().removeprefix(b"\xef\xbb\xbf"))
        origins = Origins(document)
        for need in code.needs:
            builtin = need.builtin
            if need.module != module or len(need.way) != 2 or builtin is None or builtin not in REACHES:
                continue
            way = _way_to(need, code)
            calls = list(_calls(document, need.function, builtin))
            for steps, nodes in calls:
                arguments = [Expression(need.function, node) for node in nodes]
                found += [
                    Use(right, scope, way, file, steps, is_certain)
                    for right, scope, is_certain in _reached(builtin, arguments, origins)
                ]
            if not calls:
                # The engine has seen a call that the text does not show, so nothing is known of what it names.
                found += [Use(right, None, way, file, ()) for right, _ in REACHES[builtin]]
    return found


def capability_ways(code: "CodeNeeds") -> "dict[str, Need]":
    """Return the capabilities that a plugin's code takes, each with a short way to where it does.

    Args:
        code: what the engine says about it.
    """
    found: dict[str, Need] = {}
    for need in sorted(code.needs, key=lambda one: _rank(one, code)):
        for capability in need.capabilities:
            found.setdefault(capability, need)
    return found


def _way_to(direct: "Need", code: "CodeNeeds") -> "Need":
    """Return a way that ends with a call, from what others can call if there is one."""
    leading = [one for one in code.needs if one.way[-2:] == direct.way]
    return min(leading, key=lambda one: _rank(one, code), default=direct)


def _rank(need: "Need", code: "CodeNeeds") -> tuple[bool, int]:
    """Put first what others can call, and then what is near."""
    is_offered = need.module == code.module.name and need.function in code.module.exports
    return not is_offered, len(need.way)


def _calls(document: Any, function: str, builtin: str) -> Iterator[tuple[Steps, list[Any]]]:
    """Yield the calls of a standard function in a function of a module: where their names stand, and their arguments."""
    namespace, _, name = builtin.partition(".")
    modules = (namespace, f"{_STANDARD}{namespace}")
    functions = document["functions"]
    index = next(index for index, one in enumerate(functions) if one["name"] == function)
    waiting: list[tuple[Steps, Any]] = [(("functions", index, "body"), functions[index]["body"])]
    while waiting:
        steps, node = waiting.pop()
        if isinstance(node, list):
            waiting += reversed([((*steps, index), one) for index, one in enumerate(node)])
        elif isinstance(node, dict) and node.get("type") != "literal":
            kind = node.get("type")
            is_builtin = kind == "builtin" and node.get("name") == builtin
            is_call = kind == "module_call" and node.get("name") == name and node.get("module") in modules
            if is_builtin or is_call:
                yield (*steps, "name"), node.get("args", [])
            waiting += reversed([((*steps, key), one) for key, one in node.items()])


def _reached(
    builtin: str, arguments: Sequence[Expression], origins: Origins
) -> Iterator[tuple[str, str | None, bool]]:
    """Yield the rights that a call needs, each with what for, or None where that is computed, and whether it is certain."""
    for right, index in REACHES[builtin]:
        scopes = _hosts(arguments, origins) if right == "net" else origins.texts(arguments[index])
        yield from ((right, scope, True) for scope in scopes)
    if builtin == "process.run" and len(arguments) > 2:
        # The folder that a command works in has to be granted to be read.
        for folder in origins.entries(arguments[2], "cwd"):
            if folder is None:
                yield "read", None, False
            else:
                yield from (("read", scope, True) for scope in origins.texts(folder))


def _hosts(arguments: Sequence[Expression], origins: Origins) -> Iterator[str | None]:
    """Yield the hosts, each with the port if there is one, of the URLs that a request may have."""
    for url in origins.entries(arguments[0], "url"):
        for beginning, is_whole in [("", False)] if url is None else origins.beginnings(url):
            yield _host(beginning, is_whole=is_whole)


def _host(url: str, *, is_whole: bool) -> str | None:
    match = _URL.match(url)
    # What is appended to a host may become a part of it.
    if match is None or not (is_whole or match["end"]):
        return None
    host = match["host"].lower()
    return host if is_host(host) else None
