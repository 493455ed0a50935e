"""Cut, copy and paste, with keys, between two windows, and from text that is none of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from graph_editor.background.background import Background
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.clips.clipboard import BOXES_MIME
from graph_editor.document.document import Document
from graph_editor.document.history import History
from graph_editor.view.graph_view import GraphView
from graph_editor.view.painting.theme import CanvasTheme
from tests.gui.view.conftest import Bench

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def _empty_clipboard() -> Iterator[None]:
    QApplication.clipboard().clear()
    yield
    QApplication.clipboard().clear()


def copy(bench: Bench, *call_ids: str) -> str:
    bench.view.select(call_ids)
    bench.key(Qt.Key.Key_C, CTRL)
    return QApplication.clipboard().text()


def test_copy_and_paste_with_wires_as_one_step(chain: Bench) -> None:
    before = chain.text()
    text = copy(chain, "c2", "c3")
    assert json.loads(text)["lamella"] == "boxes" and chain.text() == before
    assert QApplication.clipboard().mimeData().hasFormat(BOXES_MIME)
    chain.key(Qt.Key.Key_V, CTRL)
    first, second = chain.selected()
    assert (first, second) in chain.edges and len(chain.edges) == 3
    names = [chain.document.graph.operation_of(call).name for call in ("c2", "c3", first, second)]
    assert len(set(names)) == 4 and chain.matches_document()
    chain.history.undo()
    assert chain.text() == before and chain.matches_document()
    chain.history.redo()
    assert (first, second) in chain.edges


def test_boxes_are_pasted_at_the_cursor(chain: Bench, qtbot: QtBot) -> None:
    copy(chain, "c4")
    place = QPoint(640, 180)
    chain.view.viewport().setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    chain.move(place)
    chain.key(Qt.Key.Key_V, CTRL)
    (pasted,) = chain.selected()
    assert (chain.middle(pasted) - place).manhattanLength() <= 2
    chain.key(Qt.Key.Key_V, CTRL)
    (again,) = chain.selected()
    assert chain.document.positions[again] != chain.document.positions[pasted]


def test_cut_takes_the_boxes_away_as_one_step(chain: Bench) -> None:
    chain.view.select(["c2"])
    chain.key(Qt.Key.Key_X, CTRL)
    assert set(chain.document.graph.calls) == {"c1", "c3", "c4"} and chain.history.undo_label == "Cut"
    chain.history.undo()
    assert chain.edges == [("c1", "c2"), ("c2", "c3")] and chain.matches_document()


def test_paste_with_the_links_that_led_here(chain: Bench) -> None:
    chain.wire("c2", "c4")
    chain.wire("c3", "c4")
    copy(chain, "c3", "c4")
    chain.key(Qt.Key.Key_V, CTRL)
    third, fourth = chain.selected()
    assert ("c2", third) not in chain.edges and (third, fourth) in chain.edges
    chain.history.undo()
    chain.key(Qt.Key.Key_V, CTRL | SHIFT)
    third, fourth = chain.selected()
    assert ("c2", third) in chain.edges
    sources = [edge.source.call for edge in chain.document.graph.edges_into(fourth)]
    assert sources == ["c2", third] and chain.matches_document()


def test_shared_layers_stay_shared_among_the_pasted(chain: Bench) -> None:
    chain.view.select(["c2"])
    chain.key(Qt.Key.Key_D, CTRL | SHIFT)
    (again,) = chain.selected()
    copy(chain, "c2", again)
    chain.key(Qt.Key.Key_V, CTRL)
    graph = chain.document.graph
    one, other = chain.selected()
    assert graph.operation_of(one) == graph.operation_of(other) != graph.operation_of("c2")


def test_nested_models_come_along_between_windows(chain: Bench, qtbot: QtBot) -> None:
    chain.view.set_shapes({})
    chain.view.select(["c2", "c3"])
    chain.key(Qt.Key.Key_G, CTRL)
    (model,) = chain.selected()
    text = copy(chain, model)
    document = Document()
    history = History(document, FOLLOW_UPS)
    other = GraphView(document, history, chain.catalog, CanvasTheme.named("light"), Background())
    qtbot.addWidget(other)
    other.show()
    qtbot.waitExposed(other)
    other.setFocus()
    for _ in range(2):
        QTest.keyClick(other, Qt.Key.Key_V, CTRL)
    models = list(document.graph.operations.values())
    assert len(models) == 2 and len({item.graph for item in models}) == 2
    inner = document.graphs[models[1].graph or ""]
    assert [op.class_name for op in inner.operations.values()].count("Dense") == 2
    assert sorted(json.loads(text)["nested_graphs"]) and len(document.graphs) == 3
    history.undo()
    history.undo()
    assert not document.graph.calls and len(document.graphs) == 1 and not document.positions


def _changed(text: str, *path: str | int, value: object) -> str:
    content = json.loads(text)
    node = content
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return json.dumps(content)


def test_foreign_and_hostile_text_is_refused_in_a_sentence(chain: Bench) -> None:
    text = copy(chain, "c2", "c3")
    chain.wire("c1", "c4")
    deep = json.loads("[" * 80 + "]" * 80)
    hostile = [
        "",
        "hello",
        "[1, 2]",
        "null",
        "{" * 100_000,
        "[" * 100_000,
        '{"lamella": "boxes"}',
        '{"lamella": "boxes", "format_version": 1, "graph": {}}',
        '{"format_version": 1, "graph": {}}',
        _changed(text, "surprise", value=1),
        _changed(text, "format_version", value=10**6),
        _changed(text, "graph", value=[]),
        _changed(text, "graph", "calls", value="c2"),
        _changed(text, "graph", "calls", "c2", "args", value=deep),
        _changed(text, "graph", "calls", "c2", "args", value=[{"$tensor": ["c3", 0]}]),
        _changed(text, "graph", "calls", "c2", "args", value=[{"$tensor": ["c99", 0]}]),
        _changed(text, "graph", "operations", "o2", "config", "name", value=7),
        _changed(text, "graph", "operations", "o2", "config", "units", value=10**40),
        _changed(text, "graph", "operations", "o2", "config", "name", value="\ud800"),
        _changed(text, "graph", "operations", "o2", "graph", value="main"),
        _changed(text, "canvas", "positions", "c2", value=[1e300, 0]),
        _changed(text, "canvas", "positions", "c2", value=["a", 0]),
        _changed(text, "incoming", value=[{"from": ["c1", -1], "name": "x", "to": "c2", "path": ["args", 0]}]),
        _changed(text, "incoming", value=[{"from": ["c1", 0], "name": "x", "to": "c2", "path": ["args", 10**9]}]),
        _changed(text, "incoming", value={"a": 1}),
    ]
    before, steps = chain.text(), chain.history.undo_label
    for content in hostile:
        QApplication.clipboard().setText(content)
        chain.key(Qt.Key.Key_V, CTRL | SHIFT)
        assert chain.text() == before and chain.history.undo_label == steps, content[:80]
        assert chain.problems and chain.problems.pop().strip(), content[:80]
    assert chain.matches_document()


def test_text_by_hand_is_pasted_too(bench: Bench) -> None:
    content = {
        "lamella": "boxes",
        "format_version": 1,
        "graph": {
            "operations": {"a": {"class_name": "Dense", "config": {"name": "mine", "units": 3}}},
            "calls": {"b": {"operation": "a"}},
        },
    }
    mime = QMimeData()
    mime.setText(json.dumps(content))
    QApplication.clipboard().setMimeData(mime)
    bench.key(Qt.Key.Key_V, CTRL)
    (call,) = bench.selected()
    assert bench.document.graph.operation_of(call).name == "mine" and bench.matches_document()


def test_nothing_selected_leaves_the_clipboard_alone(chain: Bench) -> None:
    QApplication.clipboard().setText("kept")
    chain.view.select(())
    chain.key(Qt.Key.Key_C, CTRL)
    chain.key(Qt.Key.Key_X, CTRL)
    assert QApplication.clipboard().text() == "kept" and len(chain.document.graph.calls) == 4
