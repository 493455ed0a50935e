"""Files and folders dropped anywhere on the window: a project or a model is opened, all else offered as data."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from app.look.theme_source import ThemeSource
from app.panels.data.sources.drop_frame import DropFrame

_PROJECTS: Final = (".lamella", ".keras")


class FileDrops(QObject):
    """What the window does with drags of files. `project_dropped` and `data_dropped` carry a Path."""

    project_dropped = Signal(object)
    data_dropped = Signal(object)

    def __init__(self, window: QWidget, look: ThemeSource) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        self._frame = DropFrame(window, look)

    def watch(self) -> FileDrops:
        """Hear of drags by itself, where the window is one that does not pass them on."""
        self.parent().installEventFilter(self)
        return self

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent):
            self.enter(event)
        elif isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            self.drop(event)
        elif event.type() == QEvent.Type.DragLeave:
            self.leave()
        else:
            return super().eventFilter(watched, event)
        return True

    def enter(self, event: QDragEnterEvent) -> None:
        path = dropped_path(event.mimeData())
        if path is None:
            event.ignore()
            return
        event.acceptProposedAction()
        self._frame.show_over(path, as_project=path.suffix.lower() in _PROJECTS)

    def leave(self) -> None:
        self._frame.hide()

    def drop(self, event: QDropEvent) -> None:
        self._frame.hide()
        path = dropped_path(event.mimeData())
        if path is None:
            event.ignore()
            return
        event.acceptProposedAction()
        (self.project_dropped if path.suffix.lower() in _PROJECTS else self.data_dropped).emit(path)


def dropped_path(mime: QMimeData) -> Path | None:
    """The one file or folder of this machine that is dragged; of several files the folder that they lie in."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if len(paths) == 1:
        return paths[0]
    folders = {path.parent for path in paths}
    return folders.pop() if len(folders) == 1 and paths else None
