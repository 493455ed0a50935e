"""Open, save, the changed mark, the question before losing changes, and what a crash leaves behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.project.choosers import SaveAnswer
from app.project.templates import TEMPLATES
from app.shell.window.status_bar import state_sentence
from graph_editor.document.changes.commands import rename_model
from graph_editor.document.files.file_format import dumps, load, save
from resources.text import Text
from tests.gui.app.conftest import Rig


def change(rig: Rig, name: str = "other") -> None:
    rig.session.edit(Text("Rename the model"), rename_model(rig.session.document, name))


@pytest.fixture
def project(tmp_path: Path, template: object) -> Path:
    path = tmp_path / "digits two.lamella"
    save(TEMPLATES[0].open(), path)
    return path


def test_opening_shows_the_project_and_remembers_it(rig: Rig, project: Path) -> None:
    rig.chooser.to_open = project
    assert rig.desktop.files.open()
    assert rig.session.name == "digits two"
    assert len(rig.session.document.graph.calls) > 10
    assert rig.desktop.store.values.recent == [str(project)]
    assert rig.desktop.window.windowTitle().startswith("digits two — Lamella")


def test_the_title_has_a_mark_while_there_are_changes(rig: Rig, project: Path) -> None:
    rig.desktop.files.open_path(project)
    change(rig)
    assert rig.desktop.window.windowTitle().startswith("digits two •")
    rig.session.history.undo()
    assert "•" not in rig.desktop.window.windowTitle()


def test_saving_writes_the_file_and_takes_the_mark_away(rig: Rig, project: Path) -> None:
    rig.desktop.files.open_path(project)
    change(rig, "renamed")
    assert rig.desktop.files.save()
    assert not rig.session.changed
    assert load(project).name == "renamed"


def test_saving_twice_asks_and_writes_once(rig: Rig, tmp_path: Path) -> None:
    change(rig)
    rig.chooser.to_save = tmp_path / "fresh"
    assert rig.desktop.files.save()
    assert rig.desktop.files.save()
    assert len(rig.chooser.asked) == 1
    assert (tmp_path / "fresh.lamella").exists()


def test_an_untouched_project_is_saved_byte_for_byte(rig: Rig, project: Path) -> None:
    before = project.read_bytes()
    rig.desktop.files.open_path(project)
    change(rig)
    rig.session.history.undo()
    assert dumps(rig.session.document) == before


@pytest.mark.parametrize("content", [b"{", b"[1]", b"\x89PNG\r\n", b'{"format_version": 1}'])
def test_a_bad_file_is_one_sentence_and_changes_nothing(rig: Rig, project: Path, content: bytes) -> None:
    rig.desktop.files.open_path(project)
    bad = project.with_name("bad.lamella")
    bad.write_bytes(content)
    before = dumps(rig.session.document)
    assert not rig.desktop.files.open_path(bad)
    assert len(rig.chooser.errors) == 1
    assert "bad.lamella" in rig.chooser.errors[0]
    assert "Traceback" not in rig.chooser.errors[0]
    assert dumps(rig.session.document) == before
    assert rig.session.path == project


def test_a_file_that_is_gone_leaves_the_recent_list(rig: Rig, project: Path) -> None:
    rig.desktop.files.open_path(project)
    project.unlink()
    assert not rig.desktop.files.open_path(project)
    assert rig.desktop.store.values.recent == []
    assert str(project) in rig.chooser.errors[0]


def test_a_folder_that_refuses_is_one_sentence_and_keeps_the_changes(rig: Rig, tmp_path: Path) -> None:
    change(rig)
    rig.chooser.to_save = tmp_path / "missing" / "x.lamella"
    assert not rig.desktop.files.save()
    assert "x.lamella" in rig.chooser.errors[0]
    assert rig.session.changed


@pytest.mark.parametrize(
    ("answer", "opened", "kept"), [("save", True, True), ("discard", True, False), ("cancel", False, False)]
)
def test_the_question_before_changes_are_lost(
    rig: Rig, project: Path, answer: SaveAnswer, opened: bool, kept: bool
) -> None:
    rig.desktop.files.open_path(project)
    change(rig, "kept")
    other = project.with_name("other.lamella")
    other.write_bytes(project.read_bytes())
    rig.chooser.changes = answer
    assert rig.desktop.files.open_path(other) is opened
    assert rig.chooser.asked == ["changes digits two"]
    assert (load(project).name == "kept") is kept
    assert (rig.session.path == other) is opened


def test_closing_asks_and_a_cancel_keeps_the_window(rig: Rig) -> None:
    change(rig)
    rig.chooser.changes = "cancel"
    assert not rig.desktop.window.close()
    assert rig.desktop.window.isVisible()
    rig.chooser.changes = "discard"
    assert rig.desktop.window.close()


def test_a_new_project_from_a_template_has_no_file(rig: Rig, project: Path) -> None:
    rig.desktop.files.open_path(project)
    rig.desktop.window.show_workspace("train")
    assert rig.desktop.files.new()
    assert rig.desktop.window.workspace == "build", "an empty canvas was asked for, and Train stayed in front"
    assert rig.session.path is None
    assert not rig.session.changed


def test_what_another_program_saved_is_not_replaced_without_a_question(rig: Rig, project: Path) -> None:
    rig.desktop.files.open_path(project)
    change(rig, "mine")
    theirs = TEMPLATES[1].open()
    save(theirs, project)
    assert not rig.desktop.files.save()
    assert rig.chooser.asked[-1] == "overwrite digits two.lamella"
    assert rig.session.changed
    assert load(project).name == theirs.name
    rig.chooser.overwrites = True
    assert rig.desktop.files.save()
    assert load(project).name == "mine"
    change(rig, "mine again")  # what was written here is not foreign
    rig.chooser.asked.clear()
    assert rig.desktop.files.save()
    assert rig.chooser.asked == []


def test_a_broken_file_is_found_before_the_question_about_changes(rig: Rig, tmp_path: Path, project: Path) -> None:
    broken = tmp_path / "broken.lamella"
    broken.write_text("{")
    change(rig)
    assert not rig.desktop.files.open_path(broken)
    assert len(rig.chooser.errors) == 1
    assert rig.chooser.asked == []
    assert not rig.desktop.files.open_path(project)
    assert len(rig.chooser.asked) == 1


def test_opening_the_open_project_again_after_saving_shows_what_was_saved(rig: Rig, project: Path) -> None:
    rig.desktop.files.open_path(project)
    change(rig, "renamed")
    rig.chooser.changes = "save"
    assert rig.desktop.files.open_path(project)
    assert rig.session.document.name == "renamed"


def test_an_empty_canvas_that_nobody_has_looked_at_yet_is_an_empty_model() -> None:
    assert state_sentence([], has_data=False, has_boxes=False) == "An empty model"
    assert state_sentence([], has_data=False, has_boxes=True) == "Ready to build; choose data to train"
