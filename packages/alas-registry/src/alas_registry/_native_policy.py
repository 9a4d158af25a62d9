"""Whether the host lets native code of plugins run."""

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from alas_registry._plugin import Plugin

NativeMode = Literal["trusted", "refused"]
"""`trusted` native code runs as a part of the process, where nothing holds it; of what is `refused` nothing is loaded."""


class NativePolicy(NamedTuple):
    """What the host does with native code of plugins.

    Attributes:
        mode: `trusted` lets it run as a part of the process; with `refused`, no plugin is loaded that has any.
        origin: who says so, as messages name it.

    Example:
        >>> NativePolicy("refused", "my tool").refuses_any
        True
    """

    mode: NativeMode = "trusted"
    origin: str = "the program"

    @property
    def refuses_any(self) -> bool:
        """Whether there are plugins that it refuses."""
        return self.mode == "refused"

    def refuses(self, plugin: "Plugin") -> bool:
        """Say whether a plugin is not to be loaded because of its native code.

        A hybrid plugin without native functions has none.

        Args:
            plugin: a plugin without errors in its manifest.
        """
        if not self.refuses_any or plugin.type not in ("native", "hybrid"):
            return False
        from alas_manifest import has_native_code

        return plugin.manifest is None or has_native_code(plugin.manifest)

    @property
    def reason(self) -> str:
        """What to say of a plugin with native code that is refused, behind `has native code, which`."""
        return f'{self.origin} refuses; native code runs only where that says "trusted"'
