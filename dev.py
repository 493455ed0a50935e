#!/usr/bin/env python3
"""Sets up, starts and tests Lamella with nothing but Python: `python3 dev.py run`, `python3 dev.py test`.

Standard library only, and written so that an old Python can read far enough to say which one is needed.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "lamella-setup.json"
LOCK = ROOT / "requirements.lock"
PROJECT_FILE = ROOT / "pyproject.toml"
OUT = ROOT / "out"
SAMPLE = OUT / "digits.lamella"

OLDEST, NEWEST = (3, 11), (3, 13)
OLDEST_PIP = (22, 3)  # the first that can install into an environment which has no pip of its own
GPU_MARKER = 'extra == "gpu"'
LINTED = ("dev.py", "app", "graph_editor", "runtime", "resources", "tests")

# What Qt 6 opens at start, and the Debian and Ubuntu package that holds it.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
TEST_PROGRAMS = {"Xvfb": "xvfb", "xdotool": "xdotool"}


class SetupError(Exception):
    """One sentence or a few lines for the person at the keyboard."""


def say(text: str = "") -> None:
    print(text, flush=True)


# ------------------------------------------------------------------------------------------------ the right Python


def python_fits(version: tuple[int, ...]) -> bool:
    return OLDEST <= version[:2] <= NEWEST


def other_pythons(find: Callable[[str], str | None] = shutil.which) -> Iterator[list[str]]:
    """Commands that may start a Python which fits, best first."""
    versions = [f"{OLDEST[0]}.{minor}" for minor in range(OLDEST[1], NEWEST[1] + 1)]
    for version in versions:
        if path := find(f"python{version}"):
            yield [path]
    if launcher := find("py"):
        for version in versions:
            yield [launcher, f"-{version}"]


def starts(command: Sequence[str]) -> bool:
    probe = f"import sys; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
    try:
        return subprocess.run([*command, "-c", probe], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def continue_with_fitting_python() -> None:
    """Starts this script again with a Python that fits, when the present one does not."""
    if python_fits(sys.version_info[:2]):
        return
    here = ".".join(map(str, sys.version_info[:2]))
    for command in other_pythons():
        if starts(command):
            say(f"This is Python {here}; continuing with {' '.join(command)}.")
            sys.exit(subprocess.call([*command, str(ROOT / "dev.py"), *sys.argv[1:]]))
    raise SetupError(
        f"Lamella needs Python 3.{OLDEST[1]} to 3.{NEWEST[1]}; this is {here}, and no other was found on the PATH.\n"
        "Install one of them (https://www.python.org/downloads/) and start the same command again."
    )


# --------------------------------------------------------------------------------------------------- system libraries


def library_opens(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def missing_packages(
    with_test_programs: bool,
    opens: Callable[[str], bool] = library_opens,
    find: Callable[[str], str | None] = shutil.which,
) -> list[str]:
    """Debian's names of the system packages that are not there."""
    missing = [package for library, package in QT_LIBRARIES.items() if not opens(library)]
    if with_test_programs:
        missing += [package for program, package in TEST_PROGRAMS.items() if not find(program)]
    return missing


def is_debian(os_release: Path = Path("/etc/os-release")) -> bool:
    """Whether packages of this Linux come from apt with Debian's names (Debian, Ubuntu, Mint, Raspberry Pi OS ...)."""
    if not os_release.is_file() or not shutil.which("apt-get"):
        return False
    words = re.findall(r'^ID(?:_LIKE)?="?([^"\n]*)', os_release.read_text("utf-8"), re.MULTILINE)
    return bool({"debian", "ubuntu"} & set(" ".join(words).split()))


def apt_install(packages: Sequence[str]) -> None:
    say(f"Installing {len(packages)} system packages: {' '.join(packages)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "-q", "update"],
        ["apt-get", "-q", "-y", "install", "--no-install-recommends", *packages],
    ):
        run_quietly(command, environment, f"{' '.join(command[:3])} failed")


def ensure_system(with_test_programs: bool) -> None:
    """Qt's system libraries are there afterwards, or SetupError says what to do (a warning where names are unknown)."""
    if not sys.platform.startswith("linux"):
        return
    missing = missing_packages(with_test_programs)
    if not missing:
        return
    if not is_debian():
        wanted = [name for name, package in {**QT_LIBRARIES, **TEST_PROGRAMS}.items() if package in missing]
        say("Qt needs these from the system, under whatever name your distribution has them: " + ", ".join(wanted))
        return
    command = f"apt-get update && apt-get install -y --no-install-recommends {' '.join(missing)}"
    if os.geteuid() != 0:
        sudo = command.replace("apt-get", "sudo apt-get")
        raise SetupError(f"Some system packages are missing. Install them with\n\n    {sudo}\n\nand start again.")
    apt_install(missing)
    if still := missing_packages(with_test_programs):
        raise SetupError(f"These system packages are still missing: {' '.join(still)}")


