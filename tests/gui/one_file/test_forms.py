"""One file more is in the forms, too: a callback in Train, a kind of data in Data, a format in the menus."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.look.theme_source import ThemeSource
from app.panels.data.panel import DataPanel
from app.panels.runs.runs_actions import RunsActions
from app.panels.train.panel import TrainPanel
from graph_editor.background.background import Background
from tests.gui.training.conftest import Show
from tests.gui.training.fakes import World, child
from tests.support.dummies import one_more
from tests.unit.one_file import test_callback, test_data_source, test_exporter


def test_a_callback_is_in_the_form(world: World, look: ThemeSource, show: Show, tmp_path: Path) -> None:
    with one_more(test_callback.PACKAGE, "count_epochs", test_callback.DUMMY, tmp_path):
        panel = TrainPanel(world.session, look, world.chooser, Background())
        show(panel)
        assert _names(panel) >= {"callback_early_stopping", "callback_count_epochs"}
    other = TrainPanel(world.session, look, world.chooser, Background())
    show(other)
    assert "callback_count_epochs" not in _names(other)


def test_a_kind_of_data_is_offered(world: World, look: ThemeSource, show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    with one_more(test_data_source.PACKAGE, "lines", test_data_source.DUMMY, tmp_path):
        panel = DataPanel(world.session, look, world.chooser)
        show(panel)
        assert "Lines" in panel.page.drop.kinds.text() and "CSV" in panel.page.drop.kinds.text()
        panel.choose_file(tmp_path / "some.lines")
        qtbot.waitUntil(lambda: world.session.document.data["sources"][0]["kind"] == "lines")
    other = DataPanel(world.session, look, world.chooser)
    show(other)
    assert ".lines" not in other.page.drop.kinds.text()


def test_a_format_is_in_the_menu_of_runs(look: ThemeSource, qtbot: QtBot, tmp_path: Path) -> None:
    with one_more("runtime.worker.engine.formats", "names", test_exporter.KERAS, tmp_path):
        assert "export_run.names" in _run_menu(look, qtbot)
        assert "export_run.names.best" not in _run_menu(look, qtbot), "it has no weights"
    assert "export_run.names" not in _run_menu(look, qtbot)
    assert "export_run.keras" in _run_menu(look, qtbot)


def _run_menu(look: ThemeSource, qtbot: QtBot) -> list[str]:
    actions = RunsActions(look)
    qtbot.addWidget(actions)
    return [action.objectName() for action in child(actions, QMenu, "export_run_menu").findChildren(QAction)]


def _names(panel: QWidget) -> set[str]:
    return {widget.objectName() for widget in panel.findChildren(QWidget)}
