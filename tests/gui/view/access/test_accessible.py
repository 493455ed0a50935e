"""What Qt's accessibility interface shows of the canvas: to screen readers, and to programs that work a window."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QApplication
from shiboken6 import Shiboken

from graph_editor.background.background import Background
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.checking.validation import problems
from graph_editor.document.document import Document
from graph_editor.document.graph import Call, Operation
from graph_editor.document.history import History
from graph_editor.view.access import accessible
from graph_editor.view.access.accessible import CanvasObjects
from graph_editor.view.access.screen_reader import ScreenReader
from graph_editor.view.graph_view import GraphView
from graph_editor.view.painting.content import CallDisplay
from graph_editor.view.painting.theme import CanvasTheme
from tests.gui.view.conftest import Bench

Text, Role, Event = QAccessible.Text, QAccessible.Role, QAccessible.Event
CONTROL = Qt.KeyboardModifier.ControlModifier


def flags(item: QAccessibleInterface, *names: str) -> list[bool]:
    state = item.state()
    return [bool(getattr(state, name)) for name in names]


def canvas(view: GraphView) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(view)
    assert found is not None
    return found


def child(parent: QAccessibleInterface, index: int) -> QAccessibleInterface:
    found = parent.child(index)
    assert found is not None
    return found


def children(parent: QAccessibleInterface) -> list[QAccessibleInterface]:
    return [child(parent, index) for index in range(parent.childCount())]


def boxes(view: GraphView) -> list[QAccessibleInterface]:
    return [item for item in children(canvas(view)) if item.role() == Role.ListItem]


def names(items: list[QAccessibleInterface]) -> list[str]:
    return [item.text(Text.Name) for item in items]


@pytest.fixture
def news(monkeypatch: pytest.MonkeyPatch) -> list[tuple[QAccessible.Event, str]]:
    """What a screen reader would be told, with the name of the object it is about."""
    told: list[tuple[QAccessible.Event, str]] = []

    class Ear:
        isActive = staticmethod(lambda: True)  # noqa: N815
        Event, Text, Role = QAccessible.Event, QAccessible.Text, QAccessible.Role
        queryAccessibleInterface = QAccessible.queryAccessibleInterface  # noqa: N815
        registerAccessibleInterface = QAccessible.registerAccessibleInterface  # noqa: N815
        deleteAccessibleInterface = QAccessible.deleteAccessibleInterface  # noqa: N815
        uniqueId = QAccessible.uniqueId  # noqa: N815

        @staticmethod
        def updateAccessibility(event: QAccessibleEvent) -> None:  # noqa: N802
            about = event.accessibleInterface()
            told.append((event.type(), about.text(Text.Name)))

    monkeypatch.setattr(accessible, "QAccessible", Ear)
    return told


def test_boxes_are_children_of_the_canvas_in_the_order_of_the_data(chain: Bench) -> None:
    assert canvas(chain.view).role() == Role.List
    assert names(boxes(chain.view)) == [
        "input, Input",
        "dense, Dense · 32",
        "dense_1, Dense · 32",
        "add, Add",
    ] or names(boxes(chain.view))[0].startswith("input")
    for index, box in enumerate(boxes(chain.view)):
        assert box.parent() is canvas(chain.view)
        assert canvas(chain.view).indexOfChild(box) == index
        assert box.isValid()


def test_ports_and_wires_are_found_below_their_box(chain: Bench) -> None:
    chain.view.set_shapes({"c2": CallDisplay(((None, 8),), ("float32",), 100)})
    dense_1 = boxes(chain.view)[2]
    first, last = children(dense_1)
    assert "wire from dense" in first.text(Text.Name)
    assert last.text(Text.Name) == "output"
    assert first.parent() is dense_1
    assert dense_1.indexOfChild(last) == 1
    (wire,) = children(first)
    assert wire.role() == Role.Link
    assert wire.text(Text.Name) == "wire from dense to dense_1, 8"
    assert wire.parent() is first
    assert children(wire) == []


def test_problems_and_states_are_told(chain: Bench) -> None:
    add = boxes(chain.view)[3]
    assert "Error" not in add.text(Text.Description)
    chain.view.set_problems(problems(chain.document, chain.catalog))
    assert "Error: " in add.text(Text.Description)
    chain.view.select(["c3"])
    chain.key(Qt.Key.Key_L)
    chain.key(Qt.Key.Key_O)
    dense_1 = boxes(chain.view)[2]
    assert "frozen" in dense_1.text(Text.Description)
    assert children(dense_1)[-1].text(Text.Description) == "output of the model"
    assert flags(dense_1, "selected", "focused", "selectable", "offscreen") == [True, True, True, False]
    assert flags(boxes(chain.view)[1], "selected", "focused") == [False, False]


def test_what_is_elsewhere_says_so(chain: Bench) -> None:
    box = boxes(chain.view)[1]
    assert box.rect().contains(chain.view.viewport().mapToGlobal(chain.middle("c2")))
    at = chain.view.viewport().mapToGlobal(chain.middle("c2"))
    assert canvas(chain.view).childAt(at.x(), at.y()) is box
    chain.view.centerOn(QPointF(9_000, 9_000))
    assert flags(box, "offscreen") == [True]


def test_names_follow_edits_and_undo(chain: Bench) -> None:
    box = boxes(chain.view)[1]
    chain.view.select(["c2"])
    chain.key(Qt.Key.Key_F2)
    chain.type("first")
    chain.key(Qt.Key.Key_Return)
    assert box.text(Text.Name).startswith("first, Dense")
    chain.history.undo()
    assert box.text(Text.Name).startswith("dense, Dense")


def test_a_deleted_box_is_gone_and_comes_back_as_another(chain: Bench) -> None:
    held = boxes(chain.view)
    parts = [part for box in held for part in children(box)]
    wires = [wire for part in parts for wire in children(part)]
    assert len(wires) == 2
    chain.view.select(["c2"])
    chain.key(Qt.Key.Key_Delete)
    assert len(boxes(chain.view)) == 3
    assert not Shiboken.isValid(held[1])
    assert not any(Shiboken.isValid(wire) for wire in wires)
    assert Shiboken.isValid(held[0])
    chain.history.undo()
    assert len(boxes(chain.view)) == 4
    assert boxes(chain.view)[1].text(Text.Name).startswith("dense, ")
    chain.history.redo()
    assert len(boxes(chain.view)) == 3


def test_notes_are_read_after_the_boxes(chain: Bench) -> None:
    chain.view.run_action("add_note")
    chain.type("Try more units here")
    chain.key(Qt.Key.Key_Return, CONTROL)
    root = canvas(chain.view)
    note = child(root, 4)
    assert note.text(Text.Name) == "note: Try more units here"
    assert root.indexOfChild(note) == 4 and note.parent() is root and children(note) == []
    item = next(iter(chain.view.graph_scene.notes.items.values()))
    assert note.rect().center() == chain.view.viewport().mapToGlobal(chain.pixel(item.rect().center()))
    assert flags(note, "selectable", "selected", "offscreen") == [True, True, False]
    chain.view.run_action("select_nothing")
    assert flags(note, "selectable", "selected", "offscreen") == [True, False, False]
    assert [root.indexOfChild(item) for item in children(root)] == list(range(root.childCount()))
    chain.history.undo()
    assert not Shiboken.isValid(note)
    assert [root.indexOfChild(item) for item in children(root)] == list(range(root.childCount()))


def test_boxes_of_a_collapsed_frame_are_where_it_is(chain: Bench) -> None:
    box = boxes(chain.view)[1]
    before = box.rect()
    chain.view.select(["c1", "c2"])
    chain.key(Qt.Key.Key_C, Qt.KeyboardModifier.ShiftModifier)
    chain.key(Qt.Key.Key_Escape)
    collapsed_frame = chain.view.graph_scene.collapsed_frames.of("c2")
    assert collapsed_frame is not None
    assert flags(box, "invisible") == [True]
    assert box.rect() == boxes(chain.view)[0].rect() != before
    assert names([box])[0].startswith("dense, ")


def test_an_empty_canvas_says_so(bench: Bench) -> None:
    assert canvas(bench.view).text(Text.Name) == "Canvas, empty"
    assert boxes(bench.view) == []
    bench.add("Dense", 0, 0)
    assert canvas(bench.view).text(Text.Name) == "Canvas"


def test_the_box_that_keys_go_to_has_the_focus(chain: Bench, news: list[tuple[QAccessible.Event, str]]) -> None:
    assert names(boxes(chain.view))
    chain.key(Qt.Key.Key_Down, CONTROL)
    assert (Event.Focus, "input, Input") in news
    focus = canvas(chain.view).focusChild()
    assert focus.text(Text.Name) == "input, Input"
    news.clear()
    chain.view.clearFocus()
    chain.view.setFocus()
    QApplication.processEvents()
    assert news == [(Event.Focus, "input, Input")]


def test_deletions_additions_and_new_names_are_told(chain: Bench, news: list[tuple[QAccessible.Event, str]]) -> None:
    assert len(boxes(chain.view)) == 4
    chain.view.select(["c4"])
    news.clear()
    chain.key(Qt.Key.Key_Delete)
    assert Event.ObjectDestroyed in [kind for kind, _ in news]
    news.clear()
    chain.history.undo()
    assert (Event.ObjectCreated, "add, Add") in news
    news.clear()
    chain.view.select(["c2"])
    chain.key(Qt.Key.Key_L)
    assert (Event.DescriptionChanged, boxes(chain.view)[1].text(Text.Name)) in news


def test_only_boxes_whose_problems_changed_are_told_of(chain: Bench, news: list[tuple[QAccessible.Event, str]]) -> None:
    assert len(boxes(chain.view)) == 4
    found = problems(chain.document, chain.catalog)
    chain.view.set_problems(found)
    told = {name.split(",")[0] for kind, name in news if kind == Event.DescriptionChanged}
    assert "add" in told and "dense" not in told
    news.clear()
    chain.view.set_problems(found)
    assert news == []
    chain.view.set_problems([])
    assert {name.split(",")[0] for _, name in news} == told


def test_nobody_asks_nothing_is_made(chain: Bench) -> None:
    chain.view.select(["c2"])
    chain.key(Qt.Key.Key_Delete)
    chain.history.undo()
    objects = chain.view.findChild(accessible.CanvasObjects, "canvasObjects")
    assert objects is not None
    assert not any(getattr(key, "kind", None) == "box" for key in objects._held)


def many(count: int) -> Document:
    document = Document()
    graph = document.graph
    for number in range(count):
        graph.put_operation(Operation(f"o{number}", "Dense", {"name": f"dense_{number}", "units": 4}))
        graph.put_call(Call(f"c{number}", f"o{number}"))
        document.positions[f"c{number}"] = (float(number % 100) * 200, float(number // 100) * 100)
    return document


def test_ten_thousand_boxes_ten_thousand_questions_and_no_leak(qapp: QApplication, catalog: Catalog) -> None:
    document = many(10_000)
    view = GraphView(document, History(document, FOLLOW_UPS), catalog, CanvasTheme.named("dark"), Background())
    ScreenReader(view)
    view.show()
    view.graph_scene.finish()
    qapp.processEvents()
    root = canvas(view)
    objects = view.findChild(QObject, "canvasObjects")
    assert isinstance(objects, CanvasObjects)
    made = len(objects._held)
    assert root.child(9_999) is not None
    assert len(objects._held) == made + 1, "one question must not make all the answers"
    [child(root, index) for index in range(10_000)]
    gc.collect()  # what has gone by now holds on to some, too
    nothing = sys.getrefcount(None)
    for index in range(10_000):
        box = child(root, index)
        assert box.text(Text.Name) and box.role() == Role.ListItem
        assert box.parent() is root and root.indexOfChild(box) == index
        assert flags(box, "selected") == [False]
    gc.collect()
    assert abs(sys.getrefcount(None) - nothing) < 500
    assert root.child(10) is root.child(10)
    held = [child(root, index) for index in (0, 5_000)]
    view.close()
    view.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not any(Shiboken.isValid(item) for item in held)


PROGRAM = """
import sys
from PySide6.QtWidgets import QApplication
from PySide6.QtGui import QAccessible
from graph_editor.background.background import Background
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.history import History
from graph_editor.view.access.screen_reader import ScreenReader
from graph_editor.view.graph_view import GraphView
from graph_editor.view.painting.theme import CanvasTheme
from tests.gui.view.access.test_accessible import many
application = QApplication([])
QAccessible.setActive(True)
document = many(20)
view = GraphView(document, History(document, FOLLOW_UPS), Catalog.load(), CanvasTheme.named("dark"), Background())
ScreenReader(view)
view.show()
application.processEvents()
root = QAccessible.queryAccessibleInterface(view)
print([root.child(index).text(QAccessible.Text.Name) for index in range(20)][-1])
view.select(["c1"])
application.processEvents()
"""


@pytest.mark.parametrize("end", ["", "del view", "sys.exit(0)", "view.deleteLater(); application.processEvents()"])
def test_a_program_that_was_looked_at_ends_in_peace(end: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM + end], capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.startswith("dense_19")
    assert "Traceback" not in done.stderr
