"""Adding layers: by search, with keys alone, and by dragging from a palette."""

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListView, QWidget

from graph_editor.document.changes.commands import delete_calls
from graph_editor.document.document import Document
from graph_editor.view.painting.content import CallDisplay
from tests.gui.view.conftest import LEFT, NO_KEY, Bench

HERE = QPoint(700, 300)


def search_is_open(bench: Bench) -> bool:
    popup = bench.view.findChild(QWidget, "searchPopup")
    return popup is not None and popup.isVisible()


def test_a_model_by_keys_alone(bench: Bench) -> None:
    for text in ("input", "dense", "dropout", "dense"):
        bench.key(Qt.Key.Key_Tab)
        assert search_is_open(bench)
        bench.type(text)
        bench.key(Qt.Key.Key_Return)
        assert not search_is_open(bench) and bench.view.hasFocus()
    bench.key(Qt.Key.Key_O)
    classes = [bench.document.graph.operation_of(call_id).class_name for call_id in bench.document.graph.calls]
    assert classes == ["InputLayer", "Dense", "Dropout", "Dense"]
    assert bench.edges == [("c1", "c2"), ("c2", "c3"), ("c3", "c4")]
    assert len(bench.document.graph.output_refs()) == 1 and bench.matches_document()
    tops = [bench.document.positions[f"c{number}"][1] for number in range(1, 5)]
    assert tops == sorted(tops) and len(set(tops)) == 4
    bench.history.undo()
    bench.history.undo()
    assert bench.edges == [("c1", "c2"), ("c2", "c3")] and bench.matches_document()


def test_arrows_choose_among_what_was_found(bench: Bench) -> None:
    bench.key(Qt.Key.Key_Tab)
    bench.type("conv")
    found = [spec.class_name for spec in bench.catalog.search("conv")]
    bench.key(Qt.Key.Key_Down)
    bench.key(Qt.Key.Key_Down)
    bench.key(Qt.Key.Key_Up)
    bench.key(Qt.Key.Key_Return)
    assert [op.class_name for op in bench.document.graph.operations.values()] == [found[1]]


def test_escape_closes_the_search(bench: Bench) -> None:
    bench.key(Qt.Key.Key_Tab)
    bench.type("den")
    bench.key(Qt.Key.Key_Escape)
    assert not search_is_open(bench) and not bench.document.graph.calls and bench.view.hasFocus()


def test_a_click_beside_its_list_is_for_the_search_and_one_elsewhere_closes_it(chain: Bench) -> None:
    chain.view.select(["c2"])
    chain.view.search.open(QPointF(420, 300))
    popup = chain.view.findChild(QWidget, "searchPopup")
    assert popup is not None
    for at in (QPoint(4, 4), QPoint(30, popup.height() - 8)):
        QTest.mouseClick(popup, LEFT, NO_KEY, at)
        focus = QApplication.focusWidget()
        assert search_is_open(chain) and focus is not None and popup.isAncestorOf(focus)
    assert chain.selected() == ["c2"], "nothing behind it has heard of that"
    QTest.mouseMove(popup, QPoint(40, 40))
    chain.view.setFocus()
    assert not search_is_open(chain), "wherever the mouse is"


def test_a_search_for_a_box_that_goes_is_over(chain: Bench) -> None:
    chain.drag(chain.input("c4"), QPoint(760, 60))
    assert search_is_open(chain), "a wire was dropped on nothing"
    chain.type("dense")
    before = len(chain.document.graph.calls)
    chain.history.do("gone", delete_calls(chain.document, ["c4"]))
    assert not search_is_open(chain)
    chain.key(Qt.Key.Key_Return)
    assert len(chain.document.graph.calls) == before - 1 and chain.matches_document()


def test_a_search_does_not_outlive_its_project(chain: Bench) -> None:
    chain.drag(chain.input("c4"), QPoint(760, 60))
    assert search_is_open(chain)
    chain.document.replace_content(Document())
    assert not search_is_open(chain)


def test_nothing_found_adds_nothing(bench: Bench) -> None:
    bench.key(Qt.Key.Key_Tab)
    bench.type("zzzzqq")
    bench.key(Qt.Key.Key_Return)
    assert search_is_open(bench) and not bench.document.graph.calls
    bench.key(Qt.Key.Key_Escape)


def test_double_click_on_the_canvas_adds_there(bench: Bench) -> None:
    bench.double_click(HERE)
    assert search_is_open(bench)
    bench.type("dense")
    bench.key(Qt.Key.Key_Return)
    assert (bench.middle("c1") - HERE).manhattanLength() <= 2 and bench.edges == []


def test_the_second_branch_of_a_box_stands_beside_the_first(bench: Bench) -> None:
    bench.add("InputLayer", 200, 60)
    for _ in range(2):
        bench.view.select(["c1"])
        bench.key(Qt.Key.Key_Tab)
        bench.type("dense")
        bench.key(Qt.Key.Key_Return)
    first, second = bench.document.positions["c2"], bench.document.positions["c3"]
    assert first[1] == second[1] and second[0] >= first[0] + 172
    assert bench.edges == [("c1", "c2"), ("c1", "c3")]


