"""CSV: a row for every number that was told."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Final

from resources.csv_cells import CsvWriter
from resources.text import Text
from runtime.store import RunInfo
from runtime.tracking.format import GoOn, Table, TrackingFormat
from runtime.tracking.series import COLUMNS, rows_of

_AT_ONCE: Final = 4096  # rows, after which somebody may have thought better of it


def write_curves(runs: Sequence[RunInfo], path: Path, go_on: GoOn) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = CsvWriter(file)
        writer.write(COLUMNS)
        for place, run in enumerate(runs):
            for number, row in enumerate(rows_of(run)):
                if number % _AT_ONCE == 0 and not go_on(place / len(runs)):
                    raise CancelledError
                writer.write(row)


def write_table(table: Table, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = CsvWriter(file)
        for row in (table.columns, *table.rows):
            writer.write(row)


FORMAT: Final = TrackingFormat("csv", Text("CSV (.csv)…"), ".csv", 10, write_curves, write_table)
