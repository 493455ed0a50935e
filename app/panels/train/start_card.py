"""What Train shows before the first run: what will happen, and the first thing that is in the way."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.panels.plots.formats import count_text
from app.panels.widgets.banner import Action, Banner
from app.panels.widgets.fields import hint
from app.project.samples import samples_of
from app.project.session import Session
from graph_editor.document.checking.left_out import left_out_sentence
from graph_editor.document.checking.validation import Problem, hindrances
from graph_editor.document.document import Changes
from graph_editor.document.ends import output_names
from graph_editor.document.nesting import input_names
from graph_editor.words.plain_label import PlainLabel
from resources.text import Text, tr
from resources.training.settings.batch_size import SETTING as BATCH_SIZE
from resources.training.settings.epochs import SETTING as EPOCHS
from resources.training.settings.split import LAST
from resources.training.settings.split import SETTING as SPLIT
from runtime.messages.checking import PartCounts
from runtime.project_spec import check_settings
from runtime.spec import SpecError

_WIDTH = 520


class StartCard(QWidget):
    """Follows the session; `problem` is the sentence that stands in the way, or None."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("train_start")
        self._session = session
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(_WIDTH)
        self._title = PlainLabel(tr("Ready to train"))
        self._title.setProperty("part", "big")
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(18)
        self._facts.setVerticalSpacing(6)
        self._values: dict[str, QLabel] = {}
        self.banner = Banner("train_blocker", narrow=True)
        rows = QVBoxLayout(card)
        rows.setContentsMargins(24, 20, 24, 20)
        rows.setSpacing(12)
        rows.addWidget(self._title)
        rows.addLayout(self._facts)
        rows.addWidget(self.banner)
        rows.addWidget(
            hint(
                tr(
                    "Training runs in a process of its own: the window stays usable, and you can pause, stop or change"
                    " the learning rate at any time. Every run is kept in Runs."
                )
            )
        )
        for row, (key, label) in enumerate(_FACTS.items()):
            name, value = PlainLabel(str(label)), PlainLabel()
            name.setProperty("part", "field")
            value.setObjectName(f"start_{key}")
            value.setWordWrap(True)
            self._facts.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(value, row, 1)
            self._values[key] = value
        self._facts.setColumnStretch(1, 1)
        middle = QHBoxLayout()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 16, 16, 16)
        outer.addStretch(1)
        outer.addLayout(middle)
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)
        outer.addStretch(2)
        for signal in (
            session.inference.results_changed,
            session.data.described,
            session.data.checked,
            session.problems_changed,
        ):
            signal.connect(self.refresh)
        session.document_changed.connect(self._on_document_changed)
        self.refresh()

    def refresh(self, _what: object = None) -> None:
        training, data = self._session.document.training, self._session.document.data
        samples = samples_of(data, self._session.data.columns)
        parts = self._session.data.parts
        batch, epochs = BATCH_SIZE.sound(training), EPOCHS.sound(training)
        steps = math.ceil(parts.training / batch)
        self._values["data"].setText(_parts_text(parts, SPLIT.sound(data)) if samples else tr("no data yet"))
        self._values["steps"].setText(_duration(epochs, steps if samples else 0))
        totals = self._session.inference.totals
        trained_share = tr("{trainable} of {all} parameters are trained",
                           trainable=count_text(totals.trainable), all=count_text(totals.parameters))  # fmt: skip
        left_out = left_out_sentence(self._session.built_model)
        self._values["model"].setText("\n".join(filter(None, (trained_share, left_out))))
        self._show_problem()

    @property
    def problem(self) -> Text | None:
        return _problem(self._session)[0]

    def _show_problem(self) -> None:
        text, place = _problem(self._session)
        self._title.setText(tr("Ready to train") if text is None else tr("Not ready to train yet"))
        remarks = [problem for problem in self._session.problems if not problem.is_error] if text is None else []
        self.banner.setVisible(text is not None or bool(remarks))
        if text is not None:
            problem = next((problem for problem in self._session.problems if problem.text == text), None)
            self.banner.say(str(text), "warning", actions=(*self._mending(problem), *self._leading(place)))
        elif remarks:
            more = len(remarks) - 1
            words = str(remarks[0].text)
            if more:
                words += " " + (tr("1 more remark.") if more == 1 else tr("{count} more remarks.", count=more))
            self.banner.say(words, "info", actions=(*self._mending(remarks[0]), *self._leading(_place(remarks[0]))))

    def _mending(self, problem: Problem | None) -> tuple[Action, ...]:
        """The button that does what is proposed."""
        if problem is None or problem.mend is None:
            return ()
        return (("mend_problem", str(problem.mend.text), lambda: self._session.mend(problem)),)

    def _leading(self, place: str) -> tuple[Action, ...]:
        """The button that goes where it is."""
        words = tr("Open Data") if place == "data" else tr("Show")
        return (("show_problem", words, lambda: self._go(place)),) if place != "train" else ()

    def _go(self, place: str) -> None:
        if place == "data":
            self._session.navigation.show_workspace("data")
        elif place:
            self._session.navigation.reveal(place)
        else:
            self._session.navigation.show_workspace("build")

    def _on_document_changed(self, changes: Changes) -> None:
        if changes.training or changes.data or changes.everything or changes.interface:
            self.refresh()


_FACTS = {"data": Text("Data"), "steps": Text("Duration"), "model": Text("Model")}


def _place(problem: Problem) -> str:
    """Where it is seen: a box, "data", "train", or "" for the canvas."""
    if problem.call:
        return problem.call
    return {"data": "data", "training": "train"}.get(problem.area, "")


def _parts_text(parts: PartCounts, way: str) -> str:
    training, validation, test = map(count_text, (parts.training, parts.validation, parts.test))
    if parts.test:
        return tr(
            "{training} samples for training, {validation} for validation, {test} for the test",
            training=training, validation=validation, test=test,
        )  # fmt: skip
    if way == LAST:
        return tr(
            "{training} samples for training, the last {validation} for validation",
            training=training, validation=validation,
        )  # fmt: skip
    return tr("{training} samples for training, {validation} for validation", training=training, validation=validation)


def _duration(epochs: int, steps: int) -> str:
    """`steps` of one epoch, 0 while they are not known."""
    if not steps:
        return tr("1 epoch") if epochs == 1 else tr("{epochs} epochs", epochs=count_text(epochs))
    if epochs == 1:
        return tr("1 epoch of {steps} steps", steps=count_text(steps))
    return tr(
        "{epochs} epochs of {steps} steps, {total} steps in all",
        epochs=count_text(epochs), steps=count_text(steps), total=count_text(steps * epochs),
    )  # fmt: skip


def _problem(session: Session) -> tuple[Text | None, str]:
    """The first thing in the way and where it is mended: a call id, "data", "train" or "" for the canvas."""
    graph = session.built.graph
    all_muted = next((problem for problem in session.problems if problem.kind == "all_muted"), None)
    if all_muted is not None:
        return all_muted.text, ""
    inputs, outputs = input_names(graph), output_names(graph)
    if not inputs:
        return Text("The model has no input yet: drag an Input on to the canvas in Build."), ""
    if not outputs:
        return Text("The model has no output yet: mark a box as an output."), ""
    hindering = hindrances(session.document, session.problems, session.catalog)
    if hindering:
        return hindering[0].text, "data" if hindering[0].is_of_data else _place(hindering[0])
    if session.data.source is None:
        return Text("No data is chosen yet: choose a data file in Data."), "data"
    try:
        check_settings(session.built.data, session.built.training)
    except SpecError as error:
        return error.text, "train"
    return None, ""
