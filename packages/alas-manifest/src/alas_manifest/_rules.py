"""What more than one field of a manifest decides.

A rule looks at the file rather than at the model, so that it works on a manifest with other mistakes too: what is of the
wrong kind is as good as absent for it, because a shape has reported that already. The rules about types are in
`_type_rules.py`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from alas_manifest._dependencies import Dependency
from alas_manifest._model import TypeDefinition, must_state_sandbox
from alas_manifest._names import (
    LANGUAGES,
    MODULE_NAME,
    PLUGIN_TYPES,
    STANDARD_LIBRARY,
    PluginType,
    standard_names,
)
from alas_manifest._places import Place
from alas_manifest._records import report_missing
from alas_manifest._source import Problem
from alas_manifest._text import quote_text
from alas_manifest._type_rules import check_known_types, check_type_definitions

LIMITS = ("allowed_apis", "max_memory", "max_cpu", "timeout", "permissions")
# The capabilities that reach only as far as a permission says.
SCOPES = ("filesystem", "network", "process")


@dataclass(frozen=True, slots=True)
class Facts:
    """A manifest's file, and what several rules want to know about it.

    Attributes:
        root: the whole document.
        plugin_type: the type, defaults included; None when the file says something that is not a type.
        capabilities: the capabilities that the file states.
        dependencies: the dependencies that can be read, with their places.
        dependency_types: the types that they declare, by module and name; None when that is not known.
    """

    root: Place
    plugin_type: PluginType | None
    capabilities: tuple[str, ...]
    dependencies: tuple[tuple[Place, Dependency], ...]
    dependency_types: Mapping[str, TypeDefinition] | None = None

    @property
    def has_foreign_dependency(self) -> bool:
        """Whether something else than the standard library is needed, of which a manifest alone cannot know more."""
        return any(not dependency.is_standard for _, dependency in self.dependencies)

    @property
    def is_in_alas(self) -> bool:
        """Whether all code of the plugin is in ALaS, which the engine runs."""
        return self.plugin_type == "module" or (self.plugin_type == "hybrid" and not self.native_functions)

    @property
    def native_functions(self) -> list[Place]:
        """The functions that the file says are native."""
        functions = self.root.elements("functions")
        return [
            function
            for function in functions
            if (flag := function.member("native")) is not None and flag.value is True
        ]


def gather(root: Place, dependency_types: Mapping[str, TypeDefinition] | None = None) -> Facts:
    """Collect what the rules want to know about a manifest's file."""
    stated_type = root.member("type")
    plugin_type = stated_type.text if stated_type is not None else "module"
    known_type = plugin_type if plugin_type in PLUGIN_TYPES else None
    return Facts(
        root, known_type, tuple(root.texts("capabilities")), tuple(_dependencies(root)), dependency_types
    )


def _dependencies(root: Place) -> Iterator[tuple[Place, Dependency]]:
    for place in root.elements("dependencies"):
        try:
            yield place, Dependency.parse(place.text or "")
        except ValueError:
            continue


def check_taken_names(facts: Facts) -> None:
    """The names of the standard library are taken; it consists of builtin plugins itself."""
    if facts.plugin_type == "builtin":
        return
    name, module = facts.root.member("name"), facts.root.member("module")
    if name is not None and name.text is not None and name.text.split(".")[0] == "std":
        message = f"{quote_text(name.text)} is a name of the standard library"
        name.report(Problem("invalid_name", message, "choose another name for the plugin"))
    if module is None or module.text is None:
        return
    if module.text.split(".")[0] == "std" or module.text in STANDARD_LIBRARY:
        message = (
            f"{quote_text(module.text)} is a name of the standard library, whose calls would never come here"
        )
        module.report(Problem("invalid_name", message, "choose another name for the module"))


