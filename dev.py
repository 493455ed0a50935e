#!/usr/bin/env python3
"""Sets up, starts and tests Lamella with nothing but Python and pip: `python3 dev.py run`, `python3 dev.py test`.

This file makes the environment; what it does with one are the verbs in `tests/dev/verbs`, one file each. Standard
library only, and any Python from 3.8 on can run it: `uv` finds or fetches the one that Lamella needs.
"""

from __future__ import annotations

import argparse
import ast
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
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "lamella-setup.json"
LOCK = ROOT / "requirements.lock"
GPU_LOCK = ROOT / "requirements-gpu.lock"  # the same and what TensorFlow needs for a GPU
PROJECT_FILE = ROOT / "pyproject.toml"
VERBS = ROOT / "tests" / "dev" / "verbs"

OLDEST, NEWEST = (3, 11), (3, 13)
WITHOUT_SYSTEM = ("check", "lock")  # verbs that open no window
WITH_TEST_PROGRAMS = ("test", "soak", "bundle")

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


def run_quietly(command: Sequence[str], environment: dict[str, str], failure: str) -> None:
    """Runs a command; SetupError with its last lines if it fails."""
    done = subprocess.run(
        command,
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        tail = done.stdout.splitlines()[-30:]
        raise SetupError("\n".join([*tail, "", f"{failure} (exit status {done.returncode})."]))


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


# ------------------------------------------------------------------------------------------------------------------ uv


def environment_for_installing() -> dict[str, str]:
    """The person's own settings (index, proxy, cache), less those that would install somewhere else."""
    elsewhere = {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "PYTHONHOME"}
    elsewhere |= {"PYTHONPATH", "UV_SYSTEM_PYTHON", "UV_PYTHON", "UV_PROJECT", "UV_WORKING_DIR"}
    result = {key: value for key, value in os.environ.items() if key not in elsewhere}
    result.update(PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1", PIP_ROOT_USER_ACTION="ignore", PIP_USER="0")
    return result


# uv does not read pip's settings: pip's name, uv's variable, and what uv puts between several values.
PIP_SETTINGS = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "cert": ("SSL_CERT_FILE", " "),
    "client-cert": ("SSL_CLIENT_CERT", " "),
    "proxy": ("ALL_PROXY", " "),
    "timeout": ("UV_HTTP_TIMEOUT", " "),
    "default-timeout": ("UV_HTTP_TIMEOUT", " "),
}


def uv_settings(pip_config: str) -> dict[str, str]:
    """Variables that let uv install from where pip would, read from the output of `pip config list`."""
    # Every package is pinned with its hashes, so it does not matter which index has it.
    result = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    lines = re.findall(r"^(:env:|global|install)\.([\w-]+)=('.*'|\".*\")$", pip_config, re.MULTILINE)
    for _, name, value in sorted(lines, key=lambda line: ("global", "install", ":env:").index(line[0])):
        if name in PIP_SETTINGS:
            variable, between = PIP_SETTINGS[name]
            result[variable] = between.join(str(ast.literal_eval(value)).split())
    return result


def pip_settings(python: str, environment: dict[str, str]) -> dict[str, str]:
    """Variables that let uv install from where the pip of a Python would."""
    config = [python, "-m", "pip", "config", "list"]
    return uv_settings(subprocess.run(config, env=environment, capture_output=True, text=True, check=False).stdout)


def has_pip(python: str) -> bool:
    try:
        return subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def fetch_uv(python: str, folder: Path) -> Path:
    """The uv that the lock pins, put into a folder by pip (Debian allows its pip no more than that)."""
    match = re.search(r"^uv==.*(?:\n .*)*", LOCK.read_text("utf-8"), re.MULTILINE)
    assert match, "the lock pins uv"
    (requirement := folder / "uv.txt").write_text(match.group() + "\n", "utf-8")
    command = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--target", str(folder)]
    run_quietly([*command, "-r", str(requirement)], environment_for_installing(), "pip could not install uv")
    return program("uv", folder) if program("uv", folder).exists() else folder / "bin" / "uv.exe"


def find_uv(folder: Path) -> tuple[Path, dict[str, str]]:
    """uv and its environment: by this Python's pip, else one on the PATH, else by the pip that Python brings along."""
    python, environment = sys.executable, environment_for_installing()
    if not has_pip(python):
        if path := shutil.which("uv"):
            return Path(path), environment
        say("No pip on this Python; asking it for the one it brings along ...")
        subprocess.run([python, "-m", "venv", str(folder / "pip")], capture_output=True, check=False)
        python = str(program("python", folder / "pip"))
    if not has_pip(python):
        hint = "apt-get install -y python3-pip" if is_debian() else f"{sys.executable} -m ensurepip"
        raise SetupError(f"This Python has no pip. Install it with\n\n    {hint}")
    return fetch_uv(python, folder), {**pip_settings(python, environment), **environment}


# ----------------------------------------------------------------------------------------------------- the environment


def program(name: str, environment: Path | None = None) -> Path:
    folder, suffix = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
    return (environment or ENVIRONMENT) / folder / f"{name}{suffix}"


def expected_stamp() -> dict[str, str]:
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in (LOCK, GPU_LOCK, PROJECT_FILE))).hexdigest()
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


