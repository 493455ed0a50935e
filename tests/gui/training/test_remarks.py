"""Problems and remarks stand apart in the list, and one click does what is proposed, as one step."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.look.theme_source import ThemeSource
from app.panels.problems.panel import ProblemsPanel
from app.panels.train.start_card import StartCard
from app.shell.window.status_bar import counts_sentence, state_sentence
from graph_editor.document.checking.validation import hindrances, place_of
from graph_editor.document.edits import SetIn
from resources.text import Text
from runtime.messages.checking import DataProblem, ParameterChange, ProposedMend, SettingChange
from tests.gui.training.conftest import Show
from tests.gui.training.fakes import World

UNSORTED = DataProblem(
    "warning",
    Text("All samples of the validation part are 9."),
    "digit",
    "digit",
    kind="sorted",
    mend=ProposedMend(
        Text("Shuffle before the split"), (SettingChange("data", ("sources", "0", "options", "mixed"), True),)
    ),
)
UNSCALED = DataProblem(
    "warning",
    Text("The pictures of image go up to 255."),
    "image",
    "image",
    kind="large",
    mend=ProposedMend(Text("Divide by 255"), (ParameterChange("image", {"name": "picture"}),)),
)
TOO_LARGE = DataProblem("error", Text("digit holds 10, but the classes are 0–9."), "digit", "digit")


@pytest.fixture
def panel(world: World, look: ThemeSource, show: Show) -> ProblemsPanel:
    panel = ProblemsPanel(world.session, look)
    show(panel)
    panel.resize(900, 220)
    return panel


def find(world: World, qtbot: QtBot, *findings: DataProblem) -> None:
    world.engine.findings = findings
    world.session.data.refresh()
    qtbot.waitUntil(lambda: world.session.data.findings == findings)


def texts(panel: ProblemsPanel) -> list[str]:
    model = panel.view.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def row(panel: ProblemsPanel, text: str) -> QModelIndex:
    return panel.view.model().index(texts(panel).index(text), 0)


def click_link(panel: ProblemsPanel, index: QModelIndex, twice: bool = False) -> None:
    spot = panel.view.itemDelegate().link_area(panel.view.visualRect(index), index).center()  # type: ignore[attr-defined]
    click = QTest.mouseDClick if twice else QTest.mouseClick
    click(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=spot)


def test_remarks_stand_apart_and_hinder_nothing(world: World, panel: ProblemsPanel, qtbot: QtBot) -> None:
    find(world, qtbot, UNSORTED, TOO_LARGE)
    assert texts(panel) == ["Problems", str(TOO_LARGE.text), "Remarks", str(UNSORTED.text)]
    model = panel.view.model()
    assert model.flags(model.index(0, 0)) == Qt.ItemFlag.NoItemFlags
    assert model.index(3, 0).data(Qt.ItemDataRole.AccessibleTextRole).startswith("Remark: All samples")
    session = world.session
    assert state_sentence(session.problems, has_data=True) == "1 problem, 1 remark"
    assert [p.text for p in hindrances(session.document, session.problems, session.catalog)] == [TOO_LARGE.text]
    remark = next(problem for problem in session.problems if problem.text == UNSORTED.text)
    assert (remark.kind, place_of(session.document, remark)) == ("data.sorted", "column digit")
    find(world, qtbot, UNSORTED)
    assert texts(panel) == ["Remarks", str(UNSORTED.text)]


def test_a_link_mends_in_one_step(world: World, panel: ProblemsPanel, qtbot: QtBot) -> None:
    find(world, qtbot, UNSORTED, UNSCALED, TOO_LARGE)
    document, history = world.session.document, world.session.history
    before = document.data
    click_link(panel, row(panel, str(UNSORTED.text)))
    assert document.data["sources"][0]["options"]["mixed"] is True
    assert document.data["sources"][0]["path"] == before["sources"][0]["path"]
    assert history.undo_label == "Shuffle before the split"
    history.undo()
    assert document.data == before
    click_link(panel, row(panel, str(UNSCALED.text)))
    assert document.graph.operation_named("picture") is not None
    history.undo()
    assert document.graph.operation_named("picture") is None


def test_a_double_click_mends_what_it_was_on(world: World, panel: ProblemsPanel, qtbot: QtBot) -> None:
    find(world, qtbot, UNSORTED, UNSCALED)
    index = row(panel, str(UNSORTED.text))
    click_link(panel, index)
    world.engine.findings = (UNSCALED,)
    world.session.data.refresh()
    qtbot.waitUntil(lambda: texts(panel) == ["Remarks", str(UNSCALED.text)])
    click_link(panel, panel.view.model().index(1, 0), twice=True)
    assert world.session.document.graph.operation_named("picture") is None


def test_the_button_does_it_for_the_keyboard(world: World, panel: ProblemsPanel, qtbot: QtBot) -> None:
    find(world, qtbot, TOO_LARGE, UNSORTED, UNSCALED)
    assert panel.mend_button.text() == "Shuffle before the split"
    panel.view.setCurrentIndex(row(panel, str(TOO_LARGE.text)))
    assert panel.mend_button.isHidden()
    panel.view.setFocus()
    for _ in range(2):  # the heading is passed over
        QTest.keyClick(panel.view, Qt.Key.Key_Down)
    assert panel.mend_button.accessibleName() == f"Divide by 255 ({UNSCALED.text})"
    QTest.keyClick(panel.view, Qt.Key.Key_Tab)
    assert panel.mend_button.hasFocus()
    QTest.keyClick(panel.mend_button, Qt.Key.Key_Space)
    assert world.session.document.graph.operation_named("picture") is not None


def test_what_is_no_problem_any_more_is_not_mended(world: World, qtbot: QtBot) -> None:
    find(world, qtbot, UNSORTED)
    (remark,) = world.session.problems
    find(world, qtbot)
    before = world.session.document.data
    assert world.session.mend(remark) is False
    assert world.session.document.data is before


def test_counts_are_said_as_they_are() -> None:
    assert [counts_sentence(*pair) for pair in ((0, 0), (1, 0), (0, 1), (2, 3))] == [
        "No problems",
        "1 problem",
        "1 remark",
        "2 problems, 3 remarks",
    ]


def test_an_input_without_a_column_is_a_problem_once_there_is_data(
    world: World, panel: ProblemsPanel, qtbot: QtBot
) -> None:
    session = world.session
    find(world, qtbot)
    assert not any("no data column" in text for text in texts(panel))
    bindings = dict(session.document.data["bindings"])
    columns = bindings.pop("image")
    session.edit(Text("Take away"), [SetIn("data", ("bindings",), bindings)])
    assert texts(panel) == ["image has no data column yet."]
    assert StartCard(session).problem == Text("{name} has no data column yet.", {"name": "image"})
    session.edit(Text("No data"), [SetIn("data", ("sources",), None)])
    assert "image has no data column yet." not in texts(panel)
    assert str(StartCard(session).problem).startswith("No data is chosen yet")
    session.history.undo()
    assert "image has no data column yet." in texts(panel)
    session.edit(Text("Bind"), [SetIn("data", ("bindings", "image"), columns)])
    assert "image has no data column yet." not in texts(panel)
