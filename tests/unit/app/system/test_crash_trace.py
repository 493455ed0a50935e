"""A process that dies by a signal leaves where it stood; the next start tells it once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.system.crash_trace import TOLD, report_of_crash
from tests.support.patience import patient

ROOT = Path(__file__).parents[4]
TRACED = """
import sys, time
from pathlib import Path
from app.system.crash_trace import CrashTrace
trace = CrashTrace(Path(sys.argv[1]))
trace.start()
print("started", flush=True)
def deep_inside():
    {act}
deep_inside()
trace.stop()
"""
WINDOW = "from app.shell.gui import run_desktop; print('started', flush=True); run_desktop()"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


@contextmanager
def process(program: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LAMELLA_HOME": str(folder)}
    with subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as running:
        try:
            assert running.stdout is not None and running.stdout.readline() == "started\n"
            yield running
        finally:
            running.kill()


def left_by(act: str, folder: Path, death: int | None = None) -> int:
    with process(TRACED.format(act=act), folder) as running:
        if death is not None:
            running.send_signal(death)
        return running.wait(patient(20))


def test_a_segmentation_fault_is_told_once(tmp_path: Path) -> None:
    assert left_by("import ctypes; ctypes.string_at(0)", tmp_path) == -signal.SIGSEGV
    report = report_of_crash(tmp_path)
    assert report is not None and report.parent == tmp_path / TOLD
    told = report.read_text("utf-8")
    assert "deep_inside" in told and "Segmentation fault" in told
    assert told.startswith("lamella ") and f"Python {sys.version_info.major}." in told.splitlines()[0]
    assert report.stat().st_mode & 0o777 == 0o600
    assert report_of_crash(tmp_path) is None
    assert [path.name for path in tmp_path.rglob("*.trace")] == []


@pytest.mark.parametrize("death", [signal.SIGKILL, signal.SIGTERM])
def test_one_who_was_ended_from_outside_has_no_trace(tmp_path: Path, death: int) -> None:
    assert left_by("time.sleep(600)", tmp_path, death) == -death
    assert len(list(tmp_path.glob("*.trace"))) == 1
    assert report_of_crash(tmp_path) is None
    assert list(tmp_path.rglob("*.*")) == []


def test_an_orderly_end_leaves_nothing(tmp_path: Path) -> None:
    assert left_by("pass", tmp_path) == 0
    assert list(tmp_path.iterdir()) == []


def test_the_file_of_a_window_that_is_open_is_left_alone(tmp_path: Path) -> None:
    with process(TRACED.format(act="time.sleep(600)"), tmp_path) as running:
        assert left_by("import os; os.abort()", tmp_path) == -signal.SIGABRT
        report = report_of_crash(tmp_path)
        assert report is not None and "Aborted" in report.read_text("utf-8")
        assert len(list(tmp_path.glob("*.trace"))) == 1, "that of the window that is open"
        running.send_signal(signal.SIGSEGV)
        assert running.wait(patient(20)) == -signal.SIGSEGV
    second = report_of_crash(tmp_path)
    assert second is not None and second != report and "time.sleep" not in report.read_text("utf-8")
    assert "Segmentation fault" in second.read_text("utf-8")


def test_of_many_the_last_is_told_and_few_are_kept(tmp_path: Path) -> None:
    told = tmp_path / TOLD
    told.mkdir()
    for number in range(30):
        (told / f"crash-2020-01-01-0000{number:02}-x.txt").write_text("old")
    for _ in range(2):
        left_by("import os; os.abort()", tmp_path)
    report = report_of_crash(tmp_path)
    assert report is not None and "Aborted" in report.read_text("utf-8")
    assert len(list(told.iterdir())) == 10 and report in told.iterdir()


def test_a_real_window_that_dies_is_told_of(tmp_path: Path) -> None:
    with process(WINDOW, tmp_path) as running:
        deadline = time.monotonic() + patient(20)
        while not list((tmp_path / "state").glob("lamella.log")) and time.monotonic() < deadline:
            time.sleep(0.05)
        running.send_signal(signal.SIGSEGV)
        assert running.wait(patient(20)) == -signal.SIGSEGV
    report = report_of_crash(tmp_path / "state")
    assert report is not None and "run_desktop" in report.read_text("utf-8")


def test_where_nothing_can_be_written_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert left_by("pass", tmp_path / "file") == 0
    assert report_of_crash(tmp_path / "file") is None
