"""Shows that the canvas has the keyboard, to those who came there by the keyboard."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

from graph_editor.view.painting.look import Look
from graph_editor.view.painting.theme import CanvasTheme

_WIDTH = 2
_BY_KEYBOARD = {
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
}


class FocusFrame(QWidget):
    """A line around ``view``, and nothing within."""

    def __init__(self, look: Look[CanvasTheme], view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self._look = look
        look.changed.connect(self._on_theme)
        self.setObjectName("canvasFocus")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        view.installEventFilter(self)

    def _on_theme(self, _theme: CanvasTheme) -> None:
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent):
            self.setVisible(event.gotFocus() and event.reason() in _BY_KEYBOARD)
            self._place()
        elif event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.theme.color("accent"))

    def _place(self) -> None:
        if self.isVisible():
            area = self._view.rect()
            self.setGeometry(area)
            self.setMask(QRegion(area) - QRegion(area.adjusted(_WIDTH, _WIDTH, -_WIDTH, -_WIDTH)))
            self.raise_()
