"""What follows from an edit follows from it whoever made it, within the same step."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from graph_editor.document.applied import Applied
from graph_editor.document.canvas.collapsing import collapsed_boxes, set_collapsed
from graph_editor.document.canvas.frames import add_frame, frames_of
from graph_editor.document.canvas.notes import add_note, notes_of
from graph_editor.document.canvas.wire_dots import dots_of, put_dots
from graph_editor.document.changes import commands
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.changes.grouping import group
from graph_editor.document.edits import (
    Edit,
    EditError,
    RemoveCall,
    RemoveGraph,
    RemoveOperation,
    ReplaceOperation,
    SetArguments,
    SetData,
    SetInterface,
    SetPositions,
    SetTraining,
)
from graph_editor.document.graph import TensorRef
from graph_editor.document.history import History
from tests.unit.graph_editor.document.random_edits import CATALOG, check
from tests.unit.graph_editor.document.test_wire_dots import WIRE, Desk


@pytest.fixture
def desk() -> Desk:
    """Input → Dense → Dense: c1 and c2 in a collapsed frame with a note, c3 a bar, dots on the first wire."""
    made = Desk()
    edits, note = add_note(made.document, "main", "why", (300.0, 100.0, 200.0, 80.0))
    made.do(edits)
    made.do(add_frame(made.document, ["c1", "c2"], "front", True, [note]))
    made.do(set_collapsed(made.document, ["c3"], True))
    made.do(put_dots(made.document, WIRE, [(50.0, 90.0)]))
    made.do([SetData({"bindings": {"input": {"column": "x"}}}), SetTraining({"outputs": {"dense_1": {"loss": "mse"}}})])
    made.do([SetInterface(made.document.graph.inputs, TensorRef("c3"))])
    return made


def undone_and_redone(desk: Desk, edits: Sequence[Edit]) -> None:
    """Do bare edits as one step that can be taken back to the byte, and done again."""
    before, steps = desk.text(), len(desk.history._done)
    desk.history.do("bare", edits)
    after = desk.text()
    assert after != before and len(desk.history._done) == steps + 1
    check(desk.document)
    desk.history.undo()
    assert desk.text() == before
    desk.history.redo()
    assert desk.text() == after


def test_notes_and_dots_go_where_their_boxes_go(desk: Desk) -> None:
    places = desk.document.positions
    undone_and_redone(desk, [SetPositions({key: (places[key][0] + 30, places[key][1] + 5) for key in ("c1", "c2")})])
    assert notes_of(desk.document)[0].box == (330.0, 105.0, 200.0, 80.0)
    assert dots_of(desk.document) == {WIRE: ((80.0, 95.0),)}


def test_notes_that_an_edit_moves_itself_go_with_the_boxes_none_the_less(desk: Desk) -> None:
    """As when a step opens a frame and moves what was in it."""
    places = desk.document.positions
    moved = SetPositions({key: (places[key][0], places[key][1] + 40) for key in ("c1", "c2")})
    desk.history.do("both", [*commands.set_training(desk.document, {"epochs": 3}), moved])
    assert notes_of(desk.document)[0].box[:2] == (300.0, 140.0)


def test_boxes_without_a_place_are_known_by_where_a_canvas_shows_them(desk: Desk) -> None:
    shown = dict(desk.document.positions)
    desk.history.do("away", [SetPositions(dict.fromkeys(shown))])
    desk.history.shown_at = shown.get
    undone_and_redone(desk, [SetPositions({"c1": (7.0, 0.0), "c2": (7.0, 200.0)})])
    assert notes_of(desk.document)[0].box[:2] == (307.0, 100.0)
    assert dots_of(desk.document) == {WIRE: ((57.0, 90.0),)}


def test_the_canvas_forgets_boxes_that_go(desk: Desk) -> None:
    cut = SetInterface(desk.document.graph.inputs, None)
    undone_and_redone(desk, [cut, RemoveCall("c3"), SetArguments("c2", ()), RemoveCall("c2")])
    assert collapsed_boxes(desk.document) == frozenset() and dots_of(desk.document) == {}
    assert [frame.boxes for frame in frames_of(desk.document)] == [("c1",)]


def test_the_canvas_forgets_a_nested_model_with_all_that_is_in_it(desk: Desk) -> None:
    edits, model = group(desk.document, ["c2", "c3"], CATALOG, lambda _ref: ((None, 8), "float32"))
    desk.do(edits)
    operation = desk.document.operation_of(model)
    inner = desk.document.graphs[str(operation.graph)]
    desk.do(set_collapsed(desk.document, list(inner.calls), True))
    desk.do(add_note(desk.document, str(operation.graph), "inside", (0.0, 0.0, 200.0, 80.0))[0])
    cut = SetInterface(desk.document.graph.inputs, None)
    undone_and_redone(desk, [cut, RemoveCall(model), RemoveOperation(operation.id), RemoveGraph(str(operation.graph))])
    assert collapsed_boxes(desk.document) == frozenset() and desk.document.positions.keys() == {"c1"}
    assert [note.text for note in notes_of(desk.document)] == ["why"]


def test_data_and_training_follow_a_new_name(desk: Desk) -> None:
    renamed = [
        ReplaceOperation(replace(operation, config={**operation.config, "name": f"new_{operation.name}"}))
        for operation in list(desk.document.graph.operations.values())
    ]
    undone_and_redone(desk, renamed)
    assert desk.document.data["bindings"] == {"new_input": {"column": "x"}}
    assert desk.document.training["outputs"] == {"new_dense_1": {"loss": "mse"}}


def test_names_that_change_places_do_so_everywhere(desk: Desk) -> None:
    desk.do([SetTraining({"outputs": {"dense": {"loss": "mae"}, "dense_1": {"loss": "mse"}}})])
    first, second = (desk.document.graph.operation_of(call) for call in ("c2", "c3"))

    def named(operation: object, name: str) -> Edit:
        found = next(item for item in (first, second) if item is operation)
        return ReplaceOperation(replace(found, config={**found.config, "name": name}))

    undone_and_redone(desk, [named(first, "aside"), named(second, "dense"), named(first, "dense_1")])
    assert desk.document.training["outputs"] == {"dense_1": {"loss": "mae"}, "dense": {"loss": "mse"}}


def test_each_follow_up_sees_what_those_before_it_did_and_a_refusal_takes_all_back() -> None:
    desk, seen = Desk(), list[list[Edit]]()

    def first(applied: Applied) -> list[Edit]:
        seen.append(list(applied.edits))
        return [SetTraining({"epochs": 2})]

    def second(applied: Applied) -> list[Edit]:
        seen.append(list(applied.edits))
        return [RemoveCall("nobody")]

    history, before = History(desk.document, (first, second)), desk.text()
    edit = SetData({"bindings": {}})
    with pytest.raises(EditError):
        history.do("refused", [edit])
    assert seen == [[edit], [edit, SetTraining({"epochs": 2})]]
    assert desk.text() == before and not history.can_undo


def test_nothing_follows_from_undoing() -> None:
    desk, calls = Desk(), list[int]()

    def count(applied: Applied) -> list[Edit]:
        calls.append(len(applied.edits))
        return []

    history = History(desk.document, (count, *FOLLOW_UPS))
    history.do("move", [SetPositions({"c1": (1.0, 1.0)})])
    history.undo()
    history.redo()
    assert calls == [1]
