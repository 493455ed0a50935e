"""What can be done with a run in the Runs workspace."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QFile, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.look.theme_source import ThemeSource
from app.panels.runs.panel import RunsPanel
from graph_editor.background.background import Background
from graph_editor.document.changes.commands import set_data, set_training
from runtime.messages.exporting import Export
from tests.gui.training.conftest import OpenRuns, Show
from tests.gui.training.fakes import World, child, press
from tests.gui.training.run_folders import rows, write_run

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_settings_are_put_back_in_one_step(open_runs: OpenRuns, world: World) -> None:
    write_run(world, 3)
    panel = open_runs()
    document = world.session.document
    original = (dict(document.training), dict(document.data))
    world.session.edit("x", set_training(document, {**document.training, "epochs": 99, "optimizer": "SGD"}))
    world.session.edit("x", set_data(document, {**document.data, "validation_percent": 5, "shuffle": False}))
    changed = (dict(document.training), dict(document.data))
    press(panel, "restore_settings")
    assert (dict(document.training), dict(document.data)) == original
    world.session.history.undo()
    assert (dict(document.training), dict(document.data)) == changed


def test_settings_that_are_there_already_make_no_step(open_runs: OpenRuns, world: World, qtbot: QtBot) -> None:
    write_run(world, 3)
    panel = open_runs()
    with qtbot.waitSignal(world.session.notice_raised) as raised:
        press(panel, "restore_settings")
    assert "already" in raised.args[0].text
    assert not world.session.history.can_undo


def starting_from(world: World, weights: str) -> None:
    write_run(world, 1, spec=msgspec.structs.replace(world.spec(), initial_weights=weights))


@pytest.mark.parametrize("agrees", [True, False])
def test_weights_of_a_run_from_elsewhere_are_asked_about(
    world: World, look: ThemeSource, show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, agrees: bool
) -> None:
    asked: list[str] = []

    def ask(_parent: object, text: str, more: str, _yes: str) -> bool:
        asked.append(f"{text} {more}")
        return agrees

    away = "//host/share/w.h5"
    starting_from(world, away)
    panel = RunsPanel(world.session, look, world.chooser, Background(), ask=ask)
    show(panel)
    qtbot.waitUntil(lambda: not panel._listing.busy and not panel._reading.busy)
    touched: list[str] = []
    real = Path.resolve

    def watched(path: Path, strict: bool = False) -> Path:
        touched.append(str(path))
        return real(path, strict)

    monkeypatch.setattr(Path, "resolve", watched)
    for _ in range(2):
        document = world.session.document
        world.session.edit("x", set_training(document, {**document.training, "epochs": 99}))
        press(panel, "restore_settings")
        assert document.training["epochs"] != 99, "the other settings are used in any case"
        assert document.training.get("initial_weights") == (away if agrees else None)
    assert len(asked) == (1 if agrees else 2) and "weights outside the project's folder" in asked[0]
    assert away in asked[0] and not [name for name in touched if "host" in name]


def test_weights_of_the_project_itself_are_not_asked_about(open_runs: OpenRuns, world: World) -> None:
    starting_from(world, str(world.folder / "digits.runs" / "0001-x" / "model.keras"))
    panel = open_runs()
    panel._ask = lambda *_: pytest.fail("asked")
    press(panel, "restore_settings")
    assert world.session.document.training["initial_weights"] == "digits.runs/0001-x/model.keras"


def test_a_model_is_exported(open_runs: OpenRuns, world: World, qtbot: QtBot) -> None:
    folder = write_run(world, 3)
    panel = open_runs()
    world.chooser.save = world.folder / "weights"
    menu = child(panel, QMenu, "export_run_menu")
    action = next(entry for entry in menu.actions() if entry.objectName() == "export_run.weights")
    with qtbot.waitSignal(world.session.notice_raised, check_params_cb=lambda notice: notice.kind == "ok"):
        action.trigger()
    asked = next(message for message in world.engine.asked if isinstance(message, Export))
    assert (asked.kind, Path(asked.path).name, asked.run_folder) == ("weights", "weights.weights.h5", str(folder))
    assert world.chooser.proposals[0].name == "digits-0001.weights.h5"


def test_the_best_weights_are_offered_where_there_are_some(open_runs: OpenRuns, world: World, qtbot: QtBot) -> None:
    folder = write_run(world, 3)
    (folder / "best.keras").write_bytes(b"model")
    panel = open_runs()
    world.chooser.save = world.folder / "model"
    shown = [entry for entry in child(panel, QMenu, "export_run_menu").actions() if entry.isVisible()]
    titles = [entry.text() for entry in shown if not entry.isEnabled() and not entry.isSeparator()]
    assert titles == ["Last epoch", "Best val_loss"]
    action = next(entry for entry in shown if entry.objectName() == "export_run.keras.best")
    with qtbot.waitSignal(world.session.notice_raised, check_params_cb=lambda notice: notice.kind == "ok") as raised:
        action.trigger()
    assert raised.args[0].text == "model.keras is written with the weights of the best val_loss and was read back."
    asked = next(message for message in world.engine.asked if isinstance(message, Export))
    assert asked.best and world.chooser.proposals[0].name == "digits-0001-best.keras"


def test_a_run_that_failed_offers_the_model_of_its_last_whole_epoch(open_runs: OpenRuns, world: World) -> None:
    folder = write_run(world, 3, "failed")
    (folder / "model.keras").rename(folder / "epoch-0002.keras")
    panel = open_runs()
    assert child(panel, QPushButton, "export_run").isEnabled()
    assert panel.actions_bar._last_title.text() == "Epoch 2" and panel.actions_bar._last_title.isVisible()
    assert any("after epoch 2 is kept" in words for words in panel.detail.texts())


def test_a_run_without_a_model_offers_none(open_runs: OpenRuns, world: World) -> None:
    (write_run(world, 1) / "model.keras").unlink()
    assert not child(open_runs(), QPushButton, "export_run").isEnabled()


def test_the_project_of_a_run_is_saved_beside(open_runs: OpenRuns, world: World) -> None:
    write_run(world, 3)
    panel = open_runs()
    world.chooser.save = world.folder / "then"
    press(panel, "save_run_project")
    assert json.loads((world.folder / "then.lamella").read_text("utf-8"))["training"]["epochs"] == 20


def test_the_folder_is_opened(open_runs: OpenRuns, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_run(world, 3)
    opened: list[QUrl] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    press(open_runs(), "open_run_folder")
    assert [Path(url.toLocalFile()) for url in opened] == [folder]


def test_deleting_asks_first(open_runs: OpenRuns, world: World, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, gone = write_run(world, 3), write_run(world, 2)
    panel = open_runs()
    trash: list[str] = []

    def to_trash(path: str) -> bool:
        Path(path).rename(world.folder / "trash")
        trash.append(path)
        return True

    monkeypatch.setattr(QFile, "moveToTrash", to_trash)
    answers = [False, True]
    questions: list[str] = []

    def ask(_parent: QWidget, question: str, _more: str, _action: str) -> bool:
        questions.append(question)
        return answers.pop(0)

    panel._ask = ask
    press(panel, "delete_run")
    assert gone.is_dir()
    press(panel, "delete_run")
    qtbot.waitUntil(lambda: len(rows(panel)) == 1)
    assert questions == ["Delete run 2?", "Delete run 2?"]
    assert trash == [str(gone)]
    assert kept.is_dir()
    assert panel.chosen[0].folder == kept


def test_what_the_trash_does_not_take_is_deleted_after_another_question(
    open_runs: OpenRuns, world: World, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_run(world, 2)
    panel = open_runs()
    monkeypatch.setattr(QFile, "moveToTrash", lambda _path: False)
    answers = [True, False, True, True]
    panel._ask = lambda *_: answers.pop(0)
    press(panel, "delete_run")
    assert folder.is_dir()
    press(panel, "delete_run")
    qtbot.waitUntil(lambda: rows(panel) == [])
    assert not folder.exists()
