import pytest

from alas_manifest import Dependency, Version


@pytest.mark.parametrize(
    ("text", "name", "versions", "written"),
    [
        ("math-utils", "math-utils", None, "math-utils"),
        ("math-utils >=1.2 <2", "math-utils", ">=1.2 <2", "math-utils >=1.2 <2"),
        ("math-utils>=1.2", "math-utils", ">=1.2", "math-utils >=1.2"),
        ("a  1.x", "a", "1.x", "a 1.x"),
        ("a ^1 || ^3", "a", "^1 || ^3", "a ^1 || ^3"),
        ("My_Module.part", "My_Module.part", None, "My_Module.part"),
        ("std.math", "std.math", None, "std.math"),
        ("std.* >=0.1.0", "std.*", ">=0.1.0", "std.* >=0.1.0"),
    ],
)
def test_reads(text, name, versions, written):
    dependency = Dependency.parse(text)
    assert dependency.name == name
    assert (str(dependency.versions) if dependency.versions is not None else None) == versions
    assert str(dependency) == written


@pytest.mark.parametrize(
    "text", ["", " ", "a@1", "-a", "a b c", "a ", " a", "a*", "ä", "a\n", "a >=1\n", "a, b", "9.A"]
)
def test_not_a_dependency(text):
    with pytest.raises(ValueError, match="expected"):
        Dependency.parse(text)


@pytest.mark.parametrize(
    ("text", "is_standard", "is_known"),
    [("std.math", True, True), ("std.*", True, True), ("std.maths", True, False), ("std", True, False), ("stdlib", False, False)],
)  # fmt: skip
def test_standard_library(text, is_standard, is_known):
    dependency = Dependency.parse(text)
    assert (dependency.is_standard, dependency.is_known_standard) == (is_standard, is_known)


def test_accepts():
    assert Dependency.parse("a").accepts(Version.parse("0.0.1-alpha"))
    assert Dependency.parse("a ^1").accepts(Version.parse("1.2.3"))
    assert not Dependency.parse("a ^1").accepts(Version.parse("2.0.0"))
