"""Every kind of parameter editor, driven by keys and mouse."""

from __future__ import annotations

import math
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.panels.widgets.setting_rows import parameter_of
from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import Parameter
from graph_editor.editors.choice_editor import ChoiceEditor
from graph_editor.editors.parts.base import ParameterEditor
from graph_editor.editors.parts.parsed import ParsedEditor
from graph_editor.editors.parts.row import ParameterRow
from graph_editor.editors.registry import editor_context
from runtime.data_kinds import data_kinds
from runtime.worker.data.pictures.settings import HEIGHT
from tests.gui.panels.conftest import keyboard_of

ENTER = Qt.Key.Key_Return


class Desk:
    """One row with an editor in a shown window, and what it emitted."""

    def __init__(self, qtbot: QtBot, catalog: Catalog, parameter: Parameter, value: Any, default: Any = None) -> None:
        self.qtbot = qtbot
        self.window = QWidget()
        self.window.resize(320, 200)
        self.row = ParameterRow(parameter, editor_context(catalog), default)
        layout = QVBoxLayout(self.window)
        layout.addWidget(self.row)
        self.other = QLineEdit()
        layout.addWidget(self.other)
        qtbot.addWidget(self.window)
        self.row.set_value(value)
        self.emitted: list[Any] = []
        self.row.edited.connect(self.emitted.append)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        self.other.setFocus()

    @property
    def editor(self) -> ParameterEditor:
        return self.row.editor

    @property
    def line(self) -> QLineEdit:
        assert isinstance(self.editor, ParsedEditor)
        return self.editor.line.lineEdit()

    def type(self, text: str) -> None:
        """Replace the text and confirm with Enter."""
        self.editor.setFocus()
        self.line.selectAll()
        QTest.keyClicks(keyboard_of(self.editor), text)
        QTest.keyClick(keyboard_of(self.editor), ENTER)

    def key(self, key: Qt.Key) -> None:
        self.editor.setFocus()
        QTest.keyClick(keyboard_of(self.editor), key)


@pytest.mark.parametrize(
    ("parameter", "before", "text", "after", "shown"),
    [
        (Parameter("units", "int", minimum=1), 32, "96", 96, "96"),
        (Parameter("seed", "int", nullable=True), 7, "", None, ""),
        (Parameter("rate", "float"), 0.5, "1e-3", 0.001, "0.001"),
        (Parameter("epsilon", "float"), 0.5, "1e-7", 1e-7, "1e-7"),
        (Parameter("rate", "float"), 0.5, "0,25", 0.25, "0.25"),
        (Parameter("max_value", "float", minimum=0), 6.0, "inf", math.inf, "inf"),
        (Parameter("offset", "float"), 6.0, "-inf", -math.inf, "-inf"),
        (Parameter("offset", "float"), math.nan, "-Infinity", -math.inf, "-inf"),
        (Parameter("kernel_size", "tuple", length=2), [1, 1], "3", [3, 3], "3 × 3"),
        (Parameter("kernel_size", "tuple", length=2), [1, 1], "3x5", [3, 5], "3 × 5"),
        (Parameter("kernel_size", "tuple", length=2), [1, 1], "3 × 5", [3, 5], "3 × 5"),
        (Parameter("kernel_size", "tuple", length=2), [1, 1], "(3,5)", [3, 5], "3 × 5"),
        (Parameter("kernel_size", "tuple", length=2), [1, 1], "3, 5", [3, 5], "3 × 5"),
        (Parameter("factor", "tuple"), [0.1, 0.2], "-0.2, 0.3", [-0.2, 0.3], "-0.2 × 0.3"),
        (
            Parameter("padding", "tuple", length=2),
            [[1, 1], [1, 1]],
            "(2, 0) x (1, 1)",
            [[2, 0], [1, 1]],
            "(2, 0) × (1, 1)",
        ),
        (Parameter("batch_shape", "shape"), [None, 28, 28, 1], "32x?x3", [None, 32, None, 3], "32 × ? × 3"),
        (Parameter("batch_shape", "shape"), [None, 28], "scalar", [None], "scalar"),
        (Parameter("target_shape", "shape"), [7, 64], "-1, 8", [-1, 8], "-1 × 8"),
        (Parameter("axis", "axis"), -1, "1, 2", [1, 2], "1, 2"),
        (Parameter("equation", "str"), "ab", "abc,cd->abd", "abc,cd->abd", "abc,cd->abd"),
        (Parameter("cropping", "json"), 1, "[[1, 2], [3, 4]]", [[1, 2], [3, 4]], "[[1, 2], [3, 4]]"),
    ],
)
def test_typing_sets_the_value(
    qtbot: QtBot, catalog: Catalog, parameter: Parameter, before: Any, text: str, after: Any, shown: str
) -> None:
    desk = Desk(qtbot, catalog, parameter, before)
    if text:
        desk.type(text)
    else:
        desk.editor.setFocus()
        desk.line.selectAll()
        desk.key(Qt.Key.Key_Delete)
        desk.key(ENTER)
    assert desk.emitted == [after]
    assert desk.editor.value() == after
    assert desk.line.text() == shown


