"""The Runs workspace, on folders that are really there: what is listed, chosen and told of each run."""

from __future__ import annotations

import threading

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.engine.run_controller import RunController
from app.look.theme import load_theme
from app.look.theme_source import ThemeSource
from app.panels.runs.panel import RunsPanel
from graph_editor.background.background import Background
from runtime import events
from runtime.messages.training import Stop
from runtime.spec import KerasObject
from runtime.tracking.run_index import GoOn, RunIndex, TrackedRun
from tests.gui.training.conftest import OpenRuns, Show
from tests.gui.training.fakes import World, child, press
from tests.gui.training.run_folders import plotted, rows, select, write_run

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_without_runs_it_says_what_comes_here(open_runs: OpenRuns, world: World, qtbot: QtBot) -> None:
    panel = open_runs()
    assert child(panel, QLabel, "runs_count").text() == "0 runs"
    with qtbot.waitSignal(world.session.navigation.workspace_requested) as asked:
        press(panel, "go_to_train")
    assert asked.args == ["train"]


def test_runs_are_listed_newest_first(open_runs: OpenRuns, world: World) -> None:
    write_run(world, 3)
    write_run(world, 2, "stopped")
    write_run(world, 1, "failed")
    panel = open_runs()
    listed = rows(panel)
    assert [row[0] for row in listed] == ["3", "2", "1"]
    assert [row[2] for row in listed] == ["failed", "stopped", "finished"]
    assert listed[2][4:8] == ["1:15", "3 / 20", "val_loss 0.161 · val_digit_accuracy 0.951", "cpu"]
    assert panel.chosen[0].number == 3


def test_the_chosen_run_shows_its_settings_and_curves(open_runs: OpenRuns, world: World, qtbot: QtBot) -> None:
    write_run(world, 3)
    panel = open_runs()
    qtbot.waitUntil(lambda: "loss" in panel.board.cards)
    words = panel.detail.texts()
    assert "Run 1" in words
    assert words[words.index("optimizer") + 1] == "Adam"
    assert words[words.index("learning rate") + 1] == "0.001"
    assert "SparseCategoricalCrossentropy" in words
    assert "digits.h5" in words
    qtbot.waitUntil(lambda: set(panel.board.cards["loss"].plot._items) >= {"train", "validation"})


def test_the_learning_rate_is_told_where_it_is_the_default_and_where_it_was_changed(
    open_runs: OpenRuns, world: World, qtbot: QtBot
) -> None:
    spec = world.spec()
    training = msgspec.structs.replace(spec.training, optimizer=KerasObject("SGD"))
    changed = events.LearningRateChanged(1300, 0.5, "manual")
    folder = write_run(world, 3, spec=msgspec.structs.replace(spec, training=training), more=(changed,))
    panel = open_runs()
    qtbot.waitUntil(lambda: "0.01, then 0.5 at step 1,300" in panel.detail.texts())
    rate = panel._memory.get(folder)
    assert rate is not None and rate.curves.metrics["learning_rate"].train_at_step.y[0] == 0.01


def test_a_failed_run_says_why(open_runs: OpenRuns, world: World) -> None:
    write_run(world, 1, "failed")
    assert "The loss became NaN." in open_runs().detail.texts()


def test_several_runs_are_compared(open_runs: OpenRuns, world: World, qtbot: QtBot) -> None:
    write_run(world, 3)
    spec = world.spec()
    other = msgspec.structs.replace(spec.training, optimizer=KerasObject("SGD", {"learning_rate": 0.1}), batch_size=8)
    write_run(world, 4, spec=msgspec.structs.replace(spec, training=other))
    panel = open_runs()
    panel.table.selectAll()
    qtbot.waitUntil(lambda: "1.train" in plotted(panel))
    assert set(plotted(panel)) == {"0.train", "0.val", "1.train", "1.val"}
    words = panel.detail.texts()
    assert "2 runs compared" in words
    assert {"SGD", "Adam", "0.1", "0.001"} <= set(words)
    assert "SparseCategoricalCrossentropy" not in words  # the same in both
    assert not child(panel, QPushButton, "restore_settings").isEnabled()


