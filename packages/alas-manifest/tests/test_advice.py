import pytest

from alas_manifest import _advice as advice
from alas_manifest import nearest_name


@pytest.mark.parametrize(
    ("guess", "text", "expected"),
    [
        (advice.version, "v1.2", "did you mean `1.2.0`?"),
        (advice.version, "1", "did you mean `1.0.0`?"),
        (advice.version, "1.2-beta", "did you mean `1.2.0-beta`?"),
        (advice.version, "soon", "write major, minor and patch: 1.0.0"),
        (advice.version_range, "==1.2", "did you mean `=1.2`?"),
        (advice.version_range, ">=1 and <2", "did you mean `>=1 <2`?"),
        (advice.version_range, "^1 or ^3", "did you mean `^1 || ^3`?"),
        (advice.version_range, "1.x | 3.x", "did you mean `1.x || 3.x`?"),
        (advice.license_expression, "Apache", "did you mean `Apache-2.0`?"),
        (advice.license_expression, "MIT/Apache-2.0", "did you mean `MIT OR Apache-2.0`?"),
        (advice.license_expression, "MIT License", "did you mean `MIT`?"),
        (advice.license_expression, "??", "see https://spdx.org/licenses for the identifiers"),
        (advice.plugin_name, "Mein Plügin", "did you mean `mein-plugin`?"),
        (advice.plugin_name, "!!!", None),
        (advice.identifier, "do-it", "did you mean `do_it`?"),
        (advice.identifier, "2nd", "did you mean `_2nd`?"),
        (advice.module_name, "src/my plugin.alas.json", "did you mean `my_plugin`?"),
        (advice.size, "100 mb", "did you mean `100MB`?"),
        (advice.size, "64 mib", "did you mean `64MiB`?"),
        (advice.size, "1,000 bytes", "did you mean `1KB`?"),
        (advice.size, "1,5 GB", "did you mean `1500MB`?"),
        (advice.size, "1,2,3 GB", "sizes are whole numbers of bytes, from 1"),
        (advice.size, "2G", "did you mean `2GB`?"),
        (advice.duration, "10", "did you mean `10s`?"),
        (advice.duration, "0,5 s", "did you mean `500ms`?"),
        (advice.duration, "2 minutes", "did you mean `2m`?"),
        (advice.duration, "10S", "did you mean `10s`?"),
        (advice.share, "0.25", "did you mean `25%`?"),
        (advice.share, "50 %", "did you mean `50%`?"),
        (advice.share, "half", "write a number above 0 and a percent sign: 50%"),
        (advice.dependency, "math-utils (>=1.2)", "did you mean `math-utils >=1.2`?"),
        (advice.dependency, "math-utils: 1.x", "did you mean `math-utils 1.x`?"),
        (advice.dependency, "math-utils ==1", "did you mean `math-utils =1`?"),
    ],
)
def test_guess(guess, text, expected):
    assert guess(text) == expected


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("NAME", ["name", "names"], "name"),
        ("zzz", ["name"], None),
        ("name", [], None),
        # Parts that both words have say nothing of the others.
        ("max_steps", ["max_cpu", "max_memory"], None),
        ("max_recursion", ["max_cpu"], None),
        ("max-cpu", ["max-steps", "max-depth"], None),
        ("allow-file", ["allow-write", "allow-read"], None),
        ("read_path", ["write_path"], None),
        ("max-memry", ["max-steps", "max-memory"], "max-memory"),
        ("max-mem", ["max-steps", "max-memory"], "max-memory"),
        ("allow-environment", ["allow-env"], "allow-env"),
        ("allow-reads", ["allow-all", "allow-read"], "allow-read"),
        ("pluginpath", ["plugin-path"], "plugin-path"),
        ("my-plugni", ["my-plugin"], "my-plugin"),
        ("math-utils-", ["math-utils"], "math-utils"),
    ],
)
def test_nearest_name(word, known, expected):
    assert nearest_name(word, known) == expected
