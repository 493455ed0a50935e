"""The samples of the data as a table: a row a sample, read where it is looked at."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from app.look.fonts import mono_font
from app.panels.data.parts.words import kind_text
from app.panels.plots.formats import count_text
from app.project.data_look.cells import Cell
from app.project.data_look.rows import DataRows
from graph_editor.words.spoken import spoken
from graph_editor.words.tooltips import tooltip_text
from resources.plain import shown_name
from resources.text import tr
from runtime.messages.describing import Column

Index = QModelIndex | QPersistentModelIndex
MOST_ROWS = 4_000_000  # Qt keeps something for each
CELL_ROLE = Qt.ItemDataRole.UserRole + 1
COLUMN_ROLE = Qt.ItemDataRole.UserRole + 2
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class SamplesModel(QAbstractTableModel):
    """`rows` has what stands in the cells, as far as it has been read."""

    def __init__(self, rows: DataRows, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self.columns: tuple[Column, ...] = ()
        self.samples = 0

    def show_columns(self, columns: Sequence[Column]) -> None:
        self.beginResetModel()
        self.columns = tuple(columns)
        self.samples = max((column.samples for column in columns), default=0)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else min(self.samples, MOST_ROWS)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def cell(self, index: Index) -> Cell | None:
        return self._rows.cell(self.columns[index.column()].name, index.row())

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.kind == "number" and not column.categories else _LEFT
        if role == Qt.ItemDataRole.FontRole:
            return mono_font(12) if column.kind in ("number", "sequence", "date") else None
        if role == CELL_ROLE:
            return self.cell(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return shown_name(cell_text(self.cell(index)))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(cell_text(self.cell(index)))
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_text(cell_text(self.cell(index)))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Vertical:
            return count_text(section + 1) if role == Qt.ItemDataRole.DisplayRole else None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return shown_name(column.name)
        if role == COLUMN_ROLE:
            return column
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(f"{column.name}: {column_facts(column)}")
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_text(f"{column.name}: {column_facts(column)}")
        return None


def cell_text(cell: Cell | None) -> str:
    """What stands in a cell, in words; nothing while it has not been read."""
    if cell is None:
        return ""
    if cell.reason is not None:
        return str(cell.reason)
    if cell.picture is not None:
        return tr("picture")
    if cell.wave is not None:
        return tr("sound")
    return tr("missing") if cell.missing else cell.text


def column_facts(column: Column) -> str:
    """Such as "number · 12 missing"."""
    parts = [kind_text(column.kind)]
    if column.missing:
        parts.append(tr("{count} missing", count=count_text(column.missing)))
    return " · ".join(parts)
