"""The table of a data file's columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.look.fonts import mono_font
from app.panels.plots.formats import count_text, value_text
from graph_editor.words.tooltips import tooltip_text
from resources.plain import shown_name
from resources.text import Text, tr
from runtime.protocol import Column

Index = QModelIndex | QPersistentModelIndex
_KINDS = {
    "number": Text("number"),
    "category": Text("category"),
    "image": Text("picture"),
    "text": Text("text"),
}
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class ColumnsModel(QAbstractTableModel):
    """One row a column; `used` says what each column feeds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[Column, ...] = ()
        self._used: dict[str, str] = {}
        self._titles = (tr("Column"), tr("Samples"), tr("Shape"), tr("Type"), tr("Kind"), tr("Values"), tr("Feeds"))

    def show_columns(self, columns: Sequence[Column], uses: Mapping[str, str]) -> None:
        self.beginResetModel()
        self._columns, self._used = tuple(columns), dict(uses)
        self.endResetModel()

    @property
    def columns(self) -> tuple[Column, ...]:
        return self._columns

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section == 1 else _LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        column = self._columns[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return shown_name(self._text(column, index.column()))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if index.column() == 1 else _LEFT
        if role == Qt.ItemDataRole.FontRole and index.column() in (1, 2, 3, 5):
            return mono_font(12)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_text(str(column.note) if column.note else self._text(column, index.column()))
        return None

    def _text(self, column: Column, number: int) -> str:
        texts = (
            column.name,
            count_text(column.samples),
            shape_text(column.shape),
            column.dtype,
            str(_KINDS[column.kind]),
            values_text(column),
            self._used.get(column.name, ""),
        )
        return texts[number]


class ColumnsTable(QTableView):
    """Reads well at a glance: no grid, whole rows, the last column takes what is left."""

    def __init__(self, model: ColumnsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data_columns")
        self.setAccessibleName(tr("Columns of the data"))
        self.setModel(model)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(30)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setMinimumSectionSize(56)

    def fit(self) -> None:
        """Make every column as wide as its texts, the name not wider than a third."""
        self.resizeColumnsToContents()
        for number in range(self.model().columnCount() - 1):
            widest = self.viewport().width() // (4 if number == 0 else 6)
            self.setColumnWidth(number, min(self.columnWidth(number) + 8, max(90, widest)))


def shape_text(shape: Sequence[int | None]) -> str:
    """(8, 8) is "8×8"; one number a sample is a "scalar"."""
    return "×".join("?" if size is None else str(size) for size in shape) or tr("scalar")


def values_text(column: Column) -> str:
    """Return what values there are: words of a category, or the range."""
    if column.categories:
        words = ", ".join(column.categories[:4])
        return f"{words}, …" if len(column.categories) > 4 else words
    parts = []
    if column.minimum is not None and column.maximum is not None:
        parts.append(f"{_number(column.minimum)} … {_number(column.maximum)}")
    if column.missing:
        parts.append(tr("{count} missing", count=count_text(column.missing)))
    return " · ".join(parts)


def _number(value: float) -> str:
    return count_text(value) if float(value).is_integer() and abs(value) < 1e9 else value_text(value)
