"""The one place that writes CSV. Spreadsheets run a cell that begins like a formula: words are kept from that here."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TextIO

Cell = str | float | int | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class CsvWriter:
    """Writes rows to a file that was opened with `newline=""`."""

    def __init__(self, file: TextIO) -> None:
        self._writer = csv.writer(file)

    def write(self, row: Iterable[Cell]) -> None:
        self._writer.writerow([plain(cell) for cell in row])


def plain(cell: Cell) -> Cell:
    """A word that begins like a formula gets a quotation mark before it, as spreadsheets write text; numbers stay."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
