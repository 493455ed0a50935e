"""Files that somebody made to do harm, or that are broken: one sentence each, nothing run, bounded memory."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.feather
import pytest
from PIL import Image, PngImagePlugin

from resources.text import Text
from runtime.messages.connection import Failed
from runtime.messages.describing import DescribeData
from runtime.spec import DataSource, DataSpec
from runtime.worker.data.opening import open_source
from runtime.worker.data.recognising.recognise import recognise
from runtime.worker.data.source import DataError
from runtime.worker.data.tables import workbooks
from runtime.worker.data.tables.large_text import open_large
from runtime.worker.data.tables.text_options import OPTIONS, text_options
from runtime.worker.loop import Worker

SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def refusal(kind: str, path: Path) -> str:
    with pytest.raises(DataError) as refused, open_source(DataSource(kind, str(path))) as source:
        source.columns()
    return str(refused.value.text)


def png(path: Path, width: int, height: int) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b""))


def test_a_picture_of_billions_of_pixels_is_not_decoded_to_learn_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.new("RGB", (16, 16)).save(tmp_path / "a.png")
    png(tmp_path / "b.png", 50_000, 50_000)
    decoded: list[tuple[int, int]] = []
    load = PngImagePlugin.PngImageFile.load_prepare

    def counted(picture: Any) -> None:
        decoded.append(picture.size)
        load(picture)

    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load_prepare", counted)
    with open_source(DataSource("pictures", str(tmp_path))) as source:
        assert source.shape("image") == (2, 16, 16, 3)
        opened = len(decoded)
        (problem,) = source.doubts("image")
        assert "b.png cannot be read: it has 2,500 million pixels" in str(problem.text)
    assert opened and set(decoded) == {(16, 16)}


def links_of_hdf5(path: Path, outside: Path) -> None:
    with h5py.File(path, "w") as file:
        file["x"] = np.arange(3.0)
        file["away"] = h5py.ExternalLink(str(outside), "/x")
        file["soft"] = h5py.SoftLink("/nothing")


@pytest.mark.skipif(os.name == "nt", reason="there are no such pipes")
def test_telling_the_kind_of_an_hdf5_file_follows_no_link(tmp_path: Path) -> None:
    """A pipe at the other end would be waited for."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    links_of_hdf5(tmp_path / "a.h5", pipe)
    best = recognise(tmp_path / "a.h5")[0]
    assert (best.kind.key, str(best.found.what)) == ("hdf5", "HDF5: away, soft, x")


def test_an_hdf5_file_that_cannot_be_listed_is_told_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        file["x"] = np.arange(3.0)
    data = bytearray(path.read_bytes())
    place = data.index(b"SNOD")
    data[place + 8 : place + 24] = b"\xff" * 16  # where the first name and its object are
    path.write_bytes(data)
    assert recognise(path)[0].kind.key == "hdf5"
    assert refusal("hdf5", path) == "a.h5 is damaged and cannot be listed."


def workbook(path: Path, rows: str, book: str = "xl/workbook.xml") -> None:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    def related(kind: str, target: str) -> str:
        link = f'<Relationship Id="rId1" Type="{office}/{kind}" Target="{target}"/>'
        space = "http://schemas.openxmlformats.org/package/2006/relationships"
        return f'<Relationships xmlns="{space}">{link}</Relationships>'

    sheets = '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("_rels/.rels", related("officeDocument", book))
        archive.writestr(book, f'<workbook xmlns="{main}" xmlns:r="{office}">{sheets}</workbook>')
        archive.writestr("xl/_rels/workbook.xml.rels", related("worksheet", "worksheets/sheet1.xml"))
        archive.writestr("xl/worksheets/sheet1.xml", SHEET.format(rows))


NEAR = '<row r="1"><c r="A1"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("rows", "book"),
    [
        (NEAR + '<row r="4294967295"><c r="ZZZZZZ4294967295"><v>1</v></c></row>', "xl/workbook.xml"),
        (NEAR + '<row r="1048576"><c t=">" r="XFD1048576"><v>1</v></c></row>', "xl/workbook.xml"),
        (NEAR + '<row r="2"><c r="xfd2"><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>', "xl/workbook.xml"),
        (NEAR + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "xl/Workbook.xml"),
    ],
)
def test_a_cell_far_away_is_seen_however_it_is_written(tmp_path: Path, rows: str, book: str) -> None:
    workbook(tmp_path / "a.xlsx", rows, book)
    assert "too far apart" in refusal("excel", tmp_path / "a.xlsx")


def test_a_library_that_panics_says_a_sentence_and_the_engine_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Panics of Rust are no Exception: the thread that answers about data ended, and nobody was answered any more."""
    workbook(tmp_path / "a.xlsx", NEAR + '<row r="4294967295"><c r="ZZZZZZ4294967295"><v>1</v></c></row>')
    monkeypatch.setattr(workbooks, "_look_at_cells", lambda *_: workbooks.SheetFacts())
    assert "a.xlsx is no readable workbook" in refusal("excel", tmp_path / "a.xlsx")


class PanicError(BaseException):
    pass


@pytest.mark.parametrize(
    ("error", "said"),
    [(PanicError("at the disco"), "The engine failed: PanicError"), (MemoryError(), "There is not enough memory")],
)
def test_whatever_is_raised_is_an_answer(error: BaseException, said: str) -> None:
    sent: list[Any] = []
    worker = Worker.__new__(Worker)
    worker._cancelled, worker._newest = set(), {}
    worker._outbox = type("Outbox", (), {"send": staticmethod(sent.append)})()

    def work() -> Any:
        raise error

    worker._answer(DescribeData(7, DataSpec(())), work)
    (answer,) = sent
    assert isinstance(answer, Failed) and answer.id == 7 and said in str(answer.error)


def test_a_computed_column_of_sqlite_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of some kB: 10,000 rows of 2 MB are one block."""
    path, asked = tmp_path / "a.db", list[int]()
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE t(a, b AS (hex(zeroblob(1000000))))")
    rows = "WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r LIMIT 10000) SELECT x FROM r"
    database.execute(f"INSERT INTO t(a) {rows}")
    database.commit()
    database.close()

    def little() -> int:
        asked.append(1)
        return 100 * 2**20

    monkeypatch.setattr("runtime.worker.data.tables.cells_source.free_memory", little)
    assert refusal("sqlite", path) == "a.db does not fit into memory: store it as Parquet or HDF5."
    assert 1 <= len(asked) <= 3


