"""The functional configs we write, held against Keras itself in a process of its own."""

import json
from pathlib import Path
from typing import Any

import pytest

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes import commands
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.checking.validation import Structure
from graph_editor.document.document import Document
from graph_editor.document.ends import output_names
from graph_editor.document.files.file_format import load
from graph_editor.document.graph import TensorRef
from graph_editor.document.history import History
from graph_editor.document.nesting import input_names
from graph_editor.keras_format.calls import CallReader
from graph_editor.keras_format.functional import model_json
from tests.support.fresh_python import answer_of

TEMPLATES = Path(__file__).parents[4] / "resources" / "templates"
CATALOG = Catalog.load()

KERAS_SIDE = """
import json, sys
import keras
answers = {}
for name, config in json.load(sys.stdin).items():
    model = keras.saving.deserialize_keras_object(config)
    again = keras.saving.deserialize_keras_object(json.loads(model.to_json()))
    answers[name] = {
        "layers": [layer.name for layer in model.layers],
        "trainable": {layer.name: layer.trainable for layer in model.layers},
        "parameters": model.count_params(),
        "inputs": [tensor.name for tensor in model.inputs],
        "outputs": model.output_names,
        "output_shape": model.output_shape,
        "nodes": {layer.name: [[t._keras_history.operation.name for t in node.input_tensors]
                               for node in layer._inbound_nodes if node.input_tensors] for layer in model.layers},
        "same_again": again.to_json() == model.to_json(),
    }
print(json.dumps(answers))
"""


def shared_inside_itself() -> Document:
    """outer(inner(outer(x))): the layer's second call depends on a later layer."""
    document = Document("3.15", "woven")
    history = History(document, FOLLOW_UPS)

    def add(class_name: str, after: str | None = None, **config: Any) -> str:
        spec = CATALOG.layer(class_name)
        assert spec
        full = {**CATALOG.default_config(spec, "x"), **config}
        source = TensorRef(after) if after else None
        edits, call = commands.add_layer(
            document, class_name, "keras.layers", full, (0, 0), CATALOG, after=source, name=config.get("name")
        )
        history.do("add", edits)
        return call

    x = add("InputLayer", batch_shape=[None, 8], name="x")
    outer = add("Dense", x, units=8, name="outer")
    edits, again = commands.share(document, outer, (0, 0))
    history.do("share", edits)
    inner = add("Dense", outer, units=8, name="inner")
    history.do("wire", commands.connect(document, TensorRef(inner), again, None, CATALOG))
    add("Dense", x, units=3, name="stray")  # leads nowhere, so Keras is not told of it
    history.do("out", commands.set_output(document, TensorRef(again), True))
    return document


def attention() -> Document:
    document = Document("3.15", "attention")
    history = History(document, FOLLOW_UPS)
    edits, x = commands.add_layer(
        document,
        "InputLayer",
        "keras.layers",
        {"batch_shape": [None, 5, 16], "dtype": "float32"},
        (0, 0),
        CATALOG,
        name="x",
    )
    history.do("x", edits)
    edits, mha = commands.add_layer(document, "MultiHeadAttention", "keras.layers", None, (0, 0), CATALOG, name="mha")
    history.do("mha", edits)
    for _ in range(2):
        history.do("wire", commands.connect(document, TensorRef(x), mha, None, CATALOG))
    history.do("out", commands.set_output(document, TensorRef(mha), True))
    return document


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    documents = {path.stem: load(path) for path in TEMPLATES.glob("*.lamella")}
    documents |= {"woven": shared_inside_itself(), "attention": attention()}
    question = json.dumps({name: model_json(document) for name, document in documents.items()})
    return answer_of("-c", KERAS_SIDE, given=question)


@pytest.mark.parametrize("name", [path.stem for path in TEMPLATES.glob("*.lamella")])
def test_keras_builds_every_template_as_it_is_drawn(answers: dict[str, Any], name: str) -> None:
    graph, answer = load(TEMPLATES / f"{name}.lamella").graph, answers[name]
    names = {operation.name for operation in graph.operations.values()}
    assert set(answer["layers"]) == names
    assert answer["inputs"] == input_names(graph)
    assert answer["outputs"] == output_names(graph)
    assert answer["trainable"] == {operation.name: operation.trainable for operation in graph.operations.values()}
    assert answer["same_again"]
    for operation in graph.operations.values():
        drawn = [
            [graph.operation_of(edge.source.call).name for edge in graph.edges_into(call)]
            for call in graph.calls_of(operation.id)
            if graph.calls[call].args or graph.calls[call].kwargs
        ]
        assert answer["nodes"][operation.name] == drawn


def test_a_layer_that_feeds_itself_through_another_is_rebuilt(answers: dict[str, Any]) -> None:
    answer = answers["woven"]
    assert set(answer["layers"]) == {"x", "outer", "inner"}
    assert answer["parameters"] == 2 * (8 * 8 + 8)
    assert answer["nodes"]["outer"] == [["x"], ["inner"]]
    assert answer["output_shape"] == [None, 8]


def test_named_inputs_reach_keras(answers: dict[str, Any]) -> None:
    assert answers["attention"]["output_shape"] == [None, 5, 16]
    assert answers["attention"]["nodes"]["mha"] == [["x", "x"]]


def test_incomplete_calls_and_what_follows_them_are_not_asked_about() -> None:
    document = Document("3.15", "m")
    history = History(document, FOLLOW_UPS)
    calls: list[str] = []
    for class_name in ("InputLayer", "Dense", "Add"):
        after = TensorRef(calls[-1]) if calls else None
        edits, call = commands.add_layer(
            document, class_name, "keras.layers", None, (0, 0), CATALOG, after=after if class_name != "Add" else None
        )
        history.do("add", edits)
        calls.append(call)
    edits, below = commands.add_layer(
        document, "Dense", "keras.layers", None, (0, 0), CATALOG, after=TensorRef(calls[-1])
    )
    history.do("add", edits)
    assert [spec.id for spec in CallReader(Structure(CATALOG)).read(document)] == calls[:2]
    assert below not in calls
