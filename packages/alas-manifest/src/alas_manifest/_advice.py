"""What was probably meant by a string that does not have its field's form."""

import contextlib
import re

from alas_manifest import _forms as forms
from alas_manifest import _habits as habits
from alas_manifest._licenses import LicenseExpression
from alas_manifest._nearest import nearest_name
from alas_manifest._quantities import LARGEST_DURATION, ByteSize, Duration
from alas_manifest._text import quote_text
from alas_manifest._type_references import TypeReference
from alas_manifest._versions import Version, VersionRange

_LONGEST = 64
_RANGES = "ranges look like >=0.1.0, ^1.2, ~1.2.3, 1.x, >=1 <2, or two of them with || between"
_NUMBER_AND_UNIT = re.compile(r"\s*([0-9][0-9_.,]*)\s*([A-Za-zµ]*)\s*")


def _ask(guess: str) -> str:
    return f"did you mean {quote_text(guess)}?"


def version(text: str) -> str | None:
    """Guess a version: the `v` too many, the part too few."""
    match = re.fullmatch(
        r"\s*[vV=]*\s*([0-9]{1,9})(?:\.([0-9]{1,9}))?(?:\.([0-9]{1,9}))?([-+][0-9A-Za-z.+-]+)?\s*", text
    )
    if match is None or len(text) > _LONGEST:
        return "write major, minor and patch: 1.0.0"
    guess = ".".join(str(int(part or 0)) for part in match.groups()[:3]) + (match[4] or "")
    try:
        return _ask(str(Version.parse(guess)))
    except ValueError:
        return "write major, minor and patch: 1.0.0"


def version_range(text: str) -> str:
    """Guess a range: commas, `==`, `and`, `or`."""
    guess = _range_guess(text)
    return _ask(guess) if guess is not None else _RANGES


def _range_guess(text: str) -> str | None:
    guess = (
        text.replace("==", "=").replace(",", " ").replace("~=", "~").replace("=>", ">=").replace("=<", "<=")
    )
    guess = re.sub(r"([<>])\s+=|~>", lambda match: f"{match[1]}=" if match[1] else "~", guess)
    guess = re.sub(r"\band\b|&&?", " ", guess, flags=re.IGNORECASE)
    guess = re.sub(r"\bor\b|(?<!\|)\|(?!\|)", "||", guess, flags=re.IGNORECASE)
    try:
        return str(VersionRange.parse(guess))
    except ValueError:
        return None


def license_expression(text: str) -> str | None:
    """Guess a licence."""
    if len(text) > _LONGEST:
        return None
    habit = habits.LICENSE_HABITS.get(re.sub(r"[^a-z0-9]", "", text.lower().replace("+", "plus")))
    joined = re.sub(
        r"\s*(?:,|/|\|\|?)\s*", " OR ", re.sub(r"\s*&&?\s*", " AND ", re.sub(r"\band/or\b", "OR", text))
    )
    guess = habit or _nearest_license(text)
    if habit is None and joined != text:
        with contextlib.suppress(ValueError):
            guess = str(LicenseExpression.parse(joined))
    return _ask(guess) if guess is not None else "see https://spdx.org/licenses for the identifiers"


def _nearest_license(text: str) -> str | None:
    license_name, joint, exception = text.partition(" WITH ")
    if not joint:
        return nearest_name(text, habits.COMMON_LICENSES)
    # People write the first word of an exception rather than something like the whole.
    begun = (
        one for one in habits.COMMON_EXCEPTIONS if exception and one.lower().startswith(exception.lower())
    )
    guess = next(begun, None) or nearest_name(exception, habits.COMMON_EXCEPTIONS)
    return f"{license_name}{joint}{guess}" if guess is not None else None


