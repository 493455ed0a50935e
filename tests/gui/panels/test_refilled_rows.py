"""Rows that go from box to box: each is as a new one would be, and nothing of the box before reaches the next one."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.look.theme_source import ThemeSource
from app.panels.inspector.panel import Inspector
from app.panels.inspector.parameters import ParameterSections
from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import Json, ObjectSpec, Parameter
from graph_editor.document.changes import commands
from graph_editor.document.graph import Operation
from graph_editor.editors.activation_editor import ActivationEditor
from graph_editor.editors.choice_editor import ChoiceEditor
from graph_editor.editors.initializer_editor import InitializerEditor
from graph_editor.editors.parts.parsed import ParsedEditor
from graph_editor.editors.parts.row import ParameterRow
from graph_editor.editors.parts.rows import ParameterRows, RowItem
from graph_editor.editors.parts.several import SEVERAL
from graph_editor.editors.parts.spares import MOST_SPARE, Spares
from graph_editor.editors.registry import editor_context
from tests.gui.panels.conftest import Bench, keyboard_of
from tests.support.objects import objects_below, settle

SOFTER = ObjectSpec("softer", "activations", "my_layers>softer", own_module="my_layers")
# Every kind of editor is among them, and each main group differs from the one before.
CLASSES = (
    "Dense", "Conv2D", "LSTM", "BatchNormalization", "InputLayer", "MaxPooling2D", "Embedding", "TextVectorization",
    "Bidirectional", "Dropout", "EinsumDense", "MultiHeadAttention", "RNN", "MelSpectrogram", "Flatten", "Reshape",
    "SeparableConv2D", "RandomGaussianBlur", "GRU", "Normalization", "ZeroPadding2D", "Concatenate",
)  # fmt: skip


@pytest.fixture
def inspector(qtbot: QtBot, bench: Bench, look: ThemeSource) -> Inspector:
    made = Inspector(bench.session, look)
    made.resize(312, 900)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


def sections_of(qtbot: QtBot, catalog: Catalog) -> ParameterSections:
    """In a shown window, all of them unfolded."""
    holder = QWidget()
    qtbot.addWidget(holder)
    made = ParameterSections(editor_context(catalog, Spares(holder)))
    made.holder = holder  # type: ignore[attr-defined]
    made.resize(330, 1600)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    for header in made.findChildren(QAbstractButton):
        header.setChecked(True)
    return made


def show(sections: ParameterSections, catalog: Catalog, class_name: str, **config: Json) -> None:
    spec = catalog.layer(class_name)
    assert spec is not None
    sections.show_operation(Operation("o", class_name, {**catalog.default_config(spec, "x"), **config}), spec)


def row(inspector: Inspector, key: str) -> ParameterRow:
    found = inspector.operation_page.sections.row(key)
    assert found is not None
    return found


def type_into(inspector: Inspector, key: str, text: str) -> QWidget:
    """Without confirming it."""
    field = keyboard_of(row(inspector, key).editor)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, text)
    return field


def look(root: QWidget) -> list[tuple[Any, ...]]:
    """What a person, a screen reader or a test can tell of all that is seen, from above to below."""
    found = []
    for part in root.findChildren(QWidget):
        if part.isVisibleTo(root) and not part.objectName().startswith("qt_"):
            place = part.mapTo(root, part.rect().topLeft())
            shape = (place.y(), place.x(), part.width(), part.height())
            found.append((shape, type(part).__name__, part.objectName(), part.accessibleName(), *_facts(part)))
    return sorted(found, key=repr)


def _facts(part: QWidget) -> Sequence[object]:
    facts: list[object] = [part.accessibleDescription(), part.toolTip(), part.isEnabled(), part.focusPolicy().name]
    facts += [bool(part.property("changed")), bool(part.property("invalid"))]
    match part:
        case QComboBox():
            entries = [
                (part.itemText(at), part.itemData(at), part.itemData(at, Qt.ItemDataRole.ToolTipRole))
                for at in range(part.count())
            ]
            facts += [entries, part.currentIndex(), part.currentText()]
        case QLineEdit():
            facts += [part.text(), part.placeholderText(), part.isReadOnly(), part.isUndoAvailable()]
            facts += [part.cursorPosition(), part.selectedText()]
        case QLabel():
            facts += [part.text()]
        case QAbstractButton():
            facts += [part.text(), part.isChecked()]
    return facts


def spoil(sections: ParameterSections) -> None:
    """What a person can leave behind: values that are not listed, texts that are no values or are not confirmed."""
    for each in sections.findChildren(ParameterRow):
        editor = each.editor
        if not each.isVisibleTo(sections):
            continue
        if isinstance(editor, ParsedEditor):
            editor.line.lineEdit().insert("§")
            editor.commit()
            editor.line.lineEdit().insert("more")
        elif isinstance(editor, ChoiceEditor):
            each.set_value("older")
        elif isinstance(editor, ActivationEditor):
            line = editor.combo.lineEdit()
            assert line is not None
            line.setText("nothing like it")
            editor.commit()


def test_a_row_that_was_another_one_is_as_a_new_one(qtbot: QtBot, catalog: Catalog) -> None:
    order = [*CLASSES, *random.Random(3).sample(CLASSES, len(CLASSES))]
    used = sections_of(qtbot, catalog)
    for number, class_name in enumerate(order):
        show(used, catalog, class_name)
        if number >= len(CLASSES):
            fresh = sections_of(qtbot, catalog)
            show(fresh, catalog, class_name)
            QApplication.processEvents()
            for window in (used, fresh):
                _at_rest(window)
            assert look(used) == look(fresh), class_name
            assert used.grab().toImage() == fresh.grab().toImage(), class_name
            fresh.close()
        spoil(used)


def _at_rest(window: QWidget) -> None:
    """Without the keyboard and the mouse, which lie over both."""
    if (focused := window.focusWidget()) is not None:
        focused.clearFocus()
    for part in window.findChildren(QWidget):
        part.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)


def test_a_class_that_is_not_known_shows_in_rows_of_others(qtbot: QtBot, catalog: Catalog) -> None:
    used, fresh = sections_of(qtbot, catalog), sections_of(qtbot, catalog)
    operation = Operation("o", "Strange", {"name": "x", "units": 3, "rate": {"a": 1}, "activation": "relu"})
    show(used, catalog, "Normalization")
    show(used, catalog, "LSTM")
    spoil(used)
    for sections in (used, fresh):
        sections.show_operation(operation, None)
    QApplication.processEvents()
    assert look(used) == look(fresh)
    assert used.section("initializers") is None and used.row("recurrent_dropout") is None


def test_tab_goes_from_above_to_below(qtbot: QtBot, catalog: Catalog) -> None:
    sections = sections_of(qtbot, catalog)
    sections.activateWindow()
    for class_name in ("BatchNormalization", "Conv2D", "LSTM", "Bidirectional", "Embedding", "Conv2D"):
        show(sections, catalog, class_name)
        if class_name == "Embedding":
            found = sections.row("embeddings_initializer")
            assert found is not None and isinstance(found.editor, InitializerEditor)
            found.editor.combo.chosen.emit("TruncatedNormal")
        QApplication.processEvents()
        seen = _tabbed(sections)
        wanted = [each for each in sections.findChildren(QWidget) if _stops_tab(each, sections)]
        assert {id(each) for each in seen} == {id(each) for each in wanted}, class_name
        tops = [_top(each, sections) for each in seen]
        assert tops == sorted(tops), class_name


def _top(part: QWidget, sections: ParameterSections) -> int:
    """Where the row begins in which something is."""
    row: QWidget | None = part
    while row is not None and row is not sections and not isinstance(row, ParameterRow):
        row = row.parentWidget()
    return (row if isinstance(row, ParameterRow) else part).mapTo(sections, QPoint(0, 0)).y()


def _stops_tab(part: QWidget, sections: ParameterSections) -> bool:
    policy = part.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(policy) and part.isVisibleTo(sections) and part.focusProxy() is None and part.isEnabled()


def _tabbed(sections: ParameterSections) -> list[QWidget]:
    """The controls that Tab comes to, once round."""
    first = next(iter(sections._rows["main"].stops))
    first.setFocus()
    seen: list[QWidget] = []
    while (now := QApplication.focusWidget()) is not None and now not in seen and sections.isAncestorOf(now):
        seen.append(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
    return seen


def test_a_text_that_is_not_confirmed_belongs_to_its_own_box(bench: Bench, inspector: Inspector) -> None:
    dense, conv, other = bench.add("Dense", units=10), bench.add("Conv2D", filters=20), bench.add("Dense", units=30)
    bench.session.navigation.select((dense,))
    type_into(inspector, "units", "77")
    bench.session.navigation.select((conv,))
    assert (bench.config(dense)["units"], bench.config(conv)["filters"]) == (77, 20)
    type_into(inspector, "filters", "many")
    bench.session.navigation.select((other,))
    inspector.setFocus()
    inspector.commit()
    assert (bench.config(conv)["filters"], bench.config(other)["units"]) == (20, 30)
    shown = row(inspector, "units").editor
    assert isinstance(shown, ParsedEditor)
    assert (shown.line.text(), shown.reason, shown.line.lineEdit().isUndoAvailable()) == ("30", "", False)


def test_a_box_that_gets_the_id_of_one_that_is_gone_gets_no_text_of_it(bench: Bench, inspector: Inspector) -> None:
    """Undone and added again, within one selection: to the inspector it is the same box."""
    keep = bench.add("Dropout")
    gone = bench.add("Dense", units=10)
    bench.session.navigation.select((gone, keep))
    bench.session.navigation.select((gone,))
    type_into(inspector, "units", "77")
    name = inspector.operation_page.name.line
    name.setText("typed")
    bench.session.history.do("delete", commands.delete_calls(bench.document, [gone]))
    again = bench.add("Dense", units=20)
    assert again == gone
    bench.session.navigation.select((again,))
    inspector.commit()
    keep_focus = QApplication.focusWidget()
    if keep_focus is not None:
        keep_focus.clearFocus()
    assert (bench.config(again)["units"], name.text()) == (20, bench.document.operation_of(again).name)


@pytest.mark.parametrize("after", ["Dense", "Conv2D", "Dropout", "InputLayer"])
def test_a_box_that_goes_while_one_types_leaves_no_text_to_the_next(
    bench: Bench, inspector: Inspector, after: str
) -> None:
    left = bench.add(after)
    before = bench.config(left)
    gone = bench.add("Dense", units=10)
    bench.session.navigation.select((gone,))
    type_into(inspector, "units", "77")
    bench.session.history.do("delete", commands.delete_calls(bench.document, [gone]))
    bench.session.navigation.select((left,))
    inspector.setFocus()
    inspector.commit()
    QApplication.processEvents()
    assert bench.config(left) == before
    bench.session.history.undo()
    assert bench.config(gone)["units"] == 10


def test_what_was_typed_as_an_activation_is_gone_with_its_box(bench: Bench, inspector: Inspector) -> None:
    first, second = bench.add("Dense", activation="relu"), bench.add("Dense", activation="relu")
    bench.session.navigation.select((first,))
    type_into(inspector, "activation", "nothing like it")
    bench.session.navigation.select((second,))
    editor = row(inspector, "activation").editor
    assert isinstance(editor, ActivationEditor)
    assert (editor.combo.currentText(), editor.reason, editor.value()) == ("relu", "", "relu")
    inspector.commit()
    assert bench.config(first)["activation"] == bench.config(second)["activation"] == "relu"


def test_a_reset_button_brings_back_the_default_of_what_is_shown(bench: Bench, inspector: Inspector) -> None:
    dense = bench.add("Dropout", rate=0.25)
    noise = bench.add("LeakyReLU", negative_slope=0.7)
    for call, key in ((dense, "rate"), (noise, "negative_slope"), (dense, "rate")):
        bench.session.navigation.select((call,))
        button = inspector.findChild(QToolButton, f"reset_{key}")
        assert button is not None and button.isVisible() is (key != "rate")  # which a Dropout has to be given
    bench.session.navigation.select((noise,))
    button = inspector.findChild(QToolButton, "reset_negative_slope")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (bench.config(noise)["negative_slope"], bench.config(dense)["rate"]) == (0.3, 0.25)
    assert not button.isVisible()


def test_an_edit_goes_to_the_box_that_is_shown_and_to_its_own_key(bench: Bench, inspector: Inspector) -> None:
    calls = [bench.add("Dense", units=1), bench.add("Conv2D", filters=2), bench.add("LSTM", units=3)]
    before = [bench.config(call) for call in calls]
    for round_ in range(2):
        for place, key in ((0, "units"), (1, "filters"), (2, "units")):
            bench.session.navigation.select((calls[place],))
            field = type_into(inspector, key, f"{40 + 10 * round_ + place}")
            QTest.keyClick(field, Qt.Key.Key_Return)
    after = [bench.config(call) for call in calls]
    for place, key in ((0, "units"), (1, "filters"), (2, "units")):
        assert after[place] == {**before[place], key: 50 + place}


def test_a_list_offers_what_the_catalogue_has_now_and_no_value_of_the_box_before(qtbot: QtBot) -> None:
    catalog = Catalog.load()
    sections = sections_of(qtbot, catalog)
    show(sections, catalog, "Dense", activation="my>own")
    found = sections.row("activation")
    assert found is not None and isinstance(found.editor, ActivationEditor)
    combo = found.editor.combo
    assert combo.currentText() == "own" and combo.findText("softer") < 0
    catalog.set_custom([], [SOFTER])
    show(sections, catalog, "Dense", activation="relu")
    assert sections.row("activation") is found
    assert combo.findText("softer") >= 0 and combo.findText("own") < 0 and combo.currentText() == "relu"


def test_several_boxes_and_then_others_share_the_rows(bench: Bench, inspector: Inspector) -> None:
    calls = [bench.add("Dense", units=1), bench.add("LSTM", units=2), bench.add("Conv2D", filters=3)]
    sections = inspector.several_page.sections
    bench.session.navigation.select(calls[:2])
    units = sections.row("units")
    assert units is not None and units.editor.value() is SEVERAL
    bench.session.navigation.select(calls[1:])
    assert sections.row("units") is None and sections.row("activation") is not None
    bench.session.navigation.select((calls[0], calls[1]))
    again = sections.row("units")
    assert again is not None and again.editor.value() is SEVERAL
    again.edited.emit(9)
    assert [bench.config(call).get("units") for call in calls] == [9, 9, None]


class Heap:
    """Rows in a window, and what they said."""

    def __init__(self, qtbot: QtBot, catalog: Catalog) -> None:
        self.window = QWidget()
        self.said: list[tuple[str, Json]] = []
        self.spares = Spares(self.window)
        self.rows = ParameterRows[str](
            QVBoxLayout(self.window),
            editor_context(catalog, self.spares),
            lambda key, value: self.said.append((key, value)),
        )
        qtbot.addWidget(self.window)
        self.window.show()

    def show(self, kinds: Sequence[str], value: Json = None) -> None:
        items = [
            RowItem(f"k{number}", Parameter(f"k{number}", kind, nullable=True), None, value)
            for number, kind in enumerate(kinds)
        ]
        self.rows.show(items, None)

    @property
    def spare(self) -> list[ParameterRow]:
        return self.spares.findChildren(ParameterRow)


def test_what_lies_aside_is_bounded_holds_nothing_and_says_nothing(qtbot: QtBot, catalog: Catalog) -> None:
    heap = Heap(qtbot, catalog)
    heap.show(["json"] * (MOST_SPARE + 9), ["x" * 1000])
    shown = list(heap.rows.rows.values())
    heap.show([])
    settle()
    assert len(heap.spare) == MOST_SPARE and heap.rows.rows == {} and shown
    for each in heap.spare:
        editor = each.editor
        assert isinstance(editor, ParsedEditor)
        assert (each.isVisible(), editor.value(), editor.line.text(), each.parameter.name) == (False, None, "", "")
        editor.line.lineEdit().setText("5")
        editor.commit()
        each._on_reset()
    assert heap.said == []
    assert heap.window.findChild(QWidget, "row_k0") is None and heap.window.findChild(QWidget, "editor_k0") is None


def test_what_lies_aside_can_be_let_go_at_once(qtbot: QtBot, catalog: Catalog) -> None:
    heap = Heap(qtbot, catalog)
    heap.show(["int", "bool", "initializer"])
    heap.show(["bool"])
    assert len(heap.spare) == 2
    heap.spares.let_go()
    assert heap.spare == []
    heap.show(["int", "bool"], 1)
    heap.rows.rows["k0"].edited.emit(4)
    assert heap.said == [("k0", 4)]


def test_no_widget_is_made_once_every_class_was_shown(qtbot: QtBot, catalog: Catalog) -> None:
    sections = sections_of(qtbot, catalog)
    specs = [*catalog.layers(), *catalog.operations()[:40]]
    counts = []
    for _ in range(3):
        for spec in specs:
            config = catalog.default_config(spec, "x")
            sections.show_operation(Operation("o", spec.class_name, config, spec.module), spec)
        settle()
        counts.append(objects_below(sections))
    assert counts[1] == counts[2]
