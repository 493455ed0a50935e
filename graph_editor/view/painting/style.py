"""Pens, brushes and fonts of a theme, made once and shared by all items of a scene."""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
    QStaticText,
    QTransform,
)

from graph_editor.view.painting.inside_painter import Ink
from graph_editor.view.painting.theme import CanvasTheme
from resources.plain import shown_name

_STRIPE = 7.0


class Face:
    """A font in a colour, with what is needed to elide and place its texts."""

    def __init__(self, font: QFont, color: QColor) -> None:
        self.font = font
        self.pen = QPen(color)
        self.metrics = QFontMetricsF(font)
        self.height = self.metrics.height()

    def width(self, text: str) -> float:
        return self.metrics.horizontalAdvance(text)

    def elided(self, text: str, width: float) -> str:
        return self.metrics.elidedText(shown_name(text), Qt.TextElideMode.ElideRight, width)


@dataclass(slots=True)
class Line:
    """A text that is laid out once and painted often; ``y`` is the middle of the line."""

    text: QStaticText
    at: QPointF
    face: Face
    width: float

    def paint(self, painter: QPainter) -> None:
        painter.setFont(self.face.font)
        painter.setPen(self.face.pen)
        painter.drawStaticText(self.at, self.text)


def line(face: Face, text: str, x: float, middle: float, align: float = 0.0) -> Line:
    """``text`` with its left end at ``x`` (``align`` 0), its middle (0.5) or its right end (1)."""
    static = QStaticText(text)
    static.setTextFormat(Qt.TextFormat.PlainText)
    static.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    width = face.width(text)
    return Line(static, QPointF(x - width * align, middle - face.height / 2), face, width)


