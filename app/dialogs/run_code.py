"""Asks whether the project's own code may run, and shows all of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QHBoxLayout, QListWidget, QPlainTextEdit, QWidget

from app.custom_code.reading import CodeSource
from app.dialogs.frame import Frame
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import tooltip_text
from resources.plain import shown_name
from resources.text import tr

_WIDTH, _HEIGHT, _LIST_WIDTH = 760, 520, 190


class RunCodeDialog(Frame):
    """Accepted when the person says yes to exactly what `sources` hold. No is what Enter and Escape do."""

    def __init__(self, sources: Sequence[CodeSource], project: str, parent: QWidget | None = None) -> None:
        super().__init__("run_code_dialog", tr("Run the project's code?"), parent)
        self._sources = tuple(sources)
        self._add_sentences(project)
        self.files = QListWidget()
        self.files.setObjectName("code_files")
        self.files.setAccessibleName(tr("Files"))
        self.files.setFixedWidth(_LIST_WIDTH)
        self.files.addItems([shown_name(source.path.name) for source in self._sources])
        listed = self.files.model()
        for number, source in enumerate(self._sources):
            listed.setData(listed.index(number, 0), tooltip_text(str(source.path)), Qt.ItemDataRole.ToolTipRole)
        self.content = QPlainTextEdit()
        self.content.setObjectName("code_content")
        self.content.setAccessibleName(tr("Contents of the file"))
        self.content.setReadOnly(True)
        self.content.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.content.setProperty("role", "mono")
        row = QHBoxLayout()
        self.body.addLayout(row, 1)
        row.addWidget(self.files)
        row.addWidget(self.content, 1)
        self._add_buttons()
        self.files.currentRowChanged.connect(self._on_file_chosen)
        self.files.setCurrentRow(0)
        self.resize(_WIDTH, _HEIGHT)

    def _add_sentences(self, project: str) -> None:
        for name, text in (
            (
                "run_code_what",
                tr(
                    "{project} brings layers, losses or metrics written in Python. While such code runs it can do "
                    "whatever you can do on this computer: read, change and send your files, too.",
                    project=project,
                ),
            ),
            (
                "run_code_advice",
                tr(
                    "Run it only if you wrote it, or trust whoever did. Lamella asks again as soon as a file has "
                    "changed; the model can be looked at without running it."
                ),
            ),
        ):
            label = PlainLabel(text)
            label.setObjectName(name)
            label.setWordWrap(True)
            self.body.addWidget(label)

    def _add_buttons(self) -> None:
        box = QDialogButtonBox()
        self.yes = box.addButton(tr("Run this code"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.no = box.addButton(tr("Don't run it"), QDialogButtonBox.ButtonRole.RejectRole)
        for button, name in ((self.yes, "run_code_yes"), (self.no, "run_code_no")):
            button.setObjectName(name)
            set_spoken_name(button, button.text())
            button.setAutoDefault(False)
        self.no.setDefault(True)
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        self.body.addWidget(box)
        self.no.setFocus()

    def _on_file_chosen(self, row: int) -> None:
        self.content.setPlainText(self._sources[row].text if row >= 0 else "")
