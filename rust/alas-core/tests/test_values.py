"""Values that cross to Python and back."""

import json

import pytest

from alas_core import Engine, Source, errors


def literal(value):
    return {"type": "literal", "value": value}


def variable(name):
    return {"type": "variable", "name": name}


def doubled(rounds):
    """A module whose `main` holds an array twice in another, so many times over."""
    inner = {"type": "array_literal", "elements": [variable("v"), variable("v")]}
    less = {"type": "binary", "op": "<", "left": variable("i"), "right": literal(rounds)}
    next_one = {"type": "binary", "op": "+", "left": variable("i"), "right": literal(1)}
    body = [
        {"type": "assign", "target": "v", "value": {"type": "array_literal", "elements": []}},
        {
            "type": "for",
            "init": {"type": "assign", "target": "i", "value": literal(0)},
            "cond": less,
            "update": {"type": "assign", "target": "i", "value": next_one},
            "body": [{"type": "assign", "target": "v", "value": inner}],
        },
        {"type": "return", "value": variable("v")},
    ]
    return {"type": "module", "name": "m", "functions": [{"name": "main", "body": body}]}


def engine(module, **options):
    made = Engine(**options)
    made.load(Source(json.dumps(module).encode()), lambda _name, _importer: None)
    return made


def test_parts_that_are_held_twice():
    assert engine(doubled(3)).call("m.main") == [[[[], []], [[], []]], [[[], []], [[], []]]]


def test_a_small_value_that_would_be_a_huge_object():
    with pytest.raises(errors.MemoryLimitExceededError, match="as Python objects"):
        engine(doubled(60)).call("m.main")


def builtin(name, *arguments):
    return {"type": "builtin", "name": name, "args": list(arguments)}


def shared(elements, times):
    """A module whose `main` returns an array that holds another one, so many times."""
    numbers = builtin("array.range", literal(0), literal(elements))
    body = [{"type": "return", "value": builtin("array.fill", literal(times), numbers)}]
    return {"type": "module", "name": "m", "functions": [{"name": "main", "body": body}]}


def test_numbers_count_as_what_they_take_in_python():
    assert len(engine(shared(1000, 100)).call("m.main")) == 100
    with pytest.raises(errors.MemoryLimitExceededError, match="as Python objects"):
        engine(shared(100_000, 500)).call("m.main")


def test_making_a_result_is_a_part_of_the_call():
    with pytest.raises(errors.TimeoutExceededError, match="Python objects"):
        engine(doubled(24), timeout=1_000).call("m.main")


def test_giving_a_result_is_no_copy_of_a_shared_value():
    made = engine(doubled(3))
    before = made.statistics()["copies"]
    made.call("m.main")
    assert made.statistics()["copies"] == before


class Index:
    """Something that gives an int, or raises, when it is asked for one."""

    def __init__(self, result):
        self.result = result

    def __index__(self):
        if isinstance(self.result, BaseException):
            raise self.result
        return self.result


def echo():
    function = {
        "name": "echo",
        "params": [{"name": "x", "type": "any"}],
        "body": [{"type": "return", "value": variable("x")}],
    }
    return engine({"type": "module", "name": "m", "functions": [function]})


def test_objects_that_stand_for_an_int():
    assert echo().call("m.echo", [Index(7), 1]) == [7, 1]


@pytest.mark.parametrize(
    ("result", "kind", "message"),
    [
        (2**63, errors.AlasValueError, "an int has 64 bits, found one beyond that range"),
        (OSError("gone"), errors.AlasValueError, "the Index has no int to give: OSError: gone"),
        (OverflowError("far"), errors.AlasValueError, "the Index has no int to give: OverflowError: far"),
        ("7", errors.AlasValueError, "the Index has no int to give: TypeError: .*str"),
        (KeyboardInterrupt(), KeyboardInterrupt, "^$"),
    ],
    ids=repr,
)
def test_objects_that_give_no_int(result, kind, message):
    with pytest.raises(kind, match=message) as caught:
        echo().call("m.echo", Index(result))
    if kind is not KeyboardInterrupt and isinstance(result, BaseException):
        assert caught.value.__cause__ is result


def test_a_dict_that_changes_while_it_is_converted():
    changing = {}

    class Changing:
        def __index__(self):
            changing["new"] = 1
            return 7

    changing.update(a=Changing(), b=2)
    given = {
        "type": "module",
        "name": "m",
        "functions": [
            {
                "name": "main",
                "params": [{"name": "x", "type": "any"}],
                "body": [{"type": "return", "value": variable("x")}],
            }
        ],
    }
    assert engine(given).call("m.main", changing) == {"a": 7, "b": 2}
