"""Models that take words as they are: of Keras' backends only TensorFlow has a type for these. Free of Keras."""

import os
from typing import Final

from resources.text import Text

KIND: Final = "words_inside"  # what the check calls it
_HOLDS_WORDS: Final = "tensorflow"


def holds_words(backend: str | None = None) -> bool:
    """Whether `backend`, or else that of this process, holds words inside a model."""
    return (backend or os.environ.get("KERAS_BACKEND") or _HOLDS_WORDS) == _HOLDS_WORDS


def words_refusal(name: str) -> Text:
    """`name` is the input that takes words."""
    return Text.of(
        "{input} takes words, which only TensorFlow holds inside a model: keep the steps that read them before the "
        "model, or train with TensorFlow.",
        input=name,
    )
