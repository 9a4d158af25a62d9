from __future__ import annotations

import json

import pytest


def module(*functions, name="m", **more):
    return {"type": "module", "name": name, **more, "functions": list(functions)}


def function(name, *body, params=(), returns=None):
    declared = {"params": [{"name": one, "type": kind} for one, kind in params]} if params else {}
    return {"name": name, **declared, **({"returns": returns} if returns else {}), "body": list(body)}


def literal(value):
    return {"type": "literal", "value": value}


def variable(name):
    return {"type": "variable", "name": name}


def builtin(name, *arguments):
    return {"type": "builtin", "name": name, "args": list(arguments)}


def returning(value):
    return {"type": "return", "value": value}


class Programs:
    """What builds programs, and a folder to put them in."""

    module = staticmethod(module)
    function = staticmethod(function)
    literal = staticmethod(literal)
    variable = staticmethod(variable)
    builtin = staticmethod(builtin)
    returning = staticmethod(returning)

    def __init__(self, folder):
        self.folder = folder

    def file(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content, indent=2).encode())
        return path

    def plugin(self, name, *body, **manifest):
        """A plugin with one function, `run`."""
        document = {"name": name, "version": "1.0.0", "module": name, "implementation": {"language": "alas"}}
        document["functions"] = [{"name": "run", "params": [{"name": "x", "type": "any"}]}]
        self.file(f"plugins/{name}/plugin.json", document | manifest)
        run = function("run", *body, params=[("x", "any")])
        return self.file(f"plugins/{name}/{name}.alas.json", module(run, name=name, exports=["run"]))

    @property
    def plugins(self):
        return self.folder / "plugins"


@pytest.fixture
def programs(tmp_path):
    return Programs(tmp_path)
