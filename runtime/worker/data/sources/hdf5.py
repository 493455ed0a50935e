"""HDF5 files: every dataset of numbers or words, anywhere in the tree, is a column named by its path.

Nothing outside the file is ever read: links, external storage and virtual datasets are left out, and that is said.
The desktop asks this module for `KIND`, and must not have h5py for that: it is imported where a file is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from resources.python_code.parts import Constant, Loading
from resources.python_code.pieces import list_of, quoted
from resources.python_code.shared import AS_NUMBERS
from resources.text import Text
from runtime.data_kinds import DataKind
from runtime.lazy import LazyModule
from runtime.python_code import IMPORT_NUMPY, IMPORT_TYPING, data_file
from runtime.spec import DataSource
from runtime.worker.data.source import (
    NO_SAMPLES,
    Array,
    DataError,
    Source,
    Words,
    left_out_note,
    require_file,
    unusable_dtype,
)

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

KIND = DataKind("hdf5", Text("HDF5 file"), (".h5", ".hdf5", ".hdf", ".he5"))
_MOST_COLUMNS = 2_000
_DEEPEST = 32
_LARGEST_SAMPLE = 2**30  # bytes
_LOAD: Final = '''def load_data():
    """The columns that the model is trained on."""
    with h5py.File(DATA_FILE, "r") as file:
        return {name: as_numbers(file[name][:]) for name in COLUMNS}
'''
_MOST_WORDS = 5_000_000  # words are read at once
_LINK: Final = Text("it is a link, or its values lie in another file")
_TOO_DEEP: Final = Text("it lies too deep in the file")
_TOO_MANY_WORDS: Final = Text("it holds more than five million words, or more than one word a sample")
_TOO_LARGE: Final = Text("one sample of it is larger than 1 GB")


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    import h5py

    path = require_file(source.path)
    try:
        file = h5py.File(path, "r", locking=False)
    except OSError as error:
        if not h5py.is_hdf5(path):
            text = Text("{file} is no HDF5 file, or its beginning is damaged.", {"file": path.name})
        else:
            text = Text("{file} is damaged or incomplete and cannot be opened.", {"file": path.name})
        raise DataError(text, str(error)) from error
    try:
        return Hdf5Source(path.name, file)
    except (OSError, RuntimeError, KeyError, ValueError) as error:
        file.close()
        raise DataError(Text("{file} is damaged and cannot be listed.", {"file": path.name}), str(error)) from error
    except DataError:
        file.close()
        raise


def source_code(source: DataSource, columns: Sequence[str]) -> Loading:
    constants = (data_file(source), Constant("COLUMNS", list_of(map(quoted, columns))))
    return Loading(("import re", "import h5py", IMPORT_TYPING, IMPORT_NUMPY), constants, (AS_NUMBERS, _LOAD))


class Hdf5Source(Source):
    def __init__(self, title: str, file: Any) -> None:
        self._title = title
        self._file = file
        self._datasets: dict[str, Any] = {}
        self._words: dict[str, Words] = {}
        self.left_out = self._left_out = dict[str, Text]()
        for name, dataset in self._walk(file, "", set(), 0):
            if len(self._datasets) == _MOST_COLUMNS:
                raise DataError(Text("{file} has more than {count} datasets.", {"file": title, "count": _MOST_COLUMNS}))
            self._add(name, dataset)
        self.note = left_out_note(self._left_out)

    def _walk(self, group: Any, prefix: str, addresses: set[object], depth: int) -> Iterator[tuple[str, Any]]:
        import h5py

        for key in group:
            name = prefix + key
            if not isinstance(group.get(key, getlink=True), h5py.HardLink):
                self._left_out[name] = _LINK
                continue
            if depth > _DEEPEST:
                self._left_out[name] = _TOO_DEEP
                continue
            item = group[key]
            address = h5py.h5o.get_info(item.id).addr
            if address in addresses:  # a second name of the same thing, perhaps of a group around it
                continue
            addresses.add(address)
            if isinstance(item, h5py.Group):
                yield from self._walk(item, name + "/", addresses, depth + 1)
            elif isinstance(item, h5py.Dataset):
                yield name, item

    def _add(self, name: str, dataset: Any) -> None:
        reason = _unreadable(dataset)
        if reason is None:
            self._datasets[name] = dataset
        else:
            self._left_out[name] = reason

    @property
    def title(self) -> str:
        return self._title

    def names(self) -> tuple[str, ...]:
        return tuple(self._datasets)

    def has(self, name: str) -> bool:
        return name in self._datasets

    def in_memory(self) -> bool:
        return False

    def shape(self, name: str) -> tuple[int, ...]:
        shape: tuple[int, ...] = self._datasets[name].shape
        return shape

    def dtype(self, name: str) -> np.dtype[Any]:
        dtype: np.dtype[Any] = self._datasets[name].dtype
        if self._is_words(name):
            words: np.dtype[Any] = self._read_words(name).values.dtype
            return words
        return dtype

    def _is_words(self, name: str) -> bool:
        import h5py

        return h5py.check_string_dtype(self._datasets[name].dtype) is not None

    def categories(self, name: str) -> tuple[str, ...]:
        return self._read_words(name).words if self._is_words(name) else ()

    def written(self, name: str, row: int) -> str | None:
        return self._read_words(name).written(row) if self._is_words(name) else None

    def number_among_words(self, name: str) -> int | None:
        return self._read_words(name).number_row if self._is_words(name) else None

    def _read_words(self, name: str) -> Words:
        if name not in self._words:
            try:
                texts = np.array(self._datasets[name].asstr(errors="replace")[:], dtype=str)
            except (OSError, RuntimeError) as error:
                raise self._damaged(name, error) from error
            self._words[name] = Words(texts)
        return self._words[name]

    def read(self, name: str, rows: slice) -> Array:
        self.require(name)
        if self._is_words(name):
            ids: Array = self._read_words(name).values[rows]
            return ids
        try:
            values: Array = self._datasets[name][rows]
        except (OSError, RuntimeError) as error:
            raise self._damaged(name, error) from error
        return values if values.dtype.isnative else values.astype(values.dtype.newbyteorder("="))

    def _damaged(self, name: str, error: Exception) -> DataError:
        text = Text("{file} is damaged: its column {column} cannot be read.", {"file": self._title, "column": name})
        return DataError(text, str(error))

    def close(self) -> None:
        self._file.close()


def _unreadable(dataset: Any) -> Text | None:
    """Why a dataset is no column; None if it is one."""
    import h5py

    if dataset.is_virtual or dataset.external:
        return _LINK
    if not dataset.shape:
        return NO_SAMPLES
    if h5py.check_string_dtype(dataset.dtype) is not None:
        return None if len(dataset.shape) == 1 and dataset.shape[0] <= _MOST_WORDS else _TOO_MANY_WORDS
    sample_bytes = np.prod(dataset.shape[1:], dtype=float) * dataset.dtype.itemsize
    if sample_bytes > _LARGEST_SAMPLE:
        return _TOO_LARGE
    return unusable_dtype(dataset.dtype)
