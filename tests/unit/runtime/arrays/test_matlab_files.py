"""MATLAB's files of both kinds: axes, samples, texts, and what is no column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import scipy.io

from runtime.spec import DataSource
from runtime.worker.data.arrays import matlab_files
from runtime.worker.data.opening import open_source
from runtime.worker.data.source import DataError, Source
from runtime.worker.data.sources import matlab
from tests.unit.graph_editor.exporters.test_reading_data import require_same

PICTURES = np.arange(4 * 5 * 3 * 7, dtype=np.uint8).reshape(4, 5, 3, 7)  # height, width, colours, samples
ARRAYS: dict[str, Any] = {
    "X": PICTURES,
    "y": np.arange(7.0).reshape(7, 1),
    "row": np.arange(7.0).reshape(1, 7),
    "first": np.arange(14.0).reshape(7, 2),
    "good": (np.arange(7) > 2).reshape(7, 1),
}
NAMES = ["ab", "c", "ab", "", "정답", "c", "c"]


def v5(path: Path, **others: Any) -> Path:
    scipy.io.savemat(path, {**ARRAYS, **others}, do_compression=True)
    return path


def v73(path: Path, **others: Any) -> Path:
    """As MATLAB writes it with -v7.3."""
    with h5py.File(path, "w", userblock_size=512) as file:
        for name, values in {**ARRAYS, **others}.items():
            put(file, name, values)
        cells = file.create_dataset("cells", (1, len(NAMES)), h5py.ref_dtype)
        cells.attrs["MATLAB_class"] = np.bytes_("cell")
        for place, text in enumerate(NAMES):
            cells[0, place] = put(file, f"#refs#/{place}", text).ref
    with path.open("r+b") as stream:
        stream.write(b"MATLAB 7.3 MAT-file".ljust(124) + b"\0\2IM")
    return path


def put(group: Any, name: str, values: Any) -> Any:
    if isinstance(values, str):
        codes = np.frombuffer(values.encode("utf-16-le"), np.uint16).reshape(-1, 1)
        item = group.create_dataset(name, data=codes if len(codes) else np.array([0, 0], np.uint64))
        item.attrs["MATLAB_class"] = np.bytes_("char")
        if not len(codes):
            item.attrs["MATLAB_empty"] = 1
        return item
    kind = {"b": "logical", "f": "double"}.get(values.dtype.kind, str(values.dtype))
    item = group.create_dataset(name, data=(values.astype(np.uint8) if kind == "logical" else values).T)
    item.attrs["MATLAB_class"] = np.bytes_(kind)
    return item


def opened(path: Path, **options: Any) -> Source:
    return open_source(DataSource("matlab", str(path), options))


@pytest.mark.parametrize("write", [v5, v73])
def test_the_axes_are_those_of_matlab_with_the_samples_first(tmp_path: Path, write: Any) -> None:
    path = write(tmp_path / "a.mat")
    with opened(path) as source:
        assert {name: source.shape(name) for name in source.names() if name != "cells"} == {
            "X": (7, 4, 5, 3),
            "y": (7,),
            "row": (7,),
            "first": (7, 2),
            "good": (7,),
        }
        np.testing.assert_array_equal(source.read("X", slice(2, 4)), np.moveaxis(PICTURES, 3, 0)[2:4])
        np.testing.assert_array_equal(source.take("first", np.array([6, 0])), ARRAYS["first"][[6, 0]])
        assert source.read("y", slice(5, 7)).tolist() == source.read("row", slice(5, 7)).tolist() == [5, 6]
        assert source.dtype("good").kind == "b" and source.read("good", slice(2, 4)).tolist() == [False, True]
        assert source.dtype("X") == np.uint8 and "X" in str(source.note)
    with opened(path, samples="first") as source:
        np.testing.assert_array_equal(source.read("X", slice(1, 2)), PICTURES[1:2])
        assert source.shape("y") == (7,) and source.shape("first") == (7, 2)
    with opened(path, samples="last") as source:
        assert source.shape("first") == (2, 7)
    for options in ({}, {"samples": "first"}):
        require_same(DataSource("matlab", str(path), options))
    found = matlab.recognise(path)
    assert found is not None and found.score == 1 and "X" in str(found.what)


def test_characters_and_cells_of_texts_are_words(tmp_path: Path) -> None:
    cells = np.array(NAMES, object).reshape(-1, 1)
    v5(tmp_path / "a.mat", cells=cells, chars=np.array(["ab ", "c", "ab", "d", "e", "f", "g"]))
    v73(tmp_path / "b.mat", chars_n=np.arange(7.0).reshape(7, 1))
    with h5py.File(tmp_path / "b.mat", "a") as file:
        codes = np.array([[ord(letter) for letter in text] for text in ("ab", "c ")] * 3 + [[100, 32]], np.uint16)
        file.create_dataset("chars", data=codes.T).attrs["MATLAB_class"] = np.bytes_("char")
        file.create_dataset("title", data=codes[:1].T).attrs["MATLAB_class"] = np.bytes_("char")
    for name, words in (("a.mat", ("ab", "c", "d", "e", "f", "g")), ("b.mat", ("ab", "c", "d"))):
        with opened(tmp_path / name) as source:
            assert source.categories("cells") == ("ab", "c", "정답")
            assert source.read("cells", slice(2, 5)).tolist() == [0, -1, 2]
            assert source.categories("chars") == words
        require_same(DataSource("matlab", str(tmp_path / name)))
    with opened(tmp_path / "b.mat") as source:
        assert "one text" in str(source.left_out["title"])


def test_what_is_no_column_is_said(tmp_path: Path) -> None:
    mixed = np.empty((2, 1), object)
    mixed[:] = [["a"], [np.ones(3)]]
    odd = {
        "s": {"a": 1.0},
        "z": np.ones((7, 2)) * 1j,
        "sparse": scipy.sparse.eye(7),
        "none": np.ones((0, 3)),
        "cell": mixed,
    }
    v5(tmp_path / "a.mat", **odd, one=np.ones((1, 1)))
    with opened(tmp_path / "a.mat") as source:
        for name, said in (("s", "struct"), ("sparse", "sparse"), ("none", "empty")):
            assert said in str(source.left_out[name])
        with pytest.raises(DataError, match="complex numbers"):
            source.read("z", slice(0, 1))
        with pytest.raises(DataError, match="other things than texts"):
            source.categories("cell")


def test_parts_of_a_file_become_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.mat"
    scipy.io.savemat(path, {f"{n}_{part}": np.ones((k, 2)) for part, k in (("train", 5), ("test", 3)) for n in "xy"})
    found = matlab.recognise(path)
    assert found is not None and found.options == {"parts": "joined"}
    with opened(path, **found.options) as source:
        assert source.shape("x") == (8, 2) and source.parts()["test"] == (slice(5, 8),)
    require_same(DataSource("matlab", str(path), found.options))


def test_a_large_variable_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    v5(tmp_path / "a.mat")
    monkeypatch.setattr(matlab_files, "free_memory", lambda: 100)
    with opened(tmp_path / "a.mat") as source, pytest.raises(DataError, match=r"store it with -v7\.3"):
        source.read("X", slice(0, 1))


@pytest.mark.parametrize("write", [v5, v73])
def test_damaged_files_are_told(tmp_path: Path, write: Any) -> None:
    data = bytearray(write(tmp_path / "a.mat").read_bytes())
    path = tmp_path / "bad.mat"
    generator = np.random.default_rng(0)
    for cut in (0, 3, 130, 200, 600, len(data) // 2):
        path.write_bytes(data[:cut])
        require_told(path)
    for _ in range(60):
        damaged = bytearray(data)
        for place in generator.integers(100, len(data), 5):
            damaged[place] ^= int(generator.integers(1, 256))
        path.write_bytes(damaged)
        require_told(path)
    path.write_bytes(b"hello")
    require_told(path)


def require_told(path: Path) -> None:
    """Either it is read, or DataError says what is wrong."""
    said = "bad.mat"
    try:
        with opened(path) as source:
            for name in source.names():
                source.column(name)
    except DataError as error:
        said = str(error.text)
    assert "bad.mat" in said and len(said) < 400
