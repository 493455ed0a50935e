"""The whole suite, in several processes at once."""

from __future__ import annotations

import os

from tests.dev.steps import python, step


def test_processes() -> int:
    """One a core, and four at most, with 3 GB for each where that is known: they hold a Keras or two."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        room = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // (3 << 30)
    except (AttributeError, ValueError, OSError):  # Windows
        room = cores
    return max(1, min(cores, room, 4))


def all_tests(count: int) -> None:
    """Every test once, in ``count`` processes that take whole files: what the tests of a file share is made once."""
    several = ["-n", str(count), "--dist", "loadfile", "--no-loadscope-reorder"] if count > 1 else []
    step(f"pytest ({count} at once)", python("-m", "pytest", *several))
