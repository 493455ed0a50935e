"""Fill what is missing: with a value, or with one learnt of the training part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from resources.python_code.parts import StepCode
from resources.python_code.pieces import number, quoted
from resources.python_code.preparing import COLUMN, TRAINING, by_function
from resources.text import Text
from resources.training.choice_words import words_of
from resources.training.setting import Setting
from runtime.lazy import LazyModule
from runtime.step_kinds import StepKind
from runtime.step_samples import (
    WORDS,
    Array,
    Json,
    Layer,
    Sample,
    State,
    StepError,
    by_feature,
    plain,
    some,
    thinned,
)
from runtime.worker.data.steps import normalize

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

_VALUE, _MEAN, _MEDIAN, _FREQUENT = "value", "mean", "median", "most_frequent"
_WORDS: Final = {
    _VALUE: Text("a value"),
    _MEAN: Text("the mean"),
    _MEDIAN: Text("the median"),
    _FREQUENT: Text("the most frequent value"),
}
_MOST: Final = 1_000_000  # different values that are counted


def _by_value(values: Mapping[str, Json]) -> bool:
    return bool(values.get("with") == _VALUE)


STEP: Final = StepKind(
    "fill",
    Text("Fill missing"),
    Text("Puts a value where there is none: one you give, or the mean, median or most frequent of the training part."),
    ("number", "category", "text", "date", "sequence"),
    40,
    (
        Setting[str]("with", Text("with"), Text("What missing values become."), "choice", _VALUE,
                     order=10, section="step", choices=(_VALUE, _MEAN, _MEDIAN, _FREQUENT),
                     words=words_of(_WORDS)),
        Setting[str]("value", Text("value"), Text("A number, or a word for a column of words."), "text", "0",
                     order=20, section="step", applies=_by_value),
        Setting[float | None]("sign", Text("also missing"),
                              Text("A number by which people say that there is no value, such as -999. Empty: none."),
                              "float", None, order=25, section="step"),
        Setting[bool]("mark", Text("mark"), Text("Adds a number to each sample: 1 where the value was missing."),
                      "bool", False, order=30, section="step"),
    ),
    adapts=True,
    inside=False,
    why_before=Text("Keras has no layer that fills missing values."),
    of_words={"with": _FREQUENT},  # 0, the value that numbers get, would be a word that no vocabulary has
)  # fmt: skip


def result(sample: Sample, values: Mapping[str, Json], state: State | None) -> Sample:
    if sample.words:
        if values["with"] in (_MEAN, _MEDIAN):
            raise StepError(Text.of("{step}: words have no mean and no median.", step=STEP.title))
        if values["mark"]:
            raise StepError(Text.of("{step}: a mark is a number, which cannot stand beside words.", step=STEP.title))
        filled = state or known(sample, values)
        if filled is None or not sample.categories:
            return sample
        return Sample(sample.shape, sample.dtype, sample.kind, tuple(sorted({*sample.categories, *filled["fill"]})))
    _number(values)
    whole = sample.whole and values["sign"] is None
    shape = (*(sample.shape[:-1] if sample.shape[-1:] == (1,) else sample.shape), 2) if values["mark"] else sample.shape
    return Sample(shape, sample.dtype if whole else "float32", sample.kind)


def known(sample: Sample, values: Mapping[str, Json]) -> State | None:
    if not _by_value(values):
        return None
    return {"fill": [str(values["value"]) if sample.words else _number(values)]}


def adapt(blocks: Iterable[Array], sample: Sample, values: Mapping[str, Json]) -> State:
    blocks = (_without_sign(block, values) for block in blocks)
    if sample.words or values["with"] == _FREQUENT:
        return {"fill": [_most_frequent(blocks, sample)]}
    if values["with"] == _MEAN:
        return {"fill": normalize.adapt(blocks, sample, {"each": True})["mean"]}
    kept = thinned(some(blocks, STEP.title)).values()
    present = np.asarray(np.isfinite(kept).any(axis=0))
    medians = [float(np.nanmedian(column)) if has else 0.0 for column, has in zip(kept.T, present, strict=True)]
    return {"fill": medians}


def apply(array: Array, _sample: Sample, values: Mapping[str, Json], state: State | None) -> Array:
    assert state is not None
    if array.dtype == object:
        filled = array.copy()
        filled[filled == ""] = state["fill"][0]
        return filled
    array = _without_sign(array, values)
    missing = np.isnan(array) if array.dtype.kind == "f" else np.zeros(array.shape, bool)
    fill = np.array(state["fill"], float)
    filled = np.where(missing, fill, array).astype(array.dtype) if array.dtype.kind == "f" else array
    if not values["mark"]:
        return filled
    one = filled.ndim > 1 and filled.shape[-1] == 1
    parts = [part[..., 0] if one else part for part in (filled, missing)]
    return np.stack([part.astype(np.float32) for part in parts], axis=-1)


def _without_sign(array: Array, values: Mapping[str, Json]) -> Array:
    """NaN in place of the number that stands for a missing value."""
    sign = values["sign"]
    if sign is None or array.dtype == object:
        return array
    numbers = array if array.dtype.kind == "f" else array.astype(np.float64)
    return np.where(numbers == sign, numbers.dtype.type(np.nan), numbers)


def layer(_sample: Sample, _values: Mapping[str, Json], _state: State | None) -> Layer | None:
    return None


def code(values: Mapping[str, Json]) -> StepCode:
    sign = values["sign"]
    marks = [number(bool(values["mark"]))] if values["mark"] or sign is not None else []
    given = [quoted(str(values["value"]) if _by_value(values) else "0")] if _by_value(values) or marks else []
    signs = [number(sign)] if sign is not None else []
    return by_function("filled", COLUMN, TRAINING, quoted(values["with"]), *given, *marks, *signs)


def settings_of(_written: Layer) -> dict[str, Json] | None:
    return None


def _number(values: Mapping[str, Json]) -> float:
    """Raises StepError."""
    try:
        number = float(values["value"]) if _by_value(values) else 0.0
        if np.isfinite(number):
            return number
    except ValueError:
        pass
    raise StepError(Text.of("{step}: “{value}” is no number.", step=STEP.title, value=str(values["value"])))


def _most_frequent(blocks: Iterable[Array], sample: Sample) -> Any:
    """Of equally frequent ones the smallest. Raises StepError where all are missing."""
    counts: Counter[Any] = Counter()
    for block in some(blocks, STEP.title):
        flat = block.reshape(-1)
        present = (
            flat[flat != ""].astype(str) if sample.dtype == WORDS else by_feature(flat)[~np.isnan(flat)].reshape(-1)
        )
        tokens, found = np.unique(present, return_counts=True)
        for token, count in zip(tokens.tolist(), found.tolist(), strict=True):
            if token in counts or len(counts) < _MOST:
                counts[token] += count
    if not counts:
        raise StepError(Text.of("{step}: all values of the training part are missing.", step=STEP.title))
    return min(counts, key=lambda token: (-counts[token], token))


def fills(values: Mapping[str, Json], state: State) -> Json:
    """What missing values become, for people."""
    return plain(np.array(state["fill"])) if values["with"] != _VALUE else values["value"]
