"""What people say of a run: kept beside what its trainer wrote."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runtime.run_about import ABOUT_FILE, LONGEST_NAME, SET_ASIDE, change_about, read_about, tags_of
from runtime.store import RunStore, read_run
from runtime.tracking.views import VIEWS_FILE, View, ViewColumn, Views, read_views, with_view, without_view, write_views
from tests.unit.runtime.training.test_store import SPEC


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return RunStore(tmp_path / "digits.runs").new_run(SPEC, b"{}")


def test_what_is_said_is_read_again_and_touches_nothing_else(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    change_about(folder, {"name": "the  wide one", "tags": ("baseline", "baseline", " a b "), "starred": True})
    change_about(folder, {"note": "two\nlines", "archived": True})
    about = read_about(folder)
    assert (about.name, about.tags, about.note) == ("the wide one", ("baseline", "a b"), "two\nlines")
    assert about.starred and about.archived and about.group == ""
    run = read_run(folder)
    assert run is not None and run.name == "the wide one" and run.about == about
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.name != ABOUT_FILE} == before
    change_about(folder, {"name": ""})
    again = read_run(folder)
    assert again is not None and again.name == SPEC.name


def test_keys_of_a_later_version_stay(folder: Path) -> None:
    (folder / ABOUT_FILE).write_text('{"colour": "red", "tags": ["x"]}', "utf-8")
    change_about(folder, {"group": "sweep"})
    written = json.loads((folder / ABOUT_FILE).read_text("utf-8"))
    assert (written["colour"], written["tags"], written["group"]) == ("red", ["x"], "sweep")


@pytest.mark.parametrize("content", ["{", '{"tags": 5}', "[" * 100, '{"name": null}'])
def test_a_damaged_file_is_told_and_set_aside(folder: Path, content: str) -> None:
    (folder / ABOUT_FILE).write_text(content, "utf-8")
    run = read_run(folder)
    assert run is not None and run.status != "damaged" and run.name == SPEC.name
    assert str(run.about.problem).startswith("about.json is not as it was written")
    assert change_about(folder, {"starred": True}).starred
    assert (folder / SET_ASIDE).read_text("utf-8") == content
    assert read_about(folder).problem is None


def test_what_changes_nothing_writes_nothing(folder: Path) -> None:
    change_about(folder, {"starred": False, "note": " "})
    assert not (folder / ABOUT_FILE).exists()


def test_names_and_tags_have_a_length() -> None:
    assert tags_of(" a, ,b  c,a") == ("a", "b c")
    assert len(tags_of("x" * 500)[0]) == 60 and LONGEST_NAME == 120


def test_views_are_kept_with_the_runs(tmp_path: Path) -> None:
    wide = View(
        "wide", (ViewColumn("name", 120), ViewColumn("best.val_loss")), "seconds", False, "tag:x", "group", True
    )
    write_views(tmp_path, with_view(Views(View(filter="a")), wide))
    again = read_views(tmp_path)
    assert again.current.filter == "a" and again.find("wide") == wide
    assert without_view(again, "wide").saved == ()
    (tmp_path / VIEWS_FILE).write_text('{"saved": 1}', "utf-8")
    damaged = read_views(tmp_path)
    assert damaged.saved == () and "views.json" in str(damaged.problem)
    write_views(tmp_path, damaged)
    assert (tmp_path / "views.damaged.json").read_text("utf-8") == '{"saved": 1}' and read_views(
        tmp_path
    ).problem is None
