"""A file of Keras' `CSVLogger`: a line for each epoch."""

from __future__ import annotations

import csv
import io
import itertools
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from resources.regular_files import open_regular, read_regular
from resources.text import Text
from runtime.tracking.log_reader import LogReader
from runtime.tracking.read_log import LogError, ReadRun, Scalars, as_run, finite_or_nan

_MOST_BYTES: Final = 64 << 20
_HEAD: Final = 64 << 10
_MOST_EPOCHS: Final = 1_000_000
_EPOCH: Final = "epoch"
_RATES: Final = ("learning_rate", "lr")
_SEPARATORS: Final = ",;\t|"


def recognises(path: Path) -> bool:
    if not path.is_file():
        return False
    with open_regular(path) as file:
        head = file.read(_HEAD)
    return _separator(head.decode("utf-8-sig", "replace")) is not None


def read(path: Path) -> tuple[list[ReadRun], int]:
    text = read_regular(path, _MOST_BYTES).decode("utf-8-sig", "replace").replace("\0", "")
    separator = _separator(text)
    if separator is None:
        raise LogError(Text("its first line names no column “epoch”."))
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    scalars = Scalars()
    try:
        names = [name.strip() for name in next(rows)]
        _read_rows(rows, names, scalars)
    except csv.Error as error:
        raise LogError(Text("it is no table ({reason}).", {"reason": str(error)[:100]})) from error
    if scalars.empty:
        raise LogError(Text("there is no epoch in it."))
    return [as_run(path.stem, scalars, path.stat().st_mtime)], 0


def _read_rows(rows: Iterator[list[str]], names: list[str], scalars: Scalars) -> None:
    """A file that was written on to by a second training counts from 0 again: its epochs follow."""
    place, offset, last = names.index(_EPOCH), 0, -1
    for row in itertools.islice(rows, _MOST_EPOCHS):
        number = _number(row[place]) if place < len(row) else math.nan
        if not (math.isfinite(number) and number == int(number) and 0 <= number < 1 << 40):
            continue  # a line cut short, or the header once more
        if int(number) + offset <= last:
            offset = last + 1 - int(number)
        last = int(number) + offset
        for name, word in zip(names, row, strict=False):
            if name == _EPOCH or word.strip() in ("", "NA"):
                continue
            value = _number(word)
            if name in _RATES:
                scalars.rates[last] = value
            elif value == value or word.strip().lower() in ("nan", "inf", "-inf"):
                scalars.add_epoch(last, name, finite_or_nan(value), 0.0)


def _separator(text: str) -> str | None:
    """By which the first line has a column of epochs and more."""
    for separator in _SEPARATORS:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        try:
            names = [name.strip() for name in next(rows, [])]
        except csv.Error:
            continue
        if _EPOCH in names and len(names) > 1:
            return separator
    return None


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return math.nan


READER: Final = LogReader("csv_logger", 20, recognises, read)
