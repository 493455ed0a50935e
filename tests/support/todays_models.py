"""Models of today's Keras that are out of the ordinary, by the names that they are asked for with. Imports Keras."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import layers, ops

INFINITY = float("inf")


def _model(source: Any, output: Any, name: str) -> Any:
    model = keras.Model(source, output, name=name)
    generator = np.random.default_rng(3)
    for weight in model.weights:  # zeros would be found again everywhere
        if "float" in weight.dtype:
            weight.assign(generator.normal(size=weight.shape))
    return model


def group_query_attention() -> Any:
    source = keras.Input((5, 8), name="source")
    inner_source = keras.Input((5, 8), name="inner_source")
    attention = layers.GroupQueryAttention(4, 2, 1, name="inside")(inner_source, inner_source)
    inner = keras.Model(inner_source, attention, name="inner")
    x = layers.GroupQueryAttention(4, 4, 2, name="first")(source, source, key=source)
    x = layers.TimeDistributed(layers.Dense(8), name="each")(inner(x))
    return _model(source, layers.GroupQueryAttention(2, 2, 2, name="last")(x, x), "queries")


def _stateful(name: str, shape: tuple[int, ...], *stack: Any) -> Any:
    x = source = keras.Input(batch_shape=shape, name="source")
    for layer in stack:
        x = layer(x)
    return _model(source, x, name)


def stateful_layers() -> Any:
    rest = {"stateful": True, "return_sequences": True}
    stack = [
        layers.LSTM(2, **rest),
        layers.GRU(3, **rest),
        layers.SimpleRNN(2, **rest),
        layers.RNN(layers.GRUCell(2), **rest),
        layers.RNN([layers.LSTMCell(2), layers.LSTMCell(3)], **rest),
        layers.RNN(layers.StackedRNNCells([layers.GRUCell(2), layers.SimpleRNNCell(3)]), **rest),
        layers.Bidirectional(layers.LSTM(2, **rest)),
        layers.Bidirectional(layers.GRU(2, stateful=True), merge_mode="sum"),
    ]
    return _stateful("stateful_layers", (2, 4, 3), *stack)


def stateful_nested() -> Any:
    inner = keras.Sequential([keras.Input(batch_shape=(2, 4, 3)), layers.GRU(3, stateful=True, return_sequences=True)])
    return _stateful("stateful_nested", (2, 4, 3), inner, layers.LSTM(2, stateful=True))


def stateful_images() -> Any:
    first = layers.ConvLSTM2D(2, 3, stateful=True, return_sequences=True)
    return _stateful("stateful_images", (2, 3, 8, 8, 1), first, layers.ConvLSTM2D(2, 3, stateful=True))


def stateful_shared() -> Any:
    source = keras.Input(batch_shape=(2, 4, 3), name="source")
    shared = layers.LSTM(3, stateful=True)
    return _model(source, [shared(source), shared(ops.flip(source, axis=1))], "stateful_shared")


def infinities() -> Any:
    """In arguments, in keywords, in lists and in settings of layers."""
    source = keras.Input((3,), name="source")
    x = ops.maximum(source, -INFINITY)
    x = ops.clip(x, x_min=-INFINITY, x_max=INFINITY)
    x = ops.nan_to_num(x, nan=0.0, posinf=INFINITY, neginf=-INFINITY)
    x = ops.where(ops.isnan(x), float("nan"), x)
    x = layers.Rescaling(1.0, offset=[0.0, INFINITY, float("nan")])(x)
    x = layers.ReLU(max_value=INFINITY)(x)
    return _model(source, layers.Dense(2, kernel_constraint=keras.constraints.MaxNorm(INFINITY))(x), "infinities")


def feature_space_of_numbers() -> Any:
    kinds = keras.utils.FeatureSpace
    features = kinds(
        {
            "plain": "float",
            "size": "float_normalized",
            "share": "float_rescaled",
            "age": kinds.float_discretized(num_bins=3),
            "code": kinds.integer_hashed(num_bins=5),
        },
        crosses=[kinds.cross(("code", "age"), crossing_dim=7)],
    )
    data = {name: np.linspace(0, 9, 6) for name in ("plain", "size", "share", "age")}
    features.adapt({**data, "code": np.arange(6)})
    return keras.Model(features.get_inputs(), layers.Dense(2, name="head")(features.get_encoded_features()))


TEXTS = np.array(["cat", "dog", "cat", "bird", "the dog", "새 한국", "cat dog cat"])


def _adapted(layer: Any, data: Any = TEXTS) -> Any:
    layer.adapt(data)
    return layer


def vocabularies() -> Any:
    """Adapted to data: words with and without padding, tf-idf, numbers, bins, in a wrapper, shared, turned around."""
    words = keras.Input((1,), dtype="string", name="words")
    other_words = keras.Input((1,), dtype="string", name="other_words")
    numbers = keras.Input((1,), dtype="int64", name="numbers")
    size = keras.Input((1,), name="size")
    lists = keras.Input((3, 1), dtype="string", name="lists")
    shared = _adapted(layers.StringLookup(mask_token="", num_oov_indices=2))
    back = layers.StringLookup(invert=True)
    back.set_vocabulary(["one", "two", "three"])
    found = [
        shared(words),
        shared(other_words),
        _adapted(layers.StringLookup(output_mode="one_hot"))(words),
        _adapted(layers.StringLookup(output_mode="tf_idf"), TEXTS.reshape(-1, 1))(words),
        _adapted(layers.IntegerLookup(), np.array([5, 3, 3, -7]))(numbers),
        _adapted(layers.IntegerLookup(output_mode="multi_hot", num_oov_indices=2), np.array([5, 3, 3, -7]))(numbers),
        _adapted(layers.TextVectorization(output_sequence_length=4))(words),
        _adapted(layers.TextVectorization(output_mode="tf_idf"))(words),
        _adapted(layers.TextVectorization(output_mode="count", ngrams=2))(words),
        _adapted(layers.TextVectorization(output_mode="tf_idf", ngrams=(1, 3)))(words),
        layers.StringLookup(vocabulary=["a", "cat"])(words),
        layers.StringLookup(vocabulary=["a", "cat"], idf_weights=[0.5, 0.25], output_mode="tf_idf")(words),
        back(numbers),
        _adapted(layers.Discretization(num_bins=3), np.linspace(0, 9, 20))(size),
        _adapted(layers.Normalization(), np.linspace(0, 9, 20).reshape(-1, 1))(size),
        layers.Hashing(4)(words),
        layers.CategoryEncoding(6, output_mode="one_hot")(numbers),
        layers.TimeDistributed(_adapted(layers.StringLookup()))(lists),
    ]
    return keras.Model([words, other_words, numbers, size, lists], found, name="vocabularies")


def vocabularies_inside() -> Any:
    """In a stack, and in a model in a model."""
    source = keras.Input((1,), dtype="string", name="source")
    stack = keras.Sequential(
        [keras.Input((1,), dtype="string"), _adapted(layers.TextVectorization(output_sequence_length=3))], name="stack"
    )
    inner_source = keras.Input((1,), dtype="string", name="inner_source")
    inner = keras.Model(inner_source, _adapted(layers.StringLookup(output_mode="count"))(inner_source), name="inner")
    middle_source = keras.Input((1,), dtype="string", name="middle_source")
    middle = keras.Model(middle_source, inner(middle_source), name="middle")
    x = layers.Embedding(12, 2, name="vectors")(stack(source))
    return _model(source, [layers.Dense(2)(x), layers.Dense(2)(middle(source))], "vocabularies_inside")


def feature_space() -> Any:
    features = keras.utils.FeatureSpace(
        {
            "plain": "float",
            "size": "float_normalized",
            "share": "float_rescaled",
            "age": keras.utils.FeatureSpace.float_discretized(num_bins=3),
            "level": "integer_categorical",
            "kind": "string_categorical",
            "code": keras.utils.FeatureSpace.integer_hashed(num_bins=5),
            "place": keras.utils.FeatureSpace.string_hashed(num_bins=5),
        },
        crosses=[keras.utils.FeatureSpace.cross(("level", "kind"), crossing_dim=7)],
    )
    data = {
        "plain": np.linspace(0, 1, 6),
        "size": np.linspace(1, 9, 6),
        "share": np.linspace(0, 1, 6),
        "age": np.linspace(0, 60, 6),
        "level": np.array([1, 2, 3, 1, 2, 5]),
        "kind": np.array(["cat", "dog", "cat", "bird", "dog", "새"]),
        "code": np.array([1, 2, 3, 4, 5, 6]),
        "place": np.array(["here", "there", "here", "far", "near", "곳"]),
    }
    features.adapt(data)
    encoded = features.get_encoded_features()
    # No random weights: what was adapted to the data are weights as well.
    return keras.Model(features.get_inputs(), layers.Dense(2, name="head")(encoded), name="feature_space")


TODAYS: dict[str, Callable[[], Any]] = {
    maker.__name__: maker
    for maker in (
        group_query_attention,
        stateful_layers,
        stateful_nested,
        stateful_images,
        stateful_shared,
        infinities,
        feature_space_of_numbers,
        feature_space,
        vocabularies,
        vocabularies_inside,
    )
}
