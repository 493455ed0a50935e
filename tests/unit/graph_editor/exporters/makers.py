"""Models as people write them in Python, one for each thing that an export must keep."""

from typing import Any

import keras
import numpy as np
from keras import layers as L  # noqa: N812
from keras import ops


def plain() -> Any:
    x = keras.Input((8,), name="features")
    y = L.Dense(4, "relu", kernel_initializer=keras.initializers.HeNormal(seed=3), kernel_regularizer="l2", name="a")(x)
    return keras.Model(x, L.Dense(1, bias_constraint=keras.constraints.NonNeg(), name="b")(y), name="plain")


def nested() -> Any:
    i = keras.Input((8,), name="i")
    inner = keras.Model(i, L.Dense(8, name="d")(i), name="inner")
    j = keras.Input((8,), name="j")
    middle = keras.Model(j, inner(L.Dense(8, name="e")(j)), name="middle")
    k = keras.Input((8,), name="k")
    return keras.Model(k, [middle(k), inner(k), middle(L.Dense(8, name="before")(k))], name="top")


def frozen_nested() -> Any:
    i = keras.Input((8,), name="i")
    inner = keras.Model(i, L.BatchNormalization(name="n")(L.Dense(8, name="d")(i)), name="inner")
    inner.trainable = False
    k = keras.Input((8,), name="k")
    return keras.Model(k, L.Dense(1, name="head")(inner(k)), name="top")


def frozen_makers() -> Any:
    """Frozen layers that make or hold others, also in a model; only the last layer learns."""
    i = keras.Input((4, 3), name="i")
    inner = keras.Model(i, L.MultiHeadAttention(2, 2, trainable=False, name="in_model")(i, i), name="inner")
    k = keras.Input((4, 3), name="k")
    x = L.MultiHeadAttention(2, 2, trainable=False, name="attention")(k, k)
    x = L.GroupQueryAttention(2, 2, 1, trainable=False, name="grouped")(x, x)
    x = L.RNN(L.LSTMCell(3, trainable=False), return_sequences=True, trainable=False, name="cells")(inner(x))
    x = L.Bidirectional(L.GRU(2, trainable=False), trainable=False, name="both")(x)
    for layer in (x._keras_history.operation.forward_layer, x._keras_history.operation.backward_layer):
        layer.trainable = False
    return keras.Model(k, L.Dense(1, name="head")(x), name="top")


def nests() -> Any:
    a = keras.Input((4,), name="a")
    b = keras.Input((4,), name="b")
    inner = keras.Model({"u": a, "v": b}, {"sum": L.Add(name="s")([a, b]), "both": [a * 2, b]}, name="inner")
    c = keras.Input((4,), name="c")
    d = keras.Input((4,), name="d")
    out = inner({"u": c, "v": d})
    return keras.Model({"x": c, "y": [d]}, {"o": out["sum"], "p": (out["both"][1], out["both"][0])}, name="nests")


def sequential_inside() -> Any:
    stack = keras.Sequential([L.Input((4,), name="in"), L.Dense(3, name="d1"), L.Dense(2, name="d2")], name="stack")
    deferred = keras.Sequential([L.Dense(3, name="d3"), keras.Sequential([L.Dense(2, name="d4")], name="q")], name="s2")
    i = keras.Input((4,), name="i")
    return keras.Model(i, deferred(stack(i)), name="m")


def top_sequential() -> Any:
    layers = [L.Input((4,), name="in"), L.Dense(3, name="a"), L.Dropout(0.5, name="b"), L.Dense(1, name="c")]
    return keras.Sequential(layers, name="seq")


def shared() -> Any:
    x = keras.Input((8,), name="x")
    a, b = L.Dense(8, name="a"), L.Dense(8, name="b")
    return keras.Model(x, a(b(a(x))), name="woven")


def states() -> Any:
    t = keras.Input((None,), dtype="int32", name="tokens")
    e = L.Embedding(10, 4, name="e")(t)
    o, h, c = L.LSTM(5, return_state=True, return_sequences=True, name="encoder")(e)
    d = L.LSTM(5, name="decoder")(o, initial_state=[h, c])
    cell = L.RNN(L.StackedRNNCells([L.GRUCell(3, name="c1"), L.LSTMCell(2, name="c2")], name="cells"), name="rnn")(e)
    both = L.Bidirectional(L.GRU(3, return_state=True, name="g"), merge_mode="sum", name="both")(e)
    return keras.Model(t, [d, cell, both[0], both[2]], name="states")


def masks() -> Any:
    t = keras.Input((None,), dtype="int32", name="tokens")
    e = L.Embedding(10, 4, mask_zero=True, name="e")(t)
    y = L.LSTM(5, name="l")(e)
    return keras.Model(t, [y, L.GlobalAveragePooling1D(name="g")(e)], name="masks")


def attention() -> Any:
    a = keras.Input((4, 6), name="a")
    y, s = L.MultiHeadAttention(2, 3, name="mha")(a, a, return_attention_scores=True)
    only = L.MultiHeadAttention(2, 3, name="only")(query=a, value=y, use_causal_mask=True)
    z = L.Attention(name="att")([only, a, y])
    return keras.Model(a, [ops.softmax(z), s], name="attention")


def operators() -> Any:
    a = keras.Input((4, 6), name="a")
    y = a[:, 1]
    z = ops.concatenate([y, y * 2 + 1, a[..., 0, :], a[:, -1, ::2][:, None][:, 0, :0]], axis=-1)
    q, r = ops.qr(ops.matmul(a, ops.transpose(a, (0, 2, 1))))
    top = ops.top_k(z, 2, sorted=False)
    parts = ops.split(z, 3, axis=1)
    few = ops.where(z > 0, ops.clip(z, -1.0, 1.0), 0.0) - np.float32(3)
    text = ops.einsum("bij,bjk->bik", q, r)
    return keras.Model(a, [few, top[1], parts[2], text, ops.reshape(z, (-1, 3, 6)), 1 / z, -z], name="operators")


