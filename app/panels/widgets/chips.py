"""A row of short choices of which one is taken, each a small round button; arrows go from one to the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLayout, QLayoutItem, QPushButton, QSizePolicy, QWidget, QWidgetItem

from graph_editor.words.letting_go import let_go
from graph_editor.words.literal import on_button
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip

_GAP = 6
_STEPS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}


class Flow(QLayout):
    """One after the other, and on the next line where there is no room."""

    def __init__(self, parent: QWidget | None = None, gap: int = _GAP) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def addWidget(self, widget: QWidget) -> None:
        """With a place that Python makes: of one of Qt's own, Qt would not tell when it frees it."""
        self.addChildWidget(widget)
        self.addItem(QWidgetItem(widget))
        self.invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        """All in one line."""
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in sizes) + self._gap * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def set_order(self, widgets: Sequence[QWidget]) -> None:
        places = {id(widget): place for place, widget in enumerate(widgets)}
        self._items.sort(key=lambda item: places.get(id(item.widget()), len(places)))
        self.invalidate()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        margins: QMargins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _place(self, rect: QRect, move: bool) -> int:
        left, top, height = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint().boundedTo(QSize(max(1, rect.width()), 10_000))
            if left > rect.x() and left + size.width() > rect.right() + 1:
                left, top, height = rect.x(), top + height + self._gap, 0
            if move:
                item.setGeometry(QRect(QPoint(left, top), size))
            left += size.width() + self._gap
            height = max(height, size.height())
        return top + height - rect.y()


class _Chip(QPushButton):
    """Leaves arrows to the row: a button of Qt hands the keyboard on by itself, and takes nothing."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _STEPS:
            event.ignore()
        else:
            super().keyPressEvent(event)


class Chips(QWidget):
    """`chosen` carries the key that a person took. One is always taken, unless `show_key` was given none of them."""

    chosen = Signal(str)

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        set_spoken_name(self, title)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._flow = Flow(self)
        self._chips: dict[str, QPushButton] = {}
        self._entries: tuple[tuple[str, str, str], ...] = ()
        self.key = ""

    def show_entries(self, entries: Sequence[tuple[str, str, str]]) -> None:
        """Key, text and tooltip of each."""
        if tuple(entries) == self._entries:
            return
        self._entries = tuple(entries)
        keys = [key for key, _text, _tip in entries]
        for gone in self._chips.keys() - set(keys):
            let_go(self._chips.pop(gone))
        for key, text, tip in entries:
            chip = self._chips.get(key) or self._made(key)
            chip.setText(on_button(text))
            set_spoken_name(chip, text)
            set_tooltip(chip, tip)
        self._chips = {key: self._chips[key] for key in keys}
        self._flow.set_order(list(self._chips.values()))
        self.show_key(self.key)
        self.updateGeometry()

    def show_key(self, key: str) -> None:
        self.key = key
        for each, chip in self._chips.items():
            chip.setChecked(each == key)
        taken = self._chips.get(key)
        for number, chip in enumerate(self._chips.values()):  # Tab goes to the taken one, arrows to the others
            tabbed = chip is taken if taken is not None else number == 0
            chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus if tabbed else Qt.FocusPolicy.ClickFocus)

    def chip(self, key: str) -> QPushButton | None:
        return self._chips.get(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        shown = [key for key, chip in self._chips.items() if chip.isEnabled() and not chip.isHidden()]
        if step is None or not shown:
            super().keyPressEvent(event)
            return
        place = shown.index(self.key) if self.key in shown else -step
        key = shown[(place + step) % len(shown)]
        self._take(key)
        self._chips[key].setFocus(Qt.FocusReason.TabFocusReason)

    def _made(self, key: str) -> QPushButton:
        chip = _Chip()
        chip.setObjectName(f"{self.objectName()}_{key}")
        chip.setProperty("part", "chip")
        chip.setCheckable(True)
        chip.clicked.connect(lambda _checked=False, key=key: self._take(key))
        self._flow.addWidget(chip)
        self._chips[key] = chip
        return chip

    def _take(self, key: str) -> None:
        before = self.key
        self.show_key(key)
        if key != before:
            self.chosen.emit(key)
