"""Builds the plugins that the tests need."""

from __future__ import annotations

from typing import Any

from .commands import Commands
from .programs import binary, builtin, call, function, literal, module, returning, variable


def manifest(name: str = "my-plugin", **more: Any) -> dict[str, Any]:
    """The manifest of a plugin with the function `process`."""
    module_name = name.replace("-", "_")
    return {
        "name": name,
        "version": "1.0.0",
        "description": "My custom plugin",
        "type": "module",
        "module": module_name,
        "functions": [
            {
                "name": "process",
                "params": [{"name": "data", "type": "string"}],
                "returns": "string",
                "description": "Process input data",
            }
        ],
        "implementation": {"language": "alas", "entrypoint": f"{module_name}.alas.json"},
    } | more


def implementation(name: str = "my-plugin", *more: Any) -> dict[str, Any]:
    """The module of a plugin with the function `process`."""
    process = function(
        "process",
        returning(binary("+", literal("Processed: "), variable("data"))),
        params=[("data", "string")],
        returns="string",
    )
    names = ["process", *(one["name"] for one in more)]
    return module(process, *more, name=name.replace("-", "_"), exports=names)


def add_plugin(commands: Commands, name: str = "my-plugin", parent: str = "plugins", **more: Any) -> str:
    """Write a plugin that works; return its folder."""
    described = manifest(name, **more)
    commands.file(f"{parent}/{name}/plugin.json", described)
    commands.file(f"{parent}/{name}/{described['module']}.alas.json", implementation(name))
    return f"{parent}/{name}"


def add_reader(commands: Commands, parent: str = "plugins", **more: Any) -> str:
    """Write a plugin `reader` that reads files by a helper, makes a request and sees a variable; return its folder."""
    asked = {"filesystem": {"read": ["/data"]}, "network": ["api.example.com"], "env": ["SHOP"]}
    load = function(
        "load", returning(call("open", variable("path"))), params=[("path", "string")], returns="any"
    )
    opening = function(
        "open",
        returning(builtin("fs.readFile", variable("path"))),
        params=[("path", "string")],
        returns="any",
    )
    pair = {"key": literal("url"), "value": literal("https://api.example.com/v1")}
    method = {"key": literal("method"), "value": literal("GET")}
    fetch = function(
        "fetch",
        returning(builtin("net.request", {"type": "map_literal", "pairs": [method, pair]})),
        returns="any",
    )
    see = function("see", returning(builtin("env.get", literal("SHOP"), literal(""))), returns="string")
    described = manifest(
        "reader",
        capabilities=["function", "filesystem", "network"],
        functions=[
            {"name": "load", "params": [{"name": "path", "type": "string"}], "returns": "any"},
            {"name": "fetch", "params": [], "returns": "any"},
            {"name": "see", "params": [], "returns": "string"},
        ],
        security={"permissions": asked},
    )
    commands.file(f"{parent}/reader/plugin.json", described | more)
    exports = ["load", "fetch", "see"]
    commands.file(
        f"{parent}/reader/reader.alas.json",
        module(load, opening, fetch, see, name="reader", exports=exports),
    )
    return f"{parent}/reader"
