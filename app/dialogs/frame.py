"""What all dialogs share: a title, a name for machines, and Escape to leave."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from graph_editor.words.literal import window_title
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr


class Frame(QDialog):
    """A dialog with a heading; `body` is where the rest goes."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(window_title(title))
        set_spoken_name(self, title)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(22, 20, 22, 18)
        self.body.setSpacing(12)
        heading = PlainLabel(title)
        heading.setProperty("role", "title")
        self.body.addWidget(heading)

    def exec(self) -> int:
        """As a dialog of the system: when it is answered, it goes. Its parent would keep every one that ever was."""
        try:
            return super().exec()
        finally:
            self.deleteLater()

    def add_close_button(self) -> None:
        box = QDialogButtonBox()
        close = box.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setObjectName("dialog_close")
        close.setAccessibleName(tr("Close"))
        box.rejected.connect(self.reject)
        self.body.addWidget(box)
