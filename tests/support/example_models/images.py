"""Models of pictures, as keras.io's examples have them, made small. Imports Keras."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers, ops

from tests.support.example_models.making import model


def unet_xception() -> Any:
    source = keras.Input((16, 16, 3))
    x = layers.Conv2D(4, 3, strides=2, padding="same")(source)
    x = layers.BatchNormalization()(x)
    x = before = layers.Activation("relu")(x)
    for filters in (6, 8):
        for _ in range(2):
            x = layers.Activation("relu")(x)
            x = layers.SeparableConv2D(filters, 3, padding="same")(x)
            x = layers.BatchNormalization()(x)
        x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
        x = before = layers.add([x, layers.Conv2D(filters, 1, strides=2, padding="same")(before)])
    for filters in (8, 6, 4):
        for _ in range(2):
            x = layers.Activation("relu")(x)
            x = layers.Conv2DTranspose(filters, 3, padding="same")(x)
            x = layers.BatchNormalization()(x)
        x = layers.UpSampling2D(2)(x)
        x = before = layers.add([x, layers.Conv2D(filters, 1, padding="same")(layers.UpSampling2D(2)(before))])
    return model(source, layers.Conv2D(3, 3, activation="softmax", padding="same")(x), "unet_xception")


def _twice(x: Any, filters: int) -> Any:
    for _ in range(2):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu", kernel_initializer="he_normal")(x)
    return x


def unet_classic() -> Any:
    x = source = keras.Input((16, 16, 1), name="picture")
    kept = []
    for filters in (2, 4):
        x = _twice(x, filters)
        kept.append(x)
        x = layers.Dropout(0.3)(layers.MaxPool2D(2)(x))
    x = _twice(x, 8)
    for filters, beside in zip((4, 2), reversed(kept), strict=True):
        x = layers.Conv2DTranspose(filters, 3, 2, padding="same")(x)
        x = _twice(layers.Dropout(0.3)(layers.concatenate([x, beside])), filters)
    return model(source, layers.Conv2D(1, 1, padding="same", activation="sigmoid", name="mask")(x), "unet_classic")


def _encoder(x: Any, heads: int, width: int, hidden: int) -> Any:
    y = layers.LayerNormalization(epsilon=1e-6)(x)
    x = layers.Add()([layers.MultiHeadAttention(heads, width, dropout=0.1)(y, y), x])
    y = layers.LayerNormalization(epsilon=1e-6)(x)
    for units in (hidden, x.shape[-1]):
        y = layers.Dropout(0.1)(layers.Dense(units, activation=keras.activations.gelu)(y))
    return layers.Add()([y, x])


def _positions(x: Any) -> Any:
    """0, 1, 2 … along the second axis, made of the tensor, so that the embedding stays a layer of the graph."""
    return ops.cumsum(ops.ones_like(x[..., 0], dtype="int32"), axis=1) - 1


def vit_patches() -> Any:
    source = keras.Input((16, 16, 3))
    x = ops.image.extract_patches(source, size=4)
    x = ops.reshape(x, (-1, 16, 48))
    x = layers.Dense(8)(x) + layers.Embedding(16, 8)(_positions(x))
    for _ in range(2):
        x = _encoder(x, 2, 8, 16)
    x = layers.Dropout(0.5)(layers.Flatten()(layers.LayerNormalization(epsilon=1e-6)(x)))
    return model(source, layers.Dense(10)(layers.Dense(12, activation="gelu")(x)), "vit_patches")


def vit_class_token() -> Any:
    """Patches by a convolution; the token and the positions are constants that stand in the graph."""
    source = keras.Input((16, 16, 3), name="images")
    x = layers.Reshape((16, 8))(layers.Conv2D(8, 4, strides=4, padding="valid", name="patches")(source))
    token = layers.Dense(8, use_bias=False, name="token")(ops.ones_like(x[:, :1, :1]))
    x = layers.Concatenate(axis=1)([token, x])
    angles = np.arange(17)[:, None] / np.power(100.0, np.arange(8)[None] / 8)
    x = x + ops.convert_to_tensor(np.sin(angles), "float32")
    x = ops.multiply(x, np.linspace(0.5, 1.5, 8, dtype="float32"))
    x = layers.LayerNormalization()(_encoder(x, 4, 2, 16))
    return model(source, layers.Dense(3, activation="softmax", name="classes")(x[:, 0]), "vit_class_token")


def compact_transformer() -> Any:
    """Convolutions make the words, and a weighted mean of them goes on."""
    source = keras.Input((16, 16, 3))
    x = source
    for filters in (4, 8):
        x = layers.Conv2D(filters, 3, 1, padding="valid", use_bias=False, kernel_initializer="he_normal")(x)
        x = layers.MaxPooling2D(2, 2, "same")(layers.ZeroPadding2D(1)(layers.ReLU()(x)))
    x = ops.reshape(x, (-1, ops.shape(x)[1] * ops.shape(x)[2], 8))
    x = _encoder(x, 2, 4, 8)
    share = layers.Softmax(axis=1)(layers.Dense(1)(layers.LayerNormalization(epsilon=1e-5)(x)))
    mean = ops.squeeze(ops.matmul(ops.transpose(share, (0, 2, 1)), x), -2)
    return model(source, layers.Dense(4)(mean), "compact_transformer")


def _squeezed(x: Any, reduced: int) -> Any:
    y = layers.GlobalAveragePooling2D(keepdims=True)(x)
    y = layers.Conv2D(reduced, 1, activation="silu", kernel_initializer="variance_scaling")(y)
    y = layers.Conv2D(x.shape[-1], 1, activation="sigmoid")(y)
    return layers.multiply([x, y])


def efficientnet_block() -> Any:
    source = keras.Input((16, 16, 3))
    x = layers.Rescaling(1 / 255)(source)
    x = layers.Normalization(mean=[0.485, 0.456, 0.406], variance=[0.052, 0.05, 0.05])(x)
    x = layers.Rescaling([2.0, 2.1, 2.2])(x)
    x = layers.ZeroPadding2D(((0, 1), (0, 1)))(x)
    x = layers.Conv2D(4, 3, 2, use_bias=False, kernel_initializer=keras.initializers.VarianceScaling(2.0, "fan_out"))(x)
    x = before = layers.Activation("swish")(layers.BatchNormalization()(x))
    x = layers.Activation("swish")(layers.BatchNormalization()(layers.Conv2D(8, 1, use_bias=False)(x)))
    x = layers.DepthwiseConv2D(3, padding="same", use_bias=False)(x)
    x = _squeezed(layers.Activation("swish")(layers.BatchNormalization()(x)), 2)
    x = layers.BatchNormalization()(layers.Conv2D(4, 1, use_bias=False)(x))
    x = layers.add([layers.Dropout(0.2, noise_shape=(None, 1, 1, 1))(x), before])
    return model(source, layers.Dense(3, "softmax")(layers.GlobalAveragePooling2D()(x)), "efficientnet_block")


def mobilenet_block() -> Any:
    x = source = keras.Input((None, None, 3))
    for filters, stride, act in (
        (4, 2, layers.ReLU(6.0)),
        (4, 1, layers.Activation("hard_silu")),
        (6, 2, layers.PReLU(shared_axes=[1, 2])),
    ):
        before = x
        y = act(layers.BatchNormalization(epsilon=1e-3, momentum=0.999)(layers.Conv2D(8, 1, use_bias=False)(x)))
        y = layers.DepthwiseConv2D(3, stride, padding="same", use_bias=False, depth_multiplier=2)(y)
        x = layers.BatchNormalization(epsilon=1e-3)(layers.Conv2D(filters, 1, use_bias=False)(ops.relu6(y)))
        if stride == 1:
            x = layers.Add()([before, x])
    x = ops.hard_sigmoid(layers.GlobalMaxPooling2D()(x))
    return model(source, layers.Dense(2, kernel_regularizer=keras.regularizers.L2(1e-4))(x), "mobilenet_block")


def densenet_block() -> Any:
    x = source = keras.Input((16, 16, 3))
    x = layers.Conv2D(4, 7, strides=2, use_bias=False, name="conv1_conv")(layers.ZeroPadding2D(3)(x))
    for block in range(3):
        y = layers.BatchNormalization(axis=3, epsilon=1.001e-5, name=f"conv2_block{block}_0_bn")(x)
        y = layers.Conv2D(8, 1, use_bias=False)(layers.Activation("relu", name=f"conv2_block{block}_0_relu")(y))
        y = layers.Activation("relu")(layers.BatchNormalization(axis=3, epsilon=1.001e-5)(y))
        x = layers.Concatenate(axis=3)([x, layers.Conv2D(2, 3, padding="same", use_bias=False)(y)])
    x = layers.AveragePooling2D(2, strides=2)(layers.Conv2D(5, 1)(x))
    return model(source, layers.Dense(3)(layers.GlobalAveragePooling2D(name="avg_pool")(x)), "densenet_block")


def xception_entry() -> Any:
    """With augmentation as a Sequential inside, as the classifier of cats and dogs has it."""
    source = keras.Input((20, 20, 3))
    shake = [
        layers.RandomFlip("horizontal", seed=1),
        layers.RandomRotation(0.1, seed=2),
        layers.RandomZoom(0.1, seed=3),
    ]
    x = keras.Sequential(shake, name="augmentation")(source)
    x = layers.Conv2D(4, 3, strides=2, padding="same")(layers.Rescaling(1.0 / 255)(x))
    x = before = layers.Activation("relu")(layers.BatchNormalization()(x))
    for filters in (4, 8):
        for _ in range(2):
            x = layers.SeparableConv2D(filters, 3, padding="same")(layers.Activation("relu")(x))
            x = layers.BatchNormalization()(x)
        x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
        x = before = layers.add([x, layers.Conv2D(filters, 1, strides=2, padding="same")(before)])
    x = layers.Dropout(0.25)(layers.GlobalAveragePooling2D()(x))
    return model(source, layers.Dense(1, activation=None)(x), "xception_entry")


def super_resolution() -> Any:
    """Sub-pixel convolution: once as reshape and transpose, once as Keras' own operation."""
    x = source = keras.Input((None, None, 1))
    settings = {"activation": "tanh", "kernel_initializer": "orthogonal", "padding": "same"}
    for filters, size in ((6, 5), (6, 3), (4, 3)):
        x = layers.Conv2D(filters, size, **settings)(x)
    shape = ops.shape(source)
    y = ops.reshape(x, (-1, 8, 8, 2, 2, 1)) if shape[1] else x
    y = ops.depth_to_space(y, 2)
    return model(source, layers.Conv2D(1, 3, **settings)(y), "super_resolution")


