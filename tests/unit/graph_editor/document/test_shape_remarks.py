"""Merges of unequal shapes get a remark that hinders nothing."""

from __future__ import annotations

import pytest

from app.project.project_questions import rule_problems
from graph_editor.document.changes import commands
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.checking.validation import hindrances
from graph_editor.document.document import Document
from graph_editor.document.graph import TensorRef
from graph_editor.document.history import History
from resources.text import Text
from runtime.messages.inference import CallResult, TensorSpec
from tests.unit.graph_editor.document.test_commands import CATALOG

Shape = tuple[int | None, ...]


def merged(class_name: str, *shapes: Shape) -> Document:
    """Inputs of these shapes, all of them joined by one layer."""
    document = Document("3.15", "m")
    history = History(document, FOLLOW_UPS)

    def add(name: str) -> str:
        edits, call = commands.add_layer(document, name, "keras.layers", None, (0, 0), CATALOG)
        history.do("add", edits)
        return call

    inputs = [add("InputLayer") for _ in shapes]
    merge = add(class_name)
    for call in inputs:
        history.do("wire", commands.connect(document, TensorRef(call), merge, None, CATALOG))
    return document


def remarks(class_name: str, *shapes: Shape, works: bool = True) -> list[str]:
    document = merged(class_name, *shapes)
    calls = list(document.graph.calls)
    results = {
        call: CallResult(call, (TensorSpec(shape, "float32"),)) for call, shape in zip(calls, shapes, strict=False)
    }
    if works:
        results[calls[-1]] = CallResult(calls[-1], (TensorSpec(shapes[0], "float32"),))
    else:
        results[calls[-1]] = CallResult(calls[-1], error=Text("no"))
    found = rule_problems(document, CATALOG, results)
    assert all(problem.severity == "warning" for problem in found) and hindrances(document, found, CATALOG) == []
    return [str(problem.text) for problem in found]


def test_a_stretched_input_is_told() -> None:
    (said,) = remarks("Add", (None, 8), (None, 1))
    assert said == "add joins unequal shapes (8, 1): the smaller one is repeated."
    assert len(remarks("Average", (None, 4, 8), (None, 8))) == 1


@pytest.mark.parametrize(
    ("class_name", "shapes"),
    [
        ("Add", [(None, 8), (None, 8)]),
        ("Add", [(None, None, 8), (None, 5, 8)]),
        ("Multiply", [(None, 7, 7, 16), (None, 1, 1, 16)]),
        ("Concatenate", [(None, 8), (None, 1)]),
    ],
)
def test_what_is_usual_is_not(class_name: str, shapes: list[Shape]) -> None:
    assert remarks(class_name, *shapes) == []


def test_what_keras_refuses_is_not_remarked_as_well() -> None:
    assert remarks("Add", (None, 8), (None, 3), works=False) == []
