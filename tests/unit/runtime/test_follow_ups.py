"""A question that says only what is new gets the answer of the whole question, whatever was edited in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.project.project_questions import FollowUps, infer_question
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes import commands
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.changes.freezing import set_trainable
from graph_editor.document.checking.validation import Structure, problems
from graph_editor.document.document import Document
from graph_editor.document.edits import Edit, EditError
from graph_editor.document.graph import TensorRef
from graph_editor.document.history import History
from runtime.clients.engine import Engine
from runtime.messages.inference import AskAgain, CallResult, CallSpec, Infer, Inferred
from tests.unit.runtime.asking import SECONDS, layer, shapes, source

CATALOG = Catalog.load()
LAYERS = ("Dense", "Dense", "Flatten", "Add", "Concatenate", "BatchNormalization", "LSTM", "Reshape")


def answer_of(engine: Engine, document: Document) -> list[CallResult]:
    """From scratch."""
    found = engine.ask(infer_question(document, CATALOG), SECONDS)
    assert isinstance(found, Inferred), found
    return found.results


class Editing:
    """A document and the edits that random numbers make of it."""

    def __init__(self) -> None:
        self.document = Document("3.15")
        self.history = History(self.document, FOLLOW_UPS)
        self._add("InputLayer", 0)

    def step(self, kind: int, first: int, second: int) -> None:
        graph = self.document.graph
        calls = list(graph.calls)
        if not calls:  # all of it was undone
            self.history.redo()
            return
        chosen, other = calls[first % len(calls)], calls[second % len(calls)]
        operation = graph.operation_of(chosen)
        actions: tuple[Callable[[], object], ...] = (
            lambda: self._add(LAYERS[second % len(LAYERS)], first),
            lambda: self._do(commands.connect(self.document, TensorRef(other), chosen, None, CATALOG)),
            lambda: self._do(commands.delete_calls(self.document, [chosen])) if len(calls) > 3 else None,
            lambda: self._do(commands.set_parameter(self.document, operation.id, "units", 1 + second % 5)),
            lambda: self._do(commands.rename(self.document, operation.id, f"name{second}")),
            lambda: self._do(set_trainable(self.document, [operation.id], second % 2 == 0)),
            lambda: self._do(commands.share(self.document, chosen, (0, 0))[0]),
            self.history.undo,
            self.history.redo,
        )
        try:
            actions[kind % len(actions)]()
        except (EditError, TypeError):  # such as a wire that would close a circle
            return

    def _add(self, class_name: str, after: int) -> None:
        calls = list(self.document.graph.calls)
        source_call = TensorRef(calls[after % len(calls)]) if calls else None
        edits, _ = commands.add_layer(
            self.document, class_name, "keras.layers", None, (0, 0), CATALOG, after=source_call
        )
        self._do(edits)

    def _do(self, edits: Sequence[Edit]) -> None:
        self.history.do("edit", edits)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(*[st.integers(0, 60)] * 3), min_size=4, max_size=25))
def test_follow_ups_are_answered_like_whole_questions(engine: Engine, steps: list[tuple[int, int, int]]) -> None:
    editing, structure = Editing(), Structure(CATALOG)
    follow_ups = FollowUps(structure)
    for number, step in enumerate(steps):
        editing.step(*step)
        assert structure.problems(editing.document) == problems(editing.document, CATALOG)
        if number % 3 == 1:
            continue  # several edits may lie between two questions
        question = follow_ups.ask(editing.document)
        answer = engine.ask(question.message, SECONDS)
        if isinstance(answer, AskAgain):  # the whole question below made the engine forget the base
            follow_ups.forget()
            question = follow_ups.ask(editing.document)
            answer = engine.ask(question.message, SECONDS)
        assert isinstance(answer, Inferred), answer
        results = follow_ups.take(answer, question)
        if number % 4 == 0 or number == len(steps) - 1:
            assert list(results.values()) == answer_of(engine, editing.document)


def chain(units: int) -> list[CallSpec]:
    calls = [source("a0", (None, 16))]
    return calls + [layer("Dense", f"a{n}", name=f"a{n + 1}", units=units if n == 50 else 16) for n in range(100)]


def test_only_what_changed_travels(engine: Engine) -> None:
    whole = engine.ask(Infer(0, chain(16)), SECONDS)
    assert isinstance(whole, Inferred)
    assert len(whole.results) == 101
    news = engine.ask(Infer(0, [chain(7)[51]], whole.id), SECONDS)
    assert isinstance(news, Inferred)
    assert [(result.id, shapes(result)) for result in news.results] == [("a51", [(None, 7)]), ("a52", [(None, 16)])]
    assert [result.parameters for result in news.results] == [17 * 7, 8 * 16]
    shorter = engine.ask(Infer(0, [], news.id, [f"a{n}" for n in range(60)]), SECONDS)
    assert isinstance(shorter, Inferred)
    assert shorter.results == []


def test_two_questions_may_build_on_the_same_answer(engine: Engine) -> None:
    whole = engine.ask(Infer(0, chain(16)), SECONDS)
    first, second = (engine.ask(Infer(0, [chain(units)[51]], whole.id), SECONDS) for units in (7, 9))
    assert isinstance(first, Inferred)
    assert isinstance(second, Inferred)
    assert [shapes(result) for result in second.results] == [[(None, 9)], [(None, 16)]]


def test_a_question_on_an_unknown_base_is_to_be_asked_again(engine: Engine) -> None:
    whole = engine.ask(Infer(0, chain(16)), SECONDS)
    later = engine.ask(Infer(0, chain(16)), SECONDS)
    assert isinstance(engine.ask(Infer(0, [], whole.id), SECONDS), AskAgain)
    assert isinstance(engine.ask(Infer(0, [], later.id), SECONDS), Inferred)
    assert isinstance(engine.ask(Infer(0, [], 10**9), SECONDS), AskAgain)


def test_the_first_call_of_a_shared_layer_going_away_moves_the_counts(engine: Engine) -> None:
    shared = layer("Dense", "a", name="shared", units=3)
    again = CallSpec("again", shared.operation, shared.args)
    whole = engine.ask(Infer(0, [source("a", (None, 4)), shared, again]), SECONDS)
    assert isinstance(whole, Inferred)
    assert [result.parameters for result in whole.results] == [0, 15, 0]
    news = engine.ask(Infer(0, [], whole.id, ["a", "again"]), SECONDS)
    assert isinstance(news, Inferred)
    assert [(result.id, result.parameters) for result in news.results] == [("again", 15)]
