"""Tables as text. `options` (all optional): {"delimiter": ";", "header": true, "encoding": "cp949", "decimal": ","}.

What is not given is found out: the delimiter from the first lines, a header from its words, the encoding from the bytes
(UTF-8 with or without its mark, UTF-16 with it, otherwise Korean CP949), the decimal mark from the numbers. Columns of
words become classes. How a table is read stands in `resources/python_code/in_scripts`: exported scripts do the same.
"""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

from resources.os_reasons import os_reason
from resources.python_code.parts import Constant, Loading
from resources.python_code.pieces import SourceError, literal
from resources.python_code.shared import AS_NUMBERS, READ_TABLE
from resources.regular_files import FileTooLargeError, read_regular
from resources.text import Facts, Text
from runtime.data_kinds import DataKind
from runtime.lazy import LazyModule
from runtime.protocol import DataProblem, ProposedMend, SettingChange
from runtime.python_code import IMPORT_NUMPY, IMPORT_TYPING, data_file
from runtime.spec import DataSource
from runtime.worker.data.source import Array, DataError, Source, number_text, require_file

if TYPE_CHECKING:
    import numpy as np

    from resources.python_code.in_scripts import tables
else:
    np = LazyModule("numpy")
    tables = LazyModule("resources.python_code.in_scripts.tables")

KIND = DataKind("csv", Text("Table (CSV)"), (".csv", ".tsv", ".txt"))
_LARGEST: Final = 2 * 2**30  # bytes; parsed text takes several times the room of the file
_LOAD: Final = '''def load_data():
    """The columns that the model is trained on."""
    with open(DATA_FILE, "rb") as file:
        text = decoded(file.read(), ENCODING)
    table = read_table(text, DELIMITER or find_delimiter(text), HEADER, DECIMAL)
    return {name: reading.values for name, reading in table.items()}
'''
_FOUND_OUT: Final = "None: found out from the text"


class CsvOptions(msgspec.Struct, frozen=True):
    delimiter: str | None = None
    header: bool | None = None
    encoding: str | None = None
    decimal: Literal[".", ","] | None = None


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    file = require_file(source.path)
    options = _options(source)
    try:
        text = decode(read_regular(file, _LARGEST), options.encoding, file.name)
    except FileTooLargeError as error:
        raise DataError(Text("{file} is larger than 2 GB: store it as HDF5.", {"file": file.name})) from error
    except OSError as error:
        raise DataError(Text("{file} cannot be read: {reason}", _facts(file.name, os_reason(error)))) from error
    return CsvSource(file.name, text, options)


def source_code(source: DataSource, _columns: Sequence[str]) -> Loading:
    """Raises SourceError."""
    try:
        options = _options(source)
    except DataError as error:
        raise SourceError(error.text) from error
    constants = (
        data_file(source),
        Constant("DELIMITER", literal(options.delimiter), behind=_FOUND_OUT),
        Constant("HEADER", literal(options.header), behind=_FOUND_OUT),
        Constant("ENCODING", literal(options.encoding), behind=_FOUND_OUT),
        Constant("DECIMAL", literal(options.decimal), behind=_FOUND_OUT),
    )
    return Loading(
        (
            "import codecs",
            "import csv",
            "import itertools",
            "import operator",
            "import re",
            "import dataclasses",
            IMPORT_TYPING,
            IMPORT_NUMPY,
        ),
        constants,
        (AS_NUMBERS, READ_TABLE, _LOAD),
    )


def _options(source: DataSource) -> CsvOptions:
    try:
        return msgspec.convert(source.options, CsvOptions)
    except (msgspec.ValidationError, OverflowError, UnicodeError) as error:
        facts = _facts(Path(source.path).name, str(error))
        raise DataError(Text("The options of {file} are wrong: {reason}", facts)) from error


def _facts(file: str, reason: str | Text) -> Facts:
    return {"file": file, "reason": reason}


