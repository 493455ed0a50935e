"""Old whole-model files whose layers were frozen in part: Keras lists trained weights first, so their order differs.

`python -m … FOLDER` writes them; with `read` it says whether FOLDER/NAME.keras has every weight where it was.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers


def norms() -> list[Any]:
    return [
        layers.BatchNormalization(name="one"),
        layers.Dense(5, name="middle"),
        layers.BatchNormalization(name="two"),
    ]


def both_ways(given: Any) -> Any:
    return layers.Bidirectional(layers.LSTM(5, return_sequences=True), merge_mode="sum", name="made")(given)


def timed(given: Any) -> Any:
    return layers.TimeDistributed(layers.BatchNormalization(name="norm"), name="made")(given)


def timed_model(given: Any) -> Any:
    return layers.TimeDistributed(keras.Sequential([keras.Input((5,)), *norms()], name="inner"), name="made")(given)


def stack(given: Any) -> Any:
    return keras.Sequential([keras.Input((3, 5)), *norms()], name="made")(given)


def graph(given: Any) -> Any:
    tensor = inner = keras.Input((3, 5))
    for layer in norms():
        tensor = layer(tensor)
    return keras.Model(inner, tensor, name="made")(given)


CASES: dict[str, Callable[[Any], Any]] = {item.__name__: item for item in (both_ways, timed, timed_model, stack, graph)}


def made(name: str) -> Any:
    given = keras.Input((3, 5), name="given")
    model = keras.Model(given, CASES[name](given), name=name)
    for index, variable in enumerate(model.weights):
        variable.assign(np.random.default_rng(index).random(variable.shape))
    return model


def freeze(model: Any) -> None:
    """The first part alone."""
    layer = model.get_layer("made")
    for inner in ("forward_layer", "layer"):
        layer = getattr(layer, inner, layer)
    parts = getattr(layer, "layers", None)
    (parts[0] if parts else layer).trainable = False


def main() -> None:
    folder = Path(sys.argv[1])
    found = {}
    for name in CASES:
        model = made(name)
        if len(sys.argv) == 2:
            freeze(model)
            model.save(folder / f"{name}.h5")
        else:
            weights = keras.saving.load_model(folder / f"{name}.keras").get_weights()
            found[name] = all(np.array_equal(a, b) for a, b in zip(made(name).get_weights(), weights, strict=True))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
