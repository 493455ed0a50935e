"""Type a few letters, choose a layer: the way to build without the mouse."""

from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import TypeVar

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.categories import CATEGORIES
from graph_editor.catalog.legacy import legacy_answers
from graph_editor.catalog.search import nearness
from graph_editor.catalog.specs import LayerSpec
from graph_editor.document.clips.blocks import Block
from graph_editor.view.floating.overlay_style import overlay_sheet
from graph_editor.view.painting.look import Look
from graph_editor.view.painting.marks import paint_mark
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.tooltips import tooltip_text
from resources.plain import shown_name
from resources.text import tr

_ROW, _ROWS, _WIDTH = 28, 9, 320
_SPEC_ROLE = int(Qt.ItemDataRole.UserRole)
T = TypeVar("T")
Index = QModelIndex | QPersistentModelIndex
Blocks = Callable[[str], Sequence[Block]]
Ranking = Callable[[Sequence[LayerSpec], str], list[LayerSpec]]


class SearchPopup(QFrame):
    layer_chosen = Signal(object)  # LayerSpec
    block_chosen = Signal(object)  # Block
    closed = Signal()

    def __init__(self, catalog: Catalog, look: Look[CanvasTheme], parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self.setObjectName("searchPopup")
        self.setAccessibleName(tr("Add a layer"))
        self._field = QLineEdit(self)
        self._field.setObjectName("searchField")
        self._field.setAccessibleName(tr("Search for a layer"))
        self._field.setPlaceholderText(tr("Add a layer…"))
        self._field.textChanged.connect(self._on_text_changed)
        self._field.installEventFilter(self)
        self._model = SpecModel(catalog, self)
        self._list = QListView(self)
        self._list.setObjectName("searchList")
        self._list.setAccessibleName(tr("Layers found"))
        self._list.setModel(self._model)
        self._delegate = SpecDelegate(look, self._list)  # a list does not delete the one that it had before
        self._list.setItemDelegate(self._delegate)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setUniformItemSizes(True)
        self._list.setMouseTracking(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.clicked.connect(self._on_clicked)
        self._hint = PlainLabel(tr("↑ ↓ choose · Enter adds · Esc closes"), self)
        self._hint.setObjectName("searchHint")
        self._hint.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 6)
        layout.setSpacing(6)
        for widget in (self._field, self._list, self._hint):
            layout.addWidget(widget)
        self.setFixedWidth(_WIDTH)
        look.follow(self._on_theme)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(self._field)
        self.hide()

    def _on_theme(self, theme: CanvasTheme) -> None:
        self.setStyleSheet(overlay_sheet(theme))
        self._list.viewport().update()

    def open_at(self, place: QPointF, ranking: Ranking | None = None, blocks: Blocks | None = None) -> None:
        """Show with an empty field, as near to ``place`` (pixels in the parent) as fits.

        ``ranking`` puts what was found for a text into another order, or leaves some of it out. ``blocks`` finds
        blocks for a text, which are offered too.
        """
        self._model.ranking, self._model.blocks = ranking, blocks
        self._field.clear()
        self._on_text_changed("")
        room = self._host.rect().adjusted(8, 8, -8, -8)
        size = self.sizeHint().boundedTo(room.size())
        x = min(max(int(place.x()), room.left()), room.right() - size.width())
        y = min(max(int(place.y()), room.top()), room.bottom() - size.height())
        self.setGeometry(QRect(x, y, _WIDTH, size.height()))
        self.show()
        self.raise_()
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, 80 + _ROW * _ROWS)

    def close_search(self) -> None:
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and self._is_left():
            self.close_search()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(event.key())
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # beside its list: nothing for what lies behind it

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def _is_left(self) -> bool:
        """Whether the keyboard is elsewhere now; a menu or another window has it only for a while."""
        now = QApplication.focusWidget()
        return not self.underMouse() if now is None else not self.isAncestorOf(now)

    def _on_key(self, key: int) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        if key in steps:
            row = self._list.currentIndex().row() + steps[Qt.Key(key)]
            self._choose_row(min(max(row, 0), self._model.rowCount() - 1))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self._list.currentIndex())
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.close_search()
        else:
            return False
        return True

    def _choose_row(self, row: int) -> None:
        index = self._model.index(row)
        self._list.setCurrentIndex(index)
        self._list.scrollTo(index)

    def _take(self, index: QModelIndex) -> None:
        spec = index.data(_SPEC_ROLE)
        if spec is not None:
            self.close_search()
            (self.block_chosen if isinstance(spec, Block) else self.layer_chosen).emit(spec)

    def _on_text_changed(self, text: str) -> None:
        self._model.search(text)
        keys = tr("↑ ↓ choose · Enter adds · Esc closes") if self._model.rowCount() else tr("No layer is called that.")
        answers = legacy_answers(text)
        self._hint.setText(str(answers[0].text) if answers else keys)
        if self._model.rowCount():
            self._choose_row(0)

    def _on_clicked(self, index: QModelIndex) -> None:
        self._take(index)


