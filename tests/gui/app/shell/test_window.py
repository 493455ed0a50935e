"""The window: menus that know what can be done, workspaces, theme, language, the engine's state."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.project.templates import TEMPLATES
from app.system.settings import SettingsStore
from app.workspaces.listing import all_workspaces
from graph_editor.document.changes.commands import rename_model, set_parameter
from graph_editor.view.painting import motion
from resources.text import Text
from runtime.messages.connection import Failed
from tests.gui.app.conftest import Rig


def open_digits(rig: Rig) -> None:
    rig.session.replace(TEMPLATES[0].open(), None)


def call_named(rig: Rig, name: str) -> str:
    document = rig.session.document
    return next(call for call in document.graph.calls if document.operation_of(call).name == name)


def child(rig: Rig, kind: type[QWidget], name: str) -> QWidget:
    found = rig.desktop.window.findChild(kind, name)
    assert found is not None, name
    return found


def test_undo_and_redo_know_whether_and_what(rig: Rig) -> None:
    commands = rig.desktop.window.commands
    undo, redo = commands.action("edit.undo"), commands.action("edit.redo")
    assert not undo.isEnabled()
    assert not redo.isEnabled()
    rig.session.edit(Text("Rename the model"), rename_model(rig.session.document, "other"))
    assert undo.isEnabled()
    assert "Rename the model" in undo.text()
    undo.trigger()
    assert not undo.isEnabled()
    assert redo.isEnabled()
    redo.trigger()
    assert rig.session.document.name == "other"


def test_actions_on_boxes_need_a_box(rig: Rig) -> None:
    open_digits(rig)
    commands = rig.desktop.window.commands
    keys = ("edit.duplicate", "edit.delete", "edit.rename", "model.freeze", "model.share", "model.output")
    assert [commands.action(key).isEnabled() for key in keys] == [False] * len(keys)
    rig.session.navigation.select((call_named(rig, "digit"),))
    assert [commands.action(key).isEnabled() for key in keys] == [True] * len(keys)
    assert commands.action("model.output").isChecked()


def test_freezing_deleting_and_sharing_from_the_menu(rig: Rig) -> None:
    open_digits(rig)
    commands, document = rig.desktop.window.commands, rig.session.document
    digit = call_named(rig, "digit")
    rig.session.navigation.select((digit,))
    commands.action("model.freeze").trigger()
    assert not document.operation_of(digit).trainable
    assert commands.action("model.freeze").isChecked()
    commands.action("model.share").trigger()
    assert len(document.graph.calls_of(document.graph.calls[digit].operation)) == 2
    commands.action("edit.delete").trigger()
    assert len(document.graph.calls_of(document.graph.calls[digit].operation)) == 1
    for _ in range(3):
        commands.action("edit.undo").trigger()
    assert document.operation_of(digit).trainable


def test_workspaces_by_button_and_by_key(rig: Rig, qtbot: QtBot) -> None:
    window = rig.desktop.window
    for key in [found.key for found in all_workspaces()]:
        QTest.mouseClick(child(rig, QPushButton, f"workspace_{key}"), Qt.MouseButton.LeftButton)
        assert window.workspace == key
        assert window.page(key).isVisible()
    window.commands.action("view.build").trigger()
    assert window.workspace == "build"


def test_alt_alone_opens_the_menu_and_alt_with_a_key_does_not(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    window, opened = rig.desktop.window, []
    monkeypatch.setattr(window.header, "open_menu", lambda: opened.append(True))
    QTest.keyPress(window.canvas, Qt.Key.Key_Alt)
    QTest.keyClick(window.canvas, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    QTest.keyRelease(window.canvas, Qt.Key.Key_Alt)
    assert opened == []
    window.show_workspace("build")
    QTest.keyPress(window.canvas, Qt.Key.Key_Alt)
    QTest.mouseClick(
        window.canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier, QPoint(40, 40)
    )
    QTest.keyRelease(window.canvas, Qt.Key.Key_Alt)
    assert opened == [], "it was for the mouse"
    QTest.keyClick(window.canvas, Qt.Key.Key_Alt)
    assert opened == [True]


def test_motion_is_chosen_and_remembered(rig: Rig) -> None:
    for choice, wanted in (("reduced", False), ("full", True)):
        entry = next(
            command
            for group in rig.desktop.window.commands.groups
            for top in group.commands
            if top is not None and top.key == "view.motion" and top.submenu is not None
            for command in top.submenu()
            if command is not None and command.key == f"view.motion.{choice}"
        )
        assert entry.run is not None and entry.checked is not None and not entry.checked()
        entry.run()
        assert entry.checked() and motion.is_wanted() is wanted
        assert SettingsStore(rig.desktop.store.path.parent).values.motion == choice
    rig.desktop.preferences.set_motion("system")


def test_the_theme_changes_at_once(rig: Rig, qtbot: QtBot) -> None:
    window = rig.desktop.window
    rig.desktop.preferences.set_theme("light")
    assert rig.desktop.window is window
    assert corner(window) == QColor("#ffffff")
    rig.desktop.preferences.set_theme("dark")
    assert corner(window) == QColor("#1c1f25")


def corner(window: QWidget) -> QColor:
    """A pixel of the header where nothing is drawn."""
    return window.grab().toImage().pixelColor(2, 6)


def test_the_language_changes_at_once_and_keeps_place_and_work(rig: Rig) -> None:
    open_digits(rig)
    rig.session.edit(Text("Rename the model"), rename_model(rig.session.document, "other"))
    rig.desktop.window.show_workspace("data")
    rig.desktop.preferences.set_language("ko")
    window = rig.desktop.window
    assert window.isVisible()
    assert window.workspace == "data"
    assert rig.session.changed
    assert child(rig, QPushButton, "workspace_train").property("text") == "학습"
    assert rig.desktop.store.values.language == "ko"
    rig.desktop.preferences.set_language("en")
    assert child(rig, QPushButton, "workspace_train").property("text") == "Train"


def test_the_old_window_hears_nothing_any_more(rig: Rig, qtbot: QtBot) -> None:
    open_digits(rig)
    rig.desktop.preferences.set_language("ko")
    qtbot.wait(20)
    digit = call_named(rig, "digit")
    rig.session.navigation.select((digit,))
    operation = rig.session.document.operation_of(digit).id
    rig.session.edit(Text("Set units"), set_parameter(rig.session.document, operation, "units", 7))
    rig.session.history.undo()
    rig.desktop.preferences.set_language("en")


def test_an_edit_asks_the_engine_and_shows_the_counts(rig: Rig, qtbot: QtBot) -> None:
    open_digits(rig)
    calls = len(rig.session.document.graph.calls)
    qtbot.waitUntil(lambda: len(rig.session.inference.results) == calls)
    text = child(rig, QLabel, "count_parameters").property("text")
    assert f"{1000 * calls:,}" in text


def test_what_keras_refuses_is_a_problem_at_its_box(rig: Rig, qtbot: QtBot) -> None:
    open_digits(rig)
    digit = call_named(rig, "digit")
    rig.engine.errors[digit] = "no"
    operation = rig.session.document.operation_of(digit).id
    rig.session.edit(Text("Set units"), set_parameter(rig.session.document, operation, "units", 7))
    qtbot.waitUntil(lambda: bool(rig.session.problems))
    problem = rig.session.problems[0]
    assert (str(problem.text), problem.call) == ("Keras says no.", digit)
    button = child(rig, QPushButton, "problems_button")
    assert button.property("text") == "1 problem"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert rig.desktop.window.build.problems.isVisible()


def test_a_newer_answer_is_not_overwritten_by_an_older_one(rig: Rig, qtbot: QtBot) -> None:
    open_digits(rig)
    qtbot.waitUntil(lambda: rig.session.settled)
    rig.engine.silent = True
    operation = rig.session.document.operation_of(call_named(rig, "digit")).id
    for units in (7, 8):
        rig.session.edit(Text("Set units"), set_parameter(rig.session.document, operation, "units", units))
        count = len(rig.engine.waiting)
        wait_for_more(rig, qtbot, count)
    (old, tell_old), (new, tell_new) = [pair for pair in rig.engine.waiting if type(pair[0]).__name__ == "Infer"]
    tell_new(rig.engine.answer(new))
    rig.engine.errors[call_named(rig, "digit")] = "something outdated"
    tell_old(rig.engine.answer(old))
    qtbot.wait(30)
    assert rig.session.problems == []


def test_shapes_of_another_project_do_not_linger(rig: Rig, qtbot: QtBot) -> None:
    open_digits(rig)
    qtbot.waitUntil(lambda: bool(rig.session.inference.results))
    rig.engine.silent = True
    open_digits(rig)
    assert rig.session.inference.results == {}
    assert not child(rig, QLabel, "count_parameters").isVisible()


def test_a_dead_engine_is_told_and_can_be_started_again(rig: Rig, qtbot: QtBot) -> None:
    open_digits(rig)
    rig.engine.die()
    restart = child(rig, QPushButton, "engine_restart")
    qtbot.waitUntil(restart.isVisible)
    assert child(rig, QPushButton, "engine_state").property("text") == "Keras stopped."
    assert rig.session.document.graph.calls
    QTest.mouseClick(restart, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: rig.session.engine.state.phase == "ready")
    assert rig.engine.starts == 2
    assert not restart.isVisible()
    assert child(rig, QPushButton, "engine_state").property("text") == "Keras 3.15.1 · TensorFlow 2.21.0"


def test_the_list_of_devices_says_why_one_is_missing(rig: Rig, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(rig.session.devices.known))
    button = rig.desktop.window.header.device
    assert button.text() == "CPU"
    button.menu().aboutToShow.emit()
    cpu, gpu = button.menu().actions()
    assert cpu.isEnabled()
    assert cpu.isChecked()
    assert not gpu.isEnabled()
    assert "No NVIDIA driver was found." in gpu.text()


def test_the_second_click_of_a_double_click_on_train_opens_no_list_of_devices(rig: Rig) -> None:
    """The button for training goes with the first click, and the devices take its place under the pointer."""
    button = rig.desktop.window.header.device
    opened: list[bool] = []
    button.menu().aboutToShow.connect(lambda: opened.append(True))
    place = QPointF(button.rect().center())
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseButtonDblClick, place, button.mapToGlobal(place), left, left, none)
    QApplication.sendEvent(button, event)
    assert opened == []
    assert not button.isDown()


def test_notices_show_what_the_session_says(rig: Rig) -> None:
    rig.session.notify("Saved it", "ok")
    assert rig.desktop.window.notices.isVisible()
    assert rig.desktop.window.notices.text == "Saved it"


def test_everything_that_takes_the_keyboard_has_names(rig: Rig) -> None:
    open_digits(rig)
    window, nameless = rig.desktop.window, names_missing(rig.desktop.window)
    for key in [found.key for found in all_workspaces()]:
        window.show_workspace(key)
        nameless += names_missing(window.page(key))
    assert nameless == []


def names_missing(page: QWidget) -> list[str]:
    """What can be reached on a page without telling what it is; the inner line of a combo box is part of it."""
    return [
        f"{type(widget).__name__} {widget.objectName()!r} {widget.accessibleName()!r}"
        for kind in (QPushButton, QToolButton, QLineEdit)
        for widget in page.findChildren(kind)
        if widget.isVisible() and not widget.objectName().startswith("qt_")
        if not isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox)
        if not (widget.objectName() and widget.accessibleName())
    ]


@pytest.mark.parametrize("size", [(1440, 900), (1024, 700)])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_nothing_in_the_frame_is_cut_off(rig: Rig, size: tuple[int, int], language: str) -> None:
    open_digits(rig)
    rig.desktop.preferences.set_language(language)
    window = rig.desktop.window
    window.resize(*size)
    assert (window.width(), window.height()) == size
    for bar in (window.header, window.status):
        for button in bar.findChildren(QPushButton):
            if button.isVisible():
                assert button.width() >= button.minimumSizeHint().width(), button.objectName()
                assert bar.rect().contains(button.geometry()) or button.parentWidget() is not bar, button.objectName()


def test_the_export_is_asked_of_the_engine_and_reported(rig: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    open_digits(rig)
    qtbot.waitUntil(lambda: rig.session.settled)
    rig.chooser.to_save = tmp_path / "model"
    rig.desktop.exporter.export("keras", rig.desktop.window, rig.desktop.window.canvas)
    qtbot.waitUntil(lambda: "Saved model.keras" in rig.desktop.window.notices.text)
    assert "read back and compared" in rig.desktop.window.notices.text
    assert "untrained weights" in rig.desktop.window.notices.text


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_pictures_are_drawn_by_the_canvas(rig: Rig, tmp_path: Path, kind: str) -> None:
    open_digits(rig)
    rig.chooser.to_save = tmp_path / f"graph.{kind}"
    rig.desktop.exporter.export(kind, rig.desktop.window, rig.desktop.window.canvas)
    assert (tmp_path / f"graph.{kind}").stat().st_size > 1000


@pytest.mark.parametrize(("kind", "suffix"), [("python", ".py"), ("notebook", ".ipynb")])
def test_source_is_written_once_it_was_compared(rig: Rig, qtbot: QtBot, tmp_path: Path, kind: str, suffix: str) -> None:
    open_digits(rig)
    rig.chooser.to_save = tmp_path / "model"
    rig.desktop.exporter.export(kind, rig.desktop.window, rig.desktop.window.canvas)
    assert "def build_model()" in (tmp_path / f"model{suffix}").read_text("utf-8")
    assert f"Saved model{suffix}" in rig.desktop.window.notices.text
    assert "makes the same model" in rig.desktop.window.notices.text
    rig.chooser.to_save = tmp_path / "nowhere" / "model"
    rig.desktop.exporter.export(kind, rig.desktop.window, rig.desktop.window.canvas)
    assert "was not saved" in rig.desktop.window.notices.text


@pytest.mark.parametrize("kind", ["python", "notebook"])
def test_source_that_makes_another_model_is_not_written(
    rig: Rig, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_digits(rig)
    rig.chooser.to_save = tmp_path / "model"
    monkeypatch.setattr(rig.engine, "answer", lambda _message: Failed(1, Text("It makes another model.")))
    rig.desktop.exporter.export(kind, rig.desktop.window, rig.desktop.window.canvas)
    assert "was not saved: It makes another model." in rig.desktop.window.notices.text
    assert list(tmp_path.glob("model*")) == []


@pytest.mark.parametrize("kind", ["python", "notebook"])
def test_source_that_cannot_be_written_is_said_with_its_place(rig: Rig, tmp_path: Path, kind: str) -> None:
    open_digits(rig)
    graph = rig.session.document.graph
    call = next(call for call in graph.calls.values() if graph.operation_of(call.id).class_name == "Dense")
    graph.replace_call(replace(call, kwargs={'x=1) or print("!") or dict(y': 1}))
    rig.chooser.to_save = tmp_path / "model"
    rig.desktop.exporter.export(kind, rig.desktop.window, rig.desktop.window.canvas)
    said = rig.desktop.window.notices.text
    assert "was not saved" in said and f"{graph.operation_of(call.id).name}: " in said and "no name" in said
    assert list(tmp_path.glob("model*")) == []


def test_a_model_with_an_error_is_not_exported(rig: Rig) -> None:
    rig.desktop.exporter.export("keras", rig.desktop.window, rig.desktop.window.canvas)
    assert rig.chooser.asked == []
    assert "empty" in rig.desktop.window.notices.text


def wait_for_more(rig: Rig, qtbot: QtBot, count: int) -> None:
    qtbot.waitUntil(lambda: len(rig.engine.waiting) > count)


def test_no_submenu_opens_by_itself_so_that_the_mouse_can_use_them_all(rig: Rig, qtbot: QtBot) -> None:
    header = rig.desktop.window.header
    menu = header._menu
    for open_it in (header.open_menu, header._show_menu):
        open_it()
        qtbot.waitUntil(menu.isVisible)
        assert [item for item in QApplication.topLevelWidgets() if isinstance(item, QMenu) and item.isVisible()] == [
            menu
        ]
        menu.hide()
    header.open_menu()
    assert menu.activeAction() is menu.actions()[0]  # the keyboard begins there
    menu.hide()
