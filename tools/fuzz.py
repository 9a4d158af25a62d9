"""Fuzz the parser, the checker and the engine: build `rust/alas-fuzz`, run it, and say what came of it.

libFuzzer does the work. It wants code that counts what it covers, which a stable compiler makes as well when it is told the
pass of LLVM by name. Every run starts from the kept inputs and the programs of the tests and examples.

An input that breaks a promise ends the run. It is made small, and what reproduces it is printed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

ROOT = Path(__file__).parent.parent
RUST = ROOT / "rust"
KEPT = RUST / "alas-fuzz" / "corpus"
WORK = ROOT / ".cache" / "fuzz"
TARGETS = ("parser", "checker", "engine")

MILLION = 1_000_000
# Longer inputs are rarely better, and always slower. Deep nesting needs so many.
LONGEST = 4_096
# What is kept is small enough to be read.
LONGEST_KEPT = 2_048
KEPT_OF_TARGET = 90
# How often code runs is not looked at: that keeps many inputs alike, and makes each slower.
LIMITS = (
    f"-max_len={LONGEST}",
    "-use_counters=0",
    "-timeout=20",
    "-rss_limit_mb=2048",
    "-print_final_stats=1",
)
COVERAGE = (
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
)

_STATUS = re.compile(r"^#(?P<inputs>\d+)\s+(?P<event>[A-Za-z]+)\s+cov: (?P<covered>\d+)")
_EXECUTED = re.compile(r"^stat::number_of_executed_units:\s+(\d+)")
_ARTIFACT = re.compile(r"Test unit written to (.+)$")


@dataclass
class Job:
    """One process of the fuzzer, as far as it has got."""

    seed: int
    inputs: int = 0
    covered: int = 0
    artifact: str | None = None
    tail: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Outcome:
    """What fuzzing one target came to."""

    target: str
    inputs: int
    seconds: float
    covered: int
    found: int
    seeds: list[int]
    crashes: list[str]

    @property
    def speed(self) -> float:
        """Inputs per second."""
        return self.inputs / self.seconds


def main(words: list[str]) -> int:
    """Fuzz as the command line says; returns 1 when an input broke a promise."""
    options = read(words)
    console = Console(stderr=True)
    binary = build()
    if options.replay:
        return replay(binary, options.targets, options.replay)
    if options.keep:
        for target in options.targets:
            keep(binary, target, console)
        return 0
    outcomes = []
    for target in options.targets:
        # Rounded up, so that all together try as many as were asked for.
        count = -(-options.inputs // len(options.targets))
        outcomes.append(fuzz(binary, target, count, options, console))
    show(outcomes, options, console)
    return 1 if any(outcome.crashes for outcome in outcomes) else 0


def read(words: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="./noxw -s fuzz --", description=(__doc__ or "").split("\n\n", 1)[0]
    )
    parser.add_argument(
        "--inputs", type=int, default=MILLION, help="how many inputs are tried, over all targets"
    )
    parser.add_argument("--seed", type=int, help="of the choices; a random one if none is given")
    parser.add_argument(
        "--target", dest="targets", action="append", choices=TARGETS, help="all, if none is given"
    )
    parser.add_argument("--jobs", type=int, default=1, help="how many processes share the work on a target")
    parser.add_argument("--replay", type=Path, nargs="+", metavar="FILE", help="try these inputs only")
    parser.add_argument("--keep", action="store_true", help="add what the last run found to the kept inputs")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="of the summary")
    options = parser.parse_args(words)
    options.targets = options.targets or list(TARGETS)
    if options.seed is None:
        options.seed = 1 + secrets.randbelow(1 << 31)
    return options


def build() -> Path:
    """Compile the fuzzer."""
    version = subprocess.check_output(["rustc", "--version", "--verbose"], text=True)
    host = version.partition("host: ")[2].split("\n", 1)[0]
    # For a named platform, so that what runs while compiling is compiled as usual.
    command = ["cargo", "build", "--quiet", "--profile=fuzz", f"--target={host}", "--package=alas-fuzz"]
    environment = {**os.environ, "CARGO_ENCODED_RUSTFLAGS": "\x1f".join(COVERAGE)}
    subprocess.run([*command, "--features=libfuzzer"], cwd=RUST, env=environment, check=True)
    return RUST / "target" / host / "fuzz" / "alas-fuzz"


def collect_seeds(programs: Path) -> None:
    """Copy the programs to start from into a folder."""
    shutil.rmtree(programs, ignore_errors=True)
    programs.mkdir(parents=True)
    sources = [
        *(ROOT / "examples").rglob("*.alas.json"),
        *(ROOT / "tests" / "conformance" / "cases").rglob("*.alas.json"),
        *(RUST / "alas-check" / "tests" / "cases").rglob("*.alas.json"),
        *(RUST / "alas-syntax" / "tests" / "programs").rglob("*.json"),
        *(RUST / "alas-syntax" / "tests" / "hostile").rglob("*.json"),
    ]
    for number, source in enumerate(sorted(sources)):
        text = compact(source.read_bytes())
        if len(text) <= LONGEST:
            (programs / f"{number}-{source.name}").write_bytes(text)


def compact(text: bytes) -> bytes:
    """Write a JSON document without white space; what is none stays as it is."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        return text


