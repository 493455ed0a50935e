"""Writes the files in `keras2/`, with Keras 2 itself: `python make_keras2.py`, once, where `tf_keras` is installed.

The project does not need `tf_keras`; the files are committed. Each model is trained a little and saved, beside what it
answers for a fixed input (`NAME.npz`: x, y0, y1, ...).
"""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any

import numpy as np

os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
FOLDER = Path(__file__).parent / "keras2"
RANDOM = np.random.default_rng(0)


def save(name: str, suffix: str, model: Any, x: Any) -> None:
    model.compile("adam", "mse", metrics=["mae"])
    answers = model.predict(x, verbose=0)
    model.fit(x, answers, verbose=0)
    model.save(FOLDER / f"{name}{suffix}")
    found = model.predict(x, verbose=0)
    outputs = found if isinstance(found, list) else [found]
    np.savez(FOLDER / f"{name}.npz", x=x, **{f"y{number}": value for number, value in enumerate(outputs)})


def image(keras: Any, layers: Any) -> Any:
    source = keras.Input((8, 8, 3), name="image")
    x = layers.Conv2D(4, 3, padding="same", name="conv")(source)
    x = layers.LeakyReLU(0.2, name="leaky")(layers.BatchNormalization(name="norm")(x))
    x = layers.DepthwiseConv2D(3, name="depthwise")(x)
    x = layers.ThresholdedReLU(0.1, name="threshold")(layers.SeparableConv2D(5, 3, name="separable")(x))
    x = layers.Dropout(0.2, name="drop")(layers.GlobalAveragePooling2D(name="pool")(x))
    return keras.Model(source, layers.Dense(2, kernel_regularizer="l2", name="out")(x))


def nested(keras: Any, layers: Any) -> Any:
    inside = keras.Input((4,), name="inside")
    inner = keras.Model(inside, layers.Dense(4, name="d2")(layers.Dense(4, name="d1")(inside)), name="inner")
    stack = keras.Sequential([layers.Input((4,)), layers.Dense(3, name="s1"), layers.Dense(4, name="s2")], name="stack")
    source, shared = keras.Input((4,), name="source"), layers.Dense(4, name="shared")
    once = inner(shared(inner(source)))
    twice = shared(once)
    return keras.Model(source, [twice, once, stack(twice)])


def text(keras: Any, layers: Any) -> Any:
    source = keras.Input((6,), name="tokens", dtype="int32")
    words = layers.Embedding(20, 8, input_length=6, name="words")(source)
    read, hidden, carry = layers.LSTM(5, return_state=True, name="first")(words)
    again = layers.LSTM(5, name="second")(words, initial_state=[hidden, carry])
    both = layers.Bidirectional(layers.GRU(3), name="both")(words)
    looked = layers.GlobalAveragePooling1D(name="pool")(layers.MultiHeadAttention(2, 3, name="attention")(words, words))
    return keras.Model(source, layers.Concatenate(name="all")([read, again, both, looked]))


def functions(keras: Any, layers: Any) -> Any:
    tensorflow: Any = importlib.import_module("tensorflow")
    source = keras.Input((4,), name="source")
    x = tensorflow.nn.relu(source * 2.0 + 1.0) - source
    return keras.Model(source, layers.Dense(1, name="out")(tensorflow.reduce_mean(x, axis=1, keepdims=True)))


def frozen(keras: Any, layers: Any) -> Any:
    source = keras.Input((4,), name="source")
    dense, norm = layers.Dense(4, name="frozen_dense"), layers.BatchNormalization(name="frozen_norm")
    dense.trainable = norm.trainable = False
    return keras.Model(source, layers.Dense(2, name="free")(norm(dense(source))))


def stack(keras: Any, layers: Any) -> Any:
    conv = layers.Conv1D(4, 3, input_shape=(8, 2), name="conv")
    return keras.Sequential([conv, layers.Flatten(name="flat"), layers.Dense(2, name="out")], name="stack")


def main() -> None:
    keras: Any = importlib.import_module("tf_keras")
    layers = keras.layers
    FOLDER.mkdir(exist_ok=True)
    four = RANDOM.normal(size=(8, 4)).astype("float32")
    save("image", ".h5", image(keras, layers), RANDOM.normal(size=(8, 8, 8, 3)).astype("float32"))
    save("nested", ".h5", nested(keras, layers), four)
    save("text", ".keras", text(keras, layers), RANDOM.integers(0, 20, size=(8, 6)).astype("int32"))
    save("functions", ".keras", functions(keras, layers), four)
    save("frozen", ".h5", frozen(keras, layers), four)
    save("stack", ".h5", stack(keras, layers), RANDOM.normal(size=(8, 8, 2)).astype("float32"))


if __name__ == "__main__":
    main()
