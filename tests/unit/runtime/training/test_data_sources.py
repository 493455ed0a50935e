import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from runtime.data_kinds import data_kinds
from runtime.messages.looking import PreviewData
from runtime.spec import SAMPLES_FOLDER, DataSource, DataSpec
from runtime.worker.data import sources
from runtime.worker.data.answering.view import describe, preview
from runtime.worker.data.opening import Sources, open_source
from runtime.worker.data.source import DataError, Source

DIGITS = DataSource("hdf5", str(SAMPLES_FOLDER / "digits.h5"))


def refusal(kind: str, path: Path | str, options: dict[str, Any] | None = None) -> str:
    with pytest.raises(DataError) as caught, open_source(DataSource(kind, str(path), options or {})) as source:
        source.columns()
    return str(caught.value.text)


def table(path: Path, text: str, **options: Any) -> Source:
    path.write_text(text, "utf-8", newline="")
    return open_source(DataSource("csv", str(path), options))


def test_the_kinds_are_found_by_listing_the_folder() -> None:
    modules = sorted(path.stem for path in Path(sources.__file__ or "").parent.glob("[a-z]*.py"))
    assert [kind.key for kind in data_kinds()] == modules and "csv" in modules


def test_the_sample_of_digits() -> None:
    with open_source(DIGITS) as source:
        columns, samples, note = describe(source)
        assert samples == 1797 and note is None
        facts = {column.name: (column.shape, column.kind, column.minimum, column.maximum) for column in columns}
        assert facts == {
            "digit": ((), "category", 0, 9),
            "image": ((8, 8, 1), "image", 0, 16),
            "is_even": ((), "category", 0, 1),
        }
        digits, even = (source.read(name, slice(0, 1797)) for name in ("digit", "is_even"))
        assert np.array_equal(even, digits % 2 == 0)


def test_a_preview_has_the_first_values_as_they_are() -> None:
    with open_source(DIGITS) as source:
        image, digit = preview(source, PreviewData(0, DataSpec((DIGITS,)), ("image", "digit"), 3, 10))
        values = np.frombuffer(image.data, image.dtype).reshape(image.count, *image.shape)
        assert np.array_equal(values, source.read("image", slice(10, 13)))
        assert list(digit.data) == [0, 1, 2]
        assert preview(source, PreviewData(0, DataSpec((DIGITS,)), ("digit",), 5, 1795))[0].count == 2


def test_hdf5_reads_nothing_outside_its_folder(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "secret.h5", "w") as other:
        other["x"] = np.arange(3)
    (tmp_path / "own").mkdir()
    with h5py.File(tmp_path / "own" / "a.h5", "w") as file:
        file["deep/er/x"] = np.zeros((3, 2))
        file["linked"] = h5py.ExternalLink("../secret.h5", "x")
        file["soft"] = h5py.SoftLink("/deep/er/x")
        file["deep/loop"] = file["deep"]
        file.create_dataset("outside", (3,), "f4", external=[(str(tmp_path / "raw"), 0, 12)])
        file["compound"] = np.zeros(3, [("a", "i4")])
        file["words"] = ["b", "a", "b"]
        file["scalar"] = 3
    with open_source(DataSource("hdf5", str(tmp_path / "own" / "a.h5"))) as source:
        assert source.names() == ("deep/er/x", "words")
        assert source.column("words").categories == ("a", "b")
        assert source.read("words", slice(0, 3)).tolist() == [1, 0, 1]
        assert all(name in str(source.note) for name in ("linked", "soft", "outside", "compound", "scalar"))


