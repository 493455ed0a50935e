"""Tables as text. `options` (all optional): {"delimiter": ";", "header": true, "encoding": "cp949"}.

What is not given is found out: the delimiter from the first lines, a header from its words, the encoding from the bytes
(UTF-8 with or without its mark, UTF-16 with it, otherwise Korean CP949). Columns of words become classes.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from resources.python_code.parts import Constant, Loading
from resources.python_code.pieces import SourceError, literal, quoted
from resources.regular_files import FileTooLargeError, read_regular
from resources.text import Facts, Text
from runtime.data_kinds import DataKind
from runtime.lazy import LazyModule
from runtime.python_code import AS_NUMBERS, IMPORT_NUMPY, data_file
from runtime.spec import DataSource
from runtime.worker.data.source import Array, DataError, Source, require_file, words_to_ids

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

KIND = DataKind("csv", Text("Table (CSV)"), (".csv", ".tsv", ".txt"))
_LARGEST: Final = 2 * 2**30  # bytes; parsed text takes several times the room of the file
_SNIFFED_LINES: Final = 50
_DELIMITERS: Final = (",", ";", "\t", "|")
_LOAD: Final = '''def load_data():
    """The columns that the model is trained on; a column is numbers if all its fields are."""
    with open(DATA_FILE, newline="", encoding=ENCODING) as file:
        text = file.read()
    delimiter = DELIMITER or csv.Sniffer().sniff(text[:10000], ",;\\t|").delimiter
    rows = [row for row in csv.reader(text.splitlines(), delimiter=delimiter) if any(row)]
    if HEADER:
        names = [field.strip() for field in rows.pop(0)]
    else:
        names = [f"column_{number + 1}" for number in range(len(rows[0]))]
    columns = {}
    for name, fields in zip(names, zip(*rows)):
        try:
            columns[name] = np.array([float(field) for field in fields])
        except ValueError:
            columns[name] = as_numbers([field.strip() for field in fields])
    return columns
'''
_MISSING: Final = frozenset({"", "na", "n/a", "nan", "null", "none", "?"})


class CsvOptions(msgspec.Struct, frozen=True):
    delimiter: str | None = None
    header: bool | None = None
    encoding: str | None = None


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    file = require_file(source.path)
    options = _options(source)
    try:
        text = decode(read_regular(file, _LARGEST), options.encoding, file.name)
    except FileTooLargeError as error:
        raise DataError(Text("{file} is larger than 2 GB: store it as HDF5.", {"file": file.name})) from error
    except OSError as error:
        raise DataError(Text("{file} cannot be read: {reason}", _facts(file.name, error.strerror or ""))) from error
    return CsvSource(file.name, text, options)


def source_code(source: DataSource, _columns: Sequence[str]) -> Loading:
    """Raises SourceError."""
    try:
        options = _options(source)
    except DataError as error:
        raise SourceError(error.text) from error
    constants = (
        data_file(source),
        Constant("DELIMITER", literal(options.delimiter), behind="None: found out from the text"),
        Constant("HEADER", literal(options.header is not False)),
        Constant("ENCODING", quoted(options.encoding or "utf-8-sig")),
    )
    return Loading(("import csv", IMPORT_NUMPY), constants, (AS_NUMBERS, _LOAD))


def _options(source: DataSource) -> CsvOptions:
    try:
        return msgspec.convert(source.options, CsvOptions)
    except (msgspec.ValidationError, OverflowError, UnicodeError) as error:
        facts = _facts(Path(source.path).name, str(error))
        raise DataError(Text("The options of {file} are wrong: {reason}", facts)) from error


def _facts(file: str, reason: str) -> Facts:
    return {"file": file, "reason": reason}


def decode(data: bytes, encoding: str | None, file: str) -> str:
    """The text of a file. Raises DataError."""
    if encoding is None and data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    for candidate in (encoding,) if encoding else ("utf-8-sig", "cp949"):
        try:
            return data.decode(candidate)
        except (UnicodeDecodeError, LookupError):
            continue
    raise DataError(Text("{file} is no text in UTF-8 or CP949.", {"file": file}))


class CsvSource(Source):
    def __init__(self, title: str, text: str, options: CsvOptions) -> None:
        """Raises DataError for a table whose lines have different numbers of fields, or that has none."""
        self._title = title
        if "\0" in text:
            raise DataError(Text("{file} is no table: it holds bytes that are no text.", {"file": title}))
        self._delimiter = options.delimiter or find_delimiter(text)
        rows, lines = self._parse(text)
        has_header = looks_like_header(rows) if options.header is None else options.header
        names = column_names(rows[0]) if has_header else tuple(f"column_{i + 1}" for i in range(len(rows[0])))
        if has_header:
            rows, lines = rows[1:], lines[1:]
        if not rows:
            raise DataError(Text("{file} has a header, but no rows.", {"file": title}))
        self._lines = np.array(lines)
        self._columns: dict[str, Array] = {}
        self._words: dict[str, tuple[str, ...]] = {}
        for name, fields in zip(names, zip(*rows, strict=True), strict=True):
            self._add(name, fields)

    def _parse(self, text: str) -> tuple[list[list[str]], list[int]]:
        """Rows of fields, and the line each row ends in, counted from 1."""
        rows, lines = [], []
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter, skipinitialspace=True)
        try:
            for row in reader:
                if any(row):
                    rows.append(row)
                    lines.append(reader.line_num)
        except csv.Error as error:
            where = Text.of("{file}, line {line}: a field does not end.", file=self._title, line=reader.line_num)
            raise DataError(where, str(error)) from error
        if not rows:
            raise DataError(Text("{file} is empty.", {"file": self._title}))
        for row, line in zip(rows, lines, strict=True):
            if len(row) != len(rows[0]):
                raise DataError(
                    Text.of(
                        "{file}, line {line}: {count} fields instead of {expected}.",
                        file=self._title,
                        line=line,
                        count=len(row),
                        expected=len(rows[0]),
                    )
                )
        return rows, lines

    def _add(self, name: str, fields: Sequence[str]) -> None:
        numbers = to_numbers(fields, decimal_comma=self._delimiter == ";")
        if numbers is None:
            self._columns[name], self._words[name] = words_to_ids(np.array([field.strip() for field in fields]))
        else:
            self._columns[name] = numbers

    @property
    def title(self) -> str:
        return self._title

    def names(self) -> tuple[str, ...]:
        return tuple(self._columns)

    def shape(self, name: str) -> tuple[int, ...]:
        return self._columns[name].shape

    def dtype(self, name: str) -> np.dtype[Any]:
        return self._columns[name].dtype

    def categories(self, name: str) -> tuple[str, ...]:
        return self._words.get(name, ())

    def place(self, row: int) -> Text:
        return Text("line {line}", {"line": int(self._lines[row])})

    def read(self, name: str, rows: slice) -> Array:
        self.require(name)
        return self._columns[name][rows]


def find_delimiter(text: str) -> str:
    """The delimiter that cuts most of the first lines into the same number of fields, and into most fields."""
    lines = text[: 2**20].splitlines()[:_SNIFFED_LINES]

    def score(delimiter: str) -> tuple[float, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        if not widths or max(widths) == 1:
            return (0.0, 0)
        usual = max(set(widths), key=widths.count)
        return (widths.count(usual) / len(widths), usual) if usual > 1 else (0.0, 0)

    return max(_DELIMITERS, key=score)


def looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: words above numbers, or words that are all different above words."""
    first = [field.strip() for field in rows[0]]
    if any(is_number(field) for field in first) or not any(first):
        return False
    if len(rows) == 1 or any(is_number(field) for field in rows[1]):
        return True
    return len(set(first)) == len(first) and first != [field.strip() for field in rows[1]]


