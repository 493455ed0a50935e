"""Parquet, Feather, Excel, OpenDocument, lines of JSON, SQLite: what is read, and how a bad file is told."""

from __future__ import annotations

import datetime
import decimal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest

from resources.text import Text
from runtime.data_kinds import kind_module
from runtime.spec import DataSource
from runtime.worker.data.opening import open_source
from runtime.worker.data.source import DataError, Source
from tests.support.sheets import Cell, excel, open_document

NAN = float("nan")
NOON = datetime.datetime(2020, 1, 2, 12, 0)
SECONDS = 1577966400.0  # of NOON, taken as UTC


def opened(kind: str, path: Path, **options: Any) -> Source:
    return open_source(DataSource(kind, str(path), options))


def refused(kind: str, path: Path, **options: Any) -> str:
    with pytest.raises(DataError) as caught:
        opened(kind, path, **options)
    return str(caught.value.text)


def values(source: Source, name: str) -> Any:
    return source.read(name, slice(0, source.shape(name)[0]))


def arrow_table() -> pa.Table:
    zoned = pa.array([NOON, None, NOON], pa.timestamp("us")).cast(pa.timestamp("ms", "Asia/Seoul"))
    return pa.table(
        {
            "whole": pa.array([1, 2, 3], pa.int32()),
            "gaps": pa.array([1, None, 3], pa.int64()),
            "yes": [True, False, True],
            "maybe": [True, None, False],
            "small": pa.array([0.5, None, 1.5], pa.float32()),
            "price": pa.array([decimal.Decimal("1.50"), None, decimal.Decimal("2.25")], pa.decimal128(8, 2)),
            "day": pa.array([NOON.date(), None, NOON.date()]),
            "time": pa.array([NOON, NOON, None], pa.timestamp("ns")),
            "zoned": zoned,
            "word": ["b", "a", None],
            "class": pa.array(["x", None, "y"]).dictionary_encode(),
            "vector": pa.array([[1, 2], [3, 4], [5, 6]], pa.list_(pa.uint8(), 2)),
            "list": [[1], [2, 3], []],
            "struct": [{"a": 1}, {"a": 2}, None],
            "bytes": [b"1", b"2", b"3"],
        }
    )


def write_arrow(kind: str, path: Path, table: pa.Table) -> None:
    if kind == "parquet":
        pa.parquet.write_table(table, path, row_group_size=2)
    elif path.suffix == ".arrow":
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, table.schema) as writer:
            writer.write_table(table, 2)
    else:
        pa.feather.write_feather(table, path, chunksize=2)


ARROW = [("parquet", "a.parquet"), ("feather", "a.feather"), ("feather", "a.arrow")]


@pytest.mark.parametrize(("kind", "name"), ARROW)
def test_tables_of_arrow(tmp_path: Path, kind: str, name: str) -> None:
    write_arrow(kind, tmp_path / name, arrow_table())
    expected: dict[str, tuple[str, list[Any]]] = {
        "whole": ("int32", [1, 2, 3]),
        "gaps": ("float64", [1, NAN, 3]),
        "yes": ("bool", [True, False, True]),
        "maybe": ("float64", [1, NAN, 0]),
        "small": ("float32", [0.5, NAN, 1.5]),
        "price": ("float64", [1.5, NAN, 2.25]),
        "day": ("float64", [SECONDS - 43200, NAN, SECONDS - 43200]),
        "time": ("float64", [SECONDS, SECONDS, NAN]),
        "zoned": ("float64", [SECONDS, NAN, SECONDS]),
        "word": ("int64", [1, 0, -1]),
        "class": ("int64", [0, -1, 1]),
        "vector": ("uint8", [[1, 2], [3, 4], [5, 6]]),
    }
    with opened(kind, tmp_path / name) as source:
        assert source.names() == tuple(expected)
        assert set(source.left_out) == {"list", "struct", "bytes"}
        for column, (dtype, numbers) in expected.items():
            assert (column, str(source.dtype(column))) == (column, dtype)
            read = values(source, column)
            assert read.dtype == dtype
            np.testing.assert_array_equal(read, numbers)
            np.testing.assert_array_equal(source.read(column, slice(1, 3)), numbers[1:])
            np.testing.assert_array_equal(source.take(column, np.array([2, 0])), [numbers[2], numbers[0]])
        assert source.categories("class") == ("x", "y")
        kinds = {column.name: column.kind for column in source.columns()}
        assert [column for column, found in kinds.items() if found == "date"] == ["day", "time", "zoned"]
        assert str(source.place(2)) == "row 3"


