"""What a column is and holds: its kind, its statistics, words among numbers, and what is no column. Free of Keras."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from resources.plain import listed
from resources.text import Text
from runtime.lazy import LazyModule
from runtime.spec import ColumnKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from resources.python_code.in_scripts import words, written

    Array = NDArray[Any]
else:
    np = LazyModule("numpy")
    words = LazyModule("resources.python_code.in_scripts.words")
    written = LazyModule("resources.python_code.in_scripts.written")
    Array = Any

CATEGORY_LIMIT: Final = 20  # so few different whole numbers look like classes
SMALLEST_IMAGE: Final = 4
_SHOWN_LEFT_OUT: Final = 8
_NO_SAMPLES: Final = Text("it is one number, not one a sample")
EMPTY_SAMPLES: Final = Text("its samples hold no numbers")
OBJECTS: Final = Text("it holds Python objects, which are not read")
_TIMES: Final = Text("it holds times: store them as numbers")


def statistics(values: Array) -> dict[str, Any]:
    """Minimum and maximum of what is finite, number of NaN, and of different whole numbers up to CATEGORY_LIMIT."""
    if values.size == 0:
        return {}
    missing = 0
    if values.dtype.kind == "f":
        finite = np.isfinite(values)
        missing = int(np.isnan(values).sum())
        values = values if finite.all() else values[finite]
    if values.size == 0:
        return {"missing": missing}
    facts = {"minimum": float(values.min()), "maximum": float(values.max()), "missing": missing}
    if values.ndim == 1 and values.dtype.kind in "iub":
        distinct = len(np.unique(values))
        if distinct <= max(CATEGORY_LIMIT, 1000):
            facts["distinct"] = distinct
    return facts


def column_kind(
    shape: Sequence[int], dtype: np.dtype[Any], categories: tuple[str, ...], distinct: int | None, minimum: float | None
) -> ColumnKind:
    """`shape` is with the sample axis."""
    if categories:
        return "text" if words.are_free_texts(len(categories), shape[0]) else "category"
    sample = tuple(shape[1:])
    if len(sample) == 2 or (len(sample) == 3 and sample[2] in (1, 3)):
        return "image" if min(sample[:2]) >= SMALLEST_IMAGE else "number"
    few = distinct is not None and distinct <= CATEGORY_LIMIT
    return "category" if few and not sample and dtype.kind in "iub" and (minimum or 0) >= 0 else "number"


def number_text(value: float) -> str:
    """A number as people write it: 1000, 0.25, 1e+39."""
    if isinstance(value, int):
        return str(int(value))
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else f"{value:.10g}"


class Words:
    """A column of texts: the numbers that they all are, or places in its `words`, -1 where a word is missing.

    `are_free`: they are no words but texts, almost each another one. Then it keeps nothing of them.
    """

    def __init__(self, texts: Array) -> None:
        """`texts` has the shape (samples,)."""
        fields = as_texts(texts)
        values = words.plain_numbers(fields)
        self.values, found = words.places_of_words(fields) if values is None else (values, ())
        self.are_free = words.are_free_texts(len(found), len(fields))
        if self.are_free:
            self.values, found = np.zeros(0, np.int64), ()
        self.words = tuple(found)
        missing = self.values < 0 if self.words else np.isnan(self.values)
        self._missing = {row: fields[row] for row in np.flatnonzero(missing)[:1].tolist()}
        numbers = (row for row, text in enumerate(fields) if self.words and written.is_number(text))
        self.number_row = next(numbers, None)

    def written(self, row: int) -> str | None:
        return self._missing.get(row)


def as_texts(values: Array) -> list[str]:
    """Texts however they are stored: bytes are UTF-8."""
    return [text.decode(errors="replace") if isinstance(text, bytes) else str(text) for text in values]


def unusable_shape(shape: Sequence[int]) -> Text | None:
    """Why an array of this shape, the sample axis with it, is no column; None if it is one."""
    if not shape:
        return _NO_SAMPLES
    return EMPTY_SAMPLES if 0 in shape[1:] else None


def unusable_dtype(dtype: np.dtype[Any]) -> Text | None:
    """Why values of this type are no numbers; None if they are."""
    if dtype.kind in "biuf":
        return None
    if dtype.names is not None:
        return Text("it has named fields: store each field as an array of its own")
    reasons = {"O": OBJECTS, "c": Text("it holds complex numbers"), "M": _TIMES, "m": _TIMES}
    return reasons.get(dtype.kind, Text("its type is {dtype}", {"dtype": str(dtype)}))


def left_out_note(left_out: Mapping[str, Text]) -> Text | None:
    """What is said of a file in which some things are no columns."""
    if not left_out:
        return None
    names, reasons = list(left_out), list(left_out.values())
    if any(reason != reasons[0] for reason in reasons):
        return Text.of(
            "Left out, because they are no columns of numbers: {names}.", names=listed(names, _SHOWN_LEFT_OUT)
        )
    return Text.of("Left out: {names}. Reason: {reason}.", names=listed(names, _SHOWN_LEFT_OUT), reason=reasons[0])
