"""Small drawings for moments when something went wrong or nothing is there yet: in the colours of the theme."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from app.look.theme import Theme
from app.look.theme_source import ThemeSource

Scene = Literal["engine", "file", "run"]
SIZE = QSize(112, 88)


class Illustration(QWidget):
    """Says nothing by itself: the words beside it do, so readers pass it over."""

    def __init__(self, scene: Scene, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene: Scene = scene
        self._look = look
        look.changed.connect(self._on_theme)
        self.setObjectName(f"illustration_{scene}")
        self.setFixedSize(SIZE)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _on_theme(self, _theme: Theme) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint(painter, self._scene, self._look.theme)


def picture(scene: Scene, theme: Theme, ratio: float) -> QPixmap:
    """The drawing for a screen with `ratio` physical pixels to one."""
    pixmap = QPixmap(SIZE * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter, scene, theme)
    painter.end()
    return pixmap


def paint(painter: QPainter, scene: Scene, theme: Theme) -> None:
    """Within `SIZE`."""
    _ground(painter, theme)
    {"engine": _engine, "file": _file, "run": _run}[scene](painter, theme)


def _color(theme: Theme, token: str) -> QColor:
    return QColor(theme.color(token))


def _pen(color: QColor, width: float) -> QPen:
    return QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def _ground(painter: QPainter, theme: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_color(theme, "accent.soft"))
    painter.drawEllipse(QRectF(10, 2, 92, 78))
    painter.setBrush(_color(theme, "line"))
    painter.drawEllipse(QRectF(26, 76, 60, 7))


def _slab(painter: QPainter, area: QRectF, color: QColor, tilt: float = 0.0) -> None:
    painter.save()
    painter.translate(area.center())
    painter.rotate(tilt)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(QRectF(-area.width() / 2, -area.height() / 2, area.width(), area.height()), 6, 6)
    painter.restore()


def _face(painter: QPainter, middle: QPointF, color: QColor) -> None:
    """Two eyes and a small smile: it has fallen, and is not cross about it."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    for side in (-1, 1):
        painter.drawEllipse(middle + QPointF(side * 8, -2), 1.9, 1.9)
    painter.setPen(_pen(color, 1.7))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(QRectF(middle.x() - 4.5, middle.y() - 3.5, 9, 8), 200 * 16, 140 * 16)


def _sparks(painter: QPainter, around: QPointF, color: QColor) -> None:
    painter.setPen(_pen(color, 2.2))
    for dx, dy in ((-7, -4), (0, -8), (7, -4)):
        painter.drawLine(around + QPointF(dx * 0.6, dy * 0.6), around + QPointF(dx * 1.3, dy * 1.3))


def _engine(painter: QPainter, theme: Theme) -> None:
    """The three sheets of the sign; the top one has slipped."""
    _slab(painter, QRectF(30, 58, 52, 16), _color(theme, "category.convolution"))
    _slab(painter, QRectF(30, 39, 52, 16), _color(theme, "accent.fill"))
    _face(painter, QPointF(56, 47), _color(theme, "accent.ink"))
    _slab(painter, QRectF(46, 17, 52, 15), _color(theme, "category.attention"), 17)
    _sparks(painter, QPointF(36, 30), _color(theme, "warning"))


def _file(painter: QPainter, theme: Theme) -> None:
    """A sheet of paper with a corner folded, which looks puzzled."""
    page = QPainterPath(QPointF(36, 14))
    for x, y in ((64, 14), (78, 28), (78, 76), (36, 76)):
        page.lineTo(x, y)
    page.closeSubpath()
    painter.setPen(_pen(_color(theme, "dim"), 1.8))
    painter.setBrush(_color(theme, "panel"))
    painter.drawPath(page)
    painter.drawPolyline([QPointF(64, 14), QPointF(64, 28), QPointF(78, 28)])
    painter.setPen(_pen(_color(theme, "line"), 3))
    for y in (60, 67):
        painter.drawLine(QPointF(44, y), QPointF(70 if y == 60 else 60, y))
    _face(painter, QPointF(57, 43), _color(theme, "text"))
    _sparks(painter, QPointF(88, 24), _color(theme, "warning"))


def _run(painter: QPainter, theme: Theme) -> None:
    """A curve that went well until it did not."""
    painter.setPen(_pen(_color(theme, "dim"), 1.8))
    painter.drawPolyline([QPointF(28, 16), QPointF(28, 74), QPointF(90, 74)])
    curve = QPainterPath(QPointF(33, 64))
    curve.cubicTo(QPointF(44, 62), QPointF(46, 36), QPointF(60, 34))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(_color(theme, "accent"), 3))
    painter.drawPath(curve)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_color(theme, "warning"))
    painter.drawEllipse(QPointF(72, 50), 13, 13)
    _face(painter, QPointF(72, 50), QColor(theme.color("background") if theme.dark else theme.color("text")))
    _sparks(painter, QPointF(64, 30), _color(theme, "error"))
