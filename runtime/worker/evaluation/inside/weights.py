"""What a layer has learnt: its weights with their histograms, filters as pictures, embeddings as a map."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from resources.text import Text
from runtime.messages.inside import WeightShown
from runtime.messages.looking import Thumbnail
from runtime.messages.views import Heat, Label, Points
from runtime.worker.data.thumbnails import averaged
from runtime.worker.evaluation.inside.addresses import require_graph
from runtime.worker.evaluation.inside.figures import figures_of, histogram_of
from runtime.worker.evaluation.inside.tensors import to_array
from runtime.worker.process.control import WorkerError
from runtime.worker.process.waiting import require_waiting

Array = NDArray[Any]
_MOST_POINTS: Final = 2_000  # rows of an embedding: the first ones, which are the most frequent words
_LONGEST_HEAT: Final = 64
_FILTERS: Final = ("Conv2D", "Conv2DTranspose", "DepthwiseConv2D", "SeparableConv2D")


def find_layer(model: Any, layer: str, path: Sequence[str] = ()) -> Any:
    """Raises WorkerError where there is none of that name."""
    for name in (*path, layer):
        graph = require_graph(model)
        model = next((operation for operation in graph.model.operations if operation.name == name), None)
        if model is None:
            raise WorkerError(Text("The trained model has no layer {name}.", {"name": name}))
    return model


def named_weights(layer: Any) -> list[tuple[str, Any]]:
    """Variables with their names within the layer, in Keras' order."""
    prefix = f"{layer.name}/"
    found: list[tuple[str, Any]] = []
    for variable in getattr(layer, "weights", ()):
        path = str(variable.path)
        found.append((path.split(prefix, 1)[1] if prefix in path else path, variable))
    return found


def weights_of(layer: Any, size: int, most: int, words: Sequence[str] = ()) -> list[WeightShown]:
    """All weights of a layer, with those of the layers inside it; none of an operation. Raises CancelledError."""
    shown: list[WeightShown] = []
    for name, variable in named_weights(layer):
        require_waiting()
        shown.append(_shown(name, variable, type(layer).__name__, size, most, words))
    return shown


def _shown(name: str, variable: Any, kind: str, size: int, most: int, words: Sequence[str]) -> WeightShown:
    values = to_array(variable.value)
    numbers = figures_of(values)
    finite = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    deviation = float(finite.std(dtype=np.float64)) if finite.size and finite.dtype.kind in "biuf" else 0.0
    filters: tuple[Thumbnail, ...] = ()
    points: Points | None = None
    heat: Heat | None = None
    is_embedding = kind == "Embedding" and values.ndim == 2
    if is_embedding and min(values.shape) > 1:
        points = _map(values)
    elif kind in _FILTERS and values.ndim == 4 and max(values.shape[:2]) > 1:
        filters = filters_of(values, kind, size, most)
    elif values.ndim in (2, 3, 4) and values.size and values.dtype.kind == "f":
        heat = _heat(values.reshape(-1, values.shape[-1]))
    count = len(points.xs) if points is not None else 0
    return WeightShown(
        name,
        tuple(values.shape),
        bool(variable.trainable),
        numbers.low or 0.0,
        numbers.high or 0.0,
        numbers.mean or 0.0,
        deviation,
        histogram_of(values),
        filters,
        points,
        heat,
        tuple(words[:count]) if words and count else (),
    )


def filters_of(kernel: Array, kind: str, size: int, most: int) -> tuple[Thumbnail, ...]:
    """One picture for each filter, grey where it is 0, in one scale for all of them.

    Filters of three channels are in colour, of others the mean of all channels is shown. `kernel` is (height, width,
    channels in, filters), or what Keras has for the kind of layer.
    """
    if kind == "Conv2DTranspose":
        kernel = np.moveaxis(kernel, 2, 3)
    if kind in ("DepthwiseConv2D", "SeparableConv2D"):
        kernel = kernel.reshape(*kernel.shape[:2], 1, -1)
    pixels = np.nan_to_num(kernel.astype(np.float64), posinf=0.0, neginf=0.0)
    if pixels.shape[2] != 3:
        pixels = pixels.mean(2, keepdims=True)
    pixels = pixels[..., :most]
    largest = max(pixels.shape[:2])
    if largest > size:
        height, width = (max(1, round(side * size / largest)) for side in pixels.shape[:2])
        pixels = averaged(averaged(pixels, height, 0), width, 1)
    strongest = float(np.abs(pixels).max()) or 1.0
    grey = np.rint(127.5 + pixels / strongest * 127.5).astype(np.uint8)
    height, width, channels, count = grey.shape
    return tuple(
        Thumbnail(width, height, channels, np.ascontiguousarray(grey[..., place]).tobytes()) for place in range(count)
    )


def _map(values: Array) -> Points:
    """The rows of an embedding by their two principal components."""
    from sklearn.decomposition import PCA

    rows = np.nan_to_num(values[:_MOST_POINTS].astype(np.float64), posinf=0.0, neginf=0.0)
    found = PCA(2, random_state=0).fit_transform(rows)
    places = tuple(range(len(rows)))
    axes = (Label(text=Text("First component")), Label(text=Text("Second component")))
    more = len(values) if len(values) > len(rows) else None
    return Points(*axes, tuple(map(float, found[:, 0])), tuple(map(float, found[:, 1])), places, shown_of=more)


def _heat(values: Array) -> Heat:
    numbers = np.nan_to_num(values.astype(np.float64), posinf=0.0, neginf=0.0)
    for axis in (0, 1):
        if numbers.shape[axis] > _LONGEST_HEAT:
            numbers = averaged(numbers, _LONGEST_HEAT, axis)
    return Heat(tuple(tuple(map(float, row)) for row in numbers))
