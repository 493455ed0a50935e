"""When the samples of a run are held in memory, and when they are read while it trains."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from runtime.messages.checking import Endpoint
from runtime.worker.data.fitting import Fit
from runtime.worker.data.source import Source
from runtime.worker.training import memory_rule
from runtime.worker.training.memory_rule import COPIES, budget, peak_bytes


class _Columns(Source):
    """As much of a source as the rule asks for."""

    title = "columns"

    def __init__(self, held: bool, **columns: Any) -> None:
        self._held, self._columns = held, columns

    def names(self) -> tuple[str, ...]:
        return tuple(self._columns)

    def read(self, name: str, rows: slice) -> Any:
        return self._columns[name][rows]

    def in_memory(self) -> bool:
        return self._held

    def shape(self, name: str) -> tuple[int, ...]:
        shape: tuple[int, ...] = self._columns[name].shape
        return shape

    def dtype(self, name: str) -> np.dtype[Any]:
        dtype: np.dtype[Any] = self._columns[name].dtype
        return dtype


def fitted(columns: tuple[str, ...], shape: tuple[int, ...], dtype: str) -> Fit:
    return Fit(columns, shape, dtype, endpoint=Endpoint("x", (None, *shape), dtype), is_output=False)


def peak(held: bool, dtype: str, *columns: str) -> int:
    source = _Columns(held, **{name: np.zeros((10, 100), dtype) for name in columns})
    return peak_bytes(source, [fitted(columns, (100 * len(columns),), "float32")], 10)


def test_what_the_model_takes_is_there_three_times() -> None:
    assert COPIES == 3
    assert [peak(held, dtype, "x") for held in (False, True) for dtype in ("float32", "uint8", "float64")] == 6 * [
        12_000
    ]


def test_a_cast_from_something_much_larger_counts() -> None:
    source = _Columns(False, x=np.zeros((10, 100), "complex256"))
    assert peak_bytes(source, [fitted(("x",), (100,), "float16")], 10) == 2_000 + 32_000


def test_texts_count_as_long_as_they_are() -> None:
    texts = _Columns(False, x=np.array(["a" * 1000] * 10, object))
    assert peak_bytes(texts, [fitted(("x",), (1,), "string")], 10) > COPIES * 10_000


def test_the_budget_is_a_part_of_what_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_rule, "free_memory", lambda: 1000)
    assert budget() == 600