# ------------------------------------------------------------------------------------------------------------ the lock


class Requirement(NamedTuple):
    """One pinned package: `name==version`, its marker ("" for none), its hash lines."""

    pin: str
    marker: str
    hashes: tuple[str, ...]

    def text(self) -> str:
        head = f"{self.pin} ; {self.marker}" if self.marker else self.pin
        return " \\\n".join([head, *(f"    {line}" for line in self.hashes)]) + "\n"


def parse_lock(text: str) -> list[Requirement]:
    requirements: list[Requirement] = []
    for block in text.replace("\\\n", " ").splitlines():
        if not block.strip() or block.lstrip().startswith("#"):
            continue
        head, *hashes = re.split(r"\s+(?=--hash=)", block.strip())
        pin, _, marker = head.partition(";")
        requirements.append(Requirement(pin.strip(), marker.strip(), tuple(line.strip() for line in hashes)))
    return requirements


def mark_gpu(requirement: Requirement) -> Requirement:
    marker = requirement.marker
    if " or " in marker:
        marker = f"({marker})"
    return requirement._replace(marker=f"{marker} and {GPU_MARKER}" if marker else GPU_MARKER)


def is_gpu(requirement: Requirement) -> bool:
    return requirement.marker.endswith(GPU_MARKER)


def unmark_gpu(requirement: Requirement) -> Requirement:
    marker = requirement.marker[: -len(GPU_MARKER)].strip()
    if marker.endswith(" and"):
        marker = marker[:-4].strip()
    return requirement._replace(marker=marker)


def merge_locks(base: str, with_gpu: str) -> str:
    """One lock: packages that only the GPU needs get a marker that a plain `pip install -r` takes for false."""
    plain = parse_lock(base)
    pins = {(requirement.pin, requirement.marker) for requirement in plain}
    extra = [r for r in parse_lock(with_gpu) if (r.pin, r.marker) not in pins]
    names = {requirement.pin.split("==")[0] for requirement in plain}
    for requirement in extra:
        if requirement.pin.split("==")[0] in names:
            raise SetupError(f"{requirement.pin}: pinned otherwise without the GPU part; the two cannot share a lock")
    merged = sorted([*plain, *map(mark_gpu, extra)], key=lambda requirement: requirement.pin.split("==")[0])
    return "".join(requirement.text() for requirement in merged)


def make_lock(uv_arguments: Sequence[str]) -> None:
    say("Resolving for every platform and Python ...")
    pinned = parse_lock(LOCK.read_text("utf-8")) if LOCK.exists() else []
    with tempfile.TemporaryDirectory() as folder:
        texts = []
        for name, extras in (("base", ["dev"]), ("gpu", ["dev", "gpu"])):
            target = Path(folder) / f"{name}.txt"
            # uv prefers what the output file pins already; --upgrade among the arguments forgets it.
            target.write_text("".join((unmark_gpu(r) if is_gpu(r) else r).text() for r in pinned), "utf-8")
            command = [str(program("uv")), "pip", "compile", str(PROJECT_FILE), "--universal", "--generate-hashes"]
            command += ["--no-header", "--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--quiet"]
            command += [part for extra in extras for part in ("--extra", extra)]
            command += ["--output-file", str(target), *uv_arguments]
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            texts.append(target.read_text("utf-8"))
    LOCK.write_text(merge_locks(*texts), "utf-8", newline="\n")
    say(f"Wrote {LOCK.name}: {len(parse_lock(LOCK.read_text('utf-8')))} packages.")


# ----------------------------------------------------------------------------------------------------- the environment


def program(name: str) -> Path:
    folder, suffix = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
    return ENVIRONMENT / folder / f"{name}{suffix}"


def expected_stamp() -> dict[str, str]:
    digest = hashlib.sha256(LOCK.read_bytes() + PROJECT_FILE.read_bytes()).hexdigest()
    return {"lock": digest, "root": str(ROOT)}


def read_stamp() -> dict[str, object]:
    try:
        stamp = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(gpu: bool) -> None:
    STAMP.write_text(json.dumps({**expected_stamp(), "gpu": gpu}), "utf-8")


