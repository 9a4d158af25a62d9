"""What people write out of habit, because other tools and languages have it, and what it is called here.

The keys are in lower case.
"""

COMMON_LICENSES = (
    "0BSD", "AFL-3.0", "AGPL-3.0-only", "AGPL-3.0-or-later", "Apache-2.0", "Artistic-2.0", "BSD-2-Clause", "BSD-3-Clause",
    "BSL-1.0", "CC-BY-4.0", "CC0-1.0", "EPL-2.0", "EUPL-1.2", "GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only",
    "GPL-3.0-or-later", "ISC", "LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later",
    "LicenseRef-Proprietary", "MIT", "MIT-0", "MPL-2.0", "MS-PL", "PSF-2.0", "Unlicense", "WTFPL", "Zlib",
)  # fmt: skip
COMMON_EXCEPTIONS = (
    "Autoconf-exception-3.0", "Bison-exception-2.2", "Classpath-exception-2.0", "Font-exception-2.0", "GCC-exception-3.1",
    "LLVM-exception", "Linux-syscall-note", "OpenSSL-exception", "Swift-exception",
)  # fmt: skip
LICENSE_HABITS = {
    "apache": "Apache-2.0", "apache2": "Apache-2.0", "apachelicense20": "Apache-2.0", "bsd": "BSD-3-Clause",
    "gpl": "GPL-3.0-or-later", "gpl2": "GPL-2.0-only", "gplv2": "GPL-2.0-only", "gpl3": "GPL-3.0-only", "gplv3": "GPL-3.0-only",
    "lgpl": "LGPL-3.0-or-later", "lgplv3": "LGPL-3.0-only", "mitlicense": "MIT", "mpl": "MPL-2.0", "mpl2": "MPL-2.0",
    "proprietary": "LicenseRef-Proprietary", "commercial": "LicenseRef-Proprietary", "publicdomain": "CC0-1.0",
    "unlicensed": "LicenseRef-Proprietary", "none": "LicenseRef-Proprietary", "bsd2": "BSD-2-Clause", "bsd3": "BSD-3-Clause",
    "gplv2plus": "GPL-2.0-or-later", "gplv3plus": "GPL-3.0-or-later", "lgplv3plus": "LGPL-3.0-or-later", "agpl": "AGPL-3.0-or-later",
    "agplv3": "AGPL-3.0-only", "cc0": "CC0-1.0", "mplv2": "MPL-2.0",
}  # fmt: skip
# What other languages call the built-in types.
TYPE_HABITS = {
    "boolean": "bool", "byte": "int", "char": "string", "dict": "map", "double": "float", "function": "any", "hash": "map",
    "i32": "int", "i64": "int", "f32": "float", "f64": "float", "integer": "int", "list": "array", "long": "int", "none": "void",
    "nil": "void", "null": "void", "number": "float", "object": "map", "real": "float", "str": "string", "text": "string",
    "tuple": "array", "uint": "int", "vector": "array",
}  # fmt: skip
CONTAINER_HABITS = {
    "array": "array", "list": "array", "seq": "array", "sequence": "array", "set": "array", "slice": "array", "tuple": "array",
    "vec": "array", "vector": "array", "dict": "map", "dictionary": "map", "hash": "map", "hashmap": "map", "map": "map",
    "object": "map", "record": "map",
}  # fmt: skip
FIELD_HABITS = {
    "args": "params", "arguments": "params", "parameters": "params", "return": "returns", "return_type": "returns", "result": "returns",
    "doc": "description", "summary": "description", "main": "entrypoint", "entry": "entrypoint", "file": "entrypoint",
    "build": "build_cmd", "command": "build_cmd", "files": "sources", "libraries": "binaries", "lang": "language",
    "deps": "dependencies", "requires": "dependencies", "exports": "functions", "permissions": "security", "authors": "author",
    "maintainer": "author", "licence": "license", "id": "name", "engine": "alas_version", "engines": "alas_version",
    "memory": "max_memory", "memory_limit": "max_memory", "cpu": "max_cpu", "cpu_limit": "max_cpu", "env": "environment",
    "environment": "env", "members": "fields", "variants": "values", "target": "base_type", "settings": "config", "options": "config",
}  # fmt: skip
CAPABILITY_HABITS = {
    "fs": "filesystem", "file": "filesystem", "disk": "filesystem", "net": "network", "http": "network", "internet": "network",
    "exec": "process", "shell": "process", "subprocess": "process", "console": "io", "stdio": "io",
}  # fmt: skip
KIND_HABITS = {
    "class": "struct", "record": "struct", "object": "struct", "map": "struct", "union": "enum", "enumeration": "enum", "typedef": "alias",
    "type": "alias",
}  # fmt: skip
PLUGIN_TYPE_HABITS = {
    "alas": "module", "script": "module", "library": "native", "lib": "native", "shared": "native", "binary": "native", "compiled": "native",
    "mixed": "hybrid", "python": "builtin", "host": "builtin", "internal": "builtin",
}  # fmt: skip
SYSTEM_HABITS = {
    "darwin": "macos",
    "mac": "macos",
    "osx": "macos",
    "win": "windows",
    "win32": "windows",
    "win64": "windows",
}
ARCHITECTURE_HABITS = {
    "amd64": "x86_64", "x64": "x86_64", "i386": "i686", "arm64": "aarch64", "arm": "armv7", "": "x86_64",
}  # fmt: skip
SIZE_UNITS = {"b": "B", "byte": "B", "bytes": "B"} | {
    alias: f"{letter.upper()}{suffix}"
    for letter in "kmgt"
    for alias, suffix in ((letter, "B"), (f"{letter}b", "B"), (f"{letter}ib", "iB"), (f"{letter}i", "iB"))
}
DURATION_UNITS = {
    "": "s", "ms": "ms", "msec": "ms", "millisecond": "ms", "milliseconds": "ms", "s": "s", "sec": "s", "secs": "s", "second": "s",
    "seconds": "s", "m": "m", "min": "m", "mins": "m", "minute": "m", "minutes": "m", "h": "h", "hour": "h", "hours": "h",
    "us": "us", "µs": "us",
}  # fmt: skip
