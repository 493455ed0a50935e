"""A button that opens a list of ticks: several choices in one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QStyleOptionToolButton, QStylePainter, QToolButton, QWidget

from app.panels.widgets.choice_list import ChoiceList
from app.system.places import RESOURCES
from graph_editor.words.tooltips import set_tooltip

_ROOM = 18
_ARROW = 11


class MultiChoice(QToolButton):
    """Shows what is ticked, in the order of ticking; `chosen` carries the keys after a person changed them."""

    chosen = Signal(object)  # tuple[str, ...]

    def __init__(self, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty = empty_text
        self._entries: list[tuple[str, str, str]] = []
        self._keys: tuple[str, ...] = ()
        self._arrow = QIcon(str(RESOURCES / "icons" / "chevron-down-grey.svg"))
        self.popup: ChoiceList | None = None
        self.setProperty("part", "multi")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(60)
        self.clicked.connect(self.open)

    def set_entries(self, entries: Iterable[tuple[str, str, str]]) -> None:
        """(key, text, tooltip) in the order of the list."""
        self._entries = list(entries)
        self.update()

    def set_keys(self, keys: Sequence[str]) -> None:
        if tuple(keys) != self._keys:
            self._keys = tuple(keys)
            set_tooltip(self, self.shown_text())
            self.update()

    @property
    def keys(self) -> tuple[str, ...]:
        return self._keys

    def shown_text(self) -> str:
        texts = {key: text for key, text, _ in self._entries}
        return ", ".join(texts.get(key, key) for key in self._keys) or self._empty

    def open(self) -> None:
        """Open the list below the button."""
        known = {key for key, _, _ in self._entries}
        listed = [*self._entries, *((key, key, "") for key in self._keys if key not in known)]
        self.popup = ChoiceList(listed, self._keys, self)
        self.popup.changed.connect(self._on_changed)
        self.popup.open_below(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow down opens the list, as it does a combo box's."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_F4):
            self.open()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(120, 29)

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        option.text = ""  # type: ignore[attr-defined]  # PySide6's stubs leave it out
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        area = self.rect().adjusted(12, 0, -10 - _ROOM, 0)
        text = self.fontMetrics().elidedText(self.shown_text(), Qt.TextElideMode.ElideRight, area.width())
        painter.setPen(self.palette().buttonText().color())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
        # As large and as far from the edge as the arrow of a combo box.
        place = QRect(self.width() - 12 - _ARROW // 2, (self.height() - _ARROW) // 2, _ARROW, _ARROW)
        self._arrow.paint(painter, place)

    def _on_changed(self, keys: tuple[str, ...]) -> None:
        self.set_keys(keys)
        self.chosen.emit(keys)
