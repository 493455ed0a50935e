"""Gives a box another name, in place."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from graph_editor.view.floating.overlay_style import overlay_sheet
from graph_editor.view.painting.look import Look
from graph_editor.view.painting.theme import CanvasTheme
from resources.text import tr


class NameField(QLineEdit):
    name_entered = Signal(str, str)  # call id, name
    closed = Signal()

    def __init__(self, look: Look[CanvasTheme], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("nameField")
        self.setAccessibleName(tr("Name of the layer"))
        self._call_id = ""
        self.installEventFilter(self)
        look.follow(self._on_theme)
        self.hide()

    def _on_theme(self, theme: CanvasTheme) -> None:
        self.setStyleSheet(overlay_sheet(theme))

    def edit(self, call_id: str, name: str, where: QRect) -> None:
        """Show over ``where`` with ``name`` ready to be typed over."""
        self._call_id = call_id
        self.setGeometry(where)
        self.setText(name)
        self.selectAll()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self._close()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._enter()
                return True  # a line edit passes it on, and the canvas would open the box
        if event.type() == QEvent.Type.FocusOut and self.isVisible():
            self._enter()
        return super().eventFilter(watched, event)

    def _enter(self) -> None:
        call_id, name = self._call_id, self.text()
        if self._close():
            self.name_entered.emit(call_id, name)

    def _close(self) -> bool:
        """Whether it was open; hiding takes the focus away, which must not enter the name twice."""
        was_open, self._call_id = bool(self._call_id), ""
        if was_open:
            self.hide()
            self.closed.emit()
        return was_open
