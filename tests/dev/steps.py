"""One step of several, said and timed, and what the steps of several verbs have in common."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from dev import ROOT, SetupError, program, say


def python(*arguments: str) -> list[str]:
    return [str(program("python")), *arguments]


def lamella(*arguments: str) -> list[str]:
    return python("-m", "app", *arguments)


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


def has_display() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
