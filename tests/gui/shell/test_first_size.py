"""The first window is no larger than the screen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QPushButton

from app.main_window import DEFAULT_SIZE, MainWindow, within
from tests.gui.shell.conftest import Rig


@pytest.mark.parametrize(
    ("screen", "size"),
    [((1920, 1040), (1440, 900)), ((1440, 900), (1440, 900)), ((1024, 700), (1008, 660)), ((960, 1000), (944, 900))],
)
def test_as_large_as_the_screen_allows(screen: tuple[int, int], size: tuple[int, int]) -> None:
    assert within(QSize(*DEFAULT_SIZE), QSize(*screen)) == QSize(*size)


@pytest.mark.parametrize("screen", [QSize(1024, 700), QSize(960, 600)])
def test_all_of_the_first_window_is_on_a_small_screen(rig: Rig, monkeypatch: pytest.MonkeyPatch, screen: QSize) -> None:
    monkeypatch.setattr(QScreen, "availableSize", lambda _screen: screen)
    desktop = rig.desktop
    desktop.store.values.geometry = ""
    window = MainWindow(desktop.session, desktop.store, desktop.theme, desktop._groups, lambda: True)
    window.show()
    assert window.width() <= screen.width()
    assert window.height() <= screen.height()
    train = window.findChild(QPushButton, "train_button")
    assert train is not None
    assert window.rect().contains(train.mapTo(window, train.rect().bottomRight()))
    window.discard()
