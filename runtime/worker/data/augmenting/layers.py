"""Keras' layers for pictures, run on whole batches: what they draw follows from a number and from nothing else.

They run as a graph of TensorFlow on the CPU, as Keras has them run in a `tf.data` pipeline: so a batch comes out the
same with each backend, in each thread, and however often it is asked for. Keras is imported when one is used.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from resources.text import Text
from runtime.lazy import LazyModule
from runtime.spec import Augmentation
from runtime.worker.data.augmenting.plan import Planned
from runtime.worker.data.source import Array, DataError

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

Arrays = dict[str, Array]
_TRACING = threading.Lock()  # AugMix draws its chains from a module's generator while its graph is made


class Augmenter:
    """All layers of a plan, one behind the other."""

    def __init__(self, plan: Sequence[Planned], seed: int) -> None:
        """Raises DataError for what Keras does not take."""
        self._layers = [_Layer(planned, seed + place) for place, planned in enumerate(plan)]
        self._boxes = {name for planned in plan for name in planned.boxes}
        self._changed = {name for planned in plan for name in planned.changed}
        self._seed = seed

    def batch(self, arrays: Mapping[str, Array], epoch: int, index: int) -> Arrays:
        """Samples of all inputs and outputs by name, augmented as those of batch `index` of an epoch are.

        Types and shapes stay. Raises DataError where a layer fails.
        """
        import tensorflow as tf

        tensors: dict[str, Any] = {}
        with tf.device("CPU:0"):
            for name in self._changed & arrays.keys():
                values = arrays[name]
                flat = values.ndim == 3 and name not in self._boxes  # pictures without an axis of channels
                wide = values[..., None] if flat else values
                tensors[name] = tf.convert_to_tensor(wide.astype(np.float32, copy=False))
            for place, layer in enumerate(self._layers):
                drawn = np.random.SeedSequence((self._seed, epoch, index, place)).generate_state(2)
                tensors |= layer(tensors, drawn.view(np.int32))
        return {name: _as_before(tensors[name], values) if name in tensors else values
                for name, values in arrays.items()}  # fmt: skip


def _as_before(tensor: Any, before: Array) -> Array:
    """The values as an array of the type and the shape that they had."""
    values: Array = tensor.numpy()
    if before.dtype.kind in "iu":
        limits = np.iinfo(before.dtype)
        values = np.clip(np.rint(values), limits.min, limits.max)
    if before.ndim == 3 and values.ndim == 4:
        values = values[..., 0]
    return values.astype(before.dtype, copy=False)


class _Layer:
    """One layer with what it changes, called with tensors by name and two numbers of which all it draws follows."""

    def __init__(self, planned: Planned, seed: int) -> None:
        self._planned, self._seed = planned, seed
        self._draws = _draws()
        self._layer = made_layer(planned.written)
        self._all = list(_with_inner(self._layer))
        for layer in self._all:
            _give_draws(layer, self._draws)
        self._graphs: dict[Any, Any] = {}

    def __call__(self, tensors: Mapping[str, Any], drawn: Array) -> dict[str, Any]:
        """Raises DataError."""
        import tensorflow as tf

        mine = {name: tensors[name] for name in self._planned.changed if name in tensors}
        shapes = tuple((name, tuple(tensor.shape)) for name, tensor in mine.items())
        try:
            if shapes not in self._graphs:
                with _TRACING, _own_chains(self._seed):
                    self._graphs[shapes] = self._graph_of(mine)
            found: dict[str, Any] = self._graphs[shapes](tf.constant(drawn), mine)
        except Exception as error:
            raise _failure(self._planned.written.layer, error) from error
        for name, tensor in found.items():
            if tensor.shape != mine[name].shape:
                raise DataError(
                    Text.of(
                        "{layer} makes pictures of {made}, but {name} takes {wanted}.",
                        layer=self._planned.written.layer,
                        made=_size(tensor),
                        name=name,
                        wanted=_size(mine[name]),
                    )
                )
        return found

    def _graph_of(self, tensors: Mapping[str, Any]) -> Any:
        import tensorflow as tf

        shapes = {name: tf.TensorSpec(tensor.shape, tensor.dtype) for name, tensor in tensors.items()}
        return tf.function(self._run).get_concrete_function(tf.TensorSpec((2,), tf.int32), shapes)

    def _run(self, drawn: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        """Made into a graph."""
        if not self._planned.kind.single:
            return self._apply(drawn, tensors)
        import tensorflow as tf

        def one(row: Any) -> dict[str, Any]:
            number, sample = row
            batch = {name: tensor[None] for name, tensor in sample.items()}
            found = self._apply(drawn + number * tf.constant([_PRIME, 0]), batch)
            return {name: tensor[0] for name, tensor in found.items()}

        count = next(iter(tensors.values())).shape[0]
        signature = {name: tf.TensorSpec(tensor.shape[1:], tensor.dtype) for name, tensor in tensors.items()}
        found: dict[str, Any] = tf.map_fn(one, (tf.range(count), tensors), fn_output_signature=signature)
        return found

    def _apply(self, drawn: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        """Inputs of one size get the same draws, and what follows them does."""
        planned, draws = self._planned, self._draws
        found: dict[str, Any] = {}
        for name in planned.pictures:
            pictures = tensors[name]
            draws.start(drawn)
            transformation = self._call("get_random_transformation", pictures, training=True)
            drawn_so_far = draws.count
            found[name] = self._call("transform_images", pictures, transformation, training=True)
            for other in (*planned.masks, *planned.targets, *planned.labels):
                if other in found or (other not in planned.labels and tensors[other].shape[1:3] != pictures.shape[1:3]):
                    continue
                draws.count = drawn_so_far  # what a layer draws while it transforms is drawn alike
                way = "transform_images"
                if other in planned.masks:
                    way = "transform_segmentation_masks"
                elif other in planned.labels:
                    way = "transform_labels"
                found[other] = self._call(way, tensors[other], transformation, training=True)
            for other in planned.boxes:
                if other not in found:  # with several pictures they are those of the first
                    draws.count = drawn_so_far
                    found[other] = self._moved_boxes(tensors[other], transformation)
        return found

    def _moved_boxes(self, boxes: Any, transformation: Any) -> Any:
        """What is no box (all zeros, where a sample has fewer) stays so; what has left the picture becomes so."""
        import tensorflow as tf

        several = boxes if boxes.shape.rank == 3 else boxes[:, None]
        told = {"boxes": several, "labels": tf.zeros(several.shape[:2])}
        moved = self._call("transform_bounding_boxes", told, transformation, training=True)["boxes"]
        there = tf.reduce_any(several != 0, -1, keepdims=True)
        return tf.reshape(tf.where(there, tf.cast(moved, boxes.dtype), several), boxes.shape)

    def _call(self, method: str, *values: Any, **options: Any) -> Any:
        for layer in self._all:  # some set it back after a call
            layer.backend.set_backend("tensorflow")
        return getattr(self._layer, method)(*values, **options)


_PRIME = 2_654_435  # between the draws of one sample and of the next


def made_layer(written: Augmentation) -> Any:
    """The layer of Keras. Raises DataError in Keras' words for what it does not take."""
    import keras

    config = {key: tuple(value) if isinstance(value, list) else value for key, value in written.config.items()}
    config = {key: value for key, value in config.items() if key not in ("seed", "name")}
    try:
        return getattr(keras.layers, written.layer)(**{"dtype": "float32", "data_format": "channels_last", **config})
    except Exception as error:
        raise _failure(written.layer, error) from error


