"""What plain Keras says about layers, in a process of its own: the tests hold the engine's answers against it.

`python -m tests.unit.runtime.keras_truth FOLDER` prints JSON and leaves a trained model in FOLDER/run/model.keras.
`python -m tests.unit.runtime.keras_truth FOLDER/run/model.keras OTHER` compares two models weight by weight.
"""

import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers

Shape = tuple[int | None, ...]
Case = tuple[Callable[[], Any], list[Shape], str]  # the layer, shapes of its inputs, how it takes them

IMAGE: Shape = (None, 8, 8, 3)
STEPS: Shape = (None, 5, 4)
ROW: Shape = (None, 6)

CASES: dict[str, Case] = {
    "dense": (lambda: layers.Dense(7, activation="relu"), [ROW], "args"),
    "dense_frozen": (lambda: layers.Dense(7, trainable=False), [ROW], "args"),
    "dense_half": (lambda: layers.Dense(7, dtype="mixed_float16"), [ROW], "args"),
    "conv2d": (lambda: layers.Conv2D(4, 3, strides=2, padding="same"), [IMAGE], "args"),
    "conv2d_unknown_size": (lambda: layers.Conv2D(4, 3), [(None, None, None, 3)], "args"),
    "depthwise": (lambda: layers.DepthwiseConv2D(3, depth_multiplier=2), [IMAGE], "args"),
    "separable": (lambda: layers.SeparableConv2D(5, 3), [IMAGE], "args"),
    "transpose": (lambda: layers.Conv2DTranspose(5, 3, strides=2), [IMAGE], "args"),
    "batch_norm": (lambda: layers.BatchNormalization(), [IMAGE], "args"),
    "batch_norm_frozen": (lambda: layers.BatchNormalization(trainable=False), [IMAGE], "args"),
    "group_norm": (lambda: layers.GroupNormalization(3), [IMAGE], "args"),
    "normalization": (lambda: layers.Normalization(), [ROW], "args"),
    "dropout": (lambda: layers.Dropout(0.5), [ROW], "args"),
    "max_pool": (lambda: layers.MaxPooling2D(3), [IMAGE], "args"),
    "global_pool": (lambda: layers.GlobalAveragePooling2D(), [IMAGE], "args"),
    "flatten": (lambda: layers.Flatten(), [IMAGE], "args"),
    "reshape": (lambda: layers.Reshape((3, -1)), [ROW], "args"),
    "embedding": (lambda: layers.Embedding(50, 4, mask_zero=True), [(None, 9)], "args"),
    "lstm": (lambda: layers.LSTM(3, return_sequences=True, return_state=True), [STEPS], "args"),
    "bidirectional": (lambda: layers.Bidirectional(layers.GRU(3)), [STEPS], "args"),
    "time_distributed": (lambda: layers.TimeDistributed(layers.Dense(2)), [STEPS], "args"),
    "add": (lambda: layers.Add(), [ROW, ROW, (None, 1)], "list"),
    "concatenate": (lambda: layers.Concatenate(axis=1), [STEPS, (None, 2, 4)], "list"),
    "dot": (lambda: layers.Dot(axes=1), [ROW, ROW], "list"),
    "attention": (lambda: layers.MultiHeadAttention(2, 3), [STEPS, (None, 7, 4)], "query value"),
    "spectral": (lambda: layers.SpectralNormalization(layers.Dense(3)), [ROW], "args"),
    "random_flip": (lambda: layers.RandomFlip(), [IMAGE], "args"),
    "resizing": (lambda: layers.Resizing(4, 5), [IMAGE], "args"),
    "sequential": (lambda: keras.Sequential([layers.Input((6,)), layers.Dense(3), layers.Dense(2)]), [ROW], "args"),
    "model": (lambda: nested_model(), [ROW], "args"),
}


def nested_model() -> Any:
    given = keras.Input((6,))
    hidden = layers.Dense(3, trainable=False)(given)
    return keras.Model(given, [layers.Dense(2)(hidden), layers.BatchNormalization()(hidden)])


