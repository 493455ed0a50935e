"""Qt's own file dialog, where the system has none: begins in the right place, is dressed, and gives what is chosen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLineEdit, QListView, QTreeView, QWidget
from pytestqt.qtbot import QtBot

from app.dialogs.chooser import DialogChooser
from app.dialogs.files import FileDialog
from app.look.theme import load_theme
from app.look.theme_source import ThemeSource
from tests.gui.training.fakes import child

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def chooser(qapp: QApplication) -> DialogChooser:
    return DialogChooser(ThemeSource(load_theme("dark")))


def answer(qtbot: QtBot, name: str | None, seen: list[FileDialog]) -> None:
    """Type a name into the dialog that comes, or leave it."""

    def act() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, FileDialog)
        seen.append(dialog)
        assert dialog.width() >= 860
        assert child(dialog, QTreeView, "treeView").isColumnHidden(2)
        side = child(dialog, QListView, "sidebar")
        assert Path.home().name in [side.model().index(row, 0).data() for row in range(side.model().rowCount())]
        box = child(dialog, QDialogButtonBox, "buttonBox")
        roles = {box.buttonRole(button): button.property("role") for button in box.buttons()}
        assert roles[QDialogButtonBox.ButtonRole.AcceptRole] == "primary"
        assert all(button.icon().isNull() for button in box.buttons())
        assert not dialog.grab().isNull()
        if name is None:
            dialog.reject()
            return
        field = child(dialog, QLineEdit, "fileNameEdit")
        found = field.completer().popup()  # while one types; it is dressed, too
        assert found.objectName() == "completer_popup"
        field.setText(name)
        dialog.accept()

    QTimer.singleShot(0, act)


def test_a_file_is_opened_from_the_folder_that_is_given(chooser: DialogChooser, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "model.keras").write_bytes(b"x")
    (tmp_path / "inner").mkdir()
    parent, seen = QWidget(), list[FileDialog]()
    qtbot.addWidget(parent)
    answer(qtbot, "model.keras", seen)
    assert chooser.file_to_open(parent, "Open", "Keras (*.keras)", tmp_path) == tmp_path / "model.keras"
    assert seen[0].fileMode() == QFileDialog.FileMode.ExistingFile
    answer(qtbot, None, seen)
    assert chooser.file_to_open(parent, "Open", "Keras (*.keras)", tmp_path) is None


def test_a_file_is_saved_under_the_name_that_is_proposed_and_over_another_without_a_word(
    chooser: DialogChooser, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "model.lamella").write_bytes(b"x")
    parent, seen = QWidget(), list[FileDialog]()
    qtbot.addWidget(parent)
    answer(qtbot, "model.lamella", seen)
    proposal = tmp_path / "model.lamella"
    assert chooser.file_to_save(parent, "Save as", "Lamella (*.lamella)", proposal) == proposal
    assert seen[0].acceptMode() == QFileDialog.AcceptMode.AcceptSave
