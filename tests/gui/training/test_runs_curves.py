"""The curves of runs in the Runs workspace: read, followed while a run goes on, kept, and read anew."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.panels.runs import runs_reader
from app.panels.runs.runs_reader import RunCurvesReader, read_on
from graph_editor.document.document import Document
from graph_editor.document.files.file_format import dumps
from runtime.messages.control import STOP_FILE
from runtime.run_process import write_process
from runtime.store import RunResult, RunStore, write_result
from runtime.worker.training.event_log import EventWriter
from tests.gui.training.conftest import OpenRuns
from tests.gui.training.fakes import World, child, ended, press, run_events
from tests.gui.training.run_folders import end, fail, rows, select, write_run

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_a_run_in_the_background_is_followed_and_stopped(open_runs: OpenRuns, world: World, qtbot: QtBot) -> None:
    folder = write_run(world, 1, "running")
    panel = open_runs()
    assert rows(panel)[0][2] == "running"
    assert not child(panel, QPushButton, "delete_run").isEnabled()
    qtbot.waitUntil(lambda: "loss" in panel.board.cards)
    writer = EventWriter(folder, fail)
    writer._seq = 1000
    for event in list(run_events(3))[4:]:
        writer.write(event)
    reader = panel._memory.get(folder)
    assert reader is not None
    qtbot.waitUntil(lambda: reader.curves.epoch == 3, timeout=4000)
    qtbot.waitUntil(lambda: rows(panel)[0][5].startswith("3 /"), timeout=4000)
    press(panel, "stop_run")
    assert (folder / STOP_FILE).exists()
    assert not child(panel, QPushButton, "stop_run").isEnabled()
    writer.write(ended("stopped", 3))
    writer.close()
    write_result(folder, RunResult("stopped", 3))
    qtbot.waitUntil(lambda: rows(panel)[0][2] == "stopped", timeout=4000)
    assert not child(panel, QPushButton, "stop_run").isVisible()


def test_a_run_that_ended_while_nobody_looked_has_its_curves(open_runs: OpenRuns, world: World, qtbot: QtBot) -> None:
    """It was found when it had written nothing yet."""
    folder = RunStore(world.session.project_runs.folder).new_run(world.spec(), dumps(world.session.document))
    write_process(folder)
    panel = open_runs()
    qtbot.waitUntil(lambda: panel._memory.get(folder) is not None)
    panel.hide()
    end(folder, list(run_events(3)), 3)
    panel.show()
    qtbot.waitUntil(lambda: rows(panel)[0][2] == "finished", timeout=4000)
    qtbot.waitUntil(lambda: "loss" in panel.board.cards, timeout=4000)
    reader = panel._memory.get(folder)
    assert reader is not None
    assert reader.curves.finished
    assert reader.curves.epoch == 3


def test_the_curve_reaches_the_end_of_a_run_that_ends_while_it_is_seen(
    open_runs: OpenRuns, world: World, qtbot: QtBot
) -> None:
    folder = write_run(world, 1, "running")
    panel = open_runs()
    qtbot.waitUntil(lambda: "loss" in panel.board.cards)
    panel._timer.stop()  # nothing is read between the last steps and the news of the end
    end(folder, list(run_events(3))[4:], 3, 1000)
    panel.reload()
    qtbot.waitUntil(lambda: rows(panel)[0][2] == "finished", timeout=4000)
    reader = panel._memory.get(folder)
    assert reader is not None
    qtbot.waitUntil(lambda: reader.curves.finished, timeout=4000)
    assert reader.curves.epoch == 3


@pytest.mark.parametrize("status", ["early_stopped", "failed"])
def test_the_curve_reaches_the_end_of_a_run_that_ends_in_any_way(
    open_runs: OpenRuns, world: World, qtbot: QtBot, status: Any
) -> None:
    folder = write_run(world, 1, "running")
    panel = open_runs()
    qtbot.waitUntil(lambda: "loss" in panel.board.cards)
    panel.hide()
    writer = EventWriter(folder, fail)
    writer._seq = 1000
    last = [ended(status, 3)] if status != "failed" else []  # one that was killed says nothing
    for event in (*list(run_events(3))[4:], *last):
        writer.write(event)
    writer.close()
    write_result(folder, RunResult(status, 3))
    panel.show()
    reader = panel._memory.get(folder)
    assert reader is not None
    qtbot.waitUntil(lambda: reader.curves.epoch == 3, timeout=4000)
    qtbot.waitUntil(lambda: reader.complete, timeout=4000)


def test_a_run_in_a_folder_of_the_same_name_has_curves_of_its_own(
    open_runs: OpenRuns, world: World, qtbot: QtBot
) -> None:
    folder = write_run(world, 3)
    panel = open_runs()
    qtbot.waitUntil(lambda: "loss" in panel.board.cards)
    shutil.rmtree(folder)  # by hand, or by another window
    assert write_run(world, 2) == folder
    panel.reload()

    def read() -> bool:
        reader = panel._memory.get(folder)
        return reader is not None and reader.curves.epoch == 2 and panel.board.shown.runs == [reader.curves]

    qtbot.waitUntil(read)


def test_a_run_that_could_not_be_read_at_first_has_its_curves_when_it_can(
    open_runs: OpenRuns, world: World, qtbot: QtBot
) -> None:
    folder = write_run(world, 3)
    result = (folder / "result.json").read_bytes()
    (folder / "result.json").write_text("{", "utf-8")
    panel = open_runs()
    assert rows(panel)[0][2] == "damaged"
    (folder / "result.json").write_bytes(result)
    panel.reload()
    qtbot.waitUntil(lambda: "loss" in panel.board.cards)


def test_all_that_are_compared_are_drawn_however_many(
    open_runs: OpenRuns, world: World, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.panels.runs.runs_reader.LONGEST_MEMORY", 1)
    for _ in range(3):
        write_run(world, 1)
    panel = open_runs()
    panel.table.selectAll()
    qtbot.waitUntil(lambda: len(panel.board.shown.runs) == 3)


def test_one_that_cannot_be_read_on_holds_up_no_other_and_nothing_read_is_lost(world: World) -> None:
    folders = [write_run(world, epochs, "running") for epochs in (1, 2)]
    readers = [RunCurvesReader(folder, "run") for folder in folders]
    kept = folders[1] / "kept"
    (folders[1] / "events.jsonl").rename(kept)
    (folders[1] / "events.jsonl").mkdir()
    for update in read_on([(reader, True) for reader in readers]):
        update()
    assert [(reader.curves.epoch, reader.complete) for reader in readers] == [(1, True), (0, False)]
    (folders[1] / "events.jsonl").rmdir()
    kept.rename(folders[1] / "events.jsonl")
    read_on([(readers[1], False)])  # and what it returned got lost
    for update in read_on([(readers[1], True)]):
        update()
    assert readers[1].curves.epoch == 2


def test_the_curves_of_another_project_go_with_it(open_runs: OpenRuns, world: World, qtbot: QtBot) -> None:
    write_run(world, 3)
    panel = open_runs()
    qtbot.waitUntil(lambda: "loss" in panel.board.cards)
    world.session.replace(Document(world.session.catalog.keras_version), None)
    assert not panel.board.shown.runs


def test_a_long_run_says_how_far_its_curves_are_read_and_another_choice_ends_that(
    open_runs: OpenRuns, world: World, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    short, long = write_run(world, 1), write_run(world, 2)
    panel = open_runs()
    go_on, told = threading.Event(), list[int]()
    read_first = RunCurvesReader.read_first

    def slow(reader: RunCurvesReader, tell: Callable[[int], bool]) -> RunCurvesReader:
        if reader.folder == long:
            told.append(tell(reader.size // 2))
            assert go_on.wait(10)
            told.append(tell(reader.size))
            return reader
        return read_first(reader, tell)

    panel._memory.clear()
    monkeypatch.setattr(RunCurvesReader, "read_first", slow)
    select(panel, 0)
    qtbot.waitUntil(panel.reading_label.isVisible)
    qtbot.waitUntil(lambda: panel.reading_label.text() == "Reading the curves: 50 %")
    assert not panel.board.shown.runs, "nothing is shown under its name yet"
    select(panel, 1)
    qtbot.waitUntil(lambda: [curves.title for curves in panel.board.shown.runs] == ["run 1"])
    go_on.set()
    qtbot.waitUntil(lambda: told == [True, False])
    assert not panel._reading.busy and short in panel._memory._readers and long not in panel._memory._readers
    qtbot.waitUntil(lambda: not panel.reading_label.isVisible())


def test_a_run_that_was_read_in_part_is_read_on_a_little_at_a_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_run(world, 3)
    monkeypatch.setattr(runs_reader, "_AT_ONCE", 500)
    reader, rounds = RunCurvesReader(folder, "run"), 0
    while not reader.complete:
        for update in read_on([(reader, True)]):
            update()
        rounds += 1
    whole = RunCurvesReader(folder, "run").read_first()
    assert rounds > 3 and reader.curves.epoch == whole.curves.epoch == 3
    for name, metric in whole.curves.metrics.items():
        assert reader.curves.metrics[name].steps.raw.y.tolist() == metric.steps.raw.y.tolist()


def test_events_that_are_missing_are_told(open_runs: OpenRuns, world: World, qtbot: QtBot) -> None:
    folder = write_run(world, 3)
    lines = (folder / "events.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "events.jsonl").write_bytes(b"".join([*lines[:4], *lines[6:]]))
    panel = open_runs()
    qtbot.waitUntil(panel.reading_label.isVisible)
    assert panel.reading_label.text().endswith("2 events that were not written.")


def test_the_curves_that_were_looked_at_longest_ago_are_forgotten_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is asked of all runs in between, as is done twice a second while one of them goes on."""
    monkeypatch.setattr(runs_reader, "LONGEST_MEMORY", 3)
    for _ in range(4):
        write_run(world, 1)
    runs = RunStore(world.session.project_runs.folder).all_runs()
    memory = runs_reader.CurvesMemory()
    memory.keep([RunCurvesReader(run.folder, run.name) for run in runs[:3]])
    assert memory.get(runs[0].folder) is not None
    assert list(memory.of(reversed(runs))) == [run.folder for run in reversed(runs[:3])]
    memory.keep([RunCurvesReader(runs[3].folder, runs[3].name)])
    assert set(memory.of(runs)) == {run.folder for run in (runs[0], runs[2], runs[3])}
