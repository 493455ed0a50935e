"""The list of 10,000 runs: reading them with the index and without, arranging, showing and scrolling, and memory.

The anchor is asking the system for the times of as many folders, in the same run: what reading costs is said in
multiples of that too, since a busy machine slows both. Scrolling paints off screen, in software.
"""

from __future__ import annotations

import gc
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.look.fonts import load_fonts
from app.look.theme import load_theme
from app.look.theme_source import ThemeSource
from app.panels.run_parts.arranging import arranged
from app.panels.run_parts.run_columns import DEFAULT, RunColumns
from app.panels.runs.list.model import RunsModel
from app.panels.runs.list.table import RunsTable
from graph_editor.catalog.catalog import Catalog
from runtime.tracking.run_index import RunIndex
from runtime.tracking.views import View
from tests.benchmarks._report import against_floor, machine, median, milliseconds
from tests.benchmarks.many_runs import write_runs

COUNT = int(os.environ.get("LAMELLA_BENCH_RUNS", "10000"))
ROUNDS = 5
FLOOR_OPEN_S, FLOOR_FRAME_MS, FLOOR_MEMORY_MB = 1.0, 1000 / 60, 300.0


def memory_mb() -> float:
    """The most that this process has had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(work: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    spent = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        spent.append(time.perf_counter() - began)
    return spent


def scrolled(table: RunsTable, steps: int = 60) -> list[float]:
    """Seconds for each frame of a way through all rows."""
    bar, spent = table.verticalScrollBar(), []
    for step in range(steps):
        began = time.perf_counter()
        bar.setValue(bar.maximum() * (step + 1) // steps)
        table.viewport().grab()
        spent.append(time.perf_counter() - began)
    return spent


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    print(machine())
    application = QApplication([])
    load_fonts()
    gc.disable()  # as in the window, which collects by itself, on its own thread (app/system/collector.py)
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "digits.runs"
        write_runs(folder, COUNT)
        measure(folder)
    application.quit()


def measure(folder: Path) -> None:
    catalog = Catalog.load()
    before = memory_mb()
    names = [str(path) for path in folder.iterdir()]
    anchor = timed(lambda: [os.stat(name) for name in names])  # noqa: PTH116 - what the index is held against
    print(f"times of {COUNT:,} folders: {milliseconds(anchor)}")
    first = timed(lambda: RunIndex(folder).read(), 1)
    print(f"the first time, without an index: {first[0]:.1f} s, {first[0] / median(anchor):.0f} times the anchor")
    opened = timed(lambda: _open(folder, catalog))
    print(f"read with the index, with columns and order: {milliseconds(opened)}")
    print(
        f"  {median(opened) / median(anchor):.1f} times the anchor; {against_floor(median(opened), FLOOR_OPEN_S, 's')}"
    )
    index = RunIndex(folder)
    runs = index.read()
    print(f"read again: {milliseconds(timed(index.read))}")
    columns = RunColumns(runs, catalog)
    filtered = View(filter="val_loss < 0.3 -status:failed", sort="best.val_loss", group="optimizer")
    print(f"filtered, sorted, grouped: {milliseconds(timed(lambda: arranged(runs, columns, filtered)))}")
    look = ThemeSource(load_theme("dark"))
    model = RunsModel(look)
    table = RunsTable(model)
    table.resize(1400, 700)
    table.show()
    rows, none = arranged(runs, columns, View()), arranged((), columns, View())
    shown = [column for key in DEFAULT if (column := columns.get(key)) is not None]

    def show() -> None:
        model.show_rows(none, shown)
        model.show_rows(rows, shown)
        table.show_view(View(), fit=True)
        table.viewport().grab()

    print(f"shown, on the thread of the window: {milliseconds(timed(show))}")
    frames = scrolled(table)
    print(f"scrolled from the first to the last: {milliseconds(frames)}")
    print(f"  {against_floor(median(frames) * 1e3, FLOOR_FRAME_MS, 'ms')}")
    print(
        f"memory: {memory_mb() - before:.0f} MB more than before; {against_floor(memory_mb(), FLOOR_MEMORY_MB, 'MB')}"
    )


def _open(folder: Path, catalog: Catalog) -> object:
    runs = RunIndex(folder).read()
    return arranged(runs, RunColumns(runs, catalog), View())


if __name__ == "__main__":
    main()
