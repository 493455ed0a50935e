"""Models with layers of one's own (own_layers.py), as keras.io's examples have them, made small. Imports Keras."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import keras
from keras import layers, ops

from tests.support.example_models.making import model

CODE = Path(__file__).with_name("own_layers.py")


def _beside() -> Any:
    """The module as a script finds it that lies beside it."""
    found = importlib.util.spec_from_file_location(CODE.stem, CODE)
    assert found is not None and found.loader is not None
    module = sys.modules[CODE.stem] = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


own = _beside()


def vae() -> Any:
    """Encoder, sampling and decoder in one, the halves nested."""
    source = keras.Input((6,), name="source")
    x = layers.Dense(4, activation=own.squared_relu)(source)
    mean, spread = layers.Dense(2, name="z_mean")(x), layers.Dense(2, name="z_log_var")(x)
    encoder = keras.Model(source, [mean, spread, own.Sampling(name="z")([mean, spread])], name="encoder")
    point = keras.Input((2,), name="point")
    decoder = keras.Model(point, layers.Dense(6, activation="sigmoid")(point), name="decoder")
    picture = keras.Input((6,), name="picture")
    mean, spread, z = encoder(picture)
    return model(picture, [decoder(z), mean, spread], "vae")


def ocr_with_loss() -> Any:
    picture, label = keras.Input((16, 8, 1), name="image"), keras.Input((2,), name="label")
    x = layers.MaxPooling2D((2, 2))(layers.Conv2D(2, 3, activation="relu", padding="same")(picture))
    x = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(layers.Reshape((8, 8))(x))
    x = layers.Dense(8, activation="softmax", name="dense2")(x)
    return model([picture, label], own.CTCLayer(name="ctc_loss")(label, x), "ocr_with_loss")


def vit_encoder() -> Any:
    source = keras.Input((8, 8, 3))
    x = own.PatchEncoder(4, 6)(ops.reshape(ops.image.extract_patches(source, 4), (-1, 4, 48)))
    x = own.TransformerBlock(6, 2, 8, name="block")(own.TransformerBlock(6, 2, 8)(x))
    return model(source, layers.Dense(3)(layers.GlobalAveragePooling1D()(x)), "vit_encoder")


def pointnet_own() -> Any:
    source = keras.Input((8, 3))
    keep = own.OrthogonalRegularizer(3, l2reg=0.01)
    x = layers.GlobalMaxPooling1D()(layers.Conv1D(4, 1, activation=own.squared_relu)(source))
    turn = layers.Dense(9, kernel_initializer="zeros", activity_regularizer=keep)(x)
    x = layers.Dot(axes=(2, 1))([source, layers.Reshape((3, 3))(turn)])
    return model(source, layers.Dense(2, kernel_regularizer="l2")(layers.GlobalMaxPooling1D()(x)), "pointnet_own")


def wrapped_own() -> Any:
    """In a wrapper, in a Sequential, and one object twice."""
    source = keras.Input((3, 4, 6))
    block = own.TransformerBlock(6, 2, 4, name="shared_block")
    x = layers.TimeDistributed(block)(source)
    stack = keras.Sequential([keras.Input((4, 6)), own.TransformerBlock(6, 1, 4), layers.Flatten()], name="stack")
    first = stack(x[:, 0])
    return model(source, [first, stack(x[:, 1])], "wrapped_own")


OWN_CODE = (vae, ocr_with_loss, vit_encoder, pointnet_own, wrapped_own)
