"""Pictures of the real window, made without a display."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QCoreApplication,
    QIODevice,
    QMessageLogContext,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QWidget

from app.project.session import Session
from app.shell.compose import compose, start_engine
from app.shell.desktop import Desktop
from app.shell.gui import make_application
from app.system.collector import Collector
from app.system.settings import Settings, SettingsStore
from graph_editor.document.files.file_format import FileError, write_file
from resources.temporaries import folder_prefix

TIMEOUT = 90.0  # seconds for Keras to start and answer
QUIET = 0.8  # seconds for previews and plots after the last answer


def take_screenshot(
    project: Path,
    workspace: str,
    theme: str,
    language: str,
    size: tuple[int, int],
    out: Path,
    act: Callable[[Desktop], QWidget] | None = None,
) -> None:
    """Open `project` in a window of `size`, let the engine answer, and write the picture of `workspace` to `out`.

    `act` does then what a person would do, and tells what of the window is to be in the picture.
    Raises FileError when the project cannot be read or the picture not be written.
    Call it before any QApplication exists, or in its thread.
    """
    application, collector = quiet_application(), Collector()
    with tempfile.TemporaryDirectory(prefix=folder_prefix()) as folder:
        store = SettingsStore(Path(folder))
        store.values = Settings(theme=theme, language=language)
        desktop = compose(application, store=store)
        try:
            _shoot(desktop, project, workspace, size, out, act)
        finally:
            desktop.window.hide()
            desktop.close()
            collector.stop()


def quiet_application() -> QApplication:
    """The application, in memory unless a platform is named, without Qt's remarks about that."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    qInstallMessageHandler(_pass_on)
    return make_application()


def _pass_on(_kind: QtMsgType, _context: QMessageLogContext, message: str | None) -> None:
    """Qt's messages to stderr, save those in which the offscreen platform says that it is no real one."""
    if message and not message.startswith("This plugin does not support"):
        print(message, file=sys.stderr)


def _shoot(
    desktop: Desktop,
    project: Path,
    workspace: str,
    size: tuple[int, int],
    out: Path,
    act: Callable[[Desktop], QWidget] | None,
) -> None:
    unread = desktop.files.read(project)
    if unread is not None:
        raise FileError(unread)
    window = desktop.window
    window.resize(*size)
    QCursor.setPos(size[0] // 2, size[1] + 50)  # below the window: nothing looks as if the mouse were on it
    window.show_workspace(workspace)
    window.show()
    start_engine(desktop.session)
    settle(desktop.session)
    shown: QWidget = window
    if act is not None:
        shown = act(desktop)
        settle(desktop.session)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    shown.grab().toImage().save(buffer, "PNG")  # type: ignore[call-overload]
    write_file(out, bytes(data.data()))


def wait_until(ready: Callable[[], bool]) -> None:
    """Let the window work until then, or for as long as Keras may take."""
    deadline = time.monotonic() + TIMEOUT
    while not ready() and time.monotonic() < deadline:
        _process_events()


def settle(session: Session) -> None:
    """Until the engine has said all that the window shows, or is dead."""
    wait_until(lambda: session.settled or session.engine.state.phase == "dead")
    quiet = time.monotonic() + QUIET
    while time.monotonic() < quiet:
        _process_events()


def _process_events() -> None:
    QCoreApplication.processEvents()
    time.sleep(0.005)
