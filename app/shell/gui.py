"""Runs the desktop application."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from app.look.fonts import load_fonts, point_qt_at_fonts, ui_font
from app.project.choosers import Chooser
from app.shell.compose import compose, start_engine
from app.shell.desktop import Desktop
from app.system.collector import Collector, settle
from app.system.crash_log import install_crash_log
from app.system.crash_trace import CrashTrace
from app.system.places import state_dir
from graph_editor.background.background import Background

PROBE = "LAMELLA_STARTUP_PROBE"
PROBE_START = "LAMELLA_STARTUP_T0"  # seconds since 1970, for a parent that measures from its own fork
_TICK_MS = 200
_WARM_UP_MS = 2500


def make_application() -> QApplication:
    """The QApplication with the look that themes build on; fonts are ours, so that every machine shows the same."""
    point_qt_at_fonts()
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Lamella")
    application.setApplicationDisplayName("Lamella")
    application.setDesktopFileName("lamella")
    application.setStyle("Fusion")
    load_fonts()
    application.setFont(ui_font())
    return application


def run_desktop(path: Path | None = None, chooser: Chooser | None = None) -> int:
    """Show the window, with the project at `path` if there is one; returns the exit status when it is closed."""
    trace = CrashTrace(state_dir())
    trace.start()
    application, collector = make_application(), Collector()
    desktop = compose(application, chooser)
    install_crash_log(desktop.session.notify)
    window, warm_up = desktop.window, _WarmUp(desktop.background)
    window.painted.connect(lambda: QTimer.singleShot(0, lambda: _after_first_frame(desktop, warm_up, path)))
    desktop.finished.connect(application.quit)
    desktop.session.document_replaced.connect(settle)
    application.setQuitOnLastWindowClosed(False)
    keep_alive = _listen_for_interrupt(desktop)
    if path is not None:
        desktop.open_quietly(path)
    window.show()
    status = application.exec()
    keep_alive.stop()
    warm_up.stop()
    desktop.close()
    collector.stop()
    trace.stop()
    return status


def _after_first_frame(desktop: Desktop, warm_up: _WarmUp, path: Path | None) -> None:
    if os.environ.get(PROBE):
        print(probe_line(), flush=True)
        desktop.finished.emit()
        return
    start_engine(desktop.session)
    warm_up.start_later()
    desktop.greet(path)


class _WarmUp(QObject):
    """Imports what the first click on Train needs, in a thread, so that the click need not wait for it."""

    def __init__(self, background: Background) -> None:
        super().__init__()
        self._background = background
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._start)

    def start_later(self) -> None:
        """Run once the start is over and Keras has had the processor for a while."""
        self._timer.start(_WARM_UP_MS)

    def stop(self) -> None:
        """The program ends; what is under way ends with the desktop's background."""
        self._timer.stop()

    def _start(self) -> None:
        self._background.run(self, _import_training, lambda _task: settle())


def _import_training() -> None:
    import app.panels.train.panel  # noqa: F401


def probe_line() -> str:
    """Return how long it took to here, and whether anything heavy came along."""
    heavy = [name for name in ("tensorflow", "keras") if name in sys.modules]
    return f"first paint {1000 * (time.time() - _started()):.0f} ms, heavy modules: {', '.join(heavy) or 'none'}"


def _started() -> float:
    probe_start = os.environ.get(PROBE_START)
    if probe_start:
        return float(probe_start)
    import psutil

    return float(psutil.Process().create_time())


def _listen_for_interrupt(desktop: Desktop) -> QTimer:
    """Ctrl-C in the terminal closes the window as its button does; Python needs a turn now and then to notice it."""
    signal.signal(signal.SIGINT, lambda _number, _frame: desktop.window.close())
    timer = QTimer()
    timer.timeout.connect(lambda: None)
    timer.start(_TICK_MS)
    return timer
