"""What editing leaves behind: no wrapper of something else, no pile of widgets, no window nobody asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.panels.plots.board import PlotBoard
from app.panels.plots.run_curves import RunCurves
from app.panels.train.outputs_form import OutputBlock, OutputsForm
from app.panels.widgets.chips import Flow
from app.project.session import Session
from graph_editor.catalog.specs import LayerSpec
from graph_editor.document.changes.commands import add_layer, set_output
from graph_editor.document.graph import TensorRef
from graph_editor.words.letting_go import let_go
from runtime import events
from tests.gui.app.conftest import Rig
from tests.soak.random_edits import RandomEdits
from tests.soak.rest import Rest
from tests.support.objects import StrayWindows, growth, known_objects, objects_below, settle, stale_wrappers


@pytest.fixture
def strays(qapp: QApplication) -> Iterator[StrayWindows]:
    found = StrayWindows()
    qapp.installEventFilter(found)
    yield found
    qapp.removeEventFilter(found)


def test_a_few_hundred_edits_leave_nothing_behind(rig: Rig, strays: StrayWindows) -> None:
    hand = RandomEdits(rig.desktop, seed=1)
    for _ in range(250):
        hand.step()
    hand.rest()
    before = objects_below(rig.desktop.window)
    for _ in range(500):
        hand.step()
    hand.rest()
    more = growth(before, objects_below(rig.desktop.window), least=1)
    assert {name: count for name, count in more.items() if count > _room(before[name])} == {}
    assert stale_wrappers() == []
    assert strays.seen == []


def _room(count: int) -> int:
    """A fold that was opened, and a nested form that an inspector shows, may be there now and not before."""
    return 12 + count // 5


def test_a_row_that_flows_holds_no_place_of_one_that_went(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = Flow(holder)
    labels = [QLabel(text) for text in ("by class", "gallery", "table", "columns")]
    for label in labels:
        flow.addWidget(label)
    let_go(labels.pop())
    labels.pop().deleteLater()  # Qt tells the layout itself
    labels[0].setParent(None)
    settle()
    assert flow.count() == 1
    assert flow.sizeHint() == labels[1].sizeHint()
    assert stale_wrappers() == []


def test_a_wrapper_of_something_that_qt_freed_is_found(qapp: QApplication) -> None:
    combo = QComboBox()
    combo.addItems(["a", "b"])
    kept = getattr(combo.model(), "item")(0)  # noqa: B009  # the call that the rules forbid
    combo.clear()
    assert stale_wrappers() == ["a QStandardItem of Qt's that Python holds"]
    del kept
    combo.deleteLater()
    settle()


def test_a_window_that_was_used_comes_to_the_same_rest(rig: Rig) -> None:
    """Which is what a soak counts on."""
    told: list[str] = []
    rest, hand = Rest(rig.desktop, told.append, trains=False), RandomEdits(rig.desktop, seed=3)
    counts: list[Counter[str]] = []
    for _ in range(3):
        for _ in range(60):
            hand.step()
        rest.come()
        settle()
        counts.append(objects_below(rig.desktop.window))
    assert growth(counts[1], counts[2], least=5) == {}
    assert told == []


def test_curves_of_other_runs_leave_nothing_behind(rig: Rig, qtbot: QtBot) -> None:
    """A plot has menus of its own, which are top-level windows and not below the board."""
    board = PlotBoard(rig.desktop.preferences.look)
    qtbot.addWidget(board)
    board.resize(900, 700)
    board.show()
    runs = [_curves("loss", "accuracy"), _curves("loss", "auc", "left_loss", "right_loss")]

    def draw_each() -> tuple[Counter[str], int]:
        for run in runs:
            board.follow(run, (), {})
            board.redraw()
            assert set(board.cards) == set(run.names())
        settle()
        return known_objects(), len(QApplication.topLevelWidgets())

    draw_each()
    before, windows = draw_each()
    for _ in range(4):
        draw_each()
    after, windows_now = draw_each()
    assert growth(before, after, least=1) == {}
    assert windows_now == windows


def _curves(*names: str) -> RunCurves:
    run = RunCurves("run 1")
    run.apply(events.RunStarted("cpu", 2, 1, 128, 60, 100, 100, seq=1, time=1000.0))
    run.apply(events.Steps(0, 0, names, [[0.5] * len(names)] * 2, seq=2, time=1001.0))
    return run


def test_two_outputs_of_one_name_keep_their_two_blocks(rig: Rig) -> None:
    """There was one more at every refresh, which was never shown and never freed."""
    session = rig.session
    document = session.document
    edits, call = add_layer(document, "InputLayer", "keras.layers", None, (0.0, 0.0), session.catalog)
    session.edit("x", edits)
    edits, split = add_layer(
        document, "LSTM", "keras.layers", {"units": 3, "return_state": True}, (0.0, 90.0), session.catalog,
        after=TensorRef(call),
    )  # fmt: skip
    session.edit("x", edits)
    for index in (0, 1):
        session.edit("x", set_output(document, TensorRef(split, index), True))
    form = rig.desktop.window.page("train").findChild(OutputsForm)
    assert form is not None
    for _ in range(3):
        form.refresh()
    settle()
    assert len(form.findChildren(OutputBlock)) == 2


def test_boxes_of_one_class_are_shown_in_the_same_rows(rig: Rig) -> None:
    session, inspector = rig.session, rig.desktop.window.build.inspector
    calls = []
    for units in (3, 5):
        config = session.catalog.default_config(_spec(session, "Dense"), f"dense_{units}") | {"units": units}
        edits, call = add_layer(session.document, "Dense", "keras.layers", config, (0.0, 0.0), session.catalog)
        session.edit("x", edits)
        calls.append(call)
    session.navigation.select([calls[0]])
    row = inspector.operation_page.sections.row("units")
    assert row is not None and row.editor.value() == 3
    session.navigation.select([calls[1]])
    assert inspector.operation_page.sections.row("units") is row
    assert row.editor.value() == 5
    row.edited.emit(7)
    told = [session.document.operation_of(call).config["units"] for call in calls]
    assert told == [3, 7]


def _spec(session: Session, name: str) -> LayerSpec:
    spec = session.catalog.layer(name)
    assert spec is not None
    return spec


def test_what_is_let_go_says_nothing_more(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    outer, inner = QVBoxLayout(holder), QHBoxLayout()
    outer.addLayout(inner)
    line, other = QLineEdit(), QLineEdit()
    inner.addWidget(line)
    inner.addWidget(other)
    said: list[str] = []
    line.editingFinished.connect(lambda: said.append("finished"))
    holder.show()
    line.setFocus()
    let_go(line)
    assert inner.count() == 1 and not line.isVisible() and said == []
    settle()
    assert holder.findChildren(QLineEdit) == [other]
