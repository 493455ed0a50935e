"""Runs on their way from the user's data to the project's file."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from app.project import runs_home
from runtime.store import RunResult, RunStore, write_result
from tests.unit.runtime.training.test_store import SPEC


def make_run(folder: Path, content: bytes = b"{}") -> Path:
    run = RunStore(folder).new_run(SPEC, content)
    write_result(run, RunResult("completed", 1))
    return run


def test_runs_go_after_those_that_are_there(tmp_path: Path) -> None:
    there, coming = make_run(tmp_path / "p.runs", b"there"), make_run(tmp_path / "a", b"coming")
    moved = runs_home.move(tmp_path / "a", tmp_path / "p.runs")
    assert moved.error is None
    assert (there / "project.lamella").read_bytes() == b"there"
    assert (moved.folders[coming] / "project.lamella").read_bytes() == b"coming"
    assert [info.number for info in RunStore(tmp_path / "p.runs").runs()] == [1, 2]
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("full", [False, True])
def test_another_file_system_gets_copies_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full: bool
) -> None:
    run, rename = make_run(tmp_path / "a"), Path.rename

    def across(self: Path, target: Path) -> Path:
        if self.parent == tmp_path / "a":
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        if full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", across)
    moved = runs_home.move(tmp_path / "a", tmp_path / "p.runs")
    assert (moved.error is not None) is full
    assert run.exists() is full
    assert len(RunStore(tmp_path / "p.runs").runs()) == (0 if full else 1)
    assert not list((tmp_path / "p.runs").glob(".moving-*"))


def test_a_claim_is_found_by_its_project_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMELLA_HOME", str(tmp_path))
    folder = runs_home.untitled()
    make_run(folder)
    runs_home.claim(folder, tmp_path / "p.lamella")
    assert runs_home.claimed(tmp_path / "p.lamella") == [folder]
    assert runs_home.claimed(tmp_path / "q.lamella") == []
    (folder / runs_home.CLAIM_FILE).write_bytes(b"\xff{")
    assert runs_home.claimed(tmp_path / "p.lamella") == []


def test_a_run_that_has_not_ended_is_written(tmp_path: Path) -> None:
    run = RunStore(tmp_path / "a").new_run(SPEC, b"{}")
    assert runs_home.is_written(run), "its trainer is starting"
    write_result(run, RunResult("completed", 1))
    assert not runs_home.is_written(run)
