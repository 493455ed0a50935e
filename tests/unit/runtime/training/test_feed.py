"""The feed: every sample once an epoch, in an order that follows from seed and epoch alone, and no thread left."""

from __future__ import annotations

import errno
import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resources.text import Text
from runtime.messages.checking import Endpoint
from runtime.spec import DataSource
from runtime.worker.data.feed.ahead import Ahead
from runtime.worker.data.feed.feed import Feed
from runtime.worker.data.feed.kept import Kept
from runtime.worker.data.feed.memory import ALIGNED, Recycled
from runtime.worker.data.feed.order import Layout, Order, layout
from runtime.worker.data.feed.unchanged import Unchanged
from runtime.worker.data.fitting import fit
from runtime.worker.data.opening import open_source
from runtime.worker.data.source import DataError, Rows, Source
from runtime.worker.data.split import as_array

COUNT, WIDTH = 500, 4
BYTES = 4 * (WIDTH + 1)  # of a sample


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["x"] = np.arange(COUNT, dtype="float32")[:, None] + np.zeros(WIDTH, "float32")
        file["y"] = np.arange(COUNT)
    return tmp_path / "a.h5"


class Files(Source):
    """Each sample is a file; `broken` is one that cannot be read, `busy` is how many threads read at once."""

    title = "folder"

    def __init__(self, broken: int = -1) -> None:
        self._broken, self._reading, self.busy, self.taken = broken, 0, 0, 0
        self._lock = threading.Lock()

    def names(self) -> tuple[str, ...]:
        return ("x", "y")

    def shape(self, name: str) -> tuple[int, ...]:
        return (COUNT, WIDTH) if name == "x" else (COUNT,)

    def dtype(self, name: str) -> Any:
        return np.dtype("float32" if name == "x" else "int64")

    def in_memory(self) -> bool:
        return False

    def run_rows(self, _name: str) -> int:
        return 1

    def read(self, name: str, rows: slice) -> Any:
        return self.take(name, np.arange(rows.start, rows.stop))

    def take(self, name: str, rows: Any) -> Any:
        with self._lock:
            self._reading += 1
            self.taken += len(rows)
            self.busy = max(self.busy, self._reading)
        time.sleep(0.001)
        with self._lock:
            self._reading -= 1
        if self._broken in rows:
            raise broken_file(self._broken)
        return np.repeat(rows[:, None], WIDTH, axis=1).astype("float32") if name == "x" else rows


def broken_file(row: int) -> DataError:
    return DataError(Text("{row}.jpg cannot be read.", {"row": row}))


@contextmanager
def feeding(source: Source, rows: Rows = range(COUNT), seed: int | None = 7, **more: Any) -> Iterator[Feed]:
    fits = {
        "x": fit(source, ("x",), Endpoint("x", (None, WIDTH), "float32")),
        "y": fit(source, ("y",), Endpoint("y", (None, 1), "float32")),
    }
    feed = Feed(source, fits, rows, 32, seed, buffer_bytes=more.pop("buffer_bytes", 60 * BYTES), **more)
    before = threading.active_count()
    try:
        yield feed
    finally:
        feed.close()
        assert threading.active_count() <= before


def epoch_of(feed: Feed, epoch: int) -> list[int]:
    seen: list[int] = []
    for index in range(feed.batches):
        batch = feed.batch(epoch, index)
        assert (batch["x"] == batch["y"]).all() and batch["y"].dtype == np.float32
        seen += batch["y"][:, 0].astype(int).tolist()
    return seen


SCATTERED = np.flatnonzero(np.random.default_rng(0).random(COUNT) < 0.7)


