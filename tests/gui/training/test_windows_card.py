"""Windows of a time series on Data: what comes of them is said before they are taken."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.look.theme_source import ThemeSource
from app.panels.data.panel import DataPanel
from app.panels.data.state import Target, fits
from app.panels.data.windows.card import WindowsCard
from graph_editor.editors.parts.toggle_switch import ToggleSwitch
from resources.training.windows import LENGTH
from runtime.messages.checking import CheckData
from runtime.messages.describing import Column
from tests.gui.training.conftest import Show
from tests.gui.training.fakes import World, child

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def panel(world: World, look: ThemeSource, show: Show) -> DataPanel:
    panel = DataPanel(world.session, look, world.chooser)
    show(panel)
    return panel


def result(card: WindowsCard) -> str:
    return child(card, QLabel, "windows_result").text()


def test_windows_are_tried_before_they_are_taken(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    card = panel.side.windows
    before = dict(world.session.document.data)
    child(card, ToggleSwitch, "windows").click()
    qtbot.waitUntil(lambda: result(card).startswith("1,773 windows come of 1,797 rows."))
    card.form.edited.emit(LENGTH, 7)
    qtbot.waitUntil(lambda: result(card).startswith("1,790 windows come of 1,797 rows."))
    assert "an input of (7)" in result(card)
    assert world.session.document.data == before
    child(card, QPushButton, "windows_take").click()
    assert world.session.document.data["windows"] == {"length": 7, "stride": 1, "horizon": 1}
    qtbot.waitUntil(lambda: "an LSTM" in child(panel, QLabel, "start_sentence").text())
    assert child(panel, QPushButton, "start_model").isEnabled()
    qtbot.waitUntil(lambda: not child(card, QPushButton, "windows_take").isVisible())
    qtbot.waitUntil(
        lambda: any(isinstance(each, CheckData) and each.data.windows is not None for each in world.engine.asked)
    )
    child(card, ToggleSwitch, "windows").click()
    assert "windows" not in world.session.document.data
    world.session.history.undo()
    assert world.session.document.data["windows"]["length"] == 7


def test_what_was_tried_is_given_up(panel: DataPanel, world: World) -> None:
    card = panel.side.windows
    before = dict(world.session.document.data)
    child(card, ToggleSwitch, "windows").click()
    child(card, QPushButton, "windows_cancel").click()
    assert not card.switch.on and world.session.document.data == before


def test_an_input_takes_windows_of_a_column_and_an_output_single_rows() -> None:
    number = Column("wind", (), "float32", 800, "number")
    assert fits(Target("in", "in", "input", (24,), window=24), number)
    assert not fits(Target("in", "in", "input", (12,), window=24), number)
    assert fits(Target("out", "out", "output", (1,)), number)
