"""What an output says of its classes: a bar for each, drawn as one widget, since it changes with every stroke."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.look.fonts import mono_font, ui_font
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from graph_editor.words.spoken import set_spoken_description
from resources.plain import shown_name
from resources.text import tr

_ROW: Final = 22
_BAR: Final = 8
_MOST_ROWS: Final = 10
_VALUE: Final = 46
_NARROWEST_NAME, _WIDEST_NAME = 14, 150
_GAP: Final = 8
_DIM: Final = 0.35


class Bars(QWidget):
    """`show_values` gets names and values from 0 to 1, the highest first.

    Up to ten classes stay in their places, so that nothing jumps while somebody draws; of more the ten most likely
    ones are shown. `truth` is what the data says: its bar is green, and another one that is higher is red.
    """

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names: tuple[str, ...] = ()
        self.values: tuple[float, ...] = ()
        self.truth = ""
        self.more = 0
        self._best = ""
        self._several = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.follow(self._on_theme)

    def show_values(
        self, names: Sequence[str], values: Sequence[float], truth: str = "", several: bool = False
    ) -> None:
        """`several`: each class has a yes or a no of its own, which a half divides."""
        before = self.sizeHint()
        pairs = list(zip(names, values, strict=True))
        self._best = names[0] if names and not several else ""
        self.more = max(0, len(pairs) - _MOST_ROWS)
        pairs = pairs[:_MOST_ROWS]
        if not self.more:
            pairs.sort(key=lambda pair: in_order(pair[0]))
        self.names, self.values = tuple(name for name, _ in pairs), tuple(value for _, value in pairs)
        self.truth, self._several = truth, several
        spoken = ", ".join(
            f"{shown_name(name)} {share_text(value)}" for name, value in zip(names[:3], values, strict=False)
        )
        set_spoken_description(self, spoken)
        if self.sizeHint() != before:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, _ROW * (len(self.names) + bool(self.more)))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def _on_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def _tokens(self, name: str, value: float) -> tuple[str, str]:
        """The colours of a bar and of its name."""
        if self.truth and name == self.truth:
            return "ok", "ok.text"
        chosen = value >= 0.5 if self._several else name == self._best
        if chosen and self.truth:
            return "error", "error.text"
        return ("accent", "text") if chosen else ("faint", "dim")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1.0 if self.isEnabled() else _DIM)
        metrics = QFontMetrics(ui_font(12, bold=True))
        widest = max((metrics.horizontalAdvance(shown_name(name)) for name in self.names), default=0) + 2
        left = min(_WIDEST_NAME, self.width() // 3, max(_NARROWEST_NAME, widest)) + _GAP
        for row, (name, value) in enumerate(zip(self.names, self.values, strict=True)):
            self._paint_row(painter, QRect(0, row * _ROW, self.width(), _ROW), left, name, value)
        if self.more:
            painter.setFont(ui_font(12))
            painter.setPen(QColor(self._theme.color("dim")))
            rest = QRect(left, len(self.names) * _ROW, self.width() - left, _ROW)
            painter.drawText(rest, int(Qt.AlignmentFlag.AlignVCenter), tr("and {count} more", count=f"{self.more:,}"))

    def _paint_row(self, painter: QPainter, row: QRect, left: int, name: str, value: float) -> None:
        bar_token, name_token = self._tokens(name, value)
        painter.setFont(ui_font(12, bold=bar_token != "faint"))
        painter.setPen(QColor(self._theme.color(name_token)))
        text = painter.fontMetrics().elidedText(shown_name(name), Qt.TextElideMode.ElideMiddle, left - _GAP)
        side = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(0, row.top(), left - _GAP, row.height()), int(side | Qt.AlignmentFlag.AlignRight), text)
        room = QRectF(left, row.center().y() - _BAR / 2 + 0.5, max(1, row.width() - left - _VALUE - _GAP), _BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.color("raised")))
        painter.drawRoundedRect(room, 3, 3)
        share = min(1.0, max(0.0, value))
        if share * room.width() >= 0.5:
            painter.setBrush(QColor(self._theme.color(bar_token)))
            painter.drawRoundedRect(QRectF(room.left(), room.top(), share * room.width(), _BAR), 3, 3)
        painter.setFont(mono_font(12))
        painter.setPen(QColor(self._theme.color("text" if bar_token != "faint" else "dim")))
        place = QRect(self.width() - _VALUE, row.top(), _VALUE, row.height())
        painter.drawText(place, int(side | Qt.AlignmentFlag.AlignRight), share_text(value))


def share_text(value: float) -> str:
    """0.83; a dash for what is no number."""
    return f"{value:.2f}" if value == value else "–"


def in_order(name: str) -> tuple[tuple[int, float, str], ...]:
    """A key that puts "10" behind "9"."""
    parts = re.split(r"(\d+)", name)
    return tuple((0, float(part), "") if part.isdecimal() else (1, 0.0, part.casefold()) for part in parts if part)
