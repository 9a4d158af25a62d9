import pytest

from alas_manifest import position_of

TEXT = '{\n  "a": [1, {"b~/": "x"}],\n  "c": 3\n}'


@pytest.mark.parametrize(
    ("steps", "place"),
    [
        ((), (1, 1)),
        (("a",), (2, 8)),
        (("a", 1), (2, 12)),
        (("a", 1, "b~/"), (2, 20)),
        (("c",), (3, 8)),
    ],
)
@pytest.mark.parametrize("text", [TEXT, TEXT.encode()], ids=["text", "bytes"])
def test_places(text, steps, place):
    assert position_of(text, steps) == place


def test_there_is_no_such_part():
    with pytest.raises(LookupError):
        position_of(TEXT, ("d",))


@pytest.mark.parametrize("text", ["{", b"\xff"])
def test_no_json(text):
    with pytest.raises(ValueError, match="expected JSON"):
        position_of(text, ())
