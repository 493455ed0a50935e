"""Places in a vocabulary, encoded as Keras' lookup layers do. Free of Keras.

Places: 0 for the mask (output "int" with a mask only), then one for what is unknown, then the vocabulary.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from resources.text import Text
from resources.training.choice_words import words_of
from resources.training.setting import Setting
from runtime.lazy import LazyModule
from runtime.step_samples import Array, Sample, State, StepError, some

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

INT, ONE_HOT, MULTI_HOT, COUNT = "int", "one_hot", "multi_hot", "count"
MODES: Final = (INT, ONE_HOT, MULTI_HOT, COUNT)
MOST_WORDS: Final = 2_000_000  # of a vocabulary that is counted
_WORDS: Final = {
    INT: Text("numbers (int)"),
    ONE_HOT: Text("one-hot vectors (one_hot)"),
    MULTI_HOT: Text("multi-hot vectors (multi_hot)"),
    COUNT: Text("counts (count)"),
    "tf_idf": Text("weighted counts (tf_idf)"),
}
output_words: Final = words_of(_WORDS)
_WITH_ONE_HOT: Final = Text(
    "int: a number; one_hot: a vector for each value; multi_hot and count: one vector for a sample."
)
_WITHOUT_ONE_HOT: Final = Text("int: a number; multi_hot and count: one vector for a sample.")
MAX_TOKENS: Final = Setting[int | None](
    "max_tokens",
    Text("most entries"),
    Text("The largest size of the vocabulary: the most frequent ones are kept. Empty: all are."),
    "int",
    None,
    order=20,
    section="step",
    none=Text("all"),
    minimum=2,
)


def output_setting(modes: Sequence[str]) -> Setting[str]:
    """`modes`: the usual one first."""
    return Setting[str](
        "output_mode",
        Text("output"),
        _WITH_ONE_HOT if ONE_HOT in modes else _WITHOUT_ONE_HOT,
        "choice",
        modes[0],
        order=90,
        section="step",
        choices=tuple(modes),
        words=output_words,
    )


def count_tokens(blocks: Iterable[Array], step: Text, places: int, most: int | None, mask: Any) -> State:
    """The vocabulary in Keras' order: the most frequent first, of equal ones the last in the alphabet.

    `places` are those before the vocabulary, which count against `most`. The counts are for people.
    """
    counts: Counter[Any] = Counter()
    for block in some(blocks, step):
        tokens, found = np.unique(
            block.reshape(-1).astype(str if block.dtype == object else np.int64), return_counts=True
        )
        counts.update(dict(zip(tokens.tolist(), found.tolist(), strict=True)))
        if len(counts) > MOST_WORDS:
            counts = Counter(dict(counts.most_common(MOST_WORDS // 2)))
    counts.pop(mask, None)
    ordered = sorted(sorted(counts, key=_bytes, reverse=True), key=counts.__getitem__, reverse=True)
    kept = ordered if most is None else ordered[: max(0, most - places)]
    if not kept:
        raise StepError(Text.of("{step} finds nothing to look up: all values are missing.", step=step))
    return {"vocabulary": kept, "counts": [counts[token] for token in kept], "distinct": len(ordered)}


def _bytes(token: Any) -> Any:
    return token.encode() if isinstance(token, str) else token  # as NumPy orders what TensorFlow hands it


def places(values: Array, vocabulary: Sequence[Any], unknown: int, mask: Any, masked: bool) -> Array:
    """int64 of the shape of `values`; -1 for what is unknown where `unknown` is 0, and for what is masked out."""
    start = unknown + (1 if masked else 0)
    by_token = {token: start + place for place, token in enumerate(vocabulary)}
    if mask is not None:
        by_token[mask] = 0 if masked else -2
    default = (1 if masked else 0) if unknown else -1
    flat = values.reshape(-1)
    tokens, inverse = np.unique(flat.astype(str if flat.dtype == object else np.int64), return_inverse=True)
    found = np.array([by_token.get(token, default) for token in tokens.tolist()], np.int64)
    return found[inverse].reshape(values.shape)


def encoded(found: Array, mode: str, depth: int) -> Array:
    """Places as the output mode has them; negative ones (masked out) count nowhere."""
    if mode == INT:
        return found
    if mode == ONE_HOT:
        flat = found.reshape(-1)
        vectors = np.zeros((len(flat), depth), np.float32)
        known = flat >= 0
        vectors[np.flatnonzero(known), flat[known]] = 1
        outer = found.shape[:-1] if found.ndim > 1 and found.shape[-1] == 1 else found.shape
        return vectors.reshape(*outer, depth)
    rows = found.reshape(-1, found.shape[-1]) if found.ndim > 1 else found.reshape(-1, 1)
    vectors = np.zeros((len(rows), depth), np.float32)
    for place in range(rows.shape[1]):
        known = rows[:, place] >= 0
        np.add.at(vectors, (np.flatnonzero(known), rows[known, place]), 1)
    if mode == MULTI_HOT:
        vectors = np.minimum(vectors, 1)
    return vectors.reshape(*found.shape[:-1], depth) if found.ndim > 1 else vectors


def encoded_shape(sample: Sample, mode: str, depth: int) -> tuple[int, ...]:
    if mode == INT:
        return sample.shape
    if mode == ONE_HOT:
        return (*(sample.shape[:-1] if sample.shape[-1:] == (1,) else sample.shape), depth)
    return (*sample.shape[:-1], depth)


def require_known(found: Array, values: Array, step: Text) -> None:
    """Raises StepError for the first value that the vocabulary does not have, where there is no place for it."""
    if (found == -1).any():
        value = values.reshape(-1)[int(np.argmax(found.reshape(-1) == -1))]
        raise StepError(
            Text.of(
                "{step} does not know “{value}”, which the training part does not have: give what is unknown a place.",
                step=step, value=str(value),
            )
        )  # fmt: skip
