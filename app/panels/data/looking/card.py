"""The large card of Data: the samples by class, as a gallery or as a table, and the list of columns."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSlider, QStackedWidget, QVBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.panels.data.looking.by_class import ByClass, ClassLine
from app.panels.data.looking.gallery import LARGEST, SMALLEST, Gallery
from app.panels.data.looking.table import SamplesTable
from app.panels.data.parts.columns import ColumnsModel, ColumnsTable
from app.panels.widgets.chips import Chips
from app.panels.widgets.fields import elastic
from app.project.data_look.rows import DataRows
from graph_editor.words.plain_label import PlainLabel
from resources.text import tr

BY_CLASS, GALLERY, AUGMENTED, TABLE, COLUMNS = "by_class", "gallery", "augmented", "table", "columns"


class LookingCard(QFrame):
    """`tab` is what shows. Which of the tabs there are follows from the data; what a person took stays taken."""

    opened = Signal(int)  # a sample, to be seen large
    columns_selected = Signal(object)  # tuple[str, ...]
    tab_changed = Signal(str)

    def __init__(self, rows: DataRows, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data_looking")
        self.setProperty("role", "card")
        self.by_class = ByClass(rows, look)
        self.gallery = Gallery(rows, look)
        self.table = SamplesTable(rows, look)
        self.model = ColumnsModel(self)
        self.columns = ColumnsTable(self.model)
        self._pages: dict[str, QWidget] = {
            BY_CLASS: self.by_class,
            GALLERY: self.gallery,
            TABLE: self.table,
            COLUMNS: self.columns,
        }
        self._wanted = ""  # what a person took
        self.title = PlainLabel()
        self.title.setObjectName("looking_title")
        self.title.setProperty("role", "strong")
        self.note = elastic(PlainLabel())
        self.note.setObjectName("looking_note")
        self.note.setProperty("role", "dim")
        self.tabs = Chips("data_tabs", tr("How the samples are shown"))
        self.zoom = QSlider(Qt.Orientation.Horizontal)
        self.zoom.setObjectName("gallery_zoom")
        self.zoom.setAccessibleName(tr("Size of the pictures"))
        self.zoom.setRange(SMALLEST, LARGEST)
        self.zoom.setValue(self.gallery.edge)
        self.zoom.setFixedWidth(110)
        self.stack = QStackedWidget()
        for page in self._pages.values():
            self.stack.addWidget(page)
        self._lay_out()
        self.tabs.chosen.connect(self._on_tab)
        self.zoom.valueChanged.connect(self.gallery.zoom)
        self.gallery.zoomed.connect(self.zoom.setValue)
        self.by_class.opened.connect(self.opened)
        self.gallery.opened.connect(self.opened)
        self.table.columns_selected.connect(self.columns_selected)
        self.columns.selectionModel().selectionChanged.connect(self._on_column_rows)
        self._silent = False

    @property
    def tab(self) -> str:
        return self.tabs.key

    def add_page(self, key: str, page: QWidget) -> None:
        """One more way of looking, which `show_tabs` may offer."""
        self._pages[key] = page
        self.stack.addWidget(page)

    def show_tabs(self, entries: Sequence[tuple[str, str, str]]) -> None:
        """Key, text and tooltip of those that fit the data; the first one shows unless a person took another."""
        keys = [key for key, _text, _tip in entries]
        self.tabs.show_entries(entries)
        self._show(self._wanted if self._wanted in keys else keys[0])

    def show_classes(self, column: str, lines: Sequence[ClassLine]) -> None:
        self.by_class.show_classes(column, lines)

    def select(self, names: Sequence[str]) -> None:
        """Select columns in both lists as if a person had; nothing is told of it."""
        self.table.select(names)
        self._silent = True
        self.columns.select_names(names)
        self._silent = False

    def show_sample(self, row: int, column: str) -> None:
        """The table, with this sample in its middle."""
        self._on_tab(TABLE)
        self.table.show_sample(row, column)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(14, 10, 14, 12)
        rows.setSpacing(8)
        rows.addLayout(head)
        head.addWidget(self.title)
        head.addWidget(self.note, 1)
        head.addWidget(self.zoom)
        head.addWidget(self.tabs)
        rows.addWidget(self.stack, 1)

    def _show(self, key: str) -> None:
        self.tabs.show_key(key)
        self.stack.setCurrentWidget(self._pages[key])
        self.zoom.setVisible(key == GALLERY)

    def _on_tab(self, key: str) -> None:
        self._wanted = key
        self._show(key)
        self.tab_changed.emit(key)

    def _on_column_rows(self) -> None:
        if not self._silent:
            rows = sorted(index.row() for index in self.columns.selectionModel().selectedRows())
            self.columns_selected.emit(tuple(self.model.columns[row].name for row in rows))
