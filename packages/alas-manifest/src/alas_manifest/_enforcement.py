"""What a manifest may ask for and this version does not do: checked where a plugin is to be used, not in every manifest.

A manifest that asks for it is right, and a later version does as it says. So reading a manifest alone reports nothing.
"""

from dataclasses import dataclass

from alas_manifest._fields import IMPLEMENTATION, SECURITY
from alas_manifest._model import Implementation, Manifest, Security
from alas_manifest._places import Place
from alas_manifest._source import Problem

# What only holds code in ALaS.
_LIMITS = ("security.max_memory", "security.max_cpu", "security.timeout")
# What holds the half of a hybrid plugin that is in ALaS, and nothing of a native plugin.
_ENVIRONMENT = "runtime.environment"
_OF_ALAS = ("security.allowed_apis", "security.permissions", _ENVIRONMENT)
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
    has_native = has_native_code(manifest)
    return _unenforced(manifest.type, _Asked(manifest.security, manifest.implementation, has_native))


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
    implementation: Implementation
    has_native: bool


def _unenforced(plugin_type: str, asked: _Asked) -> dict[str, str]:
    """Return what is not done, or not for all code of the plugin, and no reason to refuse it."""
    security = asked.security
    told = {}
    if plugin_type in ("module", "builtin") and asked.implementation.build_cmd is not None:
        told["implementation.build_cmd"] = "sets implementation.build_cmd, which this version does not run"
    if plugin_type == "hybrid" and asked.has_native:
        # Its half in ALaS is held to them.
        if security.permissions != Security().permissions:
            told["security.permissions"] = "sets security.permissions, which native code is not held to"
        if security.allowed_apis is not None:
            told["security.allowed_apis"] = "sets security.allowed_apis, which native code is not held to"
    return told


def check_enforcement(root: Place) -> None:
    """Report what this version does not do: errors for what would be another thing without it, else warnings.

    Args:
        root: the manifest's document; takes the findings.
    """
    stated_type = root.member("type")
    plugin_type = (stated_type.text if stated_type is not None else "module") or ""
    asked = _asked_in(root, plugin_type)
    if asked.has_native:
        _check_native_code(root, plugin_type, asked)
    for field, told in _unenforced(plugin_type, asked).items():
        place = root.at(*field.split("."))
        if place is not None and not _is_wrong_anyway(root, field):
            place.report(Problem("unenforceable", f"the plugin {told}", _ADVICE, "warning"))


def _check_native_code(root: Place, plugin_type: str, asked: _Asked) -> None:
    """Report what native code cannot be held to."""
    sandbox = root.at("security", "sandbox")
    if sandbox is not None and sandbox.value is True:
        message = "this version runs native code as a part of the process, where nothing holds it"
        advice = "say false if whoever uses the plugin trusts its native code"
        sandbox.report(Problem("unenforceable", message, advice))
    for field in (*_LIMITS, *(_OF_ALAS if plugin_type == "native" else ())):
        place = root.at(*field.split("."))
        asks_nothing = (
            field == "security.permissions" and asked.security.permissions == Security().permissions
        )
        if place is None or place.value == {} or asks_nothing or _is_wrong_anyway(root, field):
            continue
        if field == _ENVIRONMENT:
            message = f"native code runs as a part of the process, whose environment is not that of {field}"
            advice = "leave the field out, and use `implementation.config`, which native code sees"
        else:
            message = f"native code runs as a part of the process, where {field} cannot be enforced"
            advice = "leave the field out if whoever uses the plugin trusts its native code"
        place.report(Problem("unenforceable", message, advice))


def _is_wrong_anyway(root: Place, field: str) -> bool:
    """Return whether a field is an error in every version, which the rules have reported: the manifest wants no sandbox."""
    sandbox = root.at("security", "sandbox")
    return field.startswith("security.") and sandbox is not None and sandbox.value is False


def _asked_in(root: Place, plugin_type: str) -> _Asked:
    """Return the requests of a file; a part of it that has errors, which are reported already, asks for nothing."""
    security, implementation = (root.member(key) for key in ("security", "implementation"))
    flags = (function.member("native") for function in root.elements("functions"))
    marks_native = any(flag is not None and flag.value is True for flag in flags)
    return _Asked(
        (SECURITY.read(security.silently()) if security is not None else None) or Security(),
        (IMPLEMENTATION.read(implementation.silently()) if implementation is not None else None)
        or Implementation(language="alas"),
        plugin_type == "native" or (plugin_type == "hybrid" and marks_native),
    )
