"""What plain Keras says about whole models: their configs, and the shape of every tensor in them.

`python -m tests.unit.runtime.models_truth` prints JSON: name -> {"model", "outputs", "counts"}. "outputs" maps layers
to a list of nodes, each a list of [shape, dtype]; "counts" are all parameters and the trainable ones.
"""

import json
from collections.abc import Callable
from typing import Any

import keras
from keras import layers as L  # noqa: N812
from keras import ops

from tests.unit.graph_editor.keras_format.test_reading import KERAS_SIDE

MAKERS: dict[str, Callable[[], Any]] = {}
_reading: dict[str, Any] = {}
exec(KERAS_SIDE.partition("print(")[0], _reading)  # the models of the reading tests
MAKERS.update({maker.__name__: maker for maker in _reading["makers"]})


def maker(function: Callable[[], Any]) -> Callable[[], Any]:
    MAKERS[function.__name__] = function
    return function


@maker
def slices() -> Any:
    a = keras.Input((6, 8, 3))
    return keras.Model(a, [a[:, 1:5:2, ..., 0], a[:, None, -1], a[..., ::-1][:, :, 2:4]])


@maker
def several_outputs_of_operations() -> Any:
    a = keras.Input((6, 8))
    first, second, third = ops.split(a, 3, axis=1)
    stacked = ops.stack([first, second, third], axis=1)
    return keras.Model(a, [ops.einsum("bijk,bjmk->bim", stacked, ops.transpose(stacked, (0, 2, 1, 3))), ops.max(a)])


@maker
def literals() -> Any:
    a = keras.Input((6, 4))
    b = L.Dropout(0.5)(L.BatchNormalization()(a, training=False), training=True)
    return keras.Model(a, L.GRU(3, return_sequences=True)(b, mask=None, training=False) * 2.0 + ops.ones((3,)))


@maker
def named_inputs_of_a_model() -> Any:
    x, y = keras.Input((4,), name="x"), keras.Input((4,), name="y")
    inner = keras.Model({"x": x, "y": y}, {"sum": L.Add()([x, y]), "both": L.Concatenate()([x, y])}, name="inner")
    a, b = keras.Input((4,)), keras.Input((4,))
    out = inner({"x": a, "y": b})
    again = inner({"x": out["sum"], "y": b})
    return keras.Model([a, b], [out["both"], again["both"]])


@maker
def shared_deeply() -> Any:
    i = keras.Input((5,))
    tower = keras.Sequential([L.Dense(4), L.BatchNormalization(), L.Dense(2)], name="tower")
    pair = keras.Model(i, L.Concatenate()([tower(i), tower(i * 2.0)]), name="pair")
    a, b = keras.Input((5,)), keras.Input((5,))
    pair.trainable = False
    return keras.Model([a, b], L.Dot(1)([pair(a), pair(b)]))


@maker
def sizes_unknown() -> Any:
    a = keras.Input((None, None, 3))
    inner_input = keras.Input((None, None, 3))
    inner = keras.Model(inner_input, L.Conv2D(4, 3, padding="same")(inner_input), name="inner")
    return keras.Model(a, L.GlobalAveragePooling2D()(inner(a)))


def describe(model: Any) -> dict[str, Any]:
    functional = model if hasattr(model, "_nodes_by_depth") else model._functional
    outputs: dict[str, list[Any]] = {}
    for node in (node for nodes in functional._nodes_by_depth.values() for node in nodes):
        listed = [[list(tensor.shape), str(tensor.dtype)] for tensor in node.outputs]
        outputs.setdefault(node.operation.name, []).append((node.operation._inbound_nodes.index(node), listed))
    return {
        "model": json.loads(model.to_json()),
        "outputs": {name: [listed for _, listed in sorted(nodes)] for name, nodes in outputs.items()},
        "counts": [model.count_params(), sum(keras.ops.size(v) for v in model.trainable_weights)],
    }


if __name__ == "__main__":
    # what the JSON says, not what made it: a model that stood in two places is two models there
    found = {name: describe(keras.models.model_from_json(make().to_json())) for name, make in MAKERS.items()}
    print(json.dumps(found, default=int))
