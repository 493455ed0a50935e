"""Words for columns and samples. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from app.panels.plots.formats import count_text
from resources.text import Text, tr
from runtime.spec import ColumnKind

KINDS: dict[ColumnKind, Text] = {
    "number": Text("number"),
    "category": Text("category"),
    "text": Text("text"),
    "image": Text("picture"),
    "mask": Text("mask"),
    "audio": Text("sound"),
    "date": Text("date"),
    "sequence": Text("sequence"),
}


def kind_text(kind: ColumnKind) -> str:
    """Return what a kind of column is called."""
    return str(KINDS[kind])


def shape_text(shape: Sequence[int | None]) -> str:
    """(8, 8) is "8×8"; one number a sample is a "scalar"."""
    return "×".join("?" if size is None else str(size) for size in shape) or tr("scalar")


def sample_text(row: int, samples: int) -> str:
    """Return which sample it is, counted from 1."""
    return tr("Sample {number} of {samples}", number=count_text(row + 1), samples=count_text(samples))
