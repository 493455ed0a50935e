"""What the training runs of `scenarios.py` train (models, data, settings, refused ones among them), and what is done
while they go on."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import msgspec
import numpy as np
import tensorflow as tf

from runtime.events import EpochStarted, Paused, TrainingEvent
from runtime.project_spec import spec_from_project
from runtime.spec import KerasObject, RunSpec
from runtime.worker.keras_models.build import build_model
from runtime.worker.process.control import Control

Json = Any
Hook = Callable[[TrainingEvent, Control, Path], None]
DIGITS: dict[str, Json] = {
    "sources": [{"kind": "hdf5", "path": "sample:digits.h5"}],
    "bindings": {"image": ["image"], "digit": ["digit"], "even": ["is_even"]},
}
OUTPUTS: dict[str, Json] = {
    "digit": {"loss": "SparseCategoricalCrossentropy", "metrics": ["accuracy"]},
    "even": {"loss": {"class_name": "BinaryCrossentropy", "config": {}}, "metrics": ["AUC"], "weight": 0.5},
}


def model_config(*, frozen: bool = False, named: bool = False) -> Json:
    image = keras.Input((8, 8, 1), name="image")
    hidden = keras.layers.Dense(32, "relu", name="hidden")(keras.layers.Flatten(name="flat")(image))
    digit = keras.layers.Dense(10, "softmax", name="digit")(hidden)
    even = keras.layers.Dense(1, "sigmoid", name="even")(hidden)
    model = keras.Model(image, {"first": digit, "second": even} if named else [digit, even])
    model.trainable = not frozen
    return json.loads(model.to_json())


FROZEN_OUTPUTS: dict[str, Json] = {"digit": {"loss": "SparseCategoricalCrossentropy"}}


def frozen_inside() -> Json:
    layers = keras.layers
    x = keras.Input((8, 8, 1), name="x")
    given = keras.Input((8, 8))
    functional = keras.Model(given, layers.Dense(8)(given), name="functional")
    sequential = keras.Sequential([keras.Input((8, 8)), layers.Dense(8)], name="sequential")
    y = sequential(functional(layers.Reshape((8, 8))(x)))
    y = layers.MultiHeadAttention(2, 2, name="attention")(y, y)
    y = layers.TimeDistributed(layers.Dense(8), name="distributed")(y)
    y = layers.Bidirectional(layers.LSTM(4), name="both_ways")(y)
    model = json.loads(keras.Model(x, layers.Dense(10, "softmax", name="digit")(y)).to_json())
    for layer in model["config"]["layers"]:
        if layer["config"]["name"] != "digit":
            layer["config"]["trainable"] = False
    return model


def make_spec(
    data: dict[str, Json] | None = None, training: dict[str, Json] | None = None, model: Json = None
) -> RunSpec:
    settings = {"outputs": OUTPUTS, "epochs": 2, "seed": 7} | (training or {})
    return spec_from_project(DIGITS | (data or {}), settings, model or model_config(), None, "scenario")


def light_spec(data: dict[str, Json] | None = None, training: dict[str, Json] | None = None) -> RunSpec:
    """Where it is not looked at what is trained: one layer, one output and the plainest optimizer cost a third."""
    image = keras.Input((8, 8, 1), name="image")
    digit = keras.layers.Dense(10, "softmax", name="digit")(keras.layers.Flatten(name="flat")(image))
    bindings = {"bindings": {"image": ["image"], "digit": ["digit"]}}
    settings = {"outputs": {"digit": {"loss": "SparseCategoricalCrossentropy"}}, "optimizer": "SGD"}
    model = json.loads(keras.Model(image, digit).to_json())
    return make_spec(bindings | (data or {}), settings | (training or {}), model)


def refused_specs(folder: Path) -> dict[str, RunSpec]:
    """Bad input, each by its name; what they read is written into `folder`."""
    (folder / "nan.csv").write_text("a,b\n1,2\n,3\n3,4\n4,5\n", "utf-8")
    npz = folder / "bad.npz"
    image = np.zeros((20, 8, 8))
    np.savez(npz, image=image, wrong=np.zeros((20, 9, 9)), digit=np.arange(20), even=np.zeros(20))
    bad = {"sources": [{"kind": "npz", "path": str(npz)}]}
    bound = DIGITS["bindings"] | {"even": ["even"]}
    return {
        "label": make_spec(bad | {"bindings": bound}),
        "shape": make_spec(bad | {"bindings": bound | {"image": ["wrong"]}}),
        "nan": make_spec({"sources": [{"kind": "csv", "path": str(folder / "nan.csv")}], "bindings": _csv_bound()}),
        "vanished": make_spec({"sources": [{"kind": "hdf5", "path": str(folder / "gone.h5")}]}),
        "gpu": make_spec(training={"device": "gpu:7"}),
        "all": make_spec(training={"device": "all"}),
        "optimizer": make_spec(training={"optimizer": "Magic"}),
        "settings": make_spec(training={"optimizer": {"class_name": "SGD", "config": {"speed": 3}}}),
        "loss": make_spec(training={"outputs": OUTPUTS | {"even": {"loss": "Magic"}}}),
        "callback": _unchecked({"magic": {}}),
        "argument": _unchecked({"early_stopping": {"patiance": 1}}),
        "value": _unchecked({"early_stopping": {"mode": "upwards"}}),
        "metric": _unchecked_metric(),
        "token": _token_spec(),
        "weights": make_spec(training={"initial_weights": str(folder / "gone.keras")}),
    }


def _unchecked(callbacks: Json) -> RunSpec:
    """The trainer trusts nobody to have looked before."""
    spec = make_spec()
    return msgspec.structs.replace(spec, training=msgspec.structs.replace(spec.training, callbacks=callbacks))


def _unchecked_metric() -> RunSpec:
    spec = make_spec()
    metric = KerasObject("MeanAbsoluteError", {"name": "loss"})
    outputs = tuple(msgspec.structs.replace(output, metrics=(metric,)) for output in spec.training.outputs)
    return msgspec.structs.replace(spec, training=msgspec.structs.replace(spec.training, outputs=outputs))


def _token_spec() -> RunSpec:
    tokens = keras.Input((5,), name="review", dtype="int32")
    hidden = keras.layers.Flatten()(keras.layers.Embedding(100, 4, name="embedding")(tokens))
    model = json.loads(keras.Model(tokens, keras.layers.Dense(1, name="rating")(hidden)).to_json())
    columns = {"words": {"shape": [5], "kind": "integer", "maximum": 100}, "stars": {}}
    source = {"kind": "random", "options": {"columns": columns}}
    data = {"sources": [source], "bindings": {"review": ["words"], "rating": ["stars"]}}
    return make_spec(data, {"outputs": {"rating": {"loss": "mse"}}}, model)


def _csv_bound() -> dict[str, list[str]]:
    return {"image": ["a"], "digit": ["b"], "even": ["a"]}


def spying(seen: list[float]) -> Callable[[Json], Any]:
    """Builds models that write down the numbers that they are given, from the first step of training on."""

    class Spy(keras.layers.Layer):  # type: ignore[misc,unused-ignore]
        def call(self, given: Any) -> Any:
            def write(values: Any) -> Any:
                seen.extend(values[:, 0].tolist())
                return values

            passed = tf.numpy_function(write, [given], given.dtype)
            passed.set_shape(given.shape)
            return passed

    def build(config: Json) -> Any:
        seen.clear()
        inner = build_model(config)
        outputs = inner.layers[-1](Spy()(inner.inputs[0]))
        return keras.Model(inner.inputs, outputs)

    return build


def at_epoch(epoch: int, act: Callable[[Control, Path], object]) -> Hook:
    def hook(event: TrainingEvent, control: Control, folder: Path) -> None:
        if isinstance(event, EpochStarted) and event.epoch == epoch:
            act(control, folder)

    return hook


def pause_in_second_epoch(then: Callable[[Control], None]) -> Hook:
    """Half a second after the run has said that it is paused, `then` follows."""

    def hook(event: TrainingEvent, control: Control, _: Path) -> None:
        if isinstance(event, EpochStarted) and event.epoch == 1:
            control.pause()
        elif isinstance(event, Paused):
            threading.Timer(0.5, then, [control]).start()

    return hook
