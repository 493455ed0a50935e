"""Keeps a description of the project's data, and checks that it fits the model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from graph_editor.document.document import Changes
from graph_editor.document.graph import TensorRef
from graph_editor.document.validation import Problem
from resources.text import Text
from runtime.protocol import (
    Answer,
    CheckData,
    Column,
    DataChecked,
    DataDescribed,
    DataProblem,
    DescribeData,
    Endpoint,
    Failed,
)
from runtime.spec import Binding, DataSource, OutputTraining, SpecError, source_from_project

if TYPE_CHECKING:
    from app.inference import Inference
    from app.session import Session

DELAY_MS = 120


class DataWatch(QObject):
    """Describes the data once per source, and checks the bindings after every change that matters."""

    described = Signal()
    problems_changed = Signal()

    def __init__(self, session: Session, inference: Inference) -> None:
        super().__init__(session)
        self.source: DataSource | None = None
        self.columns: tuple[Column, ...] = ()
        self.error: Text | None = None
        self.problems: list[Problem] = []
        self._session = session
        self._asked = 0
        self._checked = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._check)
        inference.results_changed.connect(self._timer.start)

    def on_document_changed(self, changes: Changes) -> None:
        if (changes.everything or changes.data) and self._read_source() != self.source:
            self.refresh()
        if changes.everything or changes.data or changes.training or changes.interface:
            self._timer.start()

    def refresh(self) -> None:
        """Describe the data file again, as it may have changed."""
        self.source = self._read_source()
        self._asked += 1
        number = self._asked
        if self.source is None:
            self._set((), None)
        elif self._session.engine_state.phase == "ready":
            self._session.request(DescribeData(0, self.source), lambda answer: self._on_described(number, answer))

    def _read_source(self) -> DataSource | None:
        try:
            return source_from_project(self._session.document.data, self._session.project_folder)
        except SpecError:
            return None

    def _on_described(self, number: int, answer: Answer) -> None:
        if number != self._asked:
            return
        if isinstance(answer, DataDescribed):
            self._set(answer.columns, None)
        elif isinstance(answer, Failed):
            self._set((), answer.error)

    def _set(self, columns: tuple[Column, ...], error: Text | None) -> None:
        self.columns, self.error = columns, error
        self.described.emit()
        self._timer.start()

    def _check(self) -> None:
        self._timer.stop()
        self._checked += 1
        if self.source is None or self.error is not None or not self.columns:
            error = [Problem("error", self.error, None, kind="data")] if self.error is not None else []
            self._show(error)
        elif self._session.engine_state.phase == "ready":
            number = self._checked
            self._session.request(self._question(self.source), lambda answer: self._on_checked(number, answer))

    def _question(self, source: DataSource) -> CheckData:
        graph = self._session.document.graph
        bindings = _bindings(self._session.document.data.get("bindings"))
        bound = {binding.target for binding in bindings}
        inputs = [end for end in self._endpoints(graph.input_refs(), False) if end.name in bound]
        outputs = [end for end in self._endpoints(graph.output_refs(), True) if end.name in bound]
        names = {end.name for end in (*inputs, *outputs)}
        fitting = tuple(binding for binding in bindings if binding.target in names)
        return CheckData(0, source, fitting, tuple(inputs), tuple(outputs))

    def _endpoints(self, refs: Iterable[TensorRef], with_training: bool) -> list[Endpoint]:
        """Those inputs or outputs whose shape is known."""
        document, results = self._session.document, self._session.results
        found = []
        for ref in refs:
            result = results.get(ref.call)
            if result is None or ref.index >= len(result.outputs) or not document.has_call(ref.call):
                continue
            tensor = result.outputs[ref.index]
            name = document.operation_of(ref.call).name
            training = _output_training(document.training.get("outputs"), name) if with_training else None
            found.append(Endpoint(name, tensor.shape, tensor.dtype, training))
        return found

    def _on_checked(self, number: int, answer: Answer) -> None:
        if number == self._checked and isinstance(answer, DataChecked):
            self._show([self._problem(problem) for problem in answer.problems])

    def _problem(self, problem: DataProblem) -> Problem:
        graph = self._session.document.graph
        refs = (*graph.input_refs(), *graph.output_refs())
        calls = [ref.call for ref in refs if graph.operation_of(ref.call).name == problem.target]
        return Problem(problem.severity, problem.text, calls[0] if calls else None, detail=problem.detail, kind="data")

    def _show(self, problems: list[Problem]) -> None:
        if problems != self.problems:
            self.problems = problems
            self.problems_changed.emit()


def _bindings(section: object) -> tuple[Binding, ...]:
    if not isinstance(section, dict):
        return ()
    pairs = ((str(target), [value] if isinstance(value, str) else value) for target, value in section.items())
    return tuple(Binding(target, tuple(map(str, columns))) for target, columns in pairs if columns)


def _output_training(section: object, name: str) -> OutputTraining | None:
    """The output's training settings as far as they are complete and readable."""
    settings = section.get(name) if isinstance(section, dict) else None
    if not isinstance(settings, dict) or not settings.get("loss"):
        return None
    try:
        return msgspec.convert(
            {
                **settings,
                "name": name,
                "loss": _object(settings["loss"]),
                "metrics": [_object(value) for value in settings.get("metrics") or ()],
            },
            OutputTraining,
        )
    except msgspec.ValidationError:
        return None


def _object(value: object) -> object:
    return {"class_name": value} if isinstance(value, str) else value
