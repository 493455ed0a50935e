"""A few pictures of the data, each as it is and beside it as augmentation makes it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.look.fonts import ui_font
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.data.parts.pictures import PictureCache
from graph_editor.words.spoken import set_spoken_description, set_spoken_name
from resources.text import tr
from runtime.messages.looking import DataAugmented

ROWS: Final = 5
TIMES: Final = 5
_GAP, _HEAD, _APART = 8, 22, 14
_LARGEST, _SMALLEST = 128, 40


class AugmentedGallery(QWidget):
    """`show_answer` with what the engine made; until then places stand empty."""

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("augmented_gallery")
        set_spoken_name(self, tr("Augmented pictures"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._pictures = PictureCache()
        self.answer: DataAugmented | None = None
        look.follow(self._on_theme)

    def show_answer(self, answer: DataAugmented | None) -> None:
        self.answer = answer
        count = len(answer.originals) if answer is not None else 0
        set_spoken_description(self, tr("{count} pictures", count=str(count)))
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize((TIMES + 1) * (_SMALLEST + _GAP) + _APART, ROWS * (_SMALLEST + _GAP) + _HEAD)

    @property
    def _edge(self) -> int:
        across = (self.width() - _APART) // (TIMES + 1) - _GAP
        down = (self.height() - _HEAD) // ROWS - _GAP
        return max(_SMALLEST, min(_LARGEST, across, down))

    def _place(self, row: int, place: int) -> QRect:
        """Place 0 is that of the picture as it is."""
        edge = self._edge
        left = place * (edge + _GAP) + (_APART if place else 0)
        return QRect(left, _HEAD + row * (edge + _GAP), edge, edge)

    def _on_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(ui_font(11))
        painter.setPen(QColor(self._theme.color("dim")))
        first, second = self._place(0, 0), self._place(0, 1)
        painter.drawText(first.left(), _HEAD - 8, tr("as it is"))
        painter.drawText(second.left(), _HEAD - 8, tr("augmented"))
        rows = len(self.answer.originals) if self.answer is not None else ROWS
        for row in range(min(rows, ROWS)):
            made = (self.answer.originals[row], *self.answer.pictures[row]) if self.answer is not None else ()
            for place in range(TIMES + 1):
                area = self._place(row, place)
                if place < len(made):
                    self._pictures.draw(painter, area, made[place])
                else:
                    painter.fillRect(area, QColor(self._theme.color("raised")))
