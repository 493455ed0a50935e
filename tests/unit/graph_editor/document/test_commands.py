"""What each command does to a document."""

import pytest

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes import commands
from graph_editor.document.changes.copying import duplicate
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.checking.validation import Problem, hindrances, problems
from graph_editor.document.document import Changes, Document
from graph_editor.document.edits import EditError
from graph_editor.document.graph import TensorRef
from graph_editor.document.history import History
from graph_editor.document.nesting import input_names
from graph_editor.document.ports import slots
from resources.text import Text

CATALOG = Catalog.load()


class Desk:
    """A document with a history and short words for what people do."""

    def __init__(self) -> None:
        self.document = Document("3.15", "m")
        self.history = History(self.document, FOLLOW_UPS)

    def add(self, class_name: str, after: str | None = None) -> str:
        source = TensorRef(after) if after else None
        edits, call = commands.add_layer(self.document, class_name, "keras.layers", None, (0, 0), CATALOG, after=source)
        self.history.do("add", edits)
        return call

    def wire(self, source: str, target: str) -> None:
        self.history.do("wire", commands.connect(self.document, TensorRef(source), target, None, CATALOG))

    def name(self, call: str) -> str:
        return self.document.operation_of(call).name

    def sources(self, call: str) -> list[str]:
        return [edge.source.call for edge in self.document.graph.edges_into(call)]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_names_follow_keras_and_stay_unique(desk: Desk) -> None:
    first, second = desk.add("Conv2D"), desk.add("Conv2D")
    norm = desk.add("BatchNormalization")
    assert [desk.name(call) for call in (first, second, norm)] == ["conv2d", "conv2d_1", "batch_normalization"]


def test_an_input_becomes_an_input_of_the_model(desk: Desk) -> None:
    a, b = desk.add("InputLayer"), desk.add("InputLayer")
    assert input_names(desk.document.graph) == ["input", "input_1"]
    assert desk.document.graph.input_refs() == [TensorRef(a), TensorRef(b)]
    desk.history.do("delete", commands.delete_calls(desk.document, [a]))
    assert desk.document.graph.inputs == TensorRef(b)  # a single one is the bare leaf, as Keras writes it


def test_a_merge_takes_wire_after_wire_and_a_plain_layer_only_one(desk: Desk) -> None:
    a, b, c = desk.add("InputLayer"), desk.add("InputLayer"), desk.add("InputLayer")
    add, dense = desk.add("Add"), desk.add("Dense")
    for source in (a, b, c):
        desk.wire(source, add)
    assert desk.sources(add) == [a, b, c]
    desk.wire(a, dense)
    desk.wire(b, dense)
    assert desk.sources(dense) == [b]  # the new wire replaces the old one


def test_a_wire_dropped_where_another_one_ends_joins_the_list(desk: Desk) -> None:
    a, b, add = desk.add("InputLayer"), desk.add("InputLayer"), desk.add("Add")
    desk.wire(a, add)
    desk.history.do("wire", commands.connect(desk.document, TensorRef(b), add, ("args", 0, 0), CATALOG))
    assert desk.sources(add) == [a, b]


def test_named_inputs_are_filled_in_order(desk: Desk) -> None:
    a, b, attention = desk.add("InputLayer"), desk.add("InputLayer"), desk.add("MultiHeadAttention")
    desk.wire(a, attention)
    desk.wire(b, attention)
    call = desk.document.call(attention)
    assert call.kwargs == {"query": TensorRef(a), "value": TensorRef(b)}


def test_cycles_and_loops_are_refused_and_change_nothing(desk: Desk) -> None:
    a = desk.add("InputLayer")
    first = desk.add("Dense", a)
    second = desk.add("Dense", first)
    with pytest.raises(EditError, match="depend on its own output"):
        desk.wire(second, first)
    with pytest.raises(EditError, match="feed itself"):
        desk.wire(first, first)
    with pytest.raises(EditError, match="data comes in there"):
        desk.wire(first, a)
    assert desk.sources(first) == [a]


def test_a_layer_is_put_into_a_wire(desk: Desk) -> None:
    a = desk.add("InputLayer")
    b = desk.add("Dense", a)
    (edge,) = desk.document.graph.edges()
    edits, middle = commands.add_layer(desk.document, "Dropout", "keras.layers", None, (0, 0), CATALOG, into=edge)
    desk.history.do("insert", edits)
    assert desk.sources(middle) == [a]
    assert desk.sources(b) == [middle]
    desk.history.undo()
    assert desk.sources(b) == [a]


def test_deleting_a_box_takes_its_wires_and_its_unused_operation(desk: Desk) -> None:
    a = desk.add("InputLayer")
    b, c = desk.add("Dense", a), desk.add("Dense", a)
    add = desk.add("Add", b)
    desk.wire(c, add)
    desk.history.do("delete", commands.delete_calls(desk.document, [b]))
    assert desk.sources(add) == [c]
    assert [operation.name for operation in desk.document.graph.operations.values()] == ["input", "dense_1", "add"]
    desk.history.undo()
    assert desk.sources(add) == [b, c]
    assert list(desk.document.graph.calls) == [a, b, c, add]


