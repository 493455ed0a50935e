"""What opens only when a person asks for it: menus, tooltips, searches, questions, other runs, models."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import h5py
import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from app.dialogs.chooser import DialogChooser
from app.dialogs.new_project import NewProjectDialog
from app.engine.run_controller import RunController
from app.panels.plots.card import PlotCard
from app.panels.runs.panel import RunsPanel
from app.project.run_questions import RunInQuestion
from app.project.runs_home import UnsavedRuns
from app.project.templates import TEMPLATES
from app.shell.compose import open_palette
from graph_editor.background.background import Background
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.custom_code import set_code_files
from graph_editor.document.files.file_format import dumps, loads, save
from graph_editor.document.history import History
from graph_editor.words.dialogs import PlainMessageBox
from runtime import events
from runtime.messages.custom_code import CodeLoaded, CodeObject, CodeParameter, CodePort, CodeProblem, LoadCode
from runtime.messages.protocol import Answer, Request
from runtime.store import RunStore
from tests.gui.app.conftest import Rig
from tests.gui.words.hostile import WORDS, answer, hostile_block, open_hostile, project
from tests.support.canary import MARK, NAME, TEXT, Canary, Walk
from tests.unit.graph_editor.import_files.models import layer, model, old_input, old_layer, old_model

STARTED = events.RunStarted("cpu", 10, 3, 320, 80, 1000, 900)


@pytest.fixture
def walk(canary: Canary) -> Walk:
    return Walk()


@pytest.fixture
def look(walk: Walk, canary: Canary) -> Callable[[str], None]:
    def all_of_it(what: str) -> None:
        before = walk.marked.total()
        walk.look()
        walk.paint()
        assert not canary.sang(), what
        assert not list(walk.wrong), "\n".join([what, *walk.wrong])
        assert walk.marked.total() > before, what

    return all_of_it


@pytest.fixture
def hostile(rig: Rig, canary: Canary, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    open_hostile(rig, qtbot, tmp_path, monkeypatch)
    return rig


def test_menus_and_tooltips_of_the_canvas(hostile: Rig, walk: Walk, look: Callable[[str], None]) -> None:
    canvas = hostile.desktop.window.canvas
    canvas.zoom_to(0.8)
    told: dict[str, QPointF] = {}
    titles: set[str] = set()
    menus: dict[tuple[str, bool], set[str]] = {}
    area = canvas.graph_scene.content_rect()
    rows, columns = (range(0, int(length) + 18, 9) for length in (area.height(), area.width()))
    grid = [area.topLeft() + QPointF(column, row) for row in rows for column in columns]
    for place in grid:
        told.setdefault(canvas._mouse.hover.tooltip(place, canvas.zoom), place)
    hostile_ones = {text: place for text, place in told.items() if MARK in text}
    assert len(hostile_ones) > 10 and any(" → " in text for text in hostile_ones), sorted(told)
    for text in hostile_ones:
        walk.look_at_tooltip(text)
    assert list(walk.wrong) == []
    frames, notes = canvas.graph_scene.frames, canvas.graph_scene.notes
    note = next(iter(notes.items.values())).rect().center()
    frame = next(item for item in frames.items.values()).rect().topLeft() + QPointF(12, 8)
    bodies = [place for place in grid if frames.body_at(place) and not frames.handle_at(place, canvas.zoom)]
    body = next(
        place for place in bodies if not notes.at(place) and not canvas._mouse.hover.tooltip(place, canvas.zoom)
    )
    nowhere = area.bottomRight() + QPointF(200, 200)
    for place in (*list(hostile_ones.values())[:12], note, frame, body, nowhere):
        canvas.centerOn(place)
        for reason in (QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard):
            at = canvas.mapFromScene(place)
            canvas.contextMenuEvent(QContextMenuEvent(reason, at, canvas.viewport().mapToGlobal(at)))
            menu = QApplication.activePopupWidget()
            assert isinstance(menu, QMenu)
            name = menu.objectName()
            entries = menus.setdefault((name, reason == QContextMenuEvent.Reason.Mouse), set())
            if not entries or place == body:
                look(name)
            titles.update(action.text() for action in menu.actions() if action.text().startswith("Frame “"))
            entries.update(action.text() for action in menu.actions())
            menu.close()
            menu.deleteLater()
    assert any("<table" in title for title in titles), titles  # that of the frame around the place
    seen = {name for name, _ in menus}
    assert {"boxMenu", "wireMenu", "noteMenu", "frameMenu", "canvasMenu"} <= seen, seen


def test_searches_and_forms_over_the_canvas(hostile: Rig, look: Callable[[str], None], qtbot: QtBot) -> None:
    window = hostile.desktop.window
    canvas, graph = window.canvas, hostile.session.document.graph
    open_palette(hostile.desktop, window)
    for text in ("", MARK):
        window.findChildren(QLineEdit, "command_field")[0].setText(text)
        look(f"the command palette: {text}")
    open_palette(hostile.desktop, window)
    canvas.run_action("find")
    canvas.findChildren(QLineEdit, "findField")[0].setText(MARK)
    look("the find bar")
    canvas.run_action("open_search")
    canvas.findChildren(QLineEdit, "searchField")[0].setText(MARK)
    look("the search for a layer")
    canvas.search.popup.close_search()
    forms = canvas.building_blocks
    canvas.select(list(graph.calls)[1:2])
    canvas.run_action("repeat_selection")
    assert forms.form.isVisible()
    look("repeat")
    forms.form.cancel()
    forms.add_next(hostile_block(hostile))
    assert forms.form.isVisible()
    look("the values of a block")
    forms.form.cancel()
    canvas.select(list(graph.calls)[1:3])
    canvas.run_action("group_selection")
    canvas.run_action("enter_selected")
    assert canvas.graph_id != next(iter(hostile.session.document.graphs))
    qtbot.wait(1)
    look("inside a nested model")
    at = QPoint(3, 3)
    canvas.contextMenuEvent(QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, canvas.viewport().mapToGlobal(at)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    look("a menu inside a nested model")
    menu.close()


def test_questions(
    hostile: Rig, look: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    shown = []

    def run(box: PlainMessageBox) -> int:
        box.show()
        look(box.text())
        shown.append(box.text())
        box.close()
        box.deleteLater()
        return 0

    monkeypatch.setattr(PlainMessageBox, "exec", run)
    window, chooser = hostile.desktop.window, DialogChooser(hostile.desktop.preferences.look)
    chooser.save_changes(window, TEXT)
    chooser.save_changes(window, NAME, False, True)
    chooser.overwrite_foreign(window, TEXT)
    chooser.close_while_training(window, [RunInQuestion(TEXT)])
    chooser.close_while_training(window, [RunInQuestion(TEXT, True, open=False)])
    chooser.close_while_training(window, [RunInQuestion(NAME), RunInQuestion(TEXT, True, False, False)])
    chooser.leave_paused(window, TEXT)
    chooser.recover(window, TEXT, TEXT)
    chooser.confirm(window, TEXT, TEXT, "Yes")
    chooser.tell_crash(window, Path(f"/{NAME}/crash"))
    monkeypatch.setattr(hostile.chooser, "confirm", chooser.confirm)
    outside = tmp_path / "mail" / f"outside{NAME}.lamella"
    outside.parent.mkdir()
    content = json.loads(project())
    content["data"]["sources"][0]["path"] = f"../data{NAME}.h5"
    outside.write_bytes(json.dumps(content).encode())
    assert hostile.desktop.files.open_path(outside), hostile.chooser.errors
    assert len(shown) == 11 and "outside its own folder" in shown[-1]
    look("what is not read yet")


def test_runs_of_others(hostile: Rig, look: Callable[[str], None], qtbot: QtBot, tmp_path: Path) -> None:
    session, window = hostile.session, hostile.desktop.window
    (session.project_runs.folder / f"0009-{NAME}").mkdir()
    (session.project_runs.folder / f"0009-{NAME}" / "run.json").write_text(json.dumps(TEXT))
    window.show_workspace("runs")
    page = window.page("runs")
    assert isinstance(page, RunsPanel)
    qtbot.waitUntil(lambda: page.model.rowCount() == 3)
    damaged = next(run for run in RunStore(session.project_runs.folder).all_runs() if run.status == "damaged")
    for row in range(3):
        page.table.selectRow(row)
        qtbot.wait(30)
        look(f"run {row}")
    runs = RunStore(session.project_runs.folder).all_runs()
    found = [UnsavedRuns(tmp_path, run, 2, False) for run in (runs[0], damaged)]
    card = NewProjectDialog(
        session.catalog,
        hostile.desktop.preferences.look,
        Background(),
        [f"/{TEXT}.lamella"],
        lambda: None,
        window,
        True,
        lambda: found,
    )
    card.show()
    qtbot.waitUntil(lambda: len(card.findChildren(QPushButton, "unsaved_run")) == 2)
    look("the first card")
    card.close()
    card.deleteLater()


def test_what_another_project_trains(
    rig: Rig, look: Callable[[str], None], qtbot: QtBot, tmp_path: Path, canary: Canary
) -> None:
    open_digits(rig, qtbot, tmp_path / f"first{NAME}.lamella")
    run = started(rig)
    open_digits(rig, qtbot, tmp_path / f"second{NAME}.lamella")
    window = rig.desktop.window
    button = window.status.other_runs
    qtbot.waitUntil(lambda: button.isVisibleTo(window))
    button.menu().aboutToShow.emit()
    assert MARK in button.text() and any(MARK in action.text() for action in button.menu().actions())
    look("the button")
    button.show_requested.emit(run)
    window.show_workspace("train")
    run.reports.report_event(events.EpochEnded(0, {f"loss{NAME}": 0.5, f"val_loss{NAME}": 0.4, NAME: 1.0}, 0.1, 2.0))
    run.reports.report_event(events.CallbackNote(WORDS))
    page = window.page("train")
    qtbot.waitUntil(lambda: any(MARK in card.title for card in page.findChildren(PlotCard)))
    look("its plots")


def open_digits(rig: Rig, qtbot: QtBot, path: Path) -> None:
    save(TEMPLATES[0].open(), path)
    assert rig.desktop.files.open_path(path)
    qtbot.waitUntil(lambda: rig.session.settled)


def started(rig: Rig) -> RunController:
    rig.desktop.window.start_training()
    run = rig.session.training.run
    assert run is not None, rig.desktop.window.notices.text
    run.reports.report_event(STARTED)
    run.reports.report_event(events.EpochStarted(0))
    return run


def test_the_classes_of_its_code(
    rig: Rig, look: Callable[[str], None], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parameter = CodeParameter(f"factor{NAME}", "float", 2.0)
    port = CodePort(f"in{NAME}")
    objects = tuple(
        CodeObject(kind, "Own", "own", f"own>{NAME}", TEXT, (parameter,), (port,), {NAME: TEXT})
        for kind in ("layer", "loss")
    )
    problem = CodeProblem(f"/{NAME}", WORDS, 3, "warning", TEXT)

    def loads_code(message: Request) -> Answer:
        if isinstance(message, LoadCode):
            return CodeLoaded(1, objects, (problem,))
        return answer(message)

    monkeypatch.setattr(rig.engine, "answer", loads_code)
    document = loads(project())
    document.data = {}
    History(document, FOLLOW_UPS).do("code", set_code_files(document, [f"code{NAME}.py"]))
    path = tmp_path / f"code{NAME}.lamella"
    path.write_bytes(dumps(document))
    (tmp_path / f"code{NAME}.py").write_text("FIRST = 1\n")
    rig.desktop.code.ask = lambda *_: True
    assert rig.desktop.files.open_path(path), rig.chooser.errors
    rig.desktop.code.question()
    qtbot.waitUntil(lambda: rig.session.code.phase == "ready")
    look("the palette")
    window = rig.desktop.window
    window.build.palette_panel.search.setText("own")
    window.canvas.run_action("open_search")
    window.canvas.findChildren(QLineEdit, "searchField")[0].setText("own")
    look("found")
    for key in ("train", "build"):
        window.show_workspace(key)
        look(key)


@pytest.mark.parametrize("suffix", [".keras", ".h5", ".json"])
def test_models_of_strangers(
    rig: Rig, look: Callable[[str], None], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr(rig.engine, "answer", answer)
    path = tmp_path / f"model{NAME}{suffix}"
    own = layer(f"own{NAME}", "Own", f"dense{NAME}", module="own", **{f"key{NAME}": TEXT})
    new = model(layer(f"dense{NAME}", "Dense", "x", units=3, activation=NAME), own, name=f"name{NAME}")
    if suffix == ".keras":
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("metadata.json", json.dumps({"keras_version": NAME}))
            file.writestr("config.json", json.dumps(new))
    elif suffix == ".json":
        path.write_text(json.dumps(new))
    else:
        old = old_layer(f"dense{NAME}", "Dense", [["x", 0, 0, {}]], units=3)
        content = old_model([old_input("x", 4), old], [["x", 0, 0]], [[f"dense{NAME}", 0, 0]], f"name{NAME}")
        with h5py.File(path, "w") as file:
            file.attrs["model_config"] = json.dumps(content)
    assert rig.desktop.files.open_path(path), rig.chooser.errors
    window = rig.desktop.window
    window.toggle_outline()
    qtbot.waitUntil(lambda: rig.session.settled)
    for call in rig.session.document.graph.calls:
        rig.session.navigation.select([call])
        qtbot.wait(1)
        look(call)
    window.show_problems()
    look("problems")
