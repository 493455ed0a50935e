"""Columns of cells that have a type each: numbers, texts, times. Scripts hold this word by word.

As in sheets of Excel, lines of JSON and tables of SQLite.
"""

import dataclasses
import datetime
import decimal
import typing

import numpy as np

from resources.python_code.in_scripts.dates import read_dates, seconds_of
from resources.python_code.in_scripts.places import with_words
from resources.python_code.in_scripts.words import (
    NO_VALUE,
    are_free_texts,
    places_of_words,
    plain_numbers,
)

TIMES = (datetime.date, datetime.time, datetime.timedelta)


@dataclasses.dataclass
class Cells:
    """What the cells of a column are read as.

    `values` are int64, or float64 with NaN where there is no number; `dates` says that they are
    seconds. A column of words has `words`: its `values` are places in them, -1 where there is none.
    Free texts are objects, "" where there is none.
    `odd` has the first cell without a value and the first that is something else than the others,
    by their rows; `number_row` is the first row of a column of words that holds a number, `zones`
    the first one whose time has a zone while those before it have none, or the other way round.
    """

    values: typing.Any
    words: list[str] = dataclasses.field(default_factory=list)
    odd: dict[int, str] = dataclasses.field(default_factory=dict)
    number_row: int | None = None
    dates: bool = False
    zones: int | None = None


def cells_column(cells: typing.Sequence[typing.Any]) -> typing.Any:
    """The values of `read_cells`; those of words know them."""
    found = read_cells(cells)
    return with_words(found.values, found.words)


def kind_of(cell: typing.Any) -> str:
    """Return "none", "number", "date" or "text"."""
    if cell is None or (isinstance(cell, str) and cell.strip().lower() in NO_VALUE):
        return "none"
    if isinstance(cell, float) and cell != cell:
        return "none"
    if isinstance(cell, TIMES):
        return "date"
    return "text" if isinstance(cell, str) else "number"


def read_cells(cells: typing.Sequence[typing.Any]) -> Cells:
    """What most of the cells are says what the column is."""
    kinds = [kind_of(cell) for cell in cells]
    counts = {kind: kinds.count(kind) for kind in ("number", "date", "text")}
    if counts["text"] and not counts["number"] and not counts["date"]:
        return read_texts(
            ["" if kind == "none" else cell for cell, kind in zip(cells, kinds, strict=True)], cells
        )
    if counts["text"] > max(counts["number"], counts["date"]):
        numbers = [row for row, kind in enumerate(kinds) if kind in ("number", "date")]
        texts = ["" if cell is None else str(cell) for cell in cells]
        found = read_words(texts, cells)
        found.number_row = next(iter(numbers), None) if found.words else None
        return found
    chosen = "date" if counts["date"] > counts["number"] else "number"
    odd: dict[int, str] = {}
    numbers_read: list[typing.Any] = []
    for row, (cell, kind) in enumerate(zip(cells, kinds, strict=True)):
        number = number_of(cell, kind, chosen)
        if number is None:
            is_odd = kind != "none"
            if all(is_odd != (kinds[known] != "none") for known in odd):
                odd[row] = "" if cell is None else str(cell)
            number = np.nan
        numbers_read.append(number)
    return Cells(numbers_array(numbers_read), odd=odd, dates=chosen == "date")


def number_of(cell: typing.Any, kind: str, chosen: str) -> typing.Any:
    """The cell as a number of a column of numbers or dates, or None."""
    if chosen == "date":
        return seconds_of(cell) if kind == "date" else None
    if kind == "text":
        read = plain_numbers([cell])
        return None if read is None else read[0].item()
    if kind != "number":
        return None
    return float(cell) if isinstance(cell, decimal.Decimal) else cell


def numbers_array(numbers: typing.Sequence[typing.Any]) -> typing.Any:
    """int64 where all are whole and not too large, else float64."""
    if all(isinstance(number, int) and -(2**63) <= number < 2**63 for number in numbers):
        return np.array(numbers, np.int64)
    return np.array([float_of(number) for number in numbers], np.float64)


def float_of(number: typing.Any) -> float:
    try:
        return float(number)
    except OverflowError:
        return np.inf if number > 0 else -np.inf


def read_texts(texts: typing.Sequence[str], cells: typing.Sequence[typing.Any]) -> Cells:
    """Texts that are dates become seconds, plain numbers become numbers."""
    dates = read_dates(texts)
    values = dates[0] if dates else plain_numbers(texts)
    if values is None:
        return read_words(texts, cells)
    odd = {} if values.dtype.kind != "f" else first_odd(np.isnan(values), cells)
    return Cells(values, odd=odd, dates=dates is not None, zones=dates[1] if dates else None)


def read_words(texts: typing.Sequence[str], cells: typing.Sequence[typing.Any]) -> Cells:
    """The places of words; free texts stay texts."""
    values, words = places_of_words(texts)
    if are_free_texts(len(words), len(texts)):
        return Cells(np.array(texts, object))
    numbers = (row for row in np.flatnonzero(values >= 0).tolist() if is_plain_number(texts[row]))
    return Cells(values, words, first_odd(values < 0, cells), next(numbers, None))


def is_plain_number(text: str) -> bool:
    return plain_numbers([text]) is not None


def first_odd(missing: typing.Any, cells: typing.Sequence[typing.Any]) -> dict[int, str]:
    """The first cell without a value, by its row."""
    rows = np.flatnonzero(missing)[:1].tolist()
    return {row: "" if cells[row] is None else str(cells[row]) for row in rows}
