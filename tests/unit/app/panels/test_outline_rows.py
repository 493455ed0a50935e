"""The rows of the outline, without a window."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.panels.outline.matching import matcher
from app.panels.outline.rows import TOP, below, freeze_state, kept_rows, painted, read_rows
from graph_editor.document.document import Document
from graph_editor.document.graph import Call, Graph, Operation
from tests.unit.graph_editor.document.test_nested import CATALOG, Desk


@pytest.fixture
def desk() -> Desk:
    """Input → model of (model of first, second) → third."""
    made = Desk()
    made.outer = made.group(made.group(made.first), made.second)  # type: ignore[attr-defined]
    return made


def test_rows_stand_behind_their_parents_in_the_order_of_the_flow(desk: Desk) -> None:
    rows = read_rows(desk.document)
    tree = below(rows)
    names = [[desk.document.operation_of(rows[place].call).name for place in places] for places in tree.values()]
    assert names == [["input", "block_1", "dense_2"], ["input", "block", "dense_1"], ["input", "dense"]]
    assert all(row.parent < place for place, row in enumerate(rows) if place)


def test_what_matches_brings_its_models_along_and_a_model_all_that_is_in_it(desk: Desk) -> None:
    rows = read_rows(desk.document)

    def kept(name: str) -> tuple[set[str], set[str]]:
        found = kept_rows(rows, lambda row: desk.document.operation_of(row.call).name == name)
        first, second = ({desk.document.operation_of(rows[place].call).name for place in places} for places in found)
        return first, second

    assert kept("dense") == ({"block_1", "block", "dense"}, {"block_1", "block"})
    assert kept("block") == ({"block_1", "block", "input", "dense"}, {"block_1"})
    assert kept("nothing") == (set(), set())


def test_a_row_is_frozen_by_itself_by_a_model_around_it_or_in_part(desk: Desk) -> None:
    rows = read_rows(desk.document)
    tree = below(rows)
    outer, inner = tree[TOP][1], next(place for place in tree if rows[place].parent == tree[TOP][1])
    leaf = tree[inner][1]
    assert freeze_state(rows, tree, leaf, lambda place: place == outer) == "around"
    assert freeze_state(rows, tree, leaf, lambda place: place == leaf) == "own"
    assert freeze_state(rows, tree, outer, lambda place: place == leaf) == "partly"
    assert freeze_state(rows, tree, outer, lambda _place: False) == "learns"
    assert painted(rows, leaf, {rows[outer].operation: True}) is True
    assert painted(rows, leaf, {rows[outer].operation: True, rows[leaf].operation: False}) is False
    assert painted(rows, tree[TOP][2], {rows[outer].operation: True}) is None


def found(text: str, operation: Operation, mode: str = "") -> bool:
    document = Document()
    document.graphs["g"] = Graph("g")
    document.graph.put_operation(operation)
    document.graph.put_call(Call("c", "o", mode=mode))
    return matcher(text, document, CATALOG)(read_rows(document)[1])


@pytest.mark.parametrize(
    ("text", "mode", "trainable", "expected"),
    [
        ("frozen", "", False, True), ("Froz", "", False, True), ("frozen", "", True, False),
        ("fr", "", False, False), ("muted", "muted", True, True), ("muted", "bypassed", True, False),
        ("bypass", "bypassed", True, True), ("bypass", "", True, False), ("frozen muted", "muted", False, True),
        ("frozen muted", "muted", True, False), ("stem frozen", "", False, True), ("head frozen", "", False, False),
    ],
)  # fmt: skip
def test_boxes_are_found_by_what_shows_at_them(text: str, mode: str, trainable: bool, expected: bool) -> None:
    layer = Operation("o", "Conv2D", {"name": "stem", "trainable": trainable})
    assert found(text, layer, mode) is expected


def test_a_layer_in_a_frozen_model_is_found_as_frozen_but_no_input(desk: Desk) -> None:
    document = desk.document
    model = next(op for op in document.graph.operations.values() if op.graph)
    document.graph.replace_operation(replace(model, config={**model.config, "trainable": False}))
    matches = matcher("frozen", document, CATALOG)
    names = {document.operation_of(row.call).name for row in read_rows(document)[1:] if matches(row)}
    assert names == {"block_1", "block", "dense", "dense_1"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stem", True), ("CONV", True), ("convolution2d", True), ("합성곱", True), ("c2d", True), ("stem conv", True),
        ("stem dense", False), ("cv", False), ("s", True), ("c", False), ("3x3", True),
    ],
)  # fmt: skip
def test_which_texts_find_a_convolution(text: str, expected: bool) -> None:
    layer = Operation("o", "Conv2D", {"name": "stem_3x3"})
    assert found(text, layer) is expected


def test_classes_that_nobody_knows_are_found_by_their_own_name() -> None:
    assert found("foo", Operation("o", "MyFoo", {"name": "x"}, "mine"))
    assert found("블록", Operation("o", "Functional", {"name": "내블록"}, "keras", graph="g"))
