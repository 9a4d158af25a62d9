import pytest

from alas_manifest import Diagnostic
from alas_manifest._annotations import annotation


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        (
            Diagnostic(
                "invalid_name", "error", "expected a name", "a/plugin.json", "/name", 2, 11, "try `a`"
            ),
            "::error file=a/plugin.json,line=2,col=11,title=invalid_name::expected a name%0Ahelp: try `a`",
        ),
        (
            Diagnostic("unknown_field", "warning", "100% new", None, "/a", 1, 2),
            "::warning line=1,col=2,title=unknown_field::100%25 new",
        ),
        (
            Diagnostic("io_error", "error", "a\r\nb: c, d", "C:\\a,b\x1b", "", 1, 1),
            "::error file=C%3A\\a%2Cb\\x1b,line=1,col=1,title=io_error::a\\x0d\\x0ab: c, d",
        ),
    ],
)
def test_annotation(finding, expected):
    assert annotation(finding) == expected