def pixel_shuffle() -> Any:
    source = keras.Input((8, 8, 3))
    body = before = layers.Conv2D(4, 3, padding="same")(source)
    for _ in range(2):
        y = layers.Conv2D(4, 3, padding="same", activation="relu")(body)
        body = layers.Add()([body, layers.Conv2D(4, 3, padding="same")(y)])
    x = layers.Conv2D(16, 3, padding="same")(body + before)
    x = ops.reshape(x, (-1, 8, 8, 2, 2, 4))
    x = ops.reshape(ops.transpose(x, (0, 1, 3, 2, 4, 5)), (-1, 16, 16, 4))
    x = ops.clip(layers.Conv2D(3, 3, padding="same")(x), 0.0, 255.0)
    return model(source, ops.cast(ops.round(x), "uint8"), "pixel_shuffle")


def deeplab() -> Any:
    source = keras.Input((16, 16, 3))
    x = low = layers.Conv2D(4, 3, padding="same", dilation_rate=1, use_bias=False, kernel_initializer="he_normal")(
        source
    )
    x = ops.relu(layers.BatchNormalization()(layers.Conv2D(6, 3, 2, padding="same")(x)))
    pooled = layers.Conv2D(4, 1)(layers.AveragePooling2D(pool_size=(x.shape[-3], x.shape[-2]))(x))
    found = [layers.UpSampling2D(size=(8, 8), interpolation="bilinear")(pooled)]
    found += [layers.Conv2D(4, 3, dilation_rate=rate, padding="same")(x) for rate in (1, 2, 3)]
    x = layers.UpSampling2D(2, interpolation="bilinear")(layers.Concatenate(axis=-1)(found))
    x = layers.Concatenate()([x, layers.Conv2D(2, 1)(low)])
    return model(source, ops.argmax(layers.Conv2D(3, 1, padding="same")(x), axis=-1), "deeplab")


