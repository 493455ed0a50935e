"""A theme is one file; who paints in its colours follows it, and nobody who is gone is told."""

from __future__ import annotations

import gc
import json
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import SIGNAL, QCoreApplication, QEvent
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from app.dialogs.about import AboutDialog
from app.dialogs.trouble import TroubleDialog
from app.look import theme as themes
from app.look.theme_source import ThemeSource
from app.shell.compose import surroundings
from resources.text import use_language
from tests.gui.app.conftest import Rig


@pytest.fixture
def dusk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A theme that somebody has put beside the others."""
    folder = tmp_path / "themes"
    shutil.copytree(themes.THEMES, folder)
    content = json.loads((folder / "dark.json").read_text("utf-8"))
    content["title"] = {"en": "Dusk", "ko": "해질녘"}
    content["colors"]["panel"] = "#2a1f2f"
    (folder / "dusk.json").write_text(json.dumps(content), "utf-8")
    monkeypatch.setattr(themes, "THEMES", folder)
    return "dusk"


def followers(look: ThemeSource) -> int:
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return look.receivers(SIGNAL("changed(PyObject)"))


def theme_actions(rig: Rig) -> dict[str, QAction]:
    menu = next(menu for menu in rig.desktop.window.commands.menu.findChildren(type(rig.desktop.window.commands.menu))
                if menu.objectName() == "view.theme")  # fmt: skip
    menu.aboutToShow.emit()
    return {action.text(): action for action in menu.actions()}


def test_a_theme_is_one_file(rig: Rig, dusk: str) -> None:
    """It stands in the menu and in the palette under its own name, and the window shows its colours."""
    actions = theme_actions(rig)
    assert set(actions) == {"As the system", "Dark", "Dusk", "Light"}
    from app.command_palette.providers.settings import settings

    titles = [entry.title for entry in settings(surroundings(rig.desktop, rig.desktop.window))]
    assert "Theme: Dusk" in titles
    actions["Dusk"].trigger()
    assert rig.desktop.preferences.look.theme.name == dusk
    assert rig.desktop.store.values.theme == dusk
    assert rig.desktop.window.grab().toImage().pixelColor(2, 6).name() == "#2a1f2f"
    use_language("ko")
    assert rig.desktop.preferences.look.theme.title == "해질녘"
    use_language("en")
    rig.desktop.preferences.set_theme("dark")


def test_dialogs_that_are_gone_are_told_nothing(rig: Rig, qtbot: QtBot) -> None:
    look, window = rig.desktop.preferences.look, rig.desktop.window
    before = followers(look)
    for _ in range(3):
        for dialog in (AboutDialog(look, "", window), TroubleDialog("It did not work.", look, window)):
            dialog.show()
            dialog.deleteLater()
    assert before > 10, "nobody follows the theme at all"
    assert followers(look) == before
    rig.desktop.preferences.set_theme("light")


def test_a_window_that_is_gone_is_told_nothing(rig: Rig, qtbot: QtBot) -> None:
    desktop = rig.desktop
    for key in ("data", "train", "runs", "build"):
        desktop.window.show_workspace(key)
    look = desktop.preferences.look
    before = followers(look)
    for code in ("ko", "en"):
        desktop.preferences.set_language(code)
        for key in ("data", "train", "runs", "build"):
            desktop.window.show_workspace(key)
        qtbot.waitUntil(lambda: followers(look) == before)


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"colors": 5}', '{"colors": {}, "title": 3}'])
def test_a_broken_theme_is_named_by_its_file(dusk: str, content: str) -> None:
    (themes.THEMES / "dusk.json").write_text(content, "utf-8")
    with pytest.raises(ValueError, match=r"^dusk\.json is no theme: "):
        themes.load_theme(dusk)