class Style:
    """All that painting needs of a theme."""

    def __init__(self, theme: CanvasTheme) -> None:
        self.theme = theme
        color, dark = theme.color, theme.dark
        self.background = color("background")
        self.grid = color("grid")
        self.box = QBrush(color("raised") if dark else color("panel"))
        self.box_hover = QBrush(color("hover") if dark else color("panel"))
        border = theme.mixed("line", "dim", 0.18)
        self.border = QPen(border, 1.0)
        self.border_idle = QPen(theme.mixed("line", "dim", 0.75), 1.2, Qt.PenStyle.DashLine)
        self.border_hover = QPen(theme.mixed("line", "dim", 0.6), 1.0)
        self.border_selected = QPen(color("accent"), 2.0)
        self.border_error = QPen(color("error"), 1.6)
        self.border_warning = QPen(color("warning"), 1.4)
        self.glow = QPen(color("accent", 0.22), 4.0)
        self.frozen_box = QBrush(color("frozen.soft"))
        self.hatch = QBrush(color("frozen", 0.13 if dark else 0.16))
        self.flake = QPen(color("frozen.text"), 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        self.shadow = QBrush(QColor(0, 0, 0, 26 if dark else 14))
        self.ink = Ink.of(theme)
        self._make_faces()
        self._make_wires()

    def _make_faces(self) -> None:
        theme, color = self.theme, self.theme.color
        self.name = Face(theme.font(13, bold=True), color("text"))
        self.note = Face(theme.font(13), color("text"))
        self.name_idle = Face(theme.font(13, bold=True), color("dim"))
        self.detail = Face(theme.font(12), color("dim"))
        striped = theme.mixed("dim", "text", 0.5)  # is read on stripes too
        self.detail_frozen = Face(theme.font(12), striped)
        self.count_frozen = Face(theme.font(11, mono=True), striped)
        self.count = Face(theme.font(11, mono=True), color("dim"))
        self.shape = Face(theme.font(11, mono=True), theme.mixed("dim", "text", 0.35))
        self.brief = Face(theme.font(9, mono=True), theme.mixed("dim", "text", 0.2))
        self.pill = Face(theme.font(11, bold=True), color("ok.text"))
        self.mark = Face(theme.font(10, bold=True), color("accent.text"))
        self.mark_idle = Face(theme.font(10, bold=True), theme.mixed("dim", "text", 0.5))
        self.message = {
            "error": Face(theme.font(11), color("error.text")),
            "warning": Face(theme.font(11), color("warning.text")),
        }
        bold = theme.font(11, bold=True)
        self.sign = {"error": Face(bold, color("error.text")), "warning": Face(bold, color("warning.text"))}
        self.pill_fill = QBrush(color("ok.soft"))
        self.mark_fill = QBrush(color("accent.soft"))
        self.idle_fill = QBrush(theme.mixed("line", "dim", 0.12))
        self.message_fill = {"error": QBrush(color("error.soft")), "warning": QBrush(color("warning.soft"))}

    def _make_wires(self) -> None:
        theme, color = self.theme, self.theme.color
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin

        def pen(tint: QColor, width: float, kind: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
            return QPen(tint, width, kind, cap, join)

        self.wire = pen(color("wire"), 1.8)
        self.wire_idle = pen(theme.mixed("wire", "line", 0.35), 1.5, Qt.PenStyle.DashLine)
        self.wire_handed_on = pen(color("accent"), 2.2)
        self.wire_hover = pen(color("accent"), 2.4)
        self.wire_lit = pen(theme.mixed("wire", "accent", 0.7), 2.0)
        self.wire_error = pen(color("error"), 2.0)
        self.wire_dragged = pen(color("accent"), 2.2)
        self.wire_refused = pen(color("error"), 2.2, Qt.PenStyle.DashLine)
        self.port = QBrush(color("wire"))
        self.port_free = QBrush(self.background)
        self.port_lit = QBrush(color("accent"))
        self.port_edge = QPen(self.background, 1.5)
        self.port_free_edge = QPen(color("wire"), 1.5)
        self.band_fill = QBrush(color("accent", 0.12))
        self.band_edge = pen(color("accent", 0.8), 1.0)
        self.ghost = pen(color("accent"), 1.5, Qt.PenStyle.DashLine)

    @lru_cache(maxsize=64)  # noqa: B019 - a style lives as long as its scene
    def bar(self, category: str) -> QBrush:
        """The bar at the left of a box of that category."""
        return QBrush(self.theme.category(category))


def stripes(body: QRectF, radius: float) -> QPainterPath:
    """Slanted stripes within a rounded rectangle: outlines, so that they stay sharp at any size and in vector files."""
    bands = QPainterPath()
    slant = body.height()
    x = body.left() - slant
    while x < body.right():
        band = [QPointF(x, body.bottom()), QPointF(x + slant, body.top())]
        band += [QPointF(x + slant + _STRIPE, body.top()), QPointF(x + _STRIPE, body.bottom())]
        bands.addPolygon(QPolygonF([*band, band[0]]))
        x += 2 * _STRIPE
    rounded = QPainterPath()
    rounded.addRoundedRect(body, radius, radius)
    return bands.intersected(rounded)


def arrow(center: QPointF, down: bool) -> QPolygonF:
    """A small triangle that points down, at what is open, or to the right, at what can be opened."""
    corners = [QPointF(-4.5, -2.5), QPointF(4.5, -2.5), QPointF(0, 3.5)]
    return QPolygonF([center + (point if down else QPointF(point.y(), point.x())) for point in corners])


def snowflake(center: QPointF, radius: float) -> QPainterPath:
    """Six arms with small branches; drawn, because not every typeface has the sign."""
    path = QPainterPath()
    for turn in range(6):
        path.addPath(_arm(center, radius, turn * 60.0))
    return path


def _arm(center: QPointF, radius: float, degrees: float) -> QPainterPath:
    arm = QPainterPath(QPointF(0, 0))
    arm.lineTo(radius, 0)
    arm.moveTo(radius * 0.55, 0)
    arm.lineTo(radius * 0.85, radius * 0.3)
    arm.moveTo(radius * 0.55, 0)
    arm.lineTo(radius * 0.85, -radius * 0.3)
    return QTransform().translate(center.x(), center.y()).rotate(degrees + 30).map(arm)


def text_box(width: float, face: Face, text: str, lines: int) -> tuple[list[str], QSizeF]:
    """``text`` broken into at most ``lines`` lines of ``width``, the last one elided, and the space it takes."""
    words, rows = text.split(), [""]
    while words:
        longer = f"{rows[-1]} {words[0]}".strip()
        if face.width(longer) <= width or not rows[-1]:
            rows[-1] = longer
            words.pop(0)
        elif len(rows) < lines:
            rows.append("")
        else:
            rows[-1] = f"{rows[-1]} {' '.join(words)}"
            break
    rows = [face.elided(row, width) for row in rows]
    return rows, QSizeF(max(face.width(row) for row in rows), face.height * len(rows))
