"""Of several processes that run the suite, every test is run by exactly one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.support.shares import SLOW_FIRST, slow_first, take

ROOT = Path(__file__).parents[3]
FILE = """\
import pathlib, time
import pytest
@pytest.fixture(scope="module")
def shared():
    log("made")
    yield
    log("gone")
def log(what):
    with pathlib.Path("log").open("a") as file:
        file.write(f"{pathlib.Path(__file__).stem} {what}\\n")
@pytest.mark.parametrize("number", range(4))
def test_it(shared, number):
    log(number)
    time.sleep(0.05)
    assert number != BAD
"""


def test_each_file_is_run_once_by_one_of_them_and_its_fixture_is_made_once(tmp_path: Path) -> None:
    (taken := tmp_path / "taken").mkdir()
    (suite := tmp_path / "suite").mkdir()
    (suite / "pytest.ini").write_text("[pytest]\n", "utf-8")
    names = [f"test_{letter}" for letter in "abcdef"]
    for name in names:
        (suite / f"{name}.py").write_text(FILE.replace("BAD", "2" if name == "test_c" else "9"), "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.support.shares", "--share", str(taken)]
    running = [
        subprocess.Popen(
            [*command, "-p", "no:cacheprovider", f"--rootdir={suite}", "-c", str(suite / "pytest.ini"), "."],
            cwd=suite,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate()[0] for process in running]
    assert sorted(process.returncode for process in running) == [0, 1], said
    log = (suite / "log").read_text("utf-8").splitlines()
    for name in names:
        lines = [line.removeprefix(name + " ") for line in log if line.startswith(name + " ")]
        assert lines == ["made", "0", "1", "2", "3", "gone"], (name, lines)
    passed = [sum(map(int, re.findall(r"(\d+) passed", text))) for text in said]
    assert sum(passed) == 23 and all(passed), said


def test_only_one_hears_that_a_file_is_its_own(tmp_path: Path) -> None:
    file = "tests/unit/house/test_shares.py"
    assert [take(file, tmp_path) for _ in range(3)] == [True, False, False]


def test_the_slow_files_come_first_and_exist() -> None:
    files = ["tests/unit/a.py", f"tests/{SLOW_FIRST[-1]}", "tests/unit/b.py", f"tests/{SLOW_FIRST[0]}"]
    assert slow_first(files) == [files[3], files[1], files[0], files[2]]
    for slow in SLOW_FIRST:
        assert (ROOT / "tests" / slow).exists(), slow
