"""The theme follows the system while the window is open, and only when it is told to."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from app.look import preferences
from tests.gui.app.conftest import Rig


class Hints:
    """What a system says of its colours."""

    def __init__(self) -> None:
        self.scheme = Qt.ColorScheme.Light

    def colorScheme(self) -> Qt.ColorScheme:  # noqa: N802
        return self.scheme


@pytest.fixture
def hints(monkeypatch: pytest.MonkeyPatch, rig: Rig) -> Hints:
    """Installed after the preferences have connected themselves to the real ones."""
    hints = Hints()

    monkeypatch.setattr(preferences, "QGuiApplication", SimpleNamespace(styleHints=lambda: hints))
    return hints


def test_another_scheme_of_the_system_shows_at_once(rig: Rig, hints: Hints) -> None:
    changed = QGuiApplication.styleHints().colorSchemeChanged
    rig.desktop.preferences.set_theme("system")
    assert rig.desktop.preferences.look.theme.name == "light"
    hints.scheme = Qt.ColorScheme.Dark
    changed.emit(hints.scheme)
    assert rig.desktop.preferences.look.theme.name == "dark"
    hints.scheme = Qt.ColorScheme.Light
    changed.emit(hints.scheme)
    assert rig.desktop.preferences.look.theme.name == "light"


def test_a_chosen_theme_stays(rig: Rig, hints: Hints) -> None:
    rig.desktop.preferences.set_theme("dark")
    QGuiApplication.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert rig.desktop.preferences.look.theme.name == "dark"
