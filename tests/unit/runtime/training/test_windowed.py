"""Windows of a time series: those that Keras makes, never over the border of a group or of a part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runtime.messages.checking import Endpoint
from runtime.spec import Binding, DataSource, DataSpec, KerasObject, OutputTraining, Windows
from runtime.splits import SplitSpec
from runtime.worker.data.checks import checked
from runtime.worker.data.fitting import fit
from runtime.worker.data.opening import open_data
from runtime.worker.data.source import DataError, Source
from runtime.worker.data.split import split_rows
from runtime.worker.data.windowed import WindowedSource, windowed

COUNT = 60
SHUFFLED = np.random.default_rng(0).permutation(COUNT)
ARRAYS = {
    "t": np.arange(COUNT),
    "x": np.arange(COUNT) * 10.0,
    "z": np.arange(COUNT) * 100.0,
    "city": np.repeat(np.array(["oslo", "seoul", "lima"]), 20),
    "picture": np.zeros((COUNT, 4, 4)),
}


@contextmanager
def opened(folder: Path, windows: Windows, arrays: dict[str, Any] = ARRAYS) -> Iterator[Source]:
    np.savez(folder / "a.npz", **arrays)
    with open_data(DataSpec((DataSource("npz", str(folder / "a.npz")),))) as source:
        yield windowed(source, windows)


def keras_windows(values: Any, length: int, stride: int, horizon: int) -> tuple[Any, Any]:
    """What `timeseries_dataset_from_array` gives (scenarios.py holds it against Keras itself)."""
    starts = range(0, len(values) - length - horizon + 1, stride)
    return (
        np.array([values[start : start + length] for start in starts]),
        np.array([values[start + length - 1 + horizon] for start in starts]),
    )


@pytest.mark.parametrize(("length", "stride", "horizon"), [(5, 1, 1), (7, 3, 2), (4, 4, 0), (1, 1, 1), (59, 1, 1)])
@pytest.mark.parametrize("shuffled", [False, True])
def test_windows_are_those_of_keras(tmp_path: Path, length: int, stride: int, horizon: int, shuffled: bool) -> None:
    arrays = {name: values[SHUFFLED] for name, values in ARRAYS.items()} if shuffled else ARRAYS
    windows = Windows(length, horizon, stride, "t" if shuffled else "")
    wanted, truth = keras_windows(ARRAYS["x"], length, stride, horizon)
    with opened(tmp_path, windows, arrays) as source:
        count = source.shape("x")[0]
        assert np.array_equal(source.read("x", slice(0, count)), wanted)
        assert np.array_equal(source.read(source.truth_of("x"), slice(0, count)), truth)
        order = np.random.default_rng(1).permutation(count)
        assert np.array_equal(source.take("x", order), wanted[order])
        assert source.read("x", slice(3, 3)).shape == (0, length)
        assert source.shape("picture") == (count, length, 4, 4) and source.column("x").kind == "sequence"


def test_no_window_reaches_over_a_group(tmp_path: Path) -> None:
    with opened(tmp_path, Windows(5, 1, 1, "t", "city")) as source:
        count = source.shape("x")[0]
        first = source.read("x", slice(0, count))[:, 0] / 10
        last = source.read(source.truth_of("x"), slice(0, count)) / 10
    assert count == 3 * 15 and (first // 20 == last // 20).all()


@pytest.mark.parametrize("way", [SplitSpec(), SplitSpec("time", "t"), SplitSpec("group", "city")])
def test_no_window_reaches_over_a_part(tmp_path: Path, way: SplitSpec) -> None:
    split = SplitSpec(way.way, way.column, 0, 34.0)
    with opened(tmp_path, Windows(5, 2)) as source:
        parts = split_rows(source, split, source.shape("x")[0], ("x",))
        assert isinstance(source, WindowedSource)
        rows = split_rows(source.rows, split, COUNT, ("x",))
        for windows, own in ((parts.training, rows.training), (parts.validation, rows.validation)):
            assert len(windows) > 5
            for window in windows:
                reached = range(int(window), int(window) + 7)
                assert set(reached) <= set(own)


def test_several_columns_make_windows_side_by_side_and_the_check_takes_them(tmp_path: Path) -> None:
    entry = Endpoint("in", (None, 5, 2), "float32")
    truth = Endpoint("out", (None, 1), "float32", OutputTraining("out", KerasObject("mse")))
    with opened(tmp_path, Windows(5)) as source:
        bound = [Binding("in", ("x", "z")), Binding("out", ("x",))]
        found = checked(source, bound, [entry], [truth], SplitSpec(validation_percent=20))
        assert [str(problem.text) for problem in found.problems if problem.severity == "error"] == []
        assert found.parts is not None and (len(found.parts.training), len(found.parts.validation)) == (43, 7)
        values = fit(source, ("x", "z"), entry).read(source, slice(2, 3))
        assert values.tolist() == [[[10 * row, 100 * row] for row in range(2, 7)]]
        assert fit(source, ("x",), truth, is_output=True).read(source, slice(2, 3)).tolist() == [[70]]


@pytest.mark.parametrize(
    ("windows", "sentence"),
    [
        (Windows(60), r"a\.npz: no window of 60 rows with its truth 1 rows behind fits into 60 rows"),
        (Windows(0), "a length and a stride of at least 1"),
        (Windows(5, order_by="gone"), r"a\.npz has no column gone"),
        (Windows(5, group_by="picture"), "picture cannot order or group rows"),
    ],
)
def test_windows_that_cannot_be_made_say_why(tmp_path: Path, windows: Windows, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence), opened(tmp_path, windows):
        pass


def test_a_value_that_is_missing_is_found_by_its_row(tmp_path: Path) -> None:
    holes = ARRAYS | {"x": np.where(np.arange(COUNT) == 44, np.nan, ARRAYS["x"])}
    with opened(tmp_path, Windows(5), holes) as source:
        assert isinstance(source, WindowedSource) and isinstance(source.rows, Source)
        with pytest.raises(DataError, match="missing in x at index 40"):
            fit(source, ("x",), Endpoint("in", (None, 5), "float32")).read(source, slice(0, 50), check=True)
