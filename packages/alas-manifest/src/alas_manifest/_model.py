"""The manifest as values of real types: what `plugin.json` says, with every default filled in.

All classes are frozen. `extra` holds the fields that the class does not know, `x-*` among them, so that writing a manifest
back loses nothing; its values are plain JSON values.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from alas_manifest._dependencies import Dependency
from alas_manifest._json_values import JsonValue
from alas_manifest._licenses import LicenseExpression
from alas_manifest._names import POWERFUL_CAPABILITIES, Capability, PluginType, TypeKind
from alas_manifest._quantities import ByteSize, CpuShare, Duration
from alas_manifest._type_references import TypeReference
from alas_manifest._versions import Version, VersionRange

Extra: TypeAlias = Mapping[str, JsonValue]

MODULE_ENDING = ".alas.json"

_ANY_ENGINE = VersionRange(">=0.1.0")
_WHOLE_CORE = CpuShare.parse("100%")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of a function, or a field of a struct: its `name` and `type`."""

    name: str
    type: TypeReference
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionSignature:
    """A function that the plugin provides.

    Attributes:
        name: what it is called by, after the module's name and a dot.
        params: its parameters in order.
        returns: what it returns; None when it may return anything.
        description: what it does.
        native: whether native code implements it; in a native plugin every function is native, whatever this says.
        is_async: whether calling it starts a task (`async` in the file).
    """

    name: str
    params: tuple[Parameter, ...] = ()
    returns: TypeReference | None = None
    description: str = ""
    native: bool = False
    is_async: bool = False
    extra: Extra = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the signature on one line: `process(data: string) -> string`."""
        params = ", ".join(f"{parameter.name}: {parameter.type}" for parameter in self.params)
        return f"{self.name}({params}) -> {self.returns or 'any'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeDefinition:
    """A type that the plugin declares.

    Attributes:
        name: what signatures call it.
        kind: which of the next three it has.
        fields: the fields of a struct.
        values: the words of an enum.
        base_type: what an alias stands for.
        meta: free for tools.
    """

    name: str
    kind: TypeKind
    fields: tuple[Parameter, ...] = ()
    values: tuple[str, ...] = ()
    base_type: TypeReference | None = None
    meta: Extra = field(default_factory=dict)
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary:
    """A compiled library: one file for every platform, or a file for each.

    Attributes:
        path: the file, inside the plugin folder, when there is one for every platform.
        platforms: platform (`linux-x86_64`) to file, when there is one for each.
    """

    path: str | None = None
    platforms: Mapping[str, str] = field(default_factory=dict)

    def for_platform(self, platform: str) -> str | None:
        """Return the file for a platform.

        Args:
            platform: operating system and architecture, for example `linux-x86_64`.

        Returns:
            A path inside the plugin folder, or None when the platform has none.
        """
        return self.path if self.path is not None else self.platforms.get(platform)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file, whatever the platform."""
        return (self.path,) if self.path is not None else tuple(self.platforms.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Implementation:
    """Where the code of the plugin is and how it is built.

    Attributes:
        language: what it is written in.
        entrypoint: its main file, inside the plugin folder; None when it has none.
        build_cmd: the command that builds it, run in the plugin folder without a shell.
        sources: its source files, inside the plugin folder.
        binaries: its compiled libraries.
        config: settings that the plugin can read.
    """

    language: str
    entrypoint: str | None = None
    build_cmd: str | None = None
    sources: tuple[str, ...] = ()
    binaries: tuple[Binary, ...] = ()
    config: Mapping[str, str] = field(default_factory=dict)
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesystemPermission:
    """Which paths may be read and which written."""

    read: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """How far the capabilities reach; what is not named is out of reach.

    Attributes:
        filesystem: paths.
        network: hosts, each with a port or without.
        process: commands.
        env: names of environment variables.
    """

    filesystem: FilesystemPermission = FilesystemPermission()
    network: tuple[str, ...] = ()
    process: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """What the plugin asks the host to hold it to. A limit can only narrow what the host allows.

    Attributes:
        sandbox: whether the plugin runs where it can do no harm.
        allowed_apis: the functions it may use; None is all that the capabilities permit.
        max_memory: None is the host's default.
        max_cpu: share of one core; 100%, which holds where nothing is said, is not paced.
        timeout: longest duration of a call from outside; None is the host's default.
        permissions: how far the capabilities reach.
    """

    sandbox: bool = True
    allowed_apis: tuple[str, ...] | None = None
    max_memory: ByteSize | None = None
    max_cpu: CpuShare = _WHOLE_CORE
    timeout: Duration | None = None
    permissions: Permissions = Permissions()
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """How the plugin is kept and called.

    Attributes:
        lazy: load it at first use.
        persistent: keep it loaded between calls.
        parallel: calls may overlap; otherwise they queue.
        environment: what `env.get` and a worker's environment hold.
    """

    lazy: bool = False
    persistent: bool = True
    parallel: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All that a `plugin.json` says.

    Attributes:
        name: what the plugin is called, unique without regard to case.
        version: the plugin's version.
        module: the ALaS module it provides.
        implementation: where its code is.
        description: what it does.
        author: who made it.
        license: under which terms.
        type: which loader runs it.
        capabilities: what it provides and what it needs.
        alas_version: the versions of ALaS it works with.
        dependencies: the plugins and modules it needs.
        functions: the functions it provides.
        types: the types it declares.
        security: what it asks to be held to.
        runtime: how it is kept and called.

    Example:
        >>> manifest = Manifest(
        ...     name="my-plugin",
        ...     version=Version.parse("1.0.0"),
        ...     module="my_plugin",
        ...     implementation=Implementation(language="alas", entrypoint="my_plugin.alas.json"),
        ... )
        >>> manifest.type
        'module'
    """

    name: str
    version: Version
    module: str
    implementation: Implementation
    description: str = ""
    author: str = ""
    license: LicenseExpression | None = None
    type: PluginType = "module"
    capabilities: tuple[Capability, ...] = ()
    alas_version: VersionRange = _ANY_ENGINE
    dependencies: tuple[Dependency, ...] = ()
    functions: tuple[FunctionSignature, ...] = ()
    types: tuple[TypeDefinition, ...] = ()
    security: Security = Security()
    runtime: Runtime = Runtime()
    extra: Extra = field(default_factory=dict)

    def function(self, name: str) -> FunctionSignature | None:
        """Return the signature of a function.

        Args:
            name: the function's name, without the module's.

        Returns:
            The signature, or None when the plugin has no such function.
        """
        return next((function for function in self.functions if function.name == name), None)

    @property
    def module_file(self) -> str | None:
        """The ALaS module's file inside the plugin folder; None for a plugin without ALaS code.

        A hybrid plugin's entry point may be a source of its native half; then the module is the first source that is one,
        or is called like the module.
        """
        if self.type == "module":
            return self.implementation.entrypoint
        if self.type != "hybrid":
            return None
        named = (self.implementation.entrypoint or "", *self.implementation.sources)
        return next((path for path in named if path.endswith(MODULE_ENDING)), f"{self.module}{MODULE_ENDING}")


def default_entrypoint(plugin_type: PluginType, module: str) -> str | None:
    """Return the main file of a plugin that does not name one."""
    return f"{module}{MODULE_ENDING}" if plugin_type == "module" else None


def default_capabilities(functions: tuple[FunctionSignature, ...]) -> tuple[Capability, ...]:
    """Return the capabilities of a plugin that does not name any."""
    return ("function",) if functions else ()


def default_sandbox(plugin_type: PluginType) -> bool:
    """Return whether a plugin that does not say so is sandboxed: all but those that are part of the host."""
    return plugin_type != "builtin"


def must_state_sandbox(plugin_type: PluginType, capabilities: tuple[str, ...]) -> bool:
    """Say whether a plugin must state whether it is sandboxed: native code that reaches outside."""
    return plugin_type == "native" and not POWERFUL_CAPABILITIES.isdisjoint(capabilities)
