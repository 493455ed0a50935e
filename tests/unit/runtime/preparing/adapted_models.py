"""Models whose layers learn of the training part before the first step; run in the process of `keras_steps`."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers as L  # noqa: N812

from runtime.worker.data.source import Array
from runtime.worker.keras_models.build import build_model
from runtime.worker.process.control import WorkerError
from runtime.worker.training.adapting.model import adapted
from tests.unit.runtime.preparing.table import Table

_WORDS = {"town": ("부산", "서울"), "remark": ("a cat", "the cat sat", "the end")}
_RNG = np.random.default_rng(3)
_X = _RNG.normal(5, 2, (40, 3)).astype(np.float32)


def _table() -> Table:
    return Table(
        _WORDS,
        x=_X,
        a=_X[:, 0].copy(),
        b=_X[:, 1].copy(),
        code=np.arange(40) % 4 * 10,
        town=np.array([0, 1, 1, 1] * 9 + [0] * 4),
        remark=np.arange(40) % 3,
    )


def _model(inputs: Any, outputs: Any) -> dict[str, Any]:
    config: dict[str, Any] = json.loads(
        json.dumps(keras.saving.serialize_keras_object(keras.Model(inputs, outputs)), default=str)
    )
    return config


def _learnt(model: dict[str, Any], **columns: str | tuple[str, ...]) -> tuple[Any, list[float], Any]:
    """The built model, what was told of the progress, and the model again as it comes out of its file."""
    told: list[float] = []
    bound = {name: (column,) if isinstance(column, str) else column for name, column in columns.items()}
    found = adapted(bound, model, _table(), lambda: range(32), lambda _what, part: told.append(part))
    built = build_model(found.model)
    found.give(built)
    with TemporaryDirectory() as folder:
        built.save(Path(folder) / "m.keras")
        read = keras.models.load_model(Path(folder) / "m.keras")
    return built, told, read


def _same(built: Any, read: Any, *given: Any) -> float:
    given_now = given if len(given) > 1 else given[0]
    first, second = (keras.ops.convert_to_numpy(model(given_now)) for model in (built, read))
    return float(np.abs(first - second).max())


def _moments(values: Array) -> list[list[float]]:
    return [values.mean(axis=0).tolist(), values.std(axis=0).tolist()]


def facts() -> dict[str, Any]:
    x = keras.Input((3,), name="x")
    normal = _model(x, L.Dense(2)(L.Normalization(name="n")(L.Rescaling(2.0, name="r")(x))))
    built, told, read = _learnt(normal, x="x")
    answer: dict[str, Any] = {
        "scaled": {
            "behind": _moments(keras.ops.convert_to_numpy(built.get_layer("n")(_X[:32] * 2.0))),
            "same": _same(built, read, _X),
            "told": told,
        }
    }

    a, b = keras.Input((1,), name="a"), keras.Input((1,), name="b")
    joined = _model([a, b], L.Normalization(name="n")(L.Concatenate(name="c")([a, L.Normalization(name="m")(b)])))
    built, _, read = _learnt(joined, a="a", b="b")
    both = [_X[:32, :1], _X[:32, 1:2]]
    answer["joined"] = {
        "behind": _moments(keras.ops.convert_to_numpy(built(both))),
        "same": _same(built, read, *both),
    }

    town = keras.Input((1,), name="town", dtype="string")
    lookup = L.StringLookup(output_mode="one_hot", vocabulary_size=7, name="s")
    built, _, read = _learnt(_model(town, L.Dense(2, name="d")(lookup(town))), town="town")
    answer["words"] = {
        "vocabulary": built.get_layer("s").get_vocabulary(),
        "kernel": list(built.get_layer("d").kernel.shape),
        "same": _same(built, read, tf.constant([["서울"], ["부산"], ["광주"]])),
    }

    remark = keras.Input((), name="remark", dtype="string")
    text = L.TextVectorization(output_mode="tf_idf", max_tokens=5, vocabulary_size=5, name="t")
    built, _, read = _learnt(_model(remark, L.Dense(2, name="d")(text(remark))), remark="remark")
    answer["text"] = {
        "vocabulary": built.get_layer("t").get_vocabulary(),
        "kernel": list(built.get_layer("d").kernel.shape),
        "same": _same(built, read, tf.constant(["the cat", "an end"])),
    }

    code = keras.Input((1,), name="code", dtype="int64")
    a = keras.Input((1,), name="a")
    bins = L.Discretization(num_bins=4, output_mode="one_hot", name="bins")(a)
    ids = L.Embedding(6, 2, name="e")(L.IntegerLookup(name="ids")(code))
    built, _, read = _learnt(_model([code, a], [ids, L.Dense(1)(bins)]), code="code", a="a")
    answer["numbers"] = {
        "vocabulary": [int(number) for number in built.get_layer("ids").get_vocabulary()],
        "boundaries": built.get_layer("bins").bin_boundaries,
        "again": read.get_layer("bins").bin_boundaries,
    }

    stack = keras.Sequential([keras.Input((3,), name="x"), L.Normalization(name="n", axis=None), L.Dense(1)])
    config = json.loads(json.dumps({"module": "keras", "class_name": "Sequential", "config": stack.get_config()}))
    built, _, read = _learnt(config, x="x")
    answer["stack"] = {
        "mean": float(np.array(built.get_layer("n").mean).reshape(-1)[0]),
        "same": _same(built, read, _X),
    }
    answer["stack"]["true"] = float(_X[:32].mean())

    known = _model(x, L.Normalization(mean=1.0, variance=4.0, name="n")(x))
    untouched = adapted({}, known, _table(), lambda: range(0), lambda _what, _part: None)
    answer["known"] = untouched.model is known and not untouched.states
    answer["errors"] = [_error(town, lookup, town="a"), _error(x, L.Normalization(name="n"), x="nowhere")]
    return answer


def _error(given: Any, layer: Any, **columns: str) -> str:
    try:
        _learnt(_model(given, layer(given)), **columns)
    except WorkerError as error:
        return error.text.english()
    return ""
