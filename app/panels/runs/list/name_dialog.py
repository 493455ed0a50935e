"""A name for a view."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QWidget

from app.panels.widgets.fields import FormRow, button, column
from graph_editor.words.attaching import attached
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr
from runtime.tracking.views import LONGEST_NAME


class ViewNameDialog(QDialog):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view_name")
        self.setWindowTitle(tr("Save this view"))
        set_spoken_name(self, tr("Save this view"))
        self.setMinimumWidth(360)
        self.name = QLineEdit()
        self.name.setObjectName("view_name_line")
        self.name.setMaxLength(LONGEST_NAME)
        set_spoken_name(self.name, tr("Name of the view"))
        rows = column(self, (18, 16, 18, 14), 10)
        rows.addWidget(FormRow(tr("Name of the view"), self.name))
        buttons = attached(rows, QHBoxLayout())
        buttons.addStretch(1)
        cancel, save = button(tr("Cancel"), "view_name_cancel"), button(tr("Save"), "view_name_save", "primary")
        cancel.clicked.connect(self.reject)
        save.clicked.connect(self.accept)
        save.setDefault(True)
        buttons.addWidget(cancel)
        buttons.addWidget(save)


def ask_view_name(parent: QWidget) -> str:
    """A name from a person; empty for none."""
    dialog = ViewNameDialog(parent)
    return dialog.name.text() if dialog.exec() else ""
