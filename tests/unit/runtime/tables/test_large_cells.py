"""Large tables of cells, read block by block: the same values, words and gaps as of all cells at once."""

from __future__ import annotations

import errno
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resources.cache_folder import cache_dir
from resources.python_code.in_scripts import words
from runtime.spec import DataSource
from runtime.worker.data.opening import open_source
from runtime.worker.data.source import DataError, Source
from runtime.worker.data.sources import jsonl
from runtime.worker.data.sources import sqlite as sqlite_kind
from runtime.worker.data.tables import cell_column
from runtime.worker.data.tables.cells_source import CellsSource
from runtime.worker.data.tables.large_cells import LargeCells
from runtime.worker.process import waiting as process_waiting
from runtime.worker.process.control import CancelledError

KINDS = {"jsonl": (jsonl, CellsSource), "sqlite": (sqlite_kind, CellsSource)}
Row = dict[str, Any]


@pytest.fixture(autouse=True)
def _small_blocks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAMELLA_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setattr(jsonl, "_PIECE", 40)
        patch.setattr(sqlite_kind, "_BLOCK", 3)
        patch.setattr(sqlite_kind, "_FIRST", 2)
        yield


def write(path: Path, rows: list[Row]) -> Path:
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
        return path
    names = list(dict.fromkeys(name for row in rows for name in row))
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"CREATE TABLE t ({', '.join(names)})")
        values = [[row.get(name) for name in names] for row in rows]
        database.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(names))})", values)
    return path


def opened(path: Path, limit: int, **options: Any) -> Source:
    with pytest.MonkeyPatch.context() as patch:
        for module, _ in KINDS.values():
            patch.setattr(module, "LARGE", limit)
        return open_source(DataSource(path.suffix[1:], str(path), dict(options)))


def require_same(path: Path) -> None:
    shutil.rmtree(cache_dir() / "tables", ignore_errors=True)
    small, large, again = opened(path, 2**40), opened(path, 0), opened(path, 0)
    assert isinstance(small, CellsSource)
    for other in (large, again):
        assert isinstance(other, LargeCells)
        require_alike(small, other)


