"""From what comes out of a box to places of the input: pixels, tokens, steps, columns."""

import keras
import numpy as np

from resources.text import Text
from runtime.worker.evaluation.explaining.question import Array, Question, Spot, form_of, words_of
from runtime.worker.evaluation.inside.tensors import to_array
from runtime.worker.evaluation.inside.views import word_of
from runtime.worker.process.control import WorkerError


def require_gradients() -> None:
    """Raises WorkerError where there is no TensorFlow to take gradients with."""
    if keras.backend.backend() != "tensorflow":
        text = Text(
            "This explanation needs TensorFlow as the backend of Keras, and it is {backend} here. Occlusion works with "
            "all of them.",
            {"backend": keras.backend.backend()},
        )
        raise WorkerError(text)


def summed(question: Question, values: Array) -> Array:
    """Signed contributions by place: channels of a pixel, and numbers of a token or step, are added up."""
    axes = {"picture": 2, "text": 1, "sequence": 1, "vector": 1}[form_of(question)]
    return values.reshape(*values.shape[:axes], -1).sum(-1) if values.ndim > axes else values


def strongest(question: Question, values: Array) -> Array:
    """Magnitudes by place: the largest channel of a pixel or step, the length of the vector of a token."""
    form = form_of(question)
    if form == "text":
        return np.sqrt((values.reshape(len(values), -1) ** 2).sum(-1)) if values.ndim > 1 else np.abs(values)
    axes = {"picture": 2, "sequence": 1, "vector": 1}[form]
    magnitudes = np.abs(values)
    return magnitudes.reshape(*values.shape[:axes], -1).max(-1) if values.ndim > axes else magnitudes


def tokens_of(question: Question, spot: Spot, tensors: dict[int, object]) -> tuple[str, ...] | None:
    """The words of the sample at a spot, None for numbers."""
    if spot.ids is None:
        return None
    ids = to_array(tensors[id(spot.ids)])[0].ravel()
    return told(question, spot, ids)


def told(question: Question, spot: Spot, ids: Array) -> tuple[str, ...]:
    words = words_of(question, spot)
    return tuple(word_of(int(value), words) if ids.dtype.kind in "iub" else str(value) for value in ids)


def length_of_text(ids: Array) -> int:
    """How many places there are up to the last one that is no padding (0)."""
    used = np.flatnonzero(ids != 0) if ids.dtype.kind in "iu" else np.arange(len(ids))
    return int(used[-1]) + 1 if used.size else len(ids)
