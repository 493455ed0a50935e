"""The window on a real X server, with an engine and trainers made of nothing: its size, its tabs, what else it shows.

Run as ``python -m tests.e2e.window_job FOLDER``; prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.panels.plots.board import PlotBoard
from app.project.templates import TEMPLATES
from app.shell.desktop import Desktop
from app.shell.gui import make_application
from app.workspaces.listing import all_workspaces
from runtime.events import EpochEnded, EpochStarted, RunStarted
from tests.e2e.display import Hands
from tests.soak.random_edits import RandomEdits
from tests.soak.window import open_window
from tests.support.objects import StrayWindows, stale_wrappers
from tests.support.patience import patient

PATIENCE_SECONDS = 20.0


def main(folder: Path) -> None:
    application = make_application()
    strays, active = StrayWindows(), list[str]()
    application.installEventFilter(strays)
    desktop = open_window(application, folder, size=None)
    window = desktop.window
    window.activateWindow()  # there is no window manager to do it
    until("the window has the keyboard", window.isActiveWindow)
    QTest.qWait(400)  # by then it has made room for its frame
    first = window.frameGeometry()
    application.focusWindowChanged.connect(lambda now: active.append(now.objectName() if now is not None else "none"))
    desktop.session.replace(TEMPLATES[0].open(), None)
    until("the model is known", lambda: desktop.session.settled)
    hands = Hands(os.environ["DISPLAY"])
    build = tab(window, "build")
    hands.click((build.x(), build.y()))
    until("Build has the keyboard", lambda: bool(QApplication.focusWidget() and looks_active(window) == ["build"]))
    hands.key("F5")
    until("it trains", lambda: window.workspace == "train")
    after_f5 = looks_active(window)
    cards = charts(desktop)
    hand = RandomEdits(desktop, seed=3)
    for _ in range(int(os.environ.get("LAMELLA_RANDOM_EDITS", "300"))):
        hand.step()
    screen = QGuiApplication.primaryScreen().availableGeometry()
    print(
        json.dumps(
            {
                "first": rect(first), "screen": rect(screen), "tabs": after_f5, "cards": cards, "strays": strays.seen,
                "focused": sorted(set(active)), "stale": stale_wrappers(),
            }
        )
    )  # fmt: skip
    window.discard()
    desktop.close()


def charts(desktop: Desktop) -> int:
    """How many charts the run made."""
    run = desktop.session.training.run
    assert run is not None
    run.reports.report_event(RunStarted("cpu", 3, 3, 320, 80, 1000, 900))
    for epoch in (0, 1):
        run.reports.report_event(EpochStarted(epoch))
        run.reports.report_event(
            EpochEnded(epoch, {"loss": 1.0 / (epoch + 1), "accuracy": 0.5, "val_loss": 1.1}, 0.001, 1.0)
        )
    board = desktop.window.page("train").findChild(PlotBoard)
    assert board is not None
    until("there are charts", lambda: len(board.cards) > 1)
    QTest.qWait(300)
    return len(board.cards)


def looks_active(window: QWidget) -> list[str]:
    """The tabs that are drawn otherwise than the others: chosen, or with the keyboard."""
    found: list[str] = []
    for key in [found.key for found in all_workspaces()]:
        button = window.findChild(QPushButton, f"workspace_{key}")
        assert button is not None
        if button.isChecked() or button.hasFocus():
            found.append(key)
    return found


def tab(window: QWidget, key: str) -> QPoint:
    button = window.findChild(QPushButton, f"workspace_{key}")
    assert button is not None
    return button.mapToGlobal(button.rect().center())


def rect(area: QRect) -> list[int]:
    return [area.x(), area.y(), area.width(), area.height()]


def until(what: str, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + patient(PATIENCE_SECONDS)
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        QTest.qWait(20)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