@pytest.mark.parametrize("rows", [range(COUNT), range(37, 300), SCATTERED], ids=["all", "some", "scattered"])
@pytest.mark.parametrize("kind", ["hdf5", "files"])
def test_every_sample_comes_once_in_an_order_of_each_epoch(path: Path, rows: Rows, kind: str) -> None:
    def source() -> Source:
        return Files() if kind == "files" else open_source(DataSource("hdf5", str(path)))

    wanted = as_array(rows).tolist()
    with source() as opened, feeding(opened, rows) as feed:
        first, second = epoch_of(feed, 0), epoch_of(feed, 1)
    assert sorted(first) == sorted(second) == wanted
    assert first != second and wanted not in (first, second)
    with source() as opened, feeding(opened, rows) as feed:
        assert epoch_of(feed, 1) == second, "asked for in another order, by another process"
        assert feed.batch(0, 3)["y"][:, 0].tolist() == first[96:128], "to go on at step 3"
        assert epoch_of(feed, 0) == first
    with source() as opened, feeding(opened, rows, seed=None) as feed:
        assert epoch_of(feed, 0) == epoch_of(feed, 1) == wanted


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 400), st.integers(0, 50), st.integers(1, 40), st.integers(1, 90), st.booleans(), st.booleans())
def test_any_order_is_complete(count: int, first: int, run: int, buffer: int, shuffled: bool, gaps: bool) -> None:
    rows: Rows = range(first, first + count)
    if gaps:
        rows = as_array(rows)[np.random.default_rng(count).random(count) < 0.5]
    order = Order(rows, Layout(run, buffer), 3 if shuffled else None)
    for epoch in (0, 5):
        starts = order.starts(epoch)
        seen: list[int] = []
        for number in range(len(starts) - 1):
            runs, places = order.buffer(epoch, number)
            lie = np.concatenate([as_array(rows) for rows in runs])
            assert len(lie) == starts[number + 1] - starts[number] <= order.most_in_a_buffer
            assert (np.diff(lie) > 0).all(), "read from the front to the back"
            seen += lie[places].tolist() if places is not None else lie.tolist()
        assert sorted(seen) == as_array(rows).tolist()
        assert shuffled or seen == as_array(rows).tolist()


def test_runs_are_whole_pieces_of_the_file_and_memory_is_bounded() -> None:
    assert layout(1000, 100, 100_000).run == 500  # a piece that would fill a buffer is read twice
    assert layout(7, 100, 160_000) == Layout(105, 1600)
    assert layout(1, 12_288).run == 1
    runs, _ = Order(range(10, 1000), Layout(64, 256), 1).buffer(0, 1)
    assert all(rows[0] % 64 == 0 or rows[0] == 10 for rows in runs)


def test_an_error_names_the_file_and_the_place(path: Path) -> None:
    with h5py.File(path, "a") as file:
        file["x"][321] = np.nan
    told = pytest.raises(DataError, match=r"a\.h5: the value is missing in x at index 321")
    with open_source(DataSource("hdf5", str(path))) as source, feeding(source) as feed, told:
        epoch_of(feed, 0)
    with feeding(Files(broken=123)) as feed, pytest.raises(DataError, match=r"123\.jpg cannot be read"):
        epoch_of(feed, 0)


def test_files_are_decoded_by_several_threads_ahead() -> None:
    source = Files()
    with feeding(source) as feed:
        epoch_of(feed, 0)
    assert source.busy > 1


def kept_in(where: str, monkeypatch: pytest.MonkeyPatch, tell: Any) -> Kept:
    monkeypatch.setattr("runtime.worker.data.feed.kept.free_memory", lambda: 10**9 if where == "memory" else 0)
    kept = Kept(COUNT, (4 * WIDTH, 4), tell)
    assert kept.active
    return kept


