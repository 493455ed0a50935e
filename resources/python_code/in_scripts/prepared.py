"""Steps of preparation for which Keras has no layer, and what is around those for which it has one.

Scripts hold what they use of this word by word (`resources/python_code/shared.py`). A column has
the samples as its first axis. `training` says which of them train: of others nothing is learnt.
"""

import typing

import numpy as np

from resources.python_code.in_scripts.places import with_words, words_in


def samples_of(column: typing.Any) -> typing.Any:
    """Single values get an axis, as layers take them."""
    return column.reshape(-1, 1) if column.ndim == 1 else column


def only(data: dict[str, typing.Any], kept: typing.Any) -> dict[str, typing.Any]:
    """The samples that are `kept`, in all columns."""
    return {name: column[kept] for name, column in data.items()}


def present(column: typing.Any) -> typing.Any:
    """Which samples have a value."""
    rows = column.reshape(len(column), -1)
    if column.dtype == object:
        return (rows != "").all(axis=1)
    if len(getattr(column, "words", ())):
        return (np.asarray(rows) >= 0).all(axis=1)
    return ~np.isnan(rows).any(axis=1)


def without_gaps(rows: typing.Any) -> typing.Any:
    """The rows whose numbers are all known: of others nothing is learnt."""
    return rows[np.isfinite(rows.reshape(len(rows), -1)).all(axis=1)]


def by_feature(rows: typing.Any) -> typing.Any:
    """A row for each value of the last axis, float64."""
    return rows.reshape(-1, rows.shape[-1]).astype(np.float64)


def whole_numbers(column: typing.Any) -> typing.Any:
    """Numbers as int64; words stay."""
    if column.dtype == object:
        return column
    if column.dtype.kind == "f" and not (column == np.floor(column)).all():
        raise ValueError("a fraction, or a missing value, where whole numbers are looked up")
    return np.asarray(column).astype(np.int64)


def no_value(column: typing.Any) -> typing.Any:
    """What stands for a missing value: no word, or 0."""
    return "" if column.dtype == object else 0


def filled(
    column: typing.Any,
    training: typing.Any,
    way: str,
    value: str = "0",
    mark: bool = False,
    sign: float | None = None,
) -> typing.Any:
    """Put `value` where there is none, or the "mean", "median" or "most_frequent" of the training.

    `mark` adds a number to each: 1 where it was missing. `sign` is a number for a missing one.
    """
    words = getattr(column, "words", ())
    if len(words) or column.dtype == object:
        texts = words_in(column)
        if way == "most_frequent":
            value = most_frequent(texts[training][texts[training] != ""].astype(str))
        return in_places(np.where(texts == "", value, texts), {*words, value} if len(words) else ())
    if sign is not None:
        column = np.where(column == sign, np.nan, column)
    missing = np.isnan(column)
    fill: typing.Any = float(value)
    if way == "most_frequent":
        fill = most_frequent(column[training][~missing[training]])
    elif way != "value":
        rows = by_feature(column[training])
        rows = np.where(np.isfinite(rows), rows, np.nan)
        fill = (np.nanmean if way == "mean" else np.nanmedian)(rows, axis=0)
    full = np.where(missing, fill, column).astype(column.dtype)
    if not mark:
        return full
    parts = [part[..., 0] if part.shape[-1] == 1 else part for part in (full, missing)]
    return np.stack([part.astype(np.float32) for part in parts], axis=-1)


def most_frequent(values: typing.Any) -> typing.Any:
    """Of equally frequent ones the first."""
    different, counts = np.unique(values, return_counts=True)
    return different[np.argmax(counts)]


def in_places(texts: typing.Any, words: typing.Collection[str]) -> typing.Any:
    """Texts as places in the sorted words; as they are where there are no such."""
    if not words:
        return texts
    ordered = sorted(map(str, words))
    places = {word: place for place, word in enumerate(ordered)}
    found = np.array([places.get(text, -1) for text in texts.ravel()], np.int64)
    return with_words(found.reshape(texts.shape), ordered)


def to_range(column: typing.Any, training: typing.Any, low: float, high: float) -> typing.Any:
    """The smallest value of the training becomes `low`, the largest `high`."""
    rows = by_feature(column[training])
    rows = np.where(np.isfinite(rows), rows, np.nan)
    least, most = np.nanmin(rows, axis=0), np.nanmax(rows, axis=0)
    width = np.where(most > least, most - least, 1.0)
    scale = np.where(most > least, (high - low) / width, 0.0)
    return (column.astype(np.float64) * scale + (low - least * scale)).astype(np.float32)


def one_hot(column: typing.Any, training: typing.Any, unknown: bool) -> typing.Any:
    """A vector with a place for each word of the column, or each whole number of the training.

    `unknown`: the first place is for all others. A missing word is 0 everywhere.
    """
    tokens = whole_numbers(words_in(column))
    words = getattr(column, "words", ()) or {*tokens[training].ravel().tolist()} - {""}
    places = {word: place + unknown for place, word in enumerate(sorted(words))}
    vectors = np.zeros((tokens.size, len(places) + unknown), np.float32)
    for row, token in enumerate(tokens.ravel().tolist()):
        if token not in places and token != "" and not unknown:
            raise ValueError(f"the training part does not have {token}")
        if token != "":
            vectors[row, places.get(token, 0)] = 1
    shape = column.shape[:-1] if column.shape[-1] == 1 else column.shape
    return vectors.reshape(*shape, -1)


def boundaries(rows: typing.Any, bins: int) -> list[float]:
    """Between bins of as many values each. Keras' own `adapt` estimates them."""
    numbers = rows.astype(np.float64).ravel()
    quantiles = np.quantile(numbers[np.isfinite(numbers)], np.arange(1, bins) / bins)
    return [float(number) for number in np.unique(quantiles.astype(np.float32))]


def with_channels(waves: typing.Any) -> typing.Any:
    """Sounds of one channel get an axis for it."""
    return waves[..., None] if waves.ndim == 2 else waves


def without_channels(waves: typing.Any) -> typing.Any:
    """Sounds of one channel without an axis for it."""
    return waves.reshape(waves.shape[:2])