def check_language(facts: Facts) -> None:
    """Each type of plugin is written in some languages only."""
    language = facts.root.at("implementation", "language")
    if language is None or language.text is None:
        return
    word = language.text
    if facts.plugin_type == "module" and word != "alas":
        guess = language.suggest(word, ["alas"])
        advice = (
            guess or "the types `native` and `hybrid` are for compiled languages, `builtin` is for Python"
        )
        message = f"a module plugin is written in `alas`, found {quote_text(word)}"
    elif facts.plugin_type in ("native", "hybrid") and word == "python":
        advice = "use the type `builtin` for a plugin in Python"
        message = f"a {facts.plugin_type} plugin is compiled, which Python is not"
    elif facts.plugin_type == "native" and word == "alas":
        advice = "the type `module` is for ALaS alone, `hybrid` for both"
        message = "a native plugin is compiled, which ALaS is not"
    elif facts.plugin_type == "builtin" and word == "alas":
        advice = "use the type `module` for a plugin in ALaS"
        message = "a builtin plugin is a part of the host, which ALaS code is not"
    elif word != word.lower() and word.lower() in LANGUAGES:
        advice = f"did you mean `{word.lower()}`?"
        message = f"languages are written in small letters, found {quote_text(word)}"
    elif not word:
        advice = f"for example {', '.join(LANGUAGES[:5])}"
        message = "expected a language, found an empty text"
    elif word not in LANGUAGES:
        advice = language.suggest(word, LANGUAGES) or f"known are {', '.join(LANGUAGES[:7])} and others"
        message = f"{quote_text(word)} is not a known language"
        language.report(Problem("unknown_value", message, advice, "warning"))
        return
    else:
        return
    language.report(Problem("unknown_value", message, advice))


def check_native_parts(facts: Facts) -> None:
    """Native functions need a type of plugin that has them, and a compiled library."""
    native_functions = facts.native_functions
    if facts.plugin_type in ("module", "builtin"):
        libraries = facts.root.at("implementation", "binaries")
        if libraries is not None and isinstance(libraries.value, list) and libraries.value:
            message = (
                f"a {facts.plugin_type} plugin has no native code, so nothing would use a compiled library"
            )
            libraries.report(
                Problem("unenforceable", message, "use the type `hybrid`, or leave the field out")
            )
        for function in native_functions:
            flag = function.member("native")
            if flag is not None:
                message = f"a {facts.plugin_type} plugin has no native code"
                flag.report(Problem("unenforceable", message, "use the type `hybrid`, or leave `native` out"))
    needs_library = facts.plugin_type == "native" or (facts.plugin_type == "hybrid" and native_functions)
    implementation = facts.root.member("implementation")
    if not needs_library or implementation is None or not isinstance(implementation.value, dict):
        return
    binaries = implementation.member("binaries")
    if binaries is None:
        report_missing(implementation, "binaries", '["plugin.so"]')
    elif binaries.value == []:
        message = "expected the compiled library of the native functions, found an empty array"
        binaries.report(Problem("missing_field", message, 'name it: `["plugin.so"]`'))


def check_sandbox(facts: Facts) -> None:
    """Native code that reaches outside must say whether it is sandboxed; ALaS code always is, a part of the host never."""
    security = facts.root.member("security")
    sandbox = security.member("sandbox") if security is not None else None
    plugin_type = facts.plugin_type
    if sandbox is None and plugin_type is not None and must_state_sandbox(plugin_type, facts.capabilities):
        is_stated = security is not None and isinstance(security.value, dict)
        place = security if security is not None and is_stated else facts.root
        needs = "a native plugin that reaches outside must say whether it is sandboxed"
        example = '"sandbox": false' if is_stated else '"security": {"sandbox": false}'
        advice = (
            f"add `{example}`: it runs as a part of the process, and whoever uses the plugin has to trust it"
        )
        place.report(Problem("missing_field", f"the field `sandbox` is missing: {needs}", advice))
    if sandbox is not None and sandbox.value is False and facts.is_in_alas:
        kind = "module plugin" if plugin_type == "module" else "hybrid plugin without native functions"
        message = f"the code of a {kind} runs in the engine, which always sandboxes it"
        sandbox.report(Problem("unenforceable", message, "leave the field out"))
    if sandbox is not None and sandbox.value is True and plugin_type == "builtin":
        message = "a builtin plugin is part of the host and cannot be sandboxed"
        sandbox.report(
            Problem("unenforceable", message, "leave the field out, or use another type of plugin")
        )


