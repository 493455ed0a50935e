"""Frames around boxes: made, moved, renamed, coloured, left and removed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from graph_editor.document.file_format import dumps, loads
from graph_editor.document.frames import COLORS, frames_of
from graph_editor.view.menus import FrameActs, frame_menu, stand_in_menu
from graph_editor.view.painting.theme import CanvasTheme
from tests.gui.canvas.conftest import Bench

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def framed(chain: Bench) -> Bench:
    """The chain with c2 and c3 in a frame."""
    chain.view.select(["c2", "c3"])
    chain.key(Qt.Key.Key_J, CTRL)
    chain.view.select(())
    return chain


def title(bench: Bench) -> QPoint:
    (item,) = bench.view.graph_scene.frames.items.values()
    return bench.pixel(item.bar().center() - QPointF(70, 0))


def test_a_frame_is_one_step_and_survives_the_file(framed: Bench) -> None:
    (frame,) = frames_of(framed.document)
    assert frame.boxes == ("c2", "c3") and framed.matches_document()
    assert frames_of(loads(framed.text().encode())) == [frame]
    framed.history.undo()
    assert frames_of(framed.document) == [] and not framed.view.graph_scene.frames.items and framed.matches_document()
    framed.history.redo()
    assert frames_of(framed.document) == [frame] and framed.matches_document()


def test_a_frame_moves_its_boxes_and_esc_puts_them_back(framed: Bench) -> None:
    before, places, start = framed.text(), dict(framed.document.positions), title(framed)
    framed.drag_to(start, start + QPoint(-40, 30))
    assert title(framed) != start
    framed.key(Qt.Key.Key_Escape)
    framed.release(start)
    assert framed.text() == before and title(framed) == start
    framed.drag(start, start + QPoint(-40, 30))
    moved = {key: (x - 40, y + 30) if key in ("c2", "c3") else (x, y) for key, (x, y) in places.items()}
    assert framed.document.positions == moved and title(framed) == start + QPoint(-40, 30)
    framed.history.undo()
    assert framed.text() == before and framed.matches_document()


def test_a_click_on_the_title_selects_a_double_click_renames(framed: Bench) -> None:
    framed.click(title(framed))
    assert framed.selected() == ["c2", "c3"]
    framed.double_click(title(framed))
    framed.type("encoder")
    framed.key(Qt.Key.Key_Return)
    assert frames_of(framed.document)[0].title == "encoder"
    framed.history.undo()
    assert frames_of(framed.document)[0].title != "encoder"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a popup on the offscreen platform
def test_its_menu_colours_and_removes_it(framed: Bench) -> None:
    for name in ("green", "remove_frame"):
        viewport, at = framed.view.viewport(), title(framed)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, viewport.mapToGlobal(at))
        QApplication.sendEvent(viewport, event)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        next(action for action in menu.actions() if action.objectName() == name).trigger()
        menu.close()
        assert [frame.color for frame in frames_of(framed.document)] == (["green"] if name == "green" else [])
    assert len(framed.document.graph.calls) == 4 and framed.matches_document()


def test_boxes_leave_their_frame_and_deleted_ones_come_back_to_it(framed: Bench) -> None:
    framed.view.select(["c2"])
    framed.key(Qt.Key.Key_Delete)
    framed.view.select(["c3"])
    framed.key(Qt.Key.Key_Delete)
    assert not framed.view.graph_scene.frames.items and framed.matches_document()
    framed.history.undo()
    framed.history.undo()
    assert len(framed.view.graph_scene.frames.items) == 1
    framed.view.select(["c2"])
    framed.key(Qt.Key.Key_J, CTRL | SHIFT)
    assert frames_of(framed.document)[0].boxes == ("c3",)
    framed.view.select(["c3", "c4"])
    framed.key(Qt.Key.Key_J, CTRL)
    assert [frame.boxes for frame in frames_of(framed.document)] == [("c3", "c4")] and framed.matches_document()


def test_what_is_no_frame_in_a_file_is_passed_over(framed: Bench) -> None:
    text = framed.text().replace('"boxes"', '"crates"')
    assert frames_of(loads(text.encode())) == []


@pytest.mark.parametrize("collapsed", [False, True])
def test_its_menu_shows_the_colours(chain: Bench, qtbot: QtBot, collapsed: bool) -> None:
    chosen: list[str] = []
    parent = QWidget()
    qtbot.addWidget(parent)
    acts = FrameActs(CanvasTheme.named("dark"), chosen.clear, chosen.append, chosen.clear)
    if collapsed:
        menu = stand_in_menu(chosen.append, acts, chain.view.graph_scene.boxes["c2"], parent)
    else:
        menu = frame_menu(acts, chosen.clear, parent)
    entries = {action.objectName(): action for action in menu.findChildren(QAction)}
    swatches = {name: entries[name].icon() for name in COLORS}
    middles = {icon.pixmap(24, 24).toImage().pixelColor(12, 12).rgba() for icon in swatches.values()}
    assert len(middles) == len(COLORS)
    entries["teal"].trigger()
    assert chosen == ["teal"]


@pytest.mark.parametrize("old", ["red", "orange"])
def test_an_old_file_keeps_its_colour_and_shows_another(framed: Bench, old: str) -> None:
    document = loads(framed.text().replace('"color": "blue"', f'"color": "{old}"').encode())
    (frame,) = frames_of(document)
    assert frame.color == old and f'"color": "{old}"' in dumps(document).decode()
    theme = framed.view.graph_scene.style_sheet.theme
    shown = [theme.frame(color) for color in COLORS]
    assert theme.frame(old) in shown and theme.category(f"frame.{old}") in shown
