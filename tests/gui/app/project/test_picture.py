"""Pictures for papers and slides: what is asked, and what is drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QRadioButton
from pytestqt.qtbot import QtBot

from app.dialogs.picture import PictureDialog
from app.project.choosers import PictureLook
from app.project.templates import template
from tests.gui.app.conftest import Rig


def drawn(rig: Rig, folder: Path, look: PictureLook | None, kind: str = "png") -> Path:
    shown = template("plain-stack")  # a column of boxes, whatever else there is
    assert shown is not None
    rig.session.replace(shown.open(), None)
    rig.chooser.look, rig.chooser.to_save = look, folder / f"graph.{kind}"
    rig.desktop.exporter.export(kind, rig.desktop.window, rig.desktop.window.canvas)
    return folder / f"graph.{kind}"


@pytest.mark.parametrize(
    ("look", "corner"),
    [
        (PictureLook("light"), QColor("white")),
        (PictureLook("dark"), QColor("#15171b")),
        (PictureLook("light", transparent=True), QColor(0, 0, 0, 0)),
    ],
)
def test_the_ground_is_the_chosen_one(rig: Rig, tmp_path: Path, look: PictureLook, corner: QColor) -> None:
    assert QImage(str(drawn(rig, tmp_path, look))).pixelColor(2, 2) == corner


def test_a_picture_for_print_is_finer_and_says_so(rig: Rig, tmp_path: Path) -> None:
    once = QImage(str(drawn(rig, tmp_path, PictureLook(scale=1.0))))
    print_ = QImage(str(drawn(rig, tmp_path, PictureLook(scale=4.0))))
    assert abs(print_.width() - 4 * once.width()) <= 4
    assert round(print_.dotsPerMeterX() * 0.0254) == 384


@pytest.mark.parametrize(("look", "alpha"), [(PictureLook(), 255), (PictureLook(transparent=True), 0)])
def test_a_drawing_of_lines_has_a_ground_or_none(rig: Rig, tmp_path: Path, look: PictureLook, alpha: int) -> None:
    image = QImage(200, 400, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(drawn(rig, tmp_path, look, "svg"))).render(painter)
    painter.end()
    assert image.pixelColor(3, 3).alpha() == alpha
    assert image.pixelColor(100, 40).alpha() == 255


def test_cancelling_asks_for_no_file(rig: Rig, tmp_path: Path) -> None:
    assert not drawn(rig, tmp_path, None).exists()
    assert rig.chooser.asked == ["look png"]


def test_what_is_chosen_in_the_dialog(qtbot: QtBot) -> None:
    dialog = PictureDialog("png")
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.look == PictureLook("light", False, 2.0)
    for kind, name in (
        (QRadioButton, "picture_dark"),
        (QRadioButton, "picture_scale_4"),
        (QCheckBox, "picture_transparent"),
    ):
        button = dialog.findChild(kind, name)
        assert button is not None
        QTest.keyClick(button, Qt.Key.Key_Space)
    assert dialog.look == PictureLook("dark", True, 4.0)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.result() == 0


def test_a_drawing_of_lines_has_no_resolution(qtbot: QtBot) -> None:
    dialog = PictureDialog("svg")
    qtbot.addWidget(dialog)
    assert dialog.findChild(QRadioButton, "picture_scale_1") is None
