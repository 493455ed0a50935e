"""Waiting that ends as soon as what it waits for is there, however busy the machine is.

A limit of five seconds says nothing of the program: with ten other processes on two cores an honest answer takes
longer. So every limit of pytest-qt and every one that goes through `patient` is stretched here, once. A test that
passes takes no longer for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from pytestqt.qtbot import QtBot

STRETCH: Final = 12
_USUAL_MS: Final = 5000


def patient(seconds: float) -> float:
    """The limit for what takes ``seconds`` at most on a machine that has nothing else to do."""
    return seconds * STRETCH


class PatientBot(QtBot):
    """pytest-qt's robot with limits that hold on a machine with much else to do."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = _USUAL_MS) -> None:
        super().waitUntil(callback, timeout=timeout * STRETCH)

    def waitSignal(self, signal: Any, *, timeout: int = _USUAL_MS, **more: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout * STRETCH, **more)

    def waitSignals(self, signals: list[Any], *, timeout: int = _USUAL_MS, **more: Any) -> Any:
        return super().waitSignals(signals, timeout=timeout * STRETCH, **more)

    def waitActive(self, widget: Any, *, timeout: int = _USUAL_MS) -> Any:
        return super().waitActive(widget, timeout=timeout * STRETCH)

    def waitExposed(self, widget: Any, *, timeout: int = _USUAL_MS) -> Any:
        return super().waitExposed(widget, timeout=timeout * STRETCH)

    def waitCallback(self, *, timeout: int = _USUAL_MS, **more: Any) -> Any:
        return super().waitCallback(timeout=timeout * STRETCH, **more)
