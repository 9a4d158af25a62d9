from decimal import Decimal, Inexact, localcontext

import pytest

from alas_manifest import ByteSize, CpuShare, Duration


@pytest.mark.parametrize(
    ("text", "size", "written"),
    [
        ("1", 1, "1"),
        ("512B", 512, "512"),
        ("1_000_000", 1_000_000, "1MB"),
        ("1000", 1000, "1KB"),
        ("100MB", 100_000_000, "100MB"),
        ("64MiB", 64 * 1024**2, "64MiB"),
        ("1kB", 1000, "1KB"),
        ("1KB", 1000, "1KB"),
        ("1KiB", 1024, "1KiB"),
        ("1.5GB", 1_500_000_000, "1500MB"),
        ("1.5GiB", 1_610_612_736, "1536MiB"),
        ("2TB", 2 * 1000**4, "2TB"),
        ("2TiB", 2 * 1024**4, "2TiB"),
        ("9223372036854775807", 2**63 - 1, "9223372036854775807"),
    ],
)
def test_size(text, size, written):
    assert ByteSize.parse(text).bytes == size
    assert str(ByteSize.parse(text)) == written
    assert ByteSize.parse(written) == ByteSize.parse(text)


@pytest.mark.parametrize(
    "text",
    ["", "0", "0MB", "-1", "+1", "100 MB", "100mb", "100M", "1__0", "_1", "1_", "0.5", "1.B", ".5MB", "1e3", "9223372036854775808",
     "MB", "lots", "1MB ", "\uff11MB", "9" * 100, "1." + "0" * 40 + "1MB"],
)  # fmt: skip
def test_not_a_size(text):
    with pytest.raises(ValueError, match="expected a"):
        ByteSize.parse(text)


@pytest.mark.parametrize(
    ("text", "microseconds", "written"),
    [
        ("10s", 10_000_000, "10s"),
        ("500ms", 500_000, "500ms"),
        ("1m30s", 90_000_000, "1m30s"),
        ("90s", 90_000_000, "1m30s"),
        ("1.5s", 1_500_000, "1s500ms"),
        ("2h", 7_200_000_000, "2h"),
        ("1h1m1s1ms1us", 3_661_001_001, "1h1m1s1ms1us"),
        ("250us", 250, "250us"),
        ("5m", 300_000_000, "5m"),
    ],
)
def test_duration(text, microseconds, written):
    assert Duration.parse(text).microseconds == microseconds
    assert str(Duration.parse(text)) == written
    assert Duration.parse(written) == Duration.parse(text)


def test_duration_in_seconds():
    assert Duration.parse("1m30s500ms").seconds == 90.5


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10",
        "0s",
        "s",
        "-1s",
        "1 s",
        "30s1m",
        "1s1s",
        "1S",
        "1d",
        "0.1us",
        "1sec",
        "1m30",
        "9" * 60 + "h",
        "1." + "0" * 40 + "1h",
    ],
)
def test_not_a_duration(text):
    with pytest.raises(ValueError, match="expected a duration"):
        Duration.parse(text)


def test_a_duration_that_is_too_long():
    assert Duration.parse("2562047788h").microseconds <= 2**63 - 1
    for text in ("2562047789h", "9223372036854775808us", "9" * 60 + "h"):
        with pytest.raises(ValueError, match="expected a duration of at most 2562047788h, found"):
            Duration.parse(text)


@pytest.mark.parametrize(
    ("text", "percent", "written"), [("50%", "50", "50%"), ("12.50%", "12.5", "12.5%"), ("100%", "100", "100%"), ("1_000%", "1000", "1000%")]
)  # fmt: skip
def test_share(text, percent, written):
    share = CpuShare.parse(text)
    assert share.percent == Decimal(percent)
    assert share.cores == Decimal(percent) / 100
    assert str(share) == written


@pytest.mark.parametrize("text", ["", "50", "0%", "0.0%", "-5%", "50 %", "%", "fast", "½%"])
def test_not_a_share(text):
    with pytest.raises(ValueError, match="expected a share"):
        CpuShare.parse(text)


def test_amounts_are_ordered():
    assert ByteSize.parse("1MB") < ByteSize.parse("1MiB")
    assert Duration.parse("59s") < Duration.parse("1m")
    assert CpuShare.parse("50%") < CpuShare.parse("100%")


def test_the_precision_of_the_program_does_not_matter():
    with localcontext() as context:
        context.prec = 2
        context.traps[Inexact] = True
        assert ByteSize.parse("123MiB").bytes == 123 * 1024**2
        assert Duration.parse("1h1m1s").microseconds == 3_661_000_000
        assert str(CpuShare.parse("123.4560%")) == "123.456%"
        assert CpuShare.parse("123.456%").cores == Decimal("1.23456")
