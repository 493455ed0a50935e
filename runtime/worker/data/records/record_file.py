"""A file of records (TFRecord): where each one lies, and its bytes, compared with their checksums."""

from __future__ import annotations

import gzip
import os
import shutil
import struct
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from resources.os_reasons import os_reason
from resources.regular_files import open_regular
from resources.text import Text
from runtime.lazy import LazyModule
from runtime.worker.data.arrays.npy_files import stamp_of
from runtime.worker.data.records.checksums import masked_checksums
from runtime.worker.data.records.example_message import parsed
from runtime.worker.data.source import Array, DataError
from runtime.worker.process.waiting import require_waiting

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

_HEAD: Final = struct.Struct("<QI")  # how long a record is, and the checksum of that
_FOOT: Final = struct.Struct("<I")  # the checksum of the record
_AROUND: Final = _HEAD.size + _FOOT.size
_GZIP: Final = b"\x1f\x8b"
_ZLIB: Final = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_CHUNK: Final = 1 << 20
_AT_ONCE: Final = 1 << 16  # records, after which their lengths are compared with the checksums
_GAP: Final = 1 << 16  # bytes between two records that are read along
_READ_BYTES: Final = 64 << 20  # at once
_LOOKED: Final = 1 << 19  # bytes of a file that tell what it is, and
_FIRST: Final = 16  # records at most
_ROOM: Final = 256 << 20  # bytes that stay free on the disk
MOST_BYTES: Final = 1 << 30  # of a record

_CUT_OFF: Final = Text("the file ends in the middle of it")
_NO_LENGTH: Final = Text("its length is not what its checksum says")
_DAMAGED: Final = Text("its bytes are not what its checksum says")
_TOO_LONG: Final = Text("it is larger than 1 GB")