class SpecModel(QAbstractListModel):
    def __init__(self, catalog: Catalog, parent: QObject) -> None:
        super().__init__(parent)
        self._catalog = catalog
        self._specs: list[LayerSpec | Block] = []
        self.ranking: Ranking | None = None
        self.blocks: Blocks | None = None

    def search(self, text: str) -> None:
        self.beginResetModel()
        found = self._catalog.search(text)
        layers = self.ranking(found, text) if self.ranking else found
        self._specs = with_blocks(layers, self.blocks(text) if self.blocks and text.strip() else (), text)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return len(self._specs)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not index.isValid():
            return None
        spec = self._specs[index.row()]
        if role == _SPEC_ROLE:
            return spec
        if role == Qt.ItemDataRole.DisplayRole:
            return shown_name(spec.name) if isinstance(spec, Block) else spec.shown_name
        if role != Qt.ItemDataRole.ToolTipRole:
            return None
        return tooltip_text(spec.description if isinstance(spec, Block) else self._catalog.help(spec))


def with_blocks(layers: Sequence[LayerSpec], blocks: Sequence[T], text: str) -> list[LayerSpec | T]:
    """Blocks behind the layers that are called so or begin so, before those that only hold it somewhere."""
    first = sum(1 for _ in takewhile(lambda spec: nearness(spec, text) < 3, layers))
    return [*layers[:first], *blocks, *layers[first:]]


class SpecDelegate(QStyledItemDelegate):
    """A square in the colour of the category, the name, and the category in words at the right."""

    def __init__(self, look: Look[CanvasTheme], parent: QObject) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        spec = index.data(_SPEC_ROLE)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        theme = self._look.theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(theme.color("selection"))
            painter.drawRoundedRect(rect, 5, 5)
        block = isinstance(spec, Block)
        mark = QRectF(rect.left() + 9, rect.center().y() - 3.5, 8, 8)
        if block:
            paint_block_mark(painter, mark, theme.color("accent"))
        else:
            paint_mark(painter, spec.category, theme.category(spec.category), mark.center(), 13)
        painter.setFont(theme.font(11))
        painter.setPen(theme.color("dim"))
        words = rect.adjusted(26, 0, -10, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        category = tr("Block") if block else _category_title(spec.category)
        painter.drawText(words, Qt.AlignmentFlag.AlignRight | middle, category)
        painter.setFont(theme.font(13))
        painter.setPen(theme.color("text"))
        name = shown_name(spec.name) if block else spec.shown_name
        room = words.width() - painter.fontMetrics().horizontalAdvance(category) - 8
        name = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | middle, name)
        painter.restore()


def paint_block_mark(painter: QPainter, area: QRectF, color: QColor) -> None:
    """Paint what tells a block from a layer: a frame with two boxes in it."""
    painter.setPen(QPen(color, 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area.adjusted(-1, -1, 1, 1), 2, 2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    height = (area.height() - 3) / 2
    for top in (area.top() + 0.5, area.bottom() - 0.5 - height):
        painter.drawRect(QRectF(area.left() + 1.2, top, area.width() - 2.4, height))


def _category_title(key: str) -> str:
    return next((str(category.title) for category in CATEGORIES if category.key == key), key)
