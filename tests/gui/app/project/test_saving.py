"""Where things are saved: the ending comes before the question, and nothing is written over what is needed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from app.dialogs.chooser import DialogChooser
from app.dialogs.files import FileDialog
from app.outside_files.own_files import refusal
from app.project.runs_home import beside
from app.project.saving import completed
from app.project.templates import TEMPLATES
from graph_editor.document.changes.commands import rename_model
from graph_editor.document.files.file_format import load, save
from resources.text import Text
from tests.gui.app.conftest import Rig


def change(rig: Rig) -> None:
    rig.session.edit(Text("Rename the model"), rename_model(rig.session.document, "changed"))


@pytest.mark.parametrize(
    ("typed", "suffix", "name"),
    [
        ("two", ".lamella", "two.lamella"),
        ("v1.2", ".lamella", "v1.2.lamella"),
        ("v1.2.lamella", ".lamella", "v1.2.lamella"),
        ("a.LAMELLA", ".lamella", "a.lamella"),
        ("net.Keras", ".keras", "net.keras"),
        ("net.", ".json", "net.json"),
        ("net .json ", ".json", "net.json"),
        ("net", ".weights.h5", "net.weights.h5"),
        ("net.h5", ".weights.h5", "net.weights.h5"),
        ("net.weights", ".weights.h5", "net.weights.h5"),
        ("net.Weights.H5", ".weights.h5", "net.weights.h5"),
        ("net.keras", ".json", "net.keras.json"),
        ("숫자 인식", ".lamella", "숫자 인식.lamella"),
        (".hidden", ".lamella", ".hidden.lamella"),
        ("console", ".py", "console.py"),
    ],
)
def test_names_get_their_ending(tmp_path: Path, typed: str, suffix: str, name: str) -> None:
    assert completed(tmp_path / typed, suffix) == tmp_path / name


@pytest.mark.parametrize("typed", [".lamella", ".LAMELLA", "...", " . ", "CON", "nul.lamella", "Com1.x", "LPT9"])
def test_names_that_are_none_are_refused(tmp_path: Path, typed: str) -> None:
    assert isinstance(completed(tmp_path / typed, ".lamella"), Text)


def test_a_name_with_a_dot_is_a_project_with_runs_of_its_own(rig: Rig, tmp_path: Path) -> None:
    change(rig)
    rig.chooser.to_save = tmp_path / "v1.2"
    assert rig.desktop.files.save()
    assert rig.session.path == tmp_path / "v1.2.lamella"
    assert (tmp_path / "v1.2.lamella").is_file()
    assert rig.session.project_runs.folder == beside(tmp_path / "v1.2.lamella") == tmp_path / "v1.2.runs"


@pytest.mark.parametrize("agreed", [True, False])
def test_a_file_that_the_dialog_did_not_ask_about_is_asked_about(rig: Rig, tmp_path: Path, agreed: bool) -> None:
    there = tmp_path / "two.lamella"
    there.write_bytes(b"precious")
    change(rig)
    rig.chooser.to_save, rig.chooser.confirms = tmp_path / "two", agreed
    assert rig.desktop.files.save_as() is agreed
    assert rig.chooser.asked[-1] == "confirm Replace two.lamella?"
    assert (there.read_bytes() != b"precious") is agreed
    assert rig.session.changed is not agreed


def test_a_file_that_is_there_is_asked_about_once(rig: Rig, tmp_path: Path) -> None:
    (tmp_path / "two.lamella").write_bytes(b"old")
    rig.chooser.to_save = tmp_path / "two.lamella"
    assert rig.desktop.files.save_as()
    assert rig.chooser.asked == ["save model.lamella", "confirm Replace two.lamella?"]


@pytest.mark.parametrize(
    ("kind", "name"), [("python", "net.py"), ("notebook", "net.ipynb"), ("png", "net.png"), ("svg", "net.svg")]
)
def test_exports_ask_about_the_file_that_they_write(rig: Rig, tmp_path: Path, kind: str, name: str) -> None:
    rig.session.replace(TEMPLATES[0].open(), None)
    (tmp_path / name).write_bytes(b"precious")
    rig.chooser.to_save, rig.chooser.confirms = tmp_path / "net", False
    rig.desktop.exporter.export(kind, rig.desktop.window, rig.desktop.window.canvas)
    assert rig.chooser.asked[-1] == f"confirm Replace {name}?"
    assert (tmp_path / name).read_bytes() == b"precious"
    rig.chooser.confirms = True
    rig.desktop.exporter.export(kind, rig.desktop.window, rig.desktop.window.canvas)
    assert (tmp_path / name).read_bytes() != b"precious"


def test_a_folder_of_that_name_is_one_sentence(rig: Rig, tmp_path: Path) -> None:
    (tmp_path / "a.lamella").mkdir()
    change(rig)
    rig.chooser.to_save = tmp_path / "a"
    assert not rig.desktop.files.save()
    assert rig.chooser.errors == [f"{tmp_path / 'a.lamella'} is a folder."]


@pytest.mark.skipif(os.name != "posix", reason="rights of files")
def test_a_file_that_may_not_be_written_is_not_replaced(rig: Rig, tmp_path: Path) -> None:
    there = tmp_path / "a.lamella"
    there.write_bytes(b"old")
    there.chmod(0o444)
    change(rig)
    rig.chooser.to_save = there
    assert not rig.desktop.files.save()
    assert "a.lamella" in rig.chooser.errors[0] and there.read_bytes() == b"old" and rig.session.changed


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose data, weights and code lie beside it."""
    document = TEMPLATES[0].open()
    document.data = {**document.data, "sources": [{"kind": "hdf5", "path": "digits.h5"}]}
    document.training = {**document.training, "initial_weights": "start.weights.h5"}
    document.extra = {**document.extra, "custom_code": {"files": ["mine.py"]}}
    for name in ("digits.h5", "start.weights.h5", "mine.py", "free.txt"):
        (tmp_path / name).write_bytes(b"precious")
    save(document, tmp_path / "p.lamella")
    return tmp_path / "p.lamella"


