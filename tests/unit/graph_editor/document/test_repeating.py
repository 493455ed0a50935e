"""Boxes in a row: what is computed, where it lies, why it cannot be done, and that undo is exact."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.project.templates import template
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes import commands
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.changes.repeating import repeat
from graph_editor.document.checking.validation import problems
from graph_editor.document.document import Document
from graph_editor.document.edits import EditError
from graph_editor.document.files import file_format
from graph_editor.document.graph import TensorRef
from graph_editor.document.history import History

CATALOG = Catalog.load()


def residual() -> tuple[Document, History, list[str]]:
    """The residual template, and the boxes of its block: they take the stem in two places."""
    found = template("residual-block")
    assert found is not None
    document = found.open()
    names = ("conv_a", "norm_a", "relu_a", "conv_b", "norm_b", "shortcut", "relu_b")
    graph = document.graph
    return (
        document,
        History(document, FOLLOW_UPS),
        [call for call in graph.calls if graph.operation_of(call).name in names],
    )


def do(document: Document, history: History, calls: list[str], times: int, share: bool) -> list[str]:
    edits, made = repeat(document, calls, times, share, lambda key: document.positions[key])
    history.do("repeat", edits)
    return made


def sources(document: Document, call_id: str) -> set[str]:
    return {tensor.call for _, tensor in document.call(call_id).tensors()}


def named(document: Document, name: str) -> str:
    operation = document.graph.operation_named(name)
    assert operation is not None
    return document.graph.calls_of(operation.id)[0]


def test_copies_are_wired_one_after_the_other_and_undo_is_exact() -> None:
    document, history, calls = residual()
    before = file_format.dumps(document)
    last = named(document, "relu_b")
    made = do(document, history, calls, 3, share=False)
    assert len(made) == 2 * len(calls) and not [p for p in problems(document, CATALOG) if p.severity == "error"]
    (first, second) = (made[: len(calls)], made[len(calls) :])
    assert {source for key in first for source in sources(document, key)} - set(first) == {last}
    feeding = {source for key in second for source in sources(document, key)} - set(second)
    assert len(feeding) == 1 and feeding < set(first)
    (taken,) = sources(document, named(document, "features"))
    assert taken in second and document.operation_of(taken).class_name == "ReLU"
    add = next(key for key in first if document.operation_of(key).class_name == "Add")
    assert len(list(document.call(add).tensors())) == 2 and last in sources(document, add)  # the shortcut comes along
    history.undo()
    assert file_format.dumps(document) == before
    history.redo()
    assert list(document.graph.calls)[-1] == named(document, "digit")  # the copies stand where the data flows


def test_sharing_repeats_the_calls_and_adds_no_layer() -> None:
    document, history, calls = residual()
    layers = set(document.graph.operations)
    made = do(document, history, calls, 5, share=True)
    assert set(document.graph.operations) == layers and len(made) == 4 * len(calls)
    assert {document.operation_of(key).name for key in made} == {document.operation_of(key).name for key in calls}


def test_what_lies_below_is_pushed_and_nothing_overlaps() -> None:
    document, history, calls = residual()
    do(document, history, calls, 4, share=False)
    places = [document.positions[key] for key in document.graph.calls]
    for index, (x, y) in enumerate(places):
        assert not [1 for other in places[:index] if abs(other[0] - x) < 172 and abs(other[1] - y) < 50]
    assert document.positions[named(document, "features")][1] > max(document.positions[key][1] for key in calls)


def test_an_output_is_given_by_the_last_copy_and_its_training_follows() -> None:
    document, history, _ = residual()
    digit = named(document, "digit")
    before = dict(document.training["outputs"])
    (new,) = do(document, history, [digit], 2, share=False)
    assert document.graph.output_refs() == [TensorRef(new)]
    assert document.training["outputs"] == {document.operation_of(new).name: before["digit"]}


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ((), "Select the boxes"),
        (("image",), "cannot be repeated"),
        (("conv_a", "conv_b", "norm_b"), "A path leaves the selection through norm_a"),
        (("shortcut",), "both lead into the selection"),
        (("stem", "conv_a", "norm_a"), "Several tensors lead out of the selection (stem, norm_a)"),
    ],
)
def test_what_cannot_be_repeated_says_why(names: tuple[str, ...], reason: str) -> None:
    document, _, _ = residual()
    with pytest.raises(EditError) as caught:
        repeat(document, [named(document, name) for name in names], 2, False, lambda _key: (0.0, 0.0))
    assert reason in str(caught.value)


def test_boxes_that_take_nothing_and_wrong_numbers_are_refused() -> None:
    document, _, calls = residual()
    edits, alone = commands.add_layer(document, "Dense", "keras.layers", None, (0, 0), CATALOG)
    History(document, FOLLOW_UPS).do("add", edits)
    for chosen, times in (([alone], 2), (calls, 1), (calls, 101)):
        with pytest.raises(EditError):
            repeat(document, chosen, times, False, lambda _key: (0.0, 0.0))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_repeating_any_boxes_keeps_a_valid_graph(data: st.DataObject) -> None:
    found = template(
        data.draw(st.sampled_from(["digits", "residual-block", "siamese", "burger-review", "plain-stack"]))
    )
    assert found is not None
    document = found.open()
    history, before = History(document, FOLLOW_UPS), file_format.dumps(document)
    chosen = data.draw(st.lists(st.sampled_from(sorted(document.graph.calls)), min_size=1, unique=True))
    times, share = data.draw(st.integers(2, 6)), data.draw(st.booleans())
    try:
        made = do(document, history, chosen, times, share)
    except EditError:
        assert file_format.dumps(document) == before
        return
    assert len(made) == (times - 1) * len(chosen)
    assert len(document.graph.topological_order()) == len(document.graph.calls) and not document.graph.shared_names()
    assert [p for p in problems(document, CATALOG) if p.severity == "error"] == []
    assert len({document.positions[key] for key in document.graph.calls}) == len(document.graph.calls)
    after = file_format.dumps(document)
    assert file_format.dumps(file_format.loads(after)) == after
    history.undo()
    assert file_format.dumps(document) == before
    history.redo()
    assert file_format.dumps(document) == after


def test_no_more_boxes_come_at_once_than_can_be_shown_in_time() -> None:
    document = Document("3.15", "m")
    history = History(document, FOLLOW_UPS)
    edits, first = commands.add_layer(document, "InputLayer", "keras.layers", None, (0.0, 0.0), CATALOG)
    history.do("add", edits)
    chain = [first]
    for row in range(1, 103):
        after, place = TensorRef(chain[-1]), (0.0, row * 90.0)
        edits, made = commands.add_layer(document, "Dense", "keras.layers", None, place, CATALOG, after=after)
        history.do("add", edits)
        chain.append(made)
    before = file_format.dumps(document)
    with pytest.raises(EditError, match="10098 boxes"):
        repeat(document, chain[1:], 100, False, lambda key: document.positions[key])
    assert file_format.dumps(document) == before
    assert len(do(document, history, chain[1:], 99, True)) == 102 * 98
