"""The tree of the outline: its keys, and the snowflakes that are painted through with the mouse."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QIcon, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from app.look.icons import icon
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.outline.model import STATE_ROLE, Column, Index, OutlineModel
from app.panels.outline.rename_line import RenameLine
from resources.plain import shown_name
from resources.text import tr

_WIDTHS = {Column.NAME: 112, Column.FREEZE: 30, Column.OUTPUT: 78, Column.PARAMETERS: 84, Column.CLASS: 120}
_INDENTATION = 14
_WIDEST_NAME = 480
_NAME_MARGINS = 14
_ICON, _BADGE = 14, 20
_SCROLL_MS = 40
_RENAME_WIDTH = 180
_FADED = 0.6


class FreezeDelegate(QStyledItemDelegate):
    """A snowflake for each state: on a badge when frozen itself, bare when by the model around, a dash when partly."""

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look.follow(self._on_theme)

    def _on_theme(self, theme: Theme) -> None:
        frozen, self._badge = theme.color("frozen.text"), QColor(theme.color("frozen.soft"))
        self._icons: dict[str, QIcon] = {
            "own": icon("snowflake", frozen, _ICON),
            "around": icon("snowflake", frozen, _ICON),
            "partly": icon("dash", frozen, _ICON),
            "learns": icon("snowflake", theme.color("dim"), _ICON),
        }

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        state = index.data(STATE_ROLE)
        if not state:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = option.rect.center()  # type: ignore[attr-defined]
        if state in ("own", "partly"):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._badge)
            painter.drawRoundedRect(_around(middle, _BADGE), 5, 5)
        painter.setOpacity(_FADED if state == "learns" else 1.0)
        self._icons[state].paint(painter, _around(middle, _ICON))
        painter.restore()


def _around(middle: QPoint, size: int) -> QRect:
    return QRect(middle.x() - size // 2 + 1, middle.y() - size // 2 + 1, size, size)


class OutlineView(QTreeView):
    """`painted` carries the ids of the operations of one stroke over snowflakes, and whether they are frozen now."""

    painted = Signal(object, bool)
    freeze_pressed = Signal()  # for the selected rows
    reveal_pressed = Signal(object)  # QModelIndex
    typed = Signal(str)  # letters, which no list of ten thousand can be searched for quickly enough
    menu_wanted = Signal(QPoint)

    def __init__(self, model: OutlineModel, look: ThemeSource) -> None:
        super().__init__()
        self._outline = model
        self._stroke: dict[str, bool] | None = None
        self._frozen = False
        self._last = QPoint()
        self._scroller = QTimer(self)
        self._scroller.setInterval(_SCROLL_MS)
        self._scroller.timeout.connect(self._scroll_on)
        self.delegate = FreezeDelegate(look, self)
        look.changed.connect(self._on_theme)
        self.setObjectName("outline_list")
        self.setAccessibleName(tr("Outline"))
        self.setModel(model)
        self.header().setSelectionModel(QItemSelectionModel(model, self))  # its own would go through all selected rows
        self.setItemDelegateForColumn(Column.FREEZE, self.delegate)
        self.line = RenameLine(self.viewport())
        self.line.closed.connect(self.setFocus)
        self.verticalScrollBar().valueChanged.connect(self.line.abandon)
        self._own_width = False  # somebody has dragged the edge of the names
        self._fitting = False
        self._set_up()
        self._fit_names()
        self.header().sectionResized.connect(self._on_section_resized)
        model.modelReset.connect(self._fit_names)
        model.values_changed.connect(self._fit_names)
        model.modelAboutToBeReset.connect(self.cancel_stroke)
        model.modelAboutToBeReset.connect(self.line.abandon)
        model.values_changed.connect(self.viewport().update)

    def _set_up(self) -> None:
        self.setIndentation(_INDENTATION)
        self.setExpandsOnDoubleClick(False)  # that brings the box into view
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setIconSize(QSize(_ICON, _ICON))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.header()
        header.setSortIndicatorClearable(True)  # a third click goes back to the order of the data's flow
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        header.setStretchLastSection(True)
        header.setMinimumSectionSize(28)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)
        header.setSectionResizeMode(Column.FREEZE, QHeaderView.ResizeMode.Fixed)

    def _on_theme(self, _theme: Theme) -> None:
        self.viewport().update()

    def _fit_names(self) -> None:
        """Give the names the room that they need, until somebody gives them another."""
        if self._own_width:
            return
        metrics = self.fontMetrics()
        widths = [
            metrics.horizontalAdvance(shown_name(name)) + _INDENTATION * depth + _NAME_MARGINS
            for depth, name in self._outline.longest_names()
        ]
        self._fitting = True
        self.setColumnWidth(Column.NAME, min(max([_WIDTHS[Column.NAME], *widths]), _WIDEST_NAME))
        self._fitting = False

    def _on_section_resized(self, column: int, _before: int, _now: int) -> None:
        self._own_width |= column == Column.NAME and not self._fitting

    @property
    def painting(self) -> bool:
        """Whether a stroke over snowflakes goes on."""
        return self._stroke is not None

    def selected_calls(self) -> list[str]:
        calls = []
        for part in self.selectionModel().selection():  # type: ignore[attr-defined]
            calls += self._outline.calls_between(part.parent(), part.top(), part.bottom())
        return calls

    def rename(self, index: QModelIndex) -> None:
        """Put the keyboard into the name of a row."""
        call = self._outline.call_at(index)
        self.scrollTo(index)
        place = self.visualRect(index.siblingAtColumn(Column.NAME))
        place.setRight(max(place.right(), min(place.left() + _RENAME_WIDTH, self.viewport().width() - 4)))
        name = self._outline.operation_at(index).shown_name
        self.line.open_at(place, name, lambda text: self._outline.rename(call, text))

    # Keys

    def event(self, event: QEvent) -> bool:
        """F2, Space and Esc mean the row here, whatever they mean in the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = (Qt.Key.Key_F2, Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
            if event.key() in keys and not event.modifiers():
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        current = self.currentIndex()
        if event.key() == Qt.Key.Key_Escape and self.painting:
            self.cancel_stroke()
        elif event.key() == Qt.Key.Key_Space:
            self.freeze_pressed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and current.isValid():
            self.reveal_pressed.emit(current)
        elif event.key() == Qt.Key.Key_F2 and current.isValid():
            self.rename(current)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802
        self.typed.emit(search)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        at = event.pos() if by_mouse else self.visualRect(self.currentIndex()).center()
        self.menu_wanted.emit(self.viewport().mapToGlobal(at))

    # Painting over snowflakes

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._begin_stroke(event):
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self._begin_stroke(event):
            super().mouseDoubleClickEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._stroke is None:
            super().mouseMoveEvent(event)
            return
        self._paint_to(event.position().toPoint())
        height = self.viewport().height()
        if 0 <= self._last.y() < height:
            self._scroller.stop()
        elif not self._scroller.isActive():
            self._scroller.start()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._stroke is None or event.button() != Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        stroke = list(self._stroke)
        self.cancel_stroke()
        self.painted.emit(stroke, self._frozen)

    def cancel_stroke(self) -> None:
        """Leave everything as it was."""
        self._scroller.stop()
        if self._stroke is not None:
            self._stroke = None
            self._outline.set_paint({})

    def _begin_stroke(self, event: QMouseEvent) -> bool:
        """A press on a snowflake; its row is neither selected nor unselected."""
        index = self.indexAt(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid() or index.column() != Column.FREEZE:
            return False
        state = self._outline.state_at(index)
        if state:
            self._frozen = state not in ("own", "around")
            self._stroke = {}
            self._last = event.position().toPoint()
            self._paint_to(self._last)
        return True

    def _paint_to(self, place: QPoint) -> None:
        """Take in all rows between the last place of the mouse and this one: it may have been quick."""
        if self._stroke is None:
            return
        x = self.columnViewportPosition(Column.FREEZE) + 1
        inside = self.viewport().rect()
        ends = sorted(max(inside.top(), min(inside.bottom(), y)) for y in (self._last.y(), place.y()))
        self._last = place
        index, before = self.indexAt(QPoint(x, ends[0])), len(self._stroke)
        while index.isValid() and self.visualRect(index).top() <= ends[1]:
            if self._outline.state_at(index):
                self._stroke[self._outline.operation_at(index).id] = self._frozen
            index = self.indexBelow(index)
        if len(self._stroke) != before:
            self._outline.set_paint(self._stroke)

    def _scroll_on(self) -> None:
        """The mouse is held above or below the list: what comes into view is painted too."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + (-1 if self._last.y() < 0 else 1))
        self._paint_to(self._last)
