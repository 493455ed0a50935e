"""What tests do on the page of Evaluate."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.panels.evaluate.page.panel import EvaluatePanel
from tests.gui.app.conftest import Rig
from tests.gui.app.evaluate.evaluations import evaluation_file, store
from tests.gui.app.evaluate.runs import add_run


def with_run(rig: Rig, qtbot: QtBot, stored: bool = True) -> Path:
    run = add_run(rig)
    if stored:
        store(run, evaluation_file(run))
    with qtbot.waitSignal(rig.session.evaluations.runs_changed):
        rig.session.evaluations.reload()
    return run


def seen(panel: EvaluatePanel, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: panel.shown is not None)


def press(panel: EvaluatePanel, name: str) -> None:
    button = panel.findChild(QPushButton, name)
    assert button is not None
    assert button.isVisible()
    button.click()
