"""The samples in a row: those that train, those that validate, those that test."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.data.parts.part_colors import PART_COLORS

_GAP = 3


class SplitBar(QWidget):
    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares: Sequence[float] = (0.8, 0.2, 0.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.follow(self._on_theme)

    def _on_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_shares(self, shares: Sequence[float]) -> None:
        """Of the samples that train, validate and test."""
        self._shares = shares
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        shown = [(share, token) for share, token in zip(self._shares, PART_COLORS.values(), strict=True) if share > 0]
        room, left = self.width() - _GAP * (len(shown) - 1), 0.0
        for share, token in shown:
            painter.setBrush(QColor(self._theme.color(token)))
            painter.drawRoundedRect(QRectF(left, 0, room * share, self.height()), 3, 3)
            left += room * share + _GAP
