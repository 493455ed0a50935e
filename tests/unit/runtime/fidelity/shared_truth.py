"""Models in which a layer stands in several places, as plain Keras makes and saves them, and what they give.

`python -m tests.unit.runtime.fidelity.shared_truth FOLDER` writes them; with `read`, it says of each whether plain
Keras reads FOLDER/NAME.out.keras as the same model: [weights, outputs the same, all weights the same].
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers

X = np.random.default_rng(0).random((4, 3, 5)).astype("float32")


def dense() -> Any:
    return layers.Dense(5, name="shared")


def stack(layer: Any, name: str = "inner") -> Any:
    return keras.Sequential([keras.Input((3, 5)), layer], name=name)


def graph(layer: Any, name: str = "inner") -> Any:
    given = keras.Input((3, 5))
    return keras.Model(given, layers.ReLU(name=f"{name}_relu")(layer(given)), name=name)


def timed(layer: Any, name: str) -> Any:
    return layers.TimeDistributed(layer, name=name)


def direct_then_wrapper(given: Any) -> Any:
    layer = dense()
    return timed(layer, "wrapper")(layer(given))


def wrapper_then_direct(given: Any) -> Any:
    layer = dense()
    return layer(timed(layer, "wrapper")(given))


def two_wrappers(given: Any) -> Any:
    layer = dense()
    return timed(layer, "second")(timed(layer, "first")(given))


def direct_then_stack(given: Any) -> Any:
    layer = dense()
    return stack(layer)(layer(given))


def graph_then_direct_twice(given: Any) -> Any:
    layer = dense()
    return layer(layer(graph(layer)(given)))


def two_graphs(given: Any) -> Any:
    layer = dense()
    return graph(layer, "second")(graph(layer, "first")(given))


def model_in_two_wrappers(given: Any) -> Any:
    model = keras.Sequential([keras.Input((5,)), dense(), layers.BatchNormalization(name="norm")], name="inner")
    return timed(model, "second")(timed(model, "first")(given))


def backward_layer(given: Any) -> Any:
    backward = layers.GRU(4, return_sequences=True, go_backwards=True, name="backward")
    both = layers.Bidirectional(layers.GRU(4, return_sequences=True), backward_layer=backward, name="both")
    return layers.Concatenate(name="join")([backward(given), both(given)])


def one_cell(given: Any) -> Any:
    cell = layers.LSTMCell(4, name="cell")
    both = [layers.RNN(cell, return_sequences=True, name=name)(given) for name in ("first", "second")]
    return layers.Concatenate(name="join")(both)


CASES: dict[str, Callable[[Any], Any]] = {
    function.__name__: function
    for function in (
        direct_then_wrapper,
        wrapper_then_direct,
        two_wrappers,
        direct_then_stack,
        graph_then_direct_twice,
        two_graphs,
        model_in_two_wrappers,
        backward_layer,
        one_cell,
    )
}


def made(name: str) -> Any:
    keras.utils.set_random_seed(1)
    given = keras.Input((3, 5), name="given")
    model = keras.Model(given, CASES[name](given), name=name)
    for variable in model.weights:  # fresh biases are zeros, of which each is like the others
        variable.assign(np.random.default_rng(variable.shape[-1]).random(variable.shape))
    return model


def main() -> None:
    folder = Path(sys.argv[1])
    if len(sys.argv) == 2:
        counts = {}
        for name in CASES:
            model = made(name)
            model.save(folder / f"{name}.keras")
            np.save(folder / f"{name}.npy", model(X))
            counts[name] = model.count_params()
        print(json.dumps(counts))
        return
    found = {}
    for path in folder.glob("*.out.keras"):
        model, name = keras.saving.load_model(path), path.name.removesuffix(".out.keras")
        same = [np.array_equal(one, other) for one, other in zip(model.get_weights(), made(name).get_weights())]  # noqa: B905
        found[name] = [model.count_params(), bool(np.array_equal(model(X), np.load(folder / f"{name}.npy"))), all(same)]
    print(json.dumps(found))


if __name__ == "__main__":
    main()
