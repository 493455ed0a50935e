"""Waiting: a word about it after a moment, a way out of it, and nothing left of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from functools import partial

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.dialogs.waiting import WaitingDialog
from app.system.waiting import Patience, wait_for


def dialogs() -> list[WaitingDialog]:
    return [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, WaitingDialog)]


def when_shown(qtbot: QtBot, act: Callable[[WaitingDialog], object]) -> QTimer:
    timer = QTimer()
    timer.setInterval(50)

    def look() -> None:
        for dialog in dialogs():
            if dialog.isVisible():
                timer.stop()
                act(dialog)

    timer.timeout.connect(look)
    timer.start()
    return timer


def test_what_is_quick_is_done_without_words(qtbot: QtBot) -> None:
    assert wait_for(lambda: 3, Patience(partial(WaitingDialog, "Reading…"), lambda: None)) == 3
    assert dialogs() == []


def test_what_takes_long_says_so_and_can_be_ended(qtbot: QtBot) -> None:
    ended, seen = threading.Event(), []

    def act(dialog: WaitingDialog) -> None:
        seen.append(dialog.isModal())
        button = dialog.findChild(QPushButton, "waiting_cancel")
        assert button is not None
        button.click()

    timer = when_shown(qtbot, act)
    assert wait_for(lambda: ended.wait(60), Patience(partial(WaitingDialog, "Reading <b>x</b>…"), ended.set))
    assert seen == [True]
    timer.stop()
    qtbot.waitUntil(lambda: dialogs() == [])


def test_a_job_that_does_not_hear_is_left_behind(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.system.waiting.DEAF_MS", 100)
    go_on = threading.Event()
    timer = when_shown(qtbot, lambda dialog: dialog.reject())
    with pytest.raises(CancelledError):
        wait_for(lambda: go_on.wait(60), Patience(partial(WaitingDialog, "Reading…"), lambda: None))
    timer.stop()
    go_on.set()
    qtbot.waitUntil(lambda: not any(thread.name == "lamella-background" for thread in threading.enumerate()))
    qtbot.waitUntil(lambda: dialogs() == [])


def test_a_long_wait_ends_by_itself_and_an_error_comes_through(qtbot: QtBot) -> None:
    cancelled: list[bool] = []

    def job() -> None:
        time.sleep(0.8)
        raise KeyError("x")

    with pytest.raises(KeyError):
        wait_for(job, Patience(partial(WaitingDialog, "Reading…"), lambda: cancelled.append(True)))
    assert cancelled == []
    qtbot.waitUntil(lambda: dialogs() == [])