def denoising_autoencoder() -> Any:
    x = source = keras.Input((8, 8, 1))
    for _ in range(2):
        x = layers.MaxPooling2D((2, 2), padding="same")(layers.Conv2D(4, (3, 3), activation="relu", padding="same")(x))
    for _ in range(2):
        x = layers.Conv2DTranspose(4, (3, 3), strides=2, activation="relu", padding="same")(x)
    return model(source, layers.Conv2D(1, 3, activation="sigmoid", padding="same")(x), "autoencoder")


def zero_dce() -> Any:
    """Curves that light a dark picture: pieces of a tensor, and sums and products written with signs."""
    source = keras.Input((None, None, 3))
    first = layers.Conv2D(4, 3, activation="relu", padding="same")(source)
    second = layers.Conv2D(4, 3, activation="relu", padding="same")(first)
    third = layers.Conv2D(4, 3, activation="relu", padding="same")(layers.Concatenate(axis=-1)([second, first]))
    curves = layers.Conv2D(12, 3, activation="tanh", padding="same")(third)
    x = source
    for curve in ops.split(curves, 4, axis=-1):
        x = x + curve * (ops.square(x) - x)
    return model(source, [x, 1 - x, 2.0 / (1.0 + ops.exp(-x)), x[:, ::2, 1:-1, None]], "zero_dce")


