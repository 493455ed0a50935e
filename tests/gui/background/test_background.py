"""Work off the GUI thread: one callback, on the GUI thread, and only while somebody is there to hear it."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from concurrent.futures import CancelledError

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from graph_editor.background.background import Background, Latest
from graph_editor.background.task import Task


def ours() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "lamella-background"]


def turn_events() -> None:
    """Long enough for an answer that was on its way."""
    until = time.monotonic() + 0.05
    while time.monotonic() < until:
        QApplication.processEvents()


def test_a_result_and_an_error_come_to_the_same_callback_on_the_gui_thread(qtbot: QtBot) -> None:
    background, came = Background(), []

    def take(task: Task[int]) -> None:
        came.append((threading.current_thread() is threading.main_thread(), task.error))

    good = background.run(background, lambda: 3, take)
    qtbot.waitUntil(lambda: len(came) == 1)
    bad: Task[int] = background.run(background, lambda: 1 // 0, take)
    qtbot.waitUntil(lambda: len(came) == 2)
    assert came[0] == (True, None) and good.result() == 3
    assert came[1][0] and isinstance(came[1][1], ZeroDivisionError)
    with pytest.raises(ZeroDivisionError):
        bad.result()
    qtbot.waitUntil(lambda: ours() == [])  # none waits for work


def test_an_error_that_nobody_takes_is_logged(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    background = Background()
    background.run(background, lambda: 1 // 0)
    qtbot.waitUntil(lambda: bool(caplog.records))
    assert caplog.records[0].exc_info is not None and caplog.records[0].exc_info[0] is ZeroDivisionError


def test_a_job_that_hangs_holds_up_no_other(qtbot: QtBot) -> None:
    background, go_on, came = Background(), threading.Event(), []
    background.run(background, lambda: go_on.wait(60), lambda _task: came.append("hung"))
    background.run(background, lambda: None, lambda _task: came.append("quick"))
    qtbot.waitUntil(lambda: came == ["quick"])
    go_on.set()
    qtbot.waitUntil(lambda: came == ["quick", "hung"])


def test_with_one_thread_the_order_is_that_of_asking(qtbot: QtBot) -> None:
    background, done = Background(threads=1), []
    for number in range(50):
        background.run(background, lambda number=number: done.append(number))  # type: ignore[misc]
    background.finish()
    assert done == list(range(50))
    late = background.run(background, lambda: done.append(50))
    assert late.wait(10) and late.cancelled and done[-1] == 49


def test_what_is_cancelled_is_not_begun_or_can_see_it_and_never_answers(qtbot: QtBot) -> None:
    background, begun, came = Background(threads=1), threading.Event(), []
    first: Task[str] = Task()

    def patient() -> str:
        begun.set()
        while not first.cancelled:
            first.progress += 0.001
            time.sleep(0.001)
        return "saw it"

    background.run(background, patient, lambda _task: came.append(1), first)
    second = background.run(background, lambda: came.append(2), lambda _task: came.append(3))
    assert begun.wait(10) and first.busy and second.busy
    second.cancel()
    first.cancel()
    assert first.wait(10) and second.wait(10)
    assert first.result() == "saw it" and first.progress > 0 and not first.busy
    with pytest.raises(CancelledError):
        second.result()
    turn_events()
    assert came == []


def test_a_receiver_that_is_gone_gets_nothing(qtbot: QtBot) -> None:
    background, receiver, go_on, came = Background(), QObject(), threading.Event(), []
    task = background.run(receiver, lambda: go_on.wait(60), lambda _task: came.append(1))
    delete(receiver)
    go_on.set()
    assert task.wait(10)
    turn_events()
    assert came == []


def test_a_background_that_is_gone_begins_nothing_more(qtbot: QtBot) -> None:
    parent = QObject()
    background, go_on, came = Background(parent, threads=1), threading.Event(), []
    first = background.run(parent, lambda: go_on.wait(60), lambda _task: came.append(1))
    second = background.run(parent, lambda: came.append(2))
    delete(parent)
    assert first.cancelled and second.cancelled
    go_on.set()
    assert first.wait(10) and second.wait(10)
    turn_events()
    assert came == []


def test_closing_drops_asks_to_end_and_lets_go(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    background, go_on, came = Background(threads=1), threading.Event(), []
    stubborn = background.run(background, lambda: go_on.wait(60), lambda _task: came.append(1))
    waiting = background.run(background, lambda: came.append(2), lambda _task: came.append(3))
    start = time.monotonic()
    background.close(0.1)
    assert time.monotonic() - start < 10 and stubborn.cancelled and waiting.cancelled
    assert "did not end in time" in caplog.text
    assert background.run(background, lambda: came.append(4)).wait(0) is False
    go_on.set()
    qtbot.waitUntil(lambda: ours() == [])
    turn_events()
    assert came == []


@pytest.mark.parametrize("in_turn", [False, True])
def test_only_the_newest_question_is_answered(qtbot: QtBot, in_turn: bool) -> None:
    background, go_on, came, at_once, most = Background(), threading.Event(), [], 0, 0
    lock = threading.Lock()
    latest = Latest(background, background, in_turn)

    def work(number: int) -> int:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        go_on.wait(60)
        with lock:
            at_once -= 1
        return number

    for number in range(4):
        latest.run(lambda number=number: work(number), lambda task: came.append(task.result()))  # type: ignore[misc]
    assert latest.busy
    if not in_turn:
        qtbot.waitUntil(lambda: most > 1)
    go_on.set()
    qtbot.waitUntil(lambda: came == [3])
    assert not latest.busy and (most == 1) == in_turn
    latest.run(lambda: work(5), lambda task: came.append(task.result()))
    latest.cancel()
    turn_events()
    assert came == [3] and not latest.busy


def test_what_a_job_holds_is_freed_on_the_gui_thread(qtbot: QtBot) -> None:
    """A widget that dies in another thread takes the window along."""

    class Held:
        pass

    background, threads = Background(), []
    held = Held()
    weakref.finalize(held, lambda: threads.append(threading.current_thread()))
    task = background.run(background, lambda held=held: None, lambda _task, _held=held: None)  # type: ignore[misc]
    del held
    assert task.wait(10)
    for thread in ours():  # while no event is taken
        thread.join(10)
    assert threads == []
    turn_events()
    gc.collect()
    assert threads == [threading.main_thread()]


class _SlowToSpeak:
    """A relay that takes its time to tell of an end."""

    def __init__(self) -> None:
        self.told: list[object] = []
        self.ended = self

    def emit(self, task: object) -> None:
        time.sleep(0.3)
        self.told.append(task)


@pytest.mark.parametrize("end", ["close", "finish"])
def test_the_end_comes_after_the_last_word(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    """A thread that speaks while the program takes Qt apart brings it down: seen once in a thousand ends."""
    background, relay = Background(), _SlowToSpeak()
    workers = background._workers
    monkeypatch.setattr(workers, "_relay", relay)
    task = background.run(background, lambda: 1)
    assert task.wait(5)
    getattr(background, end)()
    assert not workers._under_way
    assert len(relay.told) <= 1
    told = list(relay.told)
    time.sleep(0.5)
    assert relay.told == told
