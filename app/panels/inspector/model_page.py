"""The inspector's page while nothing is selected: the model as a whole, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.engine.run_controller import RunController
from app.engine.wording import (
    bytes_text,
    count_text,
    memory_sentence,
    operations_text,
    partial_sentence,
    shape_text,
)
from app.panels.inspector.keras_name import KerasName
from app.panels.inspector.name_field import NameField
from app.panels.widgets.stat_tile import StatTile
from app.project.project_questions import batch_size
from app.project.session import Session
from graph_editor.document.changes import commands
from graph_editor.document.checking.left_out import left_out_sentence
from graph_editor.document.checking.validation import Problem
from graph_editor.document.graph import TensorRef
from graph_editor.words.letting_go import let_go
from graph_editor.words.literal import on_button
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.plain import shown_name
from resources.text import Text, tr
from resources.training.sections import sources_of


class ModelPage(QWidget):
    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.name = NameField("model_name", tr("Name of the model"), self._rename)
        self.keras_name = KerasName("model_keras_name", self._rename_for_keras)
        self._intro = _dim(tr("The model"))
        self.total = StatTile(tr("Parameters"), "model_parameters")
        self.trainable = StatTile(tr("Trainable"), "model_trainable")
        self.frozen = StatTile(tr("Frozen"), "model_frozen")
        self.boxes = StatTile(tr("Boxes"), "model_boxes")
        self.memory = StatTile(tr("Memory in training"), "model_memory")
        self.work = StatTile(tr("Work for one sample"), "model_work")
        self._inputs = _TensorList(tr("Inputs"), "model_inputs", session)
        self._outputs = _TensorList(tr("Outputs"), "model_outputs", session)
        self.next_sentence = _dim("")
        self.next_sentence.setObjectName("next_sentence")
        self.next_button = QPushButton()
        self.next_button.setObjectName("next_button")
        self._goal = ""
        self._mendable: Problem | None = None
        self._lay_out()
        self.next_button.clicked.connect(self._on_next_clicked)
        for signal in (session.training.shown, session.training.ended):
            signal.connect(self._on_run_changed)
        self.refresh()

    def refresh(self) -> None:
        document, totals = self._session.document, self._session.inference.totals
        self.name.refresh(document.shown_name)
        self.keras_name.refresh(document.graph.title, document.name)
        self.total.set_value(count_text(totals.parameters))
        self.total.set_note(tr("{count} not trained", count=count_text(totals.state)) if totals.state else "")
        self.trainable.set_value(count_text(totals.trainable))
        self.frozen.set_value(count_text(totals.frozen))
        model = self._session.built_model
        self.boxes.set_value(count_text(len(document.graph.calls)), left_out_sentence(model))
        self.boxes.set_note(tr("{count} left out", count=model.total) if model.total else "")
        self._show_estimate()
        self._inputs.show_tensors(model.document.graph.input_refs())
        self._outputs.show_tensors(model.document.graph.output_refs())
        self._show_next()

    def commit(self) -> None:
        self.name.commit()
        self.keras_name.commit()

    def _lay_out(self) -> None:
        tiles = QGridLayout()
        tiles.setSpacing(8)
        heading = PlainLabel(tr("Next").upper())
        heading.setProperty("role", "heading")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        bar = QFrame()
        bar.setObjectName("model_bar")
        bar.setFixedWidth(4)
        head = QHBoxLayout()
        head.setSpacing(6)
        layout.addLayout(head)
        head.addWidget(bar)
        head.addWidget(self.name, 1)
        layout.addWidget(self.keras_name)
        layout.addWidget(self._intro)
        layout.addLayout(tiles)
        for place, tile in enumerate((self.total, self.boxes, self.trainable, self.frozen, self.memory, self.work)):
            tiles.addWidget(tile, place // 2, place % 2)
        layout.addSpacing(4)
        layout.addWidget(self._inputs)
        layout.addWidget(self._outputs)
        layout.addSpacing(4)
        layout.addWidget(heading)
        layout.addWidget(self.next_sentence)
        layout.addWidget(self.next_button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)

    def _show_estimate(self) -> None:
        estimate, has_results = self._session.inference.estimate, bool(self._session.inference.results)
        batch = tr("at batch {batch}", batch=batch_size(self._session.document))
        self.memory.set_value(f"≈ {bytes_text(estimate.memory)}" if has_results else "–", memory_sentence(estimate))
        self.memory.set_note(batch if has_results else "")
        counted = tr("Multiplications and additions of the forward pass, as TensorFlow's profiler counts them.")
        tooltip = f"{counted} {partial_sentence()}" if estimate.partial else counted
        self.work.set_value(f"≈ {operations_text(estimate.flops)}" if has_results else "–", tooltip)

    def _show_next(self) -> None:
        sentence, button, self._goal = self._next_step()
        self.next_sentence.setText(sentence)
        self.next_button.setText(on_button(button))
        set_spoken_name(self.next_button, button)
        self.next_button.setVisible(bool(button))

    def _next_step(self) -> tuple[str, str, str]:
        """A sentence, the text of the button below it (empty: none), and where the button leads."""
        document = self._session.document
        if not document.graph.calls:
            return (
                tr("Drag an Input from the palette on to the canvas, or press Tab there and type what you want."),
                "",
                "",
            )
        errors = [problem for problem in self._session.problems if problem.is_error]
        self._mendable = errors[0] if errors and errors[0].mend is not None else None
        if self._mendable is not None and self._mendable.mend is not None:
            return str(self._mendable.text), str(self._mendable.mend.text), "mend"
        if errors and errors[0].call and document.has_call(errors[0].call):
            box = document.operation_of(errors[0].call).shown_name
            sentence = str(errors[0].text)
            return sentence if box in sentence else f"{box}: {sentence}", tr("Show the box"), errors[0].call
        if errors and not errors[0].is_of_data:
            return str(errors[0].text), "", ""
        if not sources_of(document.data):
            return tr("Tell in Data where the examples come from."), tr("Go to Data"), "workspace:data"
        run = self._session.training.run
        if run is not None:
            return _after_run(run)
        return (
            tr("The model is ready. Choose in Train how it learns, and start."),
            tr("Go to Train"),
            "workspace:train",
        )

    def _on_next_clicked(self) -> None:
        kind, _, workspace = self._goal.partition(":")
        if self._goal == "mend" and self._mendable is not None:
            self._session.mend(self._mendable)
        elif kind == "workspace":
            self._session.navigation.show_workspace(workspace)
        else:
            self._session.navigation.reveal(self._goal)

    def _on_run_changed(self, _run: object) -> None:
        self._show_next()

    def _rename(self, name: str) -> None:
        edits = commands.rename_model(self._session.document, name)
        self._session.history.do(Text("Rename the model to {name}", {"name": name}), edits)

    def _rename_for_keras(self, name: str) -> None:
        edits = commands.rename_model_for_keras(self._session.document, name)
        self._session.history.do(Text("Call it {name} in Keras", {"name": name}), edits)


def _after_run(run: RunController) -> tuple[str, str, str]:
    """What can be done while the open project is trained, and afterwards."""
    if run.ending is None:
        return tr("The model is being trained: Train shows how."), tr("Go to Train"), "workspace:train"
    if not run.ending.good:
        sentence = tr("The last training did not come to its end: {reason}", reason=str(run.ending.text))
        return sentence, tr("Go to Train"), "workspace:train"
    return (
        tr(
            "The model is trained. In Runs you see its curves beside those of other runs, and export it with its"
            " weights. Train can start from them again."
        ),
        tr("Go to Runs"),
        "workspace:runs",
    )


class _TensorList(QWidget):
    """Names and shapes of the model's inputs or outputs; a click on a name goes to its box."""

    def __init__(self, title: str, name: str, session: Session) -> None:
        super().__init__()
        self.setObjectName(name)
        self._session = session
        self._shown: list[tuple[str, str, str]] = []
        self._rows: list[tuple[QPushButton, PlainLabel]] = []
        heading = PlainLabel(title.upper())
        heading.setProperty("role", "heading")
        self._none = _dim(tr("none yet"))
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(heading)
        layout.addWidget(self._none)
        layout.addLayout(self._grid)

    def show_tensors(self, refs: Sequence[TensorRef]) -> None:
        graph, results = self._session.document.graph, self._session.inference.results
        tensors = []
        for ref in refs:
            outputs = results[ref.call].outputs if ref.call in results else ()
            shape = shape_text(outputs[ref.index].shape) if ref.index < len(outputs) else "–"
            tensors.append((ref.call, graph.operation_of(ref.call).shown_name, shape))
        if tensors == self._shown:
            return
        self._shown = tensors
        self._none.setVisible(not tensors)
        while len(self._rows) > len(tensors):
            for widget in self._rows.pop():
                let_go(widget)
        while len(self._rows) < len(tensors):
            self._add(len(self._rows))
        for (button, figure), (_call, name, shape) in zip(self._rows, tensors, strict=True):
            button.setText(on_button(name, 30))
            set_tooltip(button, name)
            button.setObjectName(f"go_to_{name}")
            set_spoken_name(button, tr("Go to {layer}", layer=name))
            figure.setText(shown_name(shape, 40))

    def _add(self, row: int) -> None:
        button, figure = QPushButton(), PlainLabel()
        button.setProperty("role", "link")
        button.clicked.connect(lambda: self._session.navigation.reveal(self._shown[row][0]))
        figure.setProperty("role", "mono")
        self._grid.addWidget(button, row, 0, Qt.AlignmentFlag.AlignLeft)
        self._grid.addWidget(figure, row, 1, Qt.AlignmentFlag.AlignRight)
        self._rows.append((button, figure))


def _dim(text: str) -> QLabel:
    label = PlainLabel(text)
    label.setProperty("role", "small")
    label.setWordWrap(True)
    return label
