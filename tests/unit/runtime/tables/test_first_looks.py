"""The first samples of large tables, before they have been read."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from runtime.messages.describing import DataPeeked, PeekData
from runtime.spec import DataSource, DataSpec
from runtime.worker.data.answering.peeked import peek_data
from runtime.worker.data.opening import open_source
from runtime.worker.data.sources import sqlite
from runtime.worker.data.tables import heads
from runtime.worker.process.control import CancelledError
from runtime.worker.process.waiting import waiting


def peeked(kind: str, path: Path, **options: object) -> DataPeeked:
    return peek_data(PeekData(1, DataSpec((DataSource(kind, str(path), dict(options)),))))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Everything is large; little of it is looked at."""
    monkeypatch.setenv("LAMELLA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(heads, "LARGE", 0)
    monkeypatch.setattr(sqlite, "LARGE", 0)
    monkeypatch.setattr(heads, "_ENOUGH", 200)
    return tmp_path


ROWS = [(n + 0.5, f"색{n % 3}") for n in range(500)]


def write(kind: str, path: Path) -> None:
    if kind == "csv":
        path.write_text("a,w\n" + "".join(f"{number},{word}\n" for number, word in ROWS), "cp949")
    elif kind == "jsonl":
        path.write_text("".join(json.dumps({"a": number, "w": word}) + "\n" for number, word in ROWS), "utf-8")
    else:
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("CREATE TABLE t (a, w)")
            database.executemany("INSERT INTO t VALUES (?, ?)", ROWS)


@pytest.mark.parametrize("kind", ["csv", "jsonl", "sqlite"])
def test_the_first_samples_are_there_at_once(folder: Path, kind: str) -> None:
    path = folder / f"a.{kind}"
    write(kind, path)
    answer = peeked(kind, path)
    assert [(column.name, column.kind) for column in answer.columns] == [("a", "number"), ("w", "category")]
    count = answer.columns[0].samples
    assert 5 < count <= 64 and [preview.count for preview in answer.previews] == [count] * 2
    assert answer.previews[1].texts[:4] == ("색0", "색1", "색2", "색0")


def test_a_row_that_is_longer_than_what_is_looked_at(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "a.csv"
    path.write_text(",".join(f"c{n}" for n in range(300)) + "\n" + (",".join("1" * 300) + "\n") * 50, "utf-8")
    answer = peeked("csv", path)
    assert len(answer.columns) == 100 and answer.columns[0].samples == 9
    monkeypatch.setattr(heads, "_MOST", 300)
    assert peeked("csv", path).columns == ()


def test_nothing_is_said_where_it_is_small_or_wrong(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "a.csv"
    assert peeked("csv", path).columns == ()
    path.write_bytes(b"a,w\n1,\xff\xff\xff\n" * 20)
    assert peeked("csv", path).columns == ()
    path.write_text("a,w\n1,x,2\n" * 20, "utf-8")
    assert peeked("csv", path).columns == ()
    path.write_text("a,w\n1,x\n" * 20, "utf-8")
    assert peeked("csv", path).columns and not peeked("csv", path, decimal="?").columns
    assert peeked("made of cheese", path).columns == ()
    monkeypatch.setattr(heads, "LARGE", 10**6)
    assert peeked("csv", path).columns == ()


@pytest.mark.parametrize("kind", ["csv", "jsonl", "sqlite"])
def test_reading_ends_when_nobody_waits_any_more(folder: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / f"a.{kind}"
    write(kind, path)
    monkeypatch.setattr("runtime.worker.data.sources.csv._LARGE", 0)
    with waiting(lambda: False), pytest.raises(CancelledError):
        open_source(DataSource(kind, str(path)))
    assert open_source(DataSource(kind, str(path))).shape("a") == (500,)
