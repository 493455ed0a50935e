"""The outline: every box in a tree that can be sorted and filtered, with a column to freeze it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.panels.outline.model import Column, OutlineModel, column_title
from app.panels.outline.view import OutlineView
from app.panels.widgets.search_field import SearchField
from app.project.session import Session
from graph_editor.document.document import Changes
from graph_editor.words.plain_label import PlainLabel
from resources.text import tr

_MARGIN = 12


class Outline(QWidget):
    """Selecting here selects on the canvas and the other way round; Enter also brings the box into view.

    While it cannot be seen it is not kept up to date.
    """

    def __init__(self, session: Session, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("outline")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._freezing = session.freezing
        self._following = False
        self._stale = False
        self._opened: set[str] = set()  # boxes whose content shows while nothing is filtered
        self.model = OutlineModel(session, look, self)
        self.view = OutlineView(self.model, look)
        self.filter = SearchField(tr("Filter by name, layer, frozen…"))
        self.filter.setObjectName("outline_filter")
        self.filter.setClearButtonEnabled(True)
        self._empty = PlainLabel()
        self._empty.setObjectName("outline_empty")
        self._empty.setProperty("role", "dim")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._lay_out()
        self._connect()
        self._after_reset()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._stale = False
            self.model.rebuild()

    def _lay_out(self) -> None:
        top = QVBoxLayout()
        top.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, _MARGIN, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(top)
        top.addWidget(self.filter)
        layout.addWidget(self.view, 1)
        layout.addWidget(self._empty, 1)

    def _connect(self) -> None:
        session, view = self._session, self.view
        session.document_changed.connect(self._on_document_changed)
        session.inference.results_changed.connect(self._on_results_changed)
        session.navigation.selection_changed.connect(self._on_session_selection)
        self.model.modelReset.connect(self._after_reset)
        self.filter.textChanged.connect(self.model.set_filter)
        self.filter.list_key_pressed.connect(self._on_list_key)
        view.selectionModel().selectionChanged.connect(self._on_view_selection)
        view.expanded.connect(lambda index: self._on_folded(index, False))
        view.collapsed.connect(lambda index: self._on_folded(index, True))
        view.doubleClicked.connect(self._on_double_clicked)
        view.painted.connect(self._freezing.set_frozen)
        view.freeze_pressed.connect(self._toggle_freeze)
        view.reveal_pressed.connect(self._reveal)
        view.typed.connect(self._on_typed)
        view.menu_wanted.connect(self._show_menu)

    # Following the document

    def _on_document_changed(self, changes: Changes) -> None:
        if self.isVisible():
            self.model.on_document_changed(changes)
        else:
            self._stale = True

    def _on_results_changed(self, _results: object) -> None:
        if self.isVisible():
            self.model.update_values()
        else:
            self._stale = True

    def _after_reset(self) -> None:
        """Unfold and select the rows again: the view has forgotten them."""
        model = self.model
        self._opened = {call for call in self._opened if model.is_model(call)}
        self._following = True
        for place in model.unfolded if model.filter else map(model.place_of, self._opened):
            index = model.index_at(place)
            if index is not None:
                self.view.expand(index)
        self._following = False
        self.view.setRootIsDecorated(model.has_models)
        has_rows = model.rowCount() > 0
        self.view.setVisible(has_rows)
        self._empty.setVisible(not has_rows)
        if model.filter:
            self._empty.setText(tr("No box matches “{text}”.", text=model.filter))
        else:
            more = tr("Tab on the canvas adds a layer; Ctrl+N starts from a template.")
            self._empty.setText(f"{tr('Nothing is on the canvas yet.')}\n{more}")
        self.filter.setVisible(len(model.rows) > 1)
        self._on_session_selection(self._session.navigation.selection)

    def _on_folded(self, index: QModelIndex, folded: bool) -> None:
        if self._following or self.model.filter:
            return
        if folded:
            self._opened.discard(self.model.call_at(index))
        else:
            self._opened.add(self.model.call_at(index))

    # The selection, here and on the canvas

    def _on_session_selection(self, calls: tuple[str, ...]) -> None:
        if not self.isVisible() or set(calls) == set(self.view.selected_calls()):
            return
        first = next((row for call in calls if (row := self.model.index_of(call)) is not None), None)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self._following = True
        self.view.selectionModel().select(self.model.selection_of(calls), flags)
        if first is not None:
            self.view.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.view.scrollTo(first)
        self._following = False

    def _on_view_selection(self) -> None:
        if not self._following:
            self._session.navigation.select(self.view.selected_calls())

    # What is done here

    def _on_double_clicked(self, index: QModelIndex) -> None:
        if index.column() != Column.FREEZE:
            self._reveal(index)

    def _reveal(self, index: QModelIndex) -> None:
        self._session.navigation.reveal(self.model.call_at(index))

    def _on_list_key(self, key: Qt.Key) -> None:
        """From the filter into the list: arrows go there, Enter shows the first match on the canvas."""
        first = next((self.model.index_at(place) for place in self.model.matches()), None)
        if first is None:
            return
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._reveal(first)
        else:
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.view.selectionModel().setCurrentIndex(first, flags)  # whatever is held with the arrow

    def _on_typed(self, letters: str) -> None:
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.setText(letters)

    def _toggle_freeze(self) -> None:
        self._freezing.toggle(self._target_calls())

    def _target_calls(self) -> list[str]:
        """The selected boxes; the current one where it is not among them."""
        current, selected = self.view.currentIndex(), self.view.selected_calls()
        if not current.isValid() or self.model.call_at(current) in selected:
            return selected
        return [self.model.call_at(current)]

    def _show_menu(self, at: QPoint) -> None:
        calls, current = self._target_calls(), self.view.currentIndex()
        if not calls:
            return
        frozen = self._freezing.all_frozen(calls)
        menu = QMenu(self)
        menu.setObjectName("outline_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        entries: Sequence[tuple[str, str, str, Callable[[], object]] | None] = (
            ("reveal", tr("Show on the canvas"), tr("Enter"), lambda: self._reveal(current)),
            ("rename", tr("Rename"), "F2", lambda: self.view.rename(current)),
            None,
            ("freeze", tr("Unfreeze") if frozen else tr("Freeze"), tr("Space"), self._toggle_freeze),
            ("freeze_above", tr("Freeze everything above"), "", lambda: self._freezing.freeze_above(calls)),
            ("unfreeze_all", tr("Unfreeze all layers"), "", self._freezing.unfreeze_all),
        )
        for entry in entries:
            if entry is None:
                menu.addSeparator()
            else:
                key, text, keys, act = entry
                action = menu.addAction(f"{text}\t{keys}")
                action.setObjectName(key)
                action.triggered.connect(lambda _checked=False, act=act: act())
        menu.addSeparator()
        self._add_sorting(menu)
        menu.popup(at)

    def _add_sorting(self, menu: QMenu) -> None:
        """Add for the keyboard what clicks on the header do."""
        header, more = self.view.header(), menu.addMenu(tr("Sort by"))
        more.setObjectName("outline_sort_menu")
        for column in (None, *Column):
            number = -1 if column is None else int(column)
            text = tr("Order in the graph") if column is None else column_title(column)
            action = more.addAction(text)
            action.setObjectName(f"sort_{number}")
            action.setCheckable(True)
            action.setChecked(header.sortIndicatorSection() == number)
            action.triggered.connect(
                lambda _checked=False, number=number: self.view.sortByColumn(number, Qt.SortOrder.AscendingOrder)
            )