def test_sharing_uses_one_operation_twice_and_an_input_cannot_be_shared(desk: Desk) -> None:
    a = desk.add("InputLayer")
    dense = desk.add("Dense", a)
    edits, again = commands.share(desk.document, dense, (10, 10))
    desk.history.do("share", edits)
    assert desk.document.graph.calls_of(desk.document.call(dense).operation) == [dense, again]
    desk.history.do("delete", commands.delete_calls(desk.document, [dense]))
    assert desk.document.operation_of(again).name == "dense"  # the other use keeps the operation
    with pytest.raises(EditError, match="cannot be used twice"):
        commands.share(desk.document, a, (0, 0))


def test_a_duplicate_has_weights_of_its_own_and_the_same_wires_inside(desk: Desk) -> None:
    a = desk.add("InputLayer")
    first = desk.add("Dense", a)
    second = desk.add("Dense", first)
    edits, (copy_a, copy_b) = duplicate(desk.document, [first, second], (30, 0))
    desk.history.do("duplicate", edits)
    assert desk.sources(copy_a) == []  # the wire from outside is not copied
    assert desk.sources(copy_b) == [copy_a]
    assert desk.document.positions[copy_b] == (30, 0)
    assert desk.document.call(copy_a).operation != desk.document.call(first).operation


def test_renaming_follows_into_data_and_training(desk: Desk) -> None:
    a = desk.add("InputLayer")
    out = desk.add("Dense", a)
    desk.history.do("data", commands.set_data(desk.document, {"bindings": {"input": ["x"], "dense": ["y"]}}))
    desk.history.do("training", commands.set_training(desk.document, {"outputs": {"dense": {"loss": "mse"}}}))
    desk.history.do("rename", commands.rename(desk.document, desk.document.operation_of(out).id, "label"))
    assert desk.document.data["bindings"] == {"input": ["x"], "label": ["y"]}
    assert desk.document.training["outputs"] == {"label": {"loss": "mse"}}
    for bad in ("", " ", "input"):
        with pytest.raises(EditError):
            commands.rename(desk.document, desk.document.operation_of(out).id, bad)


def test_typing_is_one_step_and_saving_ends_it(desk: Desk) -> None:
    dense = desk.document.operation_of(desk.add("Dense")).id
    for units in (1, 12, 128):
        desk.history.do("units", commands.set_parameter(desk.document, dense, "units", units), ("units", dense))
    desk.history.mark_clean()
    assert desk.history.is_clean
    desk.history.do("units", commands.set_parameter(desk.document, dense, "units", 5), ("units", dense))
    assert not desk.history.is_clean
    desk.history.undo()
    assert desk.document.operation(dense).config["units"] == 128
    assert desk.history.is_clean
    desk.history.undo()
    assert desk.document.operation(dense).config["units"] == 64


def test_a_parameter_forgets_the_shapes_that_keras_recorded(desk: Desk) -> None:
    dense = desk.document.operation_of(desk.add("Dense"))
    from dataclasses import replace

    from graph_editor.document.edits import ReplaceOperation

    built = replace(dense, extra={"build_config": {"input_shape": [None, 4]}, "mine": 1})
    desk.history.do("built", [ReplaceOperation(built)])
    desk.history.do("units", commands.set_parameter(desk.document, dense.id, "units", 3))
    assert desk.document.operation(dense.id).extra == {"mine": 1}


def test_listeners_hear_once_per_step_what_changed(desk: Desk) -> None:
    heard: list[Changes] = []
    stop = desk.document.listen(heard.append)
    a = desk.add("InputLayer")
    assert len(heard) == 1
    assert heard[0].calls_added == {a}
    assert heard[0].interface
    desk.history.undo()
    assert heard[1].calls_removed == {a}
    stop()
    desk.history.redo()
    assert len(heard) == 2


def test_structural_problems_name_the_box(desk: Desk) -> None:
    assert [problem.kind for problem in problems(desk.document, CATALOG)] == ["empty"]
    a = desk.add("InputLayer")
    dense, add = desk.add("Dense"), desk.add("Add", a)
    kinds = {(problem.kind, problem.call) for problem in problems(desk.document, CATALOG)}
    assert kinds == {("no_output", None), ("missing_input", dense), ("missing_input", add)}
    desk.wire(a, dense)
    desk.history.do("output", commands.set_output(desk.document, TensorRef(dense), True))
    kinds = {(problem.kind, problem.severity) for problem in problems(desk.document, CATALOG) if problem.call == add}
    assert kinds == {("missing_input", "error"), ("dead_end", "warning")}


def test_a_growing_list_offers_one_free_place(desk: Desk) -> None:
    a, add = desk.add("InputLayer"), desk.add("Add")
    spec = CATALOG.layer("Add")
    assert [(slot.path, slot.required) for slot in slots(desk.document.call(add), spec)] == [(("args", 0, 0), True)]
    desk.wire(a, add)
    desk.wire(a, add)
    free = slots(desk.document.call(add), spec)[-1]
    assert (free.path, free.required, free.grows) == (("args", 0, 2), False, True)


def test_what_is_left_out_of_the_model_hinders_nobody(desk: Desk) -> None:
    a = desk.add("InputLayer")
    out, stray = desk.add("Dense", a), desk.add("Add", a)
    desk.history.do("output", commands.set_output(desk.document, TensorRef(out), True))
    found = problems(desk.document, CATALOG)
    assert [problem.call for problem in found if problem.severity == "error"] == [stray]
    assert hindrances(desk.document, found, CATALOG) == []
    assert hindrances(desk.document, [Problem("error", Text("A layer needs a name."), out)], CATALOG) != []
