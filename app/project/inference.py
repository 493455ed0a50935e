"""Asks the engine about the graph after each edit, and keeps what it said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from app.engine.engine_link import EngineLink, EngineState
from app.project.project_questions import (
    FollowUps,
    Question,
    built_results,
    keras_problems,
    training_estimate,
    with_handed_on,
)
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.built_model import built_model
from graph_editor.document.checking.validation import Problem, Structure
from graph_editor.document.document import Changes, Document
from runtime.advice.estimates import Estimate
from runtime.messages.connection import Failed
from runtime.messages.inference import AskAgain, CallResult, Inferred
from runtime.messages.protocol import Answer

DELAY_MS = 5  # edits that come together are asked about together
PAINTED_MS = 900  # many boxes are made in slices, with which the check of them would make one long turn


@dataclass(frozen=True, slots=True)
class Totals:
    """Weights of the whole model, in scalars. `frozen` + `trainable` + `state` = `parameters`."""

    parameters: int = 0
    trainable: int = 0
    frozen: int = 0
    state: int = 0


class Inference(QObject):
    """Shapes, counts and errors of all calls.

    Several questions may be under way; an answer counts unless a newer one was already shown, so that a person who
    keeps dragging a value still sees the shapes move.
    """

    results_changed = Signal(object)  # dict[str, CallResult]
    problems_changed = Signal()
    looked = Signal()  # the structure was looked at, or Keras has answered: what follows from both may be new

    def __init__(self, document: Document, catalog: Catalog, engine: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.results: Mapping[str, CallResult] = {}  # by call id; empty until the engine has answered
        self.problems: list[Problem] = []
        self.current = False  # whether the results are those of the document as it is
        self._document = document
        self._catalog = catalog
        self._engine = engine
        self._structure = Structure(catalog)
        self._follow_ups = FollowUps(self._structure)
        self._structural: list[Problem] = []
        self._failure: Problem | None = None
        self._asked = 0
        self._shown = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.update_now)

        engine.state_changed.connect(self._on_engine_state)

    def weights_told(self, call: str) -> CallResult | None:
        """What Keras said about the weights of a call; None for one that is bypassed, though its output is known."""
        return None if call in built_model(self._document, self._catalog).handed_on else self.results.get(call)

    def counted(self, call: str) -> int | None:
        """Return how many parameters a call has, when Keras has told it."""
        result = self.weights_told(call)
        return result.parameters if result is not None and result.outputs else None

    @property
    def totals(self) -> Totals:
        values = built_results(self.results, self._document, self._catalog)  # nested models are counted at their boxes
        return Totals(
            sum(result.parameters for result in values),
            sum(result.trainable for result in values),
            sum(result.frozen for result in values),
            sum(result.state for result in values),
        )

    @property
    def estimate(self) -> Estimate:
        """What training will cost at the project's batch size."""
        return training_estimate(self._document, self.results, self._catalog)

    def on_document_changed(self, changes: Changes) -> None:
        if changes.structure:
            self.update_soon()

    def update_soon(self) -> None:
        """The same as ``update_now``, a little later."""
        self.current = False
        if not self._timer.isActive():
            self._timer.start(DELAY_MS)

    def update_when_painted(self) -> None:
        """The same for a document that has just been opened, with so many boxes that making them takes its time."""
        self.current = False
        self._timer.start(PAINTED_MS)

    def forget(self) -> None:
        """Drop what is known of another project, whose boxes may have the same ids; answers under way do not count."""
        self._shown = self._asked
        self._failure = None
        if self.results:
            self.results = {}
            self.results_changed.emit({})

    def update_now(self) -> None:
        """Check the structure, and ask the engine when it is there."""
        self._timer.stop()
        self._structural = self._structure.problems(self._document)
        self._asked += 1
        self.current = False
        if self._engine.state.phase == "ready":
            number, question = self._asked, self._follow_ups.ask(self._document)
            self._engine.request(question.message, lambda answer: self._on_answer(number, question, answer))
        self._refresh_problems()

    def _on_engine_state(self, _state: EngineState) -> None:
        self._follow_ups.forget()

    def _on_answer(self, number: int, question: Question, answer: Answer) -> None:
        if number <= self._shown:
            return
        if isinstance(answer, Inferred):
            self._shown = number
            self._failure = None
            self.current = number == self._asked
            self._show(self._follow_ups.take(answer, question))
        elif isinstance(answer, AskAgain):
            self._follow_ups.forget()
            if number == self._asked:
                self.update_now()
        elif isinstance(answer, Failed) and number == self._asked and self._engine.state.phase == "ready":
            self._failure = Problem("error", answer.error, None, detail=answer.detail, kind="engine")
            self._refresh_problems()

    def _show(self, results: dict[str, CallResult]) -> None:
        told = with_handed_on(results, self._document, self._catalog)
        alive = {key: value for key, value in told.items() if self._document.has_call(key)}
        if alive != self.results:
            self.results = alive
            self.results_changed.emit(alive)
        self._refresh_problems()

    def _refresh_problems(self) -> None:
        calls_with_errors = {problem.call for problem in self._structural if problem.is_error}
        problems = list(self._structural)
        if self._failure is not None:
            problems.append(self._failure)
        engine_problems = keras_problems(self._document, self.results)
        problems += [problem for problem in engine_problems if problem.call not in calls_with_errors]
        if problems != self.problems:
            self.problems = problems
            self.problems_changed.emit()
        self.looked.emit()
