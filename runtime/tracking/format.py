"""What curves and tables of runs can be written as: each is a module of `formats` that has a `FORMAT`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

from resources.csv_cells import Cell
from resources.registry import modules_with
from resources.text import Text
from runtime.store import RunInfo

_PACKAGE: Final = "runtime.tracking.formats"
GoOn = Callable[[float], bool]  # gets the share that is done; what it says is whether to go on


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of equal length under names of columns. A cell is a number, a word, or nothing."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class TrackingFormat:
    """`suffix` is empty where a folder is written. What cannot hold a table has no `write_table`.

    Both write to a path that is not there yet, and raise OSError; a writer that was told not to go on raises
    CancelledError of concurrent.futures.
    """

    key: str
    title: Text
    suffix: str
    order: int
    write_curves: Callable[[Sequence[RunInfo], Path, GoOn], None]
    write_table: Callable[[Table, Path], None] | None = None


def tracking_formats() -> tuple[TrackingFormat, ...]:
    found: list[TrackingFormat] = [module.FORMAT for module in modules_with(import_module(_PACKAGE), "FORMAT")]
    return tuple(sorted(found, key=lambda entry: (entry.order, entry.key)))
