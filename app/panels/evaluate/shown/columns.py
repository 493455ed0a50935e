"""Cards of different heights in columns, each where there is most room; wide ones across all columns."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_GAP, _NARROWEST, _MOST = 12, 400, 3


class CardColumns(QWidget):
    """`show_cards` takes the cards as its children; (card, whether it goes across all columns)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._cards: list[tuple[QWidget, bool]] = []

    def show_cards(self, cards: Sequence[tuple[QWidget, bool]]) -> None:
        self._cards = list(cards)
        for card, _wide in cards:
            card.setParent(self)
            card.installEventFilter(self)
            card.show()
        self.arrange()

    def arrange(self) -> None:
        """Place the cards anew: one of them may want another height."""
        width = self.width()
        count = max(1, min(_MOST, (width + _GAP) // (_NARROWEST + _GAP), max(1, len(self._cards))))
        one = (width - _GAP * (count - 1)) // count
        bottoms = [0] * count
        for card, wide in self._cards:
            if card.isHidden():
                continue
            column = 0 if wide else bottoms.index(min(bottoms))
            place = max(bottoms) if wide else bottoms[column]
            left, room = column * (one + _GAP), width if wide else one
            tall = card.heightForWidth(room) if card.hasHeightForWidth() else card.sizeHint().height()
            card.setGeometry(left, place, room, tall)
            for number in range(count) if wide else (column,):
                bottoms[number] = place + tall + _GAP
        self.setFixedHeight(max(0, max(bottoms) - _GAP))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.arrange()
        return super().eventFilter(watched, event)
