"""Every task of the project: `./noxw --list` names them, `./noxw -s tests` runs one.

Three rules keep the tasks fast and repeatable:

* What is installed from outside comes from a hash-pinned file in `locks/`, one for each environment.
* An environment carries a stamp of everything it was made from. While the stamp fits, nothing is installed again.
* Rust is compiled for Python in one place, the session `core`, always by the same interpreter (another interpreter
  would make Cargo compile the bindings anew). Sessions that need its wheel say so with `requires`.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal

import nox
from nox.virtualenv import UV

ROOT = Path(__file__).parent
LOCKS = ROOT / "locks"
RUST = ROOT / "rust"
# The kits for native code, a part of the wheel alas-loader-native through a link; the engine uses one crate of them.
SDK = ROOT / "sdk"
ABI = SDK / "rust" / "alas-plugin-abi"
# Workspaces of their own, because plugins depend on the kit as it is.
KIT_WORKSPACES = (SDK / "rust", ROOT / "examples" / "native" / "native-rust")
CORE = RUST / "alas-core"
WHEELS = ROOT / ".cache" / "wheels"
# In the order of their dependencies.
PACKAGES = [
    ROOT / "packages" / name
    for name in (
        "alas-manifest",
        "alas-builtin",
        "alas-registry",
        "alas-installer",
        "alas-interp",
        "alas-loader-native",
        "alas-cli",
    )
]
DEMO_PROGRAMS = ("use_plugin", "tour")

# A person at work may let Cargo add a new dependency to Cargo.lock; a check must run on exactly what was committed.
CARGO_LOCKED = ["--locked"] if os.environ.get("CI") else []
RUST_TOOLS = {
    "cargo": "install Rust from https://rustup.rs/, or `rustup default stable` where rustup is there",
    "cargo-clippy": "run `rustup component add clippy`",
    "cargo-fmt": "run `rustup component add rustfmt`",
}

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv"
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_external_run = True
nox.options.sessions = ["tests", "lint", "types"]

# The interpreter that runs nox is the one to use: uv need not look for another, let alone download one.
os.environ.setdefault("UV_PYTHON_DOWNLOADS", "never")
# Without compiled bytecode each start of a command would compile its modules again.
os.environ["PYTHONDONTWRITEBYTECODE"] = ""


# --- The tasks ---


@nox.session(requires=["wheels"])
def demo(session: nox.Session) -> None:
    """Build and install everything as a user gets it, and run the example programs with their plugins."""
    provision(session, "runtime", "wheels")
    for name in DEMO_PROGRAMS:
        session.run("alas-run", f"examples/programs/{name}.alas.json", "-plugin-path", "examples/plugins")


@nox.session(requires=["core"])
def tests(session: nox.Session) -> None:
    """Test the Rust crates, then the Python packages. Arguments go to pytest, and then only pytest runs."""
    provision(session, "tests", "editable")
    if not session.posargs:
        # The bindings cannot be linked without Python, so pytest tests them.
        cargo(session, RUST, "test", "--quiet", "--workspace", "--exclude", CORE.name, *CARGO_LOCKED)
        for workspace in KIT_WORKSPACES:
            cargo(session, workspace, "test", "--quiet", "--workspace", *CARGO_LOCKED)
    # All of them take a while: one process for each processor, and who is done takes over from the others.
    session.run("pytest", *(session.posargs or ("--numprocesses=auto", "--dist=worksteal")))


@nox.session(venv_backend="none", requires=["core"])
def dev(session: nox.Session) -> None:
    """Make .venv with every package (editable), the engine in release mode, and the tools of all sessions."""
    environment = ROOT / ".venv"
    if not (environment / "bin" / "python").exists():
        session.run(
            UV, "venv", "--quiet", "--clear", "--python", sys.executable, str(environment), external=True
        )
    provision(session, "dev", "editable", environment)
    session.log("ready: .venv/bin/alas-run --help")


@nox.session
def lint(session: nox.Session) -> None:
    """Check the style of the Python and Rust code, and the spelling."""
    provision(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("typos")
    for workspace in (RUST, *KIT_WORKSPACES):
        cargo(session, workspace, "fmt", "--check")
        checks = ("--quiet", "--workspace", "--all-targets", *CARGO_LOCKED, "--", "--deny", "warnings")
        cargo(session, workspace, "clippy", *checks)


@nox.session
def fix(session: nox.Session) -> None:
    """Mend what of the style can be mended without a person, and format all code."""
    provision(session, "lint")
    session.run("ruff", "check", "--fix-only")
    session.run("ruff", "format")
    for workspace in (RUST, *KIT_WORKSPACES):
        cargo(session, workspace, "fmt")


@nox.session(requires=["core"])
def sanitizers(session: nox.Session) -> None:
    """Run native code, and what calls it, under valgrind and under the sanitizers for addresses and undefined behaviour."""
    provision(session, "tests", "editable")
    for program in ("valgrind", "cc", "c++"):
        if shutil.which(program) is None:
            session.error(f"{program} is missing: apt-get install valgrind build-essential")
    machine = platform.machine().upper()
    runner = f"CARGO_TARGET_{machine}_UNKNOWN_LINUX_GNU_RUNNER"
    valgrind = {runner: "valgrind --quiet --error-exitcode=99 --fair-sched=yes"}
    cargo(session, RUST, "test", "--quiet", "--package", "alas-abi", "--test", "calls", **valgrind)
    flags = "-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all"
    libraries = [
        subprocess.check_output(["cc", f"-print-file-name={name}"], text=True).strip()
        for name in ("libasan.so", "libubsan.so")
    ]
    environment = {
        "CFLAGS": flags,
        "CXXFLAGS": flags,
        "LDFLAGS": "-fsanitize=address,undefined",
        # The interpreter itself is not compiled with them.
        "LD_PRELOAD": " ".join(libraries),
        # What Python keeps until it ends is no leak.
        "ASAN_OPTIONS": "detect_leaks=0",
    }
    # Where C++ throws because there is no memory, the sanitizer ends the process.
    tests = ("packages/alas-loader-native", "tests/native/test_c_kit.py", "-k", "not fail_by_memory")
    session.run("pytest", *tests, env=environment)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Try a million random inputs on the parser, the checker and the engine. Arguments go to tools/fuzz.py: `-- --help`."""
    provision(session, "runtime")
    require_rust(session, "cargo")
    session.run("python", "tools/fuzz.py", *session.posargs)