@pytest.mark.parametrize(
    ("parameter", "before", "text"),
    [
        (Parameter("units", "int", minimum=1), 32, "0"),
        (Parameter("units", "int"), 32, "many"),
        (Parameter("units", "int"), 32, "1.5"),
        (Parameter("rate", "float", minimum=0, maximum=1), 0.5, "1.5"),
        (Parameter("rate", "float"), 0.5, "nan"),
        (Parameter("rate", "float"), 0.5, "1e999"),
        (Parameter("max_value", "float", minimum=0), 6.0, "-inf"),
        (Parameter("kernel_size", "tuple", length=2), [1, 1], "1 × 2 × 3"),
        (Parameter("kernel_size", "tuple", length=2, minimum=1), [1, 1], "0"),
        (Parameter("kernel_size", "tuple", length=2), [1, 1], "big"),
        (Parameter("batch_shape", "shape"), [None, 28], "0 × 3"),
        (Parameter("target_shape", "shape"), [28], "?"),
        (Parameter("axis", "axis"), -1, "last"),
        (Parameter("cropping", "json"), 1, "[1,"),
        (Parameter("cropping", "json"), 1, "null"),
    ],
)
def test_an_invalid_text_stays_with_its_reason_and_changes_nothing(
    qtbot: QtBot, catalog: Catalog, parameter: Parameter, before: Any, text: str
) -> None:
    desk = Desk(qtbot, catalog, parameter, before)
    desk.type(text)
    assert desk.emitted == []
    assert desk.editor.value() == before
    assert desk.line.text() == text
    assert desk.editor.reason.endswith(".")
    control = keyboard_of(desk.editor)
    assert control.property("invalid") is True
    desk.key(Qt.Key.Key_Escape)
    assert desk.editor.reason == ""
    assert control.property("invalid") is False
    assert desk.editor.value() == before


def test_leaving_the_field_confirms(qtbot: QtBot, catalog: Catalog) -> None:
    desk = Desk(qtbot, catalog, Parameter("units", "int", minimum=1), 32)
    desk.editor.setFocus()
    desk.line.selectAll()
    QTest.keyClicks(keyboard_of(desk.editor), "64")
    assert desk.emitted == []
    desk.other.setFocus()
    assert desk.emitted == [64]


def test_correcting_the_text_takes_the_red_away_before_enter(qtbot: QtBot, catalog: Catalog) -> None:
    desk = Desk(qtbot, catalog, Parameter("units", "int", minimum=1), 32)
    desk.type("6x")
    assert desk.editor.reason
    desk.key(Qt.Key.Key_Backspace)  # Enter had selected all of it
    QTest.keyClicks(keyboard_of(desk.editor), "6")
    assert desk.editor.reason == ""
    assert desk.emitted == []


@pytest.mark.parametrize(
    ("parameter", "before", "up", "down"),
    [
        (Parameter("units", "int", minimum=1), 1, 2, 1),
        (Parameter("kernel_size", "tuple", length=2, minimum=1), [1, 3], [2, 4], [1, 2]),
        (Parameter("rate", "float", minimum=0, maximum=1), 0.5, 0.55, 0.45),
        (Parameter("learning", "float"), 0.001, 0.002, 0.0009),
        (Parameter("max_value", "float"), 6.0, 7.0, 5.0),
        (Parameter("axis", "axis"), -1, 0, -2),
    ],
)
def test_arrow_keys_step_at_once(
    qtbot: QtBot, catalog: Catalog, parameter: Parameter, before: Any, up: Any, down: Any
) -> None:
    desk = Desk(qtbot, catalog, parameter, before)
    desk.key(Qt.Key.Key_Up)
    assert desk.editor.value() == up
    desk.row.set_value(before)
    desk.key(Qt.Key.Key_Down)
    assert desk.editor.value() == down
    assert desk.emitted[0] == up


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_no_step_leads_from_infinity(qtbot: QtBot, catalog: Catalog, value: float) -> None:
    desk = Desk(qtbot, catalog, Parameter("offset", "float"), value)
    desk.key(Qt.Key.Key_Up)
    assert repr(desk.editor.value()) == repr(value)
    assert desk.line.text() == repr(value)