def detection_heads() -> Any:
    """Two heads, each a nested model that is used on every level of a pyramid."""
    source = keras.Input((32, 32, 3), name="image")
    levels = []
    x = source
    for filters in (4, 6, 8):
        x = layers.Conv2D(filters, 3, 2, padding="same", activation="relu")(x)
        levels.append(layers.Conv2D(4, 1)(x))
    for upper in (2, 1):
        levels[upper - 1] = levels[upper - 1] + layers.UpSampling2D(2)(levels[upper])
    heads = {}
    for name, filters, bias in (("classes", 6, keras.initializers.Constant(-np.log(99.0))), ("boxes", 8, "zeros")):
        steps = [keras.Input((None, None, 4)), layers.Conv2D(4, 3, padding="same"), layers.ReLU()]
        steps.append(
            layers.Conv2D(
                filters,
                3,
                padding="same",
                bias_initializer=bias,
                kernel_initializer=keras.initializers.RandomNormal(0.0, 0.01),
            )
        )
        heads[name] = keras.Sequential(steps, name=name)
    classes = [layers.Reshape((-1, 3))(heads["classes"](level)) for level in levels]
    boxes = [layers.Reshape((-1, 4))(heads["boxes"](level)) for level in levels]
    found = [layers.Concatenate(axis=1)(boxes), layers.Concatenate(axis=1)(classes)]
    return model(source, layers.Concatenate(axis=-1)(found), "detection_heads")


def volume_cnn() -> Any:
    x = source = keras.Input((8, 8, 8, 1))
    for filters in (2, 4):
        x = layers.BatchNormalization()(
            layers.MaxPool3D(pool_size=2)(layers.Conv3D(filters, 3, padding="same", activation="relu")(x))
        )
    x = layers.Dropout(0.3)(layers.Dense(4, activation="relu")(layers.GlobalAveragePooling3D()(x)))
    return model(source, layers.Dense(1, activation="sigmoid")(x), "volume_cnn")


def _turned(x: Any, size: int) -> Any:
    """Points turned by a matrix that begins as the identity: an initializer that holds an array."""
    y = layers.Activation("relu")(layers.BatchNormalization(momentum=0.0)(layers.Conv1D(4, 1, padding="valid")(x)))
    bias = keras.initializers.Constant(np.eye(size).flatten().tolist() if size > 3 else 0.5)
    regularizer = keras.regularizers.OrthogonalRegularizer(0.001, mode="rows")
    turn = layers.Dense(
        size * size, "linear", True, "zeros", bias, activity_regularizer=None, kernel_regularizer=regularizer
    )
    return layers.Dot(axes=(2, 1))([x, layers.Reshape((size, size))(turn(layers.GlobalMaxPooling1D()(y)))])


def pointnet() -> Any:
    source = keras.Input((12, 3))
    x = layers.Conv1D(4, kernel_size=1, padding="valid")(_turned(source, 3))
    x = layers.GlobalMaxPooling1D()(_turned(layers.Activation("relu")(x), 4))
    return model(source, layers.Dense(3, activation="softmax")(layers.Dropout(0.3)(x)), "pointnet")


