"""Nested models: made of boxes, edited from the inside, copied, deleted, dissolved."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes import commands
from graph_editor.document.changes.copying import duplicate
from graph_editor.document.changes.dissolving import dissolve
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.changes.freezing import set_trainable
from graph_editor.document.changes.grouping import group
from graph_editor.document.changes.literals import literal_arguments
from graph_editor.document.checking.validation import problems
from graph_editor.document.document import ROOT, Document
from graph_editor.document.edits import EditError
from graph_editor.document.files import file_format
from graph_editor.document.graph import TensorRef, walk
from graph_editor.document.history import History
from graph_editor.document.nesting import chain, input_names, layer_count, lineage
from graph_editor.document.ports import Ports

CATALOG = Catalog.load()


def known(_ref: TensorRef) -> tuple[tuple[int | None, ...], str]:
    return (None, 8), "float32"


class Desk:
    """Input → first → second → third, with third an output of the model."""

    def __init__(self) -> None:
        self.document = Document("3.15", "m")
        self.history = History(self.document, FOLLOW_UPS)
        self.input = self.add("InputLayer")
        self.first = self.add("Dense", self.input)
        self.second = self.add("Dense", self.first)
        self.third = self.add("Dense", self.second)
        self.output(self.third)

    def add(self, class_name: str, after: str | None = None, graph_id: str = ROOT) -> str:
        source = TensorRef(after) if after else None
        place = (0.0, 100.0 * len(self.document.graphs[graph_id].calls))
        edits, call = commands.add_layer(
            self.document, class_name, "keras.layers", None, place, CATALOG, after=source, graph_id=graph_id
        )
        self.history.do("add", edits)
        return call

    def wire(self, source: str, target: str, index: int = 0) -> None:
        self.history.do("wire", commands.connect(self.document, TensorRef(source, index), target, None, CATALOG))

    def output(self, call: str, on: bool = True) -> None:
        self.history.do("output", commands.set_output(self.document, TensorRef(call), on))

    def group(self, *calls: str) -> str:
        edits, made = group(self.document, calls, CATALOG, known)
        self.history.do("group", edits)
        return made

    def dissolve(self, call: str) -> list[str]:
        edits, made = dissolve(self.document, call)
        self.history.do("dissolve", edits)
        return made

    def inner(self, call: str) -> str:
        return str(self.document.operation_of(call).graph)

    def sources(self, call: str) -> list[TensorRef]:
        return [edge.source for edge in self.document.graph_of_call(call).edges_into(call)]

    def bytes(self) -> bytes:
        self.document.source = None
        return file_format.dumps(self.document)

    def kinds(self) -> set[str]:
        return {problem.kind for problem in problems(self.document, CATALOG)}


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_boxes_become_a_model_and_boxes_again(desk: Desk) -> None:
    before = desk.bytes()
    box = desk.group(desk.first, desk.second)
    model = desk.document.operation_of(box)
    inner = desk.document.graphs[desk.inner(box)]
    assert list(desk.document.graph.calls) == [desk.input, box, desk.third]
    assert desk.sources(box) == [TensorRef(desk.input)] and desk.sources(desk.third) == [TensorRef(box)]
    assert inner.outputs == TensorRef(desk.second) and input_names(inner) == ["input"]
    assert (model.class_name, model.name, layer_count(desk.document, model)) == ("Functional", "block", 2)
    assert desk.kinds() == set()
    grouped = desk.bytes()
    assert file_format.dumps(file_format.loads(grouped)) == grouped
    assert desk.dissolve(box) == [desk.first, desk.second]
    assert list(desk.document.graphs) == [ROOT] and desk.sources(desk.third) == [TensorRef(desk.second)]
    desk.history.undo()
    assert desk.bytes() == grouped
    desk.history.undo()
    assert desk.bytes() == before
    desk.history.redo()
    assert desk.bytes() == grouped


def test_a_model_gets_an_input_for_each_tensor_and_an_output_for_each_use(desk: Desk) -> None:
    other = desk.add("InputLayer")
    add = desk.add("Add", desk.first)
    desk.wire(other, add)
    desk.wire(add, desk.third)
    end = desk.add("Dense", add)
    desk.output(end)
    box = desk.group(add, desk.third, end)
    inner = desk.document.graphs[desk.inner(box)]
    assert desk.sources(box) == [TensorRef(desk.first), TensorRef(other)]
    assert desk.document.call(box).args == ([TensorRef(desk.first), TensorRef(other)],)
    assert input_names(inner) == ["dense_in", "input_1"]
    assert desk.document.graph.output_refs() == [TensorRef(box, 0), TensorRef(box, 1)]
    ports = Ports(desk.document, CATALOG)
    model = desk.document.operation_of(box)
    assert [slot.name for slot in ports.slots(model, desk.document.call(box))] == ["dense_in", "input_1"]
    assert ports.output_names(model) == ["dense_2", "dense_3"]


def test_what_cannot_be_a_model_is_refused_in_one_sentence(desk: Desk) -> None:
    before = desk.bytes()
    for calls, reason in [
        ([desk.input, desk.first], "stays outside"),
        ([desk.first, desk.third], "leaves the selection through dense_1"),
        ([], "Select the boxes"),
    ]:
        with pytest.raises(EditError, match=reason):
            group(desk.document, calls, CATALOG, known)
    edits, _ = commands.share(desk.document, desk.second, (0, 0))
    desk.history.do("share", edits)
    with pytest.raises(EditError, match="select all its boxes"):
        group(desk.document, [desk.second], CATALOG, known)
    desk.history.undo()
    with pytest.raises(EditError, match="not known yet"):
        group(desk.document, [desk.second], CATALOG, lambda _ref: None)
    alone = desk.add("Dense")
    with pytest.raises(EditError, match="wire that leads into it"):
        group(desk.document, [alone], CATALOG, known)
    desk.history.undo()
    assert desk.bytes() == before


def test_what_changes_inside_shows_at_every_call(desk: Desk) -> None:
    box = desk.group(desk.first, desk.second)
    edits, again = commands.share(desk.document, box, (0, 0))
    desk.history.do("share", edits)
    desk.wire(desk.third, again)
    extra = desk.add("InputLayer", graph_id=desk.inner(box))
    assert desk.document.call(box).args == ([TensorRef(desk.input), None],)
    assert desk.document.call(again).args == ([TensorRef(desk.third), None],)
    assert {(p.kind, p.call) for p in problems(desk.document, CATALOG)} >= {("missing_input", box)}
    desk.wire(desk.input, box)
    assert desk.sources(box) == [TensorRef(desk.input), TensorRef(desk.input)]
    desk.history.do("delete", commands.delete_calls(desk.document, [extra]))
    assert desk.document.call(box).args == (TensorRef(desk.input),)
    desk.output(desk.first)
    desk.wire(box, desk.third, index=1)
    desk.output(desk.second, on=False)  # the first output goes, the second becomes the first
    assert desk.sources(desk.third) == [TensorRef(box, 0)]
    desk.output(desk.first, on=False)
    assert desk.sources(desk.third) == []
    assert "nested_no_output" in desk.kinds()


def test_a_gap_among_the_inputs_stays_a_gap(desk: Desk) -> None:
    add = desk.add("Add", desk.first)
    desk.wire(desk.second, add)
    box = desk.group(add)
    edge = next(desk.document.graph.edges_into(box))
    desk.history.do("cut", commands.disconnect(desk.document, edge))
    assert desk.document.call(box).args == ([None, TensorRef(desk.second)],)
    (problem,) = [p for p in problems(desk.document, CATALOG) if p.kind == "missing_input"]
    assert "dense_in" in str(problem.text) or problem.call == box
    desk.wire(desk.third, box)
    assert desk.sources(box) == [TensorRef(desk.third), TensorRef(desk.second)]
    desk.history.do("delete", commands.delete_calls(desk.document, [desk.third]))
    assert desk.document.call(box).args == ([None, TensorRef(desk.second)],)


def test_the_last_call_takes_its_graphs_along_and_undo_brings_them_back(desk: Desk) -> None:
    inner_box = desk.group(desk.second)
    outer_box = desk.group(desk.first, inner_box)
    assert lineage(desk.document, desk.inner(inner_box)) == [ROOT, desk.inner(outer_box), desk.inner(inner_box)]
    full = desk.bytes()
    desk.history.do("delete", commands.delete_calls(desk.document, [outer_box]))
    assert list(desk.document.graphs) == [ROOT]
    assert set(desk.document.positions) <= set(desk.document.graph.calls)
    desk.history.undo()
    assert desk.bytes() == full


def test_a_copy_is_deep_and_a_shared_box_is_not(desk: Desk) -> None:
    box = desk.group(desk.first, desk.second)
    edits, (copy,) = duplicate(desk.document, [box], (10, 10))
    desk.history.do("copy", edits)
    assert desk.inner(copy) != desk.inner(box)
    there, here = desk.document.graphs[desk.inner(copy)], desk.document.graphs[desk.inner(box)]
    assert [op.name for op in there.operations.values()] == [op.name for op in here.operations.values()]
    assert not there.calls.keys() & here.calls.keys() and there.calls.keys() <= desk.document.positions.keys()
    dense = next(op for op in there.operations.values() if op.class_name == "Dense")
    desk.history.do("units", commands.set_parameter(desk.document, dense.id, "units", 3))
    assert {op.config.get("units") for op in here.operations.values() if op.class_name == "Dense"} == {64}


def test_a_model_with_two_boxes_dissolves_into_shared_layers(desk: Desk) -> None:
    box = desk.group(desk.first, desk.second)
    edits, again = commands.share(desk.document, box, (0, 0))
    desk.history.do("share", edits)
    desk.wire(box, again)
    desk.wire(again, desk.third)
    made = desk.dissolve(box)
    graph = desk.document.graph
    assert made[:2] == [desk.first, desk.second] and len(made) == 4
    assert graph.calls_of(desk.document.call(desk.first).operation) == [desk.first, made[2]]
    assert desk.sources(made[2]) == [TensorRef(desk.second)] and desk.sources(desk.third) == [TensorRef(made[3])]
    assert desk.kinds() == set()


def test_a_model_without_layers_dissolves_into_a_wire(desk: Desk) -> None:
    box = desk.group(desk.second)
    inner = desk.document.graphs[desk.inner(box)]
    gift = inner.input_refs()[0]
    desk.history.do("pass on", commands.set_output(desk.document, gift, True))
    desk.history.do("empty", commands.delete_calls(desk.document, [desk.second]))
    desk.wire(box, desk.third)
    assert desk.dissolve(box) == []
    assert desk.sources(desk.third) == [TensorRef(desk.first)]
    assert len(desk.document.graphs) == 1


def test_a_frozen_model_leaves_frozen_layers_and_names_stay_unique(desk: Desk) -> None:
    box = desk.group(desk.first, desk.second)
    desk.history.do("freeze", set_trainable(desk.document, [desk.document.operation_of(box).id], False))
    fresh = desk.add("Dense", desk.third)
    assert desk.document.operation_of(fresh).name == "dense"  # free outside while the other lies in the model
    desk.dissolve(box)
    names = [desk.document.operation_of(call).name for call in (desk.first, desk.second, desk.third, fresh)]
    assert names == ["dense_1", "dense_3", "dense_2", "dense"] or len(set(names)) == 4
    frozen = [desk.document.operation_of(call).trainable for call in (desk.first, desk.second, desk.third)]
    assert frozen == [False, False, True]


def test_arguments_of_a_call_that_layers_would_lose_keep_a_model_whole(desk: Desk) -> None:
    from graph_editor.document.edits import SetArguments

    box = desk.group(desk.first)
    call = desk.document.call(box)
    desk.history.do("training", [SetArguments(box, call.args, {"training": False})])
    with pytest.raises(EditError, match="training=False"):
        dissolve(desk.document, box)
    desk.history.do("training", [SetArguments(box, call.args, {"training": None, "mask": [None]})])
    assert desk.dissolve(box) == [desk.first]


def test_data_and_training_follow_an_output_into_a_model_and_out(desk: Desk) -> None:
    desk.history.do("data", commands.set_data(desk.document, {"bindings": {"dense_2": ["y"]}}))
    desk.history.do("training", commands.set_training(desk.document, {"outputs": {"dense_2": {"loss": "mse"}}}))
    box = desk.group(desk.third)
    assert desk.document.data["bindings"] == {"block": ["y"]}
    assert desk.document.training["outputs"] == {"block": {"loss": "mse"}}
    desk.dissolve(box)
    assert desk.document.data["bindings"] == {"dense_2": ["y"]}
    box = desk.group(desk.third)
    inside = next(op for op in desk.document.graphs[desk.inner(box)].operations.values() if op.class_name == "Dense")
    desk.history.do("rename", commands.rename(desk.document, inside.id, "block"))
    assert desk.document.data["bindings"] == {"block": ["y"]}  # what is inside is no output of the root


def test_problems_inside_are_named_at_their_boxes(desk: Desk) -> None:
    box = desk.group(desk.first, desk.second)
    loose = desk.add("Dense", graph_id=desk.inner(box))
    found = {(problem.kind, problem.call) for problem in problems(desk.document, CATALOG)}
    assert found == {("missing_input", loose), ("dead_end", loose)}
    assert all(ref.call in desk.document.graph.calls for _, ref in walk(desk.document.graph.outputs))


def test_boxes_come_back_to_where_they_were(desk: Desk) -> None:
    before = dict(desk.document.positions)
    desk.dissolve(desk.group(desk.first, desk.second))
    assert dict(desk.document.positions) == before


def test_what_comes_out_of_a_model_pushes_aside_what_lies_there(desk: Desk) -> None:
    box = desk.group(desk.first, desk.second)
    places = {desk.input: (0.0, 0.0), box: (0.0, 80.0), desk.third: (0.0, 160.0)}
    desk.history.do("move", commands.move_calls(desk.document, places))
    desk.dissolve(box)
    tops = [desk.document.positions[call][1] for call in (desk.input, desk.first, desk.second, desk.third)]
    assert all(below - above >= 70 for above, below in pairwise(tops)), tops
    assert {x for x, _ in desk.document.positions.values()} == {0.0}


def test_a_plain_stack_stays_one(desk: Desk) -> None:
    assert chain(desk.document.graph) == [desk.input, desk.first, desk.second, desk.third]
    box = desk.group(desk.first, desk.second)
    assert chain(desk.document.graph) == [desk.input, box, desk.third]
    desk.dissolve(box)
    assert chain(desk.document.graph) == [desk.input, desk.first, desk.second, desk.third]
    (edge,) = desk.document.graph.edges_into(desk.second)
    edits, middle = commands.add_layer(desk.document, "Dropout", "keras.layers", None, (0, 0), CATALOG, into=edge)
    desk.history.do("insert", edits)
    assert chain(desk.document.graph) == [desk.input, desk.first, middle, desk.second, desk.third]


def test_masks_that_are_none_are_no_values_to_edit(desk: Desk) -> None:
    box = desk.group(desk.first)
    call = replace(desk.document.call(box), kwargs={"mask": [None, None], "training": False})
    assert [item.path for item in literal_arguments(call, None)] == [("kwargs", "training")]


def test_what_lies_below_a_new_model_moves_up_and_comes_back(desk: Desk) -> None:
    before = dict(desk.document.positions)
    box = desk.group(desk.first, desk.second)
    tops = {call: y for call, (_, y) in desk.document.positions.items()}
    assert (tops[desk.input], tops[box], tops[desk.third]) == (0.0, 100.0, 200.0)
    desk.dissolve(box)
    assert dict(desk.document.positions) == before
    desk.history.do("move", commands.move_calls(desk.document, {desk.third: (400.0, 150.0)}))
    box = desk.group(desk.first, desk.second)
    assert desk.document.positions[desk.third] == (400.0, 150.0), "it stands beside them"