def require_alike(small: Source, large: Source) -> None:
    assert large.names() == small.names()
    assert large.left_out == small.left_out
    assert str(large.note) == str(small.note)
    count = small.shape(small.names()[0])[0] if small.names() else 0
    for name in small.names():
        assert (large.shape(name), large.dtype(name)) == (small.shape(name), small.dtype(name)), name
        assert large.categories(name) == small.categories(name)
        assert large.sample_kind(name) == small.sample_kind(name)
        values = small.read(name, slice(0, count))
        np.testing.assert_array_equal(large.read(name, slice(0, count)), values)
        some = np.array([count - 1, 0, count // 2])
        np.testing.assert_array_equal(large.take(name, some), values[some])
        assert large.number_among_words(name) == small.number_among_words(name)
        assert list(large.doubts(name)) == list(small.doubts(name))
        if values.dtype.kind != "O":
            assert large.column(name) == small.column(name)
            assert [large.written(name, row) for row in range(count)] == [
                small.written(name, row) for row in range(count)
            ]
    for row in range(count):
        assert str(large.place(row)) == str(small.place(row))


MIXTURES: dict[str, list[Any]] = {
    "whole numbers": [1, 2, 3, 3, 2, 1, 0],
    "whole and other numbers": [1, 2, 3, 0.5, 2, 2**60, 7],
    "too large ones": [1, 2**63, 3, 4, 5],
    "gaps": [None, 1, 2, None, 4, 5, None],
    "gaps at first": [None] * 5 + [1, 2],
    "words and gaps": ["red", None, "blue", "red", "NA", "blue", "red"],
    "numbers in texts": ["1", "2.5", "", "4", "x"],
    "only numbers in texts": ["1", "2.5", "", "4", "5"],
    "whole numbers in texts": ["1", "2", "3", "4", "5"],
    "numbers and words": [1, 2, "x", 3, "4", "NA", None, 5],
    "words and numbers": ["a", "b", 3, "c", "c", None, 4.5, "d"],
    "texts that are numbers after numbers": [1, 2, 3, 4, 5, "6", "7"],
    "words, and late one number": ["a", "b", "a", "b", "a", "b", 1],
    "dates": ["2024-01-02", "2024-01-03", None, "2024-02-02", "?"],
    "dates with zones": ["2024-01-02 10:00", "2024-01-03 10:00", "2024-02-02 10:00+02:00", "2024-02-02 11:00"],
    "free texts": [f"a text  that nobody else has, {n}" for n in range(80)] + [None, " "],
    "nothing": [None] * 8,
    "nothing that is written": ["NA", "", None, "?", "-"],
    "yes and no": [True, False, None, True],
    "nested at last": [1, 2, 3, 4, 5, [6]],
    "한국어": ["서울", "부산", "서울", None, "대구 "],
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mixture", MIXTURES)
def test_it_is_what_all_cells_at_once_are(tmp_path: Path, kind: str, mixture: str) -> None:
    if kind == "sqlite" and mixture in ("too large ones", "nested at last"):
        pytest.skip("SQLite has no such values")
    cells = MIXTURES[mixture]
    require_same(write(tmp_path / f"a.{kind}", [{"x": cell, "n": at} for at, cell in enumerate(cells)]))


CELLS = st.one_of(
    st.none(),
    st.integers(-3, 3),
    st.floats(-2, 2, width=16),
    st.booleans(),
    st.sampled_from(["", "NA", "red", "blue ", "1", "2.5", "1.234", "2024-01-02", "2024-01-02 10:00Z", "[1]"]),
)


@given(
    st.lists(
        st.fixed_dictionaries({"id": st.integers(0, 5)}, optional={"x": CELLS, "y": CELLS}), min_size=1, max_size=14
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_cells_are(tmp_path: Path, rows: list[Row]) -> None:
    require_same(write(tmp_path / "a.jsonl", rows))


def test_empty_lines_and_a_mark_at_the_beginning(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"a": 1}\r\n\r\n  \n{"a": 2}\n{"a": 3}\n\n{"a": 4}')
    require_same(path)
    assert str(opened(path, 0).place(1)) == "line 4"


@pytest.mark.parametrize("line", ["[1]", '{"a": ', '{"a": 1} x', "1", '{"a": "' + "x" * 60, "[" * 2000])
def test_a_line_that_is_wrong_is_named(tmp_path: Path, line: str) -> None:
    path, errors = tmp_path / "a.jsonl", []
    path.write_text('{"a": 1}\n' * 20 + "\n" + line + "\n" + '{"a": 1}\n' * 20, "utf-8")
    for limit in (2**40, 0):
        with pytest.raises(DataError) as refused:
            opened(path, limit)
        errors.append(str(refused.value.text))
    assert errors[0] == errors[1] and "line 22" in errors[0]


@pytest.mark.parametrize("later", ["dates", "numbers", "no dates after all", "texts"])
def test_texts_that_are_too_many_to_be_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, later: str) -> None:
    monkeypatch.setattr(words, "MOST_CLASSES", 10)
    texts: list[Any] = [f"2024-01-{day:02}" for day in range(1, 29)]
    if later == "numbers":
        texts = [f"{n}.5" for n in range(28)]
    elif later == "texts":
        texts = [f"a text, {n}" for n in range(28)]
    texts[14:14] = [None, "NA"]
    texts += [None] * 5 + (["soon"] if later.startswith("no") else [])
    require_same(write(tmp_path / "a.jsonl", [{"x": text} for text in texts]))


def test_long_texts_are_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.worker.data.tables.kept_column._MOST_BYTES", 50)
    path = write(tmp_path / "a.jsonl", [{"x": f"text {n} " * 3} for n in range(30)] * 3)
    source = opened(path, 0)
    assert source.sample_kind("x") == "text"
    assert source.read("x", slice(58, 61)).tolist() == [f"text {n} " * 3 for n in (28, 29, 0)]


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_read_once_until_the_file_changes(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / f"a.{kind}", [{"x": n} for n in range(9)])
    opened(path, 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cell_column.CellColumn, "add", None)  # would be called
        assert opened(path, 0).shape("x") == (9,)
    write(path, [{"x": n} for n in range(12)])
    assert opened(path, 0).shape("x") == (12,)

    def full(*_args: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    write(path, [{"x": n} for n in range(13)])
    monkeypatch.setattr("runtime.worker.data.tables.kept_columns.shutil.disk_usage", full)
    assert opened(path, 0).read("x", slice(0, 13)).tolist() == list(range(13))


@pytest.mark.parametrize("kind", KINDS)
def test_it_tells_how_far_it_is_and_ends_when_nobody_waits(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = [1, "x", 2, "y", "z"] * 10
    path, told = write(tmp_path / f"a.{kind}", [{"x": cell} for cell in cells]), list[tuple[int, int | None, bool]]()
    monkeypatch.setattr(process_waiting, "_TELL_EVERY", 0)
    with process_waiting.waiting(lambda: True, lambda done, total, _unit, again: told.append((done, total, again))):
        opened(path, 0)
    total = path.stat().st_size if kind == "jsonl" else len(cells)
    assert {of for _, of, _ in told} == {total}
    for twice in (False, True):
        found = [done for done, _, again in told if again is twice]
        assert found == sorted(found) and len(found) > 3 and found[-1] > total // 2
    shutil.rmtree(cache_dir() / "tables")
    left = iter([True] * 4)
    with process_waiting.waiting(lambda: next(left, False)), pytest.raises(CancelledError):
        opened(path, 0)
    assert not list((cache_dir() / "tables").iterdir())


def test_a_query_that_works_long_ends_when_nobody_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.sqlite", [{"x": n} for n in range(5)])
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    left = iter([True] * 3)
    with process_waiting.waiting(lambda: next(left, False)), pytest.raises(CancelledError):
        opened(path, 0, query=endless)
    monkeypatch.setattr(sqlite_kind, "_SECONDS", 0.05)
    with pytest.raises(DataError, match="longer than"):
        opened(path, 0, query=endless)


def test_a_query_by_chance_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.sqlite", [{"x": n if n % 2 else str(n) + "x"} for n in range(9)])
    assert isinstance(opened(path, 0, query="SELECT x FROM t ORDER BY random()"), CellsSource)
    assert isinstance(opened(path, 0, query="SELECT x FROM t ORDER BY x"), LargeCells)
