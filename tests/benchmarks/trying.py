"""From a stroke of the pen to the bars of the prediction: the digits, trained, drawn on in the real panel.

The digits are trained for an epoch by the program itself. Then a pen draws, and for each bit of a line the clock runs
from the move of the mouse to the end of the painting of the bars that tell what the model says of that very drawing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks._report import against_floor, machine, median, milliseconds

ROOT = Path(__file__).parents[2]
STROKES, FLOOR_MS, FLOOR_BLOCK_MS = 60, 100.0, 50.0
PATIENCE_S = 120.0

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, QPoint, Qt  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402

from app.dialogs.chooser import DialogChooser  # noqa: E402
from app.panels.tryit.panel import TryPanel  # noqa: E402
from app.shell.compose import compose  # noqa: E402
from app.shell.desktop import Desktop  # noqa: E402
from app.shell.gui import make_application  # noqa: E402
from graph_editor.document.files.file_format import load  # noqa: E402
from tests.benchmarks.inference import Heartbeat, pause  # noqa: E402


class Painted(QObject):
    """Notes when a widget was painted last."""

    def __init__(self, widget: QObject) -> None:
        super().__init__(widget)
        self.at = 0.0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.at = time.perf_counter()
        return False


def trained(folder: Path) -> Path:
    """The digits with a run of one epoch."""
    project = folder / "digits.lamella"
    shutil.copy(ROOT / "resources" / "templates" / "digits.lamella", project)
    command = [sys.executable, "-m", "app", "train", str(project), "--epochs", "1"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=600)
    return project


def until(what: str, holds: object, patience: float = PATIENCE_S) -> None:
    end = time.perf_counter() + patience
    while not holds():  # type: ignore[operator]
        if time.perf_counter() > end:
            raise SystemExit(f"{what}: not within {patience:.0f} s")
        pause(1)


def stroke(panel: TryPanel, number: int) -> tuple[float, float]:
    """Seconds from a move of the mouse to the bars, and how long the window stood still meanwhile."""
    picture = panel.form.picture
    assert picture is not None
    pad, bars = picture.pad, panel.cards.cards[0].outputs[0].bars
    painted = Painted(bars)
    area = pad.area
    start = QPoint(area.left() + 20 + 3 * (number % 60), area.top() + 20)
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=start)
    until("the first point", lambda: not panel.predictions.busy)
    pause(60)
    heart = Heartbeat()
    told: list[float] = []
    connection = panel.predictions.told.connect(lambda _tried: told.append(time.perf_counter()))
    began = time.perf_counter()
    QTest.mouseMove(pad, start + QPoint(30, 60 + number % 40))
    until("the prediction", lambda: told and not panel.predictions.busy and painted.at > told[-1])
    seconds = painted.at - began
    heart.stop()
    panel.predictions.told.disconnect(connection)
    bars.removeEventFilter(painted)
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=start)
    picture.pad.clear_wanted.emit()
    return seconds, heart.longest


def shown_panel(desktop: Desktop) -> TryPanel:
    session = desktop.session
    panel = TryPanel(
        session,
        session.evaluations,
        desktop.preferences.look,
        DialogChooser(desktop.preferences.look),
        desktop.background,
    )
    panel.resize(1100, 760)
    panel.show()
    session.evaluations.reload()
    until("the form", lambda: panel.form.picture is not None)
    return panel


def main() -> None:
    print(machine())
    with tempfile.TemporaryDirectory() as home:
        os.environ["LAMELLA_HOME"] = home
        project = trained(Path(home))
        desktop = compose(make_application())
        desktop.session.replace(load(project), project)
        panel = shown_panel(desktop)
        try:
            picture = panel.form.picture
            assert picture is not None
            QTest.mouseClick(picture.pad, Qt.MouseButton.LeftButton, pos=picture.pad.area.center())
            until("the first prediction", lambda: bool(panel.cards.cards[0].outputs) and not panel.predictions.busy)
            measured = [stroke(panel, number) for number in range(STROKES)]
        finally:
            panel.close()
            desktop.close()
    seconds, blocks = ([one[place] for one in measured] for place in (0, 1))
    print(f"stroke to bars:      {milliseconds(seconds)}")
    print(f"  {against_floor(median(seconds) * 1e3, FLOOR_MS, 'ms')}")
    print(f"GUI thread standing: {milliseconds(blocks)}")
    print(f"  {against_floor(max(blocks) * 1e3, FLOOR_BLOCK_MS, 'ms')} (the worst of all strokes)")


if __name__ == "__main__":
    main()
