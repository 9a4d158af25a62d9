"""What can be said about the Python file of a plugin without running it.

The file is parsed. What it makes a function of the plugin, and with which parameters, is compared with the manifest as far as
the text says it for certain; where code decides, nothing is said, and loading the plugin compares what came of it.
"""

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from alas_builtin._stated_manifest import StatedManifest
from alas_manifest import MANIFEST_FILE, Diagnostic, FunctionSignature, Manifest, nearest_name

_DECORATOR = "function"
_SCALARS = {"int": "int", "float": "float", "str": "string", "bool": "bool"}
# With these, code may make functions that the text does not show.
_HIDING = frozenset({"exec", "eval", "getattr", "setattr", "globals", "vars", "partial", "compile"})


def check_source(folder: Path, manifest: Manifest) -> list[Diagnostic]:
    """Check the Python file of a plugin that is a folder, without running it.

    Args:
        folder: the plugin's folder.
        manifest: its manifest. Of one that names no Python file, nothing is said.

    Returns:
        The findings: the file is no Python, or does not have the functions that the manifest describes.

    Example:
        >>> import tempfile
        >>> from alas_manifest import loads
        >>> manifest = loads(
        ...     '{"name": "a", "version": "1.0.0", "module": "a", "type": "builtin",'
        ...     ' "functions": [{"name": "f"}], "implementation": {"language": "python", "entrypoint": "a.py"}}'
        ... )
        >>> with tempfile.TemporaryDirectory() as name:
        ...     _ = (Path(name) / "a.py").write_text("def f(:")
        ...     [finding.code for finding in check_source(Path(name), manifest)]
        ['python_syntax']
    """
    entrypoint = manifest.implementation.entrypoint
    if manifest.type != "builtin" or entrypoint is None:
        return []
    file = folder / entrypoint
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(file.read_bytes(), str(file))
    except OSError:
        # Whoever reads the manifest's files says so.
        return []
    except SyntaxError as error:
        return [_no_python(file, error.msg, error.lineno or 1, error.offset or 1)]
    except (ValueError, RecursionError, MemoryError) as error:
        return [_no_python(file, str(error) or "it is nested too deep", 1, 1)]
    stated_file = folder / MANIFEST_FILE
    stated = StatedManifest(manifest, str(stated_file) if stated_file.is_file() else None)
    found = _read(tree, folder)
    return list(_compare(stated, found, file.name)) if manifest.functions and found.is_certain else []


def _no_python(file: Path, reason: str, line: int, column: int) -> Diagnostic:
    message = f"expected Python, but {reason}"
    return Diagnostic("python_syntax", "error", message, str(file), "", line, column, "correct the line")


# --- What the text says ---


@dataclass(slots=True)
class _Found:
    """What a file says about a plugin's functions.

    Attributes:
        is_certain: whether the text shows all functions that join.
        joined: the functions that join, by the names that programs call them.
        others: the lines of functions that do not join, by their names.
        known: names that the file gives another meaning, such as its own classes.
    """

    is_certain: bool = True
    joined: "dict[str, ast.FunctionDef | None]" = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)


def _read(tree: ast.Module, folder: Path) -> _Found:
    found = _Found()
    plugins = 0
    decorators: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            decorators.update(_read_function(node, found))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            _read_import(node, folder, found)
        elif isinstance(node, ast.ClassDef):
            found.known.add(node.name)
        elif isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                found.known.add(node.id)
            found.is_certain &= node.id not in _HIDING
        elif isinstance(node, ast.Call):
            plugins += "BuiltinPlugin" in ast.dump(node.func)
    for node in ast.walk(tree):
        # The decorator used in another way: as a plain function, or under another name.
        if isinstance(node, ast.Attribute) and node.attr == _DECORATOR and id(node) not in decorators:
            found.is_certain = False
    found.is_certain &= plugins == 1
    return found