def decode(data: bytes, encoding: str | None, file: str) -> str:
    """The text of a file. Raises DataError."""
    try:
        return tables.decoded(data, encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise DataError(Text("{file} is no text in UTF-8 or CP949.", {"file": file})) from error


class CsvSource(Source):
    def __init__(self, title: str, text: str, options: CsvOptions) -> None:
        """Raises DataError for a table whose lines have different numbers of fields, or that has none."""
        self._title = title
        if "\0" in text:
            raise DataError(Text("{file} is no table: it holds bytes that are no text.", {"file": title}))
        delimiter = options.delimiter or tables.find_delimiter(text)
        lines = self._lines_of_rows(text, delimiter)
        self._columns: dict[str, tables.Reading] = tables.read_table(text, delimiter, options.header, options.decimal)
        count = len(next(iter(self._columns.values())).values)
        if count == 0:
            raise DataError(Text("{file} has a header, but no rows.", {"file": title}))
        self._lines = lines[len(lines) - count :]

    def _lines_of_rows(self, text: str, delimiter: str) -> Array:
        """The line that each row ends in, counted from 1. Raises DataError."""
        reader = tables.reader_of(text, delimiter)
        lines, expected = array("q"), None
        try:
            for row in filter(any, reader):
                expected = expected or len(row)
                if len(row) != expected:
                    raise DataError(self._other_width(reader.line_num, len(row), expected))
                lines.append(reader.line_num)
        except csv.Error as error:
            where = Text.of("{file}, line {line}: a field does not end.", file=self._title, line=reader.line_num)
            raise DataError(where, str(error)) from error
        if not lines:
            raise DataError(Text("{file} is empty.", {"file": self._title}))
        return np.frombuffer(lines, np.int64)

    def _other_width(self, line: int, count: int, expected: int) -> Text:
        return Text.of(
            "{file}, line {line}: {count} fields instead of {expected}.",
            file=self._title,
            line=line,
            count=count,
            expected=expected,
        )

    @property
    def title(self) -> str:
        return self._title

    def names(self) -> tuple[str, ...]:
        return tuple(self._columns)

    def has(self, name: str) -> bool:
        return name in self._columns

    def shape(self, name: str) -> tuple[int, ...]:
        shape: tuple[int, ...] = self._columns[name].values.shape
        return shape

    def dtype(self, name: str) -> np.dtype[Any]:
        dtype: np.dtype[Any] = self._columns[name].values.dtype
        return dtype

    def categories(self, name: str) -> tuple[str, ...]:
        return tuple(self._columns[name].words)

    def place(self, row: int) -> Text:
        return Text("line {line}", {"line": int(self._lines[row])})

    def read(self, name: str, rows: slice) -> Array:
        self.require(name)
        values: Array = self._columns[name].values[rows]
        return values

    def written(self, name: str, row: int) -> str | None:
        return self._columns[name].odd.get(row)

    def number_among_words(self, name: str) -> int | None:
        return self._columns[name].number_row

    def doubts(self, name: str) -> Iterator[DataProblem]:
        reading = self._columns[name]
        if reading.mixed is not None:
            text = Text.of(
                "{file}: at {place} the numbers of {column} have another unit than before it (% or a currency).",
                file=self._title,
                place=self.place(reading.mixed),
                column=name,
            )
            yield DataProblem("error", text, column=name, kind="units")
        if reading.example is not None:
            yield from self._example(name, reading, *reading.example)

    def _example(self, name: str, reading: tables.Reading, row: int, text: str, value: float) -> Iterator[DataProblem]:
        """How a number was read that Python would not read so, or that has two meanings."""
        if reading.other is None or np.isnan(reading.other) or (reading.sure and reading.mark == ","):
            note = Text.of(
                "{file}: “{text}” in {column} is read as {value}.",
                file=self._title,
                text=text,
                column=name,
                value=number_text(value),
            )
            yield DataProblem("note", note, column=name)
        elif reading.mark == ",":
            question = Text.of(
                "{file}: “{text}” in {column} at {place} may be {value} or {other}: write it in one way.",
                file=self._title,
                text=text,
                column=name,
                place=self.place(row),
                value=number_text(value),
                other=number_text(reading.other),
            )
            yield DataProblem("error", question, column=name, kind="mark", mend=self._mend(value, reading.decimal))
        elif not reading.sure or reading.decimal == ",":
            doubt = Text.of(
                "{file}: “{text}” in {column} at {place} is read as {value}, but may be {other}.",
                file=self._title,
                text=text,
                column=name,
                place=self.place(row),
                value=number_text(value),
                other=number_text(reading.other),
            )
            mend = self._mend(reading.other, "," if reading.decimal == "." else ".")
            yield DataProblem("warning", doubt, column=name, kind="mark", mend=mend)

    def _mend(self, value: float, decimal: str) -> ProposedMend:
        """Read the table with this decimal mark, by which the number is `value`."""
        text = Text("Read it as {value}", {"value": number_text(value)})
        return ProposedMend(text, (SettingChange("data", ("source", "options", "decimal"), decimal),))
