"""A thousand things done to the canvas in one sitting, by somebody who does not care what they mean."""

import gc
import random

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGraphicsItem, QWidget
from pytestqt.qtbot import QtBot

from graph_editor.document.document import ROOT
from graph_editor.view.items.part import Part
from tests.gui.view.conftest import Bench
from tests.support.sitting import Sitting

ACTIONS, SEED = 1000, 20261121
DIRECT = Qt.FindChildOption.FindDirectChildrenOnly


def test_a_thousand_actions_leave_document_and_scene_identical(bench: Bench, qtbot: QtBot) -> None:
    start, sitting = bench.text(), Sitting(bench, random.Random(SEED))
    for _ in range(ACTIONS):
        sitting.act()
        assert bench.matches_shown(), sitting.done[-5:]
    bench.view.end_gesture()
    end, steps = bench.text(), 0
    while bench.history.can_undo:
        bench.history.undo()
        steps += 1
        assert bench.matches_shown()
    assert bench.text() == start
    for _ in range(steps):
        bench.history.redo()
    assert bench.text() == end and bench.matches_shown()
    while bench.history.can_undo:
        bench.history.undo()
    bench.history.clear()
    scene = bench.view.graph_scene
    assert (
        bench.view.graph_id == ROOT and len(scene.items()) == 2 and len(scene.box_layer) == len(scene.wire_layer) == 0
    )
    gc.collect()
    parts = [part for part in gc.get_objects() if isinstance(part, Part) and part.layer is None]
    assert len(parts) < 50, "so are boxes and wires"
    items = [item for item in gc.get_objects() if isinstance(item, QGraphicsItem)]
    live = [item for item in items if shiboken6.isValid(item) and item.scene() is None]
    assert len(live) < 50, "items that belong to no scene any more are freed"
    named = [widget.objectName() for widget in bench.view.findChildren(QWidget, options=DIRECT) if widget.objectName()]
    assert len(named) == len(set(named)), "popups are made once, or go when closed"
