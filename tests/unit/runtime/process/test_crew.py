"""Threads that share work: all is done, the first error is told, and a process that ends does not wait for them."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from runtime.worker.process.crew import Crew

FEED_LEFT_OPEN = """
import threading, time
import numpy as np
from runtime.messages.checking import Endpoint
from runtime.worker.data.feed.feed import Feed
from runtime.worker.data.fitting import fit
from runtime.worker.data.source import Source

class Slow(Source):
    title = "slow"
    def names(self): return ("x",)
    def shape(self, name): return (4000, 4)
    def dtype(self, name): return np.dtype("float32")
    def in_memory(self): return False
    def run_rows(self, name): return 1
    def read(self, name, rows): return self.take(name, np.arange(*rows.indices(4000)))
    def take(self, name, rows):
        begun.set()
        time.sleep(0.05 * len(rows))
        return np.zeros((len(rows), 4), np.float32)

begun, source = threading.Event(), Slow()
fitted = fit(source, ("x",), Endpoint("x", (None, 4), "float32"), is_output=False)
feed = Feed(source, {"x": fitted}, range(4000), 32, 0)
threading.Thread(target=lambda: feed.batch(0, 0), daemon=True).start()
begun.wait(30)
"""


def test_all_is_done_by_several() -> None:
    crew, lock = Crew(3, "test"), threading.Lock()
    done: list[int] = []
    names: set[str] = set()
    together = threading.Barrier(3)

    def do(item: int) -> None:
        if item < 3:
            together.wait(30)  # three at once, or this ends with an error
        with lock:
            done.append(item)
            names.add(threading.current_thread().name)

    crew.each(do, range(100))
    crew.each(do, iter(range(100, 103)))
    crew.each(do, ())
    crew.close()
    assert sorted(done) == list(range(103)) and names == {"test"}


def test_the_first_error_is_raised_once_nothing_runs_any_more() -> None:
    crew, running = Crew(2, "test"), []

    def do(item: int) -> None:
        running.append(item)
        try:
            if item == 5:
                raise ValueError("five")
            time.sleep(0.001)
        finally:
            running.remove(item)

    with pytest.raises(ValueError, match="five"):
        crew.each(do, range(100_000))
    assert not running
    crew.each(lambda _item: None, range(3))  # it goes on
    crew.close()


def test_a_feed_that_nobody_has_closed_does_not_keep_the_process() -> None:
    """It read on until all was read: a minute and a half here."""
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", FEED_LEFT_OPEN], check=True, timeout=60)
    assert time.monotonic() - began < 30
