"""Every word has the room it needs: in English and Korean, in a large window and a small one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QDialog,
    QLabel,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QToolButton,
    QWidget,
)

from app.dialogs.about import AboutDialog
from app.dialogs.block import BlockDialog
from app.dialogs.new_project import NewProjectDialog
from app.dialogs.picture import PictureDialog
from app.dialogs.shortcuts import ShortcutsDialog
from app.dialogs.trouble import TroubleDialog
from app.project.templates import TEMPLATES
from app.system.places import RESOURCES
from graph_editor.background.background import Background
from graph_editor.document.clips.blocks import SUFFIX, load_block
from graph_editor.document.document import Document
from tests.gui.app.conftest import Rig

LARGE, SMALL = QSize(1440, 900), QSize(1024, 700)
SLACK = 1  # pixels that rounding may cost


def words(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
    if "<" in text:
        document = QTextDocument()
        document.setHtml(text)
        text = document.toPlainText()
    return text.strip()


def too_small(widget: QWidget) -> bool:
    """Whether a text needs more room than its widget has; texts that end with an ellipsis by themselves fit."""
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.heightForWidth(widget.width()) > widget.height() + SLACK
    need = widget.sizeHint()
    return need.width() > widget.width() + SLACK or need.height() > widget.height() + SLACK


def cut_off(widget: QWidget, window: QWidget) -> bool:
    """Whether a parent cuts a part away; what scrolls into view does not count."""
    area = QRect(QPoint(0, 0), widget.size())
    place, above = QRect(area), widget
    while above is not window:
        parent = above.parentWidget()
        if parent is None:
            break
        place.translate(above.pos())
        if isinstance(parent.parentWidget(), QScrollArea):
            return False
        if not parent.rect().adjusted(-SLACK, -SLACK, SLACK, SLACK).contains(place):
            return True
        above = parent
    return False


def texts(window: QWidget) -> Iterator[QWidget]:
    for kind in (QLabel, QPushButton, QCheckBox, QRadioButton, QToolButton):
        for widget in window.findChildren(kind):
            if widget.isVisible() and words(widget):
                yield widget


def clipped(window: QWidget) -> list[str]:
    QApplication.processEvents()
    found = []
    for widget in texts(window):
        if too_small(widget) or cut_off(widget, window):
            need, has = widget.sizeHint().toTuple(), widget.size().toTuple()
            found.append(f"{type(widget).__name__} {widget.objectName()} “{words(widget)[:50]}” needs {need} has {has}")
    assert any(True for _ in texts(window)), "nothing with text was found"
    return found


@pytest.fixture(params=["en", "ko"])
def full(rig: Rig, request: pytest.FixtureRequest) -> Rig:
    rig.desktop.preferences.set_language(request.param)
    rig.session.replace(TEMPLATES[0].open(), None)
    return rig


@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["large", "small"])
@pytest.mark.parametrize("workspace", ["build", "data", "train", "runs", "evaluate"])
def test_in_each_workspace(full: Rig, workspace: str, size: QSize) -> None:
    window = full.desktop.window
    window.resize(size)
    window.show_workspace(workspace)
    assert clipped(window) == []


@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["large", "small"])
@pytest.mark.parametrize("shown", ["one", "several", "nothing", "outline", "problems", "console", "empty", "dead"])
def test_in_the_panels_of_build(full: Rig, shown: str, size: QSize) -> None:
    window, calls = full.desktop.window, list(full.session.document.graph.calls)
    window.resize(size)
    if shown == "empty":
        full.session.replace(Document(full.session.catalog.keras_version), None)
    elif shown == "dead":
        full.engine.die()
    elif shown in ("one", "several"):
        full.session.navigation.select(calls[2:3] if shown == "one" else calls[2:5])
    elif shown != "nothing":
        {"outline": window.toggle_outline, "problems": window.show_problems, "console": window.show_console}[shown]()
    assert clipped(window) == []


@pytest.mark.parametrize("kind", ["new", "welcome", "shortcuts", "about", "picture", "trouble", "block"])
def test_in_the_dialogs(full: Rig, kind: str) -> None:
    desktop = full.desktop
    dialog: QDialog
    if kind in ("new", "welcome"):
        recent = ["/a/b.lamella"] if kind == "new" else []
        welcome = kind == "welcome"
        dialog = NewProjectDialog(
            full.session.catalog, desktop.preferences.look, Background(), recent, lambda: None, desktop.window, welcome
        )
    elif kind == "block":
        block = load_block(RESOURCES / "blocks" / f"residual{SUFFIX}")
        dialog = BlockDialog(block, "Save as a block", full.session.catalog, desktop.preferences.look, desktop.window)
    elif kind == "trouble":
        dialog = TroubleDialog(
            "/home/someone/models/a.keras cannot be opened. " * 3, desktop.preferences.look, desktop.window
        )
    elif kind == "shortcuts":
        dialog = ShortcutsDialog(desktop.window.commands, desktop.window.canvas.commands, desktop.window)
    elif kind == "picture":
        dialog = PictureDialog("png", desktop.window)
    else:
        dialog = AboutDialog(desktop.preferences.look, "Keras 3.15.1 · TensorFlow 2.21.0", desktop.window)
    dialog.show()
    try:
        assert clipped(dialog) == []
        assert dialog.height() <= SMALL.height()
        assert dialog.width() <= SMALL.width()
    finally:
        dialog.reject()
        dialog.deleteLater()
