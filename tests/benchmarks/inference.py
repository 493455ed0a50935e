"""From an edit to the shapes of the whole graph, in the real window with the real engine, on the digits template.

Measured on the GUI thread: `edit` is called, and the clock stops when the results of that very document are there.
Meanwhile a timer ticks every millisecond; the longest gap between two ticks is how long the window stood still.
How much of it the GUI thread computed is told apart from how much it waited for a core that other programs had.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks._report import against_floor, machine, median, milliseconds

ROOT = Path(__file__).parents[2]
EDITS = 50
FLOOR_MS, FLOOR_BLOCK_MS = 50.0, 50.0
PAUSE_MS = 120  # between two edits, as between two keystrokes
PATIENCE_S = 120.0

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer  # noqa: E402

from app.project.session import Session  # noqa: E402
from app.shell.compose import compose, start_engine  # noqa: E402
from app.shell.gui import make_application  # noqa: E402
from app.system.collector import settle  # noqa: E402
from graph_editor.document.changes.commands import set_parameter  # noqa: E402
from graph_editor.document.document import Document  # noqa: E402
from graph_editor.document.files.file_format import load  # noqa: E402


class Heartbeat(QObject):
    """Notes the longest time in which the GUI thread did not come round to a one-millisecond timer."""

    def __init__(self) -> None:
        super().__init__()
        self.restart()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        self._timer.start(1)

    def restart(self) -> None:
        self.longest = self.busiest = 0.0  # seconds by the clock, and seconds that this thread computed
        self._last, self._last_cpu = time.perf_counter(), time.thread_time()

    def _on_tick(self) -> None:
        now, cpu = time.perf_counter(), time.thread_time()
        self.longest = max(self.longest, now - self._last)
        self.busiest = max(self.busiest, cpu - self._last_cpu)
        self._last, self._last_cpu = now, cpu

    def stop(self) -> None:
        self._timer.stop()


def wait_for(session: Session) -> None:
    """Runs the window until results are shown; SystemExit when the engine gives none."""
    loop = QEventLoop()
    timeout = QTimer(singleShot=True, interval=int(PATIENCE_S * 1000))
    timeout.timeout.connect(lambda: loop.exit(1))
    connection = session.inference.results_changed.connect(lambda _results: loop.exit(0))
    timeout.start()
    failed = loop.exec()
    session.inference.results_changed.disconnect(connection)
    if failed:
        raise SystemExit(f"No shapes within {PATIENCE_S:.0f} s; the engine is {session.engine.state}.")


def pause(milliseconds_: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds_, loop.quit)
    loop.exec()


def layers_to_edit(session: Session) -> list[tuple[str, str, int]]:
    """(operation, parameter, value) of all layers whose size is one number; frozen ones too."""
    found = []
    for operation in session.document.graph.operations.values():
        for key in ("filters", "units"):
            if key in operation.config:
                found.append((operation.id, key, int(operation.config[key])))
    return found


def measure(session: Session) -> tuple[list[float], list[float], list[float]]:
    """Seconds from edit to shapes, the longest standstill within each edit, and the longest that was computed."""
    heart = Heartbeat()
    layers = layers_to_edit(session)
    seconds, blocks, busy = [], [], []
    for number in range(EDITS):
        operation, key, value = layers[number // 2 % len(layers)]
        pause(PAUSE_MS)
        heart.restart()
        began = time.perf_counter()
        session.edit("benchmark", set_parameter(session.document, operation, key, value + 1 - number % 2))
        wait_for(session)
        seconds.append(time.perf_counter() - began)
        pause(PAUSE_MS // 2)  # what the shapes make the window do counts as standstill as well
        blocks.append(heart.longest)
        busy.append(heart.busiest)
    heart.stop()
    return seconds, blocks, busy


@contextmanager
def window_with(document: Document) -> Iterator[Session]:
    """The real window on a document, with a warm engine and everything done that follows the start."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["LAMELLA_HOME"] = home
        desktop = compose(make_application())
        desktop.session.replace(document, None)
        desktop.window.resize(1440, 900)
        desktop.window.show()
        start_engine(desktop.session)
        try:
            wait_for(desktop.session)
            pause(2000)
            settle()
            yield desktop.session
        finally:
            desktop.close()


def main() -> None:
    print(machine())
    with window_with(load(ROOT / "resources" / "templates" / "digits.lamella")) as session:
        seconds, blocks, busy = measure(session)
        boxes = len(session.document.graph.calls)
    print(f"digits template, {boxes} boxes, {EDITS} edits")
    print(f"edit to shapes:      {milliseconds(seconds)}")
    print(f"  {against_floor(median(seconds) * 1e3, FLOOR_MS, 'ms')}")
    print(f"GUI thread standing: {milliseconds(blocks)}")
    late = sum(block * 1e3 > FLOOR_BLOCK_MS for block in blocks)
    print(f"  {against_floor(max(blocks) * 1e3, FLOOR_BLOCK_MS, 'ms')} (the worst of all edits; {late} above)")
    print(f"  computing of it:   {milliseconds(busy)}")


if __name__ == "__main__":
    main()
