"""What only Keras and TensorFlow can tell about recorded functions: one JSON object on stdout.

Each function is computed twice: by TensorFlow, and by the operation of Keras 3 that opening the file made of it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import numpy as np
import tensorflow as tf

from graph_editor.catalog.catalog import Catalog
from graph_editor.keras_format.files.legacy_function_table import PAIRS, REDUCTIONS, UNARY
from graph_editor.keras_format.files.opening import open_model
from graph_editor.keras_format.functional import model_json
from runtime.worker.keras_models.build import build_model
from tests.unit.graph_editor.import_files.models import Json, old_input, old_layer, old_model

CATALOG = Catalog.load()
RANDOM = np.random.default_rng(0)
A, B = (RANDOM.normal(size=(2, 3, 4)).astype("float32") for _ in range(2))
ROW: Any = np.array([1, 2, 3, 4], "float32")
PADS = [[0, 0], [1, 1], [0, 2]]
Case = tuple[str, Json, Callable[[Any], Any]]  # function, what Keras 2 wrote of the call, what TensorFlow computes


def by_name(function: str, **keywords: Json) -> Case:
    values = {key: B if value == ["b", 0, 0] else value for key, value in keywords.items()}
    return function, [["a", 0, 0, keywords]], lambda call: call(tf.constant(A), **values)


def listed(function: str, compute: Callable[[Any], Any], **keywords: Json) -> Case:
    return function, [["a", 0, 0, keywords], ["b", 0, 0, keywords]], compute


def item(spec: Json, value: Any) -> Case:
    return "__operators__.getitem", ["a", 0, 0, {"slice_spec": spec}], lambda _: value


def cut(start: int | None = None, stop: int | None = None, step: int | None = None) -> Json:
    return {"start": start, "stop": stop, "step": step}


def padded(mode: Json) -> Callable[[Any], Any]:
    return lambda call: call(A, np.array(PADS), **mode)


def tensorflow_only(names: Any, *left_out: str) -> Iterator[str]:
    return (name for name in names if not name.startswith(("keras.", "__")) and name not in left_out)


def cases() -> Iterator[Case]:
    yield from (by_name(name) for name in tensorflow_only(UNARY, "math.logical_not"))
    for name in tensorflow_only(PAIRS, "math.logical_and", "math.logical_or", "math.logical_xor"):
        yield by_name(name, y=["b", 0, 0])
        if name != "math.divide_no_nan":
            yield by_name(name, y=2.0)
    for name in tensorflow_only(REDUCTIONS, "math.reduce_all", "math.reduce_any"):
        yield by_name(name, axis=1)
        yield by_name(name, axis=[1, 2], keepdims=True)
    yield from PLAIN
    yield listed("concat", lambda call: call([A, B], 1), axis=1)
    yield listed("concat", lambda call: call([A, B], -1), axis=-1)
    yield listed("stack", lambda call: call([A, B], 1), axis=1)
    yield listed("math.add_n", lambda call: call([A, B]))
    yield "math.subtract", ["_CONSTANT_VALUE", -1, 2.0, {"y": ["a", 0, 0]}], lambda call: call(2.0, A)
    yield "math.atan2", ["a", 0, 0, {"x": ["b", 0, 0]}], lambda call: call(A, B)
    yield "__operators__.add", ["a", 0, 0, {"y": [1.0, 2.0, 3.0, 4.0]}], lambda _: A + ROW
    for mode in ({}, {"constant_values": 2.5}, {"mode": "REFLECT"}, {"mode": "SYMMETRIC"}):
        yield "pad", ["a", 0, 0, {"paddings": PADS, **mode}], padded(mode)
    every = cut()
    yield item([every, 0], A[:, 0])
    yield item([every, cut(1, 3)], A[:, 1:3])
    yield item([every, cut(None, None, 2)], A[:, ::2])
    yield item([every, -1, cut(0, -1)], A[:, -1, :-1])
    yield item([every, None], A[:, None])
    yield item([{"class_name": "__ellipsis__"}, 0], A[..., 0])
    yield item(cut(0, 1), A[0:1])
    yield item([every, cut(None, None, -1)], A[:, ::-1])


PLAIN: list[Case] = [
    by_name("nn.softmax"),
    by_name("nn.softmax", axis=1),
    by_name("nn.log_softmax"),
    by_name("reverse", axis=[1, 2]),
    by_name("math.argmax", axis=1),
    by_name("math.argmin", axis=-1),
    by_name("expand_dims", axis=1),
    by_name("expand_dims", axis=-1),
    by_name("compat.v1.squeeze"),
    by_name("reshape", shape=[-1, 2, 6]),
    by_name("compat.v1.transpose", perm=[0, 2, 1]),
    by_name("tile", multiples=[1, 2, 1]),
    by_name("split", num_or_size_splits=2, axis=2),
    by_name("split", num_or_size_splits=[1, 3], axis=2),
    by_name("unstack", axis=1),
    by_name("clip_by_value", clip_value_min=-0.5, clip_value_max=0.5),
    by_name("cast", dtype="int32"),
    by_name("cast", dtype="float16"),
    by_name("linalg.matmul", b=["b", 0, 0], transpose_b=True),
    by_name("linalg.matmul", b=["b", 0, 0], transpose_a=True),
    by_name("tensordot", b=np.eye(4).tolist(), axes=1),
    by_name("gather", indices=[0, 2], axis=1),
    by_name("math.l2_normalize", axis=-1),
    by_name("math.l2_normalize", axis=[1, 2]),
    by_name("nn.leaky_relu", alpha=0.3),
    by_name("nn.leaky_relu"),
    by_name("nn.gelu"),
    by_name("nn.gelu", approximate=True),
    by_name("nn.silu"),
    by_name("math.cumsum", axis=1),
    by_name("roll", shift=[1, 2], axis=[1, 2]),
    by_name("repeat", repeats=2, axis=1),
    by_name("sort"),
    by_name("identity"),
    by_name("image.resize", size=[6, 8]),
    by_name("compat.v1.reduce_mean", axis=1),
]


def opened(function: str, node: Json, folder: Path) -> tuple[Any, list[str]]:
    """The first output of the model that recorded the function, and what was said when it was opened."""
    class_name = "SlicingOpLambda" if "getitem" in function else "TFOpLambda"
    box = old_layer("op", class_name, node, trainable=True, dtype="float32", function=function)
    path = folder / "recorded.json"
    path.write_text(json.dumps(old_model([old_input("a", 3, 4), old_input("b", 3, 4), box], ENDS, [["op", 0, 0]])))
    found = open_model(path, CATALOG)
    outputs = build_model(model_json(found.document))([A, B]) if not found.notes else None
    return (outputs[0] if isinstance(outputs, list) else outputs), [str(note) for note in found.notes]


ENDS = [["a", 0, 0], ["b", 0, 0]]


def symbol(function: str) -> Any:
    found: Any = tf
    for part in function.split("."):
        found = getattr(found, part)
    return found


def answer(case: Case, folder: Path) -> Json:
    function, node, compute = case
    wanted = compute(None if function.startswith("__") else symbol(function))
    first = np.asarray(wanted[0] if isinstance(wanted, list | tuple) else wanted)
    found, notes = opened(function, node, folder)
    if notes:
        return [f"{function} {node}", notes]
    value = np.asarray(found)
    close = value.shape == first.shape and np.allclose(value, first, rtol=1e-6, atol=1e-6, equal_nan=True)
    return [f"{function} {node}", close or f"{value.shape} instead of {first.shape}, or other numbers"]


def main() -> None:
    print(json.dumps({"cases": [answer(case, Path(sys.argv[1])) for case in cases()]}))


if __name__ == "__main__":
    main()
