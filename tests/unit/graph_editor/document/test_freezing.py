"""Freezing models with what is in them, everything above a box, and everything at all."""

from __future__ import annotations

import pytest

from graph_editor.document.changes.freezing import (
    Weights,
    above,
    freeze,
    learning,
    may_have_weights,
    set_trainable,
    unfreeze_all,
)
from graph_editor.document.graph import Operation
from tests.unit.graph_editor.document.test_nested import CATALOG, Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()


def weights(desk: Desk, **counted: int) -> Weights:
    return Weights(desk.document, CATALOG, counted.get)


def operation(desk: Desk, call: str) -> str:
    return desk.document.operation_of(call).id


def frozen(desk: Desk) -> set[str]:
    """The names of the operations that have their own flag."""
    graphs = desk.document.graphs.values()
    return {item.name for graph in graphs for item in graph.operations.values() if not item.trainable}


def set_frozen(desk: Desk, call: str, on: bool) -> None:
    desk.history.do("freeze", set_trainable(desk.document, [operation(desk, call)], not on, weights(desk)))


def test_a_frozen_model_is_frozen_with_all_that_is_in_it_as_keras_writes_it(desk: Desk) -> None:
    inner = desk.group(desk.first)
    outer = desk.group(inner, desk.second)
    before = desk.bytes()
    set_frozen(desk, outer, True)
    assert frozen(desk) == {desk.document.operation_of(call).name for call in (outer, inner, desk.first, desk.second)}
    desk.history.undo()
    assert desk.bytes() == before
    desk.history.redo()
    set_frozen(desk, outer, False)
    assert frozen(desk) == set()


def test_a_layer_that_learns_in_a_frozen_model_unfreezes_that_model_but_not_the_others_in_it(desk: Desk) -> None:
    inner = desk.group(desk.first)
    outer = desk.group(inner, desk.second)
    set_frozen(desk, outer, True)
    set_frozen(desk, desk.first, False)
    assert frozen(desk) == {desk.document.operation_of(desk.second).name}


def test_a_file_that_marks_only_the_model_keeps_the_others_frozen_too(desk: Desk) -> None:
    from dataclasses import replace

    from graph_editor.document.edits import ReplaceOperation

    box = desk.group(desk.first, desk.second)
    model = desk.document.operation_of(box)
    desk.history.do("mark", [ReplaceOperation(replace(model, config={**model.config, "trainable": False}))])
    first, second = desk.document.operation_of(desk.first), desk.document.operation_of(desk.second)
    third = desk.document.operation_of(desk.third)
    assert learning(desk.document, [first, third]) == [third]
    set_frozen(desk, desk.first, False)
    assert frozen(desk) == {second.name}, "the input in the model has no weights to freeze"


def test_a_wrapper_is_frozen_with_the_layers_that_it_holds(desk: Desk) -> None:
    both = desk.add("Bidirectional", desk.first)
    before = desk.document.operation_of(both)
    set_frozen(desk, both, True)

    def marks() -> list[bool]:
        config = desk.document.operation_of(both).config
        inner = [config[key]["config"] for key in ("layer", "backward_layer") if config.get(key)]
        return [config["trainable"], *(item["trainable"] for item in inner)]

    assert len(marks()) > 1 and not any(marks())
    assert before.config["layer"]["config"]["trainable"], "values are never changed in place"
    set_frozen(desk, both, False)
    assert all(marks()) and desk.document.operation_of(both).config == before.config


def test_above_is_all_from_which_data_flows_in_and_not_the_box_itself(desk: Desk) -> None:
    aside = desk.add("Dense", desk.first)
    assert above(desk.document, [desk.third]) == [operation(desk, box) for box in (desk.input, desk.first, desk.second)]
    assert above(desk.document, [desk.third, desk.second]) == [operation(desk, desk.input), operation(desk, desk.first)]
    assert operation(desk, aside) not in above(desk.document, [desk.third])
    desk.history.do("freeze", freeze(desk.document, above(desk.document, [desk.third]), weights(desk)))
    assert frozen(desk) == {desk.document.operation_of(call).name for call in (desk.first, desk.second)}


def test_above_a_box_in_a_model_lies_also_what_feeds_the_model(desk: Desk) -> None:
    box = desk.group(desk.second)
    found = above(desk.document, [desk.second])
    assert {operation(desk, desk.input), operation(desk, desk.first)} < set(found)
    assert operation(desk, box) not in found and operation(desk, desk.third) not in found
    third = above(desk.document, [desk.third])
    assert operation(desk, box) in third and operation(desk, desk.second) not in third, "it goes with its model"
    desk.history.do("freeze", freeze(desk.document, third, weights(desk)))
    assert desk.document.operation_of(desk.second).name in frozen(desk)


def test_a_layer_that_is_used_above_itself_is_not_frozen(desk: Desk) -> None:
    from graph_editor.document.changes import commands

    edits, again = commands.share(desk.document, desk.first, (0, 0))
    desk.history.do("share", edits)
    desk.wire(desk.third, again)
    assert above(desk.document, [again]) == [operation(desk, box) for box in (desk.input, desk.second, desk.third)]


def test_unfreezing_all_reaches_into_models_and_is_nothing_when_nothing_is_frozen(desk: Desk) -> None:
    box = desk.group(desk.first)
    set_frozen(desk, box, True)
    set_frozen(desk, desk.third, True)
    desk.history.do("all", unfreeze_all(desk.document))
    assert frozen(desk) == set() and unfreeze_all(desk.document) == []


def test_what_keras_counted_goes_before_what_the_class_may_have(desk: Desk) -> None:
    first = desk.document.operation_of(desk.first)
    assert weights(desk)(first) and weights(desk, **{desk.first: 9})(first)
    assert not weights(desk, **{desk.first: 0})(first)
    box = desk.group(desk.first)
    assert weights(desk)(desk.document.operation_of(box))
    assert not weights(desk, **{desk.first: 0})(desk.document.operation_of(box))


@pytest.mark.parametrize(
    ("class_name", "expected"),
    [
        ("InputLayer", False), ("Dense", True), ("LSTM", True), ("Bidirectional", True), ("BatchNormalization", True),
        ("MultiHeadAttention", True), ("Embedding", True), ("PReLU", True), ("RNN", True), ("Dropout", False),
        ("Add", False), ("MaxPooling2D", False), ("Flatten", False), ("Mine", True),
    ],
)  # fmt: skip
def test_which_classes_may_have_weights(class_name: str, expected: bool) -> None:
    module = "mine" if class_name == "Mine" else "keras.layers"
    layer = Operation("o", class_name, {}, module)
    assert may_have_weights(layer, CATALOG.layer(class_name, module)) is expected
