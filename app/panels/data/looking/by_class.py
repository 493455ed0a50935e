"""A line for each class: what the mean of its pictures looks like, then some of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from app.look.fonts import mono_font, ui_font
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.data.looking.fetching import Fetching
from app.panels.data.looking.painting import paint_sample
from app.panels.data.parts.pictures import PictureCache
from app.panels.plots.formats import count_text
from app.project.data_look.rows import DataRows
from graph_editor.words.spoken import set_spoken_description
from resources.plain import shown_name
from resources.text import tr
from runtime.messages.looking import Thumbnail

_LINE, _EDGE, _GAP, _NAME = 57, 45, 9, 108


@dataclass(frozen=True, slots=True)
class ClassLine:
    """`rows` are some samples of the class, `count` is how many there are."""

    name: str
    count: int
    rows: tuple[int, ...]
    mean: Thumbnail | None = None


class ByClass(QAbstractScrollArea):
    """`opened` carries the number of a sample that a person wants to see large."""

    opened = Signal(int)

    def __init__(self, rows: DataRows, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data_by_class")
        self.setProperty("part", "pictures")
        self.setAccessibleName(tr("Pictures by class"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._rows = rows
        self._pictures = PictureCache()
        self._column = ""
        self.lines: tuple[ClassLine, ...] = ()
        self.current = (0, 0)  # line, and place in it
        self._fetching = Fetching(self, self._fetch)
        rows.arrived.connect(self._on_arrived)
        self.verticalScrollBar().valueChanged.connect(self._fetching.soon)
        look.follow(self._on_theme)

    def show_classes(self, column: str, lines: Sequence[ClassLine]) -> None:
        if (column, tuple(lines)) == (self._column, self.lines):
            return
        self._column, self.lines = column, tuple(lines)
        self.current = (0, 0)
        self._arrange()

    def _arrange(self) -> None:
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, len(self.lines) * _LINE - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(_LINE // 2)
        self._fetching.soon()
        self.viewport().update()

    @property
    def _across(self) -> int:
        """How many samples of a class there is room for."""
        room = self.viewport().width() - self._left - (_EDGE + _GAP) * self._has_means
        return max(1, room // (_EDGE + _GAP))

    @property
    def _has_means(self) -> bool:
        return any(line.mean is not None for line in self.lines)

    @property
    def _left(self) -> int:
        return _NAME + 4

    def _in_sight(self) -> range:
        first = self.verticalScrollBar().value() // _LINE
        return range(first, min(len(self.lines), first + self.viewport().height() // _LINE + 2))

    def _fetch(self) -> None:
        if self._column and self.isVisible():
            for number in reversed(self._in_sight()):  # what is asked for last comes first
                self._rows.want_rows(self._column, self.lines[number].rows[: self._across])

    def _place(self, line: int, place: int) -> QRect:
        top = line * _LINE - self.verticalScrollBar().value() + (_LINE - _EDGE) // 2
        left = self._left + (place + self._has_means) * (_EDGE + _GAP)
        return QRect(left, top, _EDGE, _EDGE)

    def _at(self, point: QPoint) -> tuple[int, int] | None:
        for line in self._in_sight():
            for place in range(min(self._across, len(self.lines[line].rows))):
                if self._place(line, place).contains(point):
                    return line, place
        return None

    def _go_to(self, line: int, place: int) -> None:
        line = max(0, min(line, len(self.lines) - 1))
        place = max(0, min(place, min(self._across, len(self.lines[line].rows)) - 1))
        self.current = (line, place)
        bar, height = self.verticalScrollBar(), self.viewport().height()
        if line * _LINE < bar.value():
            bar.setValue(line * _LINE)
        elif (line + 1) * _LINE > bar.value() + height:
            bar.setValue((line + 1) * _LINE - height)
        shown = self.lines[line]
        number = count_text(shown.rows[place] + 1) if shown.rows else ""
        set_spoken_description(self, f"{shown.name}, {_count(shown)}, {number}")
        self.viewport().update()

    # what Qt tells

    def _on_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.viewport().update()

    def _on_arrived(self) -> None:
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        for number in self._in_sight():
            self._paint_line(painter, number)

    def _paint_line(self, painter: QPainter, number: int) -> None:
        line = self.lines[number]
        top = number * _LINE - self.verticalScrollBar().value()
        for font, token, text, where in (
            (ui_font(13, bold=True), "text", shown_name(line.name), QRect(0, top + 10, _NAME, 19)),
            (mono_font(11), "dim", _count(line), QRect(0, top + 29, _NAME, 17)),
        ):
            painter.setFont(font)
            painter.setPen(QColor(self._theme.color(token)))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, where.width())
            painter.drawText(where, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        if line.mean is not None:
            self._paint_mean(painter, QRect(self._left, self._place(number, 0).top(), _EDGE, _EDGE), line.mean)
        for place, row in enumerate(line.rows[: self._across]):
            cell, marked = self._rows.cell(self._column, row), (number, place) == self.current and self.hasFocus()
            paint_sample(painter, self._place(number, place), cell, self._pictures, self._theme, marked=marked)
        painter.setPen(QColor(self._theme.color("line")))
        painter.drawLine(0, top + _LINE - 1, self.viewport().width(), top + _LINE - 1)

    def _paint_mean(self, painter: QPainter, area: QRect, mean: Thumbnail) -> None:
        self._pictures.draw(painter, area.adjusted(2, 2, -2, -2), mean)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(QColor(self._theme.color("accent")), 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area, 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fetching.soon()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position().toPoint())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self._go_to(*found)
            self.opened.emit(self.lines[found[0]].rows[found[1]])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        line, place = self.current
        page = max(1, self.viewport().height() // _LINE)
        moves = {
            Qt.Key.Key_Left: (line, place - 1),
            Qt.Key.Key_Right: (line, place + 1),
            Qt.Key.Key_Up: (line - 1, place),
            Qt.Key.Key_Down: (line + 1, place),
            Qt.Key.Key_PageUp: (line - page, place),
            Qt.Key.Key_PageDown: (line + page, place),
            Qt.Key.Key_Home: (0, 0),
            Qt.Key.Key_End: (len(self.lines) - 1, place),
        }
        key = Qt.Key(event.key())
        if key in moves and self.lines:
            self._go_to(*moves[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.lines:
            rows = self.lines[line].rows
            if place < len(rows):
                self.opened.emit(rows[place])
        else:
            super().keyPressEvent(event)


def _count(line: ClassLine) -> str:
    return tr("1 picture") if line.count == 1 else tr("{count} pictures", count=count_text(line.count))
