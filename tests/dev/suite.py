"""The whole suite, in several processes at once."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path

from dev import ROOT, SetupError, say
from tests.dev.steps import python


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
        command = python("-m", "pytest", "-p", "tests.support.shares", "--share", str(taken))
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
