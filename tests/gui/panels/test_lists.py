"""The outline, the problems and the console."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView
from pytestqt.qtbot import QtBot

from app.look.theme import load_theme
from app.look.theme_source import ThemeSource
from app.panels.outline.model import Column
from app.panels.outline.panel import Outline
from app.panels.problems.panel import ProblemsPanel
from app.panels.run_parts.console import LINE_LIMIT, ConsolePanel
from app.panels.widgets.console_text import LONGEST_LINE, ConsoleText
from graph_editor.document.graph import TensorRef
from tests.gui.panels.conftest import Bench


@pytest.fixture
def outline(qtbot: QtBot, bench: Bench, look: ThemeSource) -> Outline:
    made = Outline(bench.session, look)
    made.resize(460, 400)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def problems(qtbot: QtBot, bench: Bench, look: ThemeSource) -> ProblemsPanel:
    made = ProblemsPanel(bench.session, look)
    made.resize(500, 160)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def console(qtbot: QtBot, bench: Bench) -> ConsolePanel:
    made = ConsolePanel(bench.session)
    qtbot.addWidget(made)
    return made


def column(outline: Outline, number: Column) -> list[str]:
    return [outline.model.index(row, number).data() for row in range(outline.model.rowCount())]


def place(view: QAbstractItemView, row: int, number: int = 0) -> QPoint:
    return view.visualRect(view.model().index(row, number)).center()


def three_layers(bench: Bench) -> tuple[str, str, str]:
    image = bench.add("InputLayer", name="image")
    dense = bench.add("Dense", image, name="wide")
    return image, dense, bench.add("Dropout", dense, name="drop")


def test_the_outline_follows_the_flow_of_data(bench: Bench, outline: Outline) -> None:
    assert outline.view.isHidden()
    three_layers(bench)
    bench.settle()
    assert column(outline, Column.NAME) == ["image", "wide", "drop"]
    assert column(outline, Column.CLASS) == ["Input", "Dense", "Dropout"]
    assert column(outline, Column.OUTPUT) == ["8×8×96"] * 3
    assert column(outline, Column.PARAMETERS) == ["0", "1,000", "0"]


def test_a_click_in_the_outline_selects_and_selection_comes_back(bench: Bench, outline: Outline, qtbot: QtBot) -> None:
    image, dense, _ = three_layers(bench)
    QTest.mouseClick(outline.view.viewport(), Qt.MouseButton.LeftButton, pos=place(outline.view, 1))
    assert bench.session.navigation.selection == (dense,)
    bench.session.navigation.select((image,))
    assert [index.row() for index in outline.view.selectionModel().selectedRows()] == [0]
    bench.session.navigation.select(())
    assert outline.view.selectionModel().selectedRows() == []


def test_a_double_click_in_the_outline_reveals(bench: Bench, outline: Outline, qtbot: QtBot) -> None:
    _, dense, _ = three_layers(bench)
    spot = place(outline.view, 1)
    with qtbot.waitSignal(bench.session.navigation.reveal_requested, timeout=1000) as signal:
        QTest.mouseClick(outline.view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        QTest.mouseDClick(outline.view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert signal.args == [dense]


def test_the_snowflake_column_freezes(bench: Bench, outline: Outline, qtbot: QtBot) -> None:
    image, dense, drop = three_layers(bench)
    bench.settle()
    for row in range(3):
        spot = place(outline.view, row, Column.FREEZE)
        QTest.mouseClick(outline.view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    trainable = [bench.document.operation_of(call).trainable for call in (image, dense, drop)]
    assert trainable == [True, False, True]
    bench.session.history.undo()
    assert bench.document.operation_of(dense).trainable


def test_the_space_bar_freezes_the_current_row(bench: Bench, outline: Outline, qtbot: QtBot) -> None:
    _, dense, _ = three_layers(bench)
    outline.view.setFocus()
    outline.view.setCurrentIndex(outline.model.index(1, 0))
    QTest.keyClick(outline.view, Qt.Key.Key_Space)
    assert not bench.document.operation_of(dense).trainable


def test_the_outline_sorts_by_column(bench: Bench, outline: Outline, qtbot: QtBot) -> None:
    three_layers(bench)
    bench.settle()
    header = outline.view.header()
    spot = QPoint(header.sectionViewportPosition(Column.NAME) + 20, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert column(outline, Column.NAME) == ["drop", "image", "wide"]
    outline.view.sortByColumn(Column.PARAMETERS, Qt.SortOrder.DescendingOrder)
    assert column(outline, Column.NAME)[0] == "wide"


def test_rows_follow_renames_and_the_theme(bench: Bench, outline: Outline, look: ThemeSource) -> None:
    _, dense, _ = three_layers(bench)
    operation = bench.document.operation_of(dense)
    from graph_editor.document.changes import commands

    bench.session.edit("rename", commands.rename(bench.document, operation.id, "narrow"))
    look.show(load_theme("light"))
    assert column(outline, Column.NAME) == ["image", "narrow", "drop"]


def test_no_problems_are_said_to_be_none(problems: ProblemsPanel, bench: Bench) -> None:
    problems.show_problems([])
    assert problems.view.isHidden()
    assert not problems.mend_button.isVisible()


def test_a_problem_leads_to_its_box(bench: Bench, problems: ProblemsPanel, qtbot: QtBot) -> None:
    bench.add("InputLayer", name="image")
    lonely = bench.add("Dense", name="lonely")
    bench.settle()
    sentences = [problems.view.model().index(row, 0).data() for row in range(problems.view.model().rowCount())]
    row = next(place for place, sentence in enumerate(sentences) if "lonely" in sentence)
    with qtbot.waitSignals([problems.problem_activated, bench.session.navigation.reveal_requested], timeout=1000):
        QTest.mouseClick(problems.view.viewport(), Qt.MouseButton.LeftButton, pos=place(problems.view, row))
    assert bench.session.navigation.selection == (lonely,)


def test_a_missing_output_is_mended_by_one_click(bench: Bench, problems: ProblemsPanel, qtbot: QtBot) -> None:
    image = bench.add("InputLayer")
    dense = bench.add("Dense", image)
    bench.settle()
    assert problems.mend_button.isVisible()
    QTest.mouseClick(problems.mend_button, Qt.MouseButton.LeftButton)
    bench.settle()
    assert bench.document.graph.output_refs() == [TensorRef(dense)]
    assert not problems.mend_button.isVisible()


@pytest.mark.parametrize(
    ("pieces", "lines", "open_line"),
    [
        (["one\ntwo"], ["one"], "two"),
        (["\x1b[1mbold\x1b[0m\n"], ["bold"], ""),
        (["\x1b[1", "mbold\n"], ["bold"], ""),
        (["10/100\r50/100\r"], [], "50/100"),
        (["10/100 loss\r", "50/100\n"], ["50/100 loss"], ""),
        (["one\r\ntwo\r", "\n"], ["one", "two"], ""),
        (["abc\x08\x08XY\n"], ["aXY"], ""),
        (["\x1b]0;title\x07text\n"], ["text"], ""),
    ],
)
def test_terminal_text_becomes_lines(pieces: list[str], lines: list[str], open_line: str) -> None:
    terminal = ConsoleText()
    found = [line for piece in pieces for line in terminal.feed(piece)]
    assert (found, terminal.line) == (lines, open_line)


def test_a_line_without_an_end_does_not_grow_for_ever() -> None:
    terminal = ConsoleText()
    for _ in range(50):
        assert terminal.feed("x" * 10_000) == []
    assert len(terminal.line) == LONGEST_LINE
    assert terminal.feed("\rdone\n")[0].startswith("donexxx")
    assert terminal.feed("\x1b]" + "y" * 100_000) == []
    assert len(terminal.feed("z\n")[0]) == LONGEST_LINE


def test_the_console_shows_what_the_engine_prints(bench: Bench, console: ConsolePanel, qtbot: QtBot) -> None:
    bench.session.engine.console_received.emit("Epoch 1/2\n 1/10 loss: 1.0\r")
    bench.session.engine.console_received.emit("10/10 loss: 0.5\nEpoch 2/2\n")
    qtbot.waitUntil(lambda: console.view.toPlainText() == "Epoch 1/2\n10/10 loss: 0.5\nEpoch 2/2\n", timeout=2000)
    QTest.mouseClick(console.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text().startswith("Epoch 1/2")
    QTest.mouseClick(console.clear_button, Qt.MouseButton.LeftButton)
    assert console.view.toPlainText() == ""


def test_the_console_keeps_only_the_latest_lines(bench: Bench, console: ConsolePanel) -> None:
    console.append("".join(f"line {number}\n" for number in range(LINE_LIMIT + 500)))
    console.show_held()
    lines = console.view.toPlainText().splitlines()
    assert len(lines) <= LINE_LIMIT
    assert lines[-1] == f"line {LINE_LIMIT + 499}"
    console.clear()


def test_what_was_printed_before_is_there(bench: Bench, qtbot: QtBot) -> None:
    bench.session.engine.console_text = "starting\n"
    late = ConsolePanel(bench.session)
    qtbot.addWidget(late)
    assert late.view.toPlainText() == "starting\n"
