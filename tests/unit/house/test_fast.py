"""`dev.py test --fast`: what changed, which tests lead to it, and that a minute is a minute."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import dev
from tests.dev import changes, fast, imports
from tests.support.slow_first import SLOW_FIRST
from tests.support.trees import PACKAGES

ROOT = Path(__file__).parents[3]
SOURCES = {
    "app/__init__.py": "",
    "app/kinds/__init__.py": "",
    "app/kinds/one.py": "",
    "app/base.py": "",
    "app/middle.py": "from app import base",
    "app/top.py": "import app.middle",
    "app/listing.py": "from app import kinds\nfor kind in kinds.__path__: print(kind)",
    "app/by_name.py": "import importlib\nimportlib.import_module('app.base')",
    "app/reader.py": "FILE = 'table.json'",
    "resources/tables/table.json": "{}",
    "tests/__init__.py": "",
    "tests/conftest.py": "import app.base",
    "tests/unit/__init__.py": "",
    "tests/unit/test_base.py": "from app import base, middle, top",
    "tests/unit/test_few.py": "from app.base import x",
    "tests/unit/test_middle.py": "def test_it():\n    from app.middle import x",
    "tests/unit/test_top.py": "from app.top import x",
    "tests/unit/test_kinds.py": "from app.listing import x",
    "tests/unit/test_by_name.py": "from app.by_name import x",
    "tests/gui/__init__.py": "",
    "tests/gui/conftest.py": "",
    "tests/gui/test_reader.py": "from app.reader import x",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in SOURCES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ("app/base.py", ["test_base", "test_few", "test_by_name", "test_middle", "test_top"]),
        ("app/top.py", ["test_top", "test_base"]),
        ("app/kinds/one.py", ["test_kinds"]),  # found by its folder
        ("tests/unit/test_few.py", ["test_few"]),
        ("tests/gui/conftest.py", ["test_reader"]),
        ("resources/tables/table.json", ["test_reader"]),
        ("LICENSE", []),
    ],
)
def test_the_nearest_tests_come_first(project: Path, changed: str, expected: list[str]) -> None:
    (project / "LICENSE").touch()
    assert [path.stem for path in changes.nearest_tests([project / changed], project)] == expected


def test_tests_that_are_far_away_are_left_out(project: Path) -> None:
    for number in range(9):
        before = f"app.far{number - 1}" if number else "app.base"
        (project / f"app/far{number}.py").write_text(f"import {before}")
        (project / f"tests/unit/test_far{number}.py").write_text(f"import app.far{number}")
    names = [path.stem for path in changes.nearest_tests([project / "app/base.py"], project)]
    assert [name for name in names if "far" in name] == ["test_far0", "test_far1", "test_far2"]


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def test_changed_is_what_the_branch_did_in_commits_and_since(project: Path) -> None:
    git(project, "init", "-q", "-b", "main")
    git(project, "add", ".")
    git(project, "commit", "-qm", "all")
    assert changes.changed_files(project) == []
    git(project, "switch", "-qc", "branch")
    (project / "app/top.py").write_text("import app.base")
    git(project, "commit", "-qam", "one")
    (project / "app/new file.py").touch()
    (project / "app/reader.py").unlink()
    (project / "app/base.py").write_text("x = 1")
    names = [path.relative_to(project).as_posix() for path in changes.changed_files(project)]
    assert names == ["app/base.py", "app/new file.py", "app/top.py"]


def test_no_repository_and_no_git_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(dev.SetupError, match="no git repository"):
        changes.changed_files(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(dev.SetupError, match="git is not installed"):
        changes.changed_files(tmp_path)


def test_the_real_source_is_read_as_python_reads_it() -> None:
    sources = imports.read_sources((*PACKAGES, "tests", "dev"))
    assert "dev" in sources["tests.unit.house.test_dev"].imports
    assert "app.cli.verbs.new" in imports.used_by(sources)
    assert "tests.dev.changes" in sources["tests.unit.house.test_fast"].imports


def test_a_wide_change_takes_the_nearest_files_and_no_slow_ones(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = next(name for name in SLOW_FIRST if name.endswith(".py"))  # of a folder not every file is slow
    slow = ["tests/e2e/test_window.py", f"tests/{file}"]
    many = [f"tests/test_{number}.py" for number in range(99)]
    nearest = [ROOT / name for name in (*slow, *fast.RULES, *many)]
    monkeypatch.setattr(fast, "nearest_tests", lambda _changed: nearest)
    assert fast.chosen_tests([ROOT / "app/x.py"]) == many[: fast.MOST_FILES]
    assert f"Too slow for a minute: {' '.join(slow)}" in capsys.readouterr().out


def test_the_rules_of_all_source_are_always_run() -> None:
    assert fast.checks()["rules of the source"][-len(fast.RULES) :] == list(fast.RULES)
    house = "tests/unit/house"
    assert {f"{house}/test_project_rules.py", f"{house}/test_translations.py", f"{house}/rules/test_words.py"} <= {
        *fast.RULES
    }
    assert all((ROOT / name).is_file() for name in fast.RULES)


def sleeping(seconds: float, status: int) -> list[str]:
    return [
        sys.executable,
        "-c",
        f"import time; print('the reason'); time.sleep({seconds}); raise SystemExit({status})",
    ]


@pytest.mark.parametrize(
    ("check", "tests_pass", "said"),
    [
        ((0, 0), True, "What ended in time passed"),
        ((0, 3), True, "Failed: a check."),
        ((0, 0), False, "Failed: pytest."),
        ((60, 0), True, "Not finished within the minute: a check."),
        ((0, 0), None, "No test ended"),
    ],
)
def test_checks_and_tests_have_to_pass_and_late_ones_are_named(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    check: tuple[float, int],
    tests_pass: bool | None,
    said: str,
) -> None:
    monkeypatch.setattr(fast, "changed_files", lambda: [ROOT / "app/x.py"])
    monkeypatch.setattr(fast, "nearest_tests", lambda _changed: [ROOT / "tests/test_x.py"])
    monkeypatch.setattr(fast, "run_tests", lambda _files, _arguments, _seconds: tests_pass)
    monkeypatch.setattr(fast, "checks", lambda: {"a check": sleeping(*check)})
    monkeypatch.setattr(fast, "WHOLE", 1.5)
    if said.startswith(("Failed", "No test")):
        with pytest.raises(dev.SetupError, match=said):
            fast.fast([])
        assert ("the reason" in capsys.readouterr().out) is (said == "Failed: a check.")
    else:
        fast.fast([])
        assert said in capsys.readouterr().out


SLOW = "import time, pytest\n@pytest.mark.parametrize('n', range(4))\ndef test_it(n): time.sleep(0.2)\n"


def clocked_pytest(folder: Path, text: str, seconds: str) -> subprocess.CompletedProcess[str]:
    (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
    (folder / "test_it.py").write_text(text, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.support.clock", "--seconds", seconds]
    return subprocess.run(
        [*command, "-p", "no:cacheprovider", f"--rootdir={folder}", "test_it.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("seconds", "all_of_them"), [("0.3", False), ("60", True)])
def test_no_test_begins_when_the_time_is_over_and_that_is_said(tmp_path: Path, seconds: str, all_of_them: bool) -> None:
    done = clocked_pytest(tmp_path, SLOW, seconds)
    assert done.returncode == 0, done.stdout
    assert ("4 passed" in done.stdout) is all_of_them, done.stdout
    assert ("or not ended, of test_it.py" in done.stdout) is not all_of_them, done.stdout


# Whoever was started in the background of a shell does not hear Ctrl-C, nor do its children.
HEARING = "import os, signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
INTERRUPTING = f"""
{HEARING}
def test_good(): pass
def test_bad(): assert BAD == 0
def test_long(): os.kill(os.getpid(), signal.SIGINT)
def test_last(): pass
"""
NOTHING_BEGUN = f"{HEARING}os.kill(os.getpid(), signal.SIGINT)\ndef test_it(): pass"


@pytest.mark.skipif(sys.platform == "win32", reason="there pytest can only be killed")
@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        (f"BAD = 0\n{INTERRUPTING}", 0, "2 tests were not begun, or not ended, of test_it.py"),
        (f"BAD = 1\n{INTERRUPTING}", 1, "2 tests were not begun, or not ended, of test_it.py"),
        (NOTHING_BEGUN, 2, "KeyboardInterrupt"),
    ],
)
def test_what_ended_before_an_interruption_counts(tmp_path: Path, text: str, status: int, said: str) -> None:
    done = clocked_pytest(tmp_path, text, "60")
    assert done.returncode == status, done.stdout
    assert said in done.stdout


LONG = "import signal, sys, time\nsignal.signal(signal.SIGINT, {handler})\ntime.sleep(60)"


@pytest.mark.skipif(sys.platform == "win32", reason="there pytest can only be killed")
@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        ("lambda *_: sys.exit(0)", True),
        ("lambda *_: sys.exit(1)", False),
        ("lambda *_: sys.exit(2)", None),
        ("signal.SIG_IGN", None),
    ],
)
def test_tests_that_take_too_long_are_interrupted_then_killed(
    monkeypatch: pytest.MonkeyPatch, handler: str, expected: bool | None
) -> None:
    monkeypatch.setattr(fast, "python", lambda *_: [sys.executable, "-c", LONG.format(handler=handler)])
    monkeypatch.setattr(fast, "GRACE", 0.5 if handler == "signal.SIG_IGN" else 20.0)
    assert fast.run_tests(["test_long.py"], [], 1.5) is expected
