"""A table of figures: sorted by a click on a heading, shares as bars."""

from __future__ import annotations

import math

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from app.look.fonts import mono_font
from app.look.theme_source import ThemeSource
from app.panels.evaluate.drawing.figure_look import label_text, number_text
from app.panels.widgets.row_table import Index, RowModel, RowTable
from graph_editor.words.letting_go import let_go
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import tooltip_text
from resources.plain import shown_name
from runtime.messages.views import Cell, Table

_SORT = Qt.ItemDataRole.UserRole
_SHARE = Qt.ItemDataRole.UserRole + 1
_ROW, _HEAD, _MOST_ROWS = 28, 38, 14
_LEAST, _MOST = 86, 260  # pixels of a column of shares
_MEASURED, _BESIDE = 100, 28  # rows; pixels beside a text, with the arrow of the order


class FigureTable(RowTable):
    """`opened` carries the number of a row, in the order of the view."""

    opened = Signal(int)

    def __init__(self, view: Table, title: str, look: ThemeSource, parent: QWidget | None = None) -> None:
        self._rows = _Rows(view)
        self._shares: tuple[int, ...] = ()
        self._contents: list[int] = []
        self._sorted = QSortFilterProxyModel()
        self._sorted.setSourceModel(self._rows)
        self._sorted.setSortRole(_SORT)
        super().__init__(self._sorted, 56, parent)
        self._rows.setParent(self)
        self._sorted.setParent(self)
        self.setObjectName("figure_table")
        set_spoken_name(self, title)
        self.setSortingEnabled(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self._bars = _BarDelegate(look, self)
        for column in view.shares:
            self.setItemDelegateForColumn(column, self._bars)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEAD + _ROW * min(_MOST_ROWS, max(1, len(view.rows))) + 4)
        self.activated.connect(self._on_activated)
        self._shares = view.shares
        self._contents = self._widths(view)
        self.horizontalHeader().setStretchLastSection(False)
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)

    def _widths(self, view: Table) -> list[int]:
        """What the texts of each column need."""
        head, cells = QFontMetrics(self.horizontalHeader().font()), QFontMetrics(mono_font(12))
        widths = []
        for column, title in enumerate(view.columns):
            texts = (self._rows.text_of(row, column) for row in view.rows[:_MEASURED])
            longest = max((cells.horizontalAdvance(text) for text in texts), default=0)
            widths.append(min(_MOST, max(head.horizontalAdvance(label_text(title)), longest) + _BESIDE))
        return widths

    def sizeHint(self) -> QSize:
        return QSize(300, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Columns of shares divide what the others leave."""
        widths, shares = list(self._contents), self._shares
        rest = self.viewport().width() - sum(width for column, width in enumerate(widths) if column not in shares)
        for column in shares:
            widths[column] = max(_LEAST, min(_MOST, rest // len(shares)))
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)

    def _on_activated(self, index: QModelIndex) -> None:
        self.opened.emit(self._sorted.mapToSource(index).row())


class _Rows(RowModel[tuple[Cell, ...]]):
    def __init__(self, view: Table) -> None:
        numbers = {
            column
            for column in range(1, len(view.columns))
            if all(not isinstance(row[column], str) for row in view.rows)
        }
        super().__init__([label_text(column) for column in view.columns], None, numbers, numbers - set(view.shares))
        self._shares = view.shares
        self.show_items(view.rows)

    def text_of(self, item: tuple[Cell, ...], column: int) -> str:
        cell = item[column]
        if isinstance(cell, str):
            return shown_name(cell)
        return f"{cell:,}" if isinstance(cell, int) else number_text(cell)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A title that is cut is told in full below the mouse."""
        if role == Qt.ItemDataRole.ToolTipRole and orientation == Qt.Orientation.Horizontal:
            return tooltip_text(self._titles[section])
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == _SORT:
            cell = self._items[index.row()][index.column()]
            if isinstance(cell, str):
                return cell
            return -math.inf if cell is None or cell != cell else cell
        if role == _SHARE:
            cell = self._items[index.row()][index.column()]
            return cell if isinstance(cell, int | float) else None
        return super().data(index, role)


class _BarDelegate(QStyledItemDelegate):
    """The share as a bar with its number behind it."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        value = index.data(_SHARE)
        theme = self._look.theme
        area = QRectF(option.rect).adjusted(8, 0, -8, 0)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        groove = QRectF(area.left(), area.center().y() - 3, max(10.0, area.width() - 46), 6)
        painter.setBrush(QColor(theme.color("raised")))
        painter.drawRoundedRect(groove, 3, 3)
        if isinstance(value, int | float) and math.isfinite(value):
            filled = QRectF(groove.left(), groove.top(), groove.width() * min(1.0, max(0.0, value)), 6)
            painter.setBrush(QColor(theme.color("accent")))
            painter.drawRoundedRect(filled, 3, 3)
        painter.setPen(QColor(theme.color("text")))
        painter.setFont(index.data(Qt.ItemDataRole.FontRole) or option.font)  # type: ignore[attr-defined]
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(area, right, str(index.data(Qt.ItemDataRole.DisplayRole)))
        painter.restore()


class TableCard(QFrame):
    """A card with one table, which another one takes the place of; hidden without one. `opened`: as a table's."""

    opened = Signal(int)

    def __init__(self, title: str, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._title, self._look = title, look
        self.table: FigureTable | None = None
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(14, 8, 14, 12)

    def show_view(self, view: Table | None) -> None:
        if self.table is not None:
            self._rows.removeWidget(self.table)
            let_go(self.table)
            self.table = None
        self.setVisible(view is not None)
        if view is not None:
            self.table = FigureTable(view, self._title, self._look)
            self.table.opened.connect(self.opened)
            self._rows.addWidget(self.table)
