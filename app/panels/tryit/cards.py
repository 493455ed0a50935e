"""The cards of the models, side by side, and under each other where there is no room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QSizePolicy, QWidget

from app.look.theme_source import ThemeSource
from app.panels.tryit.card import ModelCard
from app.panels.tryit.models import Asked
from app.panels.widgets.chips import Flow
from graph_editor.words.letting_go import let_go
from resources.text import tr
from runtime.messages.trying import SampleTried

_NARROWEST, _WIDEST = 270, 440
_GAP: Final = 12


class _Columns(Flow):
    """As many of one width as there is room for, each as high as it needs."""

    def minimumSize(self) -> QSize:
        return super().minimumSize().expandedTo(QSize(0, 0))

    def _place(self, rect: QRect, move: bool) -> int:
        items = [item for item in self._items if not item.isEmpty()]
        if not items:
            return 0
        across = max(1, min(len(items), (rect.width() + _GAP) // (_NARROWEST + _GAP)))
        width = min(_WIDEST, (rect.width() - _GAP * (across - 1)) // across)
        top = rect.y()
        for first in range(0, len(items), across):
            line = items[first : first + across]
            height = max(_height(item.widget(), width) for item in line)
            for place, item in enumerate(line):
                if move:
                    item.setGeometry(QRect(rect.x() + place * (width + _GAP), top, width, height))
            top += height + _GAP
        return top - _GAP - rect.y()


def _height(widget: QWidget, width: int) -> int:
    wanted = widget.heightForWidth(width) if widget.hasHeightForWidth() else -1
    return max(wanted, widget.sizeHint().height() if wanted < 0 else wanted, widget.minimumSizeHint().height())


class Cards(QScrollArea):
    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("try_cards")
        self.setAccessibleName(tr("What the models say"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._look = look
        self.cards: list[ModelCard] = []
        self._asked: list[Asked] = []
        page = QWidget()
        page.setObjectName("try_cards_page")
        self._columns = _Columns(page, _GAP)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSizeConstraint(QLayout.SizeConstraint.SetMinimumSize)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        page.setSizePolicy(policy)
        self.setWidget(page)
        page.setAutoFillBackground(False)  # setWidget turned it on
        self.viewport().setAutoFillBackground(False)

    def sizeHint(self) -> QSize:
        return QSize(_WIDEST, 300)

    def show_models(self, asked: Sequence[Asked]) -> None:
        """A card for each."""
        while len(self.cards) > len(asked):
            let_go(self.cards.pop())
        while len(self.cards) < len(asked):
            self.cards.append(ModelCard(self._look))
            self._columns.addWidget(self.cards[-1])
        self._asked = list(asked)
        for card, model in zip(self.cards, asked, strict=True):
            card.name(model.title)
            if model.refusal is not None:
                card.refuse(str(model.refusal))

    def wait(self, text: str) -> None:
        for card in self._open():
            card.wait(text)

    def dim(self, dimmed: bool) -> None:
        """What is shown is about another sample than the one that stands beside it."""
        for card in self._open():
            card.dim(dimmed)

    def refuse(self, text: str) -> None:
        for card in self._open():
            card.refuse(text)

    def show_tried(self, tried: SampleTried, truths: Mapping[str, str]) -> None:
        """An answer for the models that could be asked, in their order."""
        for card, model in zip(self._open(), tried.models, strict=False):
            card.dim(False)
            card.show_tried(model, truths)

    def _open(self) -> list[ModelCard]:
        return [card for card, model in zip(self.cards, self._asked, strict=True) if model.refusal is None]
