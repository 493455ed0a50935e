"""A figure on the screen: painted, pointed at with the mouse or the keyboard."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.evaluate.drawing.figure_look import FigureLook
from app.panels.evaluate.painters import FigurePainter, painter_of
from graph_editor.words.spoken import set_spoken_description, set_spoken_name
from graph_editor.words.tooltips import show_tooltip
from runtime.messages.views import Curves, Matrix, Points, View

_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_NARROWEST = 160


class FigureCanvas(QWidget):
    """`opened` carries the part that was clicked, or on which Enter was pressed."""

    opened = Signal(object)  # tuple[int, ...]

    def __init__(self, view: View, title: str, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("figure_canvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.look = FigureLook(look.theme)
        self.view = view
        self._painter = _known(view)
        set_spoken_name(self, title)
        self.show_view(view)
        look.follow(self._on_theme)

    def show_view(self, view: View) -> None:
        """Draw another view of the same kind."""
        self.view = view
        self._painter = _known(view)
        set_spoken_description(self, self._painter.spoken(view))
        self.updateGeometry()
        self.update()

    def set_look(self, **changes: Any) -> None:
        """Change how it is drawn: fields of `FigureLook`."""
        self.look = replace(self.look, **changes)
        self.updateGeometry()
        self.update()

    @property
    def room(self) -> QRectF:
        return QRectF(0, 0, self.width(), self.height())

    def place_of(self, part: tuple[int, ...]) -> QPointF | None:
        """A point where the mouse finds `part`; for tests and for those who point at it."""
        for y in range(1, self.height(), 3):
            for x in range(1, self.width(), 3):
                hit = self._painter.hit(self.room, self.view, QPointF(x, y), self.look)
                if hit is not None and hit.part == part:
                    return QPointF(x, y)
        return None

    # what Qt tells

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return int(self._painter.height(self.view, float(max(width, _NARROWEST)), self.look)) + 1

    def sizeHint(self) -> QSize:
        width = max(self.width(), _NARROWEST)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST, 30)

    def _on_theme(self, theme: Theme) -> None:
        self.set_look(theme=theme)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._painter.paint(QPainter(self), self.room, self.view, self.look)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hit = self._painter.hit(self.room, self.view, event.position(), self.look)
        self._mark(hit.part if hit is not None else None)
        show_tooltip(event.globalPosition().toPoint(), hit.text if hit is not None else "", self)
        can_open = hit is not None and isinstance(self.view, Matrix | Points)
        self.setCursor(Qt.CursorShape.PointingHandCursor if can_open else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        hit = self._painter.hit(self.room, self.view, event.position(), self.look)
        if hit is not None and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(hit.part)

    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus():
            self._mark(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self._step(*_STEPS[key])
        elif key in _OPENING and self.look.marked is not None:
            self.opened.emit(self.look.marked)
        else:
            super().keyPressEvent(event)

    def _step(self, across: int, down: int) -> None:
        """The next part in this direction: of rows and columns as they are drawn, else one after the other."""
        parts = self._painter.parts(self.view, self.look)
        if not parts:
            return
        if self.look.marked is None:
            self._mark(parts[0][0])
        else:
            marked = self.look.marked
            found = ((row, line.index(marked)) for row, line in enumerate(parts) if marked in line)
            row, column = next(found, (0, 0))
            row = max(0, min(len(parts) - 1, row + down))
            self._mark(parts[row][max(0, min(len(parts[row]) - 1, column + across))])
        self._say_marked()

    def _say_marked(self) -> None:
        if self.look.marked is not None:
            set_spoken_description(self, self._painter.part_text(self.view, self.look.marked, self.look))

    def _mark(self, part: tuple[int, ...] | None) -> None:
        if part != self.look.marked:
            curve = (
                part[0] if part is not None and isinstance(self.view, Curves) and len(self.view.curves) > 1 else None
            )
            self.look = replace(self.look, marked=part, curve=curve)
            self.update()


def _known(view: View) -> FigurePainter:
    painter = painter_of(view)
    assert painter is not None, "tables are no figures that are painted"
    return painter
