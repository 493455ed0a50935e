"""The first window is no larger than the screen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QPushButton

from app.shell.compose import menus
from app.shell.desktop import Desktop
from app.shell.window.main_window import DEFAULT_SIZE, MainWindow, inside, within
from tests.gui.app.conftest import FakeChooser, Rig


@pytest.mark.parametrize(
    ("screen", "size"),
    [
        ((1920, 1040), (1440, 900)),
        ((1440, 900), (1424, 860)),
        ((1450, 2000), (1434, 900)),
        ((1024, 700), (1008, 660)),
        ((960, 1000), (944, 900)),
    ],
)
def test_as_large_as_the_screen_allows(screen: tuple[int, int], size: tuple[int, int]) -> None:
    assert within(QSize(*DEFAULT_SIZE), QSize(*screen)) == QSize(*size)


@pytest.mark.parametrize("screen", [QSize(1024, 700), QSize(960, 600)])
def test_all_of_the_first_window_is_on_a_small_screen(rig: Rig, monkeypatch: pytest.MonkeyPatch, screen: QSize) -> None:
    monkeypatch.setattr(QScreen, "availableSize", lambda _screen: screen)
    desktop = rig.desktop
    desktop.store.values.geometry = ""
    window = another_window(desktop)
    window.show()
    assert window.width() <= screen.width()
    assert window.height() <= screen.height()
    train = window.findChild(QPushButton, "train_button")
    assert train is not None
    assert window.rect().contains(train.mapTo(window, train.rect().bottomRight()))
    window.discard()


def another_window(desktop: Desktop) -> MainWindow:
    look = desktop.preferences.look
    return MainWindow(
        desktop.session,
        desktop.store,
        look,
        FakeChooser(),
        desktop.background,
        lambda window: menus(desktop, window),
        lambda: True,
    )


SCREEN = QRect(0, 24, 1440, 876)  # a bar of the desktop at the top
PLACES = (
    ("it fits", (100, 100, 900, 600), (98, 70, 904, 632), (100, 100, 900, 600)),
    ("beyond the right edge", (700, 100, 900, 600), (698, 70, 904, 632), (538, 100, 900, 600)),
    ("the title bar above the screen", (100, 10, 900, 600), (98, -20, 904, 632), (100, 54, 900, 600)),
    ("taller than the screen", (100, 54, 900, 876), (98, 24, 904, 908), (100, 54, 900, 844)),
    ("larger than the screen", (2, 30, 1440, 900), (0, 0, 1444, 932), (2, 54, 1436, 844)),
    ("no frame", (0, 24, 1440, 876), (0, 24, 1440, 876), (0, 24, 1440, 876)),
)


@pytest.mark.parametrize(("inner", "outer", "fitting"), [place[1:] for place in PLACES], ids=[p[0] for p in PLACES])
def test_all_of_the_frame_comes_to_lie_on_the_screen(
    inner: tuple[int, int, int, int], outer: tuple[int, int, int, int], fitting: tuple[int, int, int, int]
) -> None:
    assert inside(QRect(*inner), QRect(*outer), SCREEN) == QRect(*fitting)


def test_the_first_window_makes_room_for_the_frame_it_got(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wide one, as some window managers have; a window that somebody has sized is left alone."""
    monkeypatch.setattr(QScreen, "availableSize", lambda _screen: QSize(1000, 700))
    monkeypatch.setattr(QScreen, "availableGeometry", lambda _screen: QRect(0, 0, 1000, 700))
    monkeypatch.setattr(MainWindow, "frameGeometry", lambda window: window.geometry().adjusted(-30, -60, 30, 30))
    desktop = rig.desktop
    desktop.store.values.geometry = ""
    window = another_window(desktop)
    assert window.size() == QSize(984, 660)
    window.fit_with_frame()
    assert window.geometry() == QRect(30, 60, 940, 610)
    window.resize(960, 640)
    window.fit_with_frame()
    assert window.size() == QSize(960, 640)
    window.discard()
