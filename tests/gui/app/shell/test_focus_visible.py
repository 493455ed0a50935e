"""Whoever comes by Tab sees where they are: each control looks different with the keyboard, in both themes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget

from app.dialogs.about import AboutDialog
from app.dialogs.block import BlockDialog
from app.dialogs.new_project import NewProjectDialog
from app.dialogs.shortcuts import ShortcutsDialog
from app.project.templates import TEMPLATES
from app.system.places import RESOURCES
from graph_editor.background.background import Background
from graph_editor.document.clips.blocks import SUFFIX, load_block
from tests.gui.app.conftest import Rig

AROUND = 3  # pixels beside a control that may change with it
FEWEST = 12  # pixels that have to differ


def picture(window: QWidget, widget: QWidget) -> QImage:
    corner = widget.mapTo(window, QPoint(0, 0))
    area = QRect(corner, widget.size()).adjusted(-AROUND, -AROUND, AROUND, AROUND) & window.rect()
    return window.grab(area).toImage().convertToFormat(QImage.Format.Format_RGB32)


def differing(first: QImage, second: QImage) -> int:
    assert first.size() == second.size()
    one, other = first.constBits(), second.constBits()
    return sum(bytes(one[i : i + 4]) != bytes(other[i : i + 4]) for i in range(0, first.sizeInBytes(), 4))


def stops(window: QWidget) -> Iterator[QWidget]:
    """Where Tab stops, from the first control on; the canvas keeps Tab for itself and is left with Shift+Tab."""
    seen: list[QWidget] = []
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    for _ in range(300):
        here = QApplication.focusWidget()
        assert here is not None, f"nowhere after {seen[-1:]}"
        if here in seen[:1]:
            return
        seen.append(here)
        yield here
        QTest.keyClick(here, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
        QApplication.processEvents()
    raise AssertionError("Tab never comes back")


def unseen(window: QWidget) -> list[str]:
    """The controls that look the same with the keyboard as without it."""
    found = []
    for widget in stops(window):
        if isinstance(widget, QLineEdit):
            widget.deselect()
        focused = picture(window, widget)
        widget.clearFocus()
        QApplication.processEvents()
        if differing(focused, picture(window, widget)) < FEWEST:
            found.append(f"{type(widget).__name__} {widget.objectName() or widget.accessibleName()}")
        widget.setFocus(Qt.FocusReason.BacktabFocusReason)
    return found


@pytest.fixture(params=["dark", "light"])
def full(rig: Rig, request: pytest.FixtureRequest) -> Rig:
    rig.desktop.preferences.set_theme(request.param)
    rig.session.replace(TEMPLATES[0].open(), None)
    window = rig.desktop.window
    window.resize(1440, 900)
    window.activateWindow()
    QApplication.processEvents()
    return rig


@pytest.mark.parametrize("workspace", ["build", "data", "train", "runs", "evaluate"])
def test_in_each_workspace(full: Rig, workspace: str) -> None:
    window = full.desktop.window
    window.show_workspace(workspace)
    QApplication.processEvents()
    assert unseen(window) == []


@pytest.mark.parametrize("chosen", ["one", "several", "outline", "problems", "console"])
def test_in_the_panels_of_build(full: Rig, chosen: str) -> None:
    window, calls = full.desktop.window, list(full.session.document.graph.calls)
    if chosen in ("one", "several"):
        full.session.navigation.select(calls[2:3] if chosen == "one" else calls[2:5])
    else:
        {"outline": window.toggle_outline, "problems": window.show_problems, "console": window.show_console}[chosen]()
    window.canvas.setFocus()
    QApplication.processEvents()
    assert unseen(window) == []


@pytest.mark.parametrize("kind", ["new", "shortcuts", "about", "block"])
def test_in_the_dialogs(full: Rig, kind: str) -> None:
    desktop = full.desktop
    dialog: QDialog
    if kind == "new":
        dialog = NewProjectDialog(
            full.session.catalog, desktop.preferences.look, Background(), ["/a/b.lamella"], lambda: None, desktop.window
        )
    elif kind == "block":
        block = load_block(RESOURCES / "blocks" / f"residual{SUFFIX}")
        dialog = BlockDialog(block, "Save as a block", full.session.catalog, desktop.preferences.look, desktop.window)
    elif kind == "shortcuts":
        dialog = ShortcutsDialog(desktop.window.commands, desktop.window.canvas.commands, desktop.window)
    else:
        dialog = AboutDialog(desktop.preferences.look, "ready", desktop.window)
    dialog.show()
    dialog.activateWindow()
    QApplication.processEvents()
    try:
        assert unseen(dialog) == []
    finally:
        dialog.reject()
        dialog.deleteLater()


def test_no_window_flashes_up_when_a_workspace_is_made(full: Rig) -> None:
    shown: list[str] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                shown.append(type(watched).__name__)
            return False

    watch, app = Watch(), QApplication.instance()
    assert app is not None
    app.installEventFilter(watch)
    window = full.desktop.window
    try:
        for key in ("data", "train", "runs", "build"):
            window.show_workspace(key)
            QApplication.processEvents()
        full.session.navigation.select(list(full.session.document.graph.calls)[2:3])
        QApplication.processEvents()
    finally:
        app.removeEventFilter(watch)
    assert shown == []
    assert QApplication.activeWindow() is window
