"""The left column of Evaluate: which model, on what, how; and what was evaluated before."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QIntValidator
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from app.panels.evaluate.setup.stored_list import StoredList
from app.panels.evaluate.stored import PARTS, RunContents
from app.panels.plots.formats import count_text
from app.panels.run_parts.run_choice import RunChoice
from app.panels.run_parts.run_facts import best_in_training
from app.panels.widgets.elided_combo import ElidedCombo
from app.panels.widgets.fields import button, column, heading, hint
from app.panels.widgets.section import FoldSection
from app.project.evaluation.trained_runs import Chosen, Which
from app.project.session import Session
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.plain import shown_name
from resources.text import tr
from resources.training.settings.batch_size import SETTING as BATCH_SIZE
from runtime.messages.describing import DataProgress
from runtime.messages.trained import On, PartName
from runtime.spec import DataSpec

WIDTH = 300
_LABEL = 78
_OTHER, _CHOOSE = "other", "choose"
_PARTS: tuple[PartName, ...] = ("validation", "test", "training")
_MOST_BATCH = 2**31 - 1


class EvaluateSide(QFrame):
    """What is chosen is kept by `session.evaluations`; the part, the file and the batch size are kept here.

    `file_chosen` carries a file that was dropped, or None when one is to be asked for.
    """

    evaluate_requested = Signal()
    cancel_requested = Signal()
    predict_requested = Signal()
    file_chosen = Signal(object)  # Path | None
    stored_opened = Signal(object)  # Evaluation

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("evaluate_side")
        self.setAccessibleName(tr("What is evaluated"))
        self.setFixedWidth(WIDTH)
        self.setAcceptDrops(True)
        self._session = session
        self._contents = RunContents()
        self._other: DataSpec | None = None
        self._batch_of: object = None  # the model that the batch size is of
        self.runs = RunChoice(session.evaluations, "evaluate_run")
        self.weights = _combo("evaluate_weights", tr("Weights"))
        self.part = _combo("evaluate_on", tr("Evaluate on"))
        self.device = _combo("evaluate_device", tr("Device"))
        self.batch = QLineEdit()
        self.batch.setObjectName("evaluate_batch_size")
        self.batch.setValidator(QIntValidator(1, _MOST_BATCH, self.batch))
        set_spoken_name(self.batch, tr("Batch size"))
        self.run_note = hint("", "evaluate_run_note")
        self.evaluate = button(tr("Evaluate"), "evaluate_start", "primary")
        self.cancel = button(tr("Cancel"), "evaluate_cancel")
        self.predict = button(
            tr("Predictions into a file…"),
            "evaluate_predict",
            "",
            tr("Model.predict of all these samples as CSV, Parquet or NPZ"),
        )
        self.bar = QProgressBar()
        self.bar.setObjectName("evaluate_progress")
        self.bar.setAccessibleName(tr("Progress"))
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        self.progress = hint("", "evaluate_state")
        self.stored = StoredList()
        self._lay_out()
        self._connect()
        self.show_busy(False)

    @property
    def on(self) -> On:
        """What to evaluate on."""
        key = self.part.currentData()
        if key == _OTHER and self._other is not None:
            return On("all", self._other)
        return On(next((part for part in _PARTS if part == key), "validation"))

    @property
    def batch_size(self) -> int:
        text = self.batch.text()
        return int(text) if text.isdecimal() and 1 <= int(text) <= _MOST_BATCH else BATCH_SIZE.default

    # what is shown

    def show_chosen(self) -> None:
        """Show which model is meant, among those that there are."""
        chosen = self._session.evaluations.chosen
        self.runs.refresh()
        self._show_devices()
        if chosen is None:
            return
        self.run_note.setText(best_in_training(chosen.run) if chosen.run is not None else "")
        self.run_note.setVisible(bool(self.run_note.text()))
        self._show_weights(chosen)
        if self._batch_of != chosen.folder or not self.batch.text():
            self._batch_of = chosen.folder
            training = chosen.run.spec.training if chosen.run is not None else None
            size = training[BATCH_SIZE] if training is not None else BATCH_SIZE.sound(self._session.document.training)
            self.batch.setText(str(size))

    def show_contents(self, contents: RunContents) -> None:
        """What lies in the folder of the chosen run."""
        self._contents = contents
        chosen = self._session.evaluations.chosen
        if chosen is not None:
            self._show_weights(chosen)
        self._show_parts()
        self.stored.show_evaluations(contents.evaluations)
        self.stored.show_damaged(contents.damaged)

    def show_other(self, data: DataSpec | None, choose: bool = False) -> None:
        """Offer another file to evaluate on, as the chosen model reads it; `choose`: a person has just taken it."""
        self._other = data
        self._show_parts()
        if data is not None and choose:
            self.part.show_value(_OTHER, "")

    def show_busy(self, busy: bool, text: str = "") -> None:
        self.evaluate.setVisible(not busy)
        self.cancel.setVisible(busy)
        self.predict.setEnabled(not busy)
        self.bar.setVisible(busy)
        self.progress.setText(text)
        self.progress.setVisible(busy)
        if busy:
            self.bar.setRange(0, 0)

    def show_progress(self, progress: DataProgress) -> None:
        if progress.total is None:
            return
        self.bar.setRange(0, 1000)
        self.bar.setValue(round(1000 * progress.done / max(1, progress.total)))
        done, total = count_text(progress.done), count_text(progress.total)
        self.progress.setText(
            tr("{done} of {total} samples", done=done, total=total) if progress.unit == "rows" else ""
        )

    def _show_weights(self, chosen: Chosen) -> None:
        self.weights.clear_all()
        for kept in self._contents.weights:
            self.weights.add(kept.title, str(kept.which))
        text = tr("as imported") if chosen.run is None else str(chosen.which)
        self.weights.show_value(str(chosen.which), text)

    def _show_parts(self) -> None:
        before, counts = self.part.currentData(), self._contents.parts
        self.part.clear_all()
        for part in _PARTS:
            count = counts.get(part, 0) if counts is not None else None
            text = str(PARTS[part])
            if count:
                text += " · " + tr("{count} samples", count=count_text(count))
            tip = tr("The data of this run has no such part.") if count == 0 else ""
            self.part.add(text, part, tip, enabled=count != 0)
        if self._other is not None:
            names = ", ".join(shown_name(Path(source.path).name) for source in self._other.sources)
            self.part.add(names, _OTHER)
        self.part.add(tr("another file…"), _CHOOSE)
        known = [part for part in _PARTS if counts is None or counts.get(part, 0)]
        kept = before if before in known or (before == _OTHER and self._other is not None) else None
        self.part.show_value(kept or next(iter(known), "validation"), "")

    def _show_devices(self) -> None:
        evaluations = self._session.evaluations
        self.device.clear_all()
        for device in self._session.devices.known:
            if device.id != "all":
                self.device.add(str(device.title), device.id, str(device.reason or ""), device.available)
        name = evaluations.device
        self.device.show_value(name, "CPU" if name == "cpu" else name.upper().replace(":", " "))

    # how it is laid out, and what people do

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setProperty("part", "form")
        rows = column(inner, (14, 12, 12, 16), 8)
        rows.addWidget(heading(tr("Model")))
        rows.addWidget(_Row(tr("run"), self.runs))
        rows.addWidget(self.run_note)
        rows.addWidget(_Row(tr("weights"), self.weights))
        rows.addSpacing(6)
        rows.addWidget(heading(tr("Samples")))
        rows.addWidget(_Row(tr("evaluate on"), self.part))
        rows.addWidget(
            _Row(tr("batch size"), self.batch, tr("Samples that are computed at once: more take more memory"))
        )
        rows.addWidget(_Row(tr("device"), self.device))
        rows.addSpacing(2)
        rows.addWidget(self.evaluate)
        rows.addWidget(self.cancel)
        rows.addWidget(self.bar)
        rows.addWidget(self.progress)
        rows.addWidget(self.predict)
        rows.addSpacing(6)
        rows.addWidget(heading(tr("Evaluations of this run")))
        rows.addWidget(self.stored)
        rows.addSpacing(6)
        rows.addWidget(FoldSection(tr("predict or call?"), "predict_or_call", _fill_answer))
        rows.addStretch(1)
        scroll = QScrollArea()
        scroll.setObjectName("evaluate_side_scroll")
        scroll.setAccessibleName(tr("What is evaluated"))
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _connect(self) -> None:
        self.weights.chosen.connect(self._on_weights)
        self.part.chosen.connect(self._on_part)
        self.device.chosen.connect(self._session.evaluations.choose_device)
        self._session.devices.changed.connect(self._on_devices)
        self.evaluate.clicked.connect(self.evaluate_requested)
        self.batch.returnPressed.connect(self.evaluate_requested)
        self.cancel.clicked.connect(self.cancel_requested)
        self.predict.clicked.connect(self.predict_requested)
        self.stored.opened.connect(self.stored_opened)

    def _on_devices(self, _devices: object) -> None:
        self._show_devices()

    def _on_weights(self, key: object) -> None:
        chosen = self._session.evaluations.chosen
        which: Which | None = next((kept.which for kept in self._contents.weights if str(kept.which) == key), None)
        if chosen is not None and which is not None:
            self._session.evaluations.choose(chosen.run, which)

    def _on_part(self, key: object) -> None:
        if key == _CHOOSE:
            self.part.show_value(_OTHER if self._other is not None else "validation", "")
            self.file_chosen.emit(None)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = next((Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()), None)
        if path is not None:
            event.acceptProposedAction()
            self.file_chosen.emit(path)


class _Row(QWidget):
    """A short label beside a control that gets the rest of the column."""

    def __init__(self, text: str, control: QWidget, tooltip: str = "") -> None:
        super().__init__()
        label = PlainLabel(text)
        label.setProperty("part", "field")
        label.setBuddy(control)
        label.setFixedWidth(_LABEL)
        label.setWordWrap(True)
        if tooltip:
            set_tooltip(label, tooltip)
            set_tooltip(control, tooltip)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(label)
        row.addWidget(control, 1)


def _combo(name: str, title: str) -> ElidedCombo:
    combo = ElidedCombo()
    combo.setObjectName(name)
    set_spoken_name(combo, title)
    return combo


def _fill_answer(rows: QVBoxLayout) -> None:
    text = tr(
        "predict() goes through all samples batch by batch, whatever there is of them, and gives NumPy arrays: Evaluate"
        " uses it. Calling the model, model(x), answers for the one batch at hand, and is the faster way for a few"
        " samples and in loops of your own: Try it uses that."
    )
    rows.addWidget(hint(text, "predict_or_call_answer"))
