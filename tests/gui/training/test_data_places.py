"""The table of samples: where "Show" of a finding leads, and what stands in its header."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.look.fonts import ui_font
from app.look.theme_source import ThemeSource
from app.panels.data.looking.samples_model import column_facts
from app.panels.data.panel import DataPanel
from resources.text import Text
from runtime.messages.checking import DataProblem
from tests.gui.training.conftest import Show
from tests.gui.training.fakes import World, child


def test_show_goes_to_the_sample_that_a_finding_is_about(
    world: World, look: ThemeSource, show: Show, qtbot: QtBot
) -> None:
    found = DataProblem("error", Text("width is missing at line 1202."), "image", "width", row=1200)
    world.engine.findings = (found,)
    panel = DataPanel(world.session, look, world.chooser)
    show(panel)
    world.session.data.refresh()
    qtbot.waitUntil(lambda: bool(panel.side.health.findChildren(QPushButton, "health_show")))
    child(panel.side.health, QPushButton, "health_show").click()
    table = panel.page.looking.card.table
    assert table.isVisible() and table.selected() == ("width",)
    place = table.currentIndex()
    assert (place.row(), table.samples.columns[place.column()].name) == (1200, "width")
    assert table.viewport().rect().contains(table.visualRect(place).center())


def test_what_is_said_of_a_column_stands_whole_in_its_header(
    world: World, look: ThemeSource, show: Show, qtbot: QtBot
) -> None:
    """A kind and how many values are missing were cut in narrow columns."""
    columns = world.engine.columns = tuple(replace(column, missing=1234) for column in world.engine.columns)
    panel = DataPanel(world.session, look, world.chooser)
    show(panel)
    world.session.data.refresh()
    table = panel.page.looking.card.table
    qtbot.waitUntil(lambda: table.samples.columns == columns)
    metrics = QFontMetrics(ui_font(11))
    room = [table.columnWidth(number) - 18 for number in range(len(columns))]
    assert all(metrics.horizontalAdvance(column_facts(one)) <= most for one, most in zip(columns, room, strict=True))
