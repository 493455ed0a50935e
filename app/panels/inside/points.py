"""A cloud of samples, coloured by class, and what its colours stand for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.look.fonts import mono_font
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.inside.pictures import STEPS, Painted
from app.panels.plots.formats import count_text
from graph_editor.words.spoken import set_spoken_description
from graph_editor.words.tooltips import show_tooltip
from resources.plain import shown_name
from resources.text import tr
from runtime.messages.views import Points


class PointsMap(Painted):
    """A cloud of samples coloured by class. A click, or Enter on the current point, opens its sample."""

    opened = Signal(int)  # row of a sample

    def __init__(self, name: str, title: str, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(name, title, look, parent)
        self._points: Points | None = None
        self._current = -1
        self.setMouseTracking(True)
        self.setMinimumHeight(240)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def show_points(self, points: Points | None) -> None:
        self._points, self._current = points, -1
        self.setVisible(points is not None)
        if points is not None:
            set_spoken_description(self, tr("{count} samples", count=count_text(len(points.xs))))
        self.update()

    def colors(self) -> list[QColor]:
        """A colour for each class, in their order."""
        names = self._points.names if self._points is not None else ()
        return [class_color(number, len(names), self.theme) for number in range(len(names))]

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(8, 8, -8, -8)

    def places(self) -> list[QPointF]:
        points = self._points
        if points is None or not points.xs:
            return []
        area = self._area()
        low_x, low_y = min(points.xs), min(points.ys)
        across, up = (max(points.xs) - low_x) or 1.0, (max(points.ys) - low_y) or 1.0
        return [
            QPointF(area.left() + (x - low_x) / across * area.width(), area.bottom() - (y - low_y) / up * area.height())
            for x, y in zip(points.xs, points.ys, strict=True)
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        points = self._points
        if points is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places, colors = self.places(), self.colors() or [QColor(self.theme.color("accent"))]
        groups: dict[int, list[QPointF]] = {}
        for number, place in enumerate(places):
            groups.setdefault(points.groups[number] if number < len(points.groups) else 0, []).append(place)
        for group, members in groups.items():
            color = QColor(colors[group % len(colors)]) if group >= 0 else QColor(self.theme.color("dim"))
            color.setAlphaF(0.8)
            pen = QPen(color, 5.0)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPoints(members)
        if 0 <= self._current < len(places):
            painter.setPen(QPen(QColor(self.theme.color("text")), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(places[self._current], 6, 6)
        self.focus_ring(painter)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = self._nearest(QPointF(event.pos()))
            show_tooltip(event.globalPos(), self._told(number) if number >= 0 else "", self)
            return True
        return super().event(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        number = self._nearest(event.position())
        if event.button() == Qt.MouseButton.LeftButton and number >= 0:
            self._go_to(number)
            self._open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step, count = STEPS.get(Qt.Key(event.key())), len(self.places())
        if step is not None and count:
            self._go_to((self._current + step) % count if self._current >= 0 else 0)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current >= 0:
            self._open()
        else:
            super().keyPressEvent(event)

    def _go_to(self, number: int) -> None:
        self._current = number
        set_spoken_description(self, self._told(number))
        self.update()

    def _open(self) -> None:
        points = self._points
        if points is not None and self._current < len(points.rows):
            self.opened.emit(points.rows[self._current])

    def _nearest(self, at: QPointF) -> int:
        found = [((place - at).manhattanLength(), number) for number, place in enumerate(self.places())]
        distance, number = min(found, default=(1e9, -1))
        return number if distance < 12 else -1

    def _told(self, number: int) -> str:
        points = self._points
        if points is None:
            return ""
        row = tr("sample {number}", number=count_text(points.rows[number] + 1)) if number < len(points.rows) else ""
        group = points.groups[number] if number < len(points.groups) else -1
        name = shown_name(points.names[group]) if 0 <= group < len(points.names) else ""
        return " · ".join(text for text in (row, name) if text)


def class_color(number: int, count: int, theme: Theme) -> QColor:
    """Plain colours of the theme for few classes, else a circle of hues."""
    if count <= 8:
        return QColor(theme.color(f"plot.{number % 8 + 1}"))
    light = 0.62 if theme.dark else 0.42
    return QColor.fromHslF(number / count * 0.92, 0.72, light + (0.1 if number % 2 else 0.0))


class ClassLegend(Painted):
    """What the colours of a cloud stand for, as many as have room on three lines."""

    def __init__(self, name: str, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(name, tr("Classes"), look, parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._names: Sequence[str] = ()
        self.setFixedHeight(18)

    def show_names(self, names: Sequence[str]) -> None:
        self._names = names
        set_spoken_description(self, ", ".join(names[:40]))
        self.setVisible(bool(names))
        self.setFixedHeight(18 * len(self._rows()) + 2)
        self.update()

    def _rows(self) -> list[list[tuple[int, float, str]]]:
        metrics, rows, left = QFontMetricsF(mono_font(11)), [list[tuple[int, float, str]]()], 0.0
        for number, name in enumerate(self._names):
            text = metrics.elidedText(shown_name(name), Qt.TextElideMode.ElideRight, 110)
            width = metrics.horizontalAdvance(text) + 22
            if left + width > max(self.width(), 180) and rows[-1]:
                if len(rows) == 3:
                    break
                rows.append([])
                left = 0.0
            rows[-1].append((number, left, text))
            left += width
        return rows

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(mono_font(11))
        for line, row in enumerate(self._rows()):
            for number, left, text in row:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(class_color(number, len(self._names), self.theme))
                painter.drawEllipse(QPointF(left + 5, line * 18 + 9), 4, 4)
                painter.setPen(QColor(self.theme.color("dim")))
                painter.drawText(QPointF(left + 13, line * 18 + 13), text)
