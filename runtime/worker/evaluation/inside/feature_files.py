"""Files that features are written into block by block, so that they need not fit into memory.

Each holds `features` (samples, *shape) in the order of the samples, `row` with their numbers within the part, and the
truth of each output as `truth/<output>`, where it is known.
"""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from resources.text import Text
from runtime.worker.process.control import WorkerError

Array = NDArray[Any]
FORMATS: Final = (".h5", ".hdf5", ".npz", ".parquet")
_MOST_COLUMNS: Final = 2_048  # of a table; wider ones have one column of lists
TRUTH: Final = "truth/"


class FeatureFile(Protocol):
    """Written in order; `close` makes it whole."""

    def write(self, values: Array, truths: Mapping[str, Array]) -> None: ...

    def close(self) -> None: ...


def feature_file(path: Path, suffix: str, count: int, first: Array) -> FeatureFile:
    """`first` are the first values, which say shape and data type. Raises WorkerError for another kind of file."""
    if first.dtype.kind not in "biuf":
        raise WorkerError(Text("What comes out of it are words, which are no features."))
    if suffix in (".h5", ".hdf5"):
        return _Hdf5(path, count, first)
    if suffix == ".npz":
        return _Npz(path, count, first)
    if suffix == ".parquet":
        return _Parquet(path, first)
    raise WorkerError(
        Text.of("Features are written as {kinds}, not as {kind}.", kinds=", ".join(FORMATS), kind=suffix or "?")
    )


class _Rest:
    """What is small enough to be kept until the end: truths."""

    def __init__(self) -> None:
        self._parts: dict[str, list[Array]] = {}

    def add(self, truths: Mapping[str, Array]) -> None:
        for name, values in truths.items():
            if values.dtype.kind in "biuf":
                self._parts.setdefault(f"{TRUTH}{name}", []).append(np.array(values))

    def arrays(self) -> dict[str, Array]:
        return {name: np.concatenate(parts) for name, parts in self._parts.items()}


class _Hdf5:
    def __init__(self, path: Path, count: int, first: Array) -> None:
        import h5py

        self._file = h5py.File(path, "w")
        self._features = self._file.create_dataset("features", (count, *first.shape[1:]), first.dtype)
        self._rest, self._at = _Rest(), 0

    def write(self, values: Array, truths: Mapping[str, Array]) -> None:
        self._features[self._at : self._at + len(values)] = values
        self._at += len(values)
        self._rest.add(truths)

    def close(self) -> None:
        self._file["row"] = np.arange(self._at)
        for name, values in self._rest.arrays().items():
            self._file[name] = values
        self._file.close()


class _Npz:
    """NumPy's archive, whose largest array is streamed into it."""

    def __init__(self, path: Path, count: int, first: Array) -> None:
        self._archive = zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True)
        self._entry: Any = self._archive.open("features.npy", "w", force_zip64=True)
        header = {"descr": first.dtype.str, "fortran_order": False, "shape": (count, *first.shape[1:])}
        np.lib.format.write_array_header_2_0(self._entry, header)
        self._rest, self._at = _Rest(), 0

    def write(self, values: Array, truths: Mapping[str, Array]) -> None:
        self._entry.write(np.ascontiguousarray(values).tobytes())
        self._at += len(values)
        self._rest.add(truths)

    def close(self) -> None:
        self._entry.close()
        for name, values in {"row": np.arange(self._at), **self._rest.arrays()}.items():
            with self._archive.open(f"{name}.npy", "w") as entry:
                np.lib.format.write_array(entry, np.ascontiguousarray(values), allow_pickle=False)
        self._archive.close()


class _Parquet:
    """A row for each sample, a column for each value (`f0`, `f1`, …), or one of lists where they are very many."""

    def __init__(self, path: Path, first: Array) -> None:
        self._path, self._at = path, 0
        self._writer: Any = None
        self._width = int(np.prod(first.shape[1:], dtype=np.int64))

    def write(self, values: Array, truths: Mapping[str, Array]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        flat = values.reshape(len(values), -1)
        columns: dict[str, Any] = {"row": np.arange(self._at, self._at + len(values))}
        if self._width <= _MOST_COLUMNS:
            columns.update({f"f{place}": np.ascontiguousarray(flat[:, place]) for place in range(self._width)})
        else:
            columns["features"] = pa.FixedSizeListArray.from_arrays(pa.array(flat.ravel()), self._width)
        for name, truth in truths.items():
            if truth.dtype.kind in "biuf" and truth.size == len(values):
                columns[f"{TRUTH}{name}"] = truth.ravel()
        table = pa.table(columns)
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema)
        self._writer.write_table(table)
        self._at += len(values)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
