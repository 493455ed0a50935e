"""A table that reads well at a glance: a row for each thing, whole rows are selected, nothing is edited in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from app.look.fonts import mono_font
from graph_editor.words.tooltips import tooltip_text
from resources.plain import shown_name

Index = QModelIndex | QPersistentModelIndex
T = TypeVar("T")
_MEASURED_ROWS = 100  # a column is as wide as the texts of so many rows
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class RowModel(QAbstractTableModel, Generic[T]):
    """Who has such a table says in `text_of` what stands in a cell. `mono` and `right` are numbers of columns."""

    def __init__(
        self,
        titles: Sequence[str],
        parent: QWidget | None = None,
        mono: Collection[int] = (),
        right: Collection[int] = (),
    ) -> None:
        super().__init__(parent)
        self._titles, self._mono, self._right = tuple(titles), mono, right
        self._items: tuple[T, ...] = ()

    def text_of(self, item: T, column: int, /) -> str:
        raise NotImplementedError

    def tooltip_of(self, item: T, column: int, /) -> str:
        return self.text_of(item, column)

    def show_items(self, items: Sequence[T]) -> None:
        """Other things than before: no selection stays."""
        self.beginResetModel()
        self._items = tuple(items)
        self.endResetModel()

    def refresh(self, items: Sequence[T]) -> None:
        """The same things with other facts: their rows stay, and what is selected of them."""
        self._items = tuple(items)
        if self._items:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._items) - 1, len(self._titles) - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._items)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in self._right else _LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item, column = self._items[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return shown_name(self.text_of(item, column))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column in self._right else _LEFT
        if role == Qt.ItemDataRole.FontRole and column in self._mono:
            return mono_font(12)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_text(self.tooltip_of(item, column))
        return None


class RowTable(QTableView):
    """No grid; the last column takes what is left."""

    def __init__(self, model: QAbstractItemModel, narrowest: int, parent: QWidget | None = None) -> None:
        """`narrowest` is the width in pixels that no column falls below."""
        super().__init__(parent)
        self.setModel(model)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(30)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setResizeContentsPrecision(_MEASURED_ROWS)
        header.setMinimumSectionSize(narrowest)
