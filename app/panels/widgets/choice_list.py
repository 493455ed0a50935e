"""The opened list of a choice of several: ticks, and a line to search in when it is long."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.panels.plots.formats import count_text
from app.panels.widgets.fields import button
from app.panels.widgets.tick_list import TickModel, TickView
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr

_SEARCH_FROM = 12
_ROW = 29
_TALLEST, _NARROWEST = 320, 260
_GAP = 2


class ChoiceList(QFrame):
    """`changed` carries the ticked keys. `ticked_first` lists them on top; else all stay in their own order."""

    changed = Signal(object)  # tuple[str, ...]

    def __init__(
        self, entries: Sequence[tuple[str, str, str]], keys: Sequence[str], parent: QWidget, ticked_first: bool = True
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("choice_popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        ticked = set(keys)
        if ticked_first:
            entries = sorted(entries, key=lambda entry: entry[0] not in ticked)
        self._total = len(entries)
        self.model = TickModel(entries, keys, self)
        self.list = TickView(self.model)
        self.list.setObjectName("choice_list")
        self.list.setFixedHeight(min(_TALLEST, _ROW * len(entries) + 4))
        self.search = QLineEdit()
        self.search.setObjectName("choice_search")
        self.search.setPlaceholderText(tr("Search"))
        self.search.setAccessibleName(tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.all = self._link(tr("All"), "choice_all", tr("Tick every row that is shown (Ctrl+A)"), True)
        self.none = self._link(tr("None"), "choice_none", tr("Untick every row that is shown (Ctrl+Shift+A)"), False)
        self.count = PlainLabel()
        self.count.setObjectName("choice_count")
        self.count.setProperty("role", "small")
        self._lay_out()
        self.search.textChanged.connect(self.model.search)
        self.list.typed.connect(self._on_typed)
        self.model.ticked.connect(self._on_ticked)
        self._show_count()
        self._select(next((row for row, entry in enumerate(entries) if entry[0] in ticked), 0))
        (self.search if self._long else self.list).setFocus()

    @property
    def _long(self) -> bool:
        return self._total >= _SEARCH_FROM

    def tick(self, key: str, on: bool) -> None:
        """As a click on the entry."""
        self.model.tick(key, on)

    def open_below(self, widget: QWidget) -> None:
        """Show the list below the widget, or above it where the screen ends, not narrower than it."""
        set_spoken_name(self, widget.accessibleName())
        set_spoken_name(self.list, widget.accessibleName())
        self.setMinimumWidth(max(_NARROWEST, widget.width()))
        self.adjustSize()
        place = widget.mapToGlobal(QPoint(0, widget.height() + _GAP))
        room = widget.screen().availableGeometry()
        if place.y() + self.height() > room.bottom():
            place.setY(max(room.top(), widget.mapToGlobal(QPoint(0, 0)).y() - self.height() - _GAP))
        place.setX(max(room.left(), min(place.x(), room.right() - self.width())))
        self.move(place)
        self.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the search line leaves: Escape and Enter close, arrows lead into the list."""
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.search.hasFocus():
            self.list.setFocus()
            self._select(max(0, self.list.currentIndex().row()))
        else:
            super().keyPressEvent(event)

    def _link(self, text: str, name: str, tip: str, on: bool) -> QPushButton:
        link = button(text, name, "link", tip)
        link.clicked.connect(lambda: self.model.tick_rows(range(self.model.rowCount()), on))
        return link

    def _lay_out(self) -> None:
        rows, foot = QVBoxLayout(self), QHBoxLayout()
        rows.setContentsMargins(6, 6, 6, 6)
        rows.setSpacing(6)
        rows.addWidget(self.search)
        rows.addWidget(self.list)
        rows.addLayout(foot)
        foot.setContentsMargins(4, 0, 4, 0)
        foot.setSpacing(12)
        foot.addWidget(self.all)
        foot.addWidget(self.none)
        foot.addStretch(1)
        foot.addWidget(self.count)
        for widget in (self.search, self.all, self.none, self.count):
            widget.setVisible(self._long)

    def _select(self, row: int) -> None:
        self.list.setCurrentIndex(self.model.index(row))

    def _on_typed(self, text: str) -> None:
        if self._long:
            self.search.setFocus()
            self.search.insert(text)
        else:
            self.list.keyboardSearch(text)

    def _on_ticked(self, keys: tuple[str, ...]) -> None:
        self._show_count()
        self.changed.emit(keys)

    def _show_count(self) -> None:
        ticked = count_text(len(self.model.keys))
        self.count.setText(tr("{ticked} of {all}", ticked=ticked, all=count_text(self._total)))
