"""A folder of pictures, dropped on an empty window, trains after three clicks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.engine.local_workers import LocalTrainer
from app.project.training_start import RunStarter
from graph_editor.document.document import Document
from runtime.clients.engine import Engine
from tests.gui.app.conftest import Rig
from tests.gui.app.shell.test_file_drops import drop
from tests.gui.app.shell.test_keyboard_alone import PATIENCE, RealEngine

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_a_folder_of_pictures_trains(
    engine: Engine, rig: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    session, window = rig.session, rig.desktop.window
    empty = Document(session.catalog.keras_version)
    empty.training = {"epochs": 1}  # which stays: it was chosen
    session.replace(empty, None)
    session.engine.use(RealEngine(session.engine, engine))
    monkeypatch.setattr(session.training, "_start_run", lambda: RunStarter(LocalTrainer)(session))
    for name, value in (("dark", 30), ("light", 220)):
        (tmp_path / "shades" / name).mkdir(parents=True)
        for number in range(20):
            pixels = np.full((8, 8, 3), value + number, np.uint8)
            Image.fromarray(pixels).save(tmp_path / "shades" / name / f"{number}.png")

    assert drop(rig, tmp_path / "shades")
    qtbot.waitUntil(window.offer.isVisible, timeout=PATIENCE)
    QTest.mouseClick(window.offer.use, Qt.MouseButton.LeftButton)  # 1
    start = window.page("data").findChild(QPushButton, "start_model")
    assert isinstance(start, QPushButton)
    qtbot.waitUntil(lambda: bool(session.data.columns) and start.isVisible() and start.isEnabled(), timeout=PATIENCE)
    QTest.mouseClick(start, Qt.MouseButton.LeftButton)  # 2
    qtbot.waitUntil(lambda: bool(session.inference.results) and session.settled, timeout=PATIENCE)
    assert [str(problem.text) for problem in session.problems if problem.is_error] == []
    QTest.mouseClick(window.header.train_button, Qt.MouseButton.LeftButton)  # 3
    run = session.training.run
    assert run is not None, window.notices.text
    qtbot.waitUntil(lambda: not run.active, timeout=PATIENCE)
    assert run.ending is not None and run.ending.status == "completed", run.ending
    session.history.undo()
    assert not session.document.graph.calls, "the whole model was one step"
