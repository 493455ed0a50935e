"""What a file or folder is, is recognised, and what is none says how to make it one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from resources.text import Text
from runtime.data_kinds import data_kinds, kind_module
from runtime.messages.describing import RecognizeData
from runtime.spec import DataSource
from runtime.worker.data.answering.answers import recognize_data
from runtime.worker.data.opening import open_source
from runtime.worker.data.recognising import hints
from runtime.worker.data.recognising.recognise import recognise
from runtime.worker.data.source import DataError
from runtime.worker.data.warming import Warming


def refusal(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        recognise(path)
    return str(caught.value.text)


def test_what_is_recognised_opens(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,x\n2,y\n", "utf-8")
    np.save(tmp_path / "b.npy", np.zeros((3, 2)))
    np.savez(tmp_path / "c.npz", x=np.zeros(3))
    with h5py.File(tmp_path / "d.h5", "w") as file:
        file["x"] = np.zeros(3)
    for name, kind in (("a.csv", "csv"), ("b.npy", "npz"), ("c.npz", "npz"), ("d.h5", "hdf5")):
        answer = recognize_data(RecognizeData(7, str(tmp_path / name)))
        assert (answer.id, answer.kind) == (7, kind)
        with open_source(DataSource(answer.kind, str(tmp_path / name), answer.options)) as source:
            assert source.names()
        assert str(answer.what)


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("a.psd", "save it as PNG or JPEG in a picture editor."),
        ("A.HWP", "save its text as .txt, or its tables as .csv, in the program that wrote it."),
        ("a.pkl", "in Python, save tables with to_parquet and arrays with np.savez."),
        ("a.rds", "in R, save it with write.csv or arrow::write_parquet."),
        ("a.sav", "or with pandas and to_parquet in Python."),
        ("a.rar", "unpack it, and choose the file or folder in it."),
        ("a.lamella", "it is a project: open it with File → Open."),
        ("고양이.png", "it is one sample: choose the folder that it lies in."),
    ],
)
def test_what_cannot_be_read_says_how_to_convert_it(tmp_path: Path, name: str, end: str) -> None:
    (tmp_path / name).write_bytes(b"\x00\x01\x02 something")
    said = refusal(tmp_path / name)
    assert said.startswith(f"{name} cannot be read as data: ") and said.endswith(end)


def test_what_nothing_is_known_of_names_the_kinds(tmp_path: Path) -> None:
    (tmp_path / "a.what").write_bytes(b"\x00\x01\x02")
    said = refusal(tmp_path / "a.what")
    assert said.startswith("a.what is nothing that can be read as data. There are: ")
    assert "HDF5" in said and "Random" not in said


def test_files_that_are_not_there_or_empty(tmp_path: Path) -> None:
    (tmp_path / "empty.what").touch()
    (tmp_path / "folder").mkdir()
    assert refusal(tmp_path / "empty.what") == "empty.what is empty."
    assert refusal(tmp_path / "folder") == "The folder folder is empty."
    assert refusal(tmp_path / "gone.csv").endswith("gone.csv is not there.")
    assert "no file can have this name" in refusal(Path("a\0b.csv"))


def test_a_folder_of_what_cannot_be_read_says_what_is_in_it(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.heic").write_bytes(b"x")
    (tmp_path / "a.what").write_bytes(b"x")
    said = refusal(tmp_path)
    assert said.startswith(f"The folder {tmp_path.name} holds no data that can be read. Of ")
    assert said.endswith(".heic: save it as PNG or JPEG in a picture editor.")
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.what").write_bytes(b"x")
    assert refusal(other) == "The folder other holds no data that can be read, but files such as a.what."


def test_a_link_in_a_circle_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "around").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    assert "The folder" in refusal(tmp_path)
    assert "self" in refusal(tmp_path / "self")


def test_the_surest_kind_is_the_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from runtime.data_kinds import Recognised

    (tmp_path / "a.csv").write_text("a,b\n1,2\n", "utf-8")
    sure = Recognised(0.99, Text("sure"), {"x": 1})
    monkeypatch.setattr(kind_module("npz"), "recognise", lambda path: sure)
    best, *others = recognise(tmp_path / "a.csv")
    assert (best.kind.key, best.found) == ("npz", sure)
    assert [other.kind.key for other in others][:1] == ["csv"]


def test_a_kind_that_fails_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: Path) -> None:
        raise PermissionError(13, "no")

    (tmp_path / "a.csv").write_text("a,b\n1,2\n", "utf-8")
    monkeypatch.setattr(kind_module("npz"), "recognise", broken)
    assert recognise(tmp_path / "a.csv")[0].kind.key == "csv"


def test_no_hint_is_given_for_files_of_a_kind() -> None:
    """A file of a kind that is damaged says what is wrong with it; single samples are a matter of their folders."""
    known = {suffix for kind in data_kinds() for suffix in kind.suffixes}
    alone = {suffix for suffix, hint in hints.HINTS.items() if "one sample" in str(hint)}
    assert known & set(hints.HINTS) <= alone


def test_of_a_huge_folder_some_names_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By each kind: a folder of 100,000 files was listed by each kind before anything was said of it."""
    read: list[str] = []
    scandir = os.scandir

    class Counted:
        def __init__(self, path: Any) -> None:
            self._scan = scandir(path)

        def __enter__(self) -> Counted:
            return self

        def __exit__(self, *_error: object) -> None:
            self._scan.close()

        def __iter__(self) -> Iterator[os.DirEntry[str]]:
            for entry in self._scan:
                read.append(entry.name)
                yield entry

    for number in range(60):
        (tmp_path / f"{number}.png").write_bytes(b"")
    listing = [kind.key for kind in data_kinds() if kind.folders and hasattr(kind_module(kind.key), "MOST_LISTED")]
    for kind in listing:
        monkeypatch.setattr(f"runtime.worker.data.sources.{kind}.MOST_LISTED", 20)
    monkeypatch.setattr(os, "scandir", Counted)
    best = recognise(tmp_path)[0]
    assert (best.kind.key, str(best.found.what)) == ("pictures", "more than 20 pictures")
    assert len(listing) >= 5
    assert 0 < len(read) <= len(listing) * 21, "and one that looks at all of them is above that by itself"


def test_what_reads_data_is_imported_piece_by_piece_before_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    imported: list[str] = []

    def fake(name: str) -> None:
        imported.append(name)
        if name == "soundfile":
            raise OSError("libsndfile is missing")

    monkeypatch.setattr("runtime.worker.data.warming.importlib.import_module", fake)
    warming = Warming()
    steps = 0
    while warming.go_on():
        steps += 1
    assert steps >= len(imported) >= len(data_kinds()) and not warming.go_on()
    assert {"numpy", "h5py", "pyarrow.parquet", "runtime.worker.data.sources.pictures"} <= set(imported)
