"""The verbs of dev.py, without the programs that they start."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import pytest

from dev import SetupError
from tests.dev import __main__ as inside
from tests.dev import steps, suite
from tests.dev.verbs import bench, run, test


def test_a_display_is_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not steps.has_display()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert steps.has_display()


def test_without_a_display_the_main_job_is_done_by_verbs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[list[str]] = []

    def pretend(command: list[str], cwd: Path, stdout: IO[str] | None = None) -> int:
        verb = command[command.index("app") + 1 :]
        calls.append(verb)
        for option in ("-o", "--export"):
            if option in verb:
                Path(verb[verb.index(option) + 1]).touch()
        if stdout:
            stdout.write("{}")
        return 0

    monkeypatch.setattr(run, "has_display", lambda: False)
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "OUT", tmp_path / "out")
    monkeypatch.setattr(run, "SAMPLE", tmp_path / "out" / "digits.lamella")
    monkeypatch.setattr("subprocess.call", pretend)
    assert run.main([]) == 0
    assert [(call[0], Path(call[call.index("-o") + 1]).name if "-o" in call else "") for call in calls] == [
        ("new", "digits.lamella"),
        ("train", ""),
        ("screenshot", "build.png"),
        ("screenshot", "train.png"),
        ("screenshot", "runs.png"),
    ]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "build.png",
        "digits.keras",
        "digits.lamella",
        "metrics.jsonl",
        "runs.png",
        "train.png",
    ]


def test_with_a_display_the_window_opens_on_the_given_project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls: list[list[str]] = []

    def pretend(command: list[str], cwd: Path) -> int:
        calls.append(command)
        return 7

    monkeypatch.setattr(run, "has_display", lambda: True)
    monkeypatch.setattr("subprocess.call", pretend)
    assert run.main([str(tmp_path / "mine.lamella")]) == 7
    assert [call[1:] for call in calls] == [["-m", "app", str(tmp_path / "mine.lamella")]]


def test_a_failing_step_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subprocess.call", lambda command, cwd: 3)
    with pytest.raises(SetupError, match=r"Failed: linting \(exit status 3\)"):
        steps.step("linting", ["lint"])


def test_all_tests_end_with_a_minute_of_soak_and_fail_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[list[str]] = []

    def call(command: Sequence[str], **_: object) -> int:
        done.append(list(command[1:]))
        return int("tests.soak" in command)

    monkeypatch.setattr(subprocess, "call", call)
    monkeypatch.setattr(test, "all_tests", lambda count: done.append([f"all in {count}"]))
    monkeypatch.setattr(test, "test_processes", lambda: 3)
    test.main(["--only-pytest", "tests/unit"])
    assert done == [["-m", "pytest", "tests/unit"]]
    with pytest.raises(SetupError, match="soak"):
        test.main(["--only-pytest"])
    assert done[1:] == [["all in 3"], ["-m", "tests.soak", "--minutes", "1", "--seed", "1"]]


@pytest.mark.parametrize(("count", "expected"), [(1, []), (3, ["-n", "3", "--dist", "loadfile"])])
def test_the_suite_is_shared_out_by_files_and_fails_when_pytest_does(
    monkeypatch: pytest.MonkeyPatch, count: int, expected: list[str]
) -> None:
    called: list[list[str]] = []

    def call(command: list[str], cwd: Path) -> int:
        called.append(command[1:])
        return count - 1

    monkeypatch.setattr(subprocess, "call", call)
    if count == 1:
        suite.all_tests(count)
    else:
        with pytest.raises(SetupError, match="Failed: pytest"):
            suite.all_tests(count)
    assert called[0][:6] == ["-m", "pytest", *expected]


def test_the_suite_runs_in_as_many_processes_as_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {"SC_PHYS_PAGES": 8 << 20, "SC_PAGE_SIZE": 1 << 12}  # 32 GB
    monkeypatch.setattr("os.sysconf", sizes.__getitem__, raising=False)
    for cores, pages, count in [(1, 8 << 20, 1), (2, 8 << 20, 2), (64, 8 << 20, 4), (8, 1 << 21, 2), (8, 1 << 18, 1)]:
        monkeypatch.setattr("os.sched_getaffinity", lambda _pid, cores=cores: set(range(cores)), raising=False)
        sizes["SC_PHYS_PAGES"] = pages
        assert suite.test_processes() == count, (cores, pages)


def test_an_unknown_verb_or_benchmark_names_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SetupError, match="bench, bundle, check"):
        inside.main(["nonsense"])
    with pytest.raises(SystemExit):
        bench.main(["startup", "nonsense"])
    assert "canvas" in capsys.readouterr().err
