"""Tables as text that are read block by block: the same values, lines and doubts as by the careful rules."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resources.cache_folder import cache_dir
from runtime.spec import DataSource
from runtime.worker.data.opening import open_source
from runtime.worker.data.source import DataError, Source
from runtime.worker.data.sources import csv as csv_kind
from runtime.worker.data.tables import kept_columns, number_columns, text_blocks, text_column
from runtime.worker.data.tables.large_text import LargeTable
from runtime.worker.data.tables.small_text import SmallTable
from runtime.worker.process import waiting as process_waiting
from tests.unit.runtime.tables.test_tables import CERTAIN, FIELDS


@pytest.fixture(autouse=True)
def _small_blocks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAMELLA_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setattr(text_blocks, "CHUNK", 40)
        patch.setattr(text_blocks, "_ROWS", 3)
        yield


def both(path: Path, *, wide: int = 2**30, **options: Any) -> tuple[Source | str, Source | str]:
    """The table as a small and as a large one, or what is said of it; `wide`: columns that are added together."""
    found: list[Source | str] = []
    for limit in (2**30, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(csv_kind, "_LARGE", limit)
            patch.setattr(number_columns, "WIDE", wide)
            patch.setattr("runtime.worker.data.sources.csv.read_regular", lambda path, _limit: path.read_bytes())
            try:
                found.append(open_source(DataSource("csv", str(path), dict(options))))
            except DataError as error:
                found.append(str(error.text))
    return found[0], found[1]


def require_same(path: Path, **options: Any) -> None:
    for wide in (2**30, 1):
        shutil.rmtree(cache_dir() / "tables", ignore_errors=True)
        _require_same(path, both(path, wide=wide, **options))


def _require_same(path: Path, found: tuple[Source | str, Source | str]) -> None:
    small, large = found
    if isinstance(small, str) or isinstance(large, str):
        assert large == small
        return
    assert isinstance(small, SmallTable) and isinstance(large, LargeTable)
    assert large.names() == small.names()
    for name in small.names():
        rows = small.shape(name)[0]
        expected, read = small.read(name, slice(0, rows)), large.read(name, slice(0, rows))
        assert (name, large.dtype(name)) == (name, small.dtype(name))
        np.testing.assert_array_equal(read, expected, strict=True)
        assert large.categories(name) == small.categories(name)
        assert [str(problem) for problem in large.doubts(name)] == [str(problem) for problem in small.doubts(name)]
        assert large.number_among_words(name) == small.number_among_words(name)
        missing = np.flatnonzero(np.isnan(expected) if expected.dtype.kind == "f" else expected == -1)[:1]
        for row in missing.tolist() if expected.dtype.kind != "O" else ():
            assert large.written(name, row) == small.written(name, row)
        assert large.column(name) == small.column(name)
        some = np.array([rows - 1, 0, rows // 2])
        np.testing.assert_array_equal(large.take(name, some), expected[some])
        np.testing.assert_array_equal(large.read(name, slice(1, rows - 1)), expected[1 : rows - 1])
    for row in range(small.shape(small.names()[0])[0]):
        assert str(large.place(row)) == str(small.place(row))


def test_columns_that_are_added_together(tmp_path: Path) -> None:
    """Among plain ones such as are not, in each block and from a later one on."""
    kinds = [
        "{n}",
        "{n}.5",
        "{n}.250",
        "w{n}",
        "{n}.0",
        "1e{n}",
        "",
        "nan",
        "{n},",
        "+{n}",
        " {n}",
        "12345678901234567890",
    ]
    late = ["{n}.5", "x", "", "{n}", "0x1F", "{n},5"]
    columns = [(kind, then) for kind in kinds for then in (kind, *late)]
    lines = [";".join(f"c{place}" for place in range(len(columns)))]
    lines += [";".join((then if n > 6 else kind).format(n=n) for kind, then in columns) for n in range(9)]
    (tmp_path / "a.csv").write_text("\n".join(lines), "utf-8")
    require_same(tmp_path / "a.csv")


@pytest.mark.parametrize(("lines", "delimiter"), [entry[:2] for entry in CERTAIN])
def test_numbers_of_all_kinds(tmp_path: Path, lines: list[str], delimiter: str) -> None:
    rows = [f'"{line}"' if delimiter in line else line for line in lines]
    text = "\n".join([f"x{delimiter}w", *(f"{row}{delimiter}word" for row in rows * 3)])
    (tmp_path / "a.csv").write_text(text, "utf-8")
    require_same(tmp_path / "a.csv")


TABLES = {
    "empty lines": "\ufeffa,b\n\n1, 2\n,\n3,4\n\n5,6\n7,8\n",
    "returns": "a,b\r\n1,x\r\n\r\n3,y\r\n4,x",
    "old returns": "a,b\r1,x\r2,y\r3,x\r",
    "quotes": 'a,w\n1,"x, ""y"""\n2,"two\nlines"\n3,"two\r\nlines"\n4,z\n',
    "quotes within": 'a,w\n1,5" pipe\n2,"x"y\n3,z\n',
    "spaces and quotes": 'a, w\n1, "x, y"\n2, z\n',
    "an open quote": 'a,w\n1,"x\n2,z\n',
    "hexadecimal": "a,b\n1,0x1F\n2,3\n4,5\n",
    "late word": "a,b\n" + "".join(f"{n},{n}.5\n" for n in range(40)) + "41,many\n42,1.5\n",
    "late thousands": "a\tb\n" + "".join(f"{n}\tx\n" for n in range(900, 999)) + "1,200\tx\n",
    "late decimals": "a,b\n" + "".join(f"{n},1\n" for n in range(40)) + "41.5,\n42,\n",
    "dots": "a;b\n500;1\n1.000;2\n600;3\n",
    "signs": "a;b\n+5;1e400\n-3;-inf\n4;2\n",
    "dates": "d,e\n2020-01-02,2020-01-02T03:04:05Z\n,2020-01-02 12:00:00\n2020-02-03,2020-01-02 21:00+09:00\n",
    "texts": "t\n" + "".join(f"text {n}\n" for n in range(70)),
    "widths": "a,b\n1,2\n3,4\n5,6\n7,8\n9,10\n11,12\n1,2,3\n",
    "nothing": "a,b\n",
    "empty": "\n\n",
    "one column": "a\n1\n\n2\n  \n3\n",
    "no text": "a,b\n1,2\n\0,3\n",
    "only gaps": "a,b\n" + ",1\n" * 30,
    "gaps, then words": "a,b\n" + ",1\n" * 30 + "x,1\ny,2\n",
}


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES.keys())
def test_tables(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text(text, "utf-8", newline="")
    require_same(tmp_path / "a.csv")


@pytest.mark.parametrize("encoding", ["cp949", "utf-16", "utf-8-sig"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = "맛,점수\n" + "좋음,3\n나쁨,1\n" * 10
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    require_same(tmp_path / "a.csv")
    (tmp_path / "a.csv").write_bytes(b"a,b\n" + b"1,2\n" * 30 + "좋,1\n".encode("cp949"))  # seen late
    require_same(tmp_path / "a.csv")
    (tmp_path / "a.csv").write_bytes(b"a,b\n" + b"1,2\n" * 30 + b"\xff\xff\xff,1\n")
    require_same(tmp_path / "a.csv")
    require_same(tmp_path / "a.csv", encoding="klingon")


OPTIONS: list[tuple[str, dict[str, Any]]] = [
    ("a|b\n'x|y'|1\nz|2\n", {"quote": "'", "delimiter": "|"}),
    ('a,b\n"x,1\nz,2\n', {"quote": "none"}),
    ("# made by us\na,b\n1,x\n# and so on\n2,y\n3,x\n", {"comment": "#"}),
    ('# made by us\na,b\n1,"x\n#"\n2,y\n3,x\n', {"comment": "#"}),
    ("a,b\n1,x\n-999,gone\n2, gone\n3,y\n", {"missing": "-999, gone"}),
    ("a;b\n31/12/2020;01.02.20\n1/2/2021;03.04.20 5:06 PM\n", {"dates": "day"}),
    ("a;b\n12/31/2020;1\n1/2/2021;2\n", {"dates": "month"}),
    ("a b\n1 2\n3 4\n", {"delimiter": " ", "header": False}),
    ("a\tb\n1,5\t2\n1.000,5\t4\n", {"delimiter": "tab", "decimal": ","}),
]


@pytest.mark.parametrize(("text", "options"), OPTIONS)
def test_options(tmp_path: Path, text: str, options: dict[str, Any]) -> None:
    (tmp_path / "a.csv").write_text(text, "utf-8")
    require_same(tmp_path / "a.csv", **options)


def test_what_options_do(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("# by us\na;d;w\n-999;31/12/2020;'x;y'\n2;1/1/2021;gone\n", "utf-8")
    said = {"comment": "#", "missing": "-999,gone", "dates": "day", "quote": "'"}
    source = open_source(DataSource("csv", str(path), said))
    np.testing.assert_array_equal(source.read("a", slice(0, 2)), [np.nan, 2])
    assert source.read("d", slice(0, 2)).tolist() == [1609372800, 1609459200] and source.sample_kind("d") == "date"
    assert source.categories("w") == ("x;y",) and source.read("w", slice(0, 2)).tolist() == [0, -1]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(FIELDS, FIELDS), min_size=1, max_size=12), st.sampled_from(",;\t|"))
def test_any_fields_are_read_alike(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], mark: str
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.csv"
    lines = [mark.join(f'"{field}"' if mark in field else field for field in row) for row in rows]
    path.write_text("\n".join([f"x{mark}y", *lines]), "utf-8")
    require_same(path, delimiter=mark, header=True)


def test_what_comes_after_many_different_texts_is_read_in_their_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_column, "MOST_DIFFERENT", 20)
    lines = [f'"{n},{n:03}"' for n in range(1, 60)]
    (tmp_path / "a.csv").write_text(
        "\n".join(["x,y", *(f"{line},1" for line in lines), "many,1", '"7,000",1']), "utf-8"
    )
    _, large = both(tmp_path / "a.csv")
    assert isinstance(large, LargeTable)
    values = large.read("x", slice(0, 61))
    assert values[:3].tolist() == [1001, 2002, 3003] and values[60] == 7000 and np.isnan(values[59])
    assert large.written("x", 59) == "many" and str(large.place(59)) == "line 61"


def test_it_is_opened_again_from_the_cache_until_the_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,w\n" + "1,x\n2,y\n" * 20, "utf-8")
    _, first = both(path)
    monkeypatch.setattr("runtime.worker.data.tables.large_text._read", None)  # would be called
    _, again = both(path)
    assert isinstance(first, LargeTable) and isinstance(again, LargeTable)
    np.testing.assert_array_equal(again.read("w", slice(0, 40)), first.read("w", slice(0, 40)))
    with pytest.raises(TypeError):
        both(path, decimal=",")
    path.write_text("a,w\n" + "1,x\n3,y\n" * 20, "utf-8")
    with pytest.raises(TypeError):
        both(path)


def test_a_damaged_cache_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,w\n" + "1,x\n2,y\n" * 20, "utf-8")
    both(path)
    (folder,) = (cache_dir() / "tables").iterdir()
    for name, content in (("facts", b"\x81"), ("facts", b""), ("arrays", b"")):
        (folder / name).write_bytes(content)
        _require_same(path, both(path))


def test_a_full_disk_ends_the_cache_and_not_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,w\n" + "1,x\n2,y\n" * 20, "utf-8")

    def full(*_args: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("runtime.worker.data.tables.kept_columns.shutil.disk_usage", full)
    require_same(path)
    assert [entry.name for entry in (cache_dir() / "tables").iterdir()] == []


def test_the_cache_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_columns, "MOST_BYTES", 1)
    for number in range(4):
        (tmp_path / f"{number}.csv").write_text("a,w\n" + "1,x\n2,y\n" * 20, "utf-8")
        both(tmp_path / f"{number}.csv")
    assert len(list((cache_dir() / "tables").iterdir())) <= 2


@pytest.mark.parametrize("kind", ["utf-8", "utf-16", "quotes that Python cuts", "decimals on the second look"])
def test_it_is_told_how_much_has_been_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    path, told = tmp_path / "a.csv", list[tuple[int, int | None, bool]]()
    second = {"quotes that Python cuts": 'a"b', "decimals on the second look": "1.234"}.get(kind, "x")
    path.write_text("a,b\n" + f"1,{second}\n" * 40, "utf-16" if kind == "utf-16" else "utf-8")
    monkeypatch.setattr(csv_kind, "_LARGE", 0)
    monkeypatch.setattr(process_waiting, "_TELL_EVERY", 0)
    with process_waiting.waiting(lambda: True, lambda done, total, _unit, again: told.append((done, total, again))):
        opened = open_source(DataSource("csv", str(path)))
        first = list(told)
        opened.columns()
    size, last = path.stat().st_size, first[-1]
    assert last == (size, size, "look" in kind or "Python" in kind)
    parts = [[done for done, _, again in first if again is twice] for twice in (False, True)]
    assert all(part == sorted(part) for part in parts) and len({*parts[0], *parts[1]}) > 2
    assert told[len(first) :] == [(0, 2, False), (1, 2, False)]  # columns


@pytest.mark.parametrize("last", ["2,5", "", "x", "inf", "nan", "1.5", "0x10", " 2,5 ", "NA", '"2,5"'])
@pytest.mark.parametrize("mark", [",", "."])
def test_numbers_that_are_known_are_converted_while_they_are_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: str, mark: str
) -> None:
    converted, before = list[int](), text_column.TextColumn._add_converted

    def seen(self: text_column.TextColumn, fields: Any, row: int) -> None:
        converted.append(row)
        before(self, fields, row)

    monkeypatch.setattr(text_column.TextColumn, "_add_converted", seen)
    path, last = tmp_path / "a.csv", last.replace(",", mark) if "." not in last else last
    rows = [f"{n}{mark}5;{n % 3};{n}{mark}25\n" for n in range(60)]
    path.write_text("a;b;c\n" + "".join(rows) + f"{last};1;7{mark}5\n" + "".join(rows), "utf-8")
    require_same(path)
    assert converted
