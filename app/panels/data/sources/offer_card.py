"""What was dropped on the window, and what can be done with it. It floats over the window until it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.panels.data.sources.join_form import JoinForm
from app.panels.data.sources.reading_bar import ReadingBar
from app.panels.widgets.fields import button
from app.project.data_sources.offers import Offer, Way
from graph_editor.editors.parts.combo import Combo
from graph_editor.words.elided_label import ElidedLabel
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.restyling import restyle
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr
from runtime.data_kinds import kind_title
from runtime.messages.describing import Column

_WIDTH, _TOP = 460, 84
Json = Any


class OfferCard(QFrame):
    """`taken` carries the offer, the way it is read, and how it is joined to what is there: None takes its place."""

    taken = Signal(object, object, object)  # Offer, Way, Mapping | None
    dropped = Signal()  # nothing is to be done with it

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("data_offer")
        self.setFixedWidth(_WIDTH)
        self._offer: Offer | None = None
        self._present: tuple[Column, ...] = ()
        self._asked_beside = False
        self._join_chosen = False  # by a person: it is not proposed anew when more is known
        self.name = ElidedLabel()
        self.name.setObjectName("offer_name")
        self.name.setProperty("role", "strong")
        self.what = PlainLabel()
        self.what.setObjectName("offer_what")
        self.what.setWordWrap(True)
        self.kinds = Combo()
        self.kinds.setObjectName("offer_kind")
        set_spoken_name(self.kinds, tr("Read it as"))
        self.reading = ReadingBar("offer_reading")
        self.join = JoinForm("offer")
        self.use = button(tr("Use as data"), "offer_use", "primary")
        self.beside = button(tr("Add beside the data…"), "offer_beside")
        self.cancel = button(tr("Cancel"), "offer_cancel")
        self._lay_out()
        self.kinds.chosen.connect(self._on_kind)
        self.use.clicked.connect(self._on_use)
        self.beside.clicked.connect(self._on_beside)
        self.cancel.clicked.connect(self._on_cancel)
        self.hide()
        window.installEventFilter(self)

    def show_offer(self, offer: Offer, present: tuple[Column, ...]) -> None:
        """`present` are the columns of the first source that there is; none: there is no data yet."""
        again = self._offer is not None and _same(self._offer, offer) and self.isVisible()
        came = again and self._offer is not None and not self._offer.columns and bool(offer.columns)
        self._offer, self._present = offer, present
        if came and self._asked_beside and not self._join_chosen:
            self._propose_join()
        self.name.show_text(offer.name)
        set_spoken_name(self, tr("{file} as data", file=offer.name))
        if not again:
            self._asked_beside = self._join_chosen = False
            self.kinds.clear()
            for place, way in enumerate(offer.ways):
                self.kinds.add(kind_title(way.kind), place)
            self.kinds.setCurrentIndex(0)
        self.kinds.setVisible(len(offer.ways) > 1)
        self._show()
        self._place()
        self.show()
        self.raise_()
        if not again:
            self.use.setFocus()

    @property
    def _way(self) -> Way:
        assert self._offer is not None
        return self._offer.ways[max(0, self.kinds.currentIndex())]

    def _show(self) -> None:
        assert self._offer is not None
        self.what.setText(str(self._way.what))
        self.use.setText(tr("Use it instead of the data") if self._present else tr("Use as data"))
        set_spoken_name(self.use, self.use.text())
        self.beside.setVisible(bool(self._present))
        self.beside.setText(tr("Add beside the data") if self._asked_beside else tr("Add beside the data…"))
        set_spoken_name(self.beside, self.beside.text())
        asked = self._asked_beside  # then a person wants it beside the data: Enter and the eye go there
        restyle(self.use, role="" if asked else "primary")
        restyle(self.beside, role="primary" if asked else "")
        self.join.setVisible(self._asked_beside)
        if self._asked_beside:
            self.join.show_columns(self._offer.columns, self._present)
        self.beside.setEnabled(not self._asked_beside or self.join.complete)
        self.adjustSize()

    def _lay_out(self) -> None:
        rows, head, foot = QVBoxLayout(self), QHBoxLayout(), QHBoxLayout()
        rows.setContentsMargins(18, 15, 18, 16)
        rows.setSpacing(9)
        rows.addLayout(head)
        head.addWidget(self.name, 1)
        head.addWidget(self.kinds)
        rows.addWidget(self.what)
        rows.addWidget(self.reading)
        rows.addWidget(self.join)
        rows.addLayout(foot)
        foot.setSpacing(8)
        foot.addWidget(self.use)
        foot.addWidget(self.beside)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        self.join.changed.connect(self._on_join)
        self.reading.shown.connect(self._place)

    def _on_kind(self, _place: object) -> None:
        self._show()

    def _on_use(self) -> None:
        self._answer(None)

    def _on_beside(self) -> None:
        """The first click asks how, the second does it."""
        if not self._asked_beside:
            self._asked_beside = True
            self._propose_join()
            self._show()
            self._place()
        else:
            self._answer(self.join.value())

    def _propose_join(self) -> None:
        assert self._offer is not None
        key = self._offer.key_with(self._present)
        self.join.show_join({"by": "key", "column": key[0], "to": key[1]} if key else {"by": "order"})

    def _on_join(self) -> None:
        self._join_chosen = True
        self._show()
        self._place()

    def _answer(self, join: Mapping[str, Json] | None) -> None:
        offer = self._offer
        if offer is not None:
            way = self._way
            self._close()
            self.taken.emit(offer, way, join)

    def withdraw(self) -> None:
        """What is offered was meant for a project that is not shown any more."""
        self._on_cancel()

    def _on_cancel(self) -> None:
        self._close()
        self.dropped.emit()

    def _close(self) -> None:
        self._offer = None
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._on_cancel()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _place(self) -> None:
        window = self.parentWidget()
        if window is not None:
            self.adjustSize()
            self.move((window.width() - self.width()) // 2, _TOP)


def _same(one: Offer, other: Offer) -> bool:
    """Whether more is known of the same."""
    return (one.path, one.title) == (other.path, other.title)
