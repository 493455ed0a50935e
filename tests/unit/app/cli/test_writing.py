"""Verbs write over nothing that is there without --force, and never over the files of the project."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from app.cli.common.output import CommandError
from app.cli.common.writing import require_free
from app.project.templates import TEMPLATES
from graph_editor.document.files.file_format import load, save
from resources.atomic import write_atomically
from tests.support.verbs import status


@pytest.fixture
def project(tmp_path: Path) -> Path:
    document = TEMPLATES[0].open()
    document.data = {**document.data, "sources": [{"kind": "hdf5", "path": "digits.h5"}]}
    (tmp_path / "digits.h5").write_bytes(b"precious")
    save(document, tmp_path / "p.lamella")
    return tmp_path / "p.lamella"


@pytest.mark.parametrize(
    "verb",
    [
        ["export", "P", "--to", "h5", "-o", "OUT"],
        ["export", "P", "--to", "python", "-o", "OUT"],
        ["export", "P", "--to", "png", "-o", "OUT"],
        ["train", "P", "--export", "OUT"],
        ["screenshot", "P", "-o", "OUT"],
        ["new", "--template", "digits", "-o", "OUT"],
    ],
)
@pytest.mark.parametrize("target", ["there", "there.lamella", "folder"])
def test_what_is_there_is_not_replaced(project: Path, verb: list[str], target: str) -> None:
    out = project.with_name(target)
    if target == "folder":
        out.mkdir()
    else:
        out.write_bytes(b"of somebody else")
    assert status([{"P": str(project), "OUT": str(out)}.get(word, word) for word in verb]) == 2
    assert out.is_dir() or out.read_bytes() == b"of somebody else"


@pytest.mark.parametrize("name", ["p.lamella", "digits.h5", "link"])
@pytest.mark.parametrize("verb", [["export", "P", "--to", "python", "-o"], ["train", "P", "--export"]])
def test_the_project_and_its_data_are_never_replaced(
    project: Path, name: str, verb: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    project.with_name("link").symlink_to(project.with_name("digits.h5"))
    before = project.read_bytes()
    words = [str(project) if word == "P" else word for word in verb]
    assert status([*words, str(project.with_name(name)), "--force"]) == 2
    assert "never replaced" in capsys.readouterr().err
    assert (project.read_bytes(), project.with_name("digits.h5").read_bytes()) == (before, b"precious")


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_links_that_lead_to_each_other_are_one_sentence(
    project: Path, capsys: pytest.CaptureFixture[str], force: list[str]
) -> None:
    one, other = project.with_name("one"), project.with_name("other")
    one.symlink_to(other)
    other.symlink_to(one)
    assert status(["export", str(project), "--to", "python", "-o", str(one), *force]) == 2
    assert "one leads to itself" in capsys.readouterr().err
    with pytest.raises(OSError, match="symbolic links"):
        write_atomically(one, b"x")


def test_with_force_a_file_is_replaced(project: Path) -> None:
    out = project.with_name("net.py")
    out.write_bytes(b"old")
    words = ["export", str(project), "--to", "python", "-o", str(out)]
    assert status(words) == 2
    assert status([*words, "--force"]) == 0
    assert b"import keras" in out.read_bytes()


def test_what_is_read_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "a.keras").write_bytes(b"model")
    with pytest.raises(CommandError, match="never replaced"):
        require_free(tmp_path / "a.keras", force=True, read=[tmp_path / "a.keras"])
    require_free(tmp_path / "b.keras", force=False, read=[tmp_path / "a.keras"])


def test_every_verb_that_writes_can_be_forced() -> None:
    from app.cli import parsing

    subparsers = next(a for a in parsing._parser()._actions if isinstance(a, argparse._SubParsersAction))
    for name, verb in subparsers.choices.items():
        options = {option for action in verb._actions for option in action.option_strings}
        if options & {"-o", "--output", "--export"}:
            assert "--force" in options, name


def test_the_project_still_loads(project: Path) -> None:
    assert load(project).data["sources"] == [{"kind": "hdf5", "path": "digits.h5"}]
