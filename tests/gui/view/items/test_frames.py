"""Frames around boxes: made, moved, renamed, coloured, left and removed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from graph_editor.document.canvas.frames import COLORS, frames_of
from graph_editor.document.files.file_format import dumps, loads
from graph_editor.view.commands.menus import Commands, FrameActs, frame_menu, stand_in_menu
from graph_editor.view.painting.theme import CanvasTheme
from tests.gui.view.conftest import Bench

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def framed(chain: Bench) -> Bench:
    """The chain with c2 and c3 in a frame."""
    chain.view.select(["c2", "c3"])
    chain.key(Qt.Key.Key_J, CTRL)
    chain.key(Qt.Key.Key_Escape)  # keep the title
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
    framed.key(Qt.Key.Key_Escape)  # keep the title
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
        menu = stand_in_menu(
            Commands(chain.view.commands, chosen.append), acts, chain.view.graph_scene.boxes["c2"], parent
        )
    else:
        menu = frame_menu(acts, chosen.clear, "", parent)
    entries = {action.objectName(): action for action in menu.findChildren(QAction)}
    swatches = {name: entries[name].icon() for name in COLORS}
    middles = {icon.pixmap(24, 24).toImage().pixelColor(12, 12).rgba() for icon in swatches.values()}
    assert len(middles) == len(COLORS)
    again = frame_menu(acts, chosen.clear, "", parent)
    shown = {action.objectName(): action.icon().cacheKey() for action in again.findChildren(QAction)}
    assert {name: icon.cacheKey() for name, icon in swatches.items()} == {name: shown[name] for name in COLORS}
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


def body(bench: Bench) -> QPoint:
    """In the frame, beside its boxes."""
    (item,) = bench.view.graph_scene.frames.items.values()
    return bench.pixel(item.rect().bottomLeft() + QPointF(14, -14))


def test_its_border_takes_hold_of_it(framed: Bench) -> None:
    places, (item,) = dict(framed.document.positions), framed.view.graph_scene.frames.items.values()
    start = framed.pixel(item.rect().bottomLeft() + QPointF(40, 1))
    framed.drag(start, start + QPoint(-40, 30))
    moved = {key: (x - 40, y + 30) if key in ("c2", "c3") else (x, y) for key, (x, y) in places.items()}
    assert framed.document.positions == moved and framed.matches_document()


def test_from_afar_its_title_is_as_high_as_before(framed: Bench) -> None:
    framed.view.zoom_to(0.2)
    (item,) = framed.view.graph_scene.frames.items.values()
    framed.click(framed.pixel(item.bar().bottomLeft() + QPointF(item.rect().width() / 2, 0)) - QPoint(0, 14))
    assert framed.selected() == ["c2", "c3"]


def test_a_rectangle_drawn_in_it_selects(framed: Bench) -> None:
    framed.drag(body(framed), framed.pixel(framed.view.graph_scene.boxes["c3"].rect().center()))
    assert framed.selected() == ["c3"] and str(framed.history.undo_label) == "Frame"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a popup on the offscreen platform
def test_the_menu_in_its_body_has_its_entries_below_those_of_the_canvas(framed: Bench) -> None:
    viewport, at = framed.view.viewport(), body(framed)
    QApplication.sendEvent(viewport, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, viewport.mapToGlobal(at)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu) and menu.objectName() == "canvasMenu"
    more = menu.actions()[-1].menu()
    assert isinstance(more, QMenu) and more.title() == "Frame “Frame”"
    next(action for action in more.actions() if action.objectName() == "collapse_frame").trigger()
    menu.close()
    assert frames_of(framed.document)[0].collapsed and framed.matches_document()


def test_shift_c_collapses_the_frame_that_the_mouse_is_in(framed: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framed.view.viewport(), "underMouse", lambda: True)
    QTest.mouseMove(framed.view.viewport(), body(framed))
    framed.key(Qt.Key.Key_C, SHIFT)
    assert frames_of(framed.document)[0].collapsed and framed.matches_document()
    framed.history.undo()
    framed.view.select(())
    QTest.mouseMove(framed.view.viewport(), QPoint(5, 690))
    framed.key(Qt.Key.Key_C, SHIFT)
    assert not frames_of(framed.document)[0].collapsed and framed.problems


def test_tidy_keeps_boxes_off_it(framed: Bench, qtbot: QtBot) -> None:
    below = framed.add("Dropout", 200, 480)
    framed.wire("c3", below)
    framed.view.select(())
    before, tidied = framed.text(), lambda: str(framed.history.undo_label) == "Tidy"
    framed.view.run_action("tidy")
    qtbot.waitUntil(tidied)
    (item,) = framed.view.graph_scene.frames.items.values()
    boxes = framed.view.graph_scene.boxes
    assert boxes[below].rect().top() - item.rect().bottom() > 20
    assert item.rect().top() - boxes["c1"].rect().bottom() > 20 and framed.matches_document()
    framed.history.undo()
    assert framed.text() == before


def test_a_new_frame_asks_for_its_title(chain: Bench) -> None:
    chain.view.select(["c2", "c3"])
    chain.key(Qt.Key.Key_J, CTRL)
    chain.type("encoder")
    chain.key(Qt.Key.Key_Return)
    assert [frame.title for frame in frames_of(chain.document)] == ["encoder"]
    chain.history.undo()
    assert [frame.title for frame in frames_of(chain.document)] == ["Frame"]
    chain.history.undo()
    assert frames_of(chain.document) == []
    chain.key(Qt.Key.Key_J, CTRL)
    chain.type("decoder")
    chain.key(Qt.Key.Key_Escape)
    assert [frame.title for frame in frames_of(chain.document)] == ["Frame"] and chain.matches_document()