def starts(python: Path) -> bool:
    """Whether a Python starts, and is one that Lamella can use."""
    probe = f"import sys; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
    try:
        return subprocess.run([str(python), "-c", probe], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def wanted_python() -> str:
    """This Python if it fits; else what uv looks for, and fetches where there is none."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return sys.executable
    here = ".".join(map(str, sys.version_info[:2]))
    say(f"This is Python {here}; Lamella needs 3.{OLDEST[1]} to 3.{NEWEST[1]}. Looking for one, else fetching it ...")
    return f">=3.{OLDEST[1]},<3.{NEWEST[1] + 1}"


def usable_environment() -> bool:
    """Whether .venv can be brought up to date: whole, not moved, and its Python starts.

    Without a stamp the last setup was interrupted, and half a package looks like a whole one; all is in uv's cache.
    """
    return read_stamp().get("root") == str(ROOT) and starts(program("python"))


def install_everything(uv: Path, environment: dict[str, str], gpu: bool) -> None:
    def call(*arguments: str) -> None:
        if status := subprocess.call([str(uv), *arguments], env=environment, cwd=ROOT):
            raise SetupError(f"uv could not finish (exit status {status}); what it said stands above.")

    if not usable_environment():
        if ENVIRONMENT.exists():
            say(f"The environment in {ENVIRONMENT.name} is not whole, or was moved; making it anew.")
            shutil.rmtree(ENVIRONMENT)
        say(f"Making a private environment in {ENVIRONMENT.name}")
        call("venv", "--quiet", "--no-project", "--python", wanted_python(), str(ENVIRONMENT))
    STAMP.unlink(missing_ok=True)
    into = ["pip", "install", "--no-deps", "--python", str(program("python"))]
    say("Installing what Lamella needs (the first time this downloads about 1 GB)")
    call(*into, "--require-hashes", "-r", str(GPU_LOCK if gpu else LOCK))
    say("Installing Lamella itself")
    call(*into, "--quiet", "--no-build-isolation", "--no-index", "-e", str(ROOT))


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
    with tempfile.TemporaryDirectory(prefix="lamella-uv-") as folder:
        uv, environment = find_uv(Path(folder))
        install_everything(uv, environment, gpu)
    write_stamp(gpu)
    say(f"Ready in {time.monotonic() - began:.0f} s.")


# ---------------------------------------------------------------------------------------------------------- the verbs


def verbs() -> dict[str, str]:
    """What can be done once there is an environment: the first line of each verb's file says it."""
    return {
        path.stem: path.read_text("utf-8").split('"""')[1].splitlines()[0] for path in sorted(VERBS.glob("[!_]*.py"))
    }


def continue_inside(arguments: Sequence[str]) -> int:
    """Runs a verb with the environment's own Python."""
    command = [str(program("python")), "-P", "-m", "tests.dev", *arguments]  # from wherever this was called
    if os.name == "posix":
        os.execv(command[0], command)  # so Ctrl-C and the exit status are the verb's
    return subprocess.call(command)


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(prog="dev.py", description="Sets up, starts and tests Lamella.")
    choices = result.add_subparsers(dest="verb", required=True, metavar="VERB")
    setup = choices.add_parser("setup", help="Make the private environment in .venv.")
    setup.add_argument("--gpu", action="store_true", help="with what TensorFlow needs for a GPU (Linux)")
    for verb, purpose in verbs().items():
        choices.add_parser(verb, help=purpose, add_help=False)
    return result


def main(arguments: list[str]) -> int:
    options, rest = parser().parse_known_args(arguments)
    if rest and options.verb == "setup":
        parser().error(f"unknown argument: {rest[0]}")
    if options.verb not in WITHOUT_SYSTEM:
        ensure_system(with_test_programs=options.verb in WITH_TEST_PROGRAMS)
    ensure_environment(gpu=options.verb == "setup" and options.gpu)
    return 0 if options.verb == "setup" else continue_inside(arguments)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
