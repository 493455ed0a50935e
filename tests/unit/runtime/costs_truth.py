"""What TensorFlow's profiler and Keras' summary say about models, in a process of its own.

`python -m tests.unit.runtime.costs_truth` prints JSON: {"models": name -> {"model", "flops", "bytes"},
"optimizers": name -> [config, values kept for each trainable one]}.
"""

import json
import os
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import tensorflow as tf
from keras import layers as L  # noqa: N812
from tensorflow.python.framework.convert_to_constants import (
    convert_variables_to_constants_v2_as_graph,
)

OPTIMIZERS: dict[str, dict[str, Any]] = {
    "Adam": {"amsgrad": True},
    "AdamW": {},
    "Adamax": {},
    "Nadam": {},
    "Adadelta": {},
    "Adagrad": {},
    "Adafactor": {},
    "Ftrl": {},
    "Lamb": {},
    "Lion": {},
    "RMSprop": {"momentum": 0.5, "centered": True},
    "SGD": {"momentum": 0.9},
    "Muon": {},
}


def stack(shape: tuple[int, ...], *parts: Any) -> Any:
    tensor = given = keras.Input(shape)
    for part in parts:
        tensor = part(tensor)
    return keras.Model(given, tensor)


def inception() -> Any:
    image = keras.Input((28, 28, 3))
    hidden = L.Conv2D(16, 3, strides=2, activation="relu")(image)
    joined = L.Concatenate()([L.Conv2D(8, 1)(hidden), L.Conv2D(8, 5, padding="same")(hidden)])
    summed = L.Add()([L.SeparableConv2D(16, 3, padding="same")(hidden), joined])
    inner_input = keras.Input((13, 13, 16))
    inner = keras.Model(inner_input, L.Dense(10)(L.Flatten()(L.MaxPooling2D()(inner_input))))
    return keras.Model(image, inner(summed))


def models() -> dict[str, Any]:
    return {
        "dense": stack((100,), L.Dense(200, activation="relu"), L.Dense(10)),
        "dense_on_steps": stack((7, 30), L.Dense(40)),
        "conv": stack((32, 32, 3), L.Conv2D(16, 3), L.Conv2D(32, 5, padding="same", use_bias=False)),
        "conv1d": stack((50, 8), L.Conv1D(16, 3, dilation_rate=2)),
        "conv_transpose": stack((8, 8, 4), L.Conv2DTranspose(16, 3, padding="same", strides=2)),
        "depthwise": stack((32, 32, 8), L.DepthwiseConv2D(3, depth_multiplier=2, padding="same")),
        "separable": stack((32, 32, 8), L.SeparableConv2D(24, 3)),
        "lstm": stack((12, 20), L.LSTM(32, unroll=True)),
        "gru": stack((12, 20), L.GRU(32, unroll=True)),
        "bidirectional": stack((6, 20), L.Bidirectional(L.SimpleRNN(32, unroll=True))),
        "time_distributed": stack((5, 16, 16, 3), L.TimeDistributed(L.Conv2D(8, 3))),
        "attention": stack((20, 24), lambda tensor: L.MultiHeadAttention(4, 8)(tensor, tensor)),
        "inception": inception(),
        "half": stack((16, 16, 3), L.Conv2D(8, 3, dtype="float16")),
    }


def profiled(model: Any) -> int:
    """FLOPs of one sample, from the graph with its variables as constants."""
    specs = [tf.TensorSpec((1, *tensor.shape[1:]), tensor.dtype) for tensor in model.inputs]
    function = tf.function(lambda *inputs: model(list(inputs), training=False)).get_concrete_function(*specs)
    _, frozen = convert_variables_to_constants_v2_as_graph(function)
    with tf.Graph().as_default() as graph:
        tf.graph_util.import_graph_def(frozen, name="")
        options = tf.compat.v1.profiler.ProfileOptionBuilder.float_operation()
        options["output"] = "none"
        return int(tf.compat.v1.profiler.profile(graph, options=options).total_float_ops)


def kept(name: str, config: dict[str, Any]) -> float:
    variable = keras.Variable(keras.ops.zeros((50, 80)))
    optimizer = getattr(keras.optimizers, name)(**config)
    optimizer.build([variable])
    return float(sum(keras.ops.size(each) for each in optimizer.variables)) / (50 * 80)


if __name__ == "__main__":
    from keras.src.utils.summary_utils import weight_memory_size  # what `model.summary()` prints

    found = {
        name: {
            "model": json.loads(model.to_json()),
            "flops": profiled(model),
            "bytes": int(weight_memory_size(model.weights)),
        }
        for name, model in models().items()
    }
    optimizers = {name: [config, kept(name, config)] for name, config in OPTIMIZERS.items()}
    print(json.dumps({"models": found, "optimizers": optimizers}))
