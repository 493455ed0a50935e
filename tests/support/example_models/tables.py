"""Models of tables, recommendations and several inputs, as keras.io's examples have them, made small. Imports Keras."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers, ops

from tests.support.example_models.making import model

COLOURS = np.array(["red", "green", "blue", "red", "새"])
AGES = np.array([[18.0], [25.0], [40.0], [61.5], [33.3]])


def _adapted(layer: Any, data: Any) -> Any:
    layer.adapt(data)
    return layer


def wide_and_deep() -> Any:
    """Every kind of preprocessing layer in front of a linear and a deep part."""
    colour = keras.Input((1,), dtype="string", name="colour")
    shape = keras.Input((1,), dtype="string", name="shape")
    code = keras.Input((1,), dtype="int64", name="code")
    age = keras.Input((1,), name="age")
    words = layers.StringLookup(vocabulary=["round", "square"], num_oov_indices=1, output_mode="int")(shape)
    binned = layers.Discretization(bin_boundaries=[20.0, 30.0, 45.5])(age)
    wide = [
        _adapted(layers.StringLookup(output_mode="one_hot"), COLOURS)(colour),
        _adapted(layers.IntegerLookup(output_mode="multi_hot"), np.array([3, 7, 7, 11]))(code),
        layers.CategoryEncoding(num_tokens=4, output_mode="one_hot")(binned),
        layers.HashedCrossing(num_bins=6, output_mode="one_hot")((colour, shape)),
        layers.Hashing(num_bins=5, output_mode="one_hot")(shape),
        layers.CategoryEncoding(num_tokens=3, output_mode="count")(words),
    ]
    deep = layers.Flatten()(layers.Embedding(3, 2)(words))
    parts = [_adapted(layers.Normalization(axis=-1), AGES)(age), _adapted(layers.Discretization(num_bins=3), AGES)(age)]
    x = layers.concatenate([deep, *(ops.cast(part, "float32") for part in parts)])
    for units in (6, 4):
        x = layers.Dropout(0.1)(layers.ReLU()(layers.BatchNormalization()(layers.Dense(units)(x))))
    merged = layers.concatenate([layers.BatchNormalization()(layers.concatenate(wide)), x])
    outputs = layers.Dense(2, activation="softmax", name="income")(merged)
    return model([colour, shape, code, age], outputs, "wide_and_deep")


def deep_and_cross() -> Any:
    """Inputs and outputs are dicts, and each layer crosses with what came in."""
    inputs = {name: keras.Input((1,), name=name) for name in ("height", "slope", "shade")}
    first = x = layers.concatenate(list(inputs.values()))
    for _ in range(3):
        x = first * layers.Dense(3)(x) + x
    y = layers.Dense(4, activation="relu")(first)
    outputs = {"kind": layers.Dense(3, activation="softmax")(layers.concatenate([x, y])), "crossed": x}
    return model(inputs, outputs, "deep_and_cross")


def gated_residual() -> Any:
    """Gated residual networks that choose among the variables of a table."""
    inputs = [keras.Input((4,), name=f"feature_{number}") for number in range(3)]

    def residual(x: Any, units: int) -> Any:
        y = layers.Dropout(0.1)(layers.Dense(units)(layers.Dense(units, activation="elu")(x)))
        y = layers.Dense(units)(y) * layers.Dense(units, activation="sigmoid")(y)
        x = layers.Dense(units)(x) if x.shape[-1] != units else x
        return layers.LayerNormalization()(x + y)

    weights = layers.Dense(3, activation="softmax")(residual(layers.concatenate(inputs), 4))
    stacked = ops.stack([residual(source, 4) for source in inputs], axis=1)
    x = ops.squeeze(ops.matmul(ops.expand_dims(weights, axis=1), stacked), axis=1)
    return model(inputs, layers.Dense(1, activation="sigmoid")(x), "gated_residual")


def tab_transformer() -> Any:
    """Columns of categories are embedded, stacked and attend to each other."""
    columns = [keras.Input((1,), dtype="int32", name=name) for name in ("work", "school", "place")]
    numbers = keras.Input((2,), name="numbers")
    x = ops.stack([ops.squeeze(layers.Embedding(9, 4)(column), 1) for column in columns], axis=1)
    x = x + ops.expand_dims(layers.Embedding(3, 4)(ops.cumsum(ops.ones_like(x[..., 0], "int32"), 1) - 1), 0)[0]
    y = layers.MultiHeadAttention(num_heads=2, key_dim=4, name="attention")(x, x)
    x = layers.LayerNormalization(name="norm")(layers.Add(name="skip")([y, x]))
    x = layers.concatenate([layers.Flatten()(x), layers.LayerNormalization(epsilon=1e-6)(numbers)])
    return model(
        [*columns, numbers], layers.Dense(1, activation="sigmoid")(layers.Dense(4, "selu")(x)), "tab_transformer"
    )


def two_towers() -> Any:
    """People and films, each a nested model with its own vocabulary; a Dot says how well they fit."""
    towers = []
    for name in ("person", "film"):
        source = keras.Input((), dtype="string", name=f"{name}_name")
        x = _adapted(layers.StringLookup(), COLOURS)(source)
        x = layers.Dense(4)(layers.Embedding(6, 4, name=f"{name}_embedding")(x))
        towers.append(keras.Model(source, layers.UnitNormalization(axis=1)(x), name=name))
    person, film = (keras.Input((), dtype="string", name=name) for name in ("who", "what"))
    fits = layers.Dot(axes=1, normalize=True)([towers[0](person), towers[1](film)])
    return model([person, film], fits, "two_towers")


def collaborative() -> Any:
    person, film = (keras.Input((1,), dtype="int32", name=name) for name in ("person", "film"))
    settings: dict[str, Any] = {
        "embeddings_initializer": "he_normal",
        "embeddings_regularizer": keras.regularizers.l2(1e-6),
    }
    vectors = [layers.Embedding(7, 3, **settings)(person), layers.Embedding(9, 3, **settings)(film)]
    bias = layers.Embedding(7, 1)(person) + layers.Embedding(9, 1)(film)
    x = ops.sigmoid(layers.Dot(2)(vectors) + bias)
    return model([person, film], layers.Reshape(())(ops.reshape(x, (-1, 1))[:, :1]), "collaborative")


def tickets() -> Any:
    """Several inputs and outputs with names, of the guide to the functional API."""
    title, body = (keras.Input((None,), dtype="int32", name=name) for name in ("title", "body"))
    tags = keras.Input((5,), name="tags")
    read = [layers.LSTM(4)(layers.Embedding(10, 4)(title)), layers.LSTM(3)(layers.Embedding(10, 4)(body))]
    x = layers.concatenate([*read, tags])
    outputs = {"priority": layers.Dense(1, name="priority")(x), "department": layers.Dense(4, name="department")(x)}
    return model({"title": title, "body": body, "tags": tags}, outputs, "tickets")


def siamese() -> Any:
    """One embedding for three pictures, and the two distances between them."""
    source = keras.Input((8, 8, 3), name="picture")
    x = layers.Flatten()(layers.Conv2D(3, 3, activation="relu")(source))
    x = layers.BatchNormalization()(layers.Dense(6, activation="relu")(x))
    embedding = keras.Model(source, layers.Dense(4)(x), name="embedding")
    anchor, positive, negative = (keras.Input((8, 8, 3), name=name) for name in ("anchor", "positive", "negative"))
    a, p, n = embedding(anchor), embedding(positive), embedding(negative)
    near, far = ops.sum(ops.square(a - p), axis=-1), ops.sum(ops.square(a - n), -1)
    return model([anchor, positive, negative], (near, far), "siamese")


def contrastive() -> Any:
    """Digits in pairs: a shared nested model, the Euclidean distance by operations, and a sigmoid on it."""
    source = keras.Input((8, 8, 1))
    x = layers.AveragePooling2D((2, 2))(
        layers.Conv2D(2, (3, 3), activation="tanh")(layers.BatchNormalization()(source))
    )
    network = keras.Model(source, layers.Dense(3, activation="tanh")(layers.Flatten()(x)))
    left, right = keras.Input((8, 8, 1)), keras.Input((8, 8, 1))
    total = ops.sum(ops.square(network(left) - network(right)), axis=1, keepdims=True)
    distance = ops.sqrt(ops.maximum(total, keras.config.epsilon()))
    return model(
        [left, right], layers.Dense(1, activation="sigmoid")(layers.BatchNormalization()(distance)), "contrastive"
    )


def bags() -> Any:
    """Multiple instances: gated attention over the pictures of a bag says which of them count."""
    inputs = [keras.Input((6, 6)) for _ in range(3)]
    first, second = layers.Dense(6, activation="relu"), layers.Dense(4, activation="relu")
    embedded = [second(first(layers.Flatten()(source))) for source in inputs]
    score = layers.Dense(1, use_bias=False, kernel_regularizer=keras.regularizers.L2(0.01), name="alpha")
    v, u = layers.Dense(4, activation="tanh", name="v"), layers.Dense(4, activation="sigmoid", name="u")
    alphas = ops.softmax(ops.stack([score(v(one) * u(one)) for one in embedded]), axis=0)
    weighted = [alphas[number] * one for number, one in enumerate(embedded)]
    outputs = layers.Dense(2, activation="softmax")(layers.concatenate(weighted, axis=1))
    return model(inputs, [outputs, alphas], "bags")


def nested_twice() -> Any:
    """A model with two inputs and outputs, in a model, twice; one of its layers stands beside it, too."""
    shared = layers.Dense(4, name="shared")
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    inner = keras.Model([left, right], [shared(left) + right, layers.Dense(3, name="own")(right)], name="inner")
    first, second = keras.Input((4,), name="first"), keras.Input((4,), name="second")
    x, y = inner([first, second])
    again, z = inner([x, first])
    return model([first, second], [layers.concatenate([again, y]), z], "nested_twice")


def experts() -> Any:
    """A mixture of experts: the best two of four are weighted, chosen by operations."""
    source = keras.Input((6,))
    gates = ops.softmax(layers.Dense(4, use_bias=False, name="router")(source))
    values, chosen = ops.top_k(gates, k=2)
    weights = ops.sum(ops.one_hot(chosen, 4) * ops.expand_dims(values, -1), axis=1)
    weights = weights / ops.sum(weights, axis=-1, keepdims=True)
    found = ops.stack(
        [layers.Dense(5, activation="mish", name=f"expert_{number}")(source) for number in range(4)], axis=1
    )
    return model(source, [ops.einsum("be,bed->bd", weights, found), chosen], "experts")


def actor_critic() -> Any:
    source = keras.Input(shape=(4,))
    x = layers.Dense(8, activation="relu")(source)
    return model(source, [layers.Dense(2, activation="softmax")(x), layers.Dense(1)(x)], "actor_critic")


def deep_q() -> Any:
    source = keras.Input((4, 16, 16))
    x = ops.transpose(source, [0, 2, 3, 1])
    for filters, size, stride in ((4, 5, 2), (4, 3, 1)):
        x = layers.Conv2D(filters, size, strides=stride, activation="relu")(x)
    x = layers.Dense(6, activation=keras.layers.LeakyReLU(negative_slope=0.1))(layers.Flatten()(x))
    value, advantage = layers.Dense(1)(x), layers.Dense(3, activation="linear")(x)
    return model(source, value + (advantage - ops.mean(advantage, axis=1, keepdims=True)), "deep_q")


def critic() -> Any:
    state, action = keras.Input((3,), name="state"), keras.Input((1,), name="action")
    x = layers.Dense(4, activation="relu")(layers.Dense(3, activation="relu")(state))
    x = layers.Concatenate()([x, layers.Dense(4, activation="relu")(action)])
    end = keras.initializers.RandomUniform(minval=-0.003, maxval=0.003, seed=4)
    return model([state, action], layers.Dense(1, kernel_initializer=end)(x), "critic")


TABLES = (
    *(wide_and_deep, deep_and_cross, gated_residual, tab_transformer, two_towers, collaborative, tickets, siamese),
    *(contrastive, bags, nested_twice, experts, actor_critic, deep_q, critic),
)
