"""A list of ticks whose rows are Python's own: no items that Qt frees while Python still knows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from graph_editor.words.tooltips import tooltip_text
from resources.plain import shown_name

Index = QModelIndex | QPersistentModelIndex
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable
_SHIFT, _CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class TickModel(QAbstractListModel):
    """Entries are (key, text, tooltip), of which those are rows that hold what is searched for.

    `ticked` carries the keys that are ticked, in the order of ticking; several at once are in the order of the list.
    """

    ticked = Signal(object)  # tuple[str, ...]

    def __init__(self, entries: Sequence[tuple[str, str, str]], keys: Sequence[str], parent: QObject) -> None:
        super().__init__(parent)
        self._entries = tuple(entries)
        self._shown = self._entries
        self._order = dict.fromkeys(keys)

    @property
    def texts(self) -> list[str]:
        """Of the rows."""
        return [text for _key, text, _tooltip in self._shown]

    @property
    def keys(self) -> tuple[str, ...]:
        """What is ticked."""
        return tuple(self._order)

    def search(self, text: str) -> None:
        """Make rows of those entries alone that hold `text`; ticks stay where they are."""
        query = text.casefold().strip()
        self.beginResetModel()
        self._shown = tuple(entry for entry in self._entries if query in entry[1].casefold())
        self.endResetModel()

    def tick(self, key: str, on: bool) -> None:
        """As a click on the entry; nothing for a key that is no row."""
        self.tick_rows((row for row, entry in enumerate(self._shown) if entry[0] == key), on)

    def tick_rows(self, rows: Iterable[int], on: bool) -> None:
        """Tick rows, or take their ticks away, as one change."""
        keys = [self._shown[row][0] for row in rows]
        changed = [key for key in keys if (key in self._order) != on]
        if not changed:
            return
        for key in changed:
            if on:
                self._order[key] = None
            else:
                del self._order[key]
        if len(changed) > 1 and len(self._order) == len(self._entries):
            self._order = dict.fromkeys(key for key, _text, _tooltip in self._entries)
        last = self.rowCount() - 1
        self.dataChanged.emit(self.index(0), self.index(last), [Qt.ItemDataRole.CheckStateRole])
        self.ticked.emit(self.keys)

    def is_ticked(self, row: int) -> bool:
        return self._shown[row][0] in self._order

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        key, text, tooltip = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return shown_name(text)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_text(tooltip)
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if key in self._order else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Screen readers tick by it."""
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        self.tick_rows([index.row()], Qt.CheckState(value) == Qt.CheckState.Checked)
        return True


class TickView(QListView):
    """A click on a row, or Space, turns its tick; with Shift all rows since the last one become like that.

    Shift and an arrow do so row by row, Ctrl+A ticks every row, and Ctrl+Shift+A none. Other letters are handed on
    through `typed`.
    """

    typed = Signal(str)

    def __init__(self, model: TickModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._from: str | None = None  # the text of the row that Shift counts from; rows move while people search
        self.setUniformItemSizes(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setItemDelegate(_StillDelegate(self))
        self.setModel(model)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self._turn(index.row(), bool(event.modifiers() & _SHIFT))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Two quick clicks turn a tick twice."""
        self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, row = event.key(), self.currentIndex().row()
        shift, control = bool(event.modifiers() & _SHIFT), bool(event.modifiers() & _CONTROL)
        if key == Qt.Key.Key_A and control:
            self._model.tick_rows(range(self._model.rowCount()), not shift)
        elif key == Qt.Key.Key_Space and row >= 0:
            self._turn(row, shift)
        elif shift and key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and row >= 0:
            self._stretch(row, row + (1 if key == Qt.Key.Key_Down else -1))
        elif event.text().isprintable() and event.text().strip() and not control:
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def _turn(self, row: int, up_to_it: bool) -> None:
        start = self._start()
        if up_to_it and start is not None:
            self._model.tick_rows(range(min(start, row), max(start, row) + 1), self._model.is_ticked(start))
            return
        self._from = self._model.texts[row]
        self._model.tick_rows([row], not self._model.is_ticked(row))

    def _stretch(self, row: int, to: int) -> None:
        """The next row becomes like the one that Shift counts from, or like `row` where there is none."""
        if not 0 <= to < self._model.rowCount():
            return
        start = self._start()
        if start is None:
            start = row
            self._from = self._model.texts[row]
        self.setCurrentIndex(self._model.index(to))
        self._model.tick_rows(range(min(start, to), max(start, to) + 1), self._model.is_ticked(start))

    def _start(self) -> int | None:
        texts = self._model.texts
        return texts.index(self._from) if self._from in texts else None


class _StillDelegate(QStyledItemDelegate):
    """Leaves clicks to the view, which takes them on the whole row."""

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        return False
