"""What every source can do without a word of its own: samples in any order, small pictures, what a column holds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from resources.text import Text
from runtime.messages.looking import PreviewData
from runtime.spec import ColumnKind, DataSpec
from runtime.worker.data.answering.view import preview
from runtime.worker.data.source import Source

Array = NDArray[Any]


class OnDisk(Source):
    """One column, which counts what is read of it."""

    title = "on disk"

    def __init__(self, values: Array, run: int = 4096, kind: ColumnKind | None = None) -> None:
        self._values, self._run, self._kind = values, run, kind
        self.reads: list[int] = []

    def names(self) -> tuple[str, ...]:
        return ("x",)

    def shape(self, name: str) -> tuple[int, ...]:
        return self._values.shape

    def dtype(self, name: str) -> np.dtype[Any]:
        return self._values.dtype

    def read(self, name: str, rows: slice) -> Array:
        read: Array = self._values[rows]
        self.reads.append(len(read))
        return read

    def run_rows(self, name: str) -> int:
        return self._run

    def sample_kind(self, name: str) -> ColumnKind | None:
        return self._kind

    def in_memory(self) -> bool:
        return False


@pytest.mark.parametrize("run", [1, 4096])
def test_samples_in_any_order(run: int) -> None:
    source = OnDisk(np.arange(200_000).reshape(100_000, 2), run)
    rows = np.array([99_999, 5, 5, 70_000, 6, 0], np.int64)
    assert source.take("x", rows).tolist() == (rows[:, None] * 2 + [0, 1]).tolist()
    assert source.take("x", np.array([], np.int64)).shape == (0, 2)
    assert source.take("x", np.array([3], np.int64)).tolist() == [[6, 7]]


def test_no_more_is_read_than_lies_near() -> None:
    source = OnDisk(np.zeros((1000, 1024), np.float32))  # 4 KiB each: 16 of them are a small gap
    source.take("x", np.array([0, 10, 900], np.int64))
    assert source.reads == [11, 1]


def test_large_columns_are_described_by_samples_spread_over_them(monkeypatch: pytest.MonkeyPatch) -> None:
    small = OnDisk(np.arange(1000.0))
    assert (small.column("x").sampled, small.column("x").maximum) == (0, 999)
    assert small.reads == [1000], "a column is described once"
    monkeypatch.setattr("runtime.worker.data.source.STATISTICS_BYTES", 100)
    large = OnDisk(np.arange(100_000.0), 10)
    column = large.column("x")
    assert (column.sampled, column.minimum, column.maximum) == (640, 0, 99_999)
    assert sum(large.reads) < 1000


def test_files_are_not_all_opened_to_describe_them() -> None:
    assert OnDisk(np.zeros((5000, 8, 8, 3), np.uint8), 1).column("x").sampled == 64
    assert OnDisk(np.zeros((64, 8, 8, 3), np.uint8), 1).column("x").sampled == 0


def test_texts_are_read_as_they_are() -> None:
    source = OnDisk(np.array(["one", "", "three"], object), kind="text")
    column = source.column("x")
    assert (column.kind, column.minimum, column.missing) == ("text", None, 0)
    (shown,) = preview(source, PreviewData(0, DataSpec(()), ("x",), 2))
    assert (shown.texts, shown.data) == (("one", ""), b"")


def test_texts_count_as_long_as_they_are() -> None:
    source = OnDisk(np.array(["가" * 4000] * 100, object), 1, "text")
    assert 8000 < source.sample_bytes("x") < 9000
    assert sum(source.reads) <= 32, "a few of them tell"
    assert OnDisk(np.zeros((0,), object)).sample_bytes("x") == 8
    assert OnDisk(np.zeros((3, 5), np.int16)).sample_bytes("x") == 10


def test_small_pictures() -> None:
    bytes_ = OnDisk(np.full((1, 64, 32, 3), 200, np.uint8)).thumbnail("x", 0, 16)
    assert bytes_ is not None
    assert (bytes_.shape, bytes_.dtype, int(bytes_.min())) == ((16, 8, 3), np.dtype(np.uint8), 200)
    checks = np.indices((40, 40)).sum(0) % 2
    grey = OnDisk(checks[None].astype(np.float32)).thumbnail("x", 0, 20)
    assert grey is not None
    assert grey.shape == (20, 20, 1)
    assert set(grey.ravel().tolist()) == {128}, "pixels that become one are averaged"
    deep = OnDisk((checks[None, ..., None] * 40_000).astype(np.uint16)).thumbnail("x", 0, 40)
    assert deep is not None
    assert set(deep.ravel().tolist()) == {0, 255}
    odd = OnDisk(np.full((1, 4, 4, 1), np.nan)).thumbnail("x", 0, 8)
    assert odd is not None
    assert set(odd.ravel().tolist()) == {0}
    assert OnDisk(np.zeros((1, 10))).thumbnail("x", 0, 8) is None


def test_nothing_more_is_claimed() -> None:
    source = OnDisk(np.zeros(3))
    assert (dict(source.parts()), tuple(source.unreadable()), source.sample_kind("x")) == ({}, (), None)
    assert source.place(1) == Text("index {row}", {"row": 1})
