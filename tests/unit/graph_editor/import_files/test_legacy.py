"""Models as Keras 2 wrote them, in the form of Keras 3, and what is said of what has no successor."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import h5py
import pytest

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.document.graph import TensorRef
from graph_editor.keras_format.files.opening import OpenedModel, open_model
from graph_editor.keras_format.functional import model_json
from runtime.clients.engine import Engine
from runtime.messages.inference import CallSpec, Infer, Inferred, OperationJson
from tests.unit.graph_editor.import_files.models import Json, layer, model, old_input, old_layer, old_model

ZEROS = {"class_name": "Zeros", "config": {}}
GLOROT = {"class_name": "GlorotUniform", "config": {"seed": None}}
DENSE = {"trainable": True, "dtype": "float32", "activation": "relu", "use_bias": True, "kernel_initializer": GLOROT}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


@pytest.fixture
def opened(tmp_path: Path, catalog: Catalog) -> Any:
    def open_json(config: Json) -> OpenedModel:
        path = tmp_path / "old.json"
        path.write_text(json.dumps(config), "utf-8")
        return open_model(path, catalog)

    return open_json


def sources(document: Document, name: str) -> list[Any]:
    graph = document.graph
    operation = graph.operation_named(name)
    assert operation is not None
    (call,) = [graph.calls[key] for key in graph.calls_of(operation.id)]
    return [(path, graph.operation_of(ref.call).name) for path, ref in call.tensors()]


def config_of(document: Document, name: str) -> Json:
    operation = document.graph.operation_named(name)
    assert operation is not None
    return operation.config


def test_a_functional_model_of_keras_2(opened: Any) -> None:
    layers = [
        old_input("a", 4),
        old_layer("dense", "Dense", [["a", 0, 0, {}]], units=4, bias_initializer=ZEROS, **DENSE),
        old_layer("add", "Add", [["a", 0, 0, {}], ["dense", 0, 0, {}]], trainable=True, dtype="float32"),
        old_layer(
            "norm", "BatchNormalization", [["add", 0, 0, {"training": False}]], axis=[1], fused=True, renorm=False
        ),
    ]
    found = opened(old_model(layers, [["a", 0, 0]], [["norm", 0, 0]]))
    assert found.notes == ()
    document = found.document
    assert document.keras_version == "2.9.0"
    assert sources(document, "add") == [(("args", 0, 0), "a"), (("args", 0, 1), "dense")]
    assert config_of(document, "a") == {
        "batch_shape": [None, 4],
        "dtype": "float32",
        "sparse": False,
        "ragged": False,
        "name": "a",
    }
    initializer = config_of(document, "dense")["kernel_initializer"]
    assert initializer == {"module": "keras.initializers", **GLOROT, "registered_name": None}
    norm = config_of(document, "norm")
    assert norm["axis"] == 1
    assert "fused" not in norm
    (call,) = document.graph.calls_of(document.graph.operation_named("norm").id)
    assert document.graph.calls[call].kwargs == {"training": False}
    written = model_json(document)
    assert (written["class_name"], written["config"]["output_layers"]) == ("Functional", [["norm", 0, 0]])


def test_shared_layers_and_models_inside(opened: Any) -> None:
    """Keras 2 counted the calls of a model inside a model from one."""
    inner = old_model(
        [old_input("i", 4), old_layer("d", "Dense", [["i", 0, 0, {}]], units=4)], [["i", 0, 0]], [["d", 0, 0]]
    )
    nested = {**inner, "class_name": "Model", "name": "inner"}
    nested["config"] = {**inner["config"], "name": "inner"}
    nested["inbound_nodes"] = [[["a", 0, 0, {}]], [["shared", 0, 0, {}]]]
    layers = [
        old_input("a", 4),
        nested,
        old_layer("shared", "Dense", [["inner", 1, 0, {}]], [["inner", 2, 0, {}]], units=4),
    ]
    document = opened(old_model(layers, [["a", 0, 0]], [["shared", 1, 0], ["inner", 2, 0]])).document
    graph = document.graph
    inner_calls = graph.calls_of(graph.operation_named("inner").id)
    shared_calls = graph.calls_of(graph.operation_named("shared").id)
    assert [len(inner_calls), len(shared_calls)] == [2, 2]
    assert [graph.calls[key].args for key in shared_calls] == [(TensorRef(key),) for key in inner_calls]
    assert graph.outputs == [TensorRef(shared_calls[1]), TensorRef(inner_calls[1])]
    assert len(document.graphs) == 2
    assert model_json(document)["config"]["output_layers"] == [["shared", 1, 0], ["inner", 2, 0]]


@pytest.mark.parametrize("listed", [True, False])
def test_a_stack_of_keras_2(opened: Any, listed: bool) -> None:
    first = {"class_name": "Dense", "config": {"name": "d1", "batch_input_shape": [None, 4], "units": 3, **DENSE}}
    second = {"class_name": "LeakyReLU", "config": {"name": "leaky", "alpha": 0.25, "trainable": True}}
    layers: Json = [first, second]
    config = layers if listed else {"name": "stack", "layers": layers}
    document = opened({"class_name": "Sequential", "config": config, "keras_version": "2.1.6"}).document
    names = [operation.name for operation in document.graph.operations.values()]
    assert names == ["d1_input", "d1", "leaky"]
    assert config_of(document, "d1_input")["batch_shape"] == [None, 4]
    assert "batch_input_shape" not in config_of(document, "d1")
    assert config_of(document, "leaky")["negative_slope"] == 0.25
    assert model_json(document)["class_name"] == "Sequential"


def test_states_that_were_inputs_become_keywords(opened: Any) -> None:
    lstm = {"units": 4, "return_state": True, "time_major": False, "implementation": 2}
    layers = [
        old_input("t", 3, 4),
        old_layer("first", "LSTM", [["t", 0, 0, {}]], **lstm),
        old_layer("second", "LSTM", [["t", 0, 0, {}], ["first", 0, 1, {}], ["first", 0, 2, {}]], **lstm),
        old_layer("mha", "MultiHeadAttention", [["t", 0, 0, {"value": ["t", 0, 0]}]], num_heads=2, key_dim=2),
    ]
    document = opened(old_model(layers, [["t", 0, 0]], [["second", 0, 0], ["mha", 0, 0]])).document
    assert sources(document, "second") == [
        (("args", 0), "t"),
        (("kwargs", "initial_state", 0), "first"),
        (("kwargs", "initial_state", 1), "first"),
    ]
    assert sources(document, "mha") == [(("args", 0), "t"), (("kwargs", "value"), "t")]


@pytest.mark.parametrize(
    ("class_name", "config", "now", "values"),
    [
        ("ThresholdedReLU", {"theta": 0.5}, "ReLU", {"threshold": 0.5}),
        ("CuDNNLSTM", {"units": 3}, "LSTM", {"recurrent_activation": "sigmoid"}),
        ("CuDNNGRU", {"units": 3}, "GRU", {"reset_after": True}),
        ("GRU", {"units": 3}, "GRU", {"reset_after": False}),
        ("SyncBatchNormalization", {"axis": [1]}, "BatchNormalization", {"synchronized": True, "axis": 1}),
        ("Convolution2D", {"filters": 3, "kernel_size": [1, 1]}, "Conv2D", {"filters": 3}),
        ("Embedding", {"input_dim": 5, "output_dim": 2, "input_length": 4}, "Embedding", {"input_dim": 5}),
    ],
)
def test_layers_with_a_successor(opened: Any, class_name: str, config: Json, now: str, values: Json) -> None:
    layers = [old_input("a", 4), old_layer("box", class_name, [["a", 0, 0, {}]], **config)]
    found = opened(old_model(layers, [["a", 0, 0]], [["box", 0, 0]]))
    operation = found.document.graph.operation_named("box")
    assert (operation.class_name, operation.module) == (now, "keras.layers")
    assert operation.config.items() >= values.items()
    assert found.notes == ()


@pytest.mark.parametrize(
    ("class_name", "config", "words"),
    [
        ("LocallyConnected2D", {"filters": 3}, "LocallyConnected2D"),
        ("TFOpLambda", {"function": "image.resize"}, "image.resize"),
        ("RandomHeight", {"factor": 0.1}, "RandomZoom"),
        ("Highway", {}, "Highway"),
        ("LSTM", {"units": 3, "time_major": True}, "time_major"),
        ("Dense", {"units": 3, "activation": "hard_sigmoid"}, "hard_sigmoid"),
    ],
)
def test_what_has_no_successor_is_named(opened: Any, class_name: str, config: Json, words: str) -> None:
    layers = [old_input("a", 4), old_layer("box", class_name, [["a", 0, 0, {}]], **config)]
    found = opened(old_model(layers, [["a", 0, 0]], [["box", 0, 0]]))
    (note,) = found.notes
    assert str(note).startswith("box")
    assert words in str(note)
    assert sources(found.document, "box") == [(("args", 0), "a")]


def test_tensorflow_constants_are_literals(opened: Any) -> None:
    node = [["_CONSTANT_VALUE", -1, 2.5, {"y": ["a", 0, 0]}]]
    layers = [old_input("a", 4), old_layer("op", "TFOpLambda", node, function="math.subtract")]
    document = opened(old_model(layers, [["a", 0, 0]], [["op", 0, 0]])).document
    (call,) = [document.graph.calls[key] for key in document.graph.calls if key != document.graph.inputs[0].call]
    assert call.args == (2.5, TensorRef(document.graph.inputs[0].call))
    operation = document.graph.operation_named("op")
    assert operation is not None
    assert (operation.class_name, operation.module) == ("Subtract", "keras.src.ops.numpy")


def test_yaml_gets_todays_way(tmp_path: Path, catalog: Catalog) -> None:
    path = tmp_path / "model.yaml"
    path.write_text("class_name: Sequential", "utf-8")
    with pytest.raises(Exception, match="no longer reads YAML"):
        open_model(path, catalog)


def test_assets_of_nobody_are_told(tmp_path: Path, catalog: Catalog) -> None:
    path = tmp_path / "words.keras"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("config.json", json.dumps(model(layer("dense", "Dense", "x", units=3))))
        file.writestr("assets/layers/string_lookup/vocabulary.txt", "a")
    (note,) = open_model(path, catalog).notes
    assert "assets/layers/string_lookup/vocabulary.txt does not come along" in str(note)


def test_an_h5_file_of_keras_2(tmp_path: Path, catalog: Catalog) -> None:
    layers = [old_input("a", 4), old_layer("dense", "Dense", [["a", 0, 0, {}]], units=4, **DENSE)]
    training = {
        "loss": {"class_name": "MeanSquaredError", "config": {"reduction": "auto", "name": "mean_squared_error"}},
        "metrics": [["mae"]],
        "optimizer_config": {"class_name": "Adam", "config": {"learning_rate": 0.0010000000474974513, "decay": 0.0}},
    }
    path = tmp_path / "old.h5"
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = b"2.4.0"
        file.attrs["model_config"] = json.dumps(old_model(layers, [["a", 0, 0]], [["dense", 0, 0]])).encode()
        file.attrs["training_config"] = json.dumps(training).encode()
        file.create_group("model_weights")
    found = open_model(path, catalog)
    assert found.weights
    assert found.document.keras_version == "2.4.0"
    assert found.document.training == {
        "optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.001}},
        "outputs": {
            "dense": {
                "loss": {"class_name": "MeanSquaredError", "config": {}},
                "metrics": [{"class_name": "MeanAbsoluteError", "config": {}}],
                "weight": 1.0,
            }
        },
    }


def test_keras_runs_what_was_opened(opened: Any, engine: Engine, catalog: Catalog) -> None:
    """Wrappers, policies and old arguments: the engine takes all of it."""
    policy = {"class_name": "Policy", "config": {"name": "mixed_float16"}}
    inner = {"class_name": "LSTM", "config": {"name": "lstm", "units": 3, "time_major": False, "implementation": 2}}
    pooling = {"class_name": "Dense", "config": {"name": "each", "units": 2, "kernel_initializer": GLOROT}}
    layers = [
        old_input("t", 3, 4),
        old_layer("wrapped", "TimeDistributed", [["t", 0, 0, {}]], layer=pooling),
        old_layer("both", "Bidirectional", [["wrapped", 0, 0, {}]], layer=inner, merge_mode="concat"),
        old_layer(
            "dense",
            "Dense",
            [["both", 0, 0, {}]],
            units=2,
            kernel_regularizer={"class_name": "L2", "config": {"l2": 0.01}},
        ),
        old_layer("half", "Activation", [["dense", 0, 0, {}]], activation="relu", dtype=policy),
    ]
    document = opened(old_model(layers, [["t", 0, 0]], [["half", 0, 0]])).document
    from graph_editor.document.checking.validation import Structure
    from graph_editor.keras_format.calls import CallReader

    calls = [
        CallSpec(
            call.id,
            OperationJson(
                call.operation["class_name"],
                call.operation["config"],
                call.operation["module"],
                call.operation["registered_name"],
            ),
            call.args,
            call.kwargs,
        )
        for call in CallReader(Structure(catalog)).read(document)
    ]
    answer = engine.ask(Infer(0, calls), timeout=300)
    assert isinstance(answer, Inferred)
    assert [str(result.error) for result in answer.results if result.error] == []
    assert answer.results[-1].outputs[0].shape == (None, 2)
    assert answer.results[-1].outputs[0].dtype == "float16"
