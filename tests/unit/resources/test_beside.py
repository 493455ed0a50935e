"""Files that an exported script reads lie beside it, wherever it is moved and from wherever it is started."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from resources.python_code import beside
from resources.python_code.pieces import flat


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("data.csv", "data.csv"),
        ("sub/data.csv", "sub/data.csv"),
        ("학습.runs/3/model.keras", "학습.runs/3/model.keras"),
        ("/home/someone/data.csv", "data.csv"),
        ("C:\\Users\\someone\\data.csv", "data.csv"),
        ("\\\\host\\share\\data.csv", "data.csv"),
        ("~/data.csv", "data.csv"),
        ("../data.csv", "data.csv"),
        ("sub/../../data.csv", "data.csv"),
    ],
)
def test_only_what_lies_below_the_project_keeps_its_way(path: str, written: str) -> None:
    assert flat(beside.beside(path)) == f'beside("{written}")'
    assert beside.is_elsewhere(path) == (path != written)


def test_a_script_finds_its_files_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names: dict[str, object] = {"os": os, "__file__": str(tmp_path / "moved" / "script.py")}
    exec(beside.HELPER, names)
    monkeypatch.chdir("/")
    assert eval('beside("sub/data.csv")', names) == str(tmp_path / "moved" / "sub" / "data.csv")


def test_a_notebook_looks_where_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names: dict[str, object] = {"os": os}
    exec(beside.HELPER, names)
    monkeypatch.chdir(tmp_path)
    assert eval('beside("data.csv")', names) == str(tmp_path / "data.csv")