@pytest.mark.parametrize("name", ["p.lamella", "digits.h5", "start.weights.h5", "mine.py"])
def test_files_of_the_project_are_known_under_every_name(project: Path, name: str) -> None:
    document, own = load(project), project.with_name(name)
    link, hard = project.with_name("link"), project.with_name("hard")
    link.symlink_to(own)
    os.link(own, hard)
    (project.parent / "sub").mkdir()
    for path in (own, link, hard, project.parent / "sub" / ".." / name):
        assert refusal(path, document, project) is not None, path
    assert refusal(project.with_name("free.txt"), document, project) is None
    assert (refusal(own, document, project, saving=True) is None) is (name == "p.lamella")


def test_files_in_a_folder_of_data_are_data(project: Path) -> None:
    document = load(project)
    images = project.parent / "images"
    (images / "cat").mkdir(parents=True)
    (images / "cat" / "1.png").write_bytes(b"x")
    document.data = {"sources": [{"kind": "image_folder", "path": "images"}]}
    assert refusal(images / "cat" / "1.png", document, project) is not None
    assert refusal(images / "cat" / "new.png", document, project) is None


def test_the_window_exports_nothing_over_the_project(rig: Rig, project: Path) -> None:
    document = load(project)
    rig.session.replace(document, project)
    before = {path: path.read_bytes() for path in project.parent.iterdir() if path.is_file()}
    rig.chooser.to_save = project.with_name("mine.py")
    rig.desktop.exporter.export("python", rig.desktop.window, rig.desktop.window.canvas)
    assert "own code" in rig.chooser.errors[-1]
    change(rig)
    os.link(project.with_name("digits.h5"), project.with_name("other.lamella"))
    rig.chooser.to_save = project.with_name("other.lamella")
    assert not rig.desktop.files.save_as()
    assert "own data" in rig.chooser.errors[-1]
    assert {path: path.read_bytes() for path in before} == before


def test_the_dialog_asks_nothing_itself_and_one_question_is_about_the_real_file(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[object] = []
    typed = tmp_path

    def answered(dialog: FileDialog) -> bool:
        given.append((dialog.acceptMode(), dialog.testOption(QFileDialog.Option.DontConfirmOverwrite)))
        return True

    monkeypatch.setattr(FileDialog, "exec", answered)
    monkeypatch.setattr(FileDialog, "selectedFiles", lambda _dialog: [str(typed)])
    monkeypatch.setattr(rig.chooser, "file_to_save", DialogChooser(rig.desktop.preferences.look).file_to_save)
    rig.chooser.confirms = False
    for name, asked in (("v1.2", "v1.2.lamella"), ("v1.2.lamella", "v1.2.lamella"), ("v1.3", None)):
        typed = tmp_path / name
        (tmp_path / "v1.2").write_bytes(b"another file")
        (tmp_path / "v1.2.lamella").write_bytes(b"precious")
        (tmp_path / "v1.3").write_bytes(b"is not replaced")
        change(rig)
        rig.chooser.asked.clear()
        assert rig.desktop.files.save_as() == (asked is None)
        assert rig.chooser.asked == ([f"confirm Replace {asked}?"] if asked else [])
        assert (tmp_path / "v1.2.lamella").read_bytes() == b"precious"
    assert given == [(QFileDialog.AcceptMode.AcceptSave, True)] * 3
    assert (tmp_path / "v1.3").read_bytes() == b"is not replaced"
