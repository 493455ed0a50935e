"""The outline: painting over snowflakes, filtering, sorting, keys, the selection, ten thousand boxes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from app.look.theme_source import ThemeSource
from app.panels.outline.model import STATE_ROLE, Column
from app.panels.outline.panel import Outline
from graph_editor.document.changes.commands import delete_calls, rename, set_output
from graph_editor.document.changes.freezing import set_trainable
from graph_editor.document.changes.grouping import group
from graph_editor.document.document import Document
from graph_editor.document.graph import Call, Operation, TensorRef
from tests.gui.panels.conftest import Bench

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def outline(qtbot: QtBot, bench: Bench, look: ThemeSource) -> Outline:
    made = Outline(bench.session, look)
    made.resize(460, 400)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


@pytest.fixture
def stack(bench: Bench, outline: Outline) -> list[str]:
    """Input → Dense a → Dropout → Dense b → Dense c10 → Dense c9, the last one an output."""
    calls: list[str] = []
    layers = (
        ("InputLayer", "image"),
        ("Dense", "a"),
        ("Dropout", "drop"),
        ("Dense", "b"),
        ("Dense", "c10"),
        ("Dense", "c9"),
    )
    for class_name, name in layers:
        calls.append(bench.add(class_name, calls[-1] if calls else None, name=name))
    bench.session.edit("output", set_output(bench.document, TensorRef(calls[-1]), True))
    bench.settle()
    return calls


def names(outline: Outline, parent: QModelIndex | None = None) -> list[str]:
    above = parent or QModelIndex()
    return [outline.model.index(row, 0, above).data() for row in range(outline.model.rowCount(above))]


def states(outline: Outline, parent: QModelIndex | None = None) -> list[str]:
    above = parent or QModelIndex()
    return [outline.model.index(row, 1, above).data(STATE_ROLE) for row in range(outline.model.rowCount(above))]


def cell(outline: Outline, row: int, column: Column = Column.FREEZE) -> QPoint:
    return outline.view.visualRect(outline.model.index(row, column)).center()


def press(outline: Outline, row: int) -> None:
    QTest.mousePress(outline.view.viewport(), LEFT, NONE, cell(outline, row))


def move(outline: Outline, place: QPoint) -> None:
    QTest.mouseMove(outline.view.viewport(), place)
    QApplication.processEvents()


def release(outline: Outline, place: QPoint) -> None:
    QTest.mouseRelease(outline.view.viewport(), LEFT, NONE, place)


def frozen(bench: Bench) -> list[str]:
    graphs = bench.document.graphs.values()
    return [op.name for graph in graphs for op in graph.operations.values() if not op.trainable]


def grouped(bench: Bench, *calls: str) -> str:
    edits, made = group(bench.document, calls, bench.session.catalog, lambda _ref: ((None, 8), "float32"))
    bench.session.edit("group", edits)
    bench.settle()
    return made


def key(widget: QLineEdit | object, code: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(widget, code, modifiers)  # type: ignore[arg-type]
    QApplication.processEvents()


# Painting


def test_a_stroke_gives_all_rows_the_state_of_the_first_as_one_step(
    bench: Bench, outline: Outline, stack: list[str]
) -> None:
    bench.session.edit("freeze", set_trainable(bench.document, [bench.document.operation_of(stack[4]).id], False))
    press(outline, 1)
    move(outline, cell(outline, 2))
    assert frozen(bench) == ["c10"] and states(outline) == ["", "own", "", "learns", "own", "learns"], "a preview"
    move(outline, QPoint(3, cell(outline, 4).y()))
    assert states(outline)[3] == "own", "the mouse may leave the column"
    release(outline, cell(outline, 4))
    assert frozen(bench) == ["a", "b", "c10"] and bench.session.history.undo_label == "Freeze layers"
    bench.session.history.undo()
    assert frozen(bench) == ["c10"] and states(outline) == ["", "learns", "", "learns", "own", "learns"]
    bench.session.history.redo()
    assert frozen(bench) == ["a", "b", "c10"]
    assert bench.session.navigation.selection == (), "painting selects nothing"


def test_a_stroke_upwards_over_skipped_rows_unfreezes(bench: Bench, outline: Outline, stack: list[str]) -> None:
    operations = [bench.document.operation_of(call).id for call in stack[1:]]
    bench.session.edit("freeze", set_trainable(bench.document, operations, False))
    press(outline, 5)
    move(outline, cell(outline, 1))  # in one jump
    release(outline, cell(outline, 1))
    assert frozen(bench) == []


def test_escape_ends_a_stroke_without_a_trace(bench: Bench, outline: Outline, stack: list[str]) -> None:
    outline.view.setFocus()
    label = bench.session.history.undo_label
    press(outline, 1)
    move(outline, cell(outline, 4))
    key(outline.view, Qt.Key.Key_Escape)
    assert states(outline)[1] == "learns"
    move(outline, cell(outline, 5))
    release(outline, cell(outline, 5))
    assert frozen(bench) == [] and bench.session.history.undo_label == label


def test_rows_that_come_and_go_end_a_stroke(bench: Bench, outline: Outline, stack: list[str]) -> None:
    press(outline, 1)
    move(outline, cell(outline, 3))
    bench.session.edit("delete", delete_calls(bench.document, [stack[2]]))
    release(outline, cell(outline, 3))
    assert frozen(bench) == [] and not outline.view.painting


def test_holding_the_mouse_below_the_list_scrolls_and_paints_on(
    bench: Bench, outline: Outline, qtbot: QtBot, stack: list[str]
) -> None:
    before = stack[-1]
    for number in range(30):
        before = bench.add("Dense", before, name=f"more{number}")
    bench.settle()
    press(outline, 1)
    below = QPoint(cell(outline, 1).x(), outline.view.viewport().height() + 20)
    move(outline, below)
    qtbot.waitUntil(lambda: outline.view.verticalScrollBar().value() > 3, timeout=3000)
    release(outline, below)
    count = len(frozen(bench))
    assert count > 12
    bench.session.history.undo()
    assert frozen(bench) == []


def test_two_quick_clicks_freeze_and_unfreeze(bench: Bench, outline: Outline, stack: list[str]) -> None:
    QTest.mouseClick(outline.view.viewport(), LEFT, NONE, cell(outline, 1))
    QTest.mouseDClick(outline.view.viewport(), LEFT, NONE, cell(outline, 1))
    release(outline, cell(outline, 1))
    assert frozen(bench) == []
    bench.session.history.undo()
    assert frozen(bench) == ["a"]


# States


def test_a_frozen_model_shows_in_what_is_in_it(bench: Bench, outline: Outline, stack: list[str]) -> None:
    model = grouped(bench, stack[1], stack[2], stack[3])
    row = outline.model.index_of(model)
    assert row is not None
    outline.view.expand(row)
    assert states(outline, row) == ["", "learns", "", "learns"]
    QTest.mouseClick(outline.view.viewport(), LEFT, NONE, cell(outline, row.row()))
    row = outline.model.index_of(model)
    assert row is not None and states(outline, row) == ["", "own", "", "own"] and states(outline)[row.row()] == "own"
    inside = outline.model.index(1, Column.FREEZE, row)
    QTest.mouseClick(outline.view.viewport(), LEFT, NONE, outline.view.visualRect(inside).center())
    assert frozen(bench) == ["b"] and states(outline)[row.row()] == "partly"
    assert outline.model.index(row.row(), 1).data(Qt.ItemDataRole.AccessibleTextRole) == "partly frozen"


def test_a_file_that_marks_only_the_model_shows_that_it_freezes_the_rest(
    bench: Bench, outline: Outline, stack: list[str]
) -> None:
    from dataclasses import replace

    from graph_editor.document.edits import ReplaceOperation

    model = bench.document.operation_of(grouped(bench, stack[1], stack[2], stack[3]))
    marked = replace(model, config={**model.config, "trainable": False})
    bench.session.edit("mark", [ReplaceOperation(marked)])
    row = outline.model.index(1, 0)
    assert row.data() == model.name and states(outline, row) == ["", "around", "", "around"]
    tooltip = outline.model.index(1, Column.FREEZE, row).data(Qt.ItemDataRole.ToolTipRole)
    assert "model it lies in" in tooltip


def test_the_freeze_column_says_what_it_is(outline: Outline) -> None:
    header = outline.model.headerData
    assert header(Column.FREEZE, Qt.Orientation.Horizontal, Qt.ItemDataRole.AccessibleTextRole) == "Frozen"
    assert "training" in str(header(Column.FREEZE, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole))
    icon = header(Column.FREEZE, Qt.Orientation.Horizontal, Qt.ItemDataRole.DecorationRole)
    assert icon is not None and not icon.isNull()  # type: ignore[attr-defined]


# Sorting and filtering


def click_header(outline: Outline, column: Column) -> None:
    header = outline.view.header()
    spot = QPoint(header.sectionViewportPosition(column) + 12, header.height() // 2)
    QTest.mouseClick(header.viewport(), LEFT, NONE, spot)


def test_a_third_click_on_a_header_goes_back_to_the_flow(bench: Bench, outline: Outline, stack: list[str]) -> None:
    flow = names(outline)
    click_header(outline, Column.NAME)
    assert names(outline) == ["a", "b", "c9", "c10", "drop", "image"], "numbers count as numbers"
    click_header(outline, Column.NAME)
    assert names(outline) == ["image", "drop", "c10", "c9", "b", "a"]
    click_header(outline, Column.NAME)
    assert names(outline) == flow


@pytest.mark.parametrize("column", list(Column))
def test_sorting_keeps_models_trees_and_the_selection(
    bench: Bench, outline: Outline, stack: list[str], column: Column
) -> None:
    model = grouped(bench, stack[1], stack[2], stack[3])
    row = outline.model.index_of(model)
    assert row is not None
    outline.view.expand(row)
    bench.session.navigation.select((stack[3],))
    click_header(outline, column)
    row = outline.model.index_of(model)
    assert row is not None and outline.view.isExpanded(row) and len(names(outline, row)) == 4
    assert set(names(outline)) == {"image", "block", "c10", "c9"}
    assert outline.view.selected_calls() == [stack[3]] and bench.session.navigation.selection == (stack[3],)


def test_rows_move_when_what_they_are_sorted_by_changes(bench: Bench, outline: Outline, stack: list[str]) -> None:
    click_header(outline, Column.NAME)
    bench.session.edit("rename", rename(bench.document, bench.document.operation_of(stack[1]).id, "zebra"))
    assert names(outline)[-1] == "zebra"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("c1", ["c10"]),
        ("dense", ["a", "b", "c10", "c9"]),
        ("완전", ["a", "b", "c10", "c9"]),
        ("드롭", ["drop"]),
        ("fully c", ["c10", "c9"]),
        ("DENSE B", ["b"]),
    ],
)
def test_the_filter_finds_names_classes_korean_and_old_names(
    outline: Outline, stack: list[str], text: str, found: list[str]
) -> None:
    outline.filter.setFocus()
    QTest.keyClicks(outline.filter, text) if text.isascii() else outline.filter.setText(text)
    assert names(outline) == found
    key(outline.filter, Qt.Key.Key_Escape)
    assert len(names(outline)) == len(stack)


def test_matches_in_models_keep_their_parents_and_folding_comes_back(
    bench: Bench, outline: Outline, stack: list[str]
) -> None:
    model = grouped(bench, stack[1], stack[2], stack[3])
    outline.filter.setText("drop")
    row = outline.model.index_of(model)
    assert row is not None and names(outline) == ["block"] and names(outline, row) == ["drop"]
    assert outline.view.isExpanded(row)
    outline.filter.setText("block")
    assert names(outline, outline.model.index_of(model)) == ["image", "a", "drop", "b"], "a model that matches is whole"
    outline.filter.clear()
    row = outline.model.index_of(model)
    assert row is not None and not outline.view.isExpanded(row)


def test_a_filter_that_finds_nothing_says_so(outline: Outline, stack: list[str]) -> None:
    outline.filter.setText("xyzzy")
    label = outline.findChild(QLabel, "outline_empty")
    assert label is not None and label.isVisible() and "xyzzy" in label.text() and outline.view.isHidden()
    outline.filter.clear()
    assert label.isHidden() and not outline.view.isHidden()


def test_from_the_filter_arrows_go_into_the_list_and_enter_shows_the_first_match(
    bench: Bench, outline: Outline, stack: list[str], qtbot: QtBot
) -> None:
    outline.filter.setFocus()
    QTest.keyClicks(outline.filter, "c")
    with qtbot.waitSignal(bench.session.navigation.reveal_requested, timeout=1000) as signal:
        key(outline.filter, Qt.Key.Key_Return)
    assert signal.args == [stack[4]]
    key(outline.filter, Qt.Key.Key_Down)
    assert outline.view.hasFocus() and bench.session.navigation.selection == (stack[4],)
    QTest.keyPress(outline.filter, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert bench.session.navigation.selection == (stack[4],), "Ctrl, which is held, does not take it away again"
    QTest.keyRelease(outline.filter, Qt.Key.Key_Control)


# Keys and menu


def test_arrows_space_enter_and_letters(bench: Bench, outline: Outline, stack: list[str], qtbot: QtBot) -> None:
    outline.view.setFocus()
    outline.view.setCurrentIndex(outline.model.index(0, 0))
    key(outline.view, Qt.Key.Key_Down)
    assert bench.session.navigation.selection == (stack[1],)
    key(outline.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    key(outline.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert set(bench.session.navigation.selection) == {stack[1], stack[2], stack[3]}
    key(outline.view, Qt.Key.Key_Space)
    assert frozen(bench) == ["a", "b"]
    key(outline.view, Qt.Key.Key_Space)
    assert frozen(bench) == []
    with qtbot.waitSignal(bench.session.navigation.reveal_requested, timeout=1000) as signal:
        key(outline.view, Qt.Key.Key_Return)
    assert signal.args == [stack[3]]
    outline.view.setFocus()
    QTest.keyClicks(outline.view, "d")
    assert outline.filter.hasFocus()
    QTest.keyClicks(outline.filter, "ro")
    assert outline.filter.text() == "dro" and names(outline) == ["drop"]


def test_f2_renames_in_place(bench: Bench, outline: Outline, stack: list[str]) -> None:
    outline.view.setFocus()
    outline.view.setCurrentIndex(outline.model.index(1, 0))
    for text, leaving, expected in (("wide", Qt.Key.Key_Return, "wide"), ("other", Qt.Key.Key_Escape, "wide")):
        key(outline.view, Qt.Key.Key_F2)
        line = outline.view.line
        assert line.hasFocus() and line.text() == names(outline)[1]
        QTest.keyClicks(line, text)
        key(line, leaving)
        assert names(outline)[1] == expected and outline.view.hasFocus() and line.isHidden()
    bench.session.history.undo()
    assert names(outline)[1] == "a"


def test_a_name_that_is_taken_is_refused(bench: Bench, outline: Outline, stack: list[str], qtbot: QtBot) -> None:
    with qtbot.waitSignal(bench.session.notice_raised, timeout=1000):
        outline.model.rename(stack[1], "b")
    assert names(outline)[1] == "a"


def test_the_menu_freezes_above_and_unfreezes_all(bench: Bench, outline: Outline, stack: list[str]) -> None:
    def choose(name: str) -> None:
        viewport, spot = outline.view.viewport(), cell(outline, 4, Column.NAME)
        QTest.mouseClick(viewport, Qt.MouseButton.RightButton, NONE, spot)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, viewport.mapToGlobal(spot))
        QApplication.sendEvent(viewport, event)
        menu = next(menu for menu in outline.findChildren(QMenu, "outline_menu") if menu.isVisible())
        next(action for action in menu.actions() if action.objectName() == name).trigger()
        menu.close()

    choose("freeze_above")
    assert bench.session.navigation.selection == (stack[4],) and frozen(bench) == ["a", "b"]
    choose("freeze")
    assert frozen(bench) == ["a", "b", "c10"]
    choose("unfreeze_all")
    assert frozen(bench) == []
    bench.session.history.undo()
    assert frozen(bench) == ["a", "b", "c10"]


def test_the_menu_sorts_for_those_who_have_no_mouse(bench: Bench, outline: Outline, stack: list[str]) -> None:
    flow = names(outline)

    def choose(column: int) -> None:
        outline.view.setCurrentIndex(outline.model.index(0, 0))
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
        QApplication.sendEvent(outline.view.viewport(), event)
        menu = next(menu for menu in outline.findChildren(QMenu, "outline_sort_menu"))
        action = next(action for action in menu.actions() if action.objectName() == f"sort_{int(column)}")
        action.trigger()
        next(menu for menu in outline.findChildren(QMenu, "outline_menu")).close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    choose(Column.NAME)
    assert names(outline)[0] == "a" and outline.view.header().sortIndicatorSection() == Column.NAME
    choose(-1)
    assert names(outline) == flow


# The selection


def test_several_rows_and_several_boxes_are_one_selection(bench: Bench, outline: Outline, stack: list[str]) -> None:
    QTest.mouseClick(outline.view.viewport(), LEFT, NONE, cell(outline, 1, Column.NAME))
    control = Qt.KeyboardModifier.ControlModifier
    QTest.mouseClick(outline.view.viewport(), LEFT, control, cell(outline, 3, Column.NAME))
    assert set(bench.session.navigation.selection) == {stack[1], stack[3]}
    bench.session.navigation.select((stack[0], stack[2], stack[4], stack[5]))
    assert set(outline.view.selected_calls()) == {stack[0], stack[2], stack[4], stack[5]}
    assert set(bench.session.navigation.selection) == {stack[0], stack[2], stack[4], stack[5]}


def test_while_hidden_it_waits_and_then_shows_what_is_there(bench: Bench, outline: Outline, stack: list[str]) -> None:
    outline.hide()
    late = bench.add("Dense", stack[-1], name="late")
    bench.session.navigation.select((late,))
    outline.show()
    assert names(outline)[-1] == "late" and outline.view.selected_calls() == [late]


# Ten thousand

COUNT = 10_000


def long_chain() -> Document:
    document, before = Document(name="long"), None
    graph = document.graph
    for number in range(COUNT):
        class_name = "Dense" if number else "InputLayer"
        graph.put_operation(Operation(f"o{number}", class_name, {"name": f"l{number}"}))
        graph.put_call(Call(f"c{number}", f"o{number}", (before,) if before else ()))
        before = TensorRef(f"c{number}")
    graph.inputs, graph.outputs = TensorRef("c0"), before
    return document


def test_ten_thousand_boxes_are_listed_filtered_and_sorted(bench: Bench, outline: Outline) -> None:
    bench.document.replace_content(long_chain())
    QApplication.processEvents()
    assert outline.model.rowCount() == COUNT
    outline.filter.setText("l77")
    outline.view.viewport().repaint()
    assert outline.model.rowCount() == 111  # l77, l770 to l779, l7700 to l7799
    outline.filter.clear()
    outline.model.sort(Column.NAME)
    bench.session.navigation.select([f"c{number}" for number in range(COUNT)])
    assert outline.model.rowCount() == COUNT
    assert len(outline.view.selectionModel().selectedRows()) == COUNT


def test_the_outline_shows_whole_names_until_somebody_gives_them_another_width(
    bench: Bench, outline: Outline, stack: list[str]
) -> None:
    view = outline.view
    assert view.columnWidth(Column.NAME) == 112
    long_name = "손글씨를 읽는 첫째 합성곱 층"
    bench.session.edit("rename", rename(bench.document, bench.document.operation_of(stack[0]).id, long_name))
    assert long_name in names(outline)
    needed = view.fontMetrics().horizontalAdvance(long_name)
    assert needed + view.indentation() < view.columnWidth(Column.NAME)
    view.header().resizeSection(Column.NAME, 90)
    bench.session.edit("rename", rename(bench.document, bench.document.operation_of(stack[1]).id, "a" * 40))
    assert view.columnWidth(Column.NAME) == 90
