"""Whatever is done to a document, undoing it gives the identical document back."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from graph_editor.catalog.catalog import Catalog
from graph_editor.document import commands, file_format
from graph_editor.document.copying import duplicate
from graph_editor.document.dissolving import dissolve
from graph_editor.document.document import ROOT, Document
from graph_editor.document.edits import EditError
from graph_editor.document.graph import Graph, TensorRef
from graph_editor.document.grouping import group
from graph_editor.document.history import History
from graph_editor.document.validation import problems

CATALOG = Catalog.load()
CLASSES = ("InputLayer", "Dense", "Add", "Concatenate", "MultiHeadAttention", "LSTM", "BatchNormalization")


def snapshot(document: Document) -> bytes:
    document.source = None
    return file_format.dumps(document)


def rebuilt_index(graph: Graph) -> tuple[dict[str, dict[str, int]], dict[str, list[str]], dict[str, set[str]]]:
    """The indexes of a graph, made anew from its content."""
    fresh = Graph(graph.name)
    for operation in graph.operations.values():
        fresh.put_operation(operation)
    for call in graph.calls.values():
        fresh.put_call(call)
    return fresh._consumers, fresh._uses, {name: set(ids) for name, ids in fresh._names.items()}


def edit_at_random(document: Document, history: History, rng: random.Random) -> None:
    """One command with arguments that may or may not fit; a refusal must leave no trace."""
    graph_id = rng.choice(list(document.graphs))
    calls = list(document.graphs[graph_id].calls)
    some = rng.sample(calls, min(len(calls), rng.randint(1, 3))) if calls else []
    before = snapshot(document)
    try:
        match rng.randrange(19):
            case 0 | 1 | 2 | 3:
                after = TensorRef(rng.choice(calls)) if calls and rng.random() < 0.7 else None
                place = (rng.randrange(900), rng.randrange(900))
                edits, _ = commands.add_layer(
                    document, rng.choice(CLASSES), "keras.layers", None, place, CATALOG, after=after, graph_id=graph_id
                )
            case 4 | 5 if calls:
                source = TensorRef(rng.choice(calls), rng.randrange(2))
                edits = commands.connect(document, source, rng.choice(calls), None, CATALOG)
            case 6 if calls:
                edits = commands.delete_calls(document, some)
            case 7 if calls:
                edits, _ = commands.share(document, rng.choice(calls), (1.5, 2.0))
            case 8 if calls:
                edits, _ = duplicate(document, some, (40, 40))
            case 9 if calls:
                edits = commands.set_output(document, TensorRef(rng.choice(calls)), rng.random() < 0.7)
            case 10 if calls:
                name = rng.choice(["a", "b/c", "", "dense", "input"])
                edits = commands.rename(document, document.operation_of(rng.choice(calls)).id, name)
            case 11 if calls:
                operation = document.operation_of(rng.choice(calls)).id
                edits = commands.set_parameter(document, operation, "units", rng.choice([1, 1.0, True]))
            case 12 if calls:
                ids = [document.operation_of(call).id for call in some]
                edits = commands.set_trainable(document, ids, rng.random() < 0.5)
            case 13 if calls:
                edges = list(document.graphs[graph_id].edges())
                edits = commands.disconnect(document, rng.choice(edges)) if edges else []
            case 14 | 15 | 16 if calls:
                edits, _ = group(document, some, CATALOG, lambda _ref: ((None, 4), "float32"))
            case 17 if calls:
                nested = [call for call in calls if document.operation_of(call).graph]
                edits, _ = dissolve(document, rng.choice(nested or calls))
            case _:
                edits = commands.set_training(document, {"epochs": rng.randrange(5)})
        history.do("edit", edits, merge_key=rng.choice([None, None, "typing"]))
    except EditError:
        assert snapshot(document) == before


def check_nesting(document: Document) -> None:
    """Every nested graph has one owner; wires from it name outputs that it has; ids are unique in the document."""
    owned = [op.graph for graph in document.graphs.values() for op in graph.operations.values() if op.graph]
    assert sorted(owned) == sorted(document.graphs.keys() - {ROOT})
    assert document.positions.keys() <= {call for graph in document.graphs.values() for call in graph.calls}
    ids = [key for graph in document.graphs.values() for key in (*graph.calls, *graph.operations)]
    assert len(ids) == len(set(ids))
    for graph in document.graphs.values():
        for ref in [edge.source for edge in graph.edges()] + graph.output_refs():
            nested = graph.operation_of(ref.call).graph
            assert nested is None or ref.index < len(document.graphs[nested].output_refs())
    problems(document, CATALOG)


@settings(max_examples=800)
@given(st.integers(0, 2**32), st.integers(1, 60))
def test_any_sequence_of_edits_undone_gives_the_identical_document(seed: int, length: int) -> None:
    rng = random.Random(seed)
    document = Document("3.15", "m")
    history = History(document)
    original = snapshot(document)
    for _ in range(length):
        edit_at_random(document, history, rng)
        if rng.random() < 0.2:
            history.undo()
        if rng.random() < 0.1:
            history.redo()
    while history.can_redo:
        history.redo()
    final = snapshot(document)
    steps = 0
    while history.can_undo:
        history.undo()
        steps += 1
    assert snapshot(document) == original
    for _ in range(steps):
        history.redo()
    assert snapshot(document) == final


@settings(max_examples=80)
@given(st.integers(0, 2**32))
def test_indexes_agree_with_the_content_and_files_round_trip(seed: int) -> None:
    rng = random.Random(seed)
    document = Document("3.15", "m")
    history = History(document)
    for _ in range(40):
        edit_at_random(document, history, rng)
        for graph in document.graphs.values():
            consumers, uses, names = rebuilt_index(graph)
            assert graph._consumers == consumers
            assert graph._uses == uses
            assert {name: set(ids) for name, ids in graph._names.items()} == names
            assert len(graph.topological_order()) == len(graph.calls)  # commands never make a cycle
        check_nesting(document)
    content = snapshot(document)
    assert file_format.dumps(file_format.loads(content)) == content
    again = file_format.loads(content)
    again.source = None
    assert file_format.dumps(again) == content
