"""A line of text that the arrow keys can step, with its own reading of the text."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QWidget


class StepLine(QAbstractSpinBox):
    """`committed` on Enter and when the keyboard leaves, `stepped` for arrows, buttons and the wheel.

    The wheel steps only while the line has the keyboard, so that scrolling past it changes nothing.
    """

    committed = Signal(str)
    stepped = Signal(int)
    abandoned = Signal()
    typed = Signal(str)

    def __init__(self, stepping: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stepping = stepping
        self._shown = ""
        if not stepping:
            self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(60)
        self.editingFinished.connect(self._on_editing_finished)
        self.lineEdit().textEdited.connect(self.typed)

    @property
    def pending(self) -> bool:
        """Whether the text differs from what was last shown as the value."""
        return self.text() != self._shown

    def show_text(self, text: str) -> None:
        self._shown = text
        if self.text() != text:
            self.lineEdit().setText(text)

    def start_afresh(self) -> None:
        """Forget what was typed, and what undoing it would bring back."""
        self._shown = ""
        self.lineEdit().setText("")

    def set_placeholder(self, text: str) -> None:
        self.lineEdit().setPlaceholderText(text)

    def stepBy(self, steps: int) -> None:
        self.stepped.emit(steps)

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        if not self._stepping:
            return QAbstractSpinBox.StepEnabledFlag.StepNone
        return QAbstractSpinBox.StepEnabledFlag.StepUpEnabled | QAbstractSpinBox.StepEnabledFlag.StepDownEnabled

    def validate(self, text: str, position: int) -> object:
        """Every text may be typed; what it means is decided at `committed`."""
        return (QValidator.State.Acceptable, text, position)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.pending:
            self.abandoned.emit()
            event.accept()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Undo and redo belong to the document unless a text is being typed."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and not self.pending:
            keys = QKeySequence.StandardKey
            if event.matches(keys.Undo) or event.matches(keys.Redo):
                event.ignore()
                return False
        return super().event(event)

    def _on_editing_finished(self) -> None:
        self.committed.emit(self.text())
