"""Whether something brings the numbers of an input near to 1 before weights see them."""

from __future__ import annotations

import pytest

from app.project.findings.data import data_problems
from app.project.project_questions import data_mends, data_question
from graph_editor.document.changes import commands
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.checking.scaling import is_scaled
from graph_editor.document.document import Document
from graph_editor.document.graph import TensorRef
from graph_editor.document.history import History
from resources.text import Text
from runtime.messages.checking import DataProblem
from runtime.messages.inference import CallResult, TensorSpec
from runtime.spec import DataSource, DataSpec
from tests.unit.graph_editor.document.test_commands import CATALOG


def chain(*class_names: str) -> Document:
    document = Document("3.15", "m")
    history = History(document, FOLLOW_UPS)
    last = ""
    for number, class_name in enumerate(("InputLayer", *class_names)):
        edits, call = commands.add_layer(document, class_name, "keras.layers", None, (0, 88 * number), CATALOG)
        history.do("add", edits)
        if last:
            history.do("wire", commands.connect(document, TensorRef(last), call, None, CATALOG))
        last = call
    return document


@pytest.mark.parametrize(
    ("class_names", "scaled"),
    [
        (("Dense",), False),
        (("Flatten", "Dense"), False),
        (("RandomFlip", "Conv2D", "Activation"), False),
        (("Rescaling", "Conv2D"), True),
        (("Normalization", "Dense"), True),
        (("RandomFlip", "Rescaling", "Conv2D"), True),
        (("Conv2D", "BatchNormalization"), True),
        (("Lambda", "Dense"), True),  # nobody knows
        ((), True),
        (("Flatten",), True),
    ],
)
def test_the_data_check_is_told_whether_an_input_is_scaled(class_names: tuple[str, ...], scaled: bool) -> None:
    document = chain(*class_names)
    call = next(iter(document.graph.calls))
    name = document.graph.operation_of(call).name
    document.data = {"bindings": {name: ["x"]}}
    results = {call: CallResult(call, (TensorSpec((None, 8, 8, 1), "float32"),))}
    (asked,) = data_question(document, results, DataSpec((DataSource("npz", "a.npz"),))).inputs
    assert asked.scaled is scaled


def test_one_click_puts_a_rescaling_behind_the_input() -> None:
    document = chain("Flatten", "Dense")
    history = History(document, FOLLOW_UPS)
    graph = document.graph
    first, flatten, dense = list(graph.calls)
    remark = DataProblem("warning", Text("unscaled"), graph.operation_of(first).name, "x", kind="unscaled")
    (problem,) = data_problems(document, [remark], data_mends(document, CATALOG, {}))
    assert problem.mend is not None and str(problem.mend.text) == "Put a Rescaling of 1/255 behind input"
    before = dict(document.positions)
    history.do("mend", problem.mend.edits)
    (edge,) = graph.edges_from(first)
    rescaling = graph.operation_of(edge.target)
    assert rescaling.class_name == "Rescaling" and rescaling.config["scale"] == 1 / 255
    assert [each.target for each in graph.edges_from(edge.target)] == [flatten]
    assert is_scaled(graph, first)
    heights = [document.positions[call][1] for call in (first, edge.target, flatten, dense)]
    assert heights == sorted(set(heights)), "the boxes below make room"
    history.undo()
    assert list(graph.calls) == [first, flatten, dense] and document.positions == before


def test_an_input_that_leads_to_two_boxes_is_not_mended_by_one_click() -> None:
    document = chain("Dense")
    history = History(document, FOLLOW_UPS)
    first = next(iter(document.graph.calls))
    edits, call = commands.add_layer(document, "Dense", "keras.layers", None, (0, 0), CATALOG)
    history.do("add", edits)
    history.do("wire", commands.connect(document, TensorRef(first), call, None, CATALOG))
    assert data_mends(document, CATALOG, {})["unscaled"] == {}