def test_of_very_many_runs_it_says_which_are_drawn_and_compared(
    open_runs: OpenRuns, world: World, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.panels.runs.panel.MOST_DRAWN", 2)
    monkeypatch.setattr("app.panels.runs.runs_detail.MOST_COMPARED", 2)
    for _ in range(3):
        write_run(world, 1)
    panel = open_runs()
    assert not panel.reading_label.isVisible()
    panel.table.selectAll()
    qtbot.waitUntil(lambda: len(panel.board.shown.runs) == 2)
    qtbot.waitUntil(lambda: panel.reading_label.text().startswith("Only the curves of the newest 2"))
    assert panel.reading_label.isVisible()
    words = panel.detail.texts()
    assert "3 runs compared" in words
    assert any(text.startswith("Of the newest 2;") for text in words)


def test_nobody_is_told_that_there_are_no_runs_while_they_are_read(
    world: World, look: ThemeSource, show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_run(world, 1)
    go_on, read = threading.Event(), RunIndex.read

    def slow(index: RunIndex, tell: GoOn) -> list[TrackedRun]:
        assert go_on.wait(10)
        return read(index, tell)

    monkeypatch.setattr(RunIndex, "read", slow)
    panel = RunsPanel(world.session, look, world.chooser, Background(), ask=lambda *_: True)
    show(panel)
    train = child(panel, QPushButton, "go_to_train")
    assert not train.isVisible()
    go_on.set()
    qtbot.waitUntil(panel.table.isVisible)
    assert not train.isVisible()


def test_a_damaged_run_is_dim_says_why_and_offers_its_folder_alone(open_runs: OpenRuns, world: World) -> None:
    folders = [write_run(world, 3) for _ in range(2)]
    (folders[1] / "run.json").write_text('{"name": 5}', "utf-8")
    panel = open_runs()
    assert rows(panel)[0][:9] == ["2", "digits", "damaged", "", "", "", "", "", ""]
    assert rows(panel)[1][2] == "finished"
    index = panel.model.index(0, 1)
    assert "run.json is not as it was written" in str(panel.model.data(index, Qt.ItemDataRole.ToolTipRole))
    assert panel.model.data(index, Qt.ItemDataRole.ForegroundRole) is not None
    select(panel, 0)
    assert any("run.json is not as it was written" in words for words in panel.detail.texts())
    buttons = ("export_run", "restore_settings", "save_run_project", "open_run_folder", "delete_run")
    enabled = {name for name in buttons if child(panel, QPushButton, name).isEnabled()}
    assert enabled == {"open_run_folder"} and not child(panel, QPushButton, "stop_run").isVisible()


def test_a_damaged_run_among_those_compared_is_named_and_left_out(
    open_runs: OpenRuns, world: World, qtbot: QtBot
) -> None:
    folders = [write_run(world, epochs) for epochs in (3, 4, 3)]
    (folders[1] / "result.json").write_text('{"status": "splendid"}', "utf-8")
    panel = open_runs()
    panel.table.selectAll()
    qtbot.waitUntil(lambda: "1.train" in plotted(panel))
    assert set(plotted(panel)) == {"0.train", "0.val", "1.train", "1.val"}
    words = panel.detail.texts()
    assert "2 runs compared" in words and any("result.json is not as it was written" in word for word in words)
    assert not child(panel, QPushButton, "delete_run").isEnabled()


def test_a_run_is_chosen_and_drawn_while_control_is_held(open_runs: OpenRuns, world: World, qtbot: QtBot) -> None:
    """A shortcut shows the page, and the runs are read before its key is let go."""
    panel = open_runs()
    QTest.keyPress(panel, Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier)
    try:
        assert QGuiApplication.keyboardModifiers() == Qt.KeyboardModifier.ControlModifier
        folder = write_run(world, 3)
        panel.reload()
        qtbot.waitUntil(lambda: "loss" in panel.board.cards)
        assert [run.folder for run in panel.chosen] == [folder]
    finally:
        QTest.keyRelease(panel, Qt.Key.Key_Control)


def test_a_run_that_was_listed_before_it_was_told_of_is_chosen(open_runs: OpenRuns, world: World, qtbot: QtBot) -> None:
    write_run(world, 3)
    panel = open_runs()
    folder = write_run(world, 2)
    panel.reload()
    qtbot.waitUntil(lambda: len(rows(panel)) == 2)
    assert panel.chosen[0].number == 1
    panel._on_run_started(RunController(world.spec(), folder, panel))
    qtbot.waitUntil(lambda: [run.folder for run in panel.chosen] == [folder])


def test_a_run_that_is_started_is_chosen(open_runs: OpenRuns, world: World, qtbot: QtBot) -> None:
    write_run(world, 3)
    panel = open_runs()
    run = world.session.training.start()
    assert run is not None
    qtbot.waitUntil(lambda: [info.folder for info in panel.chosen] == [run.folder])
    assert rows(panel)[0][2] == "running"
    press(panel, "stop_run")
    assert any(isinstance(message, Stop) for message in world.trainers[-1].sent)


def test_the_theme_changes(open_runs: OpenRuns, look: ThemeSource, world: World, qtbot: QtBot) -> None:
    write_run(world, 3)
    panel = open_runs()
    qtbot.waitUntil(lambda: "loss" in panel.board.cards)
    look.show(load_theme("dark"))
    brush = panel.model.index(0, 2).data(Qt.ItemDataRole.ForegroundRole)
    assert brush.color().name() == load_theme("dark").color("ok.text")


def test_several_runs_are_selected_with_the_keyboard(open_runs: OpenRuns, world: World, qtbot: QtBot) -> None:
    for _ in range(3):
        write_run(world, 1)
    panel = open_runs()
    panel.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: len(panel.chosen) == 2)
    select(panel, 2)
    assert [run.number for run in panel.chosen] == [1]
