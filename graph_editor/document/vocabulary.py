"""What lookup layers have learned of data: the words (or numbers) in their order, kept with the box that has them.

Keras keeps them beside a model's weights. Here they are part of the operation, as its settings are: they decide what
the layer does, and how wide its output is, and go where the box goes. No config has them, so configs stay as they were.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph_editor.document.graph import Operation

Json = Any

VOCABULARIES: Final = "vocabularies"  # key of what an operation has beside its config
INNER: Final = "layer"  # where a wrapper keeps the layer inside of it
VOCABULARY_SIZE: Final = "vocabulary_size"  # in the config of a lookup layer that has one
LOOKUPS: Final = frozenset({"StringLookup", "IntegerLookup", "TextVectorization"})
_WORDS, _WEIGHTS = "words", "idf_weights"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`words` with those that stand for padding and for unknown words; `idf_weights`: one for each, for tf-idf."""

    words: Sequence[str | int]
    idf_weights: Sequence[float] | None = None

    def json(self) -> dict[str, Json]:
        weights = {} if self.idf_weights is None else {_WEIGHTS: list(self.idf_weights)}
        return {_WORDS: list(self.words), **weights}


def vocabularies(operation: Operation) -> dict[str, Vocabulary]:
    """Of an operation: "" for its own, "layer" for that of the layer inside a wrapper; what makes no sense is none."""
    listed = operation.extra.get(VOCABULARIES)
    if not isinstance(listed, Mapping):
        return {}
    found = {part: _read(value) for part, value in listed.items() if part in ("", INNER)}
    return {part: vocabulary for part, vocabulary in found.items() if vocabulary is not None}


def lacks_vocabulary(operation: Operation) -> bool:
    """Whether it looks words up and has none: neither in its config nor beside it."""
    if operation.module != "keras.layers":
        return False
    known = vocabularies(operation)
    parts = {"": (operation.class_name, operation.config)}
    inside = operation.config.get(INNER)
    if isinstance(inside, Mapping) and isinstance(inside.get("config"), Mapping):
        parts[INNER] = (str(inside.get("class_name")), inside["config"])
    return any(
        class_name in LOOKUPS and not config.get("vocabulary") and part not in known
        for part, (class_name, config) in parts.items()
    )


def learns_from_data(operation: Operation) -> bool:
    """Whether it has to see data before it does anything, and has seen none: training adapts it."""
    config = operation.config
    if operation.module != "keras.layers":
        return False
    if operation.class_name == "Normalization":
        return config.get("mean") is None
    if operation.class_name == "Discretization":
        return not config.get("bin_boundaries") and config.get("num_bins") is not None
    return operation.class_name in LOOKUPS and lacks_vocabulary(operation)


def _read(value: Json) -> Vocabulary | None:
    words = value.get(_WORDS) if isinstance(value, Mapping) else None
    if not isinstance(words, list | tuple) or not words or not all(_is_word(word) for word in words):
        return None
    weights = value.get(_WEIGHTS)
    if weights is not None and not (isinstance(weights, list | tuple) and all(map(_is_number, weights))):
        return None
    return Vocabulary(words, weights)


def _is_word(value: Json) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
