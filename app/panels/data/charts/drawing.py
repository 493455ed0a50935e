"""Bars, histograms and waves of one column, painted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.look.fonts import mono_font, ui_font
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.data.parts.part_colors import PART_COLORS, PART_TITLES
from app.panels.data.parts.pictures import PictureCache
from app.panels.plots.formats import count_text, value_text
from graph_editor.words.spoken import set_spoken_description
from graph_editor.words.tooltips import show_tooltip
from resources.dates import day_text
from resources.plain import shown_name
from resources.text import tr
from runtime.messages.profiling import Bars, Histogram, Pictures, ProfilePart, Wave

_AXIS, _GAP, _NARROWEST, _WIDEST = 18, 6, 3, 120
_MOST_SPOKEN = 12


class Chart(QWidget):
    """`show_part` draws something else; what is under the mouse is told in a tooltip."""

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data_chart")
        self.setAccessibleName(tr("Distribution"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._part: ProfilePart | None = None
        self._pictures = PictureCache()
        look.follow(self._on_theme)

    def _on_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 84)

    @property
    def part(self) -> ProfilePart | None:
        return self._part

    def show_part(self, part: ProfilePart | None) -> None:
        self._part = part
        set_spoken_description(self, ", ".join(self._bar_text(number) for number in range(self._count)[:_MOST_SPOKEN]))
        self.update()

    # bars

    @property
    def _counts(self) -> Sequence[int]:
        return self._part.counts if isinstance(self._part, Bars | Histogram) else ()

    @property
    def _count(self) -> int:
        return len(self._counts)

    def _bar(self, number: int) -> QRectF:
        """The room that a bar has, from top to bottom."""
        room, count = self.width(), max(1, self._count)
        gap = 0.0 if isinstance(self._part, Histogram) else min(_GAP, room / count / 4)
        if isinstance(self._part, Histogram) and room / count > 4:
            gap = 1.0
        width = (room - gap * (count - 1)) / count
        if isinstance(self._part, Bars):
            width = min(width, _WIDEST)
        return QRectF(number * (width + gap), 0, max(1.0, width), max(1, self.height() - _AXIS))

    def _bar_text(self, number: int) -> str:
        """What a bar stands for, and how much there is of it."""
        part = self._part
        if isinstance(part, Bars):
            name = shown_name(part.labels[number]) or tr("nothing")
        elif isinstance(part, Histogram):
            name = _range_text(part, part.edges[number], part.edges[number + 1])
        else:
            return ""
        sentence = f"{name}: {count_text(self._counts[number])}"
        parts = [f"{PART_TITLES[key]} {count_text(counts[number])}" for key, counts in part.parts.items()]
        return f"{sentence} ({', '.join(parts)})" if parts else sentence

    # what Qt tells

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            show_tooltip(event.globalPos(), self._told_at(event.pos()), self)
            return True
        return super().event(event)

    def _told_at(self, place: QPoint) -> str:
        numbers = range(self._count)
        return next((self._bar_text(n) for n in numbers if self._bar(n).contains(place.x(), 1)), "")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if isinstance(self._part, Bars | Histogram):
            self._paint_bars(painter, self._part)
        elif isinstance(self._part, Wave):
            self._paint_wave(painter, self._part)
        elif isinstance(self._part, Pictures):
            self._paint_pictures(painter, self._part)

    def _paint_bars(self, painter: QPainter, part: Bars | Histogram) -> None:
        highest = max(part.counts, default=0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, isinstance(part, Bars))
        for number, count in enumerate(part.counts):
            room = self._bar(number)
            scale = room.height() / highest if highest else 0.0
            bottom = room.bottom()
            stack = part.parts or {"training": part.counts}
            for key, counts in stack.items():
                height = counts[number] * scale
                if counts[number]:
                    height = max(1.0, height)
                painter.setBrush(QColor(self._theme.color(PART_COLORS[key])))
                painter.drawRoundedRect(QRectF(room.left(), bottom - height, room.width(), height), 2, 2)
                bottom -= height + (1 if height else 0)
            if not count:
                painter.setBrush(QColor(self._theme.color("line")))
                painter.drawRect(QRectF(room.left(), room.bottom() - 1, room.width(), 1))
        self._paint_axis(painter, part)

    def _paint_axis(self, painter: QPainter, part: Bars | Histogram) -> None:
        painter.setPen(QColor(self._theme.color("dim")))
        area = QRectF(0, self.height() - _AXIS + 3, self.width(), _AXIS - 3)
        if isinstance(part, Histogram):
            painter.setFont(mono_font(11))
            first, last = _ends(part)
            low, high = _edge_text(part, first), _edge_text(part, last)
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, low)
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, high)
            place = 0.0
            if first < 0 < last and not part.dates:
                place = -part.edges[0] / (part.edges[-1] - part.edges[0]) * self.width()
            if 60 < place < self.width() - 60:
                painter.drawText(QRectF(place - 20, area.top(), 40, area.height()), Qt.AlignmentFlag.AlignCenter, "0")
            return
        painter.setFont(ui_font(11))
        every = 1
        if self._count and self._bar(0).width() < 14:  # numbers still fit below every fifth bar
            every = max(1, -(-28 // max(1, int(self._bar(0).width()))))
        for number in range(0, self._count, every):
            bar = self._bar(number)
            width = bar.width() if every == 1 else bar.width() * every
            text = shown_name(part.labels[number])
            text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(width) + 4)
            where = QRectF(bar.center().x() - width / 2 - 2, area.top(), width + 4, area.height())
            painter.drawText(where, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_wave(self, painter: QPainter, wave: Wave) -> None:
        middle, count = self.height() / 2, max(1, len(wave.low))
        painter.setPen(QColor(self._theme.color("line")))
        painter.drawLine(0, int(middle), self.width(), int(middle))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.color("plot.1")))
        width = self.width() / count
        for number, (low, high) in enumerate(zip(wave.low, wave.high, strict=True)):
            top = middle - high * middle
            painter.drawRect(QRectF(number * width, top, max(1.0, width), max(1.0, (high - low) * middle)))

    def _paint_pictures(self, painter: QPainter, part: Pictures) -> None:
        painter.setFont(ui_font(11))
        painter.setPen(QColor(self._theme.color("dim")))
        room = self.height() - _AXIS
        left = 0
        for name, picture in zip(part.names, part.pictures, strict=True):
            width = max(40, min(room * picture.width // max(1, picture.height), room * 3))
            area = QRect(left, 0, width, room)
            self._pictures.draw_into(painter, area, picture)
            text = painter.fontMetrics().elidedText(shown_name(name), Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRect(left, room + 2, width, _AXIS - 2), Qt.AlignmentFlag.AlignCenter, text)
            left += width + 2 * _GAP
            if left > self.width():
                break


def _ends(part: Histogram) -> tuple[float, float]:
    """The least and the greatest value: bars of whole numbers have them in their middle."""
    low, high = part.edges[0], part.edges[-1]
    of_whole_numbers = len(part.edges) > 1 and part.edges[1] - low == 1 and not float(low).is_integer()
    return (low + 0.5, high - 0.5) if of_whole_numbers else (low, high)


def _edge_text(part: Histogram, value: float) -> str:
    day = day_text(value) if part.dates else None
    return value_text(value) if day is None else day


def _range_text(part: Histogram, low: float, high: float) -> str:
    """Of a bar of one whole number, that number."""
    if high - low == 1 and not float(low).is_integer():
        return value_text(low + 0.5)
    return f"{_edge_text(part, low)} … {_edge_text(part, high)}"