class RecordFile:
    """`offsets` are those of the records, and of the end of the last one.

    `skip`: damaged records are left out; behind one whose length is wrong, nothing can be found any more. `left_out`
    says which.
    """

    def __init__(self, path: Path, *, skip: bool = False) -> None:
        """Raises DataError."""
        self.path = path
        self.left_out: Text | None = None
        self._unpacked: BinaryIO | None = None
        try:
            with open_regular(path) as stream:
                self._stamp = stamp_of(stream)
                if stream.read(len(_GZIP)) == _GZIP:
                    stream.seek(0)
                    self._unpacked = self._unpack(stream)
            with self._opened() as stream:
                self.offsets = self._index(stream, skip)
                self.count = len(self.offsets) - 1
                self._rows: Array | None = self._whole(stream) if skip else None
                if self._rows is not None:
                    self.count = len(self._rows)
        except OSError as error:
            self.close()
            text = Text.of("{file} could not be read: {reason}.", file=path.name, reason=os_reason(error))
            raise DataError(text) from error
        except BaseException:
            self.close()
            raise

    @property
    def size(self) -> int:
        """Bytes of all records."""
        return int(self.offsets[-1]) - _AROUND * (len(self.offsets) - 1)

    @property
    def changed(self) -> bool:
        try:
            with open_regular(self.path) as stream:
                return stamp_of(stream) != self._stamp
        except OSError:
            return True

    def read(self, rows: Array) -> list[bytes]:
        """Records in rising order, each once. Raises DataError."""
        places = rows if self._rows is None else self._rows[rows]
        try:
            with self._opened() as stream:
                found = [piece for run in self._runs(places) for piece in self._pieces(stream, run)]
        except OSError as error:
            text = Text.of("{file} could not be read: {reason}.", file=self.path.name, reason=os_reason(error))
            raise DataError(text) from error
        records = [record for record, _ in found]
        wrong = np.flatnonzero(masked_checksums(records) != np.array([checksum for _, checksum in found], np.uint32))
        if len(wrong):
            raise self.damaged(int(places[wrong[0]]), _DAMAGED)
        return records

    def damaged(self, place: int, reason: Text) -> DataError:
        """`place` is that of the record in the file, from 0."""
        return DataError(
            Text.of(
                "{file}: record {number} cannot be read: {reason}.", file=self.path.name, number=place, reason=reason
            )
        )

    def place(self, row: int) -> int:
        """Which record of the file a sample is."""
        return row if self._rows is None else int(self._rows[row])

    def close(self) -> None:
        if self._unpacked is not None:
            self._unpacked.close()
            self._unpacked = None

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        """Raises DataError, OSError."""
        if self._unpacked is not None:
            yield self._unpacked
            return
        with open_regular(self.path) as stream:
            if stamp_of(stream) != self._stamp:
                raise DataError(Text("{file} has changed since it was opened.", {"file": self.path.name}))
            yield stream

    def _unpack(self, packed: BinaryIO) -> BinaryIO:
        """What a compressed file holds, in a file without a name: in it, a record is found at once."""
        unpacked: BinaryIO = tempfile.TemporaryFile(prefix="lamella-")  # noqa: SIM115 - until `close`
        try:
            with gzip.GzipFile(fileobj=packed) as stream:
                written = 0
                while data := stream.read(_CHUNK):
                    require_waiting()
                    if written % (64 * _CHUNK) == 0 and shutil.disk_usage(tempfile.gettempdir()).free < _ROOM:
                        raise DataError(
                            Text.of("{file} does not fit on the disk once it is unpacked.", file=self.path.name)
                        )
                    unpacked.write(data)
                    written += len(data)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            unpacked.close()
            text = Text.of("{file} cannot be unpacked: it is damaged or cut off.", file=self.path.name)
            raise DataError(text, str(error)) from error
        except BaseException:
            unpacked.close()
            raise
        return unpacked

    def _index(self, stream: BinaryIO, skip: bool) -> Array:
        """Raises DataError, OSError."""
        size = stream.seek(0, os.SEEK_END)
        if not size:
            raise DataError(Text("{file} is empty.", {"file": self.path.name}))
        offsets, heads = [np.zeros(1, np.int64)], list[bytes]()
        found, place, wrong = list[int](), 0, None
        while place < size and wrong is None:
            stream.seek(place)
            head = stream.read(_HEAD.size)
            length = int.from_bytes(head[:8], "little")
            heads.append(head)
            place += _AROUND + length
            if len(head) == _HEAD.size and place <= size:
                found.append(place)
            if len(heads) == _AT_ONCE or place >= size:
                require_waiting()
                wrong = self._wrong_length(heads)
                kept = found if wrong is None else found[:wrong]
                offsets.append(np.array(kept, np.int64))
                if wrong is not None or len(found) < len(heads):
                    reason = _CUT_OFF if wrong is None else _NO_LENGTH
                    self._end_at(sum(map(len, offsets)) - 1, reason, skip, stream)
                heads, found = [], []
        return np.concatenate(offsets)

    def _wrong_length(self, heads: list[bytes]) -> int | None:
        """The first whose length is damaged. The last one may be cut off itself."""
        whole = [head for head in heads if len(head) == _HEAD.size]
        if not whole:
            return None
        known = np.array([_HEAD.unpack(head)[1] for head in whole], np.uint32)
        wrong = np.flatnonzero(masked_checksums([head[:8] for head in whole]) != known)
        return int(wrong[0]) if len(wrong) else None

    def _end_at(self, place: int, reason: Text, skip: bool, stream: BinaryIO) -> None:
        """Raises DataError, unless damaged records are left out."""
        if place == 0:
            stream.seek(0)
            if stream.read(2) in _ZLIB:
                raise DataError(
                    Text.of("{file} is compressed with ZLIB: write it with GZIP, or without.", file=self.path.name)
                )
            if reason is _NO_LENGTH:
                raise DataError(Text.of("{file} is no file of records (TFRecord).", file=self.path.name))
        if not skip:
            raise self.damaged(place, reason)
        self.left_out = Text.of(
            "Skipped of {file}: record {number} and all behind it, as {reason}.",
            file=self.path.name,
            number=place,
            reason=reason,
        )

    def _whole(self, stream: BinaryIO) -> Array:
        """The records that are as their checksums say. Raises OSError."""
        kept = []
        for run in self._runs(np.arange(self.count)):
            require_waiting()
            found = self._pieces(stream, run)
            right = masked_checksums([record for record, _ in found]) == np.array([c for _, c in found], np.uint32)
            kept.append(run[right])
        rows: Array = np.concatenate(kept) if kept else np.zeros(0, np.int64)
        if len(rows) < self.count:
            missing = np.setdiff1d(np.arange(self.count), rows)
            text = Text.of(
                "Skipped of {file}: {count} damaged records, the first is record {number}.",
                file=self.path.name,
                count=len(missing),
                number=int(missing[0]),
            )
            before = self.left_out
            self.left_out = text if before is None else Text.of("{first} {second}", first=text, second=before)
        return rows

    def _runs(self, places: Array) -> Iterator[Array]:
        """Records that are read at once: close to one another, and of so many bytes at most."""
        begins, ends = self.offsets[places], self.offsets[places + 1]
        first = 0
        for last in range(1, len(places) + 1):
            over = last == len(places)
            if over or begins[last] - ends[last - 1] > _GAP or ends[last] - begins[first] > _READ_BYTES:
                yield places[first:last]
                first = last

    def _pieces(self, stream: BinaryIO, run: Array) -> list[tuple[bytes, int]]:
        """The records and what their checksums should be. Raises DataError, OSError."""
        begin, end = int(self.offsets[run[0]]), int(self.offsets[run[-1] + 1])
        if end - begin - _AROUND > MOST_BYTES:
            raise self.damaged(int(run[0]), _TOO_LONG)
        stream.seek(begin)
        data = memoryview(stream.read(end - begin))
        if len(data) < end - begin:
            raise self.damaged(int(run[-1]), _CUT_OFF)
        found = []
        for first, last in zip(
            (self.offsets[run] - begin).tolist(), (self.offsets[run + 1] - begin).tolist(), strict=True
        ):
            content = data[first + _HEAD.size : last - _FOOT.size]
            found.append((bytes(content), _FOOT.unpack(data[last - _FOOT.size : last])[0]))
        return found


def begins_as_records(path: Path) -> bool:
    """Whether the checksum of the first length is right, which no other file has by chance. Raises OSError."""
    try:
        with open_regular(path) as stream:
            packed = stream.read(len(_GZIP)) == _GZIP
            stream.seek(0)
            head = gzip.GzipFile(fileobj=stream).read(_HEAD.size) if packed else stream.read(_HEAD.size)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return False
    if len(head) < _HEAD.size:
        return False
    return int(masked_checksums([head[:8]])[0]) == int(_HEAD.unpack(head)[1])


def first_records(path: Path) -> list[Any]:
    """The messages of the first records, as far as they lie at the beginning of the file. Raises DataError."""
    try:
        with open_regular(path) as stream:
            packed = stream.read(len(_GZIP)) == _GZIP
            stream.seek(0)
            data = gzip.GzipFile(fileobj=stream).read(_LOOKED) if packed else stream.read(_LOOKED)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(Text.of("{file} could not be read: {reason}.", file=path.name, reason=str(error))) from error
    found, place = list[bytes](), 0
    while place + _HEAD.size < len(data) and len(found) < _FIRST:
        length = int.from_bytes(data[place : place + 8], "little")
        if place + _AROUND + length > len(data):
            break
        found.append(data[place + _HEAD.size : place + _HEAD.size + length])
        place += _AROUND + length
    return [message for message in parsed(found) if message is not None]
