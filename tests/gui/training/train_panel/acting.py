"""What a person does on Train, and what is read there."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from app.engine.run_controller import RunController
from app.panels.train.panel import TrainPanel
from graph_editor.editors.parts.step_line import StepLine
from tests.gui.training.fakes import World, child, press, run_events


def start(panel: TrainPanel, count: int = 3) -> RunController:
    """Press Train and let `count` epochs come."""
    press(panel, "train_button")
    run = panel.run
    assert run is not None
    for event in run_events(count):
        run.reports.report_event(event)
    panel.bar.refresh()
    panel.view.board.redraw()
    return run


def text_of(panel: TrainPanel, name: str) -> str:
    return child(panel, QLabel, name).text()


def edit(parent: QWidget, name: str, text: str) -> None:
    """Type into a number field as people do."""
    line = child(parent, StepLine, name)
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def sent(world: World, kind: type[Any]) -> list[Any]:
    return [message for message in world.trainers[-1].sent if isinstance(message, kind)]
