"""Small networks for each form of what goes in, from the input to a row of features."""

from __future__ import annotations

import math
from typing import Any

from app.project.starting.purpose import Given
from app.project.starting.sketch import Sketch

Json = Any
_KERNEL = [3, 3]
_SAME: dict[str, Json] = {"kernel_size": _KERNEL, "padding": "same", "activation": "relu"}
_TOKENS, _LENGTH = 10_000, 100
_WIDEST = 64


def body(sketch: Sketch, given: Given, name: str) -> tuple[str, str]:
    """The calls of an input and of its features."""
    builders = {"picture": _picture, "sound": _sound, "sequence": _sequence, "words": _words, "numbers": _numbers}
    return builders[given.form](sketch, given, name)


def picture_input(sketch: Sketch, given: Given, name: str) -> tuple[str, str]:
    """A picture of height, width and channels whose values are near 1."""
    column = given.columns[0]
    shape = column.shape if len(column.shape) == 3 else (*column.shape, 1)
    first = sketch.input(name, shape)
    highest = column.maximum if column.maximum is not None else 255 if column.dtype == "uint8" else 1
    if column.dtype == "uint8" and highest > 64:
        highest = 255
    if highest <= 1:
        return first, first
    return first, sketch.layer("Rescaling", first, name=f"{name}_scale", scale=1 / highest)


def blocks_of(size: int) -> int:
    """How often a picture may be halved: at least four pixels are left."""
    return max(1, min(4, int(math.log2(max(2, size))) - 2))


def _picture(sketch: Sketch, given: Given, name: str) -> tuple[str, str]:
    first, call = picture_input(sketch, given, name)
    smallest = min(given.columns[0].shape[:2])
    for number in range(blocks_of(smallest)):
        filters = min(128, 16 * 2**number if smallest > 16 else 32 * 2**number)
        call = sketch.layer("Conv2D", call, name=f"{name}_conv_{number + 1}", filters=filters, **_SAME)
        call = sketch.layer("MaxPooling2D", call, name=f"{name}_pool_{number + 1}")
    call = sketch.layer("Conv2D", call, name=f"{name}_conv_last", filters=128, **_SAME)
    call = sketch.layer("GlobalAveragePooling2D", call, name=f"{name}_features")
    return first, sketch.layer("Dropout", call, name=f"{name}_dropout", rate=0.3)


def _sound(sketch: Sketch, given: Given, name: str) -> tuple[str, str]:
    column = given.columns[0]
    first = sketch.input(name, column.shape)
    call = first
    if len(column.shape) == 2:
        call = sketch.layer("Flatten", call, name=f"{name}_mono")
    call = sketch.layer("MelSpectrogram", call, name=f"{name}_mel", num_mel_bins=64)
    call = sketch.layer("Reshape", call, name=f"{name}_picture", target_shape=[64, -1, 1])
    for number in range(3):
        call = sketch.layer("Conv2D", call, name=f"{name}_conv_{number + 1}", filters=16 * 2**number, **_SAME)
        call = sketch.layer("MaxPooling2D", call, name=f"{name}_pool_{number + 1}", padding="same")
    return first, sketch.layer("GlobalAveragePooling2D", call, name=f"{name}_features")


def _sequence(sketch: Sketch, given: Given, name: str) -> tuple[str, str]:
    """Rows in time: what is near is looked at together, then read from the first to the last."""
    shape: tuple[int, ...] = given.columns[0].shape
    if given.window:
        shape = (given.window, given.size) if given.size > 1 else (given.window,)
    first = call = sketch.input(name, shape)
    if len(shape) == 1:  # a window of one column has no axis of its own for it
        call = sketch.layer("Reshape", call, name=f"{name}_steps", target_shape=[*shape, 1])
    if shape[0] >= 32:
        call = sketch.layer("Conv1D", call, name=f"{name}_conv", filters=32, kernel_size=[5], padding="same",
                            activation="relu")  # fmt: skip
        call = sketch.layer("MaxPooling1D", call, name=f"{name}_pool", pool_size=[2])
    return first, sketch.layer("LSTM", call, name=f"{name}_lstm", units=32)


def _words(sketch: Sketch, _given: Given, name: str) -> tuple[str, str]:
    first = sketch.input(name, (_LENGTH,), "int32")
    call = sketch.layer("Embedding", first, name=f"{name}_embedding", input_dim=_TOKENS, output_dim=32)
    call = sketch.layer("Conv1D", call, name=f"{name}_conv", filters=32, kernel_size=[5], padding="same",
                        activation="relu")  # fmt: skip
    return first, sketch.layer("GlobalMaxPooling1D", call, name=f"{name}_features")


def _numbers(sketch: Sketch, given: Given, name: str) -> tuple[str, str]:
    width = max(8, min(_WIDEST, 2 ** math.ceil(math.log2(2 * given.size + 1))))
    first = sketch.input(name, (given.size,))
    call = sketch.layer("Dense", first, name=f"{name}_dense", units=width, activation="relu")
    return first, sketch.layer("Dropout", call, name=f"{name}_dropout", rate=0.2)


def steps_of(given: Given) -> dict[str, list[dict[str, Json]]]:
    """Which steps the columns take before they go in, by column."""
    if given.form == "words":
        step = {"step": "text_vectorization", "max_tokens": _TOKENS, "output_sequence_length": _LENGTH}
        return {column.name: [dict(step)] for column in given.columns}
    if given.form == "sequence" and not given.window:
        fill = {"step": "fill", "with": "mean"}
        return {
            column.name: [*([dict(fill)] if column.missing else []), {"step": "normalize"}] for column in given.columns
        }
    if given.form not in ("numbers", "sequence"):
        return {}
    steps: dict[str, list[dict[str, Json]]] = {}
    for column in given.columns:
        if column.categories:
            steps[column.name] = [{"step": "one_hot"}]
            continue
        steps[column.name] = [{"step": "normalize"}]
        if column.missing:
            steps[column.name].insert(0, {"step": "fill", "with": "median"})
    return steps
