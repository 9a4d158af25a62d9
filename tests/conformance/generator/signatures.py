"""The standard functions that programs use, apart from those that print or call back.

`T` is any type, `small` an int that is likely to be a position, `key` an int, string or bool, `positive` an int that
is neither negative nor large, `rounds` and `zero` literals, `Result`, `Success`,
`Error` and `Json` what their names say. A function may stand here more than once, with other types.

Functions of real analysis are left out: their last digit is the C library's to decide.
"""

from __future__ import annotations

import re

# Functions that succeed for all arguments of these types.
TOTAL = """
    math.abs(int) int                   math.abs(float) float             math.min(int, int) int
    math.max(int, int) int              math.min(int, float) float        math.max(float, float) float
    math.floor(int) int                 string.length(string) int         string.split(string, string) array<string>
    string.join(array<string>, string) string                             string.toUpper(string) string
    string.toLower(string) string       string.trim(string) string        string.trimStart(string) string
    string.trimEnd(string) string       string.replace(string, string, string) string
    string.concat(string, string) string                                  string.contains(string, string) bool
    string.startsWith(string, string) bool                                string.endsWith(string, string) bool
    string.indexOf(string, string) int  string.repeat(string, positive) string
    string.padStart(string, small) string                                 string.padEnd(string, small) string
    string.reverse(string) string       collections.length(array<T>) int  collections.length(map<T>) int
    collections.length(string) int      collections.append(array<T>, T) array<T>
    collections.contains(array<T>, T) bool                                collections.contains(map<T>, key) bool
    collections.indexOf(array<T>, T) int                                  array.get(array<T>, small, T) T
    array.push(array<T>, T) array<T>    array.concat(array<T>, array<T>) array<T>
    array.slice(array<T>, zero) array<T>                                  array.reverse(array<T>) array<T>
    array.fill(positive, T) array<T>    array.range(small, small) array<int>
    array.sort(array<int>) array<int>   array.sort(array<float>) array<float>
    array.sort(array<string>) array<string>                               array.sum(array<int>) int
    array.sum(array<float>) any         map.get(map<T>, key, T) T         map.put(map<T>, key, T) map<T>
    map.remove(map<T>, key) map<T>      map.contains(map<T>, key) bool    map.keys(map<T>) array<string>
    map.values(map<T>) array<T>         map.entries(map<T>) array<map<any>>
    map.merge(map<T>, map<T>) map<T>    map.size(map<T>) int              type.typeOf(any) string
    type.toString(any) string           type.toFloat(int) float           type.toFloat(bool) float
    type.toInt(bool) int                type.isInt(any) bool              type.isFloat(any) bool
    type.isString(any) bool             type.isBool(any) bool             type.isArray(any) bool
    type.isMap(any) bool                type.isVoid(any) bool             result.isOk(Result) bool
    result.isError(Result) bool         result.getValue(Success) any      result.getError(Error) string
    json.parse(Json) any
"""

# Functions that may fail.
PARTIAL = """
    math.sqrt(float) float              math.floor(float) int             math.ceil(float) int
    math.round(float) int               math.trunc(float) int             type.toInt(float) int
    type.toInt(string) int              type.parseInt(string) int         type.parseFloat(string) float
    string.substring(string, small, small) string                         string.charAt(string, small) string
    string.codeAt(string, small) int    string.fromCode(small) string     string.repeat(string, small) string
    collections.slice(array<T>, small, small) array<T>                    collections.slice(string, small) string
    collections.remove(array<T>, small) array<T>                          array.get(array<T>, small) T
    array.set(array<T>, small, T) array<T>                                array.pop(array<T>) array<T>
    array.insert(array<T>, small, T) array<T>                             array.remove(array<T>, small) array<T>
    array.slice(array<T>, small) array<T>                                 array.range(small, small, small) array<int>
    array.min(array<int>) int           array.max(array<float>) float     array.min(array<string>) string
    map.get(map<T>, key) T              result.getValue(Result) any       json.stringify(any) string
    array.sort(array<any>) array<any>   array.fill(small, T) array<T>
"""

Signature = tuple[str, tuple[str, ...], str]


def parse(table: str) -> list[Signature]:
    """Name, parameter types and result type of each function of a table."""
    found = re.findall(r"(\w+\.\w+)\(([^)]*)\) (\S+)", table)
    return [(name, tuple(parameters.split(", ")), result) for name, parameters, result in found]
