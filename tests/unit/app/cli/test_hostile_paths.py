"""Whatever stands where a path is wanted: one sentence that names the option, no traceback, nothing made."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import pytest

from app.cli.parsing import _parser, is_command
from app.project.templates import TEMPLATES
from graph_editor.document.files.file_format import save
from tests.support.verbs import status

VERBS = {
    "check": ["P"],
    "export": ["P", "--to", "keras", "-o", "OUT", "--weights", "W", "--run", "1"],
    "import": ["M", "-o", "OUT", "--weights", "OUT2"],
    "new": ["--template", "digits", "-o", "OUT"],
    "pause": ["P", "--run", "1"],
    "report": ["P", "--run", "1", "-o", "OUT"],
    "resume": ["P", "--run", "1"],
    "runs": ["P"],
    "screenshot": ["P", "-o", "OUT"],
    "stop": ["P", "--run", "1"],
    "train": ["P", "--weights", "W", "--runs", "OUT", "--export", "OUT2"],
}
PLACES = [
    (verb, number)
    for verb, words in VERBS.items()
    for number, word in enumerate(words)
    if not word.startswith("-") and word != "digits" and words[number - 1] != "--to"
]
POSITIONAL = {"import": "file", "runs": "folder", "pause": "run", "resume": "run", "stop": "run"}
VALUES = ("empty", "blank", "minus", "folder", "loop", "fifo", "long", "zero", "below_a_file", "slash")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    save(TEMPLATES[0].open(), tmp_path / "p.lamella")
    (tmp_path / "m.json").write_text("{}", "utf-8")
    (tmp_path / "w.h5").write_bytes(b"x")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "loop").symlink_to("loop2")
    (tmp_path / "loop2").symlink_to("loop")
    return tmp_path


def hostile(value: str) -> str:
    odd = {"empty": "", "blank": " ", "minus": "-", "long": "x" * 300, "zero": "a\0b"}
    return {**odd, "below_a_file": "w.h5/x", "slash": "new/"}.get(value, value)


def everything(folder: Path) -> set[str]:
    return {str(path) for path in folder.rglob("*")}


@pytest.mark.skipif(os.name != "posix", reason="there are no pipes among files")
@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize(("verb", "number"), PLACES, ids=[f"{verb} {VERBS[verb][number]}" for verb, number in PLACES])
def test_a_hostile_path_is_one_sentence(
    place: Path, verb: str, number: int, value: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_engine(*_: object) -> None:
        pytest.fail("Keras was started for it")

    monkeypatch.setattr("app.cli.common.projects.headless_engine", no_engine)
    monkeypatch.setattr("app.shell.screenshot.take_screenshot", no_engine)
    good = {"P": "p.lamella", "OUT": "out", "OUT2": "out2", "W": "w.h5", "M": "m.json"}
    words = [good.get(word, word) for word in VERBS[verb]]
    is_output = VERBS[verb][number].startswith("OUT")
    option = next((word for word in VERBS[verb][number - 1 : number] if word.startswith("-")), "")
    if (value == "folder" and (option == "--runs" or verb == "runs")) or (value == "slash" and option == "--runs"):
        pytest.skip("that is what is wanted there")
    words[number] = hostile(value)
    before = everything(place)
    assert status([verb, *words]) in (1, 2)
    err = capsys.readouterr().err
    assert "Traceback" not in err and len(err.strip().splitlines()[-1]) > 10
    assert everything(place) == before
    if is_output or value in ("empty", "blank", "zero"):
        named = option or POSITIONAL.get(verb, "project")
        assert named.lstrip("-") in err.splitlines()[-1].lower(), err


@pytest.mark.skipif(os.name != "posix" or os.getuid() == 0, reason="everything may be written here")
def test_a_folder_that_takes_no_files_is_told_at_once(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "folder").chmod(0o500)
    assert status(["train", "p.lamella", "--export", "folder/m.keras"]) == 2
    assert "nothing may be written in folder" in capsys.readouterr().err


def test_no_verb_takes_a_path_as_it_comes() -> None:
    subparsers = next(a for a in _parser()._actions if isinstance(a, argparse._SubParsersAction))
    wrong = [f"{name} {action.dest}" for name, verb in subparsers.choices.items() for action in verb._actions
             if action.type is Path]  # fmt: skip
    assert wrong == [], "see app/cli/common/paths.py"
    assert set(VERBS) <= set(subparsers.choices)


@pytest.mark.parametrize("word", ["x" * 300, "a\0b", "loop"])
def test_the_first_word_may_be_anything(place: Path, word: str) -> None:
    assert is_command([word])
