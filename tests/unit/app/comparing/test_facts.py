"""What differs between runs, and which run started from which."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.panels.runs.comparing.facts import UNKNOWN, facts_of, rows_of, table_of
from app.panels.runs.comparing.lineage import starts_of, trees_of
from graph_editor.catalog.catalog import Catalog
from resources.training.metric_logs import Direction
from runtime.spec import DataSource, DataSpec, KerasObject, RunSpec, TrainingSettings
from runtime.store import RunInfo, RunResult

CATALOG = Catalog.load()
KNOWN: dict[str, Direction] = {"loss": "min", "accuracy": "max"}


def model(units: int, *more: str) -> dict[str, Any]:
    layers = [{"class_name": "Dense", "config": {"name": "dense", "units": units}}]
    layers += [{"class_name": "Dropout", "config": {"name": name, "rate": 0.5}} for name in more]
    return {"module": "keras", "class_name": "Functional", "config": {"name": "m", "layers": layers}}


def info(
    number: int, loss: float, rate: float = 0.001, units: int = 8, weights: str | None = None, status: Any = "completed"
) -> RunInfo:
    optimizer = KerasObject("Adam", {"learning_rate": rate, "beta_1": 0.9})
    made = model(units, *(["drop"] if number == 2 else []))
    source = DataSource("csv", f"/data/{'a' if number < 3 else 'b'}.csv")
    spec = RunSpec("r", made, DataSpec((source,)), (), TrainingSettings(optimizer, epochs=3), initial_weights=weights)
    result = RunResult(status, 3, {"loss": loss}, {"val_loss": loss, "accuracy": 1 - loss}, 60.0, directions=KNOWN)
    return RunInfo(Path(f"/p/digits.runs/{number:04d}-r"), number, "r", 0.0, spec, result, None, None)


def test_settings_data_graph_and_figures_that_differ() -> None:
    runs = [facts_of(run, CATALOG) for run in (info(1, 0.5), info(2, 0.4, 0.01, 16), info(3, 0.4))]
    rows = {row.title: row for row in rows_of(runs) if row.differs}
    assert rows["learning rate"].numbers == (0.001, 0.01, 0.001)
    assert rows["data file"].texts == ("/data/a.csv", "/data/a.csv", "/data/b.csv")
    assert rows["dense · units"].texts == ("8", "16", "8") and rows["dense · units"].group == "graph"
    assert rows["drop"].texts == ("–", "Dropout", "–")
    assert rows["best val_loss"].best == {1, 2} and rows["best accuracy"].best == {1, 2}
    assert "Adam beta_1" not in rows and "Status" not in rows


def test_nobody_is_best_where_nothing_differs_or_is_known() -> None:
    runs = [facts_of(info(number, 0.5), CATALOG) for number in (1, 2)]
    assert not any(row.best for row in rows_of(runs))


def test_of_an_imported_run_only_figures_are_known() -> None:
    runs = [facts_of(info(1, 0.5), CATALOG), facts_of(info(4, 0.3, status="imported"), CATALOG)]
    rows = {row.title: row for row in rows_of(runs)}
    assert rows["learning rate"].texts[1] == UNKNOWN and rows["best val_loss"].best == {1}


def test_the_table_has_numbers_as_numbers_and_rows_of_equal_length() -> None:
    table = table_of([facts_of(run, CATALOG) for run in (info(1, 0.5), info(4, 0.3, status="imported"))])
    assert {len(row) for row in table.rows} == {len(table.columns)}
    place = table.columns.index("learning rate")
    assert [row[place] for row in table.rows] == [0.001, None]
    assert table.rows[0][table.columns.index("best val_loss")] == 0.5


def test_a_run_that_started_from_another_one_stands_below_it() -> None:
    there = info(1, 0.5)
    moved = info(2, 0.4, weights="/elsewhere/old/digits.runs/0001-r/model.keras")
    windows = info(3, 0.3, weights="C:\\p\\digits.runs\\0002-r\\best.keras")
    strange = info(4, 0.2, weights="/downloads/0001-r/resnet.keras")
    starts = starts_of([there, moved, windows, strange])
    assert starts[moved.folder].parent == there.folder and starts[windows.folder].parent == moved.folder
    assert starts[strange.folder].parent is None
    trees = trees_of([there, moved, windows, strange, info(5, 0.1)])
    assert [tree.run.number for tree in trees] == [1, 4] and trees[1].file == "resnet.keras"
    assert trees[0].children[0].children[0].run.number == 3
    (only,) = trees_of([there, moved, windows, strange], [windows.folder])
    assert only.run.number == 1
    assert len(trees_of([there, moved, windows, strange, info(5, 0.1)], [info(5, 0.1).folder])) == 2


def test_a_circle_ends() -> None:
    first = info(1, 0.5, weights="/p/digits.runs/0002-r/model.keras")
    second = info(2, 0.5, weights="/p/digits.runs/0001-r/model.keras")
    assert trees_of([first, second], [first.folder]) == []
