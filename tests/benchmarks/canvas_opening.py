"""`python -m tests.benchmarks.canvas_opening FILE`: opens a model in the real window, and prints how long that took.

One line of JSON: seconds from the click to the first paint with boxes (`first`) and with all boxes and wires
(`whole`), the longest turn of the GUI thread meanwhile (`turn`), and the most that one turn computed (`busy`).
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject

from app.shell.compose import compose
from app.shell.gui import make_application
from app.system.collector import settle
from graph_editor.view.graph_view import GraphView
from tests.benchmarks.inference import Heartbeat, pause


class Paints(QObject):
    """When the canvas was first painted with boxes, and first with all of them."""

    def __init__(self, view: GraphView, loop: QEventLoop) -> None:
        super().__init__()
        self._view, self._loop = view, loop
        self.first = self.whole = 0.0
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        scene = self._view.graph_scene
        if event.type() == QEvent.Type.Paint and scene.boxes:
            self.first = self.first or time.perf_counter()
            if not scene.filling and not self.whole:
                self.whole = time.perf_counter()
                self._loop.quit()
        return False


def main() -> None:
    path = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as home:
        os.environ["LAMELLA_HOME"] = home
        desktop = compose(make_application())
        desktop.window.resize(1600, 1000)
        desktop.window.show()
        pause(1500)
        settle()
        view = desktop.window.findChild(GraphView)
        assert view is not None
        loop, heart = QEventLoop(), Heartbeat()
        paints = Paints(view, loop)
        pause(50)
        heart.restart()
        began = time.perf_counter()
        desktop.files.open_path(path)
        if not paints.whole:
            loop.exec()
        pause(1200)  # the check of the structure comes after it
        found = {"first": paints.first - began, "whole": paints.whole - began}
        found |= {"turn": heart.longest, "busy": heart.busiest, "boxes": len(view.graph_scene.boxes)}
        print(json.dumps(found))
        desktop.window.hide()
        desktop.close()


if __name__ == "__main__":
    main()