def conv_mixer() -> Any:
    x = source = keras.Input((16, 16, 3))
    x = layers.BatchNormalization()(
        layers.Activation("gelu")(layers.Conv2D(6, 2, 2)(layers.Rescaling(scale=1.0 / 255)(x)))
    )
    for _ in range(2):
        y = layers.Add()(
            [layers.BatchNormalization()(layers.Activation("gelu")(layers.DepthwiseConv2D(5, padding="same")(x))), x]
        )
        x = layers.BatchNormalization()(layers.Activation("gelu")(layers.Conv2D(6, 1)(y)))
    return model(source, layers.Dense(3, "softmax")(layers.GlobalAvgPool2D()(x)), "conv_mixer")


def mlp_mixer() -> Any:
    source = keras.Input((16, 8))
    x = source
    for _ in range(2):
        y = layers.Permute((2, 1))(layers.LayerNormalization(epsilon=1e-6)(x))
        mixer = keras.Sequential([layers.Dense(16, activation="gelu"), layers.Dense(16), layers.Dropout(0.2)])
        x = layers.Permute((2, 1))(mixer(y)) + x
        mixer = keras.Sequential([layers.Dense(8, activation="gelu"), layers.Dense(8), layers.Dropout(0.2)])
        x = x + mixer(layers.LayerNormalization(epsilon=1e-6)(x))
    return model(source, layers.Dense(4)(layers.GlobalAveragePooling1D()(x)), "mlp_mixer")


def fnet() -> Any:
    """The real part of a Fourier transform in two dimensions instead of attention."""
    x = source = keras.Input((8, 4))
    real, _ = ops.fft2((x, ops.zeros_like(x)))
    x = layers.LayerNormalization(epsilon=1e-6)(layers.add([x, real]))
    y = layers.Dense(4)(layers.Dense(8, activation="gelu")(x))
    x = layers.LayerNormalization(epsilon=1e-6)(x + y)
    again, imaginary = ops.rfft(ops.transpose(x, (0, 2, 1)))
    return model(source, [layers.GlobalAveragePooling1D()(x), again, imaginary], "fnet")


def gmlp() -> Any:
    x = source = keras.Input((8, 4))
    for _ in range(2):
        y = layers.Dense(8, activation="gelu")(layers.LayerNormalization(epsilon=1e-6)(x))
        kept, gate = ops.split(y, indices_or_sections=2, axis=-1)
        gate = layers.LayerNormalization(epsilon=1e-6)(gate)
        gate = layers.Dense(8, bias_initializer="ones")(ops.transpose(gate, axes=(0, 2, 1)))
        x = x + layers.Dense(4)(kept * ops.transpose(gate, axes=(0, 2, 1)))
    return model(source, layers.Dense(3)(layers.GlobalAveragePooling1D()(x)), "gmlp")


def external_attention() -> Any:
    x = source = keras.Input((9, 8))
    y = layers.Dense(16)(x)
    y = ops.transpose(ops.reshape(y, (-1, 9, 4, 4)), (0, 2, 1, 3))
    y = layers.Activation("softmax")(layers.Dense(5)(y))
    y = y / (1e-9 + ops.sum(y, axis=-1, keepdims=True))
    y = ops.reshape(ops.transpose(layers.Dense(2)(y), (0, 2, 1, 3)), [-1, 9, 8])
    return model(source, layers.Dense(8)(y) + x, "external_attention")


def frozen_backbone() -> Any:
    """Transfer learning: a nested model that is frozen, run as in inference, with a head of its own."""
    inner_source = keras.Input((16, 16, 3))
    x = layers.BatchNormalization()(layers.Conv2D(4, 3, strides=2, activation="relu")(inner_source))
    base = keras.Model(inner_source, x, name="base")
    base.trainable = False
    source = keras.Input((16, 16, 3))
    x = base(layers.Rescaling(scale=1 / 127.5, offset=-1)(source), training=False)
    x = layers.Dropout(0.2)(layers.GlobalAveragePooling2D()(x))
    return model(source, layers.Dense(1)(x), "frozen_backbone")


IMAGES = (
    *(unet_xception, unet_classic, vit_patches, vit_class_token, compact_transformer, efficientnet_block),
    *(mobilenet_block, densenet_block, xception_entry, super_resolution, pixel_shuffle, deeplab),
    *(denoising_autoencoder, zero_dce, detection_heads, volume_cnn, pointnet, conv_mixer, mlp_mixer, fnet, gmlp),
    *(external_attention, frozen_backbone),
)
