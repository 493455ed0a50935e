"""The table of samples: a million of them scroll, as only those in sight are read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QContextMenuEvent, QFontMetrics, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.look.fonts import ui_font
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.data.looking.fetching import Fetching
from app.panels.data.looking.kind_menu import kind_menu
from app.panels.data.looking.painting import paint_wave
from app.panels.data.looking.samples_model import CELL_ROLE, SamplesModel, cell_text, column_facts
from app.panels.data.parts.pictures import PictureCache
from app.project.data_look.cells import Cell
from app.project.data_look.rows import DataRows
from graph_editor.words.letting_go import let_go
from resources.plain import shown_name
from resources.text import tr
from runtime.messages.describing import Column

_ROW, _PICTURE_ROW = 28, 52
_HEADER = 46
_WIDTHS = {"image": 84, "mask": 84, "text": 300, "audio": 160, "date": 168}
_USUAL, _WIDEST_NAME = 104, 220
_MARGINS = 26  # of a header, left and right
_SIZED = 500  # columns that get a width of their own
_ALL = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Columns
Index = QModelIndex | QPersistentModelIndex


class SamplesTable(QTableView):
    """`columns_selected` carries the names that a person selected: with Shift a range, with Ctrl one more."""

    columns_selected = Signal(object)  # tuple[str, ...]
    kind_chosen = Signal(object, str)  # names of columns, and their kind; nothing: it is found out

    def __init__(self, rows: DataRows, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data_samples")
        self.setAccessibleName(tr("Samples of the data"))
        self.samples = SamplesModel(rows, self)
        self._rows = rows
        self._silent = False
        self.menu: QMenu | None = None
        self.setModel(self.samples)
        self.setItemDelegate(_CellDelegate(look, self))
        self.setHorizontalHeader(ColumnHeader(look, self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectColumns)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        numbers = self.verticalHeader()
        numbers.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        numbers.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        numbers.setHighlightSections(False)
        numbers.setSectionsClickable(False)
        self._fetching = Fetching(self, self._fetch)
        rows.arrived.connect(self._on_arrived)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.valueChanged.connect(self._fetching.soon)
        self.selectionModel().selectionChanged.connect(self._on_selection)

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Other data than before: no selection stays."""
        self._silent = True
        self.samples.show_columns(columns)
        self._silent = False
        has_pictures = any(column.kind in ("image", "mask") for column in columns)
        self.verticalHeader().setDefaultSectionSize(_PICTURE_ROW if has_pictures else _ROW)
        self.horizontalHeader().setDefaultSectionSize(_USUAL)
        names, facts = QFontMetrics(ui_font(13, bold=True)), QFontMetrics(ui_font(11))
        for number, column in enumerate(columns[:_SIZED]):
            name = min(_WIDEST_NAME, names.horizontalAdvance(shown_name(column.name)) + _MARGINS)
            told = facts.horizontalAdvance(column_facts(column)) + _MARGINS  # a few words: they stand there whole
            self.setColumnWidth(number, max(name, told, _WIDTHS.get(column.kind, _USUAL)))
        self._fetching.soon()

    def select(self, names: Sequence[str]) -> None:
        """Select columns as if a person had; nothing is told of it."""
        chosen, found = set(names), QItemSelection()
        if chosen == set(self.selected()) or not self.samples.rowCount():
            return
        for number, column in enumerate(self.samples.columns):
            if column.name in chosen:
                index = self.samples.index(0, number)
                found.merge(QItemSelection(index, index), QItemSelectionModel.SelectionFlag.Select)
        self._silent = True
        self.selectionModel().select(found, _ALL)
        self._silent = False

    def show_sample(self, row: int, column: str) -> None:
        """Go to a sample, and have the keyboard there; the selection stays."""
        names = [one.name for one in self.samples.columns]
        place = self.samples.index(row, names.index(column) if column in names else 0)
        if place.isValid():
            self.selectionModel().setCurrentIndex(place, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(place, QAbstractItemView.ScrollHint.PositionAtCenter)
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def selected(self) -> tuple[str, ...]:
        numbers: set[int] = set()
        selection = self.selectionModel().selection()
        for area in [selection.at(place) for place in range(selection.count())]:
            numbers.update(range(area.left(), area.right() + 1))
        return tuple(self.samples.columns[number].name for number in sorted(numbers))

    def open_menu(self, number: int, at: QPoint) -> None:
        """The menu of a column, and of those that are selected with it."""
        if not 0 <= number < len(self.samples.columns):
            return
        column = self.samples.columns[number]
        selected = self.selected()
        names = selected if column.name in selected else (column.name,)
        if self.menu is not None:
            let_go(self.menu)
        menu = self.menu = kind_menu(column, lambda kind: self.kind_chosen.emit(names, kind), self)
        menu.popup(at)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        number = self.currentIndex().column() if by_key else self.columnAt(event.pos().x())
        self.open_menu(number, event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fetching.soon()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fetching.soon()

    def _fetch(self) -> None:
        count = self.samples.rowCount()
        if not count or not self.isVisible():
            return
        first, last = max(0, self.rowAt(0)), self.rowAt(self.viewport().height() - 1)
        left, right = max(0, self.columnAt(0)), self.columnAt(self.viewport().width() - 1)
        columns = self.samples.columns[left : (right if right >= 0 else len(self.samples.columns)) + 1]
        self._rows.want([column.name for column in columns], first, last if last >= 0 else count - 1)

    def _on_arrived(self) -> None:
        self.viewport().update()

    def _on_selection(self) -> None:
        if not self._silent:
            self.columns_selected.emit(self.selected())


class _CellDelegate(QStyledItemDelegate):
    """Texts, and pictures as pictures."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = PictureCache()
        look.follow(self._on_theme)

    def _on_theme(self, theme: Theme) -> None:
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area = QRect(option.rect)  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(self._theme.color("accent.soft")))
        cell = index.data(CELL_ROLE)
        if isinstance(cell, Cell):
            inner = area.adjusted(10, 2, -10, -2)
            if cell.picture is not None:
                inner.setWidth(min(inner.width(), inner.height()))
                self._pictures.draw(painter, inner, cell.picture)
            elif cell.wave is not None:
                paint_wave(painter, inner, cell.wave, self._theme)
            else:
                self._paint_text(painter, inner, index, cell)
        painter.setPen(QColor(self._theme.color("line")))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(self._theme.color("accent")))
            painter.drawRect(area.adjusted(0, 0, -1, -1))

    def _paint_text(self, painter: QPainter, area: QRect, index: Index, cell: Cell) -> None:
        token = "error.text" if cell.reason is not None else "faint" if cell.missing else "text"
        painter.setPen(QColor(self._theme.color(token)))
        font = index.data(Qt.ItemDataRole.FontRole)
        painter.setFont(ui_font(12) if font is None or cell.missing else font)
        text = painter.fontMetrics().elidedText(cell_text(cell), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, index.data(Qt.ItemDataRole.TextAlignmentRole), text)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(_USUAL, _ROW)


class ColumnHeader(QHeaderView):
    """Each column with its name, and below it what kind it is and how much is missing."""

    def __init__(self, look: ThemeSource, parent: SamplesTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._table = parent
        self.setObjectName("data_samples_header")
        self.setAccessibleName(tr("Columns of the data"))
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(56)
        self.setDefaultSectionSize(_USUAL)
        look.follow(self._on_theme)

    def _on_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), _HEADER)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._table.open_menu(self.logicalIndexAt(event.pos()), event.globalPos())

    def paintSection(self, painter: QPainter, rect: QRect, number: int) -> None:  # noqa: N802
        if number >= len(self._table.samples.columns):
            return
        column = self._table.samples.columns[number]
        selected = self._table.selectionModel().isColumnSelected(number, QModelIndex())
        painter.save()
        painter.fillRect(rect, QColor(self._theme.color("accent.soft" if selected else "panel")))
        painter.setPen(QColor(self._theme.color("accent" if selected else "line")))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(10, 5, -8, -5)
        right = column.kind == "number" and not column.categories
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        for font, token, text, where in (
            (ui_font(13, bold=True), "text", shown_name(column.name), Qt.AlignmentFlag.AlignTop),
            (
                ui_font(11),
                "warning.text" if column.missing else "dim",
                column_facts(column),
                Qt.AlignmentFlag.AlignBottom,
            ),
        ):
            painter.setFont(font)
            painter.setPen(QColor(self._theme.color(token)))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, side | where, shown)
        painter.restore()
