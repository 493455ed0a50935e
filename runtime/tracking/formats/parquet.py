"""Parquet, by pyarrow, which is imported when somebody asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import CancelledError
from itertools import islice
from pathlib import Path
from typing import Any, Final

from resources.csv_cells import Cell
from resources.text import Text
from runtime.store import RunInfo
from runtime.tracking.format import GoOn, Table, TrackingFormat
from runtime.tracking.series import COLUMNS, rows_of

_AT_ONCE: Final = 1 << 16  # rows in memory


def write_curves(runs: Sequence[RunInfo], path: Path, go_on: GoOn) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = (pa.int64(), pa.string(), pa.string(), pa.string(), pa.int64(), pa.int64(), pa.float64(), pa.float64())
    schema = pa.schema(list(zip(COLUMNS, kinds, strict=True)))
    with pq.ParquetWriter(path, schema) as writer:
        for place, run in enumerate(runs):
            rows = rows_of(run)
            while part := list(islice(rows, _AT_ONCE)):
                if not go_on(place / len(runs)):
                    raise CancelledError
                columns = [pa.array(column, kind) for column, kind in zip(zip(*part, strict=True), kinds, strict=True)]
                writer.write_table(pa.Table.from_arrays(columns, schema=schema))


def write_table(table: Table, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = list(zip(*table.rows, strict=True)) or [()] * len(table.columns)
    arrays = [_column(pa, column) for column in columns]
    pq.write_table(pa.Table.from_arrays(arrays, names=_different(table.columns)), path)


def _column(pa: Any, values: Sequence[Cell]) -> Any:
    """Numbers where all are numbers; else words."""
    if all(value is None or isinstance(value, int | float) for value in values):
        return pa.array([None if value is None else float(value) for value in values], pa.float64())
    return pa.array([None if value is None else str(value) for value in values], pa.string())


def _different(names: Sequence[str]) -> list[str]:
    """No name twice: readers of Parquet find columns by them."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found


FORMAT: Final = TrackingFormat("parquet", Text("Parquet (.parquet)…"), ".parquet", 20, write_curves, write_table)
