"""Pictures of what came of a training: `python -m tests.dev.results_pictures NAME PROJECT FOLDER` takes one of them.

`PROJECT` is the digits with two runs that have ended; `FOLDER` gets NAME-dark.png and NAME-light.png.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
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
from graph_editor.view.painting.inside_values import InsideLook
from tests.dev.data_pictures import Scene, take

BOX: Final = "wide_5x5"  # of which all is shown
SEVEN: Final = ((0.24, 0.14), (0.76, 0.14), (0.62, 0.5), (0.46, 0.92))  # shares of the pad


def until(what: str, ready: Callable[[], bool]) -> None:
    """A picture of what is not there yet would be a wrong one."""
    wait_until(ready)
    if not ready():
        raise TimeoutError(f"waited in vain until {what}")


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
    until("a run is chosen", lambda: desktop.session.evaluations.chosen is not None)
    if panel.shown is None:
        panel.start()
    until("it is evaluated", lambda: panel.shown is not None)
    return panel


def inside(desktop: Desktop) -> QWidget:
    """The first of the mistakes on the canvas, and all channels of a box."""
    panel = evaluated(desktop)
    panel.show_page("samples")
    until("mistakes are listed", lambda: panel.samples.list.marked is not None)
    panel.samples.list.inside_wanted.emit()
    mode, boxes = desktop.window.build.inside, desktop.window.build.canvas.graph_scene.boxes
    until("the mode is on", lambda: mode.inside.on and mode.side is not None and mode.side.isVisible())
    assert mode.side is not None and mode.detail is not None
    said, tensor = mode.side.sample.said, mode.detail.tensor
    until("boxes are painted with their values", lambda: all(is_shown(box.inside) for box in boxes.values()))
    until("it says what it takes it for", lambda: bool(said.text()))
    document = desktop.session.document
    box = next(call for call in document.graph.calls if document.operation_of(call).name == BOX)
    desktop.session.navigation.select((box,))
    until("the box is opened", lambda: tensor.picture.isVisible() and not tensor.question.busy)
    return desktop.window


def is_shown(look: InsideLook | None) -> bool:
    return look is not None and look.view is not None


def tried(desktop: Desktop) -> QWidget:
    """A seven, drawn with the mouse, and what two runs say of it."""
    panel = page(desktop)
    panel.show_page("try")
    tryit = panel.tryit
    until("it is known what a sample is", lambda: tryit.form.picture is not None)
    tryit.beside.chosen.emit((str(desktop.session.evaluations.runs[0].folder),))
    pad = tryit.findChild(Pad, "try_pad_image")
    assert pad is not None
    draw(pad)
    until("both are asked", lambda: not tryit.predictions.busy and len(tryit.cards.cards) > 1)
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
    until("the runs are listed", lambda: len(panel.model.shown_runs) > 1)
    panel.table.choose([run.folder for run in panel.model.shown_runs])
    until("both have curves", lambda: len(panel.chosen) > 1 and len(panel.board.cards) > 1)
    return desktop.window


SCENES: Final = {
    "results-evaluate": Scene("digits", evaluate, "evaluate", (1280, 860)),
    "results-inside": Scene("digits", inside, "evaluate", (1360, 900)),
    "results-try": Scene("digits", tried, "evaluate", (1440, 740)),
    "results-runs": Scene("digits", runs, "runs", (1280, 860)),
}


if __name__ == "__main__":
    take(SCENES[sys.argv[1]], sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
