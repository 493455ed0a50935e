"""The sets that Keras knows, to be used as data: downloaded after a yes, and kept where Keras keeps them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from app.engine.wording import bytes_text
from app.panels.data.known.row import KnownSetRow
from app.panels.widgets.fields import button, column, hint
from app.project.choosers import Chooser
from app.project.data_sources.fetching_known import KnownSetFetch
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr
from runtime.known_sets import KnownSet, datasets_folder, known_sets


class KnownSetsPage(QFrame):
    """`chosen` carries a set that is here and that is to be data; `left` tells that none is wanted."""

    chosen = Signal(object)  # KnownSet
    left = Signal()

    def __init__(self, fetch: KnownSetFetch, chooser: Chooser, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("known_sets")
        self._fetch, self._chooser = fetch, chooser
        title = PlainLabel(tr("Known sets"))
        title.setProperty("part", "big")
        self.back = button(tr("Back"), "known_back")
        self.where = hint(
            tr(
                "Keras knows these sets. Each is downloaded once, after you say yes, and kept where Keras keeps them:"
                " {folder}",
                folder=str(datasets_folder()),
            )
        )
        self.rows = [KnownSetRow(one) for one in known_sets()]
        self.area = QScrollArea()
        self.area.setObjectName("known_scroll")
        set_spoken_name(self.area, tr("Known sets"))
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidgetResizable(True)
        outer, head = column(self, (0, 0, 0, 0), 10), QHBoxLayout()
        outer.addLayout(head)
        head.addWidget(title, 1)
        head.addWidget(self.back)
        outer.addWidget(self.where)
        outer.addWidget(self.area, 1)
        inner = QWidget()
        inner.setObjectName("known_inner")
        rows = column(inner, (0, 0, 8, 0), 8)
        for row in self.rows:
            rows.addWidget(row)
            row.use_requested.connect(self.chosen)
            row.get_requested.connect(self._on_get)
            row.cancel_requested.connect(fetch.cancel)
        rows.addStretch(1)
        self.area.setWidget(inner)
        self.back.clicked.connect(self.left)
        fetch.changed.connect(self.refresh)
        fetch.arrived.connect(self._on_arrived)

    def refresh(self) -> None:
        if self.isVisible():
            for row in self.rows:
                row.show_state(self._fetch)

    def _on_get(self, one: KnownSet) -> None:
        again = self._fetch.failure is not None and self._fetch.failure[0] == one.name
        if again or self._chooser.confirm(
            self.window(),
            tr("Download {name}?", name=one.title),
            tr(
                "It comes from {host}, {size}, into {folder}.",
                host=one.host,
                size=bytes_text(one.size),
                folder=str(datasets_folder()),
            ),
            tr("Download"),
        ):
            self._fetch.fetch(one)

    def _on_arrived(self, one: KnownSet) -> None:
        """Whoever still looks at the list waits for it."""
        if self.isVisible():
            self.chosen.emit(one)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
