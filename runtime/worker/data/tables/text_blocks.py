"""A large table as text, cut into blocks of whole rows whose columns are arrays of texts.

What is plain is cut by pyarrow; quotes that stand where none belong, and what else it may read otherwise than Python's
csv, are left to that: PlainTextError says so.
"""

from __future__ import annotations

import codecs
import csv
import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from resources.regular_files import open_regular
from resources.text import Text
from runtime.lazy import LazyModule
from runtime.worker.data.source import Array, DataError
from runtime.worker.data.tables.text_options import Layout, TextOptions

if TYPE_CHECKING:
    import numpy as np

    from resources.python_code.in_scripts import tables
else:
    np = LazyModule("numpy")
    tables = LazyModule("resources.python_code.in_scripts.tables")

CHUNK: Final = 8 * 2**20  # bytes
_COLUMNS: Final = 2500  # of which a block holds as many rows as one needs, so that a column costs little more than they
_LARGEST: Final = 4  # times as many bytes for wider tables
_LONGEST_ROW: Final = 256 * 2**20
_ROWS: Final = 20_000  # in a block that Python cuts
_NEWLINE: Final = 10
_RETURN: Final = 13


class PlainTextError(Exception):
    """The text has quotes in places where readers differ."""


@dataclass(frozen=True, slots=True)
class Block:
    """`columns` by their places: arrays of Arrow of texts, null where a field is empty. `hex`: 0x stands somewhere.

    `lines` has the line that each row ends in; None: each row is a line, the first one `first_line`.
    `behind` is how many bytes of the file have been read for it and all before.
    """

    columns: dict[int, Any]
    rows: int
    first_line: int
    lines: Array | None
    hex: bool = False
    behind: int = 0


@dataclass(slots=True)
class Settled:
    """Columns that hold numbers with this decimal mark, for all that is known: they may come as float64.

    Whoever takes the blocks says it between them; another thread cuts by it. `is_off`: it was wrong once, which costs.
    """

    mark: str = "."
    places: frozenset[int] = frozenset()
    is_off: bool = False


def blocks(
    path: Path, layout: Layout, options: TextOptions, chosen: Sequence[int], settled: Settled, *, plain: bool
) -> Iterator[Block]:
    """Raises DataError, PlainTextError, UnicodeDecodeError, OSError, csv.Error."""
    chosen = list(chosen)
    yield from _by_arrow(path, layout, options, chosen, settled) if plain else _by_python(path, layout, options, chosen)


