"""Where training starts from: fresh weights, or those of a file, of which all that fits by name and shape is taken."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.outside_files.finding import written_name
from app.panels.train.form import Form
from app.panels.widgets.fields import FormRow, button, heading, hint
from app.project.choosers import Chooser
from app.project.model_import import with_initial_weights
from app.project.session import Session
from app.project.weights_beside import keep_beside
from graph_editor.background.background import Background, Latest
from graph_editor.background.task import Task
from graph_editor.editors.parts.base import EditorContext
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.tooltips import set_tooltip
from resources.os_reasons import os_reason
from resources.text import Text, tr
from resources.training.sections import INITIAL_WEIGHTS, without_weights
from runtime.spec import initial_weights

PATTERNS = "*.keras *.weights.h5 *.h5"


class WeightsForm(Form):
    def __init__(
        self,
        session: Session,
        context: EditorContext,
        chooser: Chooser,
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(session, context, parent)
        self._chooser = chooser
        self._keeping = Latest(background, self)
        self.rows.addWidget(heading(tr("Weights")))
        self.source = PlainLabel()
        self.source.setObjectName("train_weights")
        self.source.setWordWrap(True)
        self.rows.addWidget(FormRow(tr("start from"), self.source))
        self.note = hint(tr("Layers whose name and shapes fit take theirs from the file; the rest starts fresh."))
        self.rows.addWidget(self.note)
        self.elsewhere = hint(
            tr("The file lies outside the project's folder: moved to another place, the project will not find it.")
        )
        self.rows.addWidget(self.elsewhere)
        self.keep = button(tr("Keep a copy beside the project"), "keep_weights", "link")
        self.rows.addWidget(self.keep)
        self.choose = button(tr("Choose a file…"), "choose_weights", "link")
        self.forget = button(tr("Start fresh"), "forget_weights", "link")
        self.choose.clicked.connect(self._on_choose)
        self.keep.clicked.connect(self._on_keep)
        session.title_changed.connect(self.refresh)  # it may lie in another folder now
        self.forget.clicked.connect(self._on_forget)
        self.rows.addWidget(self._buttons())
        self.refresh()

    def refresh(self) -> None:
        path = initial_weights(self.training, self.session.project_folder)
        self.source.setText(Path(path).name if path else tr("fresh weights"))
        set_tooltip(self.source, path or "")
        self.note.setVisible(path is not None)
        self.forget.setVisible(path is not None)
        for widget in (self.elsewhere, self.keep):
            widget.setVisible(path is not None and self._is_elsewhere(path))

    def _is_elsewhere(self, path: str) -> bool:
        """Told from the words alone: the disk is not asked here, nor is a file touched that nobody has agreed to."""
        folder = self.session.path.parent if self.session.path is not None else None
        held = self.session.outside.holds(self.training.get(INITIAL_WEIGHTS))
        return folder is not None and not held and written_name(path, folder) == path

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
            self._take(path)

    def _take(self, path: Path) -> None:
        """Start from a file; one from elsewhere is copied beside the project meanwhile, if that has a file."""
        training = with_initial_weights(self.training, path, self.session.project_folder)
        self.session.outside.chosen(training[INITIAL_WEIGHTS])
        self.store(Text("Choose the weights to start from"), training, "weights")
        self._on_keep()

    def _on_keep(self) -> None:
        project, path = self.session.path, initial_weights(self.training, self.session.project_folder)
        if project is None or path is None or not self._is_elsewhere(path):
            return
        self.keep.setEnabled(False)
        self._keeping.run(lambda: keep_beside(Path(path), project), lambda task: self._on_kept(path, project, task))

    def _on_kept(self, path: str, project: Path, task: Task[Path]) -> None:
        self.keep.setEnabled(True)
        error = task.error
        if error is not None:
            reason = os_reason(error) if isinstance(error, OSError) else str(error)
            text = tr("{file} was not copied beside the project: {reason}.", file=Path(path).name, reason=reason)
            self.session.notify(text, "error")
        elif self.session.path == project and initial_weights(self.training, self.session.project_folder) == path:
            kept = task.result()
            training = with_initial_weights(self.training, kept, project.parent)
            self.store(Text("Keep the weights beside the project"), training, "weights")
            self.session.notify(tr("{file} was copied beside the project.", file=kept.name), "ok")

    def _on_forget(self) -> None:
        self.store(Text("Start from fresh weights"), without_weights(self.training), "fresh weights")
