"""Whether values can be used: none is missing or infinite, and each survives becoming what the model takes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from resources.python_code.in_scripts.words import NO_VALUE
from resources.text import Facts, Text
from runtime.messages.checking import Endpoint, ParameterChange, ProposedMend
from runtime.worker.data.columns import number_text
from runtime.worker.data.source import Array, DataError, Source

WORDS: Final = "string"  # the dtype of inputs that take words as they are
_WHOLE: Final = "iu"


@dataclass(frozen=True, slots=True)
class Column:
    """A column on its way to `endpoint`, as which it becomes `dtype`."""

    source: Source
    name: str
    endpoint: Endpoint
    dtype: str
    is_output: bool
    rows: Array | None = None  # where the values come from, if not from samples in a row

    def sample(self, row: int) -> int:
        return row if self.rows is None else int(self.rows[row])

    def origin(self, row: int) -> int:
        return self.source.origin(self.sample(row))

    def facts(self, row: int) -> Facts:
        place = self.source.place(self.sample(row))
        return {"file": self.source.title, "column": self.name, "place": place, "target": self.endpoint.name}


class UnusableError(DataError):
    """A value that cannot be used; `kind` is stable for machines. `row` is the sample, as people look at it."""

    def __init__(self, text: Text, kind: str, row: int, mend: ProposedMend | None = None) -> None:
        super().__init__(text)
        self.kind, self.row, self.mend = kind, row, mend


def require_usable(column: Column, values: Array, first: int) -> None:
    """`values` are those of the samples from `first` on. Raises UnusableError for the first one that cannot be used."""
    require_present(column, values, first)
    require_cast(column, values, first)


def require_present(column: Column, values: Array, first: int, count_missing: Callable[[], int] | None = None) -> None:
    """Raises UnusableError for the first value that is missing or infinite.

    To an input that takes words a missing one is an empty text, as in a column of texts: lookups of Keras mask it.
    `count_missing` counts the missing values of the whole column; without it only the first one is told.
    """
    counted = values.dtype.kind in _WHOLE and column.dtype != WORDS
    words = column.source.categories(column.name) if counted else ()
    missing = first_row(values, lambda flat: flat < 0) if words else None
    if values.dtype.kind == "f" and not _surely_finite(values) and not np.isfinite(values).all():
        missing = first_row(values, np.isnan)
        row = first_row(values, lambda flat: ~np.isfinite(flat))
        if row is not None and missing != row:
            text = Text("{file}: {column} is infinite at {place}.", column.facts(first + row))
            raise UnusableError(text, "infinite", column.origin(first + row))
    if missing is not None:
        raise _missing(column, first + missing, count_missing() if count_missing else 1)


def _surely_finite(values: Array) -> bool:
    """Quicker than to look at each; False where the sum of large numbers is none, too."""
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.isfinite(np.add.reduce(values, axis=None)))


def first_row(values: Array, bad: Callable[[Array], Array]) -> int | None:
    """The first sample with a value that is `bad`."""
    wrong = bad(values.reshape(len(values), -1)).any(axis=1)
    return int(np.argmax(wrong)) if wrong.any() else None


def missing_in(values: Array, words: bool) -> int:
    """How many samples have no value."""
    if words:
        return int((values < 0).sum())
    return int(np.isnan(values.reshape(len(values), -1)).any(axis=1).sum()) if values.dtype.kind == "f" else 0


def _missing(column: Column, row: int, count: int) -> UnusableError:
    facts = column.facts(row)
    written = column.source.written(column.name, column.sample(row))
    if written is not None and written.lower() not in NO_VALUE:
        facts |= {"text": written, "more": count - 1}
        return UnusableError(_no_number(facts, several=count > 1), "no_number", column.origin(row))
    shown = Text("“{text}”", {"text": written}) if written else Text("an empty field") if written is not None else "NaN"
    facts |= {"written": shown, "count": count}
    if column.is_output:
        return UnusableError(_missing_label(facts, several=count > 1), "missing", column.origin(row))
    return UnusableError(_missing_value(facts, several=count > 1), "missing", column.origin(row))


def _no_number(facts: Facts, *, several: bool) -> Text:
    if several:
        return Text("{file}: “{text}” in {column} at {place} is no number. {more} more rows hold none either.", facts)
    return Text("{file}: “{text}” in {column} at {place} is no number.", facts)


def _missing_label(facts: Facts, *, several: bool) -> Text:
    if several:
        return Text(
            "{file}: {count} labels are missing in {column}, the first at {place} ({written}): fill them in, or leave "
            "these samples out.",
            facts,
        )
    return Text(
        "{file}: the label is missing in {column} at {place} ({written}): fill it in, or leave this sample out.", facts
    )


def _missing_value(facts: Facts, *, several: bool) -> Text:
    if several:
        return Text(
            "{file}: {count} values are missing in {column}, the first at {place} ({written}): fill them in, or leave "
            "these samples out.",
            facts,
        )
    return Text(
        "{file}: the value is missing in {column} at {place} ({written}): fill it in, or leave this sample out.", facts
    )


def require_cast(column: Column, values: Array, first: int) -> None:
    """Raises UnusableError for the first value that is another one as the dtype of the column's end."""
    target = numpy_dtype(column.dtype)
    if np.can_cast(values.dtype, target, "safe"):
        return
    if target.kind == "b":
        row = first_row(values, lambda flat: (flat != 0) & (flat != 1))
        if row is not None:
            facts = column.facts(first + row) | {"value": _first(values[row], lambda flat: (flat != 0) & (flat != 1))}
            text = Text("{file}: {column} is {value} at {place}, but {target} takes 0 and 1 (bool).", facts)
            raise UnusableError(text, "cast", column.origin(first + row))
    elif target.kind in _WHOLE:
        _require_whole(column, values, first, target)
    elif values.dtype.kind == "f" or target.itemsize < 4:
        _require_range_of_float(column, values, first, target)


