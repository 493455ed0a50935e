"""Where something went wrong, and where one begins: what is said, what can be done next, and in which colours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget

from app.dialogs.about import AboutDialog
from app.dialogs.chooser import DialogChooser
from app.dialogs.new_project import NewProjectDialog
from app.dialogs.trouble import TroubleDialog
from app.look.theme import load_theme
from app.panels.widgets.illustration import SIZE, picture
from app.project.templates import TEMPLATES
from app.shell import compose
from app.shell.window.engine_trouble import EngineTrouble
from app.system.settings import SettingsStore
from graph_editor.background.background import Background
from resources.text import Text
from tests.gui.app.conftest import Rig


def press(parent: QWidget, name: str) -> None:
    button = parent.findChild(QPushButton, name)
    assert button is not None and button.isVisible()
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)


def trouble(rig: Rig) -> EngineTrouble:
    found = rig.desktop.window.findChild(EngineTrouble)
    assert found is not None
    return found


# The engine has died


def test_a_dead_engine_is_told_with_what_to_do_next(rig: Rig) -> None:
    card = trouble(rig)
    assert card.isHidden()
    rig.engine.die()
    QApplication.processEvents()
    assert card.isVisible()
    words = " ".join(label.text() for label in card.findChildren(QLabel) if label.isVisible())
    assert "SIGKILL" in words and "safe" in words
    assert rig.desktop.window.rect().contains(card.geometry())
    for workspace in ("train", "data", "runs", "build"):
        rig.desktop.window.show_workspace(workspace)
        QApplication.processEvents()
        over = rig.desktop.window.childAt(card.geometry().center())
        assert over is not None and (over is card or card.isAncestorOf(over)), workspace
    press(card, "trouble_copy")
    assert QGuiApplication.clipboard().text() == "Keras' process was ended by SIGKILL.\nKilled"
    press(card, "trouble_console")
    assert rig.desktop.window.build.drawer_shows(rig.desktop.window.build.console)
    before = rig.engine.starts
    press(card, "trouble_restart")
    assert rig.engine.starts == before + 1
    assert card.isHidden()


def test_the_card_can_be_closed_and_comes_back_with_the_next_death(rig: Rig) -> None:
    card = trouble(rig)
    rig.engine.die()
    QApplication.processEvents()
    close = card.findChild(QWidget, "trouble_close")
    assert close is not None
    QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    assert card.isHidden()
    rig.session.engine.start()
    rig.engine.die()
    QApplication.processEvents()
    assert card.isVisible()


# A file cannot be used


def test_a_file_that_cannot_be_opened_is_told_with_the_reason(rig: Rig, tmp_path: Path) -> None:
    seen: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, TroubleDialog)
        seen.extend(label.text() for label in dialog.findChildren(QLabel))
        press(dialog, "trouble_copy")
        QTest.keyClick(dialog, Qt.Key.Key_Return)

    QTimer.singleShot(0, look)
    DialogChooser(rig.desktop.preferences.look).show_error(
        rig.desktop.window, Text("{file} is no project.", {"file": "a.lamella"})
    )
    assert "a.lamella is no project." in seen
    assert QGuiApplication.clipboard().text() == "a.lamella is no project."


def test_the_drawings_are_in_the_colors_of_the_theme(qapp: QApplication) -> None:
    pictures = {
        (scene, name): picture(scene, load_theme(name), 1.0).toImage()
        for scene in ("engine", "file", "run")
        for name in ("dark", "light")
    }
    for image in pictures.values():
        assert image.size() == SIZE
    assert len({bytes(image.constBits()) for image in pictures.values()}) == 6


# The first start


@pytest.fixture
def begin(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[str, bool]]:
    """Opens the card of a start, and closes it with Esc; its title, and whether the three steps are on it."""
    monkeypatch.setattr(rig.desktop.files, "_choose_template", lambda: compose.choose_template(rig.desktop))
    seen: list[tuple[str, bool]] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, NewProjectDialog)
        seen.append((dialog.windowTitle(), dialog.findChild(QWidget, "welcome_step") is not None))
        assert [dialog.focusWidget().objectName()] == ["template_card"]
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    def run() -> tuple[str, bool]:
        QTimer.singleShot(0, look)
        rig.desktop.files.new()
        return seen[-1]

    return run


def test_the_first_start_welcomes_once(rig: Rig, begin: Callable[[], tuple[str, bool]], tmp_path: Path) -> None:
    assert begin() == ("Welcome to Lamella", True)
    assert begin() == ("Where would you like to begin?", False)
    assert SettingsStore(rig.desktop.store.path.parent).values.welcomed


def test_the_help_menu_opens_the_card_again(rig: Rig, begin: Callable[[], tuple[str, bool]]) -> None:
    begin()
    titles: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, NewProjectDialog)
        titles.append(dialog.windowTitle())
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Space)  # a template is taken by a key

    QTimer.singleShot(0, look)
    rig.desktop.window.commands.action("help.welcome").trigger()
    assert titles == ["Welcome to Lamella"]
    assert rig.session.document.graph.calls


def test_the_welcome_card_speaks_the_language_that_is_chosen_on_it(
    rig: Rig, begin: Callable[[], tuple[str, bool]]
) -> None:
    titles: list[str] = []

    def close() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, NewProjectDialog)
        titles.append(dialog.windowTitle())
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    def choose() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, NewProjectDialog)
        titles.append(dialog.windowTitle())
        korean = dialog.findChild(QPushButton, "language_ko")
        assert korean is not None
        QTimer.singleShot(0, lambda: QTimer.singleShot(0, close))
        QTest.mouseClick(korean, Qt.MouseButton.LeftButton)

    rig.desktop.files._choose_template = lambda: compose.choose_template(rig.desktop)
    QTimer.singleShot(0, choose)
    rig.desktop.welcome()
    assert titles[0] == "Welcome to Lamella"
    assert len(titles) == 2
    assert titles[1] != titles[0]
    assert rig.desktop.store.values.language == "ko"
    assert rig.desktop.store.values.welcomed
    assert rig.desktop.window.isVisible()
    rig.desktop.preferences.set_language("en")


# Light and dark, while things are open


def shot(widget: QWidget) -> QImage:
    QApplication.processEvents()
    return widget.grab().toImage()


def shot_at_rest(widget: QWidget) -> QImage:
    """What it looks like once all that is asked for when a page is shown has been answered."""
    before = shot(widget)
    for _ in range(50):
        QTest.qWait(150)
        now = shot(widget)
        if now == before:
            return now
        before = now
    raise AssertionError("it does not come to rest")


def mean(image: QImage) -> float:
    small = image.scaled(16, 16, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return sum(small.pixelColor(x, y).lightnessF() for x in range(16) for y in range(16)) / 256


@pytest.mark.parametrize("workspace", ["build", "data", "train", "runs", "evaluate"])
def test_workspaces_follow_the_theme(rig: Rig, workspace: str) -> None:
    rig.session.replace(TEMPLATES[0].open(), None)
    window = rig.desktop.window
    window.show_workspace(workspace)
    dark = shot_at_rest(window)
    rig.desktop.preferences.set_theme("light")
    assert mean(dark) < 0.3 < 0.7 < mean(shot_at_rest(window))
    rig.desktop.preferences.set_theme("dark")
    assert shot_at_rest(window) == dark


def test_open_dialogs_and_popups_follow_the_theme(rig: Rig) -> None:
    rig.session.replace(TEMPLATES[0].open(), None)
    desktop, window = rig.desktop, rig.desktop.window
    dialogs: list[QDialog] = [
        NewProjectDialog(rig.session.catalog, desktop.preferences.look, Background(), [], lambda: None, window, True),
        AboutDialog(desktop.preferences.look, "", window),
        TroubleDialog("This did not work.", desktop.preferences.look, window),
    ]
    for dialog in dialogs:
        dialog.show()
    rig.engine.die()
    window.commands.action("help.palette").trigger()
    window.canvas.run_action("open_search")
    popup = window.canvas.findChild(QWidget, "searchPopup")
    palette = window.findChild(QWidget, "command_palette")
    assert popup is not None and palette is not None
    parts: list[QWidget] = [*dialogs, popup, palette, trouble(rig)]
    for part in parts:
        part.show()
        part.ensurePolished()
    dark = [mean(shot(part)) for part in parts]
    desktop.preferences.set_theme("light")
    light = [mean(shot(part)) for part in parts]
    assert [part.objectName() for part, a, b in zip(parts, dark, light, strict=True) if not a < 0.35 < 0.65 < b] == []
    for dialog in dialogs:
        dialog.reject()
        dialog.deleteLater()
