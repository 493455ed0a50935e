"""HDF5 files: every dataset of numbers or words, anywhere in the tree, is a column named by its path.

Nothing outside the file is ever read: links, external storage and virtual datasets are left out, and that is said.
The desktop asks this module for `KIND`, and must not have h5py for that: it is imported where a file is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from resources.python_code.parts import Constant, Loading
from resources.python_code.pieces import list_of, quoted
from resources.text import Text
from runtime.data_kinds import DataKind
from runtime.lazy import LazyModule
from runtime.python_code import AS_NUMBERS, IMPORT_NUMPY, data_file
from runtime.spec import DataSource
from runtime.worker.data.source import Array, DataError, Source, require_file, words_to_ids

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
    return Loading(("import h5py", IMPORT_NUMPY), constants, (AS_NUMBERS, _LOAD))


class Hdf5Source(Source):
    def __init__(self, title: str, file: Any) -> None:
        self._title = title
        self._file = file
        self._datasets: dict[str, Any] = {}
        self._words: dict[str, tuple[Array, tuple[str, ...]]] = {}
        self._left_out: list[str] = []
        for name, dataset in self._walk(file, "", set(), 0):
            if len(self._datasets) == _MOST_COLUMNS:
                raise DataError(Text("{file} has more than {count} datasets.", {"file": title, "count": _MOST_COLUMNS}))
            self._add(name, dataset)
        if self._left_out:
            names = ", ".join(self._left_out[:8]) + (" …" if len(self._left_out) > 8 else "")
            self.note = Text("Left out, because they are links or no columns of numbers: {names}.", {"names": names})

    def _walk(self, group: Any, prefix: str, addresses: set[object], depth: int) -> Iterator[tuple[str, Any]]:
        import h5py

        for key in group:
            name = prefix + key
            if not isinstance(group.get(key, getlink=True), h5py.HardLink) or depth > _DEEPEST:
                self._left_out.append(name)
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
        if dataset.shape and not dataset.is_virtual and not dataset.external and self._is_readable(dataset):
            self._datasets[name] = dataset
        else:
            self._left_out.append(name)

    def _is_readable(self, dataset: Any) -> bool:
        import h5py

        if h5py.check_string_dtype(dataset.dtype) is not None:
            return len(dataset.shape) == 1 and dataset.shape[0] <= _MOST_WORDS
        sample_bytes = np.prod(dataset.shape[1:], dtype=float) * dataset.dtype.itemsize
        return dataset.dtype.kind in "biuf" and bool(sample_bytes <= _LARGEST_SAMPLE)

    @property
    def title(self) -> str:
        return self._title

    def names(self) -> tuple[str, ...]:
        return tuple(self._datasets)

    def in_memory(self) -> bool:
        return False

    def shape(self, name: str) -> tuple[int, ...]:
        shape: tuple[int, ...] = self._datasets[name].shape
        return shape

    def dtype(self, name: str) -> np.dtype[Any]:
        dtype: np.dtype[Any] = self._datasets[name].dtype
        return np.dtype(np.int64) if self._is_words(name) else dtype

    def _is_words(self, name: str) -> bool:
        import h5py

        return h5py.check_string_dtype(self._datasets[name].dtype) is not None

    def categories(self, name: str) -> tuple[str, ...]:
        return self._read_words(name)[1] if self._is_words(name) else ()

    def _read_words(self, name: str) -> tuple[Array, tuple[str, ...]]:
        if name not in self._words:
            try:
                texts = np.array(self._datasets[name].asstr(errors="replace")[:], dtype=str)
            except (OSError, RuntimeError) as error:
                raise self._unreadable(name, error) from error
            self._words[name] = words_to_ids(texts)
        return self._words[name]

    def read(self, name: str, rows: slice) -> Array:
        self.require(name)
        if self._is_words(name):
            return self._read_words(name)[0][rows]
        try:
            values: Array = self._datasets[name][rows]
        except (OSError, RuntimeError) as error:
            raise self._unreadable(name, error) from error
        return values if values.dtype.isnative else values.astype(values.dtype.newbyteorder("="))

    def _unreadable(self, name: str, error: Exception) -> DataError:
        text = Text("{file} is damaged: its column {column} cannot be read.", {"file": self._title, "column": name})
        return DataError(text, str(error))

    def close(self) -> None:
        self._file.close()
