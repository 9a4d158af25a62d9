"""A plugin made of Python functions."""

import functools
import os
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Self, TypeVar, Unpack, overload

from alas_builtin._agreement import compare
from alas_builtin._declared_types import DeclaredTypes
from alas_builtin._derivation import Derived, ManifestFields, check_fields, check_names, derive
from alas_builtin._errors import DefinitionError
from alas_builtin._hints import HintReader
from alas_builtin._signatures import BuiltinFunction, Stated, read_function
from alas_builtin._stated_manifest import StatedManifest
from alas_manifest import Diagnostic, Manifest, ManifestError, TypeDefinition, nearest_name

Function = TypeVar("Function", bound=Callable[..., Any])
Class = TypeVar("Class", bound=type)


class BuiltinPlugin:
    """A plugin whose functions are written in Python.

    Functions join by a decorator, which leaves them as they are. Their type hints become the signatures of the manifest, their
    docstrings its descriptions.

    Attributes:
        name: the plugin's name.
        version: its version.
        module: the ALaS module it provides: what programs write before the function's name.

    Example:
        >>> plugin = BuiltinPlugin("text-tools", version="1.0.0", license="MIT")
        >>> @plugin.function
        ... def shout(text: str, times: int) -> list[str]:
        ...     '''Say something loudly, several times.'''
        ...     return [text.upper()] * times
        >>> print(plugin.manifest.functions[0])
        shout(text: string, times: int) -> array<string>
        >>> plugin.call("shout", ["hi", 2])
        ['HI', 'HI']
    """

    def __init__(self, name: str, *, version: str, **fields: Unpack[ManifestFields]) -> None:
        """Make a plugin without functions.

        Args:
            name: its name: lower-case letters, digits, dots, dashes and underscores.
            version: its semantic version.
            **fields: other fields of the manifest; what is not given follows from the functions or has its usual default.

        Raises:
            DefinitionError: a field is wrong; all that is wrong is said at once.
        """
        self.name = name
        self.version = version
        self._fields = fields
        self._given: StatedManifest | None = None
        self.module = fields.get("module") or name.replace("-", "_")
        check_fields(self._derived((), ()))
        self._start(fields.get("config", {}), fields.get("environment", {}))

    def _start(self, config: Mapping[str, object], environment: Mapping[str, str]) -> None:
        self._functions: dict[str, BuiltinFunction] = {}
        self._types = DeclaredTypes()
        self.configure({key: _scalar_text(value) for key, value in config.items()}, environment)

    @classmethod
    def from_manifest(cls, source: "Manifest | str | os.PathLike[str]") -> Self:
        """Make a plugin with a manifest that is written by hand.

        The functions that join have to be those that it describes: `disagreements` compares them. A function without hints
        takes and returns what the manifest says.

        Args:
            source: a manifest, or the path of a `plugin.json`, usually `Path(__file__).with_name("plugin.json")`.

        Raises:
            ManifestError: the manifest has errors.
            DefinitionError: it is that of a plugin of another type.

        Example:
            >>> written = BuiltinPlugin("echo", version="1.0.0").manifest
            >>> BuiltinPlugin.from_manifest(written).module
            'echo'
        """
        given = StatedManifest.of(source)
        manifest = given.manifest
        if manifest.type != "builtin" or manifest.implementation.language != "python":
            raise DefinitionError(
                f"the manifest of `{manifest.name}` is that of a {manifest.type} plugin in {manifest.implementation.language}; "
                'a plugin made of Python functions has "type": "builtin" and "language": "python"'
            )
        check_names(manifest.name, manifest.module)
        plugin = cls.__new__(cls)
        plugin.name, plugin.version, plugin.module = manifest.name, str(manifest.version), manifest.module
        plugin._fields, plugin._given = {}, given  # noqa: SLF001 - a second way to make an instance
        plugin._start(manifest.implementation.config, manifest.runtime.environment)  # noqa: SLF001 - as above
        return plugin

    # --- Functions and types ---

    @overload
    def function(self, implementation: Function, /) -> Function: ...

    @overload
    def function(
        self, /, *, name: str | None = None, description: str | None = None
    ) -> Callable[[Function], Function]: ...

    def function(
        self,
        implementation: Function | None = None,
        /,
        *,
        name: str | None = None,
        description: str | None = None,
    ) -> Function | Callable[[Function], Function]:
        """Make a Python function a function of the plugin. A decorator, with arguments or without.

        Args:
            implementation: the function; its hints say what it takes and returns.
            name: what ALaS calls it, when it is not the Python name.
            description: what it does, when it is not the first paragraph of the docstring.

        Returns:
            The same function, to be called from Python as before.

        Raises:
            DefinitionError: ALaS cannot call it; the message says why and what to write instead.

        Example:
            >>> plugin = BuiltinPlugin("text-tools", version="1.0.0")
            >>> @plugin.function(name="toTitle")
            ... def to_title(text: str) -> str:
            ...     return text.title()
            >>> plugin.functions[0].name
            'toTitle'
        """
        if implementation is None:
            return functools.partial(self._add, stated=Stated(name, description))
        return self._add(implementation, Stated(name, description))

    def _add(self, implementation: Function, stated: Stated) -> Function:
        # Nothing changes before the function is known to be right.
        types = self._types.draft()
        function = read_function(implementation, stated, self.module, types)
        types.check_finite()
        if function.name in self._functions:
            raise DefinitionError(
                f"the plugin `{self.name}` has a function `{function.name}` already; give one of them another name: "
                '@plugin.function(name="…")'
            )
        self._types = types
        self._functions[function.name] = function
        return implementation

    def type(self, kind: Class) -> Class:
        """Make a class a type of the plugin though no function of it uses the class. A decorator.

        Args:
            kind: a dataclass, TypedDict, NamedTuple or enumeration of texts.

        Returns:
            The same class.

        Raises:
            DefinitionError: ALaS has no such types.
        """
        types = self._types.draft()
        HintReader(types, f"the type `{getattr(kind, '__name__', kind)}`", (), {}).read(kind)
        types.check_finite()
        self._types = types
        return kind

    @property
    def functions(self) -> tuple[BuiltinFunction, ...]:
        """The functions in the order in which they joined."""
        return tuple(self._functions.values())

    @property
    def types(self) -> tuple[TypeDefinition, ...]:
        """The types that the functions need, and those that joined by `type`."""
        return self._types.definitions

    def call(self, function: str, arguments: Sequence[object]) -> object:
        """Call a function with values of ALaS, as a program would. Made for tests; Python code calls its functions itself.

        Args:
            function: the function's name, without the module's.
            arguments: None, bools, ints, floats, strs, lists, and dicts with str keys.

        Returns:
            The result as a value of ALaS.

        Raises:
            LookupError: the plugin has no such function.
            ConversionError: an argument or the result does not fit.
            Exception: whatever the function raises.
        """
        found = self._functions.get(function)
        if found is None:
            near = nearest_name(function, self._functions)
            advice = f"did you mean `{near}`?" if near else f"it has: {', '.join(self._functions) or 'none'}"
            raise LookupError(f"the plugin `{self.name}` has no function `{function}`; {advice}")
        return found.call(arguments)

    # --- What belongs to it ---

    @property
    def config(self) -> Mapping[str, str]:
        """The settings of the manifest's `implementation.config`, as texts."""
        return self._config

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables of the manifest's `runtime.environment`."""
        return self._environment

    def configure(self, config: Mapping[str, str], environment: Mapping[str, str]) -> None:
        """Take the settings of the manifest that the plugin is loaded with. The loader does this; tests may.

        Args:
            config: what `config` shall be.
            environment: what `environment` shall be.
        """
        self._config = MappingProxyType(dict(config))
        self._environment = MappingProxyType(dict(environment))

    # --- The manifest ---

    @property
    def manifest(self) -> Manifest:
        """The manifest: the one that was given, or the one that follows from the functions.

        Raises:
            ManifestError: the one that was given does not describe the functions as they are.
            DefinitionError: what follows from the functions is no right manifest.
        """
        if self._given is None:
            described = tuple(function.described_signature() for function in self.functions)
            return derive(self._derived(described, self.types))
        findings = [finding for finding in self.disagreements() if finding.is_error]
        if findings:
            raise ManifestError(findings)
        return self._given.manifest

    def disagreements(self, source: "Manifest | str | os.PathLike[str] | None" = None) -> list[Diagnostic]:
        """Say where a manifest and the functions disagree.

        Args:
            source: a manifest, or the path of one; None is the one that was given to `from_manifest`.

        Returns:
            The findings, none when the manifest describes the plugin as it is.

        Raises:
            ManifestError: the manifest itself has errors.

        Example:
            >>> plugin = BuiltinPlugin("text-tools", version="1.0.0")
            >>> written = plugin.manifest
            >>> @plugin.function
            ... def shout(text: str) -> str:
            ...     return text.upper()
            >>> [finding.code for finding in plugin.disagreements(written)]
            ['signature_mismatch']
        """
        stated = self._given if source is None else StatedManifest.of(source)
        if stated is None:
            return []
        signatures = tuple(function.signature for function in self.functions)
        return compare(stated, self._derived(signatures, self.types))

    def _derived(self, functions: Sequence[Any], types: Sequence[TypeDefinition]) -> Derived:
        return Derived(self.name, self.version, self.module, self._fields, tuple(functions), tuple(types))

    def __repr__(self) -> str:
        """Return the plugin as error messages show it."""
        return f"<BuiltinPlugin {self.name} {self.version}>"


def _scalar_text(value: object) -> str:
    """Return a setting as a manifest would keep it."""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else repr(value)
