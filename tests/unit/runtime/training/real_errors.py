"""Models that Keras cannot build or train, each for another reason; prints what people are told, as JSON.

`python -m tests.unit.runtime.training.real_errors FOLDER`. One process for all, because importing Keras takes seconds;
test_real_errors.py says what must have been told.
"""

import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from runtime.spec import CodeFile
from runtime.worker.custom.loading import require_code
from runtime.worker.keras_models.build import build_model
from runtime.worker.keras_models.error_places import whole_traces
from runtime.worker.process.control import WorkerError
from runtime.worker.training.reasons import failure_text

OWN_CODE = """import keras
import tensorflow as tf

register = keras.saving.register_keras_serializable("mine")


class Same(keras.layers.Layer):
    def compute_output_shape(self, shape):
        return shape


@register
class Forgets(Same):
    def call(self, x):
        return x * {}["gain"]


@register
class Asserts(Same):
    def call(self, x):
        tf.debugging.assert_less(tf.reduce_max(x), 0.5, message="x is too large")
        return x


@register
class Asks(Same):
    def call(self, x):
        def look_up(values):
            raise ValueError("the table has no row 7")

        return tf.ensure_shape(tf.numpy_function(look_up, [x], tf.float32), x.shape)


@register
class Multiplies(Same):
    def call(self, x):
        return tf.matmul(x, tf.ones((7, 3)))


@register
class Greedy(Same):
    def call(self, x):
        raise MemoryError


@register
class Odd(Same):
    def build(self, shape):
        raise ValueError("units must be even, not 3")

    def call(self, x):
        return x


@register
class Endless(Same):
    def call(self, x):
        return self.call(x)
"""
SAMPLES = np.random.default_rng(0).random((12, 4)).astype("float32")
ZEROS = np.zeros((12, 1), "float32")


def chain(*parts: Any, shape: tuple[int | None, ...] = (4,), dtype: str = "float32") -> Any:
    x = given = keras.Input(shape, name="x", dtype=dtype)
    for part in parts:
        x = part(x)
    return keras.Model(given, x)


def own(name: str) -> Any:
    """A layer of the own code that has not run yet."""
    return keras.saving.get_custom_objects()[f"mine>{name}"](name="box")


def own_unbuilt(name: str) -> Any:
    """The config of a chain with such a layer, which would fail if it were built."""
    model = chain(layers.Identity(name="box"), layers.Dense(1, name="y"))
    config = json.loads(model.to_json())
    place = next(layer for layer in config["config"]["layers"] if layer["config"]["name"] == "box")
    place.update(class_name=name, module="lamella_custom.own", registered_name=f"mine>{name}")
    return config


def trained(model: Any, x: Any, y: Any, loss: Any = "mse", metrics: Any = (), **settings: Any) -> str:
    """What is said when this is trained."""
    with whole_traces():
        try:
            model.compile("sgd", loss, metrics=list(metrics))
            model.fit(x, y, batch_size=4, verbose=0, **settings)
        except Exception as error:
            return str(failure_text(error, model))
    return "trained"


def built(config: Any) -> str:
    """What is said when this is built, and, if that works, trained."""
    try:
        model = build_model(config)
    except WorkerError as error:
        return str(error.text)
    return trained(model, SAMPLES, ZEROS)


def embedding() -> str:
    model = chain(
        layers.Reshape((2, 2)), layers.Embedding(5, 2, name="words"), layers.Flatten(), layers.Dense(1), dtype="int32"
    )
    return trained(model, np.full((12, 4), 12, "int32"), ZEROS)


def numbered_alike() -> str:
    inner = chain(layers.Embedding(5, 2, name="words_1"), layers.Flatten(), layers.Dense(1), dtype="int32")
    given = keras.Input((4,), dtype="int32")
    return trained(keras.Model(given, inner(given)), np.full((12, 4), 5, "int32"), ZEROS)


def labels() -> str:
    return trained(chain(layers.Dense(3)), SAMPLES, np.full(12, 7), "sparse_categorical_crossentropy")


