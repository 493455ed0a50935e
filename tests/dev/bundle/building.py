"""Builds the bundle in a folder: the environment, what PyInstaller makes of build.spec, and what is taken off that."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dev import ROOT, SetupError
from tests.dev.bundle import notices
from tests.dev.bundle.environment import ensure_environment
from tests.dev.steps import step

ROOM_BYTES: Final = 6 * 2**30  # the environment, PyInstaller's copies and the bundle, with some to spare
REPORT: Final = "contents.json"
_WORTH_STRIPPING: Final = 1_000_000


@dataclass(frozen=True)
class Built:
    """The folder of the bundle, its program, and the bytes that were left out, by reason."""

    folder: Path
    program: Path
    left_out: dict[str, int]

    def size(self) -> int:
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file() and not path.is_symlink())


def strip_symbols(folder: Path) -> int:
    """Takes the tables of local symbols off TensorFlow's libraries (a fifth of them) and Python's; returns their bytes.

    Linux only: elsewhere wheels have none, or a signature that this would break. Libraries of other wheels are small,
    and some were patched in a way that `strip` does not understand.
    """
    if not sys.platform.startswith("linux") or not shutil.which("strip"):
        return 0
    before = after = 0
    for path in sorted([*folder.rglob("tensorflow/**/*.so*"), *folder.rglob("libpython*.so*")]):
        if path.is_symlink() or path.stat().st_size < _WORTH_STRIPPING:
            continue
        before += path.stat().st_size
        done = subprocess.run(["strip", "--strip-unneeded", str(path)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise SetupError(f"strip could not treat {path.name}: {done.stderr.strip()}")
        after += path.stat().st_size
    return before - after


def missing_notices(built: Path, components: list[str]) -> list[str]:
    """The parts of a bundle that its index of licences does not list, or lists without a text that is there."""
    texts = next(built.rglob(notices.FOLDER + "/" + notices.INDEX), None)
    if texts is None:
        return list(components)
    listed = texts.read_text("utf-8")
    with_text = {name for name in components if name.startswith("system-") or any((texts.parent / name).rglob("*"))}
    return [name for name in components if f"\n{name}: " not in listed or name not in with_text]


def build(into: Path) -> Built:
    """`into` gets `environment/`, `work/` and `dist/lamella/`. SetupError says what did not work."""
    into.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(into).free
    if free < ROOM_BYTES and not (into / "dist").exists():
        raise SetupError(
            f"A bundle needs {ROOM_BYTES / 2**30:.0f} GB to be built; in {into} there are {free / 2**30:.1f} GB."
        )
    python = ensure_environment(into / "environment")
    made = ["--noconfirm", "--log-level", "WARN", "--distpath", str(into / "dist"), "--workpath", str(into / "work")]
    step("PyInstaller (some minutes)", [str(python), "-m", "PyInstaller", *made, str(ROOT / "build.spec")])
    report = json.loads((into / REPORT).read_text("utf-8"))
    folder = into / "dist" / "lamella"
    left_out: dict[str, int] = report["left_out"]
    left_out["tables of symbols, which only debuggers read, in libraries of TensorFlow and Python"] = strip_symbols(
        folder
    )
    if missing := missing_notices(folder, report["components"]):
        raise SetupError(f"The bundle lacks the licences of {', '.join(missing)}.")
    shutil.rmtree(into / "work")
    return Built(folder, folder / ("lamella.exe" if os.name == "nt" else "lamella"), left_out)