@pytest.mark.parametrize(("kind", "name"), ARROW)
def test_a_damaged_table_of_arrow_is_told(tmp_path: Path, kind: str, name: str) -> None:
    write_arrow(kind, tmp_path / name, arrow_table())
    whole = (tmp_path / name).read_bytes()
    for part in (whole[: len(whole) // 2], whole[:-1], b"", b"hello " * 100):
        (tmp_path / name).write_bytes(part)
        with pytest.raises(DataError, match=name), opened(kind, tmp_path / name) as source:  # noqa: PT012
            for column in source.names():
                values(source, column)
            raise DataError(Text("{file} can be read", {"file": name}))


def test_large_texts_are_read_when_they_are_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.worker.data.tables.arrow_source.WORD_BYTES", 10)
    pa.parquet.write_table(pa.table({"text": ["one two", None, "three"]}), tmp_path / "a.parquet")
    with opened("parquet", tmp_path / "a.parquet") as source:
        assert source.dtype("text").kind == "O" and source.categories("text") == ()
        assert values(source, "text").tolist() == ["one two", "", "three"]
        assert source.column("text").kind == "text"


def test_lines_of_json(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = ['{"a": 1, "w": "x", "n": [1], "d": "2020-01-02T12:00:00"}', "", '{"a": 2.5, "b": true}', '{"a": null}']
    path.write_text("\ufeff" + "\n".join(lines), "utf-8")
    with opened("jsonl", path) as source:
        np.testing.assert_array_equal(values(source, "a"), [1, 2.5, NAN])
        np.testing.assert_array_equal(values(source, "b"), [NAN, 1, NAN])
        np.testing.assert_array_equal(values(source, "d"), [SECONDS, NAN, NAN])
        assert source.sample_kind("d") == "date"
        assert source.categories("w") == ("x",) and values(source, "w").tolist() == [0, -1, -1]
        assert "n" in source.left_out and str(source.place(1)) == "line 3"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1}\n{"a": \n', "line 2: it is no JSON"),
        ('{"a": 1}\n[1]\n', "line 2: it is no object"),
        ("[" * 100_000, "line 1: it is nested too deeply"),
        ('{"a":' * 100_000, "line 1: it is nested too deeply"),
        ("\n\n", "is empty"),
    ],
)
def test_bad_lines_of_json_are_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.jsonl").write_text(text, "utf-8")
    assert said in refused("jsonl", tmp_path / "a.jsonl")


def test_a_number_that_is_a_word_after_many_rows_is_known_by_its_line(tmp_path: Path) -> None:
    lines = [f'{{"a": {n}}}' for n in range(25_000)]
    lines[20_000] = '{"a": "many"}'
    (tmp_path / "a.jsonl").write_text("\n".join(lines), "utf-8")
    with opened("jsonl", tmp_path / "a.jsonl") as source:
        assert source.written("a", 20_000) == "many" and str(source.place(20_000)) == "line 20001"
        assert values(source, "a")[19_999] == 19_999


def test_mixed_time_zones_are_told(tmp_path: Path) -> None:
    lines = ['{"d": "2020-01-02T12:00:00"}', '{"d": "2020-01-02T21:00:00+09:00"}', '{"d": "2020-01-02 12:00Z"}']
    (tmp_path / "a.jsonl").write_text("\n".join(lines), "utf-8")
    with opened("jsonl", tmp_path / "a.jsonl") as source:
        assert values(source, "d").tolist() == [SECONDS] * 3
        (found,) = source.doubts("d")
        assert found.kind == "zones" and "line 2" in str(found.text)


SHEET: list[list[Cell]] = [
    ["name", "size", "made", "cost"],
    ["b", 1, NOON.date(), "=A1*2|2.5"],
    ["a", 2, NOON, 3],
    [None, None, None, None],
    ["b", 4, None, "#DIV/0!"],
]


def test_sheets_of_excel(tmp_path: Path) -> None:
    path = excel(tmp_path / "a.xlsx", {"one": SHEET, "둘": [["x"], [1.5]]}, first="B3")
    with opened("excel", path) as source:
        assert source.names() == ("name", "size", "made", "cost")
        assert source.categories("name") == ("a", "b") and values(source, "name").tolist() == [1, 0, 1]
        assert values(source, "size").dtype == np.int64
        np.testing.assert_array_equal(values(source, "made"), [SECONDS - 43200, SECONDS, NAN])
        np.testing.assert_array_equal(values(source, "cost"), [2.5, 3, NAN])
        assert str(source.place(2)) == "row 7 of one"
        (found,) = source.doubts("cost")
        assert "the cell E7 of one holds an error" in str(found.text) and list(source.doubts("size")) == []
    with opened("excel", path, area="C3:C5") as source:
        assert source.names() == ("size",) and values(source, "size").tolist() == [1, 2]
    with opened("excel", path, area="C4:C5", header=False) as source:
        assert source.names() == ("column_1",)
    with opened("excel", path, sheet="둘") as source:
        assert values(source, "x").tolist() == [1.5]
    assert refused("excel", path, sheet="three") == "a.xlsx has no sheet three. It has: one, 둘."
    assert "two corners" in refused("excel", path, area="all")
    assert refused("excel", excel(tmp_path / "b.xlsx", {"one": []})) == "b.xlsx: the sheet one is empty."


def test_a_sheet_with_a_cell_far_away_is_refused_before_it_takes_the_memory(tmp_path: Path) -> None:
    path = changed(excel(tmp_path / "a.xlsx", {"one": SHEET}), b"</row></sheetData>", FAR + b"</sheetData>")
    assert "lie too far apart" in refused("excel", path)


def test_a_sheet_that_does_not_fit_into_memory_is_refused_with_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = excel(tmp_path / "a.xlsx", {"one": SHEET})
    monkeypatch.setattr("runtime.worker.data.tables.workbooks.MOST_CELLS", 5)
    said = refused("excel", path)
    assert "one has more than 5 cells" in said and "CSV or Parquet" in said
    monkeypatch.undo()
    monkeypatch.setattr("runtime.worker.data.tables.workbooks.free_memory", lambda: 7 * 120)
    assert "unpacks to more" in refused("excel", path)
    monkeypatch.setattr("runtime.worker.data.tables.workbooks.check_archive", lambda _path: None)
    monkeypatch.setattr("runtime.worker.data.sources.excel.check_archive", lambda _path: None)
    assert "one has more than 7 cells" in refused("excel", path)


LINUX = pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")


@LINUX
def test_a_sheet_that_says_it_is_larger_than_it_is_takes_no_more_memory(tmp_path: Path) -> None:
    said = b'<dimension ref="A1:XFD1048576"/><sheetData>'
    path = changed(excel(tmp_path / "a.xlsx", {"one": [["a", "b"], [1, 2]]}), b"<sheetData>", said)
    assert within(400, "excel", path) == "a, b"


@LINUX
def test_a_workbook_that_unpacks_to_more_than_it_says_is_refused(tmp_path: Path) -> None:
    path = excel(tmp_path / "a.xlsx", {"one": [["a", "b"], [1, 2]]})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/sharedStrings.xml", "w") as part:
        part.write(b"<sst>")
        for _ in range(30):
            part.write(b"<si><t>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</t></si>" * 2**18)
    with zipfile.ZipFile(path) as archive:
        real = archive.getinfo("xl/sharedStrings.xml").file_size
    path.write_bytes(path.read_bytes().replace(real.to_bytes(4, "little"), (1000).to_bytes(4, "little")))
    assert "is no readable workbook" in within(400, "excel", path)


@LINUX
def test_texts_that_repeat_take_the_memory_of_those_that_differ(tmp_path: Path) -> None:
    """Half a gigabyte of text lies in a file of kilobytes: each row names one of three."""
    texts = pa.array([letter * 10_000 for letter in "abc"])
    column = pa.DictionaryArray.from_arrays(pa.array(np.arange(50_000) % 3, pa.int32()), texts)
    table = pa.table({"text": column, "n": np.arange(50_000)}).replace_schema_metadata(None)
    plain = pa.schema([("text", pa.string()), ("n", pa.int64())])
    with pa.parquet.ParquetWriter(tmp_path / "a.parquet", plain, write_statistics=False, store_schema=False) as writer:
        for batch in table.to_batches(10_000):
            writer.write_table(pa.table({"text": batch["text"].dictionary_decode(), "n": batch["n"]}))
    assert not pa.types.is_dictionary(pa.parquet.read_schema(tmp_path / "a.parquet").field("text").type)
    assert within(400, "parquet", tmp_path / "a.parquet") == "text, n"


WITHIN = """
import sys
from runtime.spec import DataSource
from runtime.worker.data.opening import open_source
from runtime.worker.data.source import DataError
try:
    with open_source(DataSource(sys.argv[1], sys.argv[2])) as source:
        for name in source.names():
            source.read(name, slice(0, source.shape(name)[0]))
        print(", ".join(source.names()))
except DataError as error:
    print(error)
with open("/proc/self/status") as status:  # the most of getrusage is that of whoever started it, where that was more
    print(next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024)
"""


def within(megabytes: int, kind: str, path: Path) -> str:
    """What a process of its own says that reads all columns, if it takes no more memory than that."""
    command = [sys.executable, "-c", WITHIN, kind, str(path)]
    *said, taken = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout.splitlines()
    assert int(taken) < megabytes, taken
    return "".join(said)


FAR = b'</row><row r="900000"><c r="ZZ900000"><v>1</v></c></row>'


def changed(path: Path, old: bytes, new: bytes) -> Path:
    """The workbook with another first sheet."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(old, new))
    return path


def test_open_document(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["날짜", "n", "w", "yes"],
        [NOON.date(), 1.5, "색", True],
        [NOON, None, "빛", False],
        [None, 3, "색", True],
    ]
    path = open_document(tmp_path / "a.ods", {"one": rows, "두": [["x"], [7], [8]]})
    source = opened("excel", path)
    assert source.names() == ("날짜", "n", "w", "yes")
    np.testing.assert_array_equal(values(source, "날짜"), [SECONDS - 12 * 3600, SECONDS, NAN])
    assert source.sample_kind("날짜") == "date"
    np.testing.assert_array_equal(values(source, "n"), [1.5, NAN, 3])
    assert source.categories("w") == ("빛", "색") and values(source, "yes").tolist() == [1, 0, 1]
    assert str(source.place(2)) == "row 4 of one"
    assert values(opened("excel", path, sheet="두"), "x").tolist() == [7, 8]
    assert values(opened("excel", path, area="B1:B3"), "n").tolist()[0] == 1.5
    found = kind_module("excel").recognise(path)
    assert str(found.what) == "2 sheets: one, 두"
    closed = open_document(tmp_path / "b.ods", {"one": rows}, encrypted=True)
    assert refused("excel", closed) == "b.ods is protected by a password: save it without one."


def test_workbooks_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))  # as Excel encrypts
    assert refused("excel", path) == "a.xlsx is protected by a password: save it without one."
    whole = excel(tmp_path / "b.xlsx", {"one": SHEET}).read_bytes()
    for part in (whole[: len(whole) // 2], b"", b"PK\x03\x04", b"hello"):
        path.write_bytes(part)
        assert refused("excel", path).startswith("a.xlsx is no readable workbook")
    assert "more than fits into memory" in refused("excel", bomb(tmp_path / "c.xlsx"))


def bomb(path: Path) -> Path:
    """An archive of a few kilobytes that says it unpacks to 64 GB."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 1000)
    content = path.read_bytes()
    large = (2**32 - 2).to_bytes(4, "little")
    at = content.index(b"PK\x01\x02")
    path.write_bytes(content[: at + 24] + large + content[at + 28 :])
    return path


def database(path: Path) -> Path:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE people (name TEXT, age INTEGER, height REAL, photo BLOB, born TEXT)")
        rows = [("b", 1, 1.5, b"1", "2020-01-02"), ("a", None, 2, None, "2020-01-02"), (None, 3, 2.5, None, None)]
        connection.executemany("INSERT INTO people VALUES (?, ?, ?, ?, ?)", rows)
        connection.execute("CREATE TABLE empty (x)")
        connection.execute('CREATE VIEW "odd ""name" AS SELECT age * 2 AS twice FROM people')
    connection.close()
    return path


def test_databases(tmp_path: Path) -> None:
    path = database(tmp_path / "a é?#%.sqlite")
    with opened("sqlite", path) as source:
        assert source.names() == ("name", "age", "height", "born")
        assert values(source, "name").tolist() == [1, 0, -1]
        np.testing.assert_array_equal(values(source, "age"), [1, NAN, 3])
        assert values(source, "height").tolist() == [1.5, 2, 2.5]
        assert source.sample_kind("born") == "date" and "photo" in source.left_out
        assert str(source.place(1)) == "row 2"
    with opened("sqlite", path, table='odd "name') as source:
        np.testing.assert_array_equal(values(source, "twice"), [2, NAN, 6])
    with opened("sqlite", path, query="WITH x AS (SELECT height FROM people) SELECT sum(height) AS s FROM x") as source:
        assert values(source, "s").tolist() == [6]
    assert "has no table x. It has: people, empty, odd" in refused("sqlite", path, table="x")
    assert "has no rows" in refused("sqlite", path, table="empty")
    assert "name them apart with AS" in refused("sqlite", path, query="SELECT age, age FROM people")


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM people",
        "INSERT INTO people (age) VALUES (5)",
        "DROP TABLE people",
        "ATTACH '{other}' AS other",
        "PRAGMA writable_schema = 1",
        "VACUUM INTO '{other}'",
        "CREATE TEMP TABLE x AS SELECT 1",
        "SELECT 1; DELETE FROM people",
        "UPDATE people SET age = 1 RETURNING age",
        "BEGIN",
        "",
    ],
)
def test_sql_that_writes_is_refused_and_changes_nothing(tmp_path: Path, query: str) -> None:
    path, other = database(tmp_path / "a.db"), tmp_path / "other.db"
    before = path.read_bytes()
    if query:
        said = refused("sqlite", path, query=query.format(other=other))
        assert "may read (SELECT)" in said or "must be one SELECT" in said
    assert path.read_bytes() == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.db"]


