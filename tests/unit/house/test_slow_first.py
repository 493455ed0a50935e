"""Slow files are begun first, and pytest obeys the project's settings in each of its processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.dev import suite
from tests.support.slow_first import SLOW_FIRST, turn

ROOT = Path(__file__).parents[3]


def test_the_slow_files_come_first_and_exist() -> None:
    files = ["tests/unit/a.py", f"tests/{SLOW_FIRST[-1]}", "tests/unit/b.py", f"tests/{SLOW_FIRST[0]}"]
    assert sorted(files, key=turn) == [files[3], files[1], files[0], files[2]]
    for slow in SLOW_FIRST:
        assert (ROOT / "tests" / slow).exists(), slow


def test_the_suite_is_read_with_the_settings_of_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    """An option that pytest does not know yet makes it look for settings elsewhere: then warnings pass."""
    steps: list[list[str]] = []
    monkeypatch.setattr(suite, "step", lambda _title, command: steps.append(command))
    suite.all_tests(2)
    command = [*steps[0], "--collect-only", "-q", str(Path(__file__).relative_to(ROOT))]
    assert command[0] != sys.executable or Path(command[0]).exists()
    said = subprocess.run(
        [sys.executable, *command[1:], "-v"], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    ).stdout
    assert f"rootdir: {ROOT}" in said and "configfile: pyproject.toml" in said, said