def plugin_name(text: str) -> str | None:
    """Guess a plugin name: lower case, dashes for spaces, no accents."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", text[:_LONGEST]).encode("ascii", "ignore").decode().lower()
    guess = re.sub(r"[^a-z0-9._-]+", "-", plain).strip("-._")
    return _ask(guess) if guess else None


def identifier(text: str) -> str | None:
    """Guess a name: underscores for everything that a name cannot hold."""
    guess = re.sub(r"\W+", "_", text[:_LONGEST], flags=re.ASCII).strip("_")
    if guess[:1].isdigit():
        guess = f"_{guess}"
    return _ask(guess) if guess else None


def module_name(text: str) -> str | None:
    """Guess a module name: the name of a file without its ending, underscores for spaces."""
    stem = re.split(r"[/\\]", text.removesuffix(".json").removesuffix(".alas"))[-1]
    parts = [re.sub(r"[^A-Za-z0-9_-]+", "_", part).strip("_-") for part in stem[:_LONGEST].split(".")]
    guess = ".".join(f"_{part}" if part[:1].isdigit() else part for part in parts if part)
    return _ask(guess) if guess else None


def _plain_number(text: str) -> str:
    """Return a number without commas: between three digits each they are left out, elsewhere they stand for the point."""
    return re.sub(r",(?=[0-9]{3}(?![0-9]))", "", text).replace(",", ".")


def size(text: str) -> str:
    """Guess a size: spaces, case, units spelt out."""
    match = _NUMBER_AND_UNIT.fullmatch(text) if len(text) <= _LONGEST else None
    unit = habits.SIZE_UNITS.get(match[2].lower()) if match is not None else None
    if match is not None and unit is not None:
        try:
            guess = ByteSize.parse(f"{_plain_number(match[1])}{unit}")
        except ValueError:
            return "sizes are whole numbers of bytes, from 1"
        return _ask(str(guess))
    return "units are KB, MB, GB, TB and KiB, MiB, GiB, TiB; a number alone is bytes"


def duration(text: str) -> str:
    """Guess a duration: spaces, units spelt out, no unit."""
    match = _NUMBER_AND_UNIT.fullmatch(text) if len(text) <= _LONGEST else None
    unit = habits.DURATION_UNITS.get(match[2].lower()) if match is not None else None
    if match is not None and unit is not None:
        try:
            guess = Duration.parse(f"{_plain_number(match[1])}{unit}")
        except ValueError as error:
            if LARGEST_DURATION in str(error):
                return "write a shorter time, or leave the field out for the host's default"
            return "durations are whole numbers of microseconds, from 1us"
        return _ask(str(guess))
    with contextlib.suppress(ValueError):
        return _ask(str(Duration.parse(re.sub(r"^PT|\s+", "", text[:_LONGEST]).lower())))
    return "units are h, m, s, ms and us, the largest first"


def share(text: str) -> str:
    """Guess a share: a fraction of 1, a number without its sign."""
    match = re.fullmatch(r"\s*([0-9]{1,6}(?:\.[0-9]{1,6})?)\s*(?:%|percent)?\s*", text)
    if match is None or not float(match[1]):
        return "write a number above 0 and a percent sign: 50%"
    number = float(match[1])
    return _ask(f"{number * 100 if number <= 1 and '%' not in text else number:g}%")


def type_reference(text: str) -> str:
    """Guess a type: `string[]`, `List<int>`, `map<string, int>`, spaces."""
    compact = re.sub(r"\s+", "", text[:_LONGEST])
    if "|" in compact or compact.endswith("?"):
        return "write `any` for a value of several types"
    try:
        return _ask(str(TypeReference.parse(_type_guess(compact))))
    except ValueError:
        return "containers are written array<T> and map<T>"


def _type_guess(text: str) -> str:
    if text.endswith("[]"):
        return f"array<{_type_guess(text[:-2])}>"
    match = re.fullmatch(r"([A-Za-z]+)[<\[(](.*)[>\])]", text)
    container = habits.CONTAINER_HABITS.get(match[1].lower()) if match is not None else None
    if match is None or container is None:
        return habits.TYPE_HABITS.get(text.lower(), text)
    # Keys of maps are strings, so only the last type counts.
    return f"{container}<{_type_guess(match[2].rpartition(',')[2])}>"


def platform(text: str) -> str:
    """Return what a platform is called here, as far as other names for it are known."""
    system, _, architecture = text[:_LONGEST].lower().replace("_64", "64").replace("_", "-").partition("-")
    system = habits.SYSTEM_HABITS.get(system, system)
    architecture = architecture.replace("x86-64", "x8664").replace("x8664", "x64")
    return f"{system}-{habits.ARCHITECTURE_HABITS.get(architecture, architecture)}"


def scope_host(text: str) -> str:
    """Guess a host: the address of a page on it."""
    match = re.fullmatch(
        r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*://)?(?:[^/@\s]*@)?([^/?#\s]+)(?:[/?#]\S*)?\s*",
        text[:_LONGEST],
        re.DOTALL,
    )
    with contextlib.suppress(ValueError):
        if match is not None:
            return _ask(forms.scope_host(match[1]))
    return "name each host; *.example.com is every host below example.com"


def scope_command(text: str) -> str | None:
    """Guess a command: the first word of a command line."""
    words = text[:_LONGEST].split()
    return f"{_ask(words[0])} its arguments are the plugin's business" if words else None


def inside_path(text: str) -> str | None:
    """Say where files of a plugin belong."""
    guess = text.replace("\\", "/")
    if guess != text:
        with contextlib.suppress(ValueError):
            return _ask(forms.inside_path(guess))
    return "keep the file in the plugin folder and write its path from there" if text else None


def build_command(_text: str) -> str:
    """Say how to run several commands."""
    return "put several steps in a script or Makefile and name that; close every quotation mark"


def dependency(text: str) -> str:
    """Guess a dependency: the name and the range separated in another way, or a wrong range."""
    match = re.fullmatch(r"\s*([A-Za-z0-9_.*-]+)\s*[@:( ]?\s*(.*?)\)?\s*", text[:_LONGEST], re.DOTALL)
    if match is None or not match[2]:
        return "write a name, or a name, a space and a range: `math-utils >=1.2 <2`"
    guess = _range_guess(match[2])
    if guess is not None:
        return _ask(f"{match[1]} {guess}")
    return (
        _RANGES if re.search(r"[0-9*]", match[2]) else "names hold no spaces, and ranges look like >=1.2 <2"
    )
