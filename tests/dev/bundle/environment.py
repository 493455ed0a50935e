"""The environment that a bundle is built in: what Lamella needs and PyInstaller, as the lock pins it, nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

from dev import LOCK, PROJECT_FILE, ROOT, SetupError, environment_for_installing, has_pip, pip_settings, program, say

BUILDER = "pyinstaller"
PINS = "lamella-pins.txt"  # lies in a finished environment


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(names: Iterable[str]) -> set[str]:
    """These distributions and all that they require here, as installed beside this program, by normal names."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = normal(waiting.pop())
        if name in found:
            continue
        found.add(name)
        requirements = [Requirement(text) for text in distribution(name).requires or []]
        waiting += [r.name for r in requirements if r.marker is None or r.marker.evaluate({"extra": ""})]
    return found


def pins(lock: str, names: set[str]) -> str:
    """The part of a lock that is about these distributions, with its hashes. SetupError if it lacks one."""
    blocks = [(normal(block[1]), block[0]) for block in re.finditer(r"^([\w.-]+)==.*(?:\n .*)*", lock, re.MULTILINE)]
    if missing := names - {name for name, _ in blocks}:
        raise SetupError(f"The lock does not pin {', '.join(sorted(missing))}; run `dev.py lock`.")
    return "".join(f"{block}\n" for name, block in blocks if name in names)  # a name may stand for several Pythons


def wanted_pins() -> str:
    """As the project says now: what is installed of it here may be older."""
    project = tomllib.loads(PROJECT_FILE.read_text("utf-8"))
    texts = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    wanted = [one for one in map(Requirement, texts) if one.marker is None or one.marker.evaluate({"extra": ""})]
    return pins(LOCK.read_text("utf-8"), closure([BUILDER, *(one.name for one in wanted)]))


def ensure_environment(folder: Path) -> Path:
    """The Python of a finished environment in `folder`, which is made (anew) where it is not what the lock says."""
    text, stamp, python = wanted_pins(), folder / PINS, program("python", folder)
    if stamp.exists() and stamp.read_text("utf-8") == text and python.exists():
        return python
    say(f"== An environment to build in: {folder}")
    environment = environment_for_installing()
    base = str(getattr(sys, "_base_executable", sys.executable))
    settings = {**(pip_settings(base, environment) if has_pip(base) else {}), **environment}

    def uv(*arguments: str) -> None:
        if status := subprocess.call([str(program("uv")), *arguments], env=settings, cwd=ROOT):
            raise SetupError(f"uv could not finish (exit status {status}); what it said stands above.")

    uv("venv", "--quiet", "--clear", "--no-project", "--python", base, str(folder))
    (wanted := folder / f"{PINS}.part").write_text(text, "utf-8")
    into = ["pip", "install", "--quiet", "--no-deps", "--python", str(python)]
    uv(*into, "--require-hashes", "-r", str(wanted))
    uv(*into, "--no-build-isolation", "--no-index", "-e", str(ROOT))
    wanted.rename(stamp)
    return python