def _chunk(layout: Layout) -> int:
    return CHUNK * max(1, min(_LARGEST, len(layout.names) // _COLUMNS))


class _Texts:
    """The file in pieces, as UTF-8; `behind` is how much of it has been read. Raises UnicodeDecodeError, OSError."""

    def __init__(self, path: Path, encoding: str, size: int) -> None:
        self.behind = 0
        self._path, self._encoding, self._size = path, encoding, size

    def __iter__(self) -> Iterator[bytes]:
        plain = self._encoding == "utf-8-sig"
        decoder = None if plain else codecs.getincrementaldecoder(self._encoding)()
        with open_regular(self._path) as file:
            while piece := file.read(self._size):
                first = self.behind == 0
                self.behind += len(piece)
                if decoder is not None:
                    piece = decoder.decode(piece).encode("utf-8")
                elif first:
                    piece = piece.removeprefix(codecs.BOM_UTF8)
                yield piece
            if decoder is not None:
                yield decoder.decode(b"", final=True).encode("utf-8")


def _by_arrow(path: Path, layout: Layout, options: TextOptions, chosen: list[int], settled: Settled) -> Iterator[Block]:
    line, skip = 1, layout.named
    pieces = _Texts(path, layout.encoding, _chunk(layout))
    for text in _whole_rows(iter(pieces), options):
        if b"\0" in text:
            raise DataError(Text("{file} is no table: it holds bytes that are no text.", {"file": path.name}))
        ends = _line_ends(text)
        block = _parsed(text, path.name, layout, options, chosen, line, ends, settled, skip=skip)
        line += ends
        if block is None:
            continue
        skip = False
        if block.rows:
            yield replace(block, behind=pieces.behind)


def _line_ends(text: bytes) -> int:
    lines = text.count(b"\n")
    return lines + text.count(b"\r") - text.count(b"\r\n") if b"\r" in text else lines


def _whole_rows(pieces: Iterator[bytes], options: TextOptions) -> Iterator[bytes]:
    """The text in pieces that end where a row ends. Raises PlainTextError, DataError."""
    rest = b""
    for piece in pieces:
        text = rest + piece if rest else piece
        end = _last_end(text, options.quote)
        if end:
            yield text[:end]
        rest = text[end:]
        if len(rest) > _LONGEST_ROW:
            raise PlainTextError
    if rest:
        if options.quote and len(_quotes(rest, options.quote)) % 2:
            raise PlainTextError
        yield rest


def _quotes(text: bytes, quote: str) -> Array:
    if quote.encode() not in text:
        return np.zeros(0, np.int64)
    return np.flatnonzero(np.frombuffer(text, np.uint8) == ord(quote))


def _last_end(text: bytes, quote: str | None) -> int:
    """Behind the last line end outside of quotes; 0 where there is none."""
    ends = b"\n" if b"\n" in text else b"\r"
    quotes = _quotes(text, quote) if quote else np.zeros(0, np.int64)
    end = text.rfind(ends, 0, len(text) - (ends == b"\r"))  # behind a last \r may come its \n
    while end >= 0 and (before := int(np.searchsorted(quotes, end))) % 2:
        end = text.rfind(ends, 0, int(quotes[before - 1]))
    return end + 1


def _require_plain_quotes(text: bytes, quotes: Array, delimiter: str) -> None:
    """Each opening quote begins a field, each closing one ends it. Raises PlainTextError."""
    if len(quotes) == 0:
        return
    signs = np.frombuffer(text, np.uint8)
    opening, closing = quotes[::2], quotes[1::2]
    if len(opening) != len(closing):
        raise PlainTextError
    ends = np.array([_NEWLINE, _RETURN, ord(delimiter)])
    before = signs[np.maximum(opening - 1, 0)]
    doubled = np.zeros(len(opening), bool)  # a quote within quotes is written twice
    doubled[1:] = opening[1:] == closing[:-1] + 1
    after = signs[np.minimum(closing + 1, len(signs) - 1)]
    goes_on = np.append(doubled[1:], False)
    begins = np.isin(before, ends) | (opening == 0) | doubled
    stops = np.isin(after, ends) | (closing == len(signs) - 1) | goes_on
    if not (begins.all() and stops.all()):
        raise PlainTextError


def _parsed(
    text: bytes,
    file: str,
    layout: Layout,
    options: TextOptions,
    chosen: list[int],
    line: int,
    ends: int,
    settled: Settled,
    *,
    skip: bool,
) -> Block | None:
    """None where there are no rows at all, so that the header is still to come. Raises DataError, PlainTextError."""
    import pyarrow as pa

    quotes = _quotes(text, options.quote) if options.quote else np.zeros(0, np.int64)
    if not layout.delimiter.isascii() or (len(quotes) and options.comment) or text.startswith(codecs.BOM_UTF8):
        raise PlainTextError  # Arrow takes that mark for the beginning of a file
    _require_plain_quotes(text, quotes, layout.delimiter)
    if options.comment:
        text = _without_comments(text, options.comment.encode())
    mark = layout.delimiter.encode()
    spaces = mark != b" " and (mark + b" " in text or b"\n " in text or text.startswith(b" "))
    names = [str(place) for place in range(len(layout.names))]
    places = frozenset[int]() if settled.is_off or skip else settled.places
    try:
        try:
            table = _cut(text, names, layout, options, places, settled.mark, quoted=len(quotes) > 0)
        except pa.ArrowInvalid:
            if not places:
                raise
            settled.is_off = True
            table = _cut(text, names, layout, options, frozenset(), ".", quoted=len(quotes) > 0)
    except pa.ArrowInvalid as error:
        if "UTF8" in str(error):
            text.decode("utf-8")  # which says where
        raise _reason(text, file, layout, options, line) from error
    columns = [_field(column, spaces) if n not in places else _whole(column) for n, column in enumerate(table.columns)]
    given = _rows_with_fields(columns)
    lines = None
    if table.num_rows != ends + (not text.endswith((b"\n", b"\r"))):
        lines = _row_ends(text, quotes, line)
        if len(lines) != table.num_rows:
            raise PlainTextError
    first_line = line
    if given is not None:
        if lines is None:
            lines = np.arange(line, line + table.num_rows)
        lines = lines[given]
        columns = [column.filter(pa.array(given)) for column in columns]
    count = len(columns[0])
    if count == 0:
        return None
    if skip:
        columns = [column.slice(1) for column in columns]
        lines = None if lines is None else lines[1:]
        first_line, count = line + 1, count - 1
    kept = {place: _without(columns[place], options.missing) for place in chosen}
    return Block(kept, count, first_line, lines, b"0x" in text or b"0X" in text)


def _cut(
    text: bytes,
    names: list[str],
    layout: Layout,
    options: TextOptions,
    places: Collection[int],
    mark: str,
    *,
    quoted: bool,
) -> Any:
    """Columns of texts, and of float64 at `places`. Raises ArrowInvalid."""
    import pyarrow as pa
    import pyarrow.csv

    kinds = {name: pa.float64() if place in places else pa.string() for place, name in enumerate(names)}
    return pyarrow.csv.read_csv(
        pa.py_buffer(text),
        pyarrow.csv.ReadOptions(column_names=names, block_size=max(len(text) + 1, 16), use_threads=True),
        pyarrow.csv.ParseOptions(
            delimiter=layout.delimiter, quote_char=options.quote or False, newlines_in_values=quoted
        ),
        pyarrow.csv.ConvertOptions(
            column_types=kinds,
            include_columns=names,
            null_values=[""],
            strings_can_be_null=True,
            decimal_point=mark,
        ),
    )


def _whole(column: Any) -> Any:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def _without_comments(text: bytes, mark: bytes) -> bytes:
    return re.sub(rb"(?m)^" + re.escape(mark) + rb"[^\r\n]*", b"", text)


def _field(column: Any, spaces: bool) -> Any:
    """Spaces before a field do not count."""
    import pyarrow.compute as pc

    array = _whole(column)
    if not spaces:
        return array
    array = pc.utf8_ltrim(array, " ")
    return pc.if_else(pc.equal(array, ""), None, array)


def _without(fields: Any, missing: Collection[str]) -> Any:
    """Null where a word stands that means no value."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not missing:
        return fields
    absent = pc.is_in(pc.utf8_trim_whitespace(fields), value_set=pa.array(sorted(missing)))
    return pc.if_else(absent, None, fields)


def _rows_with_fields(columns: Sequence[Any]) -> Array | None:
    """Which rows have a field that is not empty; None: all."""
    empty = None
    for column in columns:
        if column.null_count == 0:
            return None
        found = column.is_null().to_numpy(zero_copy_only=False)
        empty = found if empty is None else empty & found
        if not empty.any():
            return None
    return None if empty is None else ~empty


def _row_ends(text: bytes, quotes: Array, first_line: int) -> Array:
    """The line that each row ends in. Lines that are empty are no rows."""
    signs = np.frombuffer(text + b"\n", np.uint8)
    ends = np.flatnonzero(signs == _NEWLINE)
    if b"\r" in text:
        returns = np.flatnonzero(signs == _RETURN)
        ends = np.union1d(ends, returns[signs[returns + 1] != _NEWLINE])
    lines = np.arange(first_line, first_line + len(ends))
    outside = np.searchsorted(quotes, ends) % 2 == 0
    ends, lines = ends[outside], lines[outside]
    lengths = np.diff(ends, prepend=-1) - 1
    lengths -= (signs[ends] == _NEWLINE) & (lengths > 0) & (signs[np.maximum(ends - 1, 0)] == _RETURN)
    rows: Array = lines[lengths > 0]
    return rows


def _reason(text: bytes, file: str, layout: Layout, options: TextOptions, line: int) -> Exception:
    """Why Arrow could not cut the text: another width of a row, by Python's csv, which knows the line."""
    lines = tables.reader_of(text.decode("utf-8", "replace"), layout.delimiter, options.quote, options.comment)
    try:
        for row in filter(any, lines):
            if len(row) != len(layout.names):
                return other_width(file, line + lines.line_num - 1, len(row), len(layout.names))
    except csv.Error:
        pass
    return PlainTextError()


def other_width(file: str, line: int, count: int, expected: int) -> DataError:
    return DataError(
        Text.of(
            "{file}, line {line}: {count} fields instead of {expected}.",
            file=file,
            line=line,
            count=count,
            expected=expected,
        )
    )


def is_open(last: Sequence[str], end: str, quote: str | None) -> bool:
    """Whether the last field of a table goes on to its end because a quote in it is not closed."""
    return bool(quote) and "\n" in last[-1] and not end.rstrip().endswith(quote or "")


def open_quote(file: str, line: int) -> DataError:
    return DataError(Text.of("{file}, line {line}: a quote begins that does not end.", file=file, line=line))


def too_long(file: str, line: int, error: csv.Error) -> DataError:
    text = Text.of(
        "{file}, line {line}: a field is longer than {limit} characters, or does not end.",
        file=file,
        line=line,
        limit=f"{csv.field_size_limit():,}",
    )
    return DataError(text, str(error))


def _by_python(path: Path, layout: Layout, options: TextOptions, chosen: list[int]) -> Iterator[Block]:
    """Slow, and right for whatever people write."""
    import pyarrow as pa

    end, pieces = "", _Texts(path, layout.encoding, CHUNK)

    def lines_of_text() -> Iterator[str]:
        nonlocal end
        for line in _lines(path.name, pieces):
            end = line
            yield line

    reader = tables.rows_of(lines_of_text(), layout.delimiter, options.quote, options.comment)
    ended, width = list[int](), len(layout.names)

    def rows() -> Iterator[list[str]]:
        row, before, last = [""], 0, 0
        try:
            for row in filter(any, reader):
                if len(row) != width:
                    raise other_width(path.name, reader.line_num, len(row), width)
                before, last = last, reader.line_num
                ended.append(last)
                yield row
            if is_open(row, end, options.quote):
                raise open_quote(path.name, before + 1)
        except csv.Error as error:
            raise too_long(path.name, reader.line_num, error) from error

    left = rows()
    if layout.named:
        next(left, None)
        ended.clear()
    while part := list(itertools.islice(left, _ROWS)):
        columns = list(zip(*part, strict=True))
        texts = {place: pa.array([field or None for field in columns[place]], pa.string()) for place in chosen}
        kept = {place: _without(fields, options.missing) for place, fields in texts.items()}
        lines = np.array(ended, np.int64)
        ended.clear()
        yield Block(kept, len(part), int(lines[0]), lines, hex=True, behind=pieces.behind)


def _lines(file: str, pieces: _Texts) -> Iterator[str]:
    """Raises DataError, UnicodeDecodeError, OSError."""
    decoder, rest = codecs.getincrementaldecoder("utf-8")(), ""
    for piece in itertools.chain(pieces, [b""]):
        if b"\0" in piece:
            raise DataError(Text("{file} is no table: it holds bytes that are no text.", {"file": file}))
        text = rest + decoder.decode(piece, final=not piece)
        lines = [found[0] for found in tables.LINE.finditer(text)]
        rest = lines.pop() if lines and piece else ""  # its end may be in the next piece
        yield from lines
