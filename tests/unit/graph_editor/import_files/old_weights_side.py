"""Weights of Keras 1, Theano and CuDNN layers: what was computed then, by its formulas, and what opened models compute.

`python old_weights_side.py FOLDER` writes such files there, opens them, loads their weights, and reports as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import h5py
import keras
import numpy as np
from numpy.typing import NDArray

from graph_editor.catalog.catalog import Catalog
from graph_editor.keras_format.files.opening import open_model
from graph_editor.keras_format.functional import model_json
from runtime.worker.keras_models.build import build_model
from runtime.worker.keras_models.weights import load_weights
from runtime.worker.process.control import WorkerError

Json = Any
Array = NDArray[Any]
CATALOG = Catalog.load()
RANDOM = np.random.default_rng(7)
UNITS, WIDTH, STEPS = 3, 4, 5


def drawn(*shape: int) -> Array:
    return RANDOM.normal(size=shape).astype("float32")


def sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)))


def write(path: Path, config: Json, layers: Mapping[str, Mapping[str, Array]], **attributes: str) -> Path:
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(config).encode()
        group = file.create_group("model_weights")
        for name, value in attributes.items():
            file.attrs[name] = group.attrs[name] = value.encode()
        group.attrs["layer_names"] = [name.encode() for name in layers]
        for name, arrays in layers.items():
            own = group.create_group(name)
            own.attrs["weight_names"] = [weight.encode() for weight in arrays]
            for weight, array in arrays.items():
                own.create_dataset(weight, data=array)
    return path


def channels_first(model: Any, image: Array) -> Any:
    """What a convolution with its channels first computes, by one with its channels last: processors have no other."""
    layer = model.layers[-1]
    assert layer.data_format == "channels_first"
    kernel, bias = layer.get_weights()
    found = keras.ops.conv(image.transpose(0, 2, 3, 1), kernel, padding="valid", data_format="channels_last")
    return np.asarray(found + bias).transpose(0, 3, 1, 2)


def answer(path: Path, x: Any, wanted: Array, first: bool = False) -> Json:
    """How far the opened model is from what was computed then, and what was said."""
    opened = open_model(path, CATALOG)
    model = build_model(model_json(opened.document))
    report = load_weights(model, path)
    found = np.asarray(channels_first(model, x) if first else model.predict(x, verbose=0))
    apart = float(np.abs(found - wanted).max()) if found.shape == wanted.shape else f"{found.shape}, not {wanted.shape}"
    return [[str(note) for note in (*opened.notes, *report.doubts)], report.complete, apart]


def stack(*layers: Json, version: str = "1.2.2") -> Json:
    return {"class_name": "Sequential", "config": list(layers), "keras_version": version}


def entry(class_name: str, name: str, shape: Json = None, **config: Json) -> Json:
    first = {} if shape is None else {"batch_input_shape": [None, *shape], "input_dtype": "float32"}
    return {"class_name": class_name, "config": {"name": name, "trainable": True, **first, **config}}


# CuDNN


def cudnn_gates(kernel: Array, recurrent: Array, bias: Array, count: int) -> list[tuple[Array, Array, Array, Array]]:
    """For each gate what CuDNN multiplies with: W (units, width), R (units, units), and its two biases."""
    biases = bias.reshape(2, count, UNITS)
    return [
        (
            np.ascontiguousarray(kernel[:, place * UNITS : (place + 1) * UNITS]).reshape(UNITS, -1),
            recurrent[:, place * UNITS : (place + 1) * UNITS],
            biases[0, place],
            biases[1, place],
        )
        for place in range(count)
    ]


def cudnn_lstm(x: Array, kernel: Array, recurrent: Array, bias: Array) -> Array:
    gates = cudnn_gates(kernel, recurrent, bias, 4)
    h = c = np.zeros((len(x), UNITS), "float32")
    outputs = []
    for step in range(x.shape[1]):
        i, f, g, o = (x[:, step] @ w.T + h @ r.T + one + two for w, r, one, two in gates)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        outputs.append(h)
    return np.stack(outputs, 1)


def cudnn_gru(x: Array, kernel: Array, recurrent: Array, bias: Array) -> Array:
    update, reset, new = cudnn_gates(kernel, recurrent, bias, 3)
    h = np.zeros((len(x), UNITS), "float32")
    outputs = []
    for step in range(x.shape[1]):
        z, r = (sigmoid(x[:, step] @ w.T + h @ u.T + one + two) for w, u, one, two in (update, reset))
        w, u, one, two = new
        h = z * h + (1 - z) * np.tanh(x[:, step] @ w.T + one + r * (h @ u.T + two))
        outputs.append(h)
    return np.stack(outputs, 1)


def cudnn_arrays(gates: int) -> list[Array]:
    return [drawn(WIDTH, gates * UNITS), drawn(UNITS, gates * UNITS), drawn(2 * gates * UNITS)]


def named(prefix: str, arrays: list[Array]) -> dict[str, Array]:
    names = ("kernel", "recurrent_kernel", "bias")
    return {f"{prefix}/{name}:0": array for name, array in zip(names, arrays, strict=True)}


def cudnn(folder: Path) -> Json:
    x = drawn(2, STEPS, WIDTH)
    rnn = {"units": UNITS, "return_sequences": True}
    answers = {}
    for class_name, gates, compute in (("CuDNNLSTM", 4, cudnn_lstm), ("CuDNNGRU", 3, cudnn_gru)):
        forward, backward = cudnn_arrays(gates), cudnn_arrays(gates)
        version = {"keras_version": "2.2.4", "backend": "tensorflow"}
        config = stack(entry(class_name, "rnn", (STEPS, WIDTH), **rnn), version="2.2.4")
        path = write(folder / f"{class_name}.h5", config, {"rnn": named("rnn", forward)}, **version)
        answers[class_name] = answer(path, x, compute(x, *forward))
        inner = {"class_name": class_name, "config": {"name": "rnn", **rnn}}
        both = stack(entry("Bidirectional", "both", (STEPS, WIDTH), layer=inner, merge_mode="concat"), version="2.2.4")
        arrays = {**named("forward_rnn", forward), **named("backward_rnn", backward)}
        path = write(folder / f"both{class_name}.h5", both, {"both": arrays}, **version)
        reversed_answer = compute(x[:, ::-1], *backward)[:, ::-1]
        answers[f"Bidirectional {class_name}"] = answer(
            path, x, np.concatenate([compute(x, *forward), reversed_answer], -1)
        )
    return answers


# Keras 1


def keras1(folder: Path) -> Json:
    answers: Json = {}
    for backend in ("tensorflow", "theano"):
        attributes = {"keras_version": "1.2.2", "backend": backend}
        for ordering in ("tf", "th"):
            answers[f"Convolution2D {ordering} {backend}"] = _convolution(
                folder, ordering, backend == "theano", attributes
            )
        answers[f"Convolution1D {backend}"] = _convolution_1d(folder, backend == "theano", attributes)
    attributes = {"keras_version": "1.2.2", "backend": "tensorflow"}
    for class_name, letters in (("LSTM", "icfo"), ("GRU", "zrh")):
        answers[class_name] = _recurrent(folder, class_name, letters, attributes)
    answers["without a version"] = _recurrent(folder, "LSTM", "icfo", {})
    answers["Convolution2D of nobody"] = _convolution(folder, "tf", False, {})
    answers["branches"] = _branches(folder, attributes)
    return answers


def _convolution(folder: Path, ordering: str, theano: bool, attributes: Mapping[str, str]) -> Json:
    """Rows and columns of different lengths and a kernel without symmetry, so that no turn goes unseen."""
    kernel = drawn(2, 3, 2, 4)  # rows, columns, channels, filters
    bias, image = drawn(4), drawn(2, 5, 6, 2)
    used = kernel[::-1, ::-1] if theano else kernel
    wanted = np.zeros((2, 4, 4, 4), "float32")
    for row in range(4):
        for column in range(4):
            wanted[:, row, column] = np.tensordot(image[:, row : row + 2, column : column + 3], used, 3) + bias
    first = ordering == "th"
    conv = {"nb_filter": 4, "nb_row": 2, "nb_col": 3, "subsample": [1, 1], "border_mode": "valid", "bias": True}
    shape = (2, 5, 6) if first else (5, 6, 2)
    config = stack(entry("Convolution2D", "conv", shape, dim_ordering=ordering, activation="linear", **conv))
    stored = {"conv_W": kernel.transpose(3, 2, 0, 1) if first else kernel, "conv_b": bias}
    path = write(folder / f"{ordering}{theano}.h5", config, {"conv": stored}, **attributes)
    if first:
        return answer(path, image.transpose(0, 3, 1, 2), wanted.transpose(0, 3, 1, 2), first)
    return answer(path, image, wanted)


def _convolution_1d(folder: Path, theano: bool, attributes: Mapping[str, str]) -> Json:
    kernel, bias, x = drawn(3, 1, 2, 4), drawn(4), drawn(2, 6, 2)
    used = kernel[::-1, 0] if theano else kernel[:, 0]
    wanted = np.stack([np.tensordot(x[:, step : step + 3], used, 2) + bias for step in range(4)], 1)
    conv = {"nb_filter": 4, "filter_length": 3, "subsample_length": 1, "border_mode": "valid", "bias": True}
    config = stack(entry("Convolution1D", "conv", (6, 2), activation="linear", **conv))
    path = write(folder / f"1d{theano}.h5", config, {"conv": {"conv_W": kernel, "conv_b": bias}}, **attributes)
    return answer(path, x, wanted)


def _recurrent(folder: Path, class_name: str, letters: str, attributes: Mapping[str, str]) -> Json:
    """Gates one by one, in the order in which Keras 1 listed them."""
    x = drawn(2, STEPS, WIDTH)
    arrays: dict[str, Array] = {}
    for letter in letters:
        arrays |= {f"rnn_W_{letter}": drawn(WIDTH, UNITS), f"rnn_U_{letter}": drawn(UNITS, UNITS)}
        arrays[f"rnn_b_{letter}"] = drawn(UNITS)
    h = c = np.zeros((2, UNITS), "float32")

    def gate(letter: str, now: Array, state: Array) -> Array:
        w, u, b = (arrays[f"rnn_{part}_{letter}"] for part in "WUb")
        return np.asarray(now @ w + state @ u + b)

    for now in x.transpose(1, 0, 2):
        if class_name == "LSTM":
            c = sigmoid(gate("f", now, h)) * c + sigmoid(gate("i", now, h)) * np.tanh(gate("c", now, h))
            h = sigmoid(gate("o", now, h)) * np.tanh(c)
        else:
            z, r = sigmoid(gate("z", now, h)), sigmoid(gate("r", now, h))
            h = z * h + (1 - z) * np.tanh(gate("h", now, r * h))
    settings = {"output_dim": UNITS, "inner_init": "orthogonal", "activation": "tanh", "inner_activation": "sigmoid"}
    config = stack(entry(class_name, "rnn", (STEPS, WIDTH), init="glorot_uniform", consume_less="cpu", **settings))
    path = write(folder / f"{class_name}{len(attributes)}.h5", config, {"rnn": arrays}, **attributes)
    return answer(path, x, h)


def _branches(folder: Path, attributes: Mapping[str, str]) -> Json:
    """A stack that begins with a Merge listed the layers of its branches, not the branches."""
    weights = {name: {f"{name}_W": drawn(4, 2), f"{name}_b": drawn(2)} for name in ("left", "right")}
    dense = [entry("Dense", name, (4,), output_dim=2, activation="linear", bias=True) for name in weights]
    branches = [{"class_name": "Sequential", "config": [layer]} for layer in dense]
    merge = {"name": "both", "mode": "concat", "mode_type": "raw", "concat_axis": 1, "dot_axes": -1, "layers": branches}
    out = {"out_W": drawn(4, 1), "out_b": drawn(1)}
    last = entry("Dense", "out", output_dim=1, activation="linear", bias=True)
    config = stack({"class_name": "Merge", "config": merge}, last)
    layers = {**weights, "both": {}, "out": out}
    path = write(folder / "branches.h5", config, layers, **attributes)
    x = [drawn(2, 4), drawn(2, 4)]
    sides = [one @ own[f"{name}_W"] + own[f"{name}_b"] for one, (name, own) in zip(x, weights.items(), strict=True)]
    return answer(path, x, np.concatenate(sides, 1) @ out["out_W"] + out["out_b"])


# TensorFlow.js


def tensorflow_js(folder: Path) -> Json:
    """Two files of arrays, one of them made of bytes; a model inside of the model; an array of nobody."""
    x = drawn(2, 4)
    dense = {"one": (drawn(4, 3), drawn(3)), "two": (drawn(3, 2), drawn(2))}
    steps = RANDOM.integers(0, 256, size=(4, 3)).astype("uint8")
    dense["one"] = (steps.astype("float32") * np.float32(0.01) - np.float32(1), dense["one"][1])
    quantized = {"quantization": {"dtype": "uint8", "min": -1.0, "scale": 0.01}}
    entries = [
        {"name": "one/kernel", "shape": [4, 3], "dtype": "float32", **quantized},
        *({"name": name, "shape": list(array.shape), "dtype": "float32"} for name, array in _plain(dense)),
    ]
    content = b"".join([steps.tobytes(), *(array.astype("<f4").tobytes() for _, array in _plain(dense))])
    (folder / "part1.bin").write_bytes(content[:20])
    (folder / "part2.bin").write_bytes(content[20:])
    units = {name: {"units": len(bias), "activation": "linear"} for name, (_, bias) in dense.items()}
    inner = {"class_name": "Sequential", "config": {"name": "inner", "layers": [entry("Dense", "two", **units["two"])]}}
    stack_config = {"name": "stack", "layers": [entry("Dense", "one", (4,), **units["one"]), inner]}
    topology = {"class_name": "Sequential", "config": stack_config, "keras_version": "tfjs-layers 4.1.0"}
    manifest = [{"paths": ["part1.bin", "part2.bin"], "weights": entries}]
    path = folder / "model.json"
    path.write_text(json.dumps({"modelTopology": topology, "weightsManifest": manifest}))
    wanted = (x @ dense["one"][0] + dense["one"][1]) @ dense["two"][0] + dense["two"][1]
    answers = {"whole": answer(path, x, wanted)}
    manifest[0]["paths"] = ["part1.bin"]
    path.write_text(json.dumps({"modelTopology": topology, "weightsManifest": manifest}))
    answers["torn"] = refusal(path)
    manifest[0]["paths"] = ["part1.bin", "part2.bin", "part2.bin"]
    path.write_text(json.dumps({"modelTopology": topology, "weightsManifest": manifest}))
    answers["too long"] = refusal(path)
    return answers


def _plain(dense: Mapping[str, tuple[Array, Array]]) -> list[tuple[str, Array]]:
    return [("one/bias", dense["one"][1]), ("two/kernel", dense["two"][0]), ("two/bias", dense["two"][1])]


def refusal(path: Path) -> str | None:
    model = build_model(model_json(open_model(path, CATALOG).document))
    try:
        load_weights(model, path)
    except WorkerError as error:
        return error.text.english()
    return None


def main() -> None:
    folder = Path(sys.argv[1])
    print(json.dumps({**cudnn(folder), **keras1(folder), "TensorFlow.js": tensorflow_js(folder)}))


if __name__ == "__main__":
    main()