def check_limits(facts: Facts) -> None:
    """Nothing holds code that runs as a part of the host."""
    security = facts.root.member("security")
    if security is None:
        return
    sandbox = security.member("sandbox")
    is_trusted_code = (
        facts.plugin_type in ("native", "hybrid")
        and not facts.is_in_alas
        and sandbox is not None
        and sandbox.value is False
    )
    if facts.plugin_type != "builtin" and not is_trusted_code:
        return
    kind = "a builtin plugin" if facts.plugin_type == "builtin" else "native code without a sandbox"
    for limit in LIMITS:
        place = security.member(limit)
        if place is not None:
            advice = "leave the field out: whoever uses the plugin has to trust its code"
            message = f"{kind} runs as a part of the host, where nothing can hold it to {quote_text(limit)}"
            place.report(Problem("unenforceable", message, advice))


def check_capabilities(facts: Facts) -> None:
    """What a manifest uses, it must have the capability for."""
    stated = facts.root.member("capabilities")
    for key, capability in (("functions", "function"), ("types", "type")):
        provided = facts.root.member(key)
        if stated is not None and capability not in facts.capabilities and provided and provided.value:
            message = f"the plugin provides {key} without the capability `{capability}`"
            advice = f"add `{capability}` to the capabilities"
            stated.report(Problem("capability_missing", message, advice, "warning"))
    for scope in SCOPES:
        permission = facts.root.at("security", "permissions", scope)
        if permission is not None and scope not in facts.capabilities:
            message = f"a permission without its capability {quote_text(scope)} permits nothing"
            permission.report(Problem("capability_missing", message, f"add `{scope}` to the capabilities"))


def check_dependencies(facts: Facts) -> None:
    """What is needed of the standard library must exist, and nothing can need itself."""
    own = [member.text for key in ("name", "module") if (member := facts.root.member(key)) is not None]
    for place, dependency in facts.dependencies:
        if dependency.name in own:
            message = (
                f"{quote_text(dependency.name)} is this plugin itself, which cannot be loaded before itself"
            )
            place.report(Problem("unenforceable", message, "leave the dependency out"))
        if dependency.is_standard and not dependency.is_known_standard:
            known = ["std.*", *(f"std.{namespace}" for namespace in STANDARD_LIBRARY)]
            message = f"the standard library has no {quote_text(dependency.name)}"
            is_all = dependency.name == "std"
            guess = "did you mean `std.*`?" if is_all else place.suggest(dependency.name, known)
            place.report(Problem("unknown_value", message, guess or f"it has {', '.join(known)}"))


def check_allowed_apis(facts: Facts) -> None:
    """What may be used must exist: functions of the standard library and modules of dependencies."""
    security = facts.root.member("security")
    module = facts.root.member("module")
    own = [module.text] if module is not None and module.text is not None else []
    for place in security.elements("allowed_apis") if security is not None else ():
        name = place.text
        if name is None or name in own:
            continue
        is_standard = name == "std" or name.startswith("std.")
        if name in standard_names() or (not is_standard and _may_be_dependency(facts, name)):
            continue
        message = f"{quote_text(name)} is neither in the standard library nor a module of a dependency"
        guess = place.suggest(f"std.{name}" if f"std.{name}" in standard_names() else name, standard_names())
        advice = guess or "name std.*, std.math, std.io.print, or the module of a dependency"
        place.report(Problem("unknown_value", message, advice))


def _may_be_dependency(facts: Facts, name: str) -> bool:
    """Say whether a name may be the module of a dependency; only finding the dependency tells for certain."""
    return facts.has_foreign_dependency and MODULE_NAME.fullmatch(name.removesuffix(".*")) is not None


def check_types(facts: Facts) -> None:
    """Types are declared once, and all that are used are declared."""
    check_type_definitions(facts.root)
    foreign = facts.dependency_types
    if foreign is None and not facts.has_foreign_dependency:
        foreign = {}
    check_known_types(facts.root, foreign)


RULES: tuple[Callable[[Facts], None], ...] = (
    check_taken_names,
    check_language,
    check_native_parts,
    check_sandbox,
    check_limits,
    check_capabilities,
    check_dependencies,
    check_allowed_apis,
    check_types,
)
