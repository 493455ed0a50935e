"""A window that a change of the language put away hears nothing of the session, and goes."""

from __future__ import annotations

import ast
import gc
import weakref
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.workspaces.listing import all_workspaces
from graph_editor.document.document import ROOT
from tests.gui.app.conftest import Rig
from tests.gui.app.shell.test_window import open_digits

LONG_LIVED = {"session", "document", "history", "engine", "code", "blocks", "store", "desktop"}


def put_away() -> None:
    """Let what deleteLater was asked for happen."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()


def test_after_three_languages_every_signal_of_the_session_can_be_sent(rig: Rig, qtbot: QtBot) -> None:
    open_digits(rig)
    old: list[QWidget] = []
    for code in ("ko", "en", "ko"):
        window = rig.desktop.window
        for key in [found.key for found in all_workspaces()]:
            window.show_workspace(key)
        old += [
            window,
            window.status,
            window.canvas,
            window.build.problems,
            window.build.inspector,
            window.page("runs"),
        ]
        rig.desktop.preferences.set_language(code)
        put_away()
    assert [widget for widget in old if isValid(widget)] == []
    session = rig.session
    data, own_code = session.data, session.code
    with qtbot.captureExceptions() as raised:
        for quiet in (data.described, data.checked, own_code.changed, session.history_changed, session.title_changed):
            quiet.emit()
        session.document_replaced.emit()
        session.navigation.graph_changed.emit(ROOT)
        session.navigation.selection_changed.emit(())
        session.inference.results_changed.emit(session.inference.results)
        session.problems_changed.emit(session.problems)
        session.engine.state_changed.emit(session.engine.state)
        session.devices.changed.emit(session.devices.known)
        session.engine.console_received.emit("printed")
        session.training.ended.emit(SimpleNamespace(ending=None))
    assert raised == []


def test_the_widgets_of_an_old_window_are_not_kept(rig: Rig) -> None:
    rig.desktop.window.show_workspace("runs")
    status = weakref.ref(rig.desktop.window.status)
    runs = weakref.ref(rig.desktop.window.page("runs"))
    rig.desktop.preferences.set_language("ko")
    put_away()
    gc.collect()
    assert (status(), runs()) == (None, None)


def _owners(node: ast.expr) -> set[str]:
    """`self`, `session` and `data` of `self._session.data.described.connect`."""
    if isinstance(node, ast.Attribute):
        return {node.attr.lstrip("_"), *_owners(node.value)}
    return {node.id.lstrip("_")} if isinstance(node, ast.Name) else set()


@pytest.mark.parametrize("folder", ["app", "graph_editor/view"])
def test_what_lives_longer_than_a_window_speaks_to_methods(folder: str) -> None:
    """Qt ends the connection to a method with its widget; a lambda, or a partial, is called for ever."""
    found = []
    for path in sorted(Path(folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "connect"
                and isinstance(node.func.value, ast.Attribute)
                and _owners(node.func.value.value) & LONG_LIVED
                and node.args
                and isinstance(node.args[0], (ast.Lambda, ast.Call))
            ):
                found.append(f"{path}:{node.lineno}")
    assert found == []
