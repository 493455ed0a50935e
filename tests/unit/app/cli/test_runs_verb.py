"""`lamella runs`: which are listed, what is written of them, what cleaning up removes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.cli.parsing import run_command
from runtime.run_about import read_about
from runtime.tracking.views import View, ViewColumn, Views, with_view, write_views
from tests.benchmarks.many_runs import write_runs

COUNT = 20


@pytest.fixture
def project(tmp_path: Path) -> str:
    (tmp_path / "digits.lamella").write_text("{}", "utf-8")
    write_runs(tmp_path / "digits.runs", COUNT)
    return str(tmp_path / "digits.lamella")


def told(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert run_command(["runs", *words, "--json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_runs_are_filtered_sorted_and_shown_in_columns(project: str, capsys: pytest.CaptureFixture[str]) -> None:
    everything = told(capsys, project)
    assert [run["number"] for run in everything] == list(range(1, COUNT + 1))
    words = ("--filter", "val_loss < 0.6 -status:failed", "--sort", "val_loss", "--columns", "number,lr,best.val_loss")
    found = told(capsys, project, *words)
    wanted = [run for run in everything if run["best"]["val_loss"] < 0.6 and run["status"] != "failed"]
    wanted.sort(key=lambda run: float(run["best"]["val_loss"]))
    assert [run["number"] for run in found] == [run["number"] for run in wanted] and found
    assert list(found[0]["columns"]) == ["number", "learning_rate", "best.val_loss"]
    assert [run["number"] for run in told(capsys, project, *words, "--reverse")] == [r["number"] for r in wanted][::-1]
    assert run_command(["runs", project, "--columns", "name,tags", "--filter", "has:tag"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["Name", "Tags"] and len(lines) == 3
    assert run_command(["runs", project, "--columns", "help"]) == 0
    assert "best.val_accuracy" in capsys.readouterr().out
    for wrong in (("--filter", "x <"), ("--sort", "nothing"), ("--columns", "nothing"), ("--view", "nothing")):
        assert run_command(["runs", project, *wrong]) == 2


def test_a_saved_view_is_used(project: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    view = View("tagged", (ViewColumn("name"),), "number", False, "has:tag")
    write_views(tmp_path / "digits.runs", with_view(Views(), view))
    found = told(capsys, project, "--view", "tagged")
    assert [run["columns"] for run in found] == [{"name": "try 10"}, {"name": "try 20"}]


def test_runs_are_marked(project: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    marks = ["--rename", "good", "--tag", "a,b", "--tag", "c", "--star", "--note", "why", "--group", "g"]
    (run,) = told(capsys, project, "--run", "3", *marks)
    assert (run["name"], run["tags"], run["starred"], run["note"], run["group"]) == (
        "good", ["a", "b", "c"], True, "why", "g",
    )  # fmt: skip
    (run,) = told(capsys, project, "--run", "3", "--untag", "b", "--no-star", "--archive")
    assert (run["tags"], run["starred"], run["archived"]) == (["a", "c"], False, True)
    assert read_about(tmp_path / "digits.runs" / "0003-digits").name == "good"
    assert len(told(capsys, project)) == COUNT - 1 and len(told(capsys, project, "--archived")) == COUNT
    assert run_command(["runs", project, "--star"]) == 2
    assert run_command(["runs", project, "--run", "1", "--run", "2", "--rename", "x"]) == 2


def test_cleaning_up_removes_nothing_without_a_yes(
    project: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "digits.runs" / "0002-digits"
    (folder / "best.keras").write_bytes(bytes(10))
    assert run_command(["runs", project, "--clean-up", "weights"]) == 0
    printed = capsys.readouterr()
    assert "model.keras · 2.0 kB" in printed.out and "--yes removes it" in printed.err
    assert (folder / "model.keras").is_file()
    assert run_command(["runs", project, "--clean-up", "weights", "--yes"]) == 0
    assert not (folder / "model.keras").exists() and (folder / "best.keras").is_file()
    assert run_command(["runs", project, "--run", "5", "--archive"]) == 0
    assert run_command(["runs", project, "--clean-up", "archived", "--yes"]) == 0
    assert not (tmp_path / "digits.runs" / "0005-digits").exists()
