"""From an empty canvas to training without touching the mouse: every step is a key."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.engine.engine_link import AnswerCallback, EngineLink
from app.engine.local_workers import LocalTrainer
from app.project.training_start import RunStarter
from graph_editor.document.document import Document
from graph_editor.document.graph import Graph
from graph_editor.view.graph_view import GraphView
from runtime.clients.engine import Engine
from runtime.events import RunStarted, Steps
from runtime.messages.protocol import Request
from tests.gui.app.conftest import READY, Rig
from tests.support.events import read_events
from tests.support.patience import patient

Key, Mods = Qt.Key, Qt.KeyboardModifier
NO, CTRL, SHIFT, ALT = Mods.NoModifier, Mods.ControlModifier, Mods.ShiftModifier, Mods.AltModifier
DIGITS = Path(__file__).parents[4] / "resources" / "samples" / "digits.h5"
PATIENCE = 20_000  # stretched by the robot; for Keras in another process, on a machine that has other things to do


class RealEngine:
    """The tests' own Keras behind a desktop's link; it outlives the desktop."""

    def __init__(self, link: EngineLink, engine: Engine) -> None:
        self._link, self._engine = link, engine

    def start(self) -> None:
        self._link.report_state(READY)

    def restart(self) -> None:
        raise AssertionError("the engine is not to be ended")

    def stop(self) -> None:
        pass

    def request(self, message: Request, callback: AnswerCallback) -> int:
        return self._engine.request(message, callback)

    def cancel(self, request_id: int) -> None:
        self._engine.cancel(request_id)

    def read_again(self) -> None:
        self._engine.read_again()


def listening(seconds: float = 10.0) -> QWidget:
    """Who gets the next key, as soon as there is somebody."""
    deadline = time.monotonic() + patient(seconds)
    while True:
        found = QApplication.activePopupWidget() or QApplication.focusWidget()
        if found is not None:
            return found
        assert time.monotonic() < deadline, "nobody listens to the keyboard"
        QTest.qWait(5)


def press(key: Qt.Key, keys: Qt.KeyboardModifier = NO, times: int = 1) -> None:
    for _ in range(times):
        QTest.keyClick(listening(), key, keys)
        QApplication.processEvents()


def write(text: str) -> None:
    QTest.keyClicks(listening(), text)
    QApplication.processEvents()


def add(layer: str) -> None:
    """Tab, the name, Enter: a box below the selected one, wired to it."""
    press(Key.Key_Tab)
    write(layer)
    press(Key.Key_Return)


def rename(name: str) -> None:
    press(Key.Key_F2)
    press(Key.Key_A, CTRL)
    write(name)
    press(Key.Key_Return)


def choose_in_menu(name: str) -> None:
    """Go down in the open menu to an entry, and take it; a menu is opened instead."""
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    for _ in menu.actions():
        press(Key.Key_Down)
        current: QAction | None = menu.activeAction()
        inner: QObject | None = current.menu() if current is not None else None
        names = [entry.objectName() for entry in (current, inner) if entry is not None]
        if name in names:
            press(Key.Key_Right if isinstance(inner, QMenu) else Key.Key_Return)
            return
    raise AssertionError(f"no {name} in the menu")


def tab_to(wanted: Callable[[QWidget], bool], back: bool = False) -> QWidget:
    for _ in range(80):
        press(Key.Key_Backtab if back else Key.Key_Tab, SHIFT if back else NO)
        here = QApplication.focusWidget()
        if here is not None and wanted(here):
            return here
    raise AssertionError("Tab does not lead there")


def tab_to_named(name: str, back: bool = False) -> QWidget:
    return tab_to(lambda widget: widget.objectName() == name, back)


def shown(rig: Rig) -> str:
    return rig.desktop.window.workspace


def chosen(view: GraphView) -> list[str]:
    return list(view.selection)


def call_of(graph: Graph, name: str) -> str:
    return next(key for key in graph.calls if graph.operation_of(key).name == name)


@pytest.fixture
def view(rig: Rig, qtbot: QtBot) -> GraphView:
    rig.session.replace(Document(rig.session.catalog.keras_version), None)
    rig.desktop.window.activateWindow()
    rig.desktop.window.canvas.setFocus()
    qtbot.waitUntil(rig.desktop.window.canvas.hasFocus)
    return rig.desktop.window.canvas


def test_a_model_is_built_and_changed_by_keys(rig: Rig, view: GraphView) -> None:
    graph = rig.session.document.graph
    for layer in ("Input", "Conv2D", "Flatten", "Dense"):
        add(layer)
    assert [graph.operation_of(key).class_name for key in graph.topological_order()] == [
        "InputLayer",
        "Conv2D",
        "Flatten",
        "Dense",
    ]
    rename("digit")
    assert graph.operation_of(view.selection[0]).name == "digit"

    press(Key.Key_Up, CTRL, 2)  # to the convolution, and a way round it
    add("Add")
    added = view.selection[0]
    press(Key.Key_Up, CTRL, 2)
    press(Key.Key_W)
    write("add")
    press(Key.Key_Return)
    assert len(list(graph.edges_into(added))) == 2
    assert {graph.operation_of(edge.source.call).class_name for edge in graph.edges_into(added)} == {
        "InputLayer",
        "Conv2D",
    }

    view.select([call_of(graph, "digit")])
    press(Key.Key_O)
    press(Key.Key_L)
    assert [ref.call for ref in graph.output_refs()] == [view.selection[0]]
    assert not graph.operation_of(view.selection[0]).trainable
    before = rig.session.document.positions[view.selection[0]]
    press(Key.Key_Right)
    press(Key.Key_Down, SHIFT)
    after = rig.session.document.positions[view.selection[0]]
    assert after[0] > before[0] and after[1] == before[1] + 1

    press(Key.Key_F10, SHIFT)
    choose_in_menu("toggle_frozen")
    assert graph.operation_of(view.selection[0]).trainable

    view.select([added])  # what is not wanted goes by keys, too
    press(Key.Key_Delete)
    assert added not in graph.calls


def test_a_model_is_given_data_and_trained_by_keys(
    engine: Engine, rig: Rig, view: GraphView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With Keras itself, from the empty canvas to numbers that come from a trainer at work."""
    session = rig.session
    session.engine.use(RealEngine(session.engine, engine))
    monkeypatch.setattr(session.training, "_start_run", lambda: RunStarter(LocalTrainer)(session))
    for layer in ("Input", "Flatten", "Dense"):
        add(layer)
    rename("digit")
    press(Key.Key_O)
    tab_to_named("editor_units", back=True)
    press(Key.Key_A, CTRL)
    write("10")
    press(Key.Key_Return)
    view.setFocus()
    press(Key.Key_Up, CTRL, 2)
    tab_to_named("editor_batch_shape", back=True)
    press(Key.Key_A, CTRL)
    write("8 x 8 x 1")
    press(Key.Key_Return)
    graph = session.document.graph
    output = call_of(graph, "digit")
    qtbot.waitUntil(
        lambda: output in session.inference.results and session.inference.results[output].outputs != (),
        timeout=PATIENCE,
    )
    qtbot.waitUntil(
        lambda: session.settled and session.inference.results[output].outputs[0].shape == (None, 10), timeout=PATIENCE
    )

    rig.chooser.to_open = DIGITS
    press(Key.Key_2, ALT)
    assert shown(rig) == "data"
    tab_to_named("add_data")
    press(Key.Key_Space)
    choose_in_menu("choose_data")
    qtbot.waitUntil(lambda: len(session.data.columns) == 3, timeout=PATIENCE)
    columns = rig.desktop.window.findChild(QComboBox, "binding_digit")
    assert isinstance(columns, QComboBox)
    qtbot.waitUntil(lambda: columns.findData("digit") > 0)
    bound = {"input": ["image"], "digit": ["digit"]}  # by its name and its range
    assert session.document.data["bindings"] == bound
    assert tab_to_named("binding_digit") is columns
    press(Key.Key_Up)
    assert session.document.data["bindings"] == {"input": ["image"]}
    press(Key.Key_Down)
    assert session.document.data["bindings"] == bound
    qtbot.waitUntil(
        lambda: session.settled and not any(problem.is_error for problem in session.problems), timeout=PATIENCE
    )

    press(Key.Key_3, ALT)
    assert shown(rig) == "train"
    tab_to_named("train_button")
    press(Key.Key_Space)
    run = session.training.run
    assert run is not None, rig.desktop.window.notices.text
    qtbot.waitUntil(lambda: not run.active, timeout=PATIENCE)
    assert run.ending is not None and run.ending.status == "completed", run.ending
    told = read_events(run.folder)
    assert isinstance(told[0], RunStarted)
    assert any(isinstance(event, Steps) for event in told)


