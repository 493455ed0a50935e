"""After a crash the next start says so, once, and leads to the file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from app.dialogs.chooser import DialogChooser
from app.system.places import state_dir
from tests.gui.app.conftest import Rig
from tests.gui.training.fakes import child


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_crash_is_told_at_the_next_start_and_only_then(rig: Rig) -> None:
    program = (
        "import os, sys; from pathlib import Path; from app.system.crash_trace import CrashTrace\n"
        "CrashTrace(Path(sys.argv[1])).start(); os.abort()"
    )
    done = subprocess.run([sys.executable, "-c", program, str(state_dir())], stderr=subprocess.DEVNULL, check=False)
    assert done.returncode == -signal.SIGABRT
    rig.desktop.greet(None)
    assert rig.chooser.asked == ["crash crashes"]
    rig.desktop.greet(None)
    assert rig.chooser.asked == ["crash crashes"]


def test_the_words_about_a_crash_are_plain_and_lead_to_the_file(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, opened = tmp_path / "<b>crash.txt", list[str]()
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))

    def answer(name: str) -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox) and box.textFormat() == Qt.TextFormat.PlainText
        assert box.text().startswith("Lamella crashed the last time") and "<b>crash.txt" in box.informativeText()
        child(box, QPushButton, f"answer_{name}").click()

    for name in ("close", "open"):
        QTimer.singleShot(0, rig.desktop.window, partial(answer, name))
        DialogChooser(rig.desktop.preferences.look).tell_crash(rig.desktop.window, report)
    assert opened == [str(report)]
