"""Files of predictions: CSV, Parquet and NPZ. Free of Keras."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from resources.csv_cells import CsvWriter
from resources.text import Text
from runtime.worker.evaluation.listing.predicted_table import Column
from runtime.worker.evaluation.listing.writing import write_whole
from runtime.worker.evaluation.measuring.results import Array
from runtime.worker.process.control import WorkerError
from runtime.worker.process.waiting import got_on

_AT_ONCE: Final = 4096  # rows


def write_predictions(path: Path, columns: Sequence[Column]) -> None:
    """All of it, or nothing; what is there is replaced. Raises WorkerError, CancelledError."""
    write = writer_of(path)
    if write is _write_csv and (wide := [column.name for column in columns if not column.single]):
        raise WorkerError(
            Text.of(
                "A cell of CSV holds one value, and {output} has many a sample: choose a .npz or .parquet file.",
                output=wide[-1],
            )
        )
    write_whole(path, lambda written: write(written, columns))


def writer_of(path: Path) -> Callable[[Path, Sequence[Column]], None]:
    """Raises WorkerError for a name with another ending."""
    found = _WRITERS.get(path.suffix.lower())
    if found is None:
        endings = ", ".join(_WRITERS)
        raise WorkerError(Text.of("{file} must end with one of these: {endings}.", file=path.name, endings=endings))
    return found


def _write_csv(path: Path, columns: Sequence[Column]) -> None:
    rows = len(columns[0].values)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = CsvWriter(file)
        writer.write([column.name for column in columns])
        for first in range(0, rows, _AT_ONCE):
            got_on(first, rows, "rows")
            for row in zip(*(_cells(column.values[first : first + _AT_ONCE]) for column in columns), strict=True):
                writer.write(row)


def _cells(values: Array) -> list[Any]:
    """As short as they can be read back: 0.1 of float32 is 0.1, a missing number an empty cell."""
    if values.dtype.kind == "f":
        short = values.astype(str).astype(np.float64)
        return [None if value != value else value for value in short.tolist()]
    found: list[Any] = (values.astype(np.int64) if values.dtype.kind == "b" else values).tolist()
    return found


def _write_parquet(path: Path, columns: Sequence[Column]) -> None:
    """Of many values a sample a column holds lists, flattened in C order."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    def array(values: Array) -> Any:
        if values.dtype.kind in "OU":
            return pa.array([str(value) for value in values.tolist()], pa.string())
        if values.ndim == 1:
            return pa.array(values)
        flat = np.ascontiguousarray(values).reshape(len(values), -1)
        return pa.FixedSizeListArray.from_arrays(pa.array(flat.reshape(-1)), flat.shape[1])

    arrays = [array(column.values) for column in columns]
    got_on(0, None, "rows")
    pq.write_table(pa.Table.from_arrays(arrays, names=[column.name for column in columns]), path)


def _write_npz(path: Path, columns: Sequence[Column]) -> None:
    """Arrays by the names of columns; what no file can be called stands as a line below."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for place, column in enumerate(columns):
            got_on(place, len(columns), "columns")
            values = column.values.astype(str) if column.values.dtype.kind == "O" else column.values
            name = "".join("_" if sign in '/\\:"<>|?*' or not sign.isprintable() else sign for sign in column.name)
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.ascontiguousarray(values), allow_pickle=False)


_WRITERS: Final[dict[str, Callable[[Path, Sequence[Column]], None]]] = {
    ".csv": _write_csv, ".parquet": _write_parquet, ".npz": _write_npz,
}  # fmt: skip
