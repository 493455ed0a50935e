"""The legend of a plot: one entry a line, with its value; a click hides the line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.look.fonts import mono_font, ui_font
from app.look.theme import Theme
from app.panels.plots.formats import value_text
from app.panels.plots.lines import Line
from graph_editor.words.letting_go import let_go
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.text import tr

_SWATCH = 12
_GAP = 6
_AROUND = _SWATCH + 2 * _GAP + 8  # what an entry has beside its words
_ROW = 20
_SPACE = 4


class LegendEntry(QAbstractButton):
    """A swatch, a name and a value. Unchecked: the line is hidden."""

    def __init__(self, line: Line, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._line = line
        self._value = ""
        self._room: int | None = None
        self.setCheckable(True)
        self.setChecked(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setObjectName(f"legend_{line.group}")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_room(None)
        self.set_value(None)

    def set_room(self, room: int | None) -> None:
        """How wide it may be: a longer name ends in an ellipsis, and the tooltip says all of it."""
        self._room = room
        help_text = tr("Click to hide or show this line")
        cut = self._widths()[0] != self._line.label
        set_tooltip(self, f"{self._line.label}\n{help_text}" if cut else help_text)

    def set_value(self, value: float | None) -> None:
        text = value_text(value)
        if text == self._value:
            return
        wider = len(text) != len(self._value)
        self._value = text
        set_spoken_name(self, f"{self._line.label} {text}")
        if wider:
            self.updateGeometry()
        self.update()

    @property
    def value(self) -> str:
        return self._value

    def sizeHint(self) -> QSize:
        _, name_width, value_width = self._widths()
        return QSize(_AROUND + name_width + value_width, _ROW)

    def whole_width(self) -> int:
        """The width with the whole name."""
        name_width = _metrics(self, bold=False).horizontalAdvance(self._line.label)
        return _AROUND + name_width + _metrics(self, bold=True).horizontalAdvance(self._value)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        label, name_width, value_width = self._widths()
        on = self.isChecked()
        color = QColor(self._line.color if on else self._theme.color("faint"))
        style = Qt.PenStyle.DotLine if self._line.dashed else Qt.PenStyle.SolidLine
        painter.setPen(QPen(color, 3, style, Qt.PenCapStyle.RoundCap if on else Qt.PenCapStyle.FlatCap))
        middle = self.height() / 2
        painter.drawLine(5, round(middle), 4 + _SWATCH - 2, round(middle))
        painter.setPen(QColor(self._theme.color("text" if on else "dim")))
        name_font = ui_font(12)
        name_font.setStrikeOut(not on)
        painter.setFont(name_font)
        left = 4 + _SWATCH + _GAP
        align = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(QRectF(left, 0, name_width + 2, self.height()), align, label)
        value_font = mono_font(12)
        value_font.setBold(True)
        painter.setFont(value_font)
        if on:
            painter.drawText(QRectF(left + name_width + _GAP, 0, value_width + 2, self.height()), align, self._value)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.color("accent")), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _widths(self) -> tuple[str, int, int]:
        metrics = _metrics(self, bold=False)
        value_width = _metrics(self, bold=True).horizontalAdvance(self._value)
        label = self._line.label
        if self._room is not None and self._room < self.whole_width():
            label = metrics.elidedText(label, Qt.TextElideMode.ElideMiddle, max(20, self._room - _AROUND - value_width))
        return label, metrics.horizontalAdvance(label), value_width


class Legend(QWidget):
    """The entries of a plot's lines. Which are hidden is kept by group while lines come and go."""

    visibility_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: dict[str, LegendEntry] = {}
        self._shown: tuple[tuple[str, str, str], ...] = ()
        self._hidden: set[str] = set()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_ROW)

    def entries(self) -> dict[str, LegendEntry]:
        return dict(self._entries)

    def hidden_groups(self) -> frozenset[str]:
        return frozenset(self._hidden)

    def show_lines(self, lines: Sequence[Line], theme: Theme) -> None:
        """One entry for every line that belongs into the legend."""
        listed = [line for line in lines if line.in_legend]
        entries = tuple((line.group, line.label, line.color) for line in listed)
        if entries == self._shown:
            return
        self._shown = entries
        for entry in self._entries.values():
            let_go(entry)
        self._entries = {}
        for line in listed:
            entry = LegendEntry(line, theme, self)
            entry.setChecked(line.group not in self._hidden)
            entry.toggled.connect(lambda on, group=line.group: self._on_toggled(group, on))
            self._entries[line.group] = entry
            entry.show()
        self.updateGeometry()
        self.flow()

    def sizeHint(self) -> QSize:
        """All entries in one row, with whole names."""
        widths = [entry.whole_width() for entry in self._entries.values()]
        return QSize(sum(widths) + _SPACE * max(0, len(widths) - 1), _ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, _ROW)

    def flow(self) -> None:
        """Place the entries from left to right, and in further rows where the width ends."""
        x = y = 0
        for entry in self._entries.values():
            entry.set_room(self.width())
            width = entry.sizeHint().width()
            if x and x + width > self.width():
                x, y = 0, y + _ROW
            entry.setGeometry(x, y, width, _ROW)
            x += width + _SPACE
        self.setFixedHeight(y + _ROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.flow()

    def forget(self) -> None:
        """Make the entries anew at the next chance (colours changed)."""
        self._shown = (("", "", ""),)

    def event(self, event: QEvent) -> bool:
        """A value got longer or shorter, so that the entries beside it move."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
            self.flow()
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
            self.flow()

    def _on_toggled(self, group: str, on: bool) -> None:
        if on:
            self._hidden.discard(group)
        else:
            self._hidden.add(group)
        self.visibility_changed.emit()


def _metrics(widget: QWidget, bold: bool) -> QFontMetrics:
    font = mono_font(12) if bold else ui_font(12)
    font.setBold(bold)
    return QFontMetrics(font, widget)
