"""Audits a plugin as a command line asks, and prints what came of it."""

import json
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from alas_cli import _exit_codes as exit_codes
from alas_cli._plugin._policy.audit import Audit, audit_plugin
from alas_cli._plugin._policy.model import RIGHTS
from alas_cli._plugin._policy.showing import manifest_of
from alas_cli._plugin._targets import find_target
from alas_cli._rendering import PLAIN, QUIET, STRONG, STYLES, Row, print_rows, render_diagnostics
from alas_cli._subcommand import CommonOptions
from alas_manifest import escape_text
from alas_registry import InvalidPluginError

if TYPE_CHECKING:
    from alas_interp import CodeNeeds
    from alas_manifest import Diagnostic, Manifest
    from alas_registry import Plugin, Registry


class AuditPlugin:
    """Compares the manifest of a plugin with its code."""

    def __init__(self, options: CommonOptions) -> None:
        """Take the command line."""
        self._options = options

    def run(self, word: str) -> int:
        """Audit a plugin.

        Args:
            word: a name of a plugin or module, or a folder.

        Returns:
            The exit code: that of a failure when the manifest asks for too much or too little.

        Raises:
            PluginNotFoundError: nothing has the name.
            InvalidPluginError: the plugin has errors, so that nobody can say what it needs.
        """
        registry, plugin = find_target(self._options, word)
        manifest = manifest_of(plugin)
        audit = audit_plugin(plugin, manifest, _needs(registry, plugin), unseen_functions(manifest))
        refused = _refused_apis(registry, plugin)
        if self._options.is_for_machines:
            from alas_cli._documents import write_document

            document = audit.to_dict()
            document["ok"] = not (audit.findings or refused)
            document["findings"] += [finding.to_dict() for finding in refused]
            write_document(json.dumps(document))
        else:
            _print(audit, refused)
        return exit_codes.FAILED if audit.findings or refused else exit_codes.DONE


def unseen_functions(manifest: "Manifest") -> list[str]:
    """Return the functions of a plugin that nobody can look into: those in native code or Python."""
    from alas_loader_native import native_functions

    if manifest.type == "builtin":
        return [function.name for function in manifest.functions]
    return [function.name for function in native_functions(manifest)]


def _needs(registry: "Registry", plugin: "Plugin") -> "CodeNeeds | None":
    from alas_interp import Interpreter, ProgramError
    from alas_loader_native import module_needs

    try:
        with Interpreter(plugins=registry, opens_libraries=False) as interpreter:
            return module_needs(plugin, interpreter)
    except ProgramError as error:
        message = f"plugin `{plugin.name}` has errors, so that nobody can say what it needs"
        raise InvalidPluginError(message, plugin=plugin.name, diagnostics=error.diagnostics) from None


def _refused_apis(registry: "Registry", plugin: "Plugin") -> "list[Diagnostic]":
    """Return what the code calls and the manifest's `allowed_apis` leave out, as the check at load says."""
    from alas_cli._plugin._inspection import inspect_module

    return [one for one in inspect_module(registry, plugin) if one.code == "api_not_allowed"]


def _print(audit: Audit, refused: "Sequence[Diagnostic]") -> None:
    from alas_cli._excerpts import Texts

    print_rows([*_heading(audit), *_lines(audit)], sys.stdout)
    sys.stdout.flush()
    findings = [*audit.findings, *refused]
    print_rows(render_diagnostics(findings, Texts()))
    if audit.natives:
        names = escape_text(", ".join(audit.natives))
        told = (
            f"native code and Python cannot be audited, so the manifest may ask for more because of {names}"
        )
        print_rows([[("note", STYLES["warning"]), (f": {told}", PLAIN)]])
    elif not findings:
        print_rows([[("the manifest asks for just that", PLAIN)]], sys.stdout)


def _heading(audit: Audit) -> Iterator[Row]:
    name = escape_text(f"{audit.plugin.name} {audit.manifest.version}")
    needs = "needs" if audit.capabilities or audit.uses else "needs nothing outside"
    if audit.natives and audit.manifest.module_file is None:
        needs = "has no code in ALaS, which alone can be audited"
    yield [(name, STRONG), (f" {needs}", PLAIN)]


def _lines(audit: Audit) -> Iterator[Row]:
    rows = [("capability", name, need.way) for name, need in sorted(audit.capabilities.items())]
    for right in RIGHTS:
        rows += [(right, scope, use.need.way) for scope, use in audit.named(right).items()]
        computed = audit.computed(right)
        if computed is not None:
            rows.append((right, "(what it computes)", computed.need.way))
    width = max((len(escape_text(what)) for _, what, _ in rows), default=0)
    for kind, what, way in rows:
        yield [
            (f"  {kind:<10}  ", QUIET),
            (f"{escape_text(what):<{width}}  ", PLAIN),
            (escape_text(" → ".join(way)), QUIET),
        ]
