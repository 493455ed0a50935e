"""`dev.py test --fast`: the checks, and at the same time the tests nearest to what changed, within a minute."""

from __future__ import annotations

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

BEGIN_UNTIL: Final = 35.0  # seconds after the start of pytest; what has begun then still ends
WHOLE: Final = 55.0
MOST_FILES: Final = 40  # to read them all takes time as well
FOR_ALL_SOURCE: Final = ("tests/unit/house/test_project_rules.py", "tests/unit/house/test_translations.py")


def chosen_tests(changed: Sequence[Path]) -> list[Path]:
    nearest = nearest_tests(changed)
    rules = [ROOT / name for name in FOR_ALL_SOURCE]
    several = [path for path in nearest if path not in rules]
    if len(several) > MOST_FILES:
        say(f"   {len(several)} test files lead to what changed; the {MOST_FILES} nearest are taken")
    return [*several[:MOST_FILES], *rules] if any(path.suffix == ".py" for path in changed) else several[:MOST_FILES]


def run_tests(files: Sequence[Path], arguments: Sequence[str]) -> bool:
    names = [path.relative_to(ROOT).as_posix() for path in files]
    say(f"== pytest: {' '.join(names)}")
    clock = ["-p", "tests.support.clock", "--seconds", str(BEGIN_UNTIL)]
    status = subprocess.call(python("-m", "pytest", "-q", *clock, *arguments, *names), cwd=ROOT)
    return status in (0, pytest_found_nothing())


def pytest_found_nothing() -> int:
    return 5  # all tests of these files are left out on this system, or by the arguments


def fast(arguments: Sequence[str]) -> None:
    """Checks and tests; SetupError names those that failed. What there was no time for is said."""
    began = time.monotonic()
    changed = changed_files()
    say(f"{len(changed)} files changed since this branch began.")
    files = chosen_tests(changed)
    failed, late = [], []
    with tempfile.TemporaryDirectory() as place:
        running = {}
        try:
            for title in CHECKS:
                with (Path(place) / title).open("wb") as said:
                    running[title] = subprocess.Popen(command(title), cwd=ROOT, stdout=said, stderr=subprocess.STDOUT)
            if files and not run_tests(files, arguments):
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
    if late:
        say(f"Not finished within the minute: {', '.join(late)}. `python3 dev.py check` takes its time.")
    say("What changed passed, with the tests nearest to it. `python3 dev.py test` runs all.")