def test_a_query_without_an_end_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.worker.data.sources.sqlite._SECONDS", 0)
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
    assert "takes longer than" in refused("sqlite", database(tmp_path / "a.db"), query=endless)


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"hello" * 100)
    assert refused("sqlite", path) == "a.db is no SQLite database, or it is encrypted."
    whole = database(tmp_path / "b.db").read_bytes()
    path.write_bytes(whole[:5000])
    assert "a.db" in refused("sqlite", path)


def test_rows_of_a_log_beside_a_database_are_said_not_to_be_read(tmp_path: Path) -> None:
    path = database(tmp_path / "a.db")
    (tmp_path / "a.db-wal").write_bytes(b"x")
    with opened("sqlite", path) as source:
        assert "a.db-wal" in str(source.note)


@pytest.mark.parametrize(("kind", "name"), [*ARROW, ("jsonl", "a.jsonl"), ("excel", "a.xlsx"), ("sqlite", "a.db")])
def test_kinds_are_recognised_by_what_is_in_the_file(tmp_path: Path, kind: str, name: str) -> None:
    path = tmp_path / name
    make: Mapping[str, Any] = {
        "jsonl": lambda: path.write_text('{"a": 1}\n'),
        "excel": lambda: excel(path, {"one": SHEET}),
        "sqlite": lambda: database(path),
    }
    make.get(kind, lambda: write_arrow(kind, path, arrow_table()))()
    found = kind_module(kind).recognise(path)
    assert found is not None and found.score >= 0.9
    path.write_bytes(b"a,b\n1,2\n")
    again = kind_module(kind).recognise(path)
    assert again is None or again.score < found.score
    assert kind_module(kind).recognise(tmp_path / "not there") is None


def test_free_texts_stay_texts(tmp_path: Path) -> None:
    texts = [f"text number {n}" for n in range(60)]
    (tmp_path / "a.jsonl").write_text("\n".join(f'{{"t": "{text}"}}' for text in texts) + "\n{}", "utf-8")
    pa.parquet.write_table(pa.table({"t": [*texts, None]}), tmp_path / "a.parquet")
    for kind in ("jsonl", "parquet"):
        with opened(kind, tmp_path / f"a.{kind}") as source:
            assert source.column("t").kind == "text" and source.categories("t") == ()
            assert values(source, "t").tolist() == [*texts, ""]