def sizes_of_a_batch() -> str:
    one, other = keras.Input((None, 2)), keras.Input((None, 2))
    added = layers.Add(name="sum")([one, other])
    model = keras.Model([one, other], layers.Dense(1)(layers.GlobalAveragePooling1D()(added)))
    return trained(model, [np.zeros((12, 4, 2)), np.zeros((12, 5, 2))], ZEROS)


def window() -> str:
    model = chain(layers.Conv1D(2, 9, name="conv"), layers.GlobalAveragePooling1D(), layers.Dense(1), shape=(None, 1))
    return trained(model, SAMPLES[..., None], ZEROS)


def reshape() -> str:
    model = chain(layers.Reshape((-1, 3), name="form"), layers.GlobalAveragePooling1D(), layers.Dense(1), shape=(None,))
    return trained(model, SAMPLES, ZEROS)


def metric_of_two_axes() -> str:
    model = chain(layers.Reshape((2, 2)), layers.Dense(3))
    return trained(model, SAMPLES, np.zeros((12, 2, 3)), metrics=[keras.metrics.R2Score(name="r2")])


def no_inverse() -> str:
    given = keras.Input((2, 2))
    return trained(keras.Model(given, layers.Dense(1)(layers.Flatten()(ops.inv(given)))), np.zeros((12, 2, 2)), ZEROS)


def eagerly() -> str:
    model = chain(layers.Reshape((2, 2)), layers.Embedding(5, 2, name="words"), layers.Flatten(), layers.Dense(1))
    with whole_traces():
        try:
            model.compile("sgd", "mse", run_eagerly=True)
            model.fit(SAMPLES * 50, ZEROS, verbose=0)
        except Exception as error:
            return str(failure_text(error, model))
    return "trained"


def too_large() -> str:
    return built(json.loads(chain_config(200_000, 200_000)))


def chain_config(*units: int) -> str:
    """The JSON of a chain of Dense layers that are never made here."""
    model = chain(*(layers.Dense(1, name=f"d{number}") for number in range(len(units))), layers.Dense(1, name="y"))
    config = json.loads(model.to_json())
    for number, size in enumerate(units):
        place = next(layer for layer in config["config"]["layers"] if layer["config"]["name"] == f"d{number}")
        place["config"]["units"] = size
        place.pop("build_config", None)
    return json.dumps(config)


def own_file() -> str:
    def read(_: Any) -> Any:
        return Path("no/vocabulary.txt").open()

    try:
        read(None)
    except OSError as error:
        return str(failure_text(error))
    return ""


def deep() -> str:
    given = x = keras.Input((4,))
    for _ in range(1_500):
        x = layers.Identity()(x)
    try:
        keras.Model(given, x)
    except RecursionError as error:
        return str(failure_text(error))
    return "built"


CASES: dict[str, Callable[[], str]] = {
    "embedding": embedding,
    "numbered_alike": numbered_alike,
    "labels": labels,
    "sizes_of_a_batch": sizes_of_a_batch,
    "window": window,
    "reshape": reshape,
    "metric_of_two_axes": metric_of_two_axes,
    "no_inverse": no_inverse,
    "eagerly": eagerly,
    "too_large": too_large,
    "own_file": own_file,
    "deep": deep,
    "key_error": lambda: built(own_unbuilt("Forgets")),
    "in_build": lambda: built(own_unbuilt("Odd")),
    "own_shapes": lambda: built(own_unbuilt("Multiplies")),
    "own_memory": lambda: built(own_unbuilt("Greedy")),
    "own_recursion": lambda: built(own_unbuilt("Endless")),
    "own_assertion": lambda: trained(chain(own("Asserts"), layers.Dense(1)), SAMPLES, ZEROS),
    "own_function": lambda: trained(chain(own("Asks"), layers.Dense(1)), SAMPLES, ZEROS),
}


def main(folder: Path) -> None:
    file = folder / "own.py"
    file.write_text(OWN_CODE, "utf-8")
    require_code((CodeFile(str(file), hashlib.sha256(OWN_CODE.encode()).hexdigest()),))
    sentences = {}
    for name, case in CASES.items():
        keras.backend.clear_session()
        sentences[name] = case()
    print(json.dumps(sentences))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