def test_the_menu_opens_at_the_selected_box_and_a_wire_goes_by_it(rig: Rig, view: GraphView) -> None:
    for layer in ("Input", "Dense"):
        add(layer)
    graph = rig.session.document.graph
    view.centerOn(5_000, 5_000)
    press(Key.Key_F10, SHIFT)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu) and menu.objectName() == "boxMenu"
    box = view.graph_scene.boxes[view.selection[0]]
    corners = view.mapFromScene(box.rect()).boundingRect()
    assert view.viewport().rect().contains(corners.center())
    assert corners.contains(view.viewport().mapFromGlobal(menu.pos()))
    choose_in_menu("disconnectMenu")
    inner = QApplication.activePopupWidget()
    assert isinstance(inner, QMenu)
    assert [entry.text() for entry in inner.actions()] == ["wire from input to dense, 8"]
    press(Key.Key_Return)
    assert list(graph.edges()) == []
    rig.session.history.undo()
    assert len(list(graph.edges())) == 1
    press(Key.Key_Escape)
    press(Key.Key_Menu)
    press(Key.Key_Escape)
    assert len(list(graph.edges())) == 1
    press(Key.Key_Escape)
    press(Key.Key_F10, SHIFT)
    empty = QApplication.activePopupWidget()
    assert isinstance(empty, QMenu) and empty.objectName() == "canvasMenu"
    press(Key.Key_Escape)


def test_the_selection_grows_along_the_wires(rig: Rig, view: GraphView) -> None:
    for layer in ("Input", "Dense", "Dropout"):
        add(layer)
    order = rig.session.document.graph.topological_order()
    press(Key.Key_Up, CTRL | SHIFT)
    assert chosen(view) == [order[2], order[1]]
    press(Key.Key_Up, CTRL | SHIFT)
    assert chosen(view) == [order[2], order[1], order[0]]
    press(Key.Key_Down, CTRL | SHIFT)
    assert chosen(view) == [order[2], order[0], order[1]]
    press(Key.Key_Down, CTRL)
    assert chosen(view) == [order[2]]


def test_every_panel_is_reached_from_the_canvas_and_left_again(rig: Rig, view: GraphView) -> None:
    add("Dense")
    window = rig.desktop.window
    for panel in (window.build.palette_panel, window.header, window.build.inspector, window.status):
        view.setFocus()
        found = tab_to(lambda widget, panel=panel: panel.isAncestorOf(widget), back=True)  # type: ignore[misc]
        assert panel.isAncestorOf(found)
        tab_to(lambda widget: widget is view, back=True)
