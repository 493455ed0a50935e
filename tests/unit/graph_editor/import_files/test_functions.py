"""Functions of TensorFlow that tf.keras recorded as layers: those with an operation that does the same become it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.document.graph import Operation
from graph_editor.keras_format.files.opening import OpenedModel, open_model
from tests.support.fresh_python import answer_of
from tests.unit.graph_editor.import_files.models import Json, old_input, old_layer, old_model

T = ["a", 0, 0]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


def test_every_converted_function_computes_what_tensorflow_does(tmp_path: Path) -> None:
    cases = answer_of(Path(__file__).with_name("functions_side.py"), tmp_path)["cases"]
    assert len(cases) > 150
    assert [case for case in cases if case[1] is not True] == []


def opened(tmp_path: Path, catalog: Catalog, box: Json) -> OpenedModel:
    path = tmp_path / "recorded.json"
    model = old_model([old_input("a", 3, 4), old_input("b", 3, 4), box], [T, ["b", 0, 0]], [[box["name"], 0, 0]])
    path.write_text(json.dumps(model), "utf-8")
    return open_model(path, catalog)


def operation(document: Document, name: str) -> Operation:
    found = document.graph.operation_named(name)
    assert found is not None
    return found


def call_of(document: Document, name: str) -> Any:
    (call,) = (document.graph.calls[key] for key in document.graph.calls_of(operation(document, name).id))
    return call


@pytest.mark.parametrize(
    ("function", "keywords"),
    [
        ("image.resize", {}),  # no size
        ("linalg.inv", {}),
        ("__operators__.getitem", {"slice_spec": [{"start": ["b", 0, 0], "stop": None, "step": None}]}),
        ("reshape", {"shape": [["b", 0, 0], 4]}),
        ("math.cumsum", {"axis": 1, "reverse": True}),
        ("sort", {"direction": "DESCENDING"}),
        ("linalg.matmul", {"b": ["b", 0, 0], "adjoint_b": True}),
        ("nn.softmax", {"unheard_of": 1}),
        ("clip_by_value", {"clip_value_min": ["b", 0, 0], "clip_value_max": 1.0}),
    ],
)
def test_what_an_operation_cannot_say_stays_a_box_with_its_name(
    tmp_path: Path, catalog: Catalog, function: str, keywords: Json
) -> None:
    box = old_layer("op", "TFOpLambda", ["a", 0, 0, keywords], function=function)
    found = opened(tmp_path, catalog, box)
    (note,) = found.notes
    assert function in note.english()
    assert operation(found.document, "op").class_name == "TFOpLambda"


def node(op: str, **attributes: Json) -> Json:
    attr = {"T": {"type": "DT_FLOAT"}, **attributes}
    return {"name": "x", "op": op, "input": ["a", "x/y"], "attr": attr}


def graph_layer(op: str, constants: Json, *inputs: str, **attributes: Json) -> Json:
    """As tf.keras 2.1 to 2.3 wrote it: the name inside is without the prefix that the layer has."""
    config = {"name": "x", "trainable": True, "dtype": "float32", "node_def": node(op, **attributes)}
    leaves = [[name, 0, 0, {}] for name in inputs or ("a",)]
    layer = {"class_name": "TensorFlowOpLayer", "config": {**config, "constants": constants}}
    return {**layer, "name": "tf_op_layer_x", "inbound_nodes": [leaves]}


MASKS = {"begin_mask": {"i": "1"}, "end_mask": {"i": "1"}, "shrink_axis_mask": {"i": "2"}}
EVERY = {"class_name": "__slice__", "config": {"start": None, "stop": None, "step": None}}


@pytest.mark.parametrize(
    ("box", "class_name", "config", "arguments"),
    [
        (graph_layer("Mul", {"1": 2.0}), "Multiply", {}, [None, 2.0]),
        (graph_layer("Sub", {"0": 1.0}), "Subtract", {}, [1.0, None]),
        (graph_layer("AddV2", {}, "a", "b"), "Add", {}, [None, None]),
        (graph_layer("Mean", {"1": [1, 2]}, keep_dims={"b": True}), "Mean", {"axis": [1, 2], "keepdims": True}, [None]),
        (graph_layer("ConcatV2", {"2": -1}, "a", "b"), "Concatenate", {"axis": -1}, [[None, None]]),
        (graph_layer("Pack", {}, "a", "b", axis={"i": "1"}), "Stack", {"axis": 1}, [[None, None]]),
        (graph_layer("Reshape", {"1": [-1, 12]}), "Reshape", {"newshape": [-1, 12]}, [None]),
        (graph_layer("Squeeze", {}, squeeze_dims={"list": {"i": ["1"]}}), "Squeeze", {"axis": 1}, [None]),
        (graph_layer("Cast", {}, DstT={"type": "DT_INT32"}), "Cast", {"dtype": "int32"}, [None]),
        (graph_layer("Softmax", {}), "Softmax", {"axis": -1}, [None]),
        (
            graph_layer("StridedSlice", {"1": [0, 2], "2": [0, 3], "3": [1, 1]}, **MASKS),
            "GetItem",
            {},
            [None, [EVERY, 2]],
        ),
    ],
)
def test_nodes_of_the_graph_become_operations(
    tmp_path: Path, catalog: Catalog, box: Json, class_name: str, config: Json, arguments: Json
) -> None:
    found = opened(tmp_path, catalog, box)
    assert found.notes == ()
    made = operation(found.document, "tf_op_layer_x")
    assert (made.class_name, made.config.items() >= config.items()) == (class_name, True)

    def plain(value: Any) -> Json:
        return (
            [plain(part) for part in value]
            if isinstance(value, list | tuple)
            else None
            if hasattr(value, "call")
            else value
        )

    assert plain(call_of(found.document, "tf_op_layer_x").args) == arguments


@pytest.mark.parametrize("damage", ["CudnnRNN", None, 5])
def test_nodes_that_nothing_does_stay_boxes(tmp_path: Path, catalog: Catalog, damage: Json) -> None:
    box = graph_layer("Mul", {"1": 2.0})
    box["config"]["node_def"] = node(damage) if isinstance(damage, str) else damage
    (note,) = opened(tmp_path, catalog, box).notes
    assert note.english().startswith("tf_op_layer_x calls the TensorFlow function")


def test_a_node_whose_constants_are_missing_stays_a_box(tmp_path: Path, catalog: Catalog) -> None:
    for constants in ({}, {"7": 1}, {"x": 1}, {"1": "two", "2": 3}):
        (note,) = opened(tmp_path, catalog, graph_layer("StridedSlice", constants)).notes
        assert "StridedSlice" in note.english()


@pytest.mark.parametrize(
    "attributes",
    [{"k": {"i": "many"}}, {"k": {"type": ["DT_FLOAT"]}}, {"k": {"list": {"i": [None]}}}, 5, [1]],
)
def test_damaged_nodes_stay_boxes(tmp_path: Path, catalog: Catalog, attributes: Json) -> None:
    box = graph_layer("Squeeze", {})
    box["config"]["node_def"]["attr"] = attributes
    assert len(opened(tmp_path, catalog, box).notes) == 1
    box = graph_layer("Mul", {"9" * 5000: 2.0})
    assert len(opened(tmp_path, catalog, box).notes) == 1


def test_a_function_that_is_called_twice_is_one_operation(tmp_path: Path, catalog: Catalog) -> None:
    box = old_layer("op", "TFOpLambda", ["a", 0, 0, {"axis": 1}], ["b", 0, 0, {"axis": 1}], function="expand_dims")
    document = opened(tmp_path, catalog, box).document
    made = operation(document, "op")
    assert (made.class_name, len(document.graph.calls_of(made.id))) == ("ExpandDims", 2)
    box = old_layer("op", "TFOpLambda", ["a", 0, 0, {"axis": 1}], ["b", 0, 0, {"axis": 2}], function="expand_dims")
    (note,) = opened(tmp_path, catalog, box).notes
    assert "expand_dims" in note.english()
