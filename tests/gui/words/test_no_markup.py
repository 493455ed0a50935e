"""Whatever a project, its data, its runs, its blocks, the engine or a path is called: it is shown letter by letter."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.custom_code.reading import CodeSource
from app.dialogs import chooser
from app.dialogs.block import BlockDialog
from app.dialogs.code_files import CodeFilesDialog
from app.dialogs.new_project import NewProjectDialog
from app.dialogs.run_code import RunCodeDialog
from app.dialogs.trouble import TroubleDialog
from app.engine.engine_link import EngineState
from app.panels.runs.panel import RunsPanel
from app.project.exports import _busy_dialog
from app.project.session import Notice
from graph_editor.background.background import Background
from graph_editor.view.graph_view import GraphView
from tests.gui.app.conftest import Rig
from tests.gui.words.hostile import WORDS, hostile_block, open_hostile
from tests.support.canary import NAME, TEXT, Canary, Walk


@pytest.mark.qt_log_ignore("QFile::at: Cannot set file position")  # of a pipe
def test_the_canary_sings(canary: Canary, qtbot: QtBot) -> None:
    """And the walk finds what would be read as markup: else the test below could not fail."""
    label = QLabel(TEXT)
    qtbot.addWidget(label)
    label.setToolTip(TEXT)
    label.setWindowTitle("a [*]")
    label.grab()
    assert canary.sang() and not canary.sang()
    walk = Walk()
    walk.look()
    assert [reason for reason in walk.wrong if "AutoText" in reason or "is markup" in reason or "title" in reason]
    assert len(walk.wrong) == 5, walk.wrong  # label and tooltip for an escape character as well


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_nothing_is_read_as_markup(
    rig: Rig, canary: Canary, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, theme: str
) -> None:
    walk = Walk()
    open_hostile(rig, qtbot, tmp_path, monkeypatch)
    rig.desktop.preferences.set_theme(theme)
    for _ in steps(rig, qtbot):
        walk.look()
        walk.paint()
        assert not canary.sang()
    for dialog in dialogs(rig):
        dialog.show()
        walk.look()
        walk.paint()
        assert not canary.sang(), dialog.objectName()
        dialog.close()
        dialog.deleteLater()
    assert not list(walk.wrong), "\n".join(walk.wrong)
    needed = ("labels", "tooltips", "accessible names", "actions", "buttons", "items", "items: ToolTipRole")
    assert all(walk.marked[kind] > 10 for kind in needed), walk.marked
    assert walk.marked["window titles"] and walk.seen["widgets"] > 5000


def test_screen_readers_hear_names_on_the_canvas_as_text(
    rig: Rig, canary: Canary, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = Walk()
    open_hostile(rig, qtbot, tmp_path, monkeypatch)
    (view,) = rig.desktop.window.findChildren(GraphView)
    for chosen in (list(rig.session.document.graph.calls)[:2], []):
        rig.session.navigation.select(chosen)
        interface = QAccessible.queryAccessibleInterface(view)
        assert interface is not None
        walk.listen(interface)
    assert not list(walk.wrong), "\n".join(walk.wrong)
    assert walk.marked["heard: Name"] > 10, walk.seen
    assert not canary.sang()


def steps(rig: Rig, qtbot: QtBot) -> Iterator[None]:
    """Every workspace and panel, one after the other."""
    window, session = rig.desktop.window, rig.session
    window.notices.show_notice(Notice(TEXT, detail=TEXT))
    window.toggle_outline()
    calls = list(session.document.graph.calls)
    for chosen in (*([call] for call in calls[:3]), calls[-3:-2], calls[-1:], calls[1:4], []):
        session.navigation.select(chosen)
        qtbot.wait(1)
        yield
    window.show_problems()
    yield
    rig.engine.link.report_state(EngineState("ready", TEXT, TEXT))
    session.engine.console_received.emit(TEXT)
    window.show_console()
    yield
    for key in ("data", "train", "runs", "build"):
        workspace: str = key
        window.show_workspace(workspace)
        page = window.page(workspace)
        if isinstance(page, RunsPanel):
            qtbot.waitUntil(partial(all_listed, page))
            page.table.selectRow(0)
            qtbot.wait(30)
            yield
            page.table.selectAll()
        qtbot.wait(30)
        yield
    yield from menus(rig)
    rig.engine.link.report_state(EngineState("dead", TEXT, TEXT))
    yield


def all_listed(page: RunsPanel) -> bool:
    return page.model.rowCount() == 2


def menus(rig: Rig) -> Iterator[None]:
    window = rig.desktop.window
    for menu in window.findChildren(QMenu):
        menu.aboutToShow.emit()
    yield


def dialogs(rig: Rig) -> Iterator[QWidget]:
    desktop, session = rig.desktop, rig.session
    theme, window = desktop.preferences.look, desktop.window
    recent = desktop.store.values.recent
    yield NewProjectDialog(session.catalog, theme, Background(), recent, lambda: None, window, False)
    yield TroubleDialog(TEXT, theme, window)
    yield BlockDialog(hostile_block(rig), TEXT, session.catalog, theme, window)
    yield RunCodeDialog([CodeSource(Path(f"/{TEXT}/{NAME}.py"), TEXT, "0", None)], TEXT, window)
    yield RunCodeDialog([CodeSource(Path(f"/{TEXT}/{NAME}.py"), "", "", WORDS)], TEXT, window)
    yield CodeFilesDialog(session, lambda: None, window)
    yield chooser._box(window, TEXT, TEXT)
    yield _busy_dialog(TEXT, window)
