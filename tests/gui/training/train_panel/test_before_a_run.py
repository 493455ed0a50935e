"""Train before a run: what will happen, what is in the way, what is odd."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.look.theme_source import ThemeSource
from app.panels.inspector.model_page import ModelPage
from app.panels.train.panel import TrainPanel
from app.project.training_start import RunStarter
from graph_editor.background.background import Background
from graph_editor.document.changes.commands import set_data, set_training
from graph_editor.document.changes.grouping import group
from graph_editor.document.checking.validation import Mend, Problem
from graph_editor.editors.parts.combo import SearchCombo
from resources.text import Text
from tests.gui.training.conftest import Show
from tests.gui.training.fakes import FakeChooser, FakeTrainer, Maker, World, child, press
from tests.gui.training.train_panel.acting import text_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


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


def test_each_output_of_a_nested_model_needs_its_column_and_is_called_by_its_title(
    panel: TrainPanel, world: World
) -> None:
    session = world.session
    calls = [ref.call for ref in session.document.graph.output_refs()]
    edits, _ = group(session.document, calls, session.catalog, lambda _ref: ((None, 8), "float32"), "n")
    session.edit("x", edits)
    data = session.document.data
    bound = {name: columns for name, columns in data["bindings"].items() if name != "n_1"}
    assert set(bound) == {"image", "n"}
    session.edit("x", set_data(session.document, {**data, "bindings": bound}))
    assert text_of(panel, "train_blocker_text") == "n › is_even has no data column yet."
    child(panel, SearchCombo, "loss_n_1").chosen.emit("MeanSquaredError")
    assert session.history.undo_label == "Change the loss of n › is_even"


def test_a_project_without_a_model_is_told_to_build_one(make_world: Maker, look: ThemeSource, show: Show) -> None:
    panel = TrainPanel(make_world(None).session, look, FakeChooser(), Background())
    show(panel)
    assert "no input yet" in text_of(panel, "train_blocker_text")
    assert child(panel.side, QLabel, "train_validation_percent").text() == "20 %"


def test_parts_of_the_data_are_told_of_only_where_there_are_some(panel: TrainPanel, world: World, qtbot: QtBot) -> None:
    label = child(panel.side, QLabel, "train_own_parts")
    qtbot.waitUntil(lambda: bool(world.session.data.columns))
    assert not label.isVisibleTo(panel)
    world.session.data.own_parts = {"training": 100, "test": 20}
    world.session.data.described.emit()
    assert label.isVisibleTo(panel) and label.text() == "on"


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


def test_a_refused_start_changes_nothing(panel: TrainPanel, world: World) -> None:
    session = world.session
    session.edit("x", set_training(session.document, {**session.document.training, "outputs": {}}))
    session.edit("no data", set_data(session.document, {}))
    session.training._start_run = lambda: RunStarter(lambda _spec, _folder, _reports: FakeTrainer())(session)
    press(panel, "train_button")
    assert panel.run is None
    assert session.history.undo_label == "no data"
    assert session.document.training["outputs"] == {}
