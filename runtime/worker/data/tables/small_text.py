"""A table as text that is read as a whole."""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from resources.text import Text
from runtime.lazy import LazyModule
from runtime.messages.checking import DataProblem
from runtime.worker.data.source import Array, DataError
from runtime.worker.data.tables.held_table import HeldTable
from runtime.worker.data.tables.reading_doubts import doubts
from runtime.worker.data.tables.text_blocks import is_open, open_quote, other_width, too_long
from runtime.worker.data.tables.text_options import TextOptions

if TYPE_CHECKING:
    import numpy as np

    from resources.python_code.in_scripts import tables
else:
    np = LazyModule("numpy")
    tables = LazyModule("resources.python_code.in_scripts.tables")


_END: Final = 1000  # signs, in which the last that is no space is looked for


class SmallTable(HeldTable["tables.Reading"]):
    def __init__(self, title: str, text: str, options: TextOptions) -> None:
        """Raises DataError for a table whose lines have different numbers of fields, or that has none."""
        super().__init__(title, {})
        if "\0" in text:
            raise DataError(Text("{file} is no table: it holds bytes that are no text.", {"file": title}))
        delimiter = options.delimiter or tables.find_delimiter(text)
        lines = self._lines_of_rows(text, delimiter, options)
        self._columns = tables.read_table(
            text,
            delimiter,
            options.header,
            options.decimal,
            quote=options.quote,
            comment=options.comment,
            missing=options.missing,
            order=options.dates,
        )
        count = len(next(iter(self._columns.values())).values)
        if count == 0:
            raise DataError(Text("{file} has a header, but no rows.", {"file": title}))
        self._lines = lines[len(lines) - count :]

    def _lines_of_rows(self, text: str, delimiter: str, options: TextOptions) -> Array:
        """The line that each row ends in, counted from 1. Raises DataError."""
        reader = tables.reader_of(text, delimiter, options.quote, options.comment)
        lines, expected, last = array("q"), None, [""]
        try:
            for row in filter(any, reader):
                expected = expected or len(row)
                if len(row) != expected:
                    raise other_width(self._title, reader.line_num, len(row), expected)
                lines.append(reader.line_num)
                last = row
        except csv.Error as error:
            raise too_long(self._title, reader.line_num, error) from error
        if not lines:
            raise DataError(Text("{file} is empty.", {"file": self._title}))
        if is_open(last, text[-_END:], options.quote):
            raise open_quote(self._title, lines[-2] + 1 if len(lines) > 1 else 1)
        return np.frombuffer(lines, np.int64)

    def place(self, row: int) -> Text:
        return Text("line {line}", {"line": int(self._lines[row])})

    def doubts(self, name: str) -> Iterator[DataProblem]:
        return doubts(self._title, name, self._columns[name], self.place)