def _wheel(widget: QWidget) -> None:
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(widget.mapToGlobal(widget.rect().center())),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


@pytest.mark.parametrize(
    ("parameter", "before"),
    [(Parameter("units", "int"), 5), (Parameter("padding", "choice", choices=("same", "valid")), "valid")],
)
def test_the_wheel_changes_only_what_has_the_keyboard(
    qtbot: QtBot, catalog: Catalog, parameter: Parameter, before: Any
) -> None:
    desk = Desk(qtbot, catalog, parameter, before)
    control = keyboard_of(desk.editor)
    _wheel(control)
    assert desk.editor.value() == before
    desk.editor.setFocus()
    _wheel(control)
    assert desk.emitted != []


def test_a_switch_turns_with_the_mouse_and_the_space_bar(qtbot: QtBot, catalog: Catalog) -> None:
    desk = Desk(qtbot, catalog, Parameter("use_bias", "bool"), True, default=True)
    switch = keyboard_of(desk.editor)
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert desk.emitted == [False, True]


@pytest.mark.parametrize(
    ("option", "shown", "listed", "last"),
    [
        ("csv.header", "found out", ["found out", "on", "off"], False),
        ("csv.decimal", "found out", ["found out", "a point (.)", "a comma (,)"], ","),
        ("pictures.fit", "stretch", ["stretch", "crop", "pad"], "pad"),
    ],
)
def test_options_are_chosen_in_words(
    qtbot: QtBot, catalog: Catalog, option: str, shown: str, listed: list[str], last: Any
) -> None:
    """What no value means stands there, and can be chosen again: a switch could not go back to "found out"."""
    kind, key = option.split(".")
    found = next(one for kinds in data_kinds() if kinds.key == kind for one in kinds.options if one.key == key)
    desk = Desk(qtbot, catalog, parameter_of(found), found.default)
    assert isinstance(desk.editor, ChoiceEditor)
    combo = desk.editor.combo
    assert combo.currentText() == shown and [combo.itemText(row) for row in range(combo.count())] == listed
    combo.activated.emit(combo.count() - 1)
    assert desk.emitted == [last] and combo.currentText() == listed[-1]


def test_a_number_that_may_be_left_out_says_what_is_then(qtbot: QtBot, catalog: Catalog) -> None:
    desk = Desk(qtbot, catalog, parameter_of(HEIGHT), None)
    assert desk.line.placeholderText() == "found out"


def test_a_choice_keeps_a_value_it_does_not_know(qtbot: QtBot, catalog: Catalog) -> None:
    desk = Desk(qtbot, catalog, Parameter("padding", "choice", choices=("same", "valid")), "causal")
    assert desk.editor.value() == "causal"
    desk.key(Qt.Key.Key_Home)
    assert desk.emitted == ["same"]


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")
def test_an_activation_is_found_by_typing(qtbot: QtBot, catalog: Catalog) -> None:
    desk = Desk(qtbot, catalog, Parameter("activation", "activation"), None, default="linear")
    combo = keyboard_of(desk.editor)
    field = combo.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    assert field.text() == "linear"
    assert not desk.row.changed
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "relu")
    QTest.keyClick(QApplication.activePopupWidget() or field, ENTER)
    assert desk.emitted == ["relu"]
    assert desk.row.changed
    field.selectAll()
    QTest.keyClicks(field, "log_soft")
    QTest.keyClick(QApplication.activePopupWidget() or field, ENTER)
    assert desk.emitted == ["relu", "log_softmax"]
    field.selectAll()
    QTest.keyClicks(field, "rleu")
    QTest.keyClick(QApplication.activePopupWidget() or field, ENTER)
    assert desk.emitted == ["relu", "log_softmax"]
    assert "rleu" in desk.editor.reason


def test_an_initializer_brings_its_own_parameters(qtbot: QtBot, catalog: Catalog) -> None:
    desk = Desk(qtbot, catalog, Parameter("kernel_initializer", "initializer"), "glorot_uniform", "glorot_uniform")
    combo = keyboard_of(desk.editor)
    QTest.keyClicks(combo, "Orth")
    assert desk.emitted[-1] == {
        "module": "keras.initializers",
        "class_name": "Orthogonal",
        "config": {"gain": 1.0, "seed": None},
        "registered_name": None,
    }
    assert desk.editor.below is not None
    gain = desk.editor.below.findChild(ParameterRow, "row_gain")
    assert isinstance(gain, ParameterRow)
    field = keyboard_of(gain.editor)
    gain.editor.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert desk.emitted[-1]["config"] == {"gain": 2.0, "seed": None}


