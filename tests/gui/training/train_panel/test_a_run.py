"""Train while a run goes on, and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QProgressBar, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from app.engine.run_controller import ending_text
from app.look.theme import load_theme
from app.look.theme_source import ThemeSource
from app.panels.inspector.model_page import ModelPage
from app.panels.train.panel import TrainPanel
from graph_editor.editors.parts.combo import SearchCombo
from graph_editor.editors.parts.step_line import StepLine
from resources.text import Text
from runtime import events
from runtime.messages.exporting import Export
from runtime.messages.training import Pause, Resume, SetLearningRate, Stop
from tests.gui.training.conftest import Show
from tests.gui.training.fakes import World, child, ended, press, run_events
from tests.gui.training.train_panel.acting import edit, sent, start, text_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


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
    assert len(sent(world, Stop)) == 1
    assert child(panel, QPushButton, "stop_button").text() == "Stopping…"
    assert not child(panel, QPushButton, "stop_button").isEnabled()


def test_pause_and_resume(panel: TrainPanel, world: World) -> None:
    run = start(panel, 1)
    press(panel, "pause_button")
    assert len(sent(world, Pause)) == 1
    run.reports.report_event(events.Paused())
    assert text_of(panel, "speed_label") == "paused"
    assert not child(panel, QPushButton, "pause_button").isVisible()
    press(panel, "resume_button")
    assert len(sent(world, Resume)) == 1
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
    assert [message.value for message in sent(world, SetLearningRate)] == [0.05]
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
    export = next(message for message in world.engine.asked if isinstance(message, Export))
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


def test_one_epoch_is_one() -> None:
    assert str(ending_text(ended(epoch=1))) == "Training finished after 1 epoch."
    assert str(ending_text(ended("stopped", epoch=0))) == "Training stopped within the first epoch."


def test_the_theme_changes_while_it_runs(panel: TrainPanel, look: ThemeSource, qtbot: QtBot) -> None:
    start(panel)
    look.show(load_theme("dark"))
    qtbot.waitUntil(lambda: "train" in panel.view.board.cards["loss"].plot._items)
    pen = panel.view.board.cards["loss"].plot._items["train"].opts["pen"]
    assert pen.color().name() == load_theme("dark").color("plot.1")


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
