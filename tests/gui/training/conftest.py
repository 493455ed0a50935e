"""Panels on a session made of nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.look.theme import Theme, load_theme
from app.look.theme_source import ThemeSource
from app.panels.data.panel import DataPanel
from app.panels.runs.panel import RunsPanel
from graph_editor.background.background import Background
from tests.gui.training.fakes import Maker, World
from tests.support.fonts import fonts

Show = Callable[[QWidget], None]
OpenRuns = Callable[[], RunsPanel]


@pytest.fixture(scope="session")
def theme() -> Theme:
    return load_theme("light")


@pytest.fixture
def look(theme: Theme) -> ThemeSource:
    return ThemeSource(theme)


@pytest.fixture
def make_world(qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Maker]:
    """Worlds whose engine is ready and has answered."""
    monkeypatch.setenv("LAMELLA_HOME", str(tmp_path / "lamella"))
    fonts()
    made: list[World] = []

    def make(template: str | None = "digits", ready: bool = True) -> World:
        world = World(tmp_path, template)
        made.append(world)
        if ready:
            world.link.start()
            qtbot.waitUntil(lambda: world.session.engine.state.phase == "ready")
            if template:
                qtbot.waitUntil(lambda: bool(world.session.inference.results) and bool(world.session.data.columns))
        return world

    yield make
    for world in made:
        world.link.stop()
        world.session.deleteLater()


@pytest.fixture
def world(make_world: Maker) -> World:
    """The digits, with an engine that is ready."""
    return make_world()


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """Show a panel at the size of a usual window, for as long as the test runs."""

    def do(panel: QWidget) -> None:
        qtbot.addWidget(panel)
        panel.resize(1200, 800)
        with qtbot.waitExposed(panel):
            panel.show()

    return do


@pytest.fixture
def open_runs(world: World, look: ThemeSource, show: Show, qtbot: QtBot) -> OpenRuns:
    """Show Runs, and wait until the runs that there are have been read."""

    def do() -> RunsPanel:
        panel = RunsPanel(world.session, look, world.chooser, Background(), ask=lambda *_: True)
        show(panel)
        qtbot.waitUntil(lambda: not panel._listing.busy and not panel._reading.busy)
        return panel

    return do


@pytest.fixture
def panel(world: World, look: ThemeSource, show: Show, qtbot: QtBot) -> DataPanel:
    """The Data page with the digits, whose first samples show."""
    panel = DataPanel(world.session, look, world.chooser)
    show(panel)
    qtbot.waitUntil(lambda: panel.page.looking.rows.cell("image", 0) is not None)
    return panel
