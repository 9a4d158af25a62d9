"""What a manifest may ask for and this version does not do: checked where a plugin is to be used, not in every manifest.

A manifest that asks for it is right, and a later version does as it says. So reading a manifest alone reports nothing.
"""

from dataclasses import dataclass

from alas_manifest._fields import IMPLEMENTATION, RUNTIME, SECURITY
from alas_manifest._model import Implementation, Manifest, Runtime, Security
from alas_manifest._places import Place
from alas_manifest._source import Problem

# What only holds code in ALaS.
_LIMITS = ("max_memory", "max_cpu", "timeout")
_ADVICE = "do not rely on it, or leave it out"


def unenforced_requests(manifest: Manifest) -> dict[str, str]:
    """Return what a manifest asks for and this version does not do.

    Args:
        manifest: the manifest of a plugin that can be loaded.

    Returns:
        For each field, as `security.timeout`, what to tell the user of it.

    Example:
        >>> from alas_manifest import loads
        >>> manifest = loads('''{
        ...     "name": "my-plugin", "version": "1.0.0", "module": "my_plugin",
        ...     "implementation": {"language": "alas", "build_cmd": "make"}
        ... }''')
        >>> unenforced_requests(manifest)
        {'implementation.build_cmd': 'sets implementation.build_cmd, which this version does not run'}
    """
    return _unenforced(
        manifest.type,
        _Asked(manifest.security, manifest.runtime, manifest.implementation, has_native_code(manifest)),
    )


def has_native_code(manifest: Manifest) -> bool:
    """Return whether a plugin has functions in native code.

    Args:
        manifest: what the plugin says about itself.
    """
    return manifest.type == "native" or (
        manifest.type == "hybrid" and any(function.native for function in manifest.functions)
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """The parts of a manifest that may ask for what is not done, and whether the plugin has functions in native code."""

    security: Security
    runtime: Runtime
    implementation: Implementation
    has_native: bool


def _unenforced(plugin_type: str, asked: _Asked) -> dict[str, str]:
    security, runtime = asked.security, asked.runtime
    told = {}
    if asked.has_native and security.permissions != Security().permissions:
        told["security.permissions"] = "sets security.permissions, which native code is not held to"
    if plugin_type in ("module", "builtin") and asked.implementation.build_cmd is not None:
        told["implementation.build_cmd"] = "sets implementation.build_cmd, which this version does not run"
    if asked.has_native and security.allowed_apis is not None:
        told["security.allowed_apis"] = "sets security.allowed_apis, which native code is not held to"
    if plugin_type == "native" and runtime.environment:
        told["runtime.environment"] = (
            "sets runtime.environment, which native code sees only in a process of its own; this version runs it in the "
            "process itself"
        )
    return told


def check_enforcement(root: Place) -> None:
    """Report what this version does not do: warnings for limits, errors for what would be another thing without it.

    Args:
        root: the manifest's document; takes the findings.
    """
    stated_type = root.member("type")
    plugin_type = stated_type.text if stated_type is not None else "module"
    asked = _asked_in(root, plugin_type or "")
    sandbox = root.at("security", "sandbox")
    if asked.has_native and sandbox is not None and sandbox.value is True:
        message = "this version runs native code as a part of the process, where nothing holds it"
        advice = "say false if whoever uses the plugin trusts its native code"
        sandbox.report(Problem("unenforceable", message, advice))
    if asked.has_native:
        for limit in _LIMITS:
            place = root.at("security", limit)
            if place is not None:
                message = (
                    f"native code runs as a part of the process, where security.{limit} cannot be enforced"
                )
                advice = "leave the field out if whoever uses the plugin trusts its native code"
                place.report(Problem("unenforceable", message, advice))
    for field, told in _unenforced(plugin_type or "", asked).items():
        place = root.at(*field.split("."))
        if place is not None:
            place.report(Problem("unenforceable", f"the plugin {told}", _ADVICE, "warning"))


def _asked_in(root: Place, plugin_type: str) -> _Asked:
    """Return the requests of a file; a part of it that has errors, which are reported already, asks for nothing."""
    security, runtime, implementation = (
        root.member(key) for key in ("security", "runtime", "implementation")
    )
    flags = (function.member("native") for function in root.elements("functions"))
    marks_native = any(flag is not None and flag.value is True for flag in flags)
    return _Asked(
        (SECURITY.read(security.silently()) if security is not None else None) or Security(),
        (RUNTIME.read(runtime.silently()) if runtime is not None else None) or Runtime(),
        (IMPLEMENTATION.read(implementation.silently()) if implementation is not None else None)
        or Implementation(language="alas"),
        plugin_type == "native" or (plugin_type == "hybrid" and marks_native),
    )
