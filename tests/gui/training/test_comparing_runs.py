"""Several runs side by side: curves by time, what differs, plots of many runs, graphs, lineage; and other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.panels.runs.comparing.diff_view import DiffView
from app.panels.runs.comparing.differences import DifferencesPage
from app.panels.runs.comparing.graphs_page import GraphsPage
from app.panels.runs.comparing.lineage_page import LineagePage
from app.panels.runs.comparing.many_pages import ParallelPage, ScatterPage
from app.panels.runs.comparing.pages import Page
from app.panels.runs.panel import RunsPanel
from graph_editor.document.changes.commands import set_parameter
from resources.text import Text
from runtime.spec import KerasObject
from runtime.store import RESULT_FILE, RunResult, RunStore, write_result
from tests.gui.training.conftest import OpenRuns
from tests.gui.training.fakes import World, child
from tests.gui.training.run_folders import select, write_run

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
RATES = (0.1, 0.01, 0.001)


@pytest.fixture
def folders(world: World) -> list[Path]:
    """Three runs with other rates and losses; the last started from the first, and has another graph."""
    made: list[Path] = []
    for number, rate in enumerate(RATES):
        if number == 2:
            graph = world.session.document.graph
            conv = next(op for op in graph.operations.values() if op.name == "mix_3x3")
            world.session.edit(Text("x"), set_parameter(world.session.document, conv.id, "filters", 48))
        spec = world.spec()
        training = msgspec.structs.replace(spec.training, optimizer=KerasObject("Adam", {"learning_rate": rate}))
        start = str(made[0] / "model.keras") if number == 2 else None
        spec = msgspec.structs.replace(spec, training=training, initial_weights=start)
        folder = write_run(world, 3, spec=spec)
        loss = 0.5 - 0.1 * number
        known: Any = {"loss": "min"}
        write_result(folder, RunResult("completed", 3, {"loss": loss}, {"val_loss": loss}, 75.0, None, "cpu", 9, known))
        made.append(folder)
    return made


@pytest.fixture
def panel(open_runs: OpenRuns, folders: list[Path], qtbot: QtBot) -> RunsPanel:
    """All three are selected, the newest first."""
    panel = open_runs()
    select(panel, 0, 1, 2)
    qtbot.waitUntil(lambda: not panel._reading.busy and "loss" in panel.board.cards)
    return panel


def shown(panel: RunsPanel, page: Page, kind: type[QWidget], qtbot: QtBot) -> Any:
    panel.pages.show_page(page)
    qtbot.waitUntil(lambda: not panel.pages._gathering.busy and panel.pages._gathered is not None)
    widget = panel.pages._stack.currentWidget()
    assert isinstance(widget, kind)
    return widget


def click(plot: QWidget, place: QPointF) -> None:
    QTest.mouseMove(plot, place.toPoint())
    QTest.mouseClick(plot, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place.toPoint())


def test_curves_are_smoothed_and_placed_by_time_all_at_once(panel: RunsPanel, qtbot: QtBot) -> None:
    card = panel.board.cards["loss"]
    panel.curve_bar.choices["time"].setChecked(True)
    panel.curve_bar.slider.setValue(90)
    panel.board.redraw()
    assert {one.options.by for one in panel.board.cards.values()} == {"time"}
    assert {one.options.smoothing for one in panel.board.cards.values()} == {0.9}
    lines = {line.key: line for line in card._lines}
    run = panel.board.shown.runs[0]
    points = lines["0.train"].points
    assert 0 < points.x[-1] == run.seconds_at(np.array([60.0]))[0] <= run.seconds
    raw = run.metrics["loss"].steps.raw.y
    weights = 0.9 ** np.arange(len(raw))[::-1]  # the debiased average, as its definition says it
    assert points.y[-1] == pytest.approx(float((weights * raw).sum() / weights.sum()))
    panel.curve_bar.choices["epoch"].setChecked(True)
    panel.board.redraw()
    validation = {line.key: line for line in card._lines}["0.val"].points
    assert len(validation) == 3 and validation.y[-1] > run.metrics["loss"].validation("epoch").y[-1]


def test_what_differs_is_a_table_with_the_best_values(panel: RunsPanel, qtbot: QtBot) -> None:
    page = shown(panel, "differences", DifferencesPage, qtbot)
    rows = {row.title: row for row in page.model.rows}
    assert rows["learning rate"].texts == ("0.001", "0.01", "0.1")
    assert rows["mix_3x3 · filters"].texts == ("48", "96", "96")
    assert rows["best val_loss"].best == {0} and "batch size" not in rows
    page.only.setChecked(False)
    assert "batch size" in {row.title for row in page.model.rows}
    place = page.table.visualRect(page.model.index(0, 3)).center()
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert panel.pages.marked.text().startswith("run 2")
    QTest.mouseClick(child(panel, QPushButton, "choose_marked"), Qt.MouseButton.LeftButton)
    assert [run.number for run in panel.chosen] == [2] and panel.pages.page == "curves"


def test_parallel_coordinates_name_keep_and_choose_runs(panel: RunsPanel, qtbot: QtBot) -> None:
    page = shown(panel, "parallel", ParallelPage, qtbot)
    plot = page.plot
    keys = [scale.row.title for scale in plot.scales]
    assert "learning rate" in keys and keys[-1] == "best val_loss" and "mix_3x3 · filters" in keys
    axis = keys.index("learning rate")
    x, low, middle = plot._x(axis), plot._y(0.0), plot._y(0.4)
    QTest.mousePress(plot, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(round(x), round(low)))
    QTest.mouseMove(plot, QPoint(round(x), round(middle)))
    QTest.mouseRelease(plot, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(round(x), round(middle)))
    assert plot.kept().tolist() == [1.0, 0.0, 0.0] and page.count.text().startswith("1 of 3")
    page.clear.click()
    assert plot.kept().sum() == 3
    first, second = plot.scales[-2].places, plot.scales[-1].places
    share = 0.3
    place = QPointF(
        plot._x(len(keys) - 2) * (1 - share) + plot._x(len(keys) - 1) * share,
        plot._y(float(first[2] * (1 - share) + second[2] * share)),
    )
    click(plot, place)
    assert plot.words_of(2).startswith("run 1") and panel.pages.marked.text().startswith("run 1")
    page.show_axes([plot.scales[0].row.key, plot.scales[-1].row.key])
    assert len(plot.scales) == 2


def test_the_keyboard_walks_through_the_runs(panel: RunsPanel, qtbot: QtBot) -> None:
    plot = shown(panel, "scatter", ScatterPage, qtbot).plot
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Right)
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot.under == 1 and "run 2" in plot.accessibleName()
    QTest.keyClick(plot, Qt.Key.Key_Return)
    assert panel.pages.marked.text().startswith("run 2")
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert plot.under is None


def test_a_setting_against_a_figure(panel: RunsPanel, qtbot: QtBot) -> None:
    page = shown(panel, "scatter", ScatterPage, qtbot)
    page.show_axes("setting.learning rate", "best.val_loss")
    assert page.note.text() == "rank correlation +1.00"
    points = page.plot.points()
    click(page.plot, QPointF(*points[0]))
    assert panel.pages.marked.text().startswith("run 3")
    assert "best val_loss 0.300" in page.plot.words_of(0)


def test_two_graphs_show_what_changed(panel: RunsPanel, qtbot: QtBot) -> None:
    page = shown(panel, "graphs", GraphsPage, qtbot)
    qtbot.waitUntil(lambda: not page._reading.busy and bool(page.model.changes))
    assert page.note.text() == "0 added, 0 removed, 1 changed, 13 the same"
    assert page.model.text_of(page.model.changes[0], 2) == "filters 96 → 48"
    page.table.selectRow(0)
    call = page.model.changes[0].after
    view: DiffView = page.right
    place = view.place_of(call)
    assert place is not None and view.viewport().rect().contains(place.toPoint())
    colour = view.grab().toImage().pixelColor((place - QPointF(20, 0)).toPoint())
    other = view.backgroundBrush().color()
    assert colour != other
    page.second.setCurrentIndex(1)
    page.second.activated.emit(1)
    qtbot.waitUntil(lambda: not page._reading.busy and not page.model.changes)
    assert page.note.text() == "The graphs are the same."


def test_lineage_is_a_tree(panel: RunsPanel, qtbot: QtBot) -> None:
    page = shown(panel, "lineage", LineagePage, qtbot)
    assert [run.number for run in page.model.runs] == [1, 3]
    assert page.model.index(1, 0).data() == "└ run 3" and page.model.index(1, 2).data() == "model.keras"
    page.table.activated.emit(page.model.index(1, 0))
    assert [run.number for run in panel.chosen] == [3]


def test_one_run_is_not_compared(panel: RunsPanel) -> None:
    select(panel, 0)
    enabled = [panel.pages.tabs.isTabEnabled(number) for number in range(panel.pages.tabs.count())]
    assert enabled == [True, False, False, False, False, True] and not panel.curve_bar.isVisible()


def test_curves_go_out_and_come_back(
    panel: RunsPanel, world: World, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.chooser, "file_to_save", lambda *_: tmp_path / "curves.csv")
    menu = panel.pages.export.menu()
    next(action for action in menu.actions() if action.objectName() == "export_curves.csv").trigger()
    qtbot.waitUntil(lambda: not panel.transfer.busy)
    assert (tmp_path / "curves.csv").read_text("utf-8").startswith("run,name,metric")
    log = tmp_path / "keras.csv"
    log.write_text("epoch,loss,val_loss\n0,0.5,0.6\n1,0.4,0.45\n", "utf-8")
    monkeypatch.setattr(world.chooser, "file_to_open", lambda *_: log)
    with qtbot.waitSignal(panel.transfer.imported, timeout=20_000):
        panel.transfer.import_file()
    qtbot.waitUntil(lambda: len(panel.chosen) == 4 and not panel._reading.busy)
    newest = panel.area.infos[0]
    assert (newest.status, newest.name) == ("imported", "keras") and newest in panel.chosen
    select(panel, 0)
    assert not panel.actions_bar.restore.isEnabled() and not panel.actions_bar.project.isEnabled()
    assert any("another program" in text for text in panel.detail.texts())


def test_what_cannot_be_imported_is_a_sentence(
    panel: RunsPanel, world: World, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hostile").mkdir()
    (tmp_path / "hostile" / "events.out.tfevents.1").write_bytes(b"\xff" * 1000)
    monkeypatch.setattr(world.chooser, "folder_to_open", lambda *_: tmp_path / "hostile")
    with qtbot.waitSignal(world.session.notice_raised, timeout=20_000) as told:
        panel.transfer.import_folder()
    assert told.args[0].text == "hostile was not imported: there are no numbers in it."
    assert len(RunStore(world.session.project_runs.folder).all_runs()) == 3


def test_a_run_whose_project_is_damaged_has_no_picture_and_one_sentence(
    panel: RunsPanel, folders: list[Path], qtbot: QtBot
) -> None:
    (folders[0] / "project.lamella").write_text("{", "utf-8")
    (folders[1] / RESULT_FILE).touch()
    page = shown(panel, "graphs", GraphsPage, qtbot)
    qtbot.waitUntil(lambda: not page._reading.busy)
    assert page.note.text() and not page.model.changes and not page.left.isVisible()
