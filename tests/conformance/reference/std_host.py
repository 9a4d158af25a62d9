"""`io`, `time`, `env` and `plugin`: what a program asks of its surroundings.

The surroundings are the plainest there are: a program that is no plugin, with no environment variable made visible.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from .errors import Failure, value_error
from .library import Host, function, host_function
from .std_result import failure, success
from .text import text
from .values import Value

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@host_function("io.print", "any")
def write(host: Host, value: Value) -> Value:
    host.write(text(value))
    return None


@host_function("io.println", "any")
def write_line(host: Host, value: Value) -> Value:
    host.write(text(value) + "\n")
    return None


@host_function("io.readLine")
def read_line(host: Host) -> Value:
    return host.read_line()


@function("env.get", "string", "string?")
@function("plugin.config", "string", "string?")
def nothing_of(name: str, *default: Value) -> Value:
    if default:
        return default[0]
    raise Failure("key_not_found", f"there is no {name}")


@host_function("plugin.name")
def plugin_name(host: Host) -> Value:
    return host.module_name()


@function("plugin.version")
def plugin_version() -> Value:
    return ""


@function("time.now")
def now() -> Value:
    return time.time_ns() // 1_000_000


@function("time.monotonic")
def monotonic() -> Value:
    return time.monotonic()


@function("time.format", "int", "string")
def format_time(milliseconds: int, pattern: str) -> Value:
    try:
        return (_EPOCH + timedelta(milliseconds=milliseconds)).strftime(pattern)
    except (ValueError, OverflowError) as problem:
        raise value_error(str(problem)) from problem


@function("time.parse", "string", "string")
def parse_time(source: str, pattern: str) -> Value:
    try:
        moment = datetime.strptime(source, pattern)
    except ValueError as problem:
        return failure(str(problem), "value_error")
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return success((aware - _EPOCH) // timedelta(milliseconds=1))
