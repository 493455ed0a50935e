"""Lines of JSON: each line is an object, whose keys are columns. A key that a line does not have is a missing value.

Lists and objects inside are left out, and that is said. No options.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import msgspec

from resources.os_reasons import os_reason
from resources.plain import shown_name
from resources.python_code.parts import Constant, Loading
from resources.python_code.pieces import list_of, quoted
from resources.python_code.shared import AS_NUMBERS, PLACES, READ_CELLS, READ_DATES
from resources.regular_files import open_regular
from resources.text import Text
from runtime.data_kinds import DataKind, Recognised
from runtime.lazy import LazyModule
from runtime.python_code import data_file
from runtime.spec import DataSource
from runtime.worker.data.files import require_file
from runtime.worker.data.source import DataError, Source
from runtime.worker.data.tables.cells_source import CellColumns, CellsSource
from runtime.worker.data.tables.heads import LARGE, head_of
from runtime.worker.data.tables.large_cells import CellBlock, Cells, open_large_cells
from runtime.worker.process.waiting import got_on

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

KIND = DataKind("jsonl", Text("Lines of JSON"), (".jsonl", ".ndjson"), peeks=True)
_PIECE: Final = 4 * 2**20  # bytes that are read at once
_LONGEST: Final = 16 * 2**20  # bytes of a line
_TOO_LONG: Final = Text("the line is longer than {limit} MB", {"limit": _LONGEST >> 20})
_MOST_COLUMNS: Final = 50_000
_SPARSE_CELLS, _SPARSEST = 20_000_000, 200  # of more cells than that, at least one in so many has to have a value
_DECODER: Final = msgspec.json.Decoder()
_LOOKED_AT: Final = 64 * 2**10  # bytes
_LOAD: Final = '''def load_data():
    """The columns that the model is trained on."""
    with open(DATA_FILE, encoding="utf-8-sig") as file:
        rows = [json.loads(line) for line in file if line.strip()]
    return {name: cells_column([row.get(name) for row in rows]) for name in COLUMNS}
'''


def recognise(path: Path) -> Recognised | None:
    try:
        with open_regular(path) as file:
            first = next((line for line in iter(lambda: file.readline(_LOOKED_AT), b"") if line.strip()), b"")
    except OSError:
        return None
    try:
        row = msgspec.json.decode(first.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
    if not isinstance(row, dict) or not row:
        return None
    return Recognised(0.9, Text("lines of JSON with {count} keys", {"count": len(row)}))


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    path = require_file(source.path)
    try:
        if path.stat().st_size >= LARGE:
            return open_large_cells(Cells(path, KIND.key, partial(_cells, path), _place, _empty(path.name)))
        with open_regular(path) as file:
            return _table(file, path.name)
    except OSError as error:
        raise DataError(Text.of("{file} cannot be read: {reason}", file=path.name, reason=os_reason(error))) from error


def peek(source: DataSource) -> Source | None:
    """The first lines of a large file, read as if there were no others."""
    path = require_file(source.path)
    try:
        head = head_of(path)
    except OSError:
        return None  # opening it says why
    return None if head is None else _table(io.BytesIO(head), path.name)


def _table(file: BinaryIO, title: str) -> Source:
    """Raises DataError, OSError."""
    found, lines = CellColumns(title), list[int]()
    for block in _blocks(file, title):
        found.add(block.columns, block.rows)
        lines += range(block.first, block.first + block.rows) if block.lines is None else block.lines.tolist()
    if not lines:
        raise DataError(_empty(title))
    return CellsSource(title, found, lambda row: _place(lines[row]))


def _place(line: int) -> Text:
    return Text("line {line}", {"line": line})


def _empty(file: str) -> Text:
    return Text("{file} is empty.", {"file": file})


def _cells(path: Path, chosen: Sequence[str] | None, again: bool) -> Iterator[CellBlock]:
    with open_regular(path) as file:
        yield from _blocks(file, path.name, chosen, again=again)


def _blocks(
    file: BinaryIO, title: str, chosen: Sequence[str] | None = None, *, again: bool = False
) -> Iterator[CellBlock]:
    """The rows, of all keys or of the chosen ones. Raises DataError, OSError."""
    size, number, known, given, count = file.seek(0, 2), 1, set[str](), 0, 0
    file.seek(0)
    for text in _whole_lines(file, title):
        got_on(file.tell(), size, "bytes", again=again)
        rows, lines = _decoded(text, title, number)
        if rows:
            names = chosen or _names(rows)
            known.update(names)
            if len(known) > _MOST_COLUMNS:
                raise DataError(Text("{file} has more than {count} keys.", {"file": title, "count": _MOST_COLUMNS}))
            count, given = count + len(rows), given + sum(map(len, rows))
            if not chosen and given * _SPARSEST < count * len(known) > _SPARSE_CELLS:
                raise _no_table(title, count, len(known))
            columns = {name: [row.get(name) for row in rows] for name in names}
            yield CellBlock(columns, len(rows), number, lines)
        number += text.count(b"\n")


def _no_table(file: str, rows: int, keys: int) -> DataError:
    return DataError(
        Text.of(
            "{file}: its {rows} lines have {keys} different keys, and hardly any of them in common: it is no table.",
            file=file,
            rows=f"{rows:,}",
            keys=f"{keys:,}",
        )
    )


def _whole_lines(file: BinaryIO, title: str) -> Iterator[bytes]:
    """The file in pieces that end with a line. Raises DataError, OSError."""
    rest, number = b"", 1
    while piece := file.read(_PIECE):
        text = rest + piece
        end = text.rfind(b"\n") + 1
        rest = text[end:]
        if len(rest) > _LONGEST:
            raise _wrong(title, number + text.count(b"\n"), _TOO_LONG)
        if end:
            yield text[:end].removeprefix(codecs.BOM_UTF8) if number == 1 else text[:end]
            number += text.count(b"\n", 0, end)
    if rest:
        yield rest.removeprefix(codecs.BOM_UTF8) if number == 1 else rest


def _decoded(text: bytes, title: str, number: int) -> tuple[list[dict[str, Any]], Any]:
    """The rows of lines from `number` on, and their lines where some are empty (otherwise None). Raises DataError."""
    try:
        rows = _DECODER.decode_lines(text)
        if len(rows) == text.count(b"\n") + (not text.endswith(b"\n")) and set(map(type, rows)) == {dict}:
            return rows, None
    except (RecursionError, msgspec.DecodeError, UnicodeDecodeError):
        pass  # line by line, which says where
    rows, lines = [], []
    for line in text.split(b"\n"):
        if line.strip():
            rows.append(_row(line, title, number))
            lines.append(number)
        number += 1
    return rows, np.array(lines, np.int64)


def _row(line: bytes, title: str, number: int) -> dict[str, Any]:
    """Raises DataError."""
    if len(line) > _LONGEST:
        raise _wrong(title, number, _TOO_LONG)
    try:
        row = _DECODER.decode(line)
    except RecursionError as error:
        raise _wrong(title, number, Text("it is nested too deeply")) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        reason = Text("it is no JSON ({reason})", {"reason": shown_name(str(error))})
        raise _wrong(title, number, reason) from error
    if not isinstance(row, dict):
        raise _wrong(title, number, Text("it is no object with names and values"))
    return row


def _names(rows: list[dict[str, Any]]) -> list[str]:
    first = rows[0].keys()
    if all(row.keys() == first for row in rows):
        return list(first)
    return list(dict.fromkeys(name for row in rows for name in row))


def _wrong(file: str, line: int, reason: Text) -> DataError:
    return DataError(Text.of("{file}, line {line}: {reason}.", file=file, line=line, reason=reason))


def source_code(source: DataSource, columns: Sequence[str]) -> Loading:
    constants = (data_file(source), Constant("COLUMNS", list_of(map(quoted, columns))))
    return Loading((), constants, (PLACES, AS_NUMBERS, READ_DATES, READ_CELLS, _LOAD))
