"""The list of runs as a tracker: columns, order, filter, groups, views, and what people say of runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot

from app.panels.runs.panel import RunsPanel
from runtime.run_about import change_about, read_about
from runtime.tracking.run_index import TrackedRun
from runtime.tracking.views import read_views
from tests.benchmarks.many_runs import write_runs
from tests.gui.training.conftest import OpenRuns
from tests.gui.training.fakes import World
from tests.gui.training.run_folders import rows, select, write_run

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
COUNT = 30


@pytest.fixture
def panel(open_runs: OpenRuns, world: World) -> RunsPanel:
    write_runs(world.session.project_runs.folder, COUNT)
    return open_runs()


def numbers(panel: RunsPanel) -> list[int]:
    return [run.number for run in panel.model.shown_runs]


def test_a_filter_is_used_and_told(panel: RunsPanel, qtbot: QtBot) -> None:
    panel.area.bar.field.setText('val_loss < 0.5 or group:"sweep 0"')
    qtbot.waitUntil(lambda: 0 < len(numbers(panel)) < COUNT)
    best = {run.number: run.result.best["val_loss"] for run in panel.area.infos}
    assert numbers(panel) == [n for n in sorted(best, reverse=True) if (best[n] or 9) < 0.5 or n in (10, 20, 30)]
    assert panel.area.bar.count.text().startswith(f"{len(numbers(panel))} of {COUNT} · ")
    panel.area.bar.set_filter("val_loss <")
    qtbot.waitUntil(lambda: panel.area.bar.error.isVisible())
    assert "a value is missing" in panel.area.bar.error.text()
    panel.area.bar.set_filter("")
    qtbot.waitUntil(lambda: not panel.area.bar.error.isVisible())
    assert len(numbers(panel)) == COUNT


def test_columns_are_chosen_moved_sorted_and_kept(panel: RunsPanel, world: World, qtbot: QtBot) -> None:
    popup = panel.area.bar.open_columns()
    popup.tick("learning_rate", True)
    popup.tick("device", False)
    popup.close()
    assert [c.key for c in panel.model.columns][-1] == "learning_rate"
    assert "device" not in [c.key for c in panel.model.columns]
    header = panel.table.horizontalHeader()
    header.moveSection(header.count() - 1, 1)
    qtbot.waitUntil(lambda: panel.model.columns[1].key == "learning_rate")
    header.resizeSection(1, 222)
    place = QPoint(header.sectionViewportPosition(1) + 20, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: panel.area.runs.view.sort == "learning_rate")

    def rates() -> list[float]:
        return [run.spec.training.optimizer.config["learning_rate"] for run in panel.model.shown_runs]

    qtbot.waitUntil(lambda: rates() == sorted(rates(), reverse=panel.area.runs.view.descending))
    folder = world.session.project_runs.folder
    qtbot.waitUntil(lambda: read_views(folder).current.sort == "learning_rate")
    kept = read_views(folder).current.columns
    assert (kept[1].key, kept[1].width) == ("learning_rate", 222)


def test_groups_open_and_close(panel: RunsPanel, qtbot: QtBot) -> None:
    panel.area.runs.change(group="optimizer")
    qtbot.waitUntil(lambda: len(panel.model.headings) == 2)
    first = panel.model.heading_at(0)
    assert first is not None and first.title == "Adam" and rows(panel)[0][0].startswith("▾ Adam · ")
    panel.table.go_to(0)
    QTest.keyClick(panel.table, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: panel.model.headings == [0, 1])
    assert len(numbers(panel)) == COUNT - first.count
    QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(30, 10))
    qtbot.waitUntil(lambda: len(numbers(panel)) == COUNT)
    panel.area.runs.turn_all(True)
    qtbot.waitUntil(lambda: numbers(panel) == [])
    assert panel.chosen == []


def test_views_are_saved_and_shown_again(panel: RunsPanel, world: World, qtbot: QtBot) -> None:
    panel.area.runs.change(filter="status:failed", sort="seconds")
    panel.area.ask_view_name = lambda _parent: " failures "
    panel.area.bar.view_save_asked.emit()
    panel.area.bar.view_chosen.emit("")
    qtbot.waitUntil(lambda: len(numbers(panel)) == COUNT)
    assert panel.area.bar.field.text() == ""
    panel.area.bar.view_chosen.emit("failures")
    qtbot.waitUntil(lambda: len(numbers(panel)) < COUNT)
    assert panel.area.bar.field.text() == "status:failed"
    assert {run.status for run in panel.model.shown_runs} == {"failed"}
    folder = world.session.project_runs.folder
    qtbot.waitUntil(lambda: read_views(folder).find("failures") is not None)
    panel.area.bar.view_deleted.emit("failures")
    qtbot.waitUntil(lambda: read_views(folder).saved == ())


def test_several_runs_are_marked_and_put_away(panel: RunsPanel, qtbot: QtBot) -> None:
    select(panel, 0, 1)
    folders = panel.area.selected
    panel.area.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: all(run.about.starred for run in panel.chosen))
    dialog = panel.area.edit()
    assert dialog is not None and not dialog.name.isVisible() and dialog.starred.isChecked()
    dialog.tags.setText("wide, night")
    dialog.archived.setChecked(True)
    dialog.accept()
    qtbot.waitUntil(lambda: len(numbers(panel)) == COUNT - 2)
    for folder in folders:
        about = read_about(folder)
        assert about.tags == ("wide", "night") and about.archived and about.starred
    panel.area.bar.archived_asked.emit(True)
    qtbot.waitUntil(lambda: len(numbers(panel)) == COUNT)


def test_a_run_is_renamed_and_keeps_what_the_trainer_wrote(panel: RunsPanel, qtbot: QtBot) -> None:
    select(panel, 3)
    (folder,) = panel.area.selected
    before = (folder / "run.json").read_bytes()
    dialog = panel.area.edit()
    assert dialog is not None and dialog.name.text() == "digits"
    dialog.name.setText("the good one")
    dialog.note.setPlainText("two\nlines")
    dialog.accept()
    qtbot.waitUntil(lambda: rows(panel)[3][1] == "the good one")
    assert (folder / "run.json").read_bytes() == before and panel.area.selected == (folder,)


def test_cleaning_up_says_first_what_goes(panel: RunsPanel, world: World, qtbot: QtBot) -> None:
    folder = world.session.project_runs.folder
    (folder / "0004-digits" / "best.keras").write_bytes(bytes(100))
    change_about(folder / "0007-digits", {"archived": True})
    panel.reload()
    qtbot.waitUntil(lambda: len(numbers(panel)) == COUNT - 1)
    dialog = panel.area.clean_up()
    qtbot.waitUntil(lambda: dialog.remove.isEnabled())
    assert dialog.list.toPlainText() == "4  digits: model.keras · 2.0 kB"
    dialog.boxes["archived"].setChecked(True)
    qtbot.waitUntil(lambda: dialog.remove.isEnabled())
    assert "2 runs" in dialog.sum.text() and "the whole run" in dialog.list.toPlainText()
    dialog.remove.click()
    qtbot.waitUntil(lambda: not (folder / "0007-digits").exists())
    assert not (folder / "0004-digits" / "model.keras").exists()
    assert (folder / "0004-digits" / "best.keras").is_file() and (folder / "0005-digits" / "model.keras").is_file()
    qtbot.waitUntil(lambda: len(panel.area.infos) == COUNT - 1)


def test_menus_name_what_they_do(panel: RunsPanel) -> None:
    menu = QMenu(panel)
    panel.area._fill_marks(menu)
    assert [action.text() for action in menu.actions()] == ["Name, tags, group, note…", "Give a star", "Archive"]
    columns = QMenu(panel)
    panel.area.fill_column_menu(columns, panel.model.columns[0])
    enabled = {action.text(): action.isEnabled() for action in columns.actions()}
    assert not enabled["Move left"] and enabled["Move right"] and enabled["Hide"]
    for name in ("runs_mark", "runs_group", "runs_columns", "runs_views", "runs_clean_up"):
        button = panel.findChild(QPushButton, name)
        assert button is not None and button.accessibleName()


def test_damaged_words_are_told_and_the_run_is_whole(
    open_runs: OpenRuns, world: World, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = write_run(world, 3)
    (folder / "about.json").write_text("{", "utf-8")
    panel = open_runs()
    tip = panel.model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert "about.json is not as it was written" in str(tip) and rows(panel)[0][2] == "finished"


class _Unseen:
    """A row that nobody may look at."""

    def __getattribute__(self, name: str) -> object:
        raise AssertionError(f"looked at for {name}")


def test_rows_are_taken_over_without_looking_at_each(panel: RunsPanel) -> None:
    """Of ten thousand, on the window's thread, that took longer than a person should notice."""
    known = panel.area.runs.arranged
    unseen = cast("tuple[TrackedRun, ...]", (_Unseen(),) * len(known.rows))
    again = replace(known, rows=unseen, keys=tuple(known.keys))
    assert not panel.model.show_rows(again, panel.model.columns)
    assert panel.model.show_rows(replace(again, keys=again.keys[1:]), panel.model.columns[:1])
    assert panel.model.headings == []
    panel.model.show_rows(known, panel.area.runs.shown_columns)


def test_other_facts_of_a_run_are_known_everywhere(panel: RunsPanel) -> None:
    area = panel.area
    run = area.infos[3]
    other = msgspec.structs.replace(run, result=msgspec.structs.replace(run.result, epochs_done=77))
    area.refresh({run.folder: other})
    assert [info.result.epochs_done == 77 for info in area.infos].index(True) == 3
    assert area.info(run.folder) == other
    assert [tracked.info for tracked in reversed(area.runs.runs)] == area.infos
    row = area.model.row_of(run.folder)
    assert row is not None
    shown = area.model.run_at(row)
    assert shown is not None
    assert shown.info == other
