"""Train says where its weights come from, and lets another file be chosen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app.look.theme_source import ThemeSource
from app.panels.train.panel import TrainPanel
from graph_editor.background.background import Background
from tests.gui.training.conftest import Show
from tests.gui.training.fakes import World, child

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def panel(world: World, look: ThemeSource, show: Show) -> TrainPanel:
    panel = TrainPanel(world.session, look, world.chooser, Background())
    show(panel)
    return panel


def press(parent: QWidget, name: str) -> None:
    QTest.mouseClick(child(parent, QPushButton, name), Qt.MouseButton.LeftButton)


def shown(panel: TrainPanel) -> str:
    return child(panel, QLabel, "train_weights").text()


def test_weights_are_chosen_forgotten_and_undone(panel: TrainPanel, world: World, tmp_path: Path) -> None:
    forget = child(panel, QPushButton, "forget_weights")
    assert shown(panel) == "fresh weights"
    assert forget.isHidden()
    press(panel, "choose_weights")  # nothing was chosen
    assert "initial_weights" not in world.session.document.training
    world.chooser.open = tmp_path / "other.weights.h5"
    press(panel, "choose_weights")
    assert shown(panel) == "other.weights.h5"
    assert world.session.document.training["initial_weights"] == "other.weights.h5"  # the project lies beside it
    assert not forget.isHidden()
    press(panel, "forget_weights")
    assert shown(panel) == "fresh weights"
    world.session.history.undo()
    assert shown(panel) == "other.weights.h5"
    world.session.history.undo()
    assert shown(panel) == "fresh weights"


def test_a_run_is_given_the_file(panel: TrainPanel, world: World, tmp_path: Path) -> None:
    world.chooser.open = tmp_path / "other.weights.h5"
    press(panel, "choose_weights")
    press(panel, "train_button")
    assert panel.run is not None
    assert panel.run.spec.initial_weights == str(tmp_path / "other.weights.h5")
