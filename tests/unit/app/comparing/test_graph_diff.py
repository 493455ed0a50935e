"""How one graph became another: added, removed and changed boxes, and in what they changed."""

from __future__ import annotations

from app.project.templates import template
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes.commands import delete_calls, set_parameter
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.changes.grouping import group
from graph_editor.document.comparing.graph_diff import Difference, compare_graphs, config_differences
from graph_editor.document.document import Document
from graph_editor.document.files.file_format import dumps, loads
from graph_editor.document.history import History
from resources.text import Text

CATALOG = Catalog.load()


def opened(key: str = "digits") -> Document:
    found = template(key)
    assert found is not None
    return found.open()


def of_class(document: Document, class_name: str) -> str:
    return next(c for c in document.graph.calls if document.graph.operation_of(c).class_name == class_name)


def test_the_same_graph_has_no_differences() -> None:
    before, after = opened(), opened()
    diff = compare_graphs(before, after)
    assert diff.changes == () and diff.unchanged == len(after.graph.calls)


def test_a_parameter_that_was_set() -> None:
    before, after = opened(), opened()
    call = of_class(after, "Dense")
    operation = after.graph.operation_of(call)
    History(after, FOLLOW_UPS).do(Text("x"), set_parameter(after, operation.id, "units", 77))
    (change,) = compare_graphs(before, after).changes
    assert (change.kind, change.before, change.after) == ("changed", call, call)
    assert change.differences == (Difference("units", str(before.graph.operation_of(call).config["units"]), "77"),)


def test_a_box_that_was_deleted_and_one_that_came() -> None:
    before, after = opened(), opened()
    gone = of_class(after, "Dense")
    History(after, FOLLOW_UPS).do(Text("x"), delete_calls(after, [gone]))
    diff = compare_graphs(before, after)
    assert diff.kinds_before[gone] == "removed" and diff.count("removed") == 1
    back = compare_graphs(after, before)
    assert back.kinds_after[gone] == "added" and back.count("added") == 1
    behind = [change for change in back.changes if change.kind == "changed"]
    assert all({d.what for d in change.differences} <= {"inputs"} for change in behind)


def test_graphs_with_other_ids_are_matched_by_names_and_order() -> None:
    before = opened()
    text = dumps(before).decode()
    for number, call in enumerate(sorted(before.graph.calls, key=len, reverse=True)):
        text = text.replace(f'"{call}"', f'"other{number}"')
    after = loads(text.encode())
    assert not set(before.graph.calls) & set(after.graph.calls)
    assert compare_graphs(before, after).changes == ()


def test_nested_objects_differ_by_their_paths() -> None:
    first = {"name": "a", "kernel_regularizer": None, "activation": "relu"}
    regularizer = {"module": "keras.regularizers", "class_name": "L2", "config": {"l2": 0.01}}
    second = {"name": "b", "kernel_regularizer": regularizer, "activation": "relu"}
    assert config_differences(first, second) == [
        Difference("kernel_regularizer", "null", "L2"),
        Difference("kernel_regularizer.l2", "–", "0.01"),
    ]


def test_what_changed_inside_a_nested_model_is_told_with_its_place() -> None:
    before = opened()
    edits, _ = group(before, [of_class(before, "Dense")], CATALOG, lambda _tensor: ((None, 8), "float32"))
    History(before, FOLLOW_UPS).do(Text("x"), edits)
    after = loads(dumps(before))
    nested = next(op for op in after.graph.operations.values() if op.graph is not None)
    inner = after.graphs[nested.graph or ""]
    dense = next(op for op in inner.operations.values() if "units" in op.config)
    History(after, FOLLOW_UPS).do(Text("x"), set_parameter(after, dense.id, "units", 5))
    diff = compare_graphs(before, after)
    told = [change for change in diff.changes if change.inside == (nested.shown_name,)]
    assert [change.title for change in told] == [dense.shown_name] and told[0].differences[0].after == "5"
    assert list(diff.kinds_after.values()) == ["changed"]
