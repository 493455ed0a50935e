"""Model files through File > Open: an unsaved project, weights to start from, and nothing changed when it fails."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import h5py
import pytest
from pytestqt.qtbot import QtBot

from app.project.project_files import ProjectFiles
from graph_editor.document.files.file_format import dumps, load
from runtime.messages.exporting import Export
from tests.gui.app.conftest import Rig
from tests.unit.graph_editor.import_files.models import layer, model, old_input, old_layer, old_model

SMALL = model(layer("dense", "Dense", "x", units=3), name="inner_name")


@pytest.fixture
def keras_file(tmp_path: Path) -> Path:
    path = tmp_path / "trained one.keras"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("metadata.json", '{"keras_version": "3.15.1"}')
        file.writestr("config.json", json.dumps(SMALL))
        file.writestr("model.weights.h5", b"")
    return path


def files(rig: Rig) -> ProjectFiles:
    return rig.desktop.files


def test_a_model_becomes_an_unsaved_project_with_the_name_of_its_file(rig: Rig, keras_file: Path) -> None:
    rig.chooser.to_open = keras_file
    assert files(rig).open()
    session = rig.session
    assert (session.name, session.path, session.changed) == ("trained one", None, False)
    assert session.document.name == "inner_name"  # what Keras calls it is part of its config
    assert rig.desktop.window.windowTitle().startswith("trained one")
    assert len(session.document.positions) == 2
    assert session.document.training["initial_weights"] == str(keras_file)
    assert rig.desktop.store.values.recent == [str(keras_file)]


def test_saving_beside_the_weights_makes_their_path_relative(rig: Rig, keras_file: Path) -> None:
    files(rig).open_path(keras_file)
    rig.chooser.to_save = keras_file.with_name("p.lamella")
    assert files(rig).save()
    assert load(keras_file.with_name("p.lamella")).training["initial_weights"] == "trained one.keras"
    assert not rig.session.changed
    elsewhere = keras_file.parent / "below"
    elsewhere.mkdir()
    rig.chooser.to_save = elsewhere / "q.lamella"
    assert files(rig).save_as()
    assert load(elsewhere / "q.lamella").training["initial_weights"] == str(keras_file)


def test_a_project_without_weights_is_saved_without_a_step(rig: Rig, tmp_path: Path) -> None:
    path = tmp_path / "plain.json"
    path.write_text(json.dumps(SMALL), "utf-8")
    files(rig).open_path(path)
    assert "initial_weights" not in rig.session.document.training
    rig.chooser.to_save = tmp_path / "p.lamella"
    assert files(rig).save()
    assert not rig.session.history.can_undo


def test_what_cannot_be_kept_is_told(rig: Rig, tmp_path: Path) -> None:
    path = tmp_path / "old.h5"
    layers = [old_input("a", 4), old_layer("local", "LocallyConnected1D", [["a", 0, 0, {}]], filters=3)]
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(old_model(layers, [["a", 0, 0]], [["local", 0, 0]]))
    heard: list[str] = []
    rig.session.notice_raised.connect(lambda notice: heard.append(f"{notice.text}\n{notice.detail}"))
    assert files(rig).open_path(path)
    assert any("1 things of old.h5" in text and "LocallyConnected1D" in text for text in heard)


@pytest.mark.parametrize("name", ["bad.keras", "bad.json", "bad.h5", "gone.keras"])
def test_a_bad_model_is_one_sentence_and_changes_nothing(rig: Rig, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if not name.startswith("gone"):
        path.write_bytes(b"{")
    before = dumps(rig.session.document)
    assert not files(rig).open_path(path)
    (shown,) = rig.chooser.errors
    assert name in str(shown)
    assert dumps(rig.session.document) == before


def test_an_untrained_export_takes_the_weights_of_the_file(
    rig: Rig, qtbot: QtBot, keras_file: Path, tmp_path: Path
) -> None:
    files(rig).open_path(keras_file)
    rig.chooser.to_save = tmp_path / "out.weights.h5"
    rig.desktop.exporter.export("weights", rig.desktop.window, rig.desktop.window.canvas)
    qtbot.waitUntil(lambda: any(isinstance(message, Export) for message in rig.engine.asked))
    (question,) = [message for message in rig.engine.asked if isinstance(message, Export)]
    assert (question.run_folder, question.initial_weights) == (None, str(keras_file))
