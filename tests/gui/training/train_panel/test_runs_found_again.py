"""Train finds the run that goes on, the last one and those before it in their folders."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.look.theme_source import ThemeSource
from app.panels.run_parts.past_run import earlier_runs
from app.panels.train.panel import TrainPanel
from graph_editor.background.background import Background
from runtime import events
from runtime.messages.exporting import Export
from runtime.store import RunStore
from runtime.worker.training.event_log import EventWriter
from tests.gui.training.conftest import Show
from tests.gui.training.fakes import FakeChooser, World, child, ended, press, run_events
from tests.gui.training.train_panel.acting import start, text_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


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
    export = next(message for message in world.engine.asked if isinstance(message, Export))
    assert (export.best, export.run_folder) == (True, str(folder))
    run = start(panel, 1)
    assert panel.run is run and not panel.view.banner.isVisible()
