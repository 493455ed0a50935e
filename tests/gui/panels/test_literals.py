"""Operations in the inspector: values among their arguments."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.look.theme_source import ThemeSource
from app.panels.inspector.panel import Inspector
from graph_editor.document.changes import commands
from graph_editor.document.edits import SetArguments
from graph_editor.document.graph import TensorRef
from resources.text import Text
from tests.gui.panels.conftest import Bench, keyboard_of

NUMPY = "keras.src.ops.numpy"


@pytest.fixture
def inspector(qtbot: QtBot, bench: Bench, look: ThemeSource) -> Inspector:
    made = Inspector(bench.session, look)
    made.resize(312, 900)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def operation(bench: Bench, class_name: str, *args: object) -> str:
    """The operation behind an input, called with the tensor and `args`."""
    source = TensorRef(bench.add("InputLayer"))
    catalog = bench.session.catalog
    edits, call = commands.add_layer(bench.document, class_name, NUMPY, None, (0.0, 0.0), catalog, after=source)
    bench.session.history.do(Text("add"), edits)
    if args:
        bench.session.history.do(Text("set"), [SetArguments(call, (source, *args), {})])
    return call


def test_a_number_among_the_arguments_is_typed(bench: Bench, inspector: Inspector) -> None:
    call = operation(bench, "Multiply", 2)
    bench.session.navigation.select((call,))
    row = inspector.operation_page.literals.row(("args", 1))
    assert row is not None
    field = keyboard_of(row.editor)
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, "2.5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert bench.document.call(call).args[1] == 2.5
    bench.session.history.undo()
    assert bench.document.call(call).args[1] == 2
    assert row.editor.value() == 2


def test_a_new_operation_shows_its_argument(bench: Bench, inspector: Inspector) -> None:
    bench.session.navigation.select((operation(bench, "GetItem"),))
    assert inspector.operation_page.literals.row(("args", 1)) is not None
    bench.session.navigation.select((operation(bench, "Add"),))
    assert not inspector.operation_page.literals.isVisible()


def test_a_slice_is_shown_as_it_is_typed_in_python(bench: Bench, inspector: Inspector) -> None:
    empty = {"class_name": "__slice__", "config": {"start": None, "stop": None, "step": 2}}
    call = operation(bench, "GetItem", [empty, 1, {"class_name": "__ellipsis__", "config": {}}])
    bench.session.navigation.select((call,))
    label = inspector.findChild(QLabel, "literal_key")
    assert label is not None and label.text() == "::2, 1, ..."
