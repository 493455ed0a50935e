"""The table of a project's runs: columns that are chosen, moved, made wide and sorted by, under headings if wanted."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from app.panels.runs.list.model import RunsModel
from app.panels.widgets.row_table import RowTable
from graph_editor.words.tooltips import set_tooltip
from resources.text import tr
from runtime.tracking.views import View, ViewColumn

_NARROWEST: Final = 48
_WIDEST: Final = 360  # of a column whose width nobody has chosen
_OF_NAME: Final = 200
_MEASURED_ROWS: Final = 30  # about as many as are seen: measuring more of ten columns is felt when the list opens
_FLAG: Final = QItemSelectionModel.SelectionFlag
_OPENS: Final = {Qt.Key.Key_Right: False, Qt.Key.Key_Left: True}


class RunsTable(RowTable):
    """`chosen` carries the folders of the selected runs, from above."""

    chosen = Signal(object)  # tuple[Path, ...]
    sort_asked = Signal(str, bool)  # the key of a column, whether the largest comes first
    columns_changed = Signal(object)  # tuple[ViewColumn, ...], moved or with other widths
    heading_turned = Signal(str)  # the title of a group that is to be opened or closed
    menu_asked = Signal(QPoint, str)  # where on the screen, and for which column; "" for the runs
    mark_asked = Signal(str)  # "star" or "edit", by key

    def __init__(self, model: RunsModel, parent: QWidget | None = None) -> None:
        super().__init__(model, _NARROWEST, parent)
        self._runs = model
        self._widths: dict[str, int] = {}  # that a person has chosen
        self._quiet = False
        self.setObjectName("runs_table")
        self.setAccessibleName(tr("Runs of this project"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        set_tooltip(self, tr("Select several runs to compare them"))
        header = self.horizontalHeader()
        header.setResizeContentsPrecision(_MEASURED_ROWS)
        header.setSectionsMovable(True)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._on_header_menu)
        header.sectionClicked.connect(self._on_section_clicked)
        header.sectionMoved.connect(self._on_section_moved)
        header.sectionResized.connect(self._on_section_resized)
        self._telling = QTimer(self)
        self._telling.setSingleShot(True)
        self._telling.setInterval(0)
        self._telling.timeout.connect(self._tell_columns)
        self.selectionModel().selectionChanged.connect(self._on_selection)

    # what is selected

    def folders(self) -> tuple[Path, ...]:
        chosen = self.selectionModel().selection()
        ranges = [chosen.at(number) for number in range(chosen.size())]
        rows = sorted({row for one in ranges for row in range(one.top(), one.bottom() + 1)})
        return tuple(run.folder for row in rows if (run := self._runs.run_at(row)) is not None)

    def choose(self, folders: Collection[Path]) -> None:
        """Select the runs in `folders` that are there, whatever key is held down."""
        places = sorted(row for folder in folders if (row := self._runs.row_of(folder)) is not None)
        if not places:
            return
        chosen, last = QItemSelection(), self._runs.columnCount() - 1
        for row in places:
            chosen.select(self._runs.index(row, 0), self._runs.index(row, last))
        selection = self.selectionModel()
        selection.select(chosen, _FLAG.ClearAndSelect | _FLAG.Rows)
        if len(places) == 1:
            # the view's own setCurrentIndex takes the selection away again while Ctrl is held
            selection.setCurrentIndex(self._runs.index(places[0], 0), _FLAG.NoUpdate)

    def _on_selection(self) -> None:
        self.chosen.emit(self.folders())

    # columns

    def show_view(self, view: View, fit: bool) -> None:
        """After other rows or columns came: widths, order and headings. `fit` measures those that nobody has chosen."""
        if not self._telling.isActive():  # else the view does not know yet what a person has just made wider
            self._widths = {column.key: column.width for column in view.columns if column.width}
        header = self.horizontalHeader()
        sorted_by = next((n for n, column in enumerate(self._runs.columns) if column.key == view.sort), -1)
        order = Qt.SortOrder.DescendingOrder if view.descending else Qt.SortOrder.AscendingOrder
        header.setSortIndicator(sorted_by, order)
        self.clearSpans()
        for row in self._runs.headings:
            self.setSpan(row, 0, 1, max(1, self._runs.columnCount()))
        if fit:
            self.fit()

    def fit(self) -> None:
        """Widths by content where nobody has chosen one; the last column takes what is left."""
        self._quiet = True
        try:
            for number, column in enumerate(self._runs.columns[:-1]):
                width = self._widths.get(column.key)
                if width is None:
                    widest = _OF_NAME if column.key == "name" else _WIDEST
                    content_width = max(self.sizeHintForColumn(number), self.horizontalHeader().sectionSizeHint(number))
                    width = max(_NARROWEST, min(widest, content_width + 8))
                self.setColumnWidth(number, width)
        finally:
            self._quiet = False

    def view_columns(self) -> tuple[ViewColumn, ...]:
        """As they stand now, from left to right."""
        header = self.horizontalHeader()
        order = sorted(range(self._runs.columnCount()), key=header.visualIndex)
        keys = [self._runs.columns[number].key for number in order]
        return tuple(ViewColumn(key, self._widths.get(key, 0)) for key in keys)

    def _on_section_clicked(self, section: int) -> None:
        """The header has turned its arrow already."""
        falling = self.horizontalHeader().sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
        self.sort_asked.emit(self._runs.columns[section].key, falling)

    def _on_section_moved(self, _logical: int, _old: int, _new: int) -> None:
        if not self._quiet:
            self._telling.start()

    def _on_section_resized(self, section: int, _old: int, width: int) -> None:
        if not self._quiet and 0 <= section < self._runs.columnCount() - 1:
            self._widths[self._runs.columns[section].key] = width
            self._telling.start()

    def _tell_columns(self) -> None:
        """The model's columns follow what was moved, so that headings and positions need not tell them apart."""
        columns, header = self.view_columns(), self.horizontalHeader()
        self._quiet = True
        try:
            for number in range(header.count()):
                header.moveSection(header.visualIndex(number), number)
        finally:
            self._quiet = False
        self.columns_changed.emit(columns)

    def _on_header_menu(self, place: QPoint) -> None:
        section = self.horizontalHeader().logicalIndexAt(place)
        if 0 <= section < self._runs.columnCount():
            self.menu_asked.emit(self.horizontalHeader().mapToGlobal(place), self._runs.columns[section].key)

    # mouse and keys

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos(), "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        heading = self._runs.heading_at(self.rowAt(event.position().toPoint().y()))
        if heading is not None and event.button() == Qt.MouseButton.LeftButton:
            self.heading_turned.emit(heading.title)
            return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        heading, key = self._runs.heading_at(self.currentIndex().row()), Qt.Key(event.key())
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if heading is not None and key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.heading_turned.emit(heading.title)
        elif heading is not None and key in _OPENS:
            if heading.collapsed != _OPENS[key]:
                self.heading_turned.emit(heading.title)
        elif key == Qt.Key.Key_F2 and plain:
            self.mark_asked.emit("edit")
        elif key == Qt.Key.Key_S and plain:
            self.mark_asked.emit("star")
        else:
            super().keyPressEvent(event)

    def go_to(self, row: int) -> None:
        """The row is the current one, and is seen; nothing else is selected than before."""
        index = self._runs.index(row, 0)
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, _FLAG.NoUpdate)
            self.scrollTo(index)
