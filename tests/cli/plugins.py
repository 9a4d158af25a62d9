"""Builds the plugins that the tests need."""

from __future__ import annotations

from typing import Any

from .commands import Commands
from .programs import binary, function, literal, module, returning, variable


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
