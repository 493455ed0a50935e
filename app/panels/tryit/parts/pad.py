"""The pad that people draw on: each pixel is one that the model gets."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.look.fonts import ui_font
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.data.parts.pictures import image_of
from app.panels.tryit.parts.drawing import Drawing, Stroke
from app.panels.tryit.parts.values import thumbnail_of
from graph_editor.words.spoken import set_spoken_description
from resources.text import tr

_EDGE: Final = 272
_NARROWEST: Final = 160
_STEPS: Final = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip


class Pad(QWidget):
    """A line with the mouse, or with the arrows while the space bar has put the pen down; `drawn` tells of each bit."""

    drawn = Signal()
    undo_wanted = Signal()
    clear_wanted = Signal()

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("try_pad")
        self.setAccessibleName(tr("Drawing pad"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.drawing = Drawing(1, 1, 1, True)
        self.pen_width = 0.1
        self.pen_color = "white"
        self.can_draw = True
        self.placeholder = ""
        self._extent: float | None = None
        self._pen = (0.5, 0.5)  # where the keyboard's pen is
        self._down = self._mouse = False
        self._theme: Theme
        look.follow(self._on_theme)

    def use(self, drawing: Drawing) -> None:
        """Draw on this from now on."""
        self.drawing = drawing
        self._down = self._mouse = False
        self.updateGeometry()
        self.update()

    def centre(self, extent: float | None) -> None:
        """Show, and give, what is drawn in the middle, so large; None: as it is."""
        self._extent = extent
        self.update()

    @property
    def extent(self) -> float | None:
        return self._extent

    def sizeHint(self) -> QSize:
        return QSize(_EDGE, _EDGE)

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST, _NARROWEST)

    @property
    def area(self) -> QRect:
        """Where the picture is."""
        width, height = self.drawing.width, self.drawing.height
        picture = self.drawing.picture
        if picture is not None:
            width, height = picture.width, picture.height
        room = self.rect().adjusted(3, 3, -3, -3)
        size = QSize(width, height).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        area = QRect(0, 0, max(1, size.width()), max(1, size.height()))
        area.moveCenter(room.center())
        return area

    # drawing

    def _share(self, point: QPointF) -> tuple[float, float]:
        area = self.area
        return (point.x() - area.left()) / area.width(), (point.y() - area.top()) / area.height()

    def _begin(self, at: tuple[float, float]) -> None:
        self.drawing.begin(Stroke([at], self.pen_width, self.pen_color))
        self._changed()

    def _go_on(self, at: tuple[float, float]) -> None:
        self.drawing.go_on(at)
        self._changed()

    def _changed(self) -> None:
        self.update()
        self.drawn.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.can_draw:
            self._mouse, self._down = True, False
            self._begin(self._share(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._mouse:
            self._go_on(self._share(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._mouse = False

    def event(self, event: QEvent) -> bool:
        """Undoing belongs to the drawing while it has the keyboard, not to the project."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_mine(event):
            event.accept()
            return True
        return super().event(event)

    def _is_mine(self, event: QKeyEvent) -> bool:
        return (
            event.matches(QKeySequence.StandardKey.Undo)
            or event.matches(QKeySequence.StandardKey.Delete)
            or event.key() in _STEPS
            or event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Backspace)
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_wanted.emit()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear_wanted.emit()
        elif key == Qt.Key.Key_Space and self.can_draw:
            self._down = not self._down
            if self._down:
                self._begin(self._pen)
            self.update()
        elif key in _STEPS and self.can_draw:
            self._step(*_STEPS[key])
        else:
            super().keyPressEvent(event)

    def _step(self, right: int, down: int) -> None:
        x, y = self._pen
        x = min(1.0, max(0.0, x + right / self.drawing.width))
        y = min(1.0, max(0.0, y + down / self.drawing.height))
        self._pen = (x, y)
        column, row = (min(size - 1, int(share * size)) + 1 for share, size in self._shares_of_sizes())
        set_spoken_description(self, tr("column {column}, row {row}", column=column, row=row))
        if self._down:
            self._go_on(self._pen)
        self.update()

    def _shares_of_sizes(self) -> tuple[tuple[float, int], tuple[float, int]]:
        return (self._pen[0], self.drawing.width), (self._pen[1], self.drawing.height)

    # painting

    def _on_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = self.area
        picture = self.drawing.picture or thumbnail_of(self.drawing.shares(self._extent))
        image = image_of(picture)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, image.width() > area.width())
        painter.drawImage(area, image)
        frame = "accent" if self.hasFocus() else "line"
        painter.setPen(QPen(QColor(self._theme.color(frame)), 1))
        painter.drawRect(area.adjusted(-1, -1, 0, 0))
        if self.drawing.empty and self.placeholder:
            self._paint_placeholder(painter, area)
        if self.hasFocus() and self.can_draw and not self._mouse:
            self._paint_pen(painter, area)

    def _paint_placeholder(self, painter: QPainter, area: QRect) -> None:
        painter.setPen(QColor("#9aa2b1" if self.drawing.dark else "#5d6678"))  # on black or white, in either theme
        painter.setFont(ui_font(13))
        inner = area.adjusted(12, 12, -12, -12)
        painter.drawText(inner, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.placeholder)

    def _paint_pen(self, painter: QPainter, area: QRect) -> None:
        """Where the keyboard draws: a ring, filled while the pen is down."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, y = self._pen
        at = QPointF(area.left() + x * area.width(), area.top() + y * area.height())
        radius = max(3.0, self.pen_width * max(area.width(), area.height()) / 2)
        painter.setPen(QPen(QColor(self._theme.color("accent")), 1.5))
        painter.setBrush(QColor(self._theme.color("accent")) if self._down else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius))
