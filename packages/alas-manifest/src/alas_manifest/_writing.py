"""From a manifest to the text of a `plugin.json`. Fields that have their default are left out."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from alas_manifest._json_values import JsonValue
from alas_manifest._model import (
    Binary,
    FunctionSignature,
    Implementation,
    Manifest,
    Parameter,
    Permissions,
    Runtime,
    Security,
    TypeDefinition,
    default_capabilities,
    default_entrypoint,
    default_sandbox,
    must_state_sandbox,
)

_Members = dict[str, JsonValue]


def dumps(manifest: Manifest) -> str:
    """Write a manifest as text.

    Args:
        manifest: the manifest.

    Returns:
        The text of a `plugin.json`, ending with a line break. Reading it gives an equal manifest.

    Example:
        >>> from alas_manifest import Implementation, Version, loads
        >>> manifest = loads(
        ...     '{"name": "a", "version": "1.0.0", "module": "a", "x-icon": "🧩",'
        ...     ' "implementation": {"language": "alas"}}'
        ... )
        >>> loads(dumps(manifest)) == manifest
        True
    """
    return json.dumps(_manifest(manifest), indent=2, ensure_ascii=False) + "\n"


def dump(manifest: Manifest, path: str | os.PathLike[str]) -> None:
    """Write a manifest to a file.

    Args:
        manifest: the manifest.
        path: the file; what was in it is replaced.

    Raises:
        OSError: the file cannot be written.

    Example:
        >>> import tempfile
        >>> from alas_manifest import load, loads
        >>> manifest = loads(
        ...     '{"name": "a", "version": "1.0.0", "module": "a", "implementation": {"language": "alas"}}'
        ... )
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     dump(manifest, folder + "/plugin.json")
        ...     load(folder) == manifest
        True
    """
    Path(path).write_text(dumps(manifest), encoding="utf-8", newline="\n")


def _manifest(manifest: Manifest) -> _Members:
    capabilities: JsonValue = list(manifest.capabilities)
    members: _Members = {
        "name": manifest.name,
        "version": str(manifest.version),
        **_unless(manifest.description == "", "description", manifest.description),
        **_unless(manifest.author == "", "author", manifest.author),
        **_unless(manifest.license is None, "license", str(manifest.license)),
        "type": manifest.type,
    }
    if manifest.capabilities != default_capabilities(manifest.functions):
        members["capabilities"] = capabilities
    members["module"] = manifest.module
    members["alas_version"] = str(manifest.alas_version)
    if manifest.dependencies:
        members["dependencies"] = [str(dependency) for dependency in manifest.dependencies]
    members["functions"] = [_function(function) for function in manifest.functions]
    if manifest.types:
        members["types"] = [_type(definition) for definition in manifest.types]
    members["implementation"] = _implementation(manifest.implementation, manifest)
    if security := _security(manifest.security, manifest):
        members["security"] = security
    if runtime := _runtime(manifest.runtime):
        members["runtime"] = runtime
    return members | dict(manifest.extra)


def _unless(is_default: bool, key: str, value: JsonValue) -> _Members:  # noqa: FBT001 - reads as a sentence
    return {} if is_default else {key: value}


def _mapping(mapping: Mapping[str, JsonValue] | Mapping[str, str]) -> _Members:
    return dict(mapping)


def _parameter(parameter: Parameter) -> JsonValue:
    return {"name": parameter.name, "type": str(parameter.type), **parameter.extra}


def _function(function: FunctionSignature) -> JsonValue:
    return {
        "name": function.name,
        "params": [_parameter(parameter) for parameter in function.params],
        **_unless(function.returns is None, "returns", str(function.returns)),
        **_unless(function.description == "", "description", function.description),
        **_unless(not function.native, "native", function.native),
        **_unless(not function.is_async, "async", function.is_async),
        **function.extra,
    }


def _type(definition: TypeDefinition) -> JsonValue:
    members: _Members = {"name": definition.name, "kind": definition.kind}
    if definition.kind == "struct" or definition.fields:
        members["fields"] = [_parameter(parameter) for parameter in definition.fields]
    if definition.values:
        members["values"] = list(definition.values)
    if definition.base_type is not None:
        members["base_type"] = str(definition.base_type)
    return members | _unless(not definition.meta, "meta", _mapping(definition.meta)) | dict(definition.extra)


def _implementation(implementation: Implementation, manifest: Manifest) -> _Members:
    is_default = implementation.entrypoint in (None, default_entrypoint(manifest.type, manifest.module))
    return {
        "language": implementation.language,
        **_unless(is_default, "entrypoint", implementation.entrypoint),
        **_unless(implementation.build_cmd is None, "build_cmd", implementation.build_cmd),
        **_unless(not implementation.sources, "sources", list(implementation.sources)),
        **_unless(not implementation.binaries, "binaries", [_binary(one) for one in implementation.binaries]),
        **_unless(not implementation.config, "config", _mapping(implementation.config)),
        **implementation.extra,
    }


def _binary(binary: Binary) -> JsonValue:
    return binary.path if binary.path is not None else _mapping(binary.platforms)


def _security(security: Security, manifest: Manifest) -> _Members:
    may_omit_sandbox = security.sandbox == default_sandbox(manifest.type) and not must_state_sandbox(
        manifest.type, manifest.capabilities
    )
    apis: JsonValue = list(security.allowed_apis or ())
    permissions = _permissions(security.permissions)
    return {
        **_unless(may_omit_sandbox, "sandbox", security.sandbox),
        **_unless(security.allowed_apis is None, "allowed_apis", apis),
        **_unless(security.max_memory is None, "max_memory", str(security.max_memory)),
        **_unless(security.max_cpu == Security().max_cpu, "max_cpu", str(security.max_cpu)),
        **_unless(security.timeout is None, "timeout", str(security.timeout)),
        **_unless(not permissions, "permissions", permissions),
        **security.extra,
    }


def _permissions(permissions: Permissions) -> _Members:
    filesystem: _Members = {
        **_unless(not permissions.filesystem.read, "read", list(permissions.filesystem.read)),
        **_unless(not permissions.filesystem.write, "write", list(permissions.filesystem.write)),
        **permissions.filesystem.extra,
    }
    return {
        **_unless(not filesystem, "filesystem", filesystem),
        **_unless(not permissions.network, "network", list(permissions.network)),
        **_unless(not permissions.process, "process", list(permissions.process)),
        **_unless(not permissions.env, "env", list(permissions.env)),
        **permissions.extra,
    }


def _runtime(runtime: Runtime) -> _Members:
    return {
        **_unless(not runtime.lazy, "lazy", runtime.lazy),
        **_unless(runtime.persistent, "persistent", runtime.persistent),
        **_unless(not runtime.parallel, "parallel", runtime.parallel),
        **_unless(not runtime.environment, "environment", _mapping(runtime.environment)),
        **runtime.extra,
    }