def constants() -> Any:
    a = keras.Input((3,), name="a")
    y = ops.add(a, np.array([1.0, 2.0, 3.0], "float32"))
    return keras.Model(a, ops.multiply(y, ops.convert_to_tensor([1.0, 0.0, 2.0])), name="constants")


def renamed_operations() -> Any:
    a = keras.Input((3,), name="a")
    unused = ops.sin(a)
    return keras.Model(a, ops.sin(ops.sin(a)), name="renamed") if unused is not None else None


def policies() -> Any:
    x = keras.Input((8,), dtype="float16", name="x")
    y = L.Dense(8, dtype="mixed_bfloat16", trainable=False, name="d")(x)
    return keras.Model(x, L.BatchNormalization(dtype="float64", name="n")(y), name="policies")


def wrappers() -> Any:
    x = keras.Input((5, 8, 8, 3), name="x")
    y = L.TimeDistributed(L.Conv2D(4, 3, strides=2, activation=L.LeakyReLU(0.1, name="lr"), name="conv"), name="td")(x)
    y = L.TimeDistributed(L.ZeroPadding2D(((1, 0), (2, 1)), name="z"), name="tz")(y)
    y = L.TimeDistributed(L.GlobalAveragePooling2D(name="gap"), name="tg")(y)
    return keras.Model(x, L.Activation(keras.activations.gelu, name="act")(y), name="wrappers")


def fixed_batch() -> Any:
    x = keras.Input(batch_shape=(2, 5, 8), name="x")
    return keras.Model(x, L.GRU(4, stateful=True, recurrent_initializer="zeros", name="g")(x), name="fixed")


def hostile() -> Any:
    names = [
        "__import__('os').system('x')",
        'a"b',
        "line\nbreak",
        "class",
        "1st",
        "한글 레이어",
        "x",
        "print",
        '"""',
        "\\",
    ]
    x = keras.Input((4,), name="'); raise SystemExit(7) #")
    y = x
    for name in names:
        y = L.Dense(4, name=name)(y)
    return keras.Model(x, y, name='""" \n raise SystemExit(8)')


def quantized() -> Any:
    x = keras.Input((8,), name="x")
    model = keras.Model(x, L.Dense(4, name="a")(L.Dense(8, name="b")(x)), name="quantized")
    model.quantize("int8")
    return model


def adapted() -> Any:
    x = keras.Input((8,), name="x")
    dense = L.Dense(4, name="a")
    y = dense(x)
    dense.enable_lora(2)
    return keras.Model(x, y, name="lora")


def looked_up() -> Any:
    x = keras.Input((1,), dtype="string", name="x")
    return keras.Model(x, L.StringLookup(vocabulary=["a", "b"], name="s")(x), name="lookup")


def policy_map() -> Any:
    x = keras.Input((4, 8), name="x")
    policies = keras.dtype_policies.DTypePolicyMap(default_policy="mixed_bfloat16")
    return keras.Model(x, L.MultiHeadAttention(2, 3, dtype=policies, name="m")(x, x), name="map")


def four_deep() -> Any:
    x = keras.Input((8,), name="x")
    model = keras.Model(x, L.Dense(8, name="d")(x), name="m0")
    for depth in range(1, 4):
        x = keras.Input((8,), name="x")
        model = keras.Model(x, model(model(x)), name=f"m{depth}")
    return model


def siamese_stack() -> Any:
    inner = keras.Sequential([L.Input((8,), name="i"), L.Dense(4, name="d")], name="inner")
    a, b = keras.Input((8,), name="a"), keras.Input((8,), name="b")
    return keras.Model([a, b], L.Subtract(name="s")([inner(a), inner(b)]), name="twins")


def nested_outputs() -> Any:
    i = keras.Input((8,), name="i")
    inner = keras.Model(i, [L.Dense(2, name="d")(i), i], name="inner")
    k = keras.Input((8,), name="k")
    out = inner(k)
    return keras.Model([k], [out[1], out[0]], name="outer")


def forced_training() -> Any:
    x = keras.Input((8,), name="x")
    y = L.BatchNormalization(name="b")(x, training=False)
    return keras.Model(x, L.Dropout(0.3, seed=5, name="d")(y, training=True), name="forced")


def layer_as_activation() -> Any:
    x = keras.Input((8, 8, 3), name="x")
    activation = L.PReLU(shared_axes=[1, 2], name="p")
    y = L.Conv2D(2, 3, activation=activation, name="c")(L.RandomFlip(seed=3, name="f")(x))
    return keras.Model(x, y, name="activated")


def shared_operation() -> Any:
    a = keras.Input((3,), name="a")
    double = keras.src.ops.numpy.Add(name="plus")
    return keras.Model(a, double(double(a, a), a), name="shared_operation")


def published() -> Any:
    return keras.applications.MobileNetV3Small(weights=None)


MAKERS = (
    plain, nested, frozen_nested, frozen_makers, nests, sequential_inside, top_sequential, shared, states, masks,
    attention, operators, constants, renamed_operations, policies, wrappers, fixed_batch, hostile, quantized, adapted,
    looked_up, policy_map, four_deep, siamese_stack, nested_outputs, forced_training, layer_as_activation,
    shared_operation, published,
)  # fmt: skip
