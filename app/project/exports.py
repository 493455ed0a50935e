"""Taking the model away: Keras' own files through the engine, source text at once, pictures from the canvas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressDialog, QWidget

from app.outside_files.gate import unread
from app.project.choosers import Chooser, PictureLook
from app.project.export_formats import ExportFormat, export_format
from app.project.saving import ask_where
from app.project.session import Session, blocking_sentence
from graph_editor.background.background import Background
from graph_editor.background.task import Task
from graph_editor.document.checking.left_out import left_out_sentence
from graph_editor.document.checking.validation import Problem, hindrances
from graph_editor.exporters.code.script import model_source
from graph_editor.exporters.registry import SourceFormat
from graph_editor.keras_format.functional import model_json, trained_json
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.words.dialogs import PlainProgressDialog
from graph_editor.words.spoken import set_spoken_name
from resources.atomic import write_atomically
from resources.os_reasons import os_reason
from resources.python_code.pieces import SourceError
from resources.text import tr
from resources.training.sections import INITIAL_WEIGHTS, initial_names_of
from runtime.messages.connection import Failed
from runtime.messages.exporting import CheckSource, Export, Exported, SourceChecked
from runtime.messages.protocol import Answer
from runtime.model_configs import keras_json
from runtime.python_code import RunCode
from runtime.spec import initial_weights
from runtime.store import RunInfo, RunStore

if TYPE_CHECKING:
    from graph_editor.view.graph_view import GraphView


class Exporter:
    """Asks for a file, lets the engine write and check it, and says how it went."""

    def __init__(self, session: Session, chooser: Chooser, background: Background) -> None:
        self._session = session
        self._chooser = chooser
        self._background = background

    def export(self, kind: str, parent: QWidget, canvas: GraphView) -> None:
        """Export as `kind`; dialogs belong to `parent`, pictures are drawn from `canvas`."""
        choice = export_format(kind)
        picture = choice.needs == "canvas"
        blocked = blocking_sentence(self._hindrances(choice))
        if blocked is not None:
            text, call = blocked
            self._session.notify(str(text), "error")
            if call is not None:
                self._session.navigation.reveal(call)
            return
        look = self._chooser.picture_look(parent, choice.key) if picture else PictureLook()
        path = self._ask(choice, parent) if look is not None else None
        if path is None or look is None:
            return
        if picture:
            self._draw(path, choice.key, look, canvas)
        elif choice.source:
            self._check_source(path, choice.source, parent)
        elif choice.weights:
            model = trained_json(self._session.built)
            folder = self._session.project_runs.folder
            self._background.run(
                parent, lambda: trained_run(folder, model), lambda task: self._on_run_found(choice, path, parent, task)
            )
        else:
            self._write(choice, path, parent, None)

    def _hindrances(self, choice: ExportFormat) -> list[Problem]:
        session = self._session
        return hindrances(session.document, choice.hindrances(session.problems), session.catalog)

    def _ask(self, choice: ExportFormat, parent: QWidget) -> Path | None:
        folder = self._session.usual_folder
        kinds = f"{choice.suffix} (*{choice.suffix})"
        proposal = folder / f"{self._session.name}{choice.suffix}"
        path = ask_where(
            self._chooser, parent, tr("Export"), kinds, proposal, choice.suffix, self._session.refuse_to_replace
        )
        if path is not None:
            self._session.visited(path)
        return path

    def _draw(self, path: Path, kind: str, look: PictureLook, canvas: GraphView) -> None:
        theme = CanvasTheme.named(look.theme)
        try:
            canvas.render_image(path, kind, scale=look.scale, theme=theme, transparent=look.transparent)
        except OSError as error:
            self._say_unsaved(path, error)
            return
        self._session.notify(tr("Saved {file}", file=path.name), "ok")

    def _check_source(self, path: Path, source: SourceFormat, parent: QWidget) -> None:
        """Write source text if the engine makes the very same model by it."""
        session = self._session
        try:
            text = source.write(session.document, session.catalog, RunCode(session.project_folder))
            program = model_source(session.document, session.catalog, RunCode())
        except SourceError as error:
            session.notify(tr("{file} was not saved: {reason}", file=path.name, reason=str(error.text)), "error")
            return

        def finish(answer: Answer) -> None:
            if isinstance(answer, SourceChecked):
                self._write_source(path, text, answer)
            elif isinstance(answer, Failed):
                reason = str(answer.error)
                session.notify(
                    tr("{file} was not saved: {reason}", file=path.name, reason=reason), "error", answer.detail
                )

        self._ask_engine(CheckSource(0, model_json(session.built), program), path, parent, finish)

    def _write_source(self, path: Path, text: str, checked: SourceChecked) -> None:
        try:
            write_atomically(path, text.encode())
        except OSError as error:
            self._say_unsaved(path, error)
            return
        words = [tr("Saved {file}", file=path.name), *map(str, checked.checks), *self._left_out()]
        self._session.notify(" · ".join(words), "ok")

    def _ask_engine(
        self, message: Export | CheckSource, path: Path, parent: QWidget, finish: Callable[[Answer], None]
    ) -> None:
        """A dialog, which can cancel it, stands while the engine works."""
        busy = _busy_dialog(tr("Writing {file}…", file=path.name), parent)

        def on_answer(answer: Answer) -> None:
            busy.reset()
            busy.deleteLater()
            finish(answer)

        number = self._session.engine.request(message, on_answer)
        busy.canceled.connect(lambda: self._session.engine.cancel(number))

    def _left_out(self) -> list[str]:
        sentence = left_out_sentence(self._session.built_model)
        return [sentence] if sentence else []

    def _say_unsaved(self, path: Path, error: OSError) -> None:
        reason = os_reason(error)
        self._session.notify(tr("{file} was not saved: {reason}.", file=str(path), reason=reason), "error")

    def _on_run_found(self, choice: ExportFormat, path: Path, parent: QWidget, task: Task[RunInfo | None]) -> None:
        self._write(choice, path, parent, None if task.error else task.result())

    def _write(self, choice: ExportFormat, path: Path, parent: QWidget, run: RunInfo | None) -> None:
        start = self._session.document.training.get(INITIAL_WEIGHTS)
        if run is None and choice.weights and self._session.outside.holds(start):
            self._session.notify(str(unread(str(start))), "error")
            self._session.outside.question_requested.emit()
            return
        model = model_json(self._session.built)
        folder = str(run.folder) if run else None
        weights = initial_weights(self._session.document.training, self._session.project_folder)
        names = initial_names_of(self._session.document.training)
        message = Export(0, model, choice.key, str(path), folder, None if run else weights, initial_names=names)
        self._ask_engine(message, path, parent, lambda answer: self._report(answer, path, choice, run))

    def _report(self, answer: Answer, path: Path, choice: ExportFormat, run: RunInfo | None) -> None:
        if isinstance(answer, Exported):
            words = [tr("Saved {file}", file=path.name), tr("read back and compared")]
            if choice.weights:
                words.append(self._whose_weights(run))
            words += self._left_out()
            self._session.notify(" · ".join(words), "ok", "\n".join(map(str, answer.checks)))
        elif isinstance(answer, Failed):
            self._session.notify(str(answer.error), "error", answer.detail)

    def _whose_weights(self, run: RunInfo | None) -> str:
        if run is not None and run.model_epoch is not None:
            return tr("weights of run {number} after epoch {epoch}", number=run.number, epoch=run.model_epoch)
        if run is not None:
            return tr("weights of run {number}", number=run.number)
        start = initial_weights(self._session.document.training, self._session.project_folder)
        return tr("weights of {file}", file=Path(start).name) if start else tr("untrained weights")


def trained_run(folder: Path, model: Mapping[str, Any]) -> RunInfo | None:
    """The latest run that left a model of this very architecture."""
    architecture = _architecture(model)
    runs = (run for run in reversed(RunStore(folder).runs()) if run.model is not None)
    return next((run for run in runs if keras_json.same(_architecture(run.spec.model), architecture)), None)


def _architecture(model: Any) -> Any:
    """The model without what training may differ in, so that freezing a layer does not hide its weights."""
    if isinstance(model, Mapping):
        return {key: _architecture(value) for key, value in model.items() if key != "trainable"}
    return [_architecture(item) for item in model] if isinstance(model, list | tuple) else model


def _busy_dialog(text: str, parent: QWidget) -> QProgressDialog:
    dialog = PlainProgressDialog(text, tr("Cancel"), parent)
    dialog.setObjectName("export_progress")
    set_spoken_name(dialog, text)
    dialog.setWindowTitle(tr("Export"))
    dialog.setWindowModality(Qt.WindowModality.NonModal)
    dialog.setMinimumDuration(400)
    dialog.setValue(0)
    return dialog
