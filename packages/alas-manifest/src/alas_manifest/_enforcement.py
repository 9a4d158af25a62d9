"""What a manifest may ask for and this version does not do: checked where a plugin is to be used, not in every manifest.

A manifest that asks for it is right, and a later version does as it says. So reading a manifest alone reports nothing.
"""

from alas_manifest._fields import IMPLEMENTATION, RUNTIME, SECURITY
from alas_manifest._model import Implementation, Manifest, Runtime, Security
from alas_manifest._places import Place
from alas_manifest._source import Problem

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
        ...     "implementation": {"language": "alas"}, "security": {"timeout": "1s"}
        ... }''')
        >>> unenforced_requests(manifest)
        {'security.timeout': 'sets security.timeout, which this version does not enforce'}
    """
    if manifest.type != "module":
        # Nothing can hold a builtin plugin, so it may not ask; the others cannot be loaded yet.
        return {}
    return _unenforced(manifest.security, manifest.runtime, manifest.implementation)


def _unenforced(security: Security, runtime: Runtime, implementation: Implementation) -> dict[str, str]:
    default = Security()
    asked = {
        "security.max_memory": security.max_memory is not None,
        "security.max_cpu": security.max_cpu != default.max_cpu,
        "security.timeout": security.timeout is not None,
        "security.permissions": security.permissions != default.permissions,
        "runtime.parallel": runtime.parallel,
        "implementation.build_cmd": implementation.build_cmd is not None,
    }
    return {
        field: f"sets {field}, which this version does not {'run' if field.endswith('_cmd') else 'enforce'}"
        for field, is_asked in asked.items()
        if is_asked
    }


def check_enforcement(root: Place) -> None:
    """Report what this version does not do: warnings for limits, errors for what would be another thing without it.

    Args:
        root: the manifest's document; takes the findings.
    """
    for function in root.elements("functions"):
        flag = function.member("async")
        if flag is not None and flag.value is True:
            message = "a function that starts a task is not available in this version"
            advice = "leave `async` out; the function then returns its result itself"
            flag.report(Problem("unenforceable", message, advice))
    stated_type = root.member("type")
    if stated_type is not None and stated_type.text != "module":
        return
    for field, told in _asked_in(root).items():
        place = root.at(*field.split("."))
        if place is not None:
            place.report(Problem("unenforceable", f"the plugin {told}", _ADVICE, "warning"))


def _asked_in(root: Place) -> dict[str, str]:
    """Return the requests of a file; a part of it that has errors, which are reported already, asks for nothing."""
    security, runtime, implementation = (
        root.member(key) for key in ("security", "runtime", "implementation")
    )
    return _unenforced(
        (SECURITY.read(security.silently()) if security is not None else None) or Security(),
        (RUNTIME.read(runtime.silently()) if runtime is not None else None) or Runtime(),
        (IMPLEMENTATION.read(implementation.silently()) if implementation is not None else None)
        or Implementation(language="alas"),
    )
