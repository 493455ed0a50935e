"""The palette: every layer that can be put on the canvas, searchable."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QDrag, QKeyEvent, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListView, QVBoxLayout, QWidget

from app.blocks.library import BlockLibrary
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.palette.delegate import PaletteDelegate, block_picture, box_picture
from app.panels.palette.model import PaletteModel, PaletteRow
from app.panels.widgets.search_field import SearchField
from graph_editor.catalog.catalog import Catalog
from graph_editor.words.tooltips import set_tooltip
from resources.text import tr

_PAGE = 8


class PaletteView(QListView):
    """The list; a dragged layer carries `application/x-lamella-layer` with "module:class_name", a block its file."""

    row_activated = Signal(int)
    menu_wanted = Signal(int, QPoint)  # row, place on the screen

    def __init__(self, model: PaletteModel, delegate: PaletteDelegate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._delegate = delegate
        self.setObjectName("palette_list")
        self.setAccessibleName(tr("Layers"))
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setMouseTracking(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)  # hints are as high as their lines need
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(14)

    def startDrag(self, supported: Qt.DropAction) -> None:
        row = self._model.row(self.currentIndex().row()) if self.currentIndex().isValid() else None
        if row is None or not row.can_be_added:
            return
        drag = QDrag(self)
        drag.setMimeData(self._model.mimeData([self.currentIndex()]))
        picture = _picture(row, self._delegate.theme, self.devicePixelRatioF())
        drag.setPixmap(picture)
        size = picture.deviceIndependentSize()
        beside = row.entry is not None  # the canvas shows a block itself, around the pointer
        drag.setHotSpot(QPoint(-12, -8) if beside else QPoint(round(size.width() / 2), round(size.height() / 2)))
        drag.exec(Qt.DropAction.CopyAction)
        self.clearSelection()  # what was dragged is on the canvas now; it stays current for the keys

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            at = self.visualRect(index).center() if by_key else event.pos()
            self.menu_wanted.emit(index.row(), self.viewport().mapToGlobal(at))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and row >= 0:
            self.row_activated.emit(row)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and row >= 0:
            self._model.set_folded(row, event.key() == Qt.Key.Key_Left)
            self.setCurrentIndex(self._model.index(row))
        else:
            super().keyPressEvent(event)


def _picture(row: PaletteRow, theme: Theme, ratio: float) -> QPixmap:
    if row.entry is not None:
        return block_picture(row.entry.block, theme, ratio)
    assert row.spec is not None
    return box_picture(row.spec, theme, ratio)


class Palette(QWidget):
    """`layer_activated` carries the LayerSpec that was double-clicked or confirmed with Enter, `block_activated` the
    Block; `block_menu_wanted` the BlockEntry that a menu is asked for, and the place on the screen.
    """

    layer_activated = Signal(object)
    block_activated = Signal(object)
    block_menu_wanted = Signal(object, QPoint)

    def __init__(
        self, catalog: Catalog, look: ThemeSource, parent: QWidget | None = None, blocks: BlockLibrary | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("palette")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Palette"))
        self._model = PaletteModel(catalog, self, blocks)
        self._delegate = PaletteDelegate(look, self)
        look.changed.connect(self._on_theme)
        self.search = SearchField(tr("Add a layer…"), "Tab")
        self.search.setObjectName("palette_search")
        set_tooltip(self.search, tr("Tab on the canvas adds a layer where the pointer is."))
        self.view = PaletteView(self._model, self._delegate)
        self._lay_out()
        self.search.textChanged.connect(self._on_search_changed)
        self.search.list_key_pressed.connect(self._on_list_key)
        self.view.row_activated.connect(self._activate)
        self.view.doubleClicked.connect(self._on_double_clicked)
        self.view.clicked.connect(self._on_clicked)
        self.view.menu_wanted.connect(self._on_menu_wanted)
        if blocks is not None:
            blocks.changed.connect(self.refresh)

    def _on_theme(self, _theme: Theme) -> None:
        self.view.viewport().update()

    def refresh(self) -> None:
        """The catalogue offers something else now."""
        self._model.refresh()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(6)
        top = QVBoxLayout()
        top.setContentsMargins(12, 0, 12, 0)
        layout.addLayout(top)
        top.addWidget(self.search)
        layout.addWidget(self.view, 1)

    def _on_search_changed(self, text: str) -> None:
        self._model.set_search(text)
        self.view.scrollToTop()
        first = next((row for row in range(self._model.rowCount()) if self._model.row(row).can_be_added), None)
        if self._model.search_text and first is not None:
            self._make_current(first)

    def _on_list_key(self, key: Qt.Key) -> None:
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.view.currentIndex().isValid():
                self._activate(self.view.currentIndex().row())
            return
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -_PAGE, Qt.Key.Key_PageDown: _PAGE}[key]
        layers = [row for row in range(self._model.rowCount()) if self._model.row(row).can_be_added]
        if not layers:
            return
        current = self.view.currentIndex().row()
        place = layers.index(current) + steps if current in layers else 0
        self._make_current(layers[max(0, min(place, len(layers) - 1))])

    def _make_current(self, row: int) -> None:
        index = self._model.index(row)
        self.view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.view.scrollTo(index)

    def _on_clicked(self, index: QModelIndex) -> None:
        if not self._model.row(index.row()).can_be_added:
            self._toggle(index.row())

    def _on_double_clicked(self, index: QModelIndex) -> None:
        if self._model.row(index.row()).can_be_added:
            self._activate(index.row())

    def _on_menu_wanted(self, row: int, at: QPoint) -> None:
        entry = self._model.row(row).entry
        if entry is not None or self._model.row(row).category in ("blocks", "my_blocks"):
            self.block_menu_wanted.emit(entry, at)

    def _activate(self, row: int) -> None:
        row_chosen = self._model.row(row)
        if row_chosen.spec is not None:
            self.layer_activated.emit(row_chosen.spec)
        elif row_chosen.entry is not None:
            self.block_activated.emit(row_chosen.entry.block)
        else:
            self._toggle(row)

    def _toggle(self, row: int) -> None:
        """Fold or unfold without the list jumping."""
        place = self.view.verticalScrollBar().value()
        self._model.toggle(row)
        self.view.verticalScrollBar().setValue(place)
        self._make_current(min(row, self._model.rowCount() - 1))
