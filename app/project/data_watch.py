"""Keeps a description of the project's data, and checks that it fits the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal

from app.engine.engine_link import EngineLink
from app.outside_files.gate import OutsideFiles, unread
from app.project.data_findings import data_problems
from app.project.inference import Inference
from app.project.project_questions import data_mends, data_question
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.validation import Problem
from graph_editor.document.document import Changes, Document
from graph_editor.document.ends import titles_in_sentences
from graph_editor.document.titles import with_titles
from resources.text import Text
from runtime.protocol import (
    Answer,
    Column,
    DataChecked,
    DataDescribed,
    DataProblem,
    DescribeData,
    Failed,
)
from runtime.spec import DataSource, SpecError, source_from_project

DELAY_MS = 120


class DataWatch(QObject):
    """Describes the data once per source, and checks the bindings after every change that matters."""

    described = Signal()
    problems_changed = Signal()
    checked = Signal()  # `findings` are new

    def __init__(
        self,
        document: Document,
        engine: EngineLink,
        outside: OutsideFiles,
        inference: Inference,
        folder: Callable[[], Path | None],
        built: Callable[[], Document],
        catalog: Catalog,
        parent: QObject,
    ) -> None:
        """`folder` is where the project lies, `built` what is built of `document`."""
        super().__init__(parent)
        self.source: DataSource | None = None
        self.columns: tuple[Column, ...] = ()
        self.error: Text | None = None
        self.note: Text | None = None  # what people should know of the data as a whole
        self.problems: list[Problem] = []
        self.findings: tuple[DataProblem, ...] = ()  # all that the last check said, notes too
        self._document, self._engine, self._outside, self._inference = document, engine, outside, inference
        self._folder, self._built, self._catalog = folder, built, catalog
        self._asked = 0
        self._checked = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._check)
        inference.results_changed.connect(self._on_results)

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
        elif self.unread:
            self._set((), unread(self._name()))
        elif self._engine.state.phase == "ready":
            self._engine.request(DescribeData(0, self.source), lambda answer: self._on_described(number, answer))

    @property
    def unread(self) -> bool:
        """Whether a person has to say first that the file may be read."""
        return self._outside.holds(self._name())

    def _name(self) -> str:
        """The file as the project writes it."""
        source = self._document.data.get("source")
        name = source.get("path") if isinstance(source, Mapping) else None
        return name if isinstance(name, str) else ""

    def _on_results(self, _results: object) -> None:
        self._timer.start()

    def _read_source(self) -> DataSource | None:
        try:
            return source_from_project(self._document.data, self._folder())
        except SpecError:
            return None

    def _on_described(self, number: int, answer: Answer) -> None:
        if number != self._asked:
            return
        if isinstance(answer, DataDescribed):
            self._set(answer.columns, None, answer.note)
        elif isinstance(answer, Failed) and self._engine.state.phase == "ready":
            self._set((), answer.error)  # a dead engine says nothing about the data

    def _set(self, columns: tuple[Column, ...], error: Text | None, note: Text | None = None) -> None:
        self.columns, self.error, self.note = columns, error, note
        self.described.emit()
        self._timer.start()

    def _check(self) -> None:
        self._timer.stop()
        self._checked += 1
        if self.source is None or self.error is not None or not self.columns:
            self.findings = ()
            told = self.error is None or self.unread  # which stands among the problems of the project already
            self._show([] if told or self.error is None else [Problem("error", self.error, None, kind="data")])
        elif self._engine.state.phase == "ready":
            number = self._checked
            question = data_question(self._built(), self._inference.results, self.source, self.columns)
            self._engine.request(question, lambda answer: self._on_checked(number, answer))

    def _on_checked(self, number: int, answer: Answer) -> None:
        if number == self._checked and isinstance(answer, DataChecked):
            self._find(answer.problems)

    def _find(self, findings: tuple[DataProblem, ...]) -> None:
        titles = titles_in_sentences(self._built())
        self.findings = tuple(replace(each, text=with_titles(each.text, titles)) for each in findings)
        self.checked.emit()
        mends = data_mends(self._built(), self._catalog, self._inference.results, self.columns)
        self._show(data_problems(self._built(), findings, mends))

    def _show(self, problems: list[Problem]) -> None:
        if problems != self.problems:
            self.problems = problems
            self.problems_changed.emit()
