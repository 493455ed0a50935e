"""A list of ticks whose rows are Python's own: no items that Qt frees while Python still knows them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from graph_editor.words.tooltips import tooltip_text
from resources.plain import shown_name

Index = QModelIndex | QPersistentModelIndex
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable


class TickModel(QAbstractListModel):
    """Entries are (key, text, tooltip); `ticked` carries the keys that are ticked, in the order of ticking."""

    ticked = Signal(object)  # tuple[str, ...]

    def __init__(self, entries: Sequence[tuple[str, str, str]], keys: Sequence[str], parent: QObject) -> None:
        super().__init__(parent)
        self._entries = tuple(entries)
        self._order = list(keys)

    @property
    def texts(self) -> list[str]:
        return [text for _key, text, _tooltip in self._entries]

    def tick(self, key: str, on: bool) -> None:
        """As a click on the entry's tick; nothing for a key that is not listed."""
        for row, entry in enumerate(self._entries):
            if entry[0] == key:
                self._set_ticked(self.index(row), on)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        key, text, tooltip = self._entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return shown_name(text)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_text(tooltip)
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if key in self._order else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        self._set_ticked(index, Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def _set_ticked(self, index: Index, on: bool) -> None:
        key = self._entries[index.row()][0]
        if on == (key in self._order):
            return
        if on:
            self._order.append(key)
        else:
            self._order.remove(key)
        self.dataChanged.emit(index, index, [Qt.ItemDataRole.CheckStateRole])
        self.ticked.emit(tuple(self._order))
