"""The Runs workspace, on folders that are really there."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QFile, QItemSelectionModel, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.engine.run_controller import RunController
from app.look.theme import load_theme
from app.look.theme_source import ThemeSource
from app.panels.runs import runs_reader
from app.panels.runs.panel import RunsPanel
from app.panels.runs.runs_reader import RunCurvesReader, read_on
from graph_editor.background.background import Background
from graph_editor.document.changes.commands import set_data, set_training
from graph_editor.document.document import Document
from graph_editor.document.files.file_format import dumps
from resources.text import Text
from runtime import events, protocol
from runtime.control import STOP_FILE
from runtime.run_process import write_process
from runtime.spec import KerasObject, RunSpec
from runtime.store import RunResult, RunStore, write_result
from runtime.worker.training.event_log import EventWriter
from tests.gui.training.conftest import Show
from tests.gui.training.fakes import World, child, ended, run_events

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


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
        error = Text("The loss became NaN.") if status == "failed" else None
        write_result(folder, RunResult(status, epochs, {"loss": 0.2}, best, 75.0, error, "cpu", 110243))
        (folder / "model.keras").write_bytes(b"model")
    writer.close()
    return folder


Open = Callable[[], RunsPanel]


@pytest.fixture
def open_runs(world: World, look: ThemeSource, show: Show, qtbot: QtBot) -> Open:
    def do() -> RunsPanel:
        panel = RunsPanel(world.session, look, world.chooser, Background(), ask=lambda *_: True)
        show(panel)
        qtbot.waitUntil(lambda: not panel._listing.busy and not panel._reading.busy)
        return panel

    return do


def rows(panel: RunsPanel) -> list[list[str]]:
    model = panel.model
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def select(panel: RunsPanel, *wanted: int) -> None:
    selection = panel.table.selectionModel()
    selection.clearSelection()
    flag = QItemSelectionModel.SelectionFlag
    for row in wanted:
        selection.select(panel.model.index(row, 0), flag.Select | flag.Rows)


def press(panel: QWidget, name: str) -> None:
    QTest.mouseClick(child(panel, QPushButton, name), Qt.MouseButton.LeftButton)


def test_without_runs_it_says_what_comes_here(open_runs: Open, world: World, qtbot: QtBot) -> None:
    panel = open_runs()
    assert child(panel, QLabel, "runs_count").text() == "0 runs"
    with qtbot.waitSignal(world.session.navigation.workspace_requested) as asked:
        press(panel, "go_to_train")
    assert asked.args == ["train"]


def test_runs_are_listed_newest_first(open_runs: Open, world: World) -> None:
    write_run(world, 3)
    write_run(world, 2, "stopped")
    write_run(world, 1, "failed")
    panel = open_runs()
    listed = rows(panel)
    assert [row[0] for row in listed] == ["3", "2", "1"]
    assert [row[2] for row in listed] == ["failed", "stopped", "finished"]
    assert listed[2][4:8] == ["1:15", "3 / 20", "val_loss 0.161 · val_digit_accuracy 0.951", "cpu"]
    assert panel.chosen[0].number == 3


def test_the_chosen_run_shows_its_settings_and_curves(open_runs: Open, world: World, qtbot: QtBot) -> None:
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
    open_runs: Open, world: World, qtbot: QtBot
) -> None:
    spec = world.spec()
    training = msgspec.structs.replace(spec.training, optimizer=KerasObject("SGD"))
    changed = events.LearningRateChanged(1300, 0.5, "manual")
    folder = write_run(world, 3, spec=msgspec.structs.replace(spec, training=training), more=(changed,))
    panel = open_runs()
    qtbot.waitUntil(lambda: "0.01, then 0.5 at step 1,300" in panel.detail.texts())
    rate = panel._memory.get(folder)
    assert rate is not None and rate.curves.metrics["learning_rate"].train_at_step.y[0] == 0.01


def test_a_failed_run_says_why(open_runs: Open, world: World) -> None:
    write_run(world, 1, "failed")
    assert "The loss became NaN." in open_runs().detail.texts()


def test_several_runs_are_compared(open_runs: Open, world: World, qtbot: QtBot) -> None:
    write_run(world, 3)
    spec = world.spec()
    other = msgspec.structs.replace(spec.training, optimizer=KerasObject("SGD", {"learning_rate": 0.1}), batch_size=8)
    write_run(world, 4, spec=msgspec.structs.replace(spec, training=other))
    panel = open_runs()
    panel.table.selectAll()
    qtbot.waitUntil(lambda: "1.train" in _items(panel))
    assert set(_items(panel)) == {"0.train", "0.val", "1.train", "1.val"}
    words = panel.detail.texts()
    assert "2 runs compared" in words
    assert {"SGD", "Adam", "0.1", "0.001"} <= set(words)
    assert "SparseCategoricalCrossentropy" not in words  # the same in both
    assert not child(panel, QPushButton, "restore_settings").isEnabled()


def _items(panel: RunsPanel) -> dict[str, Any]:
    card = panel.board.cards.get("loss")
    return dict(card.plot._items) if card is not None else {}


def test_settings_are_put_back_in_one_step(open_runs: Open, world: World) -> None:
    write_run(world, 3)
    panel = open_runs()
    document = world.session.document
    original = (dict(document.training), dict(document.data))
    world.session.edit("x", set_training(document, {**document.training, "epochs": 99, "optimizer": "SGD"}))
    world.session.edit("x", set_data(document, {**document.data, "validation_percent": 5, "shuffle": False}))
    changed = (dict(document.training), dict(document.data))
    press(panel, "restore_settings")
    assert (dict(document.training), dict(document.data)) == original
    world.session.history.undo()
    assert (dict(document.training), dict(document.data)) == changed


def test_settings_that_are_there_already_make_no_step(open_runs: Open, world: World, qtbot: QtBot) -> None:
    write_run(world, 3)
    panel = open_runs()
    with qtbot.waitSignal(world.session.notice_raised) as raised:
        press(panel, "restore_settings")
    assert "already" in raised.args[0].text
    assert not world.session.history.can_undo


def test_a_model_is_exported(open_runs: Open, world: World, qtbot: QtBot) -> None:
    folder = write_run(world, 3)
    panel = open_runs()
    world.chooser.save = world.folder / "weights"
    menu = child(panel, QMenu, "export_run_menu")
    action = next(entry for entry in menu.actions() if entry.objectName() == "export_run.weights")
    with qtbot.waitSignal(world.session.notice_raised, check_params_cb=lambda notice: notice.kind == "ok"):
        action.trigger()
    asked = next(message for message in world.engine.asked if isinstance(message, protocol.Export))
    assert (asked.kind, Path(asked.path).name, asked.run_folder) == ("weights", "weights.weights.h5", str(folder))
    assert world.chooser.proposals[0].name == "digits-0001.weights.h5"


def test_the_best_weights_are_offered_where_there_are_some(open_runs: Open, world: World, qtbot: QtBot) -> None:
    folder = write_run(world, 3)
    (folder / "best.keras").write_bytes(b"model")
    panel = open_runs()
    world.chooser.save = world.folder / "model"
    shown = [entry for entry in child(panel, QMenu, "export_run_menu").actions() if entry.isVisible()]
    titles = [entry.text() for entry in shown if not entry.isEnabled() and not entry.isSeparator()]
    assert titles == ["Last epoch", "Best val_loss"]
    action = next(entry for entry in shown if entry.objectName() == "export_run.keras.best")
    with qtbot.waitSignal(world.session.notice_raised, check_params_cb=lambda notice: notice.kind == "ok") as raised:
        action.trigger()
    assert raised.args[0].text == "model.keras is written with the weights of the best val_loss and was read back."
    asked = next(message for message in world.engine.asked if isinstance(message, protocol.Export))
    assert asked.best and world.chooser.proposals[0].name == "digits-0001-best.keras"


def test_a_run_that_failed_offers_the_model_of_its_last_whole_epoch(open_runs: Open, world: World) -> None:
    folder = write_run(world, 3, "failed")
    (folder / "model.keras").rename(folder / "epoch-0002.keras")
    panel = open_runs()
    assert child(panel, QPushButton, "export_run").isEnabled()
    assert panel.actions_bar._last_title.text() == "Epoch 2" and panel.actions_bar._last_title.isVisible()
    assert any("after epoch 2 is kept" in words for words in panel.detail.texts())


def test_a_damaged_run_is_dim_says_why_and_offers_its_folder_alone(open_runs: Open, world: World) -> None:
    folders = [write_run(world, 3) for _ in range(2)]
    (folders[1] / "run.json").write_text('{"name": 5}', "utf-8")
    panel = open_runs()
    assert rows(panel)[0] == ["2", "digits", "damaged", "", "", "", "", ""]
    assert rows(panel)[1][2] == "finished"
    index = panel.model.index(0, 1)
    assert "run.json is not as it was written" in str(panel.model.data(index, Qt.ItemDataRole.ToolTipRole))
    assert panel.model.data(index, Qt.ItemDataRole.ForegroundRole) is not None
    select(panel, 0)
    assert any("run.json is not as it was written" in words for words in panel.detail.texts())
    buttons = ("export_run", "restore_settings", "save_run_project", "open_run_folder", "delete_run")
    enabled = {name for name in buttons if child(panel, QPushButton, name).isEnabled()}
    assert enabled == {"open_run_folder"} and not child(panel, QPushButton, "stop_run").isVisible()


def test_a_damaged_run_among_those_compared_is_named_and_left_out(open_runs: Open, world: World, qtbot: QtBot) -> None:
    folders = [write_run(world, epochs) for epochs in (3, 4, 3)]
    (folders[1] / "result.json").write_text('{"status": "splendid"}', "utf-8")
    panel = open_runs()
    panel.table.selectAll()
    qtbot.waitUntil(lambda: "1.train" in _items(panel))
    assert set(_items(panel)) == {"0.train", "0.val", "1.train", "1.val"}
    words = panel.detail.texts()
    assert "2 runs compared" in words and any("result.json is not as it was written" in word for word in words)
    assert not child(panel, QPushButton, "delete_run").isEnabled()


def test_a_run_without_a_model_offers_none(open_runs: Open, world: World) -> None:
    (write_run(world, 1) / "model.keras").unlink()
    assert not child(open_runs(), QPushButton, "export_run").isEnabled()


def test_the_project_of_a_run_is_saved_beside(open_runs: Open, world: World) -> None:
    write_run(world, 3)
    panel = open_runs()
    world.chooser.save = world.folder / "then"
    press(panel, "save_run_project")
    assert json.loads((world.folder / "then.lamella").read_text("utf-8"))["training"]["epochs"] == 20


def test_the_folder_is_opened(open_runs: Open, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_run(world, 3)
    opened: list[QUrl] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    press(open_runs(), "open_run_folder")
    assert [Path(url.toLocalFile()) for url in opened] == [folder]


def test_deleting_asks_first(open_runs: Open, world: World, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, gone = write_run(world, 3), write_run(world, 2)
    panel = open_runs()
    trash: list[str] = []

    def to_trash(path: str) -> bool:
        Path(path).rename(world.folder / "trash")
        trash.append(path)
        return True

    monkeypatch.setattr(QFile, "moveToTrash", to_trash)
    answers = [False, True]
    questions: list[str] = []

    def ask(_parent: QWidget, question: str, _more: str, _action: str) -> bool:
        questions.append(question)
        return answers.pop(0)

    panel._ask = ask
    press(panel, "delete_run")
    assert gone.is_dir()
    press(panel, "delete_run")
    qtbot.waitUntil(lambda: len(rows(panel)) == 1)
    assert questions == ["Delete run 2?", "Delete run 2?"]
    assert trash == [str(gone)]
    assert kept.is_dir()
    assert panel.chosen[0].folder == kept


def test_what_the_trash_does_not_take_is_deleted_after_another_question(
    open_runs: Open, world: World, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_run(world, 2)
    panel = open_runs()
    monkeypatch.setattr(QFile, "moveToTrash", lambda _path: False)
    answers = [True, False, True, True]
    panel._ask = lambda *_: answers.pop(0)
    press(panel, "delete_run")
    assert folder.is_dir()
    press(panel, "delete_run")
    qtbot.waitUntil(lambda: rows(panel) == [])
    assert not folder.exists()


def test_a_run_in_the_background_is_followed_and_stopped(open_runs: Open, world: World, qtbot: QtBot) -> None:
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


def test_a_run_that_ended_while_nobody_looked_has_its_curves(open_runs: Open, world: World, qtbot: QtBot) -> None:
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
    open_runs: Open, world: World, qtbot: QtBot
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
    open_runs: Open, world: World, qtbot: QtBot, status: Any
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


def test_a_run_is_chosen_and_drawn_while_control_is_held(open_runs: Open, world: World, qtbot: QtBot) -> None:
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


def test_a_run_that_was_listed_before_it_was_told_of_is_chosen(open_runs: Open, world: World, qtbot: QtBot) -> None:
    write_run(world, 3)
    panel = open_runs()
    folder = write_run(world, 2)
    panel.reload()
    qtbot.waitUntil(lambda: len(rows(panel)) == 2)
    assert panel.chosen[0].number == 1
    panel._on_run_started(RunController(world.spec(), folder, panel))
    qtbot.waitUntil(lambda: [run.folder for run in panel.chosen] == [folder])


def test_a_run_in_a_folder_of_the_same_name_has_curves_of_its_own(open_runs: Open, world: World, qtbot: QtBot) -> None:
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
    open_runs: Open, world: World, qtbot: QtBot
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
    open_runs: Open, world: World, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
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


def test_the_curves_of_another_project_go_with_it(open_runs: Open, world: World, qtbot: QtBot) -> None:
    write_run(world, 3)
    panel = open_runs()
    qtbot.waitUntil(lambda: "loss" in panel.board.cards)
    world.session.replace(Document(world.session.catalog.keras_version), None)
    assert not panel.board.shown.runs


def end(folder: Path, rest: list[Any], epochs: int, seq: int = 0) -> None:
    """Write the rest of a run and its end, as its trainer does."""
    writer = EventWriter(folder, fail)
    writer._seq = seq
    for event in (*rest, ended("completed", epochs)):
        writer.write(event)
    writer.close()
    write_result(folder, RunResult("completed", epochs))


def test_a_run_that_is_started_is_chosen(open_runs: Open, world: World, qtbot: QtBot) -> None:
    write_run(world, 3)
    panel = open_runs()
    run = world.session.training.start()
    assert run is not None
    qtbot.waitUntil(lambda: [info.folder for info in panel.chosen] == [run.folder])
    assert rows(panel)[0][2] == "running"
    press(panel, "stop_run")
    assert any(isinstance(message, protocol.Stop) for message in world.trainers[-1].sent)


def test_the_theme_changes(open_runs: Open, look: ThemeSource, world: World, qtbot: QtBot) -> None:
    write_run(world, 3)
    panel = open_runs()
    qtbot.waitUntil(lambda: "loss" in panel.board.cards)
    look.show(load_theme("dark"))
    brush = panel.model.index(0, 2).data(Qt.ItemDataRole.ForegroundRole)
    assert brush.color().name() == load_theme("dark").color("ok.text")


def test_several_runs_are_selected_with_the_keyboard(open_runs: Open, world: World, qtbot: QtBot) -> None:
    for _ in range(3):
        write_run(world, 1)
    panel = open_runs()
    panel.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: len(panel.chosen) == 2)
    select(panel, 2)
    assert [run.number for run in panel.chosen] == [1]


def test_a_long_run_says_how_far_its_curves_are_read_and_another_choice_ends_that(
    open_runs: Open, world: World, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
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


def starting_from(world: World, weights: str) -> None:
    write_run(world, 1, spec=msgspec.structs.replace(world.spec(), initial_weights=weights))


@pytest.mark.parametrize("agrees", [True, False])
def test_weights_of_a_run_from_elsewhere_are_asked_about(
    world: World, look: ThemeSource, show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, agrees: bool
) -> None:
    asked: list[str] = []

    def ask(_parent: object, text: str, more: str, _yes: str) -> bool:
        asked.append(f"{text} {more}")
        return agrees

    away = "//host/share/w.h5"
    starting_from(world, away)
    panel = RunsPanel(world.session, look, world.chooser, Background(), ask=ask)
    show(panel)
    qtbot.waitUntil(lambda: not panel._listing.busy and not panel._reading.busy)
    touched: list[str] = []
    real = Path.resolve

    def watched(path: Path, strict: bool = False) -> Path:
        touched.append(str(path))
        return real(path, strict)

    monkeypatch.setattr(Path, "resolve", watched)
    for _ in range(2):
        document = world.session.document
        world.session.edit("x", set_training(document, {**document.training, "epochs": 99}))
        press(panel, "restore_settings")
        assert document.training["epochs"] != 99, "the other settings are used in any case"
        assert document.training.get("initial_weights") == (away if agrees else None)
    assert len(asked) == (1 if agrees else 2) and "weights outside the project's folder" in asked[0]
    assert away in asked[0] and not [name for name in touched if "host" in name]


def test_weights_of_the_project_itself_are_not_asked_about(open_runs: Open, world: World) -> None:
    starting_from(world, str(world.folder / "digits.runs" / "0001-x" / "model.keras"))
    panel = open_runs()
    panel._ask = lambda *_: pytest.fail("asked")
    press(panel, "restore_settings")
    assert world.session.document.training["initial_weights"] == "digits.runs/0001-x/model.keras"


def test_events_that_are_missing_are_told(open_runs: Open, world: World, qtbot: QtBot) -> None:
    folder = write_run(world, 3)
    lines = (folder / "events.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "events.jsonl").write_bytes(b"".join([*lines[:4], *lines[6:]]))
    panel = open_runs()
    qtbot.waitUntil(panel.reading_label.isVisible)
    assert panel.reading_label.text().endswith("2 events that were not written.")
