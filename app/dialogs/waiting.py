"""Says what a person waits for, and lets them end it."""

from __future__ import annotations

from PySide6.QtWidgets import QDialogButtonBox, QProgressBar, QWidget

from app.dialogs.frame import Frame
from app.panels.widgets.sentence import sentence
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr

_WIDTH = 420


class WaitingDialog(Frame):
    """Nobody knows how long it takes. Escape and Cancel reject it; who waits hides it when there is an end."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__("waiting_dialog", tr("One moment"), parent)
        self.setModal(True)
        self.body.addWidget(sentence(text, "waiting_for", role=""))
        progress = QProgressBar()
        progress.setObjectName("waiting_progress")
        set_spoken_name(progress, text)
        progress.setRange(0, 0)
        progress.setTextVisible(False)
        self.body.addWidget(progress)
        buttons = QDialogButtonBox()
        cancel = buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        cancel.setObjectName("waiting_cancel")
        cancel.setAccessibleName(tr("Cancel"))
        buttons.rejected.connect(self.reject)
        self.body.addWidget(buttons)
        self.setFixedSize(_WIDTH, self.body.totalHeightForWidth(_WIDTH))
