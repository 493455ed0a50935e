"""Names without end, with line breaks and with signs that turn the line around: the window keeps its shape."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QModelIndex
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.project.templates import TEMPLATES
from graph_editor.document.files.file_format import dumps
from graph_editor.view.painting.style import Face
from tests.gui.app.conftest import Rig

ODD = "\n\u202e\x07" + "w" * 100_000
UNSEEN = ("\u202e", "\x07")


def odd_project() -> bytes:
    text = dumps(TEMPLATES[0].open()).decode()
    for name in ("image", "digit", "is_even", "scale", "features", "digits_two_heads"):
        text = text.replace(f'"{name}"', json.dumps(name + ODD))
    return text.encode()


def shown_by(widget: QWidget) -> list[str]:
    if isinstance(widget, QLabel | QAbstractButton):
        return [widget.text()]
    model = widget.model() if isinstance(widget, QComboBox | QAbstractItemView) else None
    if model is None:
        return []
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())
    rows = range(min(model.rowCount(QModelIndex()), 30))
    return [str(model.index(row, column).data() or "") for row in rows for column in range(columns)]


def test_a_name_on_the_canvas_is_one_short_line(qapp: QApplication) -> None:
    shown = Face(QFont(), QColor("white")).elided(ODD, 100_000.0)
    assert shown.startswith("\\n\\u202e\\x07www") and len(shown) <= 200 and "\n" not in shown


def test_the_window_keeps_its_shape(rig: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    window, session = rig.desktop.window, rig.session
    path = tmp_path / "odd.lamella"
    path.write_bytes(odd_project())
    before = {}
    keys: tuple[str, ...] = ("build", "data", "train", "runs")
    for key in keys:
        window.show_workspace(key)
        before[key] = window.minimumSizeHint().width()
    assert rig.desktop.files.open_path(path), rig.chooser.errors
    window.toggle_outline()
    qtbot.waitUntil(lambda: session.settled)
    wrong = []
    for key in keys:
        window.show_workspace(key)
        for chosen in (list(session.document.graph.calls)[:1], []) if key == "build" else ([],):
            session.navigation.select(chosen)
            qtbot.wait(20)
            window.grab()
            if window.minimumSizeHint().width() > max(before[key] + 120, 1024):
                wrong.append(f"{key} asks for {window.minimumSizeHint().width()} pixels instead of {before[key]}")
            for widget in QApplication.allWidgets():
                for text in shown_by(widget):
                    if any(sign in text for sign in UNSEEN) or len(text) > 25_000:
                        wrong.append(f"{key}: {type(widget).__name__} {widget.objectName()[:40]!r} {text[:40]!r}")
    assert list(dict.fromkeys(wrong)) == []
    assert "\n" not in window.windowTitle()