def is_set_up(gpu: bool) -> bool:
    stamp = read_stamp()
    same = all(stamp.get(key) == value for key, value in expected_stamp().items())
    return same and program("python").exists() and (not gpu or stamp.get("gpu") is True)


def run_quietly(
    command: Sequence[str], environment: dict[str, str], failure: str, show: Callable[[str], None] | None = None
) -> None:
    """Runs a command, hands each line to `show`; prints the last lines and raises SetupError only if it fails."""
    tail: deque[str] = deque(maxlen=30)
    with subprocess.Popen(
        command,
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            tail.append(line.rstrip())
            if show:
                show(line.rstrip())
    if process.returncode:
        raise SetupError("\n".join([*tail, "", f"{failure} (exit status {process.returncode})."]))


class PipProgress:
    """Turns pip's many lines into one that counts, or a line for every large file where there is no terminal."""

    def __init__(self, total: int, terminal: bool) -> None:
        self._total = total
        self._terminal = terminal
        self._seen = 0
        self._name = ""

    def __call__(self, line: str) -> None:
        if found := re.match(r"\s*(?:Collecting|Requirement already satisfied:) ([\w.-]+)", line):
            self._seen += 1
            self._name = found.group(1)
            self._write(f"  {self._seen:3d}/{self._total} {self._name}")
        elif found := re.search(r"(?:Downloading|Using cached) .*\((\d+\.?\d*) MB\)", line):
            if float(found.group(1)) > 20:
                self._write(f"  {self._seen:3d}/{self._total} {self._name} ({found.group(1)} MB)", always=True)
        elif line.startswith("Installing collected packages"):
            self._write("  unpacking, this takes a minute or two ...", always=True)

    def _write(self, text: str, always: bool = False) -> None:
        if self._terminal:
            print(f"\r{text:<70}", end="\n" if text.endswith("...") else "", flush=True)
        elif always or self._seen % 25 == 0:
            say(text)


def pip_version(python: str) -> tuple[int, ...]:
    """The version of an interpreter's pip, (0,) if it has none."""
    try:
        done = subprocess.run([python, "-m", "pip", "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return (0,)
    found = re.match(r"pip (\d+)\.(\d+)", done.stdout)
    return tuple(map(int, found.groups())) if found else (0,)


def find_pip() -> list[str]:
    """The start of a pip command that installs into the environment: the system's pip, else one of its own."""
    inside = str(program("python"))
    if pip_version(sys.executable) >= OLDEST_PIP:
        return [sys.executable, "-m", "pip", "--python", inside]
    if pip_version(inside) >= OLDEST_PIP:
        return [inside, "-m", "pip"]
    say("No pip on this Python; asking it for the one it brings along ...")
    subprocess.run([inside, "-m", "ensurepip", "--default-pip"], capture_output=True, check=False)
    if pip_version(inside) >= OLDEST_PIP:
        return [inside, "-m", "pip"]
    hint = "apt-get install -y python3-pip" if is_debian() else f"{sys.executable} -m ensurepip"
    raise SetupError(
        f"This Python has no pip ({OLDEST_PIP[0]}.{OLDEST_PIP[1]} or newer). Install it with\n\n    {hint}"
    )


def pip_environment() -> dict[str, str]:
    """The person's own pip settings (index, proxy, cache), less those that would install somewhere else."""
    elsewhere = {
        "PIP_USER",
        "PIP_TARGET",
        "PIP_PREFIX",
        "PIP_ROOT",
        "PIP_REQUIRE_VIRTUALENV",
        "PYTHONHOME",
        "PYTHONPATH",
    }
    environment = {key: value for key, value in os.environ.items() if key not in elsewhere}
    environment.update(PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1", PIP_ROOT_USER_ACTION="ignore")
    environment.update(PIP_USER="0", PYTHONUNBUFFERED="1", PYTHONWARNINGS="ignore")
    return environment


def make_environment() -> None:
    """A Python of its own in .venv: kept when it starts and fits, else made anew."""
    if ENVIRONMENT.exists() and not starts([str(program("python"))]):
        say("The environment in .venv does not work; making it anew.")
        shutil.rmtree(ENVIRONMENT)
    if not ENVIRONMENT.exists():
        say(f"Making a private environment in {ENVIRONMENT.name} (Python {'.'.join(map(str, sys.version_info[:3]))})")
        # Without pip, as Debian's Python has no ensurepip until python3-venv is installed.
        command = [sys.executable, "-m", "venv", "--without-pip", str(ENVIRONMENT)]
        run_quietly(command, dict(os.environ), "The environment could not be made")


def remove_half_installed(site_packages: Iterable[Path]) -> list[str]:
    """Forgets packages that an interrupted pip left half unpacked (RECORD is what it writes last); their names."""
    removed = []
    for folder in site_packages:
        for left in [*folder.glob("~*"), *(d for d in folder.glob("*.dist-info") if not (d / "RECORD").is_file())]:
            removed.append(left.name)
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    return removed


def install(requirements: Sequence[Requirement], title: str) -> None:
    say(f"Installing {title} ({len(requirements)} packages; the first time this downloads about 1 GB)")
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "requirements.txt"
        wanted.write_text("".join(requirement.text() for requirement in requirements), "utf-8")
        command = [*find_pip(), "install", "--no-deps", "--require-hashes", "--progress-bar", "off", "-r", str(wanted)]
        progress = PipProgress(len(requirements), sys.stdout.isatty())
        run_quietly(command, pip_environment(), "pip could not install the packages", progress)
    if sys.stdout.isatty():
        say()


def ensure_environment(gpu: bool = False) -> None:
    """.venv holds what the lock says and Lamella itself; returns at once when it does already."""
    if gpu and not sys.platform.startswith("linux"):
        raise SetupError(
            "TensorFlow has no GPU support on this system: on Windows use WSL 2, on macOS train on the CPU.\n"
            "Everything else works; run `dev.py setup` without --gpu."
        )
    if is_set_up(gpu):
        return
    began = time.monotonic()
    gpu = gpu or read_stamp().get("gpu") is True
    STAMP.unlink(missing_ok=True)
    make_environment()
    folders = [*ENVIRONMENT.glob("lib/python*/site-packages"), *ENVIRONMENT.glob("Lib/site-packages")]
    if removed := remove_half_installed(folders):
        say(f"Repairing an interrupted setup ({len(removed)} packages)")
    locked = parse_lock(LOCK.read_text("utf-8"))
    install([requirement for requirement in locked if not is_gpu(requirement)], "what Lamella needs")
    if gpu:
        install([unmark_gpu(r) for r in locked if is_gpu(r)], "what TensorFlow needs for a GPU")
    say("Installing Lamella itself")
    command = [*find_pip(), "install", "--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT)]
    run_quietly(command, pip_environment(), "Lamella could not be installed")
    write_stamp(gpu)
    say(f"Ready in {time.monotonic() - began:.0f} s.")


# ---------------------------------------------------------------------------------------------------------- the verbs


def lamella(*arguments: str) -> list[str]:
    return [str(program("python")), "-m", "app", *arguments]


def has_display() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def step(title: str, command: Sequence[str], output: Path | None = None) -> None:
    """Runs one step of several and says how long it took; SetupError names the step that failed."""
    say(f"== {title}")
    began = time.monotonic()
    if output:
        with output.open("w", encoding="utf-8") as stream:
            status = subprocess.call(command, cwd=ROOT, stdout=stream)
    else:
        status = subprocess.call(command, cwd=ROOT)
    if status:
        raise SetupError(f"Failed: {title} (exit status {status}).")
    say(f"   {time.monotonic() - began:.1f} s")


def make_sample() -> str:
    if not SAMPLE.exists():
        OUT.mkdir(exist_ok=True)
        step("The sample project", lamella("new", "--template", "digits", "-o", str(SAMPLE)))
    return str(SAMPLE)


def run_headless(project: str) -> None:
    say("There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open.")
    say(f"Doing the main job without one instead; the results go to {OUT.relative_to(ROOT)}{os.sep}")
    OUT.mkdir(exist_ok=True)
    name = Path(project).stem
    model, metrics = OUT / f"{name}.keras", OUT / "metrics.jsonl"
    train = ["train", project, "--runs", str(OUT / f"{name}.runs"), "--export", str(model), "--force", "--json"]
    step("Training", lamella(*train), metrics)
    pictures = [OUT / f"{workspace}.png" for workspace in ("build", "train", "runs")]
    for picture in pictures:
        screenshot = ["screenshot", project, "--workspace", picture.stem, "-o", str(picture), "--force"]
        step(f"A picture of the {picture.stem.title()} workspace", lamella(*screenshot))
    for path in (model, metrics, *pictures):
        say(f"   {path.relative_to(ROOT)}  {path.stat().st_size / 1024:,.0f} kB")


def run_app(project: str | None) -> int:
    given = str(Path(project).resolve()) if project else make_sample()
    if not has_display():
        run_headless(given)
        return 0
    say(f"Opening {given}")
    return subprocess.call(lamella(given), cwd=ROOT)


def check() -> None:
    here = [name for name in LINTED if (ROOT / name).exists()]
    step("ruff check", [str(program("ruff")), "check", "--quiet", *here])
    step("ruff format", [str(program("ruff")), "format", "--check", "--quiet", *here])
    step("mypy --strict", [str(program("mypy"))])
    step("import contracts", [str(program("lint-imports")), "--no-logo"])


def test_processes() -> int:
    """One a core, and four at most, with 3 GB for each where that is known: they hold a Keras or two."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        room = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // (3 << 30)
    except (AttributeError, ValueError, OSError):  # Windows
        room = cores
    return max(1, min(cores, room, 4))


def all_tests(count: int) -> None:
    """Every test once, in ``count`` processes that share the files; the first is seen live, the others when it ends."""
    say(f"== pytest ({count} at once)")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        (taken := Path(place) / "taken").mkdir()
        command = [str(program("python")), "-m", "pytest", "-p", "tests.support.shares", "--share", str(taken)]
        texts = [Path(place) / f"{number}.txt" for number in range(1, count)]
        others = []
        try:
            for number, text in enumerate(texts, 1):
                with text.open("wb") as stream:
                    more = [*command, "-o", f"cache_dir=.pytest_cache/{number}"]
                    others.append(subprocess.Popen(more, cwd=ROOT, stdout=stream, stderr=subprocess.STDOUT))
            statuses = [subprocess.call(command, cwd=ROOT)]
            for other, text in zip(others, texts, strict=True):
                statuses.append(other.wait())
                say(text.read_text("utf-8", errors="replace"))
        finally:
            for other in others:
                other.terminate()
                other.wait()
    if failed := [status for status in statuses if status]:
        raise SetupError(f"Failed: pytest (exit status {failed[0]}).")
    say(f"   {time.monotonic() - began:.1f} s")


def test(arguments: list[str]) -> None:
    if "--only-pytest" in arguments:
        arguments = [argument for argument in arguments if argument != "--only-pytest"]
    else:
        check()
    if arguments:  # some tests are wanted, not all
        step("pytest", [str(program("python")), "-m", "pytest", *arguments])
    else:
        all_tests(test_processes())
        soak(["--minutes", "1", "--seed", "1"])
    say("All passed.")


def soak(arguments: Sequence[str]) -> None:
    step("soak", [str(program("python")), "-m", "tests.soak", *arguments])


def bench(names: Sequence[str]) -> None:
    for script in sorted((ROOT / "tests" / "benchmarks").glob("[!_]*.py")):
        if not names or script.stem in names:
            step(f"benchmark: {script.stem}", [str(program("python")), "-m", f"tests.benchmarks.{script.stem}"])


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(prog="dev.py", description="Sets up, starts and tests Lamella.")
    verbs = result.add_subparsers(dest="verb", required=True, metavar="VERB")
    setup = verbs.add_parser("setup", help="make the private environment in .venv")
    setup.add_argument("--gpu", action="store_true", help="with what TensorFlow needs for a GPU (Linux)")
    run = verbs.add_parser("run", help="open the application on a project (the sample without one)")
    run.add_argument("project", nargs="?")
    verbs.add_parser("test", help="linters, types, import contracts, tests (further arguments go to pytest)")
    verbs.add_parser("check", help="linters, types and import contracts only")
    bench_parser = verbs.add_parser("bench", help="measure against the floors (all benchmarks, or those named)")
    bench_parser.add_argument("names", nargs="*")
    verbs.add_parser("soak", help="use the window at random, and watch it (--minutes N, --seed S, --keras)")
    verbs.add_parser("lock", help="resolve requirements.lock again (further arguments go to uv, as --upgrade)")
    return result


def main(arguments: list[str]) -> int:
    continue_with_fitting_python()
    options, rest = parser().parse_known_args(arguments)
    if rest and options.verb not in ("test", "soak", "lock"):
        parser().error(f"unknown argument: {rest[0]}")
    if options.verb in ("setup", "run", "test", "soak", "bench"):
        ensure_system(with_test_programs=options.verb in ("test", "soak"))
    ensure_environment(gpu=options.verb == "setup" and options.gpu)
    if options.verb == "run":
        return run_app(options.project)
    if options.verb == "test":
        test(rest)
    elif options.verb == "check":
        check()
    elif options.verb == "soak":
        soak(rest)
    elif options.verb == "bench":
        bench(options.names)
    elif options.verb == "lock":
        make_lock(rest)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
