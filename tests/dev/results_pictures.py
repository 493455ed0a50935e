"""Pictures of what came of a training: `python -m tests.dev.results_pictures NAME PROJECT FOLDER` takes one of them.

`PROJECT` is the digits with two runs that have ended; `FOLDER` gets NAME-dark.png and NAME-light.png.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.panels.evaluate.page.panel import EvaluatePanel
from app.panels.runs.panel import RunsPanel
from app.panels.tryit.parts.pad import Pad
from app.shell.desktop import Desktop
from app.shell.screenshot import wait_until
from tests.dev.data_pictures import Scene, take

SEVEN: Final = ((0.24, 0.14), (0.76, 0.14), (0.62, 0.5), (0.46, 0.92))  # shares of the pad


def page(desktop: Desktop) -> EvaluatePanel:
    found = desktop.window.page("evaluate")
    assert isinstance(found, EvaluatePanel)
    return found


def evaluate(desktop: Desktop) -> QWidget:
    """The figures of the last run."""
    evaluated(desktop)
    return desktop.window


def evaluated(desktop: Desktop) -> EvaluatePanel:
    panel = page(desktop)
    wait_until(lambda: desktop.session.evaluations.chosen is not None)
    if panel.shown is None:
        panel.start()
    wait_until(lambda: panel.shown is not None)
    return panel


def inside(desktop: Desktop) -> QWidget:
    """The first of the mistakes on the canvas."""
    panel = evaluated(desktop)
    panel.show_page("samples")
    wait_until(lambda: panel.samples.list.marked is not None)
    panel.samples.list.inside_wanted.emit()
    boxes = desktop.window.build.inside.boxes
    wait_until(lambda: any(look.view is not None for look in boxes.looks.values()))
    return desktop.window


def tried(desktop: Desktop) -> QWidget:
    """A seven, drawn with the mouse, and what two runs say of it."""
    panel = page(desktop)
    panel.show_page("try")
    tryit = panel.tryit
    wait_until(lambda: tryit.form.picture is not None)
    tryit.beside.chosen.emit((str(desktop.session.evaluations.runs[0].folder),))
    pad = tryit.findChild(Pad, "try_pad_image")
    assert pad is not None
    draw(pad)
    wait_until(lambda: not tryit.predictions.busy and len(tryit.cards.cards) > 1)
    return desktop.window


def draw(pad: Pad) -> None:
    area, left = pad.area, Qt.MouseButton.LeftButton
    places = [QPoint(area.left() + round(x * area.width()), area.top() + round(y * area.height())) for x, y in SEVEN]
    QTest.mousePress(pad, left, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(pad, place)
    QTest.mouseRelease(pad, left, pos=places[-1])


def runs(desktop: Desktop) -> QWidget:
    """Both runs, and what differs between them."""
    panel = desktop.window.page("runs")
    assert isinstance(panel, RunsPanel)
    wait_until(lambda: len(panel.table.folders()) > 1)
    panel.table.choose(panel.table.folders())
    wait_until(lambda: len(panel.board.cards) > 1)
    return desktop.window


SCENES: Final = {
    "results-evaluate": Scene("digits", evaluate, "evaluate", (1280, 860)),
    "results-inside": Scene("digits", inside, "evaluate", (1280, 860)),
    "results-try": Scene("digits", tried, "evaluate", (1180, 700)),
    "results-runs": Scene("digits", runs, "runs", (1180, 760)),
}


if __name__ == "__main__":
    take(SCENES[sys.argv[1]], sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
