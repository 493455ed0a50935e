"""Weights as Keras 1, Theano and the CuDNN layers of Keras 2 stored them, as a layer of Keras 3 takes them.

Keras 1 stored the gates of a recurrent layer one by one and the kernels of a convolution with its channels first as
(filters, channels, rows, columns); Theano turned kernels by half a turn; the CuDNN layers stored each gate's kernel
the other way round, and two biases for each gate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import keras
import numpy as np
from numpy.typing import NDArray

from resources.text import Text

Array = NDArray[Any]

_CONVOLUTIONS: Final = ("Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose", "ConvLSTM2D")
_LSTM_GATES: Final = (0, 6, 3, 9)  # Keras 1: input, cell, forget, output, each with kernel, recurrent kernel, bias
_GRU_GATES: Final = (0, 3, 6)
_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class Origin:
    """Who wrote a file of weights: ``keras1``, and ``theano`` as its backend."""

    keras1: bool = False
    theano: bool = False


TODAY: Final = Origin()


def origin_of(group: Any) -> Origin:
    """What the attributes of a group of layers, or of its file, say; a file that says nothing is of Keras 1."""
    attributes = {name: _text(group, name) for name in ("keras_version", "backend")}
    version = attributes["keras_version"]
    return Origin(not version or version.split(".")[0] in ("0", "1"), attributes["backend"] == "theano")


def doubts(group: Any, model: Any) -> tuple[Text, ...]:
    """What a file leaves open about its weights: Keras 1 did not always say whether it ran on Theano."""
    convolutions = (layer for layer in model._flatten_layers() if type(layer).__name__ in _CONVOLUTIONS)
    if not origin_of(group).keras1 or _text(group, "backend") or next(convolutions, None) is None:
        return ()
    return (Text("The file does not say whether Theano wrote it: then its kernels would have to be turned."),)


def _text(group: Any, name: str) -> str:
    for place in (group, group.file):
        if name in place.attrs:
            value = place.attrs[name]
            return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return ""


def converted(layer: Any, arrays: Sequence[Any], origin: Origin) -> list[Array]:
    """The arrays of a layer as it lists its variables today: those that are trained first, as the file has them."""
    values = [np.asarray(array) for array in arrays]
    if isinstance(layer, keras.layers.Bidirectional):
        half = len(values) // 2
        forward, backward = layer.forward_layer, layer.backward_layer
        return [*converted(forward, values[:half], origin), *converted(backward, values[half:], origin)]
    if isinstance(layer, keras.layers.TimeDistributed):
        return converted(layer.layer, values, origin)
    if isinstance(layer, keras.Model):
        return _of_model(layer, values, origin)
    if origin.keras1:
        values = _of_keras1(layer, values)
    if origin.theano and type(layer).__name__ in _CONVOLUTIONS:
        kernels = 2 if isinstance(layer, keras.layers.ConvLSTM2D) else 1
        values = [*(_turned(kernel) for kernel in values[:kernels]), *values[kernels:]]
    return _of_cudnn(layer, values)


def _of_model(model: Any, values: list[Array], origin: Origin) -> list[Array]:
    """All that is trained comes first, layer by layer, and then all that is not."""
    counts = [(len(layer.trainable_weights), len(layer.non_trainable_weights)) for layer in model.layers]
    if len(values) != sum(map(sum, counts)):
        return values  # gates one by one, inside of a model inside of a wrapper
    border = sum(trained for trained, _ in counts)
    trained_values, others = values[:border], values[border:]
    first: list[Array] = []
    last: list[Array] = []
    for layer, (trained, other) in zip(model.layers, counts, strict=True):
        own = converted(layer, [*trained_values[:trained], *others[:other]], origin)
        first += own[:trained]
        last += own[trained:]
        del trained_values[:trained], others[:other]
    return [*first, *last]


def _of_keras1(layer: Any, values: list[Array]) -> list[Array]:
    name = type(layer).__name__
    if name in ("LSTM", "ConvLSTM2D") and len(values) == len(_LSTM_GATES) * _PARTS:
        values = _joined(values, _LSTM_GATES)
    elif name == "GRU" and len(values) == len(_GRU_GATES) * _PARTS:
        values = _joined(values, _GRU_GATES)
    first = getattr(layer, "data_format", None) == "channels_first"
    if name == "ConvLSTM2D" and first and values:
        return [*(_channels_last(kernel) for kernel in values[:2]), *values[2:]]
    if name == "SeparableConv2D" and first:
        return [*(_channels_last(kernel) for kernel in values[:2]), *values[2:]]
    if not values or name not in _CONVOLUTIONS:
        return values
    kernel = values[0]
    if name == "Conv1D" and kernel.ndim == 4:
        if kernel.shape[:2] != (layer.kernel_size[0], 1) or kernel.shape[3] != layer.filters:
            kernel = np.transpose(kernel, (2, 3, 1, 0))  # before 1.2: (filters, channels, length, 1)
        kernel = kernel[:, 0]
    elif name in ("Conv2D", "Conv3D") and first:
        kernel = _channels_last(kernel)
    elif name == "Conv2DTranspose" and kernel.ndim == 4:
        kernel = np.transpose(kernel, (2, 3, 0, 1) if first else (0, 1, 3, 2))
    return [kernel, *values[1:]]


def _channels_last(kernel: Array) -> Array:
    """(filters, channels, rows, ...) as (rows, ..., channels, filters)."""
    return np.transpose(kernel, (*range(2, kernel.ndim), 1, 0)) if kernel.ndim > 2 else kernel


def _joined(values: list[Array], gates: Sequence[int]) -> list[Array]:
    return [np.concatenate([values[gate + part] for gate in gates], axis=-1) for part in range(_PARTS)]


def _turned(kernel: Array) -> Array:
    """A kernel turned by half a turn along all but its last two axes: Theano convolved, TensorFlow correlates."""
    return np.flip(kernel, axis=tuple(range(kernel.ndim - 2)))


def _of_cudnn(layer: Any, values: list[Array]) -> list[Array]:
    gates = {"LSTM": 4, "GRU": 3}.get(type(layer).__name__)
    if gates is None or len(values) != _PARTS or values[1].ndim != 2 or values[2].ndim != 1:
        return values
    kernel, recurrent, bias = values
    if bias.shape != (2 * gates * recurrent.shape[0],) or kernel.shape[-1] != recurrent.shape[-1]:
        return values
    both = bias.reshape(2, -1)
    return [
        np.hstack([part.reshape(part.shape[::-1]).T for part in np.hsplit(kernel, gates)]),
        np.hstack([part.T for part in np.hsplit(recurrent, gates)]),
        both.sum(axis=0) if gates == 4 else both,
    ]