def _failure(layer: str, error: Exception) -> DataError:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    reason = next((line for line in reversed(lines) if not line.startswith(("File", "*"))), type(error).__name__)
    return DataError(Text.of("{layer} cannot augment these pictures: {reason}", layer=layer, reason=reason), str(error))


def _size(tensor: Any) -> str:
    return "×".join(str(size) for size in tensor.shape[1:])


def _with_inner(layer: Any, seen: list[Any] | None = None) -> Iterator[Any]:
    """The layer and those it has for itself: RandAugment runs others."""
    import keras

    seen = [] if seen is None else seen
    if any(layer is one for one in seen):
        return
    seen.append(layer)
    yield layer
    for value in list(vars(layer).values()):
        for one in value if isinstance(value, list | tuple) else [value]:
            if isinstance(one, keras.layers.Layer):
                yield from _with_inner(one, seen)


def _give_draws(layer: Any, draws: Any) -> None:
    layer._get_seed_generator = lambda _backend=None: draws
    if hasattr(layer, "generator"):
        layer.generator = draws


def _draws() -> Any:
    """A SeedGenerator without a state of its own: it counts from the two numbers that it is given."""
    import keras
    import tensorflow as tf

    class Draws(keras.random.SeedGenerator):
        def __init__(self) -> None:
            self.name, self.count, self._first = "draws", 0, None

        def start(self, drawn: Any) -> None:
            self._first, self.count = drawn, 0

        def next(self, ordered: bool = True) -> Any:
            self.count += 1
            return self._first + tf.constant([0, self.count], tf.int32)

    return Draws()


@contextlib.contextmanager
def _own_chains(seed: int) -> Iterator[None]:
    """AugMix draws from Python's generator which layers it chains: here from one that follows from the run's seed."""
    import random

    state = random.getstate()
    random.seed(seed)
    try:
        yield
    finally:
        random.setstate(state)