@pytest.mark.parametrize("where", ["memory", "disk"])
def test_decoded_samples_are_kept_for_the_next_epoch(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source, told = Files(), list[Text]()
    with feeding(source, SCATTERED, kept=kept_in(where, monkeypatch, told.append)) as feed:
        first, second, third = (epoch_of(feed, epoch) for epoch in range(3))
    assert sorted(first) == sorted(second) == sorted(third) == SCATTERED.tolist() and first != second
    assert source.taken < 2 * 2 * len(SCATTERED) and told == []  # two columns; what is read ahead may come twice


def test_batches_of_kept_samples_come_in_the_same_order_and_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with feeding(Files(), SCATTERED) as feed:
        decoded = [epoch_of(feed, epoch) for epoch in range(4)]
    source, looked = Files(), list[int]()
    kept = kept_in("memory", monkeypatch, print)
    with feeding(source, SCATTERED, kept=kept, unchanged=lambda: looked.append(1)) as feed:
        found = [epoch_of(feed, epoch) for epoch in range(2)]
        taken = source.taken
        looked.clear()
        found += [epoch_of(feed, epoch) for epoch in range(2, 4)]
        assert feed._spare == [] and feed.batch(1, 3)["y"][:, 0].astype(int).tolist() == decoded[1][3 * 32 : 4 * 32]
    assert found == decoded and source.taken == taken and len(looked) == 3
    with feeding(Files(), SCATTERED, None, kept=kept_in("memory", monkeypatch, print)) as feed:
        assert epoch_of(feed, 0) == epoch_of(feed, 1) == SCATTERED.tolist()


def test_a_full_disk_ends_the_keeping_and_not_the_training(monkeypatch: pytest.MonkeyPatch) -> None:
    source, told = Files(), list[Text]()
    kept = kept_in("disk", monkeypatch, told.append)
    room = [100]

    class Full(io.FileIO):
        def write(self, data: Any) -> int:
            room[0] -= 1
            if room[0] < 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(data)

    whole = kept._file
    assert whole is not None
    monkeypatch.setattr(kept, "_file", Full(whole.fileno(), "r+b", closefd=False))
    with feeding(source, SCATTERED, kept=kept) as feed:
        assert sorted(epoch_of(feed, 0)) == sorted(epoch_of(feed, 1)) == SCATTERED.tolist()
    whole.close()
    (sentence,) = told
    assert str(sentence).startswith("Decoded samples are not kept any more, and each epoch decodes them again:")


def test_a_feed_ends_at_once_while_somebody_waits(path: Path) -> None:
    with open_source(DataSource("hdf5", str(path))) as source, feeding(source) as feed:
        feed.batch(0, 0)
        feed.rest()
        assert feed.batch(0, 1)["y"].shape == (32, 1)
    never = threading.Event()
    ahead: Ahead[int, int] = Ahead(lambda key: key if not never.wait(0.2) else 0, lambda key: key + 1, print, "slow")
    told: list[Exception] = []

    def ask() -> None:
        try:
            ahead.get(0)
        except RuntimeError as error:
            told.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    time.sleep(0.02)
    ahead.close()
    asking.join(5)
    assert not asking.is_alive() and "closed" in str(told[0])


def test_a_file_that_changes_or_vanishes_stops_the_feed_with_its_name(path: Path) -> None:
    unchanged = Unchanged([str(path)])
    unchanged()
    with path.open("ab") as file:
        file.write(b"more")
    with pytest.raises(DataError, match=r"a\.h5 was changed while it was trained on"):
        unchanged()
    path.unlink()
    with pytest.raises(DataError, match=r"a\.h5 is not there any more"):
        unchanged()
    with feeding(Files(), unchanged=unchanged) as feed, pytest.raises(DataError, match="not there any more"):
        feed.batch(0, 0)


def test_memory_is_used_again_when_nobody_holds_it() -> None:
    recycled = Recycled()
    first = recycled.array((8, 8), np.dtype("float32"))
    address = first.__array_interface__["data"][0]
    assert address % ALIGNED == 0
    view = first[2:]
    del first
    second = recycled.array((8, 8), np.dtype("float32"))
    assert not np.shares_memory(view, second)
    del view
    assert recycled.array((8, 8), np.dtype("float32")).__array_interface__["data"][0] == address
    assert recycled.array((0, 8), np.dtype("float32")).shape == (0, 8)
    assert recycled.array((2,), np.dtype(object)).tolist() == [None, None]
