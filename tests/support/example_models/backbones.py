"""What the backbones of KerasHub are made of, in Keras' own layers and operations, made small. Imports Keras."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from tests.support.example_models.making import model

WIDTH, HEADS, SIZE = 8, 2, 4


def _count(x: Any) -> Any:
    return ops.cumsum(ops.ones_like(x, dtype="int32"), axis=1) - 1


def _rotated(x: Any, positions: Any) -> Any:
    """Rotary embedding of (batch, length, heads, size)."""
    frequency = 1.0 / np.power(10000.0, np.arange(0, SIZE, 2, dtype="float32") / SIZE)
    angles = ops.einsum("bl,d->bld", ops.cast(positions, "float32"), frequency)
    angles = ops.expand_dims(ops.concatenate([angles, angles], axis=-1), axis=-2)
    left, right = ops.split(x, 2, axis=-1)
    return x * ops.cos(angles) + ops.concatenate([-right, left], axis=-1) * ops.sin(angles)


def _heads(x: Any, name: str, heads: int) -> Any:
    dense = layers.EinsumDense("abc,cde->abde", (None, heads, SIZE), name=name, kernel_initializer="glorot_normal")
    return dense(x)


def llama_block() -> Any:
    """RMS norm, rotary positions, grouped queries, SwiGLU, and the embedding turned round at the end."""
    tokens = keras.Input((None,), dtype="int32", name="token_ids")
    embedding = layers.ReversibleEmbedding(12, WIDTH, tie_weights=True, name="token_embedding")
    x, positions = embedding(tokens), _count(tokens)
    y = layers.RMSNormalization(epsilon=1e-6, name="before_attention")(x)
    query, key = _rotated(_heads(y, "query", HEADS), positions), _rotated(_heads(y, "key", 1), positions)
    key, value = (ops.repeat(one, HEADS, axis=2) for one in (key, _heads(y, "value", 1)))
    scores = ops.einsum("aecd,abcd->acbe", key, query) / ops.sqrt(ops.cast(SIZE, "float32"))
    seen = positions[:, None, :, None] >= positions[:, None, None, :]
    scores = layers.Softmax(axis=-1, dtype="float32", name="attention_softmax")(scores, ops.cast(seen, "bool"))
    y = ops.einsum("acbe,aecd->abcd", scores, value)
    x = x + layers.EinsumDense("abcd,cde->abe", (None, WIDTH), name="attention_output")(y)
    y = layers.RMSNormalization(name="before_ffn")(x)
    gate = layers.Dense(12, activation=keras.activations.silu, use_bias=False, name="gate")(y)
    x = x + layers.Dense(WIDTH, use_bias=False)(gate * layers.Dense(12, use_bias=False, name="intermediate")(y))
    return model(tokens, embedding(layers.RMSNormalization(name="final")(x), reverse=True), "llama_block")


def gemma_block() -> Any:
    """Scaled embedding, GELU gate, capped logits, weights in half the precision."""
    tokens = keras.Input((None,), dtype="int32", name="token_ids")
    mask = keras.Input((None,), dtype="int32", name="padding_mask")
    embedding = layers.ReversibleEmbedding(
        12, WIDTH, tie_weights=False, logit_soft_cap=30.0, dtype="bfloat16", name="embedding"
    )
    x = embedding(tokens) * WIDTH**0.5
    y = layers.RMSNormalization(dtype="bfloat16")(x)
    attention = layers.GroupQueryAttention(SIZE, HEADS, 1, dtype="bfloat16", name="attention")
    x = x + attention(y, y, attention_mask=ops.cast(mask, "bool")[:, None, :], use_causal_mask=True)
    gate = ops.gelu(layers.Dense(12, use_bias=False, dtype="bfloat16")(x), approximate=True)
    x = x + layers.Dense(WIDTH, use_bias=False, dtype="bfloat16")(
        gate * layers.Dense(12, use_bias=False, dtype="bfloat16")(x)
    )
    logits = ops.cast(embedding(x, reverse=True), "float32")
    return model({"token_ids": tokens, "padding_mask": mask}, 30.0 * ops.tanh(logits / 30.0), "gemma_block")


def bert_block() -> Any:
    """Tokens, segments and positions; a pooled output beside the sequence."""
    names = ("token_ids", "segment_ids", "padding_mask")
    inputs = {name: keras.Input((None,), dtype="int32", name=name) for name in names}
    start = keras.initializers.TruncatedNormal(stddev=0.02)
    x = layers.ReversibleEmbedding(20, WIDTH, embeddings_initializer=start, dtype="float32", name="token_embedding")(
        inputs["token_ids"]
    )
    x = layers.Add(name="embeddings_add")(
        [
            x,
            layers.Embedding(16, WIDTH, embeddings_initializer=keras.initializers.TruncatedNormal(stddev=0.02))(
                _count(inputs["token_ids"])
            ),
            layers.Embedding(2, WIDTH)(ops.minimum(inputs["segment_ids"], 1)),
        ]
    )
    x = layers.Dropout(0.1)(layers.LayerNormalization(epsilon=1e-12, name="embeddings_layer_norm")(x))
    mask = ops.cast(inputs["padding_mask"], "bool")
    for number in range(2):
        y = layers.MultiHeadAttention(HEADS, SIZE, dropout=0.1, name=f"attention_{number}")(
            x, x, attention_mask=mask[:, None]
        )
        x = layers.LayerNormalization(epsilon=1e-12)(x + y)
        y = layers.Dense(
            16, activation=lambda_gelu(), kernel_initializer=keras.initializers.TruncatedNormal(stddev=0.02)
        )(x)
        x = layers.LayerNormalization(epsilon=1e-12)(x + layers.Dense(WIDTH)(y))
    pooled = layers.Dense(WIDTH, activation="tanh", name="pooled_dense")(x[:, 0, :])
    return model(inputs, {"sequence_output": x, "pooled_output": pooled}, "bert_block")


def lambda_gelu() -> Any:
    """A layer as an activation."""
    return layers.Activation("gelu")


def albert_group() -> Any:
    """One block, used three times, after an embedding that is smaller than the rest."""
    tokens = keras.Input((6,), dtype="int32", name="tokens")
    x = layers.Dense(WIDTH, name="projection")(layers.Embedding(20, 3)(tokens))
    source = keras.Input((6, WIDTH), name="block_input")
    y = layers.LayerNormalization()(source + layers.MultiHeadAttention(HEADS, SIZE)(source, source))
    y = layers.LayerNormalization()(y + layers.Dense(WIDTH)(layers.Dense(12, activation="gelu")(y)))
    block = keras.Model(source, y, name="group")
    for _ in range(3):
        x = block(x)
    return model(tokens, x, "albert_group")


def t5_bias() -> Any:
    """Distances between places, in buckets of logarithms, embedded as a bias of attention."""
    source = keras.Input((6, WIDTH), name="states")
    places = np.arange(6, dtype="int32")
    distance = ops.abs(_count(source[..., 0])[:, :, None] - places[None, None, :])
    large = 2 + ops.cast(ops.log(ops.cast(distance, "float32") / 2 + 1e-6) / math.log(4.0) * 2, "int32")
    bucket = ops.where(distance < 2, distance, ops.minimum(large, 3))
    bias = ops.transpose(layers.Embedding(4, HEADS, name="relative")(bucket), (0, 3, 1, 2))
    query, key, value = (_heads(source, name, HEADS) for name in ("query", "key", "value"))
    scores = ops.softmax(ops.einsum("aecd,abcd->acbe", key, query) + bias, axis=-1)
    x = layers.EinsumDense("abcd,cde->abe", (None, WIDTH), bias_axes="e")(ops.einsum("acbe,aecd->abcd", scores, value))
    x = source + layers.Dropout(0.1)(x)
    return model(source, layers.RMSNormalization(epsilon=1e-6)(x), "t5_bias")


def whisper_block() -> Any:
    """Two convolutions and sines, then a decoder that looks at what was heard."""
    sound = keras.Input((None, 5), name="encoder_features")
    tokens = keras.Input((None,), dtype="int32", name="decoder_token_ids")
    x = ops.gelu(layers.Conv1D(WIDTH, 3, padding="same", name="conv_1")(sound), approximate=False)
    x = layers.ZeroPadding1D(1)(x)
    x = ops.gelu(layers.Conv1D(WIDTH, 3, strides=2, padding="valid")(x), approximate=False)
    y = layers.LayerNormalization(epsilon=1e-5)(x)
    x = x + layers.MultiHeadAttention(HEADS, SIZE, use_bias=True)(y, y)
    z = layers.Embedding(11, WIDTH)(tokens) + layers.Embedding(16, WIDTH)(_count(tokens))
    y = layers.LayerNormalization(epsilon=1e-5)(z)
    z = z + layers.MultiHeadAttention(HEADS, SIZE)(y, y, use_causal_mask=True)
    z = z + layers.MultiHeadAttention(HEADS, SIZE)(layers.LayerNormalization()(z), x, x)
    return model([sound, tokens], {"encoder": x, "decoder": z}, "whisper_block")


def clip_towers() -> Any:
    """A picture and a text, both of length one, and their fit in two directions."""
    picture, words = keras.Input((8, 8, 3), name="images"), keras.Input((5,), dtype="int32", name="token_ids")
    x = layers.Conv2D(6, 4, strides=4, use_bias=False, name="patch_embedding")(picture)
    x = layers.LayerNormalization(epsilon=1e-5)(ops.reshape(x, (-1, 4, 6)))
    y = layers.MultiHeadAttention(2, 3)(x, x)
    x = x + layers.Dense(6)(y * ops.sigmoid(1.702 * y))
    z = layers.Embedding(9, 6)(words)
    z = ops.take_along_axis(z, ops.expand_dims(ops.argmax(words, axis=-1, keepdims=True), -1), axis=1)
    x, z = layers.Dense(4, use_bias=False)(ops.mean(x, axis=1)), layers.Dense(4, use_bias=False)(ops.squeeze(z, 1))
    x, z = ops.normalize(x, axis=-1, order=2), z / ops.norm(z, ord=2, axis=-1, keepdims=True)
    fits = ops.matmul(z, ops.transpose(x)) * ops.exp(2.6592)
    outputs = {"text_logits": fits, "image_logits": ops.transpose(fits)}
    return model({"images": picture, "token_ids": words}, outputs, "clip_towers")


def resnet_v2() -> Any:
    x = source = keras.Input((16, 16, 3))
    x = layers.MaxPooling2D(3, strides=2)(layers.ZeroPadding2D(1)(layers.Conv2D(4, 7, 2, "same", use_bias=False)(x)))
    before = x
    for stride, filters in ((1, 4), (2, 8)):
        y = layers.Activation("relu")(layers.BatchNormalization(epsilon=1e-5, momentum=0.9)(x))
        before = layers.Conv2D(filters, 1, strides=stride, use_bias=False)(y) if filters > 4 else x
        y = layers.Conv2D(filters, 3, stride, padding="same", use_bias=False)(y)
        x = layers.Add()([before, layers.Conv2D(filters, 3, padding="same")(layers.Activation("relu")(y))])
    return model(source, {"P3": before, "P4": x}, "resnet_v2")


def convnext_block() -> Any:
    """Stochastic depth, and a scale that is learned by a depthwise convolution of size one."""
    source = keras.Input((8, 8, 4))
    x = layers.DepthwiseConv2D(7, padding="same")(source)
    x = layers.Dense(16)(layers.LayerNormalization(epsilon=1e-6)(x))
    x = layers.Dense(4)(layers.Activation("gelu")(x))
    x = layers.DepthwiseConv2D(1, use_bias=False, depthwise_initializer=keras.initializers.Constant(1e-6))(x)
    x = layers.Add()([source, layers.Dropout(0.1, noise_shape=(None, 1, 1, 1))(x)])
    return model(source, layers.Conv2D(6, 2, 2)(layers.LayerNormalization()(x)), "convnext_block")


def segformer_block() -> Any:
    """Attention whose keys are fewer, a depthwise convolution in the MLP, and all sizes joined."""
    source = keras.Input((16, 16, 3))
    x = layers.LayerNormalization()(layers.Conv2D(8, 7, 4, padding="same")(source))
    x = ops.reshape(x, (-1, 16, 8))
    fewer = layers.Conv2D(8, 2, 2, name="fewer")(layers.Reshape((4, 4, 8))(x))
    fewer = layers.LayerNormalization(epsilon=1e-5)(layers.Reshape((-1, 8))(fewer))
    x = layers.MultiHeadAttention(HEADS, SIZE)(x, fewer, fewer) + x
    y = layers.Reshape((4, 4, 12))(layers.Dense(12)(x))
    y = layers.Reshape((16, 12))(layers.DepthwiseConv2D(3, padding="same")(y))
    x = layers.Reshape((4, 4, 8))(x + layers.Dense(8)(ops.gelu(y)))
    return model(source, layers.Resizing(16, 16, interpolation="bilinear")(layers.Conv2D(3, 1)(x)), "segformer_block")


def yolo_neck() -> Any:
    """Parts of channels go different ways; a pyramid of pools; boxes and classes of two sizes."""
    source = keras.Input((32, 32, 3))

    def conv(x: Any, filters: int, size: int = 1, stride: int = 1) -> Any:
        x = layers.ZeroPadding2D(size // 2)(x) if stride > 1 else x
        x = layers.Conv2D(filters, size, stride, "valid" if stride > 1 else "same", use_bias=False)(x)
        return layers.Activation("silu")(layers.BatchNormalization(momentum=0.97, epsilon=1e-3)(x))

    first = conv(conv(source, 4, 3, 2), 8, 3, 2)
    left, right = ops.split(conv(first, 8), 2, axis=-1)
    x = conv(layers.Concatenate()([left, right, layers.Add()([right, conv(right, 4, 3)])]), 8)
    pools = [conv(x, 4)]
    for _ in range(3):
        pools.append(layers.MaxPooling2D(5, strides=1, padding="same")(pools[-1]))
    x = conv(layers.Concatenate()(pools), 8, 3, 2)
    upper = layers.Concatenate()([layers.UpSampling2D(2)(x), first])
    boxes = [
        layers.Reshape((-1, 8))(layers.Conv2D(8, 1, name=f"box_{number}")(one)) for number, one in enumerate((upper, x))
    ]
    classes = [layers.Reshape((-1, 3))(layers.Conv2D(3, 1, activation="sigmoid")(one)) for one in (upper, x)]
    outputs = {"boxes": ops.concatenate(boxes, axis=1), "classes": layers.Concatenate(axis=1)(classes)}
    return model(source, outputs, "yolo_neck")


def swin_windows() -> Any:
    """Pictures rolled, cut in windows, attended to and put together again."""
    source = keras.Input((8, 8, 4))
    x = ops.roll(layers.LayerNormalization(epsilon=1e-5)(source), shift=[-2, -2], axis=[1, 2])
    x = ops.transpose(ops.reshape(x, (-1, 2, 4, 2, 4, 4)), (0, 1, 3, 2, 4, 5))
    x = ops.reshape(x, (-1, 16, 4))
    query, key, value = ops.unstack(ops.reshape(layers.Dense(12)(x), (-1, 16, 3, 4)), 3, axis=2)
    x = ops.dot_product_attention(*(one[:, :, None, :] for one in (query, key, value)), scale=0.5)
    x = ops.transpose(ops.reshape(x, (-1, 2, 2, 4, 4, 4)), (0, 1, 3, 2, 4, 5))
    x = ops.roll(ops.reshape(x, (-1, 8, 8, 4)), (2, 2), axis=(1, 2))
    x = source + x
    merged = layers.Concatenate()([x[:, 0::2, 0::2], x[:, 1::2, 0::2], x[:, 0::2, 1::2], x[:, 1::2, 1::2, :]])
    return model(source, layers.Dense(8, use_bias=False)(layers.LayerNormalization()(merged)), "swin_windows")


def mixed_precision() -> Any:
    """A policy of two types in one part, and float64 in another."""
    source = keras.Input((8, 8, 3), dtype="uint8")
    x = layers.Rescaling(1 / 255, dtype="mixed_bfloat16")(source)
    x = layers.Conv2D(4, 3, dtype="mixed_bfloat16", activation="relu")(x)
    x = layers.BatchNormalization(dtype=keras.DTypePolicy("mixed_bfloat16"))(x)
    x = layers.GlobalAveragePooling2D(dtype="float32")(x)
    wide = layers.Dense(3, dtype="float64")(x)
    return model(source, [layers.Dense(2, dtype="float32")(x), wide], "mixed_precision")


def low_rank() -> Any:
    """Layers with LoRA turned on. Keras adds the low rank to the kernels when it saves, so it is zero here."""
    source = keras.Input((5,), dtype="int32")
    x = layers.Embedding(9, 6, lora_rank=2, name="tokens")(source)
    x = layers.EinsumDense("abc,cd->abd", (None, 6), bias_axes="d", lora_rank=1)(x)
    x = layers.Conv1D(4, 3, lora_rank=2, lora_alpha=4)(x)
    made = model(source, layers.Dense(3, lora_rank=2)(x), "low_rank")
    for weight in made.weights:
        if weight.name.startswith("lora"):
            weight.assign(ops.zeros_like(weight))
    return made


BACKBONES = (
    *(llama_block, gemma_block, bert_block, albert_group, t5_bias, whisper_block, clip_towers, resnet_v2),
    *(convnext_block, segformer_block, yolo_neck, swin_windows, mixed_precision, low_rank),
)
