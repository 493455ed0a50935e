"""Runs in folders that are really there, and what the Runs workspace shows of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QItemSelectionModel

from app.panels.runs.panel import RunsPanel
from graph_editor.document.files.file_format import dumps
from resources.text import Text
from resources.training.metric_logs import Direction
from runtime.run_process import write_process
from runtime.spec import RunSpec
from runtime.store import RunResult, RunStore, write_result
from runtime.worker.training.event_log import EventWriter
from tests.gui.training.fakes import World, ended, run_events


def fail(error: OSError) -> None:
    raise error


def write_run(
    world: World, epochs: int = 3, status: Any = "completed", spec: RunSpec | None = None, more: Any = ()
) -> Path:
    """A run folder as a trainer leaves it; `status` "running": this very process seems to train it."""
    store = RunStore(world.session.project_runs.folder)
    folder = store.new_run(spec or world.spec(), dumps(world.session.document))
    writer = EventWriter(folder, fail)
    for event in (*run_events(epochs, seed=epochs), *more):
        writer.write(event)
    if status == "running":
        write_process(folder)
    else:
        writer.write(ended(status, epochs))
        best: dict[str, float | None] = {"val_loss": 0.161, "val_digit_accuracy": 0.951}
        known: dict[str, Direction] = {"loss": "min", "digit_accuracy": "max"}
        error = Text("The loss became NaN.") if status == "failed" else None
        write_result(folder, RunResult(status, epochs, {"loss": 0.2}, best, 75.0, error, "cpu", 110243, known))
        (folder / "model.keras").write_bytes(b"model")
    writer.close()
    return folder


def end(folder: Path, rest: list[Any], epochs: int, seq: int = 0) -> None:
    """Write the rest of a run and its end, as its trainer does."""
    writer = EventWriter(folder, fail)
    writer._seq = seq
    for event in (*rest, ended("completed", epochs)):
        writer.write(event)
    writer.close()
    write_result(folder, RunResult("completed", epochs))


def rows(panel: RunsPanel) -> list[list[str]]:
    model = panel.model
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def plotted(panel: RunsPanel) -> dict[str, Any]:
    card = panel.board.cards.get("loss")
    return dict(card.plot._items) if card is not None else {}


def select(panel: RunsPanel, *wanted: int) -> None:
    selection = panel.table.selectionModel()
    selection.clearSelection()
    flag = QItemSelectionModel.SelectionFlag
    for row in wanted:
        selection.select(panel.model.index(row, 0), flag.Select | flag.Rows)