def column_names(header: Sequence[str]) -> tuple[str, ...]:
    """Every name once: "x", "x_2"; a column without a name is called by its number."""
    names: list[str] = []
    for index, field in enumerate(header):
        base = field.strip() or f"column_{index + 1}"
        name, count = base, 2
        while name in names:
            name, count = f"{base}_{count}", count + 1
        names.append(name)
    return tuple(names)


def is_number(field: str) -> bool:
    try:
        number = float(field.replace(",", "."))
    except ValueError:
        return False
    return number == number and "_" not in field  # "nan" is a word for what is missing


def to_numbers(fields: Sequence[str], *, decimal_comma: bool) -> Array | None:
    """int64, or float64 with NaN for what is missing; None for a column of words."""
    cleaned = [field.strip() for field in fields]
    if any("_" in field for field in cleaned):  # Python reads 1_000 as a number, people's tables do not mean it
        return None
    present = [field for field in cleaned if field.lower() not in _MISSING]
    if not present:
        return np.full(len(cleaned), np.nan)
    if len(present) == len(cleaned):
        try:
            return np.array([int(field) for field in cleaned], dtype=np.int64)
        except (ValueError, OverflowError):
            pass  # not all of them are whole numbers
    for comma in (False, True) if decimal_comma else (False,):
        try:
            return np.array([_float(field, comma) for field in cleaned], dtype=np.float64)
        except ValueError:
            continue
    return None


def _float(field: str, comma: bool) -> float:
    if field.lower() in _MISSING:
        return float("nan")
    return float(field.replace(",", ".") if comma else field)
