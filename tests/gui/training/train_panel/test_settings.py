"""The settings of Train: numbers, optimizer, callbacks, device, and what they are called."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QWidget

from app.panels.train.panel import TrainPanel
from app.panels.widgets.fields import FormRow
from graph_editor.document.changes.commands import set_training
from graph_editor.editors.parts.combo import Combo, SearchCombo
from graph_editor.editors.parts.step_line import StepLine
from tests.gui.training.fakes import World, child
from tests.gui.training.train_panel.acting import edit, start, text_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


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
