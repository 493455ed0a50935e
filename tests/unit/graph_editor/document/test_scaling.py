"""Whether something brings the numbers of an input near to 1 before weights see them."""

from __future__ import annotations

import pytest

from app.project.project_questions import data_question
from graph_editor.document.changes import commands
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.document import Document
from graph_editor.document.graph import TensorRef
from graph_editor.document.history import History
from runtime.protocol import CallResult, TensorSpec
from runtime.spec import DataSource
from tests.unit.graph_editor.document.test_commands import CATALOG


def chain(*class_names: str) -> Document:
    document = Document("3.15", "m")
    history = History(document, FOLLOW_UPS)
    last = ""
    for class_name in ("InputLayer", *class_names):
        edits, call = commands.add_layer(document, class_name, "keras.layers", None, (0, 0), CATALOG)
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
    (asked,) = data_question(document, results, DataSource("npz", "a.npz")).inputs
    assert asked.scaled is scaled