def test_a_truncated_hdf5_file_is_said_to_be_damaged(tmp_path: Path) -> None:
    whole = (SAMPLES_FOLDER / "digits.h5").read_bytes()
    (tmp_path / "half.h5").write_bytes(whole[: len(whole) // 2])
    assert refusal("hdf5", tmp_path / "half.h5") == "half.h5 is damaged or incomplete and cannot be opened."
    (tmp_path / "foreign.h5").write_bytes(b"hello" * 100)
    assert refusal("hdf5", tmp_path / "foreign.h5") == "foreign.h5 is no HDF5 file, or its beginning is damaged."


def test_damaged_data_inside_a_whole_hdf5_file_names_the_column(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        data = file.create_dataset("x", data=np.random.default_rng(0).random(1000), compression="gzip")
        place, size = data.id.get_chunk_info(0).byte_offset, data.id.get_chunk_info(0).size
    damaged = bytearray(path.read_bytes())
    damaged[place : place + size] = b"\xff" * size
    path.write_bytes(damaged)
    with open_source(DataSource("hdf5", str(path))) as source, pytest.raises(DataError) as caught:
        source.read("x", slice(0, 10))
    assert str(caught.value.text) == "a.h5 is damaged: its column x cannot be read."


def test_a_file_that_vanished_is_named(tmp_path: Path) -> None:
    for kind in ("hdf5", "npz", "csv"):
        assert str(tmp_path / "gone") in refusal(kind, tmp_path / "gone")
    assert "unknown" in refusal("stone", tmp_path)


def test_npz(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, x=np.ones((4, 2), "f4"), word=np.array(["b", "a", "a", "b"]), when=np.zeros(4, "M8[s]"))
    with open_source(DataSource("npz", str(path))) as source:
        assert source.names() == ("x", "word")
        assert source.column("word").categories == ("a", "b")
        assert source.shape("x") == (4, 2)
        assert "when" in str(source.note)


def test_what_is_no_column_of_numbers_is_left_out_of_npz_and_said_to_be(tmp_path: Path) -> None:
    """One array of objects that nobody binds took the whole file along."""
    path = tmp_path / "a.npz"
    named = np.zeros(3, [("left", "f4"), ("right", "i4")])
    np.savez(path, x=np.ones((3, 2)), bad=np.array([{}, 1, 2], dtype=object), named=named, c=np.zeros(3, complex))
    with open_source(DataSource("npz", str(path))) as source:
        assert source.names() == ("x",)
        assert str(source.note) == "Left out, because they are no columns of numbers: bad, named, c."
        for name, why in (("bad", "holds Python objects"), ("named", "has named fields"), ("c", "complex numbers")):
            with pytest.raises(DataError, match=f"{name} of a.npz cannot be used: it .*{why}"):
                source.require(name)
    (tmp_path / "b.npz").write_bytes(b"PK\3\4 broken")
    assert "b.npz is no readable NumPy file" in refusal("npz", tmp_path / "b.npz")


def test_npy_is_one_array_that_stays_in_its_file(tmp_path: Path) -> None:
    values = np.asfortranarray(np.arange(6.0).reshape(3, 2)).astype(">f8")
    np.save(tmp_path / "some.npy", values)
    with open_source(DataSource("npz", str(tmp_path / "some.npy"))) as source:
        assert source.names() == ("some",) and source.shape("some") == (3, 2)
        assert not source.in_memory()
        assert source.read("some", slice(1, 3)).tolist() == [[2, 3], [4, 5]]
        with pytest.raises(DataError, match=r"some.npy has no column x. It has: some."):
            source.require("x")


def test_npy_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    np.save(path, np.array([{}, 1], dtype=object))
    with open_source(DataSource("npz", str(path))) as source, pytest.raises(DataError, match="Python objects"):
        source.require("a")
    np.save(path, np.ones(1000))
    path.write_bytes(path.read_bytes()[:200])
    assert "a.npy is no readable NumPy file" in refusal("npz", path)
    path.write_bytes(b"")
    assert "a.npy is no readable NumPy file" in refusal("npz", path)
    path.write_bytes(b"no array")
    assert "a.npy is no readable NumPy file" in refusal("npz", path)


HOSTILE_HEADERS = {
    "a number no machine has": b"{'descr':'<f8','fortran_order':False,'shape':(" + b"9" * 400 + b",)}\n",
    "a text that does not end": b"{'descr':'<f8','fortran_order':False,'shape':(4L,)\n'''",
    "brackets": b"(" * 3000 + b")" * 3000,
    "letters that are none": b"{'descr':'<U4','fortran_order':False,'shape':(4,)}\n",
}


def npy(header: bytes) -> bytes:
    return b"\x93NUMPY\1\0" + len(header).to_bytes(2, "little") + header + b"\xff" * 80


@pytest.mark.parametrize("header", HOSTILE_HEADERS.values(), ids=HOSTILE_HEADERS)
def test_a_hostile_header_is_told_in_a_short_sentence(tmp_path: Path, header: bytes) -> None:
    """NumPy says these with OverflowError, TokenError and SystemError, and with the whole header."""
    (tmp_path / "a.npy").write_bytes(npy(header))
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("x.npy", npy(header))
    for name in ("a.npy", "a.npz"):
        said = refusal("npz", tmp_path / name)
        assert said.startswith((f"{name} is no readable NumPy file: ", f"{name} is damaged: its column "))
        assert len(said) < 300


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_archive_is_told_however_it_is_packed(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "a.npz", "w", method) as archive:
        archive.writestr("x.npy", npy(b"{'descr':'<f8','fortran_order':False,'shape':(10,)}\n") * 50)
    data = bytearray((tmp_path / "a.npz").read_bytes())
    data[50:70] = bytes(value ^ 0x55 for value in data[50:70])
    (tmp_path / "a.npz").write_bytes(data)
    assert refusal("npz", tmp_path / "a.npz").startswith("a.npz is no readable NumPy file: ")


def test_an_archive_that_needs_a_password_is_told(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.ones(4))
    data = bytearray((tmp_path / "a.npz").read_bytes())
    data[6] |= 1
    data[data.rfind(b"PK\1\2") + 8] |= 1
    (tmp_path / "a.npz").write_bytes(data)
    assert "password" in refusal("npz", tmp_path / "a.npz")


def test_what_else_lies_in_an_archive_is_left_out_and_said_to_be(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.ones(4), none=np.ones((10**9, 0)))
    with zipfile.ZipFile(tmp_path / "a.npz", "a") as archive:
        archive.writestr("README.txt", "hello")
        archive.writestr("folder/", "")
    with open_source(DataSource("npz", str(tmp_path / "a.npz"))) as source:
        assert source.names() == ("x",)
        with pytest.raises(DataError, match=r"README.txt of a.npz cannot be used: it is no array"):
            source.require("README.txt")
        with pytest.raises(DataError, match=r"none of a.npz cannot be used: its samples hold no numbers"):
            source.require("none")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_finds_the_delimiter_and_the_header(tmp_path: Path, delimiter: str) -> None:
    lines = [["size", "name", "price"], ["1", '"a, b; c"', "2.5"], ["2", "d", ""], ["3", "d", "-1e3"]]
    source = table(tmp_path / "a.csv", "\r\n".join(delimiter.join(line) for line in lines))
    assert source.names() == ("size", "name", "price")
    assert source.read("size", slice(0, 3)).tolist() == [1, 2, 3]
    assert source.dtype("size") == np.int64
    assert source.categories("name") == ("a, b; c", "d")
    price = source.column("price")
    assert (price.missing, price.minimum, price.maximum) == (1, -1000, 2.5)
    assert str(source.place(1)) == "line 3"


def test_csv_without_a_header(tmp_path: Path) -> None:
    source = table(tmp_path / "a.csv", "1,2\n3,4\n")
    assert source.names() == ("column_1", "column_2") and source.shape("column_1") == (2,)
    assert table(tmp_path / "b.csv", "1,2\n3,4\n", header=True).names() == ("1", "2")


def test_csv_with_decimal_commas_and_repeated_names(tmp_path: Path) -> None:
    source = table(tmp_path / "a.csv", "x;x;\n1,5;2;3\n2,5;3;4\n")
    assert source.names() == ("x", "x_2", "column_3")
    assert source.read("x", slice(0, 2)).tolist() == [1.5, 2.5]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_csv_in_korean(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes("맛,점수\n좋음,3\n나쁨,1\n".encode(encoding))
    source = open_source(DataSource("csv", str(tmp_path / "a.csv")))
    assert source.names() == ("맛", "점수")
    assert source.categories("맛") == ("나쁨", "좋음")


def test_bad_tables_name_the_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n3\n", "utf-8")
    assert refusal("csv", path) == "a.csv, line 3: 1 fields instead of 2."
    path.write_text("", "utf-8")
    assert refusal("csv", path) == "a.csv is empty."
    path.write_text("a,b\n", "utf-8")
    assert refusal("csv", path) == "a.csv has a header, but no rows."
    path.write_bytes(b"\xff\xfe\xff\x81")
    assert "a.csv" in refusal("csv", path)
    path.write_bytes(b"a\0b,c\n1,2\n")
    assert "bytes that are no text" in refusal("csv", path)
    path.write_text("a,b\n1,2\n", "utf-8")
    assert "a.csv: The setting Header is perhaps" in refusal("csv", path, {"header": "perhaps"})


@pytest.mark.parametrize("encoding", ["undefined", "punycode", "a\0b", "\ud800", "rot13", "x" * 10**6])
def test_an_encoding_that_is_none_is_named(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", "utf-8")
    said = refusal("csv", tmp_path / "a.csv", {"encoding": encoding})
    assert "a.csv" in said and "encoding" in said and len(said) < 200


@pytest.mark.parametrize("delimiter", ["ab", "\n", "\r", '"'])
def test_a_delimiter_that_is_none_is_told(tmp_path: Path, delimiter: str) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", "utf-8")
    said = refusal("csv", tmp_path / "a.csv", {"delimiter": delimiter})
    assert said == "The options of a.csv are wrong: a delimiter is one character, and no line break or quote."


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_line_may_be_longer_than_csv_lets_a_field_be(tmp_path: Path, delimiter: str) -> None:
    """Cut by the other marks such a line is one field: trying them took the table along."""
    line = delimiter.join(f"{n}.25" for n in range(30_000))
    source = table(tmp_path / "a.csv", f"{line}\n{line}\n", header=False)
    assert len(source.names()) == 30_000 and source.read("column_3", slice(0, 2)).tolist() == [2.25, 2.25]


def test_a_field_that_is_too_long_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n" + "9" * 200_000 + ",3\n", "utf-8")
    expected = "a.csv, line 3: a field is longer than 131,072 characters, or does not end."
    assert refusal("csv", tmp_path / "a.csv") == expected


@pytest.mark.parametrize("field", ["+{}x", "1{}x", "+{0}${0}-{0}x", "1{}e5x"])
def test_a_field_of_spaces_takes_no_time(tmp_path: Path, field: str) -> None:
    """A sign before 2,000 spaces took 100 seconds."""
    source = table(tmp_path / "a.csv", f"a,b\n{field.format(' ' * 40_000)},1\n2,3\n")
    assert np.isnan(source.read("a", slice(0, 1))).all()


def test_a_name_that_no_file_can_have_is_told() -> None:
    sources = Sources()
    with pytest.raises(DataError, match="no file can have this name"):
        sources.open(DataSpec((DataSource("csv", "a\0b.csv"),)))


def test_random_numbers_say_so_and_repeat() -> None:
    columns = {"x": {"shape": [2, 2], "minimum": -1, "maximum": 1}, "y": {"kind": "integer", "maximum": 4}}
    source = DataSource("random", "", {"samples": 50, "seed": 3, "columns": columns})
    first, second = open_source(source), open_source(source)
    assert "random" in str(first.note)
    assert first.shape("x") == (50, 2, 2)
    assert set(np.unique(first.read("y", slice(0, 50)))) == {0, 1, 2, 3, 4}
    assert np.array_equal(first.read("x", slice(0, 50)), second.read("x", slice(0, 50)))
    lowest = first.column("x").minimum
    assert lowest is not None and -1 <= lowest < 0
    assert "impossible" in refusal("random", "", {"columns": {"x": {"shape": [10**9]}}})
    assert "described wrongly" in refusal("random", "", {"samples": "many"})


def test_a_source_is_read_again_only_when_its_file_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    sources, source = Sources(), DataSpec((DataSource("csv", str(path)),))
    first = sources.open(source)
    assert sources.open(source) is first
    path.write_text("a,b\n1,2\n3,4\n", "utf-8")
    assert sources.open(source).shape("a") == (2,)
    path.unlink()
    with pytest.raises(DataError):
        sources.open(source)
    sources.close()


def test_a_file_without_columns_says_why(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros(3, dtype=[("x", "f4"), ("y", "i4")]))
    with open_source(DataSource("npz", str(tmp_path / "a.npy"))) as source, pytest.raises(DataError) as caught:
        source.require("x")
    assert str(caught.value.text) == (
        "Left out: a. Reason: it has named fields: store each field as an array of its own."
    )
