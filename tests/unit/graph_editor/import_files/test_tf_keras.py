"""What tf.keras wrote beside the layers: dtypes, policies, initializers, and models inside of wrappers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.keras_format.files.opening import OpenedModel, open_model
from graph_editor.keras_format.functional import model_json
from runtime.clients.engine import Engine
from runtime.messages.connection import Failed
from runtime.messages.exporting import Export, Exported
from tests.unit.graph_editor.import_files.models import Json, old_input, old_layer, old_model

Open = Callable[[Json], OpenedModel]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


@pytest.fixture
def opened(tmp_path: Path, catalog: Catalog) -> Open:
    def open_json(config: Json) -> OpenedModel:
        path = tmp_path / "old.json"
        path.write_text(json.dumps(config), "utf-8")
        return open_model(path, catalog)

    return open_json


def stack(*layers: Json, version: str = "2.2.4-tf") -> Json:
    return {"class_name": "Sequential", "config": {"name": "s", "layers": list(layers)}, "keras_version": version}


def dense(**config: Json) -> Json:
    return {"class_name": "Dense", "config": {"name": "d", "batch_input_shape": [None, 4], "units": 3, **config}}


def config_of(document: Document, name: str) -> Json:
    found = document.graph.operation_named(name)
    assert found is not None
    return found.config


POLICY = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "mixed_float16"}, "registered_name": None}
LOSS_SCALE = {"class_name": "DynamicLossScale", "config": {"initial_loss_scale": 32768.0}}


@pytest.mark.parametrize(
    ("dtype", "layer", "source"),
    [
        ("float", "float32", "float32"),
        ("double", "float64", "float64"),
        ("half", "float16", "float16"),
        ("float32_ref", "float32", "float32"),
        ("float64", "float64", "float64"),
        ("mixed_float16", "mixed_float16", "float32"),
        ("_infer", None, "float32"),
        (None, None, "float32"),
        ({"class_name": "Policy", "config": {"name": "mixed_float16"}}, POLICY, "float32"),
        ({"class_name": "PolicyV1", "config": {"name": "mixed_float16", "loss_scale": LOSS_SCALE}}, POLICY, "float32"),
        (
            {"module": "keras.mixed_precision", "class_name": "Policy", "config": {"name": "mixed_float16"}},
            POLICY,
            "float32",
        ),
        ({"class_name": "Policy", "config": {"name": "infer"}}, None, "float32"),
    ],
)
def test_dtypes_are_those_of_today(opened: Open, dtype: Json, layer: Json, source: str) -> None:
    document = opened(stack(dense(dtype=dtype))).document
    assert config_of(document, "d")["dtype"] == layer
    assert config_of(document, "d_input")["dtype"] == source


def test_an_embedding_of_keras_2_says_the_dtype_of_its_words(opened: Open) -> None:
    config = {"name": "e", "batch_input_shape": [None, 5], "dtype": "int32", "input_dim": 9, "output_dim": 3}
    document = opened(stack({"class_name": "Embedding", "config": config})).document
    assert config_of(document, "e")["dtype"] is None
    assert config_of(document, "e_input")["dtype"] == "int32"


def test_an_input_of_float_is_one_of_float32(opened: Open) -> None:
    source = old_input("a", 4)
    source["config"]["dtype"] = "float"
    document = opened(
        old_model([source, old_layer("d", "Dense", [["a", 0, 0, {}]], units=2)], [["a", 0, 0]], [["d", 0, 0]])
    ).document
    assert config_of(document, "a")["dtype"] == "float32"


@pytest.mark.parametrize(
    ("initializer", "class_name", "config"),
    [
        (
            {"class_name": "GlorotUniform", "config": {"seed": None, "dtype": "float32"}},
            "GlorotUniform",
            {"seed": None},
        ),
        ({"class_name": "Zeros", "config": {"dtype": "float32"}}, "Zeros", {}),
        ({"class_name": "Constant", "config": {"value": 2, "dtype": "float32"}}, "Constant", {"value": 2}),
        (
            {"class_name": "RandomUniform", "config": {"minval": -1, "maxval": 1, "seed": 3, "dtype": "float32"}},
            "RandomUniform",
            {"minval": -1, "maxval": 1, "seed": 3},
        ),
        (
            {"class_name": "TruncatedNormalV1", "config": {"mean": 0.0, "stddev": 2.0}},
            "TruncatedNormal",
            {"mean": 0.0, "stddev": 2.0},
        ),
        (
            {"class_name": "Orthogonal", "config": {"gain": 1.0, "seed": None, "dtype": "float32"}},
            "Orthogonal",
            {"gain": 1.0, "seed": None},
        ),
        (
            {
                "class_name": "VarianceScaling",
                "config": {"scale": 2.0, "mode": "fan_avg", "distribution": "normal", "seed": 1},
            },
            "VarianceScaling",
            {"scale": 2.0, "mode": "fan_avg", "distribution": "normal", "seed": 1},
        ),
    ],
)
def test_initializers_lose_the_dtype_that_the_layer_says(
    opened: Open, initializer: Json, class_name: str, config: Json
) -> None:
    found = opened(stack(dense(kernel_initializer=initializer)))
    assert found.notes == ()
    now = {"module": "keras.initializers", "class_name": class_name, "config": config, "registered_name": None}
    assert config_of(found.document, "d")["kernel_initializer"] == now


def test_what_an_initializer_does_not_take_is_told_and_ones_own_is_kept(opened: Open) -> None:
    odd = {"class_name": "GlorotUniform", "config": {"seed": None, "wobble": 3}}
    (note,) = opened(stack(dense(kernel_initializer=odd))).notes
    assert "GlorotUniform.wobble" in note.english()
    own = {"class_name": "Mine", "config": {"dtype": "float32"}}
    assert config_of(opened(stack(dense(kernel_initializer=own))).document, "d")["kernel_initializer"] == own


def inner_stack() -> Json:
    layers = [
        {
            "class_name": "Dense",
            "config": {"name": "first", "batch_input_shape": [None, 4], "units": 3, "dtype": "float"},
        },
        {"class_name": "LeakyReLU", "config": {"name": "leaky", "alpha": 0.25}},
    ]
    return {"class_name": "Sequential", "config": {"name": "core", "layers": layers}}


def inner_graph() -> Json:
    layers = [old_input("i", 4), old_layer("d", "Dense", [["i", 0, 0, {}]], units=3)]
    made = old_model(
        [*layers, old_layer("sum", "Add", [["d", 0, 0, {}], ["d", 0, 0, {}]])], [["i", 0, 0]], [["sum", 0, 0]]
    )
    return {"class_name": "Model", "config": {**made["config"], "name": "core"}}


def wrapped(class_name: str, inner: Json, **config: Json) -> Json:
    box = old_layer("box", class_name, [["t", 0, 0, {}]], layer=inner, **config)
    return old_model([old_input("t", 5, 4), box], [["t", 0, 0]], [["box", 0, 0]])


CELL = {"class_name": "LSTMCell", "config": {"name": "cell", "units": 3}}
CELLS = {
    "class_name": "StackedRNNCells",
    "config": {"name": "cells", "cells": [CELL, {**CELL, "config": {"name": "c2", "units": 2}}]},
}
INSIDE: dict[str, Json] = {
    "a stack": wrapped("TimeDistributed", inner_stack()),
    "a graph": wrapped("TimeDistributed", inner_graph()),
    "a stack in a stack": wrapped(
        "TimeDistributed", {"class_name": "Sequential", "config": {"name": "outer", "layers": [inner_stack()]}}
    ),
    "a wrapper in a wrapper": wrapped(
        "TimeDistributed",
        {
            "class_name": "Sequential",
            "config": {
                "name": "outer",
                "layers": [
                    {
                        "class_name": "Reshape",
                        "config": {"name": "r", "batch_input_shape": [None, 4], "target_shape": [2, 2]},
                    },
                    {
                        "class_name": "TimeDistributed",
                        "config": {"name": "td", "layer": {"class_name": "Dense", "config": {"name": "x", "units": 2}}},
                    },
                ],
            },
        },
    ),
    "both ways": wrapped(
        "Bidirectional", {"class_name": "CuDNNGRU", "config": {"name": "g", "units": 2}}, merge_mode="sum"
    ),
}
INSIDE["cells"] = old_model(
    [old_input("t", 5, 4), old_layer("box", "RNN", [["t", 0, 0, {}]], cell=CELLS)], [["t", 0, 0]], [["box", 0, 0]]
)


@pytest.mark.parametrize("name", INSIDE)
def test_models_inside_of_wrappers_are_built_by_keras(opened: Open, engine: Engine, tmp_path: Path, name: str) -> None:
    found = opened(INSIDE[name])
    assert found.notes == ()
    question = Export(0, model_json(found.document), "keras", str(tmp_path / "m.keras"), None, None)
    answer: Any = engine.ask(question, timeout=300)
    assert not isinstance(answer, Failed), answer
    assert isinstance(answer, Exported)
    assert any("same" in check.english() for check in answer.checks)


def test_classes_of_ones_own_are_found_by_the_name_they_are_registered_by(opened: Open) -> None:
    """Such files name no module; Keras finds the class by "package>Name"."""
    own = {"class_name": "mine>Sampling", "config": {"name": "sampling"}}
    inner = {"class_name": "mine>Cell", "config": {"name": "cell", "size": 2}}
    keep = {"class_name": "mine>Keep", "config": {"share": 0.5}}
    wrapper = {"class_name": "TimeDistributed", "config": {"name": "each", "layer": inner}}
    result = opened(stack(dense(kernel_regularizer=keep), own, wrapper, version="2.15.0"))
    operation = result.document.graph.operation_named("sampling")
    assert operation is not None
    assert (operation.class_name, operation.registered_name) == ("Sampling", "mine>Sampling")
    written = {entry["config"]["name"]: entry for entry in model_json(result.document)["config"]["layers"]}
    place = {"module": None, "class_name": "Sampling", "registered_name": "mine>Sampling"}
    assert written["sampling"].items() >= place.items()
    assert written["each"]["config"]["layer"] == {
        "module": None,
        "class_name": "Cell",
        "config": inner["config"],
        "registered_name": "mine>Cell",
    }
    assert written["d"]["config"]["kernel_regularizer"] == {
        "module": None,
        "class_name": "Keep",
        "config": {"share": 0.5},
        "registered_name": "mine>Keep",
    }
    assert result.notes == ()  # the list of problems says that they are not trusted


@pytest.mark.parametrize("version", ["2.15.0", "3.15.1"])
def test_a_layer_is_found_by_its_name_in_python(opened: Open, version: str) -> None:
    """Keras publishes this one by another name, and .h5 files have that of the class."""
    config = {"name": "attention", "head_dim": 4, "num_query_heads": 2, "num_key_value_heads": 1}
    result = opened(stack(dense(), {"class_name": "GroupedQueryAttention", "config": config}, version=version))
    operation = result.document.graph.operation_named("attention")
    assert operation is not None
    assert (operation.module, operation.class_name) == ("keras.layers", "GroupQueryAttention")