def size_of(variables: list[Any]) -> int:
    return sum(math.prod(variable.shape) for variable in variables)


def answer(case: Case) -> dict[str, Any]:
    make, shapes, style = case
    layer, learning = make(), make()
    operation = keras.saving.serialize_keras_object(layer)  # before it is built, as in a project
    inputs = [keras.Input(batch_shape=shape) for shape in shapes]
    outputs = call(layer, inputs, style)
    call(learning, inputs, style)
    for part in learning._flatten_layers():  # what does not learn even now never does
        part.trainable = True
    all_of_it, trainable = size_of(layer.weights), size_of(layer.trainable_weights)
    state = size_of(learning.non_trainable_weights)
    return {
        "operation": {key: operation[key] for key in ("class_name", "module", "registered_name", "config")},
        "inputs": shapes,
        "style": style,
        "outputs": [[list(tensor.shape), str(tensor.dtype)] for tensor in keras.tree.flatten(outputs)],
        "counts": [all_of_it, trainable, all_of_it - trainable - state, state],
    }


def call(layer: Any, inputs: list[Any], style: str) -> Any:
    if style == "list":
        return layer(inputs)
    if style == "query value":
        return layer(query=inputs[0], value=inputs[1])
    return layer(*inputs)


def operations() -> list[dict[str, Any]]:
    """A model of `keras.ops` calls, as Keras writes it."""
    given = keras.Input((4,), name="given")
    tensor = keras.ops.add(given, given) * 2.0
    tensor = keras.ops.reshape(tensor, (-1, 2, 2))[:, 0]
    result: list[dict[str, Any]] = keras.Model(given, keras.ops.mean(tensor, axis=-1)).get_config()["layers"]
    return result


def trained_model() -> Any:
    keras.utils.set_random_seed(1)
    image = keras.Input((8, 8, 1), name="image")
    hidden = layers.Conv2D(4, 3, name="conv", trainable=False)(image)
    hidden = layers.BatchNormalization(name="norm")(hidden)
    hidden = layers.Dropout(0.1, name="drop")(layers.Flatten(name="flat")(hidden))
    outputs = {"digit": layers.Dense(3, name="digit")(hidden), "even": layers.Dense(1, name="even")(hidden)}
    model = keras.Model(image, outputs, name="tiny")
    model.compile("adam", {"digit": keras.losses.SparseCategoricalCrossentropy(from_logits=True), "even": "mse"})
    random = np.random.default_rng(0)
    truth = {"digit": random.integers(0, 3, 32), "even": random.random((32, 1))}
    model.fit(random.random((32, 8, 8, 1)), truth, epochs=2, verbose=0)
    return model


def compare(one: Path, other: Path) -> dict[str, Any]:
    first, second = keras.saving.load_model(one), keras.saving.load_model(other)
    return {
        "weights": len(second.weights),
        "same_weights": all(
            np.array_equal(a, b) for a, b in zip(first.get_weights(), second.get_weights(), strict=True)
        ),
        "same_optimizer": second.optimizer is not None
        and all(
            np.array_equal(np.asarray(a), np.asarray(b))
            for a, b in zip(first.optimizer.variables, second.optimizer.variables, strict=True)
        ),
        "iterations": int(second.optimizer.iterations) if second.optimizer is not None else None,
    }


def main() -> None:
    path = Path(sys.argv[1])
    if len(sys.argv) > 2:
        print(json.dumps(compare(path, Path(sys.argv[2]))))
        return
    model = trained_model()
    (path / "run").mkdir()
    model.save(path / "run" / "model.keras")
    functional = {"module": "keras", "class_name": "Functional", "config": model.get_config()}
    cases = {name: answer(case) for name, case in CASES.items()}
    print(json.dumps({"cases": cases, "operations": operations(), "model": functional}))


if __name__ == "__main__":
    main()
