"""Models that make pictures, as keras.io's examples have them, made small. Imports Keras."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers, ops

from tests.support.example_models.making import model, moved


def nerf() -> Any:
    """Rays are encoded by sines and cosines, and the network is told of them again on its way."""
    source = keras.Input((16, 3), name="rays")
    encoded = [source]
    for power in range(3):
        encoded += [ops.sin(2.0**power * source), ops.cos(source * 2.0**power)]
    first = x = ops.concatenate(encoded, axis=-1)
    for number in range(6):
        x = layers.Dense(8, activation="relu")(x)
        if number % 4 == 0 and number > 0:
            x = layers.concatenate([x, first], axis=-1)
    x = layers.Dense(4)(x)
    colour, density = ops.sigmoid(x[..., :-1]), ops.relu(x[..., -1])
    opacity = 1.0 - ops.exp(-density * 0.1)
    passed = ops.cumprod(1.0 - opacity + 1e-10, axis=-1)
    seen = ops.sum(ops.expand_dims(opacity * passed, -1) * colour, axis=-2)
    return model(source, {"rgb": seen, "depth": ops.sum(opacity * passed, axis=-1)}, "nerf")


def vae_encoder() -> Any:
    source = x = keras.Input((8, 8, 1))
    for filters in (2, 4):
        x = layers.Conv2D(filters, 3, activation="relu", strides=2, padding="same")(x)
    x = layers.Dense(6, activation="relu")(layers.Flatten()(x))
    return model(source, [layers.Dense(2, name="z_mean")(x), layers.Dense(2, name="z_log_var")(x)], "encoder")


def vae_decoder() -> Any:
    source = keras.Input((2,))
    x = layers.Reshape((2, 2, 4))(layers.Dense(16, activation="relu")(source))
    for filters in (4, 2):
        x = layers.Conv2DTranspose(filters, 3, activation="relu", strides=2, padding="same")(x)
    return model(source, layers.Conv2DTranspose(1, 3, activation="sigmoid", padding="same")(x), "decoder")


def dcgan_generator() -> Any:
    steps = [keras.Input((6,)), layers.Dense(32), layers.Reshape((2, 2, 8))]
    for filters in (4, 6):
        steps += [
            layers.Conv2DTranspose(filters, kernel_size=4, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
        ]
    steps.append(layers.Conv2D(3, kernel_size=5, padding="same", activation="sigmoid"))
    return moved(keras.Sequential(steps, name="generator"))


def dcgan_discriminator() -> Any:
    steps = [keras.Input((8, 8, 3))]
    for filters in (4, 6):
        steps += [layers.Conv2D(filters, kernel_size=4, strides=2, padding="same"), layers.LeakyReLU(0.2)]
    steps += [layers.Flatten(), layers.Dropout(0.2), layers.Dense(1, activation="sigmoid")]
    return moved(keras.Sequential(steps, name="discriminator"))


def conditional_gan() -> Any:
    """Noise and a label: the label is embedded and joined as one more channel; both halves are nested."""
    noise, label = keras.Input((5,), name="noise"), keras.Input((1,), dtype="int32", name="label")
    x = layers.Multiply()([noise, layers.Flatten()(layers.Embedding(6, 5)(label))])
    generator = keras.Model(
        [noise, label], layers.Reshape((4, 4, 1))(layers.Dense(16, activation="tanh")(x)), name="generator"
    )
    picture, kind = keras.Input((4, 4, 1), name="picture"), keras.Input((1,), dtype="int32", name="kind")
    spread = ops.tile(ops.reshape(ops.one_hot(kind, 6), (-1, 1, 1, 6)), (1, 4, 4, 1))
    x = layers.Conv2D(3, 3, strides=2, padding="same")(layers.Concatenate()([picture, spread]))
    discriminator = keras.Model([picture, kind], layers.Dense(1)(layers.GlobalMaxPooling2D()(x)), name="discriminator")
    discriminator.trainable = False
    return model([noise, label], discriminator([generator([noise, label]), label]), "conditional_gan")


def cycle_gan() -> Any:
    """Padding by reflection and normalization of each picture by itself."""
    scale = keras.initializers.RandomNormal(mean=0.0, stddev=0.02)
    source = keras.Input((8, 8, 3), name="picture")
    x = ops.pad(source, [[0, 0], [3, 3], [3, 3], [0, 0]], mode="reflect")
    x = layers.Conv2D(4, (7, 7), kernel_initializer=scale, use_bias=False)(x)
    x = layers.Activation("relu")(layers.GroupNormalization(groups=-1, gamma_initializer=scale)(x))
    before = x
    x = layers.Conv2D(4, 3, use_bias=False)(ops.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="symmetric"))
    x = layers.add([before, layers.GroupNormalization(groups=1, epsilon=1e-5)(x)])
    x = layers.Conv2DTranspose(3, (3, 3), strides=(2, 2), padding="same", output_padding=1)(x)
    return model(source, layers.Activation("tanh")(layers.SpectralNormalization(layers.Conv2D(3, 3))(x)), "cycle_gan")


def diffusion_unet() -> Any:
    """Noise of a picture, told the time by sines and cosines, with attention over places."""
    picture, time = keras.Input((8, 8, 3), name="picture"), keras.Input((), dtype="int64", name="time")
    half = np.exp(np.arange(4) * -np.log(10000.0) / 3).astype("float32")
    angles = ops.cast(time, "float32")[:, None] * half[None, :]
    told = layers.Dense(6, activation="swish")(ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=-1))
    before = x = layers.Conv2D(
        6, 3, padding="same", kernel_initializer=keras.initializers.VarianceScaling(1.0, "fan_avg", "uniform")
    )(picture)
    x = layers.Conv2D(6, 3, padding="same")(ops.silu(layers.GroupNormalization(groups=3)(x)))
    x = layers.Add()([x, layers.Dense(6)(told)[:, None, None, :]])
    x = layers.AveragePooling2D(2)(x)
    y = layers.GroupNormalization(groups=2)(x)
    query, key, value = (layers.Dense(6, name=name)(y) for name in ("query", "key", "value"))
    scores = ops.einsum("bhwc,bxyc->bhwxy", query, key) * 6**-0.5
    scores = ops.reshape(ops.nn.softmax(ops.reshape(scores, [-1, 4, 4, 16]), -1), [-1, 4, 4, 4, 4])
    x = x + layers.Dense(6)(ops.einsum("bhwxy,bxyc->bhwc", scores, value))
    x = layers.Concatenate(axis=-1)([layers.UpSampling2D(2, interpolation="nearest")(x), before])
    return model([picture, time], layers.Conv2D(3, 3, padding="same", kernel_initializer="zeros")(x), "diffusion_unet")


def coupling_flow() -> Any:
    """One coupling of RealNVP: a mask that is a constant, and the determinant as a second output."""
    source = keras.Input((2,), name="points")
    mask = np.array([0, 1], dtype="float32")
    kept = source * mask
    scale, shift = kept, kept
    for _ in range(2):
        scale = layers.Dense(6, activation="relu", kernel_regularizer=keras.regularizers.l2(0.01))(scale)
        shift = layers.Dense(6, activation="relu")(shift)
    scale, shift = layers.Dense(2, activation="tanh")(scale) * (1 - mask), layers.Dense(2)(shift) * (1 - mask)
    x = (source * ops.exp(-scale) + (-1 * shift)) * (1 - mask) + kept
    return model(source, [x, ops.sum(scale, [1])], "coupling_flow")


def vector_quantizer() -> Any:
    """The nearest of learned codes, with the gradient passed straight through."""
    source = keras.Input((4, 4, 3))
    x = layers.Conv2D(2, 1)(source)
    flat = ops.reshape(x, [-1, 2])
    codes = np.linspace(-1, 1, 10).reshape(2, 5).astype("float32")
    distance = ops.sum(flat**2, axis=1, keepdims=True) + np.sum(codes**2, axis=0) - 2 * ops.matmul(flat, codes)
    chosen = ops.one_hot(ops.argmin(distance, axis=1), 5)
    quantized = ops.reshape(ops.matmul(chosen, codes.T), (-1, 4, 4, 2))
    x = x + ops.stop_gradient(quantized - x)
    return model(source, layers.Conv2DTranspose(3, 3, padding="same")(x), "vector_quantizer")


GENERATIVE = (
    *(nerf, vae_encoder, vae_decoder, dcgan_generator, dcgan_discriminator, conditional_gan, cycle_gan),
    *(diffusion_unet, coupling_flow, vector_quantizer),
)
