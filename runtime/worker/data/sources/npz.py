"""NumPy's `.npz` archives: each array is a column. Pickled objects are refused."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from resources.python_code.parts import Constant, Loading
from resources.python_code.pieces import list_of, quoted
from resources.regular_files import open_regular
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

KIND = DataKind("npz", Text("NumPy archive"), (".npz",))
_LOAD: Final = '''def load_data():
    """The columns that the model is trained on."""
    with np.load(DATA_FILE, allow_pickle=False) as file:
        return {name: as_numbers(file[name]) for name in COLUMNS}
'''
_LARGEST = 64 * 2**30  # bytes an archive may unpack to


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    file = require_file(source.path)
    try:
        with open_regular(file) as stream:
            with zipfile.ZipFile(stream) as archive:
                if sum(member.file_size for member in archive.infolist()) > _LARGEST:
                    raise DataError(Text("{file} unpacks to more than 64 GB.", {"file": file.name}))
            stream.seek(0)
            with np.load(stream, allow_pickle=False) as arrays:
                return NpzSource(file.name, {name: _array(arrays, name, file.name) for name in arrays.files})
    except (zipfile.BadZipFile, ValueError, OSError, EOFError) as error:
        text = Text("{file} is no readable NumPy archive: {reason}", {"file": file.name, "reason": str(error)})
        raise DataError(text) from error


def _array(arrays: Any, name: str, file: str) -> Array:
    try:
        array: Array = arrays[name]
    except ValueError as error:
        text = Text(
            "{file}: the array {column} holds Python objects, which are not read.", {"file": file, "column": name}
        )
        raise DataError(text, str(error)) from error
    return array


def source_code(source: DataSource, columns: Sequence[str]) -> Loading:
    constants = (data_file(source), Constant("COLUMNS", list_of(map(quoted, columns))))
    return Loading((IMPORT_NUMPY,), constants, (AS_NUMBERS, _LOAD))


class NpzSource(Source):
    """Everything is read at once: an archive is compressed as a whole."""

    def __init__(self, title: str, arrays: dict[str, Array]) -> None:
        self._title = title
        self._words: dict[str, tuple[str, ...]] = {}
        self._arrays: dict[str, Array] = {}
        left_out = []
        for name, array in arrays.items():
            if array.ndim and array.dtype.kind in "US":
                texts = array.astype(str) if array.dtype.kind == "S" else array
                self._arrays[name], self._words[name] = words_to_ids(texts)
            elif array.ndim and array.dtype.kind in "biuf":
                self._arrays[name] = array
            else:
                left_out.append(name)
        if left_out:
            self.note = Text(
                "Left out, because they are no columns of numbers: {names}.", {"names": ", ".join(left_out)}
            )

    @property
    def title(self) -> str:
        return self._title

    def names(self) -> tuple[str, ...]:
        return tuple(self._arrays)

    def shape(self, name: str) -> tuple[int, ...]:
        return self._arrays[name].shape

    def dtype(self, name: str) -> np.dtype[Any]:
        return self._arrays[name].dtype

    def categories(self, name: str) -> tuple[str, ...]:
        return self._words.get(name, ())

    def read(self, name: str, rows: slice) -> Array:
        self.require(name)
        return self._arrays[name][rows]
