"""The inspector while several boxes are selected: what they have in common is edited for all of them at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.look.theme_source import ThemeSource
from app.panels.inspector.panel import Inspector
from graph_editor.document.changes import commands
from graph_editor.editors.bool_editor import BoolEditor
from graph_editor.editors.parts.row import ParameterRow
from graph_editor.editors.parts.several import SEVERAL
from tests.gui.panels.conftest import Bench, keyboard_of
from tests.gui.panels.test_outline import COUNT, long_chain

ENTER, LEFT = Qt.Key.Key_Return, Qt.MouseButton.LeftButton


@pytest.fixture
def inspector(qtbot: QtBot, bench: Bench, look: ThemeSource) -> Inspector:
    made = Inspector(bench.session, look)
    made.resize(312, 900)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


def row(inspector: Inspector, key: str) -> ParameterRow:
    found = inspector.several_page.sections.row(key)
    assert found is not None
    return found


def control(inspector: Inspector, key: str) -> QWidget:
    return keyboard_of(row(inspector, key).editor)


def line(inspector: Inspector, key: str) -> QLineEdit:
    found = control(inspector, key).findChild(QLineEdit)
    assert isinstance(found, QLineEdit)
    return found


def enter(inspector: Inspector, key: str, text: str) -> None:
    field = control(inspector, key)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, ENTER)


def text_of(inspector: Inspector, name: str) -> str:
    label = inspector.findChild(QLabel, name)
    assert isinstance(label, QLabel)
    return label.text()


def test_layers_of_different_classes_show_what_they_share(bench: Bench, inspector: Inspector) -> None:
    dense = bench.add("Dense", units=10)
    lstm = bench.add("LSTM", units=10)
    bench.session.navigation.select((dense, lstm))
    assert inspector.page is inspector.several_page and text_of(inspector, "several_classes") == "Dense, LSTM"
    assert row(inspector, "units").editor.value() == 10
    assert inspector.several_page.sections.row("return_sequences") is None
    assert inspector.several_page.sections.row("name") is None


def test_one_edit_reaches_all_and_one_undo_brings_all_back(bench: Bench, inspector: Inspector) -> None:
    calls = [bench.add("Dense", units=10), bench.add("LSTM", units=20), bench.add("Dense", units=30)]
    bench.session.navigation.select(calls)
    assert row(inspector, "units").editor.value() is SEVERAL
    assert line(inspector, "units").placeholderText() == "several values" and line(inspector, "units").text() == ""
    enter(inspector, "units", "64")
    assert [bench.config(call)["units"] for call in calls] == [64, 64, 64]
    assert bench.session.history.undo_label == "Set units of 3 layers"
    for _ in range(3):
        QTest.keyClick(control(inspector, "units"), Qt.Key.Key_Up)
    assert [bench.config(call)["units"] for call in calls] == [67, 67, 67]
    bench.session.history.undo()
    assert [bench.config(call)["units"] for call in calls] == [10, 20, 30], "typing and stepping are one step"
    assert row(inspector, "units").editor.value() is SEVERAL and line(inspector, "units").text() == ""
    bench.session.history.redo()
    assert row(inspector, "units").editor.value() == 67


def test_a_value_that_one_of_them_has_already_can_be_given_to_all(bench: Bench, inspector: Inspector) -> None:
    calls = [bench.add("Dense", units=10), bench.add("Dense", units=20)]
    bench.session.navigation.select(calls)
    enter(inspector, "units", "10")
    assert [bench.config(call)["units"] for call in calls] == [10, 10]


def test_arrows_and_leaving_change_nothing_while_the_values_differ(bench: Bench, inspector: Inspector) -> None:
    calls = [bench.add("Dense", units=10), bench.add("Dense", units=20)]
    bench.session.navigation.select(calls)
    label = bench.session.history.undo_label
    field = control(inspector, "units")
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Up)
    QTest.keyClick(field, ENTER)
    control(inspector, "activation").setFocus()
    inspector.commit()
    assert bench.session.history.undo_label == label
    assert [bench.config(call)["units"] for call in calls] == [10, 20]


def test_what_is_no_value_is_refused_for_all_and_escape_brings_back(bench: Bench, inspector: Inspector) -> None:
    calls = [bench.add("Dense", units=10), bench.add("Dense", units=20)]
    bench.session.navigation.select(calls)
    enter(inspector, "units", "many")
    assert "whole number" in row(inspector, "units").editor.reason
    enter(inspector, "units", "-3")
    assert "less than 1" in row(inspector, "units").editor.reason
    assert [bench.config(call)["units"] for call in calls] == [10, 20]
    QTest.keyClick(control(inspector, "units"), Qt.Key.Key_Escape)
    assert row(inspector, "units").editor.reason == "" and line(inspector, "units").text() == ""
    other = bench.add("Dense", units=20)
    enter(inspector, "units", "much")
    bench.session.navigation.select((calls[1], other))
    assert row(inspector, "units").editor.reason == "" and line(inspector, "units").text() == "20"


def test_choices_switches_and_objects_show_several_and_set_all(bench: Bench, inspector: Inspector) -> None:
    calls = [
        bench.add("Conv2D", padding="same", use_bias=False, activation="relu"),
        bench.add("Conv2D", padding="valid", use_bias=True, activation="tanh"),
    ]
    bench.session.navigation.select(calls)
    for key in ("padding", "activation"):
        combo = control(inspector, key)
        assert isinstance(combo, QComboBox) and combo.currentText() == "several values"
    choose(control(inspector, "padding"), "valid")
    assert [bench.config(call)["padding"] for call in calls] == ["valid", "valid"]
    combo = control(inspector, "padding")
    assert isinstance(combo, QComboBox) and combo.findText("several values") < 0
    choose(control(inspector, "activation"), "linear")
    assert [bench.config(call)["activation"] for call in calls] == ["linear", "linear"]
    switch = row(inspector, "use_bias").editor
    assert isinstance(switch, BoolEditor) and not switch.switch.isChecked()
    assert "several" in switch.switch.accessibleDescription()
    QTest.mouseClick(switch.switch, LEFT)
    assert [bench.config(call)["use_bias"] for call in calls] == [True, True]
    assert "several" not in switch.switch.accessibleDescription()
    for _ in range(3):
        bench.session.history.undo()
    assert [bench.config(call)["use_bias"] for call in calls] == [False, True]
    assert "several" in switch.switch.accessibleDescription()


def choose(combo: QWidget, text: str) -> None:
    assert isinstance(combo, QComboBox)
    combo.setFocus()
    index = combo.findText(text)
    assert index >= 0
    combo.setCurrentIndex(index)
    combo.activated.emit(index)


def test_an_initializer_is_set_for_all_also_to_none_at_all(bench: Bench, inspector: Inspector) -> None:
    calls = [bench.add("Dense"), bench.add("Dense")]
    zeros = {"module": "keras.regularizers", "class_name": "L2", "config": {"l2": 0.5}, "registered_name": None}
    operation = bench.document.operation_of(calls[0]).id
    bench.session.edit("l2", commands.set_parameter(bench.document, operation, "kernel_regularizer", zeros))
    bench.session.navigation.select(calls)
    section = inspector.several_page.sections.section("regularizers")
    assert section is not None
    section.header.click()
    combo = control(inspector, "kernel_regularizer")
    assert isinstance(combo, QComboBox) and combo.currentText() == "several values"
    choose(combo, "none")
    assert [bench.config(call)["kernel_regularizer"] for call in calls] == [None, None]


def test_a_dtype_keeps_the_form_in_which_each_layer_writes_it(bench: Bench, inspector: Inspector) -> None:
    image, dense = bench.add("InputLayer"), bench.add("Dense")
    bench.session.navigation.select((image, dense))
    section = inspector.several_page.sections.section("advanced")
    if section is not None:
        section.header.click()
    choose(control(inspector, "dtype"), "float16")
    assert bench.config(image)["dtype"] == "float16"
    policy = bench.config(dense)["dtype"]
    assert isinstance(policy, dict) and policy["config"] == {"name": "float16"}
    bench.session.history.undo()
    assert bench.config(image)["dtype"] == "float32"


def test_a_shared_layer_counts_once(bench: Bench, inspector: Inspector) -> None:
    dense, other = bench.add("Dense", units=10), bench.add("Dense", units=10)
    edits, again = commands.share(bench.document, dense, (0.0, 0.0))
    bench.session.edit("share", edits)
    bench.settle()
    bench.session.navigation.select((dense, again, other))
    assert (
        text_of(inspector, "several_title") == "3 boxes selected"
        and text_of(inspector, "several_classes") == "Dense × 2"
    )
    enter(inspector, "units", "5")
    assert bench.session.history.undo_label == "Set units of 2 layers"


def test_a_text_that_is_not_confirmed_is_for_those_that_were_selected(bench: Bench, inspector: Inspector) -> None:
    calls = [bench.add("Dense", units=number) for number in (10, 20, 30)]
    bench.session.navigation.select(calls[:2])
    field = control(inspector, "units")
    field.setFocus()
    QTest.keyClicks(field, "7")
    bench.session.navigation.select(calls[1:])
    assert [bench.config(call)["units"] for call in calls] == [7, 7, 30]


def test_boxes_without_anything_in_common_say_so(bench: Bench, inspector: Inspector) -> None:
    from graph_editor.document.edits import AddCall, AddOperation
    from graph_editor.document.graph import Call, Operation

    dense = bench.add("Dense")
    mine = Operation("mine", "Mine", {"name": "mine", "units": 3}, "mine")
    bench.session.edit("mine", [AddOperation(mine), AddCall(Call("cm", "mine"))])
    bench.session.navigation.select((dense, "cm"))
    label = inspector.findChild(QLabel, "several_nothing")
    assert label is not None and label.isVisible() and inspector.several_page.sections.isHidden()


def test_batch_normalization_says_what_freezing_does_to_it(bench: Bench, inspector: Inspector) -> None:
    calls = [bench.add("BatchNormalization"), bench.add("Dense")]
    bench.session.navigation.select(calls)
    label = inspector.findChild(QLabel, "several_inference")
    assert label is not None and label.isVisible() and "inference mode" in label.text()
    bench.session.navigation.select((calls[1], bench.add("Dense")))
    assert label.isHidden()


def test_ten_thousand_boxes_are_shown_as_one(bench: Bench, inspector: Inspector) -> None:
    bench.document.replace_content(long_chain())
    QApplication.processEvents()
    bench.session.navigation.select([f"c{number}" for number in range(1, COUNT)])
    assert inspector.several_page.isVisible()
    assert row(inspector, "units").isVisible()


def test_an_unknown_class_has_its_dtype_as_a_choice_and_not_as_json(bench: Bench, inspector: Inspector) -> None:
    from graph_editor.document.edits import AddCall, AddOperation
    from graph_editor.document.graph import Call, Operation
    from graph_editor.editors.dtype_editor import DtypeEditor

    policy = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": None}
    mine = Operation("mine", "Mine", {"name": "mine", "units": 3, "dtype": policy}, "mine")
    bench.session.edit("mine", [AddOperation(mine), AddCall(Call("cm", "mine"))])
    bench.session.navigation.select(("cm",))
    sections = inspector.operation_page.sections
    header = sections.section("advanced")
    assert header is not None and sections.row("units") is not None and sections.row("dtype") is None
    header.header.click()
    dtype = sections.row("dtype")
    assert dtype is not None and isinstance(dtype.editor, DtypeEditor)
    choose(keyboard_of(dtype.editor), "float16")
    assert bench.document.operation("mine").config["dtype"] == {**policy, "config": {"name": "float16"}}


def test_names_from_a_file_are_never_read_as_markup(inspector: Inspector) -> None:
    names = ("several_title", "several_classes", "left_out_reason", "freeze_help", "shared_note")
    labels = [inspector.findChild(QLabel, name) for name in names]
    assert all(label is not None and label.textFormat() is Qt.TextFormat.PlainText for label in labels)


def test_all_are_bypassed_at_once_and_only_what_is_built_is_counted(bench: Bench, inspector: Inspector) -> None:
    start = bench.add("InputLayer")
    one = bench.add("Dense", start, units=10)
    two = bench.add("Dense", one, units=10)
    bench.settle()
    bench.session.navigation.select((one, two))
    page = inspector.several_page
    every = page._tile.value()
    assert every != "0" and not page.modes.bypass.on and page.modes.reason.isHidden()
    QTest.mouseClick(page.modes.bypass.switch, LEFT)
    assert bench.document.graph.modes == {one: "bypassed", two: "bypassed"} and page.modes.bypass.on
    assert text_of(inspector, "several_left_out_reason") == "2 boxes are left out (2 bypassed)"
    bench.settle()
    assert page._tile.value() == "0"
    QTest.mouseClick(page.modes.bypass.switch, LEFT)
    bench.settle()
    assert bench.document.graph.modes == {} and page._tile.value() == every
    bench.session.history.undo()
    assert len(bench.document.graph.modes) == 2 and page.modes.bypass.on
    bench.session.history.undo()
    QTest.mouseClick(page.modes.mute.switch, LEFT)
    bench.session.navigation.select((two, one))
    assert bench.document.graph.modes == {one: "muted", two: "muted"} and page.modes.mute.on


def test_boxes_left_out_because_of_others_say_so(bench: Bench, inspector: Inspector) -> None:
    start = bench.add("InputLayer")
    one = bench.add("Dense", start, units=10)
    two, three = bench.add("Dense", one), bench.add("Dense", one)
    bench.session.navigation.select((one,))
    QTest.mouseClick(inspector.operation_page.modes.mute.switch, LEFT)
    bench.session.navigation.select((two, three))
    assert text_of(inspector, "several_left_out_reason") == "2 boxes are left out (2 because of others)"
