"""Write ALaS plugins as Python functions."""

from alas_builtin._conversion import Conversion
from alas_builtin._derivation import ManifestFields
from alas_builtin._errors import BuiltinError, ConversionError, DefinitionError
from alas_builtin._importing import ImportedPlugin, PluginImportError, import_plugin, import_plugin_file
from alas_builtin._plugin import BuiltinPlugin
from alas_builtin._signatures import BuiltinFunction, BuiltinParameter
from alas_builtin._source_check import check_source

__all__ = [
    "BuiltinError",
    "BuiltinFunction",
    "BuiltinParameter",
    "BuiltinPlugin",
    "Conversion",
    "ConversionError",
    "DefinitionError",
    "ImportedPlugin",
    "ManifestFields",
    "PluginImportError",
    "check_source",
    "import_plugin",
    "import_plugin_file",
]