def fuzz(binary: Path, target: str, count: int, options: argparse.Namespace, console: Console) -> Outcome:
    """Try so many inputs on a target."""
    work = WORK / target
    found, crashes, seeds = work / "found", work / "crashes", work / "seeds"
    collect_seeds(seeds)
    shutil.rmtree(found, ignore_errors=True)
    for folder in (found, crashes):
        folder.mkdir(parents=True, exist_ok=True)
    kept = KEPT / target
    jobs = [Job(options.seed + number) for number in range(options.jobs)]
    folders = [str(folder) for folder in (found, kept, seeds)]
    console.print(f"{target}: {count} inputs, seed {options.seed}", highlight=False)
    begun = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(target, total=count)

        def told() -> None:
            progress.update(task, completed=min(count, sum(job.inputs for job in jobs)))

        threads = []
        for job in jobs:
            words = [f"-runs={count // len(jobs)}", f"-seed={job.seed}", f"-artifact_prefix={crashes}/"]
            command = [str(binary), *LIMITS, *words, *folders]
            threads.append(threading.Thread(target=follow, args=(command, target, job, told)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    seconds = time.monotonic() - begun
    broken = [minimised(binary, target, job, console) for job in jobs if job.artifact or job.tail]
    return Outcome(
        target=target,
        inputs=sum(job.inputs for job in jobs),
        seconds=seconds,
        covered=max(job.covered for job in jobs),
        found=sum(1 for _ in found.iterdir()),
        seeds=[job.seed for job in jobs],
        crashes=broken,
    )


def start(command: list[str], target: str) -> subprocess.Popen[str]:
    """Start a process of the fuzzer."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env={**os.environ, "ALAS_FUZZ_TARGET": target},
    )


def follow(command: list[str], target: str, job: Job, told: Callable[[], None]) -> None:
    """Run a process of the fuzzer to its end, and note how far it gets."""
    last: list[str] = []
    with start(command, target) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if status := _STATUS.match(line):
                job.inputs, job.covered = int(status["inputs"]), int(status["covered"])
                told()
            elif executed := _EXECUTED.match(line):
                job.inputs = int(executed[1])
            elif artifact := _ARTIFACT.search(line):
                job.artifact = artifact[1]
            last = [*last[-100:], line]
    if process.returncode != 0:
        job.tail = last


def minimised(binary: Path, target: str, job: Job, console: Console) -> str:
    """Make what broke a promise small, and say how to see it again."""
    console.print(f"{target}, seed {job.seed}: a promise is broken", style="bold red")
    console.print("".join(job.tail), markup=False, highlight=False)
    if job.artifact is None:
        return f"seed {job.seed}"
    artifact = Path(job.artifact)
    small = artifact.with_name(f"{artifact.name}.small")
    words = ("-minimize_crash=1", "-max_total_time=20", f"-exact_artifact_path={small}", *LIMITS)
    with start([str(binary), *words, str(artifact)], target) as process:
        process.communicate()
    crash = small if small.exists() and small.stat().st_size else artifact
    name = crash.relative_to(ROOT)
    console.print(f"again: ./noxw -s fuzz -- --target {target} --replay {name}", markup=False)
    console.print(f"once mended, keep it: cp {name} rust/alas-fuzz/corpus/{target}/", markup=False)
    return str(name)


def replay(binary: Path, targets: Iterable[str], files: list[Path]) -> int:
    """Try inputs, and show what comes of them."""
    code = 0
    for target in targets:
        environment = {**os.environ, "ALAS_FUZZ_TARGET": target}
        command = [str(binary), *LIMITS, *map(str, files)]
        code = max(code, abs(subprocess.run(command, env=environment, check=False).returncode))
    return min(code, 1)


def keep(binary: Path, target: str, console: Console) -> None:
    """Add the shortest inputs of the last run that cover what the kept ones do not."""
    fresh, short = WORK / target / "fresh", WORK / target / "short"
    for folder in (fresh, short):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    kept = KEPT / target
    room = KEPT_OF_TARGET - sum(1 for _ in kept.iterdir())
    for file in kept.iterdir():
        shutil.copyfile(file, fresh / file.name)
    known = {file.name for file in fresh.iterdir()}
    # By itself libFuzzer would cut longer ones.
    for file in (WORK / target / "found").iterdir():
        if file.stat().st_size <= LONGEST_KEPT:
            shutil.copyfile(file, short / file.name)
    words = ("-merge=1", str(fresh), str(short))
    with start([str(binary), *words], target) as process:
        process.communicate()
    added = sorted(
        (file for file in fresh.iterdir() if file.name not in known), key=lambda file: file.stat().st_size
    )
    # Evenly over the sizes: the shortest alone are mostly broken texts.
    step = max(1, len(added) / room) if room > 0 else 0
    chosen = [added[int(index * step)] for index in range(min(room, len(added)))] if room > 0 else []
    for file in chosen:
        shutil.copyfile(file, kept / file.name[:12])
    console.print(f"{target}: {len(chosen)} of {len(added)} inputs added to {kept.relative_to(ROOT)}")


def show(outcomes: list[Outcome], options: argparse.Namespace, console: Console) -> None:
    """Print what the run came to: a table, or one line of JSON."""
    if options.format == "json":
        document = {
            "seed": options.seed,
            "jobs": options.jobs,
            "machine": {"system": platform.system(), "cores": os.cpu_count()},
            "targets": [
                {**asdict(outcome), "inputs_per_second": round(outcome.speed)} for outcome in outcomes
            ],
            "inputs": sum(outcome.inputs for outcome in outcomes),
            "crashes": sum(len(outcome.crashes) for outcome in outcomes),
        }
        print(json.dumps(document))
        return
    table = Table()
    for heading in ("target", "inputs", "seconds", "inputs / s", "covered", "found", "crashes"):
        table.add_column(heading, justify="left" if heading == "target" else "right")
    for outcome in outcomes:
        counts = (
            outcome.inputs,
            round(outcome.seconds),
            round(outcome.speed),
            outcome.covered,
            outcome.found,
        )
        table.add_row(outcome.target, *map(str, counts), str(len(outcome.crashes)))
    console.print(table)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
