"""The index of runs: it says what reading each run says, whatever happened to it or to the runs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from runtime.run_about import change_about
from runtime.run_process import write_process
from runtime.store import RESULT_FILE, RunInfo, RunStore, read_run
from runtime.tracking import run_index
from runtime.tracking.clean_up import proposed, remove
from runtime.tracking.run_index import INDEX_FILE, RunIndex, bytes_in, light
from tests.benchmarks.many_runs import write_runs

COUNT = 12


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """So few that the index is not written but for these bounds."""
    monkeypatch.setattr(run_index, "FEWEST", 5)
    monkeypatch.setattr(run_index, "_CHANGED", 1)
    monkeypatch.setattr(run_index, "_BLOCK", 5)
    write_runs(tmp_path / "a.runs", COUNT)
    return tmp_path / "a.runs"


def told(folder: Path) -> object:
    return [light(run) for run in RunStore(folder).all_runs()]


def read(folder: Path) -> list[object]:
    return [run.info for run in RunIndex(folder).read()]


def test_it_says_what_the_runs_say(runs: Path) -> None:
    expected = told(runs)
    assert read(runs) == expected
    assert (runs / INDEX_FILE).is_file()
    assert read(runs) == expected
    sizes = [run.size for run in RunIndex(runs).read()]
    assert sizes == [bytes_in(run.folder) for run in RunIndex(runs).read()] and min(sizes) > 2000


def test_what_fits_is_not_read_again(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = read(runs)
    monkeypatch.setattr(run_index, "read_run", lambda folder: pytest.fail(f"{folder} was read"))
    assert read(runs) == expected


def _rename(runs: Path) -> None:
    (runs / "0003-digits").rename(runs / "0033-digits")


def _edit(runs: Path) -> None:
    path = runs / "0004-digits" / RESULT_FILE
    path.write_bytes(path.read_bytes().replace(b'"epochs_done": 3', b'"epochs_done": 2'))


def _damage(runs: Path) -> None:
    (runs / "0005-digits" / "run.json").write_text("{", "utf-8")


def _train(runs: Path) -> None:
    (runs / "0006-digits" / RESULT_FILE).unlink()
    (runs / "0006-digits" / "events.jsonl").write_text("", "utf-8")
    write_process(runs / "0006-digits")


CHANGES: dict[str, Callable[[Path], object]] = {
    "marked": lambda runs: change_about(runs / "0002-digits", {"tags": ("new",), "name": "other"}),
    "gone": lambda runs: shutil.rmtree(runs / "0001-digits"),
    "renamed": _rename,
    "edited in place": _edit,
    "damaged": _damage,
    "without its model": lambda runs: (runs / "0007-digits" / "model.keras").unlink(),
    "going on": _train,
    "new": lambda runs: shutil.copytree(runs / "0001-digits", runs / "0099-digits"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_it_follows_what_changes(runs: Path, change: Callable[[Path], object]) -> None:
    index = RunIndex(runs)
    before = [run.info for run in index.read()]
    change(runs)
    expected = told(runs)
    assert expected != before
    assert [run.info for run in index.read()] == expected  # the one that has read them
    assert read(runs) == expected  # and one that begins with the file


@pytest.mark.parametrize("content", [b"", b"\x00" * 100, b"\xc1", msgspec.msgpack.encode({"version": 1}), None])
def test_a_damaged_index_is_made_anew(runs: Path, content: bytes | None) -> None:
    expected = read(runs)
    whole = (runs / INDEX_FILE).read_bytes()
    (runs / INDEX_FILE).write_bytes(whole[: len(whole) // 2] if content is None else content)
    assert read(runs) == expected
    assert (runs / INDEX_FILE).read_bytes() == whole


def test_an_index_of_another_machine_is_trusted_with_what_has_ended_alone(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (runs / "0006-digits" / RESULT_FILE).unlink()
    for name in ("events.jsonl", ""):
        (runs / "0006-digits" / "events.jsonl").write_text("", "utf-8")
        os.utime(runs / "0006-digits" / name, (1_700_000_000, 1_700_000_000))
    read(runs)
    asked: list[str] = []

    def watched(folder: Path) -> RunInfo | None:
        asked.append(folder.name)
        return read_run(folder)

    monkeypatch.setattr(run_index, "_reader", lambda: "another")
    monkeypatch.setattr(run_index, "read_run", watched)
    read(runs)
    assert asked == ["0006-digits"]


def test_few_runs_keep_their_models_and_need_no_index(tmp_path: Path) -> None:
    write_runs(tmp_path / "few.runs", 3)
    found = RunIndex(tmp_path / "few.runs").read()
    assert [run.info for run in found] == RunStore(tmp_path / "few.runs").all_runs()
    assert not any(run.lightened for run in found) and not (tmp_path / "few.runs" / INDEX_FILE).exists()


def test_reading_can_be_ended(runs: Path) -> None:
    assert RunIndex(runs).read(lambda _done, _count: False) == []
    assert not (runs / INDEX_FILE).exists()


# cleaning up


def test_cleaning_up_keeps_the_best_and_what_is_in_use(runs: Path) -> None:
    folders = sorted(path for path in runs.iterdir() if path.is_dir())
    for folder in folders[:2]:
        (folder / "best.keras").write_bytes(bytes(500))
    (folders[2] / "model.keras").rename(folders[2] / "epoch-0003.keras")
    (folders[2] / "epoch-0002.keras").write_bytes(bytes(700))
    change_about(folders[1], {"starred": True})
    change_about(folders[3], {"archived": True})
    change_about(folders[4], {"archived": True, "starred": True})
    _train(runs)
    change_about(folders[5], {"archived": True})  # goes on
    change_about(folders[7], {"archived": True})
    infos = RunStore(runs).all_runs()
    weights = proposed(infos, ["weights"])
    assert [(one.number, [path.name for path in one.files], one.size) for one in weights] == [
        (1, ["model.keras"], 2000),
        (3, ["epoch-0002.keras"], 700),
    ]
    both = proposed(infos, ["weights", "archived"])
    assert [(one.number, one.whole) for one in both] == [(1, False), (3, False), (4, True), (8, True)]
    change_about(folders[7], {"starred": True})  # after it was asked about
    freed, failures = remove(both)
    assert freed == sum(one.size for one in both[:3]) and [str(one) for one in failures] == [
        "Run 8 is in use, and stays."
    ]
    assert not folders[3].exists() and folders[5].is_dir() and folders[7].is_dir()
    assert (folders[0] / "best.keras").is_file() and not (folders[0] / "model.keras").exists()
    assert (folders[1] / "model.keras").is_file() and (folders[2] / "epoch-0003.keras").is_file()