@nox.session(requires=["core"])
def types(session: nox.Session) -> None:
    """Check the types of every package and tool, and the engine's stubs against the engine."""
    provision(session, "types", "editable")
    sources = [
        *(package / "src" for package in PACKAGES),
        CORE / "python",
        ROOT / "tools",
        ROOT / "noxfile.py",
    ]
    session.run("mypy", *(str(source.relative_to(ROOT)) for source in sources if source.exists()))
    session.run("stubtest", "alas_core._core", "--mypy-config-file", "pyproject.toml")


@nox.session(requires=["wheels"])
def bench(session: nox.Session) -> None:
    """Run the benchmarks beside their peers. Arguments go to pytest."""
    provision(session, "bench", "wheels")
    session.run("pytest", "tests/bench", *session.posargs)


@nox.session(requires=["core"])
def soak(session: nox.Session) -> None:
    """Call from 64 threads for ten minutes; `-- --seconds 60` for another time."""
    provision(session, "tests", "editable")
    session.run("python", "-m", "tests.soak", *session.posargs)


@nox.session(requires=["wheels"])
def limits(session: nox.Session) -> None:
    """Measure how late timeouts are, and how far memory and processor go over their limits: `-- --format json`."""
    provision(session, "runtime", "wheels")
    session.run("python", "tools/measure_limits.py", *session.posargs)


@nox.session(requires=["wheels"])
def docs(session: nox.Session) -> None:
    """Check that the generated documentation is up to date. Other arguments than --check replace it."""
    provision(session, "runtime", "wheels")
    session.run("python", "tools/generate_docs.py", *(session.posargs or ["--check"]))


