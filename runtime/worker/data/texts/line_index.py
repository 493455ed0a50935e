"""Where the lines of a large file lie, found in one pass: every 16th is kept, so that the index stays small."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from resources.text import Text
from runtime.lazy import LazyModule
from runtime.worker.data.source import Array, DataError
from runtime.worker.process.waiting import got_on

if TYPE_CHECKING:
    import numpy as np

    from resources.python_code.in_scripts import texts
else:
    np = LazyModule("numpy")
    texts = LazyModule("resources.python_code.in_scripts.texts")

STRIDE: Final = 16
_CHUNK: Final = 8 * 2**20
LONGEST: Final = 64 * 2**20  # bytes of a line
_NEWLINE, _RETURN = 10, 13


@dataclass
class LineIndex:
    """`offsets` and `lines` (from 1) of each 16th sample; `end` is where the last one ends.

    `bad` has why samples cannot be decoded, by their rows. `labels` are those of all samples as places in `words`.
    `empty`: so many lines were left out, the first of which is `first_empty`.
    """

    encoding: str
    count: int = 0
    end: int = 0
    offsets: Array = field(default_factory=lambda: np.zeros(0, np.int64))
    lines: Array = field(default_factory=lambda: np.zeros(0, np.int64))
    bad: dict[int, str] = field(default_factory=dict)
    skipped: list[int] = field(default_factory=list)  # lines that cannot be decoded and are no samples
    labels: Array | None = None
    words: list[str] = field(default_factory=list)
    empty: int = 0
    first_empty: int = 0


class Rules:
    """Which lines are samples: one place says so, for the index and for reading."""

    def __init__(self, layout: str, *, keep_empty: bool, skip: bool) -> None:
        self.layout, self.keep_empty, self.skip = layout, keep_empty, skip

    def kept(self, lines: list[bytes], encoding: str) -> list[tuple[int, bytes]]:
        """Places and contents of the lines that are samples."""
        found = ((place, line.removesuffix(b"\r")) for place, line in enumerate(lines))
        found = ((place, line) for place, line in found if line or self.keep_empty)
        if not self.skip:
            return list(found)
        return [(place, line) for place, line in found if decode_error(line, encoding) is None]


def decode_error(line: bytes, encoding: str) -> UnicodeError | None:
    try:
        line.decode(encoding)
    except UnicodeError as error:
        return error
    return None


class Indexer:
    """Goes through a file once. Raises DataError for what is no text."""

    def __init__(self, title: str, rules: Rules, encoding: str, *, certain: bool) -> None:
        """`certain`: the encoding is given, not guessed."""
        self._title, self._rules, self._certain = title, rules, certain
        self._index = LineIndex(encoding)
        self._offsets: list[Array] = []
        self._numbers: list[Array] = []
        self._labels: list[Array] = []
        self._words: dict[bytes, int] = {}
        self._line = 1  # the first of the chunk

    def read(self, stream: BinaryIO, start: int) -> LineIndex:
        """From the byte `start` on."""
        size = stream.seek(0, 2)
        stream.seek(start)
        for offset, data in _whole_lines(stream, start, self._too_long):
            got_on(offset, size, "bytes")
            self._add(offset, data)
            self._index.end = offset + len(data)
        index = self._index
        index.offsets = np.concatenate(self._offsets) if self._offsets else index.offsets
        index.lines = np.concatenate(self._numbers) if self._numbers else index.lines
        if self._rules.layout != "texts":
            index.labels = np.concatenate(self._labels) if self._labels else np.zeros(0, np.int64)
            index.words = [word.decode(index.encoding, "replace") for word in self._words]
        return index

    def _too_long(self) -> DataError:
        return DataError(Text.of("{file}: a line is longer than {limit} MB.", file=self._title, limit=LONGEST >> 20))

    def _add(self, offset: int, data: bytes) -> None:
        if b"\0" in data:
            raise DataError(Text.of("{file} is no text.", file=self._title))
        plain = self._decodes(data)
        lines = data.count(b"\n") + (not data.endswith(b"\n"))
        if plain and self._rules.layout == "texts":
            starts, places = _by_numpy(data, keep_empty=self._rules.keep_empty)
            self._empty(lines - len(starts), lambda: _first_gap(places))
        else:
            starts, places = self._one_by_one(data, plain)
        first = -self._index.count % STRIDE
        self._offsets.append(starts[first::STRIDE] + offset)
        self._numbers.append(places[first::STRIDE] + self._line)
        self._index.count += len(starts)
        self._line += lines

    def _decodes(self, data: bytes) -> bool:
        if data.isascii():
            return True
        if decode_error(data, self._index.encoding) is None:
            self._certain = True
            return True
        if not self._certain and decode_error(data, "cp949") is None:  # all before was ASCII
            self._index.encoding, self._certain = "cp949", True
            return True
        return False

    def _empty(self, count: int, first: Callable[[], int]) -> None:
        if count > 0:
            if not self._index.empty:
                self._index.first_empty = self._line + first()
            self._index.empty += count

    def _one_by_one(self, data: bytes, plain: bool) -> tuple[Array, Array]:
        index, rules = self._index, self._rules
        lines = data.split(b"\n")
        if not lines[-1]:
            lines.pop()
        starts = np.cumsum([0, *(len(line) + 1 for line in lines[:-1])]).astype(np.int64)
        kept = rules.kept(lines, index.encoding)
        places = np.array([place for place, _ in kept], np.int64)
        if not plain:
            self._told_bad(lines, kept)
        if not rules.keep_empty:
            empty = [place for place, line in enumerate(lines) if line in (b"", b"\r")]
            self._empty(len(empty), lambda: empty[0])
        if rules.layout != "texts":
            self._labels.append(self._label_places([line for _, line in kept]))
        return starts[places], places

    def _told_bad(self, lines: list[bytes], kept: list[tuple[int, bytes]]) -> None:
        index = self._index
        rows = {place: index.count + number for number, (place, _) in enumerate(kept)}
        for place, line in enumerate(lines):
            error = decode_error(line, index.encoding)
            if error is None:
                continue
            if place in rows:
                index.bad[rows[place]] = str(error)
            else:
                index.skipped.append(self._line + place)

    def _label_places(self, lines: list[bytes]) -> Array:
        layout, words = self._rules.layout, self._words
        if layout == "labels":
            labels = lines
        elif layout == "label_first":
            labels = [line.partition(b"\t")[0] if b"\t" in line else b"" for line in lines]
        else:
            labels = [line.rpartition(b"\t")[2] if b"\t" in line else b"" for line in lines]
        return np.array([words.setdefault(label, len(words)) for label in labels], np.int64)


def _whole_lines(stream: BinaryIO, start: int, too_long: Callable[[], DataError]) -> Iterator[tuple[int, bytes]]:
    """Pieces of the file that end with a line, each with its offset."""
    rest = b""
    offset = start
    while data := stream.read(_CHUNK):
        data = rest + data
        last = data.rfind(b"\n") + 1
        rest = data[last:]
        if len(rest) > LONGEST:
            raise too_long()
        if last:
            yield offset, data[:last]
            offset += last
    if rest:
        yield offset, rest


def _by_numpy(data: bytes, *, keep_empty: bool) -> tuple[Array, Array]:
    """Where the lines begin that are samples, and which lines of the piece they are."""
    codes = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(codes == _NEWLINE)
    if not data.endswith(b"\n"):
        ends = np.append(ends, len(data))
    starts = np.concatenate(([0], ends[:-1] + 1)).astype(np.int64)
    if keep_empty:
        return starts, np.arange(len(starts))
    lengths = ends - starts
    lengths = lengths - ((lengths > 0) & (codes[np.maximum(ends, 1) - 1] == _RETURN))
    places = np.flatnonzero(lengths > 0)
    return starts[places], places


def _first_gap(places: Array) -> int:
    gaps = np.flatnonzero(places != np.arange(len(places)))
    return int(gaps[0]) if len(gaps) else len(places)


def label_values(index: LineIndex) -> tuple[Any, tuple[str, ...]]:
    """The labels of all samples as numbers, and the words that these are places in; or as texts, without words."""
    from resources.python_code.in_scripts.words import are_free_texts, places_of_words, plain_numbers

    assert index.labels is not None
    found = plain_numbers(index.words)
    if found is not None:
        return found[index.labels], ()
    places, words = places_of_words(index.words)
    if are_free_texts(len(words), index.count):
        return np.array(index.words, object)[index.labels], ()
    return places[index.labels], tuple(words)
