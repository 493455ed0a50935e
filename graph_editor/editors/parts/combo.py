"""Drop-down lists that leave the wheel alone, plain and searchable."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QWidget

from graph_editor.catalog.specs import Json
from graph_editor.editors.parts.several import several_text
from graph_editor.words.tooltips import tooltip_text
from resources.plain import shown_name

_FLAGS_ROLE = Qt.ItemDataRole.UserRole - 1  # where QStandardItem keeps its flags


class Entry(NamedTuple):
    """What a list offers: the text that is shown for a value."""

    text: str
    value: Json
    tooltip: str = ""


class Combo(QComboBox):
    """Each entry carries a JSON value; `chosen` is emitted when a person picks one."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(60)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMaxVisibleItems(14)
        self._several = False
        self._filled: tuple[Entry, ...] = ()
        self.activated.connect(self._on_activated)

    def add(self, text: str, value: Json, tooltip: str = "", enabled: bool = True) -> None:
        """List an entry; one that is not `enabled` is seen but cannot be chosen."""
        self.addItem(shown_name(text), value)
        row = self.count() - 1
        if tooltip:
            self.setItemData(row, tooltip_text(tooltip), Qt.ItemDataRole.ToolTipRole)
        if not enabled:
            # Not by `model().item(row)`: what that gives lives on in Python after `clear`, and the next C++ object at
            # its address would be taken for it.
            self.setItemData(row, Qt.ItemFlag.NoItemFlags.value, _FLAGS_ROLE)

    def fill(self, entries: Sequence[Entry]) -> None:
        """List these entries and no others; the list stays as it is where it has them already. Select one next."""
        self._forget_several()
        if tuple(entries) != self._filled:
            self.clear_all()
            for entry in entries:
                self.add(*entry)
            self._filled = tuple(entries)
        while self.count() > len(entries):  # a value that was not listed
            self.removeItem(self.count() - 1)

    def show_value(self, value: Json, text: str) -> None:
        """Select the entry with `value`; one that is not listed is added as `text`."""
        self._forget_several()
        index = next((row for row in range(self.count()) if self.itemData(row) == value), -1)
        if index < 0:
            self.add(text, value)
            index = self.count() - 1
        self.setCurrentIndex(index)

    def clear_all(self) -> None:
        self._several, self._filled = False, ()
        self.clear()

    def show_several(self) -> None:
        """Select an entry that stands for several values; nobody can choose it."""
        self._forget_several()
        self.insertItem(0, several_text())
        self._several = True
        self.setCurrentIndex(0)

    def is_value(self, index: int) -> bool:
        return not (self._several and index == 0)

    def _forget_several(self) -> None:
        if self._several:
            self._several = False
            self.removeItem(0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _on_activated(self, index: int) -> None:
        if self.is_value(index):
            self.chosen.emit(self.itemData(index))


class _Line(QLineEdit):
    """A click that brings the keyboard here selects all: what is typed replaces what was there."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.MouseFocusReason:
            QTimer.singleShot(0, self, self.selectAll)


class SearchCombo(Combo):
    """One can type into it: any part of an entry finds it. A text that is no entry is told by `unknown_typed`."""

    unknown_typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = _Line()
        self.setEditable(True)
        self.setLineEdit(self._line)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._completer = completer = QCompleter(self.model(), self)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)
        self._line.editingFinished.connect(self.take_text)

    def show_value(self, value: Json, text: str) -> None:
        """Whatever was being typed goes, even if the entry is the one that was shown."""
        super().show_value(value, text)
        self._line.setText(self.itemText(self.currentIndex()))

    def show_several(self) -> None:
        super().show_several()
        self._line.setText(self.itemText(self.currentIndex()))

    def take_text(self) -> None:
        """Read what was typed: an entry, or a part of one that is in no other."""
        text = self._line.text().strip()
        index = self.findText(text, Qt.MatchFlag.MatchFixedString)
        if index < 0 and text:
            matches = [row for row in range(self.count()) if text.lower() in self.itemText(row).lower()]
            index = matches[0] if len(matches) == 1 else -1
        if index < 0:
            self.unknown_typed.emit(text)
            return
        self.setCurrentIndex(index)
        self._line.setText(self.itemText(index))
        if self.is_value(index):
            self.chosen.emit(self.itemData(index))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape brings back the entry that was chosen."""
        self._completer.popup().setObjectName("completer_popup")  # made at the first key, not with every box shown
        current = self.itemText(self.currentIndex())
        if event.key() == Qt.Key.Key_Escape and self._line.text() != current:
            self._line.setText(current)
            self.take_text()
        else:
            super().keyPressEvent(event)
