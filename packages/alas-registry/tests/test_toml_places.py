import pytest

from alas_registry._toml_places import find_keys


@pytest.mark.parametrize(
    ("text", "path", "place"),
    [
        ("a = 1", "a", (1, 1, 5)),
        ("\n  # a = 2\n  a   =   1 # a = 3", "a", (3, 3, 11)),
        ("[t]\na = 1", "t", (1, 1, 1)),
        ("[t]\na = 1", "t.a", (2, 1, 5)),
        ("[t.u]\n[t.v]\na = 1", "t.v.a", (3, 1, 5)),
        ("[t.u]\n", "t", (1, 1, 1)),
        ("[[t]]\na = 1\n[[t]]\nb = 2", "t.b", (4, 1, 5)),
        ("t.a = 1", "t.a", (1, 1, 7)),
        ("t . a = 1", "t", (1, 1, 9)),
        ("\"t\" . 'a' = 1", "t.a", (1, 1, 13)),
        ('"x = y" = 1', "x = y", (1, 1, 11)),
        ("t = {u = {a = 1}}", "t.u.a", (1, 1, 5)),
        ('a = """\nb = 1\n"""\nb = 2', "b", (4, 1, 5)),
        ("a = [\n  1,\n  2,\n]\nb = 2", "b", (5, 1, 5)),
        ("a = [\n  1,\n]", "a", (1, 1, 5)),
        # A separator of lines in Unicode is none in TOML.
        ("a = '\u2028'\r\nb = 2", "b", (2, 1, 5)),
        ("a = '\u2028'\r\nb = 2", "c", None),
        ("", "a", None),
    ],
)
def test_places(text, path, place):
    found = find_keys(text)
    keys = (path,) if " " in path else tuple(path.split("."))
    assert found.get(keys) == place


def test_a_text_that_takes_too_long_has_fewer_places():
    found = find_keys("a = 1\nb = [\n" + "1,\n" * 20_000 + "]\nc = 2")
    assert list(found) == [("a",)]
