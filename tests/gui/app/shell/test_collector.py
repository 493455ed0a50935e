"""Garbage goes on the GUI thread alone: elsewhere Qt's timers would be taken away under its feet."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.system.collector import Collector


class Thing:
    """Refers to itself, so that only the collector takes it away."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[Collector]:
    made = Collector()
    yield made
    made.stop()
    assert gc.isenabled()


def test_a_busy_thread_takes_nothing_away(collector: Collector, qtbot: QtBot) -> None:
    gone: list[threading.Thread] = []
    for _ in range(3):
        weakref.finalize(Thing(), lambda: gone.append(threading.current_thread()))
    kept: list[list[int]] = []
    busy = threading.Thread(target=lambda: kept.extend([number] for number in range(100_000)))
    busy.start()
    busy.join()
    assert gone == []
    qtbot.waitUntil(lambda: len(gone) == 3, timeout=3000)
    assert set(gone) == {threading.main_thread()} and len(kept) == 100_000
