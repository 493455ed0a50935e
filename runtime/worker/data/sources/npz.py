"""NumPy's files: each array of an `.npz` is a column, an `.npy` is one. Pickled objects are left out, never read."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from resources.python_code.parts import Constant, Loading
from resources.python_code.pieces import list_of, quoted
from resources.python_code.shared import AS_NUMBERS
from resources.regular_files import open_regular
from resources.text import Text
from runtime.data_kinds import DataKind
from runtime.lazy import LazyModule
from runtime.python_code import IMPORT_NUMPY, IMPORT_TYPING, data_file
from runtime.spec import DataSource
from runtime.worker.data.source import (
    NO_SAMPLES,
    OBJECTS,
    Array,
    DataError,
    Source,
    Words,
    left_out_note,
    require_file,
    unusable_dtype,
)
from runtime.worker.process.memory import free_memory, size_text

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

KIND = DataKind("npz", Text("NumPy file"), (".npz", ".npy"))
_LOAD: Final = '''def load_data():
    """The columns that the model is trained on."""
    file = np.load(DATA_FILE, allow_pickle=False)
    if isinstance(file, np.ndarray):
        return {name: as_numbers(file) for name in COLUMNS}
    with file:
        return {name: as_numbers(file[name]) for name in COLUMNS}
'''
_LARGEST = 64 * 2**30  # bytes an archive may unpack to
_ARRAY: Final = b"\x93NUMPY"


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    file = require_file(source.path)
    try:
        with open_regular(file) as stream:
            begins = stream.read(len(_ARRAY))
            stream.seek(0)
            if not begins.startswith(_ARRAY):
                return _archive(stream, file.name)
        return _single(file)
    except (zipfile.BadZipFile, ValueError, OSError, EOFError) as error:
        text = Text("{file} is no readable NumPy file: {reason}", {"file": file.name, "reason": str(error)})
        raise DataError(text) from error


def _archive(stream: Any, file: str) -> NumpySource:
    with zipfile.ZipFile(stream) as archive:
        size = sum(member.file_size for member in archive.infolist())
    if size > _LARGEST:
        raise DataError(Text("{file} unpacks to more than 64 GB.", {"file": file}))
    if size > (free := free_memory()):
        raise DataError(
            Text.of(
                "{file} unpacks to {size}, but only {free} of memory are free: store it as HDF5, which is streamed.",
                file=file,
                size=size_text(size),
                free=size_text(free),
            )
        )
    stream.seek(0)
    found: dict[str, Array] = {}
    left_out: dict[str, Text] = {}
    with np.load(stream, allow_pickle=False) as arrays:
        for name in arrays.files:
            try:
                found[name] = arrays[name]
            except ValueError as error:
                if "allow_pickle" not in str(error):
                    raise
                left_out[name] = OBJECTS
    return NumpySource(file, found, left_out, in_memory=True)


def _single(file: Path) -> NumpySource:
    """One array, called like its file; its values stay in the file until they are asked for."""
    try:
        array = np.load(file, mmap_mode="r", allow_pickle=False)
    except ValueError as error:
        if "Python objects" not in str(error):
            raise
        return NumpySource(file.name, {}, {file.stem: OBJECTS}, in_memory=True)
    return NumpySource(file.name, {file.stem: array}, {}, in_memory=False)


def source_code(source: DataSource, columns: Sequence[str]) -> Loading:
    constants = (data_file(source), Constant("COLUMNS", list_of(map(quoted, columns))))
    return Loading(("import re", IMPORT_TYPING, IMPORT_NUMPY), constants, (AS_NUMBERS, _LOAD))


class NumpySource(Source):
    """An archive is read at once, as it is compressed as a whole."""

    def __init__(self, title: str, arrays: dict[str, Array], left_out: dict[str, Text], *, in_memory: bool) -> None:
        self._title, self._in_memory = title, in_memory
        self._words: dict[str, Words] = {}
        self._arrays: dict[str, Array] = {}
        for name, array in arrays.items():
            reason = NO_SAMPLES if not array.ndim else None
            if array.ndim == 1 and array.dtype.kind in "US":
                self._words[name] = Words(array)
                self._arrays[name] = self._words[name].values
                continue
            reason = reason or unusable_dtype(array.dtype)
            if reason is None:
                self._arrays[name] = array
            else:
                left_out[name] = reason
        self.left_out, self.note = left_out, left_out_note(left_out)

    @property
    def title(self) -> str:
        return self._title

    def names(self) -> tuple[str, ...]:
        return tuple(self._arrays)

    def has(self, name: str) -> bool:
        return name in self._arrays

    def in_memory(self) -> bool:
        return self._in_memory

    def shape(self, name: str) -> tuple[int, ...]:
        return self._arrays[name].shape

    def dtype(self, name: str) -> np.dtype[Any]:
        return self._arrays[name].dtype

    def categories(self, name: str) -> tuple[str, ...]:
        return self._words[name].words if name in self._words else ()

    def written(self, name: str, row: int) -> str | None:
        return self._words[name].written(row) if name in self._words else None

    def number_among_words(self, name: str) -> int | None:
        return self._words[name].number_row if name in self._words else None

    def read(self, name: str, rows: slice) -> Array:
        self.require(name)
        return np.asarray(self._arrays[name][rows])
