"""Cut, copy and paste from the menu of the window."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from tests.gui.shell.conftest import Rig
from tests.gui.shell.test_window import call_named, open_digits


def test_cut_copy_and_paste_from_the_menu(rig: Rig) -> None:
    open_digits(rig)
    commands, document = rig.desktop.window.commands, rig.session.document
    count = len(document.graph.calls)
    assert not commands.action("edit.cut").isEnabled() and not commands.action("edit.copy").isEnabled()
    rig.session.select((call_named(rig, "digit"),))
    commands.action("edit.copy").trigger()
    assert "digit" in QApplication.clipboard().text()
    commands.action("edit.paste").trigger()
    assert len(document.graph.calls) == count + 1
    commands.action("edit.cut").trigger()
    assert len(document.graph.calls) == count
    commands.action("edit.undo").trigger()
    commands.action("edit.undo").trigger()
    assert len(document.graph.calls) == count
    QApplication.clipboard().clear()
