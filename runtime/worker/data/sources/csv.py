"""Tables as text: CSV, TSV and their like, small ones read as a whole, large ones block by block.

What is not given is found out: the delimiter from the first lines, a header from its words, the encoding from the bytes
(UTF-8 with or without its mark, UTF-16 with it, otherwise Korean CP949), the decimal mark from the numbers. Columns of
words become classes, dates seconds since 1970. How a table is read stands in `resources/python_code/in_scripts`:
exported scripts do the same. `options` are declared in `runtime/worker/data/tables/text_options.py`.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from resources.os_reasons import os_reason
from resources.plain import shown_name
from resources.python_code.parts import Constant, Loading
from resources.python_code.pieces import list_of, literal, quoted
from resources.python_code.shared import AS_NUMBERS, AS_WRITTEN, PLACES, READ_DATES, READ_TABLE
from resources.regular_files import open_regular, read_regular
from resources.text import Text
from runtime.data_kinds import DataKind, Recognised
from runtime.lazy import LazyModule
from runtime.python_code import data_file
from runtime.spec import DataSource
from runtime.worker.data.files import require_file
from runtime.worker.data.source import DataError, Source
from runtime.worker.data.tables.heads import LARGE, head_of
from runtime.worker.data.tables.large_text import open_large
from runtime.worker.data.tables.options import options_of, told_by_exporters, wrong_options
from runtime.worker.data.tables.small_text import SmallTable
from runtime.worker.data.tables.text_options import (
    OPTIONS,
    TextOptions,
    find_layout,
    first_encoding,
    text_options,
)

if TYPE_CHECKING:
    from resources.python_code.in_scripts import tables
else:
    tables = LazyModule("resources.python_code.in_scripts.tables")

KIND = DataKind("csv", Text("Table (CSV)"), (".csv", ".tsv", ".tab", ".txt"), options=OPTIONS, peeks=True)
_LARGE: Final = LARGE  # bytes, from which a table is read block by block
_LOOKED_AT: Final = 64 * 2**10
_SHOWN_ENCODING: Final = 40
_LOAD: Final = '''def load_data():
    """The columns that the model is trained on."""
    with open(DATA_FILE, "rb") as file:
        text = decoded(file.read(), ENCODING)
    table = read_table(
        text,
        DELIMITER or find_delimiter(text),
        HEADER,
        DECIMAL,
        quote=QUOTE,
        comment=COMMENT,
        missing=MISSING,
        order=DATES,
    )
    return {name: with_words(reading.values, reading.words) for name, reading in table.items()}
'''
_FOUND_OUT: Final = "None: found out from the text"


def recognise(path: Path) -> Recognised | None:
    try:
        with open_regular(path) as file:
            head = file.read(_LOOKED_AT + 1)
    except OSError:
        return None
    whole, options = len(head) <= _LOOKED_AT, text_options({setting.key: setting.default for setting in OPTIONS})
    if not head or (b"\0" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))):
        return None
    for encoding in dict.fromkeys((first_encoding(head, options), "cp949")):
        try:
            layout = find_layout(head[:_LOOKED_AT], options, encoding, whole=whole)
        except (UnicodeError, csv.Error):
            continue
        if layout is None:
            return None
        what = Text.of("a table of {count} columns", count=len(layout.names))
        known = path.suffix.lower() in KIND.suffixes
        if len(layout.names) == 1:
            return Recognised(0.3 if known else 0.1, what)
        return Recognised(0.9 if known and path.suffix.lower() != ".txt" else 0.6 if known else 0.3, what)
    return None


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    file = require_file(source.path)
    options = _options(source)
    try:
        if file.stat().st_size >= _LARGE:
            return open_large(file, options)
        return SmallTable(file.name, decode(read_regular(file, 2 * _LARGE), options.encoding, file.name), options)
    except (UnicodeError, LookupError) as error:
        raise _undecodable(options.encoding, file.name) from error
    except OSError as error:
        raise DataError(Text.of("{file} cannot be read: {reason}", file=file.name, reason=os_reason(error))) from error


def peek(source: DataSource) -> Source | None:
    """The first rows of a large table, read as if there were no others."""
    file, options = require_file(source.path), _options(source)
    try:
        head = head_of(file)
        if head is None:
            return None
        encoding = first_encoding(head, options)
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeError:
            text = head.decode("cp949")
    except (OSError, UnicodeError, LookupError):
        return None  # opening it says why
    return SmallTable(file.name, text[: text.rfind("\n") + 1], options)


def source_code(source: DataSource, _columns: Sequence[str]) -> Loading:
    """Raises SourceError."""
    with told_by_exporters():
        options = _options(source)
    constants = (
        data_file(source),
        Constant("DELIMITER", literal(options.delimiter), behind=_FOUND_OUT),
        Constant("HEADER", literal(options.header), behind=_FOUND_OUT),
        Constant("ENCODING", literal(options.encoding), behind=_FOUND_OUT),
        Constant("DECIMAL", literal(options.decimal), behind=_FOUND_OUT),
        Constant("QUOTE", literal(options.quote)),
        Constant("COMMENT", literal(options.comment)),
        Constant("MISSING", list_of(map(quoted, sorted(options.missing)))),
        Constant("DATES", literal(options.dates)),
    )
    return Loading((), constants, (PLACES, AS_NUMBERS, READ_DATES, AS_WRITTEN, READ_TABLE, _LOAD))


def _options(source: DataSource) -> TextOptions:
    """Raises DataError."""
    options = text_options(options_of(KIND, source))
    if options.delimiter and (len(options.delimiter) > 1 or options.delimiter in '\r\n"'):
        raise wrong_options(source, Text("a delimiter is one character, and no line break or quote."))
    return options


def decode(data: bytes, encoding: str | None, file: str) -> str:
    """The text of a file. Raises DataError."""
    try:
        return tables.decoded(data, encoding)
    except (ValueError, LookupError) as error:  # codecs raise more than UnicodeDecodeError
        raise _undecodable(encoding, file) from error


def _undecodable(encoding: str | None, file: str) -> DataError:
    if encoding:
        shown = shown_name(encoding, _SHOWN_ENCODING)
        return DataError(
            Text.of("{file} cannot be read as text in the encoding {encoding}.", file=file, encoding=shown)
        )
    return DataError(Text("{file} is no text in UTF-8 or CP949.", {"file": file}))
