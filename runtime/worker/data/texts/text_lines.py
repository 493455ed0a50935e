"""A file of texts: each line is one, alone or with its label. The file may be larger than the memory."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from resources.os_reasons import os_reason
from resources.plain import listed, shown_name
from resources.regular_files import open_regular
from resources.text import Text
from runtime.lazy import LazyModule
from runtime.messages.checking import DataProblem, OptionChange, ProposedMend
from runtime.spec import ColumnKind
from runtime.worker.data.files import require_file
from runtime.worker.data.sample_files.files_source import LABEL
from runtime.worker.data.sample_files.listing import sentences
from runtime.worker.data.source import Array, DataError, Source, Unreadable
from runtime.worker.data.texts.line_index import STRIDE, Indexer, LineIndex, Rules, label_values
from runtime.worker.data.texts.settings import ENCODING, KEEP_EMPTY, LABELS, LAYOUT, OF_LINES, SKIP, TEXTS
from runtime.worker.data.texts.text_files import TEXT, not_decoded

if TYPE_CHECKING:
    import numpy as np

    from resources.python_code.in_scripts import texts
else:
    np = LazyModule("numpy")
    texts = LazyModule("resources.python_code.in_scripts.texts")

LOOKED_AT: Final = 2**20  # bytes that tell the encoding and the layout
_HELD: Final = 512 * 2**20  # bytes of a file in UTF-16, which is read whole
_RUN_BYTES: Final = 4 * 2**20
_OBJECT_BYTES: Final = 64  # of a text that is as short as can be
_WIDE: Final = ("utf-16", "utf-32")


class TextLines(Source):
    def __init__(self, path: str, options: dict[str, Any]) -> None:
        """Raises DataError."""
        file = require_file(path)
        self._title = shown_name(file.name)
        self._options = options
        self._lock = threading.Lock()
        try:
            self._stream = open_regular(file)
            self._stamp: tuple[int, int] | None = _stamp(self._stream)
            try:
                self._index = self._open(options)
            except BaseException:
                self._stream.close()
                raise
        except OSError as error:
            text = Text.of("{file} could not be read: {reason}.", file=self._title, reason=os_reason(error))
            raise DataError(text) from error
        if not self._index.count:
            self._stream.close()
            raise DataError(Text.of("{file} holds no texts: it is empty.", file=self._title))
        self._labels: Array | None = None
        self._words: tuple[str, ...] = ()
        if self._rules.layout != TEXTS:
            self._labels, self._words = label_values(self._index)
        self.note = sentences(list(self._notes()))

    def _open(self, options: dict[str, Any]) -> LineIndex:
        """Finds out encoding and layout, and goes through the file. Raises DataError, OSError."""
        beginning = self._stream.read(LOOKED_AT)
        encoding = texts.encoding_of(beginning, options[ENCODING.key])
        start = 0
        if encoding.removesuffix("-sig") == "utf-8":
            start = 3 if encoding.endswith("sig") else 0
            encoding = "utf-8"
        elif encoding in _WIDE:
            beginning = self._held(encoding)[:LOOKED_AT]
            encoding = "utf-8"
        layout = options[LAYOUT.key]
        if layout not in OF_LINES:
            layout = _layout(beginning[start:], encoding)
        self._rules = Rules(layout, keep_empty=options[KEEP_EMPTY.key], skip=options[SKIP.key])
        certain = options[ENCODING.key] is not None or bool(start)
        return Indexer(self._title, self._rules, encoding, certain=certain).read(self._stream, start)

    def _held(self, encoding: str) -> bytes:
        """The whole file as UTF-8, in memory from now on: its line ends are no single bytes. Raises DataError."""
        self._stream.seek(0)
        data = self._stream.read(_HELD + 1)
        if len(data) > _HELD:
            text = Text.of("{file} is larger than {limit} MB: store it as UTF-8.", file=self._title, limit=_HELD >> 20)
            raise DataError(text)
        try:
            whole = data.decode(encoding).encode()
        except UnicodeError as error:
            text = Text.of("{file} could not be read: {reason}.", file=self._title, reason=not_decoded(encoding))
            raise DataError(text, shown_name(str(error))) from error
        self._stream.close()
        self._stream, self._stamp = io.BytesIO(whole), None
        return whole

    def _notes(self) -> Iterator[Text]:
        index = self._index
        if index.skipped:
            lines = listed([f"{line}" for line in index.skipped])
            yield Text.of("Skipped, because they cannot be read: lines {lines}.", lines=lines)
        if index.empty:
            yield Text.of(
                "{count} empty lines are left out, the first is line {line}.", count=index.empty, line=index.first_empty
            )

    @property
    def title(self) -> str:
        return self._title

    def names(self) -> tuple[str, ...]:
        if self._rules.layout == LABELS:
            return (LABEL,)
        return (TEXT,) if self._labels is None else (TEXT, LABEL)

    def shape(self, _name: str) -> tuple[int, ...]:
        return (self._index.count,)

    def dtype(self, name: str) -> np.dtype[Any]:
        if name == TEXT:
            return np.dtype(object)
        assert self._labels is not None
        dtype: np.dtype[Any] = self._labels.dtype
        return dtype

    def sample_kind(self, name: str) -> ColumnKind | None:
        return "text" if self.dtype(name).kind == "O" else None

    def categories(self, name: str) -> tuple[str, ...]:
        return self._words if name == LABEL else ()

    def in_memory(self) -> bool:
        return False

    def sample_bytes(self, name: str) -> int:
        return 8 if name == LABEL else _OBJECT_BYTES + self._index.end // self._index.count

    def run_rows(self, name: str) -> int:
        return 4096 if name == LABEL else max(STRIDE, min(4096, _RUN_BYTES // self.sample_bytes(name)))

    def read(self, name: str, rows: slice) -> Array:
        self.require(name)
        first, last, _ = rows.indices(self._index.count)
        if name == LABEL:
            assert self._labels is not None
            labels: Array = self._labels[first:last]
            return labels
        found = np.empty(max(0, last - first), object)
        for place, line in enumerate(self._lines(first, last)):
            found[place] = texts.split_line(self._decoded(line, first + place), self._rules.layout)[1]
        return found

    def take(self, name: str, rows: Array) -> Array:
        if name == LABEL:
            assert self._labels is not None
            labels: Array = self._labels[rows]
            return labels
        return super().take(name, rows)

    def _lines(self, first: int, last: int) -> list[bytes]:
        """Raises DataError."""
        if first >= last:
            return []
        index, block = self._index, first // STRIDE
        begins = int(index.offsets[block])
        behind = -(-last // STRIDE)
        ends = int(index.offsets[behind]) if behind < len(index.offsets) else index.end
        try:
            with self._lock:
                if self._stamp is not None and _stamp(self._stream) != self._stamp:
                    raise DataError(Text.of("{file} was changed while it was read: open it again.", file=self._title))
                self._stream.seek(begins)
                data = self._stream.read(ends - begins)
        except OSError as error:
            text = Text.of("{file} could not be read: {reason}.", file=self._title, reason=os_reason(error))
            raise DataError(text) from error
        lines = data.split(b"\n")
        if not lines[-1]:
            lines.pop()
        found = [line for _, line in self._rules.kept(lines, index.encoding)]
        return found[first - block * STRIDE : last - block * STRIDE]

    def _decoded(self, line: bytes, row: int) -> str:
        """Raises DataError."""
        try:
            return line.decode(self._index.encoding)
        except UnicodeError as error:
            text = Text.of(
                "{file}: {place} cannot be read: {reason}.",
                file=self._title,
                place=self.place(row),
                reason=self._reason(),
            )
            raise DataError(text, shown_name(str(error))) from error

    def _reason(self) -> Text:
        return not_decoded(self._options[ENCODING.key])

    def place(self, row: int) -> Text:
        return Text.of("line {line}", line=self._line(row))

    def _line(self, row: int) -> int:
        """The number of the line, from 1."""
        block, within = divmod(row, STRIDE)
        if block >= len(self._index.lines):
            return row + 1
        first = int(self._index.lines[block])
        if not within:
            return first
        begins = int(self._index.offsets[block])
        ends = int(self._index.offsets[block + 1]) if block + 1 < len(self._index.offsets) else self._index.end
        with self._lock:
            self._stream.seek(begins)
            lines = self._stream.read(ends - begins).split(b"\n")
        kept = self._rules.kept(lines, self._index.encoding)
        return first + (kept[within][0] if within < len(kept) else within)

    def written(self, name: str, row: int) -> str | None:
        """A label that stands for none, as it is written."""
        if name != LABEL or self._index.labels is None:
            return None
        return self._index.words[int(self._index.labels[row])]

    def unreadable(self) -> Sequence[Unreadable]:
        return [Unreadable(row, str(self.place(row)), self._reason()) for row in sorted(self._index.bad)]

    def doubts(self, name: str) -> Iterator[DataProblem]:
        bad = sorted(self._index.bad) if name == TEXT else []
        if not bad:
            return
        mend = ProposedMend(Text("Skip lines that cannot be read"), (OptionChange(SKIP.key, True),))
        text = Text.of(
            "{file}: {count} lines cannot be read, the first is {place}: {reason}.",
            file=self._title,
            count=len(bad),
            place=self.place(bad[0]),
            reason=self._reason(),
        )
        yield DataProblem("error", text, column=name, detail=self._index.bad[bad[0]], kind="unreadable", mend=mend)

    def close(self) -> None:
        self._stream.close()


def _stamp(stream: BinaryIO) -> tuple[int, int]:
    status = os.fstat(stream.fileno())
    return status.st_size, status.st_mtime_ns


def _layout(beginning: bytes, encoding: str) -> str:
    lines = texts.lines_of(beginning.decode(encoding, "replace"))
    if len(beginning) >= LOOKED_AT and len(lines) > 1:
        lines = lines[:-1]  # the last one is cut
    layout: str = texts.line_layout(lines[: texts.FIRST_LINES])
    return layout


def beginning_of(path: Path) -> bytes:
    """Raises OSError."""
    with open_regular(path) as stream:
        return stream.read(64 * 2**10)
