"""Blocks in the window: saved, found, listed live, changed, exported, imported and deleted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QMenu, QPushButton, QTableWidget
from pytestqt.qtbot import QtBot

from app.command_palette.collecting import all_entries
from app.dialogs.block import BlockDialog
from app.look.theme import load_theme
from app.look.theme_source import ThemeSource
from app.panels.palette.model import PaletteRow
from app.shell.compose import surroundings
from app.system.places import RESOURCES, data_dir
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.clips.blocks import SUFFIX, Block, load_block, save_block
from graph_editor.view.floating.form_popup import FormPopup
from resources.text import use_language
from tests.gui.app.conftest import Rig

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
SHIPPED = RESOURCES / "blocks"


def rows(rig: Rig) -> list[PaletteRow]:
    model = rig.desktop.window.build.palette_panel._model
    return [model.row(row) for row in range(model.rowCount())]


def own(rig: Rig) -> list[str]:
    return [entry.block.name for entry in rig.session.blocks.own]


@pytest.fixture
def opened(rig: Rig, qtbot: QtBot) -> Rig:
    rig.desktop.files.new()
    window = rig.desktop.window
    qtbot.waitUntil(lambda: len(window.canvas.graph_scene.boxes) > 3)
    window.canvas.setFocus()
    return rig


def choose(rig: Rig, *names: str) -> list[str]:
    graph = rig.session.document.graph
    calls = [call for call in graph.calls if graph.operation_of(call).name in names]
    rig.desktop.window.canvas.select(calls)
    return calls


def test_a_selection_is_saved_found_in_the_palette_and_added_again(opened: Rig, qtbot: QtBot) -> None:
    choose(opened, "mix_3x3", "norm")
    opened.chooser.block = lambda block: replace(block, name="Mix / 섞기", description="for tests")
    QTest.keyClick(opened.desktop.window.canvas, Qt.Key.Key_B, CTRL | SHIFT)
    assert own(opened) == ["Mix / 섞기"]
    (path,) = (data_dir() / "blocks").iterdir()
    assert path.name == f"Mix-섞기{SUFFIX}" and load_block(path).description == "for tests"
    shown = [(row.kind, row.text) for row in rows(opened)[:3]]
    assert shown == [("heading", "My blocks"), ("block", "Mix / 섞기"), ("heading", "Blocks")]
    palette = opened.desktop.window.build.palette_panel
    count = len(opened.session.document.graph.calls)
    choose(opened, "residual")
    palette.search.setText("섞기")
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert len(opened.session.document.graph.calls) == count + 2
    opened.session.history.undo()
    assert len(opened.session.document.graph.calls) == count


def test_the_folder_is_listed_live(rig: Rig, qtbot: QtBot) -> None:
    assert own(rig) == []
    library = rig.session.blocks
    library.save(load_block(SHIPPED / f"mlp{SUFFIX}"), library.path_for("first"))
    with qtbot.waitSignal(library.changed, timeout=5000):
        save_block(replace(load_block(SHIPPED / f"mlp{SUFFIX}"), name="From a friend"), library.folder / f"x{SUFFIX}")
    (library.folder / f"bad{SUFFIX}").write_text("nothing")
    (library.folder / "notes.txt").write_text("nothing")
    library.refresh()
    assert own(rig) == ["From a friend", "MLP with dropout"]
    with qtbot.waitSignal(library.changed, timeout=5000):
        (library.folder / f"x{SUFFIX}").unlink()
    assert own(rig) == ["MLP with dropout"]


def test_many_blocks_are_read_in_slices_and_all_come(rig: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    library = rig.session.blocks
    library.folder.mkdir(parents=True)
    text = (SHIPPED / f"mlp{SUFFIX}").read_text("utf-8")
    for number in range(40):
        (library.folder / f"{number}{SUFFIX}").write_text(text.replace("MLP with dropout", f"MLP {number}"))
    monkeypatch.setattr("app.blocks.library._SLICE", 0.002)
    library.refresh()
    assert len(own(rig)) < 40
    qtbot.waitUntil(lambda: len(own(rig)) == 40, timeout=5000)
    assert sum(row.kind == "block" for row in rows(rig)) == 40


def test_replacing_asks_and_the_answer_counts(opened: Rig) -> None:
    opened.chooser.block = lambda block: replace(block, name="Mine")
    choose(opened, "mix_3x3")
    opened.desktop.blocks.save_selection()
    (entry,) = opened.session.blocks.own
    before = entry.path.read_bytes()
    choose(opened, "mix_3x3", "norm")
    opened.chooser.confirms = False
    opened.desktop.blocks.save_selection()
    assert opened.chooser.asked[-1] == "confirm Replace the block Mine?" and entry.path.read_bytes() == before
    opened.chooser.confirms = True
    opened.desktop.blocks.save_selection()
    assert len(load_block(entry.path).calls) == 2


def test_cancelling_and_a_full_disk_save_nothing(opened: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(opened, "norm")
    opened.chooser.block = lambda _block: None
    opened.desktop.blocks.save_selection()
    assert own(opened) == []

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("graph_editor.document.files.file_format.write_atomically", full)
    opened.chooser.block = lambda block: block
    opened.desktop.blocks.save_selection()
    assert "the disk is full" in opened.chooser.errors[-1] and own(opened) == []


def test_details_a_new_name_moves_the_file(rig: Rig) -> None:
    library = rig.session.blocks
    library.save(load_block(SHIPPED / f"mlp{SUFFIX}"), library.path_for("MLP with dropout"))
    (entry,) = library.own
    rig.chooser.block = lambda block: replace(block, name="Other")
    rig.desktop.blocks.edit(entry)
    assert [path.name for path in library.folder.iterdir()] == [f"Other{SUFFIX}"]


def test_export_import_and_delete(rig: Rig, tmp_path: Path) -> None:
    desk, library = rig.desktop.blocks, rig.session.blocks
    rig.chooser.to_save = tmp_path / "shared"
    desk.export(library.shipped[1])
    rig.chooser.to_open = tmp_path / f"shared{SUFFIX}"
    desk.ask_to_import()
    desk.ask_to_import()  # the same once more is no second block
    assert own(rig) == ["Residual block"]
    (entry,) = library.own
    rig.chooser.confirms = False
    desk.delete(entry)
    assert own(rig) == ["Residual block"]
    rig.chooser.confirms = True
    desk.delete(entry)
    assert own(rig) == [] and not entry.path.exists()
    (tmp_path / f"shared{SUFFIX}").write_text("{}")
    desk.ask_to_import()
    assert own(rig) == []


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a popup on the offscreen platform
def test_the_menu_offers_what_can_be_done(rig: Rig) -> None:
    library = rig.session.blocks
    library.save(load_block(SHIPPED / f"mlp{SUFFIX}"), library.path_for("mine"))
    for entry, expected in (
        (library.own[0], ["block_add", "block_edit", "block_show", "block_export", "block_delete", "block_import"]),
        (library.shipped[0], ["block_add", "block_copy", "block_export", "block_import"]),
        (None, ["block_import"]),
    ):
        rig.desktop.blocks.show_menu(entry, QPoint(50, 50))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        assert [action.objectName() for action in menu.actions()] == expected
        if entry is not None and entry.shipped:
            next(action for action in menu.actions() if action.objectName() == "block_copy").trigger()
        menu.close()
    assert own(rig) == ["Conv · BatchNorm · ReLU, mine", "MLP with dropout"]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a popup on the offscreen platform
def test_the_menu_saves_what_is_selected(opened: Rig) -> None:
    choose(opened, "norm")
    opened.desktop.blocks.show_menu(None, QPoint(50, 50))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.objectName() == "block_save").trigger()
    menu.close()
    assert own(opened) == ["Block"]


def test_ctrl_k_finds_blocks(opened: Rig) -> None:
    entries = all_entries(surroundings(opened.desktop, opened.desktop.window))
    (entry,) = [item for item in entries if item.title == "Inception block"]
    choose(opened, "residual")
    count = len(opened.session.document.graph.calls)
    entry.run()
    form = opened.desktop.window.canvas.findChild(FormPopup)
    assert form is not None and form.isVisible()
    form.accept()
    assert len(opened.session.document.graph.calls) == count + 8


def test_blocks_that_ship_speak_korean_and_are_found_by_both_names(rig: Rig) -> None:
    use_language("ko")
    try:
        library = rig.session.blocks
        assert [entry.block.name for entry in library.find("잔차")] == ["잔차 블록", "병목 잔차 블록"]
        assert [entry.block.name for entry in library.find("residual")] == ["잔차 블록", "병목 잔차 블록"]
        assert all(p.label != p.label.encode("ascii", "ignore").decode() for p in library.shipped[1].block.parameters)
    finally:
        use_language("en")


# The dialog


@pytest.fixture
def dialog(qtbot: QtBot, catalog: Catalog) -> BlockDialog:
    block = replace(load_block(SHIPPED / f"residual{SUFFIX}"), parameters=())
    found = BlockDialog(block, "Save as a block", catalog, ThemeSource(load_theme("dark")))
    qtbot.addWidget(found)
    found.show()
    return found


def table(dialog: BlockDialog) -> QTableWidget:
    found = dialog.findChild(QTableWidget, "block_parameters")
    assert found is not None
    return found


def row_of(dialog: BlockDialog, label: str) -> int:
    model = table(dialog).model()
    return next(row for row in range(model.rowCount()) if label in (model.index(row, col).data() for col in range(4)))


def test_a_ticked_value_with_its_label_becomes_a_parameter(dialog: BlockDialog) -> None:
    rows = table(dialog)
    row = row_of(dialog, "Filters")
    tick = rows.visualRect(rows.model().index(row, 0))
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(tick.left() + 12, tick.center().y()))
    rows.model().setData(rows.model().index(row, 1), "  Width of it ")
    name = dialog.findChild(QLineEdit, "block_name")
    assert name is not None
    name.selectAll()
    QTest.keyClicks(name, "Mine")
    made: Block = dialog.result_block
    (parameter,) = made.parameters
    assert made.name == "Mine" and parameter.label == "Width of it" and parameter.default == 64
    assert len(parameter.places) == 2


def test_defaults_of_keras_show_only_when_asked_for(dialog: BlockDialog) -> None:
    rows = table(dialog)
    momentum = row_of(dialog, "Momentum")
    assert rows.isRowHidden(momentum) and not rows.isRowHidden(row_of(dialog, "Padding"))
    everything = dialog.findChild(QCheckBox, "block_show_all")
    assert everything is not None
    QTest.keyClick(everything, Qt.Key.Key_Space)
    assert not rows.isRowHidden(momentum)


def test_without_a_name_it_cannot_be_saved(dialog: BlockDialog) -> None:
    name, save = dialog.findChild(QLineEdit, "block_name"), dialog.findChild(QPushButton, "block_save")
    assert name is not None and save is not None and save.isEnabled()
    name.setText("   ")
    assert not save.isEnabled()


def test_what_a_block_asks_for_already_stays(qtbot: QtBot, catalog: Catalog) -> None:
    block = load_block(SHIPPED / f"residual{SUFFIX}")
    dialog = BlockDialog(block, "Details", catalog, ThemeSource(load_theme("light")))
    qtbot.addWidget(dialog)
    assert dialog.result_block == block
