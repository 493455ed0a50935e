"""Many boxes come one after the other, placed on another thread, while the window stays alive."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QEventLoop
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from graph_editor.background.background import Background
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes import commands
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.document import Document
from graph_editor.document.graph import Call, Operation, TensorRef
from graph_editor.document.history import History
from graph_editor.layout.layered import arrange_document
from graph_editor.view.graph_view import GraphView
from graph_editor.view.painting.theme import CanvasTheme
from tests.gui.view.conftest import Bench

COUNT = 600


def long_chain(placed: bool, count: int = COUNT) -> Document:
    document = Document(name="long")
    graph, before = document.graph, None
    for number in range(count):
        class_name = "Dense" if number else "InputLayer"
        graph.put_operation(Operation(f"o{number}", class_name, {"name": f"l{number}"}))
        graph.put_call(Call(f"c{number}", f"o{number}", (before,) if before else ()))
        before = TensorRef(f"c{number}")
    graph.inputs, graph.outputs = TensorRef("c0"), before
    if placed:
        document.positions = dict(arrange_document(document))
    return document


def filled(bench: Bench) -> Callable[[], bool]:
    return lambda: not bench.view.graph_scene.filling


def test_boxes_without_places_wait_and_then_appear(bench: Bench, qtbot: QtBot) -> None:
    bench.document.replace_content(long_chain(placed=False))
    label = bench.view.findChild(QLabel, "canvasWaiting")
    assert label is not None and label.isVisible() and not bench.view.graph_scene.boxes
    qtbot.waitUntil(filled(bench), timeout=10_000)
    assert not label.isVisible() and len(bench.view.graph_scene.boxes) == COUNT and bench.matches_document()
    assert bench.document.positions == {}, "looking at a file does not change it"
    inside = bench.view.viewport().rect()
    assert inside.contains(bench.middle("c0")) and bench.view.zoom == 0.75, "where it begins, to be read"


@pytest.mark.parametrize("placed", [True, False])
def test_an_edit_while_they_come_leaves_a_whole_scene(bench: Bench, qtbot: QtBot, placed: bool) -> None:
    bench.document.replace_content(long_chain(placed))
    assert bench.view.graph_scene.filling
    bench.history.do("delete", commands.delete_calls(bench.document, ["c7", "c500"]))
    qtbot.waitUntil(filled(bench), timeout=10_000)
    assert len(bench.view.graph_scene.boxes) == COUNT - 2 and bench.matches_document()
    bench.history.undo()
    qtbot.waitUntil(filled(bench), timeout=10_000)
    assert bench.matches_document()


def test_a_box_that_is_not_there_yet_can_be_chosen(bench: Bench) -> None:
    bench.document.replace_content(long_chain(placed=True))
    last = f"c{COUNT - 1}"
    assert last not in bench.view.graph_scene.boxes
    bench.view.reveal(last)
    assert bench.selected() == [last] and bench.matches_document()


def test_boxes_come_in_several_turns_of_the_event_loop(bench: Bench) -> None:
    bench.document.replace_content(long_chain(placed=True, count=5 * COUNT))  # more than fits into one turn
    seen = {len(bench.view.graph_scene.boxes)}
    while bench.view.graph_scene.filling:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 1)
        seen.add(len(bench.view.graph_scene.boxes))
    assert len(seen) > 2, "all at once would let the window stand still"
    assert max(seen) == 5 * COUNT


def test_closing_while_they_come_leaves_nothing(catalog: Catalog) -> None:
    for placed in (True, False):
        document = long_chain(placed)
        history = History(document, FOLLOW_UPS)
        view = GraphView(document, history, catalog, CanvasTheme.named("dark"), Background())
        view.show()
        assert view.graph_scene.filling
        view.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
        history.do("rename", commands.rename_model(document, "still_alive"))
        assert document.name == "still_alive"