def test_a_layer_from_the_palette_is_dropped(bench: Bench) -> None:
    items = len(bench.view.graph_scene.items())
    mime = bench.drag_layer("Dense", QPoint(100, 100), HERE)
    assert len(bench.view.graph_scene.items()) == items + 1, "the ghost"
    bench.drop_layer(mime, HERE)
    assert (bench.middle("c1") - HERE).manhattanLength() <= 2
    assert bench.selected() == ["c1"] and bench.matches_document()
    bench.history.undo()
    assert not bench.document.graph.calls and bench.matches_document()


def test_leaving_with_the_layer_adds_nothing(bench: Bench) -> None:
    mime = bench.drag_layer("Dense", QPoint(100, 100), HERE)
    bench.leave_with_layer()
    assert not bench.document.graph.calls and bench.matches_document()
    del mime


def test_a_layer_dropped_on_a_wire_goes_in_between(chain: Bench) -> None:
    wire = chain.view.graph_scene.wires[("c3", ("args", 0))]
    middle = chain.pixel(QPointF(*wire.points()[6]))
    mime = chain.drag_layer("Dropout", HERE, middle)
    assert wire.hovered
    chain.drop_layer(mime, middle)
    assert sorted(chain.edges) == [("c1", "c2"), ("c2", "c5"), ("c5", "c3")]
    chain.history.undo()
    assert chain.edges == [("c1", "c2"), ("c2", "c3")] and chain.matches_document()


def test_an_input_dropped_on_a_wire_leaves_it_alone(chain: Bench) -> None:
    wire = chain.view.graph_scene.wires[("c3", ("args", 0))]
    middle = chain.pixel(QPointF(*wire.points()[6]))
    mime = chain.drag_layer("InputLayer", HERE, middle)
    assert not wire.hovered
    chain.drop_layer(mime, middle)
    assert chain.edges == [("c1", "c2"), ("c2", "c3")] and len(chain.document.graph.input_refs()) == 2


def test_foreign_drags_are_refused(bench: Bench) -> None:
    for mime_type, data in [
        ("text/plain", b"Dense"),
        ("application/x-lamella-layer", b"os:system"),
        ("application/x-lamella-layer", b"\xff\xfe"),
    ]:
        mime = QMimeData()
        mime.setData(mime_type, data)
        event = QDragEnterEvent(HERE, Qt.DropAction.CopyAction, mime, LEFT, NO_KEY)
        event.ignore()
        QApplication.sendEvent(bench.view.viewport(), event)
        assert not event.isAccepted()
    assert bench.matches_document()


def offered(bench: Bench) -> list[str]:
    found = bench.view.findChild(QListView, "searchList")
    assert found is not None
    model = found.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def test_the_search_offers_first_what_fits_the_selected_box(bench: Bench) -> None:
    image = bench.add("InputLayer", 300, 0)
    bench.view.set_shapes({image: CallDisplay(((None, 28, 28, 1),), ("float32",), 0)})
    bench.view.select([image])
    bench.key(Qt.Key.Key_Tab)
    names = offered(bench)
    assert names.index("Conv2D") < names.index("Dense") < names.index("Conv1D")
    assert "Input" in names
    bench.key(Qt.Key.Key_Escape)
    bench.view.select([])
    bench.key(Qt.Key.Key_Tab)
    assert offered(bench) == [spec.shown_name for spec in bench.catalog.search("")]


def test_a_merge_joins_both_selected_boxes(bench: Bench) -> None:
    left, right = bench.add("InputLayer", 500, 0), bench.add("InputLayer", 100, 40)
    bench.view.select([left, right])
    bench.key(Qt.Key.Key_Tab)
    assert offered(bench)[0] in ("Add", "Concatenate")
    bench.type("concat")
    bench.key(Qt.Key.Key_Return)
    merge = bench.selected()[0]
    assert bench.edges == [(right, merge), (left, merge)]  # from left to right
    assert bench.document.positions[merge][1] > bench.document.positions[right][1]
    assert bench.matches_document()
    bench.history.undo()
    assert bench.edges == [] and bench.matches_document()


def test_a_box_and_one_further_down_are_joined_around_what_lies_between(bench: Bench) -> None:
    first = bench.add("InputLayer", 300, 0)
    second, third = bench.add("Dense", 300, 120), bench.add("Dense", 300, 240)
    bench.wire(first, second)
    bench.wire(second, third)
    bench.view.select([third, first])
    bench.key(Qt.Key.Key_Tab)
    bench.type("add")
    bench.key(Qt.Key.Key_Return)
    assert set(bench.edges[2:]) == {(first, "c4"), (third, "c4")}


def test_three_are_joined_by_what_takes_three_alone(bench: Bench) -> None:
    boxes = [bench.add("InputLayer", 100 + 250 * number, 0) for number in range(3)]
    bench.view.select(boxes)
    bench.key(Qt.Key.Key_Tab)
    names = offered(bench)
    assert names.index("Add") < names.index("Subtract")
    bench.type("average")
    bench.key(Qt.Key.Key_Return)
    assert bench.edges == [(box, "c4") for box in boxes]


def test_a_layer_of_one_input_is_not_wired_to_two(bench: Bench) -> None:
    bench.view.select([bench.add("InputLayer", 100, 0), bench.add("InputLayer", 400, 0)])
    bench.key(Qt.Key.Key_Tab)
    bench.type("dense")
    bench.key(Qt.Key.Key_Return)
    assert bench.edges == [] and len(bench.document.graph.calls) == 3
