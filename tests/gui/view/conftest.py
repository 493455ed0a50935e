"""A canvas in a window that is not shown to anybody, with real mouse and key events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from graph_editor.background.background import Background
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.canvas.collapsing import collapsed_boxes
from graph_editor.document.canvas.frames import frames_of
from graph_editor.document.canvas.wire_dots import dots_of, wire_of
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.checking.built_model import built_model
from graph_editor.document.document import ROOT, Document
from graph_editor.document.files.file_format import dumps
from graph_editor.document.graph import TensorRef
from graph_editor.document.history import History
from graph_editor.view.access.screen_reader import ScreenReader
from graph_editor.view.graph_view import GraphView
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.view.tools.drop_layer import LAYER_MIME

LEFT = Qt.MouseButton.LeftButton
NO_KEY = Qt.KeyboardModifier.NoModifier


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return Catalog.load()


@dataclass
class Bench:
    """A view at 100 % whose pixels are scene units, with what tests do to it."""

    view: GraphView
    document: Document
    history: History
    catalog: Catalog
    problems: list[str] = field(default_factory=list)
    selections: list[tuple[str, ...]] = field(default_factory=list)

    # Making

    def add(self, class_name: str, x: float, y: float) -> str:
        spec = self.catalog.layer(class_name)
        assert spec is not None
        call_id = self.view.actions_on_boxes.add(spec, (x, y))
        assert call_id is not None
        return call_id

    def wire(self, source: str, target: str) -> None:
        assert self.view.actions_on_boxes.connect(TensorRef(source), target, None)

    # Looking

    def selected(self) -> list[str]:
        return list(self.view.selection)

    @property
    def edges(self) -> list[tuple[str, str]]:
        return [(edge.source.call, edge.target) for edge in self.document.graph.edges()]

    def text(self) -> str:
        return dumps(self.document).decode()

    def pixel(self, place: QPointF) -> QPoint:
        return self.view.mapFromScene(place)

    def middle(self, call_id: str) -> QPoint:
        return self.pixel(self.view.graph_scene.boxes[call_id].rect().center())

    def output(self, call_id: str, index: int = 0) -> QPoint:
        return self.pixel(self.view.graph_scene.boxes[call_id].output_place(index))

    def input(self, call_id: str, index: int = 0) -> QPoint:
        return self.pixel(self.view.graph_scene.boxes[call_id].input_places()[index][1])

    def color_at(self, pixel: QPoint) -> QColor:
        """What is painted there."""
        return self.view.viewport().grab(QRect(pixel, QSize(1, 1))).toImage().pixelColor(0, 0)

    def reason(self) -> str:
        label = self.view.findChild(QWidget, "canvasReason")
        return str(label.property("text")) if label is not None and label.isVisible() else ""

    def matches_document(self) -> bool:
        """Whether the root shows, as it is."""
        return self.view.graph_id == ROOT and self.matches_shown()

    def matches_shown(self) -> bool:
        """Whether the scene shows the boxes and wires of its graph, all of them and nothing else, in their places."""
        scene, graph = self.view.graph_scene, self.document.graphs[self.view.graph_id]
        boxes = {key: (box.pos().x(), box.pos().y()) for key, box in scene.boxes.items()}
        wires = sorted((wire.edge.source.call, *key) for key, wire in scene.wires.items())
        edges = sorted((edge.source.call, edge.target, edge.path) for edge in graph.edges())
        others = len(scene.frames.items) + len(scene.notes.items)
        items = len(scene.items()) == 2 + others  # one item paints all wires, another all boxes
        boxes_painted = len(scene.box_layer) == len(list(scene.shown_boxes()))
        painted = boxes_painted and len(scene.wire_layer) == len(list(scene.shown_wires()))
        places = {key: scene.place_of(key) for key in graph.calls}
        bends = dots_of(self.document)
        bent = all(wire.dots == bends.get(wire_of(wire.edge), ()) for wire in scene.shown_wires())
        there = boxes == places and wires == edges and items and painted and bent
        return there and self._collapsed() and self._attached() and self._shows_left_out()

    def _shows_left_out(self) -> bool:
        """Whether boxes and wires show what is no part of the model."""
        scene, meant = self.view.graph_scene, built_model(self.document, self.catalog)
        boxes = all(box.look.left_out == meant.left_out.get(key) for key, box in scene.boxes.items())
        return boxes and all(wire.idle == (not meant.flows(wire.edge)) for wire in scene.wires.values())

    def _collapsed(self) -> bool:
        """Whether those boxes are bars, or hidden, that the document says."""
        scene, slim = self.view.graph_scene, collapsed_boxes(self.document)
        frames = [frame for frame in frames_of(self.document) if frame.collapsed]
        hidden = {box: frame.id for frame in frames for box in frame.boxes if box in scene.boxes}
        for key, box in scene.boxes.items():
            painted = box.layer is scene.box_layer
            if box.look.collapsed != (key in slim) or not (key in hidden) == box.hidden == (not painted):
                return False
        for wire in scene.wires.values():
            ends = hidden.get(wire.edge.source.call), hidden.get(wire.edge.target)
            inside, painted = ends[0] is not None and ends[0] == ends[1], wire.layer is scene.wire_layer
            if not inside == wire.hidden == (not painted):
                return False
        shown = {box.call_id: box.area() for box in scene.shown_boxes()}
        everywhere = (-1e9, -1e9, 1e9, 1e9)
        indexed = {key: scene.index.bounds(key) for key in scene.index.within(everywhere)}
        collapsed_frames = {item.frame.id: set(item.members) for item in scene.collapsed_frames.items.values()}
        expected = {frame: {box for box, its in hidden.items() if its == frame} for frame in set(hidden.values())}
        return indexed == shown and collapsed_frames == expected

    def _attached(self) -> bool:
        """Whether wires begin and end at ports."""
        scene = self.view.graph_scene
        for wire in scene.shown_wires():
            source, target = scene.shown(wire.edge.source.call), scene.shown(wire.edge.target)
            starts = [place for tensor, place in source.output_places() if tensor == wire.edge.source]
            ends = [place for slot, place in target.input_places() if slot.source == wire.edge.source]
            if wire.start() not in starts or wire.end() not in ends:
                return False
        return True

    # Mouse and keys

    def press(self, at: QPoint, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        QTest.mousePress(self.view.viewport(), button, keys, at)

    def move(self, at: QPoint) -> None:
        QTest.mouseMove(self.view.viewport(), at)
        QApplication.processEvents()

    def release(self, at: QPoint, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        QTest.mouseRelease(self.view.viewport(), button, keys, at)
        QApplication.processEvents()

    def drag_to(self, start: QPoint, end: QPoint, **how: Qt.MouseButton | Qt.KeyboardModifier) -> None:
        """Press and drag, without letting go."""
        self.press(start, **how)  # type: ignore[arg-type]
        self.move(start + QPoint(6, 0))
        self.move(QPoint((start.x() + end.x()) // 2, (start.y() + end.y()) // 2))
        self.move(end)

    def drag(self, start: QPoint, end: QPoint, **how: Qt.MouseButton | Qt.KeyboardModifier) -> None:
        self.drag_to(start, end, **how)
        self.release(end, **how)  # type: ignore[arg-type]

    def click(self, at: QPoint, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        QTest.mouseClick(self.view.viewport(), button, keys, at)
        QApplication.processEvents()

    def double_click(self, at: QPoint) -> None:
        QTest.mouseClick(self.view.viewport(), LEFT, NO_KEY, at)
        QTest.mouseDClick(self.view.viewport(), LEFT, NO_KEY, at)
        QApplication.processEvents()

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.view, key, keys)
        QApplication.processEvents()

    def type(self, text: str) -> None:
        QTest.keyClicks(QApplication.focusWidget() or self.view, text)
        QApplication.processEvents()

    # A layer from the palette

    def drag_layer(self, class_name: str, *places: QPoint, module: str = "keras.layers") -> QMimeData:
        """Enter at the first place and go on to the others; the caller holds on to the data."""
        mime = QMimeData()
        mime.setData(LAYER_MIME, f"{module}:{class_name}".encode())
        viewport, copy = self.view.viewport(), Qt.DropAction.CopyAction
        QApplication.sendEvent(viewport, QDragEnterEvent(places[0], copy, mime, LEFT, NO_KEY))
        for place in places:
            QApplication.sendEvent(viewport, QDragMoveEvent(place, copy, mime, LEFT, NO_KEY))
        return mime

    def drop_layer(self, mime: QMimeData, at: QPoint) -> None:
        event = QDropEvent(QPointF(at), Qt.DropAction.CopyAction, mime, LEFT, NO_KEY)
        QApplication.sendEvent(self.view.viewport(), event)

    def leave_with_layer(self) -> None:
        QApplication.sendEvent(self.view.viewport(), QDragLeaveEvent())


@pytest.fixture
def bench(qtbot: QtBot, catalog: Catalog) -> Iterator[Bench]:
    document = Document()
    history = History(document, FOLLOW_UPS)
    view = GraphView(document, history, catalog, CanvasTheme.named("dark"), Background())
    ScreenReader(view)
    qtbot.addWidget(view)
    view.resize(900, 700)
    view.show()
    qtbot.waitExposed(view)
    view.activateWindow()
    view.setFocus()
    view.centerOn(400, 300)
    result = Bench(view, document, history, catalog)
    view.problem_reported.connect(result.problems.append)
    view.selection_changed.connect(result.selections.append)
    yield result
    view.end_gesture()


@pytest.fixture
def chain(bench: Bench) -> Bench:
    """Input → Dense → Dense, called c1, c2, c3, with a free Add (c4) beside them."""
    for class_name, x, y in [("InputLayer", 200, 60), ("Dense", 200, 200), ("Dense", 200, 340), ("Add", 500, 340)]:
        bench.add(class_name, x, y)
    bench.wire("c1", "c2")
    bench.wire("c2", "c3")
    bench.view.select(())
    bench.selections.clear()
    return bench
