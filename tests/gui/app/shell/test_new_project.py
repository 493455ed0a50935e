"""The first card: pictures of the templates, an empty canvas, a file, what was open of late."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.dialogs.new_project import NewProjectDialog
from app.dialogs.template_cards import CARD_SIZE, Picture
from app.look.theme import load_theme
from app.look.theme_source import ThemeSource
from app.project.templates import TEMPLATES
from graph_editor.background.background import Background
from graph_editor.catalog.catalog import Catalog
from resources.text import use_language
from tests.gui.app.conftest import Rig


def made(qtbot: QtBot, catalog: Catalog, theme: str = "dark", asked: Path | None = None) -> NewProjectDialog:
    dialog = NewProjectDialog(
        catalog, ThemeSource(load_theme(theme)), Background(), ["/models/a.lamella", "/b.keras"], lambda: asked
    )
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def card(dialog: NewProjectDialog, key: str) -> QPushButton:
    return next(card for card in dialog.findChildren(QPushButton, "template_card") if card.property("template") == key)


def test_a_template_by_the_keyboard(qtbot: QtBot, catalog: Catalog) -> None:
    dialog = made(qtbot, catalog)
    QTest.keyClick(card(dialog, "siamese"), Qt.Key.Key_Space)
    assert dialog.document is not None
    assert dialog.document.source is None
    assert any(operation.class_name == "LSTM" for operation in dialog.document.graph.operations.values())
    assert not dialog.isVisible()


def test_an_empty_canvas(qtbot: QtBot, catalog: Catalog) -> None:
    dialog = made(qtbot, catalog)
    card(dialog, "empty").click()
    assert dialog.document is not None
    assert not dialog.document.graph.calls


def test_a_recent_file_and_one_that_is_asked_for(qtbot: QtBot, catalog: Catalog) -> None:
    dialog = made(qtbot, catalog)
    dialog.findChildren(QPushButton, "recent_file")[1].click()
    assert (dialog.path, dialog.document) == (Path("/b.keras"), None)
    dialog = made(qtbot, catalog, asked=Path("/chosen.lamella"))
    dialog.findChildren(QPushButton, "open_file")[0].click()
    assert dialog.path == Path("/chosen.lamella")


def test_when_no_file_is_chosen_the_card_stays(qtbot: QtBot, catalog: Catalog) -> None:
    dialog = made(qtbot, catalog)
    dialog.findChildren(QPushButton, "open_file")[0].click()
    assert dialog.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert (dialog.path, dialog.document) == (None, None)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_template_has_a_picture_of_its_own(qtbot: QtBot, catalog: Catalog, theme: str) -> None:
    dialog = made(qtbot, catalog, theme)
    pictures = [picture.grab().toImage() for picture in dialog.findChildren(Picture)]
    assert len(pictures) == len(TEMPLATES) + 1
    assert all(colors(picture) > 8 for picture in pictures[1:])
    assert len({bytes(picture.constBits()) for picture in pictures}) == len(pictures)


def colors(image: QImage) -> int:
    return len({image.pixel(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)})


@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_sentence_of_a_card_is_cut_off(qtbot: QtBot, catalog: Catalog, language: str) -> None:
    use_language(language)
    dialog = made(qtbot, catalog)
    for found in dialog.findChildren(QPushButton, "template_card"):
        layout = found.layout()
        assert layout is not None
        assert layout.heightForWidth(found.width()) <= found.height(), found.accessibleName()
        assert found.height() == CARD_SIZE.height()


def test_a_file_chosen_there_is_opened(rig: Rig, tmp_path: Path) -> None:
    missing = tmp_path / "gone.lamella"
    rig.desktop.files._choose_template = lambda: missing
    assert not rig.desktop.files.new()
    assert "gone.lamella" in rig.chooser.errors[0]
