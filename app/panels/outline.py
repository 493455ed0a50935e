"""The outline: every box in a sortable list, with a column to freeze it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QSignalBlocker,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QTreeView, QVBoxLayout, QWidget

from app.freezing import freezing_of
from app.panels.outline_parts.model import SORT_ROLE, Column, OutlineModel
from app.session import Session
from app.theme import Theme, load_theme
from graph_editor.document.document import Changes
from graph_editor.document.freezing import is_frozen
from resources.text import tr

_WIDTHS = {Column.NAME: 112, Column.FREEZE: 30, Column.OUTPUT: 78, Column.PARAMETERS: 84, Column.CLASS: 120}


class OutlineView(QTreeView):
    freeze_pressed = Signal(object)  # QModelIndex: the space bar on the current row

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.freeze_pressed.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class Outline(QWidget):
    """Selecting here selects on the canvas and the other way round; a double click also brings the box into view."""

    def __init__(self, session: Session, theme: Theme | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("outline")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._following = False
        self.model = OutlineModel(session, theme or load_theme("dark"), self)
        self.sorted = QSortFilterProxyModel(self)
        self.sorted.setSourceModel(self.model)
        self.sorted.setSortRole(SORT_ROLE)
        self.view = self._make_view()
        self._empty = QLabel(tr("Nothing is on the canvas yet."))
        self._empty.setProperty("role", "dim")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addWidget(self.view, 1)
        layout.addWidget(self._empty, 1)
        self._connect()
        self._show_emptiness()
        self._open(())
        self._on_session_selection(session.selection)

    def set_theme(self, theme: Theme) -> None:
        self.model.set_theme(theme)

    def _make_view(self) -> OutlineView:
        view = OutlineView()
        view.setObjectName("outline_list")
        view.setAccessibleName(tr("Outline"))
        view.setModel(self.sorted)
        view.setIndentation(14)
        view.setExpandsOnDoubleClick(False)  # that brings the box into view
        view.setUniformRowHeights(True)
        view.setAllColumnsShowFocus(True)
        view.setIconSize(QSize(14, 14))
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setSortingEnabled(True)
        view.header().setSortIndicatorClearable(True)  # a third click goes back to the order of the data's flow
        view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        view.header().setStretchLastSection(True)
        view.header().setMinimumSectionSize(28)
        for column, width in _WIDTHS.items():
            view.setColumnWidth(column, width)
        view.header().setSectionResizeMode(Column.FREEZE, QHeaderView.ResizeMode.Fixed)
        return view

    def _connect(self) -> None:
        session = self._session
        session.document_changed.connect(self._on_document_changed)
        session.results_changed.connect(self._on_results_changed)
        session.selection_changed.connect(self._on_session_selection)
        self.view.selectionModel().selectionChanged.connect(self._on_view_selection)
        self.view.clicked.connect(self._on_clicked)
        self.view.doubleClicked.connect(self._on_double_clicked)
        self.view.freeze_pressed.connect(self._toggle_freeze)

    def _show_emptiness(self) -> None:
        self.view.setVisible(self.model.rowCount() > 0)
        self._empty.setVisible(self.model.rowCount() == 0)

    def _on_document_changed(self, changes: Changes) -> None:
        opened = self._opened()
        if self.model.on_document_changed(changes):
            self._show_emptiness()
            self._open(opened)
            self._on_session_selection(self._session.selection)

    def _opened(self) -> list[str]:
        """The boxes whose content shows, outermost first."""
        found: list[str] = []
        if not self.model.has_models:
            return found
        waiting = [self.sorted.index(row, 0) for row in range(self.sorted.rowCount())]
        for index in waiting:  # grows while it is read
            if self.sorted.hasChildren(index) and self.view.isExpanded(index):
                found.append(self.model.call_at(self.sorted.mapToSource(index)))
                waiting += [self.sorted.index(row, 0, index) for row in range(self.sorted.rowCount(index))]
        return found

    def _open(self, calls: Sequence[str]) -> None:
        for call in calls:
            index = self.model.index_of(call)
            if index is not None:
                self.view.expand(self.sorted.mapFromSource(index))
        self.view.setRootIsDecorated(self.model.has_models)

    def _on_results_changed(self, _results: object) -> None:
        self.model.update_values()

    def _on_session_selection(self, calls: tuple[str, ...]) -> None:
        rows = [row for call in calls if (row := self.model.index_of(call)) is not None]
        chosen = QItemSelection()
        for row in rows:
            index = self.sorted.mapFromSource(row)
            chosen.select(index, index)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        with QSignalBlocker(self):
            self._following = True
            self.view.selectionModel().select(chosen, flags)
            self._following = False
        if rows:
            first = self.sorted.mapFromSource(rows[0])
            self.view.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.view.scrollTo(first)

    def _on_view_selection(self) -> None:
        if not self._following:
            rows = self.view.selectionModel().selectedRows()
            self._session.select([self.model.call_at(self.sorted.mapToSource(index)) for index in rows])

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.column() == Column.FREEZE:
            self._toggle_freeze(index)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        if index.column() != Column.FREEZE:
            self._session.reveal(self.model.call_at(self.sorted.mapToSource(index)))

    def _toggle_freeze(self, index: QModelIndex) -> None:
        facts = self.model.facts_at(self.sorted.mapToSource(index))
        if not facts.can_freeze:
            return
        freezing_of(self._session).set_frozen(
            [facts.operation.id], not is_frozen(self._session.document, facts.operation)
        )
