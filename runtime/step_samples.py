"""What a column's samples are between two steps, and what all steps share. Free of Keras."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from resources.plain import listed
from resources.text import Text
from runtime.lazy import LazyModule

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[Any]
else:
    np = LazyModule("numpy")
    Array = Any

Json = Any
State = dict[str, Json]
Layer = dict[str, Json]  # {"module", "class_name", "config"}

WORDS: Final = "string"  # the dtype of samples that are words: arrays of objects, "" for a missing one
NUMBERS: Final = ("number", "category", "date", "sequence")
PICTURES: Final = ("image", "mask")
_KEPT: Final = 2**22  # values that a step looks at which needs all at once; of more a part, spread evenly


class StepError(Exception):
    """A step that does not take what comes to it, in one sentence."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.english())
        self.text = text


@dataclass(frozen=True, slots=True)
class Sample:
    """`shape` is without the axis of the samples. `categories` are the words of a column of words, if known."""

    shape: tuple[int, ...]
    dtype: str = "float32"
    kind: str = "number"
    categories: tuple[str, ...] = ()

    @property
    def words(self) -> bool:
        return self.dtype == WORDS

    @property
    def whole(self) -> bool:
        """Whether the values are whole numbers."""
        return not self.words and np.dtype(self.dtype).kind in "iub"

    @property
    def size(self) -> int:
        return math.prod(self.shape)


def keras_layer(class_name: str, config: Mapping[str, Json], module: str = "keras.layers") -> Layer:
    return {"module": module, "class_name": class_name, "config": dict(config)}


def is_layer(layer: Mapping[str, Json], class_name: str) -> bool:
    return bool(layer.get("class_name") == class_name and str(layer.get("module", "keras")).startswith("keras"))


def require_numbers(sample: Sample, step: Text) -> None:
    """Raises StepError for words."""
    if sample.words:
        raise StepError(Text.of("{step} takes numbers, but words come to it.", step=step))


def require_words(sample: Sample, step: Text) -> None:
    """Raises StepError for numbers."""
    if not sample.words:
        raise StepError(Text.of("{step} takes words, but numbers come to it.", step=step))


def require_picture(sample: Sample, step: Text, channels: Sequence[int] = ()) -> None:
    """Raises StepError for what has not the shape height, width, channels."""
    if sample.words or len(sample.shape) != 3 or (channels and sample.shape[-1] not in channels):
        numbers = f" ({listed([str(count) for count in channels])})" if channels else ""
        shape = "×".join(map(str, sample.shape)) or "1"
        raise StepError(
            Text.of("{step} takes pictures of height, width and channels{numbers}, but samples of {shape} come to it.",
                    step=step, numbers=numbers, shape=shape)
        )  # fmt: skip


def floats(values: Array) -> Array:
    """Floats in which nothing of `values` is lost: of 32 bits where they hold them, else of 64."""
    small = values.dtype.kind == "b" or (values.dtype.kind in "iu" and values.dtype.itemsize <= 2)
    return values.astype(np.float32 if small or values.dtype == np.float16 else np.float64, copy=False) if (
        values.dtype != np.float32
    ) else values  # fmt: skip


def by_feature(values: Array) -> Array:
    """Shape (all other places, last axis): what is learnt of each place of the last axis."""
    flat: Array = values.reshape(-1, values.shape[-1] if values.ndim > 1 else 1)
    return flat


@dataclass(slots=True)
class Thinned:
    """Rows of a stream, all of them up to a limit of values, then every second, fourth and so on."""

    rows: list[Array]
    stride: int = 1
    _seen: int = 0
    _held: int = 0

    def add(self, block: Array, limit: int = _KEPT) -> None:
        """`block` has two axes."""
        first = -self._seen % self.stride
        self._seen += len(block)
        part = np.array(block[first :: self.stride])
        self.rows.append(part)
        self._held += part.size
        while self._held > limit and self._held > block.shape[1]:
            kept = np.concatenate(self.rows)[::2]
            self.rows, self.stride, self._held = [kept], self.stride * 2, kept.size

    def values(self) -> Array:
        return np.concatenate(self.rows) if self.rows else np.empty((0, 1))

    @property
    def whole(self) -> bool:
        return self.stride == 1


def thinned(blocks: Iterable[Array], limit: int = _KEPT) -> Thinned:
    kept = Thinned([])
    for block in blocks:
        if len(block):
            kept.add(by_feature(floats(block)).astype(np.float64), limit)
    return kept


def some(blocks: Iterable[Array], step: Text) -> Iterator[Array]:
    """The blocks. Raises StepError after the last one if there was no sample."""
    empty = True
    for block in blocks:
        empty = empty and len(block) == 0
        yield block
    if empty:
        raise StepError(Text.of("{step} has no samples to learn from: the training part is empty.", step=step))


def plain(values: Array) -> Json:
    """Lists of Python's numbers."""
    return values.tolist()
