"""A soak fails when its window dies, hangs, prints or ends early, and says after what."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.soak import __main__ as soak

WRITES = "import os, sys, pathlib; f = pathlib.Path(sys.argv[1]); (f / 'journal.txt').write_text('1 press save\\n'); "


def watched(folder: Path, program: str) -> str:
    return soak._watch([sys.executable, "-c", WRITES + program, str(folder)], folder, dict(os.environ))


def report(folder: Path, *entries: dict[str, object]) -> None:
    (folder / "report.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in entries), "utf-8")


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_death_is_named_by_its_signal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = "import signal; os.kill(os.getpid(), signal.SIGSEGV)"
    failure = watched(tmp_path, program)
    assert failure == f"The window died: {signal.SIGSEGV.name}"
    assert soak._judge(tmp_path, failure, 7) == 1
    said = capsys.readouterr().out
    assert "1 press save" in said and "--seed 7" in said and "SIGSEGV" in said


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_window_that_does_nothing_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soak, "_HANG_SECONDS", 1.0)
    assert watched(tmp_path, "import time; time.sleep(600)").startswith("The window hung")


def test_an_end_as_it_should_be_passes(tmp_path: Path) -> None:
    assert watched(tmp_path, "") == ""
    report(tmp_path, {"done": 5, "seconds": 1.0})
    assert soak._judge(tmp_path, "", 7) == 0


def test_an_early_end_a_fault_and_a_printed_word_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert watched(tmp_path, "print('QObject: shared timer')") == ""
    report(tmp_path, {"fault": "IndexError: 3", "action": 4})
    assert soak._judge(tmp_path, "", 7) == 1
    said = capsys.readouterr().out
    assert "After action 4: IndexError: 3" in said
    assert "QObject: shared timer" in said
    assert "before its time" in said