@nox.session(requires=["wheels"])
def build(session: nox.Session) -> None:
    """Put the wheel and the source distribution of every package into dist/."""
    provision(session, "build")
    distributions = ROOT / "dist"
    shutil.rmtree(distributions, ignore_errors=True)
    distributions.mkdir()
    for wheel in built_wheels("*"):
        shutil.copy2(wheel, distributions)
    for package in PACKAGES:
        with session.chdir(package):
            session.run("hatchling", "build", "--target", "sdist", "--directory", str(distributions))
    with session.chdir(CORE):
        session.run("maturin", "sdist", "--out", str(distributions))


@nox.session
def core(session: nox.Session) -> None:
    """Compile the engine into the wheel that the other sessions install, where its sources have changed."""
    provision(session, "build")
    require_rust(session, "cargo")
    toolchain = subprocess.check_output(["rustc", "--version", "--verbose"], text=True, cwd=RUST)

    def build_core(folder: Path) -> None:
        interpreter = str(Path(session.bin, "python"))
        with session.chdir(CORE):
            session.run(
                *("maturin", "build", "--release", "--interpreter", interpreter, "--out", str(folder)),
                *CARGO_LOCKED,
            )

    refresh_wheels(
        "core",
        fingerprint([*files_below(RUST), *files_below(ABI)], toolchain, lock_text("build"), sys.version),
        build_core,
    )


@nox.session(requires=["core"])
def wheels(session: nox.Session) -> None:
    """Build the wheels of the Python packages, where their sources have changed."""
    provision(session, "build")

    def build_packages(folder: Path) -> None:
        for package in PACKAGES:
            with session.chdir(package):
                session.run("hatchling", "build", "--target", "wheel", "--directory", str(folder))

    sources = [file for folder in (*PACKAGES, SDK) for file in files_below(folder)]
    refresh_wheels("packages", fingerprint(sources, lock_text("build")), build_packages)


