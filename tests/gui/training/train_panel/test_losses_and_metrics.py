"""What each output is trained with: suggested or chosen losses, metrics and weights."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.panels.train.panel import TrainPanel
from app.panels.widgets.multi_choice import MultiChoice
from app.project.suggested import with_output
from app.project.training_start import RunStarter
from graph_editor.document.changes.commands import set_output, set_training
from graph_editor.editors.parts.combo import SearchCombo
from tests.gui.training.fakes import FakeTrainer, World, child, press
from tests.gui.training.train_panel.acting import edit

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


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
