import itertools
import subprocess
import sys

import pytest
import semantic_version
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alas_manifest import Version, VersionRange

# In the order of Semantic Versioning 2.0, section 11.
ORDERED = [
    "0.0.0", "0.1.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
    "1.0.0-rc.1", "1.0.0", "1.0.0+a", "1.0.1", "1.2.0", "1.10.0", "2.0.0",
]  # fmt: skip


@pytest.mark.parametrize("text", [*ORDERED, "1.0.0-0A.is.legal", "1.0.0--", "1.2.3-a+b.c-d", "999999999.0.0"])
def test_version_reads_back(text):
    assert str(Version.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "1", "1.2", "v1.2.3", "1.2.3.4", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3+", "1.2.3 ", "1.2.3\n", "\uff11.2.3", "1.2.3-ä",
     "1.2.x", "9" * 5000 + ".0.0", "1.0.0-" + "a" * 300],
)  # fmt: skip
def test_not_a_version(text):
    with pytest.raises(ValueError, match="expected a semantic version"):
        Version.parse(text)


def test_versions_are_ordered():
    versions = [Version.parse(text) for text in ORDERED]
    for lower, higher in itertools.combinations(versions, 2):
        assert lower < higher
        assert higher > lower
        assert lower != higher
    versions.reverse()
    assert sorted(versions) == versions[::-1]


def test_a_version_compares_only_with_versions():
    assert Version.parse("1.0.0") != "1.0.0"
    with pytest.raises(TypeError):
        assert Version.parse("1.0.0") < "1.0.1"


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        (">=0.1.0", ["0.1.0", "0.1.1", "5.0.0"], ["0.0.9", "0.1.0-beta"]),
        ("^1.2", ["1.2.0", "1.99.0"], ["1.1.9", "2.0.0", "2.0.0-rc.1"]),
        ("^0.2.3", ["0.2.3", "0.2.9"], ["0.3.0"]),
        ("~1.2.3", ["1.2.3", "1.2.9"], ["1.3.0", "1.2.2"]),
        ("1.x", ["1.0.0", "1.9.9"], ["2.0.0", "0.9.0"]),
        ("1.2.*", ["1.2.0"], ["1.3.0"]),
        ("*", ["0.0.0", "9.9.9"], ["1.0.0-rc.1"]),
        (">=1 <2", ["1.0.0", "1.9.9"], ["2.0.0", "0.9.9"]),
        ("1.2.3", ["1.2.3", "1.2.3+linux"], ["1.2.4"]),
        ("=1.2.3", ["1.2.3"], ["1.2.4"]),
        ("1 || 3", ["1.5.0", "3.0.0"], ["2.0.0"]),
        ("1.0.0 - 1.2", ["1.0.0", "1.2.9"], ["1.3.0"]),
        (">=1.0.0-beta.2", ["1.0.0-beta.2", "1.0.0-rc.1", "1.0.0"], ["1.0.0-beta.1", "1.1.0-beta"]),
        (">= 1.0   < 2", ["1.5.0"], ["2.0.0"]),
    ],
)
def test_range(text, inside, outside):
    versions = VersionRange.parse(text)
    assert [version for version in inside if not versions.contains(Version.parse(version))] == []
    assert [version for version in outside if versions.contains(Version.parse(version))] == []
    assert VersionRange.parse(str(versions)) == versions


@pytest.mark.parametrize(
    "text",
    ["", " ", "latest", ">=1,<2", "==1.0", "!=1", "1 ||", "|| 1", ">", ">=1\n<2", ">=\u0661", "01.2", "1.2.3.4", "~>1.2", "9" * 5000,
     "1 - v2", "1 - >2", "1 - 2 - 3", "- 1", ">=1 - 2", "1.2-rc.1", "1.2.3-", "1 " * 1000],
)  # fmt: skip
def test_not_a_range(text):
    with pytest.raises(ValueError, match="expected a range of versions"):
        VersionRange.parse(text)


PIECES = st.sampled_from(
    [">", "<", "=", ">=", "^", "~", "1", "2.3", "1.2.3", "x", "*", "-", " - ", "||", " ", "rc.1", "+", "v", "01", "X", ".", "a", "0"]
)  # fmt: skip


@settings(derandomize=True, deadline=None, database=None, max_examples=500)
@given(st.lists(PIECES, max_size=7).map("".join))
@example("1 - v2").via("the library broke off with another exception")
def test_every_text_is_a_range_or_explained(text):
    try:
        versions = VersionRange.parse(text)
    except ValueError:
        return
    assert VersionRange.parse(str(versions)) == versions
    assert versions.contains(Version.parse("1.2.3-rc.1")) in (True, False)


def test_the_usual_range_needs_no_library():
    program = (
        "import sys; from alas_manifest import Version, VersionRange; "
        "print(VersionRange.parse('>= 0.1.0').contains(Version.parse('0.1.0')), 'semantic_version' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "True False\n"


@pytest.mark.parametrize("lowest", ["0.0.0", "0.1.0", "1.2.3", "2.0.0"])
def test_a_lowest_version_means_what_the_library_says(lowest):
    for text in (
        "0.0.0",
        "0.1.0",
        "0.1.1",
        "1.2.2",
        "1.2.3+b",
        "1.2.3",
        "1.3.0",
        "2.0.0-rc.1",
        "2.0.0",
        "10.0.0",
    ):
        expected = semantic_version.NpmSpec(f">={lowest}").match(semantic_version.Version(text))
        assert VersionRange.parse(f">={lowest}").contains(Version.parse(text)) == expected
