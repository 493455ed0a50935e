"""Which Python files belong to the project: adding and removing them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QListWidget, QPushButton, QVBoxLayout, QWidget

from app.dialogs.frame import Frame
from app.project.session import Session
from graph_editor.document.custom_code import named_code_files, set_code_files
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.plain import shown_name
from resources.text import Text, tr


class CodeFilesDialog(Frame):
    """Every change is an edit of the project, which undo takes back. `choose` asks for a Python file."""

    def __init__(self, session: Session, choose: Callable[[], Path | None], parent: QWidget | None = None) -> None:
        super().__init__("code_files_dialog", tr("Custom code"), parent)
        self._session = session
        self._choose = choose
        about = PlainLabel(
            tr(
                "Layers, losses and metrics of these files appear under My code once you have agreed to run them. They "
                "need @keras.saving.register_keras_serializable() above them."
            )
        )
        about.setWordWrap(True)
        self.files = QListWidget()
        self.files.setObjectName("project_code_files")
        self.files.setAccessibleName(tr("Files"))
        self.add = self._button(tr("Add a file…"), "code_add")
        self.remove = self._button(tr("Remove"), "code_remove")
        buttons = QVBoxLayout()
        row = QHBoxLayout()
        self.body.addWidget(about)
        self.body.addLayout(row, 1)
        row.addWidget(self.files, 1)
        row.addLayout(buttons)
        buttons.addWidget(self.add)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        self.add_close_button()
        self.add.clicked.connect(self._on_add)
        self.remove.clicked.connect(self._on_remove)
        self.files.currentRowChanged.connect(lambda row: self.remove.setEnabled(row >= 0))
        self._show()
        self.setMinimumSize(480, 280)

    def _button(self, text: str, name: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        set_spoken_name(button, text)
        button.setAutoDefault(False)
        return button

    def _show(self) -> None:
        self.files.clear()
        self.files.addItems([shown_name(name) for name in named_code_files(self._session.document)])
        self.files.setCurrentRow(self.files.count() - 1)
        self.remove.setEnabled(self.files.count() > 0)

    def _on_add(self) -> None:
        path = self._choose()
        if path is None:
            return
        folder = self._session.project_folder
        inside = folder is not None and path.is_relative_to(folder)
        name = path.relative_to(folder).as_posix() if inside and folder is not None else str(path.absolute())
        document = self._session.document
        self._session.outside.chosen(name)
        self._session.edit(Text("Add custom code"), set_code_files(document, [*named_code_files(document), name]))
        self._show()

    def _on_remove(self) -> None:
        row, document = self.files.currentRow(), self._session.document
        left = [name for index, name in enumerate(named_code_files(document)) if index != row]
        self._session.edit(Text("Remove custom code"), set_code_files(document, left))
        self._show()
