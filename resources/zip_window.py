"""An entry of a zip that is stored as it is, read in place: weights are too large to be unpacked for a few numbers."""

import io
import os
import zipfile
from typing import IO, Any


class EntryCutOffError(OSError):
    """The file ends before the entry does."""


def open_stored(file: IO[bytes], archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    """The bytes of an entry that is neither packed nor encrypted, as a file that can be sought in.

    `file` is what `archive` was opened from, opened once more.
    """
    with archive.open(info) as entry:
        entry.read(1)  # checks the header of the entry
    start = _data_start(file, info.header_offset)
    if start + info.file_size > os.fstat(file.fileno()).st_size:
        raise EntryCutOffError
    return io.BufferedReader(_Window(file, start, info.file_size), 1 << 16)


def _data_start(file: IO[bytes], offset: int) -> int:
    """Return where the bytes of an entry begin, behind its header, name and extra field."""
    file.seek(offset + 26)
    lengths = file.read(4)
    return offset + 30 + int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")


class _Window(io.RawIOBase):
    """A part of a file as a file of its own."""

    def __init__(self, file: IO[bytes], start: int, size: int) -> None:
        super().__init__()
        self._file, self._start, self._size, self._at = file, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        count = max(0, min(len(buffer), self._size - self._at))
        self._file.seek(self._start + self._at)
        content = self._file.read(count)
        buffer[: len(content)] = content
        self._at += len(content)
        return len(content)