def _read_function(node: "ast.FunctionDef | ast.AsyncFunctionDef", found: _Found) -> Iterator[int]:
    """Note a function; yield what its decorators were understood by."""
    if not node.decorator_list:
        found.others[node.name] = node.lineno
        return
    is_only = len(node.decorator_list) == 1 and isinstance(node, ast.FunctionDef)
    for decorator in node.decorator_list:
        made_by = decorator.func if isinstance(decorator, ast.Call) else decorator
        name: str | None = node.name
        if isinstance(made_by, ast.Attribute) and made_by.attr == _DECORATOR:
            yield id(made_by)
            name = _stated_name(decorator, node.name)
        if name is None:
            found.is_certain = False
        else:
            # Of another decorator it is not known what it does with the function.
            is_understood = is_only and isinstance(made_by, ast.Attribute) and made_by.attr == _DECORATOR
            found.joined[name] = node if is_understood and isinstance(node, ast.FunctionDef) else None


def _stated_name(decorator: ast.expr, name: str) -> str | None:
    """Return what programs call a function; None when code decides that."""
    if not isinstance(decorator, ast.Call):
        return name
    for keyword in decorator.keywords:
        if keyword.arg is None:
            return None
        if keyword.arg == "name":
            is_text = isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str)
            return keyword.value.value if is_text else None  # type: ignore[attr-defined] # it is a constant
    return name


def _read_import(node: "ast.Import | ast.ImportFrom", folder: Path, found: _Found) -> None:
    names = [alias.name for alias in node.names]
    found.known.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        # What other files of the plugin do with it, this one does not show.
        found.is_certain &= node.level == 0 and "*" not in names
        names = [node.module or ""]
    for name in names:
        first = name.partition(".")[0]
        found.is_certain &= not ((folder / f"{first}.py").exists() or (folder / first).is_dir())


# --- Against the manifest ---


def _compare(stated: StatedManifest, found: _Found, file: str) -> Iterator[Diagnostic]:
    for index, function in enumerate(stated.manifest.functions):
        pointer = f"/functions/{index}"
        if function.name not in found.joined:
            yield _absent(stated, f"{pointer}/name", function.name, found, file)
            continue
        definition = found.joined[function.name]
        if definition is not None:
            yield from _compare_parameters(stated, pointer, function, definition, found)


def _absent(stated: StatedManifest, pointer: str, name: str, found: _Found, file: str) -> Diagnostic:
    if name in found.others:
        message = f"`{name}` in {file}, line {found.others[name]}, is no function of the plugin"
        return stated.finding(pointer, message, "write @plugin.function above its `def`")
    near = nearest_name(name, found.joined)
    advice = f"did you mean `{near}`?" if near else "add the function, or remove it from the manifest"
    return stated.finding(pointer, f"the Python code has no function `{name}`", advice)


def _compare_parameters(
    stated: StatedManifest, pointer: str, here: FunctionSignature, there: ast.FunctionDef, found: _Found
) -> Iterator[Diagnostic]:
    advice = f"describe the function as it is; it is defined in line {there.lineno}"
    arguments = [*there.args.posonlyargs, *there.args.args, *there.args.kwonlyargs]
    if there.args.vararg is not None or there.args.kwarg is not None:
        return
    if len(arguments) != len(here.params):
        shown = ", ".join(one.arg for one in arguments)
        message = f"the function is {here} here, but {here.name}({shown}) in Python"
        yield stated.finding(f"{pointer}/params", message, advice)
        return
    for index, (one, other) in enumerate(zip(here.params, arguments, strict=True)):
        place = f"{pointer}/params/{index}"
        kind = _scalar(other.annotation, found)
        if one.name != other.arg:
            message = f"the parameter is called `{one.name}` here, but `{other.arg}` in Python"
            yield stated.finding(f"{place}/name", message, advice)
        elif kind is not None and str(one.type) in _SCALARS.values() and str(one.type) != kind:
            message = f"the parameter `{one.name}` is {one.type} here, but {kind} in Python"
            yield stated.finding(f"{place}/type", message, advice)
    kind = _scalar(there.returns, found)
    if kind is not None and str(here.returns) in _SCALARS.values() and str(here.returns) != kind:
        message = f"the result of `{here.name}` is {here.returns} here, but {kind} in Python"
        yield stated.finding(f"{pointer}/returns", message, advice)


def _scalar(hint: ast.expr | None, found: _Found) -> str | None:
    """Return the type of a hint that is the name of a scalar; None for all others."""
    if isinstance(hint, ast.Name) and hint.id not in found.known:
        return _SCALARS.get(hint.id)
    return None
