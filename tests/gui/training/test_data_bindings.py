"""The Data workspace: what feeds which input and output, and how samples are split."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.panels.data.bindings import BindingRow, Bindings
from app.panels.data.panel import DataPanel
from app.panels.data.parts.columns import ColumnsModel, ColumnsTable
from app.panels.data.state import Target
from graph_editor.document.changes.commands import set_data
from graph_editor.editors.parts.combo import Combo
from graph_editor.editors.parts.toggle_switch import ToggleSwitch
from resources.text import Text
from runtime.messages.checking import DataProblem
from runtime.messages.describing import Column
from tests.gui.training.conftest import Show
from tests.gui.training.data_acting import bindings, choose, row_of, said
from tests.gui.training.fakes import World, child, press

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_a_row_for_each_input_and_output_says_what_it_wants(panel: DataPanel) -> None:
    assert list(panel.side.bindings.rows) == ["image", "digit", "is_even"]
    assert said(panel, "wants_image") == "8×8×1"
    assert said(panel, "wants_digit") == "class 0–9"
    assert said(panel, "verdict_digit") == "✓ fits"


def test_what_the_engine_finds_stands_at_its_row(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    note = DataProblem("note", Text("image of shape 8×8 is taken as 8×8×1."), "image", "image")
    error = DataProblem("error", Text("digit holds 10, but the classes are 0–9."), "digit", "digit")
    world.engine.findings = (note, error)
    world.session.data.refresh()
    qtbot.waitUntil(lambda: "taken as" in said(panel, "verdict_image"))
    assert said(panel, "verdict_image") == "✓ image of shape 8×8 is taken as 8×8×1."
    assert child(panel, QLabel, "verdict_image").property("state") == "note"
    assert said(panel, "verdict_digit") == "digit holds 10, but the classes are 0–9."
    assert child(panel, QLabel, "verdict_digit").property("state") == "error"


def test_what_is_said_of_a_column_stands_at_the_row_that_it_feeds(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    """Columns of different length are the trouble of no single input, and the row said that it fits."""
    world.engine.findings = (DataProblem("error", Text("image has 5 samples, but digit has 4."), None, "digit"),)
    world.session.data.refresh()
    qtbot.waitUntil(lambda: said(panel, "verdict_digit") == "image has 5 samples, but digit has 4.")
    assert said(panel, "verdict_image") == "✓ fits"


def test_long_texts_are_shortened_only_where_there_is_no_room(qtbot: QtBot) -> None:
    model = ColumnsModel()
    table = ColumnsTable(model)
    qtbot.addWidget(table)
    words = ("a rather long word of a category", "another one that is as long", "and a third")
    columns = [Column("label", (), "int64", 9, "category", categories=words)]
    model.show_items(columns)
    values = 5
    for width, shortened in ((1600, False), (500, True)):
        table.resize(width, 300)
        table.grab()  # lays it out
        table.fit()
        assert (table.columnWidth(values) < table.sizeHintForColumn(values)) == shortened
    assert sum(table.columnWidth(number) for number in range(values)) < 600


def test_names_of_many_columns_are_counted(panel: DataPanel, world: World) -> None:
    row = panel.side.bindings.rows["image"]
    row.show_columns(world.session.data.columns, tuple(f"pixel{number}" for number in range(784)))
    assert row.combo.currentText() == "pixel0, pixel1, pixel2, pixel3 … (784)"
    assert len(row.combo.toolTip()) < 200


def test_thousands_of_columns_are_listed_once_somebody_looks_at_them(show: Show) -> None:
    column = Column
    many = [column(f"image_{number}", (8, 8), "uint8", 1797, "image", 0, 16) for number in range(20_000)]
    row, chosen = BindingRow(Target("image", "c1", "input", (8, 8))), list[tuple[str, ...]]()
    row.chosen.connect(chosen.append)
    show(row)
    before = time.process_time()
    row.show_columns([*many, column("odd", (), "int64", 1797, "number")], ("odd",))
    assert time.process_time() - before < 0.05
    assert (row.combo.count(), row.combo.currentText()) == (1, "odd · scalar, does not fit")
    QTest.keyClick(row.combo, Qt.Key.Key_Up)
    assert chosen == [("image_19999",)]
    assert row.combo.count() == len(many) + 3  # none, a line, the other one
    row.show_columns(many, ("image_7",))
    assert (row.combo.count(), row.combo.currentText()) == (1, "image_7")
    row.combo.showPopup()
    assert (row.combo.count(), row.combo.currentText()) == (len(many) + 1, "image_7")
    row.combo.hidePopup()


def test_columns_that_fit_come_first(panel: DataPanel) -> None:
    combo = child(panel, Combo, "binding_digit")
    texts = [combo.itemText(row) for row in range(combo.count())]
    assert texts[:4] == ["– no column –", "digit", "is_even", "colour"]
    assert any(text.startswith("image · 8×8, does not fit") for text in texts)


def test_a_binding_is_chosen_and_undone(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    choose(panel, "is_even", "width")
    assert bindings(world)["is_even"] == ["width"]
    choose(panel, "is_even", "– no column –")
    assert "is_even" not in bindings(world)
    qtbot.waitUntil(lambda: said(panel, "verdict_is_even") == "Choose the column that belongs here.")
    world.session.history.undo()
    assert bindings(world)["is_even"] == ["is_even"]


def test_several_columns_are_put_side_by_side(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    choose(panel, "is_even", "Several columns")
    popup = row_of(panel, "is_even").popup
    assert popup is not None
    popup.tick("is_even", False)
    popup.tick("width", True)
    popup.tick("height", True)
    popup.close()
    assert bindings(world)["is_even"] == ["width", "height"]
    qtbot.waitUntil(lambda: child(panel, Combo, "binding_is_even").currentText() == "width, height")


def test_vectors_that_steps_make_stand_beside_numbers(panel: DataPanel, world: World) -> None:
    """A one-hot or the parts of a date could be bound beside numbers by a start alone, and taken out by nobody."""
    row = row_of(panel, "is_even")
    one_hot = Column("district", (4,), "float32", 1797, "number")
    row.show_columns((*world.session.data.columns, one_hot), ("width", "district"))
    choose(panel, "is_even", "Several columns")
    assert row.popup is not None
    listed = [text.split(" ")[0] for text in row.popup.model.texts]
    assert "district" in listed and "width" in listed and "image" not in listed
    row.popup.tick("district", False)
    row.popup.close()
    assert bindings(world)["is_even"] == ["width"]


def test_a_column_that_is_gone_is_named(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    data = {**world.session.document.data, "bindings": {"image": ["picture"]}}
    world.session.edit("x", set_data(world.session.document, data))
    qtbot.waitUntil(lambda: said(panel, "verdict_image") == "The data has no column picture.")


def test_binding_automatically_goes_by_name_then_by_shape(panel: DataPanel, world: World) -> None:
    world.session.edit("x", set_data(world.session.document, {**world.session.document.data, "bindings": {}}))
    press(panel, "autobind")
    assert bindings(world) == {"image": ["image"], "digit": ["digit"], "is_even": ["is_even"]}
    world.session.history.undo()
    assert bindings(world) == {}


def test_binding_automatically_says_what_it_did_and_why_not_more(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    column = Column
    world.engine.columns = (
        column("left", (8, 8), "uint8", 1797, "image", 0, 16),
        column("right", (8, 8), "uint8", 1797, "image", 0, 16),
        column("kind", (), "int64", 1797, "category", 0, 9, 10),
        column("odd", (), "int64", 1797, "category", 0, 1, 2),
    )
    world.session.edit("x", set_data(world.session.document, {**world.session.document.data, "bindings": {}}))
    world.session.data.refresh()
    qtbot.waitUntil(lambda: said(panel, "verdict_image") == "2 columns fit alike; choose one: left, right.")
    assert said(panel, "verdict_digit") == "Choose the column that belongs here."
    with qtbot.waitSignal(world.session.notice_raised) as raised:
        press(panel, "autobind")
    assert raised.args[0].text == (
        "Bound: digit, is_even.\nimage is not bound. 2 columns fit alike; choose one: left, right."
    )
    assert bindings(world) == {"digit": ["kind"], "is_even": ["odd"]}
    with qtbot.waitSignal(world.session.notice_raised) as raised:
        press(panel, "autobind")
    assert raised.args[0].text.startswith("image is not bound.")
    world.session.history.undo()  # nothing was changed the second time, so this is the first
    assert bindings(world) == {}


def test_parts_are_given_in_percent(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    spin = child(panel, QDoubleSpinBox, "validation_percent")
    spin.setFocus()
    QTest.keyClick(spin, Qt.Key.Key_Up)
    assert world.session.document.data["validation_percent"] == 21
    spin.setValue(12.5)
    assert world.session.document.data["validation_percent"] == 12.5
    qtbot.waitUntil(lambda: said(panel, "training_samples") == "1,572")
    assert said(panel, "validation_samples") == "225"
    world.session.history.undo()
    assert world.session.document.data["validation_percent"] == 20
    child(panel, QDoubleSpinBox, "test_percent").setValue(10)
    assert world.session.document.data["test_percent"] == 10
    qtbot.waitUntil(lambda: said(panel, "test_samples") != "0")


def test_samples_are_split_by_a_chip(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    """By keyboard as well; where a column says what goes where it is asked for, and percents are not."""
    press(panel, "split_ways_stratified")
    assert world.session.document.data["split"] == "stratified"
    chip = child(panel, QPushButton, "split_ways_stratified")
    chip.setFocus()
    QTest.keyClick(chip, Qt.Key.Key_Right)
    assert world.session.document.data["split"] == "group"
    combo = child(panel, Combo, "split_column")
    qtbot.waitUntil(lambda: combo.isVisible() and combo.currentText() == "– no column –")
    index = combo.findText("is_even")
    combo.setCurrentIndex(index)
    combo.activated.emit(index)
    assert world.session.document.data["split_column"] == "is_even"
    press(panel, "split_ways_column")
    qtbot.waitUntil(lambda: not child(panel, QDoubleSpinBox, "validation_percent").isEnabled())


def test_shuffling_is_switched(panel: DataPanel, world: World) -> None:
    QTest.mouseClick(child(panel, ToggleSwitch, "shuffle"), Qt.MouseButton.LeftButton)
    assert world.session.document.data["shuffle"] is False


def test_two_outputs_of_one_name_have_two_rows(qtbot: QtBot) -> None:
    """As a project may have that is being mended; and an input may be called as an output is."""
    bindings = Bindings()
    qtbot.addWidget(bindings)
    targets = [Target("a", "c1", "input", (1,)), Target("a", "c2", "output", (2,)), Target("a", "c3", "output", (3,))]
    bindings.show_targets(targets)
    assert [row.target for row in bindings.all_rows] == targets
    before = bindings.all_rows[:2]
    bindings.show_targets(targets[:2])
    assert bindings.all_rows == before, "those that stay are the same"