def test_lines_of_json_that_have_nothing_in_common_are_no_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.worker.data.sources.jsonl._SPARSE_CELLS", 10_000)
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({f"k{number}": number}) + "\n" for number in range(300)))
    assert "its 300 lines have 300 different keys" in refusal("jsonl", path)
    path.write_text("".join(json.dumps({"y": 1, f"k{number}": number}) + "\n" for number in range(100)))
    with open_source(DataSource("jsonl", str(path))) as source:
        assert len(source.names()) == 101


@pytest.mark.skipif(os.name == "nt", reason="there are no such pipes")
@pytest.mark.parametrize("kind", ["pipe", "large"])
def test_what_describes_a_folder_of_datasets_is_a_small_file(tmp_path: Path, kind: str) -> None:
    if kind == "pipe":
        os.mkfifo(tmp_path / "state.json")
    else:
        with (tmp_path / "state.json").open("wb") as file:
            file.truncate(20 * 2**20)
    assert "is no folder that Hugging Face's datasets has saved" in refusal("huggingface", tmp_path)


def cut(path: Path) -> None:
    os.truncate(path, 100)


def written_anew(path: Path) -> None:
    pyarrow.feather.write_feather(pa.table({"a": np.zeros(10)}), str(path))


@pytest.mark.parametrize("change", [cut, written_anew])
def test_a_mapped_table_that_changes_while_it_is_read_is_told(tmp_path: Path, change: Callable[[Path], None]) -> None:
    """Touching what a mapped file has lost ends the process."""
    path = tmp_path / "a.arrow"
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "png")
    table = pa.table({"a": np.arange(100_000.0), "w": ["x", "y"] * 50_000, "b": np.arange(100_000.0)})
    table = table.append_column("p", pa.array([picture.getvalue()] * 100_000, pa.binary()))
    pyarrow.feather.write_feather(table, str(path), compression="uncompressed")
    with open_source(DataSource("feather", str(path))) as source:
        held = source.read("a", slice(0, 100_000))
        assert source.read("p", slice(0, 1)).shape == (1, 8, 8, 3)
        change(path)
        assert held[-1] == 99_999  # a copy
        with pytest.raises(DataError, match="has changed since it was opened"):
            source.read("b", slice(0, 10))
        with pytest.raises(DataError, match="has changed since it was opened"):
            source.read("w", slice(0, 10))
        with pytest.raises(DataError, match="has changed since it was opened"):
            source.read("p", slice(0, 10))


def test_a_long_text_that_all_rows_name_is_held_once(tmp_path: Path) -> None:
    path = tmp_path / "a.arrow"
    words = pa.DictionaryArray.from_arrays(pa.array([0, None, 0] * 1000, pa.int8()), pa.array(["x" * 10_000]))
    pyarrow.feather.write_feather(pa.table({"a": words}), str(path))
    with open_source(DataSource("feather", str(path))) as source:
        assert source.categories("a") == ("x" * 10_000,)
        assert source.read("a", slice(0, 3)).tolist() == [0, -1, 0]


OPEN = 'a,b\n1,x\n2,"never closed\n3,y\n4,z\n'


def test_a_quote_that_does_not_end_is_no_long_word(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(OPEN)
    expected = "a.csv, line 3: a quote begins that does not end."
    assert refusal("csv", path) == expected
    options = text_options({setting.key: setting.default for setting in OPTIONS})
    with pytest.raises(DataError) as refused:
        open_large(path, options)
    assert str(refused.value.text) == expected
    for text in ('a,b\n1,5" pipe\n\n\n2,x\n', 'a,b\n1,x\n2,"two\nlines"  \n', 'a,b\n1,"two\nlines"\n2,x\n'):
        path.write_text(text)
        for opened in (open_source(DataSource("csv", str(path))), open_large(path, options)):
            with opened as source:
                assert source.shape("a")[0] in (2,)


def npy(path: Path, shape: tuple[int, ...], descr: str) -> None:
    head = repr({"descr": descr, "fortran_order": False, "shape": shape}).encode()
    head += b" " * (-(len(head) + 11) % 64) + b"\n"
    path.write_bytes(b"\x93NUMPY\x01\0" + struct.pack("<H", len(head)) + head)


def test_samples_of_no_size_are_no_column(tmp_path: Path) -> None:
    """10^12 of them fit into any file, and not into a split."""
    npy(tmp_path / "a.npy", (10**12,), "|S0")
    with open_source(DataSource("npz", str(tmp_path / "a.npy"))) as source:
        assert not source.names() and isinstance(source.left_out["a"], Text)


def test_of_billions_of_numbers_some_are_looked_at(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_dataset("x", (4 * 10**9,), "i1", chunks=(10**5,))
    with open_source(DataSource("hdf5", str(tmp_path / "a.h5"))) as source:
        column = source.column("x")
        assert column.samples == 4 * 10**9 and column.sampled <= 2**20
