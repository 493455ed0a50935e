"""Where training starts from: fresh weights, or those of a file, of which all that fits by name and shape is taken."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.panels.train.form import Form
from app.panels.widgets.fields import FormRow, button, heading, hint
from app.project.choosers import Chooser
from app.project.model_import import with_initial_weights
from app.project.session import Session
from graph_editor.editors.parts.base import EditorContext
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.tooltips import set_tooltip
from resources.text import Text, tr
from resources.training.sections import INITIAL_WEIGHTS, without_weights
from runtime.spec import initial_weights

PATTERNS = "*.keras *.weights.h5 *.h5"


class WeightsForm(Form):
    def __init__(
        self, session: Session, context: EditorContext, chooser: Chooser, parent: QWidget | None = None
    ) -> None:
        super().__init__(session, context, parent)
        self._chooser = chooser
        self.rows.addWidget(heading(tr("Weights")))
        self.source = PlainLabel()
        self.source.setObjectName("train_weights")
        self.source.setWordWrap(True)
        self.rows.addWidget(FormRow(tr("start from"), self.source))
        self.note = hint(tr("Layers whose name and shapes fit take theirs from the file; the rest starts fresh."))
        self.rows.addWidget(self.note)
        self.choose = button(tr("Choose a file…"), "choose_weights", "link")
        self.forget = button(tr("Start fresh"), "forget_weights", "link")
        self.choose.clicked.connect(self._on_choose)
        self.forget.clicked.connect(self._on_forget)
        self.rows.addWidget(self._buttons())
        self.refresh()

    def refresh(self) -> None:
        path = initial_weights(self.training, self.session.project_folder)
        self.source.setText(Path(path).name if path else tr("fresh weights"))
        set_tooltip(self.source, path or "")
        self.note.setVisible(path is not None)
        self.forget.setVisible(path is not None)

    def _buttons(self) -> QWidget:
        widget = QWidget()
        row = QHBoxLayout(widget)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.choose)
        row.addWidget(self.forget)
        row.addStretch(1)
        row.setAlignment(Qt.AlignmentFlag.AlignLeft)
        return widget

    def _on_choose(self) -> None:
        folder = self.session.usual_folder
        kinds = tr("Keras weights ({patterns})", patterns=PATTERNS)
        path = self._chooser.file_to_open(self.window(), tr("Choose weights"), kinds, folder)
        if path is not None:
            self.session.visited(path)
            training = with_initial_weights(self.training, path, self.session.project_folder)
            self.session.outside.chosen(training[INITIAL_WEIGHTS])
            self.store(Text("Choose the weights to start from"), training, "weights")

    def _on_forget(self) -> None:
        self.store(Text("Start from fresh weights"), without_weights(self.training), "fresh weights")
