"""Asking before something is lost."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMessageBox, QWidget

from graph_editor.words.dialogs import PlainMessageBox
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr

Confirm = Callable[[QWidget, str, str, str], bool]


def confirm(parent: QWidget, question: str, more: str, action: str) -> bool:
    """Whether a person presses the button called `action`; Escape and Cancel mean no."""
    box = PlainMessageBox(question, more, parent)
    box.setObjectName("question")
    box.setWindowTitle("Lamella")
    set_spoken_name(box, question)
    yes = box.addButton(action, QMessageBox.ButtonRole.DestructiveRole)
    yes.setObjectName("answer_delete")
    set_spoken_name(yes, action)
    no = box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
    no.setObjectName("answer_cancel")
    no.setAccessibleName(tr("Cancel"))
    box.setEscapeButton(no)
    box.setDefaultButton(no)
    box.exec()
    return box.clickedButton() is yes
