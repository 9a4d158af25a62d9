import pytest

from alas_manifest import TypeReference

DEEPEST = "array<" * 64 + "int" + ">" * 64


@pytest.mark.parametrize(
    "text",
    [
        "int",
        "any",
        "task",
        "Point",
        "geometry.Point",
        "array<my-plugin.shapes.Point>",
        "array",
        "array<int>",
        "map<array<map<Point>>>",
        DEEPEST,
    ],
)
def test_reads_back(text):
    assert str(TypeReference.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "array<int", "array<>", "array int>", "int>", "list<int>", "array<int>>", "array< int>", "array<int,int>", "1st", "a.", ".a", "a-b", "a.b-c",
     "int\n", f"array<{DEEPEST}>"],
)  # fmt: skip
def test_not_a_type(text):
    with pytest.raises(ValueError, match="expected a type"):
        TypeReference.parse(text)


@pytest.mark.parametrize(
    ("text", "innermost", "normal"),
    [("int", "int", "int"), ("array", "array", "array<any>"), ("map<array>", "array", "map<array<any>>"), ("array<P>", "P", "array<P>")],
)  # fmt: skip
def test_parts(text, innermost, normal):
    reference = TypeReference.parse(text)
    assert reference.innermost == innermost
    assert str(reference.normal) == normal
