"""NumPy's files piece by piece: what is compressed in them is unpacked when it is asked for.

Nothing is mapped into memory: a file that is written anew or cut off while it is mapped takes the process along.
"""

from __future__ import annotations

import math
import os
import shutil
import struct
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Literal, cast

from resources.os_reasons import os_reason
from resources.plain import shown_name
from resources.regular_files import open_regular
from resources.temporaries import folder_prefix
from resources.text import Text
from runtime.lazy import LazyModule
from runtime.worker.data.arrays.hdf5_files import MOST_COLUMNS
from runtime.worker.data.arrays.stored import Held, Stored, native
from runtime.worker.data.columns import OBJECTS
from runtime.worker.data.source import Array, DataError
from runtime.worker.process.control import CancelledError
from runtime.worker.process.memory import free_memory, size_text
from runtime.worker.process.waiting import require_waiting

if TYPE_CHECKING:
    from io import BufferedReader

    import numpy as np
    from numpy.lib import format as npy_format
else:
    np = LazyModule("numpy")
    npy_format = LazyModule("numpy.lib.format")

BEGINS: Final = b"\x93NUMPY"
_NO_ARRAY: Final = Text("it is no array")
_ENCRYPTED: Final = 1
_LOCAL_HEADER: Final = struct.Struct("<4s5H3I2H")
_SHARE_OF_MEMORY: Final = 0.5  # of what is free: larger arrays are unpacked to the disk
_BLOCK: Final = 16 * 2**20
_LARGEST: Final = 2**40  # bytes of one array


class HeaderError(Exception):
    """The beginning of an array that cannot be read; what NumPy says of it."""


class Header:
    """What the beginning of an array says; `offset` is where its values begin."""

    def __init__(self, stream: IO[bytes]) -> None:
        """Raises HeaderError."""
        try:
            version = npy_format.read_magic(stream)
            if version == (1, 0):
                shape, fortran, dtype = npy_format.read_array_header_1_0(stream)
            elif version in ((2, 0), (3, 0)):  # they differ in how names of fields are written
                shape, fortran, dtype = npy_format.read_array_header_2_0(stream)
            else:
                raise HeaderError(f"version {version} is unknown")
        except HeaderError:
            raise
        except ValueError as error:
            if "max_header_size" in str(error):  # NumPy would advise to trust it
                raise HeaderError("its header is too long") from error
            raise HeaderError(shown_name(str(error))) from error
        except Exception as error:  # of damaged headers NumPy says it with errors of every kind
            raise HeaderError(shown_name(str(error))) from error
        self.shape, self.fortran, self.dtype = shape, fortran, dtype
        if any(size < 0 for size in shape) or self.bytes > _LARGEST:
            raise HeaderError(f"its shape is {shown_name(str(shape))}")
        self.offset = stream.tell()

    @property
    def bytes(self) -> int:
        return math.prod(self.shape) * int(self.dtype.itemsize)

    @property
    def order(self) -> Literal["C", "F"]:
        return "F" if self.fortran else "C"


def npy_array(path: Path, file: str) -> Stored | Text:
    """The array of an `.npy` file, which stays there; or why it is no column. Raises DataError."""
    try:
        with open_regular(path) as stream:
            header = Header(stream)
            size, stamp = os.fstat(stream.fileno()).st_size, stamp_of(stream)
    except HeaderError as error:
        raise unreadable(file, str(error)) from error
    except OSError as error:
        raise unreadable(file, os_reason(error)) from error
    if header.dtype.hasobject:
        return OBJECTS
    if header.offset + header.bytes > size:
        raise unreadable(file, Text("it ends before its last value"))
    return FileArray(path, header, header.offset, stamp)


class FileArray(Stored):
    """An array whose values lie in a file from `offset` on, as `header` says."""

    def __init__(self, path: Path, header: Header, offset: int, stamp: object) -> None:
        """`stamp` is that of the file in which the header was found."""
        self._path, self._header, self._offset, self._stamp = path, header, offset, stamp
        self.shape, self.dtype = header.shape, header.dtype.newbyteorder("=")

    def read(self, rows: slice) -> Array:
        first, last, _ = rows.indices(self.shape[0])
        count, header = max(0, last - first), self._header
        rest = math.prod(self.shape[1:])
        try:
            with open_regular(self._path) as stream:
                if stamp_of(stream) != self._stamp:
                    raise DataError(Text("{file} has changed since it was opened.", {"file": self._path.name}))
                if not header.fortran or len(self.shape) == 1:
                    values = np.empty((count, *self.shape[1:]), header.dtype)
                    self._fill(stream, values, first * rest)
                    return native(values)
                columns = np.empty((rest, count), header.dtype)
                for place in range(rest):
                    self._fill(stream, columns[place], place * self.shape[0] + first)
        except OSError as error:
            text = Text.of("{file} could not be read: {reason}.", file=self._path.name, reason=os_reason(error))
            raise DataError(text) from error
        return native(columns.reshape((*self.shape[:0:-1], count)).transpose())

    def _fill(self, stream: IO[bytes], values: Array, first: int) -> None:
        """Reads as many numbers as `values` holds, from number `first` on."""
        stream.seek(self._offset + first * self._header.dtype.itemsize)
        wanted = values.reshape(-1).view(np.uint8).data
        if cast("BufferedReader", stream).readinto(wanted) != wanted.nbytes:
            raise OSError(None, "it ends before its last value")


