"""`dev.py test --fast`: the checks, and at the same time the tests nearest to what changed, within a minute."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from dev import ROOT, SetupError, say
from tests.dev.changes import changed_files, nearest_tests
from tests.dev.steps import python
from tests.dev.verbs.check import CHECKS, command
from tests.support.slow_first import SLOW_FIRST

BEGIN_UNTIL: Final = 35.0  # seconds after the start of pytest; what has begun then may still end
WHOLE: Final = 55.0
GRACE: Final = 5.0  # for pytest to tell what it has
MOST_FILES: Final = 20  # to read them all takes time as well
HOUSE: Final = ROOT / "tests" / "unit" / "house"
_OF_ALL_SOURCE = (HOUSE / "test_project_rules.py", HOUSE / "test_translations.py", *HOUSE.glob("rules/test_*.py"))
RULES: Final = tuple(sorted(path.relative_to(ROOT).as_posix() for path in _OF_ALL_SOURCE))
INTERRUPTED: Final = 2  # pytest's status when it was interrupted before the first test
NOTHING_FOUND: Final = 5  # pytest's status when these files have no test for this system, or for the arguments


def checks() -> dict[str, list[str]]:
    return {**{title: command(title) for title in CHECKS}, "rules of the source": python("-m", "pytest", "-q", *RULES)}


def is_slow(file: str) -> bool:
    """Whether one of its tests may take the whole minute."""
    return file.startswith("tests/e2e/") or file.removeprefix("tests/") in SLOW_FIRST


def chosen_tests(changed: Sequence[Path]) -> list[str]:
    """The files to run, the nearest to a change first; what is left out is said."""
    nearest = [path.relative_to(ROOT).as_posix() for path in nearest_tests(changed)]
    if slow := [file for file in nearest if is_slow(file) and file not in RULES]:
        say(f"Too slow for a minute: {' '.join(slow)}")
    several = [file for file in nearest if not is_slow(file) and file not in RULES]
    if len(several) > MOST_FILES:
        say(f"{len(several)} test files lead to what changed; the {MOST_FILES} nearest are taken.")
    return several[:MOST_FILES]


def run_tests(files: Sequence[str], arguments: Sequence[str], seconds: float) -> bool | None:
    """Whether those passed that ended in time; None when none has begun, or pytest had to be killed."""
    say(f"== pytest: {len(files)} files, from {files[0]} on")
    clock = ["-p", "tests.support.clock", "--seconds", str(min(BEGIN_UNTIL, seconds))]
    with subprocess.Popen(python("-m", "pytest", "-q", *clock, *arguments, *files), cwd=ROOT) as running:
        try:
            return running.wait(seconds) in (0, NOTHING_FOUND)
        except subprocess.TimeoutExpired:
            pass
        try:
            if os.name == "posix":
                running.send_signal(signal.SIGINT)  # it tells what it has
                return {0: True, INTERRUPTED: None}.get(running.wait(GRACE), False)
        except subprocess.TimeoutExpired:
            pass
        running.kill()
    return None


def fast(arguments: Sequence[str]) -> None:
    """Checks and tests; SetupError names those that failed. What there was no time for is said."""
    began = time.monotonic()
    changed = changed_files()
    say(f"{len(changed)} files changed since this branch began.")
    files = chosen_tests(changed)
    failed, late = list[str](), list[str]()
    with tempfile.TemporaryDirectory() as place:
        running = {}
        try:
            for title, line in checks().items():
                with (Path(place) / title).open("wb") as said:
                    running[title] = subprocess.Popen(line, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT)
            passed = run_tests(files, arguments, WHOLE - GRACE - (time.monotonic() - began)) if files else True
            if passed is None:
                late.append("pytest")
            elif not passed:
                failed.append("pytest")
            for title, check in running.items():
                try:
                    status = check.wait(max(0.1, WHOLE - (time.monotonic() - began)))
                except subprocess.TimeoutExpired:
                    late.append(title)
                    continue
                if status:
                    failed.append(title)
                    say(f"== {title}\n{(Path(place) / title).read_text('utf-8', errors='replace')}")
        finally:
            for check in running.values():
                check.kill()
                check.wait()
    say(f"   {time.monotonic() - began:.1f} s")
    if failed:
        raise SetupError(f"Failed: {', '.join(failed)}.")
    if "pytest" in late:
        raise SetupError("No test ended within the minute on this machine. `python3 dev.py test` gives them time.")
    if late:
        say(f"Not finished within the minute: {', '.join(late)}. `python3 dev.py test` gives them time.")
    say("What ended in time passed. `python3 dev.py test` runs all.")
