"""The strip above the list of runs: a filter, groups, columns, saved views, marks, and what all of them take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QWidget

from app.panels.run_parts.arranging import Arranged
from app.panels.run_parts.run_columns import GROUPS, RunColumns
from app.panels.run_parts.sizes import size_text
from app.panels.widgets.choice_list import ChoiceList
from app.panels.widgets.fields import button, column, hint
from app.panels.widgets.search_field import SearchField
from graph_editor.words.attaching import attached
from graph_editor.words.literal import on_button
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.restyling import restyle
from graph_editor.words.tooltips import set_tooltip
from resources.text import tr
from runtime.tracking.views import View, Views

_TYPING_MS: Final = 200
_MOST_OF_MENU: Final = 40


class FilterBar(QFrame):
    """It tells what a person wants; what is shown of it comes through `show_…`."""

    filter_changed = Signal(str)
    group_chosen = Signal(str)  # the key of a column, or ""
    columns_chosen = Signal(object)  # tuple[str, ...]
    archived_asked = Signal(bool)
    view_chosen = Signal(str)  # a name; "" for the usual one
    view_save_asked = Signal()
    view_deleted = Signal(str)
    all_turned = Signal(bool)  # whether all groups are to be closed
    clean_up_asked = Signal()

    def __init__(self, fill_marks: Callable[[QMenu], None], parent: QWidget | None = None) -> None:
        """`fill_marks` puts into a menu what can be said of the selected runs."""
        super().__init__(parent)
        self.setObjectName("runs_filter_bar")
        self._columns: RunColumns | None = None
        self._keys: Sequence[str] = ()
        self._view, self._views = View(), Views()
        self.field = SearchField(tr("Filter by words, or val_loss < 0.3"))
        self.field.setObjectName("runs_filter")
        self.field.setClearButtonEnabled(True)
        words = tr(
            "Words, or conditions: val_loss < 0.3, tag:baseline, status:failed, is:starred, started > 2026-01-31."
        )
        set_tooltip(self.field, f"{words} {tr('With not, or, and brackets. Columns are called as their titles say.')}")
        self.error = hint("", "runs_filter_error")
        self.error.setProperty("role", "error")
        self.error.hide()
        self.count = PlainLabel()
        self.count.setObjectName("runs_shown")
        self.count.setProperty("part", "hint")
        self.mark = self._menu_button(tr("Mark"), "runs_mark", fill_marks, tr("Name, note, tags, group, star, archive"))
        self.group = self._menu_button(tr("Group by"), "runs_group", self._fill_groups)
        self.columns = button(tr("Columns"), "runs_columns", "", tr("Which settings and figures the table shows"))
        self.views = self._menu_button(tr("Views"), "runs_views", self._fill_views, tr("Saved columns, order, filter"))
        self.clean_up = button(tr("Clean up…"), "runs_clean_up", "", tr("Free disk space; the best weights stay"))
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._lay_out()
        self.field.textChanged.connect(lambda _text: self._typing.start())
        self._typing.timeout.connect(lambda: self.filter_changed.emit(self.field.text().strip()))
        self.columns.clicked.connect(self.open_columns)
        self.clean_up.clicked.connect(self.clean_up_asked)

    def _menu_button(self, text: str, name: str, fill: Callable[[QMenu], None], tip: str = "") -> QPushButton:
        push_button = button(text, name, "", tip)
        menu = QMenu(push_button)
        menu.setObjectName(f"{name}_menu")

        def fill_anew() -> None:
            menu.clear()
            fill(menu)

        menu.aboutToShow.connect(fill_anew)
        push_button.setMenu(menu)
        return push_button

    def _lay_out(self) -> None:
        rows = column(self, (14, 8, 14, 8), 4)
        row = attached(rows, QHBoxLayout())
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.count)
        for widget in (self.mark, self.group, self.columns, self.views, self.clean_up):
            row.addWidget(widget)
        rows.addWidget(self.error)

    # what is shown

    def show_columns(self, columns: RunColumns, keys: Sequence[str]) -> None:
        self._columns, self._keys = columns, keys

    def show_views(self, views: Views) -> None:
        self._view, self._views = views.current, views
        if not self._typing.isActive() and self.field.text().strip() != self._view.filter:
            self._set_filter(self._view.filter)
        grouped = self._columns.get(self._view.group) if self._columns is not None and self._view.group else None
        text = tr("Group by") if grouped is None else tr("By {column}", column=grouped.title)
        self.group.setText(on_button(text))

    def set_filter(self, text: str) -> None:
        """Write it there as if a person had, without waiting for more."""
        self._set_filter(text)
        self.filter_changed.emit(text.strip())

    def _set_filter(self, text: str) -> None:
        self.field.setText(text)
        self._typing.stop()

    def show_arranged(self, arranged: Arranged, count: int) -> None:
        """`count` runs in all."""
        self.error.setVisible(arranged.error is not None)
        self.error.setText(str(arranged.error.text) if arranged.error is not None else "")
        restyle(self.field, invalid="true" if arranged.error is not None else "false")
        size = size_text(arranged.size)
        if arranged.shown == count:
            text = size
        else:
            text = tr("{shown} of {count} · {size}", shown=f"{arranged.shown:,}", count=f"{count:,}", size=size)
        self.count.setText(text)
        hidden = tr("{count} archived runs are not shown.", count=f"{arranged.archived:,}") if arranged.archived else ""
        set_tooltip(self.count, hidden or tr("What the shown runs take on the disk"))

    # what can be chosen

    def open_columns(self) -> ChoiceList:
        assert self._columns is not None
        entries = [(c.key, c.title, str(GROUPS[c.group])) for c in self._columns.by_key.values()]
        popup = ChoiceList(entries, tuple(self._keys), self.columns)
        popup.changed.connect(self._on_ticked)
        popup.open_below(self.columns)
        return popup

    def _on_ticked(self, keys: tuple[str, ...]) -> None:
        if keys:  # a table without columns could not be clicked
            self.columns_chosen.emit(keys)

    def _fill_groups(self, menu: QMenu) -> None:
        self._entry(menu, tr("Nothing"), lambda: self.group_chosen.emit(""), not self._view.group)
        menu.addSeparator()
        columns = list(self._columns.by_key.values()) if self._columns is not None else []
        first = ("group", "tags", "status", "device", "optimizer", "data")
        usual = [c for key in first for c in columns if c.key == key]
        others = [c for c in columns if c.group == "setting" and c.key not in first]
        for each in (*usual, *others[:_MOST_OF_MENU]):
            self._entry(menu, each.title, partial(self.group_chosen.emit, each.key), self._view.group == each.key)
        if self._view.group:
            menu.addSeparator()
            self._entry(menu, tr("Close all groups"), lambda: self.all_turned.emit(True))
            self._entry(menu, tr("Open all groups"), lambda: self.all_turned.emit(False))

    def _fill_views(self, menu: QMenu) -> None:
        self._entry(menu, tr("Usual columns and order"), lambda: self.view_chosen.emit(""))
        for view in self._views.saved:
            same = view.name == self._view.name
            self._entry(menu, view.name, partial(self.view_chosen.emit, view.name), same)
        menu.addSeparator()
        self._entry(menu, tr("Save this view…"), self.view_save_asked.emit)
        if self._views.saved:
            away = menu.addMenu(tr("Delete view"))
            for view in self._views.saved:
                self._entry(away, view.name, partial(self.view_deleted.emit, view.name))
        menu.addSeparator()
        shown = self._view.archived
        self._entry(menu, tr("Show archived runs"), lambda: self.archived_asked.emit(not shown), shown)

    def _entry(self, menu: QMenu, text: str, do: Callable[[], object], ticked: bool | None = None) -> None:
        action = menu.addAction(on_button(text))
        if ticked is not None:
            action.setCheckable(True)
            action.setChecked(ticked)
        action.triggered.connect(lambda _checked=False: do())
