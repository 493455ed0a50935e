"""A list of samples, and what was predicted of them, as a CSV file. Free of Keras."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from resources.atomic import replaceable, swap_in
from resources.csv_cells import Cell, CsvWriter
from resources.os_reasons import os_reason
from resources.temporaries import temporary_name
from resources.text import Text
from runtime.worker.evaluation.listing.looks import Looks, predicted_text, true_text
from runtime.worker.evaluation.measuring.judging import Judged
from runtime.worker.evaluation.measuring.results import Array, Results
from runtime.worker.process.control import WorkerError
from runtime.worker.process.waiting import got_on

_MOST_CLASSES: Final = 100  # whose probabilities are written


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """`write` writes the file; it gets its name when it is whole. Raises WorkerError."""
    try:
        target, mode = replaceable(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        written = target.with_name(temporary_name(target.name))
        try:
            write(written)
            swap_in(written, target, mode)
        finally:
            written.unlink(missing_ok=True)
    except OSError as error:
        reason = os_reason(error)
        raise WorkerError(Text.of("{file} was not saved: {reason}.", file=str(path), reason=reason)) from error


def write_list(
    path: Path, results: Results, judged: Judged, score: Array | None, places: Sequence[int], looks: Looks | None
) -> None:
    """A row a sample, in this order. Raises WorkerError, CancelledError."""
    names = looks.shown if looks is not None else ()
    shares = results.classes if results.kind in ("classes", "binary", "labels") else ()
    shares = shares if len(shares) <= _MOST_CLASSES else ()

    def row(place: int) -> list[Cell]:
        cells: list[Cell] = [place, looks.name(place) if looks is not None else ""]
        cells += [true_text(results, place), predicted_text(results, place)]
        cells.append("" if judged.right is None else int(judged.right[place]))
        cells.append("" if score is None else float(score[place]))
        cells += [float(f"{share:.7g}") for share in results.scores[place].reshape(-1)[: len(shares)]]
        if looks is not None:
            cells += [looks.columns.written(name, int(looks.columns.rows[place])) for name in names]
        return cells

    def write(written: Path) -> None:
        with written.open("w", encoding="utf-8", newline="") as file:
            writer = CsvWriter(file)
            writer.write(
                ("row", "name", "true", "predicted", "right", "score", *(f"p {name}" for name in shares), *names)
            )
            for number, place in enumerate(places):
                got_on(number, len(places), "rows")
                writer.write(row(place))

    write_whole(path, write)
