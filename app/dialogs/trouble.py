"""Says what could not be done with a file, that nothing is lost, and how to go on."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QHBoxLayout, QVBoxLayout, QWidget

from app.dialogs.frame import Frame
from app.look.theme_source import ThemeSource
from app.panels.widgets.illustration import Illustration
from app.panels.widgets.sentence import sentence
from resources.plain import shown_text
from resources.text import tr

_WIDTH = 560
_MOST = 1500  # letters: a dialog that is higher than the screen has no buttons; the whole can be copied


class TroubleDialog(Frame):
    """`reason` names the file and the reason."""

    def __init__(self, reason: str, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__("trouble_dialog", tr("That did not work"), parent)
        self._reason = reason
        self.illustration = Illustration("file", look)
        self.message = sentence(shown_text(reason, _MOST), "trouble_message", role="", selectable=True)
        words = QVBoxLayout()
        words.setSpacing(8)
        nothing_lost = tr("Nothing is lost: what you have open is still here, as it was.")
        row = QHBoxLayout()
        row.setSpacing(18)
        self.body.addLayout(row)
        row.addWidget(self.illustration, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        words.addWidget(self.message)
        words.addWidget(sentence(nothing_lost, selectable=True))
        words.addStretch(1)
        buttons = QDialogButtonBox()
        copy = buttons.addButton(tr("Copy details"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.setObjectName("trouble_copy")
        copy.setAccessibleName(tr("Copy details"))
        copy.clicked.connect(self._copy)
        fine = buttons.addButton(tr("OK"), QDialogButtonBox.ButtonRole.AcceptRole)
        fine.setObjectName("ok")
        fine.setAccessibleName(tr("OK"))
        fine.setProperty("role", "primary")
        buttons.accepted.connect(self.accept)
        self.body.addWidget(buttons)
        self.setFixedSize(_WIDTH, self.body.totalHeightForWidth(_WIDTH))
        fine.setDefault(True)
        fine.setFocus()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._reason)
