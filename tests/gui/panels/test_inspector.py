"""The inspector: what it shows of a selection, and that edits go through the history."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.look.theme import load_theme
from app.look.theme_source import ThemeSource
from app.panels.inspector.panel import Inspector
from graph_editor.document.changes import commands
from graph_editor.document.edits import ReplaceOperation
from graph_editor.document.graph import TensorRef
from graph_editor.editors.parts.row import ParameterRow
from resources.text import Text
from runtime.messages.inference import CallResult, CallSpec, TensorSpec
from tests.gui.panels.conftest import Bench, keyboard_of

ENTER = Qt.Key.Key_Return


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
    found = inspector.operation_page.sections.row(key)
    assert found is not None
    return found


def control(inspector: Inspector, key: str) -> QWidget:
    return keyboard_of(row(inspector, key).editor)


def enter(qtbot: QtBot, inspector: Inspector, key: str, text: str) -> None:
    field = control(inspector, key)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, ENTER)


def text_of(inspector: Inspector, name: str) -> str:
    label = inspector.findChild(QLabel, name)
    assert isinstance(label, QLabel)
    return label.text()


def test_an_empty_canvas_says_what_to_do_first(bench: Bench, inspector: Inspector) -> None:
    assert inspector.page is inspector.model_page
    assert "Input" in inspector.model_page.next_sentence.text()
    assert inspector.model_page.total.value() == "0"


def test_the_model_page_sums_up_the_model(bench: Bench, inspector: Inspector) -> None:
    image = bench.add("InputLayer", name="image")
    dense = bench.add("Dense", image, name="digit", trainable=False)
    bench.session.edit("output", commands.set_output(bench.document, TensorRef(dense), True))
    bench.settle()
    page = inspector.model_page
    assert (page.total.value(), page.trainable.value(), page.frozen.value()) == ("1,000", "0", "1,000")
    assert inspector.findChild(QPushButton, "go_to_image") is not None
    assert inspector.findChild(QPushButton, "go_to_digit") is not None
    assert "Data" in page.next_sentence.text()


def test_the_model_is_renamed_in_place(bench: Bench, inspector: Inspector, qtbot: QtBot) -> None:
    line = inspector.model_page.name.line
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "my_model")
    QTest.keyClick(line, ENTER)
    assert bench.document.name == "my_model"
    bench.session.history.undo()
    assert line.text() == bench.document.name != "my_model"


def test_selecting_a_box_shows_it(bench: Bench, inspector: Inspector) -> None:
    image = bench.add("InputLayer")
    conv = bench.add("Conv2D", image, name="stem", filters=96)
    bench.settle()
    bench.session.navigation.select((conv,))
    page = inspector.operation_page
    assert inspector.page is page
    assert page.name.line.text() == "stem"
    assert page.link.text() == "Conv2D"
    assert page.shape_tile.value() == "8×8×96"
    assert page.count_tile.value() == "1,000"
    assert row(inspector, "filters").editor.value() == 96
    bench.session.navigation.select((image,))
    assert page.link.text() == "Input"
    assert page.freeze.isHidden()


def test_typing_a_number_changes_the_document_and_one_undo_brings_it_back(
    bench: Bench, inspector: Inspector, qtbot: QtBot
) -> None:
    dense = bench.add("Dense", units=10)
    bench.session.navigation.select((dense,))
    enter(qtbot, inspector, "units", "64")
    assert bench.config(dense)["units"] == 64
    for _ in range(3):
        QTest.keyClick(control(inspector, "units"), Qt.Key.Key_Up)
    assert bench.config(dense)["units"] == 67
    assert "units" in bench.session.history.undo_label
    bench.session.history.undo()
    assert bench.config(dense)["units"] == 10
    assert row(inspector, "units").editor.value() == 10


def test_two_visits_of_a_field_are_two_steps(bench: Bench, inspector: Inspector, qtbot: QtBot) -> None:
    dense = bench.add("Dense", units=10)
    bench.session.navigation.select((dense,))
    enter(qtbot, inspector, "units", "64")
    inspector.operation_page.name.line.setFocus()
    enter(qtbot, inspector, "units", "128")
    bench.session.history.undo()
    assert bench.config(dense)["units"] == 64


def test_an_invalid_value_never_reaches_the_document(bench: Bench, inspector: Inspector, qtbot: QtBot) -> None:
    dense = bench.add("Dense", units=10)
    bench.session.navigation.select((dense,))
    label = bench.session.history.undo_label
    enter(qtbot, inspector, "units", "0")
    assert bench.config(dense)["units"] == 10
    assert bench.session.history.undo_label == label
    assert row(inspector, "units").editor.reason == "units cannot be less than 1."


def test_an_invalid_text_survives_news_about_the_graph(bench: Bench, inspector: Inspector, qtbot: QtBot) -> None:
    dense = bench.add("Dense", units=10)
    bench.session.navigation.select((dense,))
    enter(qtbot, inspector, "units", "many")
    bench.settle()
    bench.add("Dropout", dense)
    assert row(inspector, "units").editor.reason
    enter(qtbot, inspector, "units", "11")
    assert bench.config(dense)["units"] == 11


def test_commit_takes_over_what_is_being_typed(bench: Bench, inspector: Inspector, qtbot: QtBot) -> None:
    dense = bench.add("Dense", units=10)
    bench.session.navigation.select((dense,))
    field = control(inspector, "units")
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, "77")
    assert bench.config(dense)["units"] == 10
    inspector.commit()
    assert bench.config(dense)["units"] == 77


def test_what_was_typed_belongs_to_the_box_it_was_typed_for(bench: Bench, inspector: Inspector, qtbot: QtBot) -> None:
    first, second = bench.add("Dense", units=10), bench.add("Dense", units=20)
    bench.session.navigation.select((first,))
    field = control(inspector, "units")
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, "77")
    bench.session.navigation.select((second,))
    assert bench.config(first)["units"] == 77
    assert bench.config(second)["units"] == 20


@pytest.mark.parametrize(("name", "word"), [("", "name"), ("other", "other")])
def test_a_name_that_cannot_be_stays_with_its_reason(
    bench: Bench, inspector: Inspector, qtbot: QtBot, name: str, word: str
) -> None:
    bench.add("Dense", name="other")
    dense = bench.add("Dense", name="mine")
    bench.session.navigation.select((dense,))
    line = inspector.operation_page.name.line
    line.setFocus()
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    QTest.keyClicks(line, name)
    QTest.keyClick(line, ENTER)
    assert bench.document.operation_of(dense).name == "mine"
    assert word in inspector.operation_page.name.reason
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert line.text() == "mine"
    assert inspector.operation_page.name.reason == ""


def test_renaming_in_place(bench: Bench, inspector: Inspector, qtbot: QtBot) -> None:
    dense = bench.add("Dense", name="mine")
    bench.session.navigation.select((dense,))
    inspector.edit_name()
    line = inspector.operation_page.name.line
    QTest.keyClicks(line, "yours")
    QTest.keyClick(line, ENTER)
    assert bench.document.operation_of(dense).name == "yours"


def test_freezing_with_the_mouse(bench: Bench, inspector: Inspector, qtbot: QtBot) -> None:
    norm = bench.add("BatchNormalization", bench.add("InputLayer"))
    bench.settle()
    bench.session.navigation.select((norm,))
    QTest.mouseClick(inspector.operation_page.freeze.switch, Qt.MouseButton.LeftButton)
    bench.settle()
    assert bench.document.operation_of(norm).trainable is False
    assert "inference mode" in text_of(inspector, "freeze_help")
    assert text_of(inspector, "tile_parameters_note") == "1,000 frozen"
    bench.session.history.undo()
    assert bench.document.operation_of(norm).trainable is True
    assert not inspector.operation_page.freeze.on


def test_a_layer_without_weights_offers_no_freezing(bench: Bench, inspector: Inspector) -> None:
    dropout = bench.add("Dropout", bench.add("InputLayer"))
    bench.settle()
    bench.session.navigation.select((dropout,))
    assert inspector.operation_page.freeze.isHidden()


def test_what_can_have_no_weights_offers_no_freezing_before_shapes_are_known(
    bench: Bench, inspector: Inspector
) -> None:
    for name in ("Dropout", "MaxPooling2D", "Add", "Dense"):  # nothing is wired: Keras cannot tell
        bench.session.navigation.select((bench.add(name),))
        assert inspector.operation_page.freeze.isHidden() == (name != "Dense"), name


def test_marking_the_output(bench: Bench, inspector: Inspector, qtbot: QtBot) -> None:
    dense = bench.add("Dense", bench.add("InputLayer"))
    bench.settle()
    bench.session.navigation.select((dense,))
    switch = inspector.operation_page.output_switches[0]
    QTest.mouseClick(switch.switch, Qt.MouseButton.LeftButton)
    assert bench.document.graph.output_refs() == [TensorRef(dense)]
    bench.session.history.undo()
    assert bench.document.graph.output_refs() == []
    assert not switch.on


def test_a_layer_with_several_outputs_has_a_switch_for_each(bench: Bench, inspector: Inspector) -> None:
    lstm = bench.add("LSTM", return_state=True)
    bench.session.navigation.select((lstm,))
    shown = [switch for switch in inspector.operation_page.output_switches if not switch.isHidden()]
    assert len(shown) == 3


def test_a_shared_layer_says_so_and_changes_everywhere(bench: Bench, inspector: Inspector, qtbot: QtBot) -> None:
    image = bench.add("InputLayer")
    dense = bench.add("Dense", image, units=10)
    edits, twin = commands.share(bench.document, dense, (50.0, 0.0))
    bench.session.edit("share", edits)
    bench.settle()
    bench.session.navigation.select((twin,))
    assert "2 times" in text_of(inspector, "shared_note")
    enter(qtbot, inspector, "units", "12")
    assert bench.config(dense)["units"] == 12


def test_the_problem_of_the_box_is_a_card_with_details(bench: Bench, inspector: Inspector, qtbot: QtBot) -> None:
    def refuse(call: CallSpec) -> CallResult:
        if call.operation.class_name == "Conv2D":
            return CallResult(call.id, error=Text("The kernel is too large."), detail="ValueError: all of it")
        return CallResult(call.id, (TensorSpec((None, 8), "float32"),))

    bench.engine.answer = refuse
    image = bench.add("InputLayer")
    conv = bench.add("Conv2D", image)
    bench.settle()
    bench.session.navigation.select((conv,))
    card = inspector.operation_page.problems
    assert card.isVisible()
    assert text_of(inspector, "problem_sentence") == "The kernel is too large."
    detail = inspector.findChild(QLabel, "problem_detail")
    button = inspector.findChild(QPushButton, "problem_details_button")
    assert isinstance(detail, QLabel)
    assert isinstance(button, QPushButton)
    assert not detail.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert detail.isVisible()
    assert detail.text() == "ValueError: all of it"
    bench.session.navigation.select((image,))
    assert not card.isVisible()


def test_the_card_of_a_box_mends_by_one_click(bench: Bench, inspector: Inspector) -> None:
    """A file may hold a name that Keras cannot take; the card proposes one that it can."""
    dense = bench.add("Dense", bench.add("InputLayer"))
    operation = bench.session.document.operation_of(dense)
    bench.session.edit("x", [ReplaceOperation(replace(operation, config={**operation.config, "name": "은닉층"}))])
    bench.settle()
    bench.session.navigation.select((dense,))
    button = inspector.operation_page.problems.mend
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    mended = bench.session.document.operation_of(dense)
    assert (mended.name.isascii(), mended.title) == (True, "은닉층")
    bench.settle()
    assert not button.isVisible()


def test_groups_are_folded_built_on_demand_and_remembered(bench: Bench, inspector: Inspector, qtbot: QtBot) -> None:
    dense, conv = bench.add("Dense"), bench.add("Conv2D")
    bench.session.navigation.select((dense,))
    sections = inspector.operation_page.sections
    assert sections.row("kernel_initializer") is None
    group = sections.section("initializers")
    assert group is not None
    QTest.mouseClick(group.header, Qt.MouseButton.LeftButton)
    assert row(inspector, "kernel_initializer").isVisible()
    bench.session.navigation.select((conv,))
    assert row(inspector, "kernel_initializer").isVisible()


def test_a_folded_group_with_a_changed_value_is_marked(bench: Bench, inspector: Inspector) -> None:
    regularizer = {"module": "keras.regularizers", "class_name": "L2", "config": {"l2": 0.1}, "registered_name": None}
    plain = bench.add("Dense")
    changed = bench.add("Dense", kernel_regularizer=regularizer)
    for call, marked in ((plain, False), (changed, True)):
        bench.session.navigation.select((call,))
        group = inspector.operation_page.sections.section("regularizers")
        assert group is not None
        assert group.header.marked is marked


def test_undo_from_inside_a_field_undoes_the_document(bench: Bench, inspector: Inspector, qtbot: QtBot) -> None:
    dense = bench.add("Dense", units=10)
    bench.session.navigation.select((dense,))
    enter(qtbot, inspector, "units", "64")
    pressed: list[bool] = []
    inspector.addAction("undo", QKeySequence("Ctrl+Z")).triggered.connect(lambda: pressed.append(True))
    QTest.keyClick(control(inspector, "units"), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert pressed == [True]


def test_a_mirrored_backward_layer_follows_the_forward_one(bench: Bench, inspector: Inspector, qtbot: QtBot) -> None:
    both = bench.add("Bidirectional")
    forward = bench.config(both)["layer"]
    assert isinstance(forward, dict)
    mirror = {**forward, "config": {**forward["config"], "name": "backward_lstm", "go_backwards": True}}
    edits = commands.set_parameter(bench.document, bench.document.operation_of(both).id, "backward_layer", mirror)
    bench.session.edit("mirror", edits)
    bench.session.navigation.select((both,))
    below = row(inspector, "layer").editor.below
    assert below is not None
    units = below.findChild(ParameterRow, "row_units")
    assert isinstance(units, ParameterRow)
    units.editor.setFocus()
    QTest.keyClick(keyboard_of(units.editor), Qt.Key.Key_Up)
    after = bench.config(both)
    backward = after["backward_layer"]
    assert isinstance(backward, dict)
    assert backward["config"]["units"] == forward["config"]["units"] + 1
    assert (backward["config"]["name"], backward["config"]["go_backwards"]) == ("backward_lstm", True)
    bench.session.history.undo()
    assert bench.config(both)["backward_layer"] == mirror
    assert bench.config(both)["layer"] == forward


def test_several_boxes_are_frozen_together(bench: Bench, inspector: Inspector, qtbot: QtBot) -> None:
    image = bench.add("InputLayer")
    calls = (image, bench.add("Dense", image), bench.add("Conv2D", image))
    bench.settle()
    bench.session.navigation.select(calls)
    page = inspector.several_page
    assert inspector.page is page
    assert text_of(inspector, "several_title") == "3 boxes selected"
    QTest.mouseClick(page.freeze, Qt.MouseButton.LeftButton)
    assert [bench.document.operation_of(call).trainable for call in calls] == [True, False, False]
    assert not page.freeze.isEnabled()
    bench.session.history.undo()
    assert bench.document.operation_of(calls[1]).trainable
    QTest.mouseClick(page.freeze, Qt.MouseButton.LeftButton)
    QTest.mouseClick(page.unfreeze, Qt.MouseButton.LeftButton)
    assert all(bench.document.operation_of(call).trainable for call in calls)


def test_deleting_the_selected_box_leads_back_to_the_model(bench: Bench, inspector: Inspector) -> None:
    dense = bench.add("Dense")
    bench.session.navigation.select((dense,))
    bench.session.edit("delete", commands.delete_calls(bench.document, [dense]))
    assert inspector.page is inspector.model_page


def test_every_control_has_names_in_every_state(bench: Bench, inspector: Inspector) -> None:
    conv = bench.add("Conv2D", bench.add("InputLayer"))
    bench.settle()
    bench.session.navigation.select((conv,))
    for group in ("initializers", "regularizers", "constraints", "advanced"):
        section = inspector.operation_page.sections.section(group)
        assert section is not None
        section.set_folded(False)
    controls = [widget for widget in inspector.findChildren(QWidget) if widget.focusPolicy() & Qt.FocusPolicy.TabFocus]
    nameless = [
        (type(widget).__name__, widget.objectName())
        for widget in controls
        if widget.isVisible()
        and not (widget.objectName() and widget.accessibleName())
        and not widget.objectName().startswith("qt_")
        and not isinstance(widget, QLabel)
    ]
    assert nameless == []


def test_a_change_of_theme_reaches_the_bar(bench: Bench, inspector: Inspector, look: ThemeSource) -> None:
    bench.session.navigation.select((bench.add("Dense"),))
    light = load_theme("light")
    look.show(light)
    assert any(light.category("core") in widget.styleSheet() for widget in inspector.findChildren(QWidget))


def test_a_name_in_another_script_stays_as_title_above_what_keras_calls_it(bench: Bench, inspector: Inspector) -> None:
    dense = bench.add("Dense", name="mine")
    bench.session.navigation.select((dense,))
    page, notices = inspector.operation_page, list[str]()
    bench.session.notice_raised.connect(lambda notice: notices.append(notice.text))
    assert page.keras_name.isHidden()
    page.name.line.setText("은닉 층")
    page.name.commit()
    assert (page.name.line.text(), page.keras_name.field.line.text()) == ("은닉 층", "eunnik_cheung")
    assert not page.keras_name.isHidden()
    assert notices == ["Keras does not take such names, so 은닉 층 is called eunnik_cheung there."]
    page.keras_name.field.line.setText("a b")
    page.keras_name.field.commit()
    assert "Latin" in page.keras_name.field.reason
    page.keras_name.field.line.setText("hidden")
    page.keras_name.field.commit()
    operation = bench.document.operation_of(dense)
    assert (operation.name, operation.title) == ("hidden", "은닉 층")
    bench.session.history.undo()
    bench.session.history.undo()
    assert page.keras_name.isHidden() and page.name.line.text() == "mine"
    bench.session.history.redo()
    assert len(notices) == 1  # what comes back is no news
