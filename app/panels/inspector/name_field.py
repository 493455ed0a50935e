"""A name that is edited where it stands."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from graph_editor.document.edits import EditError
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.restyling import restyle
from graph_editor.words.spoken import set_spoken_name


class NameField(QWidget):
    """Looks like a title until it is clicked. Enter or leaving it takes the name over, Escape brings the old one back.

    `rename` does the renaming and raises EditError for a name that cannot be; the text then stays, with the reason.
    """

    def __init__(self, name: str, accessible_name: str, rename: Callable[[str], None], part: str = "title") -> None:
        super().__init__()
        self._rename = rename
        self._shown = ""
        self.line = _TitleLine()
        self.line.setObjectName(name)
        set_spoken_name(self.line, accessible_name)
        self.line.setProperty("part", part)
        self._reason = PlainLabel()
        self._reason.setObjectName(f"{name}_reason")
        self._reason.setProperty("part", "reason")
        self._reason.setWordWrap(True)
        self._reason.hide()
        self.setFocusProxy(self.line)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.line)
        layout.addWidget(self._reason)
        self.line.editingFinished.connect(self.commit)
        self.line.abandoned.connect(lambda: self.show_name(self._shown))

    @property
    def reason(self) -> str:
        return self._reason.text()

    def show_name(self, name: str) -> None:
        self._shown = self.line.settled = name
        if self.line.text() != name:
            self.line.setText(name)
            self.line.setCursorPosition(0)
        self._complain("")

    def refresh(self, name: str) -> None:
        """Follow the document, but leave a name alone that is being typed."""
        if name != self._shown:
            self.show_name(name)

    def commit(self) -> None:
        name = self.line.text().strip()
        if name == self._shown:
            self.show_name(name)
            return
        try:
            self._rename(name)
        except EditError as error:
            self._complain(str(error.text))
            return
        self.show_name(name)

    def _complain(self, reason: str) -> None:
        if reason == self._reason.text():
            return
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        restyle(self.line, invalid=bool(reason))


class _TitleLine(QLineEdit):
    """Undo and redo go to the document unless a name is being typed."""

    abandoned = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.settled = ""

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self.text() == self.settled
            and (event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo))
        ):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text() != self.settled:
            self.abandoned.emit()
        else:
            super().keyPressEvent(event)
