import pytest

from alas_manifest import escape_text, quote_text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain é 図 🧩", "plain é 図 🧩"),
        ("a\nb\tc\r", "a\\x0ab\\x09c\\x0d"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\x7f\x9b", "\\x7f\\x9b"),
        ("\u202egpj.exe", "\\u202egpj.exe"),
        ("\u2066\u2028\u200b\ufeff", "\\u2066\\u2028\\u200b\\ufeff"),
        ("\ud800", "\\ud800"),
        ("\ufffd\ufffe\uffff", "\ufffd\\ufffe\\uffff"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_escape(text, escaped):
    assert escape_text(text) == escaped


def test_quote():
    assert quote_text("a") == "`a`"
    assert quote_text("") == "an empty text"
    assert quote_text("\x1b") == "`\\x1b`"
    assert quote_text("a" * 100, longest=10) == "`" + "a" * 9 + "…`"