def test_the_same_initializer_in_both_spellings_is_unchanged(qtbot: QtBot, catalog: Catalog) -> None:
    spec = catalog.object("initializers", "glorot_uniform")
    assert spec is not None
    full = {"module": "keras.initializers", "class_name": "GlorotUniform", "config": dict(spec.config)}
    desk = Desk(qtbot, catalog, Parameter("kernel_initializer", "initializer"), "glorot_uniform", default=full)
    assert not desk.row.changed


def test_a_regularizer_can_be_none(qtbot: QtBot, catalog: Catalog) -> None:
    parameter = Parameter("kernel_regularizer", "regularizer", nullable=True)
    desk = Desk(qtbot, catalog, parameter, {"module": "keras.regularizers", "class_name": "L2", "config": {"l2": 0.1}})
    desk.key(Qt.Key.Key_Home)
    assert desk.emitted == [None]


def test_a_custom_object_is_kept_as_it_is(qtbot: QtBot, catalog: Catalog) -> None:
    custom = {"module": "mine", "class_name": "Mine", "config": {"a": 1}, "registered_name": "mine>Mine"}
    desk = Desk(qtbot, catalog, Parameter("kernel_initializer", "initializer"), custom)
    assert desk.editor.value() == custom
    assert desk.emitted == []


def test_the_dtype_keeps_its_form(qtbot: QtBot, catalog: Catalog) -> None:
    choices = ("float32", "float16")
    policy = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": None}
    desk = Desk(qtbot, catalog, Parameter("dtype", "dtype", choices=choices), policy)
    desk.key(Qt.Key.Key_End)
    assert desk.emitted[-1]["config"] == {"name": "float16"}
    plain = Desk(qtbot, catalog, Parameter("dtype", "dtype", choices=choices), "float32")
    plain.key(Qt.Key.Key_End)
    assert plain.emitted == ["float16"]


def test_the_layer_inside_a_wrapper_is_edited_in_place(qtbot: QtBot, catalog: Catalog) -> None:
    spec = catalog.layer("Bidirectional")
    assert spec is not None
    parameter = spec.parameter("layer")
    assert parameter is not None
    desk = Desk(qtbot, catalog, parameter, parameter.default)
    assert desk.editor.below is not None
    units = desk.editor.below.findChild(ParameterRow, "row_units")
    assert isinstance(units, ParameterRow)
    units.editor.setFocus()
    QTest.keyClick(keyboard_of(units.editor), Qt.Key.Key_Up)
    assert desk.emitted[-1]["config"]["units"] == parameter.default["config"]["units"] + 1
    assert desk.emitted[-1]["config"]["name"] == parameter.default["config"]["name"]


def test_the_reset_button_goes_back_to_the_default(qtbot: QtBot, catalog: Catalog) -> None:
    desk = Desk(qtbot, catalog, Parameter("strides", "tuple", length=2), [2, 2], default=[1, 1])
    button = desk.row.findChild(QWidget, "reset_strides")
    assert isinstance(button, QWidget)
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert desk.emitted == [[1, 1]]
    assert not button.isVisible()


def test_every_parameter_of_the_catalogue_has_an_editor_that_keeps_its_default(qtbot: QtBot, catalog: Catalog) -> None:
    context = editor_context(catalog)
    holder = QWidget()
    qtbot.addWidget(holder)
    checked = 0
    for spec in catalog.layers():
        for parameter in spec.parameters:
            default = spec.defaults.get(parameter.name, parameter.default)
            editor = context.kinds[parameter.kind](parameter, context, holder)
            heard: list[Any] = []
            editor.edited.connect(heard.append)
            editor.set_value(default)
            editor.commit()
            assert editor.value() == default, (spec.class_name, parameter.name)
            assert heard == [], (spec.class_name, parameter.name)
            assert editor.reason == "", (spec.class_name, parameter.name)
            checked += 1
            editor.setParent(None)
            editor.deleteLater()
    assert checked > 500


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")
def test_an_activation_is_picked_from_what_matches(qtbot: QtBot, catalog: Catalog) -> None:
    desk = Desk(qtbot, catalog, Parameter("activation", "activation"), "relu", default="linear")
    combo = keyboard_of(desk.editor)
    desk.editor.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(combo, "soft")
    popup = QApplication.activePopupWidget()
    assert popup is not None
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, ENTER)
    assert len(desk.emitted) == 1
    assert "soft" in desk.emitted[0]
    assert desk.editor.value() == desk.emitted[0]
    assert desk.editor.reason == ""
