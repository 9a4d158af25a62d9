import pytest

from alas_manifest import LicenseExpression


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("MIT", "MIT"),
        ("mit", "MIT"),
        ("apache-2.0 or mit", "Apache-2.0 OR MIT"),
        ("GPL-3.0-or-later WITH Classpath-exception-2.0", "GPL-3.0-or-later WITH Classpath-exception-2.0"),
        ("(MIT OR ISC) AND Zlib", "(MIT OR ISC) AND Zlib"),
        ("LicenseRef-Proprietary", "LicenseRef-Proprietary"),
        ("DocumentRef-a:LicenseRef-b", "DocumentRef-a:LicenseRef-b"),
        (
            "mit or (documentref-Doc.1:licenseref-b AND LicenseRef-B)",
            "MIT OR (DocumentRef-Doc.1:LicenseRef-b AND LicenseRef-B)",
        ),
    ],
)
def test_reads(text, canonical):
    assert str(LicenseExpression.parse(text)) == canonical


@pytest.mark.parametrize(
    "text", ["", "GPLv3", "Apache 2.0", "MIT AND", "(MIT", "MIT)", "MIT, ISC", "MIT\x1b", "DocumentRef-a:MIT", "DocumentRef-:LicenseRef-b", "DocumentRef-a:LicenseRef-", "DocumentRef-a",
     "a:LicenseRef-b", "DocumentRef-a:LicenseRef-b+", "MITDocumentRef-a:LicenseRef-b", "\uff2d\uff29\uff34", "(" * 400 + "MIT" + ")" * 400, "MIT OR " * 500]
)  # fmt: skip
def test_not_a_license(text):
    with pytest.raises(ValueError, match="expected an SPDX licence expression"):
        LicenseExpression.parse(text)