@nox.session(venv_backend="none")
def lock(session: nox.Session) -> None:
    """Write locks/*.txt from locks/*.in and the packages' dependencies. Arguments go to uv: `-- --upgrade`."""
    dependencies = {
        requirement
        for package in PACKAGES
        for requirement in tomllib.loads((package / "pyproject.toml").read_text())["project"]["dependencies"]
        if not requirement.startswith("alas-")
    }
    header = (
        "# Collected from packages/*/pyproject.toml by `./noxw -s lock`; change those files, not this one.\n"
    )
    (LOCKS / "runtime.in").write_text(header + "".join(f"{line}\n" for line in sorted(dependencies)))
    # The environment for development holds all the others but two, which therefore agree with it on every version.
    names = ["dev", *sorted(path.stem for path in LOCKS.glob("*.in") if path.stem != "dev")]
    for name in names:
        constraints = [] if name == "dev" else ["--constraints", "locks/dev.txt"]
        session.run(
            *(UV, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
            *("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"),
            *(*constraints, "--output-file", f"locks/{name}.txt", f"locks/{name}.in", *session.posargs),
            env={"UV_CUSTOM_COMPILE_COMMAND": "./noxw -s lock"},
            external=True,
        )


# --- What the tasks are made of ---


def provision(
    session: nox.Session,
    lock_name: str,
    projects: Literal["none", "wheels", "editable"] = "none",
    environment: Path | None = None,
) -> None:
    """Bring an environment to exactly the contents of a lock file and, on top, the project's own packages.

    With "wheels" the packages are installed as a user gets them, with "editable" from their source folders. The
    environment is the session's own unless another is given.
    """
    environment = environment or Path(session.virtualenv.location)
    uv = [UV, "pip"]
    target = ["--quiet", "--python", str(environment / "bin" / "python")]
    locked = environment / "alas-locked.txt"
    installed = environment / "alas-installed.txt"

    lock_key = fingerprint([LOCKS / f"{lock_name}.txt"], sys.version, str(environment))
    if read(locked) != lock_key:
        locked.unlink(missing_ok=True)
        installed.unlink(missing_ok=True)
        session.run(
            *(*uv, "sync", *target, "--require-hashes", "--compile-bytecode", f"locks/{lock_name}.txt"),
            external=True,
        )
        locked.write_text(lock_key)

    if projects == "none":
        return
    packages = built_wheels("packages") if projects == "wheels" else PACKAGES
    parts = packages if projects == "wheels" else [package / "pyproject.toml" for package in PACKAGES]
    project_key = fingerprint([*built_wheels("core"), *parts], projects)
    if read(installed) != project_key:
        installed.unlink(missing_ok=True)
        editable = [] if projects == "wheels" else ["--no-build-isolation"]
        for package in packages:
            editable += [str(package)] if projects == "wheels" else ["--editable", str(package)]
        session.run(
            *(*uv, "install", *target, "--no-deps", "--no-index", "--reinstall", "--compile-bytecode"),
            *(*map(str, built_wheels("core")), *editable),
            external=True,
        )
        session.run(*uv, "check", *target, external=True)
        installed.write_text(project_key)


def cargo(session: nox.Session, workspace: Path, command: str, *arguments: str, **variables: str) -> None:
    """Run a Cargo command in a workspace."""
    require_rust(session, "cargo")
    if f"cargo-{command}" in RUST_TOOLS:
        require_rust(session, f"cargo-{command}")
    with session.chdir(workspace):
        # A fixed interpreter, because the bindings are compiled anew whenever it changes.
        environment = {"PYO3_PYTHON": str(Path(session.bin, "python")), **variables}
        session.run("cargo", command, *arguments, env=environment, external=True)


def require_rust(session: nox.Session, program: str) -> None:
    """Stop with advice if a part of the Rust toolchain is missing."""
    # rustup puts programs on the path that work only once there is a toolchain.
    if (
        shutil.which(program) is None
        or subprocess.run([program, "--version"], check=False, capture_output=True).returncode
    ):
        session.error(f"{program} is missing or does not run: {RUST_TOOLS[program]}")


def refresh_wheels(name: str, key: str, build_into: Callable[[Path], None]) -> None:
    """Replace the wheels kept under a name, unless they were built from what the key stands for.

    They are built beside the old ones, so that an interrupted or failed build is never taken for a finished one.
    """
    folder = WHEELS / name
    stamp = folder / "fingerprint.txt"
    fresh = WHEELS / f"{name}.new"
    WHEELS.mkdir(parents=True, exist_ok=True)
    with (WHEELS / f"{name}.lock").open("w") as turn:
        # Two tasks started at the same time must not build into the same folder.
        fcntl.flock(turn, fcntl.LOCK_EX)
        if read(stamp) == key:
            return
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        build_into(fresh)
        (fresh / stamp.name).write_text(key)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)


def built_wheels(name: str) -> list[Path]:
    """Return the wheels kept under a name, or under every name for `*`."""
    return sorted(wheel for wheel in WHEELS.glob(f"{name}/*.whl") if wheel.parent.suffix != ".new")


def files_below(folder: Path) -> Iterator[Path]:
    """Yield the files that a wheel built from a folder depends on, in a fixed order."""
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(set(folders) - {"target", "tests", "benches", "alas-fuzz", "__pycache__"})
        yield from (Path(parent, file) for file in sorted(files))


def fingerprint(files: Iterable[Path], *facts: str) -> str:
    """Return one hash of the names and contents of files and of further facts."""
    digest = hashlib.sha256(repr(facts).encode())
    for file in files:
        digest.update(
            repr((str(file.relative_to(ROOT)), hashlib.sha256(file.read_bytes()).hexdigest())).encode()
        )
    return digest.hexdigest()


def lock_text(name: str) -> str:
    """Return the contents of a lock file."""
    return (LOCKS / f"{name}.txt").read_text()


def read(stamp: Path) -> str | None:
    """Return what a stamp file says, or None if there is none."""
    return stamp.read_text() if stamp.is_file() else None
