"""The list of problems, and its button: a second click that was meant for the first row mends no other one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QListView, QPushButton, QWidget

LinkArea = Callable[[QRect, QModelIndex], QRect]


class ProblemsView(QListView):
    """`chosen` and `mend_chosen` carry the index of a row that was clicked, the latter on its link."""

    chosen = Signal(QModelIndex)
    mend_chosen = Signal(QModelIndex)

    def __init__(self, link_area: LinkArea, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link_area = link_area
        self._spot = QPoint(-1, -1)  # where the mouse button was let go of
        self.setMouseTracking(True)
        self.clicked.connect(self._on_clicked)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._spot = event.position().toPoint()
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._on_link(event.position().toPoint()):
            event.accept()
        else:
            super().mouseDoubleClickEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        over = self._on_link(event.position().toPoint())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def _on_link(self, spot: QPoint) -> bool:
        index = self.indexAt(spot)
        return index.isValid() and self._link_area(self.visualRect(index), index).contains(spot)

    def _on_clicked(self, index: QModelIndex) -> None:
        (self.mend_chosen if self._on_link(self._spot) else self.chosen).emit(index)


class MendButton(QPushButton):
    """Says something else after a click; so a double click is one."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()
