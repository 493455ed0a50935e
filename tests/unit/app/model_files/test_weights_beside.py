"""Weights from elsewhere are kept beside the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.project.weights_beside import keep_beside
from resources.regular_files import NotRegularFileError


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    return tmp_path / "project" / "p.lamella"


@pytest.mark.parametrize(
    ("name", "second"),
    [("base.keras", "base-2.keras"), ("a.b.weights.h5", "a.b-2.weights.h5"), ("old.h5", "old-2.h5"), ("w", "w-2")],
)
def test_another_file_of_the_name_is_left_alone(tmp_path: Path, project: Path, name: str, second: str) -> None:
    file = tmp_path / name
    file.write_bytes(b"one")
    first = keep_beside(file, project)
    assert first == project.parent / "p.weights" / name
    assert keep_beside(file, project) == first, "the same content is there already"
    file.write_bytes(b"two")
    assert keep_beside(file, project).name == second
    assert first.read_bytes() == b"one" and first.with_name(second).read_bytes() == b"two"
    assert len(list(first.parent.iterdir())) == 2


def test_what_lies_below_the_project_stays(project: Path) -> None:
    file = project.parent / "p.runs" / "1" / "model.keras"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"weights")
    assert keep_beside(file, project) == file
    assert not (project.parent / "p.weights").exists()


def test_what_is_no_file_is_refused_with_nothing_left_behind(tmp_path: Path, project: Path) -> None:
    folder = tmp_path / "w.keras"
    folder.mkdir()
    with pytest.raises((NotRegularFileError, IsADirectoryError)):
        keep_beside(folder, project)
    assert list((project.parent / "p.weights").iterdir()) == []
