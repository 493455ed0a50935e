"""Models of Keras 1: every setting is today's, or the file is refused by name; nothing becomes a default unseen."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.validation import problems
from graph_editor.document.document import Document
from graph_editor.document.files.file_format import FileError
from graph_editor.document.graph import Graph, Operation
from graph_editor.keras_format.files.opening import OpenedModel, open_model
from tests.unit.graph_editor.import_files.models import Json

Open = Callable[..., OpenedModel]


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


def entry(class_name: str, **config: Json) -> Json:
    return {"class_name": class_name, "config": {"name": "box", "trainable": True, **config}}


def stack(*layers: Json, version: str | None = "1.2.2") -> Json:
    told = {} if version is None else {"keras_version": version}
    return {"class_name": "Sequential", "config": list(layers), **told}


def functional(*layers: Json, inputs: Json, outputs: Json) -> Json:
    config = {"name": "model_1", "layers": list(layers), "input_layers": inputs, "output_layers": outputs}
    return {"class_name": "Model", "config": config, "keras_version": "1.2.2"}


def source(name: str, *shape: int) -> Json:
    config = {"batch_input_shape": [None, *shape], "input_dtype": "float32", "sparse": False, "name": name}
    return {"class_name": "InputLayer", "config": config, "name": name, "inbound_nodes": []}


def called(class_name: str, name: str, *sources: str, **config: Json) -> Json:
    nodes = [[[source, 0, 0] for source in sources]]
    return {"class_name": class_name, "config": {"name": name, **config}, "name": name, "inbound_nodes": nodes}


def operation(graph: Graph, name: str) -> Operation:
    found = graph.operation_named(name)
    assert found is not None
    return found


def sources(document: Document, name: str) -> list[str]:
    graph = document.graph
    (call,) = (graph.calls[key] for key in graph.calls_of(operation(graph, name).id))
    return [graph.operation_of(ref.call).name for _, ref in call.tensors()]


L2 = {"name": "L1L2Regularizer", "l1": 0.0, "l2": 0.5}
WEIGHTS = {
    "init": "glorot_normal",
    "W_regularizer": L2,
    "b_regularizer": None,
    "W_constraint": {"name": "MaxNorm", "m": 3, "axis": 0},
    "b_constraint": {"name": "NonNeg"},
    "activity_regularizer": {"name": "ActivityRegularizer", "l1": 0.25, "l2": 0.0},
    "bias": False,
}
NO_SEED = {"seed": None, "input_axes": None, "output_axes": None}


def made(module: str, class_name: str, **config: Json) -> Json:
    return {"module": f"keras.{module}", "class_name": class_name, "config": config, "registered_name": None}


WEIGHTS_NOW = {
    "kernel_initializer": made("initializers", "GlorotNormal", **NO_SEED),
    "kernel_regularizer": made("regularizers", "L1L2", l1=0.0, l2=0.5),
    "bias_regularizer": None,
    "bias_constraint": made("constraints", "NonNeg"),
    "activity_regularizer": made("regularizers", "L1L2", l1=0.25, l2=0.0),
    "use_bias": False,
}
MAX_NORM = made("constraints", "MaxNorm", max_value=3, axis=0)
RECURRENT = {
    **{key: WEIGHTS[key] for key in ("init", "W_regularizer", "b_regularizer")},
    "output_dim": 3,
    "inner_init": "orthogonal",
    "activation": "tanh",
    "inner_activation": "sigmoid",
    "U_regularizer": {"name": "WeightRegularizer", "l1": 0.1, "l2": 0.0},
    "dropout_W": 0.1,
    "dropout_U": 0.2,
    "return_sequences": True,
    "go_backwards": False,
    "stateful": False,
    "unroll": False,
    "consume_less": "gpu",
    "input_dim": 4,
    "input_length": 6,
}
RECURRENT_NOW = {
    **{key: WEIGHTS_NOW[key] for key in ("kernel_initializer", "kernel_regularizer")},
    "units": 3,
    "activation": "tanh",
    "recurrent_activation": "sigmoid",
    "dropout": 0.1,
    "recurrent_dropout": 0.2,
    "recurrent_initializer": made("initializers", "Orthogonal", seed=None, gain=1.1),
    "recurrent_regularizer": made("regularizers", "L1L2", l1=0.1, l2=0.0),
    "return_sequences": True,
}
CONV = {**WEIGHTS, "nb_filter": 8, "activation": "relu", "border_mode": "same"}
CONV_NOW = {**WEIGHTS_NOW, "filters": 8, "activation": "relu", "padding": "same"}
NEW = [
    (
        "Dense",
        {**WEIGHTS, "output_dim": 3, "input_dim": 4},
        "Dense",
        {**WEIGHTS_NOW, "units": 3, "kernel_constraint": MAX_NORM},
    ),
    ("TimeDistributedDense", {**WEIGHTS, "output_dim": 3, "input_length": 2}, "Dense", {**WEIGHTS_NOW, "units": 3}),
    (
        "Convolution1D",
        {**CONV, "filter_length": 3, "subsample_length": 2, "input_dim": 4, "input_length": 9},
        "Conv1D",
        {**CONV_NOW, "kernel_size": 3, "strides": 2},
    ),
    (
        "AtrousConvolution1D",
        {**CONV, "filter_length": 3, "subsample_length": 1, "atrous_rate": 2},
        "Conv1D",
        {"dilation_rate": 2, "kernel_size": 3},
    ),
    (
        "Convolution2D",
        {**CONV, "nb_row": 3, "nb_col": 5, "subsample": [2, 1], "dim_ordering": "tf"},
        "Conv2D",
        {
            **CONV_NOW,
            "kernel_size": [3, 5],
            "strides": [2, 1],
            "data_format": "channels_last",
            "kernel_constraint": MAX_NORM,
        },
    ),
    (
        "Convolution2D",
        {**CONV, "nb_row": 3, "nb_col": 5, "subsample": [2, 1], "dim_ordering": "th"},
        "Conv2D",
        {"data_format": "channels_first", "kernel_constraint": made("constraints", "MaxNorm", max_value=3, axis=3)},
    ),
    (
        "AtrousConvolution2D",
        {**CONV, "nb_row": 3, "nb_col": 3, "subsample": [1, 1], "atrous_rate": [2, 2], "dim_ordering": "tf"},
        "Conv2D",
        {**CONV_NOW, "kernel_size": [3, 3], "dilation_rate": [2, 2]},
    ),
    (
        "SeparableConvolution2D",
        {
            "nb_filter": 4,
            "nb_row": 3,
            "nb_col": 3,
            "depth_multiplier": 2,
            "init": "zero",
            "bias": True,
            "dim_ordering": "tf",
        },
        "SeparableConv2D",
        {"filters": 4, "kernel_size": [3, 3], "depth_multiplier": 2, "use_bias": True}
        | dict.fromkeys(("depthwise_initializer", "pointwise_initializer"), made("initializers", "Zeros")),
    ),
    (
        "Convolution3D",
        {**CONV, "kernel_dim1": 2, "kernel_dim2": 3, "kernel_dim3": 4, "subsample": [1, 1, 1], "dim_ordering": "th"},
        "Conv3D",
        {**CONV_NOW, "kernel_size": [2, 3, 4], "data_format": "channels_first"},
    ),
    ("LSTM", {**RECURRENT, "forget_bias_init": "one"}, "LSTM", {**RECURRENT_NOW, "unit_forget_bias": True}),
    ("LSTM", {**RECURRENT, "forget_bias_init": "zero"}, "LSTM", {"unit_forget_bias": False}),
    ("GRU", RECURRENT, "GRU", {**RECURRENT_NOW, "reset_after": False}),
    ("SimpleRNN", {k: v for k, v in RECURRENT.items() if k != "inner_activation"}, "SimpleRNN", {"units": 3}),
    (
        "Embedding",
        {"input_dim": 9, "output_dim": 4, "init": "uniform", "W_regularizer": L2, "mask_zero": True, "dropout": 0.0},
        "Embedding",
        {"input_dim": 9, "output_dim": 4, "mask_zero": True}
        | {"embeddings_initializer": made("initializers", "RandomUniform", seed=None, minval=-0.05, maxval=0.05)}
        | {"embeddings_regularizer": made("regularizers", "L1L2", l1=0.0, l2=0.5)},
    ),
    ("Dropout", {"p": 0.25}, "Dropout", {"rate": 0.25}),
    ("GaussianDropout", {"p": 0.25}, "GaussianDropout", {"rate": 0.25}),
    ("SpatialDropout1D", {"p": 0.25}, "SpatialDropout1D", {"rate": 0.25}),
    ("GaussianNoise", {"sigma": 0.1}, "GaussianNoise", {"stddev": 0.1}),
    ("LeakyReLU", {"alpha": 0.2}, "LeakyReLU", {"negative_slope": 0.2}),
    ("PReLU", {"init": "one"}, "PReLU", {"alpha_initializer": made("initializers", "Ones")}),
    (
        "MaxPooling1D",
        {"pool_length": 3, "stride": 2, "border_mode": "same"},
        "MaxPooling1D",
        {"pool_size": 3, "strides": 2, "padding": "same"},
    ),
    (
        "AveragePooling2D",
        {"pool_size": [3, 2], "strides": [1, 1], "border_mode": "same", "dim_ordering": "th"},
        "AveragePooling2D",
        {"pool_size": [3, 2], "strides": [1, 1], "padding": "same", "data_format": "channels_first"},
    ),
    ("GlobalMaxPooling2D", {"dim_ordering": "th"}, "GlobalMaxPooling2D", {"data_format": "channels_first"}),
    ("UpSampling1D", {"length": 3}, "UpSampling1D", {"size": 3}),
    (
        "BatchNormalization",
        {"epsilon": 0.01, "mode": 0, "axis": 1, "momentum": 0.9, "gamma_regularizer": None, "beta_init": "one"},
        "BatchNormalization",
        {"epsilon": 0.01, "axis": 1, "momentum": 0.9, "beta_initializer": made("initializers", "Ones")},
    ),
    ("ZeroPadding1D", {"padding": {"left_pad": 1, "right_pad": 2}}, "ZeroPadding1D", {"padding": [1, 2]}),
]


@pytest.mark.parametrize(("class_name", "config", "now", "values"), NEW)
def test_settings_become_those_of_today(opened: Open, class_name: str, config: Json, now: str, values: Json) -> None:
    found = opened(stack(entry(class_name, batch_input_shape=[None, 9, 4], input_dtype="float32", **config)))
    box = operation(found.document.graph, "box")
    assert [str(note) for note in found.notes] == []
    assert (box.class_name, box.module) == (now, "keras.layers")
    assert {key: box.config.get(key) for key in values} == values
    old_names = {*WEIGHTS, *RECURRENT, "nb_filter", "nb_row", "border_mode", "subsample", "mode"} - {
        "activity_regularizer"
    }
    today = {"activation", "return_sequences", "go_backwards", "stateful", "unroll", "output_dim", "input_dim"}
    assert not (old_names - today) & box.config.keys()


@pytest.mark.parametrize("version", ["1.2.2", "1.0.4", None])
def test_a_file_without_a_version_is_judged_by_its_settings(
    opened: Open, catalog: Catalog, version: str | None
) -> None:
    dense = entry("Dense", batch_input_shape=[None, 4], output_dim=3, init="glorot_uniform", bias=True, input_dim=4)
    found = opened(stack(dense, {**entry("Dropout", p=0.5), "config": {"name": "drop", "p": 0.5}}, version=version))
    assert found.notes == ()
    assert operation(found.document.graph, "box").config["units"] == 3
    assert problems(found.document, catalog) == []


@pytest.mark.parametrize(
    ("class_name", "config", "words"),
    [
        ("Convolution2D", {"nb_filter": 3, "nb_row": 3, "nb_col": 3, "border_mode": "full"}, "border mode “full”"),
        ("BatchNormalization", {"mode": 2, "axis": -1}, "mode 2 of BatchNormalization"),
        (
            "Dense",
            {"output_dim": 3, "W_regularizer": {"name": "EigenvalueRegularizer", "k": 0.1}},
            "EigenvalueRegularizer",
        ),
    ],
)
def test_what_would_compute_something_else_is_refused(opened: Open, class_name: str, config: Json, words: str) -> None:
    with pytest.raises(FileError) as told:
        opened(stack(entry(class_name, batch_input_shape=[None, 8, 8, 3], **config)))
    assert words in told.value.text.english()
    assert "box" in told.value.text.english()


@pytest.mark.parametrize("class_name", ["Highway", "MaxoutDense", "SReLU", "ParametricSoftplus", "LocallyConnected2D"])
def test_layers_that_are_gone_are_named_and_keep_their_settings(opened: Open, class_name: str) -> None:
    found = opened(stack(entry(class_name, batch_input_shape=[None, 4], init="glorot_uniform", nb_feature=4)))
    (note,) = found.notes
    assert class_name in note.english()
    box = operation(found.document.graph, "box")
    assert (box.class_name, box.config["nb_feature"]) == (class_name, 4)


def test_settings_that_nobody_knows_are_told(opened: Open) -> None:
    config = {"output_dim": 3, "wibble": 7}
    found = opened(stack(entry("Dense", batch_input_shape=[None, 4], **config)))
    assert [note.english() for note in found.notes] == ["box: Keras 3 has no wibble any more; it was 7."]
    dropped = {"input_dim": 9, "output_dim": 4, "init": "uniform", "dropout": 0.5}
    (note,) = opened(stack(entry("Embedding", batch_input_shape=[None, 4], **dropped))).notes
    assert "dropout" in note.english()


def test_layers_that_did_not_write_where_the_channels_are_follow_the_others(opened: Open) -> None:
    conv = entry("Convolution2D", batch_input_shape=[None, 3, 8, 8], nb_filter=2, nb_row=3, nb_col=3, dim_ordering="th")
    up = {"class_name": "UpSampling2D", "config": {"name": "up", "size": [2, 2]}}
    pad = {"class_name": "ZeroPadding2D", "config": {"name": "pad", "padding": [1, 2, 3, 4]}}
    flat = {"class_name": "Flatten", "config": {"name": "flat"}}
    found = opened(stack(conv, up, pad, flat))
    assert found.notes == ()
    graph = found.document.graph
    assert [operation(graph, name).config["data_format"] for name in ("up", "pad")] == ["channels_first"] * 2
    assert operation(graph, "pad").config["padding"] == [[1, 2], [3, 4]]
    assert operation(graph, "flat").config["data_format"] == "channels_last"  # as they lie: nothing is moved
    alone = opened(
        stack(
            {
                "class_name": "UpSampling2D",
                "config": {"name": "up", "batch_input_shape": [None, 4, 4, 1], "size": [2, 2]},
            }
        )
    )
    (note,) = alone.notes
    assert "channels" in note.english()


def test_a_first_embedding_takes_whole_numbers(opened: Open) -> None:
    words = entry("Embedding", batch_input_shape=[None, 4], input_dtype="int32", input_dim=9, output_dim=2)
    graph = opened(stack(words)).document.graph
    assert operation(graph, "box_input").config["dtype"] == "int32"


def test_inputs_have_the_dtype_they_had(opened: Open) -> None:
    words = {**source("words", 5)}
    words["config"] = {**words["config"], "input_dtype": "int32"}
    embed = called("Embedding", "embed", "words", input_dim=5, output_dim=3, init="uniform")
    found = opened(functional(words, embed, inputs=[["words", 0, 0]], outputs=[["embed", 0, 0]]))
    assert operation(found.document.graph, "words").config["dtype"] == "int32"


# Merge

MERGE = {"mode_type": "raw", "concat_axis": -1, "dot_axes": -1, "output_shape": None, "output_shape_type": "raw"}


@pytest.mark.parametrize(
    ("mode", "config", "class_name", "values"),
    [
        ("sum", {}, "Add", {}),
        ("mul", {}, "Multiply", {}),
        ("ave", {}, "Average", {}),
        ("max", {}, "Maximum", {}),
        ("concat", {"concat_axis": 1}, "Concatenate", {"axis": 1}),
        ("dot", {"dot_axes": [1, 1]}, "Dot", {"axes": [1, 1], "normalize": False}),
        ("dot", {"dot_axes": [[1], [1]]}, "Dot", {"axes": [1, 1], "normalize": False}),
    ],
)
def test_merge_becomes_the_layer_of_its_mode(
    opened: Open, mode: str, config: Json, class_name: str, values: Json
) -> None:
    merge = called("Merge", "merge_1", "a", "b", **{**MERGE, "mode": mode, **config})
    model = functional(
        source("a", 4), source("b", 4), merge, inputs=[["a", 0, 0], ["b", 0, 0]], outputs=[["merge_1", 0, 0]]
    )
    found = opened(model)
    assert found.notes == ()
    box = operation(found.document.graph, "merge_1")
    assert (box.class_name, box.module, sources(found.document, "merge_1")) == (class_name, "keras.layers", ["a", "b"])
    assert box.config.items() >= values.items()
    assert not MERGE.keys() & box.config.keys()


def test_cos_is_told_and_functions_of_ones_own_stay(opened: Open) -> None:
    def merged(**config: Json) -> tuple[Operation, str]:
        merge = called("Merge", "merge_1", "a", "b", **{**MERGE, **config})
        ends = {"inputs": [["a", 0, 0], ["b", 0, 0]], "outputs": [["merge_1", 0, 0]]}
        found = opened(functional(source("a", 4), source("b", 4), merge, **ends))
        (note,) = found.notes
        return operation(found.document.graph, "merge_1"), note.english()

    box, note = merged(mode="cos", dot_axes=[1, 1])
    assert (box.class_name, box.config["normalize"], "cos" in note) == ("Dot", True, True)
    box, note = merged(mode="marshalled code", mode_type="lambda")
    assert (box.class_name, "function of its own" in note) == ("Merge", True)
    box, note = merged(mode="dot", dot_axes=[[1, 2], [1, 2]])
    assert (box.class_name, "“dot”" in note) == ("Merge", True)


def branch(name: str, *, stacked: bool = True) -> Json:
    dense = {"class_name": "Dense", "config": {"name": name, "batch_input_shape": [None, 4], "output_dim": 3}}
    return {"class_name": "Sequential", "config": [dense]} if stacked else dense


def test_a_stack_that_begins_with_a_merge_has_an_input_for_each_branch(opened: Open, catalog: Catalog) -> None:
    merge: Json = {"class_name": "Merge", "config": {**MERGE, "name": "both", "mode": "concat"}}
    merge["config"]["layers"] = [branch("left"), branch("right"), branch("plain", stacked=False)]
    out = {"class_name": "Dense", "config": {"name": "out", "output_dim": 1, "activation": "sigmoid"}}
    document = opened(stack(merge, out)).document
    assert sources(document, "both") == ["sequential_1", "sequential_2", "plain"]
    assert sources(document, "out") == ["both"]
    assert sources(document, "sequential_2") == ["sequential_2_input"]
    assert len(document.graph.input_refs()) == 3
    assert operation(document.graph, "both").class_name == "Concatenate"
    assert problems(document, catalog) == []


def test_branches_may_begin_with_branches(opened: Open, catalog: Catalog) -> None:
    inner: Json = {"class_name": "Merge", "config": {**MERGE, "name": "inner", "mode": "sum"}}
    inner["config"]["layers"] = [branch("one"), branch("two")]
    outer: Json = {"class_name": "Merge", "config": {**MERGE, "name": "outer", "mode": "concat"}}
    outer["config"]["layers"] = [{"class_name": "Sequential", "config": [inner]}, branch("three")]
    document = opened(stack(outer)).document
    assert len(document.graph.input_refs()) == 3
    assert problems(document, catalog) == []
    del outer["config"]["layers"][1]["config"][0]["config"]["batch_input_shape"]
    with pytest.raises(FileError, match="the shape of its input is missing"):
        opened(stack(outer))


def test_stacks_in_stacks(opened: Open, catalog: Catalog) -> None:
    """Keras 2.0 and before gave inner stacks no name, and the input to the innermost layer."""
    for depth in (1, 3):
        inner: Any = branch("first")
        for _ in range(depth - 1):
            inner = {"class_name": "Sequential", "config": [inner]}
        other = {
            "class_name": "Sequential",
            "config": [{"class_name": "Dense", "config": {"name": "d", "output_dim": 2}}],
        }
        document = opened(stack(inner, other)).document
        names = [item.name for item in document.graph.operations.values()]
        assert names == ["sequential_1_input", "sequential_1", "sequential_2"]
        assert operation(document.graph, names[0]).config["batch_shape"] == [None, 4]
        assert problems(document, catalog) == []


def test_models_of_keras_0_are_called_that(opened: Open) -> None:
    dense = {"name": "Dense", "output_dim": 3, "input_shape": [4]}
    with pytest.raises(FileError, match="Keras 0 wrote it"):
        opened({"class_name": "Sequential", "name": "Sequential", "layers": [dense], "loss": "mse"})