def _require_whole(column: Column, values: Array, first: int, target: np.dtype[Any]) -> None:
    low, high = int(np.iinfo(target).min), int(np.iinfo(target).max)

    def broken(flat: Array) -> Array:
        wrong: Array = flat != np.floor(flat)
        return wrong

    def outside(flat: Array) -> Array:
        if flat.dtype.kind == "f":
            wrong: Array = (flat < low) | (flat >= float(high) + 1)
        else:
            wrong = (flat < low) | (flat > high)
        return wrong

    row = first_row(values, broken) if values.dtype.kind == "f" else None
    if row is not None:
        facts = column.facts(first + row) | {"value": _first(values[row], broken), "dtype": column.dtype}
        text = Text("{file}: {column} is {value} at {place}, but {target} takes whole numbers ({dtype}).", facts)
        raise UnusableError(text, "cast", column.origin(first + row), _as_float(column) if values.ndim > 2 else None)
    row = first_row(values, outside)
    if row is not None:
        facts = column.facts(first + row) | {"value": _first(values[row], outside), "dtype": column.dtype}
        facts |= {"low": low, "high": high}
        text = Text("{file}: {column} is {value} at {place}, but {target} takes {low} to {high} ({dtype}).", facts)
        raise UnusableError(text, "cast", column.origin(first + row))


def _require_range_of_float(column: Column, values: Array, first: int, target: np.dtype[Any]) -> None:
    def lost(flat: Array) -> Array:
        with np.errstate(over="ignore"):
            infinite: Array = np.isinf(flat.astype(target).astype(np.float64))
        return infinite

    row = first_row(values, lost)
    if row is not None:
        facts = column.facts(first + row) | {"value": _first(values[row], lost), "dtype": column.dtype}
        text = Text("{file}: {column} is {value} at {place}, which is more than {dtype} can hold.", facts)
        raise UnusableError(text, "cast", column.origin(first + row))


def _as_float(column: Column) -> ProposedMend | None:
    """Pictures of 0 to 1 that an input takes as whole numbers."""
    if column.is_output:
        return None
    name = column.endpoint.name
    return ProposedMend(
        Text("Let {layer} take float32", {"layer": name}), (ParameterChange(name, {"dtype": "float32"}),)
    )


def _first(sample: Array, bad: Callable[[Array], Array]) -> str:
    flat = sample.reshape(-1)
    return number_text(flat[int(np.argmax(bad(flat)))].item())


def numpy_dtype(name: str) -> np.dtype[Any]:
    """Words are objects. Raises DataError for what is neither them nor a type of numbers."""
    if name == WORDS:
        return np.dtype(object)
    if name.startswith(("bfloat", "float8")):
        import ml_dtypes

        return np.dtype(getattr(ml_dtypes, name, None) or "float32")
    try:
        return np.dtype(name)
    except TypeError as error:
        raise DataError(Text("Data is numbers, and these cannot become {dtype}.", {"dtype": name})) from error
