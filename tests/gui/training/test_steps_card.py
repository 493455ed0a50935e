"""The steps of a column in Data: added, set, put in another order, taken away, and moved into the model and back."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from app.look.theme_source import ThemeSource
from app.panels.data.panel import DataPanel
from app.panels.data.steps.card import StepsCard
from graph_editor.document.changes.commands import set_data
from graph_editor.document.document import Document
from graph_editor.editors.parts.toggle_switch import ToggleSwitch
from resources.text import Text
from runtime.messages.preparing import LearnData, LearntStep, PreparedColumn
from runtime.spec import ColumnKind
from runtime.step_kinds import find_step
from tests.gui.training.conftest import Show
from tests.gui.training.fakes import World, child

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def card(world: World, look: ThemeSource, show: Show, qtbot: QtBot) -> StepsCard:
    panel = DataPanel(world.session, look, world.chooser)
    show(panel)
    qtbot.waitUntil(lambda: panel.page.looking.rows.cell("image", 0) is not None)
    panel.side.steps.show_columns(("width",))
    return panel.side.steps


def written(world: World, name: str = "width") -> list[dict[str, Any]]:
    columns = world.session.document.data.get("columns") or {}
    return list((columns.get(name) or {}).get("steps") or [])


def add(card: StepsCard, *keys: str) -> None:
    for key in keys:
        kind = find_step(key)
        assert kind is not None
        card.add_step(kind)


def test_a_gap_among_words_is_filled_with_a_word(card: StepsCard, world: World) -> None:
    """With 0, the value that numbers get, it became a word that no vocabulary has."""
    card.show_columns(("colour",))
    add(card, "fill")
    assert written(world, "colour") == [{"step": "fill", "with": "most_frequent"}]
    card.show_columns(("width",))
    add(card, "fill")
    assert written(world) == [{"step": "fill"}]


def test_a_column_of_another_project_is_let_go_of(card: StepsCard, world: World, qtbot: QtBot) -> None:
    add(card, "fill")
    world.session.replace(Document(world.session.catalog.keras_version), None)
    qtbot.waitUntil(lambda: "Choose a column" in child(card, QLabel, "steps_about").text())
    assert not child(card, QPushButton, "add_step").isEnabled()


def test_steps_are_offered_by_the_kind_of_the_column(card: StepsCard) -> None:
    def offered() -> list[str]:
        card.menu.aboutToShow.emit()
        return [action.objectName().removeprefix("add_") for action in card.menu.actions()]

    assert "normalize" in offered() and "resize" not in offered() and "string_lookup" not in offered()
    card.show_columns(("image",))
    assert "resize" in offered() and "log" not in offered()
    card.show_columns(())
    assert not child(card, QPushButton, "add_step").isEnabled()


def test_a_step_is_added_set_and_taken_away(card: StepsCard, world: World, qtbot: QtBot) -> None:
    add(card, "clip")
    assert written(world) == [{"step": "clip"}]
    child(card, QToolButton, "step_fold_0").click()
    row = card.rows[0]
    row.edited.emit(0, "high", 7.0)
    assert written(world) == [{"step": "clip", "high": 7.0}]
    row.edited.emit(0, "high", 8.0)
    world.session.history.undo()
    assert written(world) == [{"step": "clip"}], "changes of one setting are one step"
    world.session.history.redo()
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_Delete)
    assert written(world) == [] and card.rows == []
    assert "columns" not in world.session.document.data
    world.session.history.undo()
    qtbot.waitUntil(lambda: len(card.rows) == 1)


def test_steps_are_put_in_another_order(card: StepsCard, world: World) -> None:
    add(card, "clip", "log", "normalize")
    assert [step["step"] for step in written(world)] == ["clip", "log", "normalize"]
    QTest.keyClick(card.rows[2], Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [step["step"] for step in written(world)] == ["clip", "normalize", "log"]
    QTest.keyClick(card.rows[0], Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [step["step"] for step in written(world)] == ["clip", "normalize", "log"], "the first one stays"
    card.rows[0].down.click()
    assert [step["step"] for step in written(world)] == ["normalize", "clip", "log"]
    last = card.rows[2]
    below = last.mapToGlobal(last.rect().bottomLeft()).y()
    card.rows[0].dropped.emit(0, below)
    assert [step["step"] for step in written(world)] == ["clip", "log", "normalize"]


def test_several_columns_are_changed_together_where_they_agree(card: StepsCard, world: World) -> None:
    card.show_columns(("width", "height"))
    add(card, "normalize")
    assert written(world) == written(world, "height") == [{"step": "normalize"}]
    card.show_columns(("height",))
    add(card, "clip")
    card.show_columns(("width", "height"))
    assert "different steps" in child(card, QLabel, "steps_about").text()
    assert card.rows == [] and not child(card, QPushButton, "add_step").isEnabled()


def test_the_switch_moves_steps_into_the_model_and_back(card: StepsCard, world: World) -> None:
    session = world.session
    session.history.do("bind", set_data(session.document, {**session.document.data, "bindings": {"image": ["image"]}}))
    card.show_columns(("image",))
    switch = child(card, ToggleSwitch, "steps_inside")
    before = len(session.document.graph.calls)
    assert switch.isChecked(), "the template has a Rescaling behind its input"
    add(card, "scale")
    assert not switch.isChecked() and switch.isEnabled()
    card.inside.switched.emit(True)
    assert len(session.document.graph.calls) == before + 1
    image = session.document.graph.operation_named("image")
    assert image is not None and image.config["batch_shape"] == [None, 8, 8, 1], "what it took before"
    assert written(world, "image") == [] and switch.isChecked()
    card.inside.switched.emit(False)
    assert len(session.document.graph.calls) == before - 1
    assert written(world, "image") == [{"step": "scale"}, {"step": "scale", "scale": 1 / 16}]
    assert not switch.isChecked()
    again = session.document.graph.operation_named("image")
    assert again is not None and again.config["batch_shape"] == [None, 8, 8, 1]
    session.history.undo()
    assert len(session.document.graph.calls) == before + 1


LEARNT = {
    "width": (LearntStep("normalize", (("deviation", (0.25,)), ("mean", (0.5, 1.5, 2.5, 3.5)))),),
    "colour": (LearntStep("string_lookup", (), ("blue", "red"), (1200, 3), 2, 5),),
}


def learns(world: World, name: str, shape: tuple[int, ...], words: tuple[str, ...] = ()) -> None:
    kind: ColumnKind = "category" if words else "number"
    column = PreparedColumn(name, shape, "float32", kind, 1797, words, LEARNT[name])
    world.engine.learnt[name] = column


def test_what_a_step_has_learnt_stands_below_it(card: StepsCard, world: World, qtbot: QtBot) -> None:
    learns(world, "width", (4,))
    learns(world, "colour", (3,))
    add(card, "normalize")
    qtbot.waitUntil(lambda: card.rows[0].learnt.text() == "deviation 0.25\nmean 0.5, 1.5, 2.5, …")
    assert card.rows[0].learnt.isVisible()
    card.show_columns(("colour",))
    add(card, "string_lookup")
    vocabulary = "vocabulary of 2, of 5 different ones: blue (1,200), red (3)"
    qtbot.waitUntil(lambda: card.rows[0].learnt.text() == vocabulary)
    assert card.rows[0].learnt.toolTip().splitlines() == ["blue (1,200)", "red (3)"]


def test_learning_is_said_and_ends_when_the_steps_are_others(card: StepsCard, world: World, qtbot: QtBot) -> None:
    world.engine.slow = (LearnData,)
    add(card, "normalize")
    qtbot.waitUntil(lambda: card.rows[0].learnt.text() == "Learning of the training part…")
    number = next(number for number, asked in enumerate(world.engine.asked, 1) if isinstance(asked, LearnData))
    add(card, "clip")
    qtbot.waitUntil(lambda: number in world.engine.cancelled)


def test_columns_that_do_not_come_through_their_steps_say_why(card: StepsCard, world: World, qtbot: QtBot) -> None:
    world.engine.learnt["width"] = PreparedColumn("width", error=Text("width, step 1: no."))
    add(card, "normalize")
    qtbot.waitUntil(lambda: child(card, QLabel, "steps_wrong").isVisible())
    assert child(card, QLabel, "steps_wrong").text() == "width, step 1: no."
    QTest.keyClick(card.rows[0], Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not child(card, QLabel, "steps_wrong").isVisible())


def test_columns_are_bound_by_what_comes_out_of_their_steps(card: StepsCard, world: World, qtbot: QtBot) -> None:
    """A row of numbers that a step makes a picture feeds the input of pictures, and the picture itself no more."""
    world.engine.learnt["width"] = PreparedColumn("width", (8, 8, 1), "float32", "image", 1797)
    world.engine.learnt["image"] = PreparedColumn("image", (64,), "float32", "number", 1797)
    data = {**world.session.document.data, "bindings": {}}
    world.session.edit(Text("No bindings"), set_data(world.session.document, data))
    add(card, "normalize")
    card.show_columns(("image",))
    add(card, "resize")
    qtbot.waitUntil(lambda: {column.name: column.shape for column in world.session.data.taken}["width"] == (8, 8, 1))
    panel = card.window()
    child(panel, QPushButton, "autobind").click()
    assert world.session.document.data["bindings"]["image"] == ["width"]
