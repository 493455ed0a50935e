"""What a project says of itself at a glance, where file dialogs start, and what the palette calls a language."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QLabel, QListView, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from app.command_palette.providers.settings import settings
from app.project.project_files import ProjectFiles
from app.project.templates import TEMPLATES
from app.shell.compose import surroundings
from app.system.matching import Index
from graph_editor.document.changes.commands import set_data
from graph_editor.document.files.file_format import save
from resources import text
from resources.text import Text
from tests.gui.app.conftest import Rig


def status(rig: Rig) -> tuple[str, str]:
    button = rig.desktop.window.findChild(QPushButton, "problems_button")
    assert isinstance(button, QPushButton)
    return button.text(), str(button.property("state"))


def test_an_empty_model_is_no_alarm(rig: Rig) -> None:
    window = rig.desktop.window
    assert [problem.kind for problem in rig.session.problems] == ["empty"]
    assert status(rig) == ("An empty model", "")
    empty, rows = window.findChild(QLabel, "problems_empty"), window.findChild(QListView, "problems_list")
    assert isinstance(empty, QLabel) and isinstance(rows, QListView)
    assert empty.text() == "The model is empty. Start with an Input." and rows.model().rowCount() == 0


def test_a_sound_model_without_data_is_not_called_free_of_problems(rig: Rig) -> None:
    document = next(entry for entry in TEMPLATES if entry.key == "digits").open()
    rig.session.replace(document, None)
    rig.session._problems = []
    rig.session.problems_changed.emit([])
    assert status(rig)[0] == "No problems"  # it has data
    rig.session.edit(Text("x"), set_data(rig.session.document, {}))
    rig.session.problems_changed.emit([])
    assert status(rig) == ("Ready to build; choose data to train", "")
    rig.session.history.undo()
    rig.session.data.refresh()
    assert status(rig)[0] == "No problems"  # as soon as the data is there, without another problem coming or going


def test_file_dialogs_start_where_one_was_last(rig: Rig, tmp_path: Path) -> None:
    assert rig.session.usual_folder == Path.home()
    rig.chooser.to_save = tmp_path / "pictures" / "p.png"
    rig.chooser.to_save.parent.mkdir()
    rig.desktop.exporter.export("png", rig.desktop.window, rig.desktop.window.canvas)
    assert rig.session.usual_folder == tmp_path / "pictures"
    (tmp_path / "projects").mkdir()
    project = tmp_path / "projects" / "p.lamella"
    save(TEMPLATES[0].open(), project)
    assert rig.desktop.files.open_path(project)
    rig.session.visited(tmp_path / "elsewhere.csv")
    assert rig.session.usual_folder == tmp_path / "projects"  # the open project's comes first
    rig.session.replace(TEMPLATES[0].open(), None)
    rig.session.visited(tmp_path / "gone" / "x.csv")
    assert rig.session.usual_folder == Path.home()
    ProjectFiles(rig.session, rig.desktop.store, rig.chooser, lambda: None, lambda: None, lambda: None)
    assert rig.session.usual_folder == tmp_path / "projects"  # as after a start


@pytest.mark.parametrize("shown", ["en", "ko"])
@pytest.mark.parametrize("query", ["korean", "Korea", "한국어", "language", "언어"])
def test_the_palette_knows_languages_by_all_their_names(rig: Rig, shown: str, query: str) -> None:
    text.use_language(shown)
    entries = settings(surroundings(rig.desktop, rig.desktop.window))
    index = Index([(entry.title, entry.also) for entry in entries])
    assert any("한국어" in entries[number].title for number in index.search(query))


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_menu_button_is_not_lit_once_its_menu_has_gone(rig: Rig, qtbot: QtBot) -> None:
    button = rig.desktop.window.findChild(QToolButton, "menu_button")
    assert isinstance(button, QToolButton)
    elsewhere = rig.desktop.window.mapToGlobal(rig.desktop.window.rect().center())
    QCursor.setPos(elsewhere)
    qtbot.waitUntil(lambda: QCursor.pos() == elsewhere)
    button.click()
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, True)  # as the press has left it
    button.setDown(True)
    menu.close()
    qtbot.waitUntil(lambda: not button.testAttribute(Qt.WidgetAttribute.WA_UnderMouse) and not button.isDown())
