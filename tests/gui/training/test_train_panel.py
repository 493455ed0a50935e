"""The Train workspace: buttons, progress, settings, and how runs end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QPlainTextEdit, QProgressBar, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.engine.run_controller import RunController, ending_text
from app.look.theme import load_theme
from app.look.theme_source import ThemeSource
from app.panels.inspector.model_page import ModelPage
from app.panels.run_parts.past_run import earlier_runs
from app.panels.train.panel import TrainPanel
from app.panels.widgets.fields import FormRow
from app.panels.widgets.multi_choice import MultiChoice
from app.project.suggested import with_output
from app.project.training_start import RunStarter
from graph_editor.background.background import Background
from graph_editor.document.changes.commands import set_data, set_output, set_training
from graph_editor.document.checking.validation import Mend, Problem
from graph_editor.editors.parts.combo import Combo, SearchCombo
from graph_editor.editors.parts.step_line import StepLine
from resources.text import Text
from runtime import events, protocol
from runtime.store import RunStore
from runtime.worker.training.event_log import EventWriter
from tests.gui.training.conftest import Show
from tests.gui.training.fakes import FakeChooser, FakeTrainer, Maker, World, child, ended, run_events

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def panel(world: World, look: ThemeSource, show: Show) -> TrainPanel:
    panel = TrainPanel(world.session, look, world.chooser, Background())
    show(panel)
    return panel


def press(parent: QWidget, name: str) -> None:
    QTest.mouseClick(child(parent, QPushButton, name), Qt.MouseButton.LeftButton)


def start(panel: TrainPanel, count: int = 3) -> RunController:
    """Press Train and let `count` epochs come."""
    press(panel, "train_button")
    run = panel.run
    assert run is not None
    for event in run_events(count):
        run.reports.report_event(event)
    panel.bar.refresh()
    panel.view.board.redraw()
    return run


def text_of(panel: TrainPanel, name: str) -> str:
    return child(panel, QLabel, name).text()


def edit(parent: QWidget, name: str, text: str) -> None:
    """Type into a number field as people do."""
    line = child(parent, StepLine, name)
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def sent(world: World, kind: type[Any]) -> list[Any]:
    return [message for message in world.trainers[-1].sent if isinstance(message, kind)]


# before a run


def test_before_the_first_run_it_says_what_will_happen(panel: TrainPanel) -> None:
    assert text_of(panel, "start_data") == "1,437 samples for training, the last 360 for validation"
    assert text_of(panel, "start_steps") == "20 epochs of 23 steps, 460 steps in all"
    assert panel.view.start.problem is None
    assert not panel.view.start.banner.isVisible()


def test_the_first_thing_in_the_way_is_named_with_a_way_to_it(panel: TrainPanel, world: World, qtbot: QtBot) -> None:
    world.session.edit("x", set_data(world.session.document, {}))
    assert "No data is chosen yet" in text_of(panel, "train_blocker_text")
    with qtbot.waitSignal(world.session.navigation.workspace_requested) as asked:
        press(panel, "show_problem")
    assert asked.args == ["data"]


def test_a_project_without_a_model_is_told_to_build_one(make_world: Maker, look: ThemeSource, show: Show) -> None:
    panel = TrainPanel(make_world(None).session, look, FakeChooser(), Background())
    show(panel)
    assert "no input yet" in text_of(panel, "train_blocker_text")
    assert child(panel.side, QLabel, "train_validation_percent").text() == "the last 20 %"


# a run


def test_train_shows_progress_and_curves(panel: TrainPanel) -> None:
    start(panel)
    assert text_of(panel, "epoch_label") == "Epoch <b>3</b> of 5"
    assert text_of(panel, "step_label") == "step 60 / 100"
    assert text_of(panel, "speed_label") == "640 samples/s · 0:04 left"
    assert child(panel, QProgressBar, "train_progress").value() == 600
    assert "loss" in panel.view.board.cards
    assert not child(panel, QPushButton, "train_button").isVisible()


def test_until_the_first_step_it_says_what_goes_on_instead_of_a_lone_learning_rate(panel: TrainPanel) -> None:
    press(panel, "train_button")
    run, card = panel.run, panel.view.starting
    assert run is not None
    assert card.isVisible()
    assert card.sentence().startswith("Loading Keras")
    told = list(run_events(1))
    started = next(event for event in told if isinstance(event, events.RunStarted))
    run.reports.report_event(started)
    assert card.isVisible()
    assert card.sentence().startswith("Preparing the first step")
    panel.view.board.redraw()
    assert not panel.view.board.cards
    for event in told[told.index(started) + 1 :]:
        run.reports.report_event(event)
    assert not card.isVisible()
    panel.view.board.redraw()
    assert {"loss", "learning_rate"} <= panel.view.board.cards.keys()


def test_a_run_that_ends_before_its_first_step_leaves_no_waiting_card(panel: TrainPanel) -> None:
    press(panel, "train_button")
    assert panel.run is not None
    panel.run.reports.report_event(events.RunFailed(Text("The data cannot be read."), ""))
    assert not panel.view.starting.isVisible()
    assert text_of(panel, "train_ending_text").startswith("The data cannot be read.")


def test_a_second_click_on_train_starts_nothing(panel: TrainPanel, world: World) -> None:
    start(panel, 1)
    panel.train()
    assert len(world.trainers) == 1
    press(panel, "stop_button")
    press(panel, "stop_button")
    assert len(sent(world, protocol.Stop)) == 1
    assert child(panel, QPushButton, "stop_button").text() == "Stopping…"
    assert not child(panel, QPushButton, "stop_button").isEnabled()


def test_pause_and_resume(panel: TrainPanel, world: World) -> None:
    run = start(panel, 1)
    press(panel, "pause_button")
    assert len(sent(world, protocol.Pause)) == 1
    run.reports.report_event(events.Paused())
    assert text_of(panel, "speed_label") == "paused"
    assert not child(panel, QPushButton, "pause_button").isVisible()
    press(panel, "resume_button")
    assert len(sent(world, protocol.Resume)) == 1
    run.reports.report_event(events.Resumed())
    assert child(panel, QPushButton, "pause_button").isEnabled()


def test_settings_are_locked_while_it_runs_but_the_learning_rate_is_live(panel: TrainPanel, world: World) -> None:
    run = start(panel)
    before = dict(world.session.document.training)
    assert not child(panel, StepLine, "batch_size").isEnabled()
    assert not child(panel, SearchCombo, "optimizer").isEnabled()
    assert child(panel, StepLine, "learning_rate").isEnabled()
    assert panel.side.optimizer.rate_row.mark.text() == "live"
    edit(panel, "learning_rate", "0.05")
    assert [message.value for message in sent(world, protocol.SetLearningRate)] == [0.05]
    assert world.session.document.training == before
    run.reports.report_event(events.LearningRateChanged(61, 0.0125, "plateau"))
    assert child(panel, StepLine, "learning_rate").text() == "0.0125"
    run.reports.report_event(ended())
    assert child(panel, StepLine, "learning_rate").text() == "0.001"
    assert child(panel, StepLine, "batch_size").isEnabled()


def test_a_finished_run_tells_its_best_and_offers_the_model(panel: TrainPanel, world: World, qtbot: QtBot) -> None:
    run = start(panel, 5)
    run.reports.report_event(ended("early_stopped"))
    said = text_of(panel, "train_ending_text")
    assert "stopped early after 5 epochs" in said
    assert "val_loss 0.161, val_digit_accuracy 0.951" in said
    world.chooser.save = world.folder / "mine"
    with qtbot.waitSignal(world.session.notice_raised, check_params_cb=lambda notice: notice.kind == "ok"):
        press(panel, "export_model")
    export = next(message for message in world.engine.asked if isinstance(message, protocol.Export))
    assert (export.kind, Path(export.path).name, export.run_folder) == ("keras", "mine.keras", str(run.folder))
    with qtbot.waitSignal(world.session.navigation.workspace_requested) as asked:
        press(panel, "show_in_runs")
    assert asked.args == ["runs"]


def test_a_dead_trainer_is_reported_with_its_last_words_and_another_try(panel: TrainPanel, world: World) -> None:
    run = start(panel)
    run.reports.report_console("CUDA out of memory\n")
    run.reports.report_exit(Text("The trainer was ended by signal SIGKILL."), "Killed")
    assert text_of(panel, "train_ending_text").startswith("The trainer was ended by signal SIGKILL.")
    log = child(panel.view.banner, QPlainTextEdit, "training_log")
    assert not log.isVisible()
    QTest.mouseClick(child(panel, QToolButton, "train_ending_details"), Qt.MouseButton.LeftButton)
    assert log.isVisible()
    assert "Killed" in log.toPlainText()
    assert "CUDA out of memory" in log.toPlainText()
    press(panel, "train_again")
    assert len(world.trainers) == 2
    assert not panel.view.banner.isVisible()
    assert panel.view.starting.isVisible()


def test_a_run_that_failed_says_why(panel: TrainPanel) -> None:
    run = start(panel, 1)
    run.reports.report_event(events.RunFailed(Text("The loss became NaN in epoch 1."), "Traceback …"))
    assert text_of(panel, "train_ending_text").startswith("The loss became NaN in epoch 1. The settings")
    assert panel.view.illustration.isVisible()
    QTest.mouseClick(child(panel, QPushButton, "copy_details"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text().startswith("The loss became NaN in epoch 1.\nTraceback …")
    assert child(panel, QPushButton, "train_button").isVisible()


def test_what_callbacks_say_is_shown(panel: TrainPanel) -> None:
    run = start(panel, 1)
    run.reports.report_event(events.CallbackNote(Text("The learning rate was lowered.")))
    assert text_of(panel, "train_ending_text") == "The learning rate was lowered."


def test_a_panel_made_later_finds_the_run_that_goes_on(
    world: World, look: ThemeSource, show: Show, qtbot: QtBot
) -> None:
    """In the folder of the run; what is reported while that is read comes after it, and nothing counts twice."""
    run = world.session.training.start()
    assert run is not None
    writer = EventWriter(run.folder, print)
    for event in run_events(2):
        run.reports.report_event(writer.write(event))
    panel = TrainPanel(world.session, look, FakeChooser(), Background())
    again = writer.write(events.EpochStarted(2))
    for _ in range(2):
        run.reports.report_event(again)
    run.reports.report_event(writer.write(events.Steps(2, 40, ("loss",), [[0.25]] * 5)))
    writer.close()
    assert panel._loading, "that is read in the background"
    show(panel)
    qtbot.waitUntil(lambda: not panel._loading)
    assert text_of(panel, "epoch_label") == "Epoch <b>3</b> of 5"
    assert (panel._curves.step, panel._curves.epoch, panel._curves.missing, panel._meter.now.step) == (45, 2, 0, 45)
    assert panel.view.board.isVisible()


def test_another_project_has_no_run(panel: TrainPanel, world: World) -> None:
    run = start(panel, 1)
    run.reports.report_event(ended())
    world.session.replace(World(world.folder, "burger-review").session.document, None)
    assert panel.run is None
    assert panel.view.start.isVisible()
    assert text_of(panel, "epoch_label") == "Not trained yet"


def test_the_run_before_lies_behind_the_plots(panel: TrainPanel, world: World, qtbot: QtBot) -> None:
    spec = world.spec()
    folder = RunStore(world.session.project_runs.folder).new_run(spec, b"{}")
    writer = EventWriter(folder, print)
    for event in run_events(5, seed=4):
        writer.write(event)
    writer.close()
    start(panel)
    qtbot.waitUntil(lambda: len(panel._earlier) == 1)
    panel.view.board.redraw()
    assert "earlier.0" in panel.view.board.cards["loss"].plot._items
    assert panel._earlier[0].title == "run 1"
    assert earlier_runs(folder, world.session.catalog) == []


def keep_run(world: World, *, best: bool = False) -> Path:
    """A run of an earlier day, with its model."""
    folder = RunStore(world.session.project_runs.folder).new_run(world.spec(), b"{}")
    writer = EventWriter(folder, print)
    for event in (*run_events(5), ended()):
        writer.write(event)
    writer.close()
    for name in ("model.keras", "best.keras") if best else ("model.keras",):
        (folder / name).write_bytes(b"")
    return folder


def test_a_project_that_is_opened_again_shows_its_last_run(
    world: World, look: ThemeSource, show: Show, qtbot: QtBot
) -> None:
    folder = keep_run(world, best=True)
    panel = TrainPanel(world.session, look, world.chooser, Background())
    show(panel)
    qtbot.waitUntil(lambda: panel.view.board.isVisible())
    said = text_of(panel, "train_ending_text")
    assert said.startswith("Run 1, ") and "finished after 5 epochs. Best: val_loss 0.161" in said
    assert text_of(panel, "epoch_label") == "Epoch <b>5</b> of 5"
    assert child(panel, QPushButton, "train_button").isVisible()
    assert panel.run is None and world.session.training.run is None
    world.chooser.save = world.folder / "mine.keras"
    press(panel, "export_best")
    export = next(message for message in world.engine.asked if isinstance(message, protocol.Export))
    assert (export.best, export.run_folder) == (True, str(folder))
    run = start(panel, 1)
    assert panel.run is run and not panel.view.banner.isVisible()


def test_a_refused_start_changes_nothing(panel: TrainPanel, world: World) -> None:
    session = world.session
    session.edit("x", set_training(session.document, {**session.document.training, "outputs": {}}))
    session.edit("no data", set_data(session.document, {}))
    session.training._start_run = lambda: RunStarter(lambda _spec, _folder, _reports: FakeTrainer())(session)
    press(panel, "train_button")
    assert panel.run is None
    assert session.history.undo_label == "no data"
    assert session.document.training["outputs"] == {}


def test_one_epoch_is_one() -> None:
    assert str(ending_text(ended(epoch=1))) == "Training finished after 1 epoch."


def test_the_theme_changes_while_it_runs(panel: TrainPanel, look: ThemeSource, qtbot: QtBot) -> None:
    start(panel)
    look.show(load_theme("dark"))
    qtbot.waitUntil(lambda: "train" in panel.view.board.cards["loss"].plot._items)
    pen = panel.view.board.cards["loss"].plot._items["train"].opts["pen"]
    assert pen.color().name() == load_theme("dark").color("plot.1")


# settings


def test_numbers_are_typed_into_the_document_and_undone(panel: TrainPanel, world: World) -> None:
    edit(panel, "batch_size", "16")
    edit(panel, "epochs", "3")
    assert world.session.document.training["batch_size"] == 16
    assert world.session.document.training["epochs"] == 3
    world.session.history.undo()
    assert child(panel, StepLine, "epochs").text() == "20"
    world.session.history.undo()
    assert child(panel, StepLine, "batch_size").text() == "64"
    edit(panel, "batch_size", "0")
    assert world.session.document.training["batch_size"] == 64


def test_stepping_a_number_is_one_step_back(panel: TrainPanel, world: World) -> None:
    line = child(panel, StepLine, "epochs")
    line.setFocus()
    for _ in range(4):
        QTest.keyClick(line, Qt.Key.Key_Up)
    assert world.session.document.training["epochs"] == 24
    world.session.history.undo()
    assert world.session.document.training["epochs"] == 20


def test_the_seed_may_be_none(panel: TrainPanel, world: World) -> None:
    edit(panel, "seed", " ")
    assert world.session.document.training["seed"] is None


def test_another_optimizer_brings_its_own_learning_rate_unless_one_was_chosen(panel: TrainPanel, world: World) -> None:
    combo = child(panel, SearchCombo, "optimizer")
    combo.chosen.emit("SGD")
    assert world.session.document.training["optimizer"] == {"class_name": "SGD", "config": {"learning_rate": 0.01}}
    edit(panel, "learning_rate", "0.3")
    combo.chosen.emit("RMSprop")
    assert world.session.document.training["optimizer"] == {"class_name": "RMSprop", "config": {"learning_rate": 0.3}}


def test_other_parameters_of_the_optimizer_unfold(panel: TrainPanel, world: World) -> None:
    fold = panel.side.optimizer._fold
    assert fold is not None
    fold.set_folded(False)
    edit(fold, "editor_beta_1", "0.8")
    assert world.session.document.training["optimizer"]["config"]["beta_1"] == 0.8
    assert fold.header.marked


def test_a_learning_rate_schedule_is_left_alone(panel: TrainPanel, world: World) -> None:
    schedule = {"class_name": "CosineDecay", "config": {"initial_learning_rate": 0.1, "decay_steps": 10}}
    optimizer = {"class_name": "Adam", "config": {"learning_rate": schedule}}
    training = {**world.session.document.training, "optimizer": optimizer}
    world.session.edit("x", set_training(world.session.document, training))
    assert not child(panel, StepLine, "learning_rate").isEnabled()
    assert panel.side.optimizer.rate_row.mark.text() == "schedule"


def test_what_is_suggested_is_preselected_and_marked(panel: TrainPanel, world: World) -> None:
    training = {**world.session.document.training, "outputs": {}}
    world.session.edit("x", set_training(world.session.document, training))
    assert child(panel, SearchCombo, "loss_digit").currentText() == "SparseCategoricalCrossentropy"
    assert child(panel, MultiChoice, "metrics_is_even").shown_text() == "accuracy, AUC"
    assert child(panel, QLabel, "suggested_digit").isVisible()
    assert world.session.document.training["outputs"] == {}
    child(panel, SearchCombo, "loss_digit").chosen.emit("MeanSquaredError")
    assert world.session.document.training["outputs"]["digit"]["loss"]["class_name"] == "MeanSquaredError"
    assert not child(panel, QLabel, "suggested_digit").isVisible()
    assert child(panel, QLabel, "suggested_is_even").isVisible()


def test_training_takes_the_suggestions_as_a_step_that_can_be_undone(panel: TrainPanel, world: World) -> None:
    session = world.session
    session.edit("x", set_training(session.document, {**session.document.training, "outputs": {}}))
    session.training._start_run = lambda: RunStarter(lambda _spec, _folder, _reports: FakeTrainer())(session)
    press(panel, "train_button")
    run = panel.run
    assert run is not None
    assert [output.loss.class_name for output in run.spec.training.outputs] == [
        "SparseCategoricalCrossentropy",
        "BinaryCrossentropy",
    ]
    assert session.history.undo_label == "Use the suggested loss"
    session.history.undo()
    assert session.document.training["outputs"] == {}


def test_metrics_are_ticked_in_a_list(panel: TrainPanel, world: World) -> None:
    button = child(panel, MultiChoice, "metrics_digit")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.popup is not None
    button.popup.tick("TopKCategoricalAccuracy", True)
    button.popup.tick("accuracy", False)
    chosen = world.session.document.training["outputs"]["digit"]["metrics"]
    assert [metric["class_name"] for metric in chosen] == ["TopKCategoricalAccuracy"]
    QTest.keyClicks(button.popup.search, "auc")
    assert button.popup.model.texts == ["AUC"]


def test_two_metrics_of_a_class_are_two_in_the_list(panel: TrainPanel, world: World) -> None:
    session = world.session
    named = [{"class_name": "AUC", "config": {"name": name, "curve": name.upper()}} for name in ("roc", "pr")]
    training = with_output(session.document.training, "is_even", metrics=[*named, named[1]])
    session.edit("x", set_training(session.document, training))
    button = child(panel, MultiChoice, "metrics_is_even")
    assert button.keys == ("AUC", "AUC · pr", "AUC · 2")

    def chosen() -> list[object]:
        metrics: list[object] = session.document.training["outputs"]["is_even"]["metrics"]
        return metrics

    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.popup is not None
    button.popup.tick("AUC · 2", False)
    assert chosen() == named
    button.popup.tick("AUC", False)
    assert chosen() == named[1:]
    button.popup.tick("Precision", True)  # the list that is open still calls the second one as it did
    assert chosen() == [named[1], {"class_name": "Precision", "config": {}}]
    button.popup.tick("AUC · pr", False)
    button.popup.tick("AUC · pr", True)
    assert chosen() == [{"class_name": "Precision", "config": {}}, named[1]]


def test_weights_are_shown_where_there_are_several_outputs(panel: TrainPanel, world: World) -> None:
    edit(panel, "weight_is_even", "0.25")
    assert world.session.document.training["outputs"]["is_even"]["weight"] == 0.25
    graph = world.session.document.graph
    ref = next(ref for ref in graph.output_refs() if graph.operation_of(ref.call).name == "is_even")
    world.session.edit("x", set_output(world.session.document, ref, False))
    assert list(panel.side.outputs.blocks) == ["digit"]
    assert not panel.side.outputs.blocks["digit"]._weight_row.isVisible()


def test_loss_parameters_unfold(panel: TrainPanel, world: World) -> None:
    fold = panel.side.outputs.blocks["is_even"]._fold
    assert fold is not None
    fold.set_folded(False)
    edit(fold, "editor_label_smoothing", "0.1")
    loss = world.session.document.training["outputs"]["is_even"]["loss"]
    assert loss == {"class_name": "BinaryCrossentropy", "config": {"label_smoothing": 0.1}}


def test_callbacks_are_switched_on_with_their_parameters(panel: TrainPanel, world: World) -> None:
    tick = child(panel, QCheckBox, "callback_early_stopping")
    QTest.keyClick(tick, Qt.Key.Key_Space)
    assert world.session.document.training["callbacks"]["early_stopping"] == {}
    block = panel.side.callbacks.blocks["early_stopping"]
    assert (block.direction.text(), block.summary.text()) == ("val_loss, lower is better", "patience 5")
    assert block.direction.isVisibleTo(block)
    QTest.mouseClick(block.more, Qt.MouseButton.LeftButton)
    monitor = child(block, Combo, "early_stopping_monitor")
    listed = [monitor.itemText(row) for row in range(monitor.count())]
    assert {"val_loss", "val_digit_accuracy", "loss", "is_even_auc"} <= set(listed)
    edit(block, "early_stopping_patience", "9")
    monitor.chosen.emit("val_digit_accuracy")
    assert block.summary.text() == "patience 9"
    assert block.direction.text() == "val_digit_accuracy, higher is better"
    mode = child(block, Combo, "early_stopping_mode")
    mode.chosen.emit("min")
    assert block.direction.text() == "val_digit_accuracy, lower is better"
    assert world.session.document.training["callbacks"]["early_stopping"]["mode"] == "min"
    for name in ("baseline", "start_from_epoch", "min_delta", "verbose", "restore_best_weights"):
        assert f"{name}" in block.editors
    assert world.session.document.training["callbacks"]["early_stopping"]["patience"] == 9
    QTest.keyClick(tick, Qt.Key.Key_Space)
    assert "early_stopping" not in world.session.document.training["callbacks"]


def test_devices_are_a_true_list_with_reasons(panel: TrainPanel, world: World) -> None:
    combo = child(panel, Combo, "train_device")
    assert [combo.itemText(row) for row in range(combo.count())] == ["CPU", "GPU 0", "All GPUs"]
    assert not combo.model().index(1, 0).flags() & Qt.ItemFlag.ItemIsEnabled
    assert text_of(panel, "device_reason") == "TensorFlow finds no NVIDIA driver on this computer."
    training = {**world.session.document.training, "device": "gpu:3"}
    world.session.edit("x", set_training(world.session.document, training))
    assert text_of(panel, "device_reason") == "This computer has no device gpu:3."


def test_everything_has_a_name_for_those_who_do_not_see_it(panel: TrainPanel) -> None:
    start(panel)
    focusable = [
        widget
        for widget in panel.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible()
    ]
    nameless = [
        (type(widget).__name__, widget.objectName())
        for widget in focusable
        if not (widget.accessibleName() and widget.objectName()) and not widget.objectName().startswith("qt_")
    ]
    assert not nameless


def test_rows_name_their_controls(panel: TrainPanel) -> None:
    rows = panel.findChildren(FormRow)
    assert all(row.label.text() and row.label.buddy() is row.control for row in rows)


@pytest.mark.parametrize(
    ("training", "words"),
    [
        ({"epochs": [1, 2]}, "The setting epochs is [1, 2]; it must be a whole number"),
        ({"batch_size": 10**30}, "The setting batch size is 1000"),
        ({"device": "tpu:7"}, "The setting device is tpu:7; it must be cpu, gpu:0 or all"),
        ({"seed": "abc"}, "The setting seed is abc"),
    ],
)
def test_settings_of_the_wrong_kind_are_said_before_the_run(
    panel: TrainPanel, world: World, training: dict[str, Any], words: str
) -> None:
    world.session.edit("x", set_training(world.session.document, {**world.session.document.training, **training}))
    assert words in text_of(panel, "train_blocker_text")
    press(panel, "train_button")
    assert panel.run is None


def test_the_next_card_says_what_can_be_done_while_and_after_a_run(
    panel: TrainPanel, world: World, show: Show, qtbot: QtBot
) -> None:
    page = ModelPage(world.session)
    show(page)
    assert page.next_button.text() == "Go to Train"
    run = start(panel, 1)
    assert page.next_sentence.text().startswith("The model is being trained")
    run.reports.report_event(ended())
    assert page.next_sentence.text().startswith("The model is trained.")
    with qtbot.waitSignal(world.session.navigation.workspace_requested) as asked:
        QTest.mouseClick(page.next_button, Qt.MouseButton.LeftButton)
    assert asked.args == ["runs"]
    press(panel, "train_button")
    assert panel.run is not None
    panel.run.reports.report_event(events.RunFailed(Text("The loss became NaN in epoch 1."), ""))
    assert "The loss became NaN in epoch 1." in page.next_sentence.text()
    assert page.next_button.text() == "Go to Train"


def test_a_remark_stands_on_the_card_and_one_click_mends_it(panel: TrainPanel, world: World, show: Show) -> None:
    page = ModelPage(world.session)
    show(page)
    session = world.session
    mended = {**session.document.data, "validation_percent": 10}
    remark = Problem(
        "warning",
        Text("Odd."),
        kind="data.odd",
        mend=Mend(Text("Take 10 %"), tuple(set_data(session.document, mended))),
    )
    session._problems = [remark]
    session.problems_changed.emit(session.problems)
    assert text_of(panel, "train_blocker_text") == "Odd."
    assert panel.view.start.problem is None
    QTest.mouseClick(child(panel, QPushButton, "mend_problem"), Qt.MouseButton.LeftButton)
    assert session.document.data["validation_percent"] == 10
    session.history.undo()
    error = replace(remark, severity="error")
    session._problems = [error]
    session.problems_changed.emit(session.problems)
    page.refresh()
    assert (page.next_sentence.text(), page.next_button.text()) == ("Odd.", "Take 10 %")
    QTest.mouseClick(page.next_button, Qt.MouseButton.LeftButton)
    assert session.document.data["validation_percent"] == 10