def stamp_of(stream: IO[bytes]) -> object:
    """Another one when the file has been written anew."""
    status = os.fstat(stream.fileno())
    return status.st_mtime_ns, status.st_size, status.st_ino


class Archive:
    """An `.npz`: its arrays by name, and what is none, with the reasons."""

    def __init__(self, path: Path) -> None:
        """Raises DataError."""
        self.path = path
        self.arrays: dict[str, Stored] = {}
        self.left_out: dict[str, Text] = {}
        self._on_disk: list[Path] = []
        try:
            with open_regular(path) as stream, zipfile.ZipFile(stream) as archive:
                members = archive.infolist()
                if len(members) > MOST_COLUMNS:
                    text = Text("{file} has more than {count} arrays.", {"file": path.name, "count": MOST_COLUMNS})
                    raise DataError(text)
                for member in members:
                    require_waiting()
                    self._add(stream, archive, member)
        except (DataError, CancelledError):
            raise
        except HeaderError as error:
            raise unreadable(path.name, str(error)) from error
        except Exception as error:  # of damaged archives it is said with errors of every kind
            raise unreadable(path.name, shown_name(str(error))) from error

    def close(self) -> None:
        for folder in self._on_disk:
            shutil.rmtree(folder, ignore_errors=True)
        self._on_disk.clear()

    def _add(self, stream: IO[bytes], archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
        name = member.filename.removesuffix(".npy")
        with archive.open(member) as beginning:
            if beginning.read(len(BEGINS)) != BEGINS:
                self.left_out[name] = _NO_ARRAY
                return
        with archive.open(member) as beginning:
            header = Header(beginning)
        if header.dtype.hasobject:
            self.left_out[name] = OBJECTS
        elif header.offset + header.bytes > member.file_size:
            raise HeaderError(f"{member.filename} ends before its last value")
        elif member.compress_type == zipfile.ZIP_STORED and not member.flag_bits & _ENCRYPTED:
            offset = _begin(stream, member) + header.offset
            self.arrays[name] = FileArray(self.path, header, offset, stamp_of(stream))
        else:
            self.arrays[name] = _Packed(self.path, member.filename, header, self._scratch)

    def _scratch(self) -> Path:
        """A new folder on the disk, which goes with the archive."""
        folder = Path(tempfile.mkdtemp(prefix=folder_prefix()))
        self._on_disk.append(folder)
        return folder


def _begin(stream: IO[bytes], member: zipfile.ZipInfo) -> int:
    """Where the bytes of a member begin in the archive."""
    stream.seek(member.header_offset)
    fields = _LOCAL_HEADER.unpack(stream.read(_LOCAL_HEADER.size))
    return member.header_offset + _LOCAL_HEADER.size + int(fields[9]) + int(fields[10])


class _Packed(Stored):
    """A compressed array: unpacked into memory when something is asked of it, or to the disk where it does not fit."""

    def __init__(self, path: Path, member: str, header: Header, scratch: Callable[[], Path]) -> None:
        self._path, self._member, self._header, self._scratch = path, member, header, scratch
        self._held: Stored | None = None
        self.shape, self.dtype = header.shape, header.dtype.newbyteorder("=")

    def read(self, rows: slice) -> Array:
        return self._unpacked().read(rows)

    def take(self, rows: Array) -> Array | None:
        return self._unpacked().take(rows)

    def _unpacked(self) -> Stored:
        if self._held is None:
            try:
                self._held = self._unpack()
            except (MemoryError, DataError, CancelledError):
                raise
            except Exception as error:  # zipfile and zlib say it with errors of every kind
                raise unreadable(self._path.name, shown_name(str(error))) from error
            self.in_memory = self._held.in_memory
        return self._held

    def _unpack(self) -> Stored:
        header = self._header
        with (
            open_regular(self._path) as stream,
            zipfile.ZipFile(stream) as archive,
            archive.open(self._member) as packed,
        ):
            packed.seek(header.offset)
            if header.bytes > free_memory() * _SHARE_OF_MEMORY:
                return self._unpack_to_disk(packed)
            data = packed.read(header.bytes)
            _require_end(packed)
        return Held(np.frombuffer(data, header.dtype).reshape(header.shape, order=header.order))

    def _unpack_to_disk(self, packed: IO[bytes]) -> Stored:
        """Raises DataError where the disk has no room."""
        header, folder = self._header, self._scratch()
        room = shutil.disk_usage(folder).free
        if room < header.bytes:
            text = Text.of(
                "{file} unpacks to {size}, but only {free} of memory and {room} of disk are free: store it as HDF5.",
                file=self._path.name,
                size=size_text(header.bytes),
                free=size_text(free_memory()),
                room=size_text(room),
            )
            raise DataError(text)
        path = folder / "array"
        with path.open("wb") as file:
            while block := packed.read(_BLOCK):
                require_waiting()
                file.write(block)
        with open_regular(path) as unpacked:
            return FileArray(path, header, 0, stamp_of(unpacked))


def _require_end(packed: IO[bytes]) -> None:
    """Reads on to the end, where the checksum is compared."""
    while packed.read(_BLOCK):
        require_waiting()


def unreadable(file: str, reason: str | Text) -> DataError:
    return DataError(Text.of("{file} is no readable NumPy file: {reason}", file=file, reason=reason))
