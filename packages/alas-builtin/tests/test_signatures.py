"""Which Python functions can be functions of a plugin, and how they are called."""

import functools
import math
import operator

import pytest

from alas_builtin import BuiltinPlugin, ConversionError, DefinitionError


@pytest.fixture
def plugin():
    return BuiltinPlugin("text-tools", version="1.0.0")


def test_a_function_stays_what_it_is(plugin):
    def shout(text: str) -> str:
        return text.upper()

    assert plugin.function(shout) is shout
    assert plugin.function(name="yell")(shout) is shout
    assert [str(one.signature) for one in plugin.functions] == [
        "shout(text: string) -> string",
        "yell(text: string) -> string",
    ]


def test_parameters_that_python_wants_by_name_or_by_position(plugin):
    @plugin.function
    def wrap(text: str, /, width: int, *, mark: str) -> str:
        return f"{mark}{text:{width}}{mark}"

    assert str(plugin.functions[0].signature) == "wrap(text: string, width: int, mark: string) -> string"
    assert plugin.call("wrap", ["a", 3, "|"]) == "|a  |"


async def asynchronous(text: str) -> str:
    return text


async def asynchronous_stream():
    yield 1


class Text:
    def upper(self, text: str) -> str:
        return text.upper()


@pytest.mark.parametrize(
    ("implementation", "message"),
    [
        (lambda text: text, "a function needs a name of letters"),
        (lambda: 1, 'found "<lambda>"; give it one: @plugin.function(name="…")'),
        (asynchronous, "`asynchronous` is asynchronous, which is not supported yet"),
        (asynchronous_stream, "is asynchronous"),
        (Text, "`Text` is a class"),
        (Text.upper, "`upper` is a method; write a function outside of any class"),
        (min, "does not say which parameters it has"),
        (5, "a function needs a name"),
    ],
)
def test_what_is_no_function_of_alas(plugin, implementation, message):
    with pytest.raises(DefinitionError) as caught:
        plugin.function(implementation)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("*words: str", "the parameter `words` of `probe`: a function of ALaS has a fixed number of parameters, so there is no `*words`; take one parameter of the type list[…]"),
        ("**options: str", "so there is no `**options`; take one parameter of the type dict[str, …]"),
        ("width: int = 80", "the default 80 would never be used; remove it, or offer a second function without"),
        ("*, width: int = 80", "the default 80 would never be used"),
        ("größe: int", "names in ALaS have the letters A to Z"),
    ],
)  # fmt: skip
def test_parameters_that_alas_does_not_have(plugin, source, message):
    names = {}
    exec(f"def probe({source}) -> None: ...", names)
    with pytest.raises(DefinitionError) as caught:
        plugin.function(names["probe"])
    assert message in str(caught.value)


@pytest.mark.parametrize("name", ["two words", "", "größe", "a.b", "1st"])
def test_names_that_alas_does_not_have(plugin, name):
    with pytest.raises(DefinitionError, match="a function needs a name"):
        plugin.function(name=name)(operator.neg)


def test_two_functions_of_one_name(plugin):
    def shout(text: str) -> str:
        return text

    plugin.function(shout)
    with pytest.raises(DefinitionError, match="has a function `shout` already"):
        plugin.function(shout)


def test_functions_that_are_wrapped_bound_or_written_in_c(plugin):
    def decorated(function):
        @functools.wraps(function)
        def wrapper(*arguments):
            return function(*arguments) + 1

        return wrapper

    @plugin.function
    @decorated
    def add(one: int, other: int) -> int:
        return one + other

    plugin.function(name="increment")(functools.partial(add, 1))
    plugin.function(math.gcd if False else math.sqrt)
    plugin.function(Text().upper)
    assert [str(one.signature) for one in plugin.functions] == [
        "add(one: int, other: int) -> int",
        "increment(other: int) -> int",
        "sqrt(x: any) -> any",
        "upper(text: string) -> string",
    ]
    assert plugin.call("add", [1, 2]) == 4
    assert plugin.call("increment", [2]) == 4
    assert plugin.call("sqrt", [4]) == 2.0
    assert plugin.call("upper", ["a"]) == "A"


@pytest.mark.parametrize("arguments", [[], ["a", "b"]])
def test_calls_with_another_number_of_arguments(plugin, arguments):
    @plugin.function
    def shout(text: str) -> str:
        return text.upper()

    with pytest.raises(
        ConversionError, match=r"text_tools\.shout takes 1 argument, found [02]: shout\(text: string\)"
    ):
        plugin.call("shout", arguments)


def test_what_a_function_raises_comes_through(plugin):
    @plugin.function
    def fail() -> None:
        raise KeyError("k")

    with pytest.raises(KeyError, match="k"):
        plugin.call("fail", [])
    with pytest.raises(KeyError, match="k"):
        plugin.functions[0]()


def test_functions_that_are_absent(plugin):
    @plugin.function
    def shout(text: str) -> str:
        return text

    with pytest.raises(LookupError, match="has no function `shuot`; did you mean `shout`"):
        plugin.call("shuot", ["a"])
    with pytest.raises(LookupError, match="has no function `other_thing`; it has: shout"):
        plugin.call("other_thing", [])
