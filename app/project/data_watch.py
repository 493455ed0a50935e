"""Keeps a description of the project's data, and checks that it fits the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal

from app.engine.engine_link import EngineLink
from app.engine.run_controller import RunController
from app.outside_files.gate import OutsideFiles, unread
from app.project.data_sources.offers import Reading, same_data
from app.project.findings.data import data_problems
from app.project.inference import Inference
from app.project.preparing.before import WORDS_INSIDE, mends_before
from app.project.preparing.behind_steps import behind_steps, learn_question
from app.project.preparing.learnt_columns import LearntColumns
from app.project.project_questions import data_mends, data_question
from app.project.samples import expected_parts, samples_of
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.validation import Problem
from graph_editor.document.document import Changes, Document
from graph_editor.document.ends import output_names, titles_in_sentences
from graph_editor.document.titles import with_titles
from resources.text import Text
from resources.training.sections import bindings_of, sources_of
from runtime.data_kinds import is_made_by_code, peeks, source_title
from runtime.messages.checking import CheckData, DataChecked, DataProblem, PartCounts
from runtime.messages.connection import Failed
from runtime.messages.describing import Column, DataDescribed, DataPeeked, DataProgress, DescribeData, PeekData
from runtime.messages.preparing import LearnData
from runtime.messages.protocol import Answer
from runtime.project_spec import data_from_project
from runtime.spec import DataSource, DataSpec, SpecError
from runtime.splits import SplitSpec, split_of

DELAY_MS = 120


class DataWatch(QObject):
    """Describes the data once per source, and checks the bindings after every change that matters."""

    described = Signal()
    peeked = Signal()  # `first` holds the first samples of data that is being read
    problems_changed = Signal()
    checked = Signal()  # `findings` are new
    progressed = Signal()  # `progress` is another one

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
        self.spec: DataSpec | None = None
        self.columns: tuple[Column, ...] = ()
        self._stamps: tuple[str, ...] = ()
        self.error: Text | None = None
        self.own_parts: Mapping[str, int] = {}  # samples that the data itself puts into a part
        self.first: DataPeeked | None = None  # until the data is described
        self.progress: DataProgress | None = None  # while it is read, where that takes long
        self.stopped = False  # by a person, who did not want to wait, or as it does not end; `error` says so
        self.note: Text | None = None  # what people should know of the data as a whole
        self.problems: list[Problem] = []
        self.findings: tuple[DataProblem, ...] = ()  # all that the last check said, notes too
        self._counted: tuple[SplitSpec, int, PartCounts] | None = None  # by the last check, for what it was asked
        self._document, self._engine, self._outside, self._inference = document, engine, outside, inference
        self._folder, self._built, self._catalog = folder, built, catalog
        self._asked = 0
        self._describing: list[int] = []  # what was asked since the data was known
        self._checking = 0  # the request of the last check
        self._known = 0  # the number of what is described
        self._checked = 0
        self._question: CheckData | None = None  # that the last check was of
        self.learnt = LearntColumns(engine, self._learn_question, self)
        self.learnt.changed.connect(self._on_learnt)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._check)
        inference.results_changed.connect(self._on_results)
        engine.progressed.connect(self._on_progressed)

    def on_document_changed(self, changes: Changes) -> None:
        if (changes.everything or changes.data) and self._read_spec() != self.spec:
            self.refresh()
        if changes.everything or changes.data or changes.training or changes.interface:
            self._timer.start()

    def refresh(self) -> None:
        """Describe the data file again, as it may have changed."""
        before, self.spec = self.spec, self._read_spec()
        if self._known == self._asked:
            self._describing.clear()
        elif not _goes_on(before, self.spec):
            while self._describing:
                self._engine.cancel(self._describing.pop())  # other data would be kept waiting by it
        self._asked += 1
        self.first, self.progress, self.stopped = None, None, False
        number = self._asked
        if self.spec is None:
            self._set((), None)
        elif self.unread:
            self._set((), unread(self._held()[0]))
        elif self._engine.state.phase == "ready":
            if len(self.spec.sources) == 1 and peeks(self.spec.sources[0].kind):
                peek = PeekData(0, self.spec)
                self._describing.append(self._engine.request(peek, lambda answer: self._on_peeked(number, answer)))
            message = DescribeData(0, self.spec)
            self._describing.append(self._engine.request(message, lambda answer: self._on_described(number, answer)))

    def on_run_ended(self, run: RunController) -> None:
        """Look again at what a run may have found: it has read what a check has no time for."""
        if run.ending is not None and not run.ending.good:
            self._timer.start()

    def stop_reading(self) -> None:
        """What is not known yet stays so until `refresh`."""
        if self.spec is None or self._known == self._asked:
            return
        while self._describing:
            self._engine.cancel(self._describing.pop())
        self._asked += 1  # an answer may be under way
        self._known, self.stopped = self._asked, True
        file = source_title(self.spec.sources[0])
        self._set((), Text.of("Reading {file} was stopped, so nothing is known of it.", file=file))

    def take_over(self, reading: Reading | None) -> None:
        """Go on with what somebody else has begun to read, if that is this data; otherwise it ends."""
        if reading is None:
            return
        wanted = self.spec is not None and self._known != self._asked
        if wanted and self.spec is not None and any(same_data(reading.source, one) for one in self.spec.sources):
            self._describing.append(reading.request)
        else:
            self._engine.cancel(reading.request)

    @property
    def source(self) -> DataSource | None:
        """The first source, which the others are joined to."""
        return self.spec.sources[0] if self.spec is not None else None

    @property
    def made_by_code(self) -> bool:
        """Whether the project's own code makes some of the samples, so that it has to run first."""
        return self.spec is not None and any(is_made_by_code(source.kind) for source in self.spec.sources)

    @property
    def unread(self) -> bool:
        """Whether a person has to say first that a file may be read."""
        return bool(self._held())

    def _held(self) -> list[str]:
        """The files that are not to be touched yet, as the project writes them."""
        paths = [source.get("path") for source in sources_of(self._document.data)]
        return [path for path in paths if isinstance(path, str) and self._outside.holds(path)]

    def _on_results(self, _results: object) -> None:
        self._timer.start()

    def _read_spec(self) -> DataSpec | None:
        try:
            return data_from_project(self._document.data, self._folder())
        except SpecError:
            return None

    def _on_progressed(self, progress: DataProgress) -> None:
        if progress.id in self._describing and self._known != self._asked:
            self.progress = progress
            self.progressed.emit()

    def _on_peeked(self, number: int, answer: Answer) -> None:
        if isinstance(answer, DataPeeked) and answer.columns and number == self._asked != self._known:
            self.first = answer
            self.peeked.emit()

    def _on_described(self, number: int, answer: Answer) -> None:
        if number != self._asked:
            return
        self._known = number
        if isinstance(answer, DataDescribed):
            self._stamps, self.own_parts = answer.stamps, answer.own_parts
            self._set(answer.columns, None, answer.note)
        elif isinstance(answer, Failed) and self._engine.state.phase == "ready":
            self.stopped = answer.unended
            self._set((), answer.error)  # a dead engine says nothing about the data

    @property
    def taken(self) -> tuple[Column, ...]:
        """The columns as the model gets them, behind their steps; as they are in the file while these learn."""
        return behind_steps(self.columns, self.learnt.known.values())

    def _learn_question(self) -> LearnData | None:
        if self.spec is None or not self.columns:
            return None
        built = self._built()
        bound = bindings_of(built.data)
        truths = [name for output in output_names(built.graph) for name in bound.get(output, ())]
        return learn_question(self.spec, split_of(built.data), truths)

    def _on_learnt(self) -> None:
        if self.columns and self._question is not None and self._question != self._check_question():
            self._timer.start()  # what comes out of the steps suggests something else

    def _check_question(self) -> CheckData:
        assert self.spec is not None
        return data_question(self._built(), self._inference.results, self.spec, self.taken)

    def stamps_of(self, spec: DataSpec) -> tuple[str, ...]:
        """What tells whether this data is still what was described; nothing where it is other data."""
        return self._stamps if self.columns and self.spec == spec else ()

    def _set(self, columns: tuple[Column, ...], error: Text | None, note: Text | None = None) -> None:
        self.columns, self.error, self.note, self.first = columns, error, note, None
        if not columns:
            self.own_parts = {}
        self.progress = None
        self.learnt.forget()
        self.described.emit()
        self._timer.start()

    def _check(self) -> None:
        self._timer.stop()
        self._checked += 1
        self._engine.cancel(self._checking)  # it would keep this one waiting
        self._checking = 0
        if self.spec is None or self.error is not None or not self.columns:
            self.findings = ()
            told = self.error is None or self.unread  # which stands among the problems of the project already
            self._show([] if told or self.error is None else [Problem("error", self.error, None, kind="data")])
        elif self._engine.state.phase == "ready":
            number = self._checked
            question = self._question = self._check_question()
            samples = samples_of(self._built().data, self.columns)
            asked = (question.split, samples)
            self._checking = self._engine.request(question, lambda answer: self._on_checked(number, answer, asked))

    def _on_checked(self, number: int, answer: Answer, asked: tuple[SplitSpec, int]) -> None:
        if number == self._checked and isinstance(answer, DataChecked):
            self._counted = None if answer.parts is None else (*asked, answer.parts)
            self._find(answer.problems)

    @property
    def parts(self) -> PartCounts:
        """How many samples train, validate and test: as the engine has counted, or as the percents say before."""
        data = self._built().data
        samples = samples_of(data, self.columns)
        if self._counted is not None and self._counted[:2] == (split_of(data), samples):
            return self._counted[2]
        return expected_parts(data, samples, self.own_parts)

    def _find(self, findings: tuple[DataProblem, ...]) -> None:
        titles = titles_in_sentences(self._built())
        self.findings = tuple(replace(each, text=with_titles(each.text, titles)) for each in findings)
        self.learnt.ask()  # once the check has looked, which learns of the same samples
        self.checked.emit()
        mends = data_mends(self._built(), self._catalog, self._inference.results, self.taken)
        mends[WORDS_INSIDE] = mends_before(self._document, self._catalog, findings, self.columns)
        self._show(data_problems(self._built(), findings, mends))

    def _show(self, problems: list[Problem]) -> None:
        if problems != self.problems:
            self.problems = problems
            self.problems_changed.emit()


def _goes_on(before: DataSpec | None, now: DataSpec | None) -> bool:
    """Whether what was being read is still wanted."""
    return before is not None and now is not None and all(source in now.sources for source in before.sources)
