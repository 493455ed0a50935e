"""Train says where its weights come from, and lets another file be chosen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.panels.train.panel import TrainPanel
from tests.gui.training.fakes import World, child, press

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


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


def test_a_file_from_elsewhere_is_copied_beside_the_project_as_one_step(
    panel: TrainPanel, world: World, tmp_path: Path, qtbot: QtBot
) -> None:
    project = tmp_path / "here" / "p.lamella"
    project.parent.mkdir()
    world.session.saved_as(project)
    away = tmp_path / "away" / "base.weights.h5"
    away.parent.mkdir()
    away.write_bytes(b"weights")
    before = dict(world.session.document.training)
    world.chooser.open = away
    press(panel, "choose_weights")
    qtbot.waitUntil(lambda: world.session.document.training["initial_weights"] == "p.weights/base.weights.h5")
    assert (project.parent / "p.weights" / "base.weights.h5").read_bytes() == b"weights"
    assert child(panel, QPushButton, "keep_weights").isHidden()
    world.session.history.undo()
    assert world.session.document.training == before


def test_a_file_that_cannot_be_copied_stays_where_it_is_and_it_is_said(
    panel: TrainPanel, world: World, tmp_path: Path, qtbot: QtBot
) -> None:
    project = tmp_path / "here" / "p.lamella"
    project.parent.mkdir()
    (project.parent / "p.weights").write_text("no folder")
    world.session.saved_as(project)
    away = tmp_path / "base.weights.h5"
    away.write_bytes(b"weights")
    world.chooser.open = away
    with qtbot.waitSignal(world.session.notice_raised) as said:
        press(panel, "choose_weights")
    assert "base.weights.h5 was not copied" in said.args[0].text
    assert world.session.document.training["initial_weights"] == str(away)
    assert not child(panel, QPushButton, "keep_weights").isHidden()
