"""A sentence with a switch at its end."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from graph_editor.editors.parts.toggle_switch import ToggleSwitch
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name

_ICON = QSize(14, 14)


class LabelledSwitch(QWidget):
    """`switched` is emitted when a person turns it; a click on the text turns it too."""

    switched = Signal(bool)

    def __init__(self, text: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}_row")
        self._icon = PlainLabel()
        self._icon.hide()
        self._label = PlainLabel(text)
        self.switch = ToggleSwitch()
        self.switch.setObjectName(name)
        set_spoken_name(self.switch, text)
        self._label.setBuddy(self.switch)
        self.setFocusProxy(self.switch)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._icon)
        layout.addWidget(self._label, 1)
        layout.addWidget(self.switch)
        self.switch.clicked.connect(self.switched)

    def set_text(self, text: str) -> None:
        self._label.setText(text)
        set_spoken_name(self.switch, text)

    def set_icon(self, icon: QIcon) -> None:
        self._icon.setPixmap(icon.pixmap(_ICON))
        self._icon.show()

    def set_on(self, on: bool) -> None:
        self.switch.setChecked(on)

    @property
    def on(self) -> bool:
        return self.switch.isChecked()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._label.geometry().contains(event.position().toPoint()):
            self.switch.click()
        super().mouseReleaseEvent(event)
